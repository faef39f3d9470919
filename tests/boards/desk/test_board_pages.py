"""One's boards and one of them at the desk, its actions, and the reviews asked for under My work."""

from datetime import date, timedelta

import pytest

from boards.models import BoardAction, Meeting
from luton2040.roles import Role
from tests import factories as make
from tests.boards.desk.conftest import AT, DAY
from tests.factories_boards import create_board_action, create_clerk, create_meeting, create_review, create_seat
from tests.reading import Page, words
from tests.record import NOW, TODAY

pytestmark = pytest.mark.django_db
BOARDS, BOARD = "/desk/boards/", "/desk/boards/a-board/"
NEW = f"{BOARD}actions/new/"
GIVEN = {"what": "Open a jobs fair.", "owner": "A charity", "due_on": "2027-03-01", "is_public": "yes"}
HOSTILE = '<script>alert(1)</script> "quoted" & more'


def overdue(**fields):
    return create_board_action(what="Late thing", due_on=TODAY - timedelta(days=20), now=NOW, **fields)


# --- one's boards ---


def test_clerk_finds_what_there_is_to_do(clerk):
    overdue()
    create_board_action(what="A public one", is_public=True, due_on=TODAY + timedelta(days=90))
    page = Page(clerk.get(BOARDS))
    assert page.headings[:2] == ["Your boards", "A board"]
    for said in ("You are its clerk", "The next meeting: 12 January 2027", "1 action is overdue", "to be published: 1"):
        assert said in page.main
    assert page.link("Boards") == BOARDS, "in the list of the desk's pages too"


def test_member_finds_the_same_but_nothing_to_publish(member):
    create_board_action(what="A public one", is_public=True)
    page = Page(member.get(BOARDS))
    assert "You are its member" in page.main and "to be published" not in page.main


@pytest.mark.parametrize(
    "held_on, is_public, said",
    [
        pytest.param(DAY, True, "Its papers are public.", id="to come and public"),
        pytest.param(date(2026, 10, 1), False, "The last meeting: 1 October 2026", id="held and not public"),
        pytest.param(date(2026, 10, 1), True, "No meeting is set up.", id="held and public"),
    ],
)
def test_next_meeting(clerk, held_on, is_public, said):
    Meeting.objects.update(held_on=held_on, is_public=is_public)
    assert said in Page(clerk.get(BOARDS)).main


def test_administrator_finds_every_board_to_seat_people_and_nothing_else(client, meeting):
    make.create_board(slug="b-board", name="B board", position=2)
    overdue()
    make.sign_in(client, make.create_person(role=Role.ADMINISTRATOR))
    page = Page(client.get(BOARDS))
    assert page.link("Seats of A board") == f"{BOARD}seats/"
    assert "B board" in page.main and "overdue" not in page.main and "12 January" not in page.main


# --- a board ---


def test_board_lists_meetings_and_how_its_actions_stand(clerk):
    create_meeting(held_on=date(2026, 10, 1), is_public=True)
    overdue(outcome="XA1")
    create_board_action(what="Done thing", state="done", closed_on=TODAY, result="It went well.")
    page = Page(clerk.get(BOARD))
    meetings = [words(item) for item in page.section("Meetings").iter("li")]
    assert meetings[0].startswith("12 January 2027") and meetings[0].endswith("Not public")
    assert meetings[1].startswith("1 October 2026") and meetings[1].endswith("Public")
    late, done = page.rows()
    assert late[0] == "Late thing For “Good jobs”" and late[3] == "The board only"
    assert late[2] == "Overdue It was due on 11 November 2026, two weeks ago."
    assert "It went well." in done[2]


def test_board_of_which_there_is_nothing_yet(clerk, member, meeting):
    meeting.delete()
    assert "No meeting is set up yet. Set one up" in Page(clerk.get(BOARD)).main
    assert "No meeting is set up yet. Its clerk sets meetings up." in Page(member.get(BOARD)).main


# --- actions ---


def test_action_is_recorded_for_a_meeting_and_an_outcome(clerk, meeting):
    held = create_meeting(held_on=date(2026, 11, 1))
    page = Page(clerk.get(NEW))
    assert page.typed()["meeting"] == str(held.pk), "the last that was held"
    assert Page(clerk.get(NEW, {"meeting": meeting.pk})).typed()["meeting"] == str(meeting.pk)
    assert "A council" in [o.get("value") for o in page.one("datalist").iter("option")]
    page = Page(clerk.post(NEW, GIVEN | {"meeting": meeting.pk, "outcome": "XA1"}, follow=True))
    assert "The action is recorded." in page.main
    made = BoardAction.objects.get()
    assert (made.what, made.owner, made.due_on) == ("Open a jobs fair.", "A charity", date(2027, 3, 1))
    assert (made.meeting, made.outcome_id, made.is_public, made.recorded_by) == (meeting, "XA1", True, clerk.person)


