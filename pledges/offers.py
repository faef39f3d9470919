"""Offers: what partners hand in, and what becomes of it until it is published (pledges/publishing.py) or not.

    unconfirmed -> waiting <-> asked
                   waiting or asked -> published | declined | withdrawn

Whoever tells somebody about it (pledges/letters.py) does so after the transaction.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F

from luton2040 import audit
from luton2040.accounts import User
from luton2040.editions import ChangedMeanwhile
from luton2040.roles import Act, may, refusal
from luton2040.verbs import NotAllowed, written
from pledges.models import Contact, Evidence, Offer, Question

CONFIRM_WITHIN = timedelta(days=7)
SALT = "pledges.confirm"
State, Kind = Offer.State, Offer.Kind


class BadLink(Exception):
    """Forged, expired, or of something that is not there any more: they are not told apart."""


# --- what partners do ---


@transaction.atomic
def offer_pledge(typed: Mapping, *, email: str, key: str, now: datetime) -> Offer:
    """A new pledge that nobody reads until its address is confirmed. The same form sent again gives the same offer."""
    first = {"kind": Kind.NEW, "state": State.UNCONFIRMED, "email": email.lower(), "typed": dict(typed)}
    return Offer.objects.get_or_create(key=key, defaults={**first, "handed_in_at": now})[0]


@transaction.atomic
def drop_unconfirmed(key: str) -> None:
    """As if it had never been handed in: whoever reads the letter at a wrong address has nothing to confirm."""
    found = Offer.objects.select_for_update().filter(key=key, state=State.UNCONFIRMED)
    Offer.objects.filter(pk__in=list(found.values_list("pk", flat=True))).delete()


def confirmation(offer: Offer) -> str:
    """The token of the link that confirms its address."""
    return signing.dumps(offer.pk, salt=SALT)


def find_by_confirmation(token: str) -> Offer:
    """Raises BadLink."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature as error:
        raise BadLink from error
    found = Offer.objects.filter(pk=pk, kind=Kind.NEW).first()
    if found is None:
        raise BadLink
    return found


@transaction.atomic
def confirm(token: str, *, now: datetime) -> Offer:
    """Puts it before the officers; a link that is followed again changes nothing. Raises BadLink."""
    offer = find_by_confirmation(token)
    if offer.state != State.UNCONFIRMED:
        return offer
    # Before the offer, as whoever deletes an address does: two who wait for each other would both fail.
    addresses = Contact.objects.select_for_update(no_key=True)
    contact, _ = addresses.get_or_create(email=offer.email, defaults={"confirmed_at": now, "seen_at": now})
    fields = {"state": State.WAITING, "contact": contact, "email": "", "confirmed_at": now}
    if Offer.objects.filter(pk=offer.pk, state=State.UNCONFIRMED).update(**fields):
        _note(audit.Action.OFFERED, offer, "New pledge offered, and its address confirmed.", now=now)
    return find_by_confirmation(token)


@transaction.atomic
def hand_in(
    kind: Kind,
    typed: Mapping,
    *,
    pledge: str,
    organisation: str,
    contact: Contact,
    key: str,
    now: datetime,
    evidence: Evidence | None = None,
) -> Offer:
    """An update, a change or the end of a pledge, by somebody who speaks for one of those who made it.

    The same form sent again gives the same offer. Raises NotAllowed.
    """
    _take_turns(contact.pk)
    if not contact.organisations.filter(pk=organisation, pledge_links__pledge=pledge).exists():
        raise NotAllowed("You do not speak for this organisation any more. Ask the council to add your address again.")
    about = {"kind": kind, "pledge_id": pledge, "organisation_id": organisation, "contact": contact}
    times = {"state": State.WAITING, "handed_in_at": now, "confirmed_at": now}
    offer, is_new = Offer.objects.get_or_create(
        key=key, defaults={**about, **times, "typed": dict(typed), "evidence": evidence}
    )
    if is_new:
        Contact.objects.filter(pk=contact.pk).update(seen_at=now)
        _note(audit.Action.OFFERED, offer, f"{offer.get_kind_display()} of {pledge} offered.", now=now)
    return offer


@transaction.atomic
def answer(offer: Offer, text: str, *, question: int, typed: Mapping | None, contact: Contact, now: datetime) -> Offer:
    """To the question that was read, with what was typed anew if anything was. Raises NotAllowed, ChangedMeanwhile."""
    _must_be_theirs(offer, contact)
    answered = Question.objects.filter(pk=question, offer=offer, answered_at__isnull=True).update(
        answer=written(Question._meta.get_field("answer"), text), answered_at=now
    )
    anew = {"typed": dict(typed), "corrected": {}} if typed is not None else {}
    moved = Offer.objects.filter(pk=offer.pk, state=State.ASKED).update(
        state=State.WAITING, saves=F("saves") + 1, **anew
    )
    if not (answered and moved):
        raise ChangedMeanwhile(
            "This was answered or decided meanwhile, so nothing was sent. The page shows how it stands now, and what "
            "you wrote is still on it."
        )
    _note(audit.Action.OFFER_ANSWERED, offer, "The partner answered.", now=now)
    return Offer.objects.get(pk=offer.pk)


