"""Who may do what at the desk. A role is a Django group of the same name; a person may hold several."""

import enum

from django.contrib.auth.models import Group
from django.db import connection, models
from django.db.models import Q

from luton2040.accounts import User


class Role(models.TextChoices):
    OFFICER = "measure officer", "Measure officer"
    APPROVER = "approver", "Approver"
    ADMINISTRATOR = "administrator", "Administrator"
    PLEDGE_OFFICER = "pledge officer", "Pledge officer"
    BOARD_CLERK = "board clerk", "Board clerk"
    BOARD_MEMBER = "board member", "Board member"


# These come and go with somebody's seats on boards (boards/seats.py), where it is also said which boards.
OF_BOARDS = frozenset({Role.BOARD_CLERK, Role.BOARD_MEMBER})


class Act(enum.Enum):
    """The value goes into a refusal: "Only … may <value>."."""

    OPEN_DESK = "open the desk"
    ENTER_VALUES = "enter values, and only for their own measures"
    APPROVE = "approve what others hand in, or send it back"
    SEE_ALL = "see every measure and every submission"
    EDIT_WORDING = "change definitions and wording"
    MANAGE_PEOPLE = "manage people and their roles"
    SET_HOLD = "set or lift a pre-election hold"
    READ_AUDIT = "read the audit log"
    PREPARE_MEETINGS = "prepare a board's meetings and publish them, and only of their own boards"
    TAKE_PART = "see what a board prepares and comment on it, and only of their own boards"
    SEAT_PEOPLE = "say who sits on a board"
    MODERATE_PLEDGES = "look after the register of pledges"
    WRITE_REVIEWS = "write reviews, and only of their own measures or boards"


ALLOWED: dict[Act, frozenset[Role]] = {
    Act.OPEN_DESK: frozenset(Role),
    Act.ENTER_VALUES: frozenset({Role.OFFICER}),
    Act.APPROVE: frozenset({Role.APPROVER}),
    Act.SEE_ALL: frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
    Act.EDIT_WORDING: frozenset({Role.ADMINISTRATOR}),
    Act.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Act.SET_HOLD: frozenset({Role.ADMINISTRATOR}),
    Act.READ_AUDIT: frozenset({Role.ADMINISTRATOR}),
    Act.PREPARE_MEETINGS: frozenset({Role.BOARD_CLERK}),
    Act.TAKE_PART: OF_BOARDS,
    Act.SEAT_PEOPLE: frozenset({Role.BOARD_CLERK, Role.ADMINISTRATOR}),
    Act.MODERATE_PLEDGES: frozenset({Role.PLEDGE_OFFICER}),
    Act.WRITE_REVIEWS: OF_BOARDS | {Role.OFFICER},
}
# Their sign-in alone could change what the public sees, or who may.
SECOND_FACTOR = frozenset({Role.APPROVER, Role.ADMINISTRATOR, Role.PLEDGE_OFFICER, Role.BOARD_CLERK})


def held_by(user) -> frozenset[Role]:
    """The roles of somebody, deactivated or not. Whoever set up the site is an administrator without the group."""
    names = {group.name for group in user.groups.all()}
    held = {role for role in Role if role.value in names}
    return frozenset(held | {Role.ADMINISTRATOR} if user.is_superuser else held)


def roles_of(user) -> frozenset[Role]:
    """Read once for each user object, and so once a request."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_roles"):
        user._roles = held_by(user)
    return user._roles


def forget_roles(user) -> None:
    """After they changed."""
    user.__dict__.pop("_roles", None)


def may(user, act: Act) -> bool:
    return not ALLOWED[act].isdisjoint(roles_of(user))


def refusal(act: Act) -> str:
    """Why not, and what to do about it."""
    names = [role.label.lower() for role in Role if role in ALLOWED[act]]
    *first, last = [f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in names]
    who = f"{', '.join(first)} or {last}" if first else last
    return f"Only {who} may {act.value}. If that is your work, ask an administrator for the role."


def people_with(role: Role):
    """Those who may sign in and hold it."""
    holds = Q(groups__name=role.value)
    if role is Role.ADMINISTRATOR:
        holds |= Q(is_superuser=True)
    return User.objects.filter(holds, is_active=True).distinct().order_by("name", "email")


def must_have_second_factor(user) -> bool:
    return not SECOND_FACTOR.isdisjoint(roles_of(user))


def create_groups(**kwargs) -> None:
    """After every migrate, so that a role that is added later needs no migration."""
    if Group._meta.db_table in connection.introspection.table_names():
        for role in Role:
            Group.objects.get_or_create(name=role.value)
