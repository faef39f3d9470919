"""Values on their way to the public: who may move them on, what is refused, and what publishing them does."""

import inspect
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile, Edition, issuing
from luton2040.hold import lift
from luton2040.roles import Role
from luton2040.verbs import NotAllowed
from outcomes import drafts, publishing, submissions
from outcomes.models import MeasureVersion, Milestone, Observation, Revision, Submission, SubmissionLine
from outcomes.submissions import already_published, approve, compare, propose
from tests.factories import (
    COUNTRY,
    HOME,
    NOW,
    create_approver,
    create_draft,
    create_edition,
    create_hold,
    create_measure,
    create_observation,
    create_person,
    create_proposer,
    create_submission,
    create_user,
    hand_in,
    make_line,
    make_point,
    make_row,
    schedule,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
State, Kind = Submission.State, Submission.Kind


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

    monkeypatch.setattr(publishing, "publish", fail)
    with pytest.raises(RuntimeError):
        approve(submission, by=approver, now=NOW, summary="Half")
    submission.refresh_from_db()
    assert (submission.state, submission.decided_by, submission.decided_at) == ("submitted", None, None)
    assert not Edition.objects.exists()


def queries_of(work):
    """Inserts apart, of which each takes as many rows as the database allows."""
    with CaptureQueriesContext(connection) as queries:
        work()
    return sum(not q["sql"].startswith("INSERT") for q in queries)


def test_hand_in_and_approve_take_as_many_queries_for_many_values_as_for_few(approver):
    """New, replaced and withdrawn values alike."""
    for year in range(1000, 1400):
        create_observation(year=year)
    asked = []
    for number, years in enumerate([range(1000, 1003), range(1100, 1400)]):
        lines = [make_line(row=n, year=n, value=60, withdraws=n % 3 == 0) for n in years]
        lines += [make_line(row=n, year=n + 500) for n in years]
        draft = create_draft(measure=f"AA{number}")
        now = NOW + timedelta(hours=number)
        why = {"reason": "Checked", "public_reason": "The survey was weighted again"}
        asked.append([
            queries_of(lambda: submissions.hand_in(draft, by=draft.proposed_by, now=now, lines=lines, **why)),  # noqa: B023
            queries_of(lambda: approve(draft, by=approver, now=now, summary="Values")),  # noqa: B023
        ])  # fmt: skip
    assert asked[0] == asked[1]
    assert asked[0][0] < 20 and asked[0][1] < 30, asked
    assert Revision.objects.count() == 303
    assert Observation.objects.current().count() == 400 - 101 + 303


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


# --- every state and every move, as one table ---

MOVED_ON = ChangedMeanwhile
PROPOSER, OTHERS = ("proposer",), ("officer", "approver")
# Each move: whose it is, what it is written in the audit log as, and how it is made.
MOVES = {
    "hand in": (
        PROPOSER, Action.HANDED_IN,
        lambda s, by: submissions.hand_in(s, by=by, now=LATER, lines=[make_line(value=70)], reason="Checked"),
    ),
    "take back": (PROPOSER, Action.TAKEN_BACK, lambda s, by: submissions.take_back(s, by=by, now=LATER)),
    "reopen": (PROPOSER, Action.REOPENED, lambda s, by: submissions.reopen(s, by=by, now=LATER)),
    "send back": (
        OTHERS, Action.SENT_BACK, lambda s, by: submissions.send_back(s, by=by, now=LATER, note="Look at 2020"),
    ),
    "approve": (OTHERS, Action.PUBLISHED, lambda s, by: approve(s, by=by, now=LATER, summary="New values")),
    "schedule": (OTHERS, Action.SCHEDULED, lambda s, by: schedule(s, by=by, now=LATER, at=LATER + timedelta(days=1))),
}  # fmt: skip
# Where it leads for whom the move is; for anybody else it is NotAllowed in every state.
TABLE = {
    #               hand in          take back        reopen      send back       approve         schedule
    State.DRAFT:     (State.SUBMITTED, State.WITHDRAWN, MOVED_ON,    MOVED_ON,       MOVED_ON,       MOVED_ON),
    State.SUBMITTED: (MOVED_ON,        State.WITHDRAWN, State.DRAFT, State.RETURNED, State.APPROVED, State.SCHEDULED),
    State.SCHEDULED: (MOVED_ON,        MOVED_ON,        MOVED_ON,    State.RETURNED, MOVED_ON,       MOVED_ON),
    State.APPROVED:  (MOVED_ON,        MOVED_ON,        MOVED_ON,    MOVED_ON,       MOVED_ON,       MOVED_ON),
    State.RETURNED:  (MOVED_ON,        State.WITHDRAWN, State.DRAFT, MOVED_ON,       MOVED_ON,       MOVED_ON),
    State.WITHDRAWN: (MOVED_ON,        MOVED_ON,        MOVED_ON,    MOVED_ON,       MOVED_ON,       MOVED_ON),
}  # fmt: skip


def in_state(state):
    """A submission that has come to this state by the moves themselves."""
    if state == State.DRAFT:
        create_edition()
        return create_draft()
    submission = hand_in()
    match state:
        case State.SCHEDULED:
            schedule(submission, at=LATER + timedelta(days=1))
        case State.APPROVED:
            approve(submission, by=create_approver(), now=NOW, summary="New values")
        case State.RETURNED:
            submissions.send_back(submission, by=create_approver(), now=NOW, note="Look again")
        case State.WITHDRAWN:
            submissions.take_back(submission, by=submission.proposed_by, now=NOW)
    assert submission.state == state
    return Submission.objects.get(pk=submission.pk)


def person(who):
    match who:
        case "proposer":
            return create_proposer()
        case "approver":
            return create_approver()
        case "officer":
            return create_person(role=Role.OFFICER)


def everything():
    """All that a move could change."""
    models = (Submission, SubmissionLine, Edition, Observation, Revision, Milestone, MeasureVersion, Entry)
    return [list(model.objects.order_by("pk").values()) for model in models]


def cases():
    for state, row in TABLE.items():
        for (move, (whose, _, _)), leads_to in zip(MOVES.items(), row, strict=True):
            for who in PROPOSER + OTHERS:
                end = leads_to if who in whose else NotAllowed
                yield pytest.param(state, move, who, end, id=f"{state} {move} by {who}")


def test_table_has_every_state_and_every_move():
    assert set(TABLE) == set(State)
    verbs = {
        name
        for name, verb in inspect.getmembers(submissions, inspect.isfunction)
        if verb.__module__ == submissions.__name__ and not name.startswith("_")
        and {"by", "now"} <= inspect.signature(verb).parameters.keys()
    }  # fmt: skip
    assert verbs == {move.replace(" ", "_") for move in MOVES if move != "schedule"} | {"propose"}


@pytest.mark.parametrize("state, move, who, leads_to", list(cases()))
def test_move(state, move, who, leads_to):
    submission, by = in_state(state), person(who)
    _, action, make = MOVES[move]
    before = everything()

    if not isinstance(leads_to, State):
        with pytest.raises(leads_to):
            make(submission, by)
        assert everything() == before
        return

    make(submission, by)
    kept = Submission.objects.get(pk=submission.pk)
    assert kept.state == submission.state == leads_to
    entry = Entry.objects.newest_first().first()
    assert (entry.action, entry.by, entry.about, entry.at) == (action, by, f"submission {kept.pk}", LATER)
    assert Entry.objects.count() == len(before[-1]) + 1
    assert Edition.objects.count() == len(before[2]) + (leads_to == State.APPROVED)


@pytest.mark.parametrize("state", [state for state in State if state != State.SCHEDULED])
def test_time_that_comes_moves_only_what_was_approved_for_it(state):
    in_state(state)
    before = everything()
    assert submissions.publish_due(LATER + timedelta(days=9)) == []
    assert everything() == before


def test_time_that_comes_publishes_what_was_approved_for_it():
    submission = in_state(State.SCHEDULED)
    due = submission.publish_at
    [(_, said, failed)] = submissions.publish_due(due)
    submission.refresh_from_db()
    assert (submission.state, said, failed) == (State.APPROVED, "published as edition 2", False)
    assert (submission.decided_by, submission.decided_at) == (create_approver(), NOW), "as it was decided"
    entry = Entry.objects.newest_first().first()
    assert (entry.action, entry.by, entry.at) == (Action.PUBLISHED, None, due), "nobody was at the desk"
    assert Edition.objects.current().issued_by == create_approver()


def test_refusal_of_a_move_that_came_too_late_says_what_has_become_of_it(approver):
    stale = hand_in()
    submissions.take_back(Submission.objects.get(), by=stale.proposed_by, now=LATER)
    with pytest.raises(ChangedMeanwhile, match="It is now: taken back. Load the page again."):
        approve(stale, by=approver, now=LATER, summary="Too late")


def test_approve_of_what_was_changed_since_it_was_read_publishes_nothing(approver):
    """The approver looked at 50; the officer reopened it and handed in 60."""
    seen = hand_in()
    officer = seen.proposed_by
    newer = submissions.reopen(Submission.objects.get(), by=officer, now=NOW + timedelta(minutes=1))
    submissions.hand_in(newer, by=officer, now=NOW + timedelta(minutes=2), lines=[make_line(value=60)])
    for decide in (
        lambda: approve(seen, by=approver, now=LATER, summary="As I saw it"),
        lambda: schedule(seen, by=approver, now=NOW, at=LATER),
        lambda: submissions.send_back(seen, by=approver, now=LATER, note="50 is wrong"),
    ):
        with pytest.raises(ChangedMeanwhile, match="moved or changed"):
            decide()
    assert not Observation.objects.exists()
    approve(newer, by=approver, now=LATER, summary="As it is")
    assert values() == {2020: 60}


# --- nobody decides on their own ---


@pytest.mark.parametrize("move", [move for move, (whose, *_) in MOVES.items() if whose == OTHERS])
@pytest.mark.parametrize(
    "proposer_is",
    [
        pytest.param({"roles": list(Role)}, id="every role"),
        pytest.param({"role": Role.OFFICER, "is_superuser": True, "is_staff": True}, id="superuser"),
    ],
)
def test_nobody_decides_on_their_own_whatever_their_role(proposer_is, move):
    mighty = create_person(second_factor=False, **proposer_is)
    submission = hand_in(by=mighty)
    before = everything()
    with pytest.raises(NotAllowed, match="somebody else must approve"):
        MOVES[move][2](submission, mighty)
    assert everything() == before


@pytest.mark.parametrize(
    "state, more", [("approved", {}), ("returned", {}), ("scheduled", {"publish_at": LATER})]
)  # fmt: skip
def test_decision_on_ones_own_is_refused_by_the_database_as_well(state, more):
    submission = hand_in()
    decided = {"decided_at": NOW, "decided_by": submission.proposed_by} | more
    with pytest.raises(IntegrityError, match="nobody_approves_their_own_submission"), transaction.atomic():
        Submission.objects.update(state=state, **decided)


def test_send_back_needs_a_note(approver):
    submission = hand_in()
    before = everything()
    for note in ("", " \n"):
        with pytest.raises(NotAllowed, match="Say what should change"):
            submissions.send_back(submission, by=approver, now=LATER, note=note)
    assert everything() == before


def test_send_back_stops_what_was_approved_for_a_time(approver):
    submission = schedule(hand_in(), at=LATER)
    third = create_approver(email="third@example.org")
    submissions.send_back(submission, by=third, now=NOW, note="Wait for the final release")
    submission.refresh_from_db()
    assert (submission.state, submission.publish_at, submission.decided_by) == (State.RETURNED, None, third)
    assert submission.decision_note == "Wait for the final release"
    assert submissions.publish_due(LATER) == []


# --- hand_in(): what kind it is, and what it must say ---

NEW = {"year": 2021}
REPLACED = {"value": 51}
NOTED = {"value": 50, "note": "A note"}
WITHDRAWN = {"value": 50, "withdraws": True}
SAME = {"value": 50}


@pytest.mark.parametrize(
    "form, lines, more, kind, says_why",
    [
        pytest.param("values", [NEW], {}, "values", False, id="new"),
        pytest.param("values", [NEW, SAME], {}, "values", False, id="new, and one that is there"),
        pytest.param("correction", [NEW], {}, "values", False, id="new, from the form of corrections"),
        pytest.param("values", [NEW, REPLACED], {}, "correction", True, id="new and replaced"),
        pytest.param("values", [NOTED], {}, "correction", True, id="note replaced"),
        pytest.param("correction", [WITHDRAWN], {}, "correction", True, id="withdrawn"),
        pytest.param(
            "correction", [WITHDRAWN | {"value": 49}], {}, "correction", True, id="withdrawn, figure mistyped"
        ),
        pytest.param("values", [NEW, WITHDRAWN], {}, "correction", True, id="new and withdrawn"),
        pytest.param("targets", [], {"points": ()}, "targets", False, id="targets"),
        pytest.param("values", [NEW], {"points": ()}, "targets", False, id="targets with a value, from another form"),
        pytest.param("targets", [REPLACED], {"points": ()}, "targets", True, id="targets with a replaced value"),
        pytest.param("targets", [NEW], {}, "values", False, id="only a value, from the form of targets"),
        pytest.param("series", [NEW], {}, "series", True, id="series"),
        pytest.param("values", [], {"wording": {"name": "Another"}}, "series", True, id="wording, from another form"),
        pytest.param("series", [NEW], {"points": (), "wording": {"name": "Another"}}, "series", True, id="all"),
    ],
)
def test_hand_in_finds_the_kind_from_what_changes(approver, form, lines, more, kind, says_why):
    create_measure(target=(2040, 60))
    create_observation(value=50)
    if "points" in more:
        more = more | {"points": [make_point(value=70)]}
    lines = [make_line(row=n, **line) for n, line in enumerate(lines)]
    draft = create_draft(kind=form)

    def attempt(**why):
        return submissions.hand_in(draft, by=draft.proposed_by, now=NOW, lines=lines, **more, **why)

    if says_why:
        for said in ({}, {"public_reason": " "}, {"reason": "To the approver"}):
            with pytest.raises(NotAllowed, match="Say in public why"):
                attempt(**said)
        assert not SubmissionLine.objects.exists() and Submission.objects.get().state == State.DRAFT
    submission = attempt(public_reason="The survey was weighted again" if says_why else "")
    assert (submission.kind, submission.state) == (kind, State.SUBMITTED)
    assert submission.base_edition == Edition.objects.current()
    approve(submission, by=approver, now=LATER, summary="Checked")
    assert Edition.objects.current().kind == submissions.EDITION_KINDS[kind] == kind


def test_every_kind_has_its_edition():
    assert set(submissions.EDITION_KINDS) == set(Kind)


@pytest.mark.parametrize(
    "lines, said",
    [
        pytest.param([], "nothing to hand in", id="nothing"),
        pytest.param([SAME], "nothing to hand in: the public record says all of this", id="only what is there"),
        pytest.param([WITHDRAWN | {"year": 2019}, NEW], "is not in the public record", id="nothing to withdraw"),
        pytest.param([WITHDRAWN | {"area": COUNTRY}], "is not in the public record", id="nothing to withdraw, no more"),
        pytest.param([NEW | {"warnings": "A jump"}], "Say why it is right", id="warned of"),
        pytest.param([NEW | {"warnings": "A jump", "reason": " "}], "Say why it is right", id="warned of, blank"),
    ],
)
def test_hand_in_is_refused_in_words(lines, said):
    create_observation(value=50)
    lines = [make_line(row=n, **line) for n, line in enumerate(lines)]
    draft = create_draft()
    before = everything()
    with pytest.raises(NotAllowed, match=said):
        submissions.hand_in(draft, by=draft.proposed_by, now=NOW, lines=lines, public_reason="Because")
    assert everything() == before
    assert draft.state == State.DRAFT


def test_hand_in_keeps_every_line_with_its_warnings_and_reasons():
    create_observation(value=50)
    lines = [
        make_line(row=2, year=2021, value="51.5", lower=Decimal(51), upper=Decimal(52), markers="[p]", note="A note"),
        make_line(row=3, year=2022, value=90, warnings="A jump\nTwo decimals", reason="The survey changed"),
        make_line(row=4, withdraws=True),
    ]
    submission = hand_in(*lines, reason="New release", public_reason="2020 was counted twice")
    kept = list(submission.lines.order_by("row"))
    assert [line.warnings for line in kept] == ["", "A jump\nTwo decimals", ""]
    assert [line.reason for line in kept] == ["", "The survey changed", ""]
    assert [line.withdraws for line in kept] == [False, False, True]
    assert (kept[0].value, kept[0].lower, kept[0].upper, kept[0].markers) == (Decimal("51.5"), 51, 52, "[p]")
    submission.refresh_from_db()
    assert (submission.reason, submission.public_reason) == ("New release", "2020 was counted twice")
    assert (submission.proposed_at, submission.saved_at) == (NOW, NOW)
    entry = Entry.objects.about(submission.about).get()
    assert "New release" in entry.what and entry.by == submission.proposed_by


def test_hand_in_of_a_draft_that_another_window_has_saved_since_is_refused():
    create_edition()
    mine = create_draft(typed={"value": ["50"]})
    other_window = Submission.objects.get()
    drafts.save(other_window, {"value": ["60"]}, by=mine.proposed_by, saves=1, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        submissions.hand_in(mine, by=mine.proposed_by, now=NOW, lines=[make_line(value=50)])
    kept = Submission.objects.get()
    assert (kept.state, kept.typed) == (State.DRAFT, {"value": ["60"]})
    assert not SubmissionLine.objects.exists()


# --- the same value on its way twice, and a record that changes meanwhile ---


@pytest.mark.parametrize("state", [State.SUBMITTED, State.SCHEDULED])
def test_hand_in_of_what_another_has_handed_in_is_refused_with_the_name(state):
    first = hand_in(make_line(value=50), make_line(row=3, year=2021))
    if state == State.SCHEDULED:
        schedule(first, at=LATER)
    other = create_person(role=Role.OFFICER)
    before = everything()
    with pytest.raises(NotAllowed) as refused:
        hand_in(make_line(value=60), make_line(row=3, year=2022), by=other)
    assert str(refused.value) == (
        f"Pat Proposer handed in the same on 1 June 2026, and it is {state.label.lower()} "
        f"(submission {first.pk}). Speak to each other before you go on."
    )
    assert everything()[1:] == before[1:], "nothing but the draft is there"
    assert Submission.objects.get(proposed_by=other).state == State.DRAFT


def test_hand_in_of_what_one_has_handed_in_oneself_is_refused_as_ones_own():
    hand_in(make_line(value=50))
    with pytest.raises(NotAllowed, match="^You handed in the same .* Change that one.$"):
        hand_in(make_line(value=60))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"year": 2021}, id="period"),
        pytest.param({"area": COUNTRY}, id="area"),
        pytest.param({"measure": "BB1"}, id="measure"),
        pytest.param({"period_duration": "P3M"}, id="length"),
    ],
)
def test_hand_in_beside_another_value_is_taken(other):
    hand_in(make_line())
    assert hand_in(make_line(**other), by=create_person(role=Role.OFFICER)).state == State.SUBMITTED


