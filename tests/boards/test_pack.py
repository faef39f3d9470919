"""The pack as a file: its tags, its words, nothing from elsewhere, and the same bytes at any time."""

import io
import re
import sys
from datetime import date

import openpyxl
import pypdf
import pytest

from boards import papers
from boards.models import ActionVersion, BoardVersion, Meeting, MeetingVersion, Oversight, ReviewVersion
from boards.pack import pack_html, pack_pdf
from boards.pack_sheets import pack_xlsx
from luton2040.editions import Edition
from luton2040.pdf import files_only
from luton2040.vision import Vision
from outcomes.models import Milestone, OutcomeVersion
from tests import factories as make
from tests import record
from tests.factories_boards import (
    create_board_action,
    create_meeting,
    create_meeting_version,
    create_review,
    create_review_version,
)
from tests.reading import Page

pytestmark = pytest.mark.django_db
MEETS = True
PATH = "/boards/{}/{}/pack".format(*record.MEETING)


def version():
    return MeetingVersion.objects.current().get(board="a-board", held_on=record.MEETING[1])


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words_of(page) -> str:
    return " ".join(page.extract_text().split())


@pytest.fixture(scope="module")
def pack(exampleton):
    return read(pack_pdf(papers.as_issued(version())))


# --- tags ---


def elements(node, depth=0):
    """Every element of the tag tree, in reading order."""
    node = node.get_object()
    if isinstance(node, pypdf.generic.ArrayObject):
        for child in node:
            yield from elements(child, depth)
    elif isinstance(node, pypdf.generic.DictionaryObject) and "/S" in node:
        yield node
        yield from elements(node.get("/K", pypdf.generic.ArrayObject()), depth + 1)


@pytest.fixture(scope="module")
def tags(pack):
    return list(elements(pack.trailer["/Root"]["/StructTreeRoot"]["/K"]))


def test_pack_says_what_it_is(pack):
    root = pack.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "en-GB"
    assert pack.metadata.title == "A board: papers for the meeting on 24 November 2026"
    assert pack.metadata.creation_date == pack.metadata.modification_date == record.NOW
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()


def test_pack_is_tagged_for_those_who_hear_it(tags):
    kinds = [tag["/S"] for tag in tags]
    assert {"/H1", "/H2", "/H3", "/H4", "/Table", "/TH", "/L", "/Figure", "/Link"} <= set(kinds)
    levels = [int(kind[2]) for kind in kinds if re.fullmatch("/H[1-6]", kind)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later <= level + 1 for level, later in zip(levels, levels[1:], strict=False))
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert len(figures) == 3 and all(tag["/Alt"].startswith("Line chart. ") for tag in figures)
    cells = [tag["/A"] for tag in tags if tag["/S"] == "/TD"]
    assert cells and all(cell["/Headers"] for cell in cells)


def bookmarks(pack, outline=None) -> dict[str, int]:
    """The page of each heading, by its number."""
    found = {}
    for entry in pack.outline if outline is None else outline:
        deeper = isinstance(entry, list)
        found |= bookmarks(pack, entry) if deeper else {entry.title: pack.get_destination_page_number(entry) + 1}
    return found


def test_contents_give_the_page_of_every_outcome(pack):
    page_of, contents = bookmarks(pack), words_of(pack.pages[1])
    listed = ["What changed", "Fair pay", "Good jobs", "The rest", "Nobody hungry", "Pledges", "Actions",
              "Milestones ahead", "Notes"]  # fmt: skip
    assert (page_of["A board"], page_of["Contents"]) == (1, 2)
    assert [title for title in page_of if title in listed] == listed
    # The numbers stand in a column of their own.
    assert " ".join(str(page_of[title]) for title in listed) in contents
    for title in listed:
        assert title in contents and title in words_of(pack.pages[page_of[title] - 1])


# --- words ---


def test_every_page_says_of_which_papers_it_is(pack):
    pages = [words_of(page) for page in pack.pages]
    assert len(pages) > 4
    for number, page in enumerate(pages, 1):
        assert "Exampleton 2035, edition 1, issued on 1 December 2026" in page
        assert f"Page {number} of {len(pages)}" in page
    assert all("A board Papers for the meeting on 24 November 2026" in page for page in pages[1:])


