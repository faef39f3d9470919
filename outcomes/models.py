"""Outcomes, their measures, and what has been observed.

As in priorities: Outcome, Measure and Area are things that never change; versions carry what is said of them.
"""

from django.db import models
from django.db.models import F, Q

from luton2040.editions import Published, PublishedQuerySet, in_order, one_current
from luton2040.vision import texts
from outcomes.periods import Period
from outcomes.proposals import Figure, PathPoint, Submission
from outcomes.proposals import MilestoneLine as MilestoneLine
from outcomes.proposals import SubmissionLine as SubmissionLine
from outcomes.reminders import Reminder as Reminder
from priorities.models import Plan, Priority, Standing


class Area(models.Model):
    code = models.CharField(primary_key=True, max_length=9, help_text="GSS code")

    def __str__(self):
        return self.code


class AreaVersion(Published):
    area = models.ForeignKey(Area, models.PROTECT, related_name="versions")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    similarity = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 is most like the home area")
    source = models.CharField(max_length=250)

    class Meta:
        constraints = [*in_order(), one_current("area")]


class Outcome(models.Model):
    code = models.CharField(primary_key=True, max_length=12)

    def __str__(self):
        return self.code


class OutcomeVersion(Published):
    class NameStanding(models.TextChoices):
        PUBLISHED = "published", "Published name"
        WORKING = "working", "Working name"

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="versions")
    priority = models.ForeignKey(Priority, models.PROTECT, null=True, blank=True, help_text="None: the mission")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=250)
    name_standing = models.CharField(max_length=10, choices=NameStanding)
    name_source = models.CharField(max_length=400)
    short_label = models.CharField(max_length=24)
    resident_statement = models.CharField(max_length=90)

    class Meta:
        ordering = ["position"]
        constraints = [*in_order(), one_current("outcome")]


class Measure(models.Model):
    code = models.CharField(primary_key=True, max_length=12)
    officers = models.ManyToManyField("luton2040.User", blank=True, related_name="measures")

    def __str__(self):
        return self.code


class MeasureVersion(Published):
    class Direction(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"

    class Frequency(models.TextChoices):
        ANNUAL = "annual", "Every year"
        FINANCIAL_YEAR = "financial-year", "Every financial year"
        ACADEMIC_YEAR = "academic-year", "Every school year"
        ROLLING_3_YEAR = "rolling-3-year", "Every year, over three years"
        QUARTERLY = "quarterly", "Every quarter"
        OCCASIONAL = "occasional", "Now and then"

    class SourceState(models.TextChoices):
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused by its publisher"
        ENDED = "ended", "Ended"

    class UnitPosition(models.TextChoices):
        PREFIX = "prefix", "Before the number"
        SUFFIX = "suffix", "After the number"

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="versions")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="measure_versions")
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=80)
    unit_symbol = models.CharField(max_length=20, blank=True)
    unit_position = models.CharField(max_length=6, choices=UnitPosition)
    decimals = models.PositiveSmallIntegerField()
    direction = models.CharField(max_length=6, choices=Direction)
    tolerance = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    tolerance_basis = models.TextField()
    natural_min = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    natural_max = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    frequency = models.CharField(max_length=16, choices=Frequency)
    source_state = models.CharField(max_length=8, choices=SourceState, default=SourceState.RUNNING)
    release_lag_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Our estimate of how long after its period a value comes out"
    )
    publisher = models.CharField(max_length=120)
    source_name = models.CharField(max_length=250)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    definition = models.TextField()
    caveat = models.TextField(blank=True)
    choice_reason = models.TextField(blank=True)
    no_target_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            *in_order(),
            one_current("measure"),
            models.UniqueConstraint(
                fields=["outcome"], condition=Q(last_edition__isnull=True), name="one_current_measure_per_outcome"
            ),
            models.CheckConstraint(
                condition=Q(tolerance__isnull=True) | Q(tolerance__gte=0), name="tolerance_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(natural_min__isnull=True)
                | Q(natural_max__isnull=True)
                | Q(natural_min__lt=F("natural_max")),
                name="natural_limits_in_order",
            ),
        ]


class Milestone(PathPoint, Published):
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="milestones")

    class Meta:
        ordering = ["due_on", "kind"]  # on one day: baseline, milestone, target
        constraints = [
            *in_order(),
            one_current("measure", "kind", "due_on"),
            models.UniqueConstraint(
                fields=["measure", "kind"],
                condition=Q(last_edition__isnull=True) & ~Q(kind="milestone"),
                name="one_current_baseline_and_target",
            ),
            models.CheckConstraint(
                condition=Q(kind="baseline", value__isnull=True) | (~Q(kind="baseline") & Q(value__isnull=False)),
                name="baseline_takes_its_value_from_observation",
            ),
        ]


class ObservationQuerySet(PublishedQuerySet):
    def of_area(self, code: str):
        return self.filter(area=code)

    def oldest_first(self):
        return self.order_by("period_start", "pk")


class Observation(Figure, Published):
    not_content = ("submission",)

    submission = models.ForeignKey("Submission", models.PROTECT, null=True, blank=True, related_name="observations")

    objects = ObservationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area", "measure", "period_start"], name="observation_series")]
        constraints = [
            *in_order(),
            one_current("measure", "area", "period_start", "period_duration"),
            models.CheckConstraint(
                condition=Q(lower__isnull=True, upper__isnull=True)
                | Q(lower__isnull=False, upper__isnull=False, lower__lte=F("value"), upper__gte=F("value")),
                name="value_lies_within_both_limits_or_has_none",
            ),
        ]


class Revision(Published):
    """A published value that was replaced or withdrawn, and why, as it is told to readers; never superseded."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="revisions")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    period_start = models.DateField()
    period_duration = models.CharField(max_length=6)
    was = models.DecimalField(max_digits=18, decimal_places=6)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True, help_text="Empty: withdrawn")
    reason = models.TextField(blank=True)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="revisions")

    class Meta:
        constraints = [
            *in_order(),
            models.UniqueConstraint(
                fields=["first_edition", "measure", "area", "period_start", "period_duration"],
                name="one_revision_of_a_value_an_edition",
            ),
            models.CheckConstraint(condition=Q(value__isnull=False) | ~Q(reason=""), name="withdrawn_value_says_why"),
        ]

    @property
    def period(self) -> Period:
        return Period(self.period_start, self.period_duration)


class Action(Published):
    """What the council or a partner has said in public that it will do. No progress is published, so none is held."""

    key = models.SlugField(max_length=20)
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="actions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=250)
    owner = models.SlugField(max_length=80)
    target = models.CharField(max_length=120, blank=True, help_text="As published")
    target_by = models.CharField(max_length=10, blank=True)
    sources = texts()

    class Meta:
        ordering = ["position"]
        constraints = [*in_order(), one_current("key")]


class PlanOutcome(Published):
    """A plan serves an outcome."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="outcome_links")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="plan_links")
    standing = models.CharField(max_length=10, choices=Standing)

    class Meta:
        constraints = [*in_order(), one_current("plan", "outcome")]
