"""Numbers and days as people type them: a table of every way, and that nothing can make reading them fall over."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luton2040.problems import Refused
from outcomes import cells, formatting
from outcomes.cells import Number

NBSP, THIN, MINUS = "\u00a0", "\u202f", "\u2212"


def measure(symbol="%", unit="per cent of people", position="suffix", decimals=1):
    return SimpleNamespace(unit_symbol=symbol, unit=unit, unit_position=position, decimals=decimals)


SHARE = measure()
POUNDS = measure("£", "pounds a week", "prefix", 2)
RATE = measure("per 100,000", "deaths per 100,000 people under 75", decimals=0)
AIR = measure("µg/m³", "micrograms per cubic metre of air")
BARE = measure("", "score from 0 to 1", decimals=3)
MEASURES = {"share": SHARE, "pounds": POUNDS, "rate": RATE, "air": AIR, "bare": BARE}


@pytest.mark.parametrize(
    "text, of, digits, markers",
    [
        pytest.param("9.7", "share", "9.7", "", id="plain"),
        pytest.param("  9.70 ", "share", "9.70", "", id="spaces around"),
        pytest.param("007.50", "share", "7.50", "", id="noughts before"),
        pytest.param("0", "share", "0", "", id="nought"),
        pytest.param("000", "share", "0", "", id="noughts"),
        pytest.param("-0.5", "share", "-0.5", "", id="minus"),
        pytest.param(f"{MINUS}0.5", "share", "-0.5", "", id="true minus sign"),
        pytest.param("–0.5", "share", "-0.5", "", id="dash for a minus"),
        pytest.param("+3.4", "share", "3.4", "", id="plus"),
        pytest.param("- 3.4", "share", "-3.4", "", id="space behind the minus"),
        pytest.param(".5", "share", "0.5", "", id="without the nought"),
        pytest.param("1,234.5", "bare", "1234.5", "", id="thousands"),
        pytest.param("12,345,678", "bare", "12345678", "", id="millions"),
        pytest.param("1 234 567.8", "bare", "1234567.8", "", id="spaces between thousands"),
        pytest.param(f"1{NBSP}234", "bare", "1234", "", id="no-break space between thousands"),
        pytest.param(f"1{THIN}234", "bare", "1234", "", id="narrow space between thousands"),
        # with the unit
        pytest.param("9.7%", "share", "9.7", "", id="per cent"),
        pytest.param("9.7 %", "share", "9.7", "", id="per cent behind a space"),
        pytest.param(f"9.7{NBSP}%", "share", "9.7", "", id="per cent behind a no-break space"),
        pytest.param("9.7 per cent", "share", "9.7", "", id="per cent in words"),
        pytest.param("9.7 Percent", "share", "9.7", "", id="percent in a word"),
        pytest.param("9.7 per cent of people", "share", "9.7", "", id="unit in full"),
        pytest.param("£586", "pounds", "586", "", id="pounds"),
        pytest.param("£ 1,586.50", "pounds", "1586.50", "", id="pounds and thousands"),
        pytest.param("-£5", "pounds", "-5", "", id="minus before the pounds"),
        pytest.param(f"£{MINUS}5", "pounds", "-5", "", id="minus behind the pounds"),
        pytest.param("4,675 per 100,000", "rate", "4675", "", id="rate"),
        pytest.param("9.5 µg/m³", "air", "9.5", "", id="micro sign"),
        pytest.param("9.5 \u03bcg/m³", "air", "9.5", "", id="Greek mu"),
        # with shorthand
        pytest.param("9.7 [p]", "share", "9.7", "[p]", id="provisional"),
        pytest.param("[p] 9.7%", "share", "9.7", "[p]", id="shorthand before"),
        pytest.param("£586 [p][r]", "pounds", "586", "[p][r]", id="two"),
        pytest.param("9.7[ P ] [r] [p]", "share", "9.7", "[p][r]", id="written anyhow, and twice"),
    ],
)
def test_number(text, of, digits, markers):
    assert cells.number(text, MEASURES[of]) == Number(digits, markers)


@pytest.mark.parametrize(
    "text, of, what, mend",
    [
        pytest.param("", "share", "There is no value.", "Leave the cell empty", id="nothing"),
        pytest.param(" \n", "share", "There is no value.", "Leave the cell empty", id="white space"),
        *(
            pytest.param(text, "share", f"“{text}” means that there is no value.", "leave the row out", id=text)
            for text in ("n/a", "N/A", "-", "–", "..", ":", "*", "[x]", "[z]", "[c]", "[p]", "x", "no data", "TBC")
        ),
        pytest.param("#REF!", "share", "shows “#REF!”, which is the spreadsheet's sign", "Mend it there", id="error"),
        pytest.param("#N/A", "share", "shows “#N/A”", "Mend it there", id="error of a look-up"),
        pytest.param("####", "share", "a column too narrow", "Mend it there", id="column too narrow"),
        pytest.param("=1+1", "share", "holds a formula", "that it comes to", id="formula"),
        pytest.param("(12)", "share", "in brackets", "-12", id="brackets"),
        pytest.param("(£12)", "pounds", "in brackets", "-12", id="pounds in brackets"),
        pytest.param("9,7", "share", "more than one way", "decimals with a point", id="decimal comma"),
        pytest.param("0,123", "bare", "more than one way", "decimals with a point", id="decimal comma behind nought"),
        pytest.param("1.234,5", "bare", "more than one way", "decimals with a point", id="continental"),
        pytest.param("1.234.567", "bare", "more than one way", "decimals with a point", id="points for thousands"),
        pytest.param("1,2345", "bare", "more than one way", "decimals with a point", id="four digits behind a comma"),
        pytest.param("1,234 567", "bare", "more than one way", "decimals with a point", id="comma and space"),
        pytest.param("1'234", "bare", "more than one way", "decimals with a point", id="apostrophe"),
        pytest.param("9.7 12", "share", "more than one way", "decimals with a point", id="two numbers"),
        # the wrong unit
        pytest.param("£9.7", "share", "not in the unit of the measure, per cent of people", "“%”", id="£ for %"),
        pytest.param("586%", "pounds", "not in the unit of the measure, pounds a week", "“£”", id="% for £"),
        pytest.param("$586", "pounds", "not in the unit of the measure, pounds a week", "“£”", id="dollars"),
        pytest.param(
            "0.7%", "bare", "not in the unit of the measure, score from 0 to 1", "number alone", id="% for none"
        ),
        pytest.param("9.7 of people", "share", "not in the unit of the measure", "“%”", id="half a unit"),
        pytest.param("£9.7%", "share", "not in the unit of the measure", "“%”", id="two units"),
        pytest.param("9.7 per 1,000", "rate", "not in the unit of the measure", "“per 100,000”", id="another rate"),
        pytest.param("1.2E+05", "bare", "was shortened by the spreadsheet", "Format the cell", id="power of ten"),
        pytest.param("586k", "pounds", "is shortened", "all its digits", id="thousands for short"),
        pytest.param("£1.2m", "pounds", "is shortened", "all its digits", id="millions for short"),
        pytest.param("9.7p", "share", "has a mark behind it", "square brackets", id="shorthand without brackets"),
        pytest.param("9.7 (r)", "share", "has a mark behind it", "square brackets", id="shorthand in round brackets"),
        pytest.param("9.7*", "share", "has a mark behind it", "square brackets", id="asterisk"),
        pytest.param("9.7 [q]", "share", "“[q]” is not a shorthand", "[p] provisional", id="unknown shorthand"),
        pytest.param("9.7 [note 2]", "share", "“[note2]” is not a shorthand", "[p] provisional", id="note"),
        # no number at all
        pytest.param("about ten", "share", "“about ten” is not a number.", "in digits", id="words"),
        pytest.param("nil", "share", "“nil” is not a number.", "in digits", id="nil, which may be nought"),
        pytest.param("2025-04-30", "share", "“2025-04-30” is not a number.", "in digits", id="day"),
        pytest.param("5.", "share", "“5.” is not a number.", "in digits", id="point at the end"),
        pytest.param("--5", "share", "“--5” is not a number.", "in digits", id="two signs"),
        pytest.param("9[p]7", "share", "“9[p]7” is not a number.", "in digits", id="shorthand inside"),
        pytest.param("٥١", "share", "“٥١” is not a number.", "in digits", id="another script"),
        pytest.param("½", "share", "“½” is not a number.", "in digits", id="fraction sign"),
        pytest.param("9" * 101, "share", f"“{'9' * 40}” is not a number.", "in digits", id="endless"),
    ],
)
def test_number_refused(text, of, what, mend):
    with pytest.raises(Refused) as caught:
        cells.number(text, MEASURES[of])
    assert what in caught.value.what
    assert mend in caught.value.mend


def test_number_without_a_measure_takes_any_unit():
    assert cells.number("£9.7 [p]") == Number("9.7", "[p]")


@given(
    st.decimals(-(10**11), 10**11, places=2), st.sampled_from(list(MEASURES)), st.sampled_from(["", "[p]", "[r][e]"])
)
def test_number_reads_what_the_site_prints(value, of, markers):
    printed = formatting.with_unit(formatting.plain(value, 2), MEASURES[of])
    read = cells.number(f"{printed} {markers}", MEASURES[of])
    assert (Decimal(read.text), read.markers) == (value, markers)


@given(st.text(max_size=30) | st.text("0123456789.,-+£%[]pr() ", max_size=12), st.sampled_from(list(MEASURES)))
def test_any_number_is_read_or_refused_in_words(text, of):
    try:
        read = cells.number(text, MEASURES[of])
    except Refused as refused:
        assert refused.what and refused.mend
    else:
        assert Decimal(read.text).is_finite()
        assert cells.number(read.text, MEASURES[of]) == Number(read.text, "")


@pytest.mark.parametrize(
    "text, result",
    [
        ("[p]", "[p]"),
        ("[p] [r]", "[p][r]"),
        ("[P], [r]", "[p][r]"),
        ("", ""),
        ("p", "p"),
        ("provisional", "provisional"),
    ],
)
def test_markers_of_a_cell_of_their_own(text, result):
    assert cells.markers(text) == result


# --- days ---


@pytest.mark.parametrize(
    "text, iso",
    [
        pytest.param("2025-04-30", "2025-04-30", id="ISO"),
        pytest.param("2025-4-3", "2025-04-03", id="ISO without noughts"),
        pytest.param("2025/04/30", "2025-04-30", id="year first"),
        pytest.param("2025-04-30T00:00:00", "2025-04-30", id="with midnight"),
        pytest.param("2025-04-30 00:00", "2025-04-30", id="with midnight behind a space"),
        pytest.param("30/04/2025", "2025-04-30", id="day first"),
        pytest.param("3/5/2026", "2026-05-03", id="day first where it could be the month"),
        pytest.param("03-05-2026", "2026-05-03", id="hyphens"),
        pytest.param("3.5.2026", "2026-05-03", id="points"),
        pytest.param("30 April 2025", "2025-04-30", id="in words"),
        pytest.param(" 30  APR  2025 ", "2025-04-30", id="in words for short"),
        pytest.param(f"30{NBSP}April{NBSP}2025", "2025-04-30", id="no-break spaces"),
        pytest.param("3rd May 2026", "2026-05-03", id="third"),
        pytest.param("1 Sept 2026", "2026-09-01", id="Sept"),
        pytest.param("30-Apr-25", "2025-04-30", id="as a spreadsheet shows it"),
        pytest.param("30-Apr-98", "1998-04-30", id="as a spreadsheet shows it, last century"),
        pytest.param("May 3, 2026", "2026-05-03", id="month first, in words"),
        pytest.param("29 February 2024", "2024-02-29", id="leap day"),
        pytest.param("45777", "2025-04-30", id="serial of a spreadsheet"),
    ],
)
def test_day(text, iso):
    assert cells.day(text) == date.fromisoformat(iso)


NOT_A_DAY, NOT_IN_CALENDAR = "is not a day.", "is not a day of the calendar."


@pytest.mark.parametrize(
    "text, what",
    [
        pytest.param("", NOT_A_DAY, id="nothing"),
        pytest.param("May 2026", NOT_A_DAY, id="month"),
        pytest.param("2026", NOT_A_DAY, id="year"),
        pytest.param("2025-04-30 12:30", NOT_A_DAY, id="with a time"),
        pytest.param("9999", NOT_A_DAY, id="serial of four digits"),
        pytest.param("99999", NOT_A_DAY, id="serial too far on"),
        pytest.param("45777.5", NOT_A_DAY, id="serial with a time"),
        pytest.param("yesterday", NOT_A_DAY, id="word"),
        pytest.param("3٠ April 2025", NOT_A_DAY, id="another script"),
        pytest.param("30/04/25", "can be read in more than one way", id="year of two digits"),
        pytest.param("04/30/2025", "has no month 30", id="month first"),
        pytest.param("30/30/2025", NOT_IN_CALENDAR, id="neither a month"),
        pytest.param("29 February 2025", NOT_IN_CALENDAR, id="no leap year"),
        pytest.param("31/04/2025", NOT_IN_CALENDAR, id="31 April"),
        pytest.param("0000-01-01", NOT_IN_CALENDAR, id="year nought"),
        pytest.param("30 Avril 2025", NOT_IN_CALENDAR, id="month in another language"),
        pytest.param("Avril 30 2025", NOT_IN_CALENDAR, id="month first in another language"),
    ],
)
def test_day_refused(text, what):
    with pytest.raises(Refused) as caught:
        cells.day(text)
    assert what in caught.value.what
    assert "30 April 2025" in caught.value.mend or "30/04/2025" in caught.value.mend


@given(st.dates(date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]))
def test_day_reads_every_way_of_writing_it(day, form):
    assert cells.day(day.strftime(form)) == day
    assert cells.day(formatting.day(day)) == day


@given(st.integers(cells.SERIALS.start, cells.SERIALS.stop - 1))
def test_day_reads_every_serial_as_a_spreadsheet_counts(serial):
    assert cells.day(str(serial)) == date(1900, 3, 1) + timedelta(days=serial - 61)


@given(st.text(max_size=20) | st.text("0123456789/-. aprmy", max_size=12))
def test_any_day_is_read_or_refused_in_words(text):
    try:
        assert isinstance(cells.day(text), date)
    except Refused as refused:
        assert refused.what and refused.mend
