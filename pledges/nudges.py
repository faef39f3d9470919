"""Which partners are asked, kindly, how a pledge goes that nothing was heard of for a year, and that not too often."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from luton2040.editions import Edition
from pledges.models import Contact, Nudge, Offer, PledgeOrganisation
from pledges.report import PledgeReport, reports

AGAIN_AFTER = timedelta(days=183)


def due(edition: Edition, today: date, now: datetime) -> list[tuple[Contact, list[PledgeReport]]]:
    """Silent pledges with those who speak for them, in a fixed number of queries. Who has handed something in about
    one is not asked about it: it is the council's turn.
    """
    makers = PledgeOrganisation.objects.at(edition).filter(organisation__contacts__isnull=False)
    speak_for: dict[str, set[int]] = defaultdict(set)
    for pledge, contact in makers.values_list("pledge", "organisation__contacts"):
        speak_for[pledge].add(contact)
    silent = {report.slug: report for report in reports(edition, today, slugs=speak_for) if report.is_silent}
    waiting = set(Offer.objects.open().filter(pledge__in=silent).values_list("pledge", flat=True))
    asked_lately = set(_lately(now).values_list("contact", "pledge"))
    found: dict[int, list[PledgeReport]] = defaultdict(list)
    for slug, report in silent.items():
        for contact in speak_for[slug]:
            if slug not in waiting and (contact, slug) not in asked_lately:
                found[contact].append(report)
    people = Contact.objects.filter(pk__in=found).order_by("pk")
    return [(contact, found[contact.pk]) for contact in people]


@transaction.atomic
def nudge(
    contact: Contact,
    silent: Sequence[PledgeReport],
    *,
    now: datetime,
    send: Callable[[Contact, list[PledgeReport]], None],
) -> list[PledgeReport]:
    """Ask about those that were not asked about lately; if sending fails, none counts as asked.

    Safe to run twice at once: the other run waits here, and then finds that all is asked.
    """
    contact = Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk).first()
    if contact is None:  # deleted meanwhile
        return []
    had = set(_lately(now).filter(contact=contact).values_list("pledge", flat=True))
    fresh = [report for report in silent if report.slug not in had]
    for report in fresh:
        Nudge.objects.update_or_create(contact=contact, pledge_id=report.slug, defaults={"sent_at": now})
    if fresh:
        send(contact, fresh)
    return fresh


def _lately(now: datetime):
    return Nudge.objects.filter(sent_at__gt=now - AGAIN_AFTER)
