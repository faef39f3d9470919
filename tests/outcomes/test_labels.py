"""Periods as people write them: what the site prints is read back, and what could mean two periods is refused."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from luton2040.problems import Refused
from outcomes import formatting as words
from outcomes.labels import IN_FULL, period
from outcomes.periods import Period, add_months


def of(text):
    """2024-04-01 P1Y"""
    start, duration = text.split()
    return Period(date.fromisoformat(start), duration)


SERIES = {
    "none": [],
    "calendar": [of("2022-01-01 P1Y"), of("2023-01-01 P1Y")],
    "calendar in months": [of("2023-01-01 P12M")],
    "financial": [of("2022-04-01 P1Y"), of("2023-04-01 P1Y")],
    "academic": [of("2023-09-01 P1Y")],
    "from the 16th": [of("2023-11-16 P1Y")],
    "three years": [of("2021-01-01 P3Y")],
    "two years": [of("2022-01-01 P2Y")],
    "three financial years": [of("2020-04-01 P3Y")],
    "quarters": [of("2025-10-01 P3M")],
    "winter": [of("2024-12-01 P3M"), of("2025-12-01 P3M")],
    "months": [of("2025-12-01 P1M"), of("2026-01-01 P1M")],
    "one day": [of("2024-03-31 P1D"), of("2025-03-31 P1D")],
    "some day": [of("2024-04-17 P1D"), of("2025-04-30 P1D")],
    "leap day": [of("2024-02-29 P1D")],
    "two in a year": [of("2025-01-01 P1D"), of("2025-04-01 P1D")],
}


@pytest.mark.parametrize(
    "text, series, meant",
    [
        # nothing held: only what can mean one thing
        pytest.param("2024", "none", "2024-01-01 P1Y", id="year"),
        pytest.param("2022 to 2024", "none", "2022-01-01 P3Y", id="three years"),
        pytest.param("2022-24", "none", "2022-01-01 P3Y", id="three years for short"),
        pytest.param("2022 – 2024", "none", "2022-01-01 P3Y", id="three years with a dash"),
        pytest.param("2022/2024", "none", "2022-01-01 P3Y", id="three years with a stroke"),
        pytest.param("2023 to 2024", "none", "2023-01-01 P2Y", id="two years, with to"),
        pytest.param("April 2024 to March 2025", "none", "2024-04-01 P1Y", id="months in full"),
        pytest.param("Apr 2024 - Mar 2025", "none", "2024-04-01 P1Y", id="months for short"),
        pytest.param("Sept 2024 to Aug 2025", "none", "2024-09-01 P1Y", id="Sept"),
        pytest.param("Jan-Mar 2026", "none", "2026-01-01 P3M", id="months of one year"),
        pytest.param("Dec 2025 to Feb 2026", "none", "2025-12-01 P3M", id="across the new year"),
        pytest.param("April 2022 to March 2025", "none", "2022-04-01 P3Y", id="three financial years"),
        pytest.param("January 2026", "none", "2026-01-01 P1M", id="month"),
        pytest.param("JAN 2026", "none", "2026-01-01 P1M", id="month for short"),
        pytest.param("2026 Jan", "none", "2026-01-01 P1M", id="month behind its year"),
        pytest.param("Jan-26", "none", "2026-01-01 P1M", id="month as a spreadsheet shows it"),
        pytest.param("2024 Q3", "none", "2024-07-01 P3M", id="quarter"),
        pytest.param("Q3 2024", "none", "2024-07-01 P3M", id="quarter before its year"),
        pytest.param("2024Q4", "none", "2024-10-01 P3M", id="quarter without a space"),
        pytest.param("Year ending March 2025", "none", "2024-04-01 P1Y", id="year ending"),
        pytest.param("12 months to 31 March 2025", "none", "2024-04-01 P1Y", id="twelve months to a day"),
        pytest.param("Year ending 15 November 2024", "none", "2023-11-16 P1Y", id="year ending in mid-month"),
        pytest.param("30 April 2025", "none", "2025-04-30 P1D", id="day in words"),
        pytest.param("30/04/2025", "none", "2025-04-30 P1D", id="day first"),
        pytest.param("2025-04-30", "none", "2025-04-30 P1D", id="ISO day"),
        pytest.param("45777", "none", "2025-04-30 P1D", id="serial"),
        pytest.param("16 November 2023 to 15 November 2024", "none", "2023-11-16 P1Y", id="from day to day"),
        pytest.param("01/04/2024 to 31/03/2025", "none", "2024-04-01 P1Y", id="from day to day in digits"),
        pytest.param("1 May 2025 to 7 May 2025", "none", "2025-05-01 P7D", id="a week"),
        pytest.param("2024-04-01 P1Y", "none", "2024-04-01 P1Y", id="start and length"),
        pytest.param("2024-04-01/P3M", "none", "2024-04-01 P3M", id="start and length, ISO"),
        # the series says which
        pytest.param("2024", "calendar", "2024-01-01 P1Y", id="calendar year"),
        pytest.param("2024", "calendar in months", "2024-01-01 P12M", id="calendar year in months"),
        pytest.param("2024/25", "financial", "2024-04-01 P1Y", id="financial year"),
        pytest.param("2024-25", "financial", "2024-04-01 P1Y", id="financial year with a hyphen"),
        pytest.param("2024/2025", "financial", "2024-04-01 P1Y", id="financial year in full"),
        pytest.param("1999/00", "financial", "1999-04-01 P1Y", id="across the century"),
        pytest.param("2024/25", "academic", "2024-09-01 P1Y", id="school year"),
        pytest.param("2024/25", "from the 16th", "2024-11-16 P1Y", id="year from mid-month"),
        pytest.param("2022-24", "three years", "2022-01-01 P3Y", id="three years of such"),
        pytest.param("2023-24", "two years", "2023-01-01 P2Y", id="two years of such"),
        pytest.param(
            "Apr 2021 to Mar 2024", "three financial years", "2021-04-01 P3Y", id="three financial years again"
        ),
        pytest.param("Q1 2026", "quarters", "2026-01-01 P3M", id="quarter of quarters"),
        pytest.param("Dec 2026 to Feb 2027", "winter", "2026-12-01 P3M", id="winter"),
        pytest.param("Feb 2026", "months", "2026-02-01 P1M", id="month of months"),
        pytest.param("2026", "one day", "2026-03-31 P1D", id="year of a day that is the same each year"),
        pytest.param("March 2026", "one day", "2026-03-31 P1D", id="month of a day that is the same each year"),
        pytest.param("2024", "some day", "2024-04-17 P1D", id="year of a day that is held"),
        pytest.param("Apr 2025", "some day", "2025-04-30 P1D", id="month of a day that is held"),
        pytest.param("22 April 2026", "some day", "2026-04-22 P1D", id="day of days"),
        pytest.param("April 2024 to March 2025", "one day", "2024-04-01 P1Y", id="a year in a series of days"),
    ],
)
def test_period(text, series, meant):
    assert period(text, SERIES[series]) == of(meant)


@pytest.mark.parametrize(
    "frequency, text, meant",
    [
        pytest.param("annual", "2024", "2024-01-01 P1Y", id="year"),
        pytest.param("occasional", "2024", "2024-01-01 P1Y", id="year, now and then"),
        pytest.param("financial-year", "2024/25", "2024-04-01 P1Y", id="financial year"),
    ],
)
def test_period_of_a_series_that_holds_nothing_yet(frequency, text, meant):
    assert period(text, frequency=frequency) == of(meant)


UNREADABLE = "is not a period that can be read."
WHICH_MONTH = "does not say in which month the year begins."
MORE_THAN_ONE = "could be more than one period of this series."
LONGER = "is one day, and the periods of this series are longer."
WHICH_DAY = "does not say which day."


@pytest.mark.parametrize(
    "text, series, why",
    [
        pytest.param("2024/25", "none", WHICH_MONTH, id="straddling year without a series"),
        pytest.param("2024/25", "calendar", WHICH_MONTH, id="straddling year of calendar years"),
        pytest.param("2024/25", "months", WHICH_MONTH, id="straddling year of months"),
        pytest.param("2024/25", "three years", WHICH_MONTH, id="straddling year of three years"),
        pytest.param("2024-25", "one day", WHICH_MONTH, id="straddling year of days"),
        pytest.param("2024", "financial", MORE_THAN_ONE, id="year of financial years"),
        pytest.param("2024", "three years", MORE_THAN_ONE, id="year of three years"),
        pytest.param("2024", "quarters", MORE_THAN_ONE, id="year of quarters"),
        pytest.param("2024", "months", MORE_THAN_ONE, id="year of months"),
        pytest.param("2022-24", "financial", "in which months it begins and ends.", id="years of financial years"),
        pytest.param("2022 to 2024", "three financial years", "in which months it begins", id="three calendar years"),
        pytest.param("2026", "some day", WHICH_DAY, id="year of a day that varies"),
        pytest.param("Apr 2026", "some day", WHICH_DAY, id="month of a day that varies"),
        pytest.param("2025", "two in a year", WHICH_DAY, id="year with two days"),
        pytest.param("2027", "two in a year", WHICH_DAY, id="year of two days"),
        pytest.param("May 2026", "one day", WHICH_DAY, id="another month than that of the day"),
        pytest.param("2025", "leap day", UNREADABLE, id="no leap year"),
        pytest.param("31/03/2025", "financial", LONGER, id="day of financial years"),
        pytest.param("2026-01-01", "months", LONGER, id="day of months"),
        pytest.param("45777", "calendar", LONGER, id="serial of calendar years"),
        pytest.param("Nov 2024 to Nov 2025", "from the 16th", "on which day it begins.", id="months of mid-months"),
        pytest.param("Q1 2026", "winter", "whose quarters begin in other months.", id="other quarters"),
        # no period at all
        pytest.param("PW4", "none", UNREADABLE, id="code"),
        pytest.param("Q5 2024", "none", UNREADABLE, id="fifth quarter"),
        pytest.param("Q1 2024/25", "none", UNREADABLE, id="quarter of a financial year"),
        pytest.param("Smarch 2024", "none", UNREADABLE, id="no month"),
        pytest.param("Avr 2024 to Mar 2025", "none", UNREADABLE, id="month in another language"),
        pytest.param("Jan 26", "none", UNREADABLE, id="month or day"),
        pytest.param("0000", "none", UNREADABLE, id="year nought"),
        pytest.param("2024-13-01 P1Y", "none", UNREADABLE, id="13th month"),
        pytest.param("2024-04-01 P0Y", "none", UNREADABLE, id="length of nought"),
        pytest.param("2024 to 2022", "none", UNREADABLE, id="ends before it begins"),
        pytest.param("2024-03", "none", UNREADABLE, id="a month in digits, or years the wrong way round"),
        pytest.param("Mar 2025 to Apr 2024", "none", UNREADABLE, id="months the wrong way round"),
        pytest.param("Dec to Feb 2026", "none", UNREADABLE, id="December of an unsaid year"),
        pytest.param("30/04/25", "none", UNREADABLE, id="year of two digits"),
        pytest.param("04/30/2025", "none", UNREADABLE, id="month first"),
        pytest.param("December 9999", "none", UNREADABLE, id="past the calendar"),
        pytest.param("1 January 2020 to 3 January 2024", "none", UNREADABLE, id="more days than can be held"),
        pytest.param("Year ending soon", "none", UNREADABLE, id="year ending in words"),
        pytest.param("today to tomorrow", "none", UNREADABLE, id="from word to word"),
        pytest.param("٢٠٢٤", "none", UNREADABLE, id="another script"),
    ],
)
def test_period_refused(text, series, why):
    held = SERIES[series]
    with pytest.raises(Refused) as caught:
        period(text, held)
    assert caught.value.what.startswith(f"“{text}” ") and why in caught.value.what
    assert caught.value.mend == (f"Write it in full, as in {words.period_name(held[-1])}." if held else IN_FULL)


@pytest.mark.parametrize("frequency", ["financial-year", "academic-year", "rolling-3-year", "quarterly"])
def test_period_refuses_a_year_of_a_series_that_is_not_by_the_calendar_year(frequency):
    with pytest.raises(Refused, match="more than one period"):
        period("2024", frequency=frequency)


def test_period_refuses_an_empty_cell():
    with pytest.raises(Refused, match="There is no period"):
        period(" ", SERIES["calendar"])


# --- what the site prints ---

STARTS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FIRSTS = STARTS.map(lambda day: day.replace(day=1))
ANY = st.builds(Period, STARTS, st.sampled_from(["P1Y", "P3Y", "P1M", "P3M", "P1D", "P12M", "P7D", "P365D", "P20D"]))
AS_HELD = st.one_of(  # the shapes in which figures are published
    st.builds(Period, FIRSTS, st.sampled_from(["P1Y", "P3Y", "P2Y", "P1M", "P3M", "P6M"])),
    st.builds(Period, STARTS, st.sampled_from(["P1Y", "P1D"])),
)


@given(ANY)
def test_what_is_printed_for_a_period_that_is_held_means_it(one):
    assert period(words.period_name(one), [one]) == one
    assert period(words.period_short(one), [one]) == one


@given(AS_HELD, st.integers(1, 5))
def test_what_is_printed_for_the_next_periods_means_them(held, years):
    assume((held.start.month, held.start.day) != (2, 29))
    one = Period(add_months(held.start, 12 * years), held.duration)
    assert period(words.period_name(one), [held]) == one
    assert period(words.period_short(one), [held]) == one


@given(AS_HELD)
def test_a_name_in_full_needs_no_series(one):
    read = period(words.period_name(one))
    assert (read.start, read.end) == (one.start, one.end)


def test_a_label_that_is_printed_for_two_held_periods_is_refused():
    held = [of("2025-04-09 P1D"), of("2025-04-30 P1D")]
    with pytest.raises(Refused, match="does not say which day"):
        period("Apr 2025", held)
    assert period("30 April 2025", held) == held[1]


@given(st.text(max_size=24) | st.text("0123456789/- tomarpqy", max_size=16), st.sampled_from(list(SERIES)))
def test_any_label_is_read_or_refused_in_words(text, series):
    try:
        assert isinstance(period(text, SERIES[series]), Period)
    except Refused as refused:
        assert refused.what and refused.mend