@pytest.mark.parametrize("state", [State.RETURNED, State.APPROVED, State.WITHDRAWN])
def test_hand_in_after_another_is_done_with_is_taken(state):
    in_state(state)
    again = hand_in(make_line(value=60), by=create_person(role=Role.OFFICER), public_reason="Weighted again")
    assert again.state == State.SUBMITTED


@pytest.mark.parametrize(
    "second, refused",
    [
        pytest.param({"kind": "targets", "points": [70]}, True, id="same path"),
        pytest.param({"kind": "series", "wording": {"name": "New"}}, True, id="same definition"),
        pytest.param({"kind": "targets", "points": [70], "measure": "BB1"}, False, id="path of another measure"),
        pytest.param({"kind": "values"}, False, id="a value of the measure"),
    ],
)
def test_hand_in_of_a_path_that_is_on_its_way_is_refused(second, refused):
    hand_in(kind=Kind.TARGETS, points=[make_point(value=60)])
    if points := second.get("points"):
        second = second | {"points": [make_point(value=value) for value in points]}
    given = {"by": create_person(role=Role.OFFICER), "public_reason": "New definition"} | second
    if refused:
        with pytest.raises(NotAllowed, match="Pat Proposer handed in the same"):
            hand_in(**given)
    else:
        assert hand_in(**given).state == State.SUBMITTED


