"""One review at the desk: read beside its data, written by several without loss, discussed, signed off, replied to."""

import pytest
from django.test import Client

from boards import papers, sentences
from boards.models import Comment, Link, Meeting, Review
from luton2040.audit import Action, Entry
from luton2040.verbs import LONGEST_NOTE
from outcomes import sentences as outcome_sentences
from tests.boards.desk.conftest import AT
from tests.factories_boards import create_comment, create_reply, create_review
from tests.reading import Page, words
from tests.record import NOW
from tests.signing_in import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
PATH = f"{AT}reviews/xa1/"
EMPTY = dict.fromkeys(Review.TEXTS, "")
HOSTILE = '<script>alert(1)</script> "quoted" & \0more'


def texts(**written):
    return EMPTY | written


def saved():
    return Review.objects.get(outcome="XA1")


def autosave(client, **fields):
    return client.post(PATH, {"step": "save"} | fields, headers={"HX-Request": "true"})


# --- the page ---


def test_page_of_a_review_that_nobody_has_begun(member, meeting):
    page = Page(member.get(PATH))
    assert page.title.startswith("Review of Good jobs: A board, 12 January 2027")
    data = words(page.section("What the data show"))
    turn = papers.turn_of(meeting, "XA1")
    for sentence in ("On track", outcome_sentences.takeaway(turn.now), *sentences.told(turn)):
        assert sentence in data
    assert page.all("svg", **{"class": "chart"})
    assert page.typed()["saves"] == "0"
    for label in ("The story behind it", "Partners who have a part in it", "What works", "What we will do"):
        assert words(next(e for e in page.all("label") if words(e) == f"{label}"))
    assert page.text.count("0 of 4,000 characters") == 4
    assert not Review.objects.exists(), "reading begins nothing"
    assert "For the clerk" not in page.headings


def test_comments_and_replies_are_dated(clerk):
    review = create_review(outcome="XA1", story="It rose.", by=clerk.person, now=NOW)
    create_comment(review=review, by=clerk.person, now=NOW)
    create_reply(review=review, now=NOW)
    page = Page(clerk.get(PATH))
    assert "Clara Clerk, 1 December 2026, 09:30" in page.headings
    assert "A charity, 1 December 2026" in page.headings


def test_officer_of_the_measure_finds_no_link_to_what_they_may_not_see(officer):
    page = Page(officer.get(PATH))
    inside = [link for link in page.links if link.startswith("/desk/")]
    assert {link: officer.get(link).status_code for link in inside} == dict.fromkeys(inside, 200)


# --- writing ---


def test_what_is_typed_is_saved_and_shown_to_the_others(member, officer):
    answer = member.post(PATH, texts(story="Wages rose.\r\nSlowly.", saves="0", window="one", step="save"), follow=True)
    assert answer.redirect_chain == [(PATH, 302)]
    assert "Saved at 09:30." in Page(answer).main
    assert (saved().story, saved().saves, saved().saved_by) == ("Wages rose.\nSlowly.", 1, member.person)
    page = Page(officer.get(PATH))
    assert "Last saved by Mo Member on 1 December 2026, 09:30" in page.main
    assert page.typed()["story"] == "Wages rose.\nSlowly."
    assert "19 of 4,000 characters" in page.main


def test_page_saves_itself_as_it_is_typed(member):
    for number, text in enumerate(("W", "Wa", "Wages"), 1):
        # The page may send its next save before it has heard of the last.
        answer = Page(autosave(member, **texts(story=text, saves="0", window="one")))
        assert answer.one("input", name="saves").get("value") == str(number)
        assert f"{number + (number == 3) * 2} of 4,000 characters" in answer.text
    assert saved().story == "Wages"


def test_page_on_which_nothing_is_written_begins_nothing(member):
    assert autosave(member, **texts(saves="0", window="one")).status_code == 200
    assert "Nothing is written yet." in Page(member.post(PATH, texts(saves="0", step="save"), follow=True)).main
    assert not Review.objects.exists()


