"""Boards, what they oversee, their meetings and what those are made from."""

from django.http import Http404
from django.shortcuts import render

from boards import papers
from boards.models import BoardVersion, MeetingVersion
from luton2040.caching import public_page


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


@public_page
def index(request):
    return render(request, "boards/index.html", {"boards": BoardVersion.objects.at(request.edition)})


@public_page
def board(request, slug):
    return render(request, "boards/board.html", {"board": _board(request, slug)})


@public_page
def meeting(request, slug, held_on):
    shown = papers.published(_meeting(request, slug, held_on), request.edition)
    return render(request, "boards/meeting.html", {"papers": shown})
