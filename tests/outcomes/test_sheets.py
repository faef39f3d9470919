"""Files and pasted cells of every kind become the same cells, or are refused in words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outcomes import headings, sheets
from tests.outcomes import books

TABLE = "Period,Value\n2023,9.7\n2024,9.9\n"
TABBED = TABLE.replace(",", "\t")


def read(data, name="values.csv"):
    sheet, problems = sheets.read(data, name)
    assert problems == [] and sheet.name == name
    return sheet


def refusal(data, name="values.csv"):
    sheet, [problem] = sheets.read(data, name)
    assert sheet is None
    assert (problem.file, problem.place, problem.row, problem.column) == (name, "", None, "")
    assert problem.mend
    return problem.what


def rows(sheet):
    return {number: list(cells) for number, *cells in sheet.cells.itertuples(name=None)}


# --- text, however it is written ---


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TABLE.encode(), id="UTF-8"),
        pytest.param(TABLE.encode("utf-8-sig"), id="UTF-8 with a byte-order mark"),
        pytest.param(TABLE.encode("utf-16"), id="UTF-16"),
        pytest.param(
            b"\xff\xfe" + TABBED.encode("utf-16-le"), id="UTF-16, little end first, tabs: Excel's Unicode text"
        ),
        pytest.param(b"\xfe\xff" + TABLE.encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param(TABBED.encode(), id="tabs"),
        pytest.param(TABLE.replace(",", ";").encode(), id="semicolons"),
        pytest.param(TABLE.replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(TABLE.replace("\n", "\r").encode(), id="line ends of old"),
        pytest.param(TABLE.replace(",", " , ").encode(), id="spaces around"),
        pytest.param(b'"Period","Value"\n"2023","9.7"\n"2024","9.9"', id="quotation marks"),
        pytest.param(TABLE.strip().encode(), id="no line end at the end"),
    ],
)
def test_read_of_text(data):
    sheet = read(data)
    assert sheet.header == {0: "Period", 1: "Value"}
    assert rows(sheet) == {2: ["2023", "9.7"], 3: ["2024", "9.9"]}
    assert sheet.notes == [] and sheet.faults == {}


def test_read_of_windows_1252_says_so():
    sheet = read("Period,Value,Note\n2023,£9,“caf\u00e9”\n".encode("cp1252"))
    assert rows(sheet) == {2: ["2023", "£9", "“caf\u00e9”"]}
    [note] = sheet.notes
    assert "Windows-1252" in note


def test_read_skips_blank_rows_and_columns_and_keeps_the_numbers_of_rows():
    sheet = read(b"\n,,\n,Period,,Value\n,,,\n,2023,,9.7\n\n ,2024,,9.9,,\n")
    assert sheet.header == {1: "Period", 3: "Value"}
    assert list(sheet.cells.columns) == [1, 3]
    assert rows(sheet) == {5: ["2023", "9.7"], 7: ["2024", "9.9"]}


def test_read_takes_quoted_cells_with_line_ends_separators_and_quotation_marks():
    sheet = read(b'Period\tValue\tNote\n2023\t9.7\t"two\nlines, ""so""\tand a tab"\n2024\t9.9\t5" pipe\n')
    assert rows(sheet) == {2: ["2023", "9.7", 'two\nlines, "so"\tand a tab'], 3: ["2024", "9.9", '5" pipe']}


def test_read_takes_the_row_that_names_most_columns_for_the_header():
    text = "Values of the survey\nSource,A survey\n\nPeriod,Value,Lower 95% limit,Upper 95% limit\n2023,9.7,9,10\n"
    sheet = read(text.encode())
    assert sheet.header == {0: "Period", 1: "Value", 2: "Lower 95% limit", 3: "Upper 95% limit"}
    assert rows(sheet) == {5: ["2023", "9.7", "9", "10"]}


def test_read_without_a_header():
    sheet = read(b"2023,9.7\n2024,9.9\n")
    assert sheet.header is None
    assert rows(sheet) == {1: ["2023", "9.7"], 2: ["2024", "9.9"]}


@pytest.mark.parametrize(
    "text, cells",
    [
        pytest.param("2023\t1,234,567\n", ["2023", "1,234,567"], id="tabs before commas"),
        pytest.param("2023;9,7\n", ["2023", "9,7"], id="semicolons before commas"),
        pytest.param('2023,"9,7"\n', ["2023", "9,7"], id="commas"),
        pytest.param("Period,Value,Note\n2023,9,a; b\n", ["2023", "9", "a; b"], id="semicolons in a note"),
        pytest.param("9.7\n", ["9.7"], id="one column"),
    ],
)
def test_read_finds_what_separates_the_cells(text, cells):
    assert list(rows(read(text.encode())).values()) == [cells]


def test_read_fills_short_rows_with_blanks():
    assert rows(read(b"Period,Value,Note\n2023\n2024,9.9,so\n")) == {2: ["2023", "", ""], 3: ["2024", "9.9", "so"]}


def test_read_of_a_cell_that_holds_an_error():
    sheet = read(b"Period,Value,Note\n2023,#REF!,#n/a\n2024,9.9,#metoo\n")
    assert {place: fault.what for place, fault in sheet.faults.items()} == {
        (2, 1): "The cell holds #REF!, an error of the spreadsheet.",
        (2, 2): "The cell holds #n/a, an error of the spreadsheet.",
    }


# --- pasted ---


def test_read_pasted():
    sheet, problems = sheets.read_pasted('Period\tValue\tNote\r\n2023\t9.7\t"two\r\nlines"\r\n2024\t£1,234\t\r\n')
    assert problems == [] and sheet.name == sheets.PASTED
    assert rows(sheet) == {2: ["2023", "9.7", "two\r\nlines"], 3: ["2024", "£1,234", ""]}


@pytest.mark.parametrize(
    "text, what",
    [
        pytest.param("", "There is nothing in it.", id="nothing"),
        pytest.param(" \t\r\n\t", "There is nothing in it.", id="blank cells"),
        pytest.param("2024\t9\0", "This is neither a workbook nor plain text.", id="NUL"),
        pytest.param("Period\tValue\n", "There is a header but no row of values.", id="header only"),
        pytest.param(
            '2024\t"9.7', "The cells cannot be told apart (unexpected end of data).", id="open quotation mark"
        ),
    ],
)
def test_read_pasted_refused(text, what):
    sheet, [problem] = sheets.read_pasted(text)
    assert sheet is None
    assert (problem.file, problem.what) == (sheets.PASTED, what)


def test_read_pasted_of_too_much(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_BYTES", 10)
    sheet, [problem] = sheets.read_pasted("2024\t9.7\n" * 2)
    assert sheet is None and problem.what == "18 characters were pasted."


# --- what is no table ---


@pytest.mark.parametrize(
    "data, what",
    [
        pytest.param(b"", "There is nothing in it.", id="nothing"),
        pytest.param(b" \r\n\t\n", "There is nothing in it.", id="white space"),
        pytest.param(b"\xff\xfe", "There is nothing in it.", id="only a byte-order mark"),
        pytest.param(b"Period,Value\n", "There is a header but no row of values.", id="header only"),
        pytest.param(b"%PDF-1.7\n1 0 obj", "The file is a PDF.", id="PDF"),
        pytest.param(b"<html><table>", "The file is a web page or XML, whatever its name says.", id="web page"),
        pytest.param(b"\xef\xbb\xbf\n<?xml version='1.0'?>", "The file is a web page or XML", id="XML"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "The file is an old Excel workbook", id="xls"),
        pytest.param(b"2024,9.7\0", "neither a workbook nor plain text", id="NUL"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "neither a workbook nor plain text", id="picture"),
        pytest.param(b"\x1f\x8b\x08\x00abc", "neither a workbook nor plain text", id="gzip"),
        pytest.param(b"2024,\x81", "neither a workbook nor plain text", id="no character of Windows-1252 either"),
        pytest.param(b"\xff\xfe\x00\xd8\x00\x00", "neither a workbook nor plain text", id="broken UTF-16"),
        pytest.param(TABLE.encode("utf-32"), "neither a workbook nor plain text", id="UTF-32"),
        pytest.param(b"2024," + b"x" * 140_000, "The cells cannot be told apart (field larger", id="endless cell"),
    ],
)
def test_read_refused(data, what):
    assert what in refusal(data)


def test_read_of_too_many_bytes(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_BYTES", len(TABLE))
    assert read(TABLE.encode())
    assert refusal(TABLE.encode() + b"\n") == f"The file has {len(TABLE) + 1} bytes."


def test_read_of_too_many_rows(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    assert len(read(TABLE.encode()).cells) == 2
    assert refusal(TABLE.encode() + b"2025,1\n") == "There are 3 rows."


def test_read_of_too_many_columns():
    full = ",".join("x" for _ in range(sheets.MAX_COLUMNS))
    assert read(full.encode()).cells.shape == (1, sheets.MAX_COLUMNS)
    assert refusal(f"{full},x".encode()) == f"There are {sheets.MAX_COLUMNS + 1} columns."


def test_read_of_many_blank_rows():
    assert rows(read(b"Period,Value\n2023,9\n" + b"\n" * 60_000 + b"2024,9\n")) == {
        2: ["2023", "9"],
        60_003: ["2024", "9"],
    }


# --- workbooks of several sheets ---

VALUES = [["Period", "Value"], ["2023", 9.7]]


def test_read_finds_the_sheet_that_holds_values():
    sheet = read(
        books.workbook({"Cover": [["A survey"]], "Data": VALUES, "Notes": [["Note", "Text"], ["1", "So"]]}), "a.xlsx"
    )
    assert rows(sheet) == {2: ["2023", "9.7"]}
    assert sheet.notes == ["Read from the sheet “Data”."]


def test_read_takes_the_only_sheet_with_anything_on_it_as_it_is():
    sheet = read(books.workbook({"Sheet1": [["2023", 9.7]], "Sheet2": []}))
    assert sheet.header is None and sheet.notes == []
    assert rows(sheet) == {1: ["2023", "9.7"]}


@pytest.mark.parametrize(
    "pages, what",
    [
        pytest.param({"A": VALUES, "B": VALUES}, "More than one sheet holds values: “A”, “B”.", id="two"),
        pytest.param(
            {"A": [["2023", 1]], "B": [["2024", 2]]}, "None of the sheets “A”, “B” has columns named", id="none"
        ),
        pytest.param({"A": []}, "There is nothing in it.", id="nothing"),
        pytest.param({"A": VALUES[:1]}, "There is a header but no row of values.", id="header only"),
    ],
)
def test_read_of_sheets_refused(pages, what):
    assert what in refusal(books.workbook(pages))


def test_read_passes_by_a_list_of_revisions():
    revisions = [["Period start", "Value before", "Value"], ["2023-01-01", 9.6, 9.7]]
    assert rows(read(books.workbook({"Values": VALUES, "Revisions": revisions}))) == {2: ["2023", "9.7"]}


# --- headings ---


@pytest.mark.parametrize(
    "heading, name",
    [
        *(pytest.param(name, name, id=name) for name in headings.TITLES),
        *(pytest.param(title, name, id=title) for name, title in headings.TITLES.items()),
        pytest.param(" PERIOD:\n", "period", id="written anyhow"),
        pytest.param("Shorthand [note 2]", "markers", id="with a note"),
        pytest.param("period_label", "period", id="of our CSV"),
        pytest.param("Lower\n95% limit", "lower", id="over two lines"),
        pytest.param("Comments", None, id="comments, which may not be meant for readers"),
        pytest.param("Value 2", None, id="nearly"),
        pytest.param("", None, id="none"),
    ],
)
def test_column_named_by_a_heading(heading, name):
    assert headings.column(heading) == name


@pytest.mark.parametrize(
    "cells, named",
    [
        pytest.param(["Period", "Value"], {"period", "value"}, id="header"),
        pytest.param(["Period", "Luton"], {"period"}, id="header with one known name"),
        pytest.param(["Notes"], set(), id="title"),
        pytest.param(["Values", "", ""], set(), id="title that is a name"),
        pytest.param(["Note", "Source"], set(), id="names that tell nothing"),
        pytest.param(["2023", "9.7"], set(), id="values"),
        pytest.param([], set(), id="nothing"),
    ],
)
def test_columns_named_by_a_row(cells, named):
    assert headings.columns(cells) == named


# --- anything ---


@given(st.binary(max_size=300))
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + b"\0" * 18)
@example(b"\xfe\xff\xd8\x00")
def test_any_bytes_are_read_or_refused_in_words(data):
    sheet, problems = sheets.read(data, "x")
    assert (sheet is None) == bool(problems)
    assert all(problem.what and problem.mend for problem in problems)


@given(st.text(max_size=80) | st.text("Period\tValue\n\r,;\"'24. ", max_size=60))
@example('"')
@example("Value\t\n")
def test_any_text_is_read_or_refused_in_words(text):
    sheet, problems = sheets.read_pasted(text)
    assert (sheet is None) == bool(problems)
    if sheet:
        assert all(cell == cell.strip() for cells in rows(sheet).values() for cell in cells)
        assert sheet.cells.any(axis=None) or sheet.header or sheet.faults
