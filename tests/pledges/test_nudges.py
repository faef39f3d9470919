"""Partners are asked kindly after a year of silence, once, and again after half a year at the earliest."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luton2040.editions import Edition
from pledges import nudges
from pledges.models import Contact, Nudge, Offer
from tests.factories import create_place
from tests.factories_pledges import create_contact, create_offer, create_pledge, create_pledge_update
from tests.record import NOW, TODAY
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def place(clock, settings):
    settings.SITE_URL = "https://here.example"
    create_place()


def silent(slug="a-pledge", **fields):
    return create_pledge(slug=slug, title=slug.capitalize(), **{"made_on": "2024"} | fields)


def due(now=NOW):
    return [(contact, [r.slug for r in found]) for contact, found in nudges.due(Edition.objects.current(), TODAY, now)]


def remind(**options):
    out = StringIO()
    call_command("remind", stdout=out, stderr=out, **options)
    return out.getvalue()


# --- who is asked about what ---


@pytest.mark.parametrize(
    "fields, is_asked",
    [
        pytest.param({"made_on": "2025-12-01"}, True, id="a year"),
        pytest.param({"made_on": "2025-12-02"}, False, id="a day less"),
        pytest.param({"withdrawn_on": date(2025, 1, 1), "withdrawn_why": "Closed."}, False, id="ended"),
    ],
)
def test_partner_is_asked_about_a_pledge_that_is_silent(fields, is_asked):
    contact = create_contact(speaks_for=["a-charity"])
    silent(**fields)
    assert due() == ([(contact, ["a-pledge"])] if is_asked else [])


def test_whoever_speaks_for_a_maker_is_asked_once_for_all_that_is_silent():
    silent("one", organisations=["a-charity", "a-school"])
    silent("two")
    silent("other", organisations=["a-shop"])
    silent("nobodys", organisations=["a-club"])
    first = create_contact(speaks_for=["a-charity", "a-school"])
    second = create_contact(email="b@example.org", speaks_for=["a-school"])
    create_contact(email="c@example.org")
    assert due() == [(first, ["one", "two"]), (second, ["one"])]


def test_news_ends_the_silence_and_so_does_what_waits_for_an_officer():
    create_contact(speaks_for=["a-charity"])
    silent("told")
    create_pledge_update(pledge="told", said_on=date(2026, 1, 1))
    silent("waits")
    create_offer(kind=Offer.Kind.UPDATE, pledge_id="waits", organisation_id="a-charity")
    silent("declined")
    about = {"pledge_id": "declined", "organisation_id": "a-charity"}
    create_offer(kind=Offer.Kind.UPDATE, state=Offer.State.DECLINED, **about)
    assert [slugs for _, slugs in due()] == [["declined"]]


@pytest.mark.parametrize(
    "ago, is_asked",
    [pytest.param(182 * DAY, False, id="less than half a year"), pytest.param(183 * DAY, True, id="half a year")],
)
def test_partner_is_asked_again_after_half_a_year(ago, is_asked):
    contact = create_contact(speaks_for=["a-charity"])
    silent()
    Nudge.objects.create(contact=contact, pledge_id="a-pledge", sent_at=NOW - ago)
    assert bool(due()) == is_asked


def test_queries_do_not_grow_with_partners():
    def count():
        with CaptureQueriesContext(connection) as queries:
            due()
        return len(queries)

    silent("one", organisations=["org-1"])
    create_contact(speaks_for=["org-1"])
    few = count()
    for number in range(2, 8):
        silent(f"pledge-{number}", organisations=[f"org-{number}"])
        create_contact(email=f"{number}@example.org", speaks_for=[f"org-{number}"])
    assert count() == few


# --- the letter ---


def test_letter_signs_in_to_where_something_can_be_said(client):
    create_contact(speaks_for=["a-charity"])
    silent()
    said = remind()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["partner@example.org"], "Anytown 2040: how does your pledge go?")
    assert "no news of this pledge:" in letter.body
    assert "- A-pledge, last heard of on 31 December 2024\n  https://here.example/pledges/a-pledge/" in letter.body
    (link,) = (line for line in letter.body.split() if "/enter/" in line)
    answer = client.post(link.removeprefix("https://here.example"))
    assert answer["Location"] == "/pledges/yours/a-pledge/update/"
    assert f"Asked contact {Contact.objects.get().pk} about:\n  a-pledge\nDone." in said
    assert "example.org" not in said


def test_letter_about_several_leads_to_all_of_them():
    create_contact(speaks_for=["a-charity"])
    silent("one")
    silent("two")
    remind()
    (letter,) = mail.outbox
    assert "no news of these pledges:" in letter.body and "?next=" not in letter.body


def test_nobody_is_asked_twice_however_often_it_runs():
    create_contact(speaks_for=["a-charity"])
    silent()
    assert "Would ask contact" in remind(dry_run=True) and not mail.outbox
    assert "Asked" in remind() and remind() == "Done.\n"
    assert len(mail.outbox) == 1 and Nudge.objects.get().sent_at == NOW


def test_one_letter_that_fails_keeps_back_no_other_and_is_tried_again(monkeypatch):
    create_contact(email="bad@example.org", speaks_for=["a-charity"])
    create_contact(email="good@example.org", speaks_for=["a-charity"])
    silent()
    send = mail.EmailMessage.send

    def failing(message, *given, **options):
        if message.to == ["bad@example.org"]:
            raise ConnectionRefusedError
        return send(message, *given, **options)

    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMessage, "send", failing)
        with pytest.raises(CommandError, match=r"^Not sent.*: contact \d+ \(ConnectionRefusedError\)$"):
            remind()
    assert [letter.to for letter in mail.outbox] == [["good@example.org"]]
    remind()
    assert [letter.to for letter in mail.outbox] == [["good@example.org"], ["bad@example.org"]]


def test_address_deleted_meanwhile_is_not_written_to():
    contact = create_contact(speaks_for=["a-charity"])
    silent()
    found = nudges.due(Edition.objects.current(), TODAY, NOW)
    contact.delete()
    assert nudges.nudge(*found[0], now=NOW, send=None) == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_ask_once():
    create_contact(speaks_for=["a-charity"])
    silent()
    ((contact, found),) = nudges.due(Edition.objects.current(), TODAY, NOW)
    sent = []

    def ask():
        return len(nudges.nudge(contact, found, now=NOW, send=lambda *given: sent.append(given)))

    assert sorted(at_once(ask, ask)) == [0, 1] and len(sent) == 1
