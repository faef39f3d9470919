"""Two at once: one seat, one entry, and no seat without its role."""

import pytest

from boards import seats
from boards.models import Membership
from boards.seats import Seat
from luton2040.audit import Action, Entry
from luton2040.roles import Role, roles_of
from luton2040.verbs import NotAllowed
from tests import factories as make
from tests.factories_boards import create_clerk, create_member
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def boards(transactional_db):
    make.create_place()
    make.create_board(name="The Board")


def attempt(change, *given, **more):
    def work():
        try:
            change(*given, **more, now=make.NOW)
        except NotAllowed as refused:
            return str(refused)
        return "done"

    return work


def clerks():
    return create_clerk(email="one@example.org"), create_clerk(email="two@example.org")


@pytest.mark.parametrize("round_", range(2))
def test_two_clerks_give_somebody_the_same_seat_at_once(round_):
    ben = make.create_user(email="ben@example.org")
    assert at_once(*(attempt(seats.give, ben, "a-board", Seat.MEMBER, by=by) for by in clerks())) == ["done", "done"]
    assert Membership.objects.filter(person=ben).count() == 1
    assert Entry.objects.of_action(Action.SEATED).count() == 1


@pytest.mark.parametrize("round_", range(2))
def test_of_two_who_invite_the_same_person_at_once_one_is_told(round_):
    given = ("new@example.org", "New", "a-board", Seat.MEMBER)
    said = at_once(*(attempt(seats.invite, *given, by=by) for by in clerks()))
    assert sorted(said) == ["done", "new@example.org sits on this board already: find them in the list."]
    assert Entry.objects.of_action(Action.INVITED).count() == 1


@pytest.mark.parametrize("round_", range(2))
def test_of_two_seats_given_and_taken_at_once_the_role_follows_what_is_left(round_):
    make.create_board(slug="another-board", position=2)
    one, member = create_clerk(), create_member()
    admin = make.create_person(role=Role.ADMINISTRATOR)
    taken = attempt(seats.take, member, "a-board", by=one)
    assert at_once(taken, attempt(seats.give, member, "another-board", Seat.MEMBER, by=admin)) == ["done", "done"]
    member = make.User.objects.get(pk=member.pk)
    assert seats.seats_of(member) == {"another-board": Seat.MEMBER}
    assert roles_of(member) == {Role.BOARD_MEMBER}
