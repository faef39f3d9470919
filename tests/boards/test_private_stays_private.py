"""Nothing private of a board is in anything that the public can ask for: pages, files, feeds, packs, what is kept."""

import io
import zipfile
from datetime import date

import pytest
from django.core.cache import caches
from django.test import Client, override_settings
from django.urls import reverse
from pypdf import PdfReader

from boards import publishing, reviews
from boards.models import Meeting, Review
from boards.urls import urlpatterns
from luton2040.editions import Edition
from tests import addresses
from tests import factories as make
from tests.factories_boards import (
    create_board_action,
    create_clerk,
    create_comment,
    create_link,
    create_meeting,
    create_member,
    create_reply,
    create_review,
)
from tests.record import NOW, TODAY

pytestmark = pytest.mark.django_db
SECRET = "zzyzx"  # in every text that is planted
COMING, LATER = date(2027, 1, 12), date(2027, 4, 6)


def secret(where: str) -> str:
    return f"{SECRET} {where}"


@pytest.fixture
def clerk(clock):
    """Of a board of whose next meeting some is private and some will be public; of the one after nothing is public."""
    edition = make.create_edition(now=NOW)
    make.create_place(edition=edition)
    for position, code in enumerate(("XA1", "XA2", "XA3"), 1):
        make.create_outcome(code=code, position=position, values={2020: 50, 2021: 51}, target=(2035, 65))
    make.create_board()
    make.create_oversight(priority="good-work")
    clerk, member = create_clerk(name=secret("name of the clerk")), create_member(name=secret("name of a member"))
    meeting = create_meeting(held_on=COMING, now=NOW, read_on=TODAY, introduction="Welcome.")
    of_meeting = {"meeting": meeting, "by": member, "now": NOW}
    public = create_review(outcome="XA1", story="Rents rose.", is_public=True, **of_meeting)
    signed_off = {name: secret(f"{name}, signed off") for name in Review.TEXTS}
    unsigned = {name: secret(f"{name}, unsigned") for name in Review.TEXTS}
    private = [
        create_review(outcome="XA2", signed_off=True, **signed_off, **of_meeting),
        create_review(outcome="XA3", **unsigned, **of_meeting),
        create_review(
            **of_meeting | {"meeting": _later(edition)}, is_public=True, outcome="XA1", story=secret("later")
        ),
    ]
    for review in (public, *private):
        create_comment(review=review, text=secret("comment"), by=member, now=NOW)
    for review in private:
        create_reply(review=review, text=secret("reply"), for_whom=secret("partner"), now=NOW)
    closed = {"state": "done", "closed_on": TODAY, "result": secret("result")}
    create_board_action(meeting=meeting, what=secret("action"), owner=secret("owner"), by=clerk)
    create_board_action(meeting=meeting, what=secret("done"), owner=secret("owner"), by=clerk, **closed)
    create_board_action(meeting=meeting, what="Open a hall.", is_public=True, by=clerk)
    create_link(meeting=meeting, for_whom="the chair", token="chair", now=NOW, by=clerk)
    create_link(meeting=meeting, for_whom=secret("another"), token="other", now=NOW, by=clerk)
    return clerk


def _later(edition):
    return create_meeting(held_on=LATER, pinned=edition, now=NOW, read_on=TODAY, introduction=secret("introduction"))


def readable(answer) -> str:
    """Everything in it that somebody could read."""
    if answer["Content-Type"] == "application/pdf":
        pdf = PdfReader(io.BytesIO(answer.content))
        return f"{pdf.metadata} {pdf.outline} " + " ".join(page.extract_text() for page in pdf.pages)
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            return " ".join(parts.read(name).decode() for name in parts.namelist())
    return answer.content.decode()


def of_boards() -> list[str]:
    """Every public address of the board, of the meeting that comes out and of the one after; steps on the screen."""
    found = []
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        days = [{"held_on": day} for day in (COMING, LATER)] if "held_on" in names else [{}]
        known = {"slug": "a-board"} if "slug" in names else {}
        found += [reverse(f"boards:{pattern.name}", kwargs=known | day) for day in days]
    screen = reverse("boards:present", args=["a-board", COMING])
    return [*found, *(f"{screen}?step={step}" for step in range(1, 8))]


def every_public_answer(client) -> dict[str, str]:
    paths = [
        *of_boards(),
        *addresses.pages(),
        *addresses.frames(),
        *addresses.files(),
        "/by-link/no/",
        "/by-link/chair/",
    ]
    editions = Edition.objects.values_list("number", flat=True)
    older = [f"{path}?edition={number}" for path in ("/changes/", "/boards/a-board/") for number in editions]
    found = {}
    for path in dict.fromkeys([*paths, *older]):
        answer = client.get(path)
        found[path] = readable(answer) + " ".join(f"{name}: {value}" for name, value in answer.items())
    return found


def test_planted_sentences_are_in_no_public_answer(client, clerk):
    meeting, own = Meeting.objects.get(held_on=COMING), Client()
    own.force_login(clerk)
    with override_settings(KEEP_PAGES=True):
        caches["pages"].clear()
        before = every_public_answer(client)
        publishing.publish("a-board", meeting=meeting, by=clerk, now=NOW)
        reopened = reviews.reopen(Review.objects.get(story="Rents rose."), by=clerk, now=NOW)
        reviews.save(reopened, {"story": secret("reopened")}, saves=1, window="", by=clerk, now=NOW)
        own.get(f"/desk/boards/a-board/{COMING}/")
        after = every_public_answer(own)  # what a clerk's browser makes the site keep, others are given
        kept = every_public_answer(client)
        caches["pages"].clear()
    for answers in (before, after, kept):
        assert {path: found for path, found in answers.items() if SECRET in found} == {}
    page = f"/boards/a-board/{COMING}/"
    assert "Rents rose." in kept[page] and "Open a hall." in kept[page], "what is public is there"
    assert "Rents rose." not in before[page]
    assert "Rents rose." in kept[f"{page}pack.pdf"] and "Rents rose." in kept[f"{page}pack.xlsx"]
