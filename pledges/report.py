"""One report of a pledge: what is promised by whom, for which outcomes, and what has been heard of it since."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q
from django.utils.timezone import localdate

from luton2040.editions import Edition
from pledges import standing
from pledges.models import (
    CommitmentOutcome,
    CommitmentVersion,
    OrganisationVersion,
    PledgeOrganisation,
    PledgeUpdate,
    PledgeVersion,
)


@dataclass(frozen=True)
class PledgeReport:
    pledge: PledgeVersion
    organisations: list[str]  # names, whoever leads first
    commitments: list[CommitmentVersion]
    outcomes: frozenset[str]  # codes that a commitment names; see serves()
    updates: list[PledgeUpdate]  # newest first
    first_shown_on: date
    today: date

    @property
    def slug(self) -> str:
        return self.pledge.pledge_id

    @property
    def serves_all(self) -> bool:
        return any(commitment.serves_all for commitment in self.commitments)

    def serves(self, code: str) -> bool:
        return self.serves_all or code in self.outcomes

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
        return standing.is_silent(heard=self.heard_on, today=self.today)


def reports(edition: Edition, today: date) -> list[PledgeReport]:
    """Every pledge by title, in six queries."""
    shown = Q(pledge__versions__first_edition__lte=edition.number)
    first_shown_at = Min("pledge__versions__first_edition__issued_at", filter=shown)
    names = {o.organisation_id: o.name for o in OrganisationVersion.objects.at(edition)}
    makers = _by(PledgeOrganisation.objects.at(edition), "pledge_id")
    commitments = _by(CommitmentVersion.objects.at(edition), "pledge_id")
    served = _by(CommitmentOutcome.objects.at(edition), "commitment_id")
    updates = _by(PledgeUpdate.objects.at(edition), "pledge_id")
    found = [
        PledgeReport(
            pledge=pledge,
            organisations=[names.get(m.organisation_id, m.organisation_id) for m in makers[pledge.pledge_id]],
            commitments=commitments[pledge.pledge_id],
            outcomes=frozenset(
                link.outcome_id for c in commitments[pledge.pledge_id] for link in served[c.commitment_id]
            ),
            updates=updates[pledge.pledge_id],
            first_shown_on=localdate(pledge.first_shown_at),
            today=today,
        )
        for pledge in PledgeVersion.objects.at(edition).annotate(first_shown_at=first_shown_at)
    ]
    # Not by the database: each has an order of its own for letters and capitals.
    return sorted(found, key=lambda report: (report.pledge.title.casefold(), report.slug))


def _by(rows: Iterable, field: str) -> defaultdict[str, list]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, field)].append(row)
    return found
