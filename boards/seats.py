"""Who sits on which board. The roles of board clerk and board member come and go with these seats."""

from boards.models import Membership
from luton2040.roles import Act, may

Seat = Membership.Seat
NEEDED = {Seat.CLERK: Act.PREPARE_MEETINGS, Seat.MEMBER: Act.TAKE_PART}


def seats_of(person) -> dict[str, Seat]:
    """The boards on which somebody sits; a seat without its role counts for nothing."""
    held = Membership.objects.filter(person=person).values_list("board", "seat")
    return {board: Seat(seat) for board, seat in held if may(person, NEEDED[Seat(seat)])}


def sits_on(person, board: str) -> bool:
    return board in seats_of(person)


def is_clerk_of(person, board: str) -> bool:
    return seats_of(person).get(board) is Seat.CLERK
