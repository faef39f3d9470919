"""Every page of boards at the desk and behind links, with some of everything: sound for any browser and reader."""

import pytest
from django.test import Client

from boards.models import BoardAction
from tests import reading
from tests.boards.desk.conftest import AT
from tests.factories import create_hold
from tests.factories_boards import (
    create_board_action,
    create_comment,
    create_link,
    create_reply,
    create_review,
)
from tests.html_validity import problems
from tests.reading import Page
from tests.record import NOW, TODAY

pytestmark = pytest.mark.django_db
BOARD = "/desk/boards/a-board/"
LONG = "a very long word " * 30


@pytest.fixture
def everything(clerk, meeting):
    """All sorts of reviews, actions and links."""
    meeting.introduction = LONG
    meeting.save()
    by = clerk.person
    written = create_review(meeting=meeting, outcome="XA1", story=LONG, what_works="Asking.", by=by, now=NOW)
    signed = create_review(meeting=meeting, outcome="XA2", story="Told.", is_public=True, by=by, now=NOW)
    for review in (written, signed):
        create_comment(review=review, by=by, now=NOW)
        create_reply(review=review, now=NOW)
    create_board_action(meeting=meeting, outcome="XA1", due_on=TODAY.replace(day=1), is_public=True, now=NOW)
    create_board_action(what="Done", state="done", closed_on=TODAY, result="Well.", now=NOW)
    create_link(meeting=meeting, token="chair", now=NOW, by=by)
    create_link(meeting=meeting, token="gone", now=NOW, by=by, revoked_by=by, revoked_at=NOW)
    create_link(review=written, token="partner", for_whom="A charity", now=NOW, by=by)
    create_hold(by=by, starts_on=TODAY, ends_on=TODAY)
    return clerk


def test_every_page_is_sound(everything, officer):
    clerk, first, last = everything, *BoardAction.objects.order_by("pk").values_list("pk", flat=True)
    link = {"for_whom": "the chair", "days": "14"}
    reply = {"step": "link", "link-for_whom": "A charity", "link-days": "14"}
    stale = {"step": "save", "story": "Other", "partners": "", "what_works": "", "what_we_will_do": "", "saves": "0"}
    answers = {
        "my work": officer.get("/desk/"),
        "boards": clerk.get("/desk/boards/"),
        "board": clerk.get(BOARD),
        "publish board": clerk.get(f"{BOARD}publish/"),
        "new action": clerk.get(f"{BOARD}actions/new/"),
        "new action, wrong": clerk.post(f"{BOARD}actions/new/", {"what": ""}),
        "open action": clerk.get(f"{BOARD}actions/{first}/"),
        "action, stale": clerk.post(f"{BOARD}actions/{first}/", {"act": "reopen", "saves": "7"}),
        "closed action": clerk.get(f"{BOARD}actions/{last}/"),
        "new meeting": clerk.get(f"{BOARD}meetings/new/?pinned=9"),
        "new meeting, wrong": clerk.post(f"{BOARD}meetings/new/", {"held_on": "", "pinned": "x"}),
        "meeting": clerk.get(AT),
        "change": clerk.get(f"{AT}change/"),
        "remove": clerk.post(f"{AT}remove/"),
        "publish": clerk.get(f"{AT}publish/"),
        "publish, held": clerk.post(f"{AT}publish/", Page(clerk.get(f"{AT}publish/")).typed()),
        "links": clerk.get(f"{AT}links/"),
        "link made": clerk.post(f"{AT}links/", link),
        "review": clerk.get(f"{AT}reviews/xa1/"),
        "review, stale": officer.post(f"{AT}reviews/xa1/", stale),
        "review, with a link": clerk.post(f"{AT}reviews/xa1/", reply),
        "review, signed off": clerk.get(f"{AT}reviews/xa2/"),
        "preview": Client().get("/by-link/chair/"),
        "reply": Client().get("/by-link/partner/"),
        "reply, wrong": Client().post("/by-link/partner/", {"text": LONG * 10}),
        "no link": Client().get("/by-link/gone/"),
    }
    pages = {name: Page(answer) for name, answer in answers.items()}
    faults = {n: [fault for check in reading.CHECKS for fault in check(page)] for n, page in pages.items()}
    assert faults == dict.fromkeys(pages, [])
    assert problems({name: page.html for name, page in pages.items()}) == []
