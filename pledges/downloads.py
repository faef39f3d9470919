"""The commitments as a file: a row for each, with all that its pledge's page says of it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from outcomes.downloads import Table, csv_of
from pledges.report import CommitmentReport, PledgeReport

NOT_REPORTED = "nothing reported"


CELLS: dict[str, Callable[[PledgeReport, CommitmentReport], Any]] = {
    "pledge": lambda r, c: r.slug,
    "pledge_title": lambda r, c: r.pledge.title,
    "pledge_kind": lambda r, c: r.pledge.get_kind_display(),
    "organisations": lambda r, c: "; ".join(r.organisations),
    "made_on": lambda r, c: r.pledge.made_on,
    "commitment": lambda r, c: c.slug,
    "what": lambda r, c: c.commitment.what,
    "target": lambda r, c: c.commitment.target,
    "target_by": lambda r, c: c.commitment.target_by,
    "helps": lambda r, c: c.commitment.helps,
    "serves_every_priority": lambda r, c: "yes" if c.commitment.serves_all else "no",
    "outcomes": lambda r, c: "; ".join(link.outcome_id for link in c.links),
    "outcomes_standing": lambda r, c: "; ".join(link.standing for link in c.links),
    "stage": lambda r, c: c.stage.label if c.stage else NOT_REPORTED,
    "said_on": lambda r, c: c.told and c.told.said_on,
    "checked_on": lambda r, c: c.told and c.told.checked_on,
    "evidence": lambda r, c: c.told and c.told.evidence_url,
    "withdrawn_on": lambda r, c: r.pledge.withdrawn_on,
    "withdrawn_why": lambda r, c: r.pledge.withdrawn_why,
}


def commitments_csv(reports: Iterable[PledgeReport]) -> bytes:
    return csv_of(Table(tuple(CELLS), list(_rows(reports))))


def _rows(reports: Iterable[PledgeReport]) -> Iterator[tuple]:
    for report in reports:
        for promise in report.promises:
            yield tuple(cell(report, promise) for cell in CELLS.values())
