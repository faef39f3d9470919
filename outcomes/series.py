"""Series of values by place, read from the record, and the middle of the places most like the home area."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from statistics import median, quantiles

from luton2040.editions import Edition
from outcomes.models import AreaVersion, Observation
from outcomes.periods import Period

FEWEST_SIMILAR_PLACES = 5  # below this a middle value would say more about who is missing than about the rest


@dataclass(frozen=True, slots=True)
class Value:
    """One observation as the public sees it."""

    period: Period
    end: date
    value: Decimal
    lower: Decimal | None
    upper: Decimal | None
    markers: str
    note: str
    source_name: str
    source_url: str
    retrieved_on: date

    @property
    def starts_series(self) -> bool:
        return "[b]" in self.markers

    @property
    def has_limits(self) -> bool:
        return self.lower is not None


@dataclass(frozen=True)
class Comparator:
    area: AreaVersion
    values: list[Value]

    @cached_property
    def by_period(self) -> dict[Period, Value]:
        return {v.period: v for v in self.values}


@dataclass(frozen=True)
class SimilarPlaces:
    """The middle of the places most like the home area, in one period: never one of them by name."""

    period: Period
    end: date
    places: int
    low: float
    middle: float
    high: float
    starts_series: bool = False


def observed(
    edition: Edition, *, measures: Iterable[str], area: str | None = None
) -> dict[tuple[str, str], list[Value]]:
    """Values by measure and area, oldest first."""
    rows = Observation.objects.at(edition).filter(measure__in=list(measures))
    if area is not None:
        rows = rows.of_area(area)
    found: dict[tuple[str, str], list[Value]] = defaultdict(list)
    # Thousands of values share a few dozen periods, whose ends take longer to work out than to look up.
    spans: dict[tuple[date, str], tuple[Period, date]] = {}
    for measure, place, start, duration, *rest in rows.oldest_first().values_list(
        "measure_id", "area_id", "period_start", "period_duration", "value", "lower", "upper", "markers",
        "note", "source_name", "source_url", "retrieved_on",
    ):  # fmt: skip
        span = spans.get((start, duration))
        if span is None:
            period = Period(start, duration)
            span = spans[start, duration] = period, period.end
        found[measure, place].append(Value(*span, *rest))
    return found


def periods(edition: Edition, *, measures: Iterable[str], area: str) -> dict[str, list[Period]]:
    """The periods that each measure holds for one area, oldest first."""
    return {
        code: [v.period for v in values]
        for (code, _), values in observed(edition, measures=measures, area=area).items()
    }


def similar_places(by_area: dict[str, list[Value]], areas: Iterable[AreaVersion]) -> list[SimilarPlaces]:
    """The middle half of the similar places in each period for which enough of them have a value."""
    by_period: dict[Period, list[Value]] = defaultdict(list)
    for area in areas:
        if area.similarity is not None:
            for value in by_area.get(area.area_id, ()):
                by_period[value.period].append(value)
    return [
        SimilarPlaces(
            period,
            period.end,
            len(values),
            *_middle_half([v.value for v in values]),
            starts_series=any(v.starts_series for v in values),
        )
        for period, values in sorted(by_period.items())
        if len(values) >= FEWEST_SIMILAR_PLACES
    ]


def _middle_half(values: Sequence[Decimal]) -> tuple[float, float, float]:
    low, _, high = quantiles(values, n=4, method="inclusive")
    return float(low), float(median(values)), float(high)
