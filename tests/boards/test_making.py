"""Packs are made once; one that takes long is made beside the request that asks for it."""

import logging
import sys
import time
from threading import enumerate as running

import pytest
from django.core.cache import cache

from boards import making
from outcomes.models import OutcomeVersion
from tests import record
from tests.boards.test_pack import PATH, WithoutLibraries
from tests.reading import Page

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = 60  # seconds that a small pack may take on a machine with much else to do


@pytest.fixture(autouse=True)
def place():
    """A record that threads can read; what they keep is no part of it, and is emptied by itself."""
    cache.clear()
    yield record.create_exampleton(meets=True)
    for thread in running():
        if thread.name.startswith("pack"):
            thread.join(LONGEST)
    cache.clear()


@pytest.fixture
def written():
    """The files that were written, as the library tells of them."""
    found, told = [], logging.getLogger("weasyprint.progress")
    handler = logging.Handler()
    handler.emit = lambda line: found.append(1) if "Creating PDF" in line.getMessage() else None
    told.addHandler(handler)
    yield found
    told.removeHandler(handler)


@pytest.fixture
def takes_long(monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 2)


def ask_until(client, is_there):
    """Every answer, up to the first one that is it."""
    found, until = [], time.monotonic() + LONGEST
    while not found or not is_there(found[-1]):
        assert time.monotonic() < until, f"The last answer was {found[-1].status_code}."
        time.sleep(0.1 if found else 0)
        found.append(client.get(f"{PATH}.pdf"))
    return found


def is_pdf(answer):
    return answer.status_code == 200 and answer.content.startswith(b"%PDF-1.7")


def test_pack_is_made_once_whatever_is_published_later(client, written):
    first = client.get(f"{PATH}.pdf")
    record.issue(record.changed(OutcomeVersion.objects.get(outcome="XA1"), name="Other jobs"), key=("outcome_id",))
    assert is_pdf(first) and client.get(f"{PATH}.pdf").content == first.content
    assert len(written) == 1


def test_long_pack_is_made_beside_the_request_once_for_all_who_ask(client, written, takes_long):
    *waiting, made = ask_until(client, is_pdf)
    assert len(written) == 1 and waiting
    for answer in waiting:
        assert (answer.status_code, answer["Refresh"], answer["Cache-Control"]) == (202, "5", "no-store")
    assert "It has just been begun." in Page(waiting[0]).main
    assert made["Content-Disposition"].startswith("inline")


def test_page_says_how_far_a_pack_is(client, takes_long, monkeypatch):
    monkeypatch.setattr(making, "TOLD_EVERY", 1)
    waiting = ask_until(client, is_pdf)[:-1]
    assert any("laid out so far" in Page(answer).main for answer in waiting)


def test_failure_is_told_and_tried_again(client, takes_long, monkeypatch, caplog):
    monkeypatch.setattr(making, "TRIED_AGAIN_AFTER", 2)
    with monkeypatch.context() as missing:
        missing.delitem(sys.modules, "weasyprint", raising=False)
        missing.setattr(sys, "meta_path", [WithoutLibraries, *sys.meta_path])
        answers = ask_until(client, lambda answer: b"could not be made" in answer.content)
    assert (answers[-1].status_code, answers[-1]["Refresh"]) == (503, "5")
    assert "A pack could not be made" in caplog.text
    assert is_pdf(ask_until(client, is_pdf)[-1])
