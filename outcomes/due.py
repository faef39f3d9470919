"""What officers have to do: which value each measure waits for, and since when.

When a value is due and whether it is late is the report's to say (`next_due`, `freshness`): here it is put in order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from outcomes import formatting as words
from outcomes import sentences
from outcomes.periods import A_DAY, Period, add_months
from outcomes.progress import Freshness, Worded
from outcomes.report import RELEASE_EVERY_MONTHS, OutcomeReport


class DueState(Worded):
    """What a measure waits for; members are in the order of the list, most pressing first."""

    OVERDUE = "overdue", "Overdue", Freshness.LATE.rule
    DUE = "due", "Due now", Freshness.DUE.rule
    EXPECTED = "expected", "Not out yet", Freshness.UP_TO_DATE.rule
    NO_RHYTHM = "no_rhythm", "No regular release", Freshness.NO_RHYTHM.rule
    NO_VALUE = "no_value", "No value yet", Freshness.NO_VALUE.rule
    PAUSED = "paused", "Source paused", Freshness.PAUSED.rule
    ENDED = "ended", "Source ended", Freshness.ENDED.rule


STATES = {
    Freshness.LATE: DueState.OVERDUE,
    Freshness.DUE: DueState.DUE,
    Freshness.UP_TO_DATE: DueState.EXPECTED,
    Freshness.NO_RHYTHM: DueState.NO_RHYTHM,
    Freshness.NO_VALUE: DueState.NO_VALUE,
    Freshness.PAUSED: DueState.PAUSED,
    Freshness.ENDED: DueState.ENDED,
}
PRESSING = (DueState.OVERDUE, DueState.DUE)
DATED = (*PRESSING, DueState.EXPECTED)
RUNNING = (*DATED, DueState.NO_RHYTHM)


@dataclass(frozen=True)
class Due:
    report: OutcomeReport
    state: DueState
    period: Period | None  # that comes next, where the source runs and has a rhythm
    expected_on: date | None

    @property
    def is_pressing(self) -> bool:
        """Whether a value should be out that is not held here."""
        return self.state in PRESSING

    @property
    def behind(self) -> int:
        """How many releases should be out by now that are not held here."""
        if not self.is_pressing:
            return 0
        every, releases = RELEASE_EVERY_MONTHS[self.report.measure.frequency], 1
        while add_months(self.expected_on, every * releases) < self.report.today:
            releases += 1
        return releases

    @property
    def sentence(self) -> str:
        """April 2026 was expected by about October 2026 (our estimate)."""
        if self.state not in DATED:
            return sentences.freshness(self.report)
        is_or_was = "was" if self.is_pressing else "is"
        said = f"{_name(self.period)} {is_or_was} expected by about {words.month(self.expected_on)} (our estimate)."
        return f"{said} {self.behind} releases should be out by now." if self.behind > 1 else said


def _name(period: Period) -> str:
    """A day still to come is not known better than by its month."""
    return words.month(period.start) if period.months is None else words.period_name(period)


def next_period(latest: Period, frequency: str) -> Period | None:
    """The period that follows in the measure's rhythm; None where it has none.

    After the last day of a month comes the last of another: 30 June, 30 September, 31 December.
    """
    every = RELEASE_EVERY_MONTHS[frequency]
    if every is None:
        return None
    if latest.duration == "P1D" and (latest.start + A_DAY).day == 1:
        return Period(add_months(latest.start + A_DAY, every) - A_DAY, "P1D")
    return Period(add_months(latest.start, every), latest.duration)


def work(reports: Iterable[OutcomeReport]) -> list[Due]:
    """What is overdue and due, longest ago first, then what is still to come by date, then the rest by code."""
    ranks = {state: min(rank, len(DATED)) for rank, state in enumerate(DueState)}
    found = (_due(report) for report in reports)
    return sorted(found, key=lambda due: (ranks[due.state], due.expected_on or date.max, due.report.code))


def _due(report: OutcomeReport) -> Due:
    state = STATES[report.freshness]
    return Due(
        report,
        state,
        period=next_period(report.latest.period, report.measure.frequency) if state in RUNNING else None,
        expected_on=report.next_due if state in DATED else None,
    )
