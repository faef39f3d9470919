"""Periods end on the day that a calendar says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.periods import Period, add_months

DAYS = st.dates(date(1, 1, 1), date(8000, 12, 31))


@pytest.mark.parametrize(
    "start, duration, end",
    [
        pytest.param("2023-01-01", "P1Y", "2023-12-31", id="calendar year"),
        pytest.param("2024-01-01", "P1Y", "2024-12-31", id="leap year"),
        pytest.param("2023-04-01", "P1Y", "2024-03-31", id="financial year"),
        pytest.param("2022-09-01", "P1Y", "2023-08-31", id="school year"),
        pytest.param("2022-01-01", "P3Y", "2024-12-31", id="three years"),
        pytest.param("2022-04-01", "P2Y", "2024-03-31", id="two financial years"),
        pytest.param("2026-01-01", "P1M", "2026-01-31", id="January"),
        pytest.param("2023-02-01", "P1M", "2023-02-28", id="February"),
        pytest.param("2024-02-01", "P1M", "2024-02-29", id="February of a leap year"),
        pytest.param("2100-02-01", "P1M", "2100-02-28", id="2100 is no leap year"),
        pytest.param("2000-02-01", "P1M", "2000-02-29", id="2000 is one"),
        pytest.param("2026-12-01", "P1M", "2026-12-31", id="December"),
        pytest.param("2026-10-01", "P3M", "2026-12-31", id="last quarter"),
        pytest.param("2026-11-01", "P3M", "2027-01-31", id="across the new year"),
        pytest.param("2023-04-01", "P12M", "2024-03-31", id="twelve months"),
        pytest.param("2026-01-15", "P1M", "2026-02-14", id="from the middle of a month"),
        pytest.param("2024-02-29", "P1Y", "2025-02-27", id="a year from a leap day"),
        pytest.param("2024-02-29", "P4Y", "2028-02-28", id="four years from a leap day"),
        pytest.param("2026-01-31", "P1M", "2026-02-27", id="a month from the 31st"),
        pytest.param("2026-12-31", "P1Y", "2027-12-30", id="a year from the last day"),
        pytest.param("2025-04-30", "P1D", "2025-04-30", id="one day"),
        pytest.param("2024-02-28", "P2D", "2024-02-29", id="two days in a leap year"),
        pytest.param("2025-12-31", "P365D", "2026-12-30", id="365 days"),
        pytest.param("2000-01-01", "P999M", "2083-03-31", id="the longest in months"),
        pytest.param("2000-01-01", "P999Y", "2998-12-31", id="the longest in years"),
    ],
)
def test_period_end(start, duration, end):
    assert Period(date.fromisoformat(start), duration).end == date.fromisoformat(end)


@pytest.mark.parametrize(
    "duration, count, unit, months",
    [("P1Y", 1, "Y", 12), ("P3Y", 3, "Y", 36), ("P3M", 3, "M", 3), ("P1D", 1, "D", None), ("P120D", 120, "D", None)],
)
def test_period_parts(duration, count, unit, months):
    period = Period(date(2024, 1, 1), duration)
    assert (period.count, period.unit, period.months) == (count, unit, months)


@pytest.mark.parametrize(
    "duration",
    [
        pytest.param("", id="nothing"),
        pytest.param("1Y", id="without P"),
        pytest.param("P", id="without a length"),
        pytest.param("PY", id="without a number"),
        pytest.param("P0D", id="no days"),
        pytest.param("P01Y", id="leading nought"),
        pytest.param("P-1Y", id="negative"),
        pytest.param("P1.5Y", id="fraction"),
        pytest.param("P1000D", id="four digits"),
        pytest.param("P1W", id="weeks"),
        pytest.param("P1Y6M", id="two units"),
        pytest.param("p1y", id="small letters"),
        pytest.param(" P1Y", id="space before"),
        pytest.param("P1Y\n", id="line end after"),
        pytest.param("P1\u0662Y", id="digits of another script"),
    ],
)
def test_period_with_a_duration_that_is_none(duration):
    with pytest.raises(ValueError, match="is not a duration such as P1Y, P3M or P1D"):
        Period(date(2024, 1, 1), duration)


@pytest.mark.parametrize("duration", ["P1D", "P1M", "P1Y"])
def test_period_past_the_calendar_has_no_end(duration):
    with pytest.raises((ValueError, OverflowError)):
        print(Period(date(9999, 12, 31), duration.replace("1D", "2D")).end)


def test_periods_are_values():
    a, b = Period(date(2024, 1, 1), "P1Y"), Period(date(2024, 1, 1), "P1Y")
    assert a == b and hash(a) == hash(b)
    assert sorted([Period(date(2025, 1, 1), "P1Y"), a])[0] is a
    with pytest.raises(AttributeError):
        a.duration = "P2Y"


def steps_to_the_end(period):
    """The naive way: walk from day to day until the anniversary (or the month's end, where it has no such day)."""
    day, months = period.start, 0
    while months < period.months:
        before, day = day, day + timedelta(days=1)
        if day.month != before.month:
            months += 1
    while day.day < period.start.day and (day + timedelta(days=1)).month == day.month:
        day += timedelta(days=1)
    return day - timedelta(days=1)


@given(DAYS, st.sampled_from("YM"), st.integers(1, 5))
def test_period_end_in_months_is_where_a_walk_ends(start, unit, count):
    period = Period(start, f"P{count}{unit}")
    assert period.end == steps_to_the_end(period)


@given(DAYS, st.integers(1, 999))
def test_period_end_in_days_is_so_many_days_on(start, count):
    period = Period(start, f"P{count}D")
    assert (period.end - period.start).days + 1 == count


@given(DAYS.map(lambda day: day.replace(day=1)), st.integers(1, 999))
def test_period_from_a_first_ends_where_the_next_begins(first, months):
    period = Period(first, f"P{months}M")
    assert period.end + timedelta(days=1) == add_months(first, months)
    assert (period.end + timedelta(days=1)).day == 1


@given(DAYS, st.integers(1, 83))
def test_period_of_a_year_is_one_of_twelve_months(start, years):
    assert Period(start, f"P{years}Y").end == Period(start, f"P{12 * years}M").end


@given(DAYS, st.integers(-11, 500))
def test_add_months_keeps_the_day_or_takes_the_last(day, months):
    if day.year == 1:
        day = day.replace(year=2, day=min(day.day, 28))
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)
