"""The commitments as a file: a row for each, with all that its pledge's page says of it."""

from collections.abc import Callable, Iterable
from typing import Any

from luton2040.vision import Vision
from outcomes.downloads import Table, csv_of
from pledges import sentences
from pledges.report import CommitmentReport, PledgeReport

NOT_REPORTED = "nothing reported"


def _cells(vision: Vision) -> dict[str, Callable[[PledgeReport, CommitmentReport], Any]]:
    return {
        "pledge": lambda r, c: r.slug,
        "pledge_title": lambda r, c: r.pledge.title,
        "pledge_kind": lambda r, c: sentences.kind(r.pledge, vision),
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
        "ended_on": lambda r, c: r.pledge.withdrawn_on,
        "ended_why": lambda r, c: r.pledge.withdrawn_why,
    }


def commitments_csv(reports: Iterable[PledgeReport], vision: Vision) -> bytes:
    cells = _cells(vision)
    rows = [tuple(cell(r, promise) for cell in cells.values()) for r in reports for promise in r.promises]
    return csv_of(Table(tuple(cells), rows))
