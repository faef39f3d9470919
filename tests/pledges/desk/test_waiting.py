"""What officers of the register find under My work, and are reminded of."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command

from luton2040.roles import Role
from pledges.desk.waiting import everyones
from pledges.models import Offer
from tests import factories as make
from tests import factories_pledges as pledges
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(clock):
    make.create_place(edition=make.create_edition(now=clock))
    return make.create_person(role=Role.PLEDGE_OFFICER, email="polly@example.org")


def test_my_work_lists_what_waits_for_officers_of_the_register_only(client, officer, clock):
    for _ in range(6):
        pledges.create_offer(now=clock)
    make.sign_in(client, officer)
    page = Page(client.get("/desk/"))
    assert "6 offers of partners wait for you." in page.main
    listed = page.section("Pledges that wait for you")
    assert [words(e) for e in listed.iter("h3")] == ["New pledge: A Bakery Ltd"] * 5
    assert page.link("All 6 of them") == "/desk/pledges/"
    make.sign_in(client, make.create_person(role=Role.ADMINISTRATOR))
    assert "Pledges that wait" not in Page(client.get("/desk/")).main


def test_officers_are_reminded_of_what_waited_for_a_day_and_again_once_it_is_answered(officer, clock, settings, capsys):
    settings.SITE_URL = "https://example.org"
    offer = pledges.create_offer(now=clock - timedelta(days=2))
    pledges.create_offer(now=clock)
    call_command("remind")
    call_command("remind")
    (letter,) = mail.outbox
    assert letter.to == ["polly@example.org"] and letter.subject == "Anytown 2040 desk: 1 pledge to look at"
    assert "New pledge: A Bakery Ltd. Since 29 November 2026." in letter.body
    assert f"https://example.org/desk/pledges/offers/{offer.pk}/" in letter.body
    asked = {"text": "How many?", "asked_by": officer, "asked_at": clock, "answer": "Five."}
    offer.questions.create(answered_at=clock - timedelta(days=1), **asked)
    call_command("remind")
    assert len(mail.outbox) == 2 and "Since 30 November 2026." in mail.outbox[1].body


def test_nobody_is_reminded_where_nobody_looks_after_the_register(officer, clock):
    pledges.create_offer(now=clock - timedelta(days=2))
    officer.groups.clear()
    assert list(everyones(clock)) == [] and Offer.objects.to_moderate().exists()
