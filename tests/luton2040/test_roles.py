"""Roles: who may do what, in one table, and what is said to those who may not."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from luton2040 import roles
from luton2040.roles import Act, Role
from tests import factories as make

pytestmark = pytest.mark.django_db

MAY = {
    Act.OPEN_DESK: set(Role),
    Act.ENTER_VALUES: {Role.OFFICER},
    Act.APPROVE: {Role.APPROVER},
    Act.SEE_ALL: {Role.APPROVER, Role.ADMINISTRATOR},
    Act.EDIT_WORDING: {Role.ADMINISTRATOR},
    Act.MANAGE_PEOPLE: {Role.ADMINISTRATOR},
    Act.SET_HOLD: {Role.ADMINISTRATOR},
    Act.READ_AUDIT: {Role.ADMINISTRATOR},
    Act.PREPARE_MEETINGS: {Role.BOARD_CLERK},
    Act.TAKE_PART: {Role.BOARD_CLERK, Role.BOARD_MEMBER},
    Act.SEAT_PEOPLE: {Role.BOARD_CLERK, Role.ADMINISTRATOR},
    Act.MODERATE_PLEDGES: {Role.PLEDGE_OFFICER},
    Act.WRITE_REVIEWS: {Role.BOARD_CLERK, Role.BOARD_MEMBER, Role.OFFICER},
}


@pytest.mark.parametrize("act", Act, ids=lambda act: act.name)
@pytest.mark.parametrize("role", Role, ids=lambda role: role.label)
def test_role_may_do_what_it_is_for(act, role):
    assert roles.may(make.create_person(role=role), act) == (role in MAY[act])


@pytest.mark.parametrize("act", Act, ids=lambda act: act.name)
@pytest.mark.parametrize(
    "who",
    [
        pytest.param(AnonymousUser, id="nobody signed in"),
        pytest.param(make.create_person, id="without a role"),
        pytest.param(lambda: make.create_person(roles=Role, is_active=False), id="deactivated"),
    ],
)
def test_without_a_role_nothing_may_be_done(act, who):
    assert not roles.may(who(), act)


def test_several_roles_may_do_what_each_may():
    both = make.create_person(roles=[Role.OFFICER, Role.APPROVER])
    assert roles.may(both, Act.ENTER_VALUES) and roles.may(both, Act.APPROVE)
    assert roles.roles_of(both) == {Role.OFFICER, Role.APPROVER}


def test_superuser_is_an_administrator():
    user = make.create_person(is_superuser=True)
    assert roles.roles_of(user) == {Role.ADMINISTRATOR}
    assert list(roles.people_with(Role.ADMINISTRATOR)) == [user]


def test_roles_are_read_once_for_a_request(django_assert_num_queries):
    user = make.User.objects.get(pk=make.create_person(role=Role.APPROVER).pk)
    with django_assert_num_queries(1):
        assert all(roles.may(user, act) for act in (Act.OPEN_DESK, Act.APPROVE, Act.SEE_ALL))


def test_every_act_is_in_the_table_and_has_somebody_who_may():
    assert set(roles.ALLOWED) == set(Act)
    assert all(roles.ALLOWED.values())


def test_every_role_is_a_group():
    assert {group.name for group in Group.objects.all()} == {role.value for role in Role}


def test_groups_are_made_again_without_harm():
    Group.objects.filter(name=Role.OFFICER.value).delete()
    roles.create_groups()
    roles.create_groups()
    assert Group.objects.count() == len(Role)


def test_people_with_a_role_are_those_who_may_sign_in():
    officer = make.create_person(role=Role.OFFICER, name="B")
    other = make.create_person(roles=[Role.OFFICER, Role.APPROVER], name="A")
    make.create_person(role=Role.OFFICER, is_active=False)
    assert list(roles.people_with(Role.OFFICER)) == [other, officer]


@pytest.mark.parametrize(
    "role, must",
    [
        pytest.param(Role.OFFICER, False, id="officer"),
        pytest.param(Role.APPROVER, True, id="approver"),
        pytest.param(Role.ADMINISTRATOR, True, id="administrator"),
        pytest.param(Role.BOARD_CLERK, True, id="board clerk"),
        pytest.param(Role.BOARD_MEMBER, False, id="board member"),
    ],
)
def test_second_factor_is_asked_of_those_who_can_change_what_is_public(role, must):
    assert roles.must_have_second_factor(make.create_person(role=role)) == must


@pytest.mark.parametrize(
    "act, said",
    [
        pytest.param(Act.ENTER_VALUES, "Only a measure officer may enter values", id="one role"),
        pytest.param(Act.SEE_ALL, "Only an approver or an administrator may see every measure", id="two roles"),
        pytest.param(
            Act.WRITE_REVIEWS, "Only a measure officer, a board clerk or a board member may write", id="three"
        ),
    ],
)
def test_refusal_says_who_may_and_what_to_do(act, said):
    assert roles.refusal(act).startswith(said)
    assert roles.refusal(act).endswith("If that is your work, ask an administrator for the role.")
