"""Reports as accessible spreadsheets, by the Analysis Function's checklist.

One table a sheet, marked up and named, from column A under its title; nothing merged, empty, hidden or
frozen; notes numbered, on a sheet of their own. XlsxWriter does the writing. gptables, which is built on it,
would give the same layout, but turns a note that begins with "=" into a formula, and fails on a lone dash.
"""

import io
from collections.abc import Sequence
from datetime import UTC, date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from django.utils.timezone import localdate
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes import formatting as words
from outcomes import progress, sentences
from outcomes.downloads import (
    WORKED_OUT_DECIMALS,
    Reports,
    Table,
    many,
    milestones_table,
    outcomes_table,
    revisions_table,
    values_table,
)
from outcomes.report import OutcomeReport

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
BLANKS = f"{NOT_AVAILABLE} not available; {NOT_APPLICABLE} not applicable"
# What could be known and is not; in any other empty cell there is nothing to know.
KNOWABLE = {
    "value", "lower", "upper", "latest_value", "latest_period", "latest_standing", "baseline_value",
    "baseline_period", "baseline_standing", "source_name", "source_url", "licence",
}  # fmt: skip
HEADINGS = {
    "outcome": "Outcome code",
    "measure": "Measure code",
    "area": "Area code",
    "period_label": "Period",
    "lower": "Lower 95% limit",
    "upper": "Upper 95% limit",
    "markers": "Shorthand",
    "retrieved_on": "Release used",
    "due_on": "Due on (of a baseline: start of its period)",
    "was": "Value before",
}
# The note, of those that _notes gives, that a heading points to.
NOTED = {
    "name_standing": 1, "standing": 2, "markers": 2, "latest_standing": 2, "baseline_standing": 2,
    "value_standing": 2, "judged_by_standing": 2, "target_standing": 3, "status": 4, "expected_by_now": 5,
    "share_of_the_way": 5, "expected_share": 5, "licence": 6,
}  # fmt: skip
NOTED_OF_GOALS = NOTED | {"standing": 3}
VALUES = (
    "area_name", "period_label", "value", "lower", "upper", "standing", "markers", "note", "source_name",
    "source_url", "licence", "retrieved_on", "area", "period_end",
)  # fmt: skip
VALUES_OF_ONE = (*VALUES, "measure")  # so that a sheet that is handed back cannot be taken for another measure's
VALUES_OF_ALL = ("measure", "measure_name", "unit", *VALUES)

HEADER_ROW = 3  # counted from 0: under the title and two lines of explanation
WIDEST, NARROWEST, ROWS_MEASURED = 50, 12, 200  # widths of columns in characters


class Origin(Protocol):
    """What a workbook is made from: a report, or anything else of one edition."""

    vision: Vision
    edition: Edition


class Sheet(NamedTuple):
    name: str  # of the tab and, in small letters, of the marked-up table
    title: str
    table: Table
    noted: dict[str, int] = NOTED


def outcome_xlsx(report: OutcomeReport) -> bytes:
    """One outcome: what is said of it, its milestones, the values of every area and which of them were revised."""
    measure = report.measure
    sheets = [
        Sheet("Outcome", f"{report.outcome.name}: where it stands", _upright(outcomes_table(report))),
        Sheet("Milestones", f"{measure.name}: baseline, milestones and target", milestones_table(report),
              NOTED_OF_GOALS),
        Sheet("Values", f"{measure.name} ({measure.unit}), by area and period",
              only(values_table(report), VALUES_OF_ONE)),
        Sheet("Revisions", f"{measure.name}: values that were revised or withdrawn", revisions_table(report)),
    ]  # fmt: skip
    says = [sentences.takeaway(report), f"{report.status.label}. {sentences.reason(report)}"]
    return workbook(report, f"{measure.name}, {report.vision.place}", says, sheets)


def everything_xlsx(reports: Reports) -> bytes:
    """All outcomes in one workbook; there must be at least one, to say of which place and edition."""
    reports = many(reports)
    name = reports[0].vision.name
    sheets = [
        Sheet("Outcomes", f"{name}: where each outcome stands", outcomes_table(reports)),
        Sheet("Milestones", f"{name}: baselines, milestones and targets", milestones_table(reports),
              NOTED_OF_GOALS),
        Sheet("Values", f"{name}: values by measure, area and period",
              only(values_table(reports), VALUES_OF_ALL)),
        Sheet("Revisions", f"{name}: values that were revised or withdrawn", revisions_table(reports)),
    ]  # fmt: skip
    return workbook(reports[0], f"{name}: all outcomes", [reports[0].vision.sentence], sheets)


def only(table: Table, columns: Sequence[str]) -> Table:
    at = [table.columns.index(column) for column in columns]
    return Table(tuple(columns), [tuple(row[i] for i in at) for row in table.rows])


def _upright(table: Table) -> Table:
    """One wide row as many short ones, which read better aloud and on paper."""
    cells = zip(table.columns, table.rows[0], strict=True)
    return Table(("Item", "What is held"), [(_heading(c, NOTED), _filled(c, cell)) for c, cell in cells])


def _filled(column: str, cell: Any) -> Any:
    if cell is None or isinstance(cell, str) and not cell.strip():
        return NOT_AVAILABLE if column in KNOWABLE else NOT_APPLICABLE
    return cell


