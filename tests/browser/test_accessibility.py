"""The rules of WCAG 2.2 A and AA that axe can check, after what scripts do. (Before it: test_every_page.py.)"""

import pytest
from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.faults import violations_in_short

pytestmark = pytest.mark.browser


def test_card_chosen_on_the_wheel(page: Page, site):
    page.goto("/")
    steps.choose(page, site.segments[0][0])
    assert violations_in_short(page) == []


def test_card_of_an_outcome_that_awaits_data(page: Page, site):
    page.goto("/")
    steps.choose(page, next(label for label, status in site.segments if status == "Awaiting data"))
    assert violations_in_short(page) == []


def test_outcomes_after_a_filter(page: Page, site):
    page.goto("/outcomes/")
    steps.pick(page, "Sort by", "Status, worst first")
    assert violations_in_short(page) == []


def test_no_outcome_after_a_search(page: Page, site):
    page.goto("/outcomes/")
    steps.filters(page).get_by_label("Search").fill("qwertyuiop")
    steps.results(page).get_by_role("heading", name="No outcome fits").wait_for()
    assert violations_in_short(page) == []


def test_roadmap_after_a_filter(page: Page, site):
    page.goto("/roadmap/")
    steps.pick(page, "Show", "Targets only")
    assert violations_in_short(page) == []


def test_chart_that_plotly_has_drawn(page: Page, site):
    page.goto(site.paths["outcome"])
    steps.draw_chart(page)
    assert violations_in_short(page) == []
