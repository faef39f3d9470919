"""Workbooks to test with: honest ones by openpyxl, others by their parts."""

import io
import zipfile
from collections.abc import Callable, Mapping

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"


def workbook(pages: Mapping[str, list[list]], change: Callable[[openpyxl.Workbook], None] = lambda book: None) -> bytes:
    """{"Sheet1": rows of cells}; `change` may do more to the book before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in pages.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def of_cells(*cells: str, before: str = "", behind: str = "") -> bytes:
    """A workbook whose first sheet is written by hand: each of `cells` is the XML of a row."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    xml = f"<worksheet {space}>{before}<sheetData>{''.join(cells)}</sheetData>{behind}</worksheet>"
    return with_parts(workbook({"Sheet1": []}), {SHEET: xml})


def with_parts(data: bytes, parts: Mapping[str, bytes | str | None], *, stored: bool = False) -> bytes:
    """The archive with these parts in place of its own, or beside them; None takes one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        kept = {name: old.read(name) for name in old.namelist()}
        for name, content in (kept | dict(parts)).items():
            if content is not None:
                new.writestr(name, content, zipfile.ZIP_STORED if stored else None)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
