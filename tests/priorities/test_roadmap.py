"""The roadmap: every milestone and target by year."""

import pytest

from tests import factories as make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client, query="", **headers):
    return Page(client.get(f"/roadmap/{query}", headers=headers))


def told(page):
    """(year, outcome, kind) of every row."""
    found = []
    for table in page.all("table"):
        year = words(table.find("caption")).split()[-1]
        found += [(int(year), row[0], row[1]) for row in page.rows(table)]
    return found


EVERYTHING = [
    (2023, "Fair pay", "Milestone"),
    (2024, "Good jobs", "Milestone"),
    (2035, "Good jobs", "Target"),
    (2035, "Fair pay", "Target"),
    (2035, "Less soot", "Target"),
    (2035, "Nobody hungry", "Target"),
]


def test_roadmap_holds_every_milestone_and_target_by_year(client):
    page = ask(client)
    assert told(page) == EVERYTHING
    assert "6 milestones and targets of 4 outcomes." in page.main
    assert words(page.one("h1")) == "Roadmap to 2035"


@pytest.mark.parametrize(
    "query, found",
    [
        pytest.param("?kind=milestone", EVERYTHING[:2], id="milestones"),
        pytest.param("?kind=target", EVERYTHING[2:], id="targets"),
        pytest.param("?standing=published", [EVERYTHING[0], EVERYTHING[3]], id="published"),
        pytest.param("?standing=illustrative&kind=milestone", [EVERYTHING[1]], id="illustrative milestones"),
        pytest.param("?state=met", [EVERYTHING[1]], id="met"),
        pytest.param("?state=missed", [EVERYTHING[0]], id="missed"),
        pytest.param("?priority=clean-air", [EVERYTHING[4]], id="priority"),
        pytest.param("?priority=clean-air&state=met", [], id="nothing"),
        pytest.param("?priority=&kind=&standing=&state=", EVERYTHING, id="empty"),
    ],
)
def test_roadmap_is_filtered(client, query, found):
    assert told(ask(client, query)) == found


def test_row_says_what_is_to_be_reached_and_what_became_of_it(client):
    page = ask(client)
    assert page.rows(page.all("table")[1]) == [
        ["Good jobs", "Milestone", "54.0% or more by 31 December 2024", "56.0% (provisional), 2024",
         "Met: it was 56.0% in 2024", "Illustrative"],
    ]  # fmt: skip
    assert page.rows(page.all("table")[0])[0][4:] == ["Missed: it was £540 in 2024", "Published"]


def test_published_milestone_of_the_past_without_a_value_is_neither_met_nor_missed(client):
    make.create_milestone(measure="XB2", kind="milestone", due_on=2025, value=8, standing="published")
    page = ask(client, "?priority=clean-air&kind=milestone")
    assert page.rows()[0][4:] == ["Not known yet", "Published"]


def test_roadmap_says_how_much_of_it_is_illustrative(client):
    assert "illustrative: made for this site on a straight line, and nobody’s commitment" in ask(client).main


def test_roadmap_in_words_and_as_picture_hold_the_same(client):
    page = ask(client)
    marks = [words(t) for svg in page.all("svg") for t in svg.iter("title")]
    assert len(marks) == len(EVERYTHING)
    assert {(int(m.split(", ")[1][:4]), m.split(", ")[0]) for m in marks} == {(y, name) for y, name, _ in EVERYTHING}


def test_picture_shows_now_even_where_everything_is_past(client):
    page = ask(client, "?state=met")
    (svg,) = (s for s in page.all("svg") if "Milestones" in s.get("aria-label", ""))
    (now,) = (t for t in svg.iter("text") if t.text == "Now")
    assert float(now.get("x")) < float(svg.get("viewbox").split()[2])


def test_empty_roadmap_says_what_to_do(client):
    page = ask(client, "?priority=clean-air&state=met")
    assert "No milestone fits all of that" in page.headings
    assert "Take off a filter." in page.main
    assert page.link("Show every milestone") == "/roadmap/"


def test_roadmap_offers_to_show_all_only_where_some_are_hidden(client):
    assert "Show all" not in ask(client).main
    assert ask(client, "?kind=target").link("Show all") == "/roadmap/"


@pytest.mark.parametrize(
    "query", ["", "?kind=target", "?priority=clean-air&state=met", "?standing=published&edition=1"]
)
def test_fragment_is_the_part_of_the_page(client, query):
    page, part = ask(client, query), ask(client, query, **{"HX-Request": "true"})
    (whole,) = (e for e in page.root.iter() if e.get("id") == "results")
    assert words(whole) == part.text
    assert [a.get("href") for a in whole.iter("a")] == part.links
    assert not part.all("html")


def test_years_lead_to_their_table(client):
    page = ask(client)
    assert page.link("2035") == "#year-2035"


def test_roadmap_of_a_place_without_targets_can_be_read(client):
    make.Milestone.objects.all().delete()
    assert "No milestone fits all of that" in ask(client).main
