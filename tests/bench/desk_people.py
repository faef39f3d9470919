"""Gives a new officer eight measures with a release due, and prints what there is to type of them, as JSON."""

import json

from django.contrib.auth.models import Group
from django.utils import timezone

from luton2040.accounts import User
from luton2040.editions import Edition
from luton2040.roles import Role
from luton2040.vision import Vision
from outcomes import due, report

MEASURES = 8


def main(email: str, password: str) -> None:
    edition, today = Edition.objects.current(), timezone.localdate()
    vision = Vision.objects.at(edition).get()
    work = due.work(report.summaries(edition, today, vision=vision))
    wanted = [item.report for item in work if item.behind == 1]
    officer = User.objects.create_user(email, password, name="An Officer")
    officer.groups.add(Group.objects.get(name=Role.OFFICER.value))
    officer.measures.set([found.measure.measure_id for found in wanted[:MEASURES]])
    print(json.dumps({found.measure.measure_id: _as_last(found) for found in wanted[:MEASURES]}))


def _as_last(found: report.OutcomeReport) -> dict[str, str]:
    """The latest value once more, which nothing is doubtful about; with its 95% limits where it has them."""
    latest = found.latest
    figures = {"value": latest.value, "lower": latest.lower, "upper": latest.upper}
    return {name: format(figure.normalize(), "f") for name, figure in figures.items() if figure is not None}
