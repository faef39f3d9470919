"""What a valid row of values is: a table of every fault, where it is told, and that nothing can make it fall over."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from luton2040.problems import Problem
from outcomes import importing
from outcomes.importing import OPTIONAL, READ_PAST, REQUIRED, Known, Row, check, read
from outcomes.models import MeasureVersion

TODAY = date(2026, 6, 1)
PLACE = "E06999999"
KNOWN = Known(
    {
        "AA1": MeasureVersion(
            natural_min=Decimal(0), natural_max=Decimal(100), source_name="A survey", source_url="https://a.example/"
        ),
        "BB1": MeasureVersion(source_name="Counts", source_url=""),
        "CC1": MeasureVersion(natural_min=Decimal("-0.5"), source_name="From below only", source_url=""),
    },
    frozenset([PLACE, "E92999999"]),
)
GOOD = {
    "measure": "AA1",
    "area": PLACE,
    "period_start": "2024-01-01",
    "period_duration": "P1Y",
    "value": "51.5",
    "retrieved_on": "2026-03-01",
}


def table(*rows, columns=None):
    """A CSV file of the rows; what a row leaves out is as in GOOD."""
    columns = columns or list(GOOD | {name: "" for row in rows for name in row})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(GOOD | row for row in rows)
    return text.getvalue().encode()


def faults(problems):
    return [(p.place, p.column, p.what) for p in problems]


def all_faults(data, today=TODAY):
    """What read() and then check() find."""
    cells, problems = read(data, "values.csv")
    assert all(p.file == "values.csv" and p.what and p.mend for p in problems)
    if cells is None:
        return faults(problems)
    rows, more = check(cells, name="values.csv", known=KNOWN, today=today)
    assert all(p.file == "values.csv" and p.what and p.mend for p in more)
    assert not {row.row for row in rows} & {p.row for p in more}
    return faults(problems + more)


def rows_of(data, today=TODAY):
    cells, problems = read(data, "values.csv")
    assert problems == []
    rows, problems = check(cells, name="values.csv", known=KNOWN, today=today)
    assert problems == []
    return rows


# --- read(): the file as a whole ---


@pytest.mark.parametrize(
    "data, place, what",
    [
        pytest.param(b"", "", "The file is empty.", id="empty"),
        pytest.param(b" \r\n\t\n", "", "The file is empty.", id="only white space"),
        pytest.param(table({}).decode().encode("utf-16"), "", "The file is not plain text.", id="UTF-16"),
        pytest.param(table({}) + b"\0", "", "The file is not plain text.", id="a NUL byte"),
        pytest.param(b"PK\x03\x04\0\0workbook", "", "The file is not plain text.", id="a workbook"),
        pytest.param(
            table({}, {"note": "£"}).decode().encode("cp1252"),
            "row 3",
            "The file holds a character that is not UTF-8.",
            id="Windows-1252",
        ),
        pytest.param(
            b"\xef\xbb\xbfmeasure\n\xa3",
            "row 2",
            "The file holds a character that is not UTF-8.",
            id="Windows-1252 behind a byte-order mark, first in its line",
        ),
        pytest.param(
            table({}) + b'"AA1,',
            "",
            "The file is not a comma-separated table (unexpected end of data).",
            id="a quote left open",
        ),
        pytest.param(
            table({"note": "x" * 140_000}),
            "",
            "The file is not a comma-separated table (field larger than field limit (131072)).",
            id="a cell without end",
        ),
    ],
)  # fmt: skip
def test_read_of_a_file_that_is_no_table(data, place, what):
    cells, problems = read(data, "values.csv")
    assert cells is None
    assert faults(problems) == [(place, "", what)]
    assert problems[0].mend


def test_read_of_too_many_bytes(monkeypatch):
    data = table({})
    monkeypatch.setattr(importing, "MAX_BYTES", len(data))
    assert read(data, "values.csv")[1] == []
    monkeypatch.setattr(importing, "MAX_BYTES", len(data) - 1)
    cells, [problem] = read(data, "values.csv")
    assert cells is None
    assert problem.what == f"The file has {len(data)} bytes."
    assert problem.mend == f"Split it into files of at most {len(data) - 1} bytes."


def test_read_of_too_many_rows(monkeypatch):
    monkeypatch.setattr(importing, "MAX_ROWS", 2)
    assert len(read(table({}, {}), "values.csv")[0]) == 2
    cells, [problem] = read(table({}, {}, {}), "values.csv")
    assert cells is None
    assert (problem.what, problem.mend) == ("The file has 3 rows.", "Split it into files of at most 2 rows.")


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n,,,,,\n , ,\n"])
def test_read_of_a_header_only(end):
    cells, problems = read((",".join(REQUIRED) + end).encode(), "values.csv")
    assert len(cells) == 0
    assert faults(problems) == [("", "", "There is a header but no row of values.")]
    assert check(cells, name="values.csv", known=KNOWN, today=TODAY) == ([], [])


# --- read(): the header ---


@pytest.mark.parametrize("column", REQUIRED)
def test_read_without_a_required_column(column):
    kept = [name for name in REQUIRED if name != column]
    data = ",".join(kept).encode() + b"\n" + b",".join(b"x" for _ in kept)
    cells, problems = read(data, "values.csv")
    assert cells is None
    assert faults(problems) == [("row 1", column, "The column is missing.")]


@pytest.mark.parametrize(
    "more, column, what",
    [
        pytest.param("vlaue", "vlaue", "The column is not known.", id="misspelt"),
        pytest.param("", "(no name)", "The column is not known.", id="without a name"),
        pytest.param("value", "value", "The column is there twice.", id="twice"),
        pytest.param(" VALUE ", "value", "The column is there twice.", id="twice, written differently"),
        pytest.param("=1+1", "=1+1", "The column is not known.", id="formula"),
    ],
)
def test_read_with_a_column_too_many(more, column, what):
    header = ",".join([*REQUIRED, more])
    cells, problems = read(f"{header}\na,b,c,d,e,f,g\n".encode(), "values.csv")
    assert cells is None
    assert faults(problems) == [("row 1", column, what)]


def test_read_names_every_fault_of_the_header():
    _, problems = read(b"measure,measure,vlaue,period_start,,period_duration\n", "values.csv")
    assert {(p.column, p.what) for p in problems} == {
        ("area", "The column is missing."),
        ("value", "The column is missing."),
        ("retrieved_on", "The column is missing."),
        ("measure", "The column is there twice."),
        ("vlaue", "The column is not known."),
        ("(no name)", "The column is not known."),
    }


def test_read_takes_columns_in_any_order_and_case_with_spaces_around():
    header = ", ".join(name.upper() for name in reversed(REQUIRED))
    row = ",".join(GOOD[name] for name in reversed(REQUIRED))
    [row] = rows_of(f"{header}\n{row}\n".encode())
    assert (row.measure_id, row.value) == ("AA1", Decimal("51.5"))


def test_read_takes_every_column_of_the_sites_own_downloads():
    """A download can be filled in and handed back: what it says in words is read past."""
    [row] = rows_of(table(dict.fromkeys(READ_PAST, "in words") | {"note": "A note"}))
    assert row.note == "A note"


# --- read(): the rows ---


def test_read_numbers_rows_as_a_spreadsheet_does():
    header = ",".join([*REQUIRED, "note"])
    good = ",".join(GOOD[name] for name in REQUIRED)
    data = f'{header}\n\n{good},"two\nlines"\n,,,,,,\n  \n{good},last\n'
    cells, problems = read(data.encode(), "values.csv")
    assert problems == []
    assert list(cells.index) == [3, 6]
    assert list(cells["note"]) == ["two\nlines", "last"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"])
def test_read_takes_any_line_end_and_a_byte_order_mark(line_end, mark):
    data = table({}, {"period_start": "2023-01-01"}).decode().replace("\r\n", line_end)
    assert [row.row for row in rows_of(mark + data.encode())] == [2, 3]


def test_read_with_rows_of_the_wrong_length_names_them_and_keeps_the_others():
    header, good = ",".join(REQUIRED), ",".join(GOOD[name] for name in REQUIRED)
    data = f"{header}\n{good},more\n{good}\nAA1,{PLACE}\n"
    cells, problems = read(data.encode(), "values.csv")
    assert list(cells.index) == [3]
    assert faults(problems) == [
        ("row 2", "", "The row has 7 cells; the header has 6."),
        ("row 4", "", "The row has 2 cells; the header has 6."),
    ]


def test_read_with_only_rows_of_the_wrong_length_says_so_once():
    cells, problems = read((",".join(REQUIRED) + "\nAA1\n").encode(), "values.csv")
    assert len(cells) == 0
    assert faults(problems) == [("row 2", "", "The row has 1 cells; the header has 6.")]


def test_read_keeps_cells_as_text_without_spaces_around():
    cells, _ = read(table({"value": " 007.50 ", "note": "  NA "}), "values.csv")
    assert cells.loc[2, "value"] == "007.50"
    assert cells.loc[2, "note"] == "NA"


# --- check(): one cell at a time ---

NOT_A_NUMBER = "“{}” is not a number that can be stored."
NOT_A_DAY = "“{}” is not a day."
NOT_A_LENGTH = "“{}” is not a length of time."
NOT_A_MARKER = "“{}” is not a marker."
ABOVE = "“{}” is outside what the measure can be, which is at most 100."
BELOW = "“{}” is outside what the measure can be, which is at least 0."


@pytest.mark.parametrize(
    "cells, column, what",
    [
        pytest.param({"measure": "ZZ9"}, "measure", "“ZZ9” is not a measure.", id="unknown measure"),
        pytest.param({"measure": "aa1"}, "measure", "“aa1” is not a measure.", id="measure in small letters"),
        pytest.param({"measure": ""}, "measure", "“” is not a measure.", id="no measure"),
        pytest.param({"area": "Anytown"}, "area", "“Anytown” is not an area held here.", id="area by name"),
        pytest.param({"area": ""}, "area", "“” is not an area held here.", id="no area"),
        # days
        pytest.param({"period_start": ""}, "period_start", NOT_A_DAY, id="no start"),
        pytest.param({"period_start": "2024"}, "period_start", NOT_A_DAY, id="only a year"),
        pytest.param({"period_start": "01/04/2024"}, "period_start", NOT_A_DAY, id="day first"),
        pytest.param({"period_start": "2024-4-1"}, "period_start", NOT_A_DAY, id="without noughts"),
        pytest.param({"period_start": "2023-02-29"}, "period_start", NOT_A_DAY, id="29 February of no leap year"),
        pytest.param({"period_start": "2024-13-01"}, "period_start", NOT_A_DAY, id="13th month"),
        pytest.param({"period_start": "0000-01-01"}, "period_start", NOT_A_DAY, id="year nought"),
        pytest.param({"period_start": "2024-01-01T00:00"}, "period_start", NOT_A_DAY, id="with a time"),
        pytest.param({"period_start": "٢٠٢٤-01-01"}, "period_start", NOT_A_DAY, id="day in another script"),
        pytest.param({"retrieved_on": ""}, "retrieved_on", NOT_A_DAY, id="no release"),
        pytest.param({"retrieved_on": "March 2026"}, "retrieved_on", NOT_A_DAY, id="release in words"),
        pytest.param({"retrieved_on": "2026-06-02"}, "retrieved_on", "“{}” has not come yet.", id="future release"),
        pytest.param(
            {"retrieved_on": "2024-12-30"}, "retrieved_on", "The period ends after its release on “{}”.",
            id="period after its release",
        ),
        pytest.param({"period_duration": ""}, "period_duration", NOT_A_LENGTH, id="no length"),
        pytest.param({"period_duration": "1Y"}, "period_duration", NOT_A_LENGTH, id="length without P"),
        pytest.param({"period_duration": "P0Y"}, "period_duration", NOT_A_LENGTH, id="length of nought"),
        pytest.param({"period_duration": "P1W"}, "period_duration", NOT_A_LENGTH, id="weeks"),
        pytest.param({"period_duration": "P1٢Y"}, "period_duration", NOT_A_LENGTH, id="length in another script"),
        pytest.param(
            {"period_start": "9999-12-31"}, "period_duration", "“P1Y” runs past the calendar.", id="past the calendar"
        ),
        pytest.param(
            {"period_start": "9999-12-31", "period_duration": "P2D"}, "period_duration",
            "“P2D” runs past the calendar.", id="days past the calendar",
        ),
        # numbers
        pytest.param({"value": ""}, "value", NOT_A_NUMBER, id="no value"),
        pytest.param({"value": "n/a"}, "value", NOT_A_NUMBER, id="word"),
        pytest.param({"value": "nan"}, "value", NOT_A_NUMBER, id="nan"),
        pytest.param({"value": "inf"}, "value", NOT_A_NUMBER, id="infinite"),
        pytest.param({"value": "[c]"}, "value", NOT_A_NUMBER, id="marker for a value"),
        pytest.param({"value": "=1+1"}, "value", NOT_A_NUMBER, id="formula"),
        pytest.param({"value": "1,234"}, "value", NOT_A_NUMBER, id="thousand separator"),
        pytest.param({"value": "1 234"}, "value", NOT_A_NUMBER, id="space in a number"),
        pytest.param({"value": "51,5"}, "value", NOT_A_NUMBER, id="decimal comma"),
        pytest.param({"value": "£51"}, "value", NOT_A_NUMBER, id="pounds"),
        pytest.param({"value": "51%"}, "value", NOT_A_NUMBER, id="per cent"),
        pytest.param({"value": "51.5p"}, "value", NOT_A_NUMBER, id="marker behind a number"),
        pytest.param({"value": "+51"}, "value", NOT_A_NUMBER, id="plus"),
        pytest.param({"value": "\u221251"}, "value", NOT_A_NUMBER, id="true minus sign"),
        pytest.param({"value": "--5"}, "value", NOT_A_NUMBER, id="two signs"),
        pytest.param({"value": ".5"}, "value", NOT_A_NUMBER, id="without the nought"),
        pytest.param({"value": "5."}, "value", NOT_A_NUMBER, id="point at the end"),
        pytest.param({"value": "1e3"}, "value", NOT_A_NUMBER, id="power of ten"),
        pytest.param({"value": "0x10"}, "value", NOT_A_NUMBER, id="hexadecimal"),
        pytest.param({"value": "51.1234567"}, "value", NOT_A_NUMBER, id="seven decimals"),
        pytest.param({"value": "1234567890123"}, "value", NOT_A_NUMBER, id="13 digits before the point"),
        pytest.param({"value": "1234567890.123456"}, "value", NOT_A_NUMBER, id="16 digits"),
        pytest.param({"value": "٥١"}, "value", NOT_A_NUMBER, id="number in another script"),
        pytest.param({"lower": "n/a", "upper": "60"}, "lower", NOT_A_NUMBER, id="bad lower limit"),
        pytest.param({"lower": "40", "upper": "60%"}, "upper", NOT_A_NUMBER, id="bad upper limit"),
        # what the measure can be
        pytest.param({"value": "-0.000001"}, "value", BELOW, id="below nought"),
        pytest.param({"value": "100.000001"}, "value", ABOVE, id="above a hundred"),
        pytest.param({"lower": "-1", "upper": "60"}, "lower", BELOW, id="lower limit below nought"),
        pytest.param({"lower": "40", "upper": "101"}, "upper", ABOVE, id="upper limit above a hundred"),
        pytest.param(
            {"measure": "CC1", "value": "-0.51"}, "value", BELOW.replace(" 0.", " −0.5."), id="below a fraction"
        ),
        # the three numbers together
        pytest.param({"lower": "40"}, "lower", "Only one of the two limits is given.", id="only the lower"),
        pytest.param({"upper": "60"}, "lower", "Only one of the two limits is given.", id="only the upper"),
        pytest.param({"lower": "52", "upper": "60"}, "value", "“51.5” is not between its limits.", id="below limits"),
        pytest.param({"lower": "40", "upper": "51.4"}, "value", "“51.5” is not between its limits.", id="above limits"),
        pytest.param({"lower": "60", "upper": "40"}, "value", "“51.5” is not between its limits.", id="limits crossed"),
        pytest.param(
            {"measure": "BB1", "value": "999999999.000001", "lower": "1", "upper": "999999999"}, "value",
            "“999999999.000001” is not between its limits.", id="above limits in the last digit",
        ),
        # markers and sources
        pytest.param({"markers": "p"}, "markers", NOT_A_MARKER, id="marker without brackets"),
        pytest.param({"markers": "[x]"}, "markers", NOT_A_MARKER, id="unknown marker"),
        pytest.param({"markers": "[P]"}, "markers", NOT_A_MARKER, id="marker in capitals"),
        pytest.param({"markers": "[p] [r]"}, "markers", NOT_A_MARKER, id="markers with a space"),
        pytest.param({"markers": "[p]" * 7}, "markers", NOT_A_MARKER, id="more markers than there are"),
        pytest.param({"source_url": "a.example"}, "source_url", "“{}” is not a web address.", id="no scheme"),
        pytest.param(
            {"source_url": "javascript:alert(1)"}, "source_url", "“{}” is not a web address.", id="script as address"
        ),
        pytest.param(
            {"source_url": "https://a.example/a b"}, "source_url", "“{}” is not a web address.", id="space in address"
        ),
        pytest.param(
            {"source_name": "x" * 251}, "source_name", f"The text “{'x' * 40}”… is too long.", id="long source"
        ),
    ],
)  # fmt: skip
def test_check_of_one_fault(cells, column, what):
    found = all_faults(table({"period_start": "2022-01-01"}, {"period_start": "2023-01-01"}, cells))
    assert found == [("row 4", column, what.format(cells.get(column, "")))]


def test_check_of_a_long_address_names_its_beginning():
    address = f"https://a.example/{'x' * 490}"
    assert all_faults(table({"source_url": address})) == [
        ("row 2", "source_url", f"“{address[:40]}” is not a web address.")
    ]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"value": "0"}, id="the least"),
        pytest.param({"value": "100"}, id="the most"),
        pytest.param({"value": "100.000000"}, id="the most, with decimals"),
        pytest.param({"value": "-0"}, id="minus nought"),
        pytest.param({"measure": "BB1", "value": "-999999999999.999"}, id="the longest number"),
        pytest.param({"measure": "CC1", "value": "-0.5"}, id="at a limit that is a fraction"),
        pytest.param({"value": "50", "lower": "50", "upper": "50"}, id="limits that meet"),
        pytest.param({"retrieved_on": "2026-06-01"}, id="released today"),
        pytest.param({"retrieved_on": "2024-12-31"}, id="released on the last day"),
        pytest.param({"period_start": "2024-02-29", "period_duration": "P1D"}, id="leap day"),
        pytest.param({"period_start": "1066-10-14", "period_duration": "P1D"}, id="long ago"),
        pytest.param({"markers": "[p][r][b][e][u][c]"}, id="all markers"),
        pytest.param({"source_name": "x" * 250}, id="the longest source"),
        pytest.param({"source_url": "http://a.example/?q=ü"}, id="address with a question"),
        pytest.param({"note": "=1+1, “£5”\nand {more}"}, id="any note"),
    ],
)
def test_check_without_fault(cells):
    assert len(rows_of(table(cells))) == 1


@pytest.mark.parametrize("text", ["{0.__class__}", "{}", "{", "%s"])
def test_check_shows_a_cell_with_braces_as_it_is(text):
    assert all_faults(table({"measure": text})) == [("row 2", "measure", f"“{text}” is not a measure.")]


# --- check(): rows together ---


def test_check_of_the_same_period_twice_names_every_such_row():
    found = all_faults(table({}, {"area": "E92999999"}, {"value": "52"}, {"measure": "BB1"}))
    what = "The same measure, area and period “2024-01-01” is there twice."
    assert found == [("row 2", "period_start", what), ("row 4", "period_start", what)]


def test_check_of_two_lengths_from_one_start_is_no_fault():
    assert len(rows_of(table({"period_duration": "P1Y"}, {"period_duration": "P3M"}))) == 2


def test_check_gives_the_rows_without_fault_beside_the_faults_of_the_others():
    years = [{"period_start": f"{year}-01-01"} for year in (2020, 2021, 2022, 2023, 2023)]
    years[1] |= {"value": "£5"}
    years[2] |= {"retrieved_on": "2030-01-01", "lower": "1"}
    cells, _ = read(table(*years, {"note": "last"}), "values.csv")
    rows, problems = check(cells, name="values.csv", known=KNOWN, today=TODAY)
    assert [(row.row, row.period_start.year, row.note) for row in rows] == [(2, 2020, ""), (7, 2024, "last")]
    assert [problem.row for problem in problems] == [3, 4, 4, 5, 6]


def test_check_counts_what_was_told_before_and_tells_no_cell_twice():
    years = [{"period_start": f"{year}-01-01"} for year in (2020, 2021, 2022, 2023)]
    years[0] |= {"value": "n/a"}
    years[1] |= {"period_start": "", "period_duration": "", "value": "£5"}
    cells, _ = read(table(*years), "values.csv")
    told = [
        Problem("values.csv", "row 4", "note", "So.", "Mend."),
        Problem("values.csv", "row 3", "period", "So.", "Mend."),
        Problem("values.csv", "row 2", "value", "So.", "Mend."),
        Problem("values.csv", "", "", "So.", "Mend."),
    ]
    rows, problems = check(cells, name="values.csv", known=KNOWN, today=TODAY, told=told)
    assert [row.row for row in rows] == [5]
    assert [(p.place, p.column, p.what) for p in problems] == [
        ("", "", "So."),
        ("row 2", "value", "So."),
        ("row 3", "period", "So."),
        ("row 3", "value", "“£5” is not a number that can be stored."),
        ("row 4", "note", "So."),
    ]


def test_check_of_a_table_that_is_wrong_in_every_row():
    cells, _ = read(table({"value": ""}, {"area": "", "period_start": "soon"}), "values.csv")
    rows, problems = check(cells, name="values.csv", known=KNOWN, today=TODAY)
    assert rows == [] and [problem.row for problem in problems] == [2, 3, 3]


def test_check_tells_all_faults_at_once_in_the_order_of_the_rows():
    rows = [{"period_start": f"20{n:02}-01-01"} for n in range(1, 11)]
    rows[0] |= {"value": "£5", "area": "Anytown"}
    rows[1] |= {"markers": "p"}
    rows[9] |= {"retrieved_on": "2030-01-01", "measure": "ZZ9"}
    found = all_faults(table(*rows))
    assert [place for place, _, _ in found] == ["row 2", "row 2", "row 3", "row 11", "row 11"]
    assert {column for _, column, _ in found} == {"value", "area", "markers", "retrieved_on", "measure"}


def test_check_of_a_row_with_every_fault_names_each_column():
    bad = dict.fromkeys([*REQUIRED, "lower", "upper", "markers", "source_url"], "?") | {"source_name": "x" * 251}
    assert {column for _, column, _ in all_faults(table(bad))} == set(bad)


def test_faults_of_read_and_check_are_told_together():
    found = all_faults(table({"value": "£5"}) + b"AA1,too,few\n")
    assert [(place, column) for place, column, _ in found] == [("row 3", ""), ("row 2", "value")]


def test_check_leaves_the_table_as_it_was():
    cells, _ = read(table({}), "values.csv")
    before = cells.copy()
    check(cells, name="values.csv", known=KNOWN, today=TODAY)
    pd.testing.assert_frame_equal(cells, before)


def test_check_takes_today_from_its_caller():
    data = table({"retrieved_on": "2026-05-01"})
    assert all_faults(data, today=date(2026, 5, 1)) == []
    assert all_faults(data, today=date(2026, 4, 30)) == [("row 2", "retrieved_on", "“2026-05-01” has not come yet.")]


# --- the rows ---


def test_check_gives_typed_rows_in_the_order_of_the_file():
    full = {
        "period_start": "2022-04-01",
        "lower": "50.25",
        "upper": "53",
        "markers": "[p]",
        "note": "A note",
        "source_name": "Another survey",
        "source_url": "https://b.example/",
    }
    first, second = rows_of(table(full, {}))
    assert first == Row(
        2, "AA1", PLACE, date(2022, 4, 1), "P1Y", Decimal("51.5"), Decimal("50.25"), Decimal("53"), "[p]", "A note",
        "Another survey", "https://b.example/", date(2026, 3, 1),
    )  # fmt: skip
    assert second == Row(
        3, "AA1", PLACE, date(2024, 1, 1), "P1Y", Decimal("51.5"), None, None, "", "", "A survey",
        "https://a.example/", date(2026, 3, 1),
    )  # fmt: skip
    assert [type(cell) for cell in first[:7]] == [int, str, str, date, str, Decimal, Decimal]


@pytest.mark.parametrize(
    "cells, source",
    [
        pytest.param({}, ("A survey", "https://a.example/"), id="the measure's own"),
        pytest.param({"source_name": "Other"}, ("Other", ""), id="name only: not the measure's address"),
        pytest.param({"source_url": "https://c.example/"}, ("", "https://c.example/"), id="address only"),
    ],
)
def test_check_takes_the_measures_source_where_a_row_names_none(cells, source):
    [row] = rows_of(table(cells))
    assert (row.source_name, row.source_url) == source


# --- properties ---

NUMBERS = st.tuples(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(3, 6)).map(
    lambda n: Decimal(n[0]).scaleb(-n[1])
)


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.booleans())
def test_good_rows_come_back_to_the_digit(values, trimmed):
    texts = [f"{value.normalize():f}" if trimmed else f"{value:f}" for value in values]
    rows = rows_of(
        table(*({"measure": "BB1", "period_start": f"{1900 + n}-01-01", "value": v} for n, v in enumerate(texts)))
    )
    assert [row.value for row in rows] == values
    assert all(isinstance(row.value, Decimal) for row in rows)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_limits_are_compared_to_the_digit(value, lower, upper):
    cells = {"measure": "BB1", "value": f"{value:f}", "lower": f"{lower:f}", "upper": f"{upper:f}"}
    assert (all_faults(table(cells)) == []) == (lower <= value <= upper)


@given(st.dates(date(1000, 1, 1), TODAY - timedelta(days=1)), st.integers(1, 999))
def test_periods_are_refused_exactly_where_they_end_after_their_release(start, count):
    cells = {"period_start": start.isoformat(), "period_duration": f"P{count}D", "retrieved_on": TODAY.isoformat()}
    assert (all_faults(table(cells)) == []) == (start + timedelta(days=count - 1) <= TODAY)


@given(st.binary(max_size=400))
@example(b"measure\xff")
@example(b"\xef\xbb\xbf")
def test_any_bytes_are_read_or_refused_in_words(data):
    assert all_faults(data)


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([*GOOD.values(), "P3M", "0", "-1", "[p]", "9999-12-31", "P999Y", "", "٣", "1e5", "Ⅷ", "²"]),
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(REQUIRED + OPTIONAL, CELLS)), max_size=5))
@example([dict.fromkeys(REQUIRED + OPTIONAL, "²")])
def test_any_cells_are_taken_or_refused_in_words(rows):
    data = table(*rows, columns=REQUIRED + OPTIONAL)
    cells, problems = read(data, "values.csv")
    if cells is None:
        assert problems
        return
    good, more = check(cells, name="values.csv", known=KNOWN, today=TODAY)
    refused = {p.row for p in more}
    assert [row.row for row in good] == [number for number in cells.index if number not in refused]
    for row in good:
        limits = KNOWN.measures[row.measure_id]
        assert limits.natural_min is None or row.value >= limits.natural_min
        assert limits.natural_max is None or row.value <= limits.natural_max
