"""When a pledge was last heard of, and from which day on it is silent."""

from datetime import date

import pytest

from outcomes.periods import Period
from pledges import standing

TODAY = date(2026, 6, 1)
SHOWN = date(2025, 1, 15)


@pytest.mark.parametrize(
    "day, period",
    [
        pytest.param("2023", Period(date(2023, 1, 1), "P1Y"), id="year"),
        pytest.param("2024-02", Period(date(2024, 2, 1), "P1M"), id="month"),
        pytest.param("2023-03-22", Period(date(2023, 3, 22), "P1D"), id="day"),
    ],
)
def test_day_as_exact_as_is_known(day, period):
    assert standing.period_of(day) == period


@pytest.mark.parametrize(
    "day", ["", "23", "2023-3", "2023-13", "2023-02-30", "20230322", "2023-03-22 ", "March 2023", "9999", "２０２３"]
)
def test_what_is_no_such_day_is_refused(day):
    with pytest.raises(ValueError):
        standing.period_of(day)


@pytest.mark.parametrize(
    "said_on, made_on, heard",
    [
        pytest.param(None, "", SHOWN, id="nothing known: since the register showed it"),
        pytest.param(None, "2023-03-22", date(2023, 3, 22), id="made on a day, before the register showed it"),
        pytest.param(None, "2024-02", date(2024, 2, 29), id="made in a month: from its end"),
        pytest.param(None, "2023", date(2023, 12, 31), id="made in a year: from its end"),
        pytest.param(None, "2026", TODAY, id="made this year: not later than today"),
        pytest.param(date(2024, 5, 1), "", date(2024, 5, 1), id="update alone"),
        pytest.param(date(2024, 5, 1), "2023", date(2024, 5, 1), id="update after the making"),
        pytest.param(date(2023, 5, 1), "2023", date(2023, 12, 31), id="update within the year of making"),
        pytest.param(TODAY, "2023", TODAY, id="update of today"),
    ],
)
def test_last_day_that_a_pledge_was_heard_of(said_on, made_on, heard):
    given = {"said_on": said_on, "made_on": made_on, "first_shown_on": SHOWN, "today": TODAY}
    assert standing.heard_on(**given) == heard


@pytest.mark.parametrize(
    "heard, today, months, silent",
    [
        pytest.param(date(2026, 6, 1), date(2026, 6, 1), 0, False, id="today"),
        pytest.param(date(2026, 5, 31), date(2026, 6, 1), 0, False, id="yesterday, in another month"),
        pytest.param(date(2025, 6, 2), date(2026, 6, 1), 11, False, id="a day short of a year"),
        pytest.param(date(2025, 6, 1), date(2026, 6, 1), 12, True, id="a year to the day"),
        pytest.param(date(2025, 6, 1), date(2026, 6, 30), 12, True, id="a year and 29 days"),
        pytest.param(date(2025, 6, 1), date(2026, 7, 1), 13, True, id="thirteen months to the day"),
        pytest.param(date(2024, 2, 29), date(2025, 2, 27), 11, False, id="leap day, two days short"),
        pytest.param(date(2024, 2, 29), date(2025, 2, 28), 12, True, id="leap day, last day of February"),
        pytest.param(date(2023, 12, 31), date(2024, 12, 30), 11, False, id="year's end, a day short"),
        pytest.param(date(2023, 12, 31), date(2024, 12, 31), 12, True, id="year's end"),
        pytest.param(date(2023, 3, 31), date(2026, 6, 1), 38, True, id="years"),
    ],
)
def test_pledge_is_silent_from_a_year_on(heard, today, months, silent):
    assert standing.silent_months(heard=heard, today=today) == months
    assert standing.is_silent(heard=heard, today=today) is silent
