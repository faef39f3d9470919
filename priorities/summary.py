"""Many outcomes in one picture: counts by status, never an average of unlike things."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Tally:
    """How many outcomes stand at one status."""

    status: Any
    count: int
    of: int

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0


def by_status(reports: Sequence, statuses: Iterable) -> list[Tally]:
    """Every status, in the order given, those that nobody has included."""
    return [Tally(s, sum(r.status is s for r in reports), len(reports)) for s in statuses]


def by_family(reports: Sequence, families: Iterable) -> list[Tally]:
    return [Tally(f, sum(r.status.family is f for r in reports), len(reports)) for f in families]


def by_priority(reports: Sequence) -> list[tuple[Any, list]]:
    """The outcomes of each priority, in the order of the wheel; the mission's are left out."""
    found: dict[str, tuple[Any, list]] = {}
    for report in reports:
        if report.priority is not None:
            found.setdefault(report.priority.priority_id, (report.priority, []))[1].append(report)
    return sorted(found.values(), key=lambda pair: pair[0].position)
