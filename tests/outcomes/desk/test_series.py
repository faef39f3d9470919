"""A new series: nothing before it is joined to it, the path starts anew, and the status rests on it."""

import pytest

from luton2040.editions import Edition
from luton2040.roles import Role
from outcomes import report, submissions
from outcomes.models import Measure, MeasureVersion, Milestone, Observation, Submission
from outcomes.progress import Status
from tests.factories import create_outcome, create_person, create_place, sign_in
from tests.reading import CHECKS, Page
from tests.record import TODAY

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/measures/aa1/series/"
WHY = "The survey now asks people aged 16 and over"


@pytest.fixture
def desk(client, clock):
    create_place()
    create_outcome(values={2020: 50, 2021: 51, 2022: 53, 2023: 56}, baseline=2020, target=(2040, 70), definition="Old.")
    officer = create_person(role=Role.OFFICER)
    Measure.objects.get(code="AA1").officers.add(officer)
    sign_in(client, officer)
    return client


def sent(desk, step, **changes):
    typed = {"value": "40", "retrieved_on": "1/6/2026", "public_reason": WHY, "reason": "It counts otherwise."}
    typed |= {"definition": "New.", "step": step}
    page = Page(desk.get(ADDRESS))
    # The reason answers the warnings that a page has shown.
    warned = Page(desk.post(ADDRESS, page.typed(**typed | {"step": "check"} | changes))).typed().get("warned", "")
    return desk.post(ADDRESS, Page(desk.get(ADDRESS)).typed(**typed | {"warned": warned} | changes))


def approve():
    submission = Submission.objects.get()
    submissions.approve(
        submission, by=create_person(role=Role.APPROVER), now=submission.saved_at, summary="A new series"
    )


def shown(edition=None):
    return report.full_report("AA1", edition or Edition.objects.current(), TODAY)


def test_page_begins_with_what_is_said_now(desk):
    page = Page(desk.get(ADDRESS))
    assert [fault for check in CHECKS for fault in check(page)] == []
    typed = page.typed()
    assert (typed["definition"], typed["moves_start"]) == ("Old.", "on")


@pytest.mark.parametrize(
    "period, value, earlier, present",
    [
        pytest.param("2025", "40", [50, 51, 53, 56], [40], id="with a value of its own"),
        pytest.param("2022", "44", [50, 51], [44, 56], id="with one that was published otherwise"),
        pytest.param("2022", "53", [50, 51], [53, 56], id="with one as it is published"),
    ],
)
def test_new_series_is_never_joined_to_the_earlier(desk, period, value, earlier, present):
    assert sent(desk, "hand-in", period=period, value=value).status_code == 302
    assert Submission.objects.get().kind == "series"
    assert shown().earlier_series == []
    approve()
    now = shown()
    assert [[v.value for v in run] for run in now.earlier_series] == [earlier]
    assert [v.value for v in now.unbroken] == present
    assert now.baseline is now.unbroken[0]
    assert now.measure.definition == "New."
    assert Edition.objects.current().kind == Edition.Kind.SERIES
    assert (shown(Edition.objects.get(pk=1)).measure.definition, len(shown(Edition.objects.get(pk=1)).unbroken)) == (
        "Old.",
        4,
    )


def test_status_is_worked_out_on_the_new_series(desk):
    sent(desk, "hand-in", period="2025")
    approve()
    assert shown().status is Status.BASELINE_ONLY


def test_path_keeps_its_start_where_it_is_not_to_move(desk):
    sent(desk, "hand-in", period="2025", moves_start="")
    approve()
    assert Milestone.objects.current().get(kind="baseline").due_on.year == 2020
    assert shown().baseline is None


def test_readers_are_told_why(desk):
    sent(desk, "hand-in", period="2025")
    approve()
    assert WHY in Page(desk.get("/changes/")).main
    page = Page(desk.get("/outcomes/aa1/")).main
    assert "new series: do not compare with earlier" in page and WHY in page


def test_check_previews_and_changes_nothing(desk):
    page = Page(sent(desk, "check", period="2025"))
    assert "As the public would see it" in page.headings and "Baseline only" in page.main
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert Observation.objects.count() == 4 and MeasureVersion.objects.count() == 1


@pytest.mark.parametrize(
    "changes, said",
    [
        pytest.param({"period": "2020"}, "The present series starts no earlier", id="from its own start"),
        pytest.param({"period": "2010"}, "The present series starts no earlier", id="before it"),
        pytest.param({"period": ""}, "This is needed", id="no period"),
        pytest.param({"public_reason": ""}, "This is needed", id="no reason for readers"),
        pytest.param({"definition": ""}, "This is needed", id="no definition"),
        pytest.param({"value": "much"}, "much", id="no number"),
    ],
)
def test_faults_block_in_words_and_keep_what_was_typed(desk, changes, said):
    page = Page(sent(desk, "hand-in", **{"period": "2025", "caveat": "Typed by hand"} | changes))
    assert said in page.main and "Typed by hand" in page.html
    assert Submission.objects.get().state == "draft"


def test_only_its_officers_start_a_new_series(desk):
    create_outcome(code="BB1", position=2, values={2020: 1})
    assert desk.get("/desk/measures/bb1/series/").status_code == 403
