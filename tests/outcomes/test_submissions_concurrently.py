"""Several people, windows and runs of cron at once: of two that cannot both be, exactly one is.

Real threads with connections of their own, each of which must come to an end without an error.
"""

from datetime import timedelta

import pytest

from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.hold import set_hold
from luton2040.roles import Role
from luton2040.verbs import NotAllowed
from outcomes import drafts, submissions
from outcomes.models import Measure, Observation, Submission, SubmissionLine
from outcomes.submissions import publish_due
from tests.factories import (
    NOW,
    create_approver,
    create_draft,
    create_edition,
    create_observation,
    create_person,
    create_proposer,
    hand_in,
    make_line,
    make_point,
    schedule,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=1)
State = Submission.State
ROUNDS = pytest.mark.parametrize("round_", range(4))


def attempt(move, pk, **given):
    """The move on an object of one's own, as every request has it; gives the error, or None."""

    def work():
        try:
            move(Submission.objects.get(pk=pk), **given)
        except (ChangedMeanwhile, NotAllowed) as error:
            return error
        return None

    return work


def actions():
    return [entry.action for entry in Entry.objects.oldest_first()]


# --- one submission, two moves ---

MOVES = {
    "approve": (submissions.approve, {"summary": "Checked"}, create_approver),
    "approve, the other": (
        submissions.approve, {"summary": "Checked"}, lambda: create_approver(email="third@example.org"),
    ),
    "schedule": (submissions.approve, {"summary": "Checked", "publish_at": LATER + timedelta(days=9)}, create_approver),
    "send back": (submissions.send_back, {"note": "Look again"}, create_approver),
    "take back": (submissions.take_back, {}, create_proposer),
    "reopen": (submissions.reopen, {}, create_proposer),
}  # fmt: skip
PAIRS = [
    ("approve", "approve, the other"),
    ("approve", "schedule"),
    ("approve", "send back"),
    ("approve", "take back"),
    ("approve", "reopen"),
    ("schedule", "take back"),
    ("send back", "take back"),
    ("send back", "reopen"),
]


@ROUNDS
@pytest.mark.parametrize("pair", PAIRS, ids=" against ".join)
def test_two_moves_at_once_leave_it_in_one_whole_state(pair, round_):
    """The first wins. The second fails, unless it may follow the first, as taking back may what was sent back."""
    submission = hand_in()
    moves = [MOVES[name] for name in pair]
    errors = at_once(*(attempt(move, submission.pk, by=by(), now=LATER, **given) for move, given, by in moves))

    kept = Submission.objects.get()
    done = len(actions()) - 1
    assert [error is None for error in errors].count(True) == done >= 1
    assert all(isinstance(error, ChangedMeanwhile) for error in errors if error)
    if pair[0] != "send back":
        assert done == 1
    is_out = kept.state == State.APPROVED
    assert Edition.objects.count() == 1 + is_out
    assert Observation.objects.count() == is_out == Entry.objects.of_action(Action.PUBLISHED).count()
    assert kept.lines.count() == (kept.state != State.DRAFT)
    assert (kept.decided_by is None) == (kept.state in (State.DRAFT, State.WITHDRAWN))


@ROUNDS
def test_approve_at_once_with_reopening_and_handing_in_again_publishes_only_what_was_seen(round_):
    seen = hand_in(make_line(value=50))
    approver = create_approver()

    def change():
        try:
            draft = submissions.reopen(Submission.objects.get(), by=seen.proposed_by, now=LATER)
            submissions.hand_in(draft, by=draft.proposed_by, now=LATER, lines=[make_line(value=60)])
        except ChangedMeanwhile as error:
            return error

    def approve():
        try:
            submissions.approve(seen, by=approver, now=LATER, summary="As I saw it")
        except ChangedMeanwhile as error:
            return error

    changed, approved = at_once(change, approve)

    assert (changed is None) != (approved is None)
    assert [o.value for o in Observation.objects.all()] == ([50] if approved is None else [])


@ROUNDS
def test_target_approved_at_once_with_setting_a_hold_is_out_before_it_or_waits(round_):
    target = hand_in(kind=Submission.Kind.TARGETS, points=[make_point(value=60)])
    approver, administrator = create_approver(), create_person(role=Role.ADMINISTRATOR)
    days = {"starts_on": NOW.date(), "ends_on": LATER.date(), "reason": "Local elections"}

    _, refused = at_once(
        lambda: set_hold(**days, by=administrator, now=LATER),
        attempt(submissions.approve, target.pk, by=approver, now=LATER, summary="New target"),
    )

    order = [action for action in actions() if action in (Action.HOLD_SET, Action.PUBLISHED)]
    assert order == ([Action.HOLD_SET] if refused else [Action.PUBLISHED, Action.HOLD_SET])
    assert refused is None or "pre-election hold is on" in str(refused)
    assert Edition.objects.count() == (1 if refused else 2)


# --- cron ---


