"""Boards, what they oversee, their meetings and what those are made from."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from boards import calendars, diagram, horizon, making, pack, pack_sheets, papers, report, steps
from boards.models import ActionVersion, BoardVersion, MeetingVersion, ReviewVersion
from luton2040.caching import in_edition, public_page
from luton2040.pages import cannot_make_pdf
from luton2040.pdf import NoLibraries
from outcomes import segments
from outcomes.downloads import XLSX_TYPE
from outcomes.report import OutcomeReport, summaries
from pledges import serving
from priorities import wheel
from priorities.models import Source


def _board(request, slug) -> BoardVersion:
    found = BoardVersion.objects.at(request.edition).filter(board=slug).first()
    if found is None:
        raise Http404("There is no board of that name. The list of boards has them all.")
    return found


def _meeting(request, slug, held_on) -> MeetingVersion:
    board = _board(request, slug)
    found = MeetingVersion.objects.at(request.edition).filter(board=slug, held_on=held_on)
    meeting = found.select_related("pinned", "since").first()
    if meeting is None:
        raise Http404(f"{board.name} has published no meeting of that day. Its page lists its meetings.")
    return meeting


def _outcomes(request) -> list[OutcomeReport]:
    return summaries(request.edition, request.today, vision=request.vision)


def _reports(request, outcomes, boards) -> list[report.BoardReport]:
    return report.reports(request.edition, outcomes, request.vision, boards=boards)


def _address(request, name: str, *args) -> str:
    return reverse(name, args=args) + in_edition(request, "?")


@public_page
def index(request):
    boards = list(BoardVersion.objects.at(request.edition))
    by_slug = {shown.slug: shown for shown in _reports(request, _outcomes(request), boards)}
    roots = diagram.family(boards)
    groups = [(by_slug[top.slug], [by_slug[own.slug] for own in led]) for top, led in diagram.led(roots)]
    grouped = {shown.slug for top, led in groups for shown in (top, *led)}
    to_come = MeetingVersion.objects.at(request.edition).to_come(request.today)
    context = {
        "groups": groups,
        "others": [shown for slug, shown in by_slug.items() if slug not in grouped],
        "count": len(boards),
        "roots": roots,
        "picture": _drawn(request, roots),
        "next_meetings": {meeting.board_id: meeting for meeting in to_come},
    }
    return render(request, "boards/index.html", context)


def _drawn(request, roots, here="") -> str:
    def url(board: BoardVersion) -> str:
        return _address(request, "boards:board", board.board_id)

    return diagram.draw(roots, url=url, title="Which board answers to which", here=here)


@public_page
def board(request, slug):
    version, outcomes = _board(request, slug), _outcomes(request)
    (shown,) = _reports(request, outcomes, [version])
    branches = diagram.around(diagram.family(BoardVersion.objects.at(request.edition)), slug)
    reviews = ReviewVersion.objects.at(request.edition).filter(meeting__board=slug)
    open_actions, closed_actions = _actions(request, slug)
    context = {
        "report": shown,
        "wheel": _wheel(request, shown),
        "branches": branches,
        "picture": _drawn(request, branches, here=slug),
        "meetings": MeetingVersion.objects.at(request.edition).filter(board=slug),
        "reviewed": report.reviewed(outcomes, reviews.newest_first()),
        "open_actions": open_actions,
        "closed_actions": closed_actions,
        "serving": serving.of_outcomes([o.code for o in shown.outcomes], request.edition, request.today),
        "sources": {s.slug: s for s in Source.objects.at(request.edition)},
    }
    return render(request, "boards/board.html", context)


def _actions(request, slug) -> tuple[list[ActionVersion], list[ActionVersion]]:
    """Those that are open by the day they are due, the others the newest first."""
    held = list(ActionVersion.objects.at(request.edition).filter(board=slug))
    closed = sorted((a for a in held if a.closed_on), key=lambda action: action.closed_on, reverse=True)
    return [action for action in held if not action.closed_on], closed


def _wheel(request, shown: report.BoardReport) -> str:
    """Of one priority its part of the wheel; of several a wheel of their own."""
    sectors = segments.sectors(
        shown.outcomes,
        priority_url=lambda slug: _address(request, "priorities:priority", slug),
        url=lambda outcome: _address(request, "outcomes:outcome", outcome.slug),
    )
    if len(sectors) < 2:
        return wheel.fan(sectors)
    name, of_wheel = shown.board.name, sum(len(sector.segments) for sector in sectors)
    counted = {
        "hub": [("big", str(of_wheel)), ("small", "outcomes")],
        "hub_url": f"{reverse('outcomes:index')}?board={shown.slug}{in_edition(request, '&')}",
        "hub_name": f"{of_wheel} outcomes: all that {name} is linked to",
    }
    mission = {
        "hub": [("name", request.vision.mission_hub)],
        "hub_url": _address(request, "priorities:mission"),
        "hub_name": f"The mission: {request.vision.mission_name}",
    }
    return wheel.draw(sectors, title=f"Wheel of the outcomes of {name}", **(mission if shown.of_mission else counted))


@public_page
def meeting(request, slug, held_on):
    version = _meeting(request, slug, held_on)
    days = list(MeetingVersion.objects.at(request.edition).filter(board=slug).values_list("held_on", flat=True))
    context = {
        "papers": papers.published(version, request.edition),
        "is_to_come": held_on > request.today,
        "before": max((day for day in days if day < held_on), default=None),
        "after": min((day for day in days if day > held_on), default=None),
    }
    return render(request, "boards/meeting.html", context)


@public_page
def roadmap(request, slug):
    (shown,) = _reports(request, _outcomes(request), [_board(request, slug)])
    horizons = horizon.by_horizon(horizon.ahead(shown.outcomes))
    return render(request, "boards/roadmap.html", {"report": shown, "horizons": horizons})


@public_page
def calendar(request, slug):
    (shown,) = _reports(request, _outcomes(request), [_board(request, slug)])
    made = calendars.calendar(
        vision=request.vision,
        board=shown.board,
        meetings=MeetingVersion.objects.at(request.edition).filter(board=slug),
        reports=shown.outcomes,
        edition=request.edition,
        address=lambda name, *args: request.build_absolute_uri(reverse(name, args=args)),
    )
    response = HttpResponse(made, content_type=calendars.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{slug}.ics"'
    return response


@public_page
def present(request, slug, held_on):
    found = papers.published(_meeting(request, slug, held_on), request.edition)
    context = steps.screen(found, request.GET.get("step", ""))
    context["back"] = reverse("boards:meeting", args=[slug, held_on])
    return render(request, "boards/present.html", context)


# --- the pack: the papers as they came out, whatever was published since ---


@public_page
def pack_page(request, slug, held_on):
    shown = papers.as_issued(_meeting(request, slug, held_on))
    return render(request, "boards/pack.html", pack.content(shown))


@public_page
def pack_xlsx(request, slug, held_on):
    made = pack_sheets.pack_xlsx(papers.as_issued(_meeting(request, slug, held_on)))
    response = HttpResponse(made, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{slug}-{held_on.isoformat()}.xlsx"'
    return response


@public_page
def pack_pdf(request, slug, held_on):
    """202 and how far it is, where it takes long; the browser asks again by itself."""
    version = _meeting(request, slug, held_on)
    try:
        made = making.pack_of(version)
    except NoLibraries:
        return cannot_make_pdf(request, "the print page of the pack")
    if isinstance(made, making.Making):
        context, status = {"meeting": version, "made": made}, 503 if made.has_failed else 202
        response = render(request, "boards/making.html", context, status=status)
        response["Refresh"], response["Cache-Control"] = "5", "no-store"
        return response
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slug}-{held_on.isoformat()}.pdf"'
    return response
