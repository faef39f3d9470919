"""Where at the desk work is gone on with."""

from collections.abc import Collection

from django.urls import reverse

from outcomes.models import Observation, Submission
from outcomes.proposals import Figure

FORMS = {"values": "desk:enter", "targets": "desk:targets", "series": "desk:series"}


def form_of(submission: Submission) -> str:
    """The address of the form in which it was typed; of the measure's page where that form has nothing to show."""
    return forms_of([submission])[submission.pk]


def forms_of(found: Collection[Submission]) -> dict[int, str]:
    """The same of many, by their keys."""
    current = _corrected([submission.topic for submission in found])
    return {submission.pk: _form_of(submission, current) for submission in found}


def _form_of(submission: Submission, current: dict[str, int]) -> str:
    match submission.topic.split(" "):
        case ["paste"]:
            return reverse("desk:paste_review", args=[submission.pk])
        case ["correction", code, *_] if submission.topic in current:
            return reverse("desk:correct", args=[code.lower(), current[submission.topic]])
        case ["correction", code, *_]:
            return reverse("desk:measure", args=[code.lower()])
        case [kind, code] if kind in FORMS:
            return reverse(FORMS[kind], args=[code.lower()])
    # From a file on the server, which no form was filled in for.
    return reverse("desk:submission", args=[submission.pk])


def correction_of(value: Figure) -> str:
    """What a draft that corrects this value is about."""
    return f"correction {value.measure_id} {value.area_id} {value.period_start}/{value.period_duration}"


def _corrected(topics: Collection[str]) -> dict[str, int]:
    """The values that are current now: the one that a correction began with may have been replaced meanwhile."""
    parts = [topic.split(" ") for topic in topics if topic.startswith("correction ")]
    measures = {part[1] for part in parts}
    areas = {part[2] for part in parts if len(part) == 4}
    if not areas:
        return {}
    current = Observation.objects.current().filter(measure__in=measures, area__in=areas)
    return {correction_of(value): value.pk for value in current}
