"""Milestones to come, and the risk that each is missed if the figures go on as they have. Pure: reports come in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from outcomes import formatting as words
from outcomes import progress, sentences
from outcomes.periods import add_months
from outcomes.progress import MilestoneState, Worded
from outcomes.report import Goal, OutcomeReport

HORIZONS = (6, 12, 24)  # months


class Risk(Worded):
    """How a straight line through the figures since the start stands to a milestone on its day."""

    HIGH = "high", "Likely to be missed", "The line falls short of it by more than the least change that we count."
    UNSURE = "unsure", "Too close to say", "The line comes so close to it that the difference is too small to count."
    LOW = "low", "Likely to be met", "The line goes past it by more than that, or it has been reached and is held."
    UNKNOWN = "unknown", "Cannot be said", "There are too few figures to draw a line through."


RISK_RULE = (
    f"{progress.PROJECTION_RULE} The risk says where the line stands to a milestone on its day. "
    "It knows nothing of what is planned or done about it."
)


@dataclass(frozen=True, eq=False)
class Ahead:
    """A milestone or target to come, which falls due within so many months."""

    report: OutcomeReport
    goal: Goal
    within: int

    @cached_property
    def is_reached(self) -> bool:
        """By the latest value; on its day it will be judged by another."""
        latest = self.report.latest
        return latest is not None and self._beyond(latest.value) >= 0

    @cached_property
    def _line(self) -> progress.Projection | None:
        return self.report.line_to(self.goal.milestone)

    def _beyond(self, value: Decimal) -> Decimal:
        """By how much it is better than the goal; below zero, worse."""
        return (value - self.goal.value) * (1 if self.report.rises else -1)

    @cached_property
    def risk(self) -> Risk:
        if self._line is None:
            return Risk.UNKNOWN
        # A line lags behind a sudden step, and would call in danger what has been reached and is held.
        if self.is_reached and not self._line.moving_away:
            return Risk.LOW
        beyond = self._beyond(_exact(self._line.value_at_target_date))
        if beyond > self.report.tolerance or beyond == self.report.tolerance == 0:
            return Risk.LOW
        return Risk.HIGH if beyond < -self.report.tolerance else Risk.UNSURE

    @cached_property
    def expected(self) -> Decimal | None:
        """Where the line would be, but no further than the figure can go."""
        if self._line is None:
            return None
        value, measure = _exact(self._line.value_at_target_date), self.report.measure
        if measure.natural_min is not None:
            value = max(value, measure.natural_min)
        return value if measure.natural_max is None else min(value, measure.natural_max)

    @property
    def why(self) -> str:
        """If nothing changes, a straight line leads to about 11.2% by then."""
        report = self.report
        if report.latest is None:
            return "No value is published yet."
        reached = "The latest value has reached it already. " if self.is_reached else ""
        if self.expected is not None:
            leads_to = words.amount(self.expected, report.measure)
            return f"{reached}If nothing changes, a straight line leads to about {leads_to} by then."
        have = words.count(len(report.since_baseline), "value")
        return f"{reached}{have} since the start; {progress.PROJECTION_POINTS} are needed to draw a line."


def _exact(number: float) -> Decimal:
    return Decimal(str(number))


def ahead(reports: Iterable[OutcomeReport]) -> list[Ahead]:
    """What is to come in the next two years from the reports' own day, soonest first."""
    found = [
        Ahead(report, goal, within)
        for report in reports
        for goal in report.goals
        if goal.state is MilestoneState.TO_COME and (within := _within(goal, report.today))
    ]
    return sorted(found, key=lambda each: (each.goal.due_on, each.report.outcome.position))


def first_after(reports: Iterable[OutcomeReport]) -> list[Ahead]:
    """What is due first where nothing is in two years."""
    found = [Ahead(r, goal, 0) for r in reports for goal in r.goals if goal.state is MilestoneState.TO_COME]
    first = min((each.goal.due_on for each in found), default=None)
    return [each for each in found if each.goal.due_on == first]


def _within(goal: Goal, today: date) -> int | None:
    """The shortest horizon; None for what is further away."""
    return next((months for months in HORIZONS if goal.due_on <= add_months(today, months)), None)


def by_horizon(found: Sequence[Ahead]) -> list[tuple[int, list[Ahead]]]:
    """Each under the shortest time in which it falls due; a time in which nothing does is there too, and empty."""
    return [(months, [each for each in found if each.within == months]) for months in HORIZONS]


def what(each: Ahead) -> str:
    """Milestone: 10% or less by the end of 2027."""
    return sentences.goal(each.report, each.goal)
