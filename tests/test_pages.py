"""Every public page of a small place that is nowhere: what a reader gets, now and in an older edition."""

import io
import json
import re
import zipfile
from datetime import datetime
from urllib.parse import parse_qs, urldefrag, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, resolve
from pypdf import PdfReader

from boards.models import ActionVersion, MeetingVersion, ReviewVersion
from luton2040.caching import public_page
from luton2040.editions import Edition
from outcomes.models import MeasureVersion, OutcomeVersion
from pledges.models import CommitmentVersion, PledgeUpdate, PledgeVersion
from tests import addresses, reading, record
from tests import factories as make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
MEETS = PLEDGES = True
PAGE_KINDS = (
    *addresses.SITE_PAGES, "priority", "outcome", *addresses.BOARD_PAGES, *addresses.MEETING_PAGES, "pledge",
    "organisation",
)  # fmt: skip

# How many queries each takes, however many outcomes there are. What is made as PDF has tests of its own.
QUERIES = {
    "home": 11,
    "outcomes": 9,
    "mission": 10,
    "roadmap": 8,
    "plans": 12,
    "pledges": 20,
    "boards": 13,
    "board": 25,
    "board's roadmap": 10,
    "meeting": 23,
    "meeting on the screen": 22,
    "pack": 35,
    "pack.xlsx": 34,
    "changes": 3,
    "data": 7,
    "method": 7,
    "about": 4,
    "privacy": 2,
    "accessibility": 2,
    "priority": 23,
    "outcome": 29,
    "embed": 12,
    "chart.svg": 12,
    "chart.json": 12,
    "data.csv": 12,
    "data.json": 12,
    "data.xlsx": 12,
    "values.csv": 12,
    "milestones.csv": 12,
    "outcomes.csv": 12,
    "revisions.csv": 12,
    "everything.json": 12,
    "everything.xlsx": 12,
    "board's calendar": 11,
    "feed": 3,
    "pledge": 15,
    "organisation": 12,
    "commitments.csv": 9,
    "badge.svg": 11,
    "evidence": 2,
}


def address(kind, query=""):
    return addresses.of_kind(kind, priority="good-work", code="XA1") + query


def readable(response):
    """The text of an answer, with that of a packed file unpacked."""
    if response["Content-Type"] == addresses.PDF:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    if response["Content-Type"].startswith("image/p"):
        return ""
    if response["Content-Type"] != addresses.XLSX:
        return response.content.decode()
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())


@pytest.fixture(scope="module")
def answers(exampleton):
    """Every page and file, asked for once."""
    client = Client()
    asked = [*addresses.pages(), *addresses.frames(), *addresses.files(), *addresses.evidence()]
    return {path: client.get(path) for path in asked}


@pytest.fixture(scope="module")
def pages(answers):
    return {path: Page(answers[path]) for path in addresses.pages()}


@pytest.fixture(scope="module")
def frames(answers):
    return {path: Page(answers[path]) for path in addresses.frames()}


@pytest.fixture
def later_editions(exampleton):
    """The first edition was issued long ago; the second renamed an outcome, the third revised a value and added one."""
    Edition.objects.update(issued_at=datetime(2025, 6, 1, 12, tzinfo=ZoneInfo("Europe/London")))
    version = OutcomeVersion.objects.current().get(outcome="XA1")
    record.issue(record.changed(version, short_label="Better jobs"), key=("outcome_id",), summary="A new name.")
    return record.issue(
        make.make_row(measure="XA1", year=2024, value="56.7", note="Counted again."),
        make.make_row(measure="XA1", year=2025, value="59.8"),
    )


# --- each answer ---


def test_every_public_view_is_among_the_addresses(answers):
    """A page that is added is tested with the rest only once it is listed."""

    def views(resolver):
        for entry in resolver.url_patterns:
            yield from views(entry) if isinstance(entry, URLResolver) else [entry.callback]

    def is_public(view):
        while view is not None and view.__code__ is not public_page(view).__code__:
            view = getattr(view, "__wrapped__", None)
        return view is not None

    known = {resolve(path).func for path in answers}
    assert {view for view in views(get_resolver()) if hasattr(view, "__code__") and is_public(view)} == known


def test_every_page_is_html(answers):
    for path in [*addresses.pages(), *addresses.frames()]:
        assert (answers[path].status_code, answers[path]["Content-Type"]) == (200, addresses.HTML), path


