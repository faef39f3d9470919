"""A period as people write it, read back: what the site itself prints for one, and what stands in sources and sheets.

Where a label could mean more than one period, the shape of the series decides: its years may begin in April. Where
that does not decide it either, the label is refused.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, NoReturn

from luton2040.problems import Refused
from outcomes import formatting as words
from outcomes.cells import MONTH_NUMBERS, day, full_year
from outcomes.periods import A_DAY, Period, add_months

IN_FULL = "Write it as 2024, 2022 to 2024, January 2026, April 2023 to March 2024 or 30 April 2025."
BY_CALENDAR_YEAR = {"", "annual", "occasional"}  # how often a series is published whose first year alone is plain


def period(text: str, held: Sequence[Period] = (), frequency: str = "") -> Period:
    """Raises Refused. `held` are the periods of the series that are published, the latest last."""
    asked = _Asked(" ".join(text.split()), tuple(held), frequency)
    label = _plain(asked.text)
    if not label:
        raise Refused("There is no period.", IN_FULL)
    if printed := _printed(asked.held).get(label):
        return printed
    meant, found = next((meant, found) for shape, meant in _SHAPES if (found := shape.fullmatch(label)))
    try:
        return meant(asked, *found.groups())
    except Refused:
        raise
    except (ValueError, KeyError, OverflowError):  # no such day, no such month, beyond the calendar
        pass
    asked.refuse("is not a period that can be read")


class _Asked(NamedTuple):
    """A label and the series that it is read for."""

    text: str
    held: tuple[Period, ...]
    frequency: str

    @property
    def latest(self) -> Period | None:
        return self.held[-1] if self.held else None

    @property
    def of_days(self) -> bool:
        return self.latest is not None and self.latest.start == self.latest.end

    @property
    def by_calendar_year(self) -> bool:
        """Whether each period is one year, from January to December."""
        if self.latest is None:
            return self.frequency in BY_CALENDAR_YEAR
        year = self.latest.start.year
        return (self.latest.start, self.latest.end) == (date(year, 1, 1), date(year, 12, 31))

    @property
    def begins_in_january(self) -> bool:
        return self.latest is None or (self.latest.start.month, self.latest.start.day) == (1, 1)

    def refuse(self, why: str) -> NoReturn:
        mend = f"Write it in full, as in {words.period_name(self.latest)}." if self.latest else IN_FULL
        raise Refused(f"“{self.text[:40]}” {why}.", mend)


def _plain(text: str) -> str:
    text = " ".join(text.split()).casefold()
    return re.sub(" ?/ ?", "/", re.sub(" ?[-\u2010-\u2015\u2212] ?", "-", text))


@lru_cache(256)
def _printed(held: tuple[Period, ...]) -> dict[str, Period]:
    """The labels that the site prints for one period of the series and for no other."""
    found: dict[str, set[Period]] = {}
    for one in held:
        for label in (words.period_name(one), words.period_short(one)):
            found.setdefault(_plain(label), set()).add(one)
    return {label: one for label, (one, *others) in found.items() if not others}


def _spanning(asked: _Asked, start: date, end: date) -> Period:
    """In the unit that the series counts in, if that fits; else in years, months or days, whichever fits first."""
    after = end + A_DAY
    months = (after.year - start.year) * 12 + after.month - start.month
    durations = [f"P{months // 12}Y", f"P{months}M", f"P{(after - start).days}D"]
    for duration in [asked.latest.duration, *durations] if asked.latest else durations:
        try:
            if Period(start, duration).end == end:
                return Period(start, duration)
        except (ValueError, OverflowError):
            continue
    raise ValueError("ends before it begins, or is longer than any that can be held")


# --- what each shape of label means; a ValueError or KeyError is a label that only looks like one of these ---


def _exact(asked: _Asked, start: str, duration: str) -> Period:
    return Period(date.fromisoformat(start), duration.upper())


def _year(asked: _Asked, year: str) -> Period:
    if asked.of_days:
        return _snapshot(asked, int(year))
    if not asked.by_calendar_year:
        asked.refuse("could be more than one period of this series")
    return _spanning(asked, date(int(year), 1, 1), date(int(year), 12, 31))


def _years(asked: _Asked, first: str, between: str, last: str) -> Period:
    start = int(first)
    end = int(last) if len(last) == 4 else start - start % 100 + int(last)
    if end == start - 99:  # 1999/00
        end += 100
    if end == start + 1 and between != " to ":
        latest = asked.latest
        if latest and latest.months == 12 and not asked.begins_in_january:
            return Period(add_months(latest.start, 12 * (start - latest.start.year)), latest.duration)
        if latest is None and asked.frequency == "financial-year":
            return Period(date(start, 4, 1), "P1Y")
        if latest is None or latest.months != 24:
            asked.refuse("does not say in which month the year begins")
    if not asked.begins_in_january:
        asked.refuse("does not say in which months it begins and ends")
    return _spanning(asked, date(start, 1, 1), date(end, 12, 31))


def _month(asked: _Asked, name: str, year: str) -> Period:
    first = date(full_year(year), MONTH_NUMBERS[name], 1)
    return _snapshot(asked, first.year, first.month) if asked.of_days else _whole_months(asked, first, first)


def _year_month(asked: _Asked, year: str, name: str) -> Period:
    return _month(asked, name, year)


def _months(asked: _Asked, name: str, year: str | None, last_name: str, last_year: str) -> Period:
    first = date(int(year or last_year), MONTH_NUMBERS[name], 1)
    return _whole_months(asked, first, date(int(last_year), MONTH_NUMBERS[last_name], 1))


def _year_quarter(asked: _Asked, year: str, number: str) -> Period:
    first = date(int(year), 3 * int(number) - 2, 1)
    if asked.latest and asked.latest.months == 3 and (asked.latest.start.month - first.month) % 3:
        asked.refuse("is not a quarter of this series, whose quarters begin in other months")
    return _whole_months(asked, first, add_months(first, 2))


def _quarter_year(asked: _Asked, number: str, year: str) -> Period:
    return _year_quarter(asked, year, number)


def _whole_months(asked: _Asked, first: date, last: date) -> Period:
    if asked.latest and asked.latest.start.day != 1 and not asked.of_days:
        asked.refuse("does not say on which day it begins")
    return _spanning(asked, first, add_months(last, 1) - A_DAY)


def _year_to_month(asked: _Asked, name: str, year: str) -> Period:
    """The year ending March 2025."""
    last = date(int(year), MONTH_NUMBERS[name], 1)
    return _whole_months(asked, add_months(last, -11), last)


def _year_to_day(asked: _Asked, end: str) -> Period:
    return _spanning(asked, add_months(_on(end) + A_DAY, -12), _on(end))


def _days(asked: _Asked, first: str, last: str) -> Period:
    return _spanning(asked, _on(first), _on(last))


def _day(asked: _Asked, text: str) -> Period:
    on = _on(text)
    if asked.latest and not asked.of_days:
        asked.refuse("is one day, and the periods of this series are longer")
    return Period(on, "P1D")


def _on(text: str) -> date:
    try:
        return day(text)
    except Refused:  # said of a day, where a period is wanted
        raise ValueError from None


def _snapshot(asked: _Asked, year: int, month: int | None = None) -> Period:
    """The one day meant by a year or month: the one that is held, or the day of the year that all those held share."""

    def is_meant(on: date) -> bool:
        return on.year == year and month in (None, on.month)

    days = [one for one in asked.held if one.start == one.end]
    meant = [one for one in days if is_meant(one.start)]
    if len(meant) == 1:
        return meant[0]
    if not meant and len({(one.start.month, one.start.day) for one in days}) == 1:
        on = days[0].start.replace(year=year)
        if is_meant(on):
            return Period(on, days[0].duration)
    asked.refuse("does not say which day")


_Y, _M = "([0-9]{4})", "([a-z]{3,9})"
_SHAPES: list[tuple[re.Pattern, Callable[..., Period]]] = [
    (re.compile(shape), meant)
    for shape, meant in (
        (r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ /]?(p[0-9]{1,3}[ymd])", _exact),
        (_Y, _year),
        (rf"{_Y}( to |-|/)([0-9]{{4}}|[0-9]{{2}})", _years),
        (rf"{_M}[ -]{_Y}", _month),
        (rf"{_M}-([0-9]{{2}})", _month),  # as a spreadsheet shows a month
        (rf"{_Y}[ -]{_M}", _year_month),
        (rf"{_Y}[ -]?q([1-4])", _year_quarter),
        (rf"q([1-4])[ -]?{_Y}", _quarter_year),
        (rf"(?:year|12 months) (?:ending|ended|to) {_M} {_Y}", _year_to_month),
        (r"(?:year|12 months) (?:ending|ended|to) (.+)", _year_to_day),
        (rf"{_M}(?: {_Y})?(?: to |-){_M} {_Y}", _months),
        (r"(.+) to (.+)", _days),
        (r"(.+)", _day),
    )
]
