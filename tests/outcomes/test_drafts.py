"""Drafts: one of a form for each person, kept as typed, and never written over by another window."""

from datetime import timedelta

import pytest

from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile
from luton2040.roles import Role
from outcomes import drafts, submissions
from outcomes.models import Measure, Submission
from tests.factories import (
    NOW,
    create_approver,
    create_draft,
    create_edition,
    create_person,
    create_proposer,
    hand_in,
    make_line,
    schedule,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
FORM, VALUES = Submission.Origin.FORM, Submission.Kind.VALUES


@pytest.fixture
def officer():
    return create_proposer()


@pytest.fixture
def colleague():
    return create_person(role=Role.OFFICER, name="Chris Colleague")


def begin(by, *, topic="values AA1", now=NOW):
    measure = Measure.objects.get_or_create(code="AA1")[0]
    return drafts.begin(by=by, topic=topic, now=now, origin=FORM, kind=VALUES, measure=measure)


# --- begin() ---


def test_begin_makes_a_draft(officer):
    draft = begin(officer)
    draft.refresh_from_db()
    assert (draft.state, draft.kind, draft.origin, draft.measure_id) == ("draft", "values", "form", "AA1")
    assert (draft.topic, draft.proposed_by, draft.saves, draft.typed) == ("values AA1", officer, 0, {})
    assert draft.saved_at == draft.proposed_at == NOW


def test_begin_again_gives_the_same_draft_with_what_was_typed(officer):
    drafts.save(begin(officer), {"value": ["50"]}, by=officer, saves=0, now=NOW)
    again = begin(officer, now=LATER)
    assert (again.typed, again.saves, again.saved_at) == ({"value": ["50"]}, 1, NOW)
    assert Submission.objects.count() == 1


def test_begin_of_another_topic_or_by_somebody_else_makes_another(officer, colleague):
    made = [begin(officer), begin(officer, topic="correction AA1"), begin(colleague)]
    assert len({draft.pk for draft in made}) == 3


def test_begin_after_handing_in_makes_another(officer):
    create_edition()
    first = begin(officer)
    submissions.hand_in(first, by=officer, now=NOW, lines=[make_line()])
    assert begin(officer).pk != first.pk


def test_begin_of_what_another_window_begins_at_that_moment_gives_that_one(officer, monkeypatch):
    """As if it had not been there yet when it was looked for."""
    other_window = begin(officer)
    monkeypatch.setattr("django.db.models.QuerySet.first", lambda found: None)
    assert begin(officer) == other_window
    assert Submission.objects.count() == 1


def test_begin_is_no_matter_for_the_audit_log(officer):
    drafts.save(begin(officer), {"value": ["50"]}, by=officer, saves=0, now=NOW)
    assert not Entry.objects.exists()


# --- save() ---


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"value": ["fifty"], "note": [" spaces \n and lines "]}, id="faults and all"),
        pytest.param({"value": ["1", "2", ""]}, id="several of a name"),
        pytest.param({"note": ["“é𝄞” <b> ' \" \\ \t"]}, id="any character"),
        pytest.param({"cells": ["1\t2\n" * 20_000]}, id="long"),
    ],
)
def test_save_keeps_what_is_typed_as_it_is(officer, typed):
    draft = drafts.save(begin(officer), typed, by=officer, saves=0, now=LATER)
    kept = Submission.objects.get()
    assert kept.typed == draft.typed == typed
    assert (kept.saves, kept.saved_at) == (draft.saves, draft.saved_at) == (1, LATER)
    assert kept.proposed_at == NOW


def test_save_again_and_again(officer):
    draft = begin(officer)
    for n in range(5):
        draft = drafts.save(draft, {"value": [str(n)]}, by=officer, saves=draft.saves, now=LATER)
    assert Submission.objects.values_list("typed", "saves").get() == ({"value": ["4"]}, 5)


def test_save_from_a_second_window_is_refused_and_the_first_is_kept(officer):
    one, two = begin(officer), begin(officer)
    drafts.save(one, {"value": ["50"]}, by=officer, saves=one.saves, now=NOW)
    with pytest.raises(ChangedMeanwhile, match="from another window .* Nothing was overwritten. Copy what you need"):
        drafts.save(two, {"value": ["60"]}, by=officer, saves=two.saves, now=LATER)
    kept = Submission.objects.get()
    assert (kept.typed, kept.saves, kept.saved_at) == ({"value": ["50"]}, 1, NOW)
    assert two.typed == {}, "the object in hand tells no other story"


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(lambda d: submissions.hand_in(d, by=d.proposed_by, now=NOW, lines=[make_line()]), id="handed in"),
        pytest.param(lambda d: drafts.discard(d, by=d.proposed_by), id="discarded"),
        pytest.param(lambda d: submissions.take_back(d, by=d.proposed_by, now=NOW), id="taken back"),
    ],
)
def test_save_of_what_is_no_draft_any_more_is_refused(officer, meanwhile):
    create_edition()
    draft, other_window = begin(officer), begin(officer)
    meanwhile(other_window)
    before = list(Submission.objects.values())
    with pytest.raises(ChangedMeanwhile):
        drafts.save(draft, {"value": ["60"]}, by=officer, saves=0, now=LATER)
    assert list(Submission.objects.values()) == before


