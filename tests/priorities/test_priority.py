"""A priority's page."""

import pytest

from tests import factories as make
from tests.factories_pledges import create_commitment, create_pledge
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client, slug="good-work"):
    return Page(client.get(f"/priorities/{slug}/"))


def test_page_says_what_the_priority_is(client):
    page = ask(client)
    assert words(page.one("h1")) == "Good work"
    assert "Work that pays." in page.main and "More of it, and better." in page.main


def test_page_shows_its_own_outcomes_only_as_fan_and_list(client):
    page = ask(client)
    fan = {a.get("data-card"): a.get("aria-label") for a in page.all("a") if a.get("data-card")}
    assert list(fan) == ["xa1", "xa2"]
    assert fan["xa2"].startswith("Fair pay: Getting worse")
    section = page.section("Its outcomes")
    assert [words(h) for h in section.iter("h3")] == ["Good jobs", "Fair pay"]
    assert "On track" in page.entry("Good jobs") and "56.0% (provisional)" in page.entry("Good jobs")


def test_page_counts_how_many_stand_where(client):
    text = " ".join(" ".join(ask(client).one("main").itertext()).split())
    assert "1 going well" in text and "1 getting worse or target missed" in text and "0 not known yet" in text


def test_page_lists_published_actions_and_claims_no_progress(client):
    page = ask(client)
    assert "1 action the council has published" in page.entry("Good jobs")
    assert "Open a jobs fair." in page.entry("Good jobs")
    assert "action" not in page.entry("Fair pay")
    assert "No progress on the council’s actions is published, so none is shown." in page.main


def test_page_lists_developments_projects_plans_and_boards_with_their_standing(client):
    page = ask(client)
    assert "A new hall" in words(page.section("Developments by 2031"))
    assert "A new bridge. Source: A source (2025)." in words(page.section("Developments by 2031"))
    plans = words(page.section("Strategy and plans"))
    assert "The main strategy is the A plan." in plans and "in force; main strategy" in plans
    assert page.link("A plan") == "/plans/#a-plan"
    boards = words(page.section("Who leads"))
    assert "A board" in boards and "our reading" in boards


def test_page_says_what_is_not_known(client):
    assert "None is known." in words(ask(client, "clean-air").section("Developments by 2031"))


def test_page_leads_to_the_other_priorities(client):
    (nav,) = (n for n in ask(client).all("nav") if n.get("aria-label") == "Other priorities")
    assert [a.get("href") for a in nav.iter("a")] == ["/priorities/clean-air/"]


def test_page_of_a_priority_without_outcomes_can_be_read(client):
    make.create_priority(slug="empty", name="Nothing yet", position=3)
    page = ask(client, "empty")
    assert words(page.one("h1")) == "Nothing yet"
    assert not [a for a in page.all("a") if a.get("data-card")]


def test_newest_pledges_about_the_priority_are_listed_and_the_rest_are_a_link_away(client):
    for number in range(6):
        create_pledge(slug=f"p-{number}", title=f"Pledge {number}", made_on=f"2026-0{number + 1}", serves=["XA1"])
    create_pledge(slug="chosen", title="Chosen", made_on="2026-09", focus=["good-work"])
    create_pledge(slug="all")
    create_commitment(slug="all-1", pledge="all", serves_all=True)
    page = ask(client)
    section = page.section("Pledges")
    assert "7 pledges are about this priority. These are the newest." in words(section)
    assert [words(a) for li in section.iter("li") for a in li.iter("a")] == [
        "Chosen",
        *(f"Pledge {n}" for n in (5, 4, 3, 2)),
    ]
    assert page.link("All 7 pledges") == "/pledges/?priority=good-work"
    assert "Besides, 1 pledge serves every priority alike." in words(section)


def test_priority_without_a_pledge_says_so_and_asks_for_the_first(client):
    page = ask(client)
    assert "No pledge is about this priority yet." in page.main
    assert page.link("Make the first") == "/pledges/new/?priority=good-work"
