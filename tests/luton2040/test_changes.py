"""The public log of editions and its feed."""

from datetime import datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from luton2040.editions import Edition
from outcomes.models import Milestone, OutcomeVersion
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


def test_log_names_outcomes_whose_target_changed(four_editions, client):
    assert "Targets or milestones changed: Fair pay." in entry(Page(client.get("/changes/")), 4)


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
    assert said == "People in good jobs, 2024: was 56.0%, now 56.7%. People in good jobs, 2025: 59.8%."


def test_feed_of_hostile_words_is_still_xml(exampleton, client):
    make.create_edition(summary="</entry><script>alert(1)</script> & ]]> \u202e", now=record.NOW)
    first = feed(client).find(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title").startswith("Edition 2: </entry><script>alert(1)</script> & ]]>")


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
