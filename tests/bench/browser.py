"""What a first visit costs, as a real Chromium sees it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.bench.copy_of_site import Server

PHONE = {"width": 412, "height": 823}
QUIET = 1500  # milliseconds after the network fell silent, for scripts that ask for more


@dataclass(frozen=True)
class Visit:
    sizes: dict[str, int]  # bytes over the wire, headers included, by path

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    def of(self, pattern: str) -> int:
        return sum(size for path, size in self.sizes.items() if re.search(pattern, path))


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.arguments())
        yield found
        found.close()


@contextmanager
def _visited(found: Browser, server: Server, path: str) -> Iterator[tuple[Page, dict[str, int]]]:
    context = found.new_context(viewport=PHONE, locale="en-GB")
    page = context.new_page()
    addresses, sizes = {}, {}

    def asked(event):
        addresses[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def finished(event):
        path = addresses.get(event["requestId"], "")
        sizes[path] = sizes.get(path, 0) + event["encodedDataLength"]

    session = context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    page.goto(server.address + path, wait_until="networkidle")
    page.wait_for_timeout(QUIET)
    yield page, sizes
    context.close()


def first_visit(found: Browser, server: Server, path: str) -> Visit:
    with _visited(found, server, path) as (page, sizes):
        # Chromium without a window asks for no icon, others do.
        icon = page.evaluate("document.querySelector('link[rel=icon]')?.getAttribute('href') ?? '/favicon.ico'")
        sizes.setdefault(icon, len(server.get(icon)))
        return Visit(dict(sizes))


def asks_for_plotly(found: Browser, server: Server, path: str) -> tuple[bool, bool]:
    """Whether a page does so at once, and whether it does when its chart comes near the screen."""
    with _visited(found, server, path) as (page, sizes):
        at_once = any("plotly" in p for p in sizes)
        page.locator("[data-chart]").evaluate("chart => window.scrollTo(0, chart.offsetTop - window.innerHeight - 150)")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(QUIET)
        return at_once, any("plotly" in p for p in sizes)
