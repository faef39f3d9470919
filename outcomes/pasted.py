"""Cells that were pasted or handed in as a file: what they would do to the record, and what was chosen of them.

A draft keeps the cells as they were understood, what could not be read, and the choices (`Kept`). What follows from
those is worked out against the record each time that it is looked at (`review`), as the record goes on meanwhile.
"""

import io
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Self

import pandas as pd

from luton2040.editions import Edition
from luton2040.problems import Problem
from luton2040.roles import Role, people_with
from outcomes import checks, headings, importing, preview
from outcomes import formatting as words
from outcomes.arranging import Arranged
from outcomes.comparing import Effect, LineBeside, Preview
from outcomes.importing import Known, Row
from outcomes.models import AreaVersion, MeasureVersion, Observation, Submission, SubmissionLine
from outcomes.neighbours import exact
from outcomes.officers import own_measures
from outcomes.publishing import FIELDS, FIGURES, SERIES_AND_PERIOD
from outcomes.sheets import Sheet

KEY = len(SERIES_AND_PERIOD) + 1  # of a row, behind its number
STATED = FIELDS[len(SERIES_AND_PERIOD) :]


@dataclass
class Kept:
    """What a draft keeps of cells that were sent; all of it plain, as JSON has it."""

    table: str  # CSV, each row with its number
    name: str = ""  # of the file; empty where cells were pasted
    notes: list[str] = field(default_factory=list)  # on how the file was read
    unread: list[dict[str, str]] = field(default_factory=list)  # problems of rows that are not in the table
    measures: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)  # the columns that the cells had
    left_out: list[int] = field(default_factory=list)
    looked_at: list[int] = field(default_factory=list)  # what was left out when the rows were last shown
    reasons: dict[str, str] = field(default_factory=dict)  # by row: why the value is right although it was warned of
    reason_for_all: str = ""
    public_reason: str = ""
    note: str = ""  # to the approver

    @classmethod
    def of(cls, sheet: Sheet, arranged: Arranged, name: str) -> Self:
        table = arranged.table
        headed = {headings.column(heading) for heading in (sheet.header or {}).values()}
        given = headed & set(STATED) if sheet.header else {column for column in FIGURES if table[column].any()}
        return cls(
            table=table.to_csv(index_label="row"),
            name=name,
            notes=arranged.notes,
            unread=[asdict(problem) for problem in arranged.problems],
            measures=sorted(set(table["measure"])),
            given=sorted(given),
        )

    def as_typed(self) -> dict[str, Any]:
        return asdict(self)

    def cells(self) -> pd.DataFrame:
        return pd.read_csv(io.StringIO(self.table), index_col="row", dtype=object, keep_default_na=False)

    def with_choices_of(self, before: Self) -> Self:
        """Cells that are sent again once they are mended: what was said of a row goes for the very same row."""
        was = {key: row for row, key in before._keys().items()}
        same = {row: was[key] for row, key in self._keys().items() if key in was}
        if not same:
            return self
        out = set(before.left_out)
        left_out = [row for row, old in same.items() if old in out]
        reasons = {str(row): before.reasons[str(old)] for row, old in same.items() if str(old) in before.reasons}
        said = {"public_reason": before.public_reason, "note": before.note}
        return replace(self, left_out=left_out, looked_at=left_out, reasons=reasons, **said)

    def _keys(self) -> dict[int, tuple]:
        cells = self.cells()[["measure", "area", "period_start", "period_duration", "value"]]
        return {row: tuple(cell) for row, *cell in cells.itertuples(name=None)}


# --- against the record ---


@dataclass(frozen=True)
class Line:
    """A row that can be taken, beside what is published."""

    beside: LineBeside
    is_taken: bool
    own_reason: str = ""

    @property
    def row(self) -> int:
        return self.beside.line.row

    @property
    def effect(self) -> Effect:
        return self.beside.effect

    @property
    def title(self) -> str:
        return f"{self.beside.measure.name}, {self.beside.place}, {words.period_name(self.beside.line.period)}"

    @property
    def value(self) -> str:
        return exact(self.beside.line.value, self.beside.measure)

    @property
    def published(self) -> str:
        return exact(self.beside.was.value, self.beside.measure) if self.beside.was else ""

    @property
    def lacks_reason(self) -> bool:
        return self.is_taken and bool(self.beside.warnings) and not self.beside.line.reason

    @property
    def group(self) -> str:
        """The table that it is shown in."""
        return "warned" if self.beside.warnings else self.effect.slug


