"""What a proposed path of a measure may be: its points, and what to ask about before it is handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from outcomes import formatting as words
from outcomes.models import Milestone, MilestoneLine
from outcomes.publishing import POINT
from outcomes.report import OutcomeReport

Kind = Milestone.Kind
STATED = [name for name in POINT if not name.startswith("agreed")]


@dataclass(frozen=True)
class Doubt:
    """Something wrong with a path, or with a warning only worth a reason."""

    what: str
    blocks: bool


def changed(current: Sequence[Milestone], wanted: Sequence[MilestoneLine]) -> list[MilestoneLine]:
    """Of the points wanted, those that the record does not hold; and an end for each that is not wanted any more."""
    said = {tuple(getattr(point, name) for name in STATED) for point in current}
    fresh = [line for line in wanted if tuple(getattr(line, name) for name in STATED) not in said]
    kept = {(line.kind, line.due_on) for line in wanted}
    # Of baselines and targets there is one, which a new one replaces.
    replaced = {line.kind for line in wanted if line.kind != Kind.MILESTONE}
    ends = [
        MilestoneLine(ends=True, **{name: getattr(point, name) for name in POINT})
        for point in current
        if (point.kind, point.due_on) not in kept and point.kind not in replaced
    ]
    return sorted([*fresh, *ends], key=lambda line: line.due_on)


def doubts(report: OutcomeReport, lines: Sequence[MilestoneLine], today: date) -> list[Doubt]:
    """Of the path that the report has as it would be published, and of the lines that lead there."""
    past = [line for line in lines if line.due_on < today and not line.ends and line.kind != Kind.BASELINE]
    over = [Doubt(f"{words.day(line.due_on)} has passed already.", False) for line in past]
    return [*_of_dates(report), *_of_values(report), *over]


def of_basis(current: Sequence[Milestone], lines: Sequence[MilestoneLine]) -> list[Doubt]:
    """Points that say something else than before, and are said to rest on the same."""
    said = {(point.kind, point.due_on): point for point in current}
    held = ((line, said.get((line.kind, line.due_on))) for line in lines if not line.ends and line.basis)
    moved = [line for line, was in held if was and was.value != line.value and was.basis == line.basis]
    told = "The value of {} changes, and “what it rests on” still tells of the old one. Is that right?"
    return [Doubt(told.format(words.day(line.due_on)), False) for line in moved]


def _of_dates(report: OutcomeReport) -> list[Doubt]:
    found = []
    if report.baseline_on and report.baseline is None:
        when = words.day(report.baseline_on.due_on)
        found.append(
            Doubt(f"No published value of the present series starts on {when}, so none can be the start.", True)
        )
    if report.target:
        late = [m for m in report.milestones if m.due_on >= report.target.due_on]
        found += [Doubt(f"The milestone of {words.day(m.due_on)} is not before the target.", True) for m in late]
    if report.baseline:
        early = [m for m in report.path if m.due_on <= report.baseline.end]
        found += [Doubt(f"{words.day(m.due_on)} is not after the start of the path.", True) for m in early]
    return found


def _of_values(report: OutcomeReport) -> list[Doubt]:
    measure, found = report.measure, []
    for point in report.path:
        low, high = measure.natural_min, measure.natural_max
        if low is not None and point.value < low or high is not None and point.value > high:
            value = words.amount(point.value, measure)
            found.append(Doubt(f"{value} is outside what the measure can be. Check the unit.", True))
    values = [m.value for m in report.path]
    if report.baseline:
        values.insert(0, report.baseline.value)
    better = sorted(values, reverse=not report.rises)
    if values != better:
        way = "rise" if report.rises else "fall"
        found.append(Doubt(f"The path does not {way} all the way, although that is the better direction.", False))
    return found