def published_since(**line):
    """By another officer, and past the check at hand-in, as an import on the server is."""
    given = {"rows": [make_row(**line)], "by": create_person(role=Role.OFFICER), "now": NOW}
    approve(create_submission(**given), by=create_approver(), now=NOW, summary="Meanwhile")


def path_since(measure="AA1"):
    with issuing(kind=Edition.Kind.FRAMEWORK, summary="Meanwhile") as edition:
        edition.has_changes = True
        Milestone.objects.filter(measure=measure).update(last_edition=edition.number - 1)


def wording_since():
    with issuing(kind=Edition.Kind.WORDING, summary="Meanwhile") as edition:
        row = publishing.reworded(MeasureVersion.objects.current().get(measure="AA1"), {"caveat": "Mind"})
        publishing.publish(edition, [row], key=("measure_id",), complete=False)


@pytest.mark.parametrize(
    "handed_in, meanwhile, stale",
    [
        pytest.param({}, lambda: published_since(value=55), True, id="value, published"),
        pytest.param({}, lambda: published_since(year=2021), False, id="value, another published"),
        pytest.param({}, lambda: published_since(area=COUNTRY), False, id="value, of another place"),
        pytest.param({}, path_since, False, id="value, the path moved"),
        pytest.param({}, lambda: published_since(year=2018, markers="[b]"), True, id="value, a new series begun"),
        pytest.param({"points": 70}, lambda: published_since(year=2018, markers="[b]"), True,
                     id="path, a new series begun"),
        pytest.param({}, lambda: published_since(measure="BB1", markers="[b]"), False, id="value, another begun anew"),
        pytest.param({"lines": [REPLACED | {"year": 2019}]}, lambda: published_since(year=2019, value=55), True,
                     id="replaced value, replaced"),
        pytest.param({"lines": [REPLACED | {"year": 2019}]}, lambda: published_since(year=2018), False,
                     id="replaced value, another published"),
        pytest.param({"lines": [WITHDRAWN | {"year": 2019}]}, lambda: published_since(year=2019, value=55), True,
                     id="withdrawn value, replaced"),
        pytest.param({"points": 70}, path_since, True, id="path, moved"),
        pytest.param({"points": 70}, lambda: path_since("BB1"), False, id="path, another moved"),
        pytest.param({"points": 70}, lambda: published_since(value=55), False, id="path, a value published"),
        pytest.param({"wording": {"name": "New"}}, wording_since, True, id="definition, reworded"),
        pytest.param({"wording": {"name": "New"}}, path_since, False, id="definition, the path moved"),
    ],
)  # fmt: skip
def test_approve_after_the_record_has_changed(approver, handed_in, meanwhile, stale):
    create_measure(target=(2040, 60))
    create_measure(code="BB1", target=(2040, 60))
    create_observation(year=2019, value=50)
    lines = [make_line(**line) for line in handed_in.get("lines", [])]
    given = {k: v for k, v in handed_in.items() if k != "lines"}
    if "points" in given:
        given["points"] = [make_point(value=given["points"])]
    submission = hand_in(*lines, public_reason="Weighted again", **given)
    meanwhile()
    before = everything()
    if not stale:
        approve(submission, by=approver, now=LATER, summary="As checked")
        assert submission.state == State.APPROVED
        return
    with pytest.raises(ChangedMeanwhile, match="The public record has changed since this was handed in"):
        approve(submission, by=approver, now=LATER, summary="As checked")
    assert everything() == before


