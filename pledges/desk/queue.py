"""What partners handed in and what in the register needs a look, for whoever looks after it."""

from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.shortcuts import render

from luton2040.desk.access import desk_page
from luton2040.editions import Edition
from luton2040.hold import Hold
from luton2040.roles import Act
from pledges import content, register
from pledges.desk.reading import known_organisations, name_of
from pledges.links import standing
from pledges.matching import likely
from pledges.models import Contact, Offer, OrganisationVersion, PledgeOrganisation, PledgeVersion
from pledges.query_forms import SILENT
from pledges.report import PledgeReport, reports

State = Offer.State
DECIDED = (State.PUBLISHED, State.DECLINED, State.WITHDRAWN)
FEW = 15
SETTLED_AT = Coalesce("decided_at", "handed_in_at")  # what a partner took back nobody decided


@dataclass(frozen=True)
class Waiting:
    """An offer in a list."""

    offer: Offer
    organisation: str
    title: str  # of the pledge in the register; empty for a new one
    may_be: str = ""  # an organisation of the register that may be the one that makes a new pledge

    @property
    def actions(self) -> int:
        """Of a new pledge."""
        return len(content.wording(self.offer.content).commitments) if self.offer.kind == Offer.Kind.NEW else 0


@desk_page(Act.MODERATE_PLEDGES)
def queue(request):
    edition = request.edition
    decided = Offer.objects.filter(state__in=DECIDED).select_related("decided_by")
    silent, silent_count = _silent(edition, request.today)
    mute = _without_a_contact(edition)
    mute_count = mute.count()
    context = {
        "waiting": _with_likeliest(listed(Offer.objects.to_moderate()), edition),
        "asked": listed(Offer.objects.filter(state=State.ASKED).order_by("confirmed_at", "pk")),
        "decided": listed(decided.order_by(SETTLED_AT.desc(), "-pk")[:FEW]),
        "silent": silent,
        "silent_count": silent_count,
        "mute": mute[:FEW],
        "mute_count": mute_count,
        "mute_more": mute_count - FEW,
        "faults": len(standing(edition).faults),
        "hold": Hold.objects.on(request.today),
    }
    return render(request, "desk/pledges/queue.html", context)


def listed(offers: QuerySet[Offer]) -> list[Waiting]:
    """In two more queries, however many there are."""
    offers = list(offers)
    makers = OrganisationVersion.objects.current().filter(organisation__in={o.organisation_id for o in offers})
    names = dict(makers.values_list("organisation", "name"))
    pledges = PledgeVersion.objects.current().filter(pledge__in={o.pledge_id for o in offers})
    titles = dict(pledges.values_list("pledge", "title"))
    return [Waiting(offer, name_of(offer, names), titles.get(offer.pledge_id, "")) for offer in offers]


def _with_likeliest(waiting: list[Waiting], edition: Edition) -> list[Waiting]:
    """In one more query. Only the first few: comparing many names with a whole register takes seconds."""
    new = [each for each in waiting if each.offer.kind == Offer.Kind.NEW][:FEW]
    known, found = known_organisations(edition) if new else [], {}
    for each in new:
        url = content.wording(each.offer.content).organisation_url
        for match in likely(each.organisation, known, url=url, most=1):
            found[each.offer.pk] = match.known.name
    return [replace(each, may_be=found.get(each.offer.pk, "")) for each in waiting]


def _silent(edition: Edition, today) -> tuple[list[PledgeReport], int]:
    """The first few by title, and how many there are."""
    found = register.fitting(edition, today, standing=SILENT)
    slugs = list(found.values_list("pledge", flat=True)[:FEW])
    return reports(edition, today, slugs=slugs) if slugs else [], found.count()


def _without_a_contact(edition: Edition) -> QuerySet[OrganisationVersion]:
    """Organisations with a pledge that stands, and nobody who speaks for them."""
    stands = PledgeVersion.objects.at(edition).not_withdrawn()
    makers = PledgeOrganisation.objects.at(edition).filter(pledge__in=stands.values("pledge"))
    spoken_for = Contact.objects.filter(organisations__isnull=False).values("organisations")
    found = OrganisationVersion.objects.at(edition).filter(organisation__in=makers.values("organisation"))
    return found.exclude(organisation__in=spoken_for).order_by("name")
