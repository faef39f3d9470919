"""What lies with the officers of the register: for My work, and for the messages that remind them of it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max
from django.urls import reverse
from django.utils.timezone import localdate

from luton2040.accounts import User
from luton2040.roles import Act, Role, may, people_with
from outcomes import formatting as words
from outcomes.digest import WAITED_FOR, Errand
from outcomes.reminders import Thing
from pledges.desk.queue import Waiting, listed
from pledges.models import Offer


def waiting_for(person: User) -> list[Waiting]:
    """Oldest first; nothing for whoever does not look after the register."""
    return listed(Offer.objects.to_moderate()) if may(person, Act.MODERATE_PLEDGES) else []


def everyones(now: datetime) -> Iterator[tuple[User, Thing]]:
    """To each officer what has waited for a day. What a partner has answered since is another thing."""
    found = Offer.objects.to_moderate().annotate(answered_at=Max("questions__answered_at"))
    officers = list(people_with(Role.PLEDGE_OFFICER))
    for each in listed(found) if officers else []:
        at = each.offer.answered_at or each.offer.confirmed_at
        if at > now - WAITED_FOR:
            continue
        said = f"{each.offer.get_kind_display()}: {each.title or each.organisation}. Since {words.day(localdate(at))}."
        key = f"{Errand.OFFER.value} {each.offer.pk} {at.isoformat(timespec='seconds')}"
        thing = Thing(key, Errand.OFFER.label, said, reverse("pledge_desk:offer", args=[each.offer.pk]))
        yield from ((officer, thing) for officer in officers)
