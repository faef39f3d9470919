"""Meetings at the desk: set up and changed by forms, looked at, published as they were seen."""

from datetime import date

import pytest

from boards.models import BoardAction, Meeting, MeetingVersion, ReviewVersion
from luton2040.audit import Action, Entry
from luton2040.editions import Edition
from tests import factories as make
from tests import record
from tests.boards.desk.conftest import AT, DAY
from tests.factories_boards import create_board_action, create_clerk, create_meeting, create_reply, create_review
from tests.reading import Page, words
from tests.record import NOW, TODAY

pytestmark = pytest.mark.django_db
BOARD = "/desk/boards/a-board/"
NEW = f"{BOARD}meetings/new/"
GIVEN = {"held_on": "2027-03-02", "pinned": "1", "since": "before", "introduction": "What we meet for."}
HOSTILE = '<script>alert(1)</script> "quoted" & more'


def newest_value():
    return record.issue(make.make_row(measure="XA1", year=2025, value=49), summary="A new value")


# --- setting up ---


def test_meeting_is_set_up_and_compared_with_the_one_before_it(clerk):
    newest_value()
    page = Page(clerk.get(NEW))
    assert page.typed() == {**page.typed(), "held_on": "", "pinned": "2", "since": "before", "introduction": ""}
    page = Page(clerk.post(NEW, GIVEN | {"pinned": "2"}, follow=True))
    assert "The meeting of 2 March 2027 is set up. Nothing of it is public." in page.main
    made = Meeting.objects.get(held_on=date(2027, 3, 2))
    assert (made.pinned_id, made.since_id, made.since_on, made.introduction) == (2, 1, TODAY, "What we meet for.")


def test_first_meeting_of_all_is_compared_with_nothing(clerk, meeting):
    meeting.delete()
    clerk.post(NEW, GIVEN)
    assert Meeting.objects.get().since is None


