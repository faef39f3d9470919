"""Every address of boards at the desk: who is let in, and that a refusal is a 403 with its reason, on the record."""

import pytest
from django.urls import reverse

from boards.desk.urls import urlpatterns
from boards.models import BoardAction, Comment, Link, Meeting, Membership, Review
from boards.seats import Seat
from luton2040.audit import Action, Entry
from luton2040.editions import Edition
from luton2040.roles import Role
from outcomes.models import Measure
from tests import factories as make
from tests.factories_boards import (
    HELD_ON,
    create_board_action,
    create_clerk,
    create_meeting,
    create_member,
    create_review,
    create_seat,
)
from tests.reading import Page

pytestmark = pytest.mark.django_db

# Somebody: clerk and member of the board and of another, a member here who is a clerk elsewhere, officers of the
# outcome's measure and of none, those of other roles, and one without a role.
CLERK, THOSE_ON_IT, THOSE_WHO_SEAT = {"clerk"}, {"clerk", "member", "clerk of another"}, {"clerk", "administrator"}
THOSE_WHO_WRITE = THOSE_ON_IT | {"officer"}
# Of each address: who may open it, and who may send its form.
MAY_OPEN = {
    "boards": THOSE_ON_IT | {"clerk elsewhere", "member elsewhere", "administrator"},
    "board": THOSE_ON_IT,
    "publish_board": CLERK,
    "new_action": CLERK,
    "action": THOSE_ON_IT,
    "new_meeting": CLERK,
    "meeting": THOSE_ON_IT,
    "change_meeting": CLERK,
    "remove_meeting": CLERK,
    "publish_meeting": CLERK,
    "pack": THOSE_ON_IT,
    "present": THOSE_ON_IT,
    "links": CLERK,
    "review": THOSE_WHO_WRITE,
    "seats": THOSE_WHO_SEAT,
}
SENT = {
    "publish_board": {},
    "new_action": {"what": "More", "owner": "A charity", "due_on": "2026-09-01", "is_public": "yes"},
    "action": {"act": "reopen"},
    "new_meeting": {"held_on": "2026-07-01", "pinned": "1"},
    "change_meeting": {"held_on": "2026-07-01", "pinned": "1"},
    "remove_meeting": {},
    "publish_meeting": {},
    "links": {"for_whom": "the chair", "days": "14"},
    "review": {"step": "comment", "comment": "I think so too."},
    "review signed off": {"step": "sign-off-public"},
    "review with a link": {"step": "link", "link-for_whom": "A charity", "link-days": "14"},
    "seats": {"act": "invite"},
}
MAY_SEND = MAY_OPEN | {"action": CLERK, "review signed off": CLERK, "review with a link": CLERK}
# Whatever nobody's refused form may have changed.
KEPT = (Membership, Meeting, Review, Comment, BoardAction, Link, Edition)


@pytest.fixture
def people(clock):
    make.create_place()
    make.create_outcome(values={2020: 50, 2021: 51}, baseline=2020, target=(2040, 70))
    make.create_outcome(code="BB1", position=2, values={2020: 1})
    make.create_board(name="The Board")
    make.create_oversight(priority="good-work")
    make.create_board(slug="another-board", name="Another Board", position=2)
    found = {
        "clerk": create_clerk(),
        "member": create_member(),
        "clerk elsewhere": create_clerk("another-board", email="elsewhere@example.org"),
        "member elsewhere": create_member("another-board", email="member-elsewhere@example.org"),
        "clerk of another": create_member(email="both@example.org"),
        "administrator": make.create_person(role=Role.ADMINISTRATOR),
        "officer": make.create_person(role=Role.OFFICER),
        "officer elsewhere": make.create_person(role=Role.OFFICER),
        "approver": make.create_person(role=Role.APPROVER),
        "nobody": make.create_person(),
    }
    create_seat(found["clerk of another"], "another-board", seat=Seat.CLERK)
    Measure.objects.get(code="AA1").officers.add(found["officer"])
    Measure.objects.get(code="BB1").officers.add(found["officer elsewhere"])
    meeting = create_meeting()
    create_review(meeting=meeting, story="It rose.", by=found["member"])
    create_board_action(meeting=meeting)
    return found


def address(name):
    """Of a page with something of the board's to show."""
    name = name.split()[0]
    args = {"boards": [], "action": ["a-board", BoardAction.objects.get().pk], "review": ["a-board", HELD_ON, "aa1"]}
    of_meeting = ("meeting", "change_meeting", "remove_meeting", "publish_meeting", "pack", "present", "links")
    args |= dict.fromkeys(of_meeting, ["a-board", HELD_ON])
    return reverse(f"board_desk:{name}", args=args.get(name, ["a-board"]))