def test_every_file_has_its_content_type_and_only_a_picture_of_no_value_is_missing(answers):
    files = addresses.files()
    assert {path for path in files if answers[path].status_code != 200} == {"/outcomes/xb1/chart.svg"}
    wrong = {path: answers[path]["Content-Type"] for path, of in files.items() if answers[path]["Content-Type"] != of}
    assert wrong == {"/outcomes/xb1/chart.svg": addresses.HTML}
    assert answers["/outcomes/xb1/chart.svg"].status_code == 404


@pytest.mark.parametrize("check", reading.CHECKS, ids=lambda check: check.__name__)
def test_every_page(pages, check):
    assert {path: faults for path, page in pages.items() if (faults := check(page))} == {}


@pytest.mark.parametrize("check", reading.CHECKS, ids=lambda check: check.__name__)
def test_every_page_for_frames(frames, check):
    assert {path: faults for path, page in frames.items() if (faults := check(page))} == {}


def test_every_answer_has_safe_headers_and_sets_no_cookie(answers, frames):
    apart = frames.keys() | addresses.evidence().keys()
    alone = {path: answer for path, answer in answers.items() if path not in apart}
    assert {path: faults for path, answer in alone.items() if (faults := reading.header_faults(answer))} == {}


def test_pages_for_frames_may_be_framed_by_anyone_and_are_as_safe_otherwise(answers, frames):
    found = {path: reading.header_faults(answers[path], framed_by="*") for path in frames}
    assert found == dict.fromkeys(frames, [])


def test_page_offers_a_frame_that_is_there(pages, frames):
    for path in frames:
        page = pages[path.removeprefix("/embed")]
        assert f'<iframe src="http://testserver{path}"' in page.main


def test_frame_says_what_its_page_says(pages, frames):
    for path, frame in frames.items():
        page = pages[path.removeprefix("/embed")]
        assert frame.title == page.title
        for told, row in zip(page.rows(), frame.rows(), strict=True):
            assert (told[0].startswith(row[0]), told[1]) == (True, row[1])
        assert frame.links == [f"{path.removeprefix('/embed')}?edition=1"]


def test_every_answer_may_be_kept_and_must_be_asked_after(answers):
    good = {path: answer for path, answer in answers.items() if answer.status_code == 200}
    assert {answer["Cache-Control"] for answer in good.values()} == {"public, no-cache"}
    assert all("HX-Request" in answer["Vary"] for answer in good.values())


def test_every_title_and_description_is_its_own(pages):
    titles = [page.title for page in pages.values()]
    assert len(set(titles)) == len(titles)
    assert all(title.endswith(" – Exampleton 2035") for title in titles)


def test_every_page_says_its_edition_and_how_to_cite_it(pages):
    for path, page in pages.items():
        assert "Edition 1 of the public record, issued 1 December 2026." in page.text
        assert f"{path}?edition=1" in page.links
        assert "You are reading edition" not in page.text


def test_structured_data_of_an_outcome_is_json_and_names_its_files(pages):
    script = pages["/outcomes/xa1/"].one("script", type="application/ld+json")
    said = json.loads(script.text)
    assert said["@type"] == "Dataset"
    assert {urlsplit(file["contentUrl"]).path for file in said["distribution"]} == {
        f"/outcomes/xa1/data.{kind}" for kind in ("csv", "json", "xlsx")
    }


# --- another place ---


def test_another_place_is_nowhere_called_by_the_name_of_the_one_delivered(answers):
    """No template or rule names the place or an outcome of fixtures/."""
    delivered = re.findall(r"^ *-? *code: (\w+)$", (record.FIXTURES / "outcomes.yaml").read_text(), re.MULTILINE)
    assert len(set(delivered)) > 40
    named = re.compile(rf"luton|\b(?:{'|'.join(set(delivered))})\b", re.IGNORECASE)
    # Addresses on disk and of modules are no part of what is said; none is in any answer either.
    found = {path: set(named.findall(readable(answer))) for path, answer in answers.items()}
    assert {path: names for path, names in found.items() if names} == {}


