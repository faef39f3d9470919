"""Workbooks: what a cell shows is read, what cannot be taken at its word is named, and what is hostile refused."""

import io
import struct
import time
import zipfile
from datetime import date, datetime
from datetime import time as time_of_day

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference

from outcomes import sheets, workbooks
from tests.outcomes import books
from tests.outcomes.books import SHEET, of_cells, part, with_parts, workbook

HONEST = workbook({"Sheet1": [["Period", "Value"], ["2023", 9.7]]})


def read(data):
    sheet, problems = sheets.read(data, "a.xlsx")
    assert problems == []
    return sheet


def refusal(data):
    sheet, [problem] = sheets.read(data, "a.xlsx")
    assert sheet is None and problem.mend
    return problem.what


def shown(value, number_format="General"):
    """What is read from one cell."""

    def change(book):
        cell = book["Sheet1"]["A1"]
        cell.value, cell.number_format = value, number_format

    return read(workbook({"Sheet1": []}, change)).cells.iloc[0, 0]


# --- what a cell shows ---


@pytest.mark.parametrize(
    "value, number_format, text",
    [
        pytest.param("9.7", "General", "9.7", id="text"),
        pytest.param("  spaces\n", "General", "spaces", id="text with spaces around"),
        pytest.param(2024, "General", "2024", id="whole number"),
        pytest.param(9.7, "General", "9.7", id="number"),
        pytest.param(9.699999999999999, "General", "9.7", id="number with the noise of a float"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="sum with the noise of a float"),
        pytest.param(999999999999.999, "General", "999999999999.999", id="15 digits"),
        pytest.param(1234.5, "#,##0", "1234.5", id="number whose format hides digits"),
        pytest.param(-5, '0_);[Red]("£"0)', "£-5", id="negative in red brackets, in pounds"),
        pytest.param(1e21, "General", "1000000000000000000000", id="large"),
        pytest.param(0.0000001, "General", "0.0000001", id="small"),
        pytest.param(0.097, "0.0%", "9.7%", id="share"),
        pytest.param(0.0970000001, "0%", "9.70000001%", id="share whose format hides digits"),
        pytest.param(1, "0%", "100%", id="whole share"),
        pytest.param(9.7, '0.0"%"', "9.7", id="number with a sign written beside it"),
        pytest.param(9.7, "0.0\\%", "9.7", id="number with an escaped sign beside it"),
        pytest.param(586, "[$£-809]#,##0", "£586", id="pounds"),
        pytest.param(586, '"£"#,##0.00', "£586", id="pounds as text"),
        pytest.param(586, "[$€-2] #,##0", "€586", id="euros"),
        pytest.param(datetime(2025, 4, 30), "yyyy-mm-dd", "2025-04-30", id="day"),
        pytest.param(date(2025, 4, 30), "dd/mm/yyyy;@", "2025-04-30", id="day first"),
        pytest.param(datetime(2025, 4, 1), "mmm-yy", "April 2025", id="month"),
        pytest.param(datetime(2025, 4, 1), "[$-809]mmmm yyyy", "April 2025", id="month in full"),
        pytest.param(datetime(2025, 1, 1), "yyyy", "2025", id="year"),
        pytest.param(datetime(2025, 4, 30, 12, 30), "yyyy-mm-dd", "2025-04-30 12:30:00", id="with a time"),
        pytest.param(time_of_day(12, 30), "hh:mm", "12:30:00", id="time of day"),
    ],
)
def test_read_of_a_cell(value, number_format, text):
    assert shown(value, number_format) == text


