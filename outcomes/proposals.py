"""Values, targets and wording on their way to the public: proposed by one person, decided by another."""

from collections.abc import Collection

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from outcomes.periods import DURATION, Period


class Figure(models.Model):
    """What is stated of one measure, area and period, whether proposed or published."""

    measure = models.ForeignKey("outcomes.Measure", models.PROTECT, related_name="+")
    area = models.ForeignKey("outcomes.Area", models.PROTECT, related_name="+")
    period_start = models.DateField()
    period_duration = models.CharField(max_length=6, validators=[RegexValidator(DURATION)])
    value = models.DecimalField(max_digits=18, decimal_places=6)
    lower = models.DecimalField("lower 95% limit", max_digits=18, decimal_places=6, null=True, blank=True)
    upper = models.DecimalField("upper 95% limit", max_digits=18, decimal_places=6, null=True, blank=True)
    markers = models.CharField(max_length=20, blank=True, help_text="Government shorthand, such as [p] or [r]")
    note = models.TextField(blank=True)
    source_name = models.CharField(max_length=250)
    source_url = models.URLField(max_length=500, blank=True)
    retrieved_on = models.DateField(help_text="The date of the release used")

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.measure_id} {self.area_id} {self.period_start}: {self.value}"

    @property
    def period(self) -> Period:
        return Period(self.period_start, self.period_duration)


class PathPoint(models.Model):
    """A point of the path, whether proposed or published. A baseline's figure is the observation of its period."""

    class Kind(models.TextChoices):
        BASELINE = "baseline", "Baseline"
        MILESTONE = "milestone", "Milestone"
        TARGET = "target", "Target"

    class Standing(models.TextChoices):
        PUBLISHED = "published", "Published"
        ILLUSTRATIVE = "illustrative", "Illustrative"

    kind = models.CharField(max_length=9, choices=Kind)
    due_on = models.DateField(
        help_text="For a baseline the start of its period, else the day by which the value is due"
    )
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    standing = models.CharField(max_length=12, choices=Standing)
    basis = models.TextField(blank=True)
    agreed_by = models.CharField(max_length=200, blank=True, help_text="Who agreed it, such as a board")
    agreed_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.get_kind_display()} {self.due_on}"

    @property
    def place(self) -> tuple:
        """On the path: of baselines and targets there is one, of milestones one a day."""
        return (self.kind, self.due_on) if self.kind == self.Kind.MILESTONE else (self.kind,)


def about_measures(codes: Collection[str]) -> Q:
    """Submissions that say something of one of these measures."""
    lines = SubmissionLine.objects.filter(measure__in=codes)
    return Q(measure__in=codes) | Q(pk__in=lines.values("submission"))


class SubmissionQuerySet(models.QuerySet):
    def drafts_of(self, person):
        return self.filter(state=Submission.State.DRAFT, proposed_by=person)

    def scheduled(self):
        return self.filter(state=Submission.State.SCHEDULED)

    def due(self, now):
        return self.scheduled().filter(publish_at__lte=now).order_by("publish_at", "pk")

    def on_their_way(self):
        return self.filter(state__in=[Submission.State.SUBMITTED, Submission.State.SCHEDULED])

    def of_measure(self, code: str):
        return self.filter(about_measures([code]))

    def made_by_people(self):
        return self.exclude(origin=Submission.Origin.FRAMEWORK)

    def newest_first(self):
        return self.order_by("-saved_at", "-pk")

    def waiting_first(self):
        """What somebody has to decide on, then what waits for its time, then the rest; newest first."""
        ranks = {Submission.State.SUBMITTED: 0, Submission.State.SCHEDULED: 1}
        rank = models.Case(*(models.When(state=state, then=n) for state, n in ranks.items()), default=len(ranks))
        return self.order_by(rank, "-saved_at", "-pk")


