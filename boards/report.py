"""One report of a board: what it oversees, the outcomes that it is linked to and how they stand.

Every list and count of a board's outcomes is made from it, so that no two can disagree.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from boards.changes import Place, Turn, by_place
from boards.models import BoardVersion, ReviewVersion
from boards.remit import Remit, remits
from luton2040.vision import Vision
from outcomes import progress
from outcomes.report import OutcomeReport
from priorities import summary
from priorities.models import PriorityVersion, Standing


@dataclass(frozen=True)
class Overseen:
    """A priority, a plan or (neither) the mission; its slug is empty for the mission."""

    kind: str
    slug: str
    name: str
    is_inferred: bool


@dataclass(frozen=True, eq=False)
class BoardReport:
    board: BoardVersion
    remit: Remit
    outcomes: list[OutcomeReport]  # in the order of the wheel, the mission's measures after them
    overseen: list[Overseen] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.board.board_id

    @property
    def of_mission(self) -> list[OutcomeReport]:
        return [report for report in self.outcomes if not report.priority]

    @property
    def priorities(self) -> list[tuple[PriorityVersion, list[OutcomeReport]]]:
        return summary.by_priority(self.outcomes)

    @property
    def families(self) -> list[summary.Tally]:
        return summary.by_family(self.outcomes, progress.Family)

    @cached_property
    def places(self) -> list[tuple[Place, list[Turn]]]:
        """Exceptions first, as a meeting looks at them."""
        return by_place([Turn(report, None) for report in self.outcomes])

    @property
    def published(self) -> list[Overseen]:
        return [thing for thing in self.overseen if not thing.is_inferred]

    @property
    def inferred(self) -> list[Overseen]:
        return [thing for thing in self.overseen if thing.is_inferred]


def reports(
    edition, outcomes: Sequence[OutcomeReport], vision: Vision, *, boards: Iterable[BoardVersion]
) -> list[BoardReport]:
    """Of these boards, in four queries."""
    boards = list(boards)
    held = remits(edition, boards=[board.board_id for board in boards])
    names = dict(PriorityVersion.objects.at(edition).values_list("priority", "name"))
    found = []
    for board in boards:
        remit = held.get(board.board_id, Remit([]))
        found.append(BoardReport(board, remit, remit.outcomes(outcomes), _overseen(remit, names, vision)))
    return found


def reviewed(
    outcomes: Iterable[OutcomeReport], reviews: Iterable[ReviewVersion]
) -> list[tuple[OutcomeReport, list[ReviewVersion]]]:
    """Outcomes that have reviews, each with its own as they come."""
    held = defaultdict(list)
    for review in reviews:
        held[review.outcome_id].append(review)
    return [(report, held[report.code]) for report in outcomes if report.code in held]


def _overseen(remit: Remit, priorities: dict[str, str], vision: Vision) -> list[Overseen]:
    """Priorities and the mission before plans."""
    found = []
    for link in remit.links:
        is_inferred = link.standing == Standing.INFERRED
        if link.plan_id:
            if link.plan_id in remit.plans:
                found.append(Overseen("plan", link.plan_id, remit.plans[link.plan_id].name, is_inferred))
        elif link.priority_id is None:
            found.append(Overseen("mission", "", vision.mission_name, is_inferred))
        elif link.priority_id in priorities:
            found.append(Overseen("priority", link.priority_id, priorities[link.priority_id], is_inferred))
    return sorted(found, key=lambda thing: thing.kind == "plan")
