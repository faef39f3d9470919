"""What is due, as a file to fill in: each row is ready but for its value, and is handed back as it is.

The desk leaves out rows whose value is still empty, so that it may be filled in bit by bit.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import date

from xlsxwriter import Workbook

from outcomes import formatting as words
from outcomes.downloads import Table, csv_of
from outcomes.due import Due, next_period
from outcomes.periods import Period

# The columns of the import, with those in words that it reads past beside the codes that they explain.
COLUMNS = (
    "measure", "measure_name", "unit", "area", "area_name", "period_label", "period_start", "period_duration", "value",
    "lower", "upper", "markers", "note", "source_name", "source_url", "retrieved_on",
)  # fmt: skip
TO_FILL_IN = ("value", "lower", "upper", "markers", "note", "retrieved_on")
WIDTHS = {"measure_name": 44, "unit": 34, "period_label": 26, "source_name": 40, "source_url": 40, "note": 30}
WIDTH = 16


def due_table(work: Iterable[Due]) -> Table:
    """A row for each release that should be out by now and is not held here, longest ago first."""
    return Table(COLUMNS, [row for due in work if due.is_pressing for row in _rows(due)])


def _rows(due: Due) -> Iterator[tuple]:
    measure, vision = due.report.measure, due.report.vision
    for period in _periods(due):
        yield (
            measure.measure_id, measure.name, measure.unit, vision.home_area, vision.place,
            words.period_name(period), period.start, period.duration, None,
            None, None, "", "", measure.source_name, measure.source_url, None,
        )  # fmt: skip


def _periods(due: Due) -> Iterator[Period]:
    period = due.period
    for _ in range(due.behind):
        yield period
        period = next_period(period, due.report.measure.frequency)


def due_csv(table: Table) -> bytes:
    return csv_of(table)


def due_xlsx(table: Table) -> bytes:
    """One sheet with its header in row 1; the columns to fill in are tinted, and the only empty ones."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "default_format_properties": {"font_name": "Arial", "font_size": 12}})
    sheet = book.add_worksheet("Values due")
    plain, tinted = {}, {"bg_color": "#FFF6D6", "border": 1, "border_color": "#8A8F99"}
    text = {"text_wrap": True, "valign": "top"}
    day = {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}
    for index, column in enumerate(table.columns):
        look = tinted if column in TO_FILL_IN else plain
        is_day = column in ("period_start", "retrieved_on")
        cells = book.add_format(look | (day if is_day else text))
        sheet.set_column(index, index, WIDTHS.get(column, WIDTH))
        sheet.write_string(0, index, column, book.add_format(look | text | {"bold": True, "bottom": 1}))
        for number, row in enumerate(table.rows, 1):
            _write(sheet, number, index, row[index], cells)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _write(sheet, row: int, column: int, cell, look) -> None:
    """Text is always written as text: nothing that somebody typed becomes a formula or a link."""
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, look)
    elif cell:
        sheet.write_string(row, column, cell, look)
    else:
        sheet.write_blank(row, column, None, look)
