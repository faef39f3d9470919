"""What the desk opens on: what is due, what came back, what waits for whom; and the list of measures."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luton2040.roles import Role
from outcomes import drafts, submissions
from outcomes.models import Measure, Submission
from tests.factories import (
    COUNTRY,
    create_draft,
    create_hold,
    create_outcome,
    create_person,
    create_place,
    hand_in,
    make_line,
    make_point,
    schedule,
    sign_in,
)
from tests.reading import CHECKS, Page
from tests.record import NOW

pytestmark = pytest.mark.django_db
HOME, MEASURES = "/desk/", "/desk/measures/"
OVERDUE, DUE, LATER = (
    12,
    22,
    30,
)  # months after a period that make 2024 overdue, due or still to come on the clock's day


@pytest.fixture(autouse=True)
def place(clock):
    create_place()


@pytest.fixture
def officer():
    return create_person(role=Role.OFFICER, name="Olu Officer", email="olu@example.org")


@pytest.fixture
def desk(client, officer):
    sign_in(client, officer)
    return client


def create_own(officer, code="AA1", *, lag=OVERDUE, position=1, **fields):
    """A measure with a value for 2023, which its source publishes every year."""
    fields = {"values": {2022: 50, 2023: 52}, "release_lag_months": lag, "name": f"Outcome {code}"} | fields
    version = create_outcome(code=code, position=position, **fields)
    Measure.objects.get(code=code).officers.add(officer)
    return version


def approve_too(officer):
    officer.groups.add(Group.objects.get(name=Role.APPROVER.value))
    TOTP.activate(officer, "A" * 32)


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


# --- due ---


@pytest.mark.parametrize(
    "lag, headline, said",
    [
        pytest.param(OVERDUE, "1 value is due, and overdue.", "Overdue 2024 was expected by about", id="overdue"),
        pytest.param(DUE, "1 value is due.", "Due now 2024 was expected by about October 2026", id="due"),
        pytest.param(LATER, "Nothing is due, and nothing waits for you. The next value should come out in about June "
                     "2027.", "2024 is expected by about June 2027", id="still to come"),
    ],
)  # fmt: skip
def test_measure_is_shown_by_when_its_next_value_should_be_out(desk, officer, lag, headline, said):
    create_own(officer, lag=lag)
    page = Page(desk.get(HOME))
    assert headline in page.main
    entry = page.entry("Label of AA1", "li")
    assert said in entry and "Last: 52.0%, 2023" in entry
    assert "Enter 2024" in entry


def test_due_line_leads_to_the_form_the_source_and_the_record(desk, officer):
    create_own(officer, publisher="Statistics office", source_url="https://statistics.example/jobs")
    page = Page(desk.get(HOME))
    assert {"/desk/measures/aa1/enter/", "https://statistics.example/jobs", "/desk/measures/aa1/"} <= set(page.links)


def test_due_are_in_order_of_how_pressing_they_are(desk, officer):
    for position, (code, lag) in enumerate([("CC3", LATER), ("BB2", DUE), ("AA1", OVERDUE)], 1):
        create_own(officer, code, lag=lag, position=position)
    page = Page(desk.get(HOME))
    assert "2 values are due, 1 of them overdue." in page.main
    shown = [heading for heading in page.headings if heading.startswith("Label")]
    assert shown == ["Label of AA1", "Label of BB2", "Label of CC3"]


def test_several_that_are_all_overdue_are_told_so(desk, officer):
    for position, code in enumerate(["AA1", "BB2"], 1):
        create_own(officer, code, position=position)
    assert "2 values are due, all of them overdue." in Page(desk.get(HOME)).main


def test_measures_of_others_are_not_due_here(desk, officer):
    create_own(create_person(role=Role.OFFICER))
    page = Page(desk.get(HOME))
    assert "Nothing waits for you." in page.main and "Label of AA1" not in page.main
    assert "No measure is yours yet. An administrator can make you the officer of one." in page.main


def test_officer_who_is_up_to_date_is_told_so(desk, officer):
    create_own(officer, lag=LATER)
    assert "You are up to date" in Page(desk.get(HOME)).main


def test_several_can_be_taken_away_as_a_table_and_pasted(desk, officer):
    create_own(officer)
    links = Page(desk.get(HOME)).links
    assert {reverse("desk:due_file", args=["xlsx"]), reverse("desk:due_file", args=["csv"])} <= set(links)
    assert reverse("desk:paste") in links


def test_value_that_is_handed_in_is_not_asked_for_again(desk, officer):
    create_own(officer, lag=LATER - 12)
    hand_in(make_line(year=2024, value=53), by=officer, now=NOW)
    page = Page(desk.get(HOME))
    assert "Due now" in page.headings and "Enter 2024" not in page.main
    assert "2024 is handed in: 53.0%, waiting for approval." in page.entry("Label of AA1", "li")
    assert "Enter 2025" in page.main
    assert "Handed in by you" in page.entry("1 value: People in good jobs", "li")


def test_further_release_of_what_is_handed_in_is_still_due(desk, officer):
    create_own(officer, lag=1)
    hand_in(make_line(year=2024, value=53), by=officer, now=NOW)
    assert "Enter 2025" in Page(desk.get(HOME)).entry("Label of AA1", "li")
    assert "Overdue 2025 was expected by about" in Page(desk.get(HOME)).main


def test_value_of_another_place_that_is_handed_in_leaves_the_own_one_due(desk, officer):
    create_own(officer)
    hand_in(make_line(year=2024, area=COUNTRY), by=officer, now=NOW)
    assert "Enter 2024" in Page(desk.get(HOME)).main


def test_others_at_work_are_named(desk, officer):
    create_own(officer)
    other = create_person(role=Role.OFFICER, name="Ana Other")
    create_draft(by=other, typed={"value": ["53"]}, now=NOW - timedelta(hours=1))
    assert "Ana Other has begun a draft of new values, last saved on" in Page(desk.get(HOME)).main


@pytest.mark.parametrize("address", [HOME, MEASURES])
def test_others_who_pasted_cells_are_named(desk, officer, address):
    create_own(officer)
    other = create_person(role=Role.OFFICER, name="Ana Other")
    draft = drafts.begin(by=other, topic="paste", now=NOW, origin=Submission.Origin.PASTE, kind=Submission.Kind.VALUES)
    drafts.save(draft, {"measures": ["AA1"]}, by=other, saves=0, now=NOW)
    assert "Ana Other has begun a draft of new values" in Page(desk.get(address)).entry("Label of AA1", "li")


def test_draft_of_a_due_value_is_gone_on_with_from_its_line(desk, officer):
    create_own(officer)
    create_draft(by=officer, typed={"value": ["53"]}, now=NOW)
    page = Page(desk.get(HOME))
    assert "Go on with 2024" in page.entry("Label of AA1", "li")
    assert not any("draft" in heading.lower() for heading in page.headings)


# --- what came back, what waits ---


def test_submission_sent_back_is_shown_with_its_note_and_can_be_changed_at_once(desk, officer):
    create_own(officer, lag=LATER)
    submission = hand_in(make_line(year=2024), by=officer, now=NOW)
    approver = create_person(role=Role.APPROVER, name="Alex Approver")
    submissions.send_back(submission, by=approver, now=NOW, note="<b>Wrong</b> year?")
    page = Page(desk.get(HOME))
    assert "1 submission was sent back to you." in page.main
    entry = page.entry("1 value: People in good jobs", "li")
    assert "Alex Approver sent it back on 1 December:<b>Wrong</b> year?" in entry
    answer = desk.post(reverse("desk:move", args=[submission.pk]), {"do": "change"})
    assert answer.url == "/desk/measures/aa1/enter/"


@pytest.mark.parametrize(
    "kind, topic, address",
    [
        pytest.param("values", "", "/desk/measures/aa1/enter/", id="value"),
        pytest.param("targets", "", "/desk/measures/aa1/targets/", id="targets"),
        pytest.param("correction", "correction AA1 E06999999 2023-01-01/P1Y", "/correct/", id="correction"),
    ],
)
def test_drafts_are_gone_on_with(desk, officer, kind, topic, address):
    create_own(officer, lag=LATER)
    create_draft(by=officer, kind=kind, topic=topic, typed={"value": ["53"]}, now=NOW)
    create_draft(by=create_person(role=Role.OFFICER), measure="BB2", typed={"value": ["9"]}, now=NOW)
    page = Page(desk.get(HOME))
    assert "Your drafts" in page.headings
    assert len([link for link in page.links if address in link]) >= 2
    assert "BB2" not in page.main


def test_draft_that_was_never_saved_is_no_draft(desk, officer):
    create_own(officer, lag=LATER)
    create_draft(by=officer)
    assert "Your drafts" not in Page(desk.get(HOME)).headings


def test_approved_for_later_is_shown_with_its_time(desk, officer):
    create_own(officer, lag=LATER)
    submission = hand_in(make_line(year=2024), by=officer, now=NOW)
    schedule(submission, at=NOW + timedelta(days=200), now=NOW)
    page = Page(desk.get(HOME))
    assert "Approved, waiting for their time" in page.headings
    assert "To be published on 19 June 2027, 09:30. Approved by Alex Approver." in page.main


def test_approved_that_is_late_is_shown_as_late_unless_a_hold_keeps_it(desk, officer):
    create_own(officer, lag=LATER, baseline=2022, target=(2040, 70))
    values = hand_in(make_line(year=2024), by=officer, now=NOW)
    targets = hand_in(by=officer, kind=Submission.Kind.TARGETS, points=[make_point(value=80)], now=NOW)
    for submission in (values, targets):
        schedule(submission, at=NOW + timedelta(minutes=1), now=NOW)
    Submission.objects.update(publish_at=NOW - timedelta(hours=1))
    page = Page(desk.get(HOME))
    assert page.main.count("It should have been published on") == 2
    assert "2 submissions were not published at their time." in page.main
    create_hold(starts_on=NOW.date(), ends_on=NOW.date())
    page = Page(desk.get(HOME))
    assert page.main.count("It should have been published on") == page.main.count("To be published on") == 1


def test_approver_sees_what_waits_but_for_their_own(client, officer):
    both = create_person(roles=[Role.APPROVER, Role.OFFICER], name="Bo Both")
    create_own(officer, lag=LATER)
    create_own(both, "BB2", lag=LATER, position=2, name="Other jobs")
    hand_in(make_line(year=2024), by=officer, now=NOW)
    own = hand_in(make_line(year=2024, measure="BB2"), by=both, measure="BB2", now=NOW)
    sign_in(client, both)
    page = Page(client.get(HOME))
    assert "1 submission waits for you to approve." in page.main
    assert page.main.count("Look and decide") == 1 and "handed in by Olu Officer" in page.main
    assert page.headings.count("Handed in, waiting for an approver") == 1
    assert reverse("desk:submission", args=[own.pk]) in page.links


def test_approver_with_nothing_to_do_is_told_so(client):
    sign_in(client, create_person(role=Role.APPROVER))
    page = Page(client.get(HOME))
    assert "Nothing waits for your approval." in page.main
    assert "Due now" not in page.headings and MEASURES in page.links


def test_administrator_finds_people_and_the_hold(client):
    sign_in(client, create_person(role=Role.ADMINISTRATOR))
    page = Page(client.get(HOME))
    assert {reverse("staff:people"), reverse("staff:hold"), reverse("staff:audit"), MEASURES} <= set(page.links)
    assert "Waiting for you to approve" not in page.headings


def test_officer_sees_no_links_of_administrators(desk, officer):
    assert reverse("staff:people") not in Page(desk.get(HOME)).links


@pytest.mark.parametrize("address", [HOME, MEASURES])
def test_without_a_role_the_desk_is_closed(client, address):
    sign_in(client, create_person())
    answer = client.get(address)
    assert answer.status_code == 403 and "Only a measure officer" in answer.content.decode()


# --- pages ---


@pytest.mark.parametrize("address", [HOME, MEASURES])
def test_page_is_sound_in_every_state(client, officer, address):
    person = create_person(roles=[*Role], name="Ed Everything")
    for position, (code, lag) in enumerate([("AA1", OVERDUE), ("BB2", DUE), ("CC3", LATER), ("DD4", None)], 1):
        create_own(person, code, lag=lag, position=position)
    create_own(person, "EE5", values={}, position=5)
    hand_in(make_line(year=2024), by=officer, now=NOW)
    back = hand_in(make_line(year=2024, measure="BB2"), by=person, measure="BB2", now=NOW)
    submissions.send_back(back, by=create_person(role=Role.APPROVER), now=NOW, note="Look again")
    create_draft(by=person, measure="CC3", typed={"value": ["1"]}, now=NOW)
    sign_in(client, person)
    page = Page(client.get(address))
    assert [fault for check in CHECKS for fault in check(page)] == []


@pytest.mark.parametrize("address", [HOME, MEASURES])
def test_queries_do_not_grow_with_measures(client, address):
    person = create_person(roles=[Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR])
    other = create_person(role=Role.OFFICER)

    def create(number):
        code = f"M{number}"
        create_own(person, code, position=number)
        Measure.objects.get(code=code).officers.add(other)
        hand_in(make_line(year=2024, measure=code), by=other, measure=code, now=NOW)
        create_draft(by=person, measure=code, typed={"value": ["1"]}, now=NOW)

    sign_in(client, person)
    create(1)
    few = queries(client, address)
    for number in range(2, 41):
        create(number)
    assert queries(client, address) == few
    assert few <= 26


# --- the list of measures ---


def shown(response):
    return [heading for heading in Page(response).headings if heading.startswith("Label")]


@pytest.fixture
def three(officer):
    create_own(officer, "AA1", lag=OVERDUE, name="Better buses")
    create_own(officer, "BB2", lag=LATER, position=2, name="Cleaner air")
    create_own(create_person(role=Role.OFFICER, name="Ana Other"), "CC3", lag=DUE, position=3, name="Warm homes")


def test_officer_finds_own_measures_only(desk, three):
    page = Page(desk.get(MEASURES))
    assert shown(desk.get(MEASURES)) == ["Label of AA1", "Label of BB2"]
    assert "2 measures" in page.headings and "Looked after by Olu Officer" in page.main
    assert {"/desk/measures/aa1/enter/", "/desk/measures/bb2/enter/", "/desk/measures/aa1/"} <= set(page.links)


def test_approver_finds_all_measures_to_read(client, three):
    sign_in(client, create_person(role=Role.APPROVER))
    page = Page(client.get(MEASURES))
    assert "3 measures" in page.headings and "Looked after by Ana Other" in page.main
    assert not any(link.endswith("/enter/") for link in page.links)


@pytest.mark.parametrize(
    "query, found",
    [
        pytest.param("q=buses", ["Label of AA1"], id="words"),
        pytest.param("state=pressing", ["Label of AA1", "Label of CC3"], id="due or overdue"),
        pytest.param("state=due", ["Label of CC3"], id="due"),
        pytest.param("state=expected", ["Label of BB2"], id="still to come"),
        pytest.param("state=ended", [], id="none"),
        pytest.param("whose=mine", ["Label of AA1", "Label of BB2"], id="mine"),
        pytest.param("whose=mine&state=pressing&q=air", [], id="all at once"),
    ],
)
def test_measures_are_chosen(client, officer, three, query, found):
    approve_too(officer)
    sign_in(client, officer)
    answer = client.get(f"{MEASURES}?{query}")
    assert shown(answer) == found
    assert found or "No measure fits all of that." in Page(answer).main


def test_measures_answer_htmx_with_the_list_alone(desk, three):
    answer = desk.get(f"{MEASURES}?q=buses", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in answer and "Label of AA1" in answer and 'data-announce="1 measure"' in answer


@pytest.mark.parametrize("query", ["state=nonsense", "whose=theirs", "q=" + "x" * 200])
def test_measures_refuse_what_no_filter_means(client, officer, three, query):
    approve_too(officer)
    sign_in(client, officer)
    assert client.get(f"{MEASURES}?{query}").status_code == 400


def test_state_of_a_submission_on_its_way_is_told(desk, officer, three):
    submission = hand_in(make_line(year=2024, value=60), by=officer, now=NOW)
    assert "2024 is handed in: 60.0%, waiting for approval." in Page(desk.get(MEASURES)).main
    assert submission.state == Submission.State.SUBMITTED
