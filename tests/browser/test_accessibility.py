"""The rules of WCAG 2.2 A and AA that axe can check, on every kind of page, narrow and wide, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import pages, steps

pytestmark = pytest.mark.browser

EVERY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
WIDTHS = {320: 640, 1280: 900}


def violations(page: Page) -> list[str]:
    """One line for each violation, at both widths and in both schemes, which differ in nothing but colours."""
    found = {}
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme, rules in (("light", EVERY_RULE), ("dark", COLOUR_RULES)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            answer = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
            assert answer["passes"], "axe has checked nothing"
            for violation in answer["violations"]:
                for node in violation["nodes"]:
                    why = "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
                    line = f"{violation['id']} at {' '.join(map(str, node['target']))}: {why}"
                    found.setdefault(line, []).append(f"{width} {scheme}")
    return [f"{', '.join(views)}: {line}" for line, views in found.items()]


@pytest.mark.parametrize("kind", pages.DISTINCT)
def test_page(page: Page, site, kind):
    steps.open_kind(page, site, kind)
    assert violations(page) == []


def test_card_chosen_on_the_wheel(page: Page, site):
    page.goto("/")
    steps.choose(page, site.segments[0][0])
    assert violations(page) == []


def test_card_of_an_outcome_that_awaits_data(page: Page, site):
    page.goto("/")
    steps.choose(page, next(label for label, status in site.segments if status == "Awaiting data"))
    assert violations(page) == []


def test_outcomes_after_a_filter(page: Page, site):
    page.goto("/outcomes/")
    steps.pick(page, "Sort by", "Status, worst first")
    assert violations(page) == []


def test_no_outcome_after_a_search(page: Page, site):
    page.goto("/outcomes/")
    steps.filters(page).get_by_label("Search").fill("qwertyuiop")
    steps.results(page).get_by_role("heading", name="No outcome fits").wait_for()
    assert violations(page) == []


def test_roadmap_after_a_filter(page: Page, site):
    page.goto("/roadmap/")
    steps.pick(page, "Show", "Targets only")
    assert violations(page) == []


def test_chart_that_plotly_has_drawn(page: Page, site):
    page.goto(site.paths["outcome"])
    steps.draw_chart(page)
    assert violations(page) == []
