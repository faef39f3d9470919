"""The register: which pledges fit what is asked, counted and cut into pages by the database.

Thousands fit as easily as ten: reports are made of the few that one page shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, Length, Lower, Substr
from django.utils.timezone import make_aware

from luton2040.editions import Edition
from outcomes.choosing import stem
from outcomes.formatting import count
from outcomes.models import OutcomeVersion
from outcomes.periods import A_DAY
from pledges.models import (
    CommitmentOutcome,
    CommitmentStage,
    CommitmentVersion,
    OrganisationVersion,
    PledgeOrganisation,
    PledgeUpdate,
    PledgeVersion,
)
from pledges.query_forms import EVERY, NOT_KNOWN, NOTHING, SILENT, WITHDRAWN
from pledges.report import PledgeReport, reports
from pledges.standing import LAST_DAYS, as_written, silent_until
from priorities.models import PriorityVersion

A_PAGE = 25


@dataclass(frozen=True)
class Held:
    """What an edition holds, whatever is asked."""

    standing: int
    withdrawn: int


@dataclass(frozen=True)
class Counts:
    pledges: int
    organisations: int
    commitments: int

    def __str__(self):
        pledges, by = count(self.pledges, "pledge"), count(self.organisations, "organisation")
        return f"{pledges} by {by} with {count(self.commitments, 'commitment')}"


@dataclass(frozen=True)
class Row:
    """A pledge as the register lists it."""

    report: PledgeReport
    priorities: list[PriorityVersion]  # that it names: by an outcome, or as what it is about


@dataclass(frozen=True)
class Page:
    number: int
    pages: int
    rows: list[Row]

    @property
    def first(self) -> int:
        return (self.number - 1) * A_PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


# --- which ---


def fitting(
    edition: Edition, today: date, *, priority="", outcome="", kind="", standing="", year="", q="", sort=""
) -> QuerySet[PledgeVersion]:
    """The pledges that fit all that is asked, in order. Withdrawn ones only where they are asked for."""
    pledges = _standing(PledgeVersion.objects.at(edition), standing, edition, today)
    commitments = CommitmentVersion.objects.at(edition)
    if priority:
        pledges = _about(pledges, priority, edition)
    if outcome:
        pledges = pledges.filter(pledge__in=_naming(edition, Q(outcome=outcome.upper())))
    if kind:
        makers = OrganisationVersion.objects.at(edition).filter(kind=kind)
        pledges = pledges.filter(pledge__in=_made_by(makers, edition))
    if year:
        pledges = pledges.filter(made_on="") if year == NOT_KNOWN else pledges.filter(made_on__startswith=year)
    for word in map(stem, q.casefold().split()):
        named = OrganisationVersion.objects.at(edition).filter(name__icontains=word)
        promising = commitments.filter(what__icontains=word)
        said = Q(title__icontains=word) | Q(pledge__in=promising.values("pledge"))
        pledges = pledges.filter(said | Q(pledge__in=_made_by(named, edition)))
    # A day is as exact as is known: text of the year first, in which what is not known comes last.
    return pledges.order_by(*(["-made_on"] if sort == "newest" else []), Lower("title"), "pledge")


def _made_by(makers: QuerySet[OrganisationVersion], edition: Edition) -> QuerySet:
    links = PledgeOrganisation.objects.at(edition)
    return links.filter(organisation__in=makers.values("organisation")).values("pledge")


def _promising(rows: QuerySet, edition: Edition) -> QuerySet:
    """The pledges whose commitments these rows are of."""
    commitments = CommitmentVersion.objects.at(edition)
    return commitments.filter(commitment__in=rows.values("commitment")).values("pledge")


def _naming(edition: Edition, which: Q) -> QuerySet:
    """Pledges with a commitment that names such an outcome and has not ended."""
    links = CommitmentOutcome.objects.at(edition).filter(which).not_ended(edition)
    return _promising(links, edition)


def _about(pledges, priority: str, edition: Edition):
    if priority == EVERY:
        alike = CommitmentVersion.objects.at(edition).filter(serves_all=True).not_ended(edition)
        return pledges.filter(pledge__in=alike.values("pledge"))
    of_it = OutcomeVersion.objects.at(edition).filter(priority=priority)
    naming = Q(pledge__in=_naming(edition, Q(outcome__in=of_it.values("outcome"))))
    chosen = Q(focus_text__contains=f'"{priority}"')
    return pledges.annotate(focus_text=Cast("focus", TextField())).filter(naming | chosen)


def _standing(pledges, standing: str, edition: Edition, today: date):
    if standing == WITHDRAWN:
        return pledges.withdrawn()
    pledges = pledges.not_withdrawn()
    stages, updates = CommitmentStage.objects.at(edition), PledgeUpdate.objects.at(edition)
    if standing == NOTHING:
        reported = _promising(stages, edition)
        return pledges.filter(result="").exclude(pledge__in=updates.values("pledge")).exclude(pledge__in=reported)
    if standing == SILENT:
        return _silent(pledges, edition, today)
    return pledges.filter(pledge__in=_promising(stages.filter(stage=standing), edition)) if standing else pledges


def _silent(pledges, edition: Edition, today: date):
    """Those of which the last that was heard, an update or else their making, is long ago; see pledges/standing.py."""
    until = silent_until(today)
    updates = PledgeUpdate.objects.at(edition)
    begins = make_aware(datetime.combine(until + A_DAY, time.min))
    shown = PledgeVersion.objects.filter(first_edition__lte=edition.number, first_edition__issued_at__lt=begins)
    heard_of = Q(pledge__in=updates.values("pledge")) | Q(pledge__in=shown.values("pledge"))
    made = Concat("made_on", Substr(Value(LAST_DAYS), Length("made_on") - 3))
    return (
        pledges.exclude(pledge__in=updates.filter(said_on__gt=until).values("pledge"))
        .annotate(made_by=made)
        .filter(Q(made_on="") & heard_of | ~Q(made_on="") & Q(made_by__lte=as_written(until)))
    )


# --- how many, and the page ---


def held(edition: Edition) -> Held:
    ended = Q(withdrawn_on__isnull=False)
    found = PledgeVersion.objects.at(edition).aggregate(all=Count("pk"), withdrawn=Count("pk", filter=ended))
    return Held(found["all"] - found["withdrawn"], found["withdrawn"])


def found(pledges: QuerySet[PledgeVersion], edition: Edition) -> tuple[list[str], Counts]:
    """The slugs in order, and how much that is. In two queries: what is searched for is looked up no more often."""
    promised = CommitmentVersion.objects.at(edition).filter(pledge=OuterRef("pledge")).order_by().values("pledge")
    number = Subquery(promised.annotate(found=Count("*")).values("found"))
    rows = list(pledges.annotate(promised=number).values_list("pledge", "promised"))
    # Not filtered again by what was asked: to search once more takes longer than to read who made what.
    slugs, makers = dict(rows), PledgeOrganisation.objects.at(edition).values_list("pledge", "organisation")
    organisations = {organisation for slug, organisation in makers if slug in slugs}
    return list(slugs), Counts(len(slugs), len(organisations), sum(number or 0 for number in slugs.values()))


def counts(pledges: QuerySet[PledgeVersion], edition: Edition) -> Counts:
    return found(pledges, edition)[1]


def page(slugs: Sequence[str], number: int, *, edition: Edition, today: date, priorities) -> Page:
    """A page beyond the last is the last: the register may have shrunk since the link was kept."""
    pages = max(1, -(-len(slugs) // A_PAGE))
    number = min(number, pages)
    shown = slugs[(number - 1) * A_PAGE : number * A_PAGE]
    of = {report.slug: report for report in reports(edition, today, slugs=shown)}
    return Page(number, pages, list(_rows([of[slug] for slug in shown], priorities, edition)))


def _rows(shown: Sequence[PledgeReport], priorities: Sequence[PriorityVersion], edition: Edition) -> Iterator[Row]:
    named = {code for report in shown for code in report.outcomes}
    versions = OutcomeVersion.objects.at(edition).filter(outcome__in=named)
    of = dict(versions.values_list("outcome", "priority"))
    for report in shown:
        about = {of.get(code) for code in report.outcomes} | set(report.pledge.focus)
        yield Row(report, [priority for priority in priorities if priority.priority_id in about])


# --- what can be asked ---


def kinds(edition: Edition) -> list[str]:
    """Of organisations that pledge, as they are called."""
    makers = PledgeOrganisation.objects.at(edition).values("organisation")
    found = OrganisationVersion.objects.at(edition).filter(organisation__in=makers)
    return sorted(found.values_list("kind", flat=True).distinct(), key=str.casefold)


def years(edition: Edition) -> list[str]:
    """Newest first; the last is empty where of some it is not known."""
    found = PledgeVersion.objects.at(edition).annotate(year=Substr("made_on", 1, 4))
    return sorted(found.values_list("year", flat=True).distinct(), reverse=True)
