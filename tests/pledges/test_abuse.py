"""Whoever means ill: scripts in every field from the first form to the last page, links, letters, addresses, files."""

import re
from datetime import timedelta
from time import time
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.core import mail, signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luton2040.audit import Entry
from luton2040.roles import Role
from pledges import contacts, offers, publishing
from pledges.models import Contact, Evidence, Offer, PledgeUpdate, PledgeVersion
from tests import factories as make
from tests.factories_pledges import create_commitment, create_contact, create_offer, create_pledge
from tests.reading import Page, words
from tests.record import NOW

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
ESCAPES = f"=cmd()'\"><img src=x onerror=alert(1)>{SCRIPT}"
EMAIL = "partner@example.org"


@pytest.fixture
def place(clock, settings):
    settings.SITE_URL = "https://here.example"
    make.create_place()
    make.create_priority()
    make.create_outcome(values={2020: 50, 2021: 51}, baseline=2020, target=(2040, 70))
    make.create_board(name="The Board")
    make.create_oversight(priority="good-work")


@pytest.fixture
def wait(monkeypatch):
    """The clock goes on by as many minutes, as nobody fills in forms in no time."""
    return lambda minutes: monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=minutes))


@pytest.fixture
def partner(client, place):
    """Somebody who is signed in and speaks for whoever made a pledge."""
    create_pledge()
    contact = create_contact(speaks_for=["a-charity"])
    client.post(reverse("partners:enter", args=[contacts.sign_in_token(contact)]))
    return client


def path_in(letter) -> str:
    return urlsplit(re.search(r"https?://\S+", letter.body).group())._replace(scheme="", netloc="").geturl()


STEPS = {
    "focus": {"focus": "good-work"},
    "add_action": {"what": ESCAPES, "target": ESCAPES, "target_by": "2030", "helps": ESCAPES, "outcomes": "AA1"},
    "plan": {"plan": ESCAPES},
    "community": {"community": ESCAPES},
    "you": {"organisation": ESCAPES, "organisation_kind": ESCAPES[:80], "email": EMAIL},
}


def fill_in(client, **changes):
    for name, fields in STEPS.items():
        answer = client.post(reverse(f"offering:{name}"), fields | changes.get(name, {}))
        assert answer.status_code == 302, Page(answer).main


def hand_in(client):
    page = Page(client.get(reverse("offering:check")))
    return client.post(reverse("offering:check"), page.typed())


# --- scripts in every field ---


