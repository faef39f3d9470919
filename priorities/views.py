"""Home and the pages that look across outcomes: a priority, the mission, the roadmap, the plans."""

from collections import defaultdict

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from boards.models import BoardVersion, overseers
from luton2040.caching import in_edition, is_fragment, public_page
from luton2040.editions import Edition
from outcomes import charts, choosing, formatting, history, progress, report, segments, sentences
from outcomes.forms import RoadmapForm
from outcomes.models import Action, PlanOutcome
from pledges import register, serving
from pledges.models import OrganisationVersion
from priorities import summary, timeline, wheel
from priorities.models import Fact, PlanVersion, PriorityVersion, Source

LATEST_EDITIONS = 3


def _reports(request) -> list[report.OutcomeReport]:
    return report.summaries(request.edition, request.today, vision=request.vision)


@public_page
def home(request):
    reports = _reports(request)
    chosen = _chosen(request, reports)
    outcomes = [r for r in reports if r.priority]
    card = {
        "report": chosen,
        "statuses": summary.by_status(outcomes, progress.Status),
        "targets": {
            "all": sum(r.target is not None for r in outcomes),
            "illustrative": sum(r.target_is_illustrative for r in outcomes),
        },
    }
    if is_fragment(request):
        return render(request, "priorities/_card.html", card)
    context = card | {
        "wheel": _wheel(request, reports, chosen),
        "count": len(outcomes),
        "groups": summary.by_priority(outcomes),
        "families": summary.by_family(outcomes, progress.Family),
        "mission": [r for r in reports if not r.priority],
        "goals": [r for r in reports if r.code in {goal["outcome"] for goal in request.vision.mission_goals}],
        "log": history.changes(_latest_editions(request), request.vision),
        "pledged": register.counts(register.fitting(request.edition, request.today), request.edition),
        "facts": [f for f in Fact.objects.at(request.edition) if f.is_headline],
    }
    return render(request, "priorities/home.html", context)


def _chosen(request, reports) -> report.OutcomeReport | None:
    code = request.GET.get("outcome", "").upper()
    chosen = next((r for r in reports if r.code == code), None)
    if code and chosen is None:
        raise Http404("There is no outcome with that code. The list of outcomes has them all.")
    return chosen


def _latest_editions(request):
    return Edition.objects.filter(number__lte=request.edition.number).newest_first()[:LATEST_EDITIONS]


def _sectors(request, reports, chosen=None) -> list[wheel.Sector]:
    home, more = reverse("priorities:home"), in_edition(request, "&")
    return segments.sectors(
        reports,
        priority_url=lambda slug: reverse("priorities:priority", args=[slug]) + in_edition(request, "?"),
        url=lambda shown: f"{home}?outcome={shown.slug}{more}#card",
        chosen=chosen,
    )


def _wheel(request, reports, chosen) -> str:
    vision = request.vision
    lines = [("name", vision.mission_hub)]
    name = f"The mission: {vision.mission_name}."
    goal = next((r for r in reports if not r.priority and r.latest), None)
    if goal:
        name = f"{name} {sentences.takeaway(goal)}"
        value = formatting.amount(goal.latest.value, goal.measure)
        lines += [("big", value), ("small", goal.measure.name.lower())]
        lines += [("small", part) for part in sentences.dated(goal)]
    return wheel.draw(
        _sectors(request, reports, chosen),
        hub=lines,
        hub_url=reverse("priorities:mission") + in_edition(request, "?"),
        hub_name=name,
        title=f"Outcome wheel of {vision.name}",
    )


@public_page
def priority(request, slug):
    version = PriorityVersion.objects.at(request.edition).filter(priority=slug).first()
    if version is None:
        raise Http404("There is no priority of that name. The home page shows them all.")
    members = choosing.of_priority(_reports(request), {slug})
    actions = defaultdict(list)
    for action in Action.objects.at(request.edition).filter(outcome__in=[r.code for r in members]):
        actions[action.outcome_id].append(action)
    context = {
        "priority": version,
        "wheel": wheel.fan(_sectors(request, members)),
        "rows": [(r, charts.sparkline(r), actions[r.code]) for r in members],
        "families": summary.by_family(members, progress.Family),
        "plans": [p for p in PlanVersion.objects.at(request.edition) if slug in p.priorities],
        "boards": overseers(request.edition, slug),
        "serving": serving.of_priority(slug, request.edition, request.today),
        "sources": {s.slug: s for s in Source.objects.at(request.edition)},
        "others": PriorityVersion.objects.at(request.edition).exclude(priority=slug),
    }
    return render(request, "priorities/priority.html", context)


@public_page
def mission(request):
    members = [r for r in _reports(request) if not r.priority]
    by_code = {r.code: r for r in members}
    context = {
        "goals": [(goal, by_code.get(goal["outcome"])) for goal in request.vision.mission_goals],
        "rows": [(r, charts.sparkline(r)) for r in members],
        "boards": overseers(request.edition, None),
        "sources": {s.slug: s for s in Source.objects.at(request.edition)},
    }
    return render(request, "priorities/mission.html", context)


@public_page
def roadmap(request):
    versions = PriorityVersion.objects.at(request.edition)
    form = RoadmapForm.of(request, priority=[(p.priority_id, p.name) for p in versions])
    asked = form.cleaned_data
    rows = []
    for shown in _reports(request):
        if asked["priority"] and (not shown.priority or shown.priority.priority_id != asked["priority"]):
            continue
        goals = [g for g in shown.goals if timeline.fits(g, asked)]
        if goals:
            rows.append((shown, goals))
    context = {
        "form": form,
        "rows": rows,
        "picture": timeline.draw(rows, today=request.today),
        "years": timeline.by_year(rows),
        "count": sum(len(goals) for _, goals in rows),
    }
    return render(request, "priorities/_roadmap.html" if is_fragment(request) else "priorities/roadmap.html", context)


@public_page
def plans(request):
    outcomes = {r.code: r for r in _reports(request) if r.priority}
    served = defaultdict(list)
    for link in PlanOutcome.objects.at(request.edition):
        if link.outcome_id in outcomes:
            served[link.plan_id].append(outcomes[link.outcome_id])
    versions = list(PlanVersion.objects.at(request.edition))
    without = outcomes.keys() - {r.code for reports in served.values() for r in reports}
    context = {
        "plans": [(plan, sorted(served[plan.plan_id], key=lambda r: r.outcome.position)) for plan in versions],
        "without": [r for r in outcomes.values() if r.code in without],
        "by_outcome": _plans_by_outcome(outcomes, versions, served),
        "owners": _owners(request),
        "sources": {s.slug: s for s in Source.objects.at(request.edition)},
    }
    return render(request, "priorities/plans.html", context)


def _plans_by_outcome(outcomes, versions, served):
    return [(r, [p for p in versions if r in served[p.plan_id]]) for r in outcomes.values()]


def _owners(request) -> dict[str, str]:
    """The name of every owner, by the reference that plans hold."""
    boards = {f"board:{b.board_id}": b.name for b in BoardVersion.objects.at(request.edition)}
    return boards | {f"org:{o.organisation_id}": o.name for o in OrganisationVersion.objects.at(request.edition)}
