"""A workbook (.xlsx) as grids of texts, read by openpyxl once it is known to be harmless.

A workbook is a zip archive, which may unpack to any size, of XML, which may call for more. All of it is looked through
before any is given to a reader.
"""

import io
import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import IO, NamedTuple
from xml.parsers import expat

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.escape import unescape

from luton2040.problems import Refused
from outcomes import formatting as words

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
MAX_PARTS = 1_000
MAX_UNPACKED = 60_000_000
MAX_RATIO = 200  # a sheet of rows that are much alike reaches 50
# Elements of XML, for each of which a reader takes time and hundreds of bytes, however few it takes in the file.
MAX_ELEMENTS = 1_000_000
MAX_IN_ROW = 60_000
MAX_IN_OTHER_PARTS = 50_000  # styles and the like, which a reader takes longest over
MAX_MERGED = 100_000  # cells
MAX_CELLS = 3_000_000  # empty ones too: a reader fills every row up to its last cell
LAST_ROW = 1_048_576
CHUNK = 1_000_000

TOO_LARGE = "The workbook unpacks to far more than a table of values.", "Copy the table alone into a new workbook."
DAMAGED = "The workbook is damaged, or no spreadsheet wrote it.", "Open it in Excel, save it again and hand in that."
MACROS = "The workbook holds macros.", "Save it as “Excel Workbook (.xlsx)”, which holds none."

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']")
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')  # of a number's format: literals, colours, blanks


class Fault(NamedTuple):
    what: str
    mend: str


class Grid(NamedTuple):
    title: str  # of the sheet, where a file can have several
    rows: dict[int, list[str]]  # by number; blank ones are left out
    faults: dict[tuple[int, int], Fault]  # by row and column, columns counted from 0


