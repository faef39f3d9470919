"""The page of a meeting: the difference between two editions, then the rest."""

from datetime import date

import pytest

from boards.models import ActionVersion, MeetingVersion
from luton2040.editions import Edition
from outcomes.models import OutcomeVersion
from tests import factories as make
from tests import record
from tests.factories_boards import (
    create_action_version,
    create_board_action,
    create_meeting,
    create_meeting_version,
    create_review,
    create_review_version,
)
from tests.factories_pledges import create_pledge
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
MEETS = True
DAY = date(2027, 3, 2)
AT = f"/boards/a-board/{DAY}/"
HOSTILE = "<script>alert(1)</script>\n\n<b>Bold</b> & bad"


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


@pytest.fixture
def second():
    """The next meeting of the board: since the last one a value came in, one was revised, and an action was closed."""
    make.create_milestone(measure="XA1", kind="milestone", due_on=2028, value=58)
    pinned = record.issue(
        make.make_row(measure="XA1", year=2025, value="49.2"),
        make.make_row(measure="XM1", year=2024, value="9.8"),
    )
    meeting = create_meeting(
        held_on=DAY, pinned=pinned, since_id=1, since_on=date(2026, 11, 24), read_on=date(2027, 2, 20),
        introduction="Please read this.\n\nAnd that.",
    )  # fmt: skip
    edition = make.create_edition()
    ActionVersion.objects.filter(state="open").update(last_edition=2)
    action = ActionVersion.objects.get(what="Ask the mill.").action
    create_action_version(edition=edition, action=action, state="done", closed_on=date(2027, 1, 7), result="It agreed.")
    create_action_version(edition=edition, action=create_board_action(what="Plant trees.", due_on=date(2027, 2, 27)))
    review = create_review(meeting=meeting, outcome="XA1", is_public=True, story=HOSTILE, what_we_will_do="Hire.")
    create_review_version(edition=edition, review=review)
    return create_meeting_version(edition=edition, meeting=meeting)


def ask(client, path=AT):
    return Page(client.get(path))


def row(page, code):
    (found,) = (e for e in page.root.iter("li") if e.get("id") == code)
    return found


def test_page_says_what_it_is_and_what_it_is_made_from(client, second):
    page = ask(client)
    assert words(page.one("h1")) == "Meeting of 2 March 2027"
    assert page.title == "Meeting of 2 March 2027, A board – Exampleton 2035"
    assert "to come" in page.main and "Please read this. And that." in page.main
    assert "These papers are made from edition 2 of the record, as of 20 February 2027" in page.main
    assert "and compared with edition 1, as of 24 November 2026. They stay as they were then" in page.main
    assert page.link("edition 2") == "/boards/a-board/?edition=2"
    assert page.link("edition 1") == "/boards/a-board/?edition=1"


def test_page_leads_to_the_screen_and_to_the_pack_in_each_of_its_forms(client):
    page = ask(client, "/boards/a-board/2026-11-24/")
    found = ("Show it on the screen", "Pack (PDF)", "Pack to print", "Spreadsheet")
    ends = ("present/", "pack.pdf", "pack/", "pack.xlsx")
    assert [page.link(words) for words in found] == [f"/boards/a-board/2026-11-24/{end}" for end in ends]


def test_what_changed_is_counted_and_told_the_worst_first_with_then_and_now(client, second):
    page = ask(client)
    section = page.section("What changed since 24 November 2026")
    counted = [words(li) for li in next(section.iter("ul"))]
    assert {"1 outcome moved for the worse", "1 value was revised", "1 action was closed"} <= set(counted)
    assert [words(h) for h in section.iter("h3")][:2] == ["Moved for the worse", "Values revised or withdrawn"]
    said = words(row(page, "xa1"))
    assert "It moved from “On track” to “No clear change”: 49.2% in 2025, after 56.0% (provisional) in 2024." in said
    assert "Then On track" in said and "Now No clear change" in said
    pictures = [e.get("class") for e in row(page, "xa1").iter("svg") if "glyph" not in e.get("class")]
    assert pictures == ["chart spark", "gauge"] * 2
    assert "The value for 2024 was revised from 9.9% to 9.8%." in words(row(page, "xm1"))


def test_links_to_what_changed_lead_to_its_heading_and_outcomes_to_their_page_in_the_pinned_edition(client, second):
    page = ask(client)
    (nav,) = (n for n in page.all("nav") if n.get("aria-label") == "In these papers")
    assert [words(li) for li in nav.iter("li")] == [
        "Moved for the worse (1)",
        "Values revised or withdrawn (1)",
        "Actions closed (1)",
        "The rest",
        "Open actions (1)",
        "What falls due next",
    ]
    assert {a.get("href") for e in (row(page, "xa1"), row(page, "xa2")) for a in e.iter("a")} == {
        "/outcomes/xa1/?edition=2",
        "/outcomes/xa2/?edition=2",
    }


def test_review_of_what_changed_is_open_with_what_the_data_show_beside_it(client, second):
    page = ask(client)
    found = row(page, "xa1")
    (review,) = found.iter("details")
    assert "open" in review.attrib
    assert "What we will do Hire." in words(review) and "Signed off on" in words(review)
    assert "What the data show: People in good jobs: 49.2% in Exampleton in 2025." in words(found)
    assert "What works" not in words(review)


