"""Reports as files: tables, CSV and JSON. Pure: no request, no clock, no query.

Every file is laid out from the same few tables of the report that the page shows; spreadsheets.py makes
sheets of them.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.timezone import localdate

from outcomes import formatting as words
from outcomes import progress, sentences
from outcomes.models import MeasureVersion, Milestone, Revision
from outcomes.report import Goal, OutcomeReport, Value

PUBLISHED = "published"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OTHER_LICENCE = "Not recorded: see the source of this value"
WORKED_OUT_DECIMALS = 6  # of figures that are exact fractions until they are written: as many as a value may have
ROLES = ("home", "comparator", "similar", "other")

Reports = OutcomeReport | Iterable[OutcomeReport]


class Table(NamedTuple):
    columns: tuple[str, ...]
    rows: list[tuple]  # of texts, decimals, dates, whole numbers; None or "" where there is nothing to say

    def records(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


class Place(NamedTuple):
    code: str
    name: str
    role: str
    values: list[Value]


class Mark(NamedTuple):
    """A baseline with the value it takes its figure from, or a milestone or target as it turned out."""

    report: OutcomeReport
    milestone: Milestone
    value: Value | None
    goal: Goal | None

    @property
    def judge(self) -> Value | None:
        return self.goal and self.goal.judged_by

    @property
    def source(self) -> tuple[str | None, str | None]:
        """Of the value beside it: a milestone itself rests on its basis, not on a source."""
        value = self.value or self.judge
        return source(self.report.measure, value) if value else (None, None)


def many(reports: Reports) -> list[OutcomeReport]:
    return [reports] if isinstance(reports, OutcomeReport) else list(reports)


def places(report: OutcomeReport) -> list[Place]:
    """Every area with values: home, comparators as drawn, the most similar first, then the rest by code."""
    home, beside = report.vision.home_area, report.vision.comparators
    found = []
    for code, values in (report.observations or {home: report.series}).items():
        area = report.areas.get(code)
        rank = area.similarity if area else None
        if code == home:
            role, order = "home", 0
        elif code in beside:
            role, order = "comparator", beside.index(code)
        else:
            role, order = ("other", 0) if rank is None else ("similar", rank)
        name = area.name if area else report.vision.place if code == home else code
        in_order = sorted(values, key=lambda v: (v.period.start, v.period.duration))
        found.append((ROLES.index(role), order, code, Place(code, name, role, in_order)))
    return [place for *_, place in sorted(found, key=lambda f: f[:3]) if place.values]


_period_name = lru_cache(4096)(words.period_name)


@lru_cache(256)
def _standing_of(markers: str) -> str:
    return ", ".join(words.markers(markers)) or PUBLISHED


def standing(value: Value | None) -> str | None:
    """What a value's source says of it, in words."""
    return value and _standing_of(value.markers)


def _period(value: Value | None) -> str | None:
    return value and _period_name(value.period)


def _figure(of: Value | Milestone | None) -> Decimal | None:
    return of and of.value


def source(measure: MeasureVersion, value: Value | None) -> tuple[str, str]:
    """Name and address of where a value comes from: the measure's own where the value has none of its own."""
    if value is None or not (value.source_name or value.source_url):
        return measure.source_name, measure.source_url
    return value.source_name, value.source_url


def licence(measure: MeasureVersion, value: Value | None) -> str:
    """The measure's licence covers its own source, not whatever else a single value was taken from."""
    name, url = source(measure, value)
    is_own = name == measure.source_name or url and url == measure.source_url
    return measure.licence if is_own else OTHER_LICENCE


def worked_out(number: Fraction | None) -> Decimal | None:
    return None if number is None else words.rounded(number, WORKED_OUT_DECIMALS)


# --- the tables ---

# The columns of the import, then those that say in words what the others say and that the import reads past:
# a download can be corrected in place and handed back as it is.
VALUE_COLUMNS = (
    "measure", "area", "period_start", "period_duration", "value", "lower", "upper", "markers", "note",
    "source_name", "source_url", "retrieved_on",
    "measure_name", "area_name", "period_label", "period_end", "unit", "standing", "licence",
)  # fmt: skip


def values_table(reports: Reports) -> Table:
    """A row for each value of every area held."""
    return Table(
        VALUE_COLUMNS,
        [row for report in many(reports) for place in places(report) for row in _value_rows(report, place)],
    )


def _value_rows(report: OutcomeReport, place: Place) -> Iterator[tuple]:
    measure = report.measure
    for v in place.values:
        yield (
            measure.measure_id, place.code, v.period.start, v.period.duration, v.value, v.lower, v.upper,
            v.markers, v.note, *source(measure, v), v.retrieved_on,
            measure.name, place.name, _period(v), v.end, measure.unit, standing(v), licence(measure, v),
        )  # fmt: skip