class Submission(models.Model):
    class Kind(models.TextChoices):
        VALUES = "values", "New values"
        CORRECTION = "correction", "Correction"
        TARGETS = "targets", "Targets and milestones"
        SERIES = "series", "New series"

    class Origin(models.TextChoices):
        FORM = "form", "Typed in"
        PASTE = "paste", "Pasted"
        FILE = "file", "File"
        FRAMEWORK = "framework", "Delivered with the framework"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Waiting for approval"
        SCHEDULED = "scheduled", "Approved, waiting for its time"
        APPROVED = "approved", "Published"
        RETURNED = "returned", "Sent back"
        WITHDRAWN = "withdrawn", "Taken back"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.VALUES)
    origin = models.CharField(max_length=9, choices=Origin)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    measure = models.ForeignKey(
        "outcomes.Measure", models.PROTECT, null=True, blank=True, related_name="+", help_text="None: of several"
    )
    topic = models.CharField(max_length=60, blank=True, help_text="What the form is about; one draft of it a person")
    file_name = models.CharField(max_length=200, blank=True)
    checksum = models.CharField(max_length=64, blank=True, db_index=True)
    typed = models.JSONField(default=dict, blank=True, help_text="The fields as they were typed")
    saves = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        "luton2040.User", models.PROTECT, null=True, blank=True, related_name="proposed_submissions"
    )
    base_edition = models.ForeignKey(
        "luton2040.Edition", models.PROTECT, null=True, blank=True, related_name="+", help_text="Compared with this one"
    )
    reason = models.TextField(blank=True, help_text="To the approver")
    public_reason = models.TextField(blank=True, help_text="Why published values change, as printed beside them")
    wording = models.JSONField(default=dict, blank=True, help_text="Fields of the measure's definition that change")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "luton2040.User", models.PROTECT, null=True, blank=True, related_name="decided_submissions"
    )
    decision_note = models.TextField(blank=True)
    summary = models.CharField(max_length=300, blank=True, help_text="The line in the public log of changes")
    hold_reason = models.TextField(blank=True, help_text="Why it may go through a pre-election hold")
    publish_at = models.DateTimeField(null=True, blank=True)
    edition = models.ForeignKey("luton2040.Edition", models.PROTECT, null=True, blank=True, related_name="submissions")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            # The framework is delivered with the software, reviewed as a commit: nobody signs in to load it.
            models.CheckConstraint(
                condition=Q(origin="framework") | Q(proposed_by__isnull=False), name="submission_has_a_proposer"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "submitted", "withdrawn"], decided_at__isnull=True, decided_by__isnull=True
                )
                | Q(state__in=["approved", "returned", "scheduled"], decided_at__isnull=False)
                & (Q(decided_by__isnull=False) | Q(origin="framework")),
                name="submission_decision_when_and_who_together",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_approves_their_own_submission",
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=False, state__in=["scheduled", "approved"])
                | Q(publish_at__isnull=True) & ~Q(state="scheduled"),
                name="submission_has_a_time_once_it_is_approved_for_it",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["correction", "series"])
                | Q(state__in=["draft", "withdrawn"])
                | ~Q(public_reason=""),
                name="correction_says_why_in_public",
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(state="approved"), name="submission_has_an_edition_once_published"
            ),
            models.UniqueConstraint(
                fields=["proposed_by", "topic"],
                condition=Q(state="draft") & ~Q(topic=""),
                name="one_draft_of_a_topic_a_person",
            ),
        ]

    def __str__(self):
        return f"Submission {self.pk}, {self.get_state_display().lower()}"

    @property
    def about(self) -> str:
        """The key of its entries in the audit log."""
        return f"submission {self.pk}"


class SubmissionLine(Figure):
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField(help_text="Row of the file or paste, counted from 1 with the header")
    withdraws = models.BooleanField(default=False, help_text="The published value is taken away, not replaced")
    warnings = models.TextField(blank=True, help_text="One a line")
    reason = models.TextField(blank=True, help_text="Why the value is right although it was warned of")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "measure", "area", "period_start", "period_duration"],
                name="one_line_per_series_and_period",
            ),
            models.CheckConstraint(
                condition=Q(warnings="") | ~Q(reason=""),
                name="a_warned_value_has_its_reason",
            ),
        ]


class MilestoneLine(PathPoint):
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="milestone_lines")
    ends = models.BooleanField(default=False, help_text="The point is taken off the path")

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "kind", "due_on"], name="one_line_per_point_of_the_path"),
        ]
