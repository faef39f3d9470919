"""The audit log as administrators read it and take it away."""

import csv
import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luton2040 import audit
from luton2040.audit import Action, Entry
from luton2040.roles import Role
from tests import factories as make
from tests.reading import Page

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


@pytest.fixture
def desk(client):
    make.sign_in(client, make.create_person(role=Role.ADMINISTRATOR, email="ann@example.org", name="Ann"))
    return client


@pytest.fixture
def ben():
    return make.create_user(email="ben@example.org", name="Ben")


def note(what, *, action=Action.HANDED_IN, at=make.NOW, **fields):
    return audit.record(action, what=what, now=at, **fields)


def told(answer):
    return [row[2].split(" ", 2)[-1] for row in Page(answer).rows()]


def test_page_says_when_who_what_and_about_what(desk, ben):
    note("8 values.", by=ben, about="submission 4")
    note("No.", action=Action.DENIED, address="/desk/people/")
    assert Page(desk.get("/desk/audit/")).rows() == [
        ["1 June 2026, 12:00", "nobody signed in", "Denied No. /desk/people/", ""],
        ["1 June 2026, 12:00", "Ben ben@example.org", "Handed in 8 values.", "submission 4"],
    ]


def test_page_that_has_nothing_says_so(desk):
    assert "Nothing in the record fits." in Page(desk.get("/desk/audit/?about=nothing")).main


@pytest.fixture
def entries(ben):
    """Around midnight at home, in summer and in winter."""
    note("summer, before midnight", at=datetime(2026, 6, 30, 23, 59, tzinfo=LONDON), by=ben, about="measure XA1")
    note("summer, after midnight", at=datetime(2026, 7, 1, 0, 1, tzinfo=LONDON), about="measure XA2")
    note("winter", at=datetime(2026, 12, 1, 0, 0, tzinfo=LONDON), action=Action.DENIED)


@pytest.mark.parametrize(
    "query, wanted",
    [
        pytest.param("", ["winter", "summer, after midnight", "summer, before midnight"], id="everything"),
        pytest.param("person=BEN", ["summer, before midnight"], id="person"),
        pytest.param("action=denied", ["winter"], id="action"),
        pytest.param("about=measure+XA1", ["summer, before midnight"], id="about"),
        pytest.param("about=+Measure+xa1+", ["summer, before midnight"], id="about in another case"),
        pytest.param("first=2026-07-01", ["winter", "summer, after midnight"], id="from"),
        pytest.param("last=2026-06-30", ["summer, before midnight"], id="to"),
        pytest.param("first=2026-07-01&last=2026-07-01", ["summer, after midnight"], id="one day"),
        pytest.param("last=9999-12-31&action=denied", ["winter"], id="to the end of the calendar"),
        pytest.param("action=denied&person=BEN", [], id="both"),
    ],
)
def test_filters(desk, ben, entries, query, wanted):
    query = query.replace("BEN", str(ben.pk))
    page = Page(desk.get(f"/desk/audit/?{query}"))
    assert [next(w for w in ("winter", "summer, after midnight", "summer, before midnight") if w in row[2])
            for row in page.rows()] == wanted  # fmt: skip
    file = desk.get(f"/desk/audit.csv?{query}").content.decode()
    assert [row["what"] for row in csv.DictReader(io.StringIO(file))] == wanted


@pytest.mark.parametrize("query", ["action=x", "person=x", "first=soon", "about=" + "x" * 99])
def test_filter_that_cannot_be_is_refused_in_words(desk, query):
    for address in ("/desk/audit/", "/desk/audit.csv"):
        assert desk.get(f"{address}?{query}").status_code == 400


def test_filters_stay_in_the_form_and_in_the_links(desk):
    for n in range(60):
        note(f"entry {n}", at=make.NOW + timedelta(minutes=n), about="measure XA1")
    page = Page(desk.get("/desk/audit/?about=measure+XA1"))
    assert page.one("input", name="about").get("value") == "measure XA1"
    assert len(page.rows()) == 50
    assert "about=measure+XA1" in page.link("Take this away as CSV")
    second = Page(desk.get(page.link("Page 2 →")))
    assert len(second.rows()) == 10
    assert "about=measure+XA1" in second.link("← Page 1")
    assert "page=" not in second.link("Take this away as CSV")


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_page_number_that_cannot_be_is_the_nearest(desk, page):
    note("one")
    assert len(Page(desk.get(f"/desk/audit/?page={page}")).rows()) == 1


def test_file_is_itself_put_on_the_record(desk):
    note("one")
    answer = desk.get("/desk/audit.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="record-2026-12-01.csv"'
    assert answer["Cache-Control"] == "private, no-cache"
    (entry,) = Entry.objects.of_action(Action.EXPORTED)
    assert entry.by.email == "ann@example.org"
    assert "record-2026-12-01.csv" in entry.what


def test_file_says_everything_and_when_at_home(desk, ben):
    note("8 values.", by=ben, about="submission 4", address="/desk/submissions/4/")
    (row,) = csv.DictReader(io.StringIO(desk.get("/desk/audit.csv").content.decode()))
    assert row == {
        "at": "2026-06-01T12:00:00+01:00",
        "action": "handed-in",
        "by": "ben@example.org",
        "about": "submission 4",
        "what": "8 values.",
        "address": "/desk/submissions/4/",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_in_the_file_is_run_by_a_spreadsheet(desk, start):
    note(f"{start}HYPERLINK(1)", about=f"{start}1")
    for row in csv.DictReader(io.StringIO(desk.get("/desk/audit.csv").content.decode(), newline="")):
        assert not row["what"].startswith(start) and not row["about"].startswith(start)


def test_page_takes_the_same_queries_however_much_there_is(desk, ben, django_assert_max_num_queries):
    for n in range(60):
        note(f"entry {n}", by=ben)
    with django_assert_max_num_queries(10):
        desk.get("/desk/audit/")