def test_every_address_is_in_the_table():
    assert {pattern.name for pattern in urlpatterns} == MAY_OPEN.keys()


@pytest.mark.parametrize("name", MAY_OPEN)
def test_page_is_open_to_those_whose_work_it_is(client, people, name):
    path = address(name)
    for who, person in people.items():
        make.sign_in(client, person)
        answer = client.get(path)
        if who in MAY_OPEN[name]:
            assert answer.status_code == 200, who
            assert not Entry.objects.of_action(Action.DENIED).by_person(person).exists()
            assert answer["Cache-Control"] == "private, no-cache"
        else:
            assert_refused(answer, path, person)


@pytest.mark.parametrize("name", SENT)
def test_form_is_taken_from_those_whose_work_it_is(client, people, name):
    """What it answers them is its own affair: here only that nobody else's changes anything."""
    path, before = address(name), kept()
    for who, person in people.items():
        if who not in MAY_SEND[name]:
            make.sign_in(client, person)
            assert_refused(client.post(path, SENT[name]), path, person)
            assert kept() == before, who
    for who in MAY_SEND[name]:
        make.sign_in(client, people[who])
        assert client.post(path, SENT[name]).status_code not in (403, 404, 500), who


def kept():
    return [list(model.objects.order_by("pk").values()) for model in KEPT]


def assert_refused(answer, path, person):
    assert answer.status_code == 403, person
    entry = Entry.objects.of_action(Action.DENIED).by_person(person).get()
    assert entry.address == path
    said = Page(answer).main
    assert len(said) > 60 and entry.what.split("this page. ")[-1] in said, "the page gives the reason on the record"


@pytest.mark.parametrize("name", MAY_OPEN)
def test_stranger_is_sent_to_sign_in(client, people, name):
    for send in (client.get, client.post):
        answer = send(address(name))
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", MAY_OPEN)
def test_seat_that_was_taken_is_gone_with_the_next_click(client, people, name):
    make.sign_in(client, people["clerk"])
    Membership.objects.filter(person=people["clerk"]).delete()
    answer = client.get(address(name))
    assert answer.status_code == 403 or "The Board" not in answer.content.decode()


@pytest.mark.parametrize("name", MAY_OPEN)
def test_clerk_without_a_second_factor_is_sent_to_set_one_up(client, people, name, settings):
    settings.ASK_SECOND_FACTOR = True
    people["clerk"].authenticator_set.all().delete()
    make.sign_in(client, people["clerk"])
    assert client.get(address(name))["Location"].startswith("/accounts/2fa/")


@pytest.mark.parametrize("name", [name for name in MAY_OPEN if name != "boards"])
def test_board_that_is_not_there_is_not_found(client, people, name):
    make.sign_in(client, people["clerk"])
    assert client.get(address(name).replace("a-board", "nothing")).status_code == 404


@pytest.mark.parametrize(
    "path, said",
    [
        pytest.param("2026-06-11/", "no meeting on that day", id="meeting"),
        pytest.param("2026-02-30/", "There is no page here", id="day that is none"),
        pytest.param("2026-06-11/reviews/aa1/", "no meeting on that day", id="review of no meeting"),
        pytest.param(f"{HELD_ON}/reviews/zz9/", "no outcome with that code", id="review of no outcome"),
        pytest.param("actions/999/", "no such action", id="action"),
    ],
)
def test_address_that_names_nothing(client, people, path, said):
    make.sign_in(client, people["clerk"])
    answer = client.get(f"/desk/boards/a-board/{path}")
    assert answer.status_code == 404 and said in Page(answer).main


def test_action_of_another_board_is_not_shown(client, people):
    other = create_board_action(board="another-board", what="A secret of others")
    make.sign_in(client, people["clerk"])
    assert client.get(f"/desk/boards/a-board/actions/{other.pk}/").status_code == 404


@pytest.mark.parametrize(
    "path, fields",
    [
        pytest.param(f"{HELD_ON}/reviews/aa1/", {"step": "erase"}, id="review"),
        pytest.param("actions/{}/", {"act": "erase"}, id="action"),
    ],
)
def test_button_that_is_not_there(client, people, path, fields):
    make.sign_in(client, people["clerk"])
    answer = client.post(f"/desk/boards/a-board/{path.format(BoardAction.objects.get().pk)}", fields)
    assert answer.status_code == 400 and "This page has no such button" in Page(answer).main
