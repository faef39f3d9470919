"""A board's actions: recorded, changed, closed, and how kindly and plainly their standing is told."""

from datetime import date, timedelta

import pytest

from boards import actions
from boards.actions import Stand, standing
from boards.models import ActionVersion, BoardAction
from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile
from luton2040.verbs import NotAllowed
from tests.factories import NOW, TODAY, create_board, create_outcome_version
from tests.factories_boards import create_board_action, create_clerk, create_meeting, create_member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DUE_ON = date(2026, 7, 1)


@pytest.fixture
def clerk():
    create_board()
    create_outcome_version()
    return create_clerk()


def record(clerk, **given):
    given = {"what": "Open a jobs fair.", "owner": "A charity", "due_on": DUE_ON, "is_public": False} | given
    return actions.record("a-board", by=clerk, now=NOW, **given)


def close(action, clerk, *, state="done", closed_on=TODAY, result="Forty came.", saves=0):
    return actions.close(action, state=state, closed_on=closed_on, result=result, saves=saves, by=clerk, now=NOW)


def noted(action):
    return list(Entry.objects.about(action.about).oldest_first().values_list("action", "what"))


# --- standing() ---


@pytest.mark.parametrize(
    "due, stand, said",
    [
        pytest.param(-800, Stand.OVERDUE, "It was due on 3 January 2025, two years ago.", id="years"),
        pytest.param(-729, Stand.OVERDUE, "It was due on 15 March 2025, 23 months ago.", id="nearly two years"),
        pytest.param(-61, Stand.OVERDUE, "It was due on 12 January 2027, two months ago.", id="months"),
        pytest.param(-60, Stand.OVERDUE, "It was due on 13 January 2027, eight weeks ago.", id="weeks"),
        pytest.param(-14, Stand.OVERDUE, "It was due on 28 February 2027, two weeks ago.", id="two weeks"),
        pytest.param(-13, Stand.OVERDUE, "It was due on 1 March 2027, 13 days ago.", id="days"),
        pytest.param(-2, Stand.OVERDUE, "It was due on 12 March 2027, two days ago.", id="two days"),
        pytest.param(-1, Stand.OVERDUE, "It was due on 13 March 2027, yesterday.", id="yesterday"),
        pytest.param(0, Stand.DUE_SOON, "It is due on 14 March 2027, today.", id="today"),
        pytest.param(1, Stand.DUE_SOON, "It is due on 15 March 2027, tomorrow.", id="tomorrow"),
        pytest.param(9, Stand.DUE_SOON, "It is due on 23 March 2027, in nine days.", id="nine days"),
        pytest.param(14, Stand.DUE_SOON, "It is due on 28 March 2027, in 14 days.", id="last day of soon"),
        pytest.param(15, Stand.OPEN, "It is due on 29 March 2027.", id="open"),
    ],
)
@pytest.mark.parametrize("kind", [BoardAction, ActionVersion])
def test_standing_of_an_open_action(kind, due, stand, said):
    today = date(2027, 3, 14)
    told = standing(kind(state="open", due_on=today + due * DAY), today)
    assert (told.stand, told.label, told.sentence) == (stand, stand.label, said)


@pytest.mark.parametrize(
    "state, label, said",
    [
        pytest.param("done", "Done", "It was done on 1 March 2027.", id="done"),
        pytest.param("dropped", "Dropped", "It was dropped on 1 March 2027.", id="dropped"),
    ],
)
def test_standing_of_a_closed_action_is_never_late(state, label, said):
    action = ActionVersion(state=state, due_on=date(2026, 1, 1), closed_on=date(2027, 3, 1))
    told = standing(action, date(2027, 3, 14))
    assert (told.label, told.sentence) == (label, said)


# --- record() ---


def test_record_keeps_one_plain_line_of_each(clerk):
    meeting = create_meeting()
    action = record(clerk, meeting=meeting, outcome="AA1", what=" Open\r\na \0fair. ", is_public=True)
    action.refresh_from_db()
    assert (action.what, action.owner, action.due_on, action.outcome_id) == ("Open a fair.", "A charity", DUE_ON, "AA1")
    assert (action.meeting, action.state, action.is_public, action.recorded_by) == (meeting, "open", True, clerk)
    assert noted(action) == [(Action.ACTION_RECORDED, "An action of A board: recorded, due on 1 July 2026.")]


