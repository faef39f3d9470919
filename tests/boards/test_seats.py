"""Who sits on a board: who gives and takes seats, the roles that come and go with them, and the record of it."""

import pytest
from django.core import mail

from boards import seats
from boards.models import Link, Membership
from boards.seats import Seat
from luton2040 import people, roles
from luton2040.audit import Action, Entry
from luton2040.roles import Role
from luton2040.verbs import NotAllowed
from tests import factories as make
from tests.factories_boards import create_clerk, create_link, create_meeting, create_member, create_seat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def boards():
    make.create_place()
    make.create_board(name="The Board")
    make.create_board(slug="another-board", name="Another Board", position=2)


@pytest.fixture
def admin():
    return make.create_person(role=Role.ADMINISTRATOR, email="ann@example.org", name="Ann")


@pytest.fixture
def clerk():
    return create_clerk()


@pytest.fixture
def ben():
    return make.create_person(role=Role.OFFICER, email="ben@example.org", name="Ben")


def who(by):
    return {"by": by, "now": make.NOW}


def fresh(person):
    return make.User.objects.get(pk=person.pk)


def held(person):
    return dict(Membership.objects.filter(person=person).values_list("board", "seat"))


def told():
    return [(e.action, e.what, e.by, e.about) for e in Entry.objects.oldest_first()]


# --- seats and their roles ---


def test_seat_brings_its_role_and_is_on_the_record(admin, ben):
    seats.give(ben, "a-board", Seat.MEMBER, **who(admin))
    assert held(ben) == {"a-board": "member"}
    assert roles.roles_of(ben) == roles.roles_of(fresh(ben)) == {Role.OFFICER, Role.BOARD_MEMBER}
    what = "Ben (ben@example.org) now sits on The Board as member."
    assert told() == [(Action.SEATED, what, admin, f"user {ben.pk}")]
    seats.give(ben, "a-board", Seat.MEMBER, **who(admin))
    assert len(told()) == 1


def test_another_seat_takes_the_place_of_the_first(admin, ben):
    seats.give(ben, "a-board", Seat.MEMBER, **who(admin))
    seats.give(ben, "a-board", Seat.CLERK, **who(admin))
    assert held(ben) == {"a-board": "clerk"}
    assert roles.roles_of(fresh(ben)) == {Role.OFFICER, Role.BOARD_CLERK}
    assert told()[-1][1] == "Ben (ben@example.org) now sits on The Board as clerk, before that member."


def test_role_goes_with_the_last_seat_of_its_kind(admin, ben):
    for board, seat in (("a-board", Seat.CLERK), ("another-board", Seat.CLERK)):
        seats.give(ben, board, seat, **who(admin))
    seats.give(ben, "another-board", Seat.MEMBER, **who(admin))
    assert roles.roles_of(ben) == {Role.OFFICER, Role.BOARD_CLERK, Role.BOARD_MEMBER}
    seats.take(ben, "a-board", **who(admin))
    assert roles.roles_of(ben) == roles.roles_of(fresh(ben)) == {Role.OFFICER, Role.BOARD_MEMBER}
    assert told()[-1][:2] == (Action.UNSEATED, "Ben (ben@example.org) no longer sits on The Board as clerk.")
    seats.take(ben, "another-board", **who(admin))
    assert (held(ben), roles.roles_of(fresh(ben))) == ({}, {Role.OFFICER})


def test_seat_is_taken_once(admin, ben):
    with pytest.raises(NotAllowed, match="Ben does not sit on this board any more"):
        seats.take(ben, "a-board", **who(admin))
    assert told() == []


def test_changing_somebodys_other_roles_leaves_their_seats(admin):
    member = create_member()
    people.set_roles(member, [Role.OFFICER], **who(admin))
    people.set_roles(member, [], **who(admin))
    assert roles.roles_of(fresh(member)) == {Role.BOARD_MEMBER}


def test_links_of_somebody_who_leaves_the_board_end_with_the_seat(admin, clerk):
    meeting, other = create_meeting(), create_meeting(board="another-board")
    theirs = create_link(meeting=meeting, by=clerk)
    others = [
        create_link(meeting=meeting, by=admin, token="b"),
        create_link(meeting=other, by=clerk, token="c"),
    ]
    seats.take(clerk, "a-board", **who(admin))
    assert list(Link.objects.valid(make.NOW).order_by("pk")) == others
    assert Link.objects.get(pk=theirs.pk).revoked_by == admin
    assert (
        Entry.objects.of_action(Action.UNSEATED).get().what.endswith("1 link that they had made ended with the seat.")
    )


def test_seat_without_its_role_counts_for_nothing(clerk):
    clerk.groups.clear()
    assert seats.seats_of(fresh(clerk)) == {}
    assert not seats.sits_on(fresh(clerk), "a-board")


def test_deactivated_person_is_given_no_seat(admin, ben):
    people.deactivate(ben, "Left.", **who(admin))
    with pytest.raises(NotAllowed, match="An administrator sees why"):
        seats.give(ben, "a-board", Seat.MEMBER, **who(admin))
    assert held(ben) == {}


# --- who may ---

MEMBER, CLERK = Seat.MEMBER, Seat.CLERK


