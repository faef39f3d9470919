"""The list of outcomes, an outcome's page and its files, all data, and the method."""

import json

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from boards import remit
from boards.models import BoardVersion, ReviewVersion
from luton2040.caching import is_fragment, public_page
from outcomes import catalogue, charts, choosing, downloads, progress, report, series, spreadsheets, tables
from outcomes.forms import OutcomesForm
from outcomes.models import OutcomeVersion
from pledges import serving
from priorities import summary
from priorities.models import PriorityVersion, Source

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": downloads.XLSX_TYPE,
}


@public_page
def index(request):
    every = report.summaries(request.edition, request.today, vision=request.vision)
    of_wheel = [r for r in every if r.priority]
    boards = {b.board_id: b.name for b in BoardVersion.objects.at(request.edition)}
    priorities = {p.priority_id: p.name for p in PriorityVersion.objects.at(request.edition)}
    form = OutcomesForm.of(request, priority=priorities.items(), board=boards.items())
    asked = form.cleaned_data
    found = remit.remit_of(asked["board"], request.edition).outcomes(every) if asked["board"] else of_wheel
    if asked["priority"]:
        found = choosing.of_priority(found, {asked["priority"]})
    if asked["status"]:
        found = choosing.of_status(found, asked["status"])
    if asked["q"]:
        found = choosing.matching(found, asked["q"])
    found = choosing.in_order(found, asked["sort"])
    context = {"form": form, "reports": found, "total": len(of_wheel)}
    context["of_mission"] = any(not r.priority for r in found)
    context["tallies"] = summary.by_family(found, progress.Family)
    return render(request, "outcomes/_list.html" if is_fragment(request) else "outcomes/index.html", context)


def _full(request, code: str) -> report.OutcomeReport:
    found = report.full_report(code.upper(), request.edition, request.today, vision=request.vision)
    if found is None:
        raise Http404("There is no outcome with that code. The list of outcomes has them all.")
    return found


@public_page
def outcome(request, code):
    if code != code.lower():
        query = f"?{request.META['QUERY_STRING']}" if request.META["QUERY_STRING"] else ""
        return redirect(reverse("outcomes:outcome", args=[code.lower()]) + query)
    shown = _full(request, code)
    chart, boards = charts.chart(shown), list(BoardVersion.objects.at(request.edition))
    context = {
        "report": shown,
        "rows": tables.rows(shown),
        "notes": [(v.period, v.note) for v in reversed(shown.series) if v.note],
        "shorthand": tables.shorthand(shown),
        "has_limits": any(v.has_limits for v in shown.series),
        "projection_rule": progress.PROJECTION_RULE,
        "neighbours": _neighbours(request, shown),
        "wide": charts.svg(chart),
        "narrow": charts.svg(chart, width=340, height=320),
        "boards": remit.linked_to(shown, boards, request.edition),
        "reviews": _reviews(request, shown, boards),
        "serving": serving.of_outcomes([shown.code], request.edition, request.today),
        "sources": {s.slug: s for s in Source.objects.at(request.edition)},
        "dataset": _dataset(request, shown),
        "embed": request.build_absolute_uri(reverse("outcomes:embed", args=[shown.slug])),
    }
    return render(request, "outcomes/outcome.html", context)


def _reviews(request, shown, boards) -> list[tuple[BoardVersion, ReviewVersion]]:
    """What boards have published of it: the newest of each board."""
    found = {}
    for review in ReviewVersion.objects.at(request.edition).filter(outcome=shown.code).newest_first():
        found.setdefault(review.meeting.board_id, review)
    return [(board, found[board.board_id]) for board in boards if board.board_id in found]


def _dataset(request, shown) -> dict:
    files = {kind: reverse("outcomes:file", args=[shown.slug, kind]) for kind in ("csv", "json", "xlsx")}
    addresses = {name: request.build_absolute_uri(path) for name, path in files.items()}
    return catalogue.dataset(shown, page=request.build_absolute_uri(request.path), **addresses)


def _neighbours(request, shown):
    """The outcomes before and after this one, in the order of the wheel."""
    around = list(
        OutcomeVersion.objects.at(request.edition)
        .filter(position__in=[shown.outcome.position - 1, shown.outcome.position + 1])
        .order_by("position")
    )
    before = next((o for o in around if o.position < shown.outcome.position), None)
    return before, next((o for o in around if o.position > shown.outcome.position), None)


@public_page
@csp_replace({"frame-ancestors": ["*"]})
@xframe_options_exempt
def embed(request, code):
    """For other sites' frames: the status, sentence, table and chart, and where they come from."""
    shown = _full(request, code)
    chart = charts.chart(shown)
    context = {
        "report": shown,
        "rows": tables.rows(shown),
        "shorthand": tables.shorthand(shown),
        "wide": charts.svg(chart),
        "narrow": charts.svg(chart, width=340, height=320),
    }
    return render(request, "outcomes/embed.html", context)


@public_page
def chart_svg(request, code):
    drawn = charts.standalone(charts.svg(charts.chart(_full(request, code))))
    if not drawn:
        raise Http404("There is no value to draw yet.")
    return HttpResponse(drawn, content_type="image/svg+xml")


@public_page
def chart_json(request, code):
    return JsonResponse(charts.figure(charts.chart(_full(request, code))))


@public_page
def outcome_file(request, code, kind):
    makers = {"csv": lambda r: downloads.values_csv([r]), "json": _as_json, "xlsx": spreadsheets.outcome_xlsx}
    if kind not in makers:
        raise Http404("Outcomes can be downloaded as csv, json or xlsx.")
    shown = _full(request, code)
    return _file(makers[kind](shown), f"{shown.slug}.{kind}", kind)


def _as_json(shown) -> bytes:
    return json.dumps(downloads.outcome_json(shown), ensure_ascii=False, indent=1).encode()


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@public_page
def data(request):
    reports = report.summaries(request.edition, request.today, vision=request.vision)
    context = {"reports": reports, "groups": summary.by_priority(reports)}
    context["kinds"] = [("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON")]
    return render(request, "outcomes/data.html", context)


@public_page
def data_file(request, name, kind):
    makers = {
        ("values", "csv"): downloads.values_csv,
        ("milestones", "csv"): downloads.milestones_csv,
        ("outcomes", "csv"): downloads.outcomes_csv,
        ("revisions", "csv"): downloads.revisions_csv,
        ("everything", "json"): lambda rs: json.dumps(downloads.everything_json(rs), ensure_ascii=False).encode(),
        ("everything", "xlsx"): spreadsheets.everything_xlsx,
    }
    if (name, kind) not in makers:
        raise Http404(f"There is no such file. The data page, {reverse('outcomes:data')}, lists them.")
    reports = report.full_reports(request.edition, request.today, vision=request.vision)
    return _file(makers[name, kind](reports), f"{request.vision.name.lower().replace(' ', '-')}-{name}.{kind}", kind)


@public_page
def method(request):
    reports = [r for r in report.summaries(request.edition, request.today, vision=request.vision) if r.priority]
    counts = {t.status: t.count for t in summary.by_status(reports, progress.Status)}
    context = {
        "progress": progress,
        "statuses": [(status, rule, counts[status]) for status, rule in progress.STATUS_RULES.items()],
        "milestone_states": list(progress.MilestoneState),
        "trends": list(progress.Trend),
        "freshnesses": list(progress.Freshness),
        "fewest_similar": series.FEWEST_SIMILAR_PLACES,
    }
    return render(request, "outcomes/method.html", context)