@pytest.mark.parametrize(
    "given, said",
    [
        pytest.param({"what": " "}, "“What will be done” is empty", id="nothing to do"),
        pytest.param({"what": "x" * 301}, "301 characters, and 300 is the most", id="too much to do"),
        pytest.param({"owner": "x" * 201}, "“Organisation that will do it” has 201", id="long owner"),
        pytest.param({"outcome": "ZZ9"}, "There is no outcome ZZ9", id="unknown outcome"),
    ],
)
def test_record_and_change_say_what_is_wrong(clerk, given, said):
    action = create_board_action()
    with pytest.raises(NotAllowed, match=said):
        record(clerk, **given)
    with pytest.raises(NotAllowed, match=said):
        actions.change(action, saves=0, by=clerk, now=NOW, **given)
    assert BoardAction.objects.count() == 1


def test_record_is_of_a_meeting_of_the_board(clerk):
    with pytest.raises(NotAllowed, match="no such meeting"):
        record(clerk, meeting=create_meeting(board="b-board"))


def test_only_a_clerk_may(clerk):
    member, action = create_member(), create_board_action()
    for move in (
        lambda: record(member),
        lambda: actions.change(action, saves=0, by=member, now=NOW, is_public=True),
        lambda: close(action, member),
        lambda: actions.reopen(action, saves=0, by=member, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="Only a clerk"):
            move()


# --- changing and closing ---


def test_change_says_what_changed_and_not_what_it_says(clerk):
    action = create_board_action(outcome="AA1", what="A planted sentence.", due_on=TODAY)
    changed = actions.change(
        action,
        saves=0,
        by=clerk,
        now=NOW,
        what="Another.",
        due_on=DUE_ON,
        outcome=None,
        is_public=True,
        owner="A charity",
    )
    changed.refresh_from_db()
    assert (changed.what, changed.due_on, changed.outcome_id, changed.is_public) == ("Another.", DUE_ON, None, True)
    assert changed.saves == 1
    said = "An action of A board: changed: due on, now 1 July 2026; now public; what will be done; outcome."
    assert noted(action) == [(Action.ACTION_CHANGED, said)]


def test_change_that_says_the_same_is_none(clerk):
    action = create_board_action(outcome="AA1")
    same = actions.change(action, saves=0, by=clerk, now=NOW, what=action.what, outcome="AA1")
    assert same.saves == 0 and noted(action) == []


def test_change_of_what_a_page_never_offers_is_a_fault(clerk):
    with pytest.raises(TypeError, match="state"):
        actions.change(create_board_action(), saves=0, by=clerk, now=NOW, state="done")


def test_close_and_reopen(clerk):
    action = create_board_action()
    closed = close(action, clerk, closed_on=TODAY - DAY)
    closed.refresh_from_db()
    assert (closed.state, closed.closed_on, closed.result) == ("done", TODAY - DAY, "Forty came.")
    with pytest.raises(NotAllowed, match="done already. Reopen it first"):
        close(closed, clerk, saves=1)
    reopened = actions.reopen(closed, saves=1, by=clerk, now=NOW)
    reopened.refresh_from_db()
    assert (reopened.state, reopened.closed_on, reopened.result, reopened.saves) == ("open", None, "", 2)
    with pytest.raises(NotAllowed, match="open already"):
        actions.reopen(reopened, saves=2, by=clerk, now=NOW)
    assert close(reopened, clerk, state="dropped", result="", saves=2).state == "dropped"
    assert [what.rsplit(": ", 1)[-1] for _, what in noted(action)] == [
        "done on 31 May 2026.", "reopened.", "dropped on 1 June 2026.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "given, said",
    [
        pytest.param({"closed_on": TODAY + DAY}, "2 June 2026 is still to come", id="tomorrow"),
        pytest.param({"state": "open"}, "done or dropped", id="closed as open"),
        pytest.param({"state": "won"}, "done or dropped", id="unknown state"),
        pytest.param({"result": "x" * 301}, "“How it went” has 301", id="long result"),
    ],
)
def test_close_says_what_is_wrong(clerk, given, said):
    action = create_board_action()
    with pytest.raises(NotAllowed, match=said):
        close(action, clerk, **given)
    assert BoardAction.objects.get().state == "open"


def test_nothing_is_changed_that_somebody_changed_meanwhile(clerk):
    action = create_board_action()
    actions.change(action, saves=0, by=clerk, now=NOW, what="Theirs.")
    for move in (
        lambda: actions.change(action, saves=0, by=clerk, now=NOW, what="Mine."),
        lambda: close(action, clerk),
        lambda: actions.reopen(action, saves=0, by=clerk, now=NOW),
    ):
        with pytest.raises(ChangedMeanwhile, match="Nothing was overwritten"):
            move()
    assert BoardAction.objects.get().what == "Theirs."
