"""A board's page."""

from datetime import date

import pytest

from boards.models import ActionVersion, BoardVersion, MeetingVersion, ReviewVersion
from tests import factories as make
from tests.factories_boards import create_action_version, create_board_action, create_meeting, create_meeting_version
from tests.factories_pledges import create_commitment, create_pledge
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
MEETS = True


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client, slug="a-board", query=""):
    return Page(client.get(f"/boards/{slug}/{query}"))


def facts(page):
    """What the list under the first heading says, by what it is of."""
    section = page.section("About the board")
    return dict(zip(map(words, section.iter("dt")), map(words, section.iter("dd")), strict=True))


# --- what it is ---


def test_page_says_what_is_published_of_the_board(client):
    page = ask(client, "work-group")
    assert words(page.one("h1")) == "Work group"
    assert "Delivery board or group" in page.main and "Also called The workers" in page.main
    assert facts(page) == {
        "It oversees": "A plan",
        "Who sits on it": "Charities; the council.",
        "How often it meets": "Twice a year",
        "Legal basis": "An Act",
        "Note": "It began in 2020.",
        "Where this is from": "Source: A source (2025).",
    }


def test_page_says_in_words_what_is_not_published(client):
    found = facts(ask(client))
    assert found["It oversees"] == "the mission, nobody goes without"
    assert found["It is linked to"] == "Good work our reading"
    assert found["Who sits on it"] == "Not published."
    assert found["How often it meets"] == "Not published."
    assert found["Legal basis"] == "No legal basis is published."
    assert "Note" not in found


def test_what_it_oversees_is_listed_as_far_as_the_edition_has_it(client):
    make.create_oversight(board="work-group", plan="a-plan-to-come")
    make.create_oversight(board="work-group", priority="a-priority-to-come")
    assert facts(ask(client, "work-group"))["It oversees"] == "A plan"


def test_boards_above_and_below_are_drawn_and_listed(client):
    page = ask(client, "work-group")
    drawn = [(a.get("href"), a.get("aria-current")) for a in page.all("svg", _class="boards")[0].iter("a")]
    assert drawn == [("/boards/a-board/", None), ("/boards/work-group/", "page")]
    assert "Work group, answers to A board (our reading)" in words(page.section("About the board"))


def test_board_that_stands_alone_says_so_in_place_of_a_picture(client):
    make.create_board(slug="loners", name="Loners", position=3)
    page = ask(client, "loners")
    assert "Nothing is published of a board above or below it." in page.main
    assert not page.all("svg", _class="boards")


def test_there_is_no_page_of_a_board_that_is_not_there(client):
    answer = client.get("/boards/no-such-board/")
    assert answer.status_code == 404
    assert "There is no board of that name." in Page(answer).main


# --- its outcomes ---


def test_outcomes_are_listed_exceptions_first_each_with_its_reason_and_its_way(client):
    page = ask(client)
    section = page.section("Its outcomes")
    assert [words(h) for h in section.iter("h3")] == [
        "Getting worse or target missed (1)",
        "Off track (1)",
        "Late (1)",
    ]
    assert "By 2024 it needed to be £572 or more. It is £540, worse than the £550 it started from. Linked through" in (
        page.entry("Fair pay")
    )
    assert "On track" in page.entry("Good jobs") and "A newer one was expected by about" in page.entry("Good jobs")
    assert "Linked through Good work (our reading)." in page.entry("Good jobs")
    assert "Linked through Nobody goes without." in page.entry("Nobody hungry")
    assert page.link("Good jobs") == "/outcomes/xa1/"


def test_wheel_of_one_priority_is_its_fan_and_of_several_a_wheel_whose_links_lead_to_outcomes(client):
    page = ask(client)
    (fan,) = page.all("svg", _class="wheel fan")
    assert [a.get("href") for a in fan.iter("a")] == ["/outcomes/xa1/", "/outcomes/xa2/"]
    make.create_oversight(priority="clean-air")
    page = ask(client)
    (wheel,) = page.all("svg", _class="wheel")
    assert wheel.get("aria-label") == "Wheel of the outcomes of A board"
    links = [a.get("href") for a in wheel.iter("a")]
    assert links[-1] == "/mission/"
    assert {"/outcomes/xa1/", "/outcomes/xb2/", "/priorities/clean-air/"} <= set(links)


