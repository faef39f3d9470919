"""Periods: a start and an ISO 8601 duration. Labels are worded in formatting.py."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

DURATION = re.compile(r"P([1-9][0-9]{0,2})([YMD])\Z")
A_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - A_DAY).day))


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """`duration` is PnY, PnM or PnD; anything else is a ValueError."""

    start: date
    duration: str

    def __post_init__(self):
        if not (self.duration.isascii() and DURATION.fullmatch(self.duration)):
            raise ValueError(f"{self.duration!r} is not a duration such as P1Y, P3M or P1D")

    @property
    def count(self) -> int:
        return int(self.duration[1:-1])

    @property
    def unit(self) -> str:
        return self.duration[-1]

    @property
    def months(self) -> int | None:
        """Length in months; None where the period is counted in days."""
        return {"Y": 12 * self.count, "M": self.count, "D": None}[self.unit]

    @property
    def end(self) -> date:
        """The last day: an observation counts from here on."""
        if self.months is None:
            return self.start + timedelta(days=self.count - 1)
        return add_months(self.start, self.months) - A_DAY
