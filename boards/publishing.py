"""What the public sees of a board is what the desk says of it: publishing makes the record say so, as one edition.

Public are a meeting that was made public, for good; its reviews that are signed off as public; actions marked public.
Whatever is private again ends in the record with the edition before. A reopened review is left as it is.
"""

from dataclasses import dataclass, field
from datetime import datetime
from textwrap import shorten

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from boards.meetings import must_be_clerk
from boards.models import ActionVersion, BoardAction, Meeting, MeetingVersion, Review, ReviewVersion
from boards.seats import board_name
from luton2040 import audit, editions, hold
from luton2040.editions import (
    ChangedMeanwhile,
    Changes,
    Edition,
    Published,
    PublishedQuerySet,
    issuing,
    wait_for_issuing,
)
from luton2040.wording import changes
from outcomes import formatting as words
from outcomes.models import OutcomeVersion

Rows = dict[type[Published], list[Published]]
KEYS: dict[type[Published], str] = {
    MeetingVersion: "meeting_id",
    ReviewVersion: "review_id",
    ActionVersion: "action_id",
}
LONGEST_SUMMARY = Edition._meta.get_field("summary").max_length


# --- what the public should see ---


def wanted(board: str, *, meeting: Meeting | None = None) -> Rows:
    """By the desk's rows; as if `meeting` were public too."""
    meetings = Meeting.objects.filter(Q(is_public=True) | Q(pk=meeting and meeting.pk), board=board)
    public = {row.pk for row in meetings}
    reviews = Review.objects.filter(meeting__in=public, is_public=True, signed_off_at__isnull=False)
    actions = BoardAction.objects.filter(board=board, is_public=True)
    return {
        MeetingVersion: [_saying(MeetingVersion, row, meeting_id=row.pk) for row in meetings],
        ReviewVersion: [of_review(row) for row in reviews.prefetch_related("replies").order_by("pk")],
        ActionVersion: [of_action(row, public) for row in actions.order_by("pk")],
    }


def _saying(model: type[Published], row, **own) -> Published:
    """A version that says what the desk's row does, but for what is given; not saved."""
    same = {name: getattr(row, name) for name in model.content_fields() if name not in own}
    return model(**same, **own)


def of_review(row: Review) -> ReviewVersion:
    replies = [
        {"organisation": reply.organisation, "on": timezone.localdate(reply.at).isoformat(), "text": reply.text}
        for reply in row.replies.all()
    ]
    signed_off_on = row.signed_off_at and timezone.localdate(row.signed_off_at)
    return _saying(ReviewVersion, row, review_id=row.pk, signed_off_on=signed_off_on, replies=replies)


def of_action(row: BoardAction, public: set[int]) -> ActionVersion:
    """A meeting that is not public yet is not told of by its actions either."""
    meeting = row.meeting_id if row.meeting_id in public else None
    return _saying(ActionVersion, row, action_id=row.pk, meeting_id=meeting)


def _among(model: type[Published], board: str) -> PublishedQuerySet:
    if model is ReviewVersion:
        return model.objects.filter(meeting__board=board, review__signed_off_at__isnull=False)
    return model.objects.filter(board=board)


# --- what would change ---


