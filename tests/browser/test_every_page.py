"""Every kind of page as it loads: all that is asked of each, in one visit."""

import pytest
from playwright.sync_api import Page

from tests.browser import faults, pages, steps

pytestmark = pytest.mark.browser

AT_ANY_WIDTH = {
    "home",
    "priority",
    "outcomes",
    "outcome",
    "roadmap",
    "pledges",
    "pledge",
    "boards",
    "board",
    "meeting",
    "data",
}


@pytest.mark.parametrize("kind", pages.KINDS)
def test_page(page: Page, site, watch, kind):
    steps.open_kind(page, site, kind)
    page.wait_for_load_state("networkidle")
    assert watch.requests
    found = {"complaints": list(watch.said), "asked elsewhere": watch.elsewhere, "layout": faults.layout(page)}
    if kind in AT_ANY_WIDTH:
        found["width"] = faults.at_any_width(page)
    if kind in pages.DISTINCT:
        found["accessibility"] = faults.violations(page)
        found["wider text"] = faults.layout_of_wider_text(page)
    if kind in pages.DISTINCT and kind in pages.WHOLE:
        if kind in pages.WITH_CHART:
            steps.draw_chart(page)
            page.evaluate("scrollTo(0, 0)")
        found["keyboard"] = faults.tab_order(page)
    assert not faults.told(found), faults.told(found)
