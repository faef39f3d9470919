"""The list of outcomes: filters, search, order, and the part that htmx swaps in."""

import pytest

from outcomes.progress import Family, Status
from tests import factories as make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
EVERYTHING = ["Good jobs", "Fair pay", "Clean rivers", "Less soot"]


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def listed(page):
    """The outcomes of the list, in its order."""
    return [words(h) for h in page.all("h3") if page.around(h, "li") is not None]


def ask(client, query="", **headers):
    return Page(client.get(f"/outcomes/{query}", headers=headers))


def test_list_holds_every_outcome_of_the_wheel_but_not_the_missions(client):
    assert listed(ask(client)) == EVERYTHING


@pytest.mark.parametrize(
    "query, found",
    [
        pytest.param("?priority=good-work", ["Good jobs", "Fair pay"], id="priority"),
        pytest.param("?priority=clean-air", ["Clean rivers", "Less soot"], id="another priority"),
        pytest.param("?status=on_track", ["Good jobs"], id="status"),
        pytest.param("?status=unknown", ["Clean rivers", "Less soot"], id="family"),
        pytest.param(
            "?board=a-board", ["Good jobs", "Fair pay", "Nobody hungry"], id="board of a priority and the mission"
        ),
        pytest.param("?board=work-group", ["Good jobs"], id="board, through its plan"),
        pytest.param("?q=rivers", ["Clean rivers"], id="search in the name"),
        pytest.param("?q=river", ["Clean rivers"], id="search for the singular"),
        pytest.param("?q=XB2", ["Less soot"], id="search for the code"),
        pytest.param("?q=micrograms", ["Less soot"], id="search in the unit"),
        pytest.param("?q=clean+water", [], id="search for two words, one of which is nowhere"),
        pytest.param("?priority=good-work&status=worse", ["Fair pay"], id="two filters"),
        pytest.param("?priority=clean-air&status=on_track", [], id="filters that shut each other out"),
        pytest.param("?board=a-board&priority=clean-air", [], id="board of another priority"),
        pytest.param("?sort=name", ["Clean rivers", "Fair pay", "Good jobs", "Less soot"], id="by name"),
        pytest.param("?sort=status", ["Fair pay", "Good jobs", "Less soot", "Clean rivers"], id="worst first"),
        pytest.param("?sort=newest", ["Good jobs", "Fair pay", "Less soot", "Clean rivers"], id="newest first"),
        pytest.param("?sort=name&priority=good-work", ["Fair pay", "Good jobs"], id="filtered and in order"),
        pytest.param("?q=+++", EVERYTHING, id="nothing but spaces"),
        pytest.param("?edition=1&priority=clean-air", ["Clean rivers", "Less soot"], id="in an edition"),
    ],
)
def test_list_is_filtered_and_in_order(client, query, found):
    assert listed(ask(client, query)) == found


def test_board_that_oversees_only_the_mission_has_its_measures(client):
    make.create_board(slug="another-board", name="Another board", position=3)
    make.create_oversight(board="another-board")
    page = ask(client, "?board=another-board")
    assert listed(page) == ["Nobody hungry"]
    assert "1 outcome, a measure of the mission: 1 " not in page.main
    assert "1 outcome, a measure of the mission: 0 going well" in page.main


@pytest.mark.parametrize("slug", ["a-board", "work-group"])
def test_list_of_a_board_counts_what_its_own_page_lists(client, slug):
    of_board = Page(client.get(f"/boards/{slug}/"))
    said = words(of_board.section("Its outcomes"))
    found = listed(ask(client, f"?board={slug}"))
    assert found and all(label in said for label in found)
    assert f"{len(found)} outcome" in said


def test_filter_by_board_takes_so_many_queries_however_many_it_has(client, django_assert_num_queries):
    for slug in ("a-board", "work-group"):
        with django_assert_num_queries(12 if slug == "work-group" else 10):
            client.get(f"/outcomes/?board={slug}")