@pytest.mark.parametrize(
    "by, has, wanted, done",
    [
        pytest.param("admin", None, CLERK, True, id="administrator makes a clerk"),
        pytest.param("admin", CLERK, MEMBER, True, id="administrator makes a clerk a member"),
        pytest.param("admin", CLERK, None, True, id="administrator takes a clerk's seat"),
        pytest.param("clerk", None, MEMBER, True, id="clerk gives a member's seat"),
        pytest.param("clerk", MEMBER, None, True, id="clerk takes a member's seat"),
        pytest.param("clerk", None, CLERK, False, id="clerk makes no clerk"),
        pytest.param("clerk", MEMBER, CLERK, False, id="clerk makes no member a clerk"),
        pytest.param("clerk", CLERK, MEMBER, False, id="clerk makes no clerk a member"),
        pytest.param("clerk", CLERK, None, False, id="clerk takes no clerk's seat"),
        pytest.param("other", None, MEMBER, False, id="clerk of another board"),
        pytest.param("member", None, MEMBER, False, id="member"),
        pytest.param("member", MEMBER, None, False, id="member takes"),
        pytest.param("approver", None, MEMBER, False, id="approver"),
    ],
)
def test_seats_are_given_and_taken_by_those_who_may(by, has, wanted, done):
    by = {
        "admin": lambda: make.create_person(role=Role.ADMINISTRATOR),
        "clerk": create_clerk,
        "other": lambda: create_clerk("another-board"),
        "member": create_member,
        "approver": lambda: make.create_person(role=Role.APPROVER),
    }[by]()
    ben = make.create_user(email="ben@example.org")
    before = {"a-board": has} if has else {}
    if has:
        create_seat(ben, seat=has)
    try:
        seats.give(ben, "a-board", wanted, **who(by)) if wanted else seats.take(ben, "a-board", **who(by))
    except NotAllowed as refused:
        assert "Ask an administrator" in str(refused)
        assert not done and held(ben) == before and told() == []
    else:
        assert done and held(ben) == ({"a-board": wanted} if wanted else {})


@pytest.mark.parametrize("change", [seats.take, lambda p, b, **w: seats.give(p, b, MEMBER, **w)])
def test_nobody_changes_their_own_seat(admin, clerk, change):
    create_seat(admin, "a-board", seat=CLERK)
    for person in (admin, clerk):
        with pytest.raises(NotAllowed, match="Nobody changes their own seat"):
            change(person, "a-board", **who(person))
    assert told() == []


def test_only_somebody_who_is_a_clerk_still_gives_seats(admin, clerk, ben):
    stale = fresh(clerk)
    assert seats.given_by(stale, "a-board") == {MEMBER}
    seats.take(clerk, "a-board", **who(admin))
    with pytest.raises(NotAllowed, match="You no longer look after the seats"):
        seats.give(ben, "a-board", MEMBER, **who(stale))


# --- inviting ---


def test_somebody_new_is_there_without_a_password(clerk):
    person = seats.invite("new@example.org", "New", "a-board", MEMBER, **who(clerk))
    assert (person.name, person.has_usable_password(), held(person)) == ("New", False, {"a-board": "member"})
    assert people.state_of(person) is people.State.INVITED
    assert told() == [
        (Action.INVITED, "Invited New (new@example.org).", clerk, f"user {person.pk}"),
        (Action.SEATED, "New (new@example.org) now sits on The Board as member.", clerk, f"user {person.pk}"),
    ]


def test_somebody_known_gets_the_seat_and_keeps_their_name(clerk, ben):
    assert seats.invite("BEN@Example.org", "Benny", "a-board", MEMBER, **who(clerk)) == ben
    assert (fresh(ben).name, held(ben)) == ("Ben", {"a-board": "member"})
    assert [action for action, *_ in told()] == [Action.SEATED]


@pytest.mark.parametrize("seat", Seat)
def test_somebody_who_sits_there_already_is_not_invited(admin, seat):
    create_member()
    with pytest.raises(NotAllowed, match="member@example.org sits on this board already: find them in the list."):
        seats.invite("member@example.org", "Mo", "a-board", seat, **who(admin))
    assert told() == []


def test_invitation_that_is_refused_leaves_nobody_behind(clerk, ben):
    make.User.objects.filter(pk=ben.pk).update(is_active=False)
    for email, seat in (("new@example.org", CLERK), ("ben@example.org", MEMBER)):
        with pytest.raises(NotAllowed):
            seats.invite(email, "x", "a-board", seat, **who(clerk))
    assert not make.User.objects.filter(email="new@example.org").exists()
    assert (held(ben), told()) == ({}, [])


@pytest.mark.parametrize("seat, second_step", [(MEMBER, False), (CLERK, True)])
def test_letter_says_which_board_and_how_to_sign_in(admin, seat, second_step):
    person = seats.invite("new@example.org", "New", "a-board", seat, **who(admin))
    seats.send_invitation(person, "a-board", by=admin, site="https://example.org")
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["new@example.org"], "The Board: your seat at the desk of Anytown 2040")
    assert letter.body.startswith(f"Hello New,\n\nAnn has given you a seat on The Board as {seat.value}.")
    assert "\nhttps://example.org/accounts/login/code/\n" in letter.body
    assert ("second step" in letter.body) == second_step
    assert "ask Ann at ann@example.org" in letter.body