def test_pack_holds_all_of_the_papers(pack, exampleton):
    found, text = papers.as_issued(version()), " ".join(words_of(page) for page in pack.pages)
    assert len(found.turns) == 3
    for turn in found.turns:
        for told in (turn.now.outcome.name, turn.now.status.label, turn.now.measure.publisher):
            assert told in text
    for told in ("Welcome to all.", "Rents rose.", "Ask more.", "We ask too.", "Reply of A charity, 20 November 2026",
                 "Ask the mill.", "It was due on 1 November 2026", "edition 1, as it stood on 1 June 2025",
                 *found.tally):  # fmt: skip
        assert told in text, told


def test_papers_in_preparation_say_so(exampleton):
    meeting = create_meeting(board="a-board", held_on=date(2026, 12, 20), pinned=exampleton)
    closed = {"state": "done", "closed_on": date(2026, 11, 30), "result": "Ten grew"}
    create_board_action(what="Plant trees.", is_public=True, **closed)
    create_board_action(what="Kept to ourselves.")
    found = papers.in_preparation(meeting, private=False, full=True)
    document = pack_html(found)
    for told in ("these papers are not public yet", "Plant trees.", "It was done on 30 November 2026. Ten grew."):
        assert told in document
    assert "Kept to ourselves." not in document
    assert read(pack_pdf(found)).metadata.creation_date == record.NOW


def test_board_without_outcomes_or_anything_else_has_a_pack(exampleton, client):
    make.create_board(slug="empty", name="A board of nothing", position=9)
    meeting = create_meeting(board="empty", held_on=date(2026, 11, 30), pinned=exampleton)
    create_meeting_version(meeting=meeting, edition=exampleton)
    text = " ".join(words_of(page) for page in read(client.get("/boards/empty/2026-11-30/pack.pdf").content).pages)
    for told in ("0 outcomes are linked to it", "There is nothing to compare with", "The board has no public action."):
        assert told in text


def test_outcome_that_is_gone_is_told_of(exampleton):
    """The board is no longer linked to the mission."""
    Oversight.objects.filter(board="a-board", priority=None).update(last_edition=1)
    later = make.create_edition(now=record.NOW)
    meeting = create_meeting(board="a-board", held_on=date(2026, 12, 20), pinned=later, since=exampleton)
    found = papers.in_preparation(meeting, private=False, full=True)
    assert [report.code for report in found.gone] == ["XM1"]
    assert "<h3>No longer in these papers</h3>" in pack_html(found)
    book = openpyxl.load_workbook(io.BytesIO(pack_xlsx(found)))
    assert ("XM1", "Nobody hungry", "No longer in these papers") in [
        row[:3] for row in book["Changes"].iter_rows(values_only=True)
    ]


# --- nothing from elsewhere ---

HOSTILE = (
    '</p><img src="http://elsewhere.example/a.png"><link rel=stylesheet href=file:///etc/passwd>'
    "<style>p{background:url(http://elsewhere.example/b)}</style>{{ 7|add:7 }}"
)


def test_hostile_text_is_words_and_asks_for_nothing(exampleton):
    """The tests' own guard lets nothing out of this machine: a request would fail the test."""
    meeting = Meeting.objects.get(board="a-board")
    review = create_review(meeting=meeting, outcome="XA1", story=HOSTILE, what_we_will_do="=1+1", is_public=True)
    create_review_version(review=review, replies=[{"organisation": HOSTILE, "on": "2026-11-20", "text": HOSTILE}])
    text = "".join(page.extract_text() for page in read(pack_pdf(papers.as_issued(version()))).pages)
    assert "".join(text.split()).count("".join(HOSTILE.split())) == 3


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://static.invalid/fonts/../../../../etc/passwd",
        "https://static.invalid/css/site.css",
        "https://static.invalid.elsewhere.example/a.svg",
        "file:///etc/passwd",
        "data:text/plain,a",
        "a.svg",
    ],
)
def test_nothing_but_its_own_files_is_given_out(url):
    only = files_only({"a.svg": b"<svg/>"})
    assert only("https://static.invalid/a.svg").read() == b"<svg/>"
    with pytest.raises(ValueError, match="none of the document's own files"):
        only(url)


# --- the same at any time ---


