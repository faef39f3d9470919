"""How pages fit: with drawn charts, in forced colours, without motion, on paper. (Whole pages: test_every_page.py.)"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages, steps
from tests.browser.faults import DESK, PHONE, SIDEWAYS

pytestmark = pytest.mark.browser

PICTURES = Path("test-results/layout")  # for somebody to look at


def photograph(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name.replace(' ', '-')}.png", full_page=True)


def look(page: Page, locator, *properties: str) -> list[dict[str, str]]:
    """The computed style of every element that is found."""
    script = """(elements, names) => elements.map((element) => {
        const look = getComputedStyle(element);
        return Object.fromEntries(names.map((name) => [name, look.getPropertyValue(name)]));
    })"""
    return locator.evaluate_all(script, list(properties))


# --- width and zoom ---


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_chart_drawn_by_plotly_fits(page: Page, site, viewport):
    page.set_viewport_size(viewport)
    page.goto(site.paths["outcome"])
    steps.draw_chart(page)
    assert page.evaluate(SIDEWAYS) == 0
    photograph(page, f"drawn chart {viewport['width']}")


def test_card_chosen_on_a_phone_fits_and_comes_into_view(page: Page, site):
    label = site.segments[0][0]
    page.set_viewport_size(PHONE)
    page.goto("/")
    steps.segment(page, label).press("Enter")
    heading = steps.card(page).get_by_role("heading", name=label, exact=True)
    expect(heading).to_be_in_viewport()
    assert page.evaluate(SIDEWAYS) == 0


# --- forced colours ---


def test_wheel_in_forced_colours(page: Page, site):
    page.set_viewport_size(DESK)
    page.emulate_media(forced_colors="active")
    page.goto("/")
    photograph(page, "forced colours home")
    canvas = look(page, page.locator("body"), "background-color")[0]["background-color"]
    segments = steps.wheel(page).locator("a[data-card]")
    shapes = look(page, segments.locator("path:first-child"), "stroke", "stroke-width")
    assert len(shapes) == len(site.segments)
    for shape in shapes:
        assert shape["stroke"] not in ("none", canvas)
        assert float(shape["stroke-width"].removesuffix("px")) >= 1
    for sign in look(page, segments.locator("use"), "fill"):
        assert sign["fill"] not in ("none", canvas)
    for text in look(page, steps.wheel(page).locator("a[data-card] text"), "fill"):
        assert text["fill"] not in ("none", canvas)


def test_filled_part_of_a_segment_stands_out_in_forced_colours(page: Page, site):
    page.emulate_media(forced_colors="active")
    page.goto("/")
    parts = [
        {shape["fill"] for shape in look(page, steps.wheel(page).locator(f"a[data-card] .{part}"), "fill")}
        for part in ("bg", "fill", "needed")
    ]
    assert [len(fills) for fills in parts] == [1, 1, 1]
    assert len(set.union(*parts)) == 3


def test_status_signs_in_forced_colours(page: Page, site):
    page.emulate_media(forced_colors="active")
    page.goto("/outcomes/")
    photograph(page, "forced colours outcomes")
    canvas = look(page, page.locator("body"), "background-color")[0]["background-color"]
    signs = look(page, steps.results(page).locator(".status svg"), "fill", "width")
    assert len(signs) == len(site.segments)
    for sign in signs:
        assert sign["fill"] not in ("none", canvas)
        assert float(sign["width"].removesuffix("px")) >= 10


@pytest.mark.parametrize("is_drawn", [False, True], ids=["picture", "drawn"])
def test_chart_in_forced_colours(page: Page, site, is_drawn):
    page.set_viewport_size(DESK)
    page.emulate_media(forced_colors="active")
    if not is_drawn:
        page.route("**/plotly*", lambda route: route.abort())
    page.goto(site.paths["outcome"])
    if is_drawn:
        steps.draw_chart(page)
    photograph(page, f"forced colours chart {'drawn' if is_drawn else 'picture'}")
    canvas = look(page, page.locator("body"), "background-color")[0]["background-color"]
    lines = "path.js-line" if is_drawn else ".wide polyline.line"
    strokes = look(page, steps.chart(page).locator(lines), "stroke")
    assert len(strokes) >= 2
    for line in strokes:
        assert line["stroke"] not in ("none", canvas)


def test_current_section_is_told_from_the_others_in_forced_colours(page: Page, site):
    page.emulate_media(forced_colors="active")
    page.goto("/outcomes/")
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    names = ("border-bottom-color", "font-weight", "outline-style")
    [current] = look(page, links.and_(page.locator("[aria-current]")), *names)
    assert current not in look(page, links.and_(page.locator(":not([aria-current])")), *names)


# --- motion ---


@pytest.mark.parametrize("kind", ["home", "outcomes", "outcome"])
def test_nothing_moves_for_those_who_ask_for_less_motion(page: Page, site, kind):
    page.emulate_media(reduced_motion="reduce")
    steps.open_kind(page, site, kind)
    assert page.evaluate("document.getAnimations().length") == 0
    names = ("transition-duration", "animation-name", "scroll-behavior")
    seen = {tuple(style.values()) for style in look(page, page.locator("*"), *names)}
    assert {times for times, _, _ in seen} == {"0s"}
    assert {animation for _, animation, _ in seen} == {"none"}
    assert {scrolling for _, _, scrolling in seen} == {"auto"}


# --- paper ---


@pytest.mark.parametrize("kind", ["home", "outcome", "outcomes"])
def test_navigation_and_filters_are_not_printed(page: Page, site, kind):
    steps.open_kind(page, site, kind)
    page.emulate_media(media="print")
    photograph(page, f"print {kind}")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("navigation", name="About this site")).to_be_hidden()
    for form in steps.filters(page).all():
        expect(form).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("kind", pages.WITH_CHART)
def test_whole_table_is_printed(page: Page, site, kind):
    page.goto(site.paths[kind])
    page.emulate_media(media="print")
    region = page.locator("[role=region][tabindex='0']")
    assert region.evaluate(
        "(box) => box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1"
    )
    last_row, box = region.get_by_role("row").last.bounding_box(), region.bounding_box()
    assert last_row["y"] + last_row["height"] <= box["y"] + box["height"] + 1


@pytest.mark.parametrize(("kind", "name"), [("plans", "Every outcome with its plans"), ("priority", "published")])
def test_folded_parts_are_printed(page: Page, site, kind, name):
    page.goto(site.paths[kind])
    page.emulate_media(media="print")
    folded = page.locator("details").filter(has_text=name).first
    assert folded.evaluate("""(details) => [...details.children].every((part) => part.getBoundingClientRect().height > 0
        && part.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }))""")


def test_print_is_dark_on_light_in_the_dark_scheme_too(page: Page, site):
    page.goto(site.paths["outcome"])
    page.emulate_media(media="print", color_scheme="dark")
    light = """(name) => {
        const shade = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number); return (r + g + b) / 3; };
        const look = getComputedStyle(document.documentElement);
        const text = getComputedStyle(document.querySelector("main p.soft, main .soft")).color;
        return [shade(look.backgroundColor), shade(text)];
    }"""
    background, text = page.evaluate(light)
    assert background > 240
    assert text < 140
