"""Officers and partners at once: of two that cannot both be, exactly one is.

Real threads with connections of their own, each of which must come to an end without an error.
"""

from dataclasses import replace
from threading import Event
from time import sleep

import pytest

from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.roles import Role
from luton2040.verbs import NotAllowed
from pledges import contacts, content, offers, publishing
from pledges.models import CommitmentVersion, Contact, Offer, OrganisationVersion, PledgeVersion
from pledges.offers import BadLink
from tests.factories import NOW, create_outcome, create_person, create_place
from tests.factories_pledges import a_wording, create_commitment, create_contact, create_offer, create_pledge
from tests.threads import PATIENCE, at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = pytest.mark.parametrize("round_", range(2))
Kind, State = Offer.Kind, Offer.State


def attempt(move, *given, **named):
    """Gives what it gives, or the refusal."""

    def work():
        try:
            return move(*given, now=NOW, **named)
        except (BadLink, ChangedMeanwhile, NotAllowed) as error:
            return error

    return work


def kinds(found):
    return sorted(type(each).__name__ for each in found)


@pytest.fixture
def officers():
    create_place()
    create_outcome(code="XA1")
    return [create_person(role=Role.PLEDGE_OFFICER, email=f"{name}@example.org") for name in ("ann", "ben")]


@pytest.fixture
def contact(officers):
    """Speaks for a bakery with a pledge."""
    create_pledge(slug="bread", organisations=["a-bakery"])
    create_commitment(slug="bread-1", pledge="bread", what="Bake.", serves=["XA1"])
    return create_contact(speaks_for=["a-bakery"])


def of_bread(contact, kind, typed):
    return create_offer(kind=kind, typed=typed, contact=contact, pledge_id="bread", organisation_id="a-bakery")


@ROUNDS
def test_of_two_officers_who_publish_the_same_one_is_told(officers, round_):
    offer = create_offer()
    found = at_once(*(attempt(publishing.publish, offer, saves=0, by=by) for by in officers))
    assert kinds(found) == ["ChangedMeanwhile", "Edition"]
    assert PledgeVersion.objects.count() == OrganisationVersion.objects.count() == 1
    assert Edition.objects.count() == 2 and Offer.objects.get().state == State.PUBLISHED


@ROUNDS
def test_of_publishing_declining_correcting_and_taking_back_at_once_the_decision_is_one(officers, round_):
    offer = create_offer()
    corrected = content.stored(a_wording(title="Other"))
    found = at_once(
        attempt(publishing.publish, offer, saves=0, by=officers[0]),
        attempt(offers.decline, offer, "Why.", saves=0, by=officers[1]),
        attempt(offers.correct, offer, corrected, saves=0, by=officers[1]),
        attempt(offers.take_back, offer, contact=offer.contact),
    )
    offer.refresh_from_db()
    published = [each for each in found if isinstance(each, Edition)]
    assert (offer.state == State.PUBLISHED) is bool(published) is PledgeVersion.objects.exists()
    # What was read is what is published: never what somebody corrected at the same moment.
    assert not PledgeVersion.objects.filter(title="Other").exists()
    assert offer.state in (State.PUBLISHED, State.DECLINED, State.WITHDRAWN)


@ROUNDS
def test_two_new_pledges_of_one_name_get_addresses_of_their_own(officers, round_):
    made = [create_offer(contact=create_contact(email=f"{n}@example.org")) for n in range(2)]
    found = at_once(*(attempt(publishing.publish, o, saves=0, by=by) for o, by in zip(made, officers, strict=True)))
    assert kinds(found) == ["Edition", "Edition"]
    slug = "a-bakery-ltd-anytown-2040-pledge"
    assert set(PledgeVersion.objects.values_list("pledge", flat=True)) == {slug, f"{slug}-2"}


@ROUNDS
def test_of_two_changes_in_the_same_place_at_once_one_is_refused(officers, contact, round_):
    promise = content.Promise(what="Bake.", outcomes=["XA1"], slug="bread-1")
    made = [
        of_bread(contact, Kind.CHANGE, content.Wording(commitments=[replace(promise, target=target)], why="More."))
        for target in ("8", "9")
    ]
    found = at_once(*(attempt(publishing.publish, o, saves=0, by=by) for o, by in zip(made, officers, strict=True)))
    assert kinds(found) == ["ChangedMeanwhile", "Edition"]
    assert CommitmentVersion.objects.current().get().target in ("8", "9")
    assert Offer.objects.filter(state=State.PUBLISHED).count() == 1


@ROUNDS
def test_pledge_ends_once(officers, contact, round_):
    ending = content.Ending(why="We closed.", ended_on="2026-05-20")
    made = of_bread(contact, Kind.END, ending)
    found = at_once(
        attempt(publishing.publish, made, saves=0, by=officers[0]),
        attempt(publishing.withdraw, "bread", "They wrote.", on=NOW.date(), by=officers[1]),
    )
    assert kinds(found) == ["ChangedMeanwhile", "Edition"]


@ROUNDS
def test_address_deleted_while_its_pledge_is_published_is_gone(officers, round_):
    offer = create_offer()
    found = at_once(
        attempt(publishing.publish, offer, saves=0, by=officers[0]), attempt(contacts.delete, offer.contact)
    )
    assert kinds(found) == ["Edition", "NoneType"] and not Contact.objects.exists()
    assert PledgeVersion.objects.exists()


def test_address_deleted_in_the_middle_of_publishing_waits_for_it(officers, monkeypatch):
    offer, is_locked = create_offer(), Event()
    settle = publishing.settle

    def slowly(*given, **fields):
        is_locked.set()
        sleep(0.5)
        settle(*given, **fields)

    def delete():
        assert is_locked.wait(PATIENCE)
        contacts.delete(offer.contact, now=NOW)

    monkeypatch.setattr(publishing, "settle", slowly)
    found = at_once(attempt(publishing.publish, offer, saves=0, by=officers[0]), delete)
    assert kinds(found) == ["Edition", "NoneType"] and not Contact.objects.exists()


@ROUNDS
def test_nobody_is_asked_whose_address_is_deleted_at_once(officers, round_):
    offer = create_offer()
    at_once(attempt(offers.ask, offer, "How many?", saves=0, by=officers[0]), attempt(contacts.delete, offer.contact))
    assert Offer.objects.get().state == State.WAITING and not offer.questions.filter(answered_at=None).exists()


@ROUNDS
def test_address_confirmed_and_deleted_at_once_is_kept_nowhere_or_by_what_was_confirmed(officers, round_):
    contact, offer = create_contact(), create_offer(state=State.UNCONFIRMED)
    found, _ = at_once(attempt(offers.confirm, offers.confirmation(offer)), attempt(contacts.delete, contact))
    assert not Contact.objects.exists() and Offer.objects.exists() == isinstance(found, Offer)


@ROUNDS
def test_link_signs_in_once(contact, round_):
    token = contacts.sign_in_token(contact)
    found = at_once(*[attempt(contacts.sign_in, token)] * 2)
    assert kinds(found) == ["BadLink", "Contact"]


@ROUNDS
def test_confirmed_twice_at_once_is_one_offer_of_one_contact(officers, round_):
    offer = create_offer(state=State.UNCONFIRMED)
    token = offers.confirmation(offer)
    found = at_once(*[attempt(offers.confirm, token)] * 2)
    assert found == [offer, offer] and Contact.objects.count() == 1
