"""Addresses that speak for organisations: links that sign in once, and who adds or takes away an address."""

from datetime import timedelta

import pytest
from django.core import signing

from luton2040.audit import Entry
from luton2040.editions import Edition
from luton2040.roles import Role
from luton2040.verbs import NotAllowed
from pledges import contacts, offers
from pledges.models import Contact, Offer
from pledges.offers import BadLink
from tests.factories import NOW, create_organisation, create_person
from tests.factories_pledges import create_contact, create_offer, create_pledge
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return create_person(role=Role.PLEDGE_OFFICER)


def told():
    return [(entry.action, entry.about, entry.what) for entry in Entry.objects.oldest_first()]


# --- links ---


def test_link_signs_in_once():
    contact = create_contact()
    token = contacts.sign_in_token(contact)
    assert contacts.find_by_token(token) == contacts.find_by_token(token) == contact
    later = NOW + timedelta(minutes=5)
    assert contacts.sign_in(token, now=later).seen_at == later
    with pytest.raises(BadLink):
        contacts.sign_in(token, now=later)


@pytest.mark.django_db(transaction=True)
def test_link_followed_twice_at_once_signs_in_once():
    token = contacts.sign_in_token(create_contact())

    def enter():
        try:
            return contacts.sign_in(token, now=NOW).sign_ins
        except BadLink:
            return 0

    assert sorted(at_once(enter, enter)) == [0, 1]


def test_links_sent_before_end_once_one_of_them_is_used():
    contact = create_contact()
    letter = contacts.sign_in_token(contact, within=contacts.LETTER_GOOD_FOR)
    contacts.sign_in(contacts.sign_in_token(contact), now=NOW)
    with pytest.raises(BadLink):
        contacts.find_by_token(letter)


@pytest.mark.parametrize(
    "within, after, works",
    [
        pytest.param(contacts.SIGN_IN_WITHIN, timedelta(minutes=59), True, id="within the hour"),
        pytest.param(contacts.SIGN_IN_WITHIN, timedelta(minutes=61), False, id="after it"),
        pytest.param(contacts.LETTER_GOOD_FOR, timedelta(days=13), True, id="of a letter, within two weeks"),
        pytest.param(contacts.LETTER_GOOD_FOR, timedelta(days=15), False, id="after them"),
    ],
)
def test_link_is_good_for_a_time(monkeypatch, within, after, works):
    token, signed = contacts.sign_in_token(create_contact(), within=within), signing.time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: signed + after.total_seconds())
    if works:
        assert contacts.find_by_token(token)
    else:
        with pytest.raises(BadLink):
            contacts.find_by_token(token)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("WzEsMCwzNjAwXQ:1xVCpS:forged", id="forged"),
        pytest.param(signing.dumps([1, 0, 3600], salt="another"), id="signed for something else"),
        pytest.param(signing.dumps("text", salt=contacts.SALT), id="of another shape"),
        pytest.param(signing.dumps([1, 0, "soon"], salt=contacts.SALT), id="without a time"),
        pytest.param(signing.dumps([999, 0, 3600], salt=contacts.SALT), id="of nobody"),
    ],
)
def test_bad_link_is_refused(token):
    with pytest.raises(BadLink):
        contacts.find_by_token(token)


def test_link_of_a_deleted_address_is_refused():
    contact = create_contact()
    token = contacts.sign_in_token(contact)
    contacts.delete(contact, now=NOW)
    with pytest.raises(BadLink):
        contacts.sign_in(token, now=NOW)


# --- whom it speaks for ---


def test_pledges_of_a_contact_are_those_that_its_organisations_made():
    create_pledge(slug="ours", organisations=["a-school", "a-charity", "a-shop"])
    create_pledge(slug="theirs", organisations=["a-school"])
    create_pledge(slug="gone", organisations=["a-charity"], last_edition=Edition.objects.current())
    contact = create_contact(speaks_for=["a-shop", "a-charity"])
    assert contacts.pledges_of(contact, Edition.objects.get()) == {"ours": "a-charity", "gone": "a-charity"}
    assert contacts.pledges_of(contact, 2) == {"ours": "a-charity"}
    assert contacts.pledges_of(create_contact(email="other@example.org"), 1) == {}


