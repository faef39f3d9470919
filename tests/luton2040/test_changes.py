"""The public log of editions and its feed."""

from datetime import date, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from luton2040.editions import Edition
from outcomes.models import Milestone, OutcomeVersion, Submission
from tests import factories as make
from tests import record
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def four_editions(exampleton):
    version = OutcomeVersion.objects.current().get(outcome="XA1")
    record.issue(record.changed(version, short_label="Better jobs"), key=("outcome_id",), summary="A new name.")
    record.issue(
        make.make_row(measure="XA1", year=2024, value="56.7", note="Counted again."),
        make.make_row(measure="XA1", year=2025, value="59.8"),
        make.make_row(measure="XA1", area=make.COUNTRY, year=2025, value=63),
        kind=Edition.Kind.CORRECTION,
        summary="A correction.",
    )
    target = Milestone.objects.current().get(measure="XA2", kind="target")
    record.issue(
        record.changed(target, value=720), key=("measure_id", "kind", "due_on"), kind=Edition.Kind.TARGETS,
        summary="A higher target.",
    )  # fmt: skip


def entry(page, number):
    """The words of one edition of the log."""
    (found,) = (e for e in page.root.iter() if e.get("id") == f"edition-{number}")
    return words(found)


def feed(client, **headers):
    answer = client.get("/changes/feed/", headers=headers)
    return ElementTree.fromstring(answer.content)


# --- the page ---


def test_log_of_the_first_edition_is_the_start_of_the_record(exampleton, client):
    page = Page(client.get("/changes/"))
    assert "The framework of Exampleton." in entry(page, 1)
    assert "It is the start of the record" in entry(page, 1)


def test_log_is_newest_first(four_editions, client):
    page = Page(client.get("/changes/"))
    ids = [e.get("id") for e in page.root.iter("li") if e.get("id", "").startswith("edition-")]
    assert ids == ["edition-4", "edition-3", "edition-2", "edition-1"]


def test_log_says_kind_day_and_summary(four_editions, client):
    page = Page(client.get("/changes/"))
    assert "Edition 2, 1 December 2026" in entry(page, 2)
    assert "New values. A new name." in entry(page, 2)
    assert "Correction. A correction." in entry(page, 3)


def test_log_says_what_a_revised_value_was(four_editions, client):
    said = entry(Page(client.get("/changes/")), 3)
    assert "Better jobs, 2024: was 56.0%, revised to 56.7%: Counted again." in said
    assert "Better jobs, 2025: 59.8%" in said
    assert "1 value for other places." in said


def test_log_says_how_a_target_changed(four_editions, client):
    said = entry(Page(client.get("/changes/")), 4)
    assert (
        "Fair pay: target was £700 or more by the end of 2035 (published), "
        "now £720 or more by the end of 2035 (published)"
    ) in said


def test_log_names_what_was_reworded(four_editions, client):
    assert "Wording changed: outcome “Better jobs”." in entry(Page(client.get("/changes/")), 2)


@pytest.fixture
def withdrawn(exampleton):
    return record.publish_handed_in(
        make.make_line(withdraws=True, measure="XA1", year=2023, value="53.6"),
        public_reason="It was <b>counted</b> twice",
        summary="A value was counted twice.",
    )


def test_log_lists_a_withdrawn_value_with_its_reason(withdrawn, client):
    page = Page(client.get("/changes/"))
    assert "Good jobs, 2023: 53.6% was withdrawn because it was <b>counted</b> twice." in entry(page, 2)
    assert not [e for e in page.all("b") if words(e) == "counted"]
    assert page.link("Good jobs") == "/outcomes/xa1/"


def test_log_gives_the_reason_of_a_revised_value(exampleton, client):
    record.publish_handed_in(
        make.make_line(measure="XA1", year=2024, value="56.7"), public_reason="The survey was reweighted."
    )
    said = "Good jobs, 2024: was 56.0%, revised to 56.7% because the survey was reweighted."
    assert said in entry(Page(client.get("/changes/")), 2)
    assert said in Page(client.get("/")).main
    assert feed(client).find(f"{ATOM}entry").findtext(f"{ATOM}summary") == said


def test_log_says_who_agreed_a_target_and_when(exampleton, client):
    record.publish_handed_in(
        kind=Submission.Kind.TARGETS,
        measure="XA1",
        points=[make.make_point(due_on=2033, value=66, agreed_by="Fairness Taskforce", agreed_on=date(2026, 5, 3))],
    )
    said = (
        "Good jobs: target was 65.0% or more by the end of 2035 (illustrative), "
        "now 66.0% or more by the end of 2033 (published). Agreed by Fairness Taskforce on 3 May 2026."
    )
    assert said in entry(Page(client.get("/changes/")), 2)
    assert feed(client).find(f"{ATOM}entry").findtext(f"{ATOM}summary") == said


def test_log_tells_of_a_new_series_first(exampleton, client):
    record.publish_handed_in(
        make.make_line(measure="XA1", year=2026, value=30, markers="[b]"),
        kind=Submission.Kind.SERIES,
        measure="XA1",
        points=[make.make_point(kind="baseline", due_on=2026)],
        public_reason="The survey was replaced",
    )
    said = entry(Page(client.get("/changes/")), 2)
    assert "New series. As handed in. A new series of Good jobs starts in 2026: The survey was replaced." in said
    assert said.index("A new series of") < said.index("Good jobs, 2026: 30.0%") < said.index("start of the path moved")


