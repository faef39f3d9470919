"""Whose board it is: what every page of a board at the desk asks first."""

from datetime import date

from django.http import Http404

from boards import reviews, seats
from boards.models import BoardVersion, Meeting
from luton2040.desk.access import forbid


def own_board(request, slug: str, *, as_clerk: bool = False) -> BoardVersion:
    """The board, if whoever asks sits on it (as its clerk, where only a clerk may); else 404, or 403 saying why."""
    board = _board(request, slug)
    seat = seats.seats_of(request.user).get(slug)
    if seat is None:
        forbid(request, f"{board.name} is not one of your boards. Its clerk or an administrator can give you a seat.")
    if as_clerk and seat is not seats.Seat.CLERK:
        forbid(request, f"Only a clerk of {board.name} may do this. You sit on it as a member.")
    return board


def own_meeting(request, slug: str, held_on: date, *, as_clerk: bool = False) -> tuple[BoardVersion, Meeting]:
    board = own_board(request, slug, as_clerk=as_clerk)
    return board, _meeting(board, held_on)


def own_review(request, slug: str, held_on: date, outcome: str) -> tuple[BoardVersion, Meeting]:
    """The same for whoever may write the review of an outcome, who need not sit on the board."""
    board = _board(request, slug)
    if not reviews.may_write(request.user, Meeting(board_id=slug), outcome, request.edition):
        who = f"Only those who sit on {board.name} and the officers who look after this outcome’s measure"
        forbid(request, f"{who} see its review. A clerk of the board or an administrator can change that.")
    return board, _meeting(board, held_on)


def _board(request, slug: str) -> BoardVersion:
    board = BoardVersion.objects.at(request.edition).filter(board=slug).first()
    if board is None:
        raise Http404("There is no board of that name. The list of boards has them all.")
    return board


def _meeting(board: BoardVersion, held_on: date) -> Meeting:
    found = Meeting.objects.filter(board=board.board_id, held_on=held_on).select_related("pinned", "since").first()
    if found is None:
        raise Http404(f"{board.name} has no meeting on that day. Its page lists its meetings.")
    return found
