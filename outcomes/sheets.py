"""What was handed in, as cells: a file (CSV or a workbook) or cells pasted from a spreadsheet. Nothing is run or saved.

Every cell becomes the text that its row shows. A cell whose value cannot be taken at its word, such as a formula,
becomes a fault of its own, so that the rows around it can still be read.
"""

import codecs
import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import NoReturn

import pandas as pd

from luton2040.problems import Problem, Refused
from outcomes import headings, workbooks
from outcomes.cells import ERRORS
from outcomes.workbooks import Fault, Grid

MAX_BYTES = 10_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
PASTED = "pasted cells"
LOOK_AT = 40  # rows in which a header, or what separates the cells, is looked for
DELIMITERS = "\t;,"


@dataclass(frozen=True)
class Sheet:
    name: str  # of the file
    cells: pd.DataFrame  # texts; rows as the spreadsheet numbers them, columns counted from 0, blank ones left out
    header: dict[int, str] | None  # the heading of each column, where there is a header
    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)  # by row and column
    notes: list[str] = field(default_factory=list)  # what whoever handed it in should know


def read(data: bytes, name: str) -> tuple[Sheet | None, list[Problem]]:
    """A file; None where it cannot be read as a table at all."""
    try:
        if len(data) > MAX_BYTES:
            raise Refused(f"The file has {len(data):,} bytes.", f"Split it into files of at most {MAX_BYTES:,} bytes.")
        _refuse_other_kinds(data)
        if data.startswith(workbooks.ZIP):
            grids, notes = workbooks.grids(data)
        else:
            text, notes = _decoded(data)
            grids = [_grid(text)]
        return _sheet(grids, name, notes), []
    except Refused as refused:
        return None, [Problem(name, "", "", refused.what, refused.mend)]


def read_pasted(text: str) -> tuple[Sheet | None, list[Problem]]:
    try:
        if len(text) > MAX_BYTES:
            raise Refused(f"{len(text):,} characters were pasted.", "Hand in the table as a file instead.")
        return _sheet([_grid(text)], PASTED, []), []
    except Refused as refused:
        return None, [Problem(PASTED, "", "", refused.what, refused.mend)]


def _refuse_other_kinds(data: bytes) -> None:
    start = data[:1000].removeprefix(codecs.BOM_UTF8).lstrip()
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refused(
            "The file is an old Excel workbook (.xls), or one that is locked with a password.",
            "Open it in Excel, take off any password, and save it as “Excel Workbook (.xlsx)”.",
        )
    if start.startswith(b"%PDF"):
        raise Refused("The file is a PDF.", "Hand in the table as a workbook (.xlsx) or as CSV.")
    if start.startswith(b"<"):
        raise Refused(
            "The file is a web page or XML, whatever its name says.",
            "Open it in Excel and save it as “Excel Workbook (.xlsx)”.",
        )


# --- text ---


def _decoded(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, notes = _decode(data, "utf-16"), []
    else:
        try:
            text, notes = data.decode("utf-8-sig"), []
        except UnicodeDecodeError:
            text = _decode(data, "cp1252")
            notes = ["The file is not UTF-8; it was read as Windows-1252. See that signs such as £ came out right."]
    return text, notes


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        _refuse_as_no_text()


def _refuse_as_no_text() -> NoReturn:
    raise Refused("This is neither a workbook nor plain text.", "Save the sheet as .xlsx or as “CSV UTF-8”.")


def _grid(text: str) -> Grid:
    rows = {}
    if any(character < " " and character not in "\t\r\n\a" for character in set(text)):
        _refuse_as_no_text()
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        for number, cells in enumerate(reader, 1):
            cells = [cell.strip() for cell in cells]
            if any(cells):
                rows[number] = cells
    except csv.Error as error:
        raise Refused(
            f"The cells cannot be told apart ({error}).", "Look for a quotation mark without its partner."
        ) from None
    return Grid("", rows, {})


def _delimiter(text: str) -> str:
    """What separates the cells: that by which the header can be read, or else by which most rows have cells at all."""

    def fits(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:50_000], newline=""), delimiter=delimiter)
        rows = [cells for cells in islice(reader, LOOK_AT) if any(cells)]
        split = sum(len(cells) > 1 for cells in rows)
        return max((len(headings.columns(cells)) for cells in rows), default=0), split if 2 * split > len(rows) else 0

    return max(DELIMITERS, key=fits)


# --- the table among the cells ---


def _sheet(grids: Iterable[Grid], name: str, notes: list[str]) -> Sheet:
    grids = [grid for grid in grids if grid.rows]
    if not grids:
        raise Refused("There is nothing in it.", "Give a row for each value.")
    headers = [_header_row(grid) for grid in grids]
    good = [i for i, grid in enumerate(grids) if headers[i] and headings.hold_values(_named(grid, headers[i]))]
    titles = ", ".join(f"“{grid.title}”" for grid in grids)
    if len(good) > 1:
        raise Refused(f"More than one sheet holds values: {titles}.", "Keep one of them, and put all rows into it.")
    if not good and len(grids) > 1:
        raise Refused(
            f"None of the sheets {titles} has columns named Period and Value.", "Name the columns in the first row."
        )
    chosen = good[0] if good else 0
    if len(grids) > 1:
        notes = [*notes, f"Read from the sheet “{grids[chosen].title}”."]
    return _table(grids[chosen], headers[chosen], name, notes)


def _header_row(grid: Grid) -> int | None:
    """The row, of the first ones, that names most columns."""
    best = max(islice(grid.rows, LOOK_AT), key=lambda number: len(_named(grid, number)))
    return best if _named(grid, best) else None


def _named(grid: Grid, number: int) -> set[str]:
    return headings.columns(grid.rows[number])


def _table(grid: Grid, header_row: int | None, name: str, notes: list[str]) -> Sheet:
    rows = {number: cells for number, cells in grid.rows.items() if number > (header_row or 0)}
    if not rows:
        raise Refused("There is a header but no row of values.", "Add at least one row.")
    if len(rows) > MAX_ROWS:
        raise Refused(f"There are {len(rows):,} rows.", f"Hand in at most {MAX_ROWS:,} at a time.")
    header = None
    if header_row:
        header = {column: cell for column, cell in enumerate(grid.rows[header_row]) if cell}
    faults = grid.faults | _errors(rows)
    filled = {column for cells in rows.values() for column, cell in enumerate(cells) if cell}
    filled |= {column for row, column in faults if row in rows} | set(header or ())
    if len(filled) > MAX_COLUMNS:
        raise Refused(f"There are {len(filled):,} columns.", f"Keep only those of the values: at most {MAX_COLUMNS}.")
    columns = sorted(filled)
    table = pd.DataFrame(
        [[cells[column] if column < len(cells) else "" for column in columns] for cells in rows.values()],
        index=list(rows), columns=columns, dtype="object",
    )  # fmt: skip
    return Sheet(name, table, header, faults, notes)


def _errors(rows: dict[int, list[str]]) -> dict[tuple[int, int], Fault]:
    return {
        (number, column): Fault(f"The cell holds {cell}, an error of the spreadsheet.", "Mend it there, or clear it.")
        for number, cells in rows.items()
        for column, cell in enumerate(cells)
        if cell[:1] == "#" and cell.casefold() in ERRORS
    }