@ROUNDS
def test_publish_due_twice_at_once_issues_exactly_one_edition_of_each(round_):
    for year in range(2000, 2004):
        schedule(hand_in(make_line(year=year)), at=LATER)

    found = at_once(*[lambda: publish_due(LATER)] * 3)

    issued = [each for run in found for each in run]
    assert sorted(each.submission.pk for each in issued) == sorted(Submission.objects.values_list("pk", flat=True))
    assert not any(each.failed for each in issued)
    assert sorted(Edition.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert Observation.objects.count() == actions().count(Action.PUBLISHED) == 4


@ROUNDS
def test_publish_due_at_once_with_an_approver_who_stops_it(round_):
    submission = schedule(hand_in(), at=LATER)
    approver = create_approver()
    stopped = attempt(submissions.send_back, submission.pk, by=approver, now=LATER, note="Not this one")

    issued, error = at_once(lambda: publish_due(LATER), stopped)

    kept = Submission.objects.get()
    assert kept.state == (State.APPROVED if issued else State.RETURNED)
    assert bool(issued) == bool(error)
    assert not any(each.failed for each in issued)
    assert Observation.objects.count() == len(issued)


@ROUNDS
def test_publish_due_twice_at_once_of_what_cannot_be_published_is_told_once(round_):
    schedule(hand_in(), at=LATER)
    create_edition(kind=Edition.Kind.VALUES)
    create_observation(value=55)

    found = at_once(*[lambda: publish_due(LATER)] * 2)

    assert [each.failed for run in found for each in run] == [True]
    assert Submission.objects.get().state == State.SUBMITTED
    assert actions().count(Action.PUBLISHING_FAILED) == 1
    assert Edition.objects.count() == 2


# --- two officers, two windows ---


@ROUNDS
def test_hand_in_of_one_value_by_two_officers_at_once_is_taken_once(round_):
    create_edition()
    officers = [create_person(role=Role.OFFICER, name=name) for name in ("One", "Two")]
    works = []
    for officer in officers:
        draft = create_draft(by=officer)
        lines = [make_line(value=50), make_line(row=3, measure="BB1")]
        works.append(attempt(submissions.hand_in, draft.pk, by=officer, now=NOW, lines=lines[:: 1 - 2 * bool(works)]))

    errors = at_once(*works)

    refused = [error for error in errors if error]
    assert len(refused) == 1 and "handed in the same" in str(refused[0])
    assert sorted(Submission.objects.values_list("state", flat=True)) == [State.DRAFT, State.SUBMITTED]
    assert SubmissionLine.objects.count() == 2


@ROUNDS
def test_hand_in_of_one_draft_twice_at_once_hands_it_in_once(round_):
    create_edition()
    draft = create_draft()
    lines = [[make_line(value=value)] for value in (50, 60)]
    errors = at_once(
        *(attempt(submissions.hand_in, draft.pk, by=draft.proposed_by, now=NOW, lines=each) for each in lines)
    )
    assert [error is None for error in errors].count(True) == 1
    assert all(isinstance(error, ChangedMeanwhile) for error in errors if error)
    assert SubmissionLine.objects.count() == 1 and actions() == [Action.HANDED_IN]


@ROUNDS
def test_hand_in_at_once_with_an_edition_of_the_same_value_never_replaces_it_unseen(round_):
    """Either it was compared with the newer record, and is a correction, or it is stale and is not published."""
    first = hand_in(make_line(value=50))
    approver, other = create_approver(), create_person(role=Role.OFFICER)
    draft = create_draft(by=other)
    lines = [make_line(value=60)]

    at_once(
        attempt(submissions.approve, first.pk, by=approver, now=LATER, summary="Checked"),
        attempt(submissions.hand_in, draft.pk, by=other, now=LATER, lines=lines),
    )

    draft.refresh_from_db()
    if draft.state == State.SUBMITTED:
        assert attempt(submissions.approve, draft.pk, by=approver, now=LATER, summary="Unseen")() is not None
    assert [o.value for o in Observation.objects.all()] == [50]


@ROUNDS
def test_begin_in_two_windows_at_once_gives_one_draft(round_):
    officer = create_proposer()
    measure = Measure.objects.get_or_create(code="AA1")[0]

    def begin():
        return drafts.begin(by=officer, topic="values AA1", now=NOW, origin="form", kind="values", measure=measure)

    found = at_once(*[begin] * 4)

    assert {draft.pk for draft in found} == {Submission.objects.get().pk}


@ROUNDS
def test_save_from_two_windows_at_once_keeps_one_and_tells_the_other(round_):
    draft = create_draft()
    officer = draft.proposed_by

    def save(value):
        return attempt(drafts.save, draft.pk, typed={"value": [value]}, by=officer, saves=0, now=NOW)

    errors = at_once(save("50"), save("60"))

    assert [error is None for error in errors].count(True) == 1
    kept = Submission.objects.get()
    assert (kept.typed, kept.saves) == ({"value": ["50" if errors[0] is None else "60"]}, 1)


@ROUNDS
def test_save_at_once_with_handing_in_loses_nothing(round_):
    """Either it was kept and what is handed in is refused as older, or the window is told that it came too late."""
    create_edition()
    draft = create_draft()
    officer = draft.proposed_by
    stale, lines = Submission.objects.get(), [make_line(value=50)]

    def give():
        try:
            submissions.hand_in(stale, by=officer, now=NOW, lines=lines)
        except ChangedMeanwhile as error:
            return error

    given, saved = at_once(give, attempt(drafts.save, draft.pk, typed={"value": ["60"]}, by=officer, saves=0, now=NOW))

    kept = Submission.objects.get()
    assert (given is None) != (saved is None)
    assert kept.typed == ({} if given is None else {"value": ["60"]})
    assert kept.state == (State.SUBMITTED if given is None else State.DRAFT)
