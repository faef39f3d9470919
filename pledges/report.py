"""One report of a pledge: what is promised by whom, for which outcomes, and what has been heard of it since."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Min, Q
from django.utils.timezone import localdate

from luton2040.editions import Edition
from pledges import standing
from pledges.models import (
    CommitmentOutcome,
    CommitmentStage,
    CommitmentVersion,
    OrganisationVersion,
    PledgeOrganisation,
    PledgeUpdate,
    PledgeVersion,
)
from pledges.standing import Stage

Tells = list[tuple[Stage, CommitmentVersion]]  # what an update reports of which commitments, as they were worded then


@dataclass(frozen=True)
class CommitmentReport:
    commitment: CommitmentVersion
    links: list[CommitmentOutcome]  # the outcomes that it names, as the record orders them
    stage: Stage | None  # as last reported; None: nobody has
    told: PledgeUpdate | None  # the update that reports it
    earlier: list[CommitmentVersion]  # how it was worded before, newest first; of a full report only

    @property
    def slug(self) -> str:
        return self.commitment.commitment_id

    @property
    def changed(self) -> Stage | None:
        """Beside how far it is, where it was worded otherwise before."""
        return Stage.CHANGED if self.earlier and self.stage not in (None, Stage.CHANGED) else None

    def at(self, edition: int) -> CommitmentVersion:
        """As it was worded then."""
        return next((row for row in reversed(self.earlier) if row.last_edition_id >= edition), self.commitment)


@dataclass(frozen=True)
class PledgeReport:
    pledge: PledgeVersion
    makers: list[tuple[str, str]]  # slug and name, whoever leads first
    commitments: list[CommitmentVersion]
    updates: list[PledgeUpdate]  # newest first, each with what is known of its file but not the file itself
    first_shown_on: date
    today: date
    links: dict[str, list[CommitmentOutcome]] = field(default_factory=dict)  # by commitment
    stages: dict[str, CommitmentStage] = field(default_factory=dict)  # by commitment
    speakers: dict[str, str] = field(default_factory=dict)  # names of organisations that updates are from
    earlier: dict[str, list[CommitmentVersion]] = field(default_factory=dict)
    ever_told: list[CommitmentStage] = field(default_factory=list)  # until this edition; of a full report only
    published_in: dict[str, int] = field(default_factory=dict)  # by update; those that came one by one

    @property
    def slug(self) -> str:
        return self.pledge.pledge_id

    @property
    def organisations(self) -> list[str]:
        return [name for _, name in self.makers]

    @property
    def is_withdrawn(self) -> bool:
        return self.pledge.withdrawn_on is not None

    @property
    def outcomes(self) -> frozenset[str]:
        """Codes that a commitment names; see serves()."""
        return frozenset(link.outcome_id for links in self.links.values() for link in links)

    @property
    def in_force(self) -> list[CommitmentVersion]:
        """What ended, or is of a pledge that did, serves nothing any more; so for the database in pledges/models.py."""
        if self.is_withdrawn:
            return []
        return [c for c in self.commitments if self.stage_of(c.commitment_id) != Stage.ENDED]

    @property
    def serves_all(self) -> bool:
        return any(commitment.serves_all for commitment in self.in_force)

    def serves(self, code: str) -> bool:
        named = (link.outcome_id for c in self.in_force for link in self.links.get(c.commitment_id, []))
        return self.serves_all or code in named

    def stage_of(self, commitment: str) -> Stage | None:
        """As last reported; None: nobody has."""
        return Stage(self.stages[commitment].stage) if commitment in self.stages else None

    @property
    def promises(self) -> list[CommitmentReport]:
        """Each commitment with all that is known of it."""
        updates = {update.key: update for update in self.updates}
        found = []
        for commitment in self.commitments:
            slug, reported = commitment.commitment_id, self.stages.get(commitment.commitment_id)
            found.append(
                CommitmentReport(
                    commitment=commitment,
                    links=self.links.get(slug, []),
                    stage=self.stage_of(slug),
                    told=updates.get(reported.update) if reported else None,
                    earlier=self.earlier.get(slug, []),
                )
            )
        return found

    @property
    def news(self) -> list[tuple[PledgeUpdate, Tells]]:
        """Each update with what it reported, also where a later one says otherwise; of a full report."""
        told: dict[tuple[str, str], tuple[Stage, CommitmentVersion]] = {}
        promises = {promise.slug: promise for promise in self.promises}
        for row in self.ever_told:
            slug = row.commitment_id
            told[row.update, slug] = Stage(row.stage), promises[slug].at(row.first_edition_id)
        for key, edition in self.published_in.items():
            for slug, promise in promises.items():
                if any(row.last_edition_id + 1 == edition for row in promise.earlier):
                    told.setdefault((key, slug), (Stage.CHANGED, promise.at(edition)))
        return [
            (update, [told[update.key, slug] for slug in promises if (update.key, slug) in told])
            for update in self.updates
        ]

    @property
    def stands(self) -> list[tuple[Stage, int]]:
        """How many commitments stand where, as reported; those of which nothing is reported are in none."""
        counted = Counter(self.stage_of(commitment.commitment_id) for commitment in self.commitments)
        return [(stage, counted[stage]) for stage in standing.TOLD_FIRST if counted[stage]]

    @property
    def not_reported(self) -> int:
        """How many commitments nothing is reported of."""
        return len(self.commitments) - sum(number for _, number in self.stands)

    @property
    def heard_on(self) -> date:
        return standing.heard_on(
            said_on=self.updates[0].said_on if self.updates else None,
            made_on=self.pledge.made_on,
            first_shown_on=self.first_shown_on,
            today=self.today,
        )

    @property
    def silent_months(self) -> int:
        return standing.silent_months(heard=self.heard_on, today=self.today)

    @property
    def is_silent(self) -> bool:
        """Of a pledge that ended nothing is awaited."""
        return not self.is_withdrawn and standing.is_silent(heard=self.heard_on, today=self.today)


def reports(edition: Edition, today: date, slugs: Collection[str] | None = None) -> list[PledgeReport]:
    """Every pledge, or those of these slugs, by title: in seven queries."""
    versions, makers = PledgeVersion.objects.at(edition), PledgeOrganisation.objects.at(edition)
    commitments, updates = CommitmentVersion.objects.at(edition), PledgeUpdate.objects.at(edition)
    links, stages = CommitmentOutcome.objects.at(edition), CommitmentStage.objects.at(edition)
    names = OrganisationVersion.objects.at(edition)
    if slugs is not None:
        slugs = list(slugs)
        versions, makers, commitments, updates = (
            rows.filter(pledge__in=slugs) for rows in (versions, makers, commitments, updates)
        )
    commitments, makers = list(commitments), list(makers)
    updates = list(updates.select_related("evidence").defer("evidence__content"))
    if slugs is not None:
        promised = [commitment.commitment_id for commitment in commitments]
        links, stages = links.filter(commitment__in=promised), stages.filter(commitment__in=promised)
        named = {row.organisation_id for row in (*makers, *updates)}
        names = names.filter(organisation__in=named - {None})
    of = _Rows(makers, commitments, updates, links, stages, dict(names.values_list("organisation_id", "name")), today)
    shown = Q(pledge__versions__first_edition__lte=edition.number)
    first_shown_at = Min("pledge__versions__first_edition__issued_at", filter=shown)
    found = [of.report(pledge) for pledge in versions.annotate(first_shown_at=first_shown_at)]
    # Not by the database: each has an order of its own for letters and capitals.
    return sorted(found, key=lambda report: (report.pledge.title.casefold(), report.slug))


def full_report(slug: str, edition: Edition, today: date) -> PledgeReport | None:
    """One pledge with its past: how its commitments were worded, and what each update reported of them.

    None where this edition has no such pledge.
    """
    found = reports(edition, today, slugs=[slug])
    for report in found:
        report.earlier.update(_earlier(report.commitments, edition))
        promised = [commitment.commitment_id for commitment in report.commitments]
        stages = CommitmentStage.objects.filter(commitment__in=promised, first_edition__lte=edition.number)
        report.ever_told.extend(stages.order_by("first_edition"))
        # Of a framework's edition, which changes much at once, nothing tells which update speaks of which wording.
        updates = PledgeUpdate.objects.filter(pledge=slug, first_edition__lte=edition.number)
        own = updates.order_by().values("key").annotate(began=Min("first_edition"))
        report.published_in.update(own.filter(first_edition__kind=Edition.Kind.PLEDGE).values_list("key", "began"))
    return found[0] if found else None


def made_by(organisation: str, edition: Edition, today: date) -> list[PledgeReport]:
    """The pledges that it made, alone or with others."""
    links = PledgeOrganisation.objects.at(edition).filter(organisation=organisation)
    return reports(edition, today, slugs=links.values_list("pledge", flat=True))


def _earlier(commitments: Sequence[CommitmentVersion], edition: Edition) -> dict[str, list[CommitmentVersion]]:
    """What commitments said before, where it was something else."""
    now = {commitment.commitment_id: commitment for commitment in commitments}
    gone = CommitmentVersion.objects.filter(commitment__in=now, last_edition__lt=edition.number)
    found: dict[str, list[CommitmentVersion]] = defaultdict(list)
    for row in gone.select_related("last_edition").order_by("-last_edition"):
        of = found[row.commitment_id]
        if _said(row) != _said(of[-1] if of else now[row.commitment_id]):
            of.append(row)
    return {slug: rows for slug, rows in found.items() if rows}


def _said(commitment: CommitmentVersion) -> tuple[str, str, str]:
    return commitment.what, commitment.target, commitment.target_by


class _Rows:
    """Rows of an edition by what they belong to."""

    def __init__(self, makers, commitments, updates, links, stages, names: dict[str, str], today: date):
        self.makers, self.commitments, self.updates = (
            _by(rows, "pledge_id") for rows in (makers, commitments, updates)
        )
        self.links = _by(links, "commitment_id")
        self.stages = {stage.commitment_id: stage for stage in stages}
        self.names, self.today = names, today

    def report(self, pledge: PledgeVersion) -> PledgeReport:
        slug = pledge.pledge_id
        commitments, updates = self.commitments[slug], self.updates[slug]
        promised = [commitment.commitment_id for commitment in commitments]
        makers = [maker.organisation_id for maker in self.makers[slug]]
        speakers = {update.organisation_id for update in updates} & self.names.keys()
        return PledgeReport(
            pledge=pledge,
            makers=[(maker, self.names.get(maker, maker)) for maker in makers],
            commitments=commitments,
            updates=updates,
            first_shown_on=localdate(pledge.first_shown_at),
            today=self.today,
            links={c: self.links[c] for c in promised if c in self.links},
            stages={c: self.stages[c] for c in promised if c in self.stages},
            speakers={speaker: self.names[speaker] for speaker in speakers},
        )


def _by(rows: Iterable, name: str) -> defaultdict[str, list]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