def test_nobody_writes_over_another_unseen(member, officer):
    member.post(PATH, texts(story="Wages rose.", saves="0", window="one", step="save"))
    late = texts(story="Prices fell.", partners="The college", saves="0", window="two")

    answer = autosave(officer, **late)
    assert answer.status_code == 409
    said = Page(answer).text
    assert "Mo Member saved this review on 1 December 2026, 09:30, after you opened it here." in said
    assert "Press Save to see both texts side by side." in said

    answer = officer.post(PATH, late | {"step": "save", "comment": "And a thought"})
    assert answer.status_code == 409
    page = Page(answer)
    assert page.typed()["story"] == "Prices fell." and page.typed()["partners"] == "The college"
    assert "Mo Member has: Wages rose." in page.main and "Mo Member has: (nothing)" in page.main
    assert words(page.one("textarea", name="comment")) == "And a thought"
    assert saved().story == "Wages rose."

    officer.post(PATH, late | {"step": "save", "saves": page.typed()["saves"]})
    assert saved().story == "Prices fell.", "seen by now, so it is meant"


def test_note_of_ten_thousand_words_is_refused_with_its_length_and_kept_on_the_page(member):
    long = "word " * 10_000
    sent = texts(story=long, partners="The college", saves="0", window="one")
    page = Page(member.post(PATH, sent | {"step": "save"}))
    fault = "The story behind it: It has 49,999 characters, and 4,000 is the most."
    assert fault in page.main
    assert page.typed()["story"] == long and page.typed()["partners"] == "The college"
    answer = autosave(member, **sent)
    assert answer.status_code == 409 and fault in Page(answer).text
    assert not Review.objects.exists()
    assert LONGEST_NOTE == 4000


def test_hostile_text_is_text_everywhere(clerk):
    sent = dict.fromkeys(Review.TEXTS, HOSTILE) | {"saves": "0", "window": HOSTILE}
    clerk.post(PATH, sent | {"step": "comment", "comment": HOSTILE})
    given = {"link-for_whom": HOSTILE, "link-days": "14", "step": "link"}
    page = Page(clerk.post(PATH, sent | given | {"saves": saved().saves}))
    assert page.text.count('<script>alert(1)</script> "quoted" & more') >= 7
    assert "<script>alert" not in page.html and "\0" not in page.html


def test_what_was_typed_when_the_session_had_ended_comes_back_unsaved(member):
    member.person.set_password(PASSWORD)
    member.person.save()
    client = Client(headers={"referer": f"http://testserver{PATH}"})
    client.post(PATH, texts(story="Typed too late", saves="0", window="one", step="save", sender=member.person.pk))
    sign_in(client, member.person.email)
    page = Page(client.get(PATH))
    assert "It is not saved yet: press Save." in page.main
    assert page.typed()["story"] == "Typed too late"
    assert not Review.objects.exists()


# --- comments ---


def test_comment_is_added_and_what_is_typed_above_is_saved_with_it(member):
    sent = texts(story="Wages rose.", saves="0", step="comment")
    page = Page(member.post(PATH, sent | {"comment": "Since when?"}, follow=True))
    assert "Your comment is added." in page.main and "Mo Member, 1 December 2026, 09:30" in page.headings
    assert (Comment.objects.get().text, saved().story) == ("Since when?", "Wages rose.")
    page = Page(member.post(PATH, sent | {"comment": " ", "saves": "1"}))
    assert "Write your comment first." in page.main


def test_comment_may_come_before_anything_is_written(officer):
    officer.post(PATH, texts(saves="0", step="comment", comment="Shall we write of it?"))
    assert Comment.objects.get().review == saved() and not saved().is_written


def test_half_a_comment_outlives_a_save(member):
    page = Page(member.post(PATH, texts(story="Wages", saves="0", step="save", comment="Half a tho")))
    assert "Saved at 09:30." in page.main
    assert words(page.one("textarea", name="comment")) == "Half a tho"
    assert not Comment.objects.exists()


# --- the clerk ---