def test_read_of_days_counted_from_1904():
    def change(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book["Sheet1"]["A1"] = datetime(2025, 4, 30)

    assert read(workbook({"Sheet1": []}, change)).cells.iloc[0, 0] == "2025-04-30"


@pytest.mark.parametrize(
    "xml, text",
    [
        pytest.param('<c r="A1" t="inlineStr"><is><t>so</t></is></c>', "so", id="inline text"),
        pytest.param('<c r="A1" t="inlineStr"><is><r><t>s</t></r><r><t>o</t></r></is></c>', "so", id="text in parts"),
        pytest.param('<c r="A1" t="d"><v>2025-04-30</v></c>', "2025-04-30", id="ISO day"),
        pytest.param('<c r="A1" t="str"><v>so</v></c>', "so", id="text of no formula"),
        pytest.param('<c r="A1"><v>9.6999999999999993</v></c>', "9.7", id="as Excel writes 9.7"),
        pytest.param('<c r="A1"><v>1E3</v></c>', "1000", id="with a power"),
        pytest.param('<c r="A1"><v>1E999</v></c>', "Infinity", id="beyond a float"),
        pytest.param('<c r="A1" t="inlineStr"><is><t>a_x000D__x000a_b</t></is></c>', "a\r\nb", id="escaped line end"),
        pytest.param(
            '<c r="A1" t="inlineStr"><is><t>a_x0000_b_xD800_</t></is></c>', "ab?", id="escaped NUL, half sign"
        ),
        pytest.param('<c r="A1" t="inlineStr"><is><t>a_xyz</t></is></c>', "a_xyz", id="nothing escaped"),
    ],
)
def test_read_of_a_cell_written_by_another_program(xml, text):
    assert read(of_cells(f'<row r="1">{xml}</row>')).cells.iloc[0, 0] == text


@given(st.decimals(-(10**12), 10**12, places=3))
@settings(max_examples=30)
def test_read_gives_the_digits_that_were_typed(number):
    xml = f'<row r="1"><c r="A1"><v>{float(number):.17g}</v></c></row>'
    assert float(read(of_cells(xml)).cells.iloc[0, 0]) == pytest.approx(float(number), rel=1e-15)
    if abs(number) < 10**11:
        assert read(of_cells(xml)).cells.iloc[0, 0] == f"{number.normalize() + 0:f}"


# --- what cannot be taken at its word ---


def faults(sheet):
    return {place: fault.what for place, fault in sheet.faults.items()}


def test_read_names_cells_with_formulas_and_does_not_trust_what_they_came_to():
    rows = [["Period", "Value"], ["2022", "=1+1"], ["2023", 9.7], ["2024", "=SUM(B2:B3)"]]
    sheet = read(workbook({"Sheet1": rows}))
    assert faults(sheet) == {(2, 1): "The cell B2 holds a formula.", (4, 1): "The cell B4 holds a formula."}
    assert list(sheet.cells[1]) == ["", "9.7", ""]
    cached = of_cells('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>3</v></c></row>')
    assert faults(read(cached)) == {(1, 0): "The cell A1 holds a formula."}
    shared = of_cells('<row r="1"><c r="A1"><f t="shared" si="0"/><v>2</v></c></row>')
    assert faults(read(shared)) == {(1, 0): "The cell A1 holds a formula."}


def test_read_names_cells_with_true_or_false_and_with_errors():
    cells = '<c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#DIV/0!</v></c><c r="C1"><v>3</v></c>'
    assert faults(read(of_cells(f'<row r="1">{cells}</row>'))) == {
        (1, 0): "The cell A1 holds TRUE or FALSE.",
        (1, 1): "The cell holds #DIV/0!, an error of the spreadsheet.",
    }


def test_read_names_merged_cells_of_the_table_and_not_of_its_title():
    rows = [["A title"], ["Period", "Value", "Note"], ["2022", 1, "a"], ["2023", None, "b"], ["2024", 3, None]]

    def change(book):
        for cells in ("A1:C1", "B3:B4", "B5:C5", "A9:C9"):
            book["Sheet1"].merge_cells(cells)

    sheet = read(workbook({"Sheet1": rows}, change))
    of_rows = {place: what for place, what in faults(sheet).items() if place[0] > 2}
    one, other = "The cells B3:B4 are merged.", "The cells B5:C5 are merged."
    assert of_rows == {(3, 1): one, (4, 1): one, (5, 1): other, (5, 2): other}


def test_read_of_a_sheet_full_of_merged_cells(monkeypatch):
    rows = (f"<row><c><v>{year}</v></c><c><v>1</v></c></row>" for year in range(2000, 2020))
    data = of_cells(*rows, behind='<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1:B20"/></mergeCells>')
    monkeypatch.setattr(workbooks, "MAX_MERGED", 120)
    assert len(read(data).faults) == 40
    monkeypatch.setattr(workbooks, "MAX_MERGED", 119)
    assert refusal(data) == "The sheet “Sheet1” is full of merged cells."


def test_read_passes_by_hidden_sheets_and_says_so():
    def change(book):
        book["Old"].sheet_state, book["Older"].sheet_state = "hidden", "veryHidden"

    rows = [["Period", "Value"], ["2023", 9.7]]
    sheet = read(workbook({"New": rows, "Old": rows, "Older": rows}, change))
    assert list(sheet.cells[1]) == ["9.7"]
    assert sheet.notes == [f"The sheet “{name}” is hidden, so it was not read." for name in ("Old", "Older")]


def test_read_of_a_workbook_with_all_that_openpyxl_leaves_out(recwarn):
    rules = '<dataValidations count="1"><dataValidation type="list" sqref="A1"/></dataValidations>'
    more = '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst>'
    sheet = read(of_cells('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>', behind=rules + more))
    assert sheet.cells.shape == (1, 2)
    assert not recwarn.list


def test_read_of_a_chart_sheet_and_a_link_to_another_workbook():
    def change(book):
        chart = BarChart()
        chart.add_data(Reference(book["Sheet1"], min_col=2, min_row=1, max_row=2))
        book.create_chartsheet("Chart").add_chart(chart)

    links = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    data = workbook({"Sheet1": [["Period", "Value"], ["2023", 9.7]]}, change)
    assert list(read(with_parts(data, {"xl/externalLinks/externalLink1.xml": links})).cells[1]) == ["9.7"]


# --- what is other than it claims ---


def test_read_of_a_sheet_that_claims_to_be_endless_is_quick():
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>2023</t></is></c><c r="XFD1" s="0"/></row>'
    last = '<row r="1048576"><c r="B1048576"><v>9.7</v></c></row>'
    start = time.process_time()
    sheet = read(of_cells(row, last, before='<dimension ref="A1:XFD1048576"/>'))
    assert sheet.cells.to_dict("split")["data"] == [["2023", ""], ["", "9.7"]]
    assert list(sheet.cells.index) == [1, 1_048_576]
    assert time.process_time() - start < 5


def test_read_of_a_sheet_whose_rows_are_all_as_wide_as_can_be():
    """A few bytes each, for which a reader makes 16,384 cells."""
    rows = [f'<row r="{n}"><c r="XFD{n}"><v>9</v></c></row>' for n in range(1, 3001)]
    assert in_seconds(of_cells(*rows)) == TOO_LARGE


def test_read_counts_the_cells_of_all_sheets_together(monkeypatch):
    data = workbook({"Data": [["Period", "Value"], ["2023", 9.7]], "Notes": [["Words"]]})
    monkeypatch.setattr(workbooks, "MAX_CELLS", 8)
    assert read(data)
    monkeypatch.setattr(workbooks, "MAX_CELLS", 7)
    assert refusal(data) == TOO_LARGE


def test_read_of_20_000_empty_columns():
    cells = "".join(f'<c r="{openpyxl.utils.get_column_letter(n)}1" s="0"/>' for n in range(1, 16_385))
    rows = [f'<row r="{n}"><c r="A{n}"><v>2023</v></c><c r="C{n}"><v>9</v></c></row>' for n in range(2, 5)]
    sheet = read(of_cells(f'<row r="1">{cells}</row>', *rows))
    assert list(sheet.cells.columns) == [0, 2]
    assert list(sheet.cells.index) == [2, 3, 4]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param('<row r="99999999999"><c><v>1</v></c></row>', id="beyond the last row"),
        pytest.param('<row r="x"><c><v>1</v></c></row>', id="no number of a row"),
        pytest.param('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>', id="beyond the last column"),
        pytest.param('<row r="1"><c r="A1" t="s"><v>99</v></c></row>', id="a text that is not there"),
        pytest.param('<row r="1"><c r="A1" s="99"><v>1</v></c></row>', id="a style that is not there"),
        pytest.param('<row r="1"><c r="A1"><v>one</v></c></row>', id="no number"),
        pytest.param('<row r="1"><c r="A1"><v>1</v></row>', id="broken XML"),
        pytest.param('<row r="1"><c r="A1" t="d"><v>never</v></c></row>', id="no day"),
    ],
)
def test_read_of_a_damaged_sheet(row):
    assert refusal(of_cells(row)) == "The workbook is damaged, or no spreadsheet wrote it."