def test_log_leads_to_the_outcome_and_to_each_edition(four_editions, client):
    page = Page(client.get("/changes/"))
    assert page.link("Better jobs") == "/outcomes/xa1/"
    assert page.link("The site as it stood in edition 2") == "/?edition=2"


def test_log_of_an_older_edition_ends_there(four_editions, client):
    page = Page(client.get("/changes/?edition=2"))
    ids = [e.get("id") for e in page.root.iter("li") if e.get("id", "").startswith("edition-")]
    assert ids == ["edition-2", "edition-1"]


def test_log_of_many_values_shows_a_dozen_and_counts_the_rest(exampleton, client):
    record.issue(*(make.make_row(row=y, measure="XA1", year=y, value=9) for y in range(2000, 2015)))
    said = entry(Page(client.get("/changes/")), 2)
    assert said.count("Good jobs, 20") == 12
    assert "And 3 more values of Exampleton." in said


def test_log_lists_the_newest_fifty(exampleton, client):
    for number in range(2, 61):
        make.create_edition(number=number, now=record.NOW)
    page = Page(client.get("/changes/"))
    ids = [e.get("id") for e in page.root.iter("li") if e.get("id", "").startswith("edition-")]
    assert (ids[0], ids[-1], len(ids)) == ("edition-60", "edition-11", 50)


def test_log_of_an_edition_that_is_long_gone_can_still_be_read(exampleton, client):
    for number in range(2, 61):
        make.create_edition(number=number, now=record.NOW)
    assert "Edition 1, 1 December 2026" in entry(Page(client.get("/changes/?edition=1")), 1)


# --- the feed ---


def test_feed_is_atom_with_all_that_it_must_have(four_editions, client):
    answer = client.get("/changes/feed/")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    tree = ElementTree.fromstring(answer.content)
    assert tree.tag == f"{ATOM}feed"
    assert tree.findtext(f"{ATOM}title") == "Exampleton 2035: what changed"
    assert tree.findtext(f"{ATOM}id")
    newest = datetime.fromisoformat(tree.findtext(f"{ATOM}updated"))
    assert newest == Edition.objects.current().issued_at
    links = {link.get("rel"): link.get("href") for link in tree.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/changes/", "self": "http://testserver/changes/feed/"}


def test_feed_has_an_entry_for_each_edition_newest_first(four_editions, client):
    entries = feed(client).findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}title") for e in entries] == [
        "Edition 4: A higher target.",
        "Edition 3: A correction.",
        "Edition 2: A new name.",
        "Edition 1: The framework of Exampleton.",
    ]


def test_entries_of_the_feed_have_their_own_lasting_names_days_and_links(four_editions, client):
    entries = feed(client).findall(f"{ATOM}entry")
    ids = [e.findtext(f"{ATOM}id") for e in entries]
    assert len(set(ids)) == 4 and all(i.startswith("http://testserver/changes/#edition-") for i in ids)
    for e in entries:
        assert e.find(f"{ATOM}link").get("href").startswith("http://testserver/changes/#edition-")
        for name in ("published", "updated"):
            assert datetime.fromisoformat(e.findtext(f"{ATOM}{name}")).tzinfo
    record.issue(make.make_row(measure="XM1", year=2025, value=9))
    assert [e.findtext(f"{ATOM}id") for e in feed(client).findall(f"{ATOM}entry")][1:] == ids


def test_feed_says_what_a_revised_value_was(four_editions, client):
    said = feed(client).findall(f"{ATOM}entry")[1].findtext(f"{ATOM}summary")
    assert said == "Better jobs, 2024: was 56.0%, revised to 56.7%: Counted again. Better jobs, 2025: 59.8%."


def test_feed_of_hostile_words_is_still_xml(exampleton, client):
    make.create_edition(summary="</entry><script>alert(1)</script> & ]]> \u202e", now=record.NOW)
    first = feed(client).find(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title").startswith("Edition 2: </entry><script>alert(1)</script> & ]]>")


def test_feed_lists_a_withdrawn_value_in_the_words_of_the_log(withdrawn, client):
    first = feed(client).find(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title") == "Edition 2: A value was counted twice."
    assert first.findtext(f"{ATOM}summary") == (
        "Good jobs, 2023: 53.6% was withdrawn because it was <b>counted</b> twice."
    )


def test_feed_is_not_ended_by_a_character_that_xml_cannot_hold(exampleton, client):
    record.publish_handed_in(
        make.make_line(measure="XA1", year=2024, value="56.7"), public_reason="it\x07 rang.", summary="A\x08 summary."
    )
    first = feed(client).find(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title") == "Edition 2: A  summary."
    assert first.findtext(f"{ATOM}summary").endswith("because it  rang.")


def test_feed_is_dated_by_the_day_at_home(exampleton, client):
    summer = datetime(2027, 7, 1, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    make.create_edition(now=summer)
    assert datetime.fromisoformat(feed(client).find(f"{ATOM}entry").findtext(f"{ATOM}updated")) == summer


def test_feed_sends_no_second_date_that_could_contradict_its_etag(exampleton, client):
    assert not client.get("/changes/feed/").has_header("Last-Modified")


def test_every_page_offers_the_feed(exampleton, client):
    page = Page(client.get("/"))
    (link,) = (e for e in page.all("link") if e.get("type") == "application/atom+xml")
    assert link.get("href") == "/changes/feed/"
    assert "/changes/feed/" in page.links