def test_what_the_record_says_is_never_taken_for_markup(exampleton):
    """Every text of the record is made hostile; each page still holds only the elements and attributes it had."""
    plain, hostile = Client(), "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"
    paths = addresses.pages()
    elements = {e.tag for path in paths for e in Page(plain.get(path)).root.iter()}
    for model in (make.PriorityVersion, make.PlanVersion, make.Source, make.Fact, make.OrganisationVersion,
                  make.BoardVersion, MeetingVersion, ReviewVersion, ActionVersion, OutcomeVersion, MeasureVersion,
                  make.AreaVersion, make.Action, make.Vision, PledgeVersion, CommitmentVersion, PledgeUpdate,
                  make.Milestone, make.Observation, Edition):  # fmt: skip
        for field in model._meta.concrete_fields:
            is_text = field.get_internal_type() in ("CharField", "TextField")
            if is_text and not (field.choices or field.primary_key or field.name in NOT_WORDS):
                rows = model.objects.exclude(withdrawn_on=None) if field.name == "withdrawn_why" else model.objects
                rows.update(**{field.name: hostile[: field.max_length or 80]})
    for path in paths:
        after = Page(plain.get(path))
        assert "alert(1)" in after.html, path
        assert reading.has_no_inline_script(after) == reading.loads_nothing_from_elsewhere(after) == []
        assert not after.all("img")
        assert {e.tag for e in after.root.iter()} <= elements
        for script in after.all("script", type="application/ld+json"):
            assert "alert(1)" in json.dumps(json.loads(script.text))


# Texts that the framework's reader checks to be codes, dates and the like.
NOT_WORDS = {"home_area", "period_duration", "markers", "owner", "frequency", "unit_symbol", "made_on", "target_by"}


# --- older editions ---


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_page_of_an_older_edition_says_so(later_editions, client, kind):
    page = Page(client.get(address(kind, "?edition=1")))
    (region,) = (e for e in page.root.iter() if e.get("role") == "region" and "edition" in e.get("aria-label"))
    assert "You are reading edition 1, the site as it stood on 1 June 2025." in words(region)
    assert [a.get("href") for a in region.iter("a")] == [address(kind)]
    for query in ("", "?edition=3"):
        assert "You are reading edition" not in Page(client.get(address(kind, query))).text


@pytest.mark.parametrize(
    "kind, then, now",
    [
        pytest.param("home", "Good jobs", "Better jobs", id="home"),
        pytest.param("outcomes", "Good jobs", "Better jobs", id="outcomes"),
        pytest.param("priority", "Good jobs", "Better jobs", id="priority"),
        pytest.param("roadmap", "Good jobs", "Better jobs", id="roadmap"),
        pytest.param("plans", "Good jobs", "Better jobs", id="plans"),
        pytest.param("data", "Good jobs", "Better jobs", id="data"),
        pytest.param("changes", "Edition 1", "A new name.", id="changes"),
        pytest.param("feed", "Edition 1", "A new name.", id="feed"),
        pytest.param("outcome", "56.0% (provisional)", "59.8%", id="outcome"),
        pytest.param("chart.svg", "2024: 56.0%", "2025: 59.8%", id="chart.svg"),
        pytest.param("chart.json", "2024: 56.0%", "2025: 59.8%", id="chart.json"),
        pytest.param("data.csv", "P1Y,56,", "P1Y,59.8,", id="data.csv"),
        pytest.param("data.json", '"value": 56,', '"value": 59.8,', id="data.json"),
        pytest.param("data.xlsx", "Good jobs", "59.8", id="data.xlsx"),
        pytest.param("values.csv", "P1Y,56,", "P1Y,59.8,", id="values.csv"),
        pytest.param("outcomes.csv", "56", "59.8", id="outcomes.csv"),
        pytest.param("milestones.csv", "", ",3,,\r\n", id="milestones.csv"),
        pytest.param("revisions.csv", "edition,revised_on", "P1Y,56,56.7,", id="revisions.csv"),
        pytest.param("everything.json", '"value": 56,', '"value": 59.8,', id="everything.json"),
    ],
)
def test_older_edition_shows_what_was_published_then(later_editions, client, kind, then, now):
    old, new = (readable(client.get(address(kind, query))) for query in ("?edition=1", ""))
    if kind != "data.xlsx":
        assert then in old
    assert now not in old
    assert now in new


def test_older_edition_in_between_shows_what_was_published_then(later_editions, client):
    page = client.get("/outcomes/xa1/?edition=2").content.decode()
    assert "Better jobs" in page
    assert "56.0%" in page and "56.7" not in page and "59.8" not in page


