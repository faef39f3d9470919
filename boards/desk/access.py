"""Whose board it is: what every page of a board at the desk asks first."""

from datetime import date

from django.http import Http404

from boards import seats
from boards.models import BoardVersion, Meeting
from luton2040.desk.access import forbid


def own_board(request, slug: str, *, as_clerk: bool = False) -> BoardVersion:
    """The board, if whoever asks sits on it (as its clerk, where only a clerk may); else 404, or 403 saying why."""
    board = BoardVersion.objects.at(request.edition).filter(board=slug).first()
    if board is None:
        raise Http404("There is no board of that name. The list of boards has them all.")
    seat = seats.seats_of(request.user).get(slug)
    if seat is None:
        forbid(request, f"{board.name} is not one of your boards. Its clerk or an administrator can give you a seat.")
    if as_clerk and seat is not seats.Seat.CLERK:
        forbid(request, f"Only a clerk of {board.name} may do this. You sit on it as a member.")
    return board


def own_meeting(request, slug: str, held_on: date, *, as_clerk: bool = False) -> tuple[BoardVersion, Meeting]:
    board = own_board(request, slug, as_clerk=as_clerk)
    meeting = Meeting.objects.filter(board=slug, held_on=held_on).select_related("pinned", "since").first()
    if meeting is None:
        raise Http404(f"{board.name} has no meeting on that day. Its page lists its meetings.")
    return board, meeting
