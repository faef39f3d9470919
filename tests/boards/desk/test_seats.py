"""The page of a board's seats: who sits there, inviting, changing; for clerks and for administrators."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from boards.models import Membership
from boards.seats import Seat
from luton2040.audit import Entry
from luton2040.roles import Role
from tests import factories as make
from tests import reading
from tests.factories_boards import create_clerk, create_member, create_seat
from tests.html_validity import problems
from tests.reading import Page, words
from tests.signing_in import ask_for_code, type_code, who

pytestmark = pytest.mark.django_db
PATH = "/desk/boards/a-board/seats/"
INVITATION = {"act": "invite", "email": "New@Example.org", "name": "New", "seat": "member"}


@pytest.fixture(autouse=True)
def place(exampleton):
    cache.clear()


@pytest.fixture
def clerk(client):
    return make.sign_in(client, create_clerk())


@pytest.fixture
def admin(client):
    return make.sign_in(client, make.create_person(role=Role.ADMINISTRATOR, email="ann@example.org", name="Ann"))


def held(email):
    return dict(Membership.objects.filter(person__email=email).values_list("board", "seat"))


def change(client, person, to=""):
    return Page(client.post(PATH, {"act": "change", "person": person.pk, "to": to}, follow=True))


# --- who sits there ---


def test_page_lists_clerks_then_members_with_what_may_be_changed(client, clerk):
    create_clerk(email="z@example.org", name="Zed").groups.clear()
    create_member()
    create_member(email="gone@example.org", name="Gus", is_active=False)
    page = Page(client.get(PATH))
    assert page.headings[0] == "Who sits on A board"
    assert page.rows() == [
        ["Clara Clerk clerk@example.org", "Clerk", "Active", "This is you"],
        ["Zed z@example.org", "Clerk", "Invited, not come yet", "An administrator can"],
        ["Gus gone@example.org", "Member", "Deactivated", "Remove: Gus"],
        ["Mo Member member@example.org", "Member", "Invited, not come yet", "Remove: Mo Member"],
    ]
    assert "4 people with a seat" in page.main
    assert page.link("A board") == "/desk/boards/a-board/"


def test_administrator_changes_everybodys_seat_but_their_own(client, admin):
    create_clerk()
    assert "/desk/boards/a-board/" not in Page(client.get(PATH)).links
    create_seat(admin)
    page = Page(client.get(PATH))
    assert [row[3] for row in page.rows()] == ["Make member: Clara Clerk Remove: Clara Clerk", "This is you"]
    assert page.link("Clara Clerk") == f"/desk/people/{make.User.objects.get(email='clerk@example.org').pk}/"


def test_page_of_a_board_with_nobody(client, admin):
    assert "Nobody yet. Whoever is given a seat below appears here." in Page(client.get(PATH)).main


def test_page_takes_the_same_queries_however_many_sit_there(client, clerk, django_assert_max_num_queries):
    for n in range(9):
        create_member(email=f"m{n}@example.org")
    with django_assert_max_num_queries(12):
        client.get(PATH)


# --- inviting ---


def test_member_is_invited_and_signs_in_by_code(client, clerk):
    page = Page(client.post(PATH, INVITATION, follow=True))
    assert "New has the seat. A letter is on its way to new@example.org." in page.main
    assert held("new@example.org") == {"a-board": "member"}
    (letter,) = mail.outbox
    assert "http://testserver/accounts/login/code/" in letter.body
    newcomer = Client()
    type_code(newcomer, ask_for_code(newcomer, "new@example.org"))
    assert who(newcomer) == str(make.User.objects.get(email="new@example.org").pk)
    assert "Board member" in Page(newcomer.get("/desk/account/")).main
    assert Page(client.get(PATH)).rows()[1][2] == "Active"


def test_links_in_the_letter_lead_to_the_address_that_is_set(client, clerk, settings):
    settings.SITE_URL = "https://outcomes.example.org"
    client.post(PATH, INVITATION)
    assert "\nhttps://outcomes.example.org/accounts/login/code/" in mail.outbox[0].body


def test_letter_that_cannot_be_sent_is_told_with_what_to_do(client, clerk, settings):
    settings.EMAIL_BACKEND = "tests.luton2040.test_people.Down"
    page = Page(client.post(PATH, INVITATION, follow=True))
    assert "New has the seat, but the e-mail could not be sent: no such server." in page.main
    assert "tell New to sign in at http://testserver/accounts/login/code/" in page.main
    assert held("new@example.org") == {"a-board": "member"}


def test_seats_are_offered_to_those_who_give_them(client, clerk):
    def offered():
        return [e.get("value") for e in Page(client.get(PATH)).all("input", name="seat")]

    assert offered() == ["member"]
    make.sign_in(client, make.create_person(role=Role.ADMINISTRATOR))
    assert offered() == ["member", "clerk"]


@pytest.mark.parametrize(
    "field, value, said",
    [
        pytest.param("email", "new", "E-mail address: Enter a valid email address.", id="no address at all"),
        pytest.param(
            "email", "Member@example.org", "member@example.org sits on this board already", id="there already"
        ),
        pytest.param("name", "", "Name: This field is required.", id="no name"),
        pytest.param("name", "N" * 201, "at most 200 characters", id="a name too long"),
        pytest.param("seat", "clerk", "clerk is not one of the available choices.", id="not theirs to give"),
        pytest.param("seat", "", "Seat: This field is required.", id="no seat"),
    ],
)
def test_invitation_that_is_wrong_is_told_and_loses_nothing(client, clerk, field, value, said):
    create_member()
    page = Page(client.post(PATH, INVITATION | {field: value}))
    (summary,) = page.all("div", id="problems")
    assert said in words(summary)
    if field != "name":
        assert page.one("input", name="name").get("value") == "New"
    assert not mail.outbox and Membership.objects.count() == 2


def test_what_a_stranger_typed_comes_back_after_signing_in(client):
    client.post(PATH, INVITATION)
    make.sign_in(client, create_clerk())
    assert Page(client.get(PATH)).one("input", name="email").get("value") == "New@Example.org"
    assert not mail.outbox


# --- changing ---


def test_clerk_takes_a_members_seat(client, clerk):
    member = create_member()
    assert "Mo Member no longer sits on A board." in change(client, member).main
    assert held(member.email) == {}
    assert "Nothing was changed: they do not sit on this board any more." in change(client, member).main


def test_administrator_makes_a_member_a_clerk(client, admin):
    member = create_member()
    page = change(client, member, "clerk")
    assert "Mo Member is now a clerk of A board." in page.main
    assert page.rows()[0][1] == "Clerk"


@pytest.mark.parametrize("to", ["", "member"])
def test_clerk_who_sends_what_is_not_theirs_to_change_is_told(client, clerk, to):
    other = create_clerk(email="other@example.org")
    before = Entry.objects.count()
    assert "A clerk gives and takes members’ seats only." in change(client, other, to).main
    assert "Nobody changes their own seat." in change(client, clerk, to).main
    assert (held(other.email), Entry.objects.count()) == ({"a-board": Seat.CLERK}, before)


@pytest.mark.parametrize("sent", [{"act": "crown"}, {}])
def test_button_that_is_not_there_is_refused(client, clerk, sent):
    answer = client.post(PATH, sent)
    assert answer.status_code == 400
    assert "This page has no such button." in Page(answer).main


@pytest.mark.parametrize("sent", [{"person": "x\0"}, {"person": "999999999999999999999"}, {"to": "king"}, {}])
def test_change_that_no_page_sends_changes_nothing(client, clerk, sent):
    person = create_member()
    page = Page(
        client.post(PATH, {"act": "change"} | ({"person": person.pk} if "to" in sent else {}) | sent, follow=True)
    )
    assert "Nothing was changed" in page.main
    assert held(person.email) == {"a-board": "member"}


# --- whose board ---


def test_clerk_of_another_board_is_told_whose_it_is(client):
    make.create_board(slug="another-board", name="Another Board", position=2)
    make.sign_in(client, create_clerk("another-board"))
    answer = client.get(PATH)
    assert answer.status_code == 403
    assert "A board is not one of your boards." in Page(answer).main


def test_board_that_is_not_there(client, clerk, admin):
    for person in (clerk, admin):
        make.sign_in(client, person)
        answer = client.get("/desk/boards/no-such-board/seats/")
        assert answer.status_code == 404
        assert "There is no board of that name." in Page(answer).main


def test_page_is_sound(client, admin):
    create_clerk()
    create_member()
    answers = {"open": client.get(PATH), "wrong": client.post(PATH, {"act": "invite"})}
    assert problems({name: answer.content.decode() for name, answer in answers.items()}) == []
    for name, answer in answers.items():
        assert answer["Cache-Control"] == "private, no-cache"
        assert {check.__name__: found for check in reading.CHECKS if (found := check(Page(answer)))} == {}, name