def test_officer_adds_an_address_once_and_the_log_does_not_name_it(officer):
    create_organisation(slug="a-charity", name="A charity")
    contact = contacts.add("a-charity", " Partner@Example.ORG ", by=officer, now=NOW)
    contacts.add("a-charity", "partner@example.org", by=officer, now=NOW)
    assert (contact.email, [o.pk for o in contact.organisations.all()]) == ("partner@example.org", ["a-charity"])
    assert told() == [("contact-added", contact.about, "An address was added that speaks for A charity.")]


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR])
def test_nobody_else_adds_or_takes_away(role):
    other, contact = create_person(role=role), create_contact(speaks_for=["a-charity"])
    for verb in (contacts.add, contacts.take_away):
        with pytest.raises(NotAllowed):
            verb(
                *(["a-charity", "x@example.org"] if verb is contacts.add else [contact, "a-charity"]), by=other, now=NOW
            )
    assert Contact.objects.count() == 1 and contact.organisations.count() == 1


@pytest.mark.parametrize(
    "others, has_open, stays",
    [
        pytest.param([], False, False, id="nothing left"),
        pytest.param(["a-school"], False, True, id="another organisation"),
        pytest.param([], True, True, id="something open"),
    ],
)
def test_address_that_is_taken_away_goes_where_nothing_needs_it(officer, others, has_open, stays):
    contact = create_contact(speaks_for=["a-charity", *others])
    if has_open:
        create_offer(contact=contact)
    contacts.take_away(contact, "a-charity", by=officer, now=NOW)
    assert Contact.objects.exists() == stays
    assert told()[-1][2] == "An address was removed that spoke for a-charity."


@pytest.mark.parametrize(
    "speaks_for, what",
    [
        pytest.param(["a-charity"], "An address was deleted by its owner; it spoke for A charity.", id="of a maker"),
        pytest.param([], "An address was deleted by its owner.", id="of nobody"),
    ],
)
def test_owner_deletes_an_address_and_what_was_handed_in_stays(speaks_for, what):
    create_organisation(slug="a-charity", name="A charity")
    contact = create_contact(speaks_for=speaks_for)
    create_offer(contact=contact)
    contacts.delete(contact, now=NOW)
    assert not Contact.objects.exists() and Offer.objects.get().contact is None
    assert [entry[2] for entry in told()] == [what]
    assert "example.org" not in str(told())


def test_owner_who_deletes_an_address_leaves_nothing_that_was_not_confirmed():
    contact = create_contact()
    create_offer(state=Offer.State.UNCONFIRMED, email=contact.email)
    of_another = create_offer(state=Offer.State.UNCONFIRMED, email="other@example.org")
    contacts.delete(contact, now=NOW)
    contacts.delete(contact, now=NOW)
    assert Offer.objects.get() == of_another and len(told()) == 1


def test_nobody_waits_for_the_answers_of_an_address_that_is_deleted(officer):
    offer = create_offer()
    offers.ask(offer, "How many?", saves=0, by=officer, now=NOW)
    contacts.delete(offer.contact, now=NOW)
    offer.refresh_from_db()
    assert offer.state == Offer.State.WAITING and not offer.questions.filter(answered_at=None).exists()
    # Whoever read it before reads it anew; and nobody can be asked again.
    assert offers.correct(offer, {"plan": "x"}, saves=2, by=officer, now=NOW).corrected == {"plan": "x"}
    with pytest.raises(NotAllowed, match="was deleted"):
        offers.ask(offer, "How many?", saves=3, by=officer, now=NOW)
