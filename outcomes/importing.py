"""What a valid row of values is, whoever hands it in: read() a file into cells, check() the cells into rows.

Nothing is saved here. Every fault of a file is reported at once, with its row (as a spreadsheet numbers them: the
header is row 1), its column and what to do.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from luton2040.problems import Problem
from outcomes import formatting as words
from outcomes.models import MeasureVersion
from outcomes.periods import DURATION, Period

REQUIRED = ["measure", "area", "period_start", "period_duration", "value", "retrieved_on"]
PERIOD_COLUMNS = ("period_start", "period_duration")
OPTIONAL = ["lower", "upper", "markers", "note", "source_name", "source_url"]
# Columns of the site's own downloads that say in words what other columns say: read past, so that a download can
# be filled in and handed back as it is.
READ_PAST = ["measure_name", "area_name", "period_label", "period_end", "unit", "standing", "licence"]

MAX_BYTES = 60_000_000
MAX_ROWS = 250_000
# [0-9] and not \d, which would take the digits of every script.
# SQLite keeps 15 digits of a decimal and changes the rest, so that more cannot be taken.
NUMBER = r"-?(?=(?:[0-9]\.?){1,15}\Z)[0-9]{1,12}(?:\.[0-9]{1,6})?"
MARKERS = r"(?:\[[prbeuca]\]){0,6}"
DAY = r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"  # no calendar of ours has a year 0


class Row(NamedTuple):
    row: int
    measure_id: str
    area_id: str
    period_start: date
    period_duration: str
    value: Decimal
    lower: Decimal | None
    upper: Decimal | None
    markers: str
    note: str
    source_name: str
    source_url: str
    retrieved_on: date


@dataclass(frozen=True)
class Known:
    """What a row may refer to."""

    measures: dict[str, MeasureVersion]
    areas: frozenset[str]


class Check:
    """Collects problems of one table, told by row and column."""

    def __init__(self, name: str):
        self.name = name
        self.problems: list[Problem] = []

    def fault(self, what: str, mend: str, *, row: int | None = None, column: str = "") -> None:
        self.problems.append(Problem(self.name, f"row {row}" if row else "", column, what, mend))

    def faults(self, table: pd.DataFrame, wrong: pd.Series, column: str, what: str, mend: str) -> None:
        """One problem for each row where `wrong`; {} in `what` takes the cell."""
        for row, cell in table.loc[wrong, column].items():
            self.fault(what.format(f"“{str(cell)[:40]}”"), mend, row=row, column=column)


def read(data: bytes, name: str) -> tuple[pd.DataFrame | None, list[Problem]]:
    """A table of text cells, indexed by row number; None where the file cannot be read as a table at all."""
    check = Check(name)
    text = _text(data, check)
    if text is None:
        return None, check.problems
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        check.fault(f"The file is not a comma-separated table ({error}).", "Save it again as CSV UTF-8.")
        return None, check.problems
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    if not _header_is_good(header, check):
        return None, check.problems
    rows = {}
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            check.fault(f"The row has {len(cells)} cells; the header has {len(header)}.",
                        "Look for a comma too many or too few, or a missing quote.", row=number)  # fmt: skip
            continue
        rows[number] = cells
    if not rows and not check.problems:
        check.fault("There is a header but no row of values.", "Add at least one row.")
    if len(rows) > MAX_ROWS:
        check.fault(f"The file has {len(rows):,} rows.", f"Split it into files of at most {MAX_ROWS:,} rows.")
        return None, check.problems
    table = pd.DataFrame.from_dict(rows, orient="index", columns=header, dtype="object")
    return table.apply(lambda column: column.str.strip()), check.problems


def _text(data: bytes, check: Check) -> str | None:
    if len(data) > MAX_BYTES:
        check.fault(f"The file has {len(data):,} bytes.", f"Split it into files of at most {MAX_BYTES:,} bytes.")
    elif not data.strip():
        check.fault("The file is empty.", "Hand in a CSV file with a header and a row for each value.")
    elif b"\0" in data:
        check.fault("The file is not plain text.", "Save the sheet as “CSV UTF-8” and hand in that file.")
    else:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1  # a byte-order mark is not in it
            check.fault("The file holds a character that is not UTF-8.", "Save it as “CSV UTF-8”.", row=line)
    return None


def _header_is_good(header: list[str], check: Check) -> bool:
    for column in REQUIRED:
        if column not in header:
            check.fault("The column is missing.", "Add it to the header (row 1).", row=1, column=column)
    for column in sorted(set(header)):
        if header.count(column) > 1:
            check.fault("The column is there twice.", "Keep one of them.", row=1, column=column)
        elif column not in REQUIRED + OPTIONAL + READ_PAST:
            check.fault("The column is not known.",
                        f"Remove it, or rename it to one of: {', '.join(REQUIRED + OPTIONAL)}.",
                        row=1, column=column or "(no name)")  # fmt: skip
    return not check.problems


def check(
    table: pd.DataFrame, *, name: str, known: Known, today: date, told: Sequence[Problem] = ()
) -> tuple[list[Row], list[Problem]]:
    """The rows without fault, typed and in the order of the table, and every fault of the others.

    `told` are faults found before this, when the table was made: they count, and their cells are not faulted again.
    """
    found = Check(name)
    table = table.copy()
    for column in OPTIONAL:
        if column not in table:
            table[column] = ""
    _check_names(table, known, found)
    days = _check_days(table, today, found)
    _check_numbers(table, known, found)
    _check_once(table, found)
    problems = sorted([*told, *_untold(found.problems, told)], key=lambda p: p.row or 0)
    if problems:
        good = table.index.difference([p.row for p in problems], sort=False)
        table, days = table.loc[good], {column: of_column[good] for column, of_column in days.items()}
    return _rows(table, days, known), problems


def _untold(problems: list[Problem], told: Sequence[Problem]) -> list[Problem]:
    cells = {(p.row, p.column) for p in told}
    # A period that could not be read has neither a start nor a length.
    cells |= {(row, name) for row, column in cells if column.startswith("period") for name in PERIOD_COLUMNS}
    return [p for p in problems if (p.row, p.column) not in cells]


def _check_names(table: pd.DataFrame, known: Known, found: Check) -> None:
    found.faults(table, ~table["measure"].isin(list(known.measures)), "measure",
                 "{} is not a measure.", "Use the code shown on the outcome's page.")  # fmt: skip
    found.faults(table, ~table["area"].isin(list(known.areas)), "area",
                 "{} is not an area held here.", "Use the nine-character GSS code, such as E92000001.")  # fmt: skip
    found.faults(table, ~table["markers"].str.fullmatch(MARKERS), "markers",
                 "{} is not a marker.", "Use [p], [r], [b], [e], [u], [c] or [a], one after another.")  # fmt: skip
    strange = (table["source_url"] != "") & ~table["source_url"].str.fullmatch(r"https?://\S{1,490}")
    found.faults(table, strange, "source_url", "{} is not a web address.", "Give the whole address, with https://.")
    found.faults(table, table["source_name"].str.len() > 250, "source_name",
                 "The text {}… is too long.", "Keep it to 250 characters.")  # fmt: skip


def _check_days(table: pd.DataFrame, today: date, found: Check) -> dict[str, pd.Series]:
    days = {}
    for column in ("period_start", "retrieved_on"):
        cells = table[column].where(table[column].str.fullmatch(DAY), None)
        days[column] = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
        found.faults(table, days[column].isna(), column, "{} is not a day.", "Write it as 2024-04-01.")
    shaped = table["period_duration"].str.fullmatch(DURATION.pattern, flags=re.ASCII)
    found.faults(table, ~shaped, "period_duration", "{} is not a length of time.",
                 "Write P1Y for a year, P3M for three months, P1D for a day.")  # fmt: skip
    usable = shaped & days["period_start"].notna() & days["retrieved_on"].notna()
    ends = {}
    for number, start, duration in zip(
        table.index[usable], days["period_start"][usable], table["period_duration"][usable], strict=True
    ):
        ends[number] = _end(start.date(), duration)
    ends = pd.Series(ends, dtype="object")
    released = days["retrieved_on"][usable].dt.date
    never = ends.isna()
    found.faults(table.loc[ends.index], never, "period_duration", "{} runs past the calendar.", "Shorten the period.")
    early = ~never & (ends.where(~never, date.min) > released)
    found.faults(table.loc[ends.index], early, "retrieved_on",
                 "The period ends after its release on {}.",
                 "Check the period's start, its length and this day.")  # fmt: skip
    found.faults(table.loc[ends.index], released > today, "retrieved_on",
                 "{} has not come yet.", "Give the day of the release used.")  # fmt: skip
    return days


def _end(start: date, duration: str) -> date | None:
    try:
        return Period(start, duration).end
    except (ValueError, OverflowError):
        return None


def _check_numbers(table: pd.DataFrame, known: Known, found: Check) -> None:
    numbers = {}
    for column in ("value", "lower", "upper"):
        shaped = table[column].str.fullmatch(NUMBER)
        wanted = (table[column] != "") if column != "value" else pd.Series(True, index=table.index)
        found.faults(table, wanted & ~shaped, column, "{} is not a number that can be stored.",
                     "Write at most 15 digits, 6 of them decimals: no £, %, comma, space or marker.")  # fmt: skip
        numbers[column] = _millionths(table[column].where(shaped, None))
    for column, way in (("natural_min", "least"), ("natural_max", "most")):
        limits = {code: getattr(m, column) for code, m in known.measures.items()}
        limit = _millionths(table["measure"].map(limits.get))
        for cell in ("value", "lower", "upper"):
            beyond = (numbers[cell] < limit if way == "least" else numbers[cell] > limit).fillna(False)
            for code in table["measure"][beyond].unique():
                end = words.with_unit(words.quoted(limits[code]), known.measures[code])
                found.faults(table, beyond & (table["measure"] == code), cell,
                             f"{{}} is outside what the measure can be, which is at {way} {end}.",
                             "Check the unit and the decimal point.")  # fmt: skip
    one = (table["lower"] == "") != (table["upper"] == "")
    found.faults(table, one, "lower", "Only one of the two limits is given.", "Give both limits or none.")
    outside = (numbers["value"] < numbers["lower"]).fillna(False) | (numbers["value"] > numbers["upper"]).fillna(False)
    found.faults(table, outside, "value", "{} is not between its limits.", "Check the three numbers.")


def _millionths(cells: pd.Series) -> pd.Series:
    """As whole numbers, which compare exactly where floats of as many digits do not."""
    whole = [None if pd.isna(cell) else int(Decimal(cell).scaleb(6)) for cell in cells]
    return pd.Series(whole, index=cells.index, dtype="Int64")


def _check_once(table: pd.DataFrame, found: Check) -> None:
    key = ["measure", "area", "period_start", "period_duration"]
    found.faults(table, table.duplicated(key, keep=False), "period_start",
                 "The same measure, area and period {} is there twice.", "Keep one of the rows.")  # fmt: skip


def _rows(table: pd.DataFrame, days: dict, known: Known) -> list[Row]:
    def decimals(column: str) -> Iterable[Decimal | None]:
        return (Decimal(cell) if cell else None for cell in table[column])

    own = {code: (m.source_name, m.source_url) for code, m in known.measures.items()}
    sources = [
        (name, url) if name or url else own[code]
        for name, url, code in zip(table["source_name"], table["source_url"], table["measure"], strict=True)
    ]
    return [
        Row(*cells)
        for cells in zip(
            table.index,
            table["measure"],
            table["area"],
            days["period_start"].dt.date,
            table["period_duration"],
            decimals("value"),
            decimals("lower"),
            decimals("upper"),
            table["markers"],
            table["note"],
            (name for name, _ in sources),
            (url for _, url in sources),
            days["retrieved_on"].dt.date,
            strict=True,
        )
    ]
