"""Every address of the desk, every role: who is let in, and that a refusal is a 403 with its reason, on the record."""

import pytest
from django.test import Client
from django.urls import reverse

from luton2040.audit import Action, Entry
from luton2040.roles import Role
from outcomes import submissions
from outcomes.desk.urls import urlpatterns
from outcomes.models import Measure, Observation, Submission
from tests.factories import create_edition, create_outcome, create_person, create_place, make_row, sign_in
from tests.reading import Page
from tests.record import NOW

pytestmark = pytest.mark.django_db

# Somebody: an officer of the measure, an officer of another, an approver, an administrator, and one without a role.
PEOPLE = ("own", "other", "approver", "administrator", "nobody")
EVERYBODY, OFFICERS = {"own", "other", "approver", "administrator"}, {"own", "other"}
THOSE_WHO_SEE = {"own", "approver", "administrator"}
MAY_OPEN = {
    "home": EVERYBODY,
    "measures": EVERYBODY,
    "measure": THOSE_WHO_SEE,
    "measure_csv": THOSE_WHO_SEE,
    "enter": {"own"},
    "correct": {"own"},
    "targets": {"own"},
    "series": {"own"},
    "paste": OFFICERS,
    "due_file": OFFICERS,
    "paste_review": {"own"},
    "submissions": EVERYBODY,
    "submission": THOSE_WHO_SEE,
    "submission_csv": THOSE_WHO_SEE,
    "decide": {"approver"},
    "move": {"own"},
}
MAY_SEND = {name: MAY_OPEN[name] for name in ("enter", "correct", "targets", "series", "paste", "decide", "move")}
ONLY_SENT = {"decide", "move"}  # opened, they lead to the submission's page


@pytest.fixture
def people(clock):
    create_place()
    create_outcome(values={2020: 50, 2021: 51, 2022: 52}, baseline=2020, target=(2040, 70))
    create_outcome(code="BB1", position=2, values={2020: 1})
    found = {
        "own": create_person(role=Role.OFFICER, email="own@example.org"),
        "other": create_person(role=Role.OFFICER, email="other@example.org"),
        "approver": create_person(role=Role.APPROVER, email="approver@example.org"),
        "administrator": create_person(role=Role.ADMINISTRATOR, email="administrator@example.org"),
        "nobody": create_person(email="nobody@example.org"),
    }
    Measure.objects.get(code="AA1").officers.add(found["own"])
    Measure.objects.get(code="BB1").officers.add(found["other"])
    return found


def address(name, people):
    """Of a page with something of the first officer's to show."""
    match name:
        case "measure" | "measure_csv" | "enter" | "targets" | "series":
            return reverse(f"desk:{name}", args=["aa1"])
        case "correct":
            return reverse("desk:correct", args=["aa1", Observation.objects.filter(measure="AA1").first().pk])
        case "due_file":
            return reverse("desk:due_file", args=["csv"])
        case "paste_review":
            own = Client()
            sign_in(own, people["own"])
            cells = "Measure code\tPeriod\tValue\tRelease used\nAA1\t2023\t53\t1/3/2026\n"
            return own.post("/desk/paste/", {"cells": cells})["Location"]
        case "submission" | "submission_csv" | "decide" | "move":
            row = make_row(year=2023, value=53)
            submission = submissions.propose([row], origin=Submission.Origin.FORM, by=people["own"], now=NOW)
            return reverse(f"desk:{name}", args=[submission.pk])
    return reverse(f"desk:{name}")


def test_every_address_is_in_the_table():
    assert {pattern.name for pattern in urlpatterns} == MAY_OPEN.keys()


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", MAY_OPEN)
def test_page_is_open_to_those_whose_work_it_is(client, people, name, who):
    path = address(name, people)
    sign_in(client, people[who])
    answer = client.get(path)
    if who in MAY_OPEN[name]:
        assert answer.status_code in ((302,) if name in ONLY_SENT else (200, 302)), answer
        assert not Entry.objects.of_action(Action.DENIED).exists()
    elif name in ONLY_SENT and who in EVERYBODY and answer.status_code == 302:
        assert answer["Location"].startswith("/desk/submissions/"), "nothing is shown, nothing is done"
    else:
        assert_refused(answer, path, people[who])


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", MAY_SEND)
def test_form_is_taken_from_those_whose_work_it_is(client, people, name, who):
    """What it answers them is its own affair: here only that nobody else's changes anything."""
    path = address(name, people)
    before = list(Submission.objects.order_by("pk").values())
    sign_in(client, people[who])
    answer = client.post(path, {"step": "check", "do": "take-back"})
    if who in MAY_SEND[name]:
        assert answer.status_code != 403
    else:
        assert_refused(answer, path, people[who])
        assert list(Submission.objects.order_by("pk").values()) == before


def assert_refused(answer, path, person):
    assert answer.status_code == 403
    entry = Entry.objects.of_action(Action.DENIED).get()
    assert (entry.by, entry.address) == (person, path)
    said = Page(answer).main
    assert len(said) > 60 and entry.what.split("this page. ")[-1] in said, "the page gives the reason on the record"


@pytest.mark.parametrize("name", MAY_OPEN)
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_sent_to_sign_in(client, people, name, method):
    path = address(name, people)
    answer = getattr(client, method)(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", [name for name in MAY_OPEN if name not in ONLY_SENT])
def test_role_that_was_taken_away_is_gone_with_the_next_click(client, people, name):
    path = address(name, people)
    sign_in(client, people["own"])
    people["own"].groups.clear()
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("name", ["home", "submissions", "decide"])
def test_approver_without_a_second_factor_is_sent_to_set_one_up(client, people, name, settings):
    settings.ASK_SECOND_FACTOR = True
    path = address(name, people)
    sign_in(client, create_person(role=Role.APPROVER, email="new@example.org", second_factor=False))
    assert client.get(path)["Location"].startswith("/accounts/2fa/")


def test_paste_of_another_is_not_shown(client, people):
    """Not even to those who see every submission: a draft is private until it is handed in."""
    path = address("paste_review", people)
    create_edition()
    for who in ("other", "approver", "administrator"):
        sign_in(client, people[who])
        assert client.get(path).status_code == 403
