"""Boards and what they oversee, kept as records."""

from django.db import models
from django.db.models import Q

from boards.preparing import BoardAction as BoardAction
from boards.preparing import Comment as Comment
from boards.preparing import Link as Link
from boards.preparing import Meeting as Meeting
from boards.preparing import Membership as Membership
from boards.preparing import Reply as Reply
from boards.preparing import Review as Review
from boards.published import ActionVersion as ActionVersion
from boards.published import MeetingVersion as MeetingVersion
from boards.published import ReviewVersion as ReviewVersion
from luton2040.editions import Published, PublishedQuerySet, in_order, one_current
from luton2040.vision import texts
from priorities.models import Plan, Priority, Standing


class Board(models.Model):
    slug = models.SlugField(primary_key=True, max_length=80)

    def __str__(self):
        return self.slug


class BoardVersion(Published):
    class Role(models.TextChoices):
        STRATEGIC = "strategic", "Strategic partnership board"
        DELIVERY = "delivery", "Delivery board or group"

    board = models.ForeignKey(Board, models.PROTECT, related_name="versions")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    also_called = texts()
    purpose = models.TextField()
    role = models.CharField(max_length=10, choices=Role)
    parent = models.ForeignKey(Board, models.PROTECT, null=True, blank=True, related_name="+")
    parent_standing = models.CharField(max_length=10, choices=Standing, blank=True)
    members_from = texts(help_text="Kinds of organisation, never people")
    meets = models.CharField(max_length=200, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    sources = texts()

    class Meta:
        ordering = ["position"]
        constraints = [*in_order(), one_current("board")]


class OversightQuerySet(PublishedQuerySet):
    def of(self, priority: str | None):
        """Links to a priority, or with None to the mission."""
        return self.filter(priority=priority) if priority else self.filter(priority=None, plan=None)


class Oversight(Published):
    """A board oversees a priority, a plan, or (neither) the mission."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="oversight")
    priority = models.ForeignKey(Priority, models.PROTECT, null=True, blank=True, related_name="oversight")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="oversight")
    standing = models.CharField(max_length=10, choices=Standing)

    objects = OversightQuerySet.as_manager()

    class Meta:
        constraints = [
            *in_order(),
            models.UniqueConstraint(
                fields=["board", "priority"],
                condition=Q(last_edition__isnull=True, priority__isnull=False),
                name="oversight_one_current_per_priority",
            ),
            models.UniqueConstraint(
                fields=["board", "plan"],
                condition=Q(last_edition__isnull=True, plan__isnull=False),
                name="oversight_one_current_per_plan",
            ),
            models.UniqueConstraint(
                fields=["board"],
                condition=Q(last_edition__isnull=True, priority__isnull=True, plan__isnull=True),
                name="oversight_one_current_of_mission",
            ),
            models.CheckConstraint(
                condition=Q(priority__isnull=True) | Q(plan__isnull=True), name="oversight_of_one_thing"
            ),
        ]


def overseers(edition, priority: str | None) -> list[tuple[BoardVersion, Oversight]]:
    """The boards linked to a priority, or with None to the mission, each with its link."""
    links = {link.board_id: link for link in Oversight.objects.at(edition).of(priority)}
    return [(board, links[board.board_id]) for board in BoardVersion.objects.at(edition).filter(board__in=links)]
