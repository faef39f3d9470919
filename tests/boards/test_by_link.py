"""What is behind a link: the papers of a meeting to come, or one outcome to reply to; and nothing else."""

from datetime import date, timedelta

import pytest
from django.test import Client

from boards.models import Link, Meeting, Oversight, Reply
from luton2040.audit import Action, Entry
from tests import factories as make
from tests import record
from tests.factories_boards import (
    create_board_action,
    create_comment,
    create_link,
    create_meeting,
    create_reply,
    create_review,
)
from tests.reading import Page, words
from tests.record import NOW, TODAY

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 12)
PREVIEW, REPLY = "/by-link/a-token/", "/by-link/a-reply/"


@pytest.fixture
def meeting(clock, db):
    edition = make.create_edition(now=NOW)
    make.create_place(edition=edition)
    make.create_outcome(code="XA1", short_label="Good jobs", values={2020: 50, 2021: 51}, target=(2035, 65))
    make.create_outcome(code="XA2", short_label="Fair pay", position=2, values={2021: 500}, tolerance=1)
    make.create_board()
    make.create_oversight(priority="good-work")
    return create_meeting(held_on=DAY, now=NOW, read_on=TODAY, introduction="What we meet for.")


@pytest.fixture
def preview(meeting):
    return create_link(meeting=meeting, now=NOW)


@pytest.fixture
def review(meeting):
    found = create_review(meeting=meeting, outcome="XA1", story="Wages rose.", now=NOW)
    create_link(review=found, token="a-reply", for_whom="A charity", now=NOW)
    return found


def bare(answer):
    """No cookie, kept by nobody, and sent on to nobody."""
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "ETag" not in answer and "Cookie" not in answer.get("Vary", "")
    assert "/desk/" not in answer.content.decode() and "/accounts/" not in answer.content.decode()
    return Page(answer)


# --- the papers ---


def test_papers_are_shown_as_they_would_come_out(client, meeting, preview):
    create_review(meeting=meeting, outcome="XA1", story="A public story", is_public=True, now=NOW)
    create_review(meeting=meeting, outcome="XA2", story="A private story", now=NOW)
    create_board_action(meeting=meeting, what="A public action", is_public=True)
    create_board_action(meeting=meeting, what="A private action")
    page = bare(client.get(PREVIEW))
    assert "Preview for the chair, until 8 December 2026, 09:30; not public." in page.main
    for text in ("Meeting of 12 January 2027", "What we meet for.", "A public story", "A public action", "Fair pay"):
        assert text in page.main
    assert "private" not in page.text.lower().replace("privacy", "")


def test_figures_are_those_of_the_pinned_edition(client, meeting, preview):
    record.issue(make.make_row(measure="XA1", year=2022, value=99))
    assert "99" not in bare(client.get(PREVIEW)).main


def test_link_leads_to_the_public_page_once_the_meeting_is_public(client, review, preview):
    Meeting.objects.update(is_public=True)
    for path in (PREVIEW, REPLY):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/boards/a-board/{DAY}/")
        assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path, fields",
    [
        pytest.param("/by-link/another/", {}, id="never made"),
        pytest.param("/by-link/%00/", {}, id="NUL"),
        pytest.param("/by-link/%F0%9F%98%80/", {}, id="no letters"),
        pytest.param(f"/by-link/{'a' * 5000}/", {}, id="long"),
        pytest.param(PREVIEW, {"expires_at": NOW}, id="ended"),
        pytest.param(PREVIEW, {"revoked_at": NOW, "revoked_by_id": True}, id="revoked"),
    ],
)
def test_links_that_do_not_work_all_look_alike(client, preview, path, fields):
    if "expires_at" in fields:
        fields["made_at"] = NOW - timedelta(days=1)
    Link.objects.update(**fields | ({"revoked_by_id": preview.made_by_id} if "revoked_at" in fields else {}))
    answers = [client.get(path), client.get("/by-link/nothing-at-all/"), client.post(path, {"text": "x"})]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "Else ask whoever sent it for a new one." in bare(answers[0]).main


def test_board_that_is_no_more_in_the_record(client, meeting, preview):
    meeting.board.versions.update(last_edition=meeting.pinned)
    make.create_edition(now=NOW)
    assert client.get(PREVIEW).status_code == 404


# --- the right of reply ---


def test_partner_sees_one_outcome_and_nothing_that_others_said(client, meeting, review):
    other = create_review(meeting=meeting, outcome="XA2", story="About pay", is_public=True, now=NOW)
    create_comment(review=review, text="A thought of ours", now=NOW)
    create_reply(review=review, text="Said by another", now=NOW)
    create_reply(review=other, text="Said of another", now=NOW)
    create_board_action(meeting=meeting, outcome="XA1", what="An action", is_public=True)
    page = bare(client.get(REPLY))
    assert words(page.section("What the board has written so far")).endswith("Wages rose.")
    assert "Good jobs" in page.main and "For A charity, until 8 December 2026, 09:30; not public." in page.main
    for text in ("What we meet for", "Fair pay", "About pay", "thought", "another", "An action"):
        assert text not in page.text


def test_partner_replies_once(client, meeting, review):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(REPLY, {"text": "We do <b>more</b>.\r\nSince May.\0"})
    assert answer.status_code == 302 and not answer.cookies
    page = bare(client.get(REPLY))
    assert "Your reply of 1 December 2026, 09:30" in page.headings
    assert "We do <b>more</b>.Since May." in page.main.replace("more</b>. ", "more</b>.")
    assert not page.all("textarea")
    given = Reply.objects.get()
    assert (given.organisation, given.review) == ("A charity", review)
    assert Entry.objects.of_action(Action.REPLIED).get().by is None
    answer = client.post(REPLY, {"text": "And again"})
    assert answer.status_code == 409 and "A reply was given with this link already." in Page(answer).main


@pytest.mark.parametrize(
    "text, said",
    [
        pytest.param(" ", "Write your reply first.", id="nothing"),
        pytest.param("word " * 10_000, "It has 49,999 characters, and 4,000 is the most.", id="10,000 words"),
    ],
)
def test_reply_that_cannot_be_is_refused_and_kept(client, review, text, said):
    page = bare(client.post(REPLY, {"text": text}))
    assert said in page.main and page.typed()["text"].strip() == text.strip()
    assert not Reply.objects.exists()


def test_token_is_in_no_log(client, review, caplog):
    for text in ("Once", "Twice"):
        answer = client.post(REPLY, {"text": text})
    Oversight.objects.all().delete()
    assert (answer.status_code, client.get(REPLY).status_code) == (409, 404)
    assert "a-reply" not in caplog.text


def test_nothing_is_taken_by_a_link_to_the_papers(client, review, preview):
    assert client.post(PREVIEW, {"text": "Hello"}).status_code == 200
    assert not Reply.objects.exists()


def test_outcome_that_the_board_lost_cannot_be_replied_to(client, meeting, review):
    Oversight.objects.all().delete()
    assert client.get(REPLY).status_code == 404
