"""What the browser complains of, whom it asks for anything, and what it is made to keep: nothing, nobody, nothing."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages, steps

pytestmark = pytest.mark.browser

KEPT = "() => [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter(Boolean)"


def walk(page: Page, site) -> None:
    """All that scripts do on the site, in one visit."""
    page.goto("/")
    steps.choose(page, site.segments[0][0])
    page.go_back()
    expect(steps.card(page).get_by_role("heading", name="How to read the wheel")).to_be_visible()
    page.goto("/outcomes/")
    steps.pick(page, "Sort by", "Name")
    steps.filters(page).get_by_label("Search").fill("qwertyuiop")
    steps.results(page).get_by_role("heading", name="No outcome fits").wait_for()
    page.goto("/roadmap/")
    steps.pick(page, "Show", "Targets only")
    page.goto(site.paths["outcome"])
    steps.draw_chart(page)


def test_swaps_and_the_chart_cause_no_complaint(page: Page, site, watch):
    walk(page, site)
    assert watch.said == []
    assert watch.elsewhere == []


def test_chart_can_be_hovered_over_without_complaint(page: Page, site, watch):
    page.goto(site.paths["outcome"])
    steps.draw_chart(page)
    steps.hover_over_latest_point(page)
    expect(page.locator(".hovertext")).to_be_visible()
    assert watch.said == []


def test_nothing_is_kept_in_the_browser(page: Page, site):
    walk(page, site)
    assert page.evaluate(KEPT) == []
    assert page.context.cookies() == []
    assert page.evaluate("async () => (await indexedDB.databases()).map((database) => database.name)") == []
    assert page.evaluate("async () => (await caches.keys()).length") == 0


@pytest.mark.parametrize("kind", pages.WITH_CHART)
def test_chart_has_no_toolbar_and_nothing_that_shares_it(page: Page, site, kind):
    page.goto(site.paths[kind])
    steps.draw_chart(page)
    plot = page.locator("[data-drawn]")
    plot.hover()
    assert plot.locator(".modebar, .modebar-btn, button, a").count() == 0
    assert "share" not in plot.inner_text().lower()
    assert "plotly" not in plot.inner_text().lower()


@pytest.fixture
def another_site(site):
    """The address of a page on another origin, with two of this site's pages in frames."""
    frames = {"meant": site.paths[pages.EMBEDDED], "not meant": site.paths["outcome"]}
    html = "".join(f'<iframe name="{name}" src="{site.url}{path}"></iframe>' for name, path in frames.items())

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Another site</title>{html}".encode())

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_other_sites_may_frame_what_is_meant_for_it_and_nothing_else(page: Page, another_site):
    page.goto(another_site)
    expect(page.frame(name="meant").get_by_role("heading", level=1)).to_be_visible()
    assert page.frame(name="not meant").get_by_role("heading").count() == 0
    assert page.context.cookies() == []


def test_no_page_may_be_framed_and_scripts_come_from_here(page: Page, site):
    headers = page.goto("/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";") if part.strip())
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert "set-cookie" not in headers