def assert_harmless(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    text, kind = answer.content.decode(), answer["Content-Type"]
    assert kind.startswith("text/csv") or SCRIPT not in text and "<img src=x" not in text, path
    if kind.startswith("text/html"):
        page = Page(answer)
        assert not [e for e in page.root.iter() for name in e.keys() if name.startswith("on")]
        assert not [link for link in page.links if link.strip().lower().startswith(("javascript:", "data:"))]
        assert "script-src 'self'" in answer["Content-Security-Policy"]
    elif kind.startswith("image/svg+xml"):
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
        assert not tags & {"script", "foreignObject", "image", "a", "use"}
    elif kind.startswith("text/csv"):
        assert not re.search(r'(^|,)"?[=+@]', text, re.MULTILINE)


def test_script_in_every_field_is_text_everywhere(client, place, wait):
    """Of a maker, then of the same as a partner; on their own pages, an officer's and everybody's."""
    fill_in(client)
    for name in ("actions", "check"):
        assert_harmless(client, reverse(f"offering:{name}"))
    wait(5)
    assert hand_in(client).status_code == 302
    (letter,) = mail.outbox
    assert "\n" not in letter.subject and ESCAPES not in letter.subject
    assert_harmless(client, path_in(letter))
    client.post(path_in(letter))
    offer = Offer.objects.to_moderate().get()

    officer = make.create_person(role=Role.PLEDGE_OFFICER)
    moment = {"by": officer, "now": NOW + timedelta(minutes=5)}
    desk = type(client)()
    make.sign_in(desk, officer)
    for path in (reverse("pledge_desk:queue"), reverse("pledge_desk:offer", args=[offer.pk])):
        assert_harmless(desk, path)
    asked = offers.ask(offer, ESCAPES, saves=offer.saves, **moment)
    contact = Contact.objects.get()
    client.post(reverse("partners:enter", args=[contacts.sign_in_token(contact)]))
    assert_harmless(client, reverse("partners:home"))
    assert_harmless(client, reverse("partners:offer", args=[offer.pk]))
    offers.answer(offer, ESCAPES, question=asked.pk, typed=None, contact=contact, now=moment["now"])
    assert_harmless(desk, reverse("pledge_desk:offer", args=[offer.pk]))
    offer.refresh_from_db()
    publishing.publish(offer, saves=offer.saves, **moment)
    pledge = PledgeVersion.objects.get()
    organisation = pledge.pledge.makers.get().organisation_id

    update = reverse("partners:update", args=[pledge.pledge_id])
    typed = {"said": ESCAPES, "said_on": "2026-12-01", "key": "k"}
    refused = client.post(update, typed | {"evidence_url": "javascript:alert(1)"})
    assert refused.status_code == 200 and "Write an address such as" in Page(refused).main
    client.post(update, typed | {"evidence_url": "https://example.org/?a='%22><script>"})
    posted = Offer.objects.filter(kind="update").first()
    assert_harmless(desk, reverse("pledge_desk:offer", args=[posted.pk]))
    publishing.publish(posted, saves=posted.saves, **moment)
    shown = [
        reverse("pledges:register"),
        reverse("pledges:register") + "?q=%3Cscript%3Ealert(1)%3C/script%3E",
        reverse("pledges:commitments_csv"),
        reverse("pledges:pledge", args=[pledge.pledge_id]),
        reverse("pledges:organisation", args=[organisation]),
        reverse("pledges:badge", args=[organisation]),
        "/outcomes/aa1/", "/priorities/good-work/", "/boards/a-board/", "/changes/", "/changes/feed/", "/",
        f"{reverse('offering:start')}?outcome=%3Cscript%3Ealert(1)%3C/script%3E&priority=%22%3E%3Cscript%3E",
        reverse("partners:home"),
        reverse("partners:pledge", args=[pledge.pledge_id]),
        reverse("partners:change", args=[pledge.pledge_id]),
    ]  # fmt: skip
    for path in shown:
        assert_harmless(client, path)
    for name, key in (("pledge", pledge.pledge_id), ("organisation", organisation)):
        assert_harmless(desk, reverse(f"pledge_desk:{name}", args=[key]))
    assert asked and not [entry for entry in Entry.objects.all() if EMAIL in f"{entry.what}{entry.about}"]
    assert all(ESCAPES not in letter.subject and "\n" not in letter.subject for letter in mail.outbox)


# --- texts that are too long, and letters ---

LONG = "x" * 1_000_000


@pytest.mark.parametrize(
    "step, field",
    [(step, field) for step, fields in STEPS.items() for field in fields if field not in ("focus", "outcomes")],
)
def test_megabyte_in_a_field_is_refused_in_words(client, place, step, field):
    path, typed = reverse(f"offering:{step}"), STEPS[step] | {field: LONG}
    for name, fields in STEPS.items():
        if name == step:
            break
        client.post(reverse(f"offering:{name}"), fields)
    answer = client.post(path, typed)
    assert answer.status_code == 200 and re.search(r"Keep it to|at most|Write a", Page(answer).main)
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    "page, field",
    [
        pytest.param("update", "said", id="what was done"),
        pytest.param("update", "evidence_url", id="link"),
        pytest.param("end", "why", id="reason of an end"),
        pytest.param("change", "why", id="reason of a change"),
        pytest.param("change", "plan", id="plan"),
        pytest.param("change", "commitments-0-what", id="commitment"),
    ],
)
def test_megabyte_of_a_partner_is_refused_in_words(partner, page, field):
    create_commitment(serves=["AA1"])
    path = reverse(f"partners:{page}", args=["a-pledge"])
    many = {"commitments-TOTAL_FORMS": "1", "commitments-INITIAL_FORMS": "1"} if page == "change" else {}
    answer = partner.post(path, many | {"said_on": "2026-12-01", "ended_on": "2026-12-01", "key": "k", field: LONG})
    assert answer.status_code == 200 and re.search(r"Keep it to|at most|Write an", Page(answer).main)
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("a@example.org\nBcc: b@example.org", id="line feed"),
        pytest.param("a@example.org\r\nSubject: Buy this", id="carriage return"),
        pytest.param("a@example.org, b@example.org", id="two of them"),
        pytest.param('"A" <a@example.org>', id="with a name"),
        pytest.param("a@example.org%0ABcc:b@example.org", id="as in addresses of pages"),
    ],
)
def test_nothing_gets_into_the_head_of_a_letter(client, place, address):
    for path, fields in (
        (reverse("offering:you"), STEPS["you"] | {"email": address}),
        (reverse("partners:sign_in"), {"email": address}),
    ):
        client.post(reverse("offering:focus"), STEPS["focus"])
        answer = client.post(path, fields)
        assert answer.status_code == 200 and "Write an address such as" in Page(answer).main
    assert mail.outbox == []


def test_lines_in_a_name_stay_out_of_the_head_of_a_letter(client, place, wait):
    fill_in(client, you={"organisation": "A shop\nBcc: b@example.org\r\nX-Spam: no"})
    wait(5)
    hand_in(client)
    (letter,) = mail.outbox
    assert letter.recipients() == [EMAIL] and letter.extra_headers == {}
    assert "A shop" not in letter.subject and letter.message()["Bcc"] is None


# --- links ---


def of_nothing(salt):
    return {
        "forged": "abc:def:ghi",
        "signed by another key": signing.dumps(1, key="another", salt=salt),
        "signed for another purpose": signing.dumps(1, salt="something else"),
        "of nobody": signing.dumps(999, salt=salt),
        "very long": "x" * 5000,
    }


