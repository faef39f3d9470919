"""Browser windows that tests use one after another: to open a new one takes three times as long as its next page."""

from collections.abc import Iterable

from playwright.sync_api import Browser, Page

from tests.browser.steps import Watch

VIEWPORT = {"width": 1280, "height": 720}
NOT_EMULATED = {"media": "null", "color_scheme": "light", "reduced_motion": "no-preference", "forced_colors": "none"}
TIMEOUT = 10_000


class Windows:
    def __init__(self, browser: Browser):
        self.browser = browser
        self.kinds: dict[Page, str] = {}
        self.idle: list[Page] = []
        self.watches: dict[Page, Watch] = {}

    def open(self, *, cookies: Iterable[dict] = (), **options) -> Page:
        """A window with these options and no other cookies."""
        kind = repr(sorted(options.items()))
        page = next((page for page in self.idle if self.kinds[page] == kind), None)
        if page:
            self.idle.remove(page)
            page.context.clear_cookies()
        else:
            page = self.browser.new_context(**options).new_page()
            self.kinds[page] = kind
        page.context.add_cookies(list(cookies))
        page.set_viewport_size(VIEWPORT)
        page.emulate_media(**NOT_EMULATED)
        page.set_default_timeout(TIMEOUT)
        return page

    def take_back(self, page: Page) -> None:
        for other in page.context.pages:
            if other != page:
                other.close()
        page.unroute_all()
        if page.locator("form[data-draft]").count():
            # Without a connection, so that nothing that it sends on leaving reaches the next test's record.
            page.context.set_offline(True)
            page.goto("about:blank")
            page.context.set_offline(False)
        self.idle.append(page)

    def watch(self, page: Page, url: str) -> Watch:
        if page not in self.watches:
            self.watches[page] = Watch(page, url)
        self.watches[page].forget()
        return self.watches[page]
