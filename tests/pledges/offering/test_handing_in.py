"""Handing in a pledge, the letter, and the link in it."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from pledges import offers
from pledges.content import wording
from pledges.models import Contact, Offer
from tests.factories_pledges import create_contact, create_offer, create_pledge
from tests.pledges.offering.conftest import Maker, led_to, link_in
from tests.reading import CHECKS, Page

pytestmark = pytest.mark.django_db
ILL = "Bakery\r\nBcc: all@example.org https://elsewhere.example/"


def test_handing_in_keeps_what_was_typed_and_sends_one_letter(handed_in, letter):
    maker, offer = handed_in
    said = wording(offer.typed)
    assert (offer.state, offer.email, offer.kind) == ("unconfirmed", "baker@example.org", "new")
    assert (said.organisation, said.focus, said.commitments[0].outcomes) == ("A Bakery", ["good-work"], ["XA1", "XM1"])
    assert letter.to == ["baker@example.org"] and letter.subject == "Exampleton 2035: Confirm your pledge"
    assert "https://register.example/pledges/new/confirm/" in letter.body
    page = maker.page("sent")
    assert "baker@example.org" in page.main and [check(page) for check in CHECKS if check(page)] == []
    assert maker.draft() is None


def test_nothing_that_was_typed_is_in_the_letter(maker):
    maker.fill_in(you={"organisation": ILL}, plan={"plan": ILL}, add_action={"what": ILL})
    maker.hand_in()
    (letter,) = mail.outbox
    assert "elsewhere" not in letter.message().as_string() and letter.recipients() == ["baker@example.org"]


def test_handing_in_twice_is_one_offer(handed_in):
    maker, offer = handed_in
    assert led_to(maker.send("check", key=offer.key)) == "sent/"
    assert Offer.objects.count() == len(mail.outbox) == 1
    # Also going back, and the button of a page that was left open while another pledge is begun.
    assert led_to(maker.get(reverse("offering:check"))) == "sent/"
    maker.send("focus", focus=["good-work"])
    assert led_to(maker.send("check", key=offer.key)) == "sent/"
    assert led_to(maker.get(reverse("offering:check"))) == "actions/"


@pytest.mark.parametrize("known", [pytest.param(True, id="known"), pytest.param(False, id="unknown")])
def test_answer_is_the_same_whoever_the_address_belongs_to(maker, known):
    if known:
        create_offer(contact=create_contact(email="baker@example.org", speaks_for=["a-bakery"]))
    maker.fill_in()
    assert led_to(maker.hand_in()) == "sent/"
    assert maker.page("sent").main.startswith("One thing is left: confirm your address We sent a letter to baker@")
    assert len(mail.outbox) == 1


# --- the letter again, and another address ---


def test_letter_is_sent_again_a_few_times_a_day_and_no_more(handed_in):
    maker, offer = handed_in
    answers = {Page(maker.post(reverse("offering:sent"), {"step": "again"}, follow=True)).main for _ in range(4)}
    assert len(mail.outbox) == 3 and len(answers) == 1  # the page does not tell that none was sent
    # Nor does another browser fill that mailbox.
    other = Maker()
    other.fill_in(you={"email": "BAKER@example.org"})
    assert led_to(other.hand_in()) == "sent/"
    assert len(mail.outbox) == 3 and Offer.objects.count() == 2


def test_confirmed_pledge_gets_no_other_letter(handed_in, letter):
    maker, offer = handed_in
    Client().post(link_in(letter))
    maker.send("sent", step="again")
    assert len(mail.outbox) == 1


def test_wrong_address_is_put_right_without_typing_all_again(handed_in):
    maker, offer = handed_in
    assert led_to(maker.send("sent", step="change")) == "you/"
    assert led_to(maker.send("you", **maker.page("you").typed(email="right@example.org"))) == "check/"
    assert led_to(maker.hand_in()) == "sent/"
    assert Offer.objects.get().email == "right@example.org" and mail.outbox[-1].to == ["right@example.org"]
    # Whoever reads the first letter has nothing to confirm.
    for method in (Client().get, Client().post):
        assert "make the pledge again" in bare(method(link_in(mail.outbox[0]))).main
    assert Offer.objects.get().state == "unconfirmed" and not Contact.objects.exists()


def test_page_after_handing_in_is_nobody_elses(exampleton):
    assert led_to(Client().get(reverse("offering:sent"))) == ""


class NoServer:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, letters):
        raise ConnectionRefusedError("nobody there")


def test_pledge_is_kept_where_no_letter_can_be_sent(maker, settings):
    settings.EMAIL_BACKEND = f"{__name__}.NoServer"
    maker.fill_in()
    maker.hand_in()
    assert "no letter could be sent just now" in maker.page("sent").main
    assert Offer.objects.get().state == "unconfirmed"


# --- programs that fill in forms ---


def test_trap_that_is_filled_in_hands_in_nothing_and_loses_nothing(maker):
    maker.fill_in()
    page = Page(maker.hand_in(website="https://spam.example/"))
    assert "must stay empty" in page.main and page.typed()["website"] == "" and not Offer.objects.exists()
    assert led_to(maker.send("check", **page.typed())) == "sent/"


def test_what_is_too_quick_for_a_person_is_asked_for_once_more(maker):
    maker.fill_in()
    page = Page(maker.send("check", key=maker.draft().key))
    assert "very quick" in page.main and "A Bakery" in page.main and not Offer.objects.exists()
    assert led_to(maker.hand_in()) == "sent/"


def test_pledges_are_not_handed_in_without_end(maker, settings):
    settings.ACCOUNT_RATE_LIMITS = {"offer_pledge": "1/h/ip"}
    maker.fill_in()
    maker.hand_in()
    maker.fill_in()
    assert maker.hand_in().status_code == 429
    assert maker.draft() and Offer.objects.count() == 1


# --- the link ---


def bare(answer):
    """No cookie, kept by nobody, and sent on to nobody."""
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    page = Page(answer)
    assert [check(page) for check in CHECKS if check(page)] == []
    return page


def test_link_confirms_once_its_button_is_pressed(handed_in, letter):
    reader = Client(enforce_csrf_checks=True)  # another browser, on another device
    page = bare(reader.get(link_in(letter)))
    assert "A Bakery" in page.main and "1 action" in page.main
    assert not Contact.objects.exists()
    assert reader.post(link_in(letter))["Location"] == link_in(letter)
    assert "Thank you" in bare(reader.get(link_in(letter))).main
    offer = Offer.objects.get()
    assert (offer.state, offer.contact.email, offer.email) == ("waiting", "baker@example.org", "")
    # Pressed again, from a page that was still open.
    reader.post(link_in(letter))
    assert (Offer.objects.get().saves, Contact.objects.count()) == (offer.saves, 1)


@pytest.mark.parametrize(
    "state, title, said",
    [
        pytest.param("unconfirmed", "Confirm your address", "deleted within 8 days", id="not confirmed"),
        pytest.param("waiting", "Your address is confirmed", "One of them reads it and writes to you", id="waiting"),
        pytest.param("asked", "Your address is confirmed", "asked a question", id="asked"),
        pytest.param("declined", "Your pledge was not published", "The reason is at Your pledges", id="declined"),
        pytest.param("withdrawn", "Your pledge was taken back", "Nobody does anything", id="taken back"),
        pytest.param("published", "Your pledge is published", "in edition 1: see its page", id="published"),
    ],
)
def test_link_says_how_the_pledge_stands(exampleton, state, title, said):
    create_pledge(organisations=["a-bakery"])
    decided = {"pledge_id": "a-pledge", "organisation_id": "a-bakery", "edition": exampleton}
    offer = create_offer(state=state, **(decided if state == "published" else {}))
    page = bare(Client().get(reverse("offering:confirm", args=[offers.confirmation(offer)])))
    assert page.title.startswith(title) and said in page.main
    assert ("officer" in page.main) == (state not in ("withdrawn", "published"))
    assert ("press" in page.main or "reads it" in page.main) == (state == "waiting")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("x", id="forged"),
        pytest.param("MQ:1xVClK:X5crfnJU87YpzXYN8NP-ZCMM-f6Z8ZJl2CKV7e6E6IA", id="signed by another key"),
        pytest.param("%00%0d%0aSet-Cookie:a=b", id="header"),
        pytest.param("<script>alert(1)", id="script"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_bad_link_has_one_kind_answer(exampleton, token, method, caplog):
    answer = getattr(Client(), method)(f"/pledges/new/confirm/{token}/")
    assert answer.status_code == 404 and "make the pledge again" in bare(answer).main
    assert caplog.text == ""


def test_link_of_a_deleted_offer_has_the_same_answer(handed_in, letter):
    offers.confirm(offers.confirmation(Offer.objects.get()), now=handed_in[1].handed_in_at)
    Offer.objects.all().delete()
    assert "make the pledge again" in bare(Client().get(link_in(letter))).main