def test_save_of_somebody_elses_draft_is_refused(officer, colleague):
    draft = begin(officer)
    with pytest.raises(ChangedMeanwhile):
        drafts.save(draft, {"value": ["60"]}, by=colleague, saves=0, now=LATER)
    assert Submission.objects.get().typed == {}


# --- discard() ---


def test_discard_leaves_nothing(officer):
    drafts.discard(begin(officer), by=officer)
    assert not Submission.objects.exists() and not Entry.objects.exists()


def test_discard_of_somebody_elses_draft_does_nothing(officer, colleague):
    drafts.discard(begin(officer), by=colleague)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("move", ["hand in", "approve"])
def test_discard_of_what_has_been_handed_in_does_nothing(officer, move):
    draft = hand_in(by=officer)
    if move == "approve":
        submissions.approve(draft, by=create_approver(), now=NOW, summary="Checked")
    drafts.discard(draft, by=officer)
    assert Submission.objects.get().state == draft.state
    assert draft.lines.count() == 1


def test_discard_of_what_was_reopened_keeps_it_as_taken_back(officer):
    """The audit log tells of it, and so do the approver's own notes."""
    submission = hand_in(by=officer)
    submissions.send_back(submission, by=create_approver(), now=NOW, note="Look at 2020")
    submissions.reopen(submission, by=officer, now=LATER)
    drafts.discard(submission, by=officer)
    assert Submission.objects.get().state == Submission.State.WITHDRAWN
    log = Entry.objects.about(submission.about).oldest_first().values_list("action", flat=True)
    assert list(log) == [Action.HANDED_IN, Action.SENT_BACK, Action.REOPENED, Action.TAKEN_BACK]


def test_discard_makes_room_for_a_new_draft(officer):
    for _ in range(2):
        draft = begin(officer)
        drafts.discard(draft, by=officer)
    assert begin(officer).pk != draft.pk


# --- others_at_work() ---


def at_work(by, *, measure="AA1", now=NOW):
    return drafts.others_at_work(measure, by=by, now=now)


def test_others_at_work_are_those_who_have_typed_or_handed_in_something(officer, colleague):
    third = create_person(role=Role.OFFICER)
    typed = create_draft(by=colleague, typed={"value": ["50"]})
    handed_in = hand_in(by=third)
    assert at_work(officer) == [handed_in, typed]
    assert at_work(colleague) == [handed_in]
    assert at_work(third) == [typed]
    assert at_work(officer, measure="BB1") == []


def test_others_at_work_are_told_of_what_is_approved_for_a_time(officer, colleague):
    waiting = schedule(hand_in(by=colleague), at=LATER)
    assert at_work(officer) == [waiting]


def test_others_at_work_are_told_by_lines_of_several_measures(officer, colleague):
    lines = [make_line(measure="AA1"), make_line(measure="BB1", row=3)]
    submission = hand_in(*lines, by=colleague, measure="CC1")
    assert [at_work(officer, measure=code) for code in ("AA1", "BB1", "CC1", "DD1")] == [[submission]] * 3 + [[]]


@pytest.mark.parametrize(
    "done",
    [
        pytest.param(lambda s: submissions.take_back(s, by=s.proposed_by, now=NOW), id="taken back"),
        pytest.param(lambda s: submissions.send_back(s, by=create_approver(), now=NOW, note="No"), id="sent back"),
        pytest.param(lambda s: submissions.approve(s, by=create_approver(), now=NOW, summary="OK"), id="published"),
    ],
)
def test_nobody_is_at_work_on_what_is_done_with(officer, colleague, done):
    done(hand_in(by=colleague))
    assert at_work(officer) == []


def test_draft_in_which_nothing_was_typed_is_no_sign_of_work(officer, colleague):
    begin(colleague)
    assert at_work(officer) == []


@pytest.mark.parametrize("days, told", [(0, True), (7, True), (7.01, False), (60, False)])
def test_draft_that_is_left_alone_is_no_sign_of_work(officer, colleague, days, told):
    create_draft(by=colleague, typed={"value": ["50"]})
    assert bool(at_work(officer, now=NOW + timedelta(days=days))) == told


def test_others_at_work_are_asked_for_in_as_many_queries_for_many_as_for_few(
    officer, colleague, django_assert_num_queries
):
    for year in range(2000, 2010):
        submission = hand_in(make_line(year=year), by=colleague)
    with django_assert_num_queries(2):
        found = at_work(officer)
        assert {s.proposed_by.name for s in found} == {"Chris Colleague"}
    assert found[0] == submission and len(found) == 10
