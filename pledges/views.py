"""The register of pledges and its file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from luton2040.caching import is_fragment, public_page
from outcomes.models import OutcomeVersion
from pledges import coverage, downloads, register
from pledges.query_forms import EVERY, NOT_KNOWN, WITHDRAWN, RegisterForm
from pledges.report import reports
from priorities.models import PriorityVersion


@public_page
def index(request):
    edition, (priorities, outcomes) = request.edition, _record(request)
    form = RegisterForm.of(request, **_choices(request, priorities, outcomes))
    slugs, counts = register.found(register.fitting(edition, request.today, **form.asked), edition)
    number = form.cleaned_data["page"] or 1
    page = register.page(slugs, number, edition=edition, today=request.today, priorities=priorities)
    context = {"form": form, "held": register.held(edition), "counts": counts, "page": page, "withdrawn": WITHDRAWN}
    context["links"] = {
        "before": page.before and _link(request, form, page=page.before),
        "after": page.after and _link(request, form, page=page.after),
        "ended": _link(request, form, standing=WITHDRAWN),
        "file": _link(request, form, at="pledges:commitments_csv"),
    }
    if not slugs and not form.asked["standing"]:  # whoever looks for one that ended does not know that it did
        ended = register.fitting(edition, request.today, **form.asked | {"standing": WITHDRAWN})
        context["ended"] = ended.count()
    if is_fragment(request):
        return render(request, "pledges/_register.html", context)
    if not form.is_used and page.number == 1:  # whoever asked for something gets that first
        context["coverage"] = coverage.coverage(edition, priorities, outcomes)
    return render(request, "pledges/register.html", context)


def _record(request) -> tuple[list[PriorityVersion], list[OutcomeVersion]]:
    of = (rows.objects.at(request.edition).order_by("position") for rows in (PriorityVersion, OutcomeVersion))
    return tuple(map(list, of))


def _choices(request, priorities, outcomes) -> dict[str, list]:
    of = {p.priority_id: (p.name, []) for p in priorities}
    of[None] = (request.vision.mission_name, [])
    for outcome in outcomes:
        of[outcome.priority_id][1].append((outcome.outcome_id.lower(), outcome.short_label))
    years = register.years(request.edition)
    return {
        "priority": [*((p.priority_id, p.name) for p in priorities), (EVERY, "Every priority alike")],
        "outcome": [group for group in of.values() if group[1]],
        "kind": [(kind, kind) for kind in register.kinds(request.edition)],
        "year": [(year or NOT_KNOWN, year or "Not known") for year in years],
    }


def _link(request, form, at="pledges:register", **changes) -> str:
    """To the same that was asked for, with something changed."""
    query = request.GET.copy()
    for name in query.keys() - (form.fields.keys() - {"page"}) - {"edition"}:
        del query[name]
    for name, value in changes.items():
        query[name] = value
    return f"{reverse(at)}?{query.urlencode()}{'#results' if changes else ''}"


@public_page
def commitments_csv(request):
    """Of every pledge, those that ended too; where something is asked for, of those that the register gives for it."""
    found = reports(request.edition, request.today)
    if request.GET.keys() & RegisterForm.base_fields.keys():
        form = RegisterForm.of(request, **_choices(request, *_record(request)))
        fit = register.fitting(request.edition, request.today, **form.asked).values_list("pledge", flat=True)
        fit = set(fit) if form.is_used else {report.slug for report in found}
        found = [report for report in found if report.slug in fit]
    made = downloads.commitments_csv(found, request.vision)
    response = HttpResponse(made, content_type="text/csv; charset=utf-8")
    name = request.vision.name.lower().replace(" ", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}-commitments.csv"'
    return response
