"""Organisations that own plans and actions, what they have pledged, and what they say came of it."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from luton2040.editions import Published, PublishedQuerySet, in_order, one_current
from luton2040.vision import texts
from outcomes.models import Outcome
from pledges.offered import Contact as Contact
from pledges.offered import Evidence as Evidence
from pledges.offered import LinkCheck as LinkCheck
from pledges.offered import Nudge as Nudge
from pledges.offered import Offer as Offer
from pledges.offered import Question as Question
from pledges.standing import Stage, period_of
from priorities.models import Standing

LONGEST_TEXT = 2000  # characters of what a pledge says besides its commitments
ADDRESSES = ("new", "confirm", "yours", "coverage", "evidence")  # below /pledges/, where each pledge has its page too


def as_exact_as_known(day: str) -> None:
    try:
        period_of(day)
    except ValueError as error:
        raise ValidationError("Write a year, a month or a day, such as 2023, 2023-03 or 2023-03-22.") from error


def day_as_known(**options) -> models.CharField:
    """A day of which perhaps only the month or the year is known; empty where nothing is."""
    return models.CharField(max_length=10, blank=True, validators=[as_exact_as_known], **options)


class Organisation(models.Model):
    slug = models.SlugField(primary_key=True, max_length=80)

    def __str__(self):
        return self.slug


class OrganisationVersion(Published):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    kind_standing = models.CharField(max_length=10, choices=Standing)
    url = models.URLField(max_length=500, blank=True)
    is_anchor = models.BooleanField(default=False, help_text="Named in public as an anchor institution")

    class Meta:
        constraints = [*in_order(), one_current("organisation")]


class Pledge(models.Model):
    slug = models.SlugField(primary_key=True, max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(slug__in=ADDRESSES), name="pledge_has_its_own_address")]

    def __str__(self):
        return self.slug


class PledgeVersionQuerySet(PublishedQuerySet):
    def not_withdrawn(self):
        return self.filter(withdrawn_on__isnull=True)

    def withdrawn(self):
        return self.filter(withdrawn_on__isnull=False)


class PledgeVersion(Published):
    class Kind(models.TextChoices):
        PLEDGE = "vision-pledge", "Pledge to the vision"
        CIVIC_AGREEMENT = "civic-agreement", "Civic agreement"
        ANCHORS = "anchors-framework", "Anchors’ framework"
        ACCREDITATION = "accreditation", "Accreditation"
        OWN = "organisation-commitment", "Own commitment"

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=24, choices=Kind)
    title = models.CharField(max_length=200)
    made_on = day_as_known(help_text="As exact as is known: 2023, 2023-03, 2023-03-22")
    made_on_note = models.CharField(max_length=300, blank=True)
    text_missing = models.CharField(max_length=300, blank=True, help_text="What of it is not held here")
    result = models.CharField(max_length=200, blank=True, help_text="What is published of how it went; empty: nothing")
    reported = texts(help_text="Figures that a source gives beside it; not how it went")
    sources = texts()
    focus = texts(help_text="Priorities (slugs) that it is about, as whoever made it chose")
    plan = models.TextField(
        "how it will be done and followed up", blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)]
    )
    community = models.TextField("who it is done with", blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    withdrawn_on = models.DateField("ended on", null=True, blank=True)
    withdrawn_why = models.CharField("why it ended", max_length=500, blank=True)

    objects = PledgeVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            *in_order(),
            one_current("pledge"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_why="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_why="")),
                name="pledge_ends_with_a_day_and_a_reason",
            ),
        ]


class PledgeOrganisation(Published):
    """Who made a pledge; whoever leads comes first."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="makers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pledge_links")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [*in_order(), one_current("pledge", "organisation")]


class Commitment(models.Model):
    slug = models.SlugField(primary_key=True, max_length=80)

    def __str__(self):
        return self.slug


class OfCommitmentQuerySet(PublishedQuerySet):
    """Rows that say something of a commitment."""

    def not_ended(self, edition):
        return self.exclude(commitment__in=_ended(edition))

    def in_force(self, edition):
        """Neither reported as ended, nor of a pledge that was withdrawn: what serves an outcome."""
        return self.exclude(commitment__in=_given_up(edition).union(_ended(edition)))

    def lapsed(self, edition):
        """The others: there are few, and a database finds them faster than it passes them over."""
        return self.filter(commitment__in=_given_up(edition).union(_ended(edition)))


def _ended(edition) -> models.QuerySet:
    return CommitmentStage.objects.at(edition).filter(stage=Stage.ENDED).values("commitment")


def _given_up(edition) -> models.QuerySet:
    withdrawn = PledgeVersion.objects.at(edition).withdrawn()
    found = CommitmentVersion.objects.at(edition).filter(pledge__in=withdrawn.values("pledge"))
    return found.order_by().values("commitment")


class CommitmentVersion(Published):
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="versions")
    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=300)
    serves_all = models.BooleanField(default=False, help_text="It serves every priority, and no single outcome")
    target = models.CharField(max_length=200, blank=True, help_text="As published")
    target_by = day_as_known()
    helps = models.CharField("how it is expected to help", max_length=300, blank=True)

    objects = OfCommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [*in_order(), one_current("commitment")]
        # What counts the commitments of many pledges reads nothing but this.
        indexes = [models.Index(fields=["pledge", "first_edition", "last_edition"], name="promised_by_pledges")]


class CommitmentOutcome(Published):
    """A commitment serves an outcome: our reading unless it is published."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="outcome_links")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="commitment_links")
    standing = models.CharField(max_length=10, choices=Standing)

    objects = OfCommitmentQuerySet.as_manager()

    class Meta:
        constraints = [*in_order(), one_current("commitment", "outcome")]
        # What counts the commitments behind every outcome, and finds those of one, reads nothing but this.
        indexes = [
            models.Index(fields=["outcome", "first_edition", "last_edition", "commitment"], name="served_outcomes")
        ]


class CommitmentStage(Published):
    """How far a commitment is, as last reported: there is none that no update reports."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=11, choices=Stage)
    update = models.SlugField(max_length=80, help_text="Key of the update that says so")

    class Meta:
        constraints = [
            *in_order(),
            one_current("commitment"),
            models.CheckConstraint(condition=~Q(update=""), name="stage_is_reported_by_an_update"),
        ]


class PledgeUpdate(Published):
    """What a partner says came of a pledge, and whether the council has checked it."""

    key = models.SlugField(max_length=80)
    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="updates")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who says so, where it is known",
    )
    said_on = models.DateField()
    said = models.TextField()
    evidence_url = models.URLField(max_length=500, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="updates")
    checked_on = models.DateField(null=True, blank=True, help_text="Empty: said by the partner, not checked")

    class Meta:
        ordering = ["-said_on", "-pk"]
        constraints = [
            *in_order(),
            one_current("key"),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True) | Q(checked_on__gte=models.F("said_on")),
                name="update_checked_after_it_was_said",
            ),
        ]
