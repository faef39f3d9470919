"""Looking after people: the rules, and the administrators' pages."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from luton2040 import people, roles
from luton2040.audit import Action, Entry
from luton2040.people import State
from luton2040.roles import Role
from luton2040.verbs import NotAllowed
from tests import factories as make
from tests.factories_boards import create_seat
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


@pytest.fixture
def admin():
    return make.create_person(role=Role.ADMINISTRATOR, email="ann@example.org", name="Ann")


@pytest.fixture
def ben():
    return make.create_person(role=Role.OFFICER, email="ben@example.org", name="Ben", password="seven wet umbrellas")


@pytest.fixture
def desk(client, admin):
    make.sign_in(client, admin)
    return client


def who(by):
    return {"by": by, "now": make.NOW}


def last(action):
    return Entry.objects.of_action(action).newest_first().first()


def fresh(person):
    return make.User.objects.get(pk=person.pk)


# --- the rules ---


def test_invited_person_is_there_without_a_password_and_on_the_record(admin):
    person = people.invite(
        email="new@example.org", name="New", roles=[Role.OFFICER], measures=["XA1", "XB1"], **who(admin)
    )
    assert not person.has_usable_password()
    assert people.state_of(person) is State.INVITED
    assert roles.roles_of(fresh(person)) == {Role.OFFICER}
    assert set(person.measures.values_list("pk", flat=True)) == {"XA1", "XB1"}
    entries = Entry.objects.about(f"user {person.pk}").oldest_first()
    assert [(e.action, e.what, e.by, e.at) for e in entries] == [
        (Action.INVITED, "Invited New (new@example.org).", admin, make.NOW),
        (Action.ROLES_CHANGED, "Roles of New (new@example.org): none; now measure officer.", admin, make.NOW),
        (Action.OWNERS_CHANGED, "Measures of New (new@example.org): added XA1, XB1.", admin, make.NOW),
    ]


def test_nobody_is_invited_twice(admin, ben):
    with pytest.raises(NotAllowed, match="is here already"):
        people.invite(email="BEN@example.org", name="", roles=[], measures=[], **who(admin))
    assert Entry.objects.count() == 0


def test_invitation_is_a_letter_with_a_link(admin):
    person = people.invite(email="new@example.org", name="New", roles=[], measures=[], **who(admin))
    people.send_invitation(person, site="https://example.org/")
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["new@example.org"], "You are invited to the desk of Exampleton 2035")
    assert letter.body.startswith("Hello New,\n")
    assert re.search(r"^https://example\.org/accounts/password/reset/key/\S+/$", letter.body, re.MULTILINE)
    assert "within seven days" in letter.body
    assert "without a password" not in letter.body


def test_invitation_names_the_councils_own_sign_in_where_there_is_one(ben, settings):
    settings.OIDC_ISSUER, settings.OIDC_NAME = "https://id.example", "your council account"
    people.send_invitation(ben, site="https://example.org")
    assert "Or sign in with your council account, without a password: https://example.org/accounts/login/" in (
        mail.outbox[0].body
    )


def test_somebody_who_has_come_is_not_invited_again(admin, ben):
    with pytest.raises(NotAllowed, match="has not come yet"):
        people.invite_again(ben, **who(admin))


def test_roles_are_changed_with_what_they_were_on_the_record(admin, ben):
    people.set_roles(ben, [Role.OFFICER, Role.APPROVER], **who(admin))
    assert roles.roles_of(ben) == roles.roles_of(fresh(ben)) == {Role.OFFICER, Role.APPROVER}
    assert last(Action.ROLES_CHANGED).what == (
        "Roles of Ben (ben@example.org): measure officer; now measure officer and approver."
    )


def test_what_stays_as_it_was_is_not_on_the_record(admin, ben):
    people.rename(ben, "Ben", **who(admin))
    people.set_roles(ben, [Role.OFFICER], **who(admin))
    people.set_measures(ben, [], **who(admin))
    assert Entry.objects.count() == 0


def test_nobody_changes_their_own_roles(admin):
    with pytest.raises(NotAllowed, match="Nobody changes their own roles"):
        people.set_roles(admin, [Role.APPROVER, Role.ADMINISTRATOR], **who(admin))
    assert roles.roles_of(fresh(admin)) == {Role.ADMINISTRATOR}


def test_whoever_set_up_the_site_is_an_administrator_until_another_takes_the_role(admin, desk):
    root = make.create_person(email="root@example.org", is_superuser=True, is_staff=True)
    assert ["root@example.org", "Administrator"] in [
        [row[0].split()[-1], row[1]] for row in Page(desk.get("/desk/people/")).rows()
    ]
    people.rename(root, "Root", **who(admin))
    people.set_roles(root, [Role.ADMINISTRATOR], **who(admin))
    assert roles.roles_of(fresh(root)) == {Role.ADMINISTRATOR}
    people.set_roles(root, [Role.OFFICER], **who(admin))
    assert roles.roles_of(fresh(root)) == {Role.OFFICER}
    assert last(Action.ROLES_CHANGED).what.endswith("administrator; now measure officer.")


def test_measures_are_given_and_taken(admin, ben):
    people.set_measures(ben, ["XA1", "XA2"], **who(admin))
    people.set_measures(ben, ["XA2", "XB1"], **who(admin))
    assert set(ben.measures.values_list("pk", flat=True)) == {"XA2", "XB1"}
    assert last(Action.OWNERS_CHANGED).what == "Measures of Ben (ben@example.org): added XB1; removed XA1."


def test_deactivated_and_reactivated_with_a_reason(admin, ben):
    people.deactivate(ben, "Left the council.", **who(admin))
    assert people.state_of(fresh(ben)) is State.DEACTIVATED
    assert roles.roles_of(ben) == frozenset()
    assert last(Action.DEACTIVATED).what == "Deactivated Ben (ben@example.org): Left the council."
    people.reactivate(ben, "Came back.", **who(admin))
    assert people.state_of(fresh(ben)) is State.ACTIVE
    assert roles.roles_of(ben) == {Role.OFFICER}
    assert last(Action.REACTIVATED).what == "Reactivated Ben (ben@example.org): Came back."


def test_nobody_is_deactivated_or_reactivated_twice(admin, ben):
    with pytest.raises(NotAllowed, match="active already"):
        people.reactivate(ben, "x", **who(admin))
    people.deactivate(ben, "x", **who(admin))
    with pytest.raises(NotAllowed, match="deactivated already"):
        people.deactivate(ben, "x", **who(admin))
    assert Entry.objects.count() == 1


def test_nobody_deactivates_themselves(admin):
    with pytest.raises(NotAllowed, match="Nobody deactivates themselves"):
        people.deactivate(admin, "x", **who(admin))


CHANGES = [
    pytest.param(lambda p, by: people.rename(p, "x", **who(by)), id="rename"),
    pytest.param(lambda p, by: people.set_roles(p, [], **who(by)), id="roles"),
    pytest.param(lambda p, by: people.set_measures(p, ["XA1"], **who(by)), id="measures"),
    pytest.param(lambda p, by: people.deactivate(p, "x", **who(by)), id="deactivate"),
    pytest.param(lambda p, by: people.reactivate(p, "x", **who(by)), id="reactivate"),
    pytest.param(lambda p, by: people.remove_second_factor(p, "x", **who(by)), id="second step"),
    pytest.param(lambda p, by: people.invite_again(p, **who(by)), id="invite again"),
    pytest.param(
        lambda p, by: people.invite(email="x@example.org", name="", roles=[], measures=[], **who(by)), id="invite"
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_only_somebody_who_is_an_administrator_still_changes_people(admin, ben, change):
    """As after two administrators took the role from each other at once: the second is refused."""
    stale = fresh(admin)
    assert roles.may(stale, roles.Act.MANAGE_PEOPLE)
    admin.groups.clear()
    with pytest.raises(NotAllowed, match="no longer an administrator"):
        change(ben, stale)
    assert Entry.objects.count() == 0


def test_last_administrator_stays(admin):
    other = make.create_person(role=Role.ADMINISTRATOR)
    people.set_roles(other, [], **who(admin))
    for change in (
        lambda: people.set_roles(admin, [], **who(admin)),
        lambda: people.deactivate(admin, "x", **who(admin)),
    ):
        with pytest.raises(NotAllowed):
            change()
    assert list(roles.people_with(Role.ADMINISTRATOR)) == [admin]


def test_second_step_is_removed_and_its_owner_told(admin, django_capture_on_commit_callbacks):
    bob = make.create_person(role=Role.APPROVER, email="bob@example.org", name="Bob")
    with django_capture_on_commit_callbacks(execute=True):
        people.remove_second_factor(bob, "Lost the phone.", **who(admin))
    assert not Authenticator.objects.filter(user=bob).exists()
    assert last(Action.FACTOR_REMOVED).what == "Removed the second step of Bob (bob@example.org): Lost the phone."
    (letter,) = mail.outbox
    assert letter.to == ["bob@example.org"]
    assert "Ann has removed the second step of your sign-in to the desk of Exampleton 2035" in letter.body


def test_nobody_removes_a_second_step_that_is_not_there_or_their_own(admin, ben):
    with pytest.raises(NotAllowed, match="no second step"):
        people.remove_second_factor(ben, "x", **who(admin))
    with pytest.raises(NotAllowed, match="Your account"):
        people.remove_second_factor(admin, "x", **who(admin))


# --- the list ---


def test_list_says_who_everybody_is(desk, admin, ben):
    ben.measures.set(["XA1", "XA2"])
    people.invite(email="new@example.org", name="", roles=[], measures=[], **who(admin))
    people.deactivate(make.create_person(role=Role.APPROVER, email="z@example.org", name="Zoe"), "x", **who(admin))
    rows = Page(desk.get("/desk/people/")).rows()
    assert [row[:4] + row[5:] for row in rows] == [
        ["new@example.org new@example.org", "none", "0", "no", "Invited, not come yet"],
        ["Ann ann@example.org", "Administrator", "0", "yes", "Active"],
        ["Ben ben@example.org", "Measure officer", "2", "no", "Active"],
        ["Zoe z@example.org", "Approver", "0", "yes", "Deactivated"],
    ]


def test_list_takes_the_same_queries_however_many_there_are(desk, django_assert_max_num_queries):
    for n in range(12):
        make.create_person(role=Role.OFFICER, email=f"p{n}@example.org")
    with django_assert_max_num_queries(9):
        desk.get("/desk/people/")


# --- inviting ---

INVITATION = {"email": "New@Example.org", "name": "New", "roles": ["measure officer"], "measures": ["XA1"]}


def test_administrator_invites_somebody(desk):
    page = Page(desk.post("/desk/people/invite/", INVITATION, follow=True))
    assert "The invitation is on its way to new@example.org." in page.main
    person = make.User.objects.get(email="new@example.org")
    assert [m.pk for m in person.measures.all()] == ["XA1"]
    assert "http://testserver/accounts/password/reset/key/" in mail.outbox[0].body


def test_links_in_letters_lead_to_the_address_that_is_set(desk, settings):
    settings.SITE_URL = "https://outcomes.example.org"
    desk.post("/desk/people/invite/", INVITATION)
    assert "\nhttps://outcomes.example.org/accounts/password/reset/key/" in mail.outbox[0].body


def test_letter_that_cannot_be_sent_is_told_with_what_to_do(desk, settings):
    settings.EMAIL_BACKEND = "tests.luton2040.test_people.Down"
    page = Page(desk.post("/desk/people/invite/", INVITATION, follow=True))
    assert "New is invited, but the e-mail could not be sent: no such server." in page.main
    assert "send the invitation again" in page.main
    assert make.User.objects.filter(email="new@example.org").exists()


class Down:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError("no such server")


@pytest.mark.parametrize(
    "field, value, said",
    [
        pytest.param("email", "", "E-mail address: This field is required.", id="no address"),
        pytest.param("email", "new", "E-mail address: Enter a valid email address.", id="no address at all"),
        pytest.param("email", "Ann@example.org", "Somebody with this address is here already", id="there already"),
        pytest.param("name", "", "Name: This field is required.", id="no name"),
        pytest.param("roles", ["king"], "king is not one of the available choices.", id="no such role"),
        pytest.param("measures", ["ZZ9"], "ZZ9 is not one of the available choices.", id="no such measure"),
    ],
)
def test_invitation_that_is_wrong_is_told_and_loses_nothing(desk, field, value, said):
    page = Page(desk.post("/desk/people/invite/", INVITATION | {field: value}))
    (summary,) = page.all("div", id="problems")
    assert said in words(summary)
    if field != "name":
        assert page.one("input", name="name").get("value") == "New"
    assert not mail.outbox
    assert make.User.objects.count() == 1


def test_measures_are_offered_under_their_priority(desk):
    page = Page(desk.get("/desk/people/invite/"))
    assert [words(e) for e in page.all("summary")] == ["Good work", "Clean air", "The mission"]
    assert [e.get("value") for e in page.all("input", name="measures")] == ["XA1", "XA2", "XB1", "XB2", "XM1"]


# --- one person ---


def save(desk, person, **fields):
    sent = {"act": "save", "name": person.name, "roles": ["measure officer"], "measures": []} | fields
    return desk.post(f"/desk/people/{person.pk}/", sent, follow=True)


def test_administrator_changes_somebody(desk, ben):
    page = Page(save(desk, ben, name="Benjamin", roles=["approver"], measures=["XA1"]))
    assert "Benjamin is saved." in page.main
    assert roles.roles_of(fresh(ben)) == {Role.APPROVER}
    (name,) = page.all("input", name="name")
    assert name.get("value") == "Benjamin"
    log = words(page.section("What was changed, and signing in"))
    assert "ben@example.org: name was “Ben”, now “Benjamin”." in log
    assert "Roles of Benjamin (ben@example.org): measure officer; now approver." in log
    assert "Measures of Benjamin (ben@example.org): added XA1." in log
    assert "by Ann" in log


def test_all_is_saved_or_nothing(desk, admin):
    page = Page(save(desk, admin, name="Queen Ann", roles=[]))
    assert "Nobody changes their own roles. Ask another administrator." in page.main
    assert fresh(admin).name == "Ann" and page.headings[0] == "Ann"
    assert page.one("input", name="name").get("value") == "Queen Ann"
    assert Entry.objects.count() == 0


def test_seats_on_boards_are_told_and_lead_to_their_pages(desk, ben):
    assert "A board" not in Page(desk.get(f"/desk/people/{ben.pk}/")).main
    create_seat(ben)
    page = Page(desk.get(f"/desk/people/{ben.pk}/"))
    assert "A board (member)" in page.main and page.link("A board") == "/desk/boards/a-board/seats/"
    assert ["Ben ben@example.org", "Measure officer, Board member"] in [
        row[:2] for row in Page(desk.get("/desk/people/")).rows()
    ]
    assert "board member" not in [e.get("value") for e in page.all("input", name="roles")]
    save(desk, ben, roles=["approver"])
    assert roles.roles_of(fresh(ben)) == {Role.APPROVER, Role.BOARD_MEMBER}


def test_measures_held_are_ticked_and_counted(desk, ben):
    ben.measures.set(["XA1", "XA2"])
    page = Page(desk.get(f"/desk/people/{ben.pk}/"))
    assert [e.get("value") for e in page.all("input", name="measures") if "checked" in e.attrib] == ["XA1", "XA2"]
    assert "Good work (2 of 2)" in page.main


@pytest.mark.parametrize(
    "act, before, said, after",
    [
        pytest.param("deactivate", {}, "Ben can no longer sign in.", State.DEACTIVATED, id="deactivate"),
        pytest.param("reactivate", {"is_active": False}, "Ben can sign in again.", State.ACTIVE, id="reactivate"),
    ],
)
def test_administrator_ends_and_restores_access(desk, ben, act, before, said, after):
    make.User.objects.filter(pk=ben.pk).update(**before)
    page = Page(desk.post(f"/desk/people/{ben.pk}/", {"act": act, "reason": "Because."}, follow=True))
    assert said in page.main
    assert people.state_of(fresh(ben)) is after
    assert Entry.objects.newest_first().first().what.endswith("Because.")


def test_reason_is_needed(desk, ben):
    page = Page(desk.post(f"/desk/people/{ben.pk}/", {"act": "deactivate", "reason": ""}))
    assert "Reason: This field is required." in page.main
    assert fresh(ben).is_active


def test_administrator_removes_a_lost_second_step(desk):
    bob = make.create_person(role=Role.APPROVER, name="Bob")
    page = Page(desk.post(f"/desk/people/{bob.pk}/", {"act": "remove_second_factor", "reason": "Lost."}, follow=True))
    assert "Bob can sign in without a second step" in page.main
    assert not Authenticator.objects.filter(user=bob).exists()


def test_administrator_sends_the_invitation_again(desk, admin):
    person = people.invite(email="new@example.org", name="New", roles=[], measures=[], **who(admin))
    page = Page(desk.post(f"/desk/people/{person.pk}/", {"act": "invite_again"}, follow=True))
    assert "The invitation is on its way to new@example.org." in page.main
    assert len(mail.outbox) == 1
    assert last(Action.INVITED).what == "Invited New (new@example.org) again."


def test_page_offers_what_fits_the_person(desk, admin, ben):
    bob = make.create_person(role=Role.APPROVER, password="seven wet umbrellas")
    new = people.invite(email="new@example.org", name="New", roles=[], measures=[], **who(admin))
    gone = make.create_person(role=Role.OFFICER, is_active=False)

    def offered(person):
        page = Page(desk.get(f"/desk/people/{person.pk}/"))
        return {e.get("value") for e in page.all("input", name="act")} - {"save"}

    assert offered(ben) == {"deactivate"}
    assert offered(bob) == {"deactivate", "remove_second_factor"}
    assert offered(new) == {"deactivate", "invite_again"}
    assert offered(gone) == {"reactivate"}
    assert offered(admin) == set()


def test_button_that_is_not_there_is_refused(desk, ben):
    answer = desk.post(f"/desk/people/{ben.pk}/", {"act": "crown"})
    assert answer.status_code == 400
    assert "This page has no such button." in Page(answer).main


def test_person_who_is_not_there(desk):
    answer = desk.get("/desk/people/999/")
    assert answer.status_code == 404
    assert "There is no such person." in Page(answer).main


# --- the hold ---

DAYS = {"starts_on": "2027-03-25", "ends_on": "2027-05-06", "reason": "Local elections"}


def test_administrator_sets_and_lifts_a_hold(desk):
    page = Page(desk.post("/desk/hold/", DAYS, follow=True))
    assert "Hold from 25 March 2027 to 6 May 2027 is set." in page.main
    assert "No hold is on today." in page.main
    lift = page.link("Lift it: Hold from 25 March 2027 to 6 May 2027")
    assert "What waits for its end may then be published at once." in Page(desk.get(lift)).main
    page = Page(desk.post(lift, follow=True))
    assert "Hold from 25 March 2027 to 6 May 2027 is lifted." in page.main
    assert page.rows()[0][3].startswith("by Ann on ")
    page = Page(desk.post(lift, follow=True))
    assert "This hold has been lifted already." in page.main


def test_hold_that_is_on_is_said_at_the_top(desk, clock):
    today = clock.date()
    make.create_hold(starts_on=today, ends_on=today, reason="An election")
    page = Page(desk.get("/desk/hold/"))
    assert "Hold from 1 December 2026 to 1 December 2026 is on today" in page.main
    assert "No hold is on today." not in page.main


@pytest.mark.parametrize(
    "changed, said",
    [
        pytest.param({"ends_on": "2027-03-01"}, "The last day is before the first.", id="turned round"),
        pytest.param({"starts_on": ""}, "First day: This field is required.", id="no day"),
        pytest.param({"starts_on": "soon"}, "First day: Enter a valid date.", id="no day at all"),
        pytest.param({"reason": ""}, "Reason: This field is required.", id="no reason"),
    ],
)
def test_hold_that_is_wrong_is_told_and_loses_nothing(desk, changed, said):
    page = Page(desk.post("/desk/hold/", DAYS | changed))
    assert said in page.main
    if "reason" not in changed:
        assert page.one("input", name="reason").get("value") == "Local elections"


def test_hold_that_overlaps_is_told_in_words(desk):
    desk.post("/desk/hold/", DAYS)
    assert "These days overlap with another: Hold from 25 March 2027" in Page(desk.post("/desk/hold/", DAYS)).main


def test_hold_that_is_not_there(desk):
    assert desk.get("/desk/hold/99/lift/").status_code == 404
