"""A partner gets in by a link sent to the address, and out again; nobody learns whose address is known."""

import re
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from luton2040.roles import Role
from pledges import contacts
from pledges.models import Contact, Offer
from pledges.offering import draft as drafts
from tests import reading
from tests.factories import create_person
from tests.factories_pledges import create_offer
from tests.reading import Page
from tests.record import NOW
from tests.signing_in import PASSWORD, sign_in, who

pytestmark = pytest.mark.django_db
SIGN_IN, HOME = "/pledges/yours/sign-in/", "/pledges/yours/"
OF_PLEDGE = "/pledges/yours/a-pledge/"


def ask(client, email="partner@example.org", then=""):
    return client.post(f"{SIGN_IN}?next={then}" if then else SIGN_IN, {"email": email})


def link() -> str:
    """Of the letter that was sent last."""
    return re.search(r"http://testserver(/pledges/yours/enter/\S+)", mail.outbox[-1].body)[1]


def is_in(client) -> bool:
    return client.get(HOME).status_code == 200


# --- the way in ---


def test_link_signs_in_and_leads_to_where_the_partner_wanted_to_go(client, partner):
    address = client.get(OF_PLEDGE)["Location"]
    assert address == f"{SIGN_IN}?next=%2Fpledges%2Fyours%2Fa-pledge%2F"
    ask(client, "Partner@Example.ORG", then=OF_PLEDGE)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["partner@example.org"], "Exampleton 2035: your link to sign in")
    page = Page(client.get(link()))
    assert "You are about to sign in as partner@example.org" in page.main and not is_in(client)
    answer = client.post(link())
    assert answer["Location"] == OF_PLEDGE and is_in(client)
    partner.refresh_from_db()
    assert (partner.sign_ins, partner.seen_at) == (1, NOW)


def test_nothing_tells_whether_an_address_is_known(client, partner):
    answers = [ask(client, email) for email in ("partner@example.org", "nobody@example.org")]
    assert [answer.status_code for answer in answers] == [200, 200]
    known, unknown = (Page(answer).main for answer in answers)
    assert known.replace("partner@", "nobody@") == unknown and "We have written to" in known
    assert [letter.to for letter in mail.outbox] == [["partner@example.org"], ["nobody@example.org"]]
    assert "/enter/" not in mail.outbox[1].body and "does not speak for an organisation" in mail.outbox[1].body


def test_whoever_has_only_offered_a_pledge_signs_in_too(client, exampleton):
    contact = create_offer(state=Offer.State.WAITING).contact
    client.post(f"/pledges/yours/enter/{contacts.sign_in_token(contact)}/")
    assert "New pledge of 1 June 2026" in Page(client.get(HOME)).main


def test_link_that_was_used_leads_on_where_it_was_used_and_nowhere_else(client, partner):
    ask(client)
    client.post(link())
    assert client.get(link())["Location"] == HOME == client.post(link())["Location"]
    for answer in (Client().get(link()), Client().post(link())):
        assert answer.status_code == 404 and "This link does not work, or not any more" in Page(answer).main


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_is_told_to_nobody(client, partner, caplog, method):
    for token in (contacts.sign_in_token(partner), "forged"):
        answer = getattr(client, method)(f"/pledges/yours/enter/{token}/")
        assert answer["Referrer-Policy"] == "same-origin" and answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Cache-Control"] == "private, no-store"
        client.logout()
    assert "forged" not in caplog.text


@pytest.mark.parametrize(
    "then",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/desk/", "/pledges/yours/../../desk/", "a\nb"],
)
def test_link_leads_nowhere_but_to_partners_pages(client, partner, then):
    answer = client.post(f"/pledges/yours/enter/{contacts.sign_in_token(partner)}/", query_params={"next": then})
    assert answer["Location"] == HOME


@pytest.mark.parametrize(
    "email, why",
    [
        pytest.param("", "Write your address.", id="empty"),
        pytest.param("nobody", "such as name@example.org", id="no address"),
        pytest.param("a@example.org\nBcc: b@example.org", "such as name@example.org", id="a header"),
        pytest.param("a" * 300 + "@example.org", "at most 254 characters", id="too long"),
    ],
)
def test_address_that_is_none_is_refused_and_stays_typed(client, exampleton, email, why):
    page = Page(ask(client, email))
    assert why in page.main and not mail.outbox
    assert page.one("input", name="email").get("value", "") == email


def test_mail_server_that_is_down_is_told_alike(client, partner, settings):
    settings.EMAIL_BACKEND = "tests.pledges.partners.test_signing_in.Down"
    for email in ("partner@example.org", "nobody@example.org"):
        answer = ask(client, email)
        assert answer.status_code == 503 and "could not be sent just now" in Page(answer).main