@pytest.mark.parametrize("how", of_nothing(""))
@pytest.mark.parametrize("name, salt", [("offering:confirm", offers.SALT), ("partners:enter", contacts.SALT)])
def test_link_that_is_not_good_says_one_thing_and_is_not_logged(client, place, caplog, name, salt, how):
    token = of_nothing(salt)[how]
    told = Page(client.get(reverse(name, args=["abc"]))).main
    for send in (client.get, client.post):
        answer = send(reverse(name, args=[token]))
        assert answer.status_code == 404 and Page(answer).main == told
        assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert token not in caplog.text
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "name, good_for",
    [
        pytest.param("offering:confirm", timedelta(days=7), id="confirmation"),
        pytest.param("partners:enter", timedelta(hours=1), id="sign-in"),
    ],
)
def test_link_that_is_too_old(client, place, monkeypatch, name, good_for):
    offer, contact = create_offer(state="unconfirmed", email=EMAIL), create_contact(email="another@example.org")

    def link(age):
        signed_at = time() - age.total_seconds()
        with monkeypatch.context() as patch:
            patch.setattr(signing.time, "time", lambda: signed_at)
            tokens = {"offering:confirm": offers.confirmation(offer), "partners:enter": contacts.sign_in_token(contact)}
        return reverse(name, args=[tokens[name]])

    fresh, old = link(good_for - timedelta(minutes=1)), link(good_for + timedelta(minutes=1))
    assert client.get(fresh).status_code == 200
    assert client.get(old).status_code == client.post(old).status_code == 404
    assert not Offer.objects.to_moderate().exists()


def test_link_that_is_followed_again_does_nothing_more(client, place):
    offer = create_offer(state="unconfirmed", email=EMAIL)
    link = reverse("offering:confirm", args=[offers.confirmation(offer)])
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert not Contact.objects.exists(), "opening it changes nothing"
    for _ in range(3):
        assert client.post(link).status_code == 302
    assert (Contact.objects.count(), Offer.objects.to_moderate().count(), Entry.objects.count()) == (1, 1, 1)
    enter = reverse("partners:enter", args=[contacts.sign_in_token(Contact.objects.get())])
    assert client.post(enter).status_code == 302
    for _ in range(2):
        assert type(client)().post(enter).status_code == 404


@pytest.mark.parametrize(
    "then", ["https://evil.example/", "//evil.example/", "/desk/", "javascript:alert(1)", "/\\evil"]
)
def test_link_leads_nowhere_else(client, place, then):
    enter = reverse("partners:enter", args=[contacts.sign_in_token(create_contact())])
    assert client.post(f"{enter}?next={then}")["Location"] == reverse("partners:home")


# --- whether an address is known ---


def asked_for_a_link(client, email):
    mail.outbox.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(reverse("partners:sign_in"), {"email": email})
    return answer.status_code, Page(answer).main.replace(email, "…"), len(mail.outbox), len(queries)


def test_nobody_learns_which_addresses_are_known(client, place):
    create_contact(email="known@example.org", speaks_for=["a-charity"])
    known, unknown = (asked_for_a_link(type(client)(), f"{name}@example.org") for name in ("known", "unknown"))
    assert known[:3] == unknown[:3] and known[2] == 1
    assert abs(known[3] - unknown[3]) <= 1


def test_handing_in_says_the_same_whoever_the_address_belongs_to(client, place, wait):
    create_contact(email="known@example.org", speaks_for=["a-charity"])
    said = []
    for number, email in enumerate(("known@example.org", "unknown@example.org"), 1):
        wait(0)
        own = type(client)()
        fill_in(own, you={"email": email})
        wait(5)
        assert hand_in(own)["Location"] == reverse("offering:sent")
        said.append(Page(own.get(reverse("offering:sent"))).main.replace(email, "…"))
        assert len(mail.outbox) == number
    assert said[0] == said[1]


# --- files ---


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<!DOCTYPE html><script>alert(1)</script>", id="HTML"),
        pytest.param(b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", id="HTML that begins as a PNG"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", id="SVG"),
        pytest.param(b"%PDF-1.7\n<script>alert(1)</script>", id="HTML that begins as a PDF"),
        pytest.param(b"MZ" + bytes(500), id="program"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_file_that_is_not_what_it_says_is_refused_and_nothing_typed_is_lost(partner, data):
    path = reverse("partners:update", args=["a-pledge"])
    typed = {"said": "We planted trees.", "said_on": "2026-12-01", "key": "k"}
    answer = partner.post(path, typed | {"file": SimpleUploadedFile("proof.png", data, "image/png")})
    page = Page(answer)
    assert answer.status_code == 200 and words(page.one("textarea", name="said")) == "We planted trees."
    assert "PNG" in page.main or "PDF" in page.main
    assert not Evidence.objects.exists() and not Offer.objects.exists() and not PledgeUpdate.objects.exists()
