"""What the desk says of a board and what the public sees of it: one edition brings the second to the first."""

from datetime import timedelta

import pytest

from boards import actions, meetings, publishing, reviews
from boards.models import ActionVersion, BoardAction, Meeting, MeetingVersion, Review, ReviewVersion
from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.hold import HoldIsOn
from luton2040.verbs import NotAllowed
from outcomes import rewording
from tests.factories import NOW, TODAY, create_board, create_hold, create_outcome, create_place
from tests.factories_boards import (
    HELD_ON,
    create_board_action,
    create_clerk,
    create_comment,
    create_meeting,
    create_member,
    create_reply,
    create_review,
)
from tests.reading import Page

pytestmark = pytest.mark.django_db
PLANTED = "A planted sentence"


@pytest.fixture
def clerk():
    """Of a board that looks at two outcomes."""
    create_board(name="Health board")
    create_outcome(short_label="Good jobs")
    create_outcome(code="BB1", position=2, short_label="Fair pay")
    return create_clerk()


def publish(clerk, meeting=None, **given):
    return publishing.publish("a-board", meeting=meeting, by=clerk, now=NOW, **given)


def public(model, edition=None):
    return list(model.objects.at(edition or Edition.objects.current()))


# --- what becomes public ---


def test_publish_shows_a_meeting_with_what_is_public_of_it(clerk):
    meeting = create_meeting(introduction="Welcome.")
    review = create_review(meeting=meeting, story="It rose.", partners="Charities.", is_public=True)
    create_reply(review=review, text="We do more.")
    action = create_board_action(meeting=meeting, outcome="AA1", is_public=True)
    edition = publish(clerk, meeting)
    assert (edition.number, edition.kind, edition.issued_by) == (2, Edition.Kind.REVIEW, clerk)
    assert edition.summary == "Health board: meeting of 10 June 2026 with 1 review; 1 action."
    (shown,) = public(MeetingVersion)
    assert (shown.meeting, shown.board_id, shown.held_on, shown.introduction) == (
        meeting, "a-board", HELD_ON, "Welcome."
    )  # fmt: skip
    assert (shown.pinned_id, shown.since_id, shown.since_on, shown.read_on) == (1, None, None, TODAY)
    (shown,) = public(ReviewVersion)
    assert (shown.review, shown.meeting, shown.outcome_id, shown.story, shown.partners) == (
        review, meeting, "AA1", "It rose.", "Charities."
    )  # fmt: skip
    assert shown.signed_off_on == TODAY
    assert shown.replies == [{"organisation": "A charity", "on": "2026-06-01", "text": "We do more."}]
    (shown,) = public(ActionVersion)
    assert (shown.action, shown.meeting, shown.outcome_id, shown.what, shown.state) == (
        action, meeting, "AA1", "Open a jobs fair.", "open"
    )  # fmt: skip
    assert not public(MeetingVersion, 1), "and nothing of it before"
    assert Meeting.objects.get().is_public
    entry = Entry.objects.about(meeting.about).get()
    assert (entry.action, entry.by, entry.what) == (Action.PUBLISHED, clerk, f"{edition.summary} Edition 2.")


@pytest.mark.parametrize(
    "review",
    [
        pytest.param({}, id="not signed off"),
        pytest.param({"signed_off": True}, id="signed off as private"),
    ],
)
def test_publish_keeps_back_what_is_private(clerk, review):
    meeting = create_meeting()
    create_review(meeting=meeting, story="Not yet.", **review)
    create_review(meeting=create_meeting(held_on=TODAY, introduction=PLANTED), story="Later.", is_public=True)
    create_board_action(meeting=meeting)
    assert publish(clerk, meeting).summary == "Health board: meeting of 10 June 2026."
    assert not public(ReviewVersion) and not public(ActionVersion)
    assert [shown.held_on for shown in public(MeetingVersion)] == [HELD_ON]


def test_publish_never_shows_private_texts(clerk):
    meeting = create_meeting()
    private = create_review(meeting=meeting, **dict.fromkeys(Review.TEXTS, PLANTED), signed_off=True)
    review = create_review(meeting=meeting, outcome="BB1", story="It rose.", is_public=True)
    create_comment(review=review, text=PLANTED)
    create_reply(review=private, text=PLANTED)
    meetings.set_up(
        "a-board", held_on=TODAY, pinned=meeting.pinned, since=None, introduction=PLANTED, by=clerk, now=NOW
    )
    own = actions.record(
        "a-board", what=PLANTED, owner=PLANTED, due_on=TODAY, is_public=False, by=clerk, now=NOW
    )  # fmt: skip
    actions.close(own, state="done", closed_on=TODAY, result=PLANTED, saves=0, by=clerk, now=NOW)
    publish(clerk, meeting)
    rows = [row for model in (MeetingVersion, ReviewVersion, ActionVersion) for row in model.objects.values()]
    assert len(rows) == 2
    assert PLANTED not in f"{rows} {list(Edition.objects.values())} {list(Entry.objects.values())}"