def test_stale_submission_is_sent_back_and_handed_in_again_as_a_correction(approver):
    submission = hand_in(make_line(value=60), typed={"value": ["60"]})
    published_since(value=55)
    submissions.send_back(Submission.objects.get(pk=submission.pk), by=approver, now=NOW, note="See the newer value")
    draft = submissions.reopen(Submission.objects.get(pk=submission.pk), by=submission.proposed_by, now=NOW)
    assert draft.typed == {"value": ["60"]} and draft.decision_note == "See the newer value"
    with pytest.raises(NotAllowed, match="Say in public why"):
        submissions.hand_in(draft, by=draft.proposed_by, now=LATER, lines=[make_line(value=60)])
    submissions.hand_in(
        draft, by=draft.proposed_by, now=LATER, lines=[make_line(value=60)], public_reason="Weighted again"
    )
    assert draft.kind == Kind.CORRECTION and draft.decision_note == ""
    approve(draft, by=approver, now=LATER, summary="Corrected")
    assert values() == {2020: 60}
    assert Revision.objects.get(submission=draft).was == 55


def test_withdrawal_of_a_value_that_is_gone_changes_nothing(approver):
    """Even where nothing says what it was compared with."""
    create_observation(value=50)
    submission = hand_in(make_line(**WITHDRAWN), public_reason="Counted twice")
    Submission.objects.update(base_edition=None)
    submission.refresh_from_db()
    with issuing(kind=Edition.Kind.FRAMEWORK, summary="Meanwhile") as edition:
        edition.has_changes = True
        Observation.objects.update(last_edition=edition.number - 1)
    before = everything()
    with pytest.raises(ChangedMeanwhile, match="is not in the public record any more"):
        approve(submission, by=approver, now=LATER, summary="Withdrawn")
    assert everything() == before


