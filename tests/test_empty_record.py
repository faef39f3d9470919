"""Before anything is published: every page says what to do."""

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.views.defaults import server_error

from luton2040.editions import Edition
from tests import addresses, reading
from tests.reading import Page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kept", [pytest.param(False, id="made"), pytest.param(True, id="kept")])
@pytest.mark.parametrize("kind", addresses.KINDS)
def test_empty_record_says_what_to_do(client, settings, kind, kept):
    settings.KEEP_PAGES = kept
    assert not Edition.objects.exists()
    answer = client.get(addresses.of_kind(kind, priority="good-work", code="XA1"))
    assert answer.status_code == 503
    assert answer["Cache-Control"] == "no-store"
    page = Page(answer)
    assert "Nothing has been published yet" in page.main
    assert "python manage.py load_fixtures" in page.main
    assert reading.has_no_broken_reference(page) == reading.has_one_first_heading(page) == []


def test_empty_record_explains_an_unknown_page_too(client):
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "There is no page here" in Page(answer).main


def test_page_of_a_fault_needs_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert answer.content.decode() == (settings.BASE_DIR / "templates" / "500.html").read_text()
