"""Whose work a measure is, and who may see which submission: a table of people and states."""

import pytest

from luton2040.roles import Role
from outcomes import officers, submissions
from outcomes.models import Measure, Submission
from tests.factories import (
    NOW,
    create_approver,
    create_draft,
    create_person,
    create_proposer,
    create_submission,
    create_user,
    hand_in,
    make_line,
    schedule,
)

pytestmark = pytest.mark.django_db
State = Submission.State


def keeps(*codes, **person):
    """Somebody who keeps these measures up to date."""
    person = create_person(**({"role": Role.OFFICER, "second_factor": False} | person))
    for code in codes:
        person.measures.add(Measure.objects.get_or_create(code=code)[0])
    return person


# --- measures ---


@pytest.mark.parametrize(
    "person, own, visible",
    [
        pytest.param({"roles": [Role.OFFICER]}, {"AA1"}, {"AA1"}, id="officer"),
        pytest.param({"roles": [Role.APPROVER]}, set(), {"AA1", "BB1"}, id="approver"),
        pytest.param({"roles": [Role.ADMINISTRATOR]}, set(), {"AA1", "BB1"}, id="administrator"),
        pytest.param({"roles": [Role.OFFICER, Role.APPROVER]}, {"AA1"}, {"AA1", "BB1"}, id="officer and approver"),
        pytest.param({"roles": list(Role)}, {"AA1"}, {"AA1", "BB1"}, id="every role"),
        pytest.param({"roles": [], "is_superuser": True}, set(), {"AA1", "BB1"}, id="superuser"),
        pytest.param({"roles": []}, set(), set(), id="nobody"),
        pytest.param({"roles": list(Role), "is_active": False}, set(), set(), id="deactivated"),
    ],
)
def test_measures_of_a_person(person, own, visible):
    somebody = keeps("AA1", role=None, **person)
    Measure.objects.get_or_create(code="BB1")
    assert officers.own_measures(somebody) == own
    assert officers.visible_measures(somebody) == visible


def test_officers_of_a_measure_are_those_with_the_role_who_may_sign_in():
    one, two = keeps("AA1", "BB1", name="B"), keeps("AA1", name="A")
    keeps("BB1")
    keeps("AA1", role=Role.APPROVER)
    keeps("AA1", is_active=False)
    assert list(officers.officers_of("AA1")) == [two, one], "by name"
    assert list(officers.officers_of("CC1")) == []


# --- submissions ---


def in_state(state, **given):
    if state == State.DRAFT:
        return create_draft(measure="AA1", typed={"value": ["50"]})
    submission = hand_in(**given)
    match state:
        case State.SCHEDULED:
            schedule(submission, at=NOW.replace(year=2027))
        case State.APPROVED:
            submissions.approve(submission, by=create_approver(), now=NOW, summary="Checked")
        case State.RETURNED:
            submissions.send_back(submission, by=create_approver(), now=NOW, note="Look again")
        case State.WITHDRAWN:
            submissions.take_back(submission, by=submission.proposed_by, now=NOW)
    assert submission.state == state
    return submission


# Who may see a submission about AA1 once it is handed in, and who a draft of it.
PEOPLE = {
    "its proposer": (create_proposer, True, True),
    "officer of the measure": (lambda: keeps("AA1"), True, False),
    "officer of another measure": (lambda: keeps("BB1"), False, False),
    "approver": (create_approver, True, False),
    "administrator": (lambda: create_person(role=Role.ADMINISTRATOR, second_factor=False), True, False),
    "superuser": (lambda: create_user(is_superuser=True), True, False),
    "former officer of the measure": (lambda: keeps("AA1", role=None), False, False),
    "nobody in particular": (create_user, False, False),
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("state", State)
def test_who_may_see_a_submission(state, who):
    submission = in_state(state)
    make, handed_in, draft = PEOPLE[who]
    person, sees = make(), draft if state == State.DRAFT else handed_in
    assert officers.may_see(person, submission) == sees
    assert list(officers.visible_submissions(person)) == [submission] * sees


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR])
def test_those_who_see_all_see_their_own_drafts_and_no_others(role):
    person = keeps("AA1", role=None, roles=[Role.OFFICER, role])
    own = create_draft(by=person)
    create_draft()
    assert list(officers.visible_submissions(person)) == [own]


@pytest.mark.parametrize("code, sees", [("AA1", True), ("BB1", True), ("CC1", True), ("DD1", False)])
def test_officer_sees_what_others_hand_in_for_several_measures_once(code, sees):
    lines = [make_line(measure="AA1"), make_line(measure="AA1", row=3, year=2021), make_line(measure="BB1", row=4)]
    submission = hand_in(*lines, measure="CC1")
    assert list(officers.visible_submissions(keeps(code))) == [submission] * sees


@pytest.mark.parametrize("person", [{"role": Role.APPROVER}, {"role": Role.ADMINISTRATOR}, {"role": Role.OFFICER}])
def test_framework_is_nobodys_submission(person):
    create_submission(origin=Submission.Origin.FRAMEWORK)
    assert not officers.visible_submissions(keeps("AA1", **person)).exists()


def test_visible_submissions_are_found_in_one_query_apart_from_the_persons_own(django_assert_num_queries):
    officer = keeps("AA1")
    for year in range(2000, 2005):
        hand_in(make_line(year=year))
    with django_assert_num_queries(3):  # roles, measures, submissions
        assert len(officers.visible_submissions(officer)) == 5