def _heading(column: str, noted: dict[str, int]) -> str:
    text = HEADINGS.get(column) or column[0].upper() + column[1:].replace("_", " ")
    return f"{text} [note {noted[column]}]" if column in noted else text


def _notes(report: Origin) -> list[str]:
    """In the order of the numbers that NOTED gives them."""
    shorthand = "; ".join(f"{marker} {said}" for marker, said in words.MARKERS.items())
    return [
        f"A working name was written for this site and is not official. {report.vision.framework_note}",
        f"What the source says of a value; published, if no more. Shorthand: {shorthand}; {BLANKS}.",
        "A published target or milestone is a stated commitment. An illustrative one is nobody\u2019s "
        "commitment: its basis says how it was drawn.",
        " ".join([progress.PATH_RULE, *(f"{status.label}: {status.rule}" for status in progress.Status)]),
        "Worked out from the baseline, the milestones, the target and the latest value, to "
        f"{WORKED_OUT_DECIMALS} decimals. A share of 1 is the whole way from baseline to target.",
        "The licence of the measure\u2019s own source. A value taken from elsewhere names its source.",
    ]


def _edition(report: Origin) -> str:
    number, issued_on = report.edition.number, localdate(report.edition.issued_at)
    return f"{report.vision.name}, edition {number}, issued on {words.day(issued_on)}."


def workbook(report: Origin, title: str, says: Sequence[str], sheets: Sequence[Sheet]) -> bytes:
    out = io.BytesIO()
    font = {"font_name": "Arial", "font_size": 12}
    book = Workbook(out, {"in_memory": True, "default_format_properties": font})
    book.set_properties(
        {
            "title": title,
            "subject": report.vision.name,
            "author": report.vision.publisher,
            "company": report.vision.publisher,
            "comments": _edition(report),
            # Not the time of writing: the same edition gives the same bytes, whenever it is asked for.
            "created": report.edition.issued_at.astimezone(UTC),
        }
    )
    formats = _Formats.of(book)
    notes = [(f"[note {number}]", text) for number, text in enumerate(_notes(report), 1)]
    sheets = [Sheet("Notes", "Notes", Table(("Note", "Text"), notes)), *sheets]
    _write_cover(book.add_worksheet("Cover"), report, title, says, formats)
    contents = book.add_worksheet("Contents")
    listed = Table(("Sheet", "What it holds"), [(sheet.name, sheet.title) for sheet in sheets])
    _write_sheet(contents, Sheet("Contents", "Contents", listed), _edition(report), formats)
    for row, sheet in enumerate(sheets, HEADER_ROW + 1):
        contents.write_url(row, 0, f"internal:'{sheet.name}'!A1", string=sheet.name)
        _write_sheet(book.add_worksheet(sheet.name), sheet, _edition(report), formats)
    book.close()
    return out.getvalue()


class _Formats(NamedTuple):
    title: Format
    heading: Format
    text: Format
    figure: Format
    day: Format

    @classmethod
    def of(cls, book: Workbook) -> "_Formats":
        return cls(
            book.add_format({"bold": True, "font_size": 16}),
            book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            book.add_format({"text_wrap": True, "valign": "top"}),
            book.add_format({"valign": "top", "align": "right"}),
            book.add_format({"num_format": "d mmmm yyyy", "valign": "top", "align": "left"}),
        )


def _write_cover(sheet: Worksheet, report: Origin, title: str, says: Sequence[str], formats: _Formats) -> None:
    sheet.set_column(0, 0, 85)
    sheet.write_string(0, 0, title, formats.title)
    lines = [
        *says,
        _edition(report),
        f"Published by {report.vision.publisher}. {report.vision.publisher_url}".strip(),
        report.vision.framework_note,
        "Every value comes with its period, its source, its licence and what its source says of its standing.",
        "The Contents worksheet lists the tables; the Notes worksheet explains them.",
    ]
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line, formats.text)


def _write_sheet(sheet: Worksheet, what: Sheet, edition: str, formats: _Formats) -> None:
    columns, rows = what.table
    # A marked-up table must have a row.
    rows = rows or [("None yet", *[NOT_APPLICABLE] * (len(columns) - 1))]
    headings = [_heading(column, what.noted) for column in columns]
    sheet.write_string(0, 0, what.title, formats.title)
    sheet.write_string(1, 0, f"This worksheet contains one table. Shorthand: {BLANKS}; others: see Notes.")
    sheet.write_string(2, 0, edition)
    sheet.add_table(
        HEADER_ROW, 0, HEADER_ROW + len(rows), len(columns) - 1,
        {
            "name": what.name.lower(),
            "style": None,
            "autofilter": False,
            "columns": [{"header": heading, "header_format": formats.heading} for heading in headings],
        },
    )  # fmt: skip
    for index, heading in enumerate(headings):
        longest = max(len(str(row[index])) for row in rows[:ROWS_MEASURED])
        sheet.set_column(index, index, min(WIDEST, max(longest + 2, len(heading) // 2, NARROWEST)))
    for number, row in enumerate(rows, HEADER_ROW + 1):
        for index, cell in enumerate(row):
            _write_cell(sheet, number, index, _filled(columns[index], cell), formats)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Any, formats: _Formats) -> None:
    """Text is always written as text: nothing that somebody typed becomes a formula or a link."""
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, formats.text)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats.day)
    else:
        sheet.write_number(row, column, float(cell) if isinstance(cell, Decimal) else cell, formats.figure)
