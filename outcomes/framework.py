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
    parts = []
    for entry in entries:
        code = str(entry.pop("code", None) or "")
        place = f"entry {code}"
        measure = reader.taken(entry, "measure", dict, file=file, place=place)
        points = reader.taken(entry, "path", list, file=file, place=place)
        parts.append((code, place, entry, str(measure.pop("code", None) or ""), measure, points))
    outcomes = reader.names(Outcome, [code for code, *_ in parts], file)
    measures = reader.names(Measure, [measure_code for _, _, _, measure_code, _, _ in parts], file)
    versions, measured, path = [], [], []
    for position, (code, place, entry, measure_code, measure, points) in enumerate(parts, 1):
        versions.append(reader.row(OutcomeVersion, entry, file=file, place=place, outcome=code, position=position))
        measured.append(
            reader.row(
                MeasureVersion, measure, file=file, place=f"{place}, measure", measure=measure_code, outcome=code
            )
        )
        path += [reader.row(Milestone, p, file=file, place=f"{place}, path", measure=measure_code) for p in points]
    return [
        Part(OutcomeVersion, versions, ("outcome_id",), outcomes),
        Part(MeasureVersion, measured, ("measure_id",), measures),
        Part(Milestone, path, ("measure_id", "kind", "due_on"), together=("measure_id",)),
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
        for code in reader.taken(plan, "outcomes", list, file=file, place=f"entry {plan.get('slug')}")
    ]
    return Part(PlanOutcome, rows, ("plan_id", "outcome_id"))
