"""A new pledge is handed in, and waits for nobody until its address is confirmed."""

from datetime import timedelta

import pytest
from django.core import signing

from luton2040.audit import Entry
from pledges import offers
from pledges.content import stored
from pledges.models import Contact, Offer
from tests.factories import NOW
from tests.factories_pledges import a_wording, create_contact, create_offer, create_pledge
from tests.threads import at_once

pytestmark = pytest.mark.django_db
TYPED = stored(a_wording())
State = Offer.State


def offer(**changes):
    return offers.offer_pledge(TYPED, **({"email": "Baker@Example.org", "key": "a-key", "now": NOW} | changes))


def test_offered_pledge_is_read_by_nobody_yet():
    made = offer()
    assert (made.state, made.email, made.contact, made.typed) == (State.UNCONFIRMED, "baker@example.org", None, TYPED)
    assert not Offer.objects.confirmed().exists() and not Contact.objects.exists() and not Entry.objects.exists()


def test_same_form_sent_twice_is_one_offer():
    assert offer().pk == offer(email="other@example.org").pk
    assert offer(key="another").pk != offer().pk


@pytest.mark.django_db(transaction=True)
def test_same_form_sent_twice_at_once_is_one_offer():
    first, second = at_once(offer, offer)
    assert first.pk == second.pk and Offer.objects.count() == 1


def test_dropped_offer_can_be_confirmed_by_nobody():
    dropped, other = offer(), offer(key="another")
    offers.drop_unconfirmed("a-key")
    with pytest.raises(offers.BadLink):
        offers.confirm(offers.confirmation(dropped), now=NOW)
    assert Offer.objects.get() == other


def test_what_was_confirmed_is_not_dropped():
    made = offers.confirm(offers.confirmation(offer()), now=NOW)
    offers.drop_unconfirmed("a-key")
    assert Offer.objects.get() == made


@pytest.mark.parametrize("is_known", [pytest.param(False, id="new address"), pytest.param(True, id="known address")])
def test_confirming_puts_it_before_officers_under_its_address(is_known):
    known = create_contact(email="baker@example.org") if is_known else None
    later = NOW + timedelta(days=1)
    made = offers.confirm(offers.confirmation(offer()), now=later)
    assert (made.state, made.email, made.confirmed_at) == (State.WAITING, "", later)
    assert made.contact == (known or Contact.objects.get()) and made.contact.email == "baker@example.org"
    assert list(Offer.objects.to_moderate()) == [made]
    (entry,) = Entry.objects.all()
    assert entry.about == made.about and "example.org" not in entry.what


def test_link_followed_again_changes_nothing():
    token = offers.confirmation(offer())
    first = offers.confirm(token, now=NOW)
    offers.take_back(first, contact=first.contact, now=NOW)
    again = offers.confirm(token, now=NOW + timedelta(days=1))
    assert (again.state, again.confirmed_at) == (State.WITHDRAWN, NOW)
    assert Entry.objects.filter(action="offered").count() == 1


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda pk: "", id="empty"),
        pytest.param(lambda pk: "x" * 10_000, id="long"),
        pytest.param(lambda pk: signing.dumps(pk, salt="another"), id="of another link"),
        pytest.param(lambda pk: signing.dumps(pk, key="k" * 50, salt=offers.SALT), id="forged"),
        pytest.param(lambda pk: signing.dumps(pk + 1, salt=offers.SALT), id="of nothing"),
        pytest.param(lambda pk: signing.dumps(pk, salt=offers.SALT) + "A", id="not whole"),
    ],
)
def test_bad_link_confirms_nothing(token):
    made = offer()
    with pytest.raises(offers.BadLink):
        offers.confirm(token(made.pk), now=NOW)
    assert Offer.objects.get().state == State.UNCONFIRMED


def test_link_is_good_for_a_week(monkeypatch):
    token = offers.confirmation(offer())
    week = offers.CONFIRM_WITHIN.total_seconds()
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + week - 5)
    assert offers.find_by_confirmation(token)
    monkeypatch.setattr(signing.time, "time", lambda: now + week + 5)
    with pytest.raises(offers.BadLink):
        offers.find_by_confirmation(token)


def test_link_confirms_new_pledges_only():
    create_pledge()
    update = create_offer(kind=Offer.Kind.UPDATE, pledge_id="a-pledge", organisation_id="a-charity")
    with pytest.raises(offers.BadLink):
        offers.find_by_confirmation(offers.confirmation(update))