def test_clerk_signs_off_what_stands_on_the_page_and_opens_it_again(clerk, member):
    member.post(PATH, texts(story="Wages rose.", saves="0", step="save"))
    page = Page(clerk.post(PATH, texts(story="Wages rose a little.", saves="1", step="sign-off-public"), follow=True))
    assert "Signed off as public. It comes out with the meeting." in page.main
    assert "Clara Clerk signed it off on 1 December 2026, 09:30 as public." in page.main
    assert (saved().story, saved().is_public) == ("Wages rose a little.", True)
    assert not page.all("textarea", name="story")

    for step, said, is_public in (
        ("hide", "The review is private now.", False),
        ("show", "The review is public now. It comes out with the meeting.", True),
    ):
        page = Page(clerk.post(PATH, {"step": step}, follow=True))
        assert said in page.main and "Readers see" not in page.main
        assert saved().is_public is is_public
    page = Page(clerk.post(PATH, {"step": "reopen"}, follow=True))
    assert "The review is open again" in page.main and page.typed()["story"] == "Wages rose a little."
    clerk.post(PATH, {"step": "sign-off-private", "saves": saved().saves})
    assert saved().signed_off_at and not saved().is_public


def test_of_a_public_meeting_a_review_comes_out_with_the_changes(clerk, meeting):
    create_review(meeting=meeting, outcome="XA1", story="Wages rose.", by=clerk.person)
    Meeting.objects.update(is_public=True)
    assert "comes out with the board’s next changes" in Page(clerk.get(PATH)).main
    for sent in ({"step": "sign-off-public", "saves": saved().saves}, {"step": "hide"}, {"step": "show"}):
        page = Page(clerk.post(PATH, sent, follow=True))
        assert "Readers see the change once the board’s changes are published." in page.main


@pytest.mark.parametrize(
    "step, said",
    [
        ("sign-off-public", "Nothing is written in this review yet."),
        ("reopen", "This review is not signed off."),
        ("show", "Sign this review off first"),
    ],
)
def test_what_is_not_in_order_is_refused_in_words(clerk, step, said):
    create_review(outcome="XA1")
    answer = clerk.post(PATH, {"step": step, "saves": "0"})
    assert answer.status_code == 409 and said in Page(answer).main


def test_clerk_asks_for_a_review(clerk):
    assert "The review is asked for." in Page(clerk.post(PATH, {"step": "ask"}, follow=True)).main
    assert "Asked for" in Page(clerk.get(PATH)).main
    assert Entry.objects.of_action(Action.REVIEW_ASKED).get().by == clerk.person


def test_what_is_typed_into_a_review_that_was_signed_off_meanwhile_can_be_copied(clerk, member):
    create_review(outcome="XA1", story="Wages rose.", signed_off=True, by=clerk.person, now=NOW)
    sent = texts(story="Wages rose a lot.", saves="1", window="one")
    assert "Clara Clerk signed this review off" in Page(autosave(member, **sent)).text
    answer = member.post(PATH, sent | {"step": "save"})
    page = Page(answer)
    assert answer.status_code == 409
    assert "What you typed, which was not saved" in page.headings and "Wages rose a lot." in page.main
    assert saved().story == "Wages rose."


# --- the right of reply ---


def test_link_for_a_reply_is_shown_once(clerk):
    given = {"step": "link", "link-for_whom": "A charity", "link-days": "9"}
    page = Page(clerk.post(PATH, texts(story="Wages rose.", saves="0") | given))
    address = page.one("input", id="id_address").get("value")
    assert address.startswith("http://testserver/by-link/")
    (mail,) = [link for link in page.links if link.startswith("mailto:")]
    assert address.rsplit("/", 2)[1] in mail
    link = Link.objects.get()
    assert (link.for_whom, link.review, (link.expires_at - NOW).days) == ("A charity", saved(), 9)
    assert Client().get(address).status_code == 200
    again = Page(clerk.get(PATH))
    assert address not in again.html and "A charity: works until 10 December 2026" in again.main


@pytest.mark.parametrize("days", ["0", "61", "", "soon", "-3", "9" * 30])
def test_link_for_no_number_of_days_is_refused_and_nothing_typed_is_lost(clerk, days):
    given = {"step": "link", "link-for_whom": "A charity", "link-days": days, "comment": "Half"}
    page = Page(clerk.post(PATH, texts(story="Wages rose.", saves="0") | given))
    assert "Give a whole number of days, from 1 to 60." in page.main
    assert page.one("input", name="link-for_whom").get("value") == "A charity"
    assert page.typed()["story"] == "Wages rose." and words(page.one("textarea", name="comment")) == "Half"
    assert not Link.objects.exists()
