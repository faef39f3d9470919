"""Sites that browser tests look at: each on a server and a database of its own, made once for all tests.

A live_server fixture would empty the database after each test, and pytest-django makes none for tests that do not ask
for one each.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from luton2040.management.commands.load_fixtures import load, read_folder
from tests import record
from tests.browser import databases, pages
from tests.browser.steps import Watch
from tests.browser.windows import Windows


@dataclass(frozen=True)
class Site:
    url: str
    database: Path
    paths: dict[str, str]  # an address of each kind of page
    in_first_edition: dict[str, str]  # pages by address, as they were before the second edition was issued
    segments: list[tuple[str, str]]  # short label and status of each outcome, in the order of the wheel


@dataclass
class Clock:
    now: datetime = record.NOW


@pytest.fixture(scope="session")
def site_clock() -> Iterator[Clock]:
    """The sites' clock stands still, until a test puts it forward."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: clock.now)
        yield clock


@pytest.fixture(scope="session")
def delivered(
    django_test_environment,
    django_db_blocker,
    static_files_as_written,
    pages_are_made_afresh,
    site_clock,
    tmp_path_factory,
) -> Iterator[Path]:
    """The database of the framework as delivered, as edition 1; sites have copies of it."""
    database = tmp_path_factory.mktemp("databases") / "delivered.sqlite3"
    with django_db_blocker.unblock():
        with databases.in_use(database):
            call_command("migrate", verbosity=0, interactive=False)
            parts, rows, checksum, problems = read_folder(record.FIXTURES, today=record.TODAY)
            assert problems == []
            load(parts, rows, checksum, now=record.NOW)
        with override_settings(KEEP_PAGES=True):  # as sites do
            yield database


@pytest.fixture(scope="session")
def site(delivered) -> Iterator[Site]:
    """The public site, in two editions. Tests only read it."""
    with databases.in_use(delivered):
        database = databases.copy_to(delivered.with_name("public.sqlite3"))
    with databases.in_use(database):
        server = LiveServer("127.0.0.1")
        client = Client(headers={"Host": server.url.removeprefix("http://")})
        shown = pages.most_shown(pages.summaries())
        in_first_edition = {path: client.get(path).content.decode() for path in ("/", f"/outcomes/{shown.slug}/")}
        pages.publish_more(record.issue(pages.correction(shown), summary="One value corrected."))
        made = Site(
            url=server.url,
            database=database,
            paths=pages.paths(),
            in_first_edition=in_first_edition,
            segments=[(r.outcome.short_label, r.status.label) for r in pages.summaries() if r.priority],
        )
    yield made
    server.stop()


@pytest.fixture(autouse=True)
def open_site(site) -> Iterator[Site]:
    """The site that tests of this folder look at."""
    with databases.in_use(site.database):
        yield site


@pytest.fixture
def browser_context_args(browser_context_args, open_site):
    """page.goto("/") opens the home page."""
    return {**browser_context_args, "base_url": open_site.url}


@pytest.fixture(scope="session")
def windows(browser) -> Windows:
    return Windows(browser)


@pytest.fixture
def open_window(windows, browser_context_args, request) -> Iterator[Callable[..., Page]]:
    """A window with these options for this test; one that a test failed with is not used again."""
    opened, failed = [], request.session.testsfailed

    def open_window(**options) -> Page:
        opened.append(windows.open(**browser_context_args, **options))
        return opened[-1]

    yield open_window
    for page in opened:
        if request.session.testsfailed > failed:
            page.context.close()
        else:
            windows.take_back(page)


@pytest.fixture
def page(open_window) -> Page:
    return open_window()


@pytest.fixture
def watch(windows, page, open_site) -> Watch:
    """What the browser complains of from here on, and what it asks for."""
    return windows.watch(page, open_site.url)
