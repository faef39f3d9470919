"""Papers while they are prepared: without what is private just as publishing would bring them out, with it marked."""

from datetime import date, timedelta

import pytest

from boards import papers, publishing
from boards.models import MeetingVersion, Oversight
from tests import factories as make
from tests import record
from tests.factories_boards import (
    create_action_version,
    create_board_action,
    create_clerk,
    create_meeting,
    create_meeting_version,
    create_reply,
    create_review,
)
from tests.record import NOW, TODAY

pytestmark = pytest.mark.django_db
BEFORE, DAY = date(2026, 10, 6), date(2027, 1, 12)


@pytest.fixture
def meeting(clock):
    """The second of a board: the first is public, and had an action that was open and one that was done."""
    edition = make.create_edition(now=NOW)
    make.create_place(edition=edition)
    make.create_outcome(code="XA1", values={2020: 50, 2021: 51, 2022: 52}, baseline=2020, target=(2035, 65))
    make.create_outcome(code="XA2", position=2, values={2021: 500}, tolerance=1)
    make.create_outcome(code="BB1", position=3, priority="clean-air", values={2021: 5})
    make.create_board()
    make.create_oversight(priority="good-work")
    create_meeting_version(meeting=create_meeting(held_on=BEFORE, read_on=BEFORE))
    for what, fields in {"Was open": {}, "Was done": {"state": "done", "closed_on": BEFORE}}.items():
        create_action_version(action=create_board_action(what=what, is_public=True, **fields))
    later = record.issue(make.make_row(measure="XA1", year=2023, value=49))
    return create_meeting(held_on=DAY, pinned=later, since=edition, read_on=TODAY, now=NOW)


def some_of_everything(meeting):
    public = create_review(meeting=meeting, outcome="XA1", story="Public", is_public=True, now=NOW)
    create_reply(review=public, now=NOW)
    create_review(meeting=meeting, outcome="XA2", story="Not signed off")
    create_board_action(what="Public", meeting=meeting, outcome="XA1", is_public=True, due_on=TODAY)
    create_board_action(what="Private")
    closed = {"state": "done", "due_on": TODAY}
    create_board_action(what="Private, done before", closed_on=BEFORE - timedelta(days=1), **closed)
    create_board_action(what="Private, done since", closed_on=TODAY, **closed)


def told(found):
    """Whatever a rendering of the papers could say."""
    row = ("outcome_id", "story", "what_works", "signed_off_on", "replies")
    action = ("what", "owner", "due_on", "state", "closed_on", "result", "outcome_id", "meeting_id")
    return {
        "turns": [(turn.now.code, turn.now.status, turn.news) for turn in found.turns],
        "tally": found.tally,
        "reviews": {c: [getattr(review, name) for name in row] for c, review in found.reviews.items()},
        "actions": [[getattr(each, name) for name in action] for each in found.actions],
        "closed": [each.what for each in found.closed],
        "read": (found.held_on, found.pinned, found.meeting.since, found.meeting.read_on, found.meeting.since_on),
    }


def test_without_what_is_private_they_are_what_publishing_brings_out(meeting):
    some_of_everything(meeting)
    before = told(papers.in_preparation(meeting, private=False))
    assert list(before["reviews"]) == ["XA1"] and not MeetingVersion.objects.filter(meeting=meeting).exists()
    edition = publishing.publish("a-board", meeting=meeting, by=create_clerk(), now=NOW)
    version = MeetingVersion.objects.current().get(meeting=meeting)
    assert told(papers.published(version, edition)) == before


def test_what_is_private_is_marked(meeting):
    some_of_everything(meeting)
    found = papers.in_preparation(meeting, private=True)
    assert found.issued is None
    assert {code: hasattr(review, "is_private") for code, review in found.reviews.items()} == {
        "XA1": False,
        "XA2": True,
    }
    private = {action.what for action in found.actions if hasattr(action, "is_private")}
    assert private == {"Private", "Private, done before", "Private, done since"}
    assert [action.due_on for action in found.actions] == sorted(action.due_on for action in found.actions)
    assert [action.what for action in found.closed] == ["Private, done since"], "not what the meeting before knew of"


def test_review_that_is_only_asked_for_is_not_in_them(meeting):
    create_review(meeting=meeting, outcome="XA1")
    assert papers.in_preparation(meeting, private=True).reviews == {}


def test_full_papers_have_what_the_pack_prints(meeting):
    make.create_action(outcome="XA1")
    short, full = (papers.in_preparation(meeting, private=False, full=full).reports[0] for full in (False, True))
    assert not short.actions and full.actions


def test_turn_of_one_outcome_is_the_one_in_the_papers(meeting):
    turn = papers.turn_of(meeting, "XA1")
    (same,) = [turn for turn in papers.in_preparation(meeting, private=False).turns if turn.now.code == "XA1"]
    assert (turn.now.status, turn.news, turn.now.today) == (same.now.status, same.news, TODAY)
    assert turn.came_in and turn.before.status is same.before.status


@pytest.mark.parametrize("code", ["BB1", "ZZ9", ""])
def test_outcome_that_the_board_is_not_linked_to_has_no_turn(meeting, code):
    assert papers.turn_of(meeting, code) is None


def test_board_without_outcomes(meeting):
    Oversight.objects.all().delete()
    found = papers.in_preparation(meeting, private=True)
    assert found.turns == [] and found.news == [] and found.rest == []
