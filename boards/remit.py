"""Which outcomes a board is linked to, and through what. No source says which board owns which single outcome."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from boards.models import BoardVersion, Oversight
from outcomes.models import PlanOutcome
from outcomes.report import OutcomeReport
from priorities.models import PlanVersion, Standing


@dataclass(frozen=True)
class Way:
    """Through what a board is linked to an outcome."""

    through: str
    is_inferred: bool

    def __str__(self):
        return f"{self.through} (our reading)" if self.is_inferred else self.through


@dataclass(frozen=True)
class Remit:
    links: list[Oversight]
    plans: dict[str, PlanVersion] = field(default_factory=dict)
    served: dict[str, list[PlanOutcome]] = field(default_factory=dict)  # by outcome, through plans of the board

    @property
    def has_mission(self) -> bool:
        return any(link.priority_id is None and link.plan_id is None for link in self.links)

    def way_to(self, report: OutcomeReport) -> Way | None:
        """The plainest way: what is published before what we read into it, a priority before a plan."""
        ways = [*self._direct(report), *self._through_plans(report)]
        return min(ways, key=lambda way: way.is_inferred, default=None)

    def _direct(self, report: OutcomeReport) -> Iterable[Way]:
        slug = report.priority.priority_id if report.priority else None
        for link in self.links:
            if link.plan_id is None and link.priority_id == slug:
                yield Way(report.priority.name if report.priority else report.vision.mission_name, _inferred(link))

    def _through_plans(self, report: OutcomeReport) -> Iterable[Way]:
        inferred = {link.plan_id: _inferred(link) for link in self.links}
        for served in self.served.get(report.code, ()):
            is_inferred = inferred[served.plan_id] or _inferred(served)
            yield Way(f"the plan “{self.plans[served.plan_id].name}”", is_inferred)

    def outcomes(self, reports: Iterable[OutcomeReport]) -> list[OutcomeReport]:
        return [report for report in reports if self.way_to(report)]


def _inferred(link: Oversight | PlanOutcome) -> bool:
    return link.standing == Standing.INFERRED


def remits(edition, *, boards: Iterable[str] | None = None) -> dict[str, Remit]:
    """What each board (or each of those named) oversees; in three queries."""
    links = defaultdict(list)
    found = Oversight.objects.at(edition).order_by("pk")
    for link in found if boards is None else found.filter(board__in=boards):
        links[link.board_id].append(link)
    wanted = {link.plan_id for of in links.values() for link in of if link.plan_id}
    plans = {plan.plan_id: plan for plan in PlanVersion.objects.at(edition).filter(plan__in=wanted)}
    served = list(PlanOutcome.objects.at(edition).filter(plan__in=plans).order_by("pk"))
    return {board: _remit(of, plans, served) for board, of in links.items()}


def _remit(links: list[Oversight], plans: dict[str, PlanVersion], served: list[PlanOutcome]) -> Remit:
    own = {link.plan_id for link in links}
    by_outcome = defaultdict(list)
    for each in served:
        if each.plan_id in own:
            by_outcome[each.outcome_id].append(each)
    return Remit(links, {slug: plan for slug, plan in plans.items() if slug in own}, dict(by_outcome))


def remit_of(board: BoardVersion | str, edition) -> Remit:
    slug = board if isinstance(board, str) else board.board_id
    return remits(edition, boards=[slug]).get(slug, Remit([]))


def linked_to(report: OutcomeReport, boards: Iterable[BoardVersion], edition) -> list[tuple[BoardVersion, Way]]:
    """Those of these boards that are linked to an outcome, each with its plainest way."""
    held = remits(edition)
    ways = ((board, held.get(board.board_id, Remit([])).way_to(report)) for board in boards)
    return [(board, way) for board, way in ways if way]
