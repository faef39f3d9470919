"""All of the site by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import faults, pages, steps

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page: Page) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    return page


@pytest.mark.parametrize("kind", ["home", "outcomes", "outcome", "not found"])
def test_skip_link_leads_to_the_main_content(page: Page, site, kind):
    steps.open_kind(page, site, kind)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


# --- the wheel ---


def test_every_segment_is_reached_in_order_and_tells_its_status(page: Page, site):
    page.goto("/")
    names = [stop["name"] for stop in faults.walk(page) if stop["isSegment"]]
    assert len(names) == len(site.segments)
    for name, (label, status) in zip(names, site.segments, strict=True):
        assert name.startswith(f"{label}: {status}")


def test_wheel_and_list_say_the_same_in_the_same_order(page: Page, site):
    page.goto("/")
    items = page.get_by_role("region", name="The wheel as a list").get_by_role("listitem").all_inner_texts()
    assert len(items) >= len(site.segments)  # the mission, which is in the wheel's hub, comes after
    for item, (label, status) in zip(items, site.segments, strict=False):
        assert item.startswith(label)
        assert status in item


@pytest.mark.parametrize("position", [0, 20, -1])
def test_enter_shows_the_card_and_keeps_the_focus(page: Page, site, position):
    label, status = site.segments[position]
    page.goto("/")
    steps.segment(page, label).focus()
    page.keyboard.press("Enter")
    expect(steps.announced(page)).to_contain_text(f"{label}: {status}")
    expect(steps.card(page).get_by_role("heading", name=label, exact=True)).to_be_visible()
    expect(steps.segment(page, label)).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.activeElement.matches('#card, a[data-card][aria-current]')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#card, svg.wheel, main') !== null")


def test_one_card_after_another_is_announced(page: Page, site):
    page.goto("/")
    for label, status in site.segments[:3]:
        steps.segment(page, label).focus()
        page.keyboard.press("Enter")
        expect(steps.announced(page)).to_contain_text(f"{label}: {status}")
    assert steps.wheel(page).locator("[aria-current]").count() == 1


def test_card_is_left_by_its_own_link(page: Page, site):
    page.goto("/")
    steps.choose(page, site.segments[0][0])
    steps.card(page).get_by_role("link", name="How to read the wheel").press("Enter")
    expect(steps.card(page).get_by_role("heading", name="How to read the wheel")).to_be_visible()
    expect(steps.announced(page)).to_contain_text("How to read the wheel")
    expect(steps.wheel(page).locator("[aria-current]")).to_have_count(0)
    expect(steps.card(page)).to_be_focused()


# --- filters ---


@pytest.mark.parametrize(
    ("path", "label"), [("/outcomes/", "Priority"), ("/outcomes/", "Status"), ("/roadmap/", "Show")]
)
def test_filter_answers_the_arrow_keys_and_keeps_the_focus(page: Page, site, path, label):
    page.goto(path)
    field = steps.filters(page).get_by_label(label, exact=True)
    before = steps.results(page).inner_text()
    field.focus()
    page.keyboard.press("ArrowDown")
    expect(steps.announced(page)).not_to_be_empty()
    assert steps.results(page).inner_text() != before
    expect(field).to_be_focused()


def test_search_answers_while_typing_and_keeps_the_focus(page: Page, site):
    label = site.segments[0][0]
    page.goto("/outcomes/")
    search = steps.filters(page).get_by_label("Search")
    search.focus()
    page.keyboard.type(label)
    expect(steps.announced(page)).not_to_be_empty()
    expect(steps.results(page).get_by_role("link", name=label, exact=True)).to_be_visible()
    expect(search).to_be_focused()
    page.keyboard.press("Enter")
    expect(search).to_be_focused()
    expect(steps.results(page).get_by_role("link", name=label, exact=True)).to_be_visible()


def test_details_open_by_keyboard(page: Page, site):
    page.goto("/plans/")
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Plans that serve each outcome")).to_be_visible()


# --- tables ---


@pytest.mark.parametrize("kind", pages.WITH_CHART)
def test_table_that_scrolls_is_a_named_stop(page: Page, site, kind):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site.paths[kind])
    region = page.get_by_role("region").filter(has=page.get_by_role("table")).filter(has=page.locator("caption"))
    region = region.and_(page.locator("[tabindex='0']"))
    expect(region).to_have_count(1)
    region.focus()
    expect(region).to_be_focused()
    room = "(box) => [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth]"
    down, across = region.evaluate(room)
    assert down > 0 or across > 0
    page.keyboard.press("ArrowDown" if down > 0 else "ArrowRight")
    # Not wait_for_function: what it polls with is forbidden by the page's security policy.
    for _ in range(50):
        if region.evaluate("(box) => box.scrollTop > 0 || box.scrollLeft > 0"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the table does not scroll")
