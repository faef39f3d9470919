"""What readers come for, from the first page to the answer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

pytestmark = pytest.mark.browser

KEY = "How to read the wheel"
IS_FRAGMENT = "hx-request"
POINTS = """(plot) => plot.data.filter((line) => ["home", "home-earlier"].includes(line.meta))
    .flatMap((line) => line.y).filter((value) => value !== null).length"""


def address(page: Page) -> str:
    return page.evaluate("location.pathname + location.search")


# --- from the wheel to an outcome ---


def test_any_outcome_is_two_clicks_from_home(page: Page, site):
    label, status = site.segments[0]
    page.goto("/")
    steps.choose(page, label)
    expect(steps.card(page)).to_contain_text(status)
    steps.card(page).get_by_role("link", name=re.compile("in full$")).click()
    expect(page.get_by_role("heading", level=1, name=label)).to_be_visible()
    expect(page.get_by_role("region", name="Where it stands")).to_contain_text(status)


def test_every_segment_has_a_card_of_its_own(page: Page, site):
    page.goto("/")
    for label, status in site.segments[::7]:
        steps.choose(page, label)
        expect(steps.card(page)).to_contain_text(status)
        expect(steps.wheel(page).locator("a[aria-current]")).to_have_count(1)
        expect(steps.segment(page, label)).to_have_attribute("aria-current", "true")


def test_address_of_a_card_shows_others_the_same(page: Page, site, browser):
    label, _ = site.segments[3]
    page.goto("/")
    steps.choose(page, label)
    expect(page).to_have_url(re.compile(r"\?outcome="))
    with browser.new_context(base_url=site.url) as elsewhere:
        other = elsewhere.new_page()
        other.goto(address(page))
        expect(steps.card(other).get_by_role("heading", name=label, exact=True)).to_be_visible()
        assert steps.card(other).inner_text() == steps.card(page).inner_text()


def test_back_button_goes_through_the_cards_and_home(page: Page, site):
    (first, _), (second, _) = site.segments[0], site.segments[1]
    page.goto("/")
    steps.choose(page, first)
    steps.choose(page, second)
    steps.card(page).get_by_role("link", name=re.compile("in full$")).click()
    expect(page.get_by_role("heading", level=1, name=second)).to_be_visible()
    for name in (second, first, KEY):
        page.go_back()
        expect(steps.card(page).get_by_role("heading", level=2)).to_have_text(name)
    expect(steps.wheel(page).locator("a[aria-current]")).to_have_count(0)
    page.go_forward()
    expect(steps.card(page).get_by_role("heading", level=2)).to_have_text(first)


def test_links_within_a_page_do_not_load_it_again(page: Page, site):
    for path in ("/", "/outcomes/"):
        page.goto(path)
        page.evaluate("window.isTheSame = true")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#main$"))
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.isTheSame === true")
        expect(page.get_by_role("main")).to_be_focused()


def test_last_of_two_quick_choices_counts(page: Page, site):
    (first, _), (second, _) = site.segments[0], site.segments[-1]
    held = []

    def hold_the_first(route):
        if IS_FRAGMENT in route.request.headers and not held:
            held.append(route)
        else:
            route.continue_()

    page.goto("/")
    page.route("**/*outcome=*", hold_the_first)
    steps.segment(page, first).locator("path").first.click()
    steps.segment(page, second).locator("path").first.click()
    page.wait_for_timeout(300)
    held[0].continue_()
    expect(steps.card(page).get_by_role("heading", level=2)).to_have_text(second)
    page.wait_for_load_state("networkidle")
    expect(steps.card(page).get_by_role("heading", level=2)).to_have_text(second)
    expect(steps.segment(page, second)).to_have_attribute("aria-current", "true")
    expect(steps.wheel(page).locator("a[aria-current]")).to_have_count(1)
    with page.context.new_page() as other:
        other.goto(address(page))
        expect(steps.card(other).get_by_role("heading", level=2)).to_have_text(second)


def test_last_of_two_quick_filters_counts(page: Page, site):
    """On a slow line too, the address says what the list shows."""
    held = []

    def hold_the_first(route):
        if IS_FRAGMENT in route.request.headers and not held:
            held.append(route)
        else:
            route.continue_()

    page.goto("/outcomes/")
    page.route("**/outcomes/*", hold_the_first)
    steps.filters(page).get_by_label("Sort by").select_option("Name")
    page.wait_for_timeout(100)
    steps.filters(page).get_by_label("Sort by").select_option("Status, worst first")
    page.wait_for_timeout(300)
    held[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(page).to_have_url(re.compile("sort=status"))
    with page.context.new_page() as other:
        other.goto("/outcomes/?sort=status")
        expect(steps.results(page)).to_have_text(steps.results(other).text_content())


@pytest.mark.parametrize("fault", ["no connection", "server fault"])
def test_where_a_card_cannot_be_fetched_its_link_is_followed(page: Page, site, fault):
    label, _ = site.segments[0]

    def fail(route):
        if IS_FRAGMENT not in route.request.headers:
            route.continue_()
        elif fault == "no connection":
            route.abort()
        else:
            route.fulfill(status=500, body="")

    page.route("**/*", fail)
    page.goto("/")
    with page.expect_event("load"):
        steps.segment(page, label).locator("path").first.click()
    expect(page).to_have_url(re.compile(r"/\?outcome=\w+"))
    expect(steps.card(page).get_by_role("heading", name=label, exact=True)).to_be_visible()


def test_where_a_list_cannot_be_fetched_its_page_is_loaded(page: Page, site):
    page.route("**/*", lambda route: route.abort() if IS_FRAGMENT in route.request.headers else route.continue_())
    page.goto("/outcomes/")
    with page.expect_event("load"):
        steps.filters(page).get_by_label("Sort by").select_option("Name")
    expect(page).to_have_url(re.compile(r"/outcomes/\?sort=name"))
    expect(steps.filters(page).get_by_label("Sort by").locator(":checked")).to_have_text("Name")


# --- the chart ---


@pytest.mark.parametrize("kind", ["outcome", "outcome with a break"])
def test_chart_is_drawn_when_it_comes_near_with_a_point_for_each_row(page: Page, site, watch, kind):
    page.set_viewport_size({"width": 1280, "height": 400})
    page.goto(site.paths[kind])
    page.wait_for_load_state("networkidle")
    picture = steps.chart(page).get_by_role("img")
    expect(picture).to_be_visible()
    assert [asked for asked in watch.requests if "plotly" in asked or "chart.json" in asked] == []
    rows = page.get_by_role("region", name="Table of figures").locator("tbody tr").count()
    steps.draw_chart(page)
    assert [asked for asked in watch.requests if "plotly-basic" in asked]
    expect(picture).to_have_count(0)
    plot = page.locator("[data-drawn]")
    expect(plot).to_be_visible()
    assert plot.evaluate(POINTS) == rows


def test_chart_says_its_values_when_pointed_at(page: Page, site):
    page.goto(site.paths["outcome"])
    latest = page.get_by_role("region", name="Table of figures").locator("tbody tr").first.locator("td").first
    steps.draw_chart(page)
    steps.hover_over_latest_point(page)
    expect(page.locator(".hovertext").first).to_contain_text(latest.inner_text().split()[0])


@pytest.mark.parametrize("lost", ["**/plotly-basic*", "**/chart.json*", "**/plotly.css"])
def test_picture_stays_where_the_chart_cannot_be_drawn(page: Page, site, lost):
    page.route(lost, lambda route: route.abort())
    page.goto(site.paths["outcome"])
    steps.chart(page).scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    expect(steps.chart(page).get_by_role("img")).to_be_visible()
    expect(page.locator(".plot")).to_be_hidden()


# --- the list ---


def test_filtered_list_can_be_shared(page: Page, site, browser):
    page.goto(site.paths["outcomes filtered"])
    wanted = steps.results(page).get_by_role("heading", level=3).all_inner_texts()
    options = [
        steps.filters(page).get_by_label(label, exact=True).locator(":checked").inner_text()
        for label in ("Priority", "Status")
    ]
    page.goto("/outcomes/")
    for label, option in zip(("Priority", "Status"), options, strict=True):
        steps.pick(page, label, option)
    expect(page).to_have_url(re.compile(r"priority=.*status="))
    shown = steps.results(page).get_by_role("heading", level=3).all_inner_texts()
    assert shown == wanted
    assert 0 < len(shown) < len(site.segments)
    with browser.new_context(base_url=site.url) as elsewhere:
        other = elsewhere.new_page()
        other.goto(address(page))
        assert steps.results(other).inner_text() == steps.results(page).inner_text()
        for label, option in zip(("Priority", "Status"), options, strict=True):
            expect(steps.filters(other).get_by_label(label, exact=True).locator(":checked")).to_have_text(option)


def test_back_from_an_outcome_finds_the_list_as_it_was(page: Page, site):
    page.goto("/outcomes/")
    steps.pick(page, "Sort by", "Name")
    shown = steps.results(page).inner_text()
    steps.results(page).get_by_role("heading", level=3).first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/outcomes/\w+/$"))
    page.go_back()
    expect(steps.filters(page).get_by_label("Sort by").locator(":checked")).to_have_text("Name")
    assert steps.results(page).inner_text() == shown


def test_search_finds_an_outcome(page: Page, site):
    label, _ = site.segments[0]
    page.goto("/outcomes/")
    steps.filters(page).get_by_label("Search").press_sequentially(label.lower())
    expect(steps.announced(page)).to_contain_text("outcome")
    expect(steps.results(page).get_by_role("link", name=label, exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("q="))


def test_search_that_finds_nothing_says_what_to_do(page: Page, site):
    page.goto("/outcomes/")
    steps.filters(page).get_by_label("Search").fill("qwertyuiop")
    expect(steps.announced(page)).to_have_text("No outcome fits")
    expect(steps.results(page)).to_contain_text("Try fewer or shorter words")
    steps.results(page).get_by_role("link", name=re.compile("^Show all")).click()
    expect(steps.results(page).get_by_role("heading", level=3)).to_have_count(len(site.segments))
    expect(steps.filters(page).get_by_label("Search")).to_have_value("")


def test_counts_on_the_home_page_lead_to_lists_as_long(page: Page, site):
    page.goto("/")
    tallies = page.get_by_role("region", name="How many stand where").get_by_role("listitem")
    counts = {
        item.get_by_role("link").get_attribute("href"): int(item.locator("b").inner_text()) for item in tallies.all()
    }
    assert sum(counts.values()) == len(site.segments)
    for path, count in counts.items():
        page.goto(path)
        assert steps.results(page).get_by_role("heading", level=3).count() == count


# --- earlier editions ---


def main_of(html: str) -> str:
    """A page's main part, without what keeps its links in an edition, and without what can be done only now."""
    main = re.search(r"<main.*</main>", html, re.DOTALL)[0]
    main = re.sub(r'<p><a href="/pledges/new/.*?</a></p>| <a href="/pledges/new/.*?</a>', "", main)
    return re.sub(r"([?&]|&amp;)edition=\d+", "", main)