def test_action_does_not_tell_of_a_meeting_that_is_not_public_yet(clerk):
    meeting = create_meeting()
    create_board_action(meeting=meeting, is_public=True)
    assert publish(clerk).summary == "Health board: 1 action."
    assert public(ActionVersion)[0].meeting is None
    assert publish(clerk, meeting).summary == "Health board: meeting of 10 June 2026; 1 action changed."
    assert public(ActionVersion)[0].meeting == meeting


def test_publish_is_of_one_board(clerk):
    create_board(slug="b-board", position=2)
    other = create_meeting(board="b-board")
    create_board_action(board="b-board", is_public=True)
    with pytest.raises(ChangedMeanwhile, match="removed meanwhile"):
        publish(clerk, other)
    assert publish(clerk) is None
    assert not Meeting.objects.get().is_public
    with pytest.raises(NotAllowed, match="Only a clerk"):
        publishing.publish("b-board", by=clerk, now=NOW)


def test_only_a_clerk_publishes(clerk):
    meeting = create_meeting()
    with pytest.raises(NotAllowed, match="Only a clerk"):
        publish(create_member(), meeting)
    assert Edition.objects.count() == 1 and not Meeting.objects.get().is_public


def test_publish_of_nothing_new_issues_nothing(clerk):
    meeting = create_meeting()
    assert publish(clerk) is None
    assert publish(clerk, meeting).number == 2
    assert publish(clerk, meeting) is None and publish(clerk) is None
    assert (Edition.objects.count(), Entry.objects.count()) == (2, 1)


# --- what changes and ends later ---


@pytest.fixture
def published(clerk):
    """A meeting that is public with a review and an action, as edition 2."""
    meeting = create_meeting()
    create_review(meeting=meeting, story="It rose.", is_public=True)
    create_board_action(is_public=True)
    publish(clerk, meeting)
    return Meeting.objects.get()


def test_turning_private_ends_the_row_and_old_editions_keep_it(published, clerk):
    reviews.show(Review.objects.get(), False, saves=9, by=clerk, now=NOW)
    actions.change(BoardAction.objects.get(), saves=0, is_public=False, by=clerk, now=NOW)
    edition = publish(clerk)
    assert edition.summary == "Health board: 1 review no longer public; 1 action no longer public."
    assert not public(ReviewVersion) and not public(ActionVersion) and public(MeetingVersion)
    assert [shown.story for shown in public(ReviewVersion, 2)] == ["It rose."]
    assert Entry.objects.about("board a-board").get().what == f"{edition.summary} Edition 3."
    reviews.show(Review.objects.get(), True, saves=9, by=clerk, now=NOW)
    assert publish(clerk).summary == "Health board: 1 review." and public(ReviewVersion)


def test_reopened_review_stands_in_public_until_it_is_signed_off_again(published, clerk):
    review = reviews.reopen(Review.objects.get(), by=clerk, now=NOW)
    assert publish(clerk) is None
    reviews.save(review, {"story": PLANTED}, saves=1, window="", by=clerk, now=NOW)
    assert publish(clerk) is None
    assert [shown.story for shown in public(ReviewVersion)] == ["It rose."]
    reviews.sign_off(review, is_public=True, saves=2, by=clerk, now=NOW)
    assert publish(clerk).summary == "Health board: 1 review changed."
    assert [shown.story for shown in public(ReviewVersion)] == [PLANTED]
    assert [shown.story for shown in public(ReviewVersion, 2)] == ["It rose."]


def test_reopened_review_that_is_signed_off_as_private_ends(published, clerk):
    review = reviews.reopen(Review.objects.get(), by=clerk, now=NOW)
    reviews.sign_off(review, is_public=False, saves=1, by=clerk, now=NOW)
    assert publish(clerk).summary == "Health board: 1 review no longer public."
    assert not public(ReviewVersion)


