"""The full table of an outcome: the home area beside the places it is compared with, period by period."""

from dataclasses import dataclass

from outcomes.formatting import MARKERS
from outcomes.models import Revision
from outcomes.report import OutcomeReport, SimilarPlaces, Value


@dataclass(frozen=True)
class TableRow:
    home: Value
    others: list[Value | None]  # as many as there are comparators, None where one has no value for this very period
    similar: SimilarPlaces | None
    is_baseline: bool
    revision: Revision | None  # the newest of this value


def rows(report: OutcomeReport) -> list[TableRow]:
    """Newest first. Only periods that the home area has: like is set beside like, or nothing is."""
    similar = {s.period: s for s in report.similar}
    revised = {revision.period: revision for revision in reversed(report.own_revisions)}
    return [
        TableRow(
            home=value,
            others=[c.by_period.get(value.period) for c in report.comparators],
            similar=similar.get(value.period),
            is_baseline=value is report.baseline,
            revision=revised.get(value.period),
        )
        for value in reversed(report.series)
    ]


def shorthand(report: OutcomeReport) -> list[tuple[str, str]]:
    """The markers that the table shows, with what they mean."""
    return [(marker, words) for marker, words in MARKERS.items() if any(marker in v.markers for v in report.series)]