def test_earlier_edition_is_unchanged_and_says_so(page: Page, site):
    path = site.paths["outcome in an earlier edition"]
    before = site.in_first_edition[path.split("?")[0]]
    assert main_of(page.goto(path).text()) == main_of(before)
    banner = page.get_by_role("region", name="Earlier edition")
    expect(banner).to_contain_text("edition 1")
    now = page.goto(path.split("?")[0]).text()
    assert main_of(now) != main_of(before)
    expect(banner).to_have_count(0)
    expect(page.get_by_role("region", name="Table of figures")).to_contain_text("[r]")


def test_home_page_of_an_earlier_edition_is_unchanged(page: Page, site):
    assert main_of(page.goto("/?edition=1").text()) == main_of(site.in_first_edition["/"])


def test_reader_of_an_earlier_edition_stays_in_it(page: Page, site):
    label, _ = site.segments[0]
    banner = page.get_by_role("region", name="Earlier edition")
    page.goto("/?edition=1")
    expect(banner).to_be_visible()
    steps.choose(page, label)
    expect(page).to_have_url(re.compile("edition=1"))
    steps.card(page).get_by_role("link", name=re.compile("in full$")).click()
    expect(page.get_by_role("heading", level=1, name=label)).to_be_visible()
    expect(page).to_have_url(re.compile("edition=1"))
    expect(banner).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Outcomes").click()
    expect(page).to_have_url(re.compile(r"/outcomes/\?edition=1"))
    steps.pick(page, "Sort by", "Name")
    expect(page).to_have_url(re.compile("edition=1"))
    steps.results(page).get_by_role("heading", level=3).first.get_by_role("link").click()
    expect(page).to_have_url(re.compile("edition=1"))
    banner.get_by_role("link").click()
    expect(page).not_to_have_url(re.compile("edition"))
    expect(banner).to_have_count(0)


def test_every_link_of_an_earlier_edition_stays_in_it(page: Page, site):
    for kind in ("home in an earlier edition", "outcome in an earlier edition"):
        page.goto(site.paths[kind])
        links = (
            page.get_by_role("main")
            .locator("a[href^='/']")
            .evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
        )
        assert [link for link in links if not re.search(r"[?&]edition=\d+", link)] == []


def test_drawn_chart_of_an_earlier_edition_is_of_that_edition(page: Page, site, watch):
    page.goto(site.paths["outcome in an earlier edition"])
    steps.draw_chart(page)
    [figure] = [asked for asked in watch.requests if "chart.json" in asked]
    assert figure.endswith("?edition=1")


def test_change_is_told_where_changes_are(page: Page, site):
    page.goto("/changes/")
    entry = page.get_by_role("main").get_by_role("listitem").filter(has=page.get_by_role("heading", name="Edition 2"))
    expect(entry.first).to_contain_text("One value corrected.")
    expect(entry.first).to_contain_text("revised to")
    entry.first.get_by_role("link", name="The site as it stood in edition 2").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