@pytest.mark.parametrize(
    "fields, said",
    [
        pytest.param({"what": " "}, "Say what will be done.", id="nothing"),
        pytest.param({"what": "a" * 301}, "It has 301 characters, and 300 is the most.", id="long"),
        pytest.param({"owner": ""}, "Say which organisation will do it.", id="nobody"),
        pytest.param({"due_on": "soon"}, "This is no day of the calendar.", id="no day"),
        pytest.param({"due_on": "0027-03-01"}, "more than ten years away", id="year mistyped"),
        pytest.param({"outcome": "ZZ9"}, "There is no outcome ZZ9.", id="outcome that is not there"),
        pytest.param({"meeting": "999"}, "The board has no such meeting any more.", id="meeting that is not there"),
        pytest.param({"is_public": ""}, "Choose who sees it.", id="seen by whom"),
    ],
)
def test_action_that_cannot_be_is_refused_in_words_and_kept(clerk, fields, said):
    page = Page(clerk.post(NEW, GIVEN | fields))
    assert said in page.main and not BoardAction.objects.exists()
    assert page.typed()["what"] == (GIVEN | fields)["what"]


def test_action_is_changed_unless_somebody_was_faster(clerk):
    path = f"{BOARD}actions/{overdue().pk}/"
    sent = GIVEN | {"act": "change", "saves": "0"}
    clerk.post(path, sent | {"what": HOSTILE})
    answer = clerk.post(path, sent)
    page = Page(answer)
    assert answer.status_code == 409 and "Nothing was overwritten." in page.main
    assert words(page.one("h1")) == HOSTILE and "<script>alert" not in page.html
    assert words(page.one("textarea", name="what")) == "Open a jobs fair."
    saves = {e.get("value") for e in page.all("input", name="saves")}
    clerk.post(path, sent | {"saves": saves.pop()})
    assert BoardAction.objects.get().what == "Open a jobs fair."
    assert "Say what will be done." in Page(clerk.post(path, sent | {"what": ""})).main


def test_action_is_closed_with_its_day_and_how_it_went_and_reopened(clerk):
    path = f"{BOARD}actions/{overdue().pk}/"
    sent = {"act": "close", "saves": "0", "state": "done", "closed_on": "2026-11-30", "result": "It went well."}
    for fields, said in (
        ({"state": ""}, "Say whether it was done or dropped."),
        ({"closed_on": ""}, "Give a day"),
        ({"closed_on": "2026-12-02"}, "2 December 2026 is still to come."),
    ):
        page = Page(clerk.post(path, sent | fields))
        assert said in page.main and words(page.one("textarea", name="result")) == "It went well."
    page = Page(clerk.post(path, sent, follow=True))
    assert "The action is done, as of 30 November 2026." in page.main
    page = Page(clerk.get(path))
    assert "It was done on 30 November 2026. It went well." in page.main and "Reopen it" in page.headings
    clerk.post(path, {"act": "reopen", "saves": "1"})
    assert BoardAction.objects.get().state == "open"


def test_member_reads_an_action(member, meeting):
    action = overdue(meeting=meeting, is_public=True, outcome="XA1")
    page = Page(member.get(f"{BOARD}actions/{action.pk}/"))
    assert not page.all("textarea") and "agreed at the meeting of 12 January 2027" in page.main
    assert "Everybody, once it is published" in page.main


# --- my work ---


def test_reviews_asked_for_stand_under_my_work_of_those_who_may_write_them(client, clerk, officer, meeting):
    create_review(meeting=meeting, outcome="XA1")
    create_review(meeting=meeting, outcome="XA2")
    create_seat(make.create_user(email="else@example.org"), "a-board")
    asked = "Reviews that boards ask for"
    assert words(Page(clerk.get("/desk/")).section(asked)).endswith("Good jobs, Fair pay")
    assert "2 reviews are asked for by boards." in Page(clerk.get("/desk/")).main
    page = Page(officer.get("/desk/"))
    assert words(page.section(asked)).endswith("A board, 12 January 2027 Good jobs")
    assert f"{AT}reviews/xa1/" in page.links and AT not in page.links
    Meeting.objects.update(is_public=True)
    assert asked not in Page(officer.get("/desk/")).headings


def test_my_work_of_those_with_neither_seat_nor_measure_asks_for_none(client, meeting):
    create_review(meeting=meeting, outcome="XA1")
    make.create_board(slug="b-board", name="B board")
    for person in (make.create_person(role=Role.OFFICER), create_clerk("b-board", email="b@example.org")):
        make.sign_in(client, person)
        assert "Reviews that boards ask for" not in Page(client.get("/desk/")).headings
