"""Two administrators at once: neither can leave the desk without one."""

import pytest

from luton2040 import people, roles
from luton2040.audit import Entry
from luton2040.roles import Role
from luton2040.verbs import NotAllowed
from tests import factories as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = [
    pytest.param(lambda who, by: people.deactivate(who, "No longer here.", by=by, now=make.NOW), id="deactivate"),
    pytest.param(lambda who, by: people.set_roles(who, [], by=by, now=make.NOW), id="take the role"),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("round_", range(3))
def test_of_two_administrators_who_remove_each_other_at_once_one_stays(change, round_):
    ann, ben = (make.create_person(role=Role.ADMINISTRATOR) for _ in range(2))

    def remove(who, by):
        def work():
            try:
                change(who, by)
            except NotAllowed as refused:
                return str(refused)
            return "done"

        return work

    said = at_once(remove(ann, ben), remove(ben, ann))

    assert sorted(said) == ["You are no longer an administrator.", "done"]
    assert roles.people_with(Role.ADMINISTRATOR).count() == 1
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_of_two_invitations_of_the_same_person_at_once_one_is_refused(round_):
    ann, ben = (make.create_person(role=Role.ADMINISTRATOR) for _ in range(2))

    def invite(by):
        def work():
            try:
                people.invite(email="new@example.org", name="New", roles=[], measures=[], by=by, now=make.NOW)
            except NotAllowed as refused:
                return str(refused)
            return "done"

        return work

    said = at_once(invite(ann), invite(ben))

    assert sorted(said) == ["done", "new@example.org is here already. Find them under People."]
    assert make.User.objects.filter(email="new@example.org").count() == 1
