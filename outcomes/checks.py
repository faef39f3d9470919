"""What is doubtful about a proposed value, judged by the series as published.

A warning asks the officer for a reason; the value may well be right. Faults that no reason mends are found by
importing.py, but for the two that depend on what is published and are told to whoever fills in a form (`errors`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from math import log10
from typing import NamedTuple

from luton2040.editions import Edition
from luton2040.problems import Problem
from outcomes import formatting as words
from outcomes.importing import Row
from outcomes.models import MeasureVersion
from outcomes.neighbours import Proposed, Series, count_decimals, exact
from outcomes.periods import Period
from outcomes.preview import value_of
from outcomes.report import OutcomeReport, summaries
from outcomes.series import Value, observed

TOO_MANY_TIMES = 8  # larger or smaller than the value beside it
TOO_WIDE = 3  # times as far apart as the widest limits so far
# What a value that is out by a power of ten looks like: (power, whether too large, the unit's sign or None for any).
LOOKS_LIKE = {
    (2, False, "%"): "a share typed as a fraction",
    (2, True, "£"): "pence, where the series is in pounds",
    (2, False, "p"): "pounds, where the series is in pence",
    (3, False, None): "thousands, where the series is in ones",
    (3, True, None): "ones, where the series is in thousands",
    (6, False, None): "millions, where the series is in ones",
    (6, True, None): "ones, where the series is in millions",
}
UNITS_OF_TIME = {"Y": "year", "M": "month", "D": "day"}


class Warning(NamedTuple):
    column: str
    what: str


@dataclass(frozen=True)
class Record:
    """What is published of the measures that rows are about."""

    reports: Mapping[str, OutcomeReport]  # by measure
    series: Mapping[tuple[str, str], list[Value]]  # by measure and area


def read_record(rows: Iterable[Row], edition: Edition, today: date) -> Record:
    """In a fixed number of queries. Nothing else here asks the database."""
    measures = {row.measure_id for row in rows}
    outcomes = MeasureVersion.objects.at(edition).filter(measure__in=measures).values_list("outcome", flat=True)
    reports = summaries(edition, today, codes=list(outcomes))
    return Record({r.measure.measure_id: r for r in reports}, observed(edition, measures=measures))


def errors(row: Row, *, report: OutcomeReport, series: Sequence[Value], today: date) -> list[Problem]:
    """Why a row cannot be a new value at all."""
    now, place, found = value_of(row), f"row {row.row}", []
    name = words.period_name(now.period)
    published = next((value for value in series if value.period == now.period), None)
    if published is not None:
        value = exact(published.value, report.measure)
        what = f"A value for {name} is published already: {value}."
        found.append(Problem("", place, "period_start", what, "Correct that value instead, or check the period."))
    if now.end > today:
        what = f"The period {name} is not over: its last day is {words.day(now.end)}."
        found.append(Problem("", place, "period_start", what, "Check the period."))
    return found


def warnings(row: Row, *, report: OutcomeReport, series: Sequence[Value]) -> list[Warning]:
    """What is doubtful about one row; `series` is what is published of its area."""
    return _warned(report, series, [row])[row.row]


def warnings_by_row(rows: Iterable[Row], record: Record) -> dict[int, list[Warning]]:
    """What is doubtful about each row that anything is; rows of one series are neighbours to each other too."""
    by_series = defaultdict(list)
    for row in rows:
        by_series[row.measure_id, row.area_id].append(row)
    found = {}
    for (measure, area), of_series in by_series.items():
        found |= _warned(record.reports[measure], record.series.get((measure, area), []), of_series)
    return {row: found[row] for row in sorted(found) if found[row]}


def _warned(report: OutcomeReport, published: Sequence[Value], rows: Collection[Row]) -> dict[int, list[Warning]]:
    """For the rows of one series, by their numbers."""
    values = {row.row: value_of(row) for row in rows}
    series = Series(report, next(iter(rows)).area_id, published, values.values())
    return {number: _doubts(series.proposed(value)) for number, value in values.items()}


def _doubts(row: Proposed) -> list[Warning]:
    if row.now == row.old:
        return []
    return [warning for rule in RULES for warning in rule(row)]


# --- what may be doubtful; of one value each ---


def _period(row: Proposed) -> Iterator[Warning]:
    """Of a period that the record does not have: the first doubt that fits."""
    if row.old is None and row.nearest is not None:
        doubts = (_other_length, _out_of_step, _overlap, _missing, _older)
        yield from islice(filter(None, (doubt(row) for doubt in doubts)), 1)


def _other_length(row: Proposed) -> Warning | None:
    lengths = row.series.lengths
    if row.now.period.duration in lengths:
        return None
    usual = words.listed([_length(period) for period in lengths.values()])
    what = f"This period lasts {_length(row.now.period)}. The others of the series last {usual}."
    return Warning("period_duration", what)


def _length(period: Period) -> str:
    return words.count(period.count, UNITS_OF_TIME[period.unit])


def _out_of_step(row: Proposed) -> Warning | None:
    """Days that a source counts on, such as one in April, fall on another each year: there the month is enough."""
    if row.every is None:
        return None
    now, other = row.now.period, row.nearest.period
    if _months(other, now) % row.every == 0 and (now.unit == "D" or now.start.day == other.start.day):
        return None
    what = f"This period starts on {words.day(now.start)}. The nearest in the series starts on {words.day(other.start)}"
    return Warning("period_start", f"{what}, so this one does not follow on from it.")


def _months(first: Period, second: Period) -> int:
    """From the month in which one starts to that in which the other does."""
    return (second.start.year - first.start.year) * 12 + second.start.month - first.start.month


def _overlap(row: Proposed) -> Warning | None:
    now = row.now
    if row.every is not None and (now.period.months or 0) > row.every:
        return None  # periods of three years that come out every year overlap
    around = (value for value in (row.previous, row.following) if value is not None)
    other = next((o for o in around if o.period.start <= now.end and now.period.start <= o.end), None)
    if other is None:
        return None
    what = f"This period overlaps {words.period_name(other.period)}, which has a value of its own."
    return Warning("period_start", what)


def _missing(row: Proposed) -> Warning | None:
    if row.every is None or not row.is_newest:
        return None
    missing = _months(row.previous.period, row.now.period) // row.every - 1
    if missing < 1:
        return None
    are = words.count(missing, "period is:periods are")
    return Warning("period_start", f"{are} missing between {words.period_short(row.previous.period)} and this one.")


def _older(row: Proposed) -> Warning | None:
    if row.is_newest:
        return None
    newest = words.period_name(row.series.published[-1].period)
    what = f"This period is older than the newest value, that for {newest}, and has had no value until now."
    return Warning("period_start", what)


def _value(row: Proposed) -> Iterator[Warning]:
    """A value in the wrong unit is also a jump: told once."""
    found = _magnitude(row) or _jump(row)
    if found:
        yield Warning("value", found)


def _magnitude(row: Proposed) -> str | None:
    other = row.nearest or row.previous
    if other is None or not (row.now.value and other.value):
        return None
    now, then = abs(row.now.value), abs(other.value)
    times, too_large, sizes = max(now, then) / min(now, then), now > then, row.run.sizes
    has_been_seen = sizes is not None and sizes[0] <= now <= sizes[1]
    if times < TOO_MANY_TIMES or has_been_seen or row.is_small(row.now.value - other.value):
        return None
    times_as = f"{_times(times)} times {'larger' if too_large else 'smaller'}"
    said = f"{row.exact(row.now)} is {times_as} than {_which(row, other)}, {row.placed(other)}."
    return f"{said} {_likely(row, times, too_large)}"


def _which(row: Proposed, other: Value) -> str:
    if other is row.old:
        return "the published value"
    if other.period.start > row.now.period.start:
        return "the value after it"
    return "the last value" if row.is_newest and row.series.published else "the value before it"


def _times(times: Decimal) -> str:
    return words.plain(times, 0 if times >= 10 else 1)


def _likely(row: Proposed, times: Decimal, too_large: bool) -> str:
    power = round(log10(times))
    if power == 1:
        return "Is the decimal point in the right place?"
    looks = LOOKS_LIKE.get((power, too_large, row.measure.unit_symbol)) or LOOKS_LIKE.get((power, too_large, None))
    if looks is None:
        return "Is it in the right unit?"
    meant = row.now.value.scaleb(-power if too_large else power)
    return f"It looks like {looks}: should it be {exact(meant, row.measure)}?"


def _jump(row: Proposed) -> str | None:
    if row.before is None:
        return None
    change = row.now.value - row.before.value
    if row.is_usual(row.before.value):
        return None
    said = (
        f"{row.exact(row.now)} is {row.size(change)} {'more' if change > 0 else 'less'} than {row.placed(row.before)}."
    )
    return f"{said} {_never_more(row)}"


def _never_more(row: Proposed) -> str:
    if row.run.largest_change is None:
        return "The series is too short to tell whether that is usual."
    return f"From one value to the next the series has never changed by more than {row.size(row.run.largest_change)}."


def _revision(row: Proposed) -> Iterator[Warning]:
    if not row.revises:
        return
    if what := _turned(row):
        yield Warning("value", what)
    change = row.now.value - row.old.value
    if not row.is_usual(row.old.value):
        moved = f"It moves the published value, {row.exact(row.old)}, by {row.size(change)}."
        yield Warning("value", f"{moved} {_never_more(row)}")


def _turned(row: Proposed) -> str | None:
    """A rise that becomes a fall, or the other way about."""
    if row.before is None or row.old_before is None:
        return None
    was, now = row.old.value - row.old_before.value, row.now.value - row.before.value
    if was * now >= 0 or row.is_small(was) and row.is_small(now):
        return None
    said = f"{row.exact(row.old)} was a {_way(was)} from {row.placed(row.old_before)}."
    return f"{said} Revised to {row.exact(row.now)}, it becomes a {_way(now)} from {row.exact(row.before)}."


def _way(change: Decimal) -> str:
    return "rise" if change > 0 else "fall"


def _status(row: Proposed) -> Iterator[Warning]:
    """Only the baseline, the latest value and breaks decide the status."""
    if not row.series.is_home or row.old is None:
        return
    report = row.series.report
    decides = row.old in (report.latest, report.baseline) or row.old.starts_series != row.now.starts_series
    was, becomes = row.series.statuses
    if decides and was is not becomes:
        yield Warning("value", f"This revision changes the status from “{was.label}” to “{becomes.label}”.")


def _decimals(row: Proposed) -> Iterator[Warning]:
    if not row.series.published:
        return
    given, most = count_decimals(row.now.value), max(row.series.decimals, row.measure.decimals)
    if given > most:
        what = f"{row.exact(row.now)} has {words.count(given, 'decimal')}. No value of the series has more than {most}."
        yield Warning("value", what)


def _limits(row: Proposed) -> Iterator[Warning]:
    now, widest = row.now, row.series.widest
    if row.nearest is None:
        return
    if now.has_limits and widest is None:
        yield Warning("lower", "This value has 95% limits. No other of the series has them.")
    elif row.nearest.has_limits and not now.has_limits:
        name = words.period_name(row.nearest.period)
        yield Warning("lower", f"The 95% limits are missing. The published value for {name} has them.")
    elif now.has_limits and now.upper - now.lower > TOO_WIDE * widest:
        apart = row.size(now.upper - now.lower)
        yield Warning("lower", f"The 95% limits are {apart} apart. Those of the series are at most {row.size(widest)}.")


def _markers(row: Proposed) -> Iterator[Warning]:
    marked = "[r]" in row.now.markers
    if row.revises and not marked:
        yield Warning("markers", "This replaces a published value, and is not marked [r] for revised.")
    elif row.old is None and marked:
        yield Warning("markers", "This is marked [r] for revised, and no value for its period is published.")


def _source(row: Proposed) -> Iterator[Warning]:
    """Where each value has come from a source of its own, one more is no surprise."""
    own, given = _source_of(row.measure), _source_of(row.now)
    if given == own or row.nearest is not None and _source_of(row.nearest) != own:
        return
    if given[0] != own[0]:
        yield Warning("source_name", f"The source is not the measure’s own, which is {own[0]}.")
    else:
        usual = own[1] or "none"
        yield Warning("source_url", f"The address is not that of the measure’s own source, which is {usual}.")


def _source_of(stated: Value | MeasureVersion) -> tuple[str, str]:
    return stated.source_name, stated.source_url


def _release(row: Proposed) -> Iterator[Warning]:
    other = row.old or row.before
    if other is not None and row.now.retrieved_on < other.retrieved_on:
        name, day = words.period_name(other.period), words.day(other.retrieved_on)
        which = "the one that it replaces" if other is row.old else f"the value before it, that for {name}"
        what = f"The release, of {words.day(row.now.retrieved_on)}, is earlier than that of {which}: {day}."
        yield Warning("retrieved_on", what)


RULES = (_period, _value, _revision, _status, _decimals, _limits, _markers, _source, _release)