@dataclass(frozen=True)
class Review:
    lines: list[Line]
    refused: list[Problem]
    record: checks.Record
    home: str

    def of_group(self, name: str) -> list:
        return self.refused if name == "refused" else [line for line in self.lines if line.group == name]

    @cached_property
    def groups(self) -> dict[str, list]:
        return {name: self.of_group(name) for name in ("warned", "changed", "new", "refused", "same")}

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows of each group; a refused one may have several problems."""
        found = {name: len(members) for name, members in self.groups.items()}
        return found | {"refused": len({problem.row for problem in self.refused})}

    @cached_property
    def takeable(self) -> list[Line]:
        return [line for line in self.lines if line.effect is not Effect.SAME]

    @cached_property
    def taken(self) -> list[SubmissionLine]:
        return [line.beside.line for line in self.takeable if line.is_taken]

    @cached_property
    def lacking_reason(self) -> list[Line]:
        return [line for line in self.lines if line.lacks_reason]

    @property
    def can_revise(self) -> int:
        """How many of the rows would replace a published value."""
        return sum(line.effect is Effect.CHANGED for line in self.lines)

    @property
    def revises(self) -> int:
        """How many of those are taken."""
        return sum(line.effect is Effect.CHANGED and line.is_taken for line in self.lines)

    @property
    def adds(self) -> int:
        """How many rows are taken for which nothing is published."""
        return sum(line.effect is Effect.NEW and line.is_taken for line in self.lines)

    @cached_property
    def previews(self) -> list[Preview]:
        """What the page of each outcome would tell, where a value of the home area is taken."""
        taken = defaultdict(list)
        for line in self.taken:
            if line.area_id == self.home:
                taken[line.measure_id].append(line)
        reports = self.record.reports
        return [Preview(reports[code], preview.with_values(reports[code], lines)) for code, lines in taken.items()]


def review(kept: Kept, *, by, edition: Edition, today: date, home: str) -> Review:
    """In a fixed number of queries, however many rows there are."""
    places = dict(AreaVersion.objects.at(edition).values_list("area", "name"))
    known = Known({m.measure_id: m for m in MeasureVersion.objects.at(edition)}, frozenset(places))
    unread = [Problem(**problem) for problem in kept.unread]
    rows, problems = importing.check(kept.cells(), name="", known=known, today=today, told=unread)
    rows, not_own = _own(rows, by, known)
    rows, on_their_way = _free(rows)
    held = _Held(rows, edition)
    rows = [_completed(row, held.at(row), kept.given) for row in rows]
    record = checks.read_record(rows, edition, today)
    doubts = _doubts(rows, record, frozenset(kept.left_out))
    besides = (
        LineBeside(
            line=_line(row, doubts.get(row.row, ()), kept),
            was=held.at(row),
            before=held.before(row),
            measure=known.measures[row.measure_id],
            place=places[row.area_id],
            is_home=row.area_id == home,
        )
        for row in rows
    )
    left_out = frozenset(kept.left_out)
    lines = [Line(b, b.line.row not in left_out, kept.reasons.get(str(b.line.row), "")) for b in besides]
    refused = [*problems, *not_own, *on_their_way]
    return Review(lines, sorted(refused, key=lambda problem: problem.row or 0), record, home)


def _line(row: Row, doubts: Sequence[checks.Warning], kept: Kept) -> SubmissionLine:
    reason = kept.reasons.get(str(row.row), "").strip() or kept.reason_for_all.strip()
    warned = "\n".join(doubt.what for doubt in doubts)
    return SubmissionLine(**row._asdict(), warnings=warned, reason=reason if doubts else "")


def _own(rows: Sequence[Row], by, known: Known) -> tuple[list[Row], list[Problem]]:
    own = own_measures(by)
    others = {row.measure_id for row in rows} - own
    if not others:
        return list(rows), []
    names = defaultdict(list)
    people = people_with(Role.OFFICER).filter(measures__in=others).values_list("measures", "name", "email")
    for code, name, email in people:
        names[code].append(name or email)
    said = {}
    for code in others:
        who = words.listed(names[code])
        does = f"{who} look{'s' if len(names[code]) == 1 else ''} after it" if who else "nobody looks after it yet"
        said[code] = f"{known.measures[code].name} ({code}) is not one of your measures: {does}."
    mend = "Leave it to them, or ask an administrator to make the measure yours too."
    refused = [
        Problem("", f"row {row.row}", "measure", said[row.measure_id], mend) for row in rows if row.measure_id in said
    ]
    return [row for row in rows if row.measure_id in own], refused


def _free(rows: Sequence[Row]) -> tuple[list[Row], list[Problem]]:
    """Without those whose value is on its way already: two of it cannot be."""
    measures = {row.measure_id for row in rows}
    lines = SubmissionLine.objects.filter(submission__in=Submission.objects.on_their_way(), measure__in=measures)
    taken = {tuple(key): number for number, *key in lines.values_list("submission", *SERIES_AND_PERIOD)}
    what = (
        "A value for the same measure, place and period was handed in already, and is not published yet: submission {}."
    )
    mend = "Wait until it is decided, or change that one."
    refused = [
        Problem("", f"row {row.row}", "value", what.format(taken[row[1:KEY]]), mend)
        for row in rows
        if row[1:KEY] in taken
    ]
    return [row for row in rows if row[1:KEY] not in taken], refused


def known_at(edition: Edition) -> Known:
    areas = AreaVersion.objects.at(edition).values_list("area", flat=True)
    return Known({m.measure_id: m for m in MeasureVersion.objects.at(edition)}, frozenset(areas))


class _Held:
    """What is published of the series that rows are about; in one query."""

    def __init__(self, rows: Sequence[Row], edition: Edition):
        found = Observation.objects.at(edition).filter(measure__in={row.measure_id for row in rows})
        self.series = defaultdict(list)
        for observation in found.order_by("-period_start"):
            self.series[observation.measure_id, observation.area_id].append(observation)

    def at(self, row: Row) -> Observation | None:
        of = (row.period_start, row.period_duration)
        return next((o for o in self.series[row[1:3]] if (o.period_start, o.period_duration) == of), None)

    def before(self, row: Row) -> Observation | None:
        return next((o for o in self.series[row[1:3]] if o.period_start < row.period_start), None)


def _completed(row: Row, was: Observation | None, given: Collection[str]) -> Row:
    """A row that says the same in all the columns that the cells had takes nothing away in the others.

    Shorthand beside a figure says something too, where there is no column of it.
    """
    given = {*given, "markers"} if row.markers else given
    if was is None or any(getattr(row, name) != getattr(was, name) for name in FIELDS if name in given):
        return row
    return row._replace(**{name: getattr(was, name) for name in FIELDS})


def _doubts(rows: Sequence[Row], record: checks.Record, left_out: Collection[int]) -> dict[int, list]:
    """Rows are judged beside those that they would be published with."""
    among_all = checks.warnings_by_row(rows, record) if left_out else {}
    of_left_out = {row: doubts for row, doubts in among_all.items() if row in left_out}
    return of_left_out | checks.warnings_by_row([row for row in rows if row.row not in left_out], record)


# --- what nobody has looked at yet ---


def news(shown: Review, found: Review) -> list[str]:
    """What is otherwise than it was shown: the record has gone on, or other choices raise other doubts. In words."""
    before = {line.row: line for line in shown.lines}
    said = [_news(before.get(line.row), line) for line in found.lines if line.is_taken]
    now = {line.row for line in found.lines}
    gone = [f"Row {row}, {line.title}, cannot be taken any more." for row, line in before.items() if row not in now]
    return [*gone, *filter(None, said)]


def _news(shown: Line | None, line: Line) -> str:
    of = f"Row {line.row}, {line.title}"
    if shown is None:
        return f"{of}, can be taken now."
    if _says(shown.beside.was) != _says(line.beside.was):
        was, now = shown.published or "Nothing", line.published or "nothing"
        return f"{of}: {was} was published when you looked, {now} is now."
    fresh = [doubt for doubt in line.beside.warnings if doubt not in shown.beside.warnings]
    return f"{of}, is doubtful now. {' '.join(fresh)}" if fresh else ""


def _says(held: Observation | None) -> tuple | None:
    return held and tuple(getattr(held, name) for name in FIELDS)
