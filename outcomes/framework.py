"""Areas, outcomes, measures, their paths and actions, as delivered in files. Values come by importing.py."""

from luton2040.definitions import Part, Reader
from outcomes.models import (
    Action,
    Area,
    AreaVersion,
    Measure,
    MeasureVersion,
    Milestone,
    Outcome,
    OutcomeVersion,
    PlanOutcome,
)


def read(reader: Reader) -> list[Part]:
    return [_areas(reader), *_outcomes(reader), _actions(reader), _plan_outcomes(reader)]


def _areas(reader: Reader) -> Part:
    file = "areas.csv"
    table = list(reader.table(file))
    things = reader.names(Area, [cells.get("code", "") for cells in table], file)
    rows = []
    for cells in table:
        place, code = cells.pop("place"), cells.pop("code", "")
        rows.append(reader.row(AreaVersion, cells, file=file, place=place, area=code))
    return Part(AreaVersion, rows, ("area_id",), things)


def _outcomes(reader: Reader) -> list[Part]:
    file = "outcomes.yaml"
    entries = list(reader.entries(file))
    outcomes = reader.names(Outcome, [str(e.get("code", "")) for e in entries], file)
    measures = reader.names(Measure, [str((e.get("measure") or {}).get("code", "")) for e in entries], file)
    versions, measured, path = [], [], []
    for position, entry in enumerate(entries, 1):
        code, measure = str(entry.pop("code", "")), entry.pop("measure", None) or {}
        points, place = entry.pop("path", []), f"entry {code}"
        versions.append(reader.row(OutcomeVersion, entry, file=file, place=place, outcome=code, position=position))
        measure_code = str(measure.pop("code", ""))
        measured.append(
            reader.row(
                MeasureVersion, measure, file=file, place=f"{place}, measure", measure=measure_code, outcome=code
            )
        )
        path += [reader.row(Milestone, p, file=file, place=f"{place}, path", measure=measure_code) for p in points]
    return [
        Part(OutcomeVersion, versions, ("outcome_id",), outcomes),
        Part(MeasureVersion, measured, ("measure_id",), measures),
        Part(Milestone, path, ("measure_id", "kind", "due_on")),
    ]


def _actions(reader: Reader) -> Part:
    file = "actions.yaml"
    rows = [
        reader.row(Action, entry, file=file, place=f"entry {entry.get('key')}", position=position)
        for position, entry in enumerate(reader.entries(file), 1)
    ]
    return Part(Action, rows, ("key",))


def _plan_outcomes(reader: Reader) -> Part:
    file = "plans.yaml"
    rows = [
        reader.row(
            PlanOutcome,
            {},
            file=file,
            place=f"entry {plan.get('slug')}, outcomes",
            plan=plan.get("slug"),
            outcome=code,
            standing=plan.get("outcomes_standing"),
        )
        for plan in reader.entries(file)
        for code in plan.get("outcomes", [])
    ]
    return Part(PlanOutcome, rows, ("plan_id", "outcome_id"))