@pytest.mark.parametrize(
    "fields, said",
    [
        pytest.param({"held_on": str(DAY)}, "This board has a meeting on 12 January 2027 already.", id="day twice"),
        pytest.param({"held_on": ""}, "Give a day, such as 2 March 2027.", id="no day"),
        pytest.param({"held_on": "2027-02-30"}, "This is no day of the calendar.", id="30 February"),
        pytest.param({"held_on": "next\0 week"}, "This is no day of the calendar.", id="words for a day"),
        pytest.param({"held_on": "9027-01-12"}, "more than ten years away. Check the year.", id="far year"),
        pytest.param({"held_on": "2026-11-30"}, "was issued on 1 December 2026, after the meeting.", id="issued after"),
        pytest.param({"pinned": ""}, "Choose an edition.", id="no edition"),
        pytest.param({"pinned": "2"}, "There is no edition “2” yet. The newest is edition 1", id="edition to come"),
        pytest.param({"pinned": "9" * 40}, "There is no edition “99999999999999999999”", id="edition far to come"),
        pytest.param({"pinned": HOSTILE}, "There is no edition “<script>alert(1)</sc”", id="edition of words"),
        pytest.param({"pinned": "7\0"}, "There is no edition “7” yet.", id="edition and NUL"),
        pytest.param({"since": "7"}, "There is no edition “7” yet.", id="compared with one to come"),
        pytest.param({"introduction": "word " * 10_000}, "It has 49,999 characters, and 4,000", id="10,000 words"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_kept(clerk, fields, said):
    page = Page(clerk.post(NEW, GIVEN | fields))
    assert said in page.main
    assert page.typed()["introduction"] == (GIVEN | fields)["introduction"]
    if "held_on" in fields:
        assert page.typed()["pinned"] == "1"
    assert "<script>alert" not in page.html
    assert Meeting.objects.count() == 1


def test_edition_in_the_address_is_chosen_or_refused_in_words(clerk):
    newest_value()
    assert Page(clerk.get(f"{NEW}?pinned=1")).typed()["pinned"] == "1"
    page = Page(clerk.get(f"{NEW}?pinned=99"))
    assert "There is no edition “99” yet. The newest is edition 2: choose it or an earlier one." in page.main


def test_an_edition_older_than_those_listed_can_be_chosen(clerk, monkeypatch):
    monkeypatch.setattr("boards.desk.forms.EDITIONS_LISTED", 1)
    record.issue(make.make_row(measure="XA1", year=2025, value=49), summary="A summary longer than a list has room for")
    options = [o.get("value") for o in Page(clerk.get(f"{NEW}?pinned=1")).one("select", name="pinned").iter("option")]
    assert options == ["2", "1"]


def test_board_without_outcomes_has_empty_papers(clerk):
    make.create_board(slug="b-board", name="B board")
    clerk.force_login(create_clerk("b-board", email="b@example.org"))
    create_meeting(board="b-board", held_on=DAY, now=NOW, read_on=TODAY)
    page = Page(clerk.get(AT.replace("a-board", "b-board")))
    assert "Edition 1 links this board to no outcome, so its papers are empty." in page.main


# --- changing, removing ---


def test_meeting_is_changed_unless_somebody_was_faster(clerk, meeting):
    path = f"{AT}change/"
    page = Page(clerk.get(path))
    sent = page.typed(introduction="First")
    assert (sent["held_on"], sent["since"]) == ("2027-01-12", "")
    clerk.post(path, sent)
    answer = clerk.post(path, sent | {"introduction": "Second"})
    assert answer.status_code == 409
    page = Page(answer)
    assert "Nothing was overwritten." in page.main and words(page.one("blockquote")) == "First"
    assert page.typed()["introduction"] == "Second"
    assert Meeting.objects.get().introduction == "First"
    clerk.post(path, page.typed())
    assert Meeting.objects.get().introduction == "Second"


def test_change_that_cannot_be_is_refused_and_kept(clerk, meeting):
    path = f"{AT}change/"
    create_meeting(held_on=date(2027, 2, 2), now=NOW, read_on=TODAY)
    sent = Page(clerk.get(path)).typed(introduction="Typed")
    for fields, said in (
        ({"held_on": "2027-02-02"}, "has a meeting on 2 February 2027"),
        ({"held_on": ""}, "Give a day"),
    ):
        page = Page(clerk.post(path, sent | fields))
        assert said in page.main and page.typed()["introduction"] == "Typed"
    assert page.typed()["saves"] == sent["saves"], "of the state that this page has seen"


def test_only_the_introduction_of_a_public_meeting_changes(clerk, meeting):
    Meeting.objects.update(is_public=True)
    page = Page(clerk.get(f"{AT}change/"))
    assert set(page.typed()) == {"csrfmiddlewaretoken", "sender", "saves", "introduction"}
    clerk.post(f"{AT}change/", page.typed(introduction="New", held_on="2027-05-05", pinned="9"))
    changed = Meeting.objects.get()
    assert (changed.introduction, changed.held_on) == ("New", DAY)


def test_meeting_is_removed_while_nothing_came_of_it(clerk, meeting):
    review = create_review(outcome="XA1", story="It rose.", by=clerk.person)
    answer = clerk.post(f"{AT}remove/")
    assert answer.status_code == 409 and "Somebody has written for this meeting" in Page(answer).main
    review.delete()
    assert "Remove this meeting?" in Page(clerk.get(f"{AT}remove/")).headings
    assert "The meeting of 12 January 2027 is removed." in Page(clerk.post(f"{AT}remove/", follow=True)).main
    assert not Meeting.objects.exists()


# --- the page ---


def test_page_shows_the_papers_with_what_is_private_marked_and_how_far_each_review_is(clerk, meeting):
    create_review(outcome="XA1", story="A public story", is_public=True, by=clerk.person, now=NOW)
    create_review(outcome="XA2", story="A private story", by=clerk.person, now=NOW)
    create_board_action(what="A private action", meeting=meeting)
    page = Page(clerk.get(AT))
    stages = {row[0]: row[2] for row in page.rows(page.all("table")[0])}
    assert stages["Good jobs XA1"].startswith("Signed off as public")
    assert stages["Fair pay XA2"].startswith("Begun")
    papers = words(page.section("The papers"))
    for text in ("A public story", "A private story", "A private action"):
        assert text in papers or text in page.main
    private = [e for e in page.all("span", **{"class": "tag"}) if words(e) == "private"]
    assert len(private) == 3, "one of the review, one of the action, and one that says what it means"


def test_reviews_are_asked_for_where_an_outcome_was_off_track_for_two_periods(clerk, member, meeting):
    rows = [make.make_row(measure="XA1", year=year, value=40) for year in (2025, 2026)]
    Meeting.objects.update(pinned=record.issue(*rows))
    asked = Page(clerk.get(AT)).rows()[0]
    assert asked[0] == "Good jobs XA1" and "Off track for two periods" in asked[1] and asked[2] == "Asked for"
    assert "1 review is asked for and not begun" in Page(member.get("/desk/boards/")).main


# --- publishing ---


def test_what_is_published_is_shown_word_for_word_first(clerk, meeting):
    Meeting.objects.update(introduction="What we meet for.")
    review = create_review(outcome="XA1", story="A public story", is_public=True, by=clerk.person, now=NOW)
    create_reply(review=review, text="We do more.", now=NOW)
    create_review(outcome="XA2", story="A private story", by=clerk.person, now=NOW)
    create_board_action(what="Open a jobs fair.", is_public=True)
    page = Page(clerk.get(f"{AT}publish/"))
    said = words(page.section("Word for word"))
    for text in ("What we meet for.", "A public story", "We do more.", "Open a jobs fair.", "A charity, due on"):
        assert text in said
    assert "A private story" not in page.text
    assert "The review of “Fair pay”, not signed off" in words(page.section("What stays at the desk"))
    page = Page(clerk.post(f"{AT}publish/", page.typed(), follow=True))
    assert "Published as edition 2." in page.main and "The papers are public" in page.main
    assert MeetingVersion.objects.current().count() == ReviewVersion.objects.current().count() == 1
    assert Entry.objects.of_action(Action.PUBLISHED).get().by == clerk.person
    assert "Nothing waits to be published" in Page(clerk.get(f"{AT}publish/")).headings


def test_what_the_clerk_did_not_see_is_not_published(clerk, meeting):
    sent = Page(clerk.get(f"{AT}publish/")).typed()
    create_board_action(what="Added meanwhile", is_public=True)
    answer = clerk.post(f"{AT}publish/", sent)
    page = Page(answer)
    assert answer.status_code == 409 and "has changed since you opened this page" in page.main
    assert "Added meanwhile" in page.main and Edition.objects.count() == 1
    clerk.post(f"{AT}publish/", page.typed())
    assert Edition.objects.count() == 2


def test_publishing_waits_for_a_hold_unless_there_is_a_reason(clerk, meeting):
    make.create_hold(by=clerk.person, starts_on=TODAY, ends_on=TODAY)
    page = Page(clerk.get(f"{AT}publish/"))
    assert "What boards publish waits until it is over" in page.main
    page = Page(clerk.post(f"{AT}publish/", page.typed()))
    assert "Why it cannot wait: A pre-election hold is on until 1 December 2026" in page.main
    clerk.post(f"{AT}publish/", page.typed(hold_reason="The law asks for it."))
    assert Edition.objects.count() == 2
    assert Entry.objects.of_action(Action.HOLD_EXCEPTION).get().what == "The law asks for it."


def test_what_changed_since_the_last_meeting_is_published_from_the_boards_page(clerk, meeting):
    create_board_action(what="Open a jobs fair.", is_public=True)
    page = Page(clerk.get(BOARD))
    assert "The action “Open a jobs fair.” becomes public." in words(page.section("Waiting to be published"))
    path = f"{BOARD}publish/"
    page = Page(clerk.get(path))
    assert "meeting" not in words(page.section("What readers will see")).lower()
    page = Page(clerk.post(path, page.typed(), follow=True))
    assert "Published as edition 2." in page.main and "Waiting to be published" not in page.headings
    assert not MeetingVersion.objects.exists() and BoardAction.objects.get().versions.exists()


def test_draft_pack_is_taken_away_on_the_record(member, meeting):
    answer = member.get(f"{AT}pack.pdf")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-cache")
    assert answer.content.startswith(b"%PDF")
    entry = Entry.objects.of_action(Action.EXPORTED).get()
    assert (entry.by, entry.about) == (member.person, meeting.about)


def test_papers_are_shown_on_the_screen_with_what_is_private_marked(member, meeting):
    create_review(outcome="XA1", story="A private story", by=member.person, now=NOW)
    page = Page(member.get(f"{AT}present/"))
    assert "As prepared, with what is private" in page.text and AT in page.links
    pages = [Page(member.get(f"{AT}present/?step={step}")).main for step in range(1, 3)]
    (told,) = [said for said in pages if "A private story" in said]
    assert "private" in told.replace("A private story", "")
