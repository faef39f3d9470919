"""Several people of a board at once: of two that cannot both be, exactly one is.

Real threads with connections of their own, each of which must come to an end without an error.
"""

import pytest

from boards import actions, meetings, publishing, reviews
from boards.models import BoardAction, Meeting, MeetingVersion, Reply, Review, ReviewVersion
from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.hold import HoldIsOn, set_hold
from luton2040.verbs import NotAllowed
from tests.factories import NOW, TODAY, create_board, create_outcome
from tests.factories_boards import (
    HELD_ON,
    create_board_action,
    create_clerk,
    create_link,
    create_meeting,
    create_member,
    create_review,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = pytest.mark.parametrize("round_", range(3))


def attempt(move, *given, **named):
    """Gives what it gives, or the refusal."""

    def work():
        try:
            return move(*given, now=NOW, **named)
        except (ChangedMeanwhile, HoldIsOn, NotAllowed) as error:
            return error

    return work


def kinds(found):
    return sorted(type(each).__name__ for each in found)


@pytest.fixture
def people():
    """Two clerks and a member of a board that looks at an outcome."""
    create_board()
    create_outcome()
    return create_clerk(), create_clerk(email="ben@example.org", name="Ben Clerk"), create_member()


@ROUNDS
def test_review_begun_by_two_and_asked_for_at_once_is_one(people, round_):
    clerk, other, member = people
    meeting = create_meeting(by=clerk)
    found = at_once(
        attempt(reviews.ask, meeting, "AA1", by=clerk),
        attempt(reviews.begin, meeting, "AA1", by=other),
        attempt(reviews.begin, meeting, "AA1", by=member),
    )
    assert set(found) == {Review.objects.get()}
    assert Entry.objects.of_action(Action.REVIEW_ASKED).count() == 1


@ROUNDS
def test_of_two_who_save_the_same_counter_at_once_one_is_told(people, round_):
    clerk, _, member = people
    review = create_review(meeting=create_meeting(by=clerk))
    found = at_once(
        *(attempt(reviews.save, review, {"story": by.name}, saves=0, window=by.email, by=by) for by in (clerk, member))
    )
    assert kinds(found) == ["ChangedMeanwhile", "Review"]
    (error,) = (each for each in found if isinstance(each, ChangedMeanwhile))
    review.refresh_from_db()
    assert review.saves == 1 and str(error).startswith(f"{review.story} saved this review")


@ROUNDS
def test_of_saving_and_signing_off_at_once_one_is_refused(people, round_):
    clerk, _, member = people
    review = create_review(meeting=create_meeting(by=clerk), story="Old.", by=clerk)
    found = at_once(
        attempt(reviews.save, review, {"story": "New."}, saves=1, window="a", by=member),
        attempt(reviews.sign_off, review, is_public=True, saves=1, by=clerk),
    )
    assert kinds(found) in (["ChangedMeanwhile", "Review"], ["NotAllowed", "Review"])
    review.refresh_from_db()
    assert (review.story, review.is_public) in (("Old.", True), ("New.", False))


@ROUNDS
def test_of_two_clerks_who_publish_at_once_one_issues_the_edition(people, round_):
    clerk, other, _ = people
    meeting = create_meeting(by=clerk)
    create_review(meeting=meeting, story="It rose.", is_public=True)
    found = at_once(*(attempt(publishing.publish, "a-board", meeting=meeting, by=by) for by in (clerk, other)))
    assert kinds(found) == ["Edition", "NoneType"]
    assert (Edition.objects.count(), MeetingVersion.objects.count(), ReviewVersion.objects.count()) == (2, 1, 1)
    assert Entry.objects.of_action(Action.PUBLISHED).count() == 1


@ROUNDS
def test_publishing_and_changing_the_meeting_at_once_leave_one_truth(people, round_):
    clerk, other, _ = people
    meeting = create_meeting(by=clerk)
    at_once(
        attempt(publishing.publish, "a-board", meeting=meeting, by=clerk),
        attempt(meetings.change, meeting, held_on=TODAY, pinned=meeting.pinned, since=None, introduction="", by=other),
    )
    assert MeetingVersion.objects.get().held_on == Meeting.objects.get().held_on


@ROUNDS
def test_publishing_and_reopening_at_once_leave_what_was_signed_off(people, round_):
    clerk, other, _ = people
    meeting = create_meeting(by=clerk)
    review = create_review(meeting=meeting, story="It rose.", is_public=True)
    publishing.publish("a-board", meeting=meeting, by=clerk, now=NOW)
    Meeting.objects.update(introduction="New.")
    at_once(
        attempt(publishing.publish, "a-board", by=clerk),
        attempt(reviews.reopen, review, by=other),
    )
    assert Edition.objects.current().number == 3
    assert [shown.story for shown in ReviewVersion.objects.at(3)] == ["It rose."]


@ROUNDS
def test_of_publishing_and_setting_a_hold_at_once_one_comes_first(people, round_):
    clerk, other, _ = people
    meeting = create_meeting(by=clerk)
    published, _ = at_once(
        attempt(publishing.publish, "a-board", meeting=meeting, by=clerk),
        attempt(set_hold, starts_on=TODAY, ends_on=TODAY, reason="Elections", by=other),
    )
    noted = list(Entry.objects.oldest_first().values_list("action", flat=True))
    if isinstance(published, HoldIsOn):
        assert noted == [Action.HOLD_SET] and not Meeting.objects.get().is_public
    else:
        assert noted == [Action.PUBLISHED, Action.HOLD_SET]


@ROUNDS
def test_of_removing_a_meeting_and_replying_at_once_one_is_refused(people, round_):
    clerk, *_ = people
    meeting = create_meeting(by=clerk)
    link = create_link(review=create_review(meeting=meeting), by=clerk)
    found = at_once(attempt(meetings.remove, meeting, by=clerk), attempt(reviews.reply, link, "We do more."))
    assert "NotAllowed" in kinds(found)
    assert Reply.objects.count() == Meeting.objects.count()


@ROUNDS
def test_of_two_meetings_set_up_for_one_day_at_once_one_is(people, round_):
    clerk, other, _ = people
    given = {"held_on": HELD_ON, "pinned": Edition.objects.current(), "since": None}
    found = at_once(*(attempt(meetings.set_up, "a-board", by=by, **given) for by in (clerk, other)))
    assert kinds(found) == ["Meeting", "NotAllowed"]


@ROUNDS
def test_of_two_who_close_an_action_at_once_one_is_told(people, round_):
    clerk, other, _ = people
    action = create_board_action(by=clerk)
    given = {"closed_on": TODAY, "result": "", "saves": 0}
    found = at_once(
        attempt(actions.close, action, state="done", by=clerk, **given),
        attempt(actions.close, action, state="dropped", by=other, **given),
    )
    assert kinds(found) == ["BoardAction", "ChangedMeanwhile"]
    assert BoardAction.objects.get().saves == 1


@ROUNDS
def test_of_two_replies_by_one_link_at_once_one_is_kept(people, round_):
    clerk, *_ = people
    link = create_link(review=create_review(meeting=create_meeting(by=clerk)), by=clerk)
    found = at_once(*(attempt(reviews.reply, link, text) for text in ("One.", "Two.")))
    assert kinds(found) == ["NotAllowed", "Reply"]
    assert Reply.objects.count() == 1
