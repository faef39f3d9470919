"""The page of a meeting's links: made, shown once, listed, revoked."""

from urllib.parse import unquote

import pytest
from django.test import Client

from boards.models import Link, Meeting
from luton2040.audit import Action, Entry
from tests.boards.desk.conftest import AT
from tests.factories_boards import create_link, create_review
from tests.reading import Page
from tests.record import NOW

pytestmark = pytest.mark.django_db
PATH = f"{AT}links/"


def made(page):
    return page.one("input", id="id_address").get("value")


def test_link_is_made_shown_once_and_works(clerk, settings):
    assert Page(clerk.get(PATH)).typed()["days"] == "14"
    page = Page(clerk.post(PATH, {"for_whom": "the chair", "days": "3"}))
    address = made(page)
    (mail,) = [link for link in page.links if link.startswith("mailto:")]
    assert address in unquote(mail) and "Friday 4 December 2026, 09:30" in unquote(mail)
    assert page.rows() == [["the chair", "The papers", "by Clara Clerk on 1 December 2026, 09:30", page.rows()[0][3]]]
    assert "Works until 4 December 2026, 09:30" in page.main
    assert "A board" in Page(Client().get(address)).main
    assert address.rsplit("/", 2)[1] not in Page(clerk.get(PATH)).html
    assert Entry.objects.of_action(Action.LINK_MADE).count() == 1
    settings.SITE_URL = "https://outcomes.example"
    page = Page(clerk.post(PATH, {"for_whom": "the vice chair", "days": "60"}))
    assert made(page).startswith("https://outcomes.example/by-link/")


@pytest.mark.parametrize(
    "fields, said",
    [
        pytest.param({"for_whom": ""}, "Say who gets the link, such as the chair.", id="nobody"),
        pytest.param({"for_whom": "a" * 201}, "It has 201 characters, and 200 is the most.", id="long"),
        pytest.param({"days": "61"}, "Give a whole number of days, from 1 to 60.", id="too many days"),
        pytest.param({"days": "1.5"}, "Give a whole number of days, from 1 to 60.", id="half a day"),
    ],
)
def test_link_that_cannot_be_is_refused_in_words(clerk, fields, said):
    sent = {"for_whom": "the chair", "days": "14"} | fields
    page = Page(clerk.post(PATH, sent))
    assert said in page.main and page.typed()["for_whom"] == sent["for_whom"]
    assert not Link.objects.exists()


def test_link_is_revoked_at_once(clerk, meeting):
    review = create_review(meeting=meeting, outcome="XA1", by=clerk.person)
    create_link(meeting=meeting, token="ended", expires_at=NOW, by=clerk.person)
    link = create_link(review=review, token="works", for_whom="A charity", now=NOW, by=clerk.person)
    page = Page(clerk.get(PATH))
    assert "To reply to the review of “Good jobs”" in page.main and "Ended on 1 December 2026" in page.main
    page = Page(clerk.post(PATH, {"revoke": link.pk}, follow=True))
    assert "The link for A charity no longer works." in page.main and "Revoked by Clara Clerk" in page.main
    assert Client().get("/by-link/works/").status_code == 404
    for revoked, said in ((link.pk, "This link was revoked already"), ("", "no such link"), ("9" * 12, "no such link")):
        answer = clerk.post(PATH, {"revoke": revoked})
        assert answer.status_code == 409 and said in Page(answer).main


def test_public_meeting_needs_no_link(clerk):
    Meeting.objects.update(is_public=True)
    page = Page(clerk.get(PATH))
    assert "This meeting is public: send the address of its page." in page.main
    answer = clerk.post(PATH, {"for_whom": "the chair", "days": "14"})
    assert answer.status_code == 409 and not Link.objects.exists()
