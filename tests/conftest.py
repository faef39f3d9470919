"""Fixtures that every test may use. The database, client and live server are pytest-django's."""

import os

import hypothesis
import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import override_settings

from luton2040 import audit
from tests import chromium, record

# How long one example takes tells nothing on a busy machine; and a change is refused for its own faults only, so the
# same examples are tried every time.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def static_files_as_written():
    """Static files straight from static/: no collectstatic first (make test runs that by itself)."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages, WHITENOISE_AUTOREFRESH=True, WHITENOISE_USE_FINDERS=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def pages_are_made_afresh():
    """Kept pages would outlive the record they were made from, which goes back after every test."""
    with override_settings(KEEP_PAGES=False):
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_is_asked_of_other_sites():
    """Whether a password was stolen is asked of a stand-in, by the tests of that."""
    with override_settings(CHECK_BREACHED_PASSWORDS=False):
        yield


@pytest.fixture(scope="session", autouse=True)
def audit_log_may_be_emptied_between_tests():
    """Only by Django's flush after a test that commits; migrate's signal, which flush sends, puts the guard back."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def unguarded(operations, statements):
        with connection.cursor() as cursor:
            cursor.execute(
                f"DROP TRIGGER IF EXISTS {audit.TABLE}_no_change ON {audit.TABLE}"
                if connection.vendor == "postgresql"
                else f"DROP TRIGGER IF EXISTS {audit.TABLE}_no_delete"
            )
        flush(operations, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", unguarded)
        yield


# --- whole records, one for all tests of a file: what a test writes is undone after it, as always ---


@pytest.fixture(scope="module")
def clock():
    """The site's clock stands still."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: record.NOW)
        yield record.NOW


@pytest.fixture(scope="module")
def luton(clock, django_db_setup, django_db_blocker):
    """The framework as delivered, as edition 1."""
    with django_db_blocker.unblock(), record.delivered() as edition:
        yield edition


@pytest.fixture(scope="module")
def exampleton(request, clock, django_db_setup, django_db_blocker):
    """A small place that is nowhere, as edition 1.

    Its board has met where a file of tests says MEETS = True, and it has pledges where it says PLEDGES = True.
    """
    more = {name: getattr(request.module, name.upper(), False) for name in ("meets", "pledges")}
    with django_db_blocker.unblock(), record.undone():
        yield record.create_exampleton(**more)


# --- browser ---


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The machine's own Chromium."""
    # Playwright leaves an event loop running in this thread, and Django would refuse its queries there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, "executable_path": chromium.path(), "args": chromium.arguments()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


# --- what the suite on PostgreSQL runs: everything that can tell one database from another ---


def pytest_collection_modifyitems(items):
    """Tests that no fixture and no mark lets near a database would do the very same on either."""
    for item in items:
        if item.get_closest_marker("django_db") or "django_db_setup" in item.fixturenames:
            item.add_marker("database")


# --- nothing is left out quietly ---


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """A skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
