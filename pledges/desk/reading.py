"""An offer as an officer reads it: what readers would see, what differs, and what else there is of its kind."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.http import HttpRequest

from luton2040.editions import Edition
from outcomes import formatting as words
from outcomes.models import OutcomeVersion
from outcomes.periods import Period
from pledges import content, hints, rewording
from pledges.content import Ending, News, Promise, Wording
from pledges.desk.differences import Group, Names, of_others, of_wording
from pledges.matching import Known, Match, counterpart, likely
from pledges.models import (
    CommitmentStage,
    Offer,
    OrganisationVersion,
    PledgeOrganisation,
    PledgeUpdate,
    PledgeVersion,
)
from pledges.publishing import default_title, uncounted
from pledges.standing import Stage, period_of
from priorities.models import PriorityVersion, Standing

Kind = Offer.Kind
READ = {Kind.UPDATE: content.news, Kind.END: content.ending}
ENDS, LEFT_OUT = "Left out: it would stay on the page, marked as ended.", "Left out."


@dataclass(frozen=True)
class Shown:
    """A commitment as readers would see it."""

    promise: Promise
    outcomes: list[tuple[str, str, bool]]  # code, name, and whether the partner chose it
    hints: list[str]

    @property
    def target_by(self) -> Period | None:
        """A period; nothing where no day is stated, or what is stated is none."""
        try:
            return period_of(self.promise.target_by)
        except ValueError:
            return None


class Reading:
    def __init__(self, offer: Offer, request: HttpRequest):
        self.offer, self.edition, self.today = offer, request.edition, request.today

    @property
    def is_wording(self) -> bool:
        return self.offer.kind in (Kind.NEW, Kind.CHANGE)

    @cached_property
    def pledge(self) -> PledgeVersion | None:
        """As the register has it."""
        return PledgeVersion.objects.current().filter(pledge=self.offer.pledge_id).first()

    @cached_property
    def held(self) -> dict[str, rewording.Held]:
        return rewording.held(self.offer.pledge_id) if self.offer.pledge_id else {}

    @cached_property
    def maker(self) -> OrganisationVersion | None:
        """As the register knows who offers it."""
        return OrganisationVersion.objects.current().filter(organisation=self.offer.organisation_id).first()

    @property
    def organisation(self) -> str:
        return self.maker.name if self.maker else self.now.organisation if self.is_wording else ""

    def title_of(self, organisation: str) -> str:
        """That it has where nobody gives another."""
        return default_title(organisation) if self.offer.kind == Kind.NEW else self.pledge.title if self.pledge else ""

    @property
    def title(self) -> str:
        return (self.is_wording and self.now.title) or self.title_of(self.organisation)

    # --- its texts ---

    @cached_property
    def typed(self):
        return self._read(self.offer.typed)

    @cached_property
    def now(self):
        """As it would be published."""
        return self._read(self.offer.content)

    def _read(self, stored: dict):
        return self._with_title(READ.get(self.offer.kind, content.wording)(stored))

    def _with_title(self, found):
        if self.offer.kind == Kind.CHANGE and self.pledge:
            return replace(found, title=found.title or self.pledge.title)
        return found

    @cached_property
    def names(self) -> Names:
        commitments = {slug: f"“{each.row.what}”" for slug, each in self.held.items()}
        outcomes = OutcomeVersion.objects.at(self.edition).values_list("outcome", "name")
        priorities = PriorityVersion.objects.at(self.edition).values_list("priority", "name")
        return Names(dict(outcomes), dict(priorities), commitments)

    @property
    def from_register(self) -> list[Group]:
        """What publishing it changes in the register."""
        if self.offer.kind != Kind.CHANGE or not self.pledge:
            return []
        before = rewording.as_published(self.pledge, self.held.values())
        return of_wording(before, replace(self.now, why=""), self.names, left_out=ENDS)

    def beside(self, given: Wording | News | Ending) -> list[Group]:
        """What saving this would change in what is saved by now."""
        if self.is_wording:
            return of_wording(self.now, self._with_title(given), self.names, left_out=LEFT_OUT)
        return of_others(self.now, given, self.names)

    @property
    def from_typed(self) -> list[Group]:
        """What officers corrected."""
        if not self.offer.corrected:
            return []
        if self.is_wording:
            return of_wording(self.typed, self.now, self.names, left_out=LEFT_OUT)
        return of_others(self.typed, self.now, self.names)

    # --- as readers would see it ---

    @property
    def day(self) -> str:
        """On which something was done or ended."""
        told = self.now.ended_on if self.offer.kind == Kind.END else self.now.said_on
        try:
            return words.day(date.fromisoformat(told))
        except ValueError:
            return told

    @property
    def published(self) -> PledgeUpdate | None:
        """The update of the register that it became."""
        if self.offer.kind != Kind.UPDATE or not self.offer.edition_id:
            return None
        return PledgeUpdate.objects.filter(pledge=self.offer.pledge_id, first_edition=self.offer.edition_id).first()

    @property
    def focus(self) -> list[str]:
        return [self.names.priorities.get(slug, slug) for slug in self.now.focus]

    @property
    def promises(self) -> list[Shown]:
        return [Shown(each, list(self._outcomes(each)), self._hints(each)) for each in self.now.commitments]

    def _outcomes(self, promise: Promise) -> Iterator[tuple[str, str, bool]]:
        """As publishing would have them: what the register names already keeps its standing."""
        theirs, held = counterpart(promise, self.typed.commitments), self.held.get(promise.slug)
        standings = dict.fromkeys(theirs.outcomes if theirs else (), Standing.PUBLISHED)
        standings |= held.standings if held else {}
        for code in promise.outcomes:
            yield code, self.names.outcomes.get(code, code), standings.get(code) == Standing.PUBLISHED

    def _hints(self, promise: Promise) -> list[str]:
        """What stands in the register as it is was read before."""
        held = self.held.get(promise.slug)
        is_new = held is None or rewording.is_reworded(promise, held)
        return hints.hints(promise, today=self.today) if is_new else []

    @property
    def stages(self) -> list[tuple[str, Stage | None, Stage, str]]:
        """Of each commitment that an update tells of: its text, how far it is by now, how far it would be.

        Last, why that will not count, if so.
        """
        found, left_out = [], self._uncounted
        for slug, stage in self.now.stages.items():
            if slug in self.held and stage in Stage.values:
                before = self.held[slug].stage
                by_now = Stage(before) if before else None
                found.append((self.held[slug].row.what, by_now, Stage(stage), left_out.get(slug, "")))
        return found

    @property
    def _uncounted(self) -> dict[str, str]:
        slugs = set(self.now.stages)
        if self.offer.edition_id:
            told = CommitmentStage.objects.filter(first_edition=self.offer.edition_id)
            return dict.fromkeys(slugs.difference(told.values_list("commitment", flat=True)), "It did not count.")
        try:
            said_on = date.fromisoformat(self.now.said_on)
        except ValueError:  # which publishing refuses
            return {}
        found = uncounted(slugs, said_on, self.pledge) if self.pledge else {}
        return {slug: f"It will not count: {why}" for slug, why in found.items()}

    # --- what else there is ---

    @cached_property
    def matches(self) -> list[Match]:
        """Organisations of the register that may be the one that makes a new pledge."""
        if self.offer.kind != Kind.NEW:
            return []
        return likely(self.now.organisation, known_organisations(self.edition), url=self.now.organisation_url)

    @property
    def others_of_it(self) -> list[tuple[str, PledgeVersion]]:
        """Other pledges of the organisation, or of those that it may be, each with the maker's name."""
        names = {match.known.key: match.known.name for match in self.matches}
        if self.maker:
            names[self.maker.organisation_id] = self.maker.name
        links = PledgeOrganisation.objects.current().filter(organisation__in=names).order_by("organisation", "pledge")
        makers = {link.pledge_id: names[link.organisation_id] for link in links}
        found = PledgeVersion.objects.current().filter(pledge__in=makers).exclude(pledge=self.offer.pledge_id)
        return [(makers[pledge.pledge_id], pledge) for pledge in found.order_by("title")[:20]]

    @property
    def similar_offers(self) -> list[tuple[Offer, str]]:
        """Others that are open: from the same address, of the same pledge, or by an organisation of a similar name."""
        others = Offer.objects.open().exclude(pk=self.offer.pk)
        same = Q(contact=self.offer.contact_id) if self.offer.contact_id else Q(pk=None)
        of_pledge = Q(pledge=self.offer.pledge_id) if self.offer.pledge_id else Q(pk=None)
        found = {offer.pk: (offer, "from the same address") for offer in others.filter(same)}
        found |= {offer.pk: (offer, "about the same pledge") for offer in others.filter(of_pledge)}
        if self.offer.kind == Kind.NEW:
            new = {str(offer.pk): offer for offer in others.filter(kind=Kind.NEW)}
            known = [Known(pk, content.wording(offer.content).organisation) for pk, offer in new.items()]
            for match in likely(self.now.organisation, known):
                found.setdefault(int(match.known.key), (new[match.known.key], match.why))
        return list(found.values())

    @property
    def moved_on(self) -> Edition | None:
        return rewording.moved_on(self.offer) if self.offer.kind == Kind.CHANGE else None


def known_organisations(edition: Edition) -> list[Known]:
    found = OrganisationVersion.objects.at(edition).values_list("organisation", "name", "url")
    return [Known(*each) for each in found]


def name_of(offer: Offer, names: dict[str, str]) -> str:
    """Who offers it: as the register names it, else as typed. `names` by slug."""
    if offer.organisation_id:
        return names.get(offer.organisation_id, offer.organisation_id)
    return content.wording(offer.content).organisation