class Down:
    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.mark.parametrize(
    "email", [pytest.param("partner@example.org", id="known"), pytest.param("x@example.org", id="unknown")]
)
def test_one_address_is_written_to_only_so_often(client, partner, email):
    *answers, refused = [ask(client, email) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 and len(mail.outbox) == 4
    page = Page(refused)
    assert refused.status_code == 429 and "Else wait an hour, and six hours at the longest" in page.main
    assert page.one("input", name="email").get("value") == email


def test_in_a_day_one_address_is_written_to_only_so_often_and_can_be_within_six_hours(client, partner, monkeypatch):
    start, sent = time.time(), []
    for hour in range(24):
        monkeypatch.setattr("time.time", lambda h=hour: start + h * 60 * 61)
        sent.append([ask(client).status_code for _ in range(5)].count(200))
    assert sent == [4, 2, 0, 0, 0, 0] * 4


# --- being in, and getting out ---


def test_partner_stays_signed_in_for_eight_hours(signed_in, monkeypatch):
    for hours, inside in ((7.9, True), (8.1, False)):
        monkeypatch.setattr("django.utils.timezone.now", lambda h=hours: NOW + timedelta(hours=h))
        assert is_in(signed_in) == inside


def test_signing_in_changes_the_session_and_signing_out_ends_it(client, partner):
    client.get(SIGN_IN)
    session = client.session
    session["something"] = "else"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    client.post(f"/pledges/yours/enter/{contacts.sign_in_token(partner)}/")
    assert client.session.session_key != before and client.session["something"] == "else"
    assert client.get("/pledges/yours/sign-out/")["Location"] == HOME and is_in(client)
    assert client.post("/pledges/yours/sign-out/", follow=True).redirect_chain[-1][0] == SIGN_IN
    assert not is_in(client) and client.session["something"] == "else"


def test_staff_stay_signed_in_beside(client, partner, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person = create_person(role=Role.OFFICER, email="ann@example.org", password=PASSWORD)
    client.post(f"/pledges/yours/enter/{contacts.sign_in_token(partner)}/")
    sign_in(client)
    assert is_in(client) and who(client) == str(person.pk)
    client.post("/pledges/yours/sign-out/")
    assert not is_in(client) and who(client) == str(person.pk)


def test_deleted_address_is_out_at_once(signed_in, partner):
    other = Client()
    other.cookies = signed_in.cookies
    page = Page(signed_in.get("/pledges/yours/delete/"))
    assert "Delete your address" in page.headings and Contact.objects.exists()
    answer = signed_in.post("/pledges/yours/delete/", follow=True)
    assert "Your address is deleted" in Page(answer).main and not Contact.objects.exists()
    assert not is_in(other)


def test_deleted_address_leaves_nothing_of_a_pledge_that_was_being_made(signed_in, partner):
    create_offer(state=Offer.State.UNCONFIRMED, email=partner.email)
    session = signed_in.session
    for place in (drafts.MAKING, drafts.SENT):
        drafts.keep(session, replace(drafts.begin(NOW), email=partner.email), place)
    session.save()
    assert "so is one that you are making in this browser" in Page(signed_in.get("/pledges/yours/delete/")).main
    signed_in.post("/pledges/yours/delete/")
    assert partner.email not in str(dict(signed_in.session)) and not Offer.objects.exists()


def test_what_is_sent_by_somebody_not_signed_in_any_more_is_not_taken(signed_in, partner):
    partner.delete()
    answer = signed_in.post(f"{OF_PLEDGE}update/", {"said": "x"}, follow=True)
    assert "go back in your browser to what you typed" in Page(answer).main and not Offer.objects.exists()


def test_forms_from_elsewhere_are_refused(partner):
    client = Client(enforce_csrf_checks=True)
    token = contacts.sign_in_token(partner)
    for path in (SIGN_IN, f"/pledges/yours/enter/{token}/", "/pledges/yours/sign-out/", "/pledges/yours/delete/"):
        assert client.post(path, {"email": "partner@example.org"}).status_code == 403
    assert not mail.outbox and contacts.find_by_token(token)


def test_pages_of_the_way_in_are_sound(client, partner):
    client.get("/")
    token = contacts.sign_in_token(partner)
    answers = [client.get(SIGN_IN), ask(client), ask(client, ""), client.get(f"/pledges/yours/enter/{token}/")]
    answers += [client.get("/pledges/yours/enter/forged/?next=/pledges/yours/a-pledge/")]
    client.post(f"/pledges/yours/enter/{token}/")
    answers += [client.get("/pledges/yours/delete/"), client.get(f"{SIGN_IN}?next=/pledges/yours/a-pledge/")]
    faults = [f for answer in answers for check in reading.CHECKS for f in check(Page(answer))]
    assert faults == []
