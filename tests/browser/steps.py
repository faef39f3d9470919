"""What readers do, told by roles and words; and what the browser says of it."""

import re

from playwright.sync_api import Locator, Page, expect

TOLD_OF = """
    document.addEventListener("securitypolicyviolation",
        (event) => tellOfViolation(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
ENDED = ("htmx:sendAbort", "htmx:afterRequest")


class Watch:
    """Collects what the browser's console says, breaches of the content security policy, and requests."""

    def __init__(self, page: Page, url: str):
        self.url = url
        self.forget()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self.requests.append(request.url))
        page.expose_binding("tellOfViolation", lambda source, words: self.said.append(f"{page.url}: {words}"))
        page.add_init_script(TOLD_OF)

    def forget(self) -> None:
        self.said: list[str] = []
        self.requests: list[str] = []

    def _hear(self, message) -> None:
        # An error page's own status is no fault of the page, nor is it that a form which is sent ends its own saving.
        is_own = message.location.get("url") == message.page.url or message.text.startswith(ENDED)
        if message.type in ("error", "warning") and not is_own:
            self.said.append(f"{message.page.url}: {message.text}")

    @property
    def elsewhere(self) -> list[str]:
        """Requests to any other origin."""
        return [address for address in self.requests if not address.startswith(f"{self.url}/")]


def wheel(page: Page) -> Locator:
    return page.get_by_role("group", name=re.compile("wheel", re.IGNORECASE))


def segment(page: Page, label: str) -> Locator:
    return wheel(page).get_by_role("link", name=re.compile(f"^{re.escape(label)}:"))


def choose(page: Page, label: str) -> None:
    """Click a segment of the wheel (its shape: the middle of the link's box may lie beside it); wait for its card."""
    segment(page, label).locator("path").first.click()
    expect(card(page).get_by_role("heading", name=label, exact=True)).to_be_visible()


def card(page: Page) -> Locator:
    return page.locator("#card")


def results(page: Page) -> Locator:
    return page.locator("#results")


def announced(page: Page) -> Locator:
    return page.locator("#announcer")


def filters(page: Page) -> Locator:
    """The form with the filters of a list."""
    return page.locator("form[data-filters]")


def pick(page: Page, label: str, option: str) -> None:
    """Choose a filter and wait until what fits has been announced."""
    page.wait_for_load_state()  # of a page that was just followed the scripts may be still to come
    page.evaluate("document.getElementById('announcer').textContent = ''")
    filters(page).get_by_label(label, exact=True).select_option(option)
    expect(announced(page)).not_to_be_empty()


def chart(page: Page) -> Locator:
    return page.get_by_role("figure")


def draw_chart(page: Page) -> None:
    """Scroll to the chart and wait until Plotly has drawn it."""
    chart(page).scroll_into_view_if_needed()
    page.locator("[data-drawn=yes]").wait_for()


def open_kind(page: Page, site, kind: str) -> None:
    page.goto(site.paths[kind])
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def hover_over_latest_point(page: Page) -> None:
    """Rest the pointer on the last point of the place's own line."""
    point = page.locator("[data-drawn] .scatterlayer .trace").last.locator(".point").last
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
