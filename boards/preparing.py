"""What a board works with at the desk: who sits on it, its meetings, reviews, actions and links. None of it is public.

What the public sees is put beside it by publishing (boards/published.py).
"""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from luton2040.editions import Edition
from outcomes.models import Outcome

PERSON = "luton2040.User"


def person(**options):
    """Whoever did something; with blank=True, what may not have been done yet."""
    if options.get("blank"):
        options["null"] = True
    return models.ForeignKey(PERSON, models.PROTECT, related_name="+", **options)


def together(*fields: str) -> Q:
    """All of them, or none."""
    return Q(**{f"{f}__isnull": True for f in fields}) | Q(**{f"{f}__isnull": False for f in fields})


class MembershipQuerySet(models.QuerySet):
    def clerks(self):
        return self.filter(seat=Membership.Seat.CLERK)

    def by_name(self):
        return self.select_related("person").order_by("seat", "person__name", "person__email")


class Membership(models.Model):
    """A seat on a board. The roles of board clerk and board member follow from the seats that somebody has."""

    class Seat(models.TextChoices):
        CLERK = "clerk", "Clerk"
        MEMBER = "member", "Member"

    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="memberships")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="memberships")
    seat = models.CharField(max_length=6, choices=Seat)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "person"], name="one_seat_a_board_a_person")]

    def __str__(self):
        return f"{self.person}, {self.get_seat_display().lower()} of {self.board_id}"


class MeetingQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-held_on")

    def unpublished(self):
        return self.filter(is_public=False)

    def before(self, meeting: "Meeting"):
        return self.filter(board=meeting.board_id, held_on__lt=meeting.held_on).newest_first()


class Meeting(models.Model):
    """`pinned` is the edition that its papers are made from, `since` the one that they are compared with.

    They are read as of `read_on`, the day on which the edition was pinned, and as of `since_on`: the `read_on` of the
    meeting before, or else the day on which `since` was issued. None of them changes once the meeting is public.
    """

    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="meetings")
    held_on = models.DateField("date of the meeting")
    pinned = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    since = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="+")
    since_on = models.DateField(null=True, blank=True)
    read_on = models.DateField()
    introduction = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)
    saves = models.PositiveIntegerField(default=0)
    set_up_by = person()
    set_up_at = models.DateTimeField()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "held_on"], name="one_meeting_of_a_board_a_day"),
            models.CheckConstraint(condition=together("since", "since_on"), name="meeting_compared_as_of_a_day"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(since__lte=F("pinned")),
                name="meeting_compared_with_earlier_one",
            ),
        ]

    def __str__(self):
        return f"{self.board_id} {self.held_on}"

    @property
    def about(self) -> str:
        """As the audit log names it."""
        return f"meeting {self.pk}"


class Review(models.Model):
    """The turn-the-curve note on one outcome for one meeting. What the data show is generated and not kept here."""

    TEXTS = ("story", "partners", "what_works", "what_we_will_do")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="reviews")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="+")
    story = models.TextField("the story behind it", blank=True)
    partners = models.TextField("partners who have a part in it", blank=True)
    what_works = models.TextField("what works", blank=True)
    what_we_will_do = models.TextField("what we will do", blank=True)
    is_public = models.BooleanField(default=False)
    saves = models.PositiveIntegerField(default=0)
    saved_by = person(blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    window = models.CharField(max_length=20, blank=True, help_text="The browser page that saved last")
    signed_off_by = person(blank=True)
    signed_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "outcome"], name="one_review_of_an_outcome_a_meeting"),
            models.CheckConstraint(
                condition=together("saved_by", "saved_at"), name="review_saved_when_and_by_whom_together"
            ),
            models.CheckConstraint(
                condition=together("signed_off_by", "signed_off_at"), name="review_signed_off_when_and_by_whom_together"
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(signed_off_at__isnull=False), name="public_review_is_signed_off"
            ),
        ]

    def __str__(self):
        return f"{self.outcome_id} for {self.meeting}"

    @property
    def about(self) -> str:
        return f"review {self.pk}"

    @property
    def is_written(self) -> bool:
        return any(getattr(self, name).strip() for name in self.TEXTS)


class Comment(models.Model):
    """What somebody of the board says of a review while it is discussed; never public."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="comments")
    text = models.TextField()
    by = person()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.by} on {self.review}"


class LinkQuerySet(models.QuerySet):
    def valid(self, now: datetime):
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class Link(models.Model):
    """A way in without an account: to a meeting's papers, or to reply to one review. Only its digest is kept."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="links")
    review = models.ForeignKey(Review, models.PROTECT, null=True, blank=True, related_name="links")
    for_whom = models.CharField(
        max_length=200, help_text="Such as 'the chair'; with a review, the partner organisation"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_by = person()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = person(blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="link_expires_after_it_was_made"),
            models.CheckConstraint(
                condition=together("revoked_by", "revoked_at"), name="link_revoked_when_and_by_whom_together"
            ),
        ]

    def __str__(self):
        return f"Link for {self.for_whom} to {self.review or self.meeting}"

    @property
    def about(self) -> str:
        return f"link {self.pk}"


class Reply(models.Model):
    """The right of reply: what a lead partner says of a review before it is published. Public where the review is."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="replies")
    link = models.OneToOneField(Link, models.PROTECT, related_name="reply")
    organisation = models.CharField(max_length=200)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.organisation} on {self.review}"


class ActionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=BoardAction.State.OPEN)

    def by_due_day(self):
        return self.order_by("due_on", "pk")


class ActionState(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class BoardAction(models.Model):
    State = ActionState

    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="actions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="actions")
    outcome = models.ForeignKey(Outcome, models.PROTECT, null=True, blank=True, related_name="+")
    what = models.CharField("what will be done", max_length=300)
    owner = models.CharField("organisation that will do it", max_length=200)
    due_on = models.DateField("due on")
    state = models.CharField(max_length=7, choices=ActionState, default=ActionState.OPEN)
    closed_on = models.DateField("closed on", null=True, blank=True)
    result = models.CharField("how it went", max_length=300, blank=True)
    is_public = models.BooleanField(default=False)
    saves = models.PositiveIntegerField(default=0)
    recorded_by = person()
    recorded_at = models.DateTimeField()

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | (~Q(state="open") & Q(closed_on__isnull=False)),
                name="action_closed_on_a_day_or_open",
            ),
        ]

    def __str__(self):
        return self.what

    @property
    def about(self) -> str:
        return f"action {self.pk}"
