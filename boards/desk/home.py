"""One's boards, and one of them: what lies ahead of it, what is asked for, and what waits to be published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.shortcuts import render

from boards import actions, publishing, seats
from boards.actions import ActionStanding, Stand
from boards.desk.access import own_board
from boards.desk.asked import Line, Stage, lines, reports_of
from boards.models import BoardAction, BoardVersion, Meeting
from boards.preparing import ActionState
from boards.publishing import Waiting
from boards.seats import Seat
from luton2040.desk.access import desk_page, forbid
from luton2040.editions import Edition
from luton2040.roles import Act, may, refusal
from outcomes.models import OutcomeVersion


@dataclass(frozen=True)
class BoardWork:
    """A board as whoever sits on it finds it."""

    board: BoardVersion
    seat: Seat
    meeting: Meeting | None  # the next
    asked: list[Line]  # reviews that it asks for and nobody has begun
    overdue: list[tuple[BoardAction, ActionStanding]]
    waiting: Waiting | None  # for its clerks


@desk_page(Act.OPEN_DESK)
def boards(request):
    """Administrators find every board here, to say who sits on it, and nothing of what is prepared."""
    if not (may(request.user, Act.TAKE_PART) or may(request.user, Act.SEAT_PEOPLE)):
        forbid(request, refusal(Act.TAKE_PART))
    held = seats.seats_of(request.user)
    found = list(BoardVersion.objects.at(request.edition))
    context = {
        "works": [_work(board, held[board.board_id], request.today) for board in found if board.board_id in held],
        "others": [b for b in found if b.board_id not in held] if may(request.user, Act.MANAGE_PEOPLE) else [],
    }
    return render(request, "desk/boards/boards.html", context)


def _work(board: BoardVersion, seat: Seat, today: date) -> BoardWork:
    slug = board.board_id
    meeting = next_meeting(slug, today)
    asked = []
    if meeting and not meeting.is_public:
        asked = [line for line in lines(meeting, reports_of(meeting)) if line.stage is Stage.ASKED]
    open_actions = with_standing(BoardAction.objects.filter(board=slug).open().by_due_day(), today)
    overdue = [(action, stands) for action, stands in open_actions if stands.stand is Stand.OVERDUE]
    return BoardWork(board, seat, meeting, asked, overdue, publishing.waiting(slug) if seat is Seat.CLERK else None)


def next_meeting(slug: str, today: date) -> Meeting | None:
    """The nearest to come; else the last that was held and is not public yet."""
    of_board = Meeting.objects.filter(board=slug).select_related("pinned", "since")
    coming = of_board.filter(held_on__gte=today).order_by("held_on").first()
    return coming or of_board.unpublished().newest_first().first()


def with_standing(found: Iterable[BoardAction], today: date) -> list[tuple[BoardAction, ActionStanding]]:
    return [(action, actions.standing(action, today)) for action in found]


def labels(edition: Edition) -> dict[str, str]:
    return dict(OutcomeVersion.objects.at(edition).values_list("outcome", "short_label"))


@desk_page(Act.TAKE_PART)
def board(request, slug):
    shown = own_board(request, slug)
    meetings = Meeting.objects.filter(board=slug).select_related("pinned").newest_first()
    found = with_standing(BoardAction.objects.filter(board=slug).by_due_day(), request.today)
    is_clerk = seats.is_clerk_of(request.user, slug)
    context = {
        "board": shown,
        "is_clerk": is_clerk,
        "preparing": [meeting for meeting in meetings if not meeting.is_public],
        "published": [meeting for meeting in meetings if meeting.is_public],
        "actions": [each for each in found if each[0].state == ActionState.OPEN],
        "closed": [each for each in found if each[0].state != ActionState.OPEN],
        "labels": labels(request.edition),
        "waiting": publishing.waiting(slug) if is_clerk else None,
    }
    return render(request, "desk/boards/board.html", context)