@dataclass(frozen=True)
class Waiting:
    """What publishing would change for the public; false where that is nothing."""

    board: str  # its name
    meetings: Changes
    reviews: Changes
    actions: Changes
    held_on: dict[int, str] = field(repr=False)  # the day of each meeting, in words
    labels: dict[str, str] = field(repr=False)  # of outcomes

    def __bool__(self):
        return bool(self.meetings or self.reviews or self.actions)

    @property
    def lines(self) -> list[str]:
        """A sentence each, for the desk."""
        said = [f"The meeting of {self.held_on[row.meeting_id]} becomes public." for row in self.meetings.new]
        said += [
            f"The meeting of {self.held_on[r.meeting_id]} has a new introduction." for _, r in self.meetings.changed
        ]
        return [*said, *_told(self.reviews, self._name_of_review), *_told(self.actions, _name_of_action)]

    def _name_of_review(self, row: ReviewVersion) -> str:
        label = self.labels.get(row.outcome_id, row.outcome_id)
        return f"The review of “{label}” for {self.held_on[row.meeting_id]}"

    @property
    def summary(self) -> str:
        """In public, so in numbers only: nothing that is private can get into it."""
        new = {row.meeting_id for row in self.meetings.new}
        of_new = [row for row in self.reviews.new if row.meeting_id in new]
        others = Changes(
            new=[row for row in self.reviews.new if row.meeting_id not in new],
            changed=self.reviews.changed,
            ended=self.reviews.ended,
        )
        parts = [f"meeting of {self.held_on[row.meeting_id]}" for row in self.meetings.new]
        if of_new:
            parts[-1] += f" with {words.count(len(of_new), 'review')}"
        if self.meetings.changed:
            parts.append(f"{words.count(len(self.meetings.changed), 'introduction')} changed")
        parts += [*_counted(others, "review"), *_counted(self.actions, "action")]
        said = f": {'; '.join(parts)}."
        return shorten(self.board, LONGEST_SUMMARY - len(said), placeholder="…") + said


def _name_of_action(row: ActionVersion) -> str:
    return f"The action “{row.what}”"


def _told(found: Changes, name) -> list[str]:
    return [
        *(f"{name(row)} becomes public." for row in found.new),
        *(f"{name(row)} changes." for _, row in found.changed),
        *(f"{name(row)} is no longer public; earlier editions and packs keep it." for row in found.ended),
    ]


def _counted(found: Changes, one: str) -> list[str]:
    kinds = [(found.new, ""), (found.changed, " changed"), (found.ended, " no longer public")]
    return [f"{words.count(len(rows), one)}{what}" for rows, what in kinds if rows]


def waiting(board: str, *, meeting: Meeting | None = None) -> Waiting:
    """If it were published now, with this meeting; nothing is written."""
    return _compared(board, wanted(board, meeting=meeting))


def _compared(board: str, rows: Rows) -> Waiting:
    held_on = Meeting.objects.filter(board=board).values_list("pk", "held_on")
    return Waiting(
        board_name(board),
        *(_difference(model, of_model, _among(model, board)) for model, of_model in rows.items()),
        held_on={pk: words.day(day) for pk, day in held_on},
        labels=dict(OutcomeVersion.objects.current().values_list("outcome", "short_label")),
    )


def _difference(model: type[Published], rows: list[Published], among: PublishedQuerySet) -> Changes:
    current = {getattr(row, KEYS[model]): row for row in among.current()}
    found = Changes()
    for row in rows:
        old = current.pop(getattr(row, KEYS[model]), None)
        if old is None:
            found.new.append(row)
        elif changes(old, row):
            found.changed.append((old, row))
    found.ended.extend(current.values())
    return found


# --- publishing ---


@transaction.atomic
def publish(board: str, *, meeting: Meeting | None = None, by, now: datetime, hold_reason: str = "") -> Edition | None:
    """What waits, as one edition; with `meeting`, that becomes public too, for good. None where nothing waits.

    Raises NotAllowed, ChangedMeanwhile, HoldIsOn.
    """
    wait_for_issuing()
    must_be_clerk(by, board)
    if meeting is not None and not Meeting.objects.filter(pk=meeting.pk, board=board).update(is_public=True):
        raise ChangedMeanwhile("This meeting was removed meanwhile. The board’s page lists those that there are.")
    rows = wanted(board)
    found = _compared(board, rows)
    if not found:
        return None
    about = meeting.about if meeting else f"board {board}"
    hold.mind(hold_reason, waits="what boards publish", about=about, by=by, now=now)
    with issuing(kind=Edition.Kind.REVIEW, summary=found.summary, by=by) as edition:
        for model, of_model in rows.items():
            editions.publish(edition, of_model, key=(KEYS[model],), among=_among(model, board))
    what = f"{edition.summary} Edition {edition.number}."
    audit.record(audit.Action.PUBLISHED, what=what, by=by, about=about, now=now)
    return edition