MILESTONE_CELLS: dict[str, Callable[[Mark], Any]] = {
    "outcome": lambda m: m.report.code,
    "outcome_name": lambda m: m.report.outcome.name,
    "name_standing": lambda m: m.report.outcome.get_name_standing_display(),
    "measure": lambda m: m.report.measure.measure_id,
    "measure_name": lambda m: m.report.measure.name,
    "kind": lambda m: m.milestone.kind,
    "due_on": lambda m: m.milestone.due_on,
    "value": lambda m: m.milestone.value if m.goal else _figure(m.value),
    "unit": lambda m: m.report.measure.unit,
    "standing": lambda m: m.milestone.standing,
    "basis": lambda m: m.milestone.basis,
    "value_period": lambda m: _period(m.value),
    "value_standing": lambda m: standing(m.value),
    "result": lambda m: m.goal and m.goal.state.label,
    "judged_by_period": lambda m: _period(m.judge),
    "judged_by_value": lambda m: _figure(m.judge),
    "judged_by_standing": lambda m: standing(m.judge),
    "source_name": lambda m: m.source[0],
    "source_url": lambda m: m.source[1],
    "edition": lambda m: m.report.edition.number,
    "agreed_by": lambda m: m.milestone.agreed_by,
    "agreed_on": lambda m: m.milestone.agreed_on,
}


def milestones_table(reports: Reports) -> Table:
    """Baseline, milestones and target of each outcome, by date, and how they turned out."""
    marks = []
    for report in many(reports):
        if report.baseline_on is not None:
            marks.append(Mark(report, report.baseline_on, report.baseline, None))
        marks.extend(Mark(report, goal.milestone, None, goal) for goal in report.goals)
    cells = MILESTONE_CELLS.values()
    return Table(tuple(MILESTONE_CELLS), [tuple(cell(mark) for cell in cells) for mark in marks])


# The edition is the one that revised the value; of a value that was withdrawn there is no new one.
REVISION_COLUMNS = (
    "edition", "revised_on", "measure", "area", "period_start", "period_duration", "was", "value", "reason",
    "measure_name", "area_name", "period_label", "unit",
)  # fmt: skip


def revisions_table(reports: Reports) -> Table:
    """A row for each published value that was changed or withdrawn, newest first within each measure."""
    return Table(
        REVISION_COLUMNS,
        [_revision_row(report, revision) for report in many(reports) for revision in report.revisions],
    )


def _revision_row(report: OutcomeReport, revision: Revision) -> tuple:
    edition, area, measure = revision.first_edition, report.areas.get(revision.area_id), report.measure
    return (
        edition.number, localdate(edition.issued_at), revision.measure_id, revision.area_id, revision.period_start,
        revision.period_duration, revision.was, revision.value, revision.reason,
        measure.name, area.name if area else revision.area_id, _period_name(revision.period), measure.unit,
    )  # fmt: skip


OUTCOME_CELLS: dict[str, Callable[[OutcomeReport], Any]] = {
    "outcome": lambda r: r.code,
    "priority": lambda r: r.priority.name if r.priority else r.vision.mission_name,
    "name": lambda r: r.outcome.name,
    "name_standing": lambda r: r.outcome.get_name_standing_display(),
    "name_source": lambda r: r.outcome.name_source,
    "resident_statement": lambda r: r.outcome.resident_statement,
    "measure": lambda r: r.measure.measure_id,
    "measure_name": lambda r: r.measure.name,
    "unit": lambda r: r.measure.unit,
    "direction": lambda r: r.measure.get_direction_display(),
    "status": lambda r: r.status.label,
    "status_slug": lambda r: r.status.slug,
    "reason": sentences.reason,
    "latest_value": lambda r: _figure(r.latest),
    "latest_period": lambda r: _period(r.latest),
    "latest_standing": lambda r: standing(r.latest),
    "baseline_value": lambda r: _figure(r.baseline),
    "baseline_period": lambda r: _period(r.baseline),
    "baseline_standing": lambda r: standing(r.baseline),
    "expected_by_now": lambda r: worked_out(r.assessment.expected),
    "share_of_the_way": lambda r: worked_out(r.assessment.share),
    "expected_share": lambda r: worked_out(r.assessment.expected_share),
    "target": lambda r: _figure(r.target),
    "target_due_on": lambda r: r.target and r.target.due_on,
    "target_standing": lambda r: r.target and r.target.standing,
    "freshness": lambda r: r.freshness.label,
    "source_name": lambda r: source(r.measure, r.latest)[0],
    "source_url": lambda r: source(r.measure, r.latest)[1],
    "licence": lambda r: licence(r.measure, r.latest),
    "edition": lambda r: r.edition.number,
    "edition_issued_on": lambda r: localdate(r.edition.issued_at),
    "definition": lambda r: r.measure.definition,
    "caveat": lambda r: r.measure.caveat,
}


def outcomes_table(reports: Reports) -> Table:
    """A row for each outcome: where it stands, and what that rests on."""
    cells = OUTCOME_CELLS.values()
    return Table(tuple(OUTCOME_CELLS), [tuple(cell(report) for cell in cells) for report in many(reports)])


# --- CSV: RFC 4180, UTF-8 without a byte order mark, one header row ---


def values_csv(reports: Reports) -> bytes:
    return csv_of(values_table(reports))


