"""A measure's record at the desk: what is published, what is on its way, and everything that became of it."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luton2040 import audit
from luton2040.editions import Edition
from luton2040.roles import Act, Role, refusal
from outcomes import submissions
from outcomes.models import Measure, Observation, Submission
from tests.factories import (
    COUNTRY,
    create_draft,
    create_outcome,
    create_person,
    create_place,
    hand_in,
    make_line,
    sign_in,
)
from tests.reading import CHECKS, Page, words
from tests.record import NOW

pytestmark = pytest.mark.django_db
PAGE, FILE = "/desk/measures/aa1/", "/desk/measures/aa1/history.csv"


@pytest.fixture(autouse=True)
def place(clock):
    create_place()
    create_outcome(
        values={2020: 50, 2022: 52, 2024: 55}, comparators={COUNTRY: {2024: 58}}, baseline=2020, target=(2040, 70),
        release_lag_months=6,
    )  # fmt: skip
    create_outcome(code="BB1", position=2, values={}, name="Other", short_label="Other")


@pytest.fixture
def officer():
    person = create_person(role=Role.OFFICER, name="Olu Officer")
    Measure.objects.get(code="AA1").officers.add(person)
    return person


@pytest.fixture
def approver():
    return create_person(role=Role.APPROVER, name="Alex Approver")


@pytest.fixture
def desk(client, officer):
    sign_in(client, officer)
    return client


def faults(page):
    return [fault for check in CHECKS for fault in check(page)]


def published(officer, approver, *lines, **given):
    submission = hand_in(*lines, by=officer, now=NOW, public_reason="The survey was reweighted.", **given)
    submissions.approve(submission, by=approver, now=NOW, summary="A value was put right")
    return submission


def test_page_tells_whose_it_is_its_source_rhythm_and_what_is_next(desk):
    page = Page(desk.get(PAGE))
    assert faults(page) == []
    assert "Olu Officer" in page.main
    assert page.link("A survey") == "https://statistics.example/survey"
    assert "Every year" in page.main
    assert "Due now 2025 was expected by about June 2026 (our estimate)." in page.main or "Overdue 2025" in page.main


def test_page_lists_values_newest_first_with_a_way_to_correct_each(desk):
    page = Page(desk.get(PAGE))
    rows = page.rows(page.section("Values of Anytown"))
    assert [(row[0], row[1].split()[0], row[3]) for row in rows] == [
        ("2024", "55.0%", "Never changed"),
        ("2022", "52.0%", "Never changed"),
        ("2020", "50.0%", "Never changed"),
    ]
    newest = Observation.objects.get(measure="AA1", area="E06999999", period_start__year=2024)
    assert page.link("Correct 2024") == f"/desk/measures/aa1/correct/{newest.pk}/"
    assert page.link("Enter a value") == "/desk/measures/aa1/enter/"


def test_page_tells_every_version_of_a_value(desk, officer, approver):
    published(officer, approver, make_line(year=2024, value=56))
    page = Page(desk.get(PAGE))
    row = page.rows(page.section("Values of Anytown"))[0]
    assert row[2] == "Edition 2 1 December 2026, handed in by Olu Officer, approved by Alex Approver"
    assert "1 earlier version" in row[3]
    assert "Value revised: was 55.0%, now 56.0%, edition 2" in row[3] and "The survey was reweighted." in row[3]
    assert "Value published: 55.0%, edition 1" in row[3]
    assert faults(page) == []


def test_page_tells_a_value_that_was_taken_away(desk, officer, approver):
    published(officer, approver, make_line(year=2024, withdraws=True))
    page = Page(desk.get(PAGE))
    row = page.rows(page.section("Values of Anytown"))[0]
    assert row[:2] == ["2024", "Taken away"] and "Value taken away: was 55.0%" in row[3] and row[4] == ""


def test_page_tells_what_was_published_edition_by_edition(desk, officer, approver):
    lines = [make_line(row=2, year=2024, value=56), make_line(row=3, area=COUNTRY, year=2024, value=59)]
    submission = published(officer, approver, *lines)
    page = Page(desk.get(PAGE))
    history = words(page.section("What was published, edition by edition"))
    assert history.index("Edition 2, 1 December 2026") < history.index("Edition 1,")
    assert "Value revised: Anytown, 2024, was 55.0%, now 56.0%. The survey was reweighted." in history
    assert "And 1 value of other places." in history
    assert page.link(f"Submission {submission.pk}") == f"/desk/submissions/{submission.pk}/"
    assert "Published, 1 December 2026, 09:30, Alex Approver" in page.headings


def test_page_tells_of_others_at_work_and_of_ones_own_draft(desk, officer):
    other = create_person(role=Role.OFFICER, name="Other Officer")
    Measure.objects.get(code="AA1").officers.add(other)
    create_draft(by=other, typed={"value": ["1"]}, now=NOW)
    assert "Other Officer: new values, begun and not handed in" in Page(desk.get(PAGE)).main
    hand_in(make_line(year=2025), by=other, now=NOW)
    page = Page(desk.get(PAGE))
    assert "Other Officer: new values, waiting for approval since 1 December 2026" in page.main
    create_draft(by=officer, kind=Submission.Kind.TARGETS, typed={"value": ["1"]}, now=NOW)
    page = Page(desk.get(PAGE))
    assert page.link("Go on with it") == "/desk/measures/aa1/targets/"
    assert faults(page) == []


def test_drafts_are_no_submissions_yet(desk, officer):
    create_draft(by=officer, typed={"value": ["1"]}, now=NOW)
    assert "Nobody has handed in anything for this measure yet." in Page(desk.get(PAGE)).main


def test_measure_without_values(desk, officer):
    Measure.objects.get(code="BB1").officers.add(officer)
    page = Page(desk.get("/desk/measures/bb1/"))
    assert page.link("Enter the first") == "/desk/measures/bb1/enter/"
    assert faults(page) == []


def test_measure_that_was_given_up_keeps_its_record(client, approver):
    create_place_without = Edition.objects.create(number=2, issued_at=NOW, kind="framework", summary="Without it")
    version = Measure.objects.get(code="AA1").versions.get()
    version.last_edition_id = create_place_without.number - 1
    version.save()
    sign_in(client, approver)
    page = Page(client.get(PAGE))
    assert "This measure was given up with edition 1." in page.main
    assert len(page.rows(page.section("Values of Anytown"))) == 3 and faults(page) == []


@pytest.mark.parametrize("path", [PAGE, FILE])
@pytest.mark.parametrize(
    "role, status, said",
    [
        pytest.param(Role.OFFICER, 403, "People in good jobs is not one of your measures.", id="officer of another"),
        pytest.param(Role.APPROVER, 200, "", id="approver"),
        pytest.param(Role.ADMINISTRATOR, 200, "", id="administrator"),
        pytest.param(None, 403, refusal(Act.OPEN_DESK), id="no role"),
    ],
)
def test_who_may_read_a_measures_record(client, path, role, status, said):
    sign_in(client, create_person(role=role))
    response = client.get(path)
    assert response.status_code == status
    if said:
        assert said in Page(response).main
    elif path == PAGE:
        page = Page(response)
        assert not [a for a in page.links if "/correct/" in a or "/enter/" in a] and faults(page) == []


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_record_needs_signing_in(client, path):
    response = client.get(path)
    assert response.status_code == 302 and response["Location"].startswith("/accounts/login/")


def test_measure_that_is_not_there(desk):
    assert desk.get("/desk/measures/zz9/").status_code == 404
    assert desk.get("/desk/measures/zz9/history.csv").status_code == 404


def test_history_file_holds_every_place_and_is_on_the_record(desk, officer):
    response = desk.get(FILE)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="aa1-history.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert {row["area"] for row in rows if row["what"] == "Value published"} == {"E06999999", COUNTRY}
    entry = audit.Entry.objects.of_action(audit.Action.EXPORTED).get()
    assert (entry.by, entry.about, entry.address) == (officer, "measure AA1", FILE)


def test_page_is_flat_in_queries(desk, officer, approver):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(PAGE).status_code == 200
        return len(queries)

    published(officer, approver, make_line(year=2024, value=56))
    hand_in(make_line(year=2025), by=approver, now=NOW, measure="AA1")
    few = asked()
    for year in range(2000, 2012):
        published(officer, approver, make_line(year=year, value=5))
    assert asked() == few <= 38
