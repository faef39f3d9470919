"""Writing a review together: nothing is lost, a clerk signs off, partners may reply."""

from datetime import timedelta

import pytest

from boards import reviews
from boards.models import Meeting, Membership, Review
from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.roles import Role
from luton2040.verbs import LONGEST_NOTE, NotAllowed
from outcomes.models import Measure, MeasureVersion
from tests.factories import NOW, create_board, create_edition, create_outcome, create_person
from tests.factories_boards import (
    create_clerk,
    create_link,
    create_meeting,
    create_member,
    create_review,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def clerk():
    """Of a board that looks at two outcomes."""
    create_board()
    create_outcome()
    create_outcome(code="BB1", position=2)
    return create_clerk()


@pytest.fixture
def meeting(clerk):
    return create_meeting()


@pytest.fixture
def member(clerk):
    return create_member()


def create_officer(*, measure="AA1", **fields):
    officer = create_person(role=Role.OFFICER, **fields)
    Measure.objects.get(code=measure).officers.add(officer)
    return officer


def save(review, by, *, saves=0, window="", now=NOW, **texts):
    return reviews.save(review, texts, saves=saves, window=window, by=by, now=now)


def sign_off(review, by, *, is_public=True, saves=1):
    return reviews.sign_off(review, is_public=is_public, saves=saves, by=by, now=LATER)


def noted(review):
    return list(Entry.objects.about(review.about).oldest_first().values_list("action", "what"))


# --- who may ---


@pytest.mark.parametrize(
    "somebody, allowed",
    [
        pytest.param(lambda: create_clerk(email="c@example.org"), True, id="clerk"),
        pytest.param(lambda: create_member(), True, id="member"),
        pytest.param(lambda: create_officer(), True, id="officer of its measure"),
        pytest.param(lambda: create_officer(measure="BB1"), False, id="officer of another measure"),
        pytest.param(lambda: create_person(role=Role.OFFICER), False, id="officer of none"),
        pytest.param(lambda: create_member("b-board"), False, id="member of another board"),
        pytest.param(lambda: create_person(role=Role.APPROVER), False, id="approver"),
        pytest.param(lambda: create_person(role=Role.ADMINISTRATOR), False, id="administrator"),
    ],
)
def test_those_of_the_board_and_the_measures_officers_write_and_read(meeting, somebody, allowed):
    create_board(slug="b-board", position=2)
    person, edition = somebody(), Edition.objects.current()
    assert reviews.may_write(person, meeting, "AA1", edition) is allowed
    assert reviews.may_read(person, meeting, "AA1", edition) is allowed
    review = create_review(meeting=meeting)
    moves = [
        lambda: reviews.begin(meeting, "AA1", by=person, now=NOW),
        lambda: reviews.comment(review, "I saw that.", by=person, now=NOW),
        lambda: save(review, person, story="It rose."),
    ]
    for move in moves:
        if allowed:
            move()
        else:
            with pytest.raises(NotAllowed, match="Only those who sit on this board"):
                move()


def test_officer_of_a_measure_that_the_outcome_no_longer_has_does_not_write(meeting):
    officer = create_officer()
    reviews.begin(meeting, "AA1", by=officer, now=NOW)
    MeasureVersion.objects.update(last_edition=1)
    create_edition()
    with pytest.raises(NotAllowed):
        reviews.begin(meeting, "AA1", by=officer, now=NOW)


def test_only_a_clerk_asks_signs_off_reopens_and_shows(meeting, member):
    review = create_review(meeting=meeting, story="It rose.")
    for move in (
        lambda: reviews.ask(meeting, "AA1", by=member, now=NOW),
        lambda: sign_off(review, member),
        lambda: reviews.reopen(review, by=member, now=NOW),
        lambda: reviews.show(review, True, saves=9, by=member, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="Only a clerk"):
            move()


def test_seat_that_was_taken_away_counts_at_once(meeting, member):
    review = reviews.begin(meeting, "AA1", by=member, now=NOW)
    Membership.objects.filter(person=member).delete()
    with pytest.raises(NotAllowed):
        save(review, member, story="Still here?")


# --- asking and beginning ---


def test_ask_and_begin_give_the_same_review_whoever_was_first(meeting, clerk, member):
    asked = reviews.ask(meeting, "AA1", by=clerk, now=NOW)
    assert (
        reviews.begin(meeting, "AA1", by=member, now=LATER) == asked == reviews.ask(meeting, "AA1", by=clerk, now=NOW)
    )
    begun = reviews.begin(meeting, "BB1", by=member, now=NOW)
    said = "Review of {} for the meeting of A board on 10 June 2026 {}."
    assert noted(asked) == [(Action.REVIEW_ASKED, said.format("AA1", "was asked for"))]
    assert noted(begun) == [(Action.REVIEW_ASKED, said.format("BB1", "was begun"))]


def test_ask_of_an_outcome_that_the_pinned_edition_lacks_is_refused(meeting, clerk):
    create_outcome(edition=create_edition(), code="CC1", position=3)
    with pytest.raises(NotAllowed, match="Edition 1, .* has no outcome CC1"):
        reviews.ask(meeting, "CC1", by=clerk, now=NOW)


def test_begin_for_a_meeting_that_was_removed_says_so(meeting, member):
    Meeting.objects.all().delete()
    with pytest.raises(ChangedMeanwhile, match="removed"):
        reviews.begin(meeting, "AA1", by=member, now=NOW)


# --- save() ---


def test_save_keeps_what_is_given_and_leaves_the_rest(meeting, member):
    review = create_review(meeting=meeting, partners="The charities.")
    saved = save(review, member, saves=1, story="It \0rose.\r\nThen fell. ", window="w\x001", now=LATER)
    saved.refresh_from_db()
    assert (saved.story, saved.partners) == ("It rose.\nThen fell. ", "The charities.")
    assert (saved.saves, saved.saved_by, saved.saved_at, saved.window) == (2, member, LATER, "w1")


@pytest.mark.parametrize(
    "who, saves, window, keeps",
    [
        pytest.param("member", 1, "b", True, id="who read the newest"),
        pytest.param("clerk", 1, "b", True, id="another person who read the newest"),
        pytest.param("member", 0, "a", True, id="the page that saved last"),
        pytest.param("member", 0, "b", False, id="another window of one's own"),
        pytest.param("clerk", 0, "b", False, id="another person"),
        pytest.param("clerk", 0, "a", False, id="another person with the name of that window"),
        pytest.param("member", 0, "", False, id="a page without a name"),
    ],
)
def test_save_never_overwrites_what_was_not_read(meeting, clerk, member, who, saves, window, keeps):
    review = reviews.begin(meeting, "AA1", by=member, now=NOW)
    save(review, member, story="First.", window="a")
    by = {"member": member, "clerk": clerk}[who]
    if keeps:
        assert save(review, by, story="Second.", saves=saves, window=window).saves == 2
    else:
        said = "You saved this review in another window" if who == "member" else "Mo Member saved this review"
        with pytest.raises(ChangedMeanwhile, match=f"{said} on 1 June 2026 at 12:00.*Nothing was overwritten"):
            save(review, by, story="Second.", saves=saves, window=window)
        assert Review.objects.get().story == "First."


def test_save_by_a_page_without_a_name_never_counts_as_the_same_page(meeting, member):
    review = create_review(meeting=meeting)
    save(review, member, story="First.")
    with pytest.raises(ChangedMeanwhile):
        save(review, member, story="Second.")


def test_save_of_the_same_is_no_conflict(meeting, clerk, member):
    review = reviews.begin(meeting, "AA1", by=member, now=NOW)
    save(review, member, story="First.")
    kept = save(review, clerk, story="First.", now=LATER)
    assert (kept.saves, kept.saved_by) == (1, member)


def test_save_of_a_long_note_is_refused_with_the_number(meeting, member):
    review = create_review(meeting=meeting)
    save(review, member, what_works="x" * LONGEST_NOTE)
    with pytest.raises(NotAllowed, match="“What works” has 10,000 characters, and 4,000 is the most.*by 6,000"):
        save(review, member, saves=1, what_works="x" * 10_000)
    assert len(Review.objects.get().what_works) == LONGEST_NOTE


def test_save_of_a_review_that_was_signed_off_is_refused(meeting, clerk, member):
    review = create_review(meeting=meeting, story="It rose.")
    sign_off(review, clerk)
    with pytest.raises(NotAllowed, match="Clara Clerk signed this review off on 1 June 2026 at 13:00"):
        save(review, member, saves=1, story="No.")


def test_save_of_a_review_that_was_removed_says_so(meeting, member):
    review = create_review(meeting=meeting)
    Review.objects.all().delete()
    with pytest.raises(ChangedMeanwhile, match="removed with its meeting"):
        save(review, member, story="It rose.")


# --- signing off ---


@pytest.mark.parametrize("is_public, said", [(True, "public"), (False, "private")])
def test_sign_off_says_who_when_and_for_whom(meeting, clerk, is_public, said):
    review = sign_off(create_review(meeting=meeting, story="A planted sentence."), clerk, is_public=is_public)
    review.refresh_from_db()
    assert (review.signed_off_by, review.signed_off_at, review.is_public) == (clerk, LATER, is_public)
    what = f"Review of AA1 for the meeting of A board on 10 June 2026 was signed off as {said}."
    assert noted(review) == [(Action.SIGNED_OFF, what)]


@pytest.mark.parametrize(
    "review, error, said",
    [
        pytest.param({"story": " \n"}, NotAllowed, "Nothing is written", id="empty"),
        pytest.param({"story": "It rose.", "saves": 2}, ChangedMeanwhile, "saved this review", id="saved since"),
        pytest.param({"story": "It rose.", "signed_off": True}, NotAllowed, "signed this review off", id="again"),
    ],
)
def test_sign_off_is_of_what_was_read(meeting, member, clerk, review, error, said):
    with pytest.raises(error, match=said):
        sign_off(create_review(meeting=meeting, by=member, **review), clerk)


def test_reopen_lets_it_be_written_again(meeting, clerk, member):
    review = create_review(meeting=meeting, story="It rose.", is_public=True)
    reopened = reviews.reopen(review, by=clerk, now=NOW)
    assert (reopened.signed_off_at, reopened.signed_off_by, reopened.is_public) == (None, None, False)
    assert save(review, member, saves=1, story="It fell.").saves == 2
    with pytest.raises(NotAllowed, match="not signed off"):
        reviews.reopen(review, by=clerk, now=NOW)
    assert [action for action, _ in noted(review)] == [Action.REVIEW_REOPENED]


def test_show_is_of_what_was_read(meeting, clerk, member):
    """Opened again, reworded and signed off since: the words that would become public were not seen."""
    review = create_review(meeting=meeting, story="It rose.")
    seen = sign_off(review, clerk, is_public=False).saves
    reviews.reopen(review, by=clerk, now=NOW)
    again = save(review, member, saves=seen + 1, story="It fell.")
    sign_off(review, clerk, is_public=False, saves=again.saves)
    with pytest.raises(ChangedMeanwhile):
        reviews.show(review, True, saves=seen, by=clerk, now=NOW)
    assert not Review.objects.get().is_public


def test_show_makes_a_signed_off_review_public_or_private(meeting, clerk):
    review = create_review(meeting=meeting, story="It rose.")
    with pytest.raises(NotAllowed, match="Sign this review off first"):
        reviews.show(review, True, saves=0, by=clerk, now=NOW)
    seen = sign_off(review, clerk, is_public=False).saves
    for is_public in (True, True, False):
        assert reviews.show(review, is_public, saves=seen, by=clerk, now=NOW).is_public is is_public
    assert [what.rsplit(" ", 2)[-1] for action, what in noted(review) if action == Action.REVIEW_VISIBILITY] == [
        "public.",
        "private.",
    ]


# --- what is said of it ---


@pytest.mark.parametrize("text, said", [("", "is empty"), (" \n\0", "is empty"), ("x" * 4001, "4,001 characters")])
def test_comment_and_reply_say_something_and_not_too_much(meeting, member, text, said):
    review = create_review(meeting=meeting)
    for move in (
        lambda: reviews.comment(review, text, by=member, now=NOW),
        lambda: reviews.reply(create_link(review=review), text, now=NOW),
    ):
        with pytest.raises(NotAllowed, match=said):
            move()


def test_comments_are_dated_and_in_order(meeting, member, clerk):
    review = create_review(meeting=meeting)
    reviews.comment(review, "Second.", by=clerk, now=LATER)
    reviews.comment(review, " First.\r\n", by=member, now=NOW)
    said = [(comment.text, comment.by, comment.at) for comment in review.comments.all()]
    assert said == [("First.", member, NOW), ("Second.", clerk, LATER)]


def test_reply_is_of_the_organisation_that_the_link_is_for(meeting):
    review = create_review(meeting=meeting)
    link = create_link(review=review, for_whom="A charity")
    given = reviews.reply(link, "A planted sentence.", now=LATER)
    assert (given.review, given.organisation, given.text, given.at) == (
        review, "A charity", "A planted sentence.", LATER
    )  # fmt: skip
    said = "Review of AA1 for the meeting of A board on 10 June 2026 has a reply of A charity."
    assert noted(review) == [(Action.REPLIED, said)]
    with pytest.raises(NotAllowed, match="given with this link already"):
        reviews.reply(link, "And another thing.", now=LATER)


@pytest.mark.parametrize(
    "link, public, said",
    [
        pytest.param({"revoked_at": NOW}, False, "cannot be used", id="revoked"),
        pytest.param({"expires_at": LATER}, False, "cannot be used", id="expired"),
        pytest.param({"review": None}, False, "cannot be used", id="of the papers"),
        pytest.param({}, True, "public already", id="public by now"),
    ],
)
def test_reply_comes_before_publication_by_a_link_that_stands(meeting, clerk, link, public, said):
    fields = {"review": create_review(meeting=meeting), "meeting": meeting} | link
    if "revoked_at" in fields:
        fields["revoked_by"] = clerk
    made = create_link(**fields)
    Meeting.objects.update(is_public=public)
    with pytest.raises(NotAllowed, match=said):
        reviews.reply(made, "We do more.", now=LATER)
