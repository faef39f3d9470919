"""What is kept no longer than it is needed. Nothing public goes, nor what a decision is still to be made about."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from pledges import evidence
from pledges.models import Contact, Offer, OrganisationVersion
from pledges.offers import CONFIRM_WITHIN

CONTACT_KEPT_FOR = timedelta(days=183)  # since it was last seen, where it speaks for nobody


class Forgotten(NamedTuple):
    offers: int
    contacts: int
    files: int


@transaction.atomic
def forget(*, now: datetime) -> Forgotten:
    """To be run every day."""
    return Forgotten(
        offers=_delete(Offer.objects.filter(state=Offer.State.UNCONFIRMED, handed_in_at__lt=now - CONFIRM_WITHIN)),
        contacts=_delete(_idle_contacts(now)),
        files=_delete(evidence.unnamed(before=now - evidence.KEPT_FOR)),
    )


def _idle_contacts(now: datetime) -> QuerySet[Contact]:
    of_one = Contact.organisations.through.objects.filter(contact=OuterRef("pk"))
    in_register = of_one.filter(organisation__in=OrganisationVersion.objects.current().values("organisation"))
    open_ones = Offer.objects.open().filter(contact=OuterRef("pk"))
    idle = Contact.objects.filter(seen_at__lt=now - CONTACT_KEPT_FOR)
    return idle.exclude(Exists(in_register)).exclude(Exists(open_ones))


def _delete(rows: QuerySet) -> int:
    """How many there were; nobody confirms, signs in or hands in with one of them from here on."""
    pks = list(rows.select_for_update().values_list("pk", flat=True))
    rows.model.objects.filter(pk__in=pks).only("pk").delete()
    return len(pks)
