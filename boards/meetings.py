"""A board's meetings: setting one up, pinning the edition that its papers are made from, removing it.

Also what every verb of boards begins with: one at a time on each board, by somebody who may, read anew.
"""

from copy import copy
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from boards import seats
from boards.models import Board, Comment, Meeting, Reply
from luton2040 import audit
from luton2040.accounts import User
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.verbs import NotAllowed, kept
from outcomes import formatting as words

PINNED = ("held_on", "pinned_id", "since_id")  # what the papers of a public meeting are made again from


# --- what every verb of boards begins with ---


def take_turns(board: str) -> None:
    """Until this transaction ends, nobody else changes anything of the board: what is read from here on stays true.

    SQLite has one writer anyway.
    """
    list(Board.objects.filter(slug=board).select_for_update(no_key=True))


def read_anew(person) -> User:
    """As they are now, for a seat that was taken away counts at once."""
    return User.objects.get(pk=person.pk)


def must_be_clerk(by, board: str) -> None:
    take_turns(board)
    if not seats.is_clerk_of(read_anew(by), board):
        raise NotAllowed("Only a clerk of this board may do this. An administrator can give you the seat.")


def known(meeting: Meeting) -> str:
    """As the audit log speaks of it."""
    return f"meeting of {seats.board_name(meeting.board_id)} on {words.day(meeting.held_on)}"


# --- meetings ---


def edition_before(board: str, held_on: date) -> Edition | None:
    """The one that the papers of the board's meeting before that day were made from."""
    before = _meeting_before(board, held_on)
    return before and before.pinned


def _meeting_before(board: str, held_on: date) -> Meeting | None:
    earlier = Meeting.objects.filter(board=board, held_on__lt=held_on)
    return earlier.newest_first().select_related("pinned").first()


@transaction.atomic
def set_up(
    board: str, *, held_on: date, pinned: Edition, since: Edition | None, introduction: str = "", by, now: datetime
) -> Meeting:
    """Raises NotAllowed."""
    must_be_clerk(by, board)
    meeting = Meeting(board_id=board, set_up_by=by, set_up_at=now)
    _arrange(meeting, held_on=held_on, pinned=pinned, since=since, now=now)
    meeting.introduction = kept(Meeting._meta.get_field("introduction"), introduction)
    meeting.save()
    what = f"Set up the {known(meeting)}, from edition {pinned.number}."
    audit.record(audit.Action.MEETING_SET_UP, what=what, by=by, about=meeting.about, now=now)
    return meeting


@transaction.atomic
def change(
    meeting: Meeting,
    *,
    held_on: date,
    pinned: Edition,
    since: Edition | None,
    introduction: str,
    by,
    now: datetime,
    saves: int | None = None,
) -> Meeting:
    """If nobody changed it since it was read, or since `saves` was. Once it is public, only its introduction changes.

    Raises NotAllowed, ChangedMeanwhile.
    """
    must_be_clerk(by, meeting.board_id)
    newest = _newest(meeting, meeting.saves if saves is None else saves)
    before = copy(newest)
    if (held_on, pinned.pk, since and since.pk) != tuple(getattr(before, name) for name in PINNED):
        if before.is_public:
            raise NotAllowed(
                "This meeting is public. Its day and its editions stay as they are, so that its papers can be made "
                "again at any time. Only its introduction can change."
            )
        _arrange(newest, held_on=held_on, pinned=pinned, since=since, now=now)
    newest.introduction = kept(Meeting._meta.get_field("introduction"), introduction)
    said = _changes(before, newest)
    if said:
        newest.saves += 1
        newest.save()
        what = f"Changed the {known(before)}: {'; '.join(said)}."
        audit.record(audit.Action.MEETING_CHANGED, what=what, by=by, about=newest.about, now=now)
    return newest


def _newest(meeting: Meeting, saves: int) -> Meeting:
    """Compare-and-set, under the lock of must_be_clerk."""
    newest = Meeting.objects.filter(pk=meeting.pk, saves=saves).select_related("pinned", "since").first()
    if newest is None:
        raise ChangedMeanwhile(
            "Somebody changed or removed this meeting since you opened it. Nothing was overwritten. "
            "Load the page again to see it as it is now."
        )
    return newest


def _arrange(meeting: Meeting, *, held_on: date, pinned: Edition, since: Edition | None, now: datetime) -> None:
    """Its day and what its papers are made from, with the days as of which that is read."""
    day = words.day(held_on)
    if Meeting.objects.filter(board=meeting.board_id, held_on=held_on).exclude(pk=meeting.pk).exists():
        raise NotAllowed(f"This board has a meeting on {day} already. Open that one, or choose another day.")
    if not Edition.objects.filter(pk=pinned.pk).exists():
        raise NotAllowed(f"There is no edition {pinned.number} yet. Choose one that has been issued.")
    issued_on = timezone.localdate(pinned.issued_at)
    if issued_on > held_on:
        raise NotAllowed(
            f"Edition {pinned.number} was issued on {words.day(issued_on)}, after the meeting. "
            f"Choose one that was issued by {day}."
        )
    if since is not None and since.number > pinned.number:
        raise NotAllowed(
            f"The papers are made from edition {pinned.number}, which cannot be compared with the later edition "
            f"{since.number}. Choose edition {pinned.number} or an earlier one."
        )
    read_on = meeting.read_on if meeting.pinned_id == pinned.pk else timezone.localdate(now)
    meeting.held_on, meeting.pinned, meeting.since = held_on, pinned, since
    meeting.read_on = min(read_on, held_on)
    meeting.since_on = since and min(_since_on(meeting), meeting.read_on)


def _since_on(meeting: Meeting) -> date:
    before = _meeting_before(meeting.board_id, meeting.held_on)
    if before is not None and before.pinned_id == meeting.since_id:
        return before.read_on
    return timezone.localdate(meeting.since.issued_at)


def _changes(before: Meeting, after: Meeting) -> list[str]:
    said = []
    if before.held_on != after.held_on:
        said.append(f"now on {words.day(after.held_on)}")
    if before.pinned_id != after.pinned_id:
        said.append(f"edition was {before.pinned_id}, now {after.pinned_id}")
    if before.since_id != after.since_id:
        said.append(f"compared with edition {before.since_id or 'none'}, now {after.since_id or 'none'}")
    if before.introduction != after.introduction:
        said.append("introduction")
    return said


@transaction.atomic
def remove(meeting: Meeting, *, by, now: datetime) -> None:
    """While nothing has come of it. Raises NotAllowed, ChangedMeanwhile."""
    must_be_clerk(by, meeting.board_id)
    newest = _newest(meeting, meeting.saves)
    if newest.is_public:
        raise NotAllowed("This meeting is public, and the public record keeps it.")
    if _has_something_written(newest):
        raise NotAllowed(
            "Somebody has written for this meeting: a review, a comment, a reply or an action. "
            "It is kept, so that nothing of that is lost. You can choose another day for it instead."
        )
    what = f"Removed the {known(newest)}."
    audit.record(audit.Action.MEETING_REMOVED, what=what, by=by, about=newest.about, now=now)
    newest.links.all().delete()
    newest.reviews.all().delete()
    newest.delete()


def _has_something_written(meeting: Meeting) -> bool:
    if any(review.is_written for review in meeting.reviews.all()) or meeting.actions.exists():
        return True
    return any(of.objects.filter(review__meeting=meeting).exists() for of in (Comment, Reply))
