"""What each edition changed, in words: for the home page, the public log and its feed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes import formatting as words
from outcomes.models import MeasureVersion, Milestone, Observation, OutcomeVersion
from outcomes.periods import Period


@dataclass(frozen=True)
class ValueChange:
    """One value of the home area that came in or was revised."""

    outcome: OutcomeVersion
    measure: MeasureVersion
    period: Period
    value: str
    was: str | None
    note: str


@dataclass
class EditionChanges:
    edition: Edition
    values: list[ValueChange] = field(default_factory=list)
    targets: list[OutcomeVersion] = field(default_factory=list)
    other_areas: int = 0

    @property
    def is_first(self) -> bool:
        return self.edition.number == 1


def changes(editions: Iterable[Edition], vision: Vision) -> list[EditionChanges]:
    """In a fixed number of queries; the first edition is the start of the record, so it lists nothing."""
    found = {e.number: EditionChanges(e) for e in editions}
    later = [number for number in found if number > 1]
    if not later:
        return list(found.values())
    newest = max(later)
    outcomes = {o.outcome_id: o for o in OutcomeVersion.objects.at(newest)}
    measures = {m.measure_id: m for m in MeasureVersion.objects.at(newest)}
    _add_values(found, later, vision, outcomes, measures)
    for milestone in Milestone.objects.filter(first_edition__in=later).exclude(kind=Milestone.Kind.BASELINE):
        measure = measures.get(milestone.measure_id)
        outcome = measure and outcomes.get(measure.outcome_id)
        if outcome and outcome not in found[milestone.first_edition_id].targets:
            found[milestone.first_edition_id].targets.append(outcome)
    return list(found.values())


def _add_values(found, later, vision, outcomes, measures) -> None:
    fresh = Observation.objects.filter(first_edition__in=later).order_by("measure", "period_start")
    superseded = defaultdict(dict)
    for old in Observation.objects.of_area(vision.home_area).filter(last_edition__in=[n - 1 for n in later]):
        superseded[old.last_edition_id + 1][old.measure_id, old.period] = old
    for row in fresh:
        entry, measure = found[row.first_edition_id], measures.get(row.measure_id)
        outcome = measure and outcomes.get(measure.outcome_id)
        if outcome is None:
            continue
        if row.area_id != vision.home_area:
            entry.other_areas += 1
            continue
        old = superseded[row.first_edition_id].get((row.measure_id, row.period))
        was = words.amount(old.value, measure) if old and old.value != row.value else None
        entry.values.append(ValueChange(outcome, measure, row.period, words.amount(row.value, measure), was, row.note))
