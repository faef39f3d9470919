"""The site with the framework as delivered, in two editions, on a server that all browser tests share.

The tests only read, so the record is made once, in a database of their own: a live_server fixture would empty the
database after each test, and pytest-django makes none for tests that do not ask for one each.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from luton2040.management.commands.load_fixtures import load, read_folder
from tests import record
from tests.browser import pages
from tests.browser.steps import Watch


@dataclass(frozen=True)
class Site:
    url: str
    paths: dict[str, str]  # an address of each kind of page
    in_first_edition: dict[str, str]  # pages by address, as they were before the second edition was issued
    segments: list[tuple[str, str]]  # short label and status of each outcome, in the order of the wheel


@pytest.fixture(scope="session")
def own_database(django_db_setup, django_db_blocker) -> Iterator[str]:
    before, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(test, "NAME", f"{test['NAME'] or before}-browser")
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        yield name
        connection.creation.destroy_test_db(before, verbosity=0)


@pytest.fixture(scope="session")
def site(own_database, static_files_as_written, pages_are_made_afresh) -> Iterator[Site]:
    assert connection.settings_dict["NAME"] == own_database
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(KEEP_PAGES=True),  # as the site does: the record stays as it is
    ):
        patch.setattr("django.utils.timezone.now", lambda: record.NOW)
        parts, rows, checksum, problems = read_folder(record.FIXTURES, today=record.TODAY)
        assert problems == []
        load(parts, rows, checksum, now=record.NOW)
        server = LiveServer("127.0.0.1")
        client = Client(headers={"Host": server.url.removeprefix("http://")})
        shown = pages.most_shown(pages.summaries())
        in_first_edition = {path: client.get(path).content.decode() for path in ("/", f"/outcomes/{shown.slug}/")}
        record.issue(pages.correction(shown), summary="One value corrected.")
        yield Site(
            url=server.url,
            paths=pages.paths(),
            in_first_edition=in_first_edition,
            segments=[(r.outcome.short_label, r.status.label) for r in pages.summaries() if r.priority],
        )
        server.stop()


@pytest.fixture(scope="session")
def base_url(site) -> str:
    """page.goto("/") opens the home page."""
    return site.url


@pytest.fixture
def page(page: Page) -> Page:
    page.set_default_timeout(10_000)
    return page


@pytest.fixture
def watch(page: Page, site: Site) -> Watch:
    """What the browser complains of from here on, and what it asks for."""
    return Watch(page, site.url)