def milestones_csv(reports: Reports) -> bytes:
    return csv_of(milestones_table(reports))


def outcomes_csv(reports: Reports) -> bytes:
    return csv_of(outcomes_table(reports))


def revisions_csv(reports: Reports) -> bytes:
    return csv_of(revisions_table(reports))


def csv_of(table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_AS_TEXT.get(type(cell), str)(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode()


def _digits(number: Decimal) -> str:
    """All the digits that are held and no more; never 1E+2, never -0."""
    return f"{(number + 0).normalize():f}"


def _safe(text: str) -> str:
    """A text that a spreadsheet would run as a formula gets a space before it.

    The spreadsheet then takes it for text, and the import, which drops the spaces around a cell, reads back
    what was there. The usual apostrophe would come back as part of the text: a change that nobody made.
    """
    return f" {text}" if text[:1] in _STARTS_A_FORMULA else text


_STARTS_A_FORMULA = frozenset("=+-@\t\r\n")
_AS_TEXT = {str: _safe, Decimal: _digits, date: date.isoformat, type(None): lambda _: ""}


# --- JSON: the records of the tables above, and the sum of the status ---

MEASURE_FIELDS = (
    "name", "unit", "unit_symbol", "decimals", "direction", "tolerance", "tolerance_basis", "natural_min",
    "natural_max", "frequency", "definition", "caveat", "choice_reason", "no_target_reason", "publisher",
    "source_name", "source_url", "source_state", "licence",
)  # fmt: skip
SENTENCES = ("takeaway", "reason", "way", "trend", "projection", "freshness", "comparison")
# Said once of a series, not with each of its values.
OF_THE_SERIES = {"measure", "measure_name", "area", "area_name", "unit"}


def outcome_json(report: OutcomeReport) -> dict[str, Any]:
    """Everything the page says, with all that anybody needs to work the status out again."""
    return {**_about(report), **_outcome(report)}


def everything_json(reports: Reports) -> dict[str, Any]:
    reports = many(reports)
    return {**(_about(reports[0]) if reports else {}), "outcomes": [_outcome(report) for report in reports]}


def _about(report: OutcomeReport) -> dict[str, Any]:
    edition, vision = report.edition, report.vision
    issued_at = edition.issued_at.isoformat()
    return {
        "edition": {"number": edition.number, "issued_at": issued_at, "summary": edition.summary},
        "as_of": report.today.isoformat(),
        "place": {"name": vision.place, "area": vision.home_area},
        "publisher": {"name": vision.publisher, "url": vision.publisher_url},
        "framework": {"name": vision.name, "note": vision.framework_note},
    }


def _outcome(report: OutcomeReport) -> dict[str, Any]:
    measure = report.measure
    return {
        "outcome": next(_records(outcomes_table(report))),
        "measure": {
            "code": measure.measure_id,
            **{name: _json(getattr(measure, name)) for name in MEASURE_FIELDS},
        },
        "status": _status(report),
        "milestones": list(_records(milestones_table(report))),
        "series": [_series(report, place) for place in places(report)],
        "sentences": {name: getattr(sentences, name)(report) for name in SENTENCES},
        "next_due": _json(report.next_due),
        "revisions": list(_records(revisions_table(report), leave_out={"measure", "measure_name", "unit"})),
    }


def _status(report: OutcomeReport) -> dict[str, Any]:
    """The status and the whole of its sum: `progress.assess` of these inputs gives this answer."""
    found, start, latest, target = report.assessment, report.baseline, report.latest, report.target
    numbers = ("expected", "achieved", "needed", "ratio", "share", "expected_share")
    return {
        "slug": found.status.slug,
        "label": found.status.label,
        "family": found.status.family.slug,
        "rule": found.status.rule,
        "path_rule": progress.PATH_RULE,
        "direction": report.measure.direction,
        "tolerance": _json(report.tolerance),
        "baseline": start and _point(start.end, start.value),
        "milestones": [_point(m.due_on, m.value) for m in report.milestones],
        "target": target and _point(target.due_on, target.value) | {"standing": target.standing},
        "latest": latest and _point(latest.end, latest.value) | {"standing": standing(latest)},
        **{name: _json(worked_out(getattr(found, name))) for name in numbers},
    }


def _point(on: date, value: Decimal) -> dict[str, Any]:
    return {"on": on.isoformat(), "value": _json(value)}


def _series(report: OutcomeReport, place: Place) -> dict[str, Any]:
    values = _records(Table(VALUE_COLUMNS, list(_value_rows(report, place))), leave_out=OF_THE_SERIES)
    return {"area": place.code, "name": place.name, "role": place.role, "values": list(values)}


def _records(table: Table, leave_out: Iterable[str] = ()) -> Iterator[dict[str, Any]]:
    for record in table.records():
        yield {name: _json(cell) for name, cell in record.items() if name not in leave_out}


def _json(cell: Any) -> Any:
    """A float is written by the fewest digits that mean it: what is held comes out as it is, without noise."""
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell.isoformat() if isinstance(cell, date) else cell
