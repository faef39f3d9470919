"""How things are worded, by examples; what must hold of all wordings, by properties."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes import formatting as words
from outcomes.periods import Period

NBSP = "\u00a0"
MINUS = "\u2212"


def measure(symbol="%", position="suffix", decimals=1):
    return SimpleNamespace(unit_symbol=symbol, unit_position=position, decimals=decimals)


PER_CENT, POUNDS, PER_HEAD, COUNT = (
    measure(),
    measure("£", "prefix", 2),
    measure("per 100,000", decimals=0),
    measure("", decimals=0),
)


def period(start, duration):
    return Period(date.fromisoformat(start), duration)


# --- numbers ---


@pytest.mark.parametrize(
    "value, decimals, result",
    [
        pytest.param("0.5", 0, "1", id="half up"),
        pytest.param("1.5", 0, "2", id="half up, not to even"),
        pytest.param("2.5", 0, "3", id="half up, not to even either"),
        pytest.param("-2.5", 0, "-3", id="half away from nought"),
        pytest.param("2.4999", 0, "2", id="below half"),
        pytest.param("1.005", 2, "1.01", id="where a float would fall short"),
        pytest.param("7", 2, "7.00", id="filled up"),
        pytest.param("999999999999.999999", 6, "999999999999.999999", id="the largest held"),
    ],
)
def test_rounded(value, decimals, result):
    assert str(words.rounded(Decimal(value), decimals)) == result


@pytest.mark.parametrize(
    "value, result",
    [
        pytest.param(Fraction(5, 2), "3", id="fraction at half"),
        pytest.param(Fraction(-1, 3), "0", id="fraction without end"),
        pytest.param(Fraction(2, 3), "1", id="fraction above half"),
        pytest.param(2.5, "3", id="float"),
        pytest.param(7, "7", id="whole"),
        pytest.param("7.4", "7", id="text"),
    ],
)
def test_rounded_of_other_kinds(value, result):
    assert words.plain(value, 0) == result


@pytest.mark.parametrize(
    "value, decimals, result",
    [
        pytest.param(None, 1, "no data", id="nothing"),
        pytest.param("0", 0, "0", id="nought"),
        pytest.param("-0.04", 1, "0.0", id="rounds to nought without a sign"),
        pytest.param("-0.05", 1, f"{MINUS}0.1", id="true minus sign"),
        pytest.param("999.95", 1, "1,000.0", id="rounds into the thousands"),
        pytest.param("1234.5", 1, "1,234.5", id="thousands"),
        pytest.param("1234567", 0, "1,234,567", id="millions"),
        pytest.param("-1234.5", 1, f"{MINUS}1,234.5", id="negative thousands"),
    ],
)
def test_plain(value, decimals, result):
    assert words.plain(value and Decimal(value), decimals) == result


@pytest.mark.parametrize(
    "value, of, result",
    [
        pytest.param("9.94", PER_CENT, "9.9%", id="per cent"),
        pytest.param("-3", PER_CENT, f"{MINUS}3.0%", id="negative per cent"),
        pytest.param("586", POUNDS, "£586.00", id="pounds"),
        pytest.param("-586.5", POUNDS, f"{MINUS}£586.50", id="minus before the pound"),
        pytest.param("4675", PER_HEAD, f"4,675{NBSP}per 100,000", id="rate"),
        pytest.param("1203", COUNT, "1,203", id="no symbol"),
        pytest.param("1", measure("parks", decimals=0), f"1{NBSP}park", id="one"),
        pytest.param("-1", measure("parks", decimals=0), f"{MINUS}1{NBSP}park", id="minus one"),
        pytest.param("2", measure("parks", decimals=0), f"2{NBSP}parks", id="two"),
        pytest.param("1", measure("years"), f"1.0{NBSP}years", id="1.0 is many"),
        pytest.param(None, POUNDS, "no data", id="nothing"),
    ],
)
def test_amount(value, of, result):
    assert words.amount(value and Decimal(value), of) == result


@pytest.mark.parametrize(
    "difference, of, result",
    [
        pytest.param("-2.34", PER_CENT, "2.3 percentage points", id="points, without sign"),
        pytest.param("1", PER_CENT, "1.0 percentage points", id="1.0 is many"),
        pytest.param("1", measure(decimals=0), "1 percentage point", id="1 is one"),
        pytest.param("-0.96", measure(decimals=0), "1 percentage point", id="rounds to one"),
        pytest.param("0", measure(decimals=0), "0 percentage points", id="nought is many"),
        pytest.param("-12.5", POUNDS, "£12.50", id="pounds"),
        pytest.param("-40", PER_HEAD, f"40{NBSP}per 100,000", id="rate"),
        pytest.param("40", COUNT, "40", id="count"),
    ],
)
def test_size(difference, of, result):
    assert words.size(Decimal(difference), of) == result


@pytest.mark.parametrize(
    "share, result",
    [
        pytest.param(None, "no data", id="nothing"),
        pytest.param(0, "0%", id="none"),
        pytest.param(Fraction(1, 3), "33%", id="third"),
        pytest.param(Fraction(1, 200), "1%", id="half a per cent rounds up"),
        pytest.param(Decimal("0.125"), "13%", id="decimal"),
        pytest.param(0.5, "50%", id="float"),
        pytest.param(1, "100%", id="all"),
        pytest.param(Fraction(-1, 4), f"{MINUS}25%", id="less than none"),
        pytest.param(12, "1,200%", id="far more than all"),
    ],
)
def test_percent(share, result):
    assert words.percent(share) == result


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(0, 6))
def test_plain_says_the_rounded_number_and_nothing_else(value, decimals):
    said = words.plain(value, decimals)
    number = Decimal(said.replace(",", "").replace(MINUS, "-"))
    assert number == value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    assert said.isascii() or said[0] == MINUS
    assert not said.startswith(f"{MINUS}0") or number != 0


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from([PER_CENT, POUNDS, PER_HEAD, COUNT]))
def test_size_of_a_difference_is_the_same_both_ways(difference, of):
    assert words.size(difference, of) == words.size(-difference, of)
    assert MINUS not in words.size(difference, of)


# --- days and periods ---


def test_day_and_month():
    assert words.day(date(2025, 4, 3)) == "3 April 2025"
    assert words.day(None) == "no data"
    assert words.month(date(2025, 12, 31)) == "December 2025"


@pytest.mark.parametrize(
    "of, name, short, within, by",
    [
        pytest.param(("2023-01-01", "P1Y"), "2023", "2023", "in 2023", "by 2023", id="calendar year"),
        pytest.param(
            ("2023-04-01", "P1Y"), "April 2023 to March 2024", "2023/24", "from April 2023 to March 2024",
            "by March 2024", id="financial year",
        ),
        pytest.param(
            ("1999-04-01", "P1Y"), "April 1999 to March 2000", "1999/00", "from April 1999 to March 2000",
            "by March 2000", id="financial year over the century",
        ),
        pytest.param(
            ("2022-01-01", "P3Y"), "2022 to 2024", "2022 to 2024", "from 2022 to 2024", "by the end of 2024",
            id="three years",
        ),
        pytest.param(
            ("2022-04-01", "P2Y"), "April 2022 to March 2024", "Apr 2022 to Mar 2024",
            "from April 2022 to March 2024", "by March 2024", id="two financial years",
        ),
        pytest.param(
            ("2026-01-01", "P1M"), "January 2026", "Jan 2026", "in January 2026", "by January 2026", id="month"
        ),
        pytest.param(
            ("2026-01-01", "P3M"), "January 2026 to March 2026", "Jan 2026 to Mar 2026",
            "from January 2026 to March 2026", "by March 2026", id="quarter",
        ),
        pytest.param(
            ("2025-12-01", "P3M"), "December 2025 to February 2026", "Dec 2025 to Feb 2026",
            "from December 2025 to February 2026", "by February 2026", id="quarter over the new year",
        ),
        pytest.param(
            ("2023-01-01", "P12M"), "January 2023 to December 2023", "Jan 2023 to Dec 2023",
            "from January 2023 to December 2023", "by December 2023", id="twelve months",
        ),
        pytest.param(
            ("2025-04-30", "P1D"), "30 April 2025", "Apr 2025", "on 30 April 2025", "by April 2025", id="day"
        ),
        pytest.param(
            ("2025-04-01", "P1D"), "1 April 2025", "Apr 2025", "on 1 April 2025", "by April 2025", id="first of a month"
        ),
        pytest.param(
            ("2026-01-01", "P10D"), "1 January 2026 to 10 January 2026", "Jan 2026",
            "from 1 January 2026 to 10 January 2026", "by January 2026", id="ten days from a first",
        ),
        pytest.param(
            ("2025-01-15", "P1M"), "15 January 2025 to 14 February 2025", "Jan 2025 to Feb 2025",
            "from 15 January 2025 to 14 February 2025", "by February 2025", id="month from the middle",
        ),
        pytest.param(
            ("2023-06-15", "P1Y"), "15 June 2023 to 14 June 2024", "2023/24", "from 15 June 2023 to 14 June 2024",
            "by June 2024", id="year from the middle of a month",
        ),
        pytest.param(
            ("2023-01-02", "P1Y"), "2 January 2023 to 1 January 2024", "2023/24",
            "from 2 January 2023 to 1 January 2024", "by January 2024", id="year from the second",
        ),
    ],
)  # fmt: skip
def test_period_wording(of, name, short, within, by):
    of = period(*of)
    assert words.period_name(of) == name
    assert words.period_short(of) == short
    assert words.in_period(of) == within
    assert words.by_period(of) == by


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from("YMD"), st.integers(1, 40))
def test_period_name_tells_periods_apart(start, unit, count):
    """Another period with the same length never has the same name."""
    of = Period(start, f"P{count}{unit}")
    later = Period(of.end + timedelta(days=366), of.duration)
    assert words.period_name(of) != words.period_name(later)
    assert str(start.year) in words.period_name(of)
    assert str(of.end.year) in words.period_name(of)


@pytest.mark.parametrize(
    "day, result",
    [
        pytest.param(date(2040, 12, 31), "by the end of 2040", id="last day of a year"),
        pytest.param(date(2040, 3, 31), "by 31 March 2040", id="another day"),
    ],
)
def test_by_day(day, result):
    assert words.by_day(day) == result


# --- the rest ---


@pytest.mark.parametrize(
    "text, result",
    [
        pytest.param("", [], id="none"),
        pytest.param("[p]", ["provisional"], id="one"),
        pytest.param("[r][p]", ["provisional", "revised"], id="always in the same order"),
        pytest.param("[p][p]", ["provisional"], id="once each"),
        pytest.param(
            "[p][r][b][e][u][c]",
            ["provisional", "revised", "break in the series", "estimated", "low reliability", "confidential"],
            id="all",
        ),
    ],
)
def test_markers(text, result):
    assert words.markers(text) == result


@pytest.mark.parametrize(
    "items, result",
    [
        ([], ""),
        (["one"], "one"),
        (["one", "two"], "one and two"),
        (["one", "two", "three"], "one, two and three"),
        (iter(["one", "two"]), "one and two"),
    ],
)
def test_listed(items, result):
    assert words.listed(items) == result


@pytest.mark.parametrize(
    "number, one, result",
    [
        (0, "outcome", "0 outcomes"),
        (1, "outcome", "1 outcome"),
        (1200, "outcome", "1,200 outcomes"),
        (1, "priority:priorities", "1 priority"),
        (5, "priority:priorities", "5 priorities"),
    ],
)
def test_count(number, one, result):
    assert words.count(number, one) == result


@pytest.mark.parametrize(
    "value, result",
    [
        pytest.param("225300.0000", "225,300", id="whole"),
        pytest.param("13.6000", "13.6", id="one decimal"),
        pytest.param("0.1250", "0.125", id="three decimals"),
        pytest.param("0.0000", "0", id="nought"),
        pytest.param("-2.50", f"{MINUS}2.5", id="negative"),
    ],
)
def test_quoted(value, result):
    assert words.quoted(Decimal(value)) == result


@pytest.mark.parametrize(
    "value, unit, result",
    [
        pytest.param("500000.0000", "pounds", "£500,000", id="pounds"),
        pytest.param("13.6000", "per cent", "13.6%", id="per cent"),
        pytest.param("45.0000", "rank of 317", "45th", id="rank"),
        pytest.param("225300.0000", "people", "225,300", id="anything else"),
    ],
)
def test_fact(value, unit, result):
    assert words.fact(SimpleNamespace(value=Decimal(value), unit=unit)) == result


@pytest.mark.parametrize(
    "number, result",
    [
        (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th"), (13, "13th"),
        (21, "21st"), (22, "22nd"), (101, "101st"), (111, "111th"), (1013, "1,013th"), (1022, "1,022nd"),
    ],
)  # fmt: skip
def test_ordinal(number, result):
    assert words.ordinal(number) == result


# --- texts that somebody typed ---


@pytest.mark.parametrize(
    "typed, result",
    [
        pytest.param("The survey was reweighted", "The survey was reweighted.", id="without a stop"),
        pytest.param("It was wrong.", "It was wrong.", id="with one"),
        pytest.param("Why?", "Why?", id="a question"),
        pytest.param("It was wrong;", "It was wrong.", id="half a stop"),
        pytest.param("  Two\n\n lines\t", "Two lines.", id="in lines"),
        pytest.param("They said \u201cwrong.\u201d", "They said \u201cwrong.\u201d", id="quoted"),
        pytest.param("It was wrong (see the note)", "It was wrong (see the note).", id="in brackets"),
        pytest.param("", "", id="nothing"),
        pytest.param(" \n", "", id="spaces"),
    ],
)
def test_closed_is_one_line_that_ends(typed, result):
    assert words.closed(typed) == result


@pytest.mark.parametrize(
    "typed, result",
    [
        pytest.param("The survey was reweighted", " because the survey was reweighted.", id="a sentence"),
        pytest.param("the survey was reweighted.", " because the survey was reweighted.", id="in small letters"),
        pytest.param("ONS reweighted it.", " because ONS reweighted it.", id="letters that stay large"),
        pytest.param("England was wrong.", " because England was wrong.", id="a name"),
        pytest.param("IT failed.", " because IT failed.", id="no pronoun"),
        pytest.param("It failed. So did we.", " because it failed. So did we.", id="two sentences"),
        pytest.param("Because it failed", " because it failed.", id="because already"),
        pytest.param("Due to rounding", " due to rounding.", id="due to"),
        pytest.param("To correct a typing error", " to correct a typing error.", id="to"),
        pytest.param("", "; no reason was recorded.", id="nothing"),
        pytest.param("  ", "; no reason was recorded.", id="spaces"),
        pytest.param("<b>Wrong</b>", " because <b>Wrong</b>.", id="markup is left to the page"),
    ],
)
def test_because(typed, result):
    assert words.because(typed) == result


@given(st.text())
def test_because_is_always_one_sentence_in_one_line(typed):
    said = words.because(typed)
    assert said[0] in " ;" and "  " not in said and "\n" not in said


# --- goals and values side by side ---


@pytest.mark.parametrize(
    "one, other, result",
    [
        pytest.param("9.8", "9.9", ("9.8%", "9.9%"), id="far apart"),
        pytest.param("9.84", "9.81", ("9.84%", "9.81%"), id="near"),
        pytest.param("9.8000004", "9.8000001", ("9.800000%", "9.800000%"), id="nearer than any value"),
        pytest.param("9.8", "9.80", ("9.8%", "9.8%"), id="the same"),
    ],
)
def test_told_apart(one, other, result):
    assert words.told_apart(Decimal(one), Decimal(other), PER_CENT) == result


@pytest.mark.parametrize(
    "value, result",
    [
        pytest.param(period("2026-01-01", "P1Y"), "in 2026", id="year"),
        pytest.param(period("2026-01-01", "P3Y"), "in 2026", id="years"),
        pytest.param(period("2026-04-01", "P1Y"), "in April 2026", id="financial year"),
        pytest.param(period("2026-01-01", "P3M"), "in January 2026", id="quarter"),
        pytest.param(period("2026-04-30", "P1D"), "on 30 April 2026", id="day"),
        pytest.param(period("2026-04-06", "P1Y"), "on 6 April 2026", id="tax year"),
        pytest.param(period("2026-04-01", "P7D"), "on 1 April 2026", id="week"),
    ],
)
def test_from_start(value, result):
    assert words.from_start(value) == result
