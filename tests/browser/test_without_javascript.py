"""Everything works without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages, steps

pytestmark = pytest.mark.browser


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False}


@pytest.mark.parametrize("kind", pages.WHOLE)
def test_page_can_be_read(page: Page, site, kind):
    answer = page.goto(site.paths[kind])
    assert answer.status == pages.ERRORS.get(kind, 200)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(page.get_by_role("main").inner_text()) > 150
    expect(page.get_by_role("navigation", name="Main").get_by_role("link").first).to_be_visible()
    expect(page.get_by_role("link", name="Accessibility statement")).to_be_visible()


def test_segment_of_the_wheel_shows_its_card(page: Page, site):
    label, status = site.segments[0]
    page.goto("/")
    steps.choose(page, label)
    expect(page).to_have_url(re.compile(r"/\?outcome=\w+#card$"))
    expect(steps.card(page)).to_contain_text(status)
    expect(steps.card(page).get_by_role("heading", name=label, exact=True)).to_be_in_viewport()
    expect(steps.segment(page, label)).to_have_attribute("aria-current", "true")
    steps.card(page).get_by_role("link", name=re.compile("in full$")).click()
    expect(page.get_by_role("heading", level=1, name=label)).to_be_visible()


def test_outcomes_are_filtered_by_the_button(page: Page, site):
    label, status = site.segments[0]
    page.goto("/outcomes/")
    form = steps.filters(page)
    form.get_by_label("Search").fill(label)
    form.get_by_label("Status", exact=True).select_option(status)
    form.get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"/outcomes/\?.*q="))
    expect(steps.results(page).get_by_role("heading", level=3)).to_have_text([label])
    expect(form.get_by_label("Search")).to_have_value(label)
    expect(form.get_by_label("Status", exact=True).locator(":checked")).to_have_text(status)


def test_roadmap_is_filtered_by_the_button(page: Page, site):
    page.goto("/roadmap/")
    steps.filters(page).get_by_label("Show", exact=True).select_option("Targets only")
    steps.filters(page).get_by_role("button").click()
    expect(page).to_have_url(re.compile("kind=target"))
    kinds = steps.results(page).locator("td[data-label=Kind]").all_inner_texts()
    assert kinds
    assert set(kinds) == {"Target"}


@pytest.mark.parametrize("kind", pages.WITH_CHART)
def test_outcome_has_its_table_and_a_picture_of_its_chart(page: Page, site, kind):
    page.goto(site.paths[kind])
    table = page.get_by_role("region", name="Table of figures").get_by_role("table")
    assert table.get_by_role("row").count() > 2
    picture = steps.chart(page).get_by_role("img")
    expect(picture).to_have_count(1)
    expect(picture).to_be_visible()
    expect(page.locator(".plot")).to_be_hidden()


def test_narrow_picture_is_for_phones(page: Page, site):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site.paths["outcome"])
    expect(steps.chart(page).get_by_role("img")).to_have_count(1)
    assert steps.chart(page).get_by_role("img").bounding_box()["width"] <= 320


@pytest.mark.parametrize(
    ("name", "starts"), [("CSV", b"measure,"), ("Excel", b"PK"), ("JSON", b"{")], ids=["csv", "xlsx", "json"]
)
def test_files_of_an_outcome_are_downloaded(page: Page, site, name, starts):
    page.goto(site.paths["outcome"])
    with page.expect_download() as started:
        page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    downloaded = started.value.path().read_bytes().removeprefix(b"\xef\xbb\xbf")
    assert downloaded.startswith(starts)
    assert len(downloaded) > 500


def test_all_data_are_downloaded(page: Page, site):
    page.goto("/data/")
    with page.expect_download() as started:
        page.get_by_role("link", name="Values (CSV)").click()
    assert started.value.suggested_filename.endswith("-values.csv")
    assert started.value.path().read_bytes().count(b"\n") > 100


def test_folded_parts_open(page: Page, site):
    page.goto("/plans/")
    page.locator("summary").first.click()
    expect(page.get_by_role("table", name="Plans that serve each outcome")).to_be_visible()
