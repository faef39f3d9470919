"""The data page and the method page: what can be had, what is late, and by which rules a status is given."""

import pytest

from outcomes import progress
from outcomes.progress import Status
from outcomes.series import FEWEST_SIMILAR_PLACES
from tests import addresses
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def test_data_page_offers_every_file(client):
    page = Page(client.get("/data/"))
    files = {path for path in addresses.files() if path.startswith(("/data/", "/outcomes/")) and "/chart." not in path}
    assert len(files) > 10 and files <= set(page.links)


def test_data_page_lists_outcomes_that_are_not_up_to_date_with_the_reason(client):
    page = Page(client.get("/data/"))
    table = next(t for t in page.all("table") if "not up to date" in words(t.find("caption")))
    assert {row[0]: row[1] for row in page.rows(table)} == {
        "Good jobs": "Late",
        "Fair pay": "Late",
        "Clean rivers": "No figure yet",
        "Less soot": "Source ended",
        "Nobody hungry": "No regular release",
    }
    assert "expected by about March 2026 (our estimate)" in page.entry("Good jobs", "tr")


def test_data_page_says_how_to_keep_to_an_edition_and_what_the_shorthand_means(client):
    main = Page(client.get("/data/")).main
    assert "add ?edition=1 to any address" in main
    assert "[p] provisional" in main and "[b] break in the series" in main


def test_method_page_prints_every_rule_from_the_program(client):
    page = Page(client.get("/method/"))
    for rule in (progress.PATH_RULE, progress.TREND_RULE, progress.PROJECTION_RULE):
        assert rule in page.main
    rows = {row[0]: row[1:] for row in page.rows(page.all("table")[0])}
    assert list(rows) == [status.label for status in progress.STATUS_RULES]
    for status in Status:
        assert rows[status.label][0] == status.rule
    for kind in (progress.MilestoneState, progress.Trend, progress.Freshness):
        assert all(member.label in page.main and member.rule in page.main for member in kind)


def test_method_page_counts_the_outcomes_of_each_status_without_the_mission(client):
    page = Page(client.get("/method/"))
    counts = {row[0]: int(row[2]) for row in page.rows(page.all("table")[0])}
    assert {label for label, count in counts.items() if count} == {
        "On track", "Getting worse", "Awaiting data", "Baseline only",
    }  # fmt: skip
    assert sum(counts.values()) == 4


def test_method_page_names_its_thresholds(client):
    main = Page(client.get("/method/")).main
    assert "on track where R is at least 95%" in main and "too slowly where it is at least 60%" in main
    assert f"where at least {FEWEST_SIMILAR_PLACES} have a figure" in main