# --- reopen() ---


def test_reopen_gives_back_what_was_typed_and_takes_the_lines_away():
    typed = {"value": ["50", "fifty"], "note": ["As I wrote it "]}
    submission = hand_in(typed=typed, reason="New release")
    submissions.send_back(submission, by=create_approver(), now=NOW, note="Look at 2020")
    submissions.reopen(Submission.objects.get(), by=submission.proposed_by, now=LATER)
    draft = Submission.objects.get()
    assert (draft.state, draft.typed, draft.topic, draft.reason) == ("draft", typed, submission.topic, "New release")
    assert (draft.decided_by, draft.decided_at) == (None, None)
    assert draft.decision_note == "Look at 2020", "the officer still sees what to change"
    assert draft.saved_at == LATER
    assert not SubmissionLine.objects.exists()


def test_reopen_takes_the_points_away_too():
    submission = hand_in(kind=Kind.TARGETS, points=[make_point(value=60), make_point(kind="milestone", value=55)])
    submissions.reopen(submission, by=submission.proposed_by, now=LATER)
    assert not submission.milestone_lines.exists()
    submissions.hand_in(submission, by=submission.proposed_by, now=LATER, points=[make_point(value=61)])
    assert [point.value for point in submission.milestone_lines.all()] == [61]


def test_reopen_with_a_newer_draft_in_the_way_is_refused():
    submission = hand_in()
    newer = create_draft(typed={"value": ["70"]})
    assert newer.topic == submission.topic
    before = everything()
    with pytest.raises(NotAllowed, match="You have begun a newer draft of the same"):
        submissions.reopen(submission, by=submission.proposed_by, now=LATER)
    assert everything() == before
    assert submission.state == State.SUBMITTED, "the object in hand tells no other story"
    newer.delete()
    assert submissions.reopen(submission, by=submission.proposed_by, now=LATER).state == State.DRAFT


