"""Which outcomes have a pledge behind them: counted from commitments in force, drawn, and told in words."""

from datetime import date

import pytest

from outcomes.models import OutcomeVersion
from pledges.coverage import coverage
from priorities.models import PriorityVersion
from tests import factories_pledges as make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(exampleton):
    make.create_pledge(slug="one", serves=["XA1", "XA2"])
    make.create_commitment(slug="one-2", pledge="one", position=2, serves=["XA1"])
    make.create_commitment(slug="one-3", pledge="one", position=3, serves=["XB1"])
    make.create_pledge_update(pledge="one")
    make.create_stage(commitment="one-3", stage="ended", update="one-2026-03-01")
    make.create_pledge(slug="two", serves=["XB2"], withdrawn_on=date(2026, 2, 3), withdrawn_why="It closed.")
    for pledge in ("one", "two"):
        make.create_commitment(slug=f"{pledge}-all", pledge=pledge, position=4, serves_all=True)
    return exampleton


def found(edition):
    return coverage(edition, list(PriorityVersion.objects.at(edition)), list(OutcomeVersion.objects.at(edition)))


def test_commitments_in_force_count_and_no_others(place, django_assert_num_queries):
    with django_assert_num_queries(5):
        shown = found(place)
    counted = {served.code: served.commitments for group in shown.groups for served in group.outcomes}
    assert counted == {"xa1": 2, "xa2": 1, "xb1": 0, "xb2": 0, "xm1": 0}
    assert (shown.named, shown.total, shown.for_all, shown.most) == (2, 5, 1, 2)
    assert [group.priority and group.priority.name for group in shown.groups] == ["Good work", "Clean air", None]


def test_picture_tells_named_from_not_named_by_shape_and_bars_by_height(place):
    (_, good_work), (_, clean_air), _ = found(place).pictures
    assert good_work.count('class="some"') == 2 and 'class="none"' not in good_work
    assert "<title>Good jobs: 2 commitments</title>" in good_work
    assert 'height="72.0"' in good_work and 'height="38.5"' in good_work
    assert clean_air.count('class="none"') == 2


def test_page_names_the_outcomes_without_a_pledge_and_offers_to_make_the_first(place, client):
    page = Page(client.get("/pledges/"))
    section = page.section("Which outcomes have a pledge behind them")
    said = words(section)
    assert "Commitments name 2 of 5 outcomes." in said
    assert "1 more commitment serves every priority alike" in said
    assert "2 of 2 named. No pledge yet" not in said and "None of 2 named. No pledge yet: Clean rivers" in said
    first = [a.get("href") for a in section.iter("a") if words(a).startswith("Make the first for")]
    assert first == [f"/pledges/new/?outcome={code}" for code in ("xb1", "xb2", "xm1")]
    assert page.link("2 commitments") == "/pledges/?outcome=xa1#results"


@pytest.mark.parametrize("query", ["?priority=good-work", "?q=dragons"])
def test_whoever_asks_for_something_gets_that_and_a_way_to_the_map(place, client, query):
    page = Page(client.get(f"/pledges/{query}"))
    assert not [e for e in page.root.iter() if e.get("id") == "coverage"]
    assert page.link("Outcomes without a pledge") == "/pledges/#coverage"


def test_place_without_pledges_says_what_will_be_here(exampleton, client):
    page = Page(client.get("/pledges/"))
    assert "No organisation has made a pledge yet." in page.main
    assert page.link("Make the first pledge") == "/pledges/new/"
    assert "None of 2 named. No pledge yet: Good jobs" in page.main
    assert not page.all("form")
