"""Who sits on which board. The roles of board clerk and board member come and go with these seats."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from boards.models import BoardVersion, Link, Membership
from luton2040 import audit
from luton2040.accounts import User
from luton2040.audit import Action
from luton2040.people import create_person, known, send_letter, take_turns
from luton2040.roles import OF_BOARDS, Act, Role, forget_roles, may
from luton2040.verbs import NotAllowed
from outcomes import formatting as words

Seat = Membership.Seat
ROLES = {Seat.CLERK: Role.BOARD_CLERK, Seat.MEMBER: Role.BOARD_MEMBER}
NEEDED = {Seat.CLERK: Act.PREPARE_MEETINGS, Seat.MEMBER: Act.TAKE_PART}


def seats_of(person) -> dict[str, Seat]:
    """The boards on which somebody sits; a seat without its role counts for nothing."""
    held = Membership.objects.filter(person=person).values_list("board", "seat")
    return {board: Seat(seat) for board, seat in held if may(person, NEEDED[Seat(seat)])}


def sits_on(person, board: str) -> bool:
    return board in seats_of(person)


def is_clerk_of(person, board: str) -> bool:
    return seats_of(person).get(board) is Seat.CLERK


def given_by(person, board: str) -> frozenset[Seat]:
    """The seats that somebody gives and takes, though never their own."""
    if may(person, Act.MANAGE_PEOPLE):
        return frozenset(Seat)
    return frozenset({Seat.MEMBER} if is_clerk_of(person, board) else ())


@transaction.atomic
def give(person: User, board: str, seat: Seat, *, by: User, now: datetime) -> None:
    """Also another seat in place of the one that they have."""
    held = _held(person, board, seat, by=by)
    if held is seat:
        return
    if not User.objects.filter(pk=person.pk, is_active=True).exists():
        raise NotAllowed(f"{person.email} cannot be given a seat just now. An administrator sees why, under People.")
    Membership.objects.update_or_create(board_id=board, person=person, defaults={"seat": seat})
    follow(person)
    was = f", before that {held.label.lower()}" if held else ""
    what = f"{known(person)} now sits on {board_name(board)} as {seat.label.lower()}{was}."
    audit.record(Action.SEATED, what=what, by=by, about=f"user {person.pk}", now=now)


@transaction.atomic
def take(person: User, board: str, *, by: User, now: datetime) -> None:
    held = _held(person, board, by=by)
    if held is None:
        raise NotAllowed(f"{person} does not sit on this board any more.")
    Membership.objects.filter(board=board, person=person).delete()
    follow(person)
    what = f"{known(person)} no longer sits on {board_name(board)} as {held.label.lower()}."
    ended = _end_links(person, board, by=by, now=now)
    if ended:
        what += f" {words.count(ended, 'link')} that they had made ended with the seat."
    audit.record(Action.UNSEATED, what=what, by=by, about=f"user {person.pk}", now=now)


@transaction.atomic
def invite(email: str, name: str, board: str, seat: Seat, *, by: User, now: datetime) -> User:
    """To be followed by send_invitation. Somebody known keeps the name that they have."""
    take_turns()
    person = User.objects.filter(email__iexact=email).first()
    if _held(person, board, seat, by=by):
        raise NotAllowed(f"{email} sits on this board already: find them in the list.")
    person = person or create_person(email, name, by=by, now=now)
    give(person, board, seat, by=by, now=now)
    return person


def send_invitation(person: User, board: str, *, by: User, site: str) -> None:
    """The same letter whether or not somebody has signed in before. `site` is such as https://example.org."""
    name, is_clerk = board_name(board), is_clerk_of(User.objects.get(pk=person.pk), board)
    context = {"board": name, "is_clerk": is_clerk, "by": by, "site": site}
    send_letter(person, "seat", f"{name}: your seat at the desk", **context)


def _end_links(person: User, board: str, *, by: User, now: datetime) -> int:
    """Whoever leaves may have kept the addresses that they made, which would go on letting them in."""
    theirs = Link.objects.valid(now).filter(made_by=person, meeting__board=board)
    return theirs.update(revoked_by=by, revoked_at=now)


def follow(person: User) -> None:
    """The roles that their seats give them, and no other of boards."""
    held = {ROLES[Seat(seat)].value for seat in person.memberships.values_list("seat", flat=True)}
    groups = {group.name: group for group in Group.objects.filter(name__in=[role.value for role in OF_BOARDS])}
    person.groups.remove(*(group for name, group in groups.items() if name not in held))
    person.groups.add(*(groups[name] for name in held))
    forget_roles(person)


# --- what must hold ---


def _held(person: User | None, board: str, *wanted: Seat, by: User) -> Seat | None:
    """The seat that somebody has, if it and the one that is wanted may be changed: all read anew, under the lock."""
    take_turns()
    found = Membership.objects.filter(board=board, person=person).values_list("seat", flat=True).first()
    held = Seat(found) if found else None
    may_change = given_by(User.objects.get(pk=by.pk), board)
    if not may_change:
        raise NotAllowed("You no longer look after the seats of this board. Ask an administrator.")
    if person == by:
        raise NotAllowed("Nobody changes their own seat. Somebody else, such as an administrator, has to do it.")
    if not may_change.issuperset({held, *wanted} - {None}):
        raise NotAllowed("A clerk gives and takes members’ seats only. Ask an administrator about a clerk’s.")
    return held


def board_name(board: str) -> str:
    return BoardVersion.objects.current().filter(board=board).values_list("name", flat=True).first() or board
