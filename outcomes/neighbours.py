"""A proposed value among its neighbours: what it would replace, what stands before it, and how the series behaves."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from outcomes import formatting as words
from outcomes.models import MeasureVersion
from outcomes.periods import Period
from outcomes.preview import merged
from outcomes.progress import Status
from outcomes.publishing import FIGURES
from outcomes.report import RELEASE_EVERY_MONTHS, OutcomeReport
from outcomes.series import Value

FEWEST_TO_KNOW_CHANGES = 3
MUCH = Decimal("0.5")  # of the value before: what is asked about while too few values tell how much is usual


@dataclass
class Run:
    """What is published between two breaks; values on both sides of a break are not compared."""

    held: list[Value] = field(default_factory=list)

    @cached_property
    def largest_change(self) -> Decimal | None:
        """From one value to the next; None where there are too few to know."""
        if len(self.held) < FEWEST_TO_KNOW_CHANGES:
            return None
        return max(abs(later.value - earlier.value) for earlier, later in pairwise(self.held))

    @cached_property
    def sizes(self) -> tuple[Decimal, Decimal] | None:
        """The smallest and the largest value, without their signs and without zero."""
        found = [abs(value.value) for value in self.held if value.value]
        return (min(found), max(found)) if found else None


class Series:
    """A series of one area as published, and as it would be with the proposed values in it."""

    def __init__(self, report: OutcomeReport, area: str, published: Sequence[Value], proposed: Collection[Value]):
        self.report, self.published = report, published
        self.is_home = area == report.vision.home_area
        self.held = {value.period: value for value in published}
        self.replacing = [value for value in proposed if value.period in self.held]
        self.would_be = merged(published, proposed)
        self.places = {value.period: place for place, value in enumerate(self.would_be)}
        self.starts = [value.period.start for value in published]
        self.runs = self._runs()

    def _runs(self) -> list[Run]:
        """For each value that would be, the run that it would stand in."""
        runs: list[Run] = []
        for value in self.would_be:
            runs.append(Run() if value.starts_series or not runs else runs[-1])
            if value.period in self.held:
                runs[-1].held.append(self.held[value.period])
        return runs

    def proposed(self, value: Value) -> "Proposed":
        place, old = self.places[value.period], self.held.get(value.period)
        first = bisect_left(self.starts, value.period.start)
        earlier = self.published[first - 1] if first else None
        return Proposed(
            series=self,
            now=value,
            old=old,
            old_before=None if old is None or old.starts_series else earlier,
            previous=self.would_be[place - 1] if place else None,
            following=self.would_be[place + 1] if place + 1 < len(self.would_be) else None,
            nearest=old or earlier or next(iter(self.published), None),
            run=self.runs[place],
        )

    @cached_property
    def lengths(self) -> dict[str, Period]:
        """A period of each length that there is."""
        return {value.period.duration: value.period for value in self.published}

    @cached_property
    def decimals(self) -> int:
        return max(count_decimals(value.value) for value in self.published)

    @cached_property
    def widest(self) -> Decimal | None:
        """The furthest that 95% limits are apart; None where no value has them."""
        return max((value.upper - value.lower for value in self.published if value.has_limits), default=None)

    @cached_property
    def statuses(self) -> tuple[Status, Status]:
        """As published, and once the values that replace others do so."""
        revised = replace(self.report, series=merged(self.published, self.replacing))
        return self.report.status, revised.status


@dataclass(frozen=True)
class Proposed:
    """A proposed value in its series."""

    series: Series
    now: Value
    old: Value | None  # what it would replace
    old_before: Value | None  # what is published before that, with no break between
    previous: Value | None  # what would stand before it, whether or not there is a break
    following: Value | None  # what would stand after it
    nearest: Value | None  # what is published for the same period, or before it, or else after it
    run: Run

    @property
    def before(self) -> Value | None:
        """What would stand before it, with no break between."""
        return None if self.now.starts_series else self.previous

    @property
    def measure(self) -> MeasureVersion:
        return self.series.report.measure

    @property
    def every(self) -> int | None:
        """The months from one period of the series to the next."""
        return RELEASE_EVERY_MONTHS[self.measure.frequency]

    @property
    def is_newest(self) -> bool:
        """Newer than all that is published."""
        return not self.series.starts or self.now.period.start > self.series.starts[-1]

    @property
    def revises(self) -> bool:
        return self.old is not None and any(getattr(self.now, f) != getattr(self.old, f) for f in FIGURES)

    def is_small(self, change: Decimal) -> bool:
        """Too little to count as a change."""
        return abs(change) <= self.series.report.tolerance

    def is_usual(self, start: Decimal) -> bool:
        """Whether the change from there is not larger than the series has been seen to change, or than much of it."""
        change, largest = self.now.value - start, self.run.largest_change
        if largest is None:
            return not start or self.is_small(change) or abs(change) <= abs(start) * MUCH
        return self.is_small(change) or abs(change) <= largest

    def exact(self, value: Value) -> str:
        return exact(value.value, self.measure)

    def placed(self, value: Value) -> str:
        """50.0% in 2023"""
        return f"{self.exact(value)} {words.in_period(value.period)}"

    def size(self, difference: Decimal) -> str:
        return words.difference_with_unit(_digits(abs(difference), self.measure), self.measure)


def count_decimals(number: Decimal) -> int:
    return max(0, -number.normalize().as_tuple().exponent)


def _digits(number: Decimal, measure: MeasureVersion) -> str:
    """With every decimal that it has, and at least as many as the measure shows."""
    return words.plain(number, max(measure.decimals, count_decimals(number)))


def exact(number: Decimal, measure: MeasureVersion) -> str:
    return words.with_unit(_digits(number, measure), measure)
