"""The addresses that organisations speak through: how somebody signs in with one, and who adds or deletes it.

There is no account: a link sent to the address signs in, once. The address is all that is known of anybody.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F

from luton2040 import audit
from luton2040.accounts import User
from luton2040.editions import Edition
from pledges.models import Contact, OrganisationVersion, PledgeOrganisation
from pledges.offers import BadLink, forget_address, must_moderate

SIGN_IN_WITHIN = timedelta(hours=1)
LETTER_GOOD_FOR = timedelta(days=14)  # a link in a letter that nobody waits for, such as a question
SALT = "pledges.sign-in"


def sign_in_token(contact: Contact, *, within: timedelta = SIGN_IN_WITHIN) -> str:
    """Good once, and until the next time that somebody signs in with this address."""
    return signing.dumps([contact.pk, contact.sign_ins, int(within.total_seconds())], salt=SALT)


def find_by_token(token: str) -> Contact:
    """Of a link that would still sign in; changes nothing. Raises BadLink."""
    try:
        pk, sign_ins, seconds = signing.loads(token, salt=SALT)
        signing.loads(token, salt=SALT, max_age=seconds)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise BadLink from error
    found = Contact.objects.filter(pk=pk, sign_ins=sign_ins).first()
    if found is None:
        raise BadLink
    return found


@transaction.atomic
def sign_in(token: str, *, now: datetime) -> Contact:
    """Uses the link up. Raises BadLink."""
    contact = find_by_token(token)
    used = Contact.objects.filter(pk=contact.pk, sign_ins=contact.sign_ins)
    if not used.update(sign_ins=F("sign_ins") + 1, seen_at=now):
        raise BadLink
    return Contact.objects.get(pk=contact.pk)


def pledges_of(contact: Contact, edition: Edition) -> dict[str, str]:
    """Slugs of the pledges that it speaks for, each with its organisation there; the one that leads, of several."""
    makers = PledgeOrganisation.objects.at(edition).filter(organisation__contacts=contact)
    return dict(makers.order_by("-position").values_list("pledge", "organisation"))


@transaction.atomic
def add(organisation: str, email: str, *, by: User, now: datetime) -> Contact:
    """From now on this address speaks for the organisation. Raises NotAllowed."""
    must_moderate(by)
    contact, _ = Contact.objects.get_or_create(
        email=email.strip().lower(), defaults={"confirmed_at": now, "seen_at": now}
    )
    speak_for(contact, organisation, by=by, now=now)
    return contact


def speak_for(contact: Contact, organisation: str, *, by: User, now: datetime) -> None:
    """In the caller's transaction, which has made sure that it may be."""
    if not contact.organisations.filter(pk=organisation).exists():
        contact.organisations.add(organisation)
        what = f"An address was added that speaks for {_name(organisation)}."
        audit.record(audit.Action.CONTACT_ADDED, what=what, by=by, about=contact.about, now=now)


@transaction.atomic
def take_away(contact: Contact, organisation: str, *, by: User, now: datetime) -> None:
    """The address no longer speaks for the organisation; where it speaks for none it is deleted. Raises NotAllowed."""
    must_moderate(by)
    _take_turns(contact)
    contact.organisations.remove(organisation)
    what = f"An address was removed that spoke for {_name(organisation)}."
    audit.record(audit.Action.CONTACT_REMOVED, what=what, by=by, about=contact.about, now=now)
    if not contact.organisations.exists() and not contact.offers.open().exists():
        contact.delete()


@transaction.atomic
def delete(contact: Contact, *, now: datetime) -> None:
    """By whoever it belongs to, at once and for good; what was published stays, and names nobody."""
    if not _take_turns(contact):
        return
    organisations = ", ".join(_name(slug) for slug in contact.organisations.values_list("pk", flat=True))
    what = f"An address was deleted by its owner{f'; it spoke for {organisations}' if organisations else ''}."
    audit.record(audit.Action.CONTACT_REMOVED, what=what, about=contact.about, now=now)
    forget_address(contact)
    contact.delete()


def _take_turns(contact: Contact) -> bool:
    """Before its offers, as publishing does: two who wait for each other would both fail. False: it is gone."""
    return bool(Contact.objects.select_for_update().filter(pk=contact.pk))


def _name(organisation: str) -> str:
    current = OrganisationVersion.objects.current().filter(organisation=organisation)
    return current.values_list("name", flat=True).first() or organisation
