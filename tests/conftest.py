"""Fixtures that every test may use. The database, client and live server are pytest-django's."""

import os

import hypothesis
import pytest
from django.test import override_settings

from tests import chromium, record

# How long one example takes tells nothing on a busy machine.
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
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
def exampleton(clock, django_db_setup, django_db_blocker):
    """A small place that is nowhere, as edition 1."""
    with django_db_blocker.unblock(), record.undone():
        yield record.create_exampleton()


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


# --- nothing is left out quietly ---


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """A skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
