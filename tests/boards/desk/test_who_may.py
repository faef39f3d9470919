"""Every address of boards at the desk: who is let in, and that a refusal is a 403 with its reason, on the record."""

import pytest
from django.urls import reverse

from boards.desk.urls import urlpatterns
from boards.models import Membership
from luton2040.audit import Action, Entry
from luton2040.roles import Role
from tests import factories as make
from tests.factories_boards import create_clerk, create_member
from tests.reading import Page

pytestmark = pytest.mark.django_db

# Somebody: clerk and member of the board, clerk of another, those of other roles, and one without a role.
PEOPLE = ("clerk", "member", "clerk elsewhere", "administrator", "officer", "approver", "nobody")
THOSE_WHO_SEAT = {"clerk", "administrator"}
# Of each address: who may open it, and who may send its form. One that shows no page of its own is only sent to.
MAY_OPEN = {
    "seats": THOSE_WHO_SEAT,
}
MAY_SEND = {
    "seats": THOSE_WHO_SEAT,
}
# Whatever nobody's refused form may have changed.
KEPT = (Membership,)


@pytest.fixture
def people(clock):
    make.create_place()
    make.create_board(name="The Board")
    make.create_board(slug="another-board", name="Another Board", position=2)
    return {
        "clerk": create_clerk(),
        "member": create_member(),
        "clerk elsewhere": create_clerk("another-board", email="elsewhere@example.org"),
        "administrator": make.create_person(role=Role.ADMINISTRATOR),
        "officer": make.create_person(role=Role.OFFICER),
        "approver": make.create_person(role=Role.APPROVER),
        "nobody": make.create_person(),
    }


def address(name):
    """Of a page with something of the board's to show."""
    return reverse(f"board_desk:{name}", args=["a-board"])


def test_every_address_is_in_the_table():
    assert {pattern.name for pattern in urlpatterns} == MAY_OPEN.keys() | MAY_SEND.keys()


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", MAY_OPEN)
def test_page_is_open_to_those_whose_work_it_is(client, people, name, who):
    path = address(name)
    make.sign_in(client, people[who])
    answer = client.get(path)
    if who in MAY_OPEN[name]:
        assert answer.status_code == 200
        assert not Entry.objects.of_action(Action.DENIED).exists()
    else:
        assert_refused(answer, path, people[who])


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", MAY_SEND)
def test_form_is_taken_from_those_whose_work_it_is(client, people, name, who):
    """What it answers them is its own affair: here only that nobody else's changes anything."""
    path = address(name)
    before = kept()
    make.sign_in(client, people[who])
    answer = client.post(path, {"act": "invite"})
    if who in MAY_SEND[name]:
        assert answer.status_code != 403
    else:
        assert_refused(answer, path, people[who])
        assert kept() == before


def kept():
    return [list(model.objects.order_by("pk").values()) for model in KEPT]


def assert_refused(answer, path, person):
    assert answer.status_code == 403
    entry = Entry.objects.of_action(Action.DENIED).get()
    assert (entry.by, entry.address) == (person, path)
    said = Page(answer).main
    assert len(said) > 60 and entry.what.split("this page. ")[-1] in said, "the page gives the reason on the record"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", MAY_OPEN | MAY_SEND)
def test_stranger_is_sent_to_sign_in(client, people, name, method):
    answer = getattr(client, method)(address(name))
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", MAY_OPEN)
def test_seat_that_was_taken_is_gone_with_the_next_click(client, people, name):
    make.sign_in(client, people["clerk"])
    Membership.objects.filter(person=people["clerk"]).delete()
    assert client.get(address(name)).status_code == 403


@pytest.mark.parametrize("name", MAY_OPEN)
def test_clerk_without_a_second_factor_is_sent_to_set_one_up(client, people, name, settings):
    settings.ASK_SECOND_FACTOR = True
    people["clerk"].authenticator_set.all().delete()
    make.sign_in(client, people["clerk"])
    assert client.get(address(name))["Location"].startswith("/accounts/2fa/")
