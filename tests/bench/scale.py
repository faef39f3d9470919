"""Fills a copy of today's database with 192,000 values, 400 measures in 40 periods and 12 areas.

Of `main("unused")` the outcomes are today's, and the other measures belong to none; of `main("shown")` there are
as many outcomes as measures, all on the wheel, each a likeness of one of today's.
"""

from datetime import date
from decimal import Decimal
from itertools import cycle, islice

from django.db import transaction

from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes.models import (
    Action,
    AreaVersion,
    Measure,
    MeasureVersion,
    Milestone,
    Observation,
    Outcome,
    OutcomeVersion,
    PlanOutcome,
)
from outcomes.periods import add_months
from outcomes.report import RELEASE_EVERY_MONTHS
from priorities.models import PriorityVersion

MEASURES, PERIODS, AREAS = 400, 40, 12


@transaction.atomic
def main(kind: str) -> None:
    edition = Edition.objects.current()
    vision = Vision.objects.at(edition).get()
    measures = {m.measure_id: m for m in MeasureVersion.objects.at(edition)}
    newest_first = Observation.objects.at(edition).of_area(vision.home_area).order_by("-period_start")
    held = {code: [o for o in newest_first if o.measure_id == code] for code in measures}
    others = {f"X{n:03}": like for n, like in enumerate(islice(cycle(measures), MEASURES - len(measures)))}
    Measure.objects.bulk_create(Measure(code=code) for code in others)
    if kind == "shown":
        add_outcomes(edition, others)
    similar = AreaVersion.objects.at(edition).filter(similarity__isnull=False).order_by("similarity")
    areas = [vision.home_area, *vision.comparators, *similar.values_list("area", flat=True)][:AREAS]
    Observation.objects.all().delete()
    for code, like in {**{code: code for code in measures}, **others}.items():
        rows = values(measures[like], held[like], areas, measure_id=code, first_edition=edition)
        Observation.objects.bulk_create(rows, batch_size=2000)
    assert Observation.objects.count() == MEASURES * PERIODS * AREAS


def add_outcomes(edition: Edition, others: dict[str, str]) -> None:
    """Each with the measure, path, actions and plans of the one that it is like; none of them of the mission."""
    of_measure = {m.measure_id: m.outcome_id for m in MeasureVersion.objects.at(edition)}
    priorities = cycle(PriorityVersion.objects.at(edition).values_list("priority", flat=True))
    Outcome.objects.bulk_create(Outcome(code=code) for code in others)
    for position, (code, like) in enumerate(others.items(), 1000):
        measure, outcome = {"measure": like}, {"outcome": of_measure[like]}
        priority = next(priorities)
        repeat(OutcomeVersion, edition, outcome, outcome_id=code, position=position, priority_id=priority)
        repeat(MeasureVersion, edition, measure, measure_id=code, outcome_id=code)
        repeat(Milestone, edition, measure, measure_id=code)
        repeat(PlanOutcome, edition, outcome, outcome_id=code)
        for number, action in enumerate(Action.objects.at(edition).filter(**outcome)):
            repeat(Action, edition, {"pk": action.pk}, outcome_id=code, key=f"{code.lower()}-{number}")


def repeat(model, edition: Edition, like: dict, **changes) -> None:
    for row in model.objects.at(edition).filter(**like):
        row.pk = None
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(force_insert=True)


def values(measure: MeasureVersion, held: list[Observation], areas: list[str], **fields) -> list[Observation]:
    """The values held, over and over, each a period before the last."""
    step = RELEASE_EVERY_MONTHS[measure.frequency] or 12
    some = measure.natural_min if measure.natural_min is not None else Decimal(1)
    start, released = date(2024, 1, 1), date(2026, 1, 1)
    like = held or [Observation(period_start=start, period_duration="P1Y", value=some, retrieved_on=released)]
    return [
        Observation(
            area_id=area,
            period_start=add_months(like[0].period_start, -step * back),
            period_duration=like[0].period_duration,
            value=old.value,
            lower=old.lower,
            upper=old.upper,
            source_name=measure.source_name,
            source_url=measure.source_url,
            retrieved_on=like[0].retrieved_on,
            **fields,
        )
        for area in areas
        for back, old in enumerate(islice(cycle(like), PERIODS))
    ]