def grids(data: bytes) -> tuple[list[Grid], list[str]]:
    """The sheets that can be seen, and notes on those that cannot. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_other_kinds(archive)
            _look_through(archive)
            if b"macroEnabled" in archive.read("[Content_Types].xml"):
                raise Refused(*MACROS)
            return _read(data, archive)
    except Refused:
        raise
    except Exception as error:  # openpyxl fails in many ways over a file that no spreadsheet wrote
        raise Refused(*DAMAGED) from error


# --- what it may be instead, and what it may do to a reader ---


def _refuse_other_kinds(archive: zipfile.ZipFile) -> None:
    names = {name.casefold() for name in archive.namelist()}
    save = "Save it as “Excel Workbook (.xlsx)” and hand in that file."
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Refused(*MACROS)
    if "mimetype" in names:
        raise Refused("The file is an OpenDocument file (.ods).", save)
    if "xl/workbook.bin" in names:
        raise Refused("The file is a binary workbook (.xlsb).", save)
    if "xl/workbook.xml" not in names:
        raise Refused("The file is a zip archive, but no workbook.", "Hand in the workbook or CSV file itself.")


def _look_through(archive: zipfile.ZipFile) -> None:
    """Refuse what would take too much room or time. What an archive says of its sizes holds: more is never unpacked."""
    parts = archive.infolist()
    is_bomb = any(part.file_size > MAX_RATIO * part.compress_size + CHUNK for part in parts)
    if is_bomb or len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused(*TOO_LARGE)
    elements = 0
    for part in parts:
        with archive.open(part) as content:
            elements += _elements(content, most=MAX_ELEMENTS - elements)


def _elements(content: IO[bytes], *, most: int) -> int:
    """How many elements the part has; none, if it is no XML."""
    count = in_row = 0
    most_in_row = most

    def begin(name: str, attributes: dict) -> None:
        nonlocal count, in_row, most, most_in_row
        if not count and name.endswith("worksheet"):
            most_in_row = MAX_IN_ROW
        elif not count and not name.endswith("sst"):
            most = min(most, MAX_IN_OTHER_PARTS)
        count += 1
        in_row = 0 if name.endswith("row") else in_row + 1
        if count > most or in_row > most_in_row:
            raise Refused(*TOO_LARGE)

    def refuse(*declared) -> None:
        raise Refused("The workbook holds instructions for whoever reads it (a DOCTYPE).", DAMAGED[1])

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    try:
        while piece := content.read(CHUNK):
            parser.Parse(piece, False)
    except expat.ExpatError:  # a picture, say; openpyxl stops at the same place if it should be XML
        pass
    return count


# --- cells ---


def _read(data: bytes, archive: zipfile.ZipFile) -> tuple[list[Grid], list[str]]:
    found, notes, room = [], [], MAX_CELLS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out of a workbook, and none of that is a value
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                grid, room = _grid(sheet, room)
                _add_merged(grid, archive.read(sheet._worksheet_path))
                found.append(grid)
            else:
                notes.append(f"The sheet “{sheet.title}” is hidden, so it was not read.")
        book.close()
    return found, notes


def _grid(sheet, room: int) -> tuple[Grid, int]:
    """And how many cells the other sheets may have."""
    grid = Grid(sheet.title, {}, {})
    sheet.reset_dimensions()  # what a sheet says of its size may be anything
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > LAST_ROW:
            raise Refused(*DAMAGED)
        room -= 1 + len(cells)
        if room < 0:
            raise Refused(*TOO_LARGE)
        texts = []
        is_blank = True
        for column, cell in enumerate(cells):
            text = "" if cell.value is None else _text(cell)
            if isinstance(text, Fault):
                grid.faults[number, column] = text
                text, is_blank = "", False
            texts.append(text)
        if not is_blank or any(texts):
            grid.rows[number] = texts
    return grid, room


def _text(cell) -> str | Fault:
    """What the cell shows, but for digits that its format hides."""
    value = cell.value
    if cell.data_type == "s":
        return (_unescaped(value) if "_x" in value else value).strip()
    if cell.data_type == "f":
        return Fault(
            f"The cell {cell.coordinate} holds a formula.", "Put its value in its place: Paste special, Values."
        )
    if cell.data_type == "b":
        return Fault(f"The cell {cell.coordinate} holds TRUE or FALSE.", "Write a number or a text there.")
    if isinstance(value, date):
        return _dated(value, _shown(cell.number_format))
    if isinstance(value, int | float):
        return _figure(value, cell.number_format)
    return str(value)  # an error, a time of day, a length of time


def _unescaped(text: str) -> str:
    """With the characters that XML cannot hold, but for those that no database can."""
    return unescape(text).replace("\0", "").encode(errors="replace").decode()


@lru_cache(256)
def _shown(number_format: str) -> str:
    """Of a format, the part for positive numbers, without what it writes beside the digits."""
    return _NOT_SHOWN.sub("", number_format.casefold()).partition(";")[0]


def _dated(value: date, shown: str) -> str:
    if isinstance(value, datetime):
        if value.time() != time():
            return value.isoformat(" ")
        value = value.date()
    if "y" in shown and "d" not in shown:
        month = f"{words.MONTHS[value.month - 1]} " if "m" in shown else ""
        return f"{month}{value.year:04}"
    return value.isoformat()


def _figure(value: float, number_format: str) -> str:
    """To the 15 digits that a spreadsheet counts in: the rest of a float is noise."""
    digits = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if "%" in _shown(number_format):
        return f"{(digits * 100).normalize():f}%"
    sign = next((sign for sign in "£€" if sign in number_format), "")
    return f"{sign}{digits:f}"


def _add_merged(grid: Grid, xml: bytes) -> None:
    numbers, looked_at = sorted(grid.rows), 0
    width = max(map(len, grid.rows.values()), default=0)
    for cells in _MERGED.findall(xml):
        left, top, right, bottom = range_boundaries(cells.decode())
        fault = Fault(f"The cells {cells.decode()} are merged.", "Unmerge them and fill in each cell.")
        for row in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            columns = range(left - 1, min(right, width))
            looked_at += 1 + len(columns)
            if looked_at > MAX_MERGED:
                raise Refused(f"The sheet “{grid.title}” is full of merged cells.", "Unmerge them all.")
            grid.faults.update({(row, column): fault for column in columns})
