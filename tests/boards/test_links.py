"""A link opens one thing to whoever holds it, for a time, and its token is kept nowhere."""

from datetime import timedelta

import pytest

from boards import links
from boards.models import Link, Meeting
from luton2040.audit import Action, Entry
from luton2040.verbs import NotAllowed
from tests.factories import NOW, TODAY, create_board
from tests.factories_boards import create_clerk, create_link, create_meeting, create_member, create_review

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def clerk():
    create_board()
    return create_clerk()


def make(meeting, clerk, *, expires_at=NOW + WEEK, for_whom="the chair", **given):
    return links.make(meeting, for_whom=for_whom, expires_at=expires_at, by=clerk, now=NOW, **given)


def test_make_gives_the_token_once_and_keeps_its_digest(clerk):
    link, token = make(create_meeting(), clerk)
    assert len(token) >= 43 and token not in str(Link.objects.values())
    assert links.find(token, now=NOW) == link
    entry = Entry.objects.about(link.about).get()
    assert (entry.action, entry.by) == (Action.LINK_MADE, clerk)
    assert entry.what == (
        "Link for the chair to the papers, meeting of A board on 10 June 2026: until Monday 8 June 2026, 12:00."
    )
    assert make(link.meeting, clerk)[1] != token


def test_make_for_a_reply_is_of_a_review_of_that_meeting(clerk):
    review = create_review()
    link, _ = make(review.meeting, clerk, review=review, for_whom=" A\ncharity ")
    assert (link.review, link.for_whom) == (review, "A charity")
    assert "to reply to the review of AA1" in Entry.objects.about(link.about).get().what
    with pytest.raises(NotAllowed, match="of another meeting"):
        make(create_meeting(held_on=TODAY), clerk, review=review)


@pytest.mark.parametrize(
    "given, said",
    [
        pytest.param({"expires_at": NOW}, "a time to come", id="ends now"),
        pytest.param({"expires_at": NOW + timedelta(days=60, minutes=1)}, "within 60 days", id="too long"),
        pytest.param({"for_whom": " "}, "is empty", id="for nobody"),
    ],
)
def test_make_says_what_is_wrong(clerk, given, said):
    with pytest.raises(NotAllowed, match=said):
        make(create_meeting(), clerk, **given)
    assert make(create_meeting(held_on=TODAY), clerk, expires_at=NOW + timedelta(days=60))


def test_make_for_a_public_meeting_is_of_no_use(clerk):
    with pytest.raises(NotAllowed, match="is public, or was removed"):
        make(create_meeting(is_public=True), clerk)


def test_find_knows_only_what_stands(clerk):
    link = create_link(token="right", expires_at=NOW + WEEK)
    assert links.find("right", now=NOW) == link
    Meeting.objects.update(is_public=True)
    assert links.find("right", now=NOW).meeting.is_public, "the page sends its reader on"
    for token in ("wrong", "", link.digest, "\ud800\0"):
        assert links.find(token, now=NOW) is None
    assert links.find("right", now=NOW + WEEK) is None
    links.revoke(link, by=clerk, now=NOW)
    assert links.find("right", now=NOW) is None


def test_revoke_is_on_the_record_once(clerk):
    link = links.revoke(create_link(), by=clerk, now=NOW)
    assert (link.revoked_by, link.revoked_at) == (clerk, NOW)
    with pytest.raises(NotAllowed, match="revoked already"):
        links.revoke(link, by=clerk, now=NOW)
    assert [entry.action for entry in Entry.objects.about(link.about)] == [Action.LINK_REVOKED]


def test_only_a_clerk_may(clerk):
    member = create_member()
    link = create_link()
    for move in (lambda: make(link.meeting, member), lambda: links.revoke(link, by=member, now=NOW)):
        with pytest.raises(NotAllowed, match="Only a clerk"):
            move()
