"""Values on their way to the public: who may move them on, and what publishing them does."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from luton2040.editions import ChangedMeanwhile, Edition, issuing
from outcomes import submissions
from outcomes.models import Observation, Submission, SubmissionLine
from outcomes.submissions import NotAllowed, already_published, approve, compare, propose
from tests.factories import (
    COUNTRY,
    HOME,
    NOW,
    create_edition,
    create_observation,
    create_submission,
    create_user,
    make_row,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def proposer():
    return create_user(email="proposer@example.org")


@pytest.fixture
def approver():
    return create_user(email="approver@example.org")


def values(edition=None):
    """Year to value, as the public sees it in an edition (default: now)."""
    rows = Observation.objects.current() if edition is None else Observation.objects.at(edition)
    return {o.period_start.year: o.value for o in rows}


# --- compare() ---


def test_compare_tells_new_changed_and_same_apart():
    changed, same = create_observation(year=2020, value=50), create_observation(year=2021, value=51)
    rows = [
        make_row(row=2, year=2020, value="50.1"),
        make_row(row=3, year=2021, value="51.000000"),
        make_row(row=4, year=2022),
    ]
    difference = compare(rows)
    assert difference.new == [rows[2]]
    assert difference.changed == [(changed, rows[0])]
    assert difference.same == 1
    assert same not in [old for old, _ in difference.changed]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"value": "50.000001"}, id="value"),
        pytest.param({"lower": Decimal(49), "upper": Decimal(51)}, id="limits"),
        pytest.param({"markers": "[r]"}, id="markers"),
        pytest.param({"note": "A note"}, id="note"),
        pytest.param({"source_name": "Another survey"}, id="source"),
        pytest.param({"source_url": "https://a.example/"}, id="address"),
        pytest.param({"retrieved_on": date(2026, 3, 2)}, id="release"),
    ],
)
def test_compare_sees_any_change_of_what_is_said(changed):
    old = create_observation(value="50")
    row = make_row(**{"value": "50"} | changed)
    assert compare([row]).changed == [(old, row)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"measure": "BB1"}, id="measure"),
        pytest.param({"area": COUNTRY}, id="area"),
        pytest.param({"year": 2021}, id="start"),
        pytest.param({"period_duration": "P3M"}, id="length"),
    ],
)
def test_compare_takes_another_series_or_period_for_new(other):
    create_observation(value="50")
    assert len(compare([make_row(**other)]).new) == 1


def test_compare_is_with_the_current_record_only():
    one, two = create_edition(), create_edition()
    create_observation(edition=one, last_edition=one, value="50")
    create_observation(edition=two, value="60")
    assert compare([make_row(value="60")]).same == 1
    assert len(compare([make_row(value="50")]).changed) == 1


def test_compare_of_nothing():
    create_observation()
    difference = compare([])
    assert (difference.new, difference.changed, difference.same) == ([], [], 0)


def test_compare_is_one_query(django_assert_num_queries):
    create_observation()
    rows = [make_row(row=year, year=year) for year in range(2000, 2030)]
    with django_assert_num_queries(1):
        compare(rows)


def test_compare_foretells_what_approve_does(approver):
    create_observation(year=2020, value=50)
    create_observation(year=2021, value=51)
    rows = [make_row(row=2, year=2020, value=60), make_row(row=3, year=2021, value=51), make_row(row=4, year=2022)]
    foretold = compare(rows)
    changes = approve(create_submission(rows=rows), by=approver, now=NOW, summary="Values")
    assert len(changes.new) == len(foretold.new) == 1
    assert [old for old, _ in changes.changed] == [old for old, _ in foretold.changed]
    assert changes.same == foretold.same == 1


# --- propose() ---


def test_propose_waits_for_approval_and_publishes_nothing(proposer):
    create_observation(year=2019)
    rows = [
        make_row(row=2, value="50.25", lower=Decimal(50), upper=Decimal(51), markers="[p]"),
        make_row(row=3, year=2021),
    ]
    submission = propose(
        rows,
        origin=Submission.Origin.FILE,
        by=proposer,
        now=NOW,
        file_name="a.csv",
        checksum="abc",
        reason="New release",
    )
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    assert (submission.origin, submission.file_name, submission.checksum) == ("file", "a.csv", "abc")
    assert (submission.proposed_by, submission.proposed_at, submission.reason) == (proposer, NOW, "New release")
    assert (submission.decided_by, submission.decided_at) == (None, None)
    lines = submission.lines.order_by("row")
    kept = [tuple(getattr(line, name) for name in rows[0]._fields) for line in lines]
    assert kept == [tuple(row) for row in rows]
    assert values() == {2019: 50}
    assert Edition.objects.count() == 1


def test_propose_of_one_period_twice_saves_nothing(proposer):
    create_observation()
    with pytest.raises(IntegrityError), transaction.atomic():
        propose([make_row(row=2), make_row(row=3)], origin=Submission.Origin.FORM, by=proposer, now=NOW)
    assert not Submission.objects.exists() and not SubmissionLine.objects.exists()


@pytest.mark.parametrize("origin", ["form", "paste", "file"])
def test_propose_by_nobody_is_refused_by_the_database(origin):
    with pytest.raises(IntegrityError, match="submission_has_a_proposer"), transaction.atomic():
        propose([], origin=origin, by=None, now=NOW)


# --- approve() ---


def test_approve_publishes_in_an_edition_of_its_own(proposer, approver):
    submission = create_submission(rows=[make_row(year=2020, value="50.25"), make_row(row=3, year=2021)], by=proposer)

    changes = approve(submission, by=approver, now=LATER, summary="Two values")

    assert len(changes.new) == 2
    edition = Edition.objects.get()
    assert (edition.kind, edition.summary, edition.issued_by) == (Edition.Kind.VALUES, "Two values", approver)
    submission.refresh_from_db()
    assert (submission.state, submission.decided_by, submission.decided_at) == ("approved", approver, LATER)
    assert values(1) == {2020: Decimal("50.25"), 2021: 50}
    assert set(submission.observations.values_list("period_start__year", flat=True)) == {2020, 2021}


def test_approve_publishes_the_lines_to_the_digit(approver):
    row = make_row(
        value="123456789.123456", lower=Decimal("-0.000001"), upper=Decimal("999999999999.999"),
        markers="[p][b]", note="A note", source_name="S", source_url="https://a.example/",
    )  # fmt: skip
    approve(create_submission(rows=[row]), by=approver, now=NOW, summary="A value")
    published = Observation.objects.get()
    assert all(getattr(published, name) == value for name, value in row._asdict().items() if name != "row")


def test_approve_keeps_the_old_value_readable_in_the_old_edition(approver):
    for value in ("50", "51", "52"):
        approve(create_submission(rows=[make_row(value=value)]), by=approver, now=NOW, summary="Revised")
    assert [values(n)[2020] for n in (1, 2, 3)] == [50, 51, 52]
    assert Observation.objects.count() == 3
    assert values() == {2020: 52}


def test_approve_leaves_other_periods_areas_and_measures_as_they_are(approver):
    kept = [
        create_observation(year=2019),
        create_observation(year=2020, area=COUNTRY),
        create_observation(year=2020, measure="BB1"),
        create_observation(year=2020, period_duration="P3M"),
    ]
    approve(create_submission(rows=[make_row(value=60)]), by=approver, now=NOW, summary="One value")
    assert all(Observation.objects.current().filter(pk=o.pk).exists() for o in kept)
    assert Observation.objects.current().count() == 5


def test_approve_of_values_that_are_all_there_issues_no_edition(approver):
    create_observation(value="50")
    submission = create_submission(rows=[make_row(value="50")])
    changes = approve(submission, by=approver, now=NOW, summary="The same again")
    assert not changes and changes.same == 1
    submission.refresh_from_db()
    assert submission.state == "approved"
    assert Edition.objects.count() == 1


def test_approve_within_an_edition_that_is_being_issued_joins_it(approver):
    submission = create_submission(rows=[make_row()])
    with issuing(kind=Edition.Kind.TARGETS, summary="Target and value", by=approver) as edition:
        approve(submission, by=approver, now=NOW, summary="Not used", edition=edition)
    assert Edition.objects.get().summary == "Target and value"
    assert values(1) == {2020: 50}


def test_approve_of_ones_own_is_not_allowed(proposer):
    submission = create_submission(by=proposer)
    with pytest.raises(NotAllowed, match="somebody else must approve"):
        approve(submission, by=proposer, now=NOW, summary="My own")
    submission.refresh_from_db()
    assert (submission.state, submission.decided_by) == ("submitted", None)
    assert not Observation.objects.exists() and not Edition.objects.exists()


def test_approve_of_ones_own_is_refused_by_the_database_as_well(proposer):
    submission = create_submission(by=proposer)
    with pytest.raises(IntegrityError, match="nobody_approves_their_own_submission"), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(state="approved", decided_at=NOW, decided_by=proposer)


@pytest.mark.parametrize("origin", ["form", "paste", "file"])
def test_approve_by_nobody_is_not_allowed(origin):
    submission = create_submission(origin=origin)
    with pytest.raises(NotAllowed, match="Sign in"):
        approve(submission, by=None, now=NOW, summary="Nobody")
    assert not Edition.objects.exists()


def test_approve_of_the_framework_needs_nobody():
    submission = create_submission(origin=Submission.Origin.FRAMEWORK)
    approve(submission, by=None, now=NOW, summary="As delivered")
    submission.refresh_from_db()
    assert (submission.state, submission.proposed_by, submission.decided_by) == ("approved", None, None)


@pytest.mark.parametrize(
    "state, decision",
    [
        pytest.param("draft", {}, id="draft"),
        pytest.param("withdrawn", {}, id="withdrawn"),
        pytest.param("returned", {"decided_at": NOW}, id="sent back"),
        pytest.param("approved", {"decided_at": NOW}, id="approved already"),
    ],
)
def test_approve_of_what_is_not_waiting_changes_nothing(approver, state, decision):
    submission = create_submission()
    decision = decision and decision | {"decided_by": create_user(email="third@example.org")}
    Submission.objects.filter(pk=submission.pk).update(state=state, **decision)
    before = Submission.objects.values().get()
    with pytest.raises(ChangedMeanwhile, match="no longer waiting for approval"):
        approve(submission, by=approver, now=LATER, summary="Too late")
    assert Submission.objects.values().get() == before
    assert not Observation.objects.exists() and not Edition.objects.exists()


def test_approve_twice_publishes_once(approver):
    submission = create_submission()
    approve(submission, by=approver, now=NOW, summary="Once")
    with pytest.raises(ChangedMeanwhile):
        approve(submission, by=create_user(email="third@example.org"), now=LATER, summary="Twice")
    submission.refresh_from_db()
    assert (submission.decided_by, submission.decided_at) == (approver, NOW)
    assert Observation.objects.count() == Edition.objects.count() == 1


def test_approve_that_fails_leaves_it_waiting(approver, monkeypatch):
    submission = create_submission()

    def fail(*args, **options):
        raise RuntimeError("power cut")

    monkeypatch.setattr(submissions, "publish", fail)
    with pytest.raises(RuntimeError):
        approve(submission, by=approver, now=NOW, summary="Half")
    submission.refresh_from_db()
    assert (submission.state, submission.decided_by, submission.decided_at) == ("submitted", None, None)
    assert not Edition.objects.exists()


def test_approve_takes_as_many_queries_for_many_values_as_for_few(approver):
    """Inserts apart, of which each takes as many rows as the database allows."""
    asked = []
    for number, years in enumerate([range(1000, 1002), range(1100, 1400)]):
        submission = create_submission(rows=[make_row(row=n, year=n) for n in years])
        with CaptureQueriesContext(connection) as queries:
            approve(submission, by=approver, now=NOW + timedelta(hours=number), summary="Values")
        asked.append(sum(not q["sql"].startswith("INSERT") for q in queries))
    assert asked[0] == asked[1] < 12
    assert Observation.objects.count() == 302


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(3, 6)), min_size=1, max_size=20))
@example([(999_999_999_999_999, 3), (999_999_999_999_999, 6), (-123_456_789_012_345, 5), (1, 6), (0, 3)])
def test_approve_stores_any_number_that_importing_takes_to_the_digit(numbers):
    wanted = [Decimal(digits).scaleb(-places) for digits, places in numbers]
    with transaction.atomic():
        approver = create_user(email="another@example.org")
        rows = [make_row(row=n, year=1000 + n, value=value) for n, value in enumerate(wanted)]
        approve(create_submission(rows=rows), by=approver, now=NOW, summary="Numbers")
        stored = [o.value for o in Observation.objects.order_by("period_start")]
        difference = compare(rows)
        transaction.set_rollback(True)
    assert stored == wanted
    assert (difference.same, difference.changed) == (len(rows), []), "handing it in again would change nothing"


# --- decision, when and who belong together ---


@pytest.mark.parametrize(
    "origin, state, decided, by_whom",
    [
        pytest.param("form", "approved", False, False, id="approved, neither when nor who"),
        pytest.param("form", "approved", True, False, id="approved by nobody"),
        pytest.param("form", "approved", False, True, id="approved at no time"),
        pytest.param("form", "returned", True, False, id="sent back by nobody"),
        pytest.param("form", "returned", False, True, id="sent back at no time"),
        pytest.param("form", "submitted", True, True, id="waiting, but decided"),
        pytest.param("form", "submitted", True, False, id="waiting, but with a time"),
        pytest.param("form", "submitted", False, True, id="waiting, but with a name"),
        pytest.param("form", "draft", True, True, id="draft, but decided"),
        pytest.param("form", "withdrawn", True, True, id="withdrawn, but decided"),
        pytest.param("form", "lost", False, False, id="no such state"),
        pytest.param("form", "lost", True, True, id="no such state, decided"),
        pytest.param("framework", "approved", False, False, id="framework at no time"),
        pytest.param("framework", "submitted", True, False, id="framework waiting, but decided"),
    ],
)
def test_decision_when_and_who_apart_are_refused(origin, state, decided, by_whom, approver):
    submission = create_submission(origin=origin)
    refused = pytest.raises(IntegrityError, match="submission_decision_when_and_who_together")
    with refused, transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(
            state=state, decided_at=NOW if decided else None, decided_by=approver if by_whom else None
        )


@pytest.mark.parametrize(
    "origin, state, decided, by_whom",
    [
        ("form", "draft", False, False),
        ("form", "submitted", False, False),
        ("form", "withdrawn", False, False),
        ("form", "approved", True, True),
        ("form", "returned", True, True),
        ("framework", "approved", True, False),
        ("framework", "approved", True, True),
    ],
)
def test_decision_when_and_who_together_are_taken(origin, state, decided, by_whom, approver):
    submission = create_submission(origin=origin)
    Submission.objects.filter(pk=submission.pk).update(
        state=state, decided_at=NOW if decided else None, decided_by=approver if by_whom else None
    )
    assert Submission.objects.get().state == state


# --- the same file twice ---


def test_same_file_twice_is_known_by_its_checksum(approver):
    assert not already_published("abc", origin="file")
    submission = create_submission(origin="file", checksum="abc")
    assert not already_published("abc", origin="file"), "waiting is not published"
    approve(submission, by=approver, now=NOW, summary="Once")
    assert already_published("abc", origin="file")
    assert not already_published("abcd", origin="file")
    assert not already_published("abc", origin="framework")


def test_same_file_after_another_is_a_change_again(approver):
    for number, checksum in enumerate(["abc", "def"]):
        submission = create_submission(origin="file", checksum=checksum, rows=[make_row(value=50 + number)])
        approve(submission, by=approver, now=NOW + timedelta(hours=number), summary=checksum)
    assert not already_published("abc", origin="file")
    assert already_published("def", origin="file")


def test_same_file_approved_twice_changes_nothing(approver):
    rows = [make_row(row=n, year=2000 + n, area=HOME) for n in range(5)]
    for _ in range(2):
        approve(create_submission(origin="file", rows=rows, checksum="abc"), by=approver, now=NOW, summary="A file")
    assert Edition.objects.count() == 1
    assert Observation.objects.count() == 5