def test_hub_of_a_board_without_the_mission_counts_its_outcomes_and_leads_to_their_list(client):
    for slug in ("good-work", "clean-air"):
        make.create_oversight(board="work-group", priority=slug)
    (wheel,) = ask(client, "work-group").all("svg", _class="wheel")
    hub = next(a for a in wheel.iter("a") if a.get("class") == "hub")
    assert hub.get("href") == "/outcomes/?board=work-group"
    assert hub.get("aria-label") == "4 outcomes: all that Work group is linked to"


def test_board_of_the_mission_alone_has_no_wheel_and_no_room_for_one(client):
    make.Oversight.objects.exclude(priority=None).delete()
    page = ask(client)
    assert "1 outcome, a measure of the mission" in words(page.section("Its outcomes"))
    assert not page.all("svg", _class="wheel") and not page.all("div", _class="fanned")


def test_long_lists_after_the_exceptions_are_folded(client):
    for number in range(7):
        make.create_outcome(code=f"Z{number}", position=20 + number)
    section = ask(client).section("Its outcomes")
    (folded,) = (d for d in section.iter("details"))
    assert words(folded).startswith("Show 7 outcomes")


def test_board_without_outcomes_says_so_and_why(client):
    make.create_board(slug="loners", name="Loners", position=3)
    page = ask(client, "loners")
    assert "No outcome is linked to this board" in words(page.section("Its outcomes"))
    assert not page.all("svg", _class="wheel")


# --- what it does ---


def test_meetings_are_listed_the_newest_first_and_those_to_come_are_marked(client):
    create_meeting_version(meeting=create_meeting(held_on=date(2027, 3, 2)))
    section = ask(client).section("Its public meetings")
    assert [words(li) for li in section.iter("li")] == [
        "Meeting of 2 March 2027 to come",
        "Meeting of 24 November 2026 Welcome to all.",
    ]
    assert [a.get("href") for a in section.iter("a")] == ["/boards/a-board/2027-03-02/", "/boards/a-board/2026-11-24/"]


def test_actions_say_who_does_what_and_how_it_stands_open_ones_by_the_day_they_are_due(client):
    action = create_board_action(what="Plant trees.", due_on=date(2026, 12, 24), is_public=True)
    create_action_version(action=action)
    page = ask(client)
    section = page.section("What it has agreed to do")
    assert page.rows(section) == [
        ["Ask the mill. (for Fair pay)", "A charity", "Overdue It was due on 1 November 2026, four weeks ago."],
        ["Plant trees.", "A charity", "Open It is due on 24 December 2026."],
        ["Open the hall.", "A charity", "Done It was done on 2 November 2026. Forty came."],
    ]
    assert "1 action done or dropped" in words(section)


def test_closed_actions_alone_leave_nothing_open(client):
    ActionVersion.objects.filter(state="open").delete()
    assert "Nothing is open." in words(ask(client).section("What it has agreed to do"))


def test_reviews_are_listed_by_outcome_and_lead_to_their_meeting(client):
    page = ask(client)
    said = words(page.section("What it says of its outcomes"))
    for part in ("Fair pay", "The story behind it Rents rose.", "Reply of A charity, 20 November 2026 We ask too."):
        assert part in said
    assert page.link("For the meeting of 24 November 2026: Fair pay") == "/boards/a-board/2026-11-24/#xa2"