# --- the pre-election hold ---

TODAY, THEN = NOW.date(), LATER.date()
HOLDS = {
    "none": (None, ()),
    "today": ((TODAY, TODAY), ("now",)),
    "on the day of publishing": ((THEN, THEN), ("later",)),
    "throughout": ((TODAY, THEN), ("now", "later")),
    "over": ((TODAY - timedelta(days=40), TODAY - timedelta(days=1)), ()),
    "to come": ((THEN + timedelta(days=1), THEN + timedelta(days=40)), ()),
    "lifted": ((TODAY, THEN), ()),
}
WAITING_KINDS = (Kind.TARGETS, Kind.SERIES)


def of_kind(kind):
    create_measure(target=(2040, 60))
    create_observation(value=50)
    match kind:
        case Kind.VALUES:
            return hand_in(make_line(year=2021))
        case Kind.CORRECTION:
            return hand_in(make_line(value=51), public_reason="Weighted again")
        case Kind.TARGETS:
            return hand_in(kind=kind, points=[make_point(value=70)])
        case Kind.SERIES:
            return hand_in(kind=kind, wording={"name": "New"}, public_reason="Weighted again")


def set_hold(name):
    days, _ = HOLDS[name]
    if days:
        hold = create_hold(by=create_user(email="clerk@example.org"), starts_on=days[0], ends_on=days[1])
        if name == "lifted":
            lift(hold, by=hold.set_by, now=NOW)


