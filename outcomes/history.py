"""What each edition changed, in words: for the home page, the public log and its feed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, Window
from django.db.models.functions import RowNumber

from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes import formatting as words
from outcomes.models import MeasureVersion, Milestone, Observation, OutcomeVersion
from outcomes.periods import Period

LISTED = 12  # values of an edition that are listed one by one


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
    values: list[ValueChange] = field(default_factory=list)  # the first of them
    value_count: int = 0
    targets: list[OutcomeVersion] = field(default_factory=list)
    other_areas: int = 0

    @property
    def more(self) -> int:
        return self.value_count - len(self.values)

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
    """Counted in the database: an edition may bring a hundred thousand values, and few of them are listed."""
    fresh = Observation.objects.filter(first_edition__in=later)
    here = Q(area=vision.home_area)
    counts = fresh.values("first_edition").annotate(own=Count("pk", filter=here), other=Count("pk", filter=~here))
    for row in counts:
        entry = found[row["first_edition"]]
        entry.value_count, entry.other_areas = row["own"], row["other"]
    place = Window(RowNumber(), partition_by="first_edition", order_by=["measure", "period_start"])
    listed = list(fresh.filter(here, measure__in=measures).annotate(place=place).filter(place__lte=LISTED))
    superseded = defaultdict(dict)
    for old in Observation.objects.filter(
        here,
        last_edition__in=[n - 1 for n in later],
        measure__in={row.measure_id for row in listed},
        period_start__in={row.period_start for row in listed},
    ):
        superseded[old.last_edition_id + 1][old.measure_id, old.period] = old
    for row in sorted(listed, key=lambda row: (row.measure_id, row.period_start)):
        measure = measures[row.measure_id]
        if measure.outcome_id not in outcomes:
            continue
        old = superseded[row.first_edition_id].get((row.measure_id, row.period))
        was = words.amount(old.value, measure) if old and old.value != row.value else None
        value = words.amount(row.value, measure)
        change = ValueChange(outcomes[measure.outcome_id], measure, row.period, value, was, row.note)
        found[row.first_edition_id].values.append(change)