def test_pledges_that_serve_its_outcomes_are_listed_and_silent_ones_named(client):
    create_pledge(title="Buy nearby", serves=["XA1"], made_on="2024-03")
    create_pledge(slug="all", title="Do good", made_on="2026-11")
    create_commitment(slug="all-1", pledge="all", serves_all=True)
    create_pledge(slug="other", title="Clean up", serves=["XB1"])
    section = ask(client).section("Pledges that serve its outcomes")
    assert [words(li) for li in section.iter("li")] == [
        "Buy nearby: A charity. 1 commitment: nothing reported yet. Made in March 2024. "
        "Nothing has been heard of it for 2 years and 8 months."
    ]
    assert "1 commitment in 1 pledge names one of them. Counted below are such commitments alone" in words(section)
    assert "Besides, 1 pledge serves every priority alike." in words(section)


def test_pledges_beyond_the_newest_are_counted_and_what_serves_other_outcomes_is_not(client):
    for number in range(6):
        create_pledge(slug=f"p-{number}", serves=["XA1"])
        create_commitment(slug=f"p-{number}-other", pledge=f"p-{number}", position=2, serves=["XB1"])
    section = ask(client).section("Pledges that serve its outcomes")
    assert "6 commitments in 6 pledges name them. These pledges are the newest." in words(section)
    assert [words(li).split(": ", 1)[1] for li in section.iter("li")] == [
        "A charity. 1 commitment: nothing reported yet."
    ] * 5
    assert "further" not in words(section)


def test_what_is_not_there_yet_is_told_with_when_it_will_be(client):
    page = ask(client, "work-group")
    assert "No meeting is public here yet." in words(page.section("Its public meetings"))
    assert "No action is public here yet." in words(page.section("What it has agreed to do"))
    assert not {"What it says of its outcomes", "Pledges that serve its outcomes"} & set(page.headings)


def test_page_leads_to_what_falls_due_and_to_the_calendar(client):
    page = ask(client)
    assert page.link("What falls due next") == "/boards/a-board/roadmap/"
    assert page.link("Calendar") == "/boards/a-board/calendar.ics"


def test_older_edition_shows_what_was_public_then(client):
    """In the next edition the board has another name and has taken everything back."""
    edition = make.create_edition()
    for model in (BoardVersion, MeetingVersion, ReviewVersion, ActionVersion):
        model.objects.update(last_edition=1)
    make.create_board(edition=edition, name="Renamed board")
    then, now = ask(client, query="?edition=1"), ask(client)
    assert words(then.one("h1")) == "A board" and "Meeting of 24 November 2026" in then.main
    assert words(now.one("h1")) == "Renamed board"
    assert "No meeting is public here yet." in now.main and "No action is public here yet." in now.main


# --- elsewhere ---


ELSEWHERE = pytest.mark.parametrize(
    "path, heading",
    [
        pytest.param("/priorities/good-work/", "Who leads", id="priority"),
        pytest.param("/mission/", "Who leads", id="mission"),
        pytest.param("/outcomes/xa2/", "What is being done", id="outcome"),
    ],
)


@ELSEWHERE
def test_other_pages_lead_to_the_board(client, path, heading):
    section = Page(client.get(path)).section(heading)
    assert "/boards/a-board/" in [a.get("href") for a in section.iter("a")]


@ELSEWHERE
def test_other_pages_say_that_no_board_is_linked(client, path, heading):
    make.Oversight.objects.all().delete()
    assert "No board is linked to it." in words(Page(client.get(path)).section(heading))


def test_plan_leads_to_the_board_that_owns_it(client):
    make.PlanVersion.objects.update(owner="board:a-board")
    assert Page(client.get("/plans/")).link("A board") == "/boards/a-board/"


def test_outcome_page_has_the_newest_review_of_each_board(client):
    page = Page(client.get("/outcomes/xa2/"))
    said = words(page.section("What boards say"))
    assert "A board For its meeting of 24 November 2026, with the figures as they were then." in said
    assert "What we will do Ask more." in said
    assert page.link("meeting of 24 November 2026") == "/boards/a-board/2026-11-24/#xa2"
    assert "What boards say" not in Page(client.get("/outcomes/xa1/")).headings