@transaction.atomic
def take_back(offer: Offer, *, contact: Contact, now: datetime) -> None:
    """Raises NotAllowed, ChangedMeanwhile."""
    _must_be_theirs(offer, contact)
    settle(offer, to=State.WITHDRAWN, saves=None)
    _note(audit.Action.OFFER_TAKEN_BACK, offer, "The partner took it back.", now=now)


def forget_address(contact: Contact) -> None:
    """In the transaction that deletes it: what it never confirmed goes, and nobody waits for its answers any more."""
    Offer.objects.filter(state=State.UNCONFIRMED, email=contact.email).delete()
    asked = Offer.objects.filter(state=State.ASKED, contact=contact)
    Question.objects.filter(offer__in=asked, answered_at__isnull=True).update(answered_at=F("asked_at"))
    asked.update(state=State.WAITING, saves=F("saves") + 1)


def _take_turns(contact: int | None) -> bool:
    """Until this transaction ends nobody deletes this address or takes it from an organisation. False: it is gone."""
    return bool(Contact.objects.select_for_update(no_key=True).filter(pk=contact))


def _must_be_theirs(offer: Offer, contact: Contact) -> None:
    _take_turns(contact.pk)
    if not Offer.objects.filter(pk=offer.pk, contact=contact).exists():
        raise NotAllowed("This was handed in from another address. Sign in with that one.")


# --- what officers do ---


def must_moderate(by: User) -> None:
    """Read anew, for a role that was taken away counts at once."""
    if not may(User.objects.get(pk=by.pk), Act.MODERATE_PLEDGES):
        raise NotAllowed(refusal(Act.MODERATE_PLEDGES))


@transaction.atomic
def correct(offer: Offer, corrected: Mapping, *, saves: int, by: User, now: datetime) -> Offer:
    """What would be published in place of what was typed. Raises NotAllowed, ChangedMeanwhile."""
    must_moderate(by)
    _save(offer, saves=saves, corrected=dict(corrected))
    _note(audit.Action.OFFER_CORRECTED, offer, "Corrected before publishing.", by=by, now=now)
    return Offer.objects.get(pk=offer.pk)


@transaction.atomic
def ask(offer: Offer, text: str, *, saves: int, by: User, now: datetime) -> Question:
    """Goes to the partner, who is written to after this. Raises NotAllowed, ChangedMeanwhile."""
    must_moderate(by)
    if not _take_turns(offer.contact_id):
        raise NotAllowed("The address that this came from was deleted, so nobody can be asked.")
    _save(offer, saves=saves, state=State.ASKED)
    text = written(Question._meta.get_field("text"), text)
    _note(audit.Action.OFFER_ASKED, offer, f"Asked: {text}", by=by, now=now)
    return Question.objects.create(offer=offer, text=text, asked_by=by, asked_at=now)


@transaction.atomic
def decline(offer: Offer, why: str, *, saves: int, by: User, now: datetime) -> Offer:
    """With a reason that the partner reads. Raises NotAllowed, ChangedMeanwhile."""
    must_moderate(by)
    why = written(Offer._meta.get_field("decision_note"), why)
    settle(offer, to=State.DECLINED, saves=saves, decided_by=by, decided_at=now, decision_note=why)
    _note(audit.Action.OFFER_DECLINED, offer, f"Declined: {why}", by=by, now=now)
    return Offer.objects.get(pk=offer.pk)


def _save(offer: Offer, *, saves: int, **fields) -> None:
    """If nobody saved since `saves` was read, and while it waits for an officer."""
    waiting = Offer.objects.filter(pk=offer.pk, state=State.WAITING, saves=saves)
    if not waiting.update(saves=F("saves") + 1, **fields):
        raise _changed(offer)


def settle(offer: Offer, *, to: State, saves: int | None, **fields) -> None:
    """Its last state, if it is still as it was read when its counter was `saves`. Raises ChangedMeanwhile."""
    found = Offer.objects.open().filter(pk=offer.pk)
    if saves is not None:
        found = found.filter(saves=saves)
    if not found.update(state=to, **fields):
        raise _changed(offer)
    # Whatever is asked stays without an answer.
    Question.objects.filter(offer=offer, answered_at__isnull=True).update(answered_at=F("asked_at"))


def _changed(offer: Offer) -> ChangedMeanwhile:
    now = Offer.objects.get(pk=offer.pk)
    return ChangedMeanwhile(
        f"This was changed since you opened it (it stands at: {now.get_state_display().lower()}). "
        "Load the page again to see what is new."
    )


def _note(action: str, offer: Offer, what: str, *, now: datetime, by: User | None = None) -> None:
    """Without the partner's address: the log cannot be deleted from."""
    audit.record(action, what=what, by=by, about=offer.about, now=now)
