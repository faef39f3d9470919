"""A measure's record: what is published of it, what is on its way, and everything that became of it."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from luton2040.desk.access import desk_page, forbid
from luton2040.desk.records import exported
from luton2040.roles import Act
from outcomes import drafts, due, officers, record, report, submissions
from outcomes.desk.addresses import form_of
from outcomes.downloads import csv_of
from outcomes.models import MeasureVersion, Submission

LOGGED = 50


def _visible(request, code: str) -> MeasureVersion:
    """As it is now, or as it last was where it has been given up."""
    versions = MeasureVersion.objects.filter(measure=code.upper()).select_related("outcome")
    found = versions.order_by("-first_edition").first()
    if found is None:
        raise Http404("There is no measure with that code. The list of measures has them all.")
    if found.measure_id not in officers.visible_measures(request.user):
        forbid(request, f"{found.name} is not one of your measures. An administrator can make it one of them.")
    return found


@desk_page(Act.OPEN_DESK)
def measure(request, code):
    shown = _visible(request, code)
    found = record.happenings(shown.measure_id, request.vision.home_area)
    reports = report.summaries(request.edition, request.today, codes=[shown.outcome_id], vision=request.vision)
    handed_in = officers.visible_submissions(request.user).of_measure(shown.measure_id).waiting_first()
    handed_in = list(handed_in.exclude(state=Submission.State.DRAFT).select_related("proposed_by", "decided_by"))
    said = submissions.describe_all(handed_in)
    draft = Submission.objects.drafts_of(request.user).of_measure(shown.measure_id).newest_first().first()
    log = record.log_of_measure(shown.measure_id)
    context = {
        "measure": shown,
        "due": next(iter(due.work(r for r in reports if r.measure.measure_id == shown.measure_id)), None),
        "officers": officers.officers_of(shown.measure_id),
        "is_own": shown.measure_id in officers.own_measures(request.user) and shown.last_edition_id is None,
        "others": drafts.others_at_work(shown.measure_id, by=request.user, now=timezone.now()),
        "draft": draft and form_of(draft),
        "values": record.values(found),
        "steps": record.steps(found),
        "submissions": [(each, said[each.pk]) for each in handed_in],
        "log": log[:LOGGED],
        "logged": LOGGED,
    }
    return render(request, "desk/measure.html", context)


@desk_page(Act.OPEN_DESK)
def history_csv(request, code):
    shown = _visible(request, code)
    found = record.happenings(shown.measure_id, request.vision.home_area)
    table = record.measure_table(found, record.log_of_measure(shown.measure_id))
    name = f"{shown.measure_id.lower()}-history.csv"
    return exported(request, csv_of(table), name, about=f"measure {shown.measure_id}")