def test_older_edition_is_judged_by_the_day_it_was_issued(later_editions, client):
    """What was up to date then is not called late, and a milestone that was to come is not called unknown."""
    record.issue(record.changed(OutcomeVersion.objects.current().get(outcome="XA2"), name="Pay"), key=("outcome_id",))
    then, now = (Page(client.get(f"/outcomes/xa2/{query}")) for query in ("?edition=1", ""))
    assert "Up to date" in then.main and "Late" not in then.main
    assert "Late" in now.main


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_links_of_an_older_edition_stay_in_it(later_editions, client, kind):
    path = address(kind)
    page = Page(client.get(f"{path}?edition=1"))
    # The way out to the newest, the feed (of what is to come), the log's links to each edition and the desk lead
    # elsewhere.
    leads_away = {path, address("feed"), addresses.STAFF}
    stays = [link for link in page.links if link.startswith("/") and not link.startswith(addresses.ONES_OWN)]
    left = {link for link in stays if parse_qs(urlsplit(link).query).get("edition") != ["1"]} - leads_away
    assert left == set()
    for form in page.all("form"):
        assert [e.get("value") for e in form.iter("input") if e.get("name") == "edition"] == ["1"]
    for element in page.root.iter():
        if "data-chart" in element.attrib:
            assert element.get("data-chart").endswith("?edition=1")


def test_forms_of_the_newest_edition_do_not_hold_the_reader_in_it(exampleton, client):
    for kind in ("outcomes", "roadmap"):
        assert Page(client.get(address(kind))).all("input", name="edition") == []


# --- links ---


def test_every_link_of_every_page_leads_somewhere(pages, client):
    """Pages, files, cards and older editions: each is followed once; what stands after # must be there."""
    seen = {}
    for path, page in pages.items():
        for link in {*page.links, *(e.get(n) for e in page.root.iter() for n in ("action", "data-chart"))} - {None}:
            if urlsplit(link).scheme or link == addresses.STAFF:
                continue
            target, fragment = urldefrag(link)
            target = target or path
            if target not in seen:
                answer = client.get(target, follow=target.startswith(addresses.ONES_OWN))
                assert answer.status_code == 200, f"{path} links to {link}"
                is_page = answer["Content-Type"] == addresses.HTML
                seen[target] = {e.get("id") for e in Page(answer).root.iter()} if is_page else {fragment}
            if fragment:
                assert fragment in seen[target], f"{path} links to {link}"
    assert len(seen) > 40


def test_every_link_to_elsewhere_is_one_that_the_record_or_the_law_names(pages):
    known = {"statistics.example", "source.example", "exampleton.example"}
    law = {
        "www.nationalarchives.gov.uk", "mcmw.abilitynet.org.uk", "www.equalityadvisoryservice.com",
        "www.w3.org", "ico.org.uk",
    }  # fmt: skip
    found = {urlsplit(link).hostname for page in pages.values() for link in page.links if urlsplit(link).scheme}
    assert found <= known | law
    assert all(urlsplit(link).scheme in ("", "https") for page in pages.values() for link in page.links)


def test_styles_scripts_and_fonts_are_there(pages, client):
    loaded = {
        e.get(name)
        for page in pages.values()
        for e in page.root.iter()
        for name in ("src", "href", "data-plotly", "data-plotly-style")
        if e.get(name, "").startswith("/static/")
    }
    assert len(loaded) >= 6
    for path in loaded:
        answer = client.get(path)
        assert answer.status_code == 200 and answer.getvalue(), path


# --- queries ---


def test_every_kind_says_how_many_queries_it_takes():
    assert set(addresses.KINDS) - set(QUERIES) == {"pack.pdf", "certificate.pdf"}


@pytest.mark.parametrize("kind", QUERIES)
def test_page_takes_so_many_queries(exampleton, client, django_assert_num_queries, kind):
    with django_assert_num_queries(QUERIES[kind]):
        assert client.get(address(kind)).status_code == 200


def test_no_page_takes_more_queries_with_ten_times_as_many_outcomes(exampleton, client):
    for number in range(40):
        code = f"Y{number}"
        make.create_outcome(
            code=code,
            priority=["good-work", "clean-air", None][number % 3],
            position=6 + number,
            values={2020: 50, 2021: 51, 2023: 53, 2024: 54},
            baseline=2020,
            milestones={2028: 60},
            target=(2035, 70),
            comparators={make.COUNTRY: {2024: 60}},
        )
        make.create_action(key=f"y-{number}", outcome=code)
        make.create_plan_outcome(outcome=code)
    grown = {}
    for kind in QUERIES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(kind)).status_code == 200
        if len(queries) != QUERIES[kind]:
            grown[kind] = len(queries)
    assert grown == {}
