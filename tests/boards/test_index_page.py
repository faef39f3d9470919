"""The boards as a family."""

from datetime import date

import pytest

from boards.models import MeetingVersion
from tests import factories as make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
MEETS = True


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client, query=""):
    return Page(client.get(f"/boards/{query}"))


def card(page, name):
    (link,) = (a for a in page.all("a") if words(a) == name and page.around(a, "h2", "h3", "h4") is not None)
    return words(page.around(link, "li", "section"))


def test_strategic_board_leads_those_that_deliver_for_it(client):
    page = ask(client)
    assert "2 boards and groups look after the work towards Exampleton 2035." in page.main
    led = page.section("A board")
    assert [words(h) for h in led.iter() if h.tag in ("h3", "h4")] == [
        "1 board or group that delivers for it",
        "Work group",
    ]
    assert page.link("Work group") == "/boards/work-group/"


def test_card_says_what_a_board_is_for_what_it_oversees_and_how_its_outcomes_stand(client):
    page = ask(client)
    told = words(page.section("A board"))
    assert "Looks after good work." in told
    assert "Oversees: the mission, nobody goes without." in told
    assert "Linked to (our reading): Good work." in told
    assert "3 outcomes, 1 of them a measure of the mission" in told
    assert "1 going well" in told and "1 needs to go faster" in told
    group = card(page, "Work group")
    for said in ("Oversees: A plan.", "1 outcome 1 going well: Work group", "Meets: Twice a year"):
        assert said in group
    assert page.link("A plan") == "/plans/#a-plan"


def test_counts_lead_to_those_outcomes(client):
    page = ask(client)
    link = page.link("going well: A board")
    assert link == "/outcomes/?board=a-board&status=better"
    assert "Good jobs" in Page(client.get(link)).main


def test_picture_and_list_of_who_answers_to_whom_say_the_same_in_the_same_order(client):
    page = ask(client)
    picture = page.one("svg", role="group")
    drawn = [(a.get("href"), a.get("aria-label")) for a in picture.iter("a")]
    listed = next(d for d in page.all("details") if words(d).startswith("As a list"))
    items = [(li.find("a").get("href"), words(li.find("a")) + (li.find("a").tail or "")) for li in listed.iter("li")]
    assert drawn == items
    assert drawn[1] == ("/boards/work-group/", "Work group, answers to A board (our reading)")


def test_next_public_meeting_takes_the_place_of_how_often_a_board_meets(client):
    assert "Next public meeting" not in ask(client).main
    make.BoardVersion.objects.update(meets="Often")
    page = ask(client, "?edition=1")
    assert "Meets: Often" in words(page.section("A board"))
    MeetingVersion.objects.update(held_on=date(2027, 3, 2))
    page = ask(client)
    assert "Next public meeting: 2 March 2027" in words(page.section("A board"))
    assert page.link("2 March 2027") == "/boards/a-board/2027-03-02/"


def test_boards_that_no_strategic_board_leads_stand_on_their_own(client):
    make.create_board(slug="loners", name="Loners", position=3, role="delivery")
    page = ask(client)
    own = words(page.section("Boards and groups on their own"))
    assert "Loners" in own and "No outcome is linked to it." in own
    assert "Work group" not in own


def test_place_without_boards_has_a_page_that_says_so(client):
    make.Oversight.objects.all().delete()
    make.BoardVersion.objects.all().delete()
    page = ask(client)
    assert "No boards or groups are published yet." in page.main
    assert not page.all("svg", role="group")