def test_meeting_keeps_what_its_papers_were_made_from(published, clerk):
    same = {"held_on": published.held_on, "pinned": published.pinned, "since": None}
    meetings.change(published, **same, introduction="New words.", by=clerk, now=NOW)
    create_review(meeting=published, outcome="BB1", story="It fell.", is_public=True)
    actions.close(
        BoardAction.objects.get(), state="done", closed_on=TODAY, result="", saves=0, by=clerk, now=NOW
    )  # fmt: skip
    assert publish(clerk).summary == "Health board: 1 introduction changed; 1 review; 1 action changed."
    before, after = MeetingVersion.objects.order_by("first_edition")
    assert (before.introduction, after.introduction) == ("", "New words.")
    assert before.issued == after.issued == Edition.objects.get(number=2)
    assert [shown.outcome_id for shown in public(ReviewVersion, after.issued)] == ["AA1"]
    assert [shown.state for shown in public(ActionVersion, after.issued)] == ["open"]


# --- waiting() ---


def test_waiting_tells_what_publishing_would_do_and_does_nothing(published, clerk):
    assert not publishing.waiting("a-board") and publishing.waiting("a-board").lines == []
    reviews.show(Review.objects.get(), False, saves=9, by=clerk, now=NOW)
    actions.change(BoardAction.objects.get(), saves=0, what="Open two.", by=clerk, now=NOW)
    Meeting.objects.update(introduction="New words.")
    next_one = create_meeting(held_on=HELD_ON + timedelta(days=90))
    create_review(meeting=next_one, outcome="BB1", story="It fell.", is_public=True)
    waiting = publishing.waiting("a-board", meeting=next_one)
    assert waiting.lines == [
        "The meeting of 8 September 2026 becomes public.",
        "The meeting of 10 June 2026 has a new introduction.",
        "The review of “Fair pay” for 8 September 2026 becomes public.",
        "The review of “Good jobs” for 10 June 2026 is no longer public; earlier editions and packs keep it.",
        "The action “Open two.” changes.",
    ]
    assert len(publishing.waiting("a-board").lines) == 3, "without the next meeting"
    assert Edition.objects.count() == 2 and not Meeting.objects.get(pk=next_one.pk).is_public
    assert publish(clerk, next_one).summary == waiting.summary
    assert not publishing.waiting("a-board")


def test_summary_of_very_much_of_a_board_with_a_long_name_fits(clerk):
    create_board(slug="b-board", name="Board " * 20, position=2)
    meeting = create_meeting(board="b-board", held_on=HELD_ON.replace(month=9, day=30))
    for code in range(12):
        create_review(meeting=meeting, outcome=f"C{code}", story="It rose.", is_public=True)
        create_board_action(board="b-board", is_public=True)
    waiting = publishing.waiting("b-board", meeting=meeting)
    several = [object()] * 1000
    for found in (waiting.reviews, waiting.actions):
        found.changed, found.ended = several, several
    waiting.meetings.changed.extend(several)
    assert len(waiting.summary) <= Edition._meta.get_field("summary").max_length
    assert waiting.summary.startswith("Board Board") and waiting.summary.endswith("1,000 actions no longer public.")


def test_waiting_of_many_takes_no_more_queries(clerk, django_assert_num_queries):
    meeting = create_meeting()
    for code in ("AA1", "BB1"):
        create_reply(review=create_review(meeting=meeting, outcome=code, story="It rose.", is_public=True))
        create_board_action(meeting=meeting, is_public=True)
    with django_assert_num_queries(10):
        assert len(publishing.waiting("a-board", meeting=meeting).lines) == 5


# --- a pre-election hold ---


def test_publish_waits_for_the_end_of_a_hold_unless_there_is_a_reason(clerk):
    meeting = create_meeting()
    create_hold(by=clerk)
    with pytest.raises(HoldIsOn, match="until 1 June 2026: what boards publish waits"):
        publish(clerk, meeting, hold_reason=" ")
    assert Edition.objects.count() == 1 and not Meeting.objects.get().is_public
    assert publish(clerk, meeting, hold_reason=" The law wants it. ")
    noted = Entry.objects.about(meeting.about).of_action(Action.HOLD_EXCEPTION)
    assert [entry.what for entry in noted] == ["The law wants it."]


def test_publish_of_nothing_new_asks_for_no_reason_in_a_hold(clerk):
    create_hold(by=clerk)
    assert publish(clerk) is None


# --- the public log ---


def test_log_and_feed_tell_of_the_edition_by_its_summary(client, published):
    create_place()
    page, feed = Page(client.get("/changes/")), client.get("/changes/feed/").content.decode()
    said = "Health board: meeting of 10 June 2026 with 1 review; 1 action."
    assert f"Board review. {said}" in page.main
    assert f"Edition 2: {said}" in feed
    assert "It rose." not in page.html + feed


def test_rewording_passes_over_what_boards_publish(published):
    """Its query is a union, which PostgreSQL refuses where keys are numbers in one part and text in another."""
    assert rewording.told([2], listed=12) == {2: []}
