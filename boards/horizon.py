"""Milestones to come, and the risk that each is missed if the figures go on as they have. Pure: reports come in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from outcomes import formatting as words
from outcomes import progress, sentences
from outcomes.periods import add_months
from outcomes.progress import Worded
from outcomes.report import Goal, OutcomeReport

HORIZONS = (6, 12, 24)  # months


class Risk(Worded):
    """How a straight line through the figures since the start stands to a milestone on its day."""

    HIGH = "high", "Likely to be missed", "The line falls short of it by more than the least change we count."
    UNSURE = "unsure", "Too close to say", "The line comes within the least change that we count of it."
    LOW = "low", "Likely to be met", "The line passes it by more than the least change we count."
    UNKNOWN = "unknown", "Cannot be said", "There are too few figures to draw a line through."


RISK_RULE = (
    f"{progress.PROJECTION_RULE} The risk says where the line stands to a milestone on its day. "
    "It knows nothing of what is planned or done about it."
)


@dataclass(frozen=True)
class Ahead:
    """A milestone or target to come, with its risk and where the line would be; `within` months it falls due."""

    report: OutcomeReport
    goal: Goal
    risk: Risk
    expected: Decimal | None
    within: int

    @property
    def why(self) -> str:
        """If nothing changes, a straight line leads to about 11.2% by then."""
        report = self.report
        if self.expected is not None:
            leads_to = words.amount(self.expected, report.measure)
            return f"If nothing changes, a straight line leads to about {leads_to} by then."
        if report.latest is None:
            return "No value is published yet."
        have = words.count(len(report.since_baseline), "value")
        return f"{have} since the start; {progress.PROJECTION_POINTS} are needed to draw a line."


def ahead(reports: Iterable[OutcomeReport]) -> list[Ahead]:
    """What falls due in the next two years by the reports' own day, soonest first."""
    found = [_ahead(report, goal) for report in reports for goal in report.goals if _within(goal, report.today)]
    return sorted(found, key=lambda each: (each.goal.due_on, each.report.outcome.position))


def by_horizon(found: Sequence[Ahead]) -> list[tuple[int, list[Ahead]]]:
    """Each under the shortest time in which it falls due; a time in which nothing does is there too, and empty."""
    return [(months, [each for each in found if each.within == months]) for months in HORIZONS]


def _within(goal: Goal, today: date) -> int | None:
    """The shortest horizon; None for what is past or further away."""
    if goal.due_on < today:
        return None
    return next((months for months in HORIZONS if goal.due_on <= add_months(today, months)), None)


def _ahead(report: OutcomeReport, goal: Goal) -> Ahead:
    line = report.line_to(goal.milestone)
    within = _within(goal, report.today)
    if line is None:
        return Ahead(report, goal, Risk.UNKNOWN, None, within)
    expected = Decimal(str(line.value_at_target_date))
    return Ahead(report, goal, risk(report, goal, expected), expected, within)


def risk(report: OutcomeReport, goal: Goal, expected: Decimal) -> Risk:
    beyond = (expected - goal.value) * (1 if report.rises else -1)
    if abs(beyond) <= report.tolerance:
        # Exactly there, with nothing that would be too small to count, is there.
        return Risk.LOW if beyond >= 0 and report.tolerance == 0 else Risk.UNSURE
    return Risk.LOW if beyond > 0 else Risk.HIGH


def what(each: Ahead) -> str:
    """Milestone: 10% or less by the end of 2027."""
    return sentences.goal(each.report, each.goal)
