"""What a board has made public, each row from the edition in which it first appeared."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from boards.preparing import ActionState, BoardAction, Meeting, Review
from luton2040.editions import Edition, Published, PublishedQuerySet, in_order, one_current
from luton2040.vision import texts
from outcomes.models import Outcome


class MeetingVersionQuerySet(PublishedQuerySet):
    def to_come(self, today: date):
        """The latest first, as always."""
        return self.filter(held_on__gte=today)


class MeetingVersion(Published):
    """Its first edition is the one in which its papers came out; the pack is made from that and from `pinned`."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="versions")
    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="+")
    held_on = models.DateField()
    pinned = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    since = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="+")
    since_on = models.DateField(null=True, blank=True)
    read_on = models.DateField()
    introduction = models.TextField(blank=True)

    objects = MeetingVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on"]
        constraints = [
            *in_order(),
            one_current("meeting"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(since__lte=F("pinned")), name="papers_compared_with_earlier_edition"
            ),
        ]

    @property
    def issued(self) -> Edition:
        """The edition in which the papers came out: that of the meeting's first version."""
        versions = MeetingVersion.objects.filter(meeting=self.meeting_id).select_related("first_edition")
        return versions.order_by("first_edition").first().first_edition


class ReviewVersionQuerySet(PublishedQuerySet):
    def newest_first(self):
        """By the day of their meetings, which come with them: neither the day nor the board of a public one changes."""
        return self.select_related("meeting").order_by("-meeting__held_on", "pk")


class ReviewVersion(Published):
    review = models.ForeignKey(Review, models.PROTECT, related_name="versions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="+")
    story = models.TextField(blank=True)
    partners = models.TextField(blank=True)
    what_works = models.TextField(blank=True)
    what_we_will_do = models.TextField(blank=True)
    signed_off_on = models.DateField()
    replies = texts(help_text="organisation, on, text")

    objects = ReviewVersionQuerySet.as_manager()

    class Meta:
        constraints = [*in_order(), one_current("review")]


class ActionVersion(Published):
    action = models.ForeignKey(BoardAction, models.PROTECT, related_name="versions")
    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.ForeignKey(Outcome, models.PROTECT, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=200)
    due_on = models.DateField()
    state = models.CharField(max_length=7, choices=ActionState)
    closed_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [*in_order(), one_current("action")]
