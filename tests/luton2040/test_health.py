"""What those who keep the site up, and those who search it, are told."""

import pytest
from django.core.cache import caches

from tests import factories as make
from tests import record

pytestmark = pytest.mark.django_db


def test_healthz_gives_the_newest_edition(client, django_assert_num_queries):
    make.create_edition(now=record.NOW)
    make.create_edition(now=record.NOW)
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"edition": 2, "issued_at": "2026-12-01T09:30:00Z"}


def test_healthz_of_an_empty_record_is_unavailable(client):
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"edition": None, "issued_at": None}


@pytest.mark.parametrize("kept", [False, True], ids=["made", "kept"])
def test_healthz_is_never_kept(client, settings, kept):
    settings.KEEP_PAGES = kept
    caches["pages"].clear()
    make.create_edition(now=record.NOW)
    assert client.get("/healthz").json()["edition"] == 1
    make.create_edition(now=record.NOW)
    answer = client.get("/healthz")
    assert answer.json()["edition"] == 2
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_robots_are_asked_to_leave_out_what_is_filtered(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    wanted = ["User-agent: *", "Disallow: /*?", "Disallow: /desk/", "Disallow: /accounts/", "Disallow: /by-link/"]
    assert answer.content.decode().splitlines() == wanted