@pytest.mark.parametrize("reason", ["", "  ", "The audit asks for it"], ids=["no reason", "blank", "reason"])
@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.parametrize("when", ["now", "later"])
@pytest.mark.parametrize("kind", Kind)
def test_hold(kind, when, hold, reason, approver):
    submission = of_kind(kind)
    set_hold(hold)
    held = when in HOLDS[hold][1]
    at = LATER if when == "later" else None
    before = everything()

    def decide():
        approve(submission, by=approver, now=NOW, summary="Checked", publish_at=at, hold_reason=reason)

    if held and kind in WAITING_KINDS and not reason.strip():
        with pytest.raises(NotAllowed, match="A pre-election hold is on until .* or give the reason for an exception"):
            decide()
        assert everything() == before
        return
    decide()
    assert submission.state == (State.SCHEDULED if at else State.APPROVED)
    submission.refresh_from_db()
    assert submission.hold_reason == (reason.strip() if held else ""), "no reason for a hold that was not there"
    exceptions = Entry.objects.of_action(Action.HOLD_EXCEPTION)
    assert exceptions.count() == held
    if held:
        entry = exceptions.get()
        assert (entry.by, entry.about, entry.at) == (approver, submission.about, NOW)
        assert (reason.strip() or "Scheduled official statistics go through.") in entry.what
    if at:
        submissions.publish_due(LATER)
        assert Submission.objects.get(pk=submission.pk).state == State.APPROVED
        assert exceptions.count() == held, "noted once"


