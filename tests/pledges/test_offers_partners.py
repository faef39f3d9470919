"""What partners do with offers about pledges that are in the register: hand in, answer, take back."""

from datetime import timedelta

import pytest

from luton2040.accounts import User
from luton2040.audit import Entry
from luton2040.editions import ChangedMeanwhile
from luton2040.roles import Role
from luton2040.verbs import NotAllowed
from pledges import offers
from pledges.content import News, stored
from pledges.models import Offer
from tests.factories import NOW, create_person
from tests.factories_pledges import create_contact, create_evidence, create_offer, create_pledge
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Kind, State = Offer.Kind, Offer.State
NEWS = stored(News(said="We did it.", said_on="2026-05-01"))
LATER = NOW + timedelta(days=1)


@pytest.fixture
def partner():
    create_pledge()
    return create_contact(speaks_for=["a-charity"])


def hand_in(partner, *, key="a-key", typed=NEWS, now=LATER, **fields):
    about = {"pledge": "a-pledge", "organisation": "a-charity"} | fields
    return offers.hand_in(Kind.UPDATE, typed, **about, contact=partner, key=key, now=now)


def ask(offer):
    officer = User.objects.first() or create_person(role=Role.PLEDGE_OFFICER)
    offers.ask(offer, "How many?", saves=offer.saves, by=officer, now=NOW)
    return Offer.objects.get(pk=offer.pk)


def answer(offer, text, *, typed=None, contact, question=None):
    """To what was asked last, unless it is to another question."""
    question = question or offer.questions.last()
    return offers.answer(offer, text, question=question.pk, typed=typed, contact=contact, now=LATER)


def told():
    return [(entry.action, entry.about, entry.what) for entry in Entry.objects.oldest_first()]


# --- handing in ---


def test_handed_in_offer_waits_for_an_officer_and_the_address_was_seen(partner):
    evidence = create_evidence()
    offer = hand_in(partner, evidence=evidence)
    assert (offer.state, offer.confirmed_at, offer.email, offer.typed) == (State.WAITING, LATER, "", NEWS)
    assert (offer.contact, offer.pledge_id, offer.organisation_id) == (partner, "a-pledge", "a-charity")
    assert offer.evidence == evidence
    partner.refresh_from_db()
    assert partner.seen_at == LATER
    assert told() == [("offered", offer.about, "Update of a-pledge offered.")]


def test_same_form_sent_twice_is_one_offer(partner):
    assert hand_in(partner) == hand_in(partner, typed={}) and len(told()) == 1
    assert hand_in(partner, key="another") != hand_in(partner)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"organisation": "a-school"}, id="an organisation that it does not speak for"),
        pytest.param({"pledge": "another"}, id="a pledge of others"),
        pytest.param({"pledge": "none"}, id="a pledge that is not there"),
    ],
)
def test_only_whoever_speaks_for_a_maker_may_hand_in(partner, fields):
    create_pledge(slug="another", organisations=["a-school"])
    with pytest.raises(NotAllowed, match="You do not speak for this organisation"):
        hand_in(partner, **fields)
    assert not Offer.objects.exists() and not told()


# --- answering ---


def test_answer_puts_it_back_before_the_officers(partner):
    offer = ask(hand_in(partner))
    answer(offer, " Twelve. ", contact=partner)
    offer.refresh_from_db()
    question = offer.questions.get()
    assert (offer.state, offer.typed, question.answer, question.answered_at) == (State.WAITING, NEWS, "Twelve.", LATER)
    assert told()[-1] == ("offer-answered", offer.about, "The partner answered.")


@pytest.mark.parametrize(
    "typed, shown",
    [
        pytest.param(None, {"said": "Corrected."}, id="nothing typed anew: the correction stays"),
        pytest.param({"said": "Anew."}, {"said": "Anew."}, id="typed anew: the correction goes"),
    ],
)
def test_answer_may_bring_what_was_typed_anew(partner, typed, shown):
    offer = create_offer(kind=Kind.UPDATE, pledge_id="a-pledge", organisation_id="a-charity")
    officer = create_person(role=Role.PLEDGE_OFFICER)
    offer = offers.correct(offer, {"said": "Corrected."}, saves=0, by=officer, now=NOW)
    offers.ask(offer, "How many?", saves=offer.saves, by=officer, now=NOW)
    assert answer(offer, "Twelve.", typed=typed, contact=partner).content == shown


def test_what_was_answered_already_is_not_answered_again(partner):
    offer = ask(hand_in(partner))
    answer(offer, "Twelve.", contact=partner)
    with pytest.raises(ChangedMeanwhile, match="answered or decided meanwhile"):
        answer(offer, "Twenty.", typed={"said": "x"}, contact=partner)
    assert offer.questions.get().answer == "Twelve." and Offer.objects.get().typed == NEWS


def test_answer_to_an_earlier_question_is_none_to_the_next(partner):
    offer = ask(hand_in(partner))
    first = offer.questions.get()
    offer = ask(answer(offer, "Twelve.", contact=partner))
    with pytest.raises(ChangedMeanwhile, match="answered or decided meanwhile"):
        answer(offer, "Twelve.", typed={"said": "x"}, contact=partner, question=first)
    assert Offer.objects.get().state == State.ASKED and Offer.objects.get().typed == NEWS
    assert [question.answer for question in offer.questions.all()] == ["Twelve.", ""]


def test_answer_must_say_something(partner):
    offer = ask(hand_in(partner))
    with pytest.raises(NotAllowed, match="“Answer” is empty"):
        answer(offer, " ", contact=partner)
    assert Offer.objects.get().state == State.ASKED


# --- taking back ---


@pytest.mark.parametrize("is_asked", [pytest.param(False, id="waiting"), pytest.param(True, id="asked")])
def test_open_offer_is_taken_back(partner, is_asked):
    offer = hand_in(partner)
    offer = ask(offer) if is_asked else offer
    offers.take_back(offer, contact=partner, now=LATER)
    offer.refresh_from_db()
    assert offer.state == State.WITHDRAWN and not offer.questions.filter(answered_at=None).exists()
    assert told()[-1] == ("offer-taken-back", offer.about, "The partner took it back.")


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN])
def test_decided_offer_is_not_taken_back(partner, state):
    offer = create_offer(kind=Kind.UPDATE, state=state, pledge_id="a-pledge", organisation_id="a-charity")
    with pytest.raises(ChangedMeanwhile):
        offers.take_back(offer, contact=partner, now=LATER)
    assert Offer.objects.get().state == state


def test_nobody_answers_or_takes_back_what_others_handed_in(partner):
    offer, other = ask(hand_in(partner)), create_contact(email="b@example.org", speaks_for=["a-charity"])
    with pytest.raises(NotAllowed, match="from another address"):
        offers.take_back(offer, contact=other, now=LATER)
    with pytest.raises(NotAllowed, match="from another address"):
        answer(offer, "Twelve.", contact=other)
    assert Offer.objects.get().state == State.ASKED


@pytest.mark.django_db(transaction=True)
def test_answer_and_taking_back_at_once_leave_one_of_the_two():
    create_pledge()
    partner = create_contact(speaks_for=["a-charity"])
    offer = ask(hand_in(partner))

    def reply():
        try:
            answer(offer, "Twelve.", contact=partner)
        except ChangedMeanwhile:
            return "late"

    def take_back():
        offers.take_back(offer, contact=partner, now=LATER)

    was_late, _ = at_once(reply, take_back)
    assert Offer.objects.get().state == State.WITHDRAWN  # an answer before it does not keep it
    assert (offer.questions.get().answer == "") == bool(was_late)
