"""Targets and milestones: the path of a measure as it is, as proposed, and what that would say in public."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from luton2040.desk.access import desk_page
from luton2040.editions import ChangedMeanwhile
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from outcomes import charts, paths, preview, submissions
from outcomes.desk import path_forms
from outcomes.desk.drafting import Work, autosaved, own_report
from outcomes.desk.forms import is_answered
from outcomes.desk.path_forms import PathForm, PointForms
from outcomes.models import Milestone, Submission


@desk_page(Act.ENTER_VALUES)
def targets(request, code):
    report = own_report(request, code)
    work = Work.on(request, kind=Submission.Kind.TARGETS, measure=report.measure.measure)
    if work.step == "save":
        return autosaved(work)
    head_initial, points_initial = path_forms.initial(report)
    typed = work.typed()
    head = PathForm(typed, initial=head_initial, report=report, today=request.today)
    of_measure = {"measure": report.measure}
    points = PointForms(typed, initial=points_initial, prefix="p", form_kwargs=of_measure)
    # What was typed over another path would take off all that was published since.
    path = " ".join(str(point.pk) for point in _points(report))
    begun_on = path if typed is None else typed.get("path", "")
    context = {"report": report, "head": head, "points": points, "work": work, "code": code}
    context |= {"begun_on": begun_on, "is_stale": begun_on != path} | _drawn(report)
    done = work.step and _asked(request, report, work, head, points, context)
    if done:
        messages.success(request, done)
        return redirect("desk:home")
    context["problems"] = [*points.non_form_errors(), *context.get("blocking", [])]
    is_refused = "refused" in context or work.step and context["is_stale"]
    return render(request, "desk/targets.html", context, status=409 if is_refused else 200)


def _asked(request, report, work, head, points, context) -> str:
    """Keep what was sent, check it, and hand it in where that was asked and can be.

    Returns what was done; else nothing, and what to show is in the context.
    """
    try:
        draft = work.keep()
        if work.step == "discard":
            work.discard()
            return "The draft was discarded. Nothing was changed."
        if context["is_stale"] or not all([head.is_valid(), points.is_valid()]):
            return ""
        lines = _lines(report, head, points)
        after = preview.with_path(report, lines)
        doubts = [*paths.doubts(after, lines, request.today), *paths.of_basis(_points(report), lines)]
        context |= _shown(report, after, lines, doubts)
        if work.step != "hand-in" or any(doubt.blocks for doubt in doubts):
            return ""
        reason = head.cleaned_data["reason"]
        if not is_answered(head, context["warned"]):
            return ""
        submissions.hand_in(draft, by=request.user, now=timezone.now(), points=lines, reason=reason)
    except (NotAllowed, ChangedMeanwhile) as error:
        context["refused"] = str(error)
        return ""
    return "Handed in. An approver will look at it, and nothing changes in public until then."


def _lines(report, head, points):
    """What differs from the record, each with who agreed it and when."""
    standing = Milestone.Standing.PUBLISHED
    if report.baseline_on:
        standing = report.baseline_on.standing
    lines = paths.changed(_points(report), path_forms.wanted(head, points, standing))
    for line in lines:
        line.agreed_by, line.agreed_on = head.cleaned_data["agreed_by"], head.cleaned_data["agreed_on"]
    return lines


def _points(report) -> list[Milestone]:
    """The whole path as the record has it."""
    return [report.baseline_on, *report.path] if report.baseline_on else report.path


def _shown(report, after, lines, doubts) -> dict:
    doubtful = [doubt.what for doubt in doubts if not doubt.blocks]
    return {
        "checked": True,
        "is_shown": bool(lines),
        "lines": lines,
        "blocking": [doubt.what for doubt in doubts if doubt.blocks],
        "doubtful": doubtful,
        "warned": "\n".join(doubtful),
        "changes": preview.differences(report, after),
        **_drawn(after),
    }


def _drawn(report) -> dict:
    chart = charts.chart(report)
    return {"after": report, "wide": charts.svg(chart), "narrow": charts.svg(chart, width=340, height=320)}