def answers(client, query=""):
    files = [client.get(f"{PATH}.{kind}{query}") for kind in ("pdf", "xlsx")]
    assert {answer.status_code for answer in files} == {200}
    return [*(answer.content for answer in files), Page(client.get(f"{PATH}/{query}")).main]


def test_pack_made_again_is_the_same_to_the_byte(client, exampleton, settings):
    before = answers(client)
    changes = [
        (Milestone.objects.filter(measure="XA1", kind="target"), {"value": 99}, ("measure_id", "kind", "due_on")),
        (OutcomeVersion.objects.filter(outcome="XA1"), {"name": "Other jobs", "position": 9}, ("outcome_id",)),
        (BoardVersion.objects.filter(board="a-board"), {"name": "B", "purpose": "Else."}, ("board_id",)),
        (Vision.objects, {"name": "Elsewhere 2050"}, ("place",)),
        (ReviewVersion.objects, {"story": "It poured."}, ("review_id",)),
        (ActionVersion.objects.filter(what="Ask the mill."), {"state": "dropped", "closed_on": date(2026, 12, 2)},
         ("action_id",)),
        (MeetingVersion.objects.filter(board="a-board"), {"introduction": "Be quick."}, ("meeting_id",)),
    ]  # fmt: skip
    record.issue(make.make_row(measure="XA1", year=2024, value="20"), make.make_row(measure="XA1", year=2025, value=90))
    for rows, fields, key in changes:
        record.issue(record.changed(rows.current().get(), **fields), key=key)
    after = answers(client)
    assert after[:2] == before[:2]
    # The page's frame is the newest site's; what the pack says begins with its first heading.
    assert after[2].partition("Exampleton 2035")[2] == before[2].partition("Exampleton 2035")[2] != ""
    assert answers(client, "?edition=1")[:2] == before[:2]
    assert Edition.objects.current().number == 9


# --- the addresses ---


def test_pack_is_shown_and_named(client, exampleton):
    pdf, sheet = client.get(f"{PATH}.pdf"), client.get(f"{PATH}.xlsx")
    assert (pdf["Content-Type"], pdf["Content-Disposition"]) == (
        "application/pdf", 'inline; filename="a-board-2026-11-24.pdf"',
    )  # fmt: skip
    assert sheet["Content-Disposition"] == 'attachment; filename="a-board-2026-11-24.xlsx"'
    for path in ("/boards/a-board/2026-11-25/pack", "/boards/no-board/2026-11-24/pack"):
        assert [client.get(path + rest).status_code for rest in (".pdf", ".xlsx", "/")] == [404] * 3


class WithoutLibraries:
    """Importing what makes PDFs ends as it does where the system's libraries are not there."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


def test_without_the_libraries_the_page_says_what_to_install(client, exampleton, monkeypatch):
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [WithoutLibraries, *sys.meta_path])
    answer = client.get(f"{PATH}.pdf")
    assert answer.status_code == 503
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in Page(answer).main
    assert client.get(f"{PATH}/").status_code == 200


# --- the spreadsheet ---


def test_spreadsheet_says_the_same(client, exampleton):
    meeting = Meeting.objects.get(board="a-board")
    review = create_review(meeting=meeting, outcome="XA1", what_we_will_do="=1+1", is_public=True)
    create_review_version(review=review)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PATH}.xlsx").content))
    assert book.sheetnames == [
        "Cover", "Contents", "Notes", "Changes", "Outcomes", "Values", "Milestones", "Ahead", "Reviews", "Actions",
        "Pledges",
    ]  # fmt: skip
    cells = {sheet.title: [cell for row in sheet.iter_rows() for cell in row] for sheet in book}
    assert not any(cell.data_type == "f" for of in cells.values() for cell in of)
    assert "=1+1" in [cell.value for cell in cells["Reviews"]]
    told = {name: " ".join(str(cell.value) for cell in of) for name, of in cells.items()}
    for name, said in [
        ("Cover", "A board: papers for the meeting on 24 November 2026"),
        ("Changes", "Good jobs Now late"),
        ("Outcomes", "Nobody goes hungry"),
        ("Reviews", "Reply of A charity We ask too."),
        ("Actions", "Ask the mill. A charity XA2"),
    ]:
        assert said in told[name], name