@pytest.mark.parametrize("kind", Kind)
def test_hold_that_is_set_after_the_approval(kind, approver):
    """Targets and series wait until it is over; values go through, which is noted."""
    submission = schedule(of_kind(kind), at=LATER, hold_reason="Said too early to count")
    create_hold(by=approver, starts_on=THEN, ends_on=THEN + timedelta(days=30))
    edition = Edition.objects.current()

    for day in (0, 15, 30):
        done = submissions.publish_due(LATER + timedelta(days=day))
        if kind in WAITING_KINDS:
            assert [(d.said, d.failed) for d in done] == [
                ("waits for the end of the pre-election hold on 2 July 2026", False)
            ]
            assert Edition.objects.current() == edition and not Entry.objects.of_action(Action.HOLD_EXCEPTION).exists()
    submissions.publish_due(LATER + timedelta(days=31))

    submission.refresh_from_db()
    assert (submission.state, submission.edition.number) == (State.APPROVED, edition.number + 1)
    exceptions = Entry.objects.of_action(Action.HOLD_EXCEPTION)
    assert [e.at for e in exceptions] == ([] if kind in WAITING_KINDS else [LATER])


def test_hold_that_is_lifted_lets_go_what_waited(approver):
    submission = schedule(of_kind(Kind.TARGETS), at=LATER)
    hold = create_hold(by=approver, starts_on=THEN, ends_on=THEN + timedelta(days=30))
    submissions.publish_due(LATER)
    lift(hold, by=approver, now=LATER)
    submissions.publish_due(LATER + timedelta(hours=1))
    submission.refresh_from_db()
    assert submission.state == State.APPROVED


# --- what an approval leaves behind ---


def test_approve_of_what_was_stopped_before_forgets_why(approver):
    submission = hand_in()
    Submission.objects.update(decision_note="The public record has changed")
    approve(submission, by=approver, now=NOW, summary="Checked")
    submission.refresh_from_db()
    assert (submission.decision_note, submission.summary) == ("", "Checked")
    assert submission.edition == Edition.objects.current()


def test_approve_of_what_is_all_there_says_so_in_the_audit_log(approver):
    create_observation(value="50")
    approve(create_submission(rows=[make_row(value="50")]), by=approver, now=NOW, summary="The same again")
    entry = Entry.objects.of_action(Action.PUBLISHED).get()
    assert entry.what.endswith("The public record said all of this already.")
    assert Submission.objects.get().edition is None


def test_approve_tells_the_edition_in_the_audit_log(approver):
    approve(hand_in(), by=approver, now=NOW, summary="Checked")
    assert Entry.objects.of_action(Action.PUBLISHED).get().what.endswith("As edition 2.")


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


@pytest.mark.parametrize(
    "codes, withdraws, said",
    [
        pytest.param(["AA1"], False, "1 value: Measure AA1", id="one"),
        pytest.param(["AA1", "BB1", "CC1"], False, "3 values: Measure AA1, Measure BB1 and Measure CC1", id="a few"),
        pytest.param(["AA1", "BB1", "CC1", "DD1"], False, "4 values: 4 measures", id="many"),
        pytest.param(["AA1"], True, "1 withdrawn value: Measure AA1", id="withdrawn"),
    ],
)
def test_describe_names_a_few_measures_and_counts_many(codes, withdraws, said):
    for code in codes:
        create_measure(code=code, name=f"Measure {code}")
    rows = [make_row(row=number, measure=code) for number, code in enumerate(codes, 2)]
    submission = create_submission(rows=rows, public_reason="It was wrong." if withdraws else "")
    submission.lines.update(withdraws=withdraws)
    assert submissions.describe(submission) == said


@pytest.mark.parametrize(
    "lines, said",
    [
        pytest.param([REPLACED], "1 corrected value: Good work", id="one"),
        pytest.param([REPLACED, {"year": 2021}], "2 new or corrected values: Good work", id="with a new one"),
    ],
)
def test_describe_calls_a_new_value_beside_a_corrected_one_no_correction(lines, said):
    create_measure(name="Good work")
    create_observation(value=50)
    submission = hand_in(*(make_line(**line) for line in lines), public_reason="Weighted again")
    assert submissions.describe(submission) == said