def test_list_counts_what_it_shows_by_family(client):
    assert "4 outcomes: 1 going well, 0 needs to go faster, 1 getting worse or target missed, 2 not known yet." in (
        ask(client).main
    )
    said = ask(client, "?priority=good-work").main
    assert "2 outcomes of 4: 1 going well, 0 needs to go faster" in said
    assert "1 outcome of 4" in ask(client, "?q=soot").main


def test_list_offers_to_show_all_only_where_some_are_hidden(client):
    assert "Show all 4" not in ask(client).main
    assert ask(client, "?status=better").link("Show all 4") == "/outcomes/"
    assert "Show all 4" not in ask(client, "?sort=name").main


def test_empty_list_says_what_to_do(client):
    page = ask(client, "?q=dragons")
    assert listed(page) == []
    assert "No outcome fits all of that" in page.headings
    assert "Try fewer or shorter words" in page.main
    assert page.link("Show all 4 outcomes") == "/outcomes/"


@pytest.mark.parametrize(
    "query", ["", "?priority=good-work", "?q=river&sort=name", "?q=dragons", "?status=worse&edition=1"]
)
def test_fragment_is_the_part_of_the_page(client, query):
    """Whoever has JavaScript sees the very same list."""
    page, part = ask(client, query), ask(client, query, **{"HX-Request": "true"})
    (whole,) = (e for e in page.root.iter() if e.get("id") == "results")
    assert words(whole) == part.text
    assert [a.get("href") for a in whole.iter("a")] == part.links
    assert not part.all("html") and not part.all("form")


def test_fragment_says_what_to_announce(client):
    def announced(query):
        part = ask(client, query, **{"HX-Request": "true"})
        return [e.get("data-announce") for e in part.root.iter() if "data-announce" in e.attrib]

    assert announced("?priority=good-work") == ["2 outcomes of 4"]
    assert announced("?q=dragons") == ["No outcome fits"]


def test_form_keeps_what_was_asked(client):
    page = ask(client, "?q=%22river%22+%3Cb%3E&priority=clean-air&status=unknown&board=a-board&sort=newest")
    assert page.one("input", name="q").get("value") == '"river" <b>'
    chosen = {
        select.get("name"): [o.get("value") for o in select.iter("option") if "selected" in o.attrib]
        for select in page.all("select")
    }
    assert chosen == {
        "priority": ["clean-air"], "status": ["unknown"], "board": ["a-board"], "sort": ["newest"],
    }  # fmt: skip


def test_form_offers_every_choice_in_words(client):
    page = ask(client)
    offered = {select.get("name"): [words(o) for o in select.iter("option")] for select in page.all("select")}
    assert offered["priority"] == ["All priorities", "Good work", "Clean air"]
    assert offered["board"] == ["Any board", "A board", "Work group"]
    assert {status.label for status in Status} <= set(offered["status"])
    assert {f"{family.label} (all)" for family in Family} <= set(offered["status"])


def test_form_works_without_javascript(client):
    form = ask(client).one("form")
    assert (form.get("action"), form.get("method")) == ("/outcomes/", "get")
    assert [b for b in form.iter("button") if b.get("type", "submit") == "submit"]


@pytest.mark.parametrize(
    "label, said",
    [
        pytest.param("Good jobs", ["On track", "56.0% (provisional)", "2024", "More people in good jobs"], id="judged"),
        pytest.param("Fair pay", ["Getting worse", "£540"], id="worse"),
        pytest.param("Clean rivers", ["Awaiting data", "No value yet", "Working name"], id="no value"),
        pytest.param("Less soot", ["Baseline only", "estimated and low reliability", "2023"], id="one value"),
    ],
)
def test_row_says_status_value_and_standing(client, label, said):
    entry = ask(client).entry(label)
    assert [part for part in said if part not in entry] == []


def test_row_says_whether_its_target_is_illustrative(client):
    page = ask(client)
    assert "illustrative" in page.entry("Good jobs").lower()
    assert "illustrative" not in page.entry("Fair pay").lower()
    assert "illustrative" not in page.entry("Clean rivers").lower()
