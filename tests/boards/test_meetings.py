"""Setting up, changing and removing a meeting: its day, the editions that its papers are made from, and who may."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from boards import meetings, seats
from boards.models import Link, Meeting, Membership, Review
from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.roles import Role
from luton2040.verbs import LONGEST_NOTE, NotAllowed
from tests.factories import NOW, TODAY, create_board, create_edition, create_person
from tests.factories_boards import (
    HELD_ON,
    create_board_action,
    create_clerk,
    create_comment,
    create_link,
    create_meeting,
    create_member,
    create_reply,
    create_review,
)

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


@pytest.fixture
def clerk():
    """Of a board, in a record of three editions, issued a month, ten days and a minute ago."""
    create_board(edition=create_edition(now=NOW - 30 * DAY))
    create_edition(now=NOW - 10 * DAY)
    create_edition(now=NOW - timedelta(minutes=1))
    return create_clerk()


def edition(number):
    return number and Edition.objects.get(number=number)


def set_up(clerk, *, held_on=HELD_ON, pinned=3, since=None, now=NOW, **given):
    return meetings.set_up(
        "a-board", held_on=held_on, pinned=edition(pinned), since=edition(since), by=clerk, now=now, **given
    )


def change(meeting, clerk, *, now=NOW, **given):
    same = {name: getattr(meeting, name) for name in ("held_on", "pinned", "since", "introduction")}
    return meetings.change(meeting, by=clerk, now=now, **same | given)


def noted(meeting):
    return [(entry.action, entry.what) for entry in Entry.objects.about(meeting.about).oldest_first()]


# --- set_up() ---


def test_set_up_pins_the_edition_and_the_day_it_is_read_on(clerk):
    meeting = set_up(clerk, introduction="Welcome.\r\nWe \0begin.")
    meeting.refresh_from_db()
    assert (meeting.board_id, meeting.held_on, meeting.pinned_id, meeting.since_id) == ("a-board", HELD_ON, 3, None)
    assert (meeting.read_on, meeting.since_on, meeting.is_public) == (TODAY, None, False)
    assert (meeting.introduction, meeting.set_up_by, meeting.set_up_at) == ("Welcome.\nWe begin.", clerk, NOW)
    assert noted(meeting) == [(Action.MEETING_SET_UP, "Set up the meeting of A board on 10 June 2026, from edition 3.")]


@pytest.mark.parametrize(
    "held_on, pinned, since, refusal",
    [
        pytest.param(HELD_ON + DAY, 3, 3, None, id="compared with itself"),
        pytest.param(HELD_ON, 3, None, "has a meeting on 10 June 2026 already", id="another on that day"),
        pytest.param(TODAY, 3, None, None, id="issued on the day of the meeting"),
        pytest.param(TODAY - DAY, 3, None, "issued on 1 June 2026, after the meeting", id="from the future"),
        pytest.param(TODAY - DAY, 2, None, None, id="a meeting in the past"),
        pytest.param(TODAY, 2, 3, "cannot be compared with the later edition 3", id="compared with a later one"),
    ],
)
def test_set_up_minds_the_day_and_the_editions(clerk, held_on, pinned, since, refusal):
    create_meeting(board="b-board", held_on=HELD_ON + DAY)
    create_meeting()
    if refusal:
        with pytest.raises(NotAllowed, match=refusal):
            set_up(clerk, held_on=held_on, pinned=pinned, since=since)
        assert Meeting.objects.count() == 2
    else:
        assert set_up(clerk, held_on=held_on, pinned=pinned, since=since).read_on == min(TODAY, held_on)


def test_set_up_knows_no_edition_that_is_not_issued(clerk):
    with pytest.raises(NotAllowed, match="There is no edition 9 yet"):
        meetings.set_up("a-board", held_on=HELD_ON, pinned=Edition(number=9), since=None, by=clerk, now=NOW)


@pytest.mark.parametrize(
    "issued_at, allowed",
    [
        pytest.param(datetime(2026, 6, 10, 23, 59, tzinfo=LONDON), True, id="last minute of the day"),
        pytest.param(datetime(2026, 6, 11, 0, 1, tzinfo=LONDON), False, id="first minute of the next, in summer time"),
    ],
)
def test_day_of_the_meeting_ends_at_midnight_at_home(clerk, issued_at, allowed):
    create_edition(number=4, now=issued_at)
    if allowed:
        assert set_up(clerk, pinned=4, now=issued_at).read_on == HELD_ON
    else:
        with pytest.raises(NotAllowed, match="11 June 2026, after"):
            set_up(clerk, pinned=4, now=issued_at)


def test_papers_are_compared_as_the_meeting_before_was_read(clerk):
    """Else what fell due between the two would be in the papers of neither."""
    create_meeting(held_on=TODAY - DAY, pinned=edition(2), read_on=TODAY - 5 * DAY)
    assert set_up(clerk, since=2).since_on == TODAY - 5 * DAY
    assert set_up(clerk, held_on=HELD_ON + DAY, since=2).since_on == TODAY - 10 * DAY, "the one before pins edition 3"


def test_papers_are_never_compared_with_a_later_day(clerk):
    later = set_up(clerk, held_on=HELD_ON + DAY, now=NOW)
    create_meeting(held_on=HELD_ON, pinned=edition(3), read_on=TODAY + 5 * DAY)
    assert change(later, clerk, since=edition(3)).since_on == TODAY


def test_edition_before_is_that_of_the_boards_last_meeting(clerk):
    for held_on, pinned in ((TODAY - 2 * DAY, 1), (TODAY - DAY, 2), (HELD_ON, 3)):
        create_meeting(held_on=held_on, pinned=edition(pinned))
    create_meeting(board="b-board", held_on=TODAY, pinned=edition(3))
    assert meetings.edition_before("a-board", HELD_ON) == edition(2)
    assert meetings.edition_before("a-board", TODAY - 2 * DAY) is None


def test_introduction_has_an_end(clerk):
    with pytest.raises(
        NotAllowed, match="“Introduction” has 4,010 characters, and 4,000 is the most. Shorten it by 10"
    ):
        set_up(clerk, introduction="x" * (LONGEST_NOTE + 10))
    assert not Meeting.objects.exists()


# --- who may ---


@pytest.mark.parametrize(
    "somebody",
    [
        pytest.param(lambda: create_member(), id="member"),
        pytest.param(lambda: create_clerk("b-board", email="b@example.org"), id="clerk of another board"),
        pytest.param(lambda: create_person(role=Role.ADMINISTRATOR), id="administrator"),
        pytest.param(lambda: create_person(role=Role.BOARD_CLERK), id="the role without the seat"),
    ],
)
def test_only_a_clerk_of_the_board_may(clerk, somebody):
    create_board(slug="b-board", position=2)
    meeting, other = create_meeting(), somebody()
    for move in (
        lambda: set_up(other, held_on=TODAY),
        lambda: change(meeting, other, introduction="Mine."),
        lambda: meetings.remove(meeting, by=other, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="Only a clerk of this board"):
            move()
    assert not Entry.objects.exists()


def test_seat_that_was_taken_away_counts_at_once(clerk):
    assert seats.is_clerk_of(clerk, "a-board"), "which the request goes on believing"
    Membership.objects.all().delete()
    seats.follow(type(clerk).objects.get(pk=clerk.pk))
    with pytest.raises(NotAllowed):
        set_up(clerk)


# --- change() ---


def test_change_of_edition_reads_it_today(clerk):
    meeting = create_meeting(pinned=edition(2), read_on=TODAY - 5 * DAY)
    changed = change(meeting, clerk, pinned=edition(3), since=edition(1), held_on=HELD_ON + DAY, introduction="Hello.")
    changed.refresh_from_db()
    assert (changed.pinned_id, changed.since_id, changed.since_on) == (3, 1, TODAY - 30 * DAY)
    assert (changed.read_on, changed.held_on, changed.saves) == (TODAY, HELD_ON + DAY, 1)
    assert noted(meeting) == [
        (
            Action.MEETING_CHANGED,
            "Changed the meeting of A board on 10 June 2026: now on 11 June 2026; edition was 2, now 3; "
            "compared with edition none, now 1; introduction.",
        )
    ]


def test_change_of_the_day_alone_reads_the_edition_as_before(clerk):
    meeting = create_meeting(pinned=edition(2), read_on=TODAY - 5 * DAY)
    assert change(meeting, clerk, held_on=HELD_ON + DAY).read_on == TODAY - 5 * DAY
    meeting.refresh_from_db()
    assert change(meeting, clerk, held_on=TODAY - 7 * DAY).read_on == TODAY - 7 * DAY, "never after the meeting"


def test_change_that_says_the_same_is_none(clerk):
    meeting = create_meeting()
    assert change(meeting, clerk).saves == 0
    assert noted(meeting) == []


def test_change_to_the_day_of_another_meeting_is_refused(clerk):
    create_meeting(held_on=TODAY)
    with pytest.raises(NotAllowed, match="already"):
        change(create_meeting(), clerk, held_on=TODAY)


@pytest.mark.parametrize("field", ["held_on", "pinned", "since"])
def test_public_meeting_changes_its_introduction_only(clerk, field):
    meeting = create_meeting(is_public=True)
    other = {"held_on": HELD_ON + DAY, "pinned": edition(2), "since": edition(1)}[field]
    with pytest.raises(NotAllowed, match="This meeting is public"):
        change(meeting, clerk, introduction="New.", **{field: other})
    assert Meeting.objects.get().introduction == ""
    assert change(meeting, clerk, introduction="New.").introduction == "New."


@pytest.mark.parametrize(
    "move", [lambda m, by: change(m, by, introduction="Mine."), lambda m, by: meetings.remove(m, by=by, now=NOW)]
)
def test_change_of_what_somebody_changed_or_removed_meanwhile_overwrites_nothing(clerk, move):
    stale = create_meeting()
    changed = change(Meeting.objects.get(), clerk, introduction="Theirs.")
    with pytest.raises(ChangedMeanwhile):
        move(stale, clerk)
    with pytest.raises(ChangedMeanwhile):
        change(changed, clerk, introduction="Mine.", saves=0)
    assert Meeting.objects.get().introduction == "Theirs."
    meetings.remove(changed, by=clerk, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        move(changed, clerk)


# --- remove() ---


def test_remove_takes_empty_reviews_and_links_with_it(clerk):
    meeting = create_meeting()
    review = create_review(meeting=meeting, story=" ")
    create_link(review=review)
    create_review(meeting=create_meeting(held_on=TODAY))
    meetings.remove(meeting, by=clerk, now=NOW)
    assert (Meeting.objects.count(), Review.objects.count(), Link.objects.count()) == (1, 1, 0)
    assert noted(meeting) == [(Action.MEETING_REMOVED, "Removed the meeting of A board on 10 June 2026.")]


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda m: create_review(meeting=m, partners="The charities."), id="a review"),
        pytest.param(lambda m: create_comment(review=create_review(meeting=m)), id="a comment"),
        pytest.param(lambda m: create_reply(review=create_review(meeting=m)), id="a reply"),
        pytest.param(lambda m: create_board_action(meeting=m), id="an action"),
    ],
)
def test_remove_keeps_what_somebody_wrote(clerk, write):
    meeting = create_meeting()
    write(meeting)
    with pytest.raises(NotAllowed, match="written for this meeting"):
        meetings.remove(meeting, by=clerk, now=NOW)


def test_remove_keeps_what_is_public(clerk):
    with pytest.raises(NotAllowed, match="public record keeps it"):
        meetings.remove(create_meeting(is_public=True), by=clerk, now=NOW)