@pytest.mark.parametrize("name", ["[Content_Types].xml", "xl/_rels/workbook.xml.rels"])
def test_read_of_a_workbook_without_one_of_its_parts(name):
    assert refusal(with_parts(HONEST, {name: None})) == "The workbook is damaged, or no spreadsheet wrote it."


@pytest.mark.parametrize("end", [4, 30, 500, -1])
def test_read_of_half_a_workbook(end):
    assert refusal(HONEST[:end]) == "The workbook is damaged, or no spreadsheet wrote it."


def test_read_of_a_workbook_with_a_password_on_its_zip():
    data = bytearray(HONEST)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 1)
    assert refusal(bytes(data)) == "The workbook is damaged, or no spreadsheet wrote it."


MACROS = "The workbook holds macros."


@pytest.mark.parametrize(
    "parts, what",
    [
        pytest.param({"xl/vbaProject.bin": b"x"}, MACROS, id="macros"),
        pytest.param({"xl/VBAPROJECT.BIN": b"x"}, MACROS, id="macros in capitals"),
        pytest.param({"xl/macrosheets/sheet1.xml": b"<x/>"}, MACROS, id="macros of Excel 4"),
        pytest.param({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "OpenDocument", id="ods"),
        pytest.param({"xl/workbook.bin": b"x", "xl/workbook.xml": None}, "binary workbook (.xlsb)", id="xlsb"),
        pytest.param({"xl/workbook.xml": None}, "a zip archive, but no workbook", id="some other zip"),
    ],
)
def test_read_of_another_kind_of_file(parts, what):
    assert what in refusal(with_parts(HONEST, parts))


def test_read_of_a_workbook_that_is_only_declared_to_hold_macros():
    types = part(HONEST, "[Content_Types].xml").decode()
    types = types.replace("spreadsheetml.sheet.main+xml", "sheet.macroEnabled.main+xml")
    assert refusal(with_parts(HONEST, {"[Content_Types].xml": types})) == MACROS


# --- what would take a reader too much ---

TOO_LARGE = "The workbook unpacks to far more than a table of values."


def in_seconds(data, limit=10):
    start = time.process_time()
    what = refusal(data)
    assert time.process_time() - start < limit
    return what


def test_read_of_a_zip_bomb():
    bomb = with_parts(HONEST, {SHEET: b"<worksheet>" + b" " * 50_000_000})
    assert len(bomb) < 100_000
    assert in_seconds(bomb) == TOO_LARGE


def test_read_of_many_parts_that_together_are_too_large(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 100_000)
    assert read(HONEST)
    noise = {f"xl/media/{n}.bin": bytes(range(256)) * 150 for n in range(3)}
    assert refusal(with_parts(HONEST, noise)) == TOO_LARGE


def test_read_of_too_many_parts():
    assert refusal(with_parts(HONEST, {f"xl/{n}.xml": b"<x/>" for n in range(workbooks.MAX_PARTS)})) == TOO_LARGE


def test_read_of_a_bomb_that_states_a_small_size():
    """Not a byte more is unpacked than is stated, and the checksum then tells."""
    bomb = bytearray(with_parts(HONEST, {SHEET: b"<worksheet>" + b" " * 50_000_000}))
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        at = archive.getinfo(SHEET).header_offset
    struct.pack_into("<L", bomb, at + 22, 1000)
    entry = bomb.find(SHEET.encode(), bomb.find(b"PK\x01\x02")) - 46
    struct.pack_into("<L", bomb, entry + 24, 1000)
    assert in_seconds(bytes(bomb), 2) == "The workbook is damaged, or no spreadsheet wrote it."


@pytest.mark.parametrize(
    "declared",
    [
        pytest.param('<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>', id="entities"),
        pytest.param('<!DOCTYPE x SYSTEM "file:///etc/passwd">', id="a file of this machine"),
        pytest.param("<!DOCTYPE worksheet>", id="nothing"),
        pytest.param(f"<!--{' ' * 2_000_000}--><!DOCTYPE worksheet>", id="behind a long comment"),
    ],
)
@pytest.mark.parametrize("name", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/core.xml"])
def test_read_of_xml_with_a_doctype(declared, name):
    xml = f'<?xml version="1.0"?>{declared}<worksheet>&b;</worksheet>'
    data = with_parts(HONEST, {name: xml}, stored=True)
    assert refusal(data) == "The workbook holds instructions for whoever reads it (a DOCTYPE)."


def test_read_of_a_doctype_in_utf_16():
    data = with_parts(HONEST, {SHEET: '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16")})
    assert "DOCTYPE" in refusal(data)


@pytest.mark.parametrize(
    "name, xml",
    [
        pytest.param(SHEET, f"<worksheet><sheetData><row>{'<c/>' * 70_000}</row></sheetData></worksheet>", id="cells"),
        pytest.param("xl/styles.xml", f"<styleSheet>{'<x/>' * 60_000}</styleSheet>", id="styles"),
        pytest.param("xl/sharedStrings.xml", f"<sst>{'<si/>' * 1_100_000}</sst>", id="texts"),
        pytest.param(SHEET, f"<worksheet>{'<row/>' * 1_100_000}</worksheet>", id="rows"),
    ],
)
def test_read_of_xml_with_too_many_elements(name, xml):
    """Little enough to unpack, but a reader would keep hundreds of bytes for each."""
    noise = bytes(range(256)) * 400  # against being found by how well it packs
    assert (
        in_seconds(with_parts(HONEST, {name: f"{xml}<!--".encode() + noise.replace(b"-", b"")}, stored=True))
        == TOO_LARGE
    )


def test_read_of_many_texts_that_are_used():
    rows = [["Period", "Value", "Note"], *[[str(n), n, f"note {n}"] for n in range(5_000)]]
    assert len(read(workbook({"Sheet1": rows})).cells) == 5_000


@given(st.data())
@settings(max_examples=60)
def test_any_damage_is_survived(data):
    """One byte of an honest workbook is another."""
    broken = bytearray(HONEST)
    broken[data.draw(st.integers(0, len(broken) - 1))] ^= data.draw(st.integers(1, 255))
    sheet, problems = sheets.read(bytes(broken), "a.xlsx")
    assert (sheet is None) == bool(problems)


@given(st.text("<>/cvrow=\"' 1A&;!-[]", max_size=60))
@settings(max_examples=60)
def test_any_xml_is_survived(text):
    sheet, problems = sheets.read(of_cells(text), "a.xlsx")
    assert (sheet is None) == bool(problems)
    assert books.part(HONEST, SHEET)
