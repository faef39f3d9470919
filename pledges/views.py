"""The register of pledges and its file."""

from django.http import HttpResponse
from django.shortcuts import render

from luton2040.caching import is_fragment, public_page
from outcomes.models import OutcomeVersion
from pledges import coverage, downloads, register
from pledges.query_forms import EVERY, NOT_KNOWN, WITHDRAWN, RegisterForm
from pledges.report import reports
from priorities.models import PriorityVersion


@public_page
def index(request):
    edition = request.edition
    priorities = list(PriorityVersion.objects.at(edition).order_by("position"))
    outcomes = list(OutcomeVersion.objects.at(edition).order_by("position"))
    form = RegisterForm.of(request, **_choices(request, priorities, outcomes))
    asked = {name: value for name, value in form.cleaned_data.items() if name != "page"}
    slugs, counts = register.found(register.fitting(edition, request.today, **asked), edition)
    number = form.cleaned_data["page"] or 1
    page = register.page(slugs, number, edition=edition, today=request.today, priorities=priorities)
    context = {"form": form, "held": register.held(edition), "counts": counts, "page": page, "withdrawn": WITHDRAWN}
    context["links"] = {name: _link(request, form, to) for name, to in (("before", page.before), ("after", page.after))}
    if is_fragment(request):
        return render(request, "pledges/_register.html", context)
    if not form.is_used and page.number == 1:  # whoever asked for something gets that first
        context["coverage"] = coverage.coverage(edition, priorities, outcomes)
    return render(request, "pledges/register.html", context)


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


def _link(request, form, number: int | None) -> str:
    """To another page of the same list."""
    if number is None:
        return ""
    query = request.GET.copy()
    for name in query.keys() - form.fields.keys() - {"edition"}:
        del query[name]
    query["page"] = number
    return f"{request.path}?{query.urlencode()}#results"


@public_page
def commitments_csv(request):
    made = downloads.commitments_csv(reports(request.edition, request.today))
    response = HttpResponse(made, content_type="text/csv; charset=utf-8")
    name = request.vision.name.lower().replace(" ", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}-commitments.csv"'
    return response