def test_what_was_typed_is_shown_as_typed_and_never_as_markup(client, second):
    page = ask(client)
    assert "<script>alert(1)</script> <b>Bold</b> & bad" in page.main.replace("</script><b>", "</script> <b>")
    assert not page.all("b", id="bold") and "<b>Bold</b>" not in page.html


def test_closed_and_open_actions_stand_as_they_did_for_the_meeting(client, second):
    page = ask(client)
    assert "Ask the mill. (A charity). Done on 7 January 2027. It agreed." in page.main
    assert page.rows(page.section("Open actions")) == [
        ["Plant trees.", "A charity", "Overdue It was due on 27 February 2027, three days ago."]
    ]


def test_the_rest_stands_in_its_order_with_its_reason(client, second):
    section = ask(client).section("The rest: nothing new")
    assert [words(h) for h in section.iter("h3")] == ["Getting worse or target missed (1)"]
    assert "It is £540, worse than the £550 it started from." in words(section)


def test_milestones_to_come_are_told_with_their_risk(client, second):
    section = ask(client).section("What falls due next")
    assert [words(h) for h in section.iter("h3")] == [
        "Within 6 months (0)", "After that, within 12 months (0)", "After that, within 24 months (1)",
    ]  # fmt: skip
    assert "Good jobsMilestone: 58.0% or more by the end of 2028 illustrative49.2%, 2025" in words(section)


def test_pledges_and_outcomes_that_are_gone_are_told(client, second):
    create_pledge(edition=Edition.objects.get(pk=2), title="Buy nearby", serves=["XA1"])
    MeetingVersion.objects.filter(held_on=DAY).update(pinned=3)
    OutcomeVersion.objects.filter(outcome="XA2").update(last_edition=2)
    page = ask(client)
    section = page.section("What changed since 24 November 2026")
    assert "The pledge “Buy nearby” of A charity was made." in words(section)
    assert "No longer in these papers Fair pay. “Fair pay” is no longer among the outcomes of the board." in words(
        section
    )
    assert page.link("Fair pay") == "/outcomes/xa2/?edition=1"


def test_first_meeting_compares_nothing_and_shows_every_outcome(client):
    MeetingVersion.objects.update(since=None, since_on=None)
    page = ask(client, "/boards/a-board/2026-11-24/")
    assert "These are the first papers of this board here, so there is nothing to compare with." in page.main
    assert "compared with edition" not in page.main
    said = words(page.section("Every outcome"))
    assert all(label in said for label in ("Good jobs", "Fair pay", "Nobody hungry"))
    (review,) = row(page, "xa2").iter("details")
    assert "open" not in review.attrib and "What the data show People in good jobs: £540" in words(review)


def test_outcome_that_only_grew_late_has_one_picture(client):
    page = ask(client, "/boards/a-board/2026-11-24/")
    late = row(page, "xa1")
    assert "A newer one was expected by about" in words(late)
    assert "Now On track" in words(late) and "Then" not in words(late)


def test_meeting_at_which_nothing_changed_says_so(client):
    MeetingVersion.objects.update(since_on=date(2026, 11, 24))
    page = ask(client, "/boards/a-board/2026-11-24/")
    assert "Nothing in the record changed for this board’s outcomes." in page.main


def test_meeting_of_a_board_without_outcomes_can_be_read(client):
    make.Oversight.objects.all().delete()
    page = ask(client, "/boards/a-board/2026-11-24/")
    assert "No milestone or target falls due within 24 months. None is set after that either." in page.main
    assert not {"Every outcome", "The rest: nothing new"} & set(page.headings)


def test_meetings_lead_to_the_one_before_and_after(client, second):
    def around(path):
        (nav,) = (n for n in ask(client, path).all("nav") if n.get("aria-label") == "Meetings before and after")
        return [(words(a), a.get("href")) for a in nav.iter("a")]

    first = "/boards/a-board/2026-11-24/"
    assert around(AT) == [("← 24 November 2026", first)]
    assert around(first) == [("2 March 2027 →", AT)]


@pytest.mark.parametrize(
    "path, said",
    [
        pytest.param("/boards/a-board/2026-11-25/", "has published no meeting of that day", id="another day"),
        pytest.param("/boards/work-group/2026-11-24/", "has published no meeting of that day", id="another board"),
        pytest.param("/boards/nobody/2026-11-24/", "There is no board of that name.", id="no board"),
        pytest.param("/boards/a-board/2026-02-30/", "There is no page here", id="no day"),
        pytest.param(f"{AT}?edition=1", "has published no meeting of that day", id="not public yet in that edition"),
    ],
)
def test_there_is_no_page_of_a_meeting_that_is_not_public(client, second, path, said):
    answer = client.get(path)
    assert answer.status_code == 404
    assert said in Page(answer).main


def test_meeting_that_is_only_prepared_is_nowhere(client):
    create_meeting(held_on=DAY, introduction="A secret.")
    assert client.get(AT).status_code == 404
    assert "2 March 2027" not in ask(client, "/boards/a-board/").main


def test_page_that_compares_two_editions_takes_so_many_queries(client, second, django_assert_num_queries):
    with django_assert_num_queries(31):
        client.get(AT)
