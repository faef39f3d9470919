"""From a sheet as people keep it to the table that importing.py checks: which column is which, what its cells mean.

Nothing is guessed. What cannot be told is refused with its row and column, and the other rows can still be taken.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from luton2040.problems import Problem, Refused
from outcomes import cells, headings, importing, labels
from outcomes import formatting as words
from outcomes.cells import MARKER
from outcomes.headings import REVISED, TITLES
from outcomes.importing import OPTIONAL, REQUIRED, Check, Known, Row
from outcomes.periods import Period
from outcomes.sheets import Fault, Sheet

BLANKS = {"", "[x]", "[z]"}  # as our spreadsheets say that there is nothing
# Of a table without a header, by the number of its columns: of one measure, and where each row names its own.
OF_ONE_MEASURE = {2: ["period", "value"], 4: ["period", "value", "lower", "upper"]}
WITH_MEASURE = {1 + number: ["measure", *names] for number, names in OF_ONE_MEASURE.items()}
PERIOD = ("period", "period_start", "period_duration", "period_end")
NUMBERS = ("value", "lower", "upper")
NAME_THEM = "Put a header above them: Measure code, Period, Value, and whatever else there is."


@dataclass(frozen=True)
class Arranged:
    table: pd.DataFrame  # the columns of the import, by row as the spreadsheet numbers them
    problems: list[Problem]  # columns are named as in the import, or "period"
    notes: list[str]
    left_out: int  # rows without a value: no fault, as a list may be filled in bit by bit


@dataclass(frozen=True)
class Taken:
    """What a sheet comes to: the rows that may be proposed, and all that is wrong with the others."""

    rows: list[Row]
    problems: list[Problem]
    notes: list[str]
    left_out: int


def take(sheet: Sheet, *, known: Known, today: date, **given) -> Taken:
    """Arrange, by what else arrange() is to be given, and check."""
    arranged = arrange(sheet, known=known, **given)
    rows, problems = importing.check(
        arranged.table, name=sheet.name, known=known, today=today, told=arranged.problems
    )  # fmt: skip
    return Taken(rows, problems, arranged.notes, arranged.left_out)


def arrange(
    sheet: Sheet,
    *,
    known: Known,
    home_area: str,
    series: Mapping[str, Sequence[Period]],
    default_measure: str | None = None,
    default_day: date | None = None,
) -> Arranged:
    """`series`: the periods that are published of each measure, the latest last. They say what a label means."""
    rows = _Rows(sheet.name, known, home_area, series, default_measure, default_day)
    table, notes, left_out = {}, sheet.notes, 0
    try:
        columns, notes = _columns(sheet, known, default_measure)
        _refuse_gaps(sheet, columns, default_measure, default_day)
    except Refused as refused:
        rows.found.fault(refused.what, refused.mend)
    else:
        faults = _faults(sheet, columns)
        texts = zip(*(sheet.cells[position] for position in columns.values()), strict=True)
        for number, row in zip(sheet.cells.index, texts, strict=True):
            cell = _blanked(dict(zip(columns, row, strict=True)))
            wrong = faults.get(number, {})
            if not any(cell.get(name) or name in wrong for name in NUMBERS):
                left_out += 1
            else:
                table[number] = rows.read(number, cell, wrong)
    frame = pd.DataFrame.from_dict(table, orient="index", columns=REQUIRED + OPTIONAL, dtype="object")
    if left_out:
        notes = [*notes, f"{words.count(left_out, 'row')} without a value left out."]
    return Arranged(frame, rows.found.problems, notes, left_out)


# --- which column is which ---


def _columns(sheet: Sheet, known: Known, default_measure: str | None) -> tuple[dict[str, int], list[str]]:
    """Where the columns of the import are in the sheet, and notes on what is read past."""
    if sheet.header is None:
        return _columns_by_place(sheet, known, default_measure), sheet.notes
    found, past = {}, []
    for position, heading in sheet.header.items():
        name = headings.column(heading)
        if name is None:
            past.append(f"“{heading[:40]}”")
        elif name not in found:
            found[name] = position
        elif name in TITLES:
            both = f"“{sheet.header[found[name]]}” and “{heading}”"
            raise Refused(f"Two columns could be the {TITLES[name].lower()}: {both}.", "Keep one, or rename the other.")
    if "measure" not in found and "measure_name" in found:
        found["measure"] = found["measure_name"]
    notes = [*sheet.notes, f"Columns that were not read: {', '.join(past)}."] if past else sheet.notes
    return found, notes


def _columns_by_place(sheet: Sheet, known: Known, default_measure: str | None) -> dict[str, int]:
    positions = list(sheet.cells.columns)
    codes = {code.casefold() for code in known.measures}
    names_measures = sheet.cells[positions[0]].str.casefold().isin(codes).any()
    if default_measure is None and not names_measures:
        raise Refused(
            "Nothing says which measure the values are of.", "Put a header above them: Measure code, Period, Value."
        )
    names = (WITH_MEASURE if names_measures else OF_ONE_MEASURE).get(len(positions))
    if names is None:
        raise Refused(f"Nothing says what the {len(positions)} columns are.", NAME_THEM)
    return dict(zip(names, positions, strict=True))


def _refuse_gaps(sheet: Sheet, columns: dict[str, int], default_measure: str | None, default_day: date | None) -> None:
    if REVISED in columns:
        raise Refused("This is a list of revisions, not of values.", "Hand in the values.")
    missing = [] if "value" in columns else ["value"]
    if not columns.keys() & {"period", "period_start"}:
        missing.append("period")
    if "measure" not in columns and default_measure is None:
        missing.append("measure")
    if "retrieved_on" not in columns and default_day is None:
        missing.append("retrieved_on")
    if "area" not in columns and "area_name" in columns and sheet.cells[columns["area_name"]].any():
        missing.append("area")  # names alone do not say which places are meant, and home would be a guess
    if missing:
        names = " and ".join(f"“{TITLES[name]}”" for name in missing)
        raise Refused(f"No column is named {names}.", "Add it, or give a column that name in the header.")


def _faults(sheet: Sheet, columns: dict[str, int]) -> dict[int, dict[str, Fault]]:
    """Of the cells that are read, by row and name of the column."""
    names = {position: name for name, position in columns.items() if name in TITLES or name == "period_end"}
    faults: dict[int, dict[str, Fault]] = {}
    for (row, position), fault in sheet.faults.items():
        if position in names:
            faults.setdefault(row, {})[names[position]] = fault
    return faults


def _blanked(cell: dict[str, str]) -> dict[str, str]:
    """Without what stands for nothing; but beside a period, [x] for a value says that there is none to take."""
    has_period = any(cell.get(name, "") not in BLANKS for name in PERIOD)
    kept = {"value"} if has_period else set()
    return {name: "" if text in BLANKS and name not in kept else text for name, text in cell.items()}


# --- what its cells mean ---


class _Rows:
    """Reads rows one by one; what is wrong with them is collected in `found`."""

    def __init__(self, name, known, home_area, series, default_measure, default_day):
        self.found = Check(name)
        self.known = known
        self.home_area = home_area
        self.series = series
        self.default_measure = default_measure or ""
        self.default_day = default_day.isoformat() if default_day else ""
        names = Counter(m.name.casefold() for m in known.measures.values())
        self.codes = {m.name.casefold(): code for code, m in known.measures.items() if names[m.name.casefold()] == 1}
        self.codes |= {code.casefold(): code for code in known.measures}
        self.periods: dict[tuple[str, ...], list[str]] = {}  # most rows share theirs with others

    def read(self, number: int, cell: dict[str, str], wrong: dict[str, Fault]) -> list[str]:
        """The row as the import wants it; what cannot be read stays as it is, which the import would refuse too."""
        for column, fault in wrong.items():
            self.found.fault(fault.what, fault.mend, row=number, column=column)
        row = {name: cell.get(name, "") for name in REQUIRED + OPTIONAL}
        row["measure"] = self.codes.get(row["measure"].casefold(), row["measure"]) or self.default_measure
        if "area" not in cell:
            row["area"] = self.home_area
        elif row["area"].upper() in self.known.areas:
            row["area"] = row["area"].upper()
        row["markers"] = cells.markers(row["markers"])
        row["retrieved_on"] = row["retrieved_on"] or self.default_day
        if row["retrieved_on"] and (day := self._try(number, "retrieved_on", cells.day, row["retrieved_on"])):
            row["retrieved_on"] = day.isoformat()
        if not wrong.keys() & set(PERIOD):
            row["period_start"], row["period_duration"] = self._period(number, row["measure"], cell)
        for column in NUMBERS:
            if column not in wrong and (row[column] or column == "value"):
                self._number(number, column, row)
        return list(row.values())

    def _try(self, number: int, column: str, read: Callable, *given) -> Any:
        """What `read` makes of the cell; None, and a fault, where it refuses."""
        try:
            return read(*given)
        except Refused as refused:
            self.found.fault(refused.what, refused.mend, row=number, column=column)

    def _number(self, number: int, column: str, row: dict[str, str]) -> None:
        read = self._try(number, column, cells.number, row[column], self.known.measures.get(row["measure"]))
        if read is None:
            return
        row[column] = read.text
        if read.markers and column != "value":
            self.found.fault("A limit has shorthand beside it.", "Put it beside the value.", row=number, column=column)
        else:
            row["markers"] += "".join(marker for marker in MARKER.findall(read.markers) if marker not in row["markers"])

    def _period(self, number: int, measure: str, cell: dict[str, str]) -> list[str]:
        texts = [cell.get(name, "") for name in PERIOD]
        key = (measure, *texts)
        if key not in self.periods:
            faults = len(self.found.problems)
            answer = self._stated(number, measure, *texts)
            if len(self.found.problems) > faults:
                return answer
            self.periods[key] = answer
        return self.periods[key]

    def _stated(self, number: int, measure: str, label: str, start: str, duration: str, end: str) -> list[str]:
        """Start and duration, from these or from the label; where more is stated than needed it must agree."""
        day = self._try(number, "period_start", cells.day, start) if start else None
        exact = _exact(day, duration)
        if start and not exact and (duration or not label):
            return [day.isoformat() if day else start, duration]
        if label or not start:
            of = self.known.measures.get(measure)
            held = [exact] if exact else self.series.get(measure, ())
            said = self._try(number, "period", labels.period, label, held, of.frequency if of else "")
            if said and (day and said.start != day or exact and said.end != exact.end):
                other = f"starts on {start}" + (f" and lasts {duration}" if exact else "")
                self.found.fault(f"“{label}” is not the period that {other}.",
                                 "Mend whichever is wrong, or clear the start and the length.",
                                 row=number, column="period")  # fmt: skip
            exact = exact or said
        if exact and end and (last := self._try(number, "period_end", cells.day, end)) and last != exact.end:
            self.found.fault(f"The period does not end on {end}.", "Mend the period, or clear its end.",
                             row=number, column="period_end")  # fmt: skip
        return [exact.start.isoformat(), exact.duration] if exact else ["", ""]


def _exact(start: date | None, duration: str) -> Period | None:
    try:
        return start and Period(start, duration.upper())
    except ValueError:
        return None
