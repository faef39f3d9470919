"""Whatever is asked, the answer is a page that says what to do: never a fault of ours."""

from urllib.parse import quote, urlencode

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests import addresses, reading
from tests.reading import Page

pytestmark = pytest.mark.django_db
MEETS = PLEDGES = True
READABLE = (*addresses.SITE_PAGES, "priority", "outcome", "data.csv", "everything.json", "chart.svg", "feed")
LONG = "a" * 10_000


def address(kind):
    return addresses.of_kind(kind, priority="good-work", code="XA1")


def explained(response, status):
    """The answer as a page that has the status and says in words what is wrong and where to go."""
    assert response.status_code == status
    page = Page(response)
    faults = [fault for check in reading.CHECKS for fault in check(page)]
    assert faults == []
    assert reading.header_faults(response) == []
    assert response["Cache-Control"] == "no-store"
    assert f"Error {status}" in page.main
    return page


# --- an address that names nothing ---


@pytest.mark.parametrize(
    "edition",
    [
        pytest.param("0", id="zero"),
        pytest.param("2", id="to come"),
        pytest.param("999", id="far to come"),
        pytest.param("-1", id="negative"),
        pytest.param("+1", id="signed"),
        pytest.param("1.0", id="decimal"),
        pytest.param(" 1", id="space before"),
        pytest.param("1_0", id="underscore"),
        pytest.param("abc", id="letters"),
        pytest.param("\u0663", id="digit of another script"),
        pytest.param("\u00b2", id="superscript"),
        pytest.param("9" * 30, id="beyond the database"),
        pytest.param("9" * 8_000, id="very long"),
        pytest.param("\x00", id="NUL"),
        pytest.param("1\x00", id="number and NUL"),
    ],
)
def test_edition_that_is_not_there(exampleton, client, edition):
    page = explained(client.get("/outcomes/", {"edition": edition}), 404)
    assert "There is no such edition. Editions are numbered 1 to 1." in page.main
    assert page.link("The outcome wheel") == "/"


@pytest.mark.parametrize("kind", READABLE)
def test_edition_that_is_not_there_of_any_page(exampleton, client, kind):
    page = explained(client.get(address(kind), {"edition": "7"}), 404)
    assert page.title == "There is no page here – Exampleton 2035"
    assert page.link("Data and downloads") == "/data/"


def test_edition_left_empty_is_the_newest(exampleton, client):
    assert client.get("/outcomes/?edition=").status_code == 200


def test_edition_given_twice_is_read_as_the_last(exampleton, client):
    assert client.get("/about/?edition=abc&edition=1").status_code == 200
    assert client.get("/about/?edition=1&edition=abc").status_code == 404


@pytest.mark.parametrize(
    "path, said",
    [
        pytest.param("/outcomes/zz9/", "There is no outcome with that code.", id="outcome"),
        pytest.param("/outcomes/zz9/chart.svg", "There is no outcome with that code.", id="picture"),
        pytest.param("/outcomes/zz9/chart.json", "There is no outcome with that code.", id="chart"),
        pytest.param("/outcomes/zz9/data.csv", "There is no outcome with that code.", id="file of no outcome"),
        pytest.param("/outcomes/xa1/data.pdf", "Outcomes can be downloaded as csv, json or xlsx.", id="file kind"),
        pytest.param("/outcomes/xb1/chart.svg", "There is no value to draw yet.", id="picture of no value"),
        pytest.param("/data/values.xlsx", "There is no such file.", id="data file kind"),
        pytest.param("/data/nothing.csv", "There is no such file.", id="data file"),
        pytest.param("/priorities/nothing/", "There is no priority of that name.", id="priority"),
        pytest.param("/?outcome=zz9", "There is no outcome with that code.", id="card"),
        pytest.param("/?outcome=%00", "There is no outcome with that code.", id="card of NUL"),
        pytest.param("/nothing/", "There is no page here", id="page"),
        pytest.param("/outcomes/%00/", "There is no page here", id="NUL in the path"),
        pytest.param("/outcomes/%ff/", "There is no page here", id="path that is not UTF-8"),
        pytest.param("/outcomes/a b/", "There is no page here", id="space in the path"),
        pytest.param("/outcomes/..%2f..%2fetc/passwd", "There is no page here", id="path that climbs"),
        pytest.param(f"/priorities/{LONG}/", "There is no priority of that name.", id="long priority"),
        pytest.param(f"/outcomes/{LONG}/", "There is no outcome with that code.", id="long code"),
        pytest.param("/outcomes/<script>alert(1)</script>/", "There is no page here", id="script in the path"),
    ],
)
def test_address_that_names_nothing(exampleton, client, path, said):
    page = explained(client.get(path), 404)
    assert said in page.main
    assert "<script>alert" not in page.html


def test_page_of_an_error_offers_only_links_that_lead_somewhere(exampleton, client):
    """It cannot be cited either."""
    for path in ("/nothing/", "/outcomes/?edition=9", "/outcomes/?status=nothing"):
        page = Page(client.get(path))
        assert "To cite exactly this page" not in page.text
        inside = {link.split("#")[0] for link in page.links if link.startswith("/")} - {addresses.STAFF}
        assert {link: client.get(link).status_code for link in inside} == dict.fromkeys(inside, 200)


def test_fragment_of_nothing_is_explained_too(exampleton, client):
    explained(client.get("/?outcome=zz9", headers={"HX-Request": "true"}), 404)


def test_outcome_in_capitals_is_sent_to_its_address(exampleton, client):
    answer = client.get("/outcomes/XA1/")
    assert (answer.status_code, answer["Location"]) == (302, "/outcomes/xa1/")
    assert reading.header_faults(answer) == []


def test_outcome_in_capitals_keeps_the_edition(exampleton, client):
    answer = client.get("/outcomes/XA1/?edition=1")
    assert (answer.status_code, answer["Location"]) == (302, "/outcomes/xa1/?edition=1")


def test_address_without_its_last_slash_is_sent_on(exampleton, client):
    answer = client.get("/outcomes/xa1?edition=1")
    assert (answer.status_code, answer["Location"]) == (301, "/outcomes/xa1/?edition=1")


# --- a query that means nothing ---


@pytest.mark.parametrize(
    "path, field",
    [
        pytest.param("/outcomes/?status=", "Status", id="status"),
        pytest.param("/outcomes/?priority=", "Priority", id="priority"),
        pytest.param("/outcomes/?board=", "Board", id="board"),
        pytest.param("/outcomes/?sort=", "Sort by", id="sort"),
        pytest.param("/roadmap/?priority=", "Priority", id="roadmap priority"),
        pytest.param("/roadmap/?kind=", "Show", id="roadmap kind"),
        pytest.param("/roadmap/?standing=", "Standing", id="roadmap standing"),
        pytest.param("/roadmap/?state=", "Result", id="roadmap state"),
        pytest.param("/pledges/?priority=", "Priority", id="priority of pledges"),
        pytest.param("/pledges/?outcome=", "Outcome", id="outcome of pledges"),
        pytest.param("/pledges/?kind=", "Kind of organisation", id="kind of organisation"),
        pytest.param("/pledges/?standing=", "How it stands", id="standing of pledges"),
        pytest.param("/pledges/?year=", "Made in", id="year of pledges"),
        pytest.param("/pledges/?sort=", "Sort by", id="sort of pledges"),
    ],
)
@pytest.mark.parametrize(
    "value",
    [
        pytest.param("nowhere", id="unknown"),
        pytest.param("<script>alert(1)</script>", id="script"),
        pytest.param("\x00", id="NUL"),
        pytest.param("1' OR '1'='1", id="quotes"),
        pytest.param("x" * 3_000, id="long"),
        pytest.param("\u0663", id="digit of another script"),
    ],
)
def test_filter_that_is_not_offered(exampleton, client, path, field, value):
    page = explained(client.get(path + quote(value)), 400)
    assert f"{field}: there is nothing of that name. Choose from the list." in page.main
    assert "alert(1)" not in page.html


@pytest.mark.parametrize(
    "query, said",
    [
        pytest.param("q=" + "x" * 101, "Search: use at most 100 characters.", id="too long"),
        pytest.param("q=" + "x" * 10_000, "Search: use at most 100 characters.", id="far too long"),
        pytest.param("q=%00", "Search: Null characters are not allowed.", id="NUL"),
    ],
)
def test_search_that_cannot_be(exampleton, client, query, said):
    for path in ("/outcomes/", "/pledges/"):
        assert said in explained(client.get(f"{path}?{query}"), 400).main


@pytest.mark.parametrize("number", ["%00", "1%00", "0", "-1", "x", "%C2%B2"])
def test_page_of_pledges_that_is_no_number(exampleton, client, number):
    assert "Page: " in explained(client.get(f"/pledges/?page={number}"), 400).main


def test_page_of_pledges_beyond_the_last_is_answered(exampleton, client):
    assert client.get("/pledges/", {"page": "9" * 30}).status_code == 200


@pytest.mark.parametrize("value", ["%00", "XA1%00", "good-work%00", "%ff", "%0d%0a"])
def test_form_pages_pass_over_what_names_nothing(exampleton, client, value):
    query = "&".join(f"{name}={value}" for name in ("outcome", "priority", "next"))
    for path in ("/pledges/new/", "/pledges/new/focus/", "/pledges/yours/sign-in/"):
        assert client.get(f"{path}?{query}").status_code == 200
    assert client.get(f"/pledges/yours/enter/x/?next={value}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("q=<script>alert(1)</script>", id="script"),
        pytest.param("q=%22%20autofocus%20onfocus=alert(1)%20x=%22", id="attribute"),
        pytest.param("q=%ff%fe", id="not UTF-8"),
        pytest.param("q=%F0%9F%98%80%E2%80%AE", id="emoji and turned round"),
        pytest.param("q=" + "%25" * 100, id="per cent signs"),
        pytest.param("q=a&q=b&q=jobs", id="key again and again"),
        pytest.param("q=.*%2B%3F(", id="pattern"),
        pytest.param("utm_source=x&fbclid=y&q", id="unknown keys are ignored"),
        pytest.param("&&&===;;;", id="nothing but signs"),
        pytest.param("x=" + "y" * 10_000, id="10 kB"),
        pytest.param("&".join(f"k{n}=v" for n in range(900)), id="900 keys"),
        pytest.param("status[]=on_track&status=", id="brackets"),
        pytest.param("priority=&status=&board=&sort=&q=", id="everything empty"),
        pytest.param("edition=1&q=" + quote("'; DROP TABLE x; --"), id="SQL"),
    ],
)
def test_query_that_is_odd_is_answered(exampleton, client, query):
    for path in ("/outcomes/", "/roadmap/", "/", "/about/", "/data/values.csv"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 200
        if path == "/outcomes/":
            page = Page(answer)
            assert reading.has_no_inline_script(page) == []
            assert "<script>alert" not in page.html
            (field,) = page.all("input", name="q")
            assert not {"autofocus", "onfocus"} & field.attrib.keys()


def test_query_of_too_many_keys_is_refused(exampleton, client):
    answer = client.get("/outcomes/?" + "&".join(f"k{n}=v" for n in range(2_000)))
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"HX-Request": "\xff"}, id="htmx"),
        pytest.param({"HX-Request": "true", "HX-Current-URL": "http://[", "HX-Prompt": "%00"}, id="addresses of htmx"),
        pytest.param({"Accept-Encoding": ";;q=,br;q=x"}, id="encoding"),
        pytest.param({"If-None-Match": '"' * 500}, id="etag"),
        pytest.param({"Cookie": "sessionid=\x7f; csrftoken=" + "x" * 4_000}, id="cookie"),
        pytest.param({"Range": "bytes=0-"}, id="range"),
        pytest.param({"If-Modified-Since": "yesterday"}, id="date"),
    ],
)
@pytest.mark.parametrize("kept", [pytest.param(False, id="made"), pytest.param(True, id="kept")])
def test_headers_that_are_odd_are_answered(exampleton, client, settings, headers, kept):
    settings.KEEP_PAGES = kept
    for kind in ("home", "outcomes", "data.csv"):
        assert client.get(address(kind), headers=headers).status_code == 200


@pytest.mark.parametrize("kept", [pytest.param(False, id="made"), pytest.param(True, id="kept")])
def test_host_that_is_not_ours_is_refused(exampleton, client, settings, kept):
    settings.KEEP_PAGES = kept
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/changes/feed/", headers={"host": "evil.example"}).status_code == 400


TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
KEYS = st.sampled_from(
    ["q", "priority", "status", "board", "sort", "edition", "outcome", "kind", "standing", "state", "year", "page"]
)
VALUES = TEXTS | st.sampled_from(
    ["1", "on_track", "better", "good-work", "a-board", "newest", "xa1", "target", "illustrative", "met", "jobs", "%"]
)


@pytest.mark.parametrize("path", ["/", "/outcomes/", "/roadmap/", "/pledges/"])
@given(
    query=st.dictionaries(KEYS | TEXTS, VALUES, max_size=5).map(urlencode)
    | st.binary(max_size=40).map(quote)
    | st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=40),
    is_fragment=st.booleans(),
)
@example(query="outcome=%C3%9F", is_fragment=True)
@hypothesis_settings(max_examples=40)
def test_no_query_is_a_fault_of_ours(exampleton, path, query, is_fragment):
    headers = {"HX-Request": "true"} if is_fragment else {}
    answer = Client().get(f"{path}?{query}", headers=headers)
    assert answer.status_code in (200, 400, 404)
    assert answer["Content-Type"] == addresses.HTML


# --- a way of asking that is not there ---


@pytest.mark.parametrize("kind", addresses.KINDS)
def test_public_page_can_only_be_read(exampleton, kind):
    """As strangers ask: without the token of a form that was never given to them."""
    client = Client(enforce_csrf_checks=True)
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = client.generic(method, address(kind), b"x=1", "application/x-www-form-urlencoded")
        page = explained(answer, 405)
        assert answer["Allow"] == "GET, HEAD"
        assert "This page can only be read" in page.main


@pytest.mark.parametrize("kind", addresses.KINDS)
def test_public_page_answers_head(exampleton, client, kind):
    answer = client.head(address(kind))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Type"] == client.get(address(kind))["Content-Type"]


# --- a fault of ours ---


def test_fault_of_ours_is_told_without_its_insides(exampleton, client, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("a secret")

    monkeypatch.setattr("outcomes.report.summaries", fail)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    page = Page(answer)
    assert "Something went wrong on our side" in page.main
    assert "/" in page.links
    assert "secret" not in page.html and "Traceback" not in page.html
    assert reading.has_no_style_of_its_own(page) == reading.has_no_inline_script(page) == []
    assert reading.loads_nothing_from_elsewhere(page) == []


@pytest.mark.parametrize("kept", [pytest.param(False, id="made"), pytest.param(True, id="kept")])
def test_database_that_does_not_answer_is_a_page_too(exampleton, client, settings, monkeypatch, kept):
    settings.KEEP_PAGES = kept

    def fail(*args, **kwargs):
        raise OperationalError("the database is gone")

    monkeypatch.setattr("luton2040.editions.EditionQuerySet.current", fail)
    client.raise_request_exception = False
    for path in ("/", "/nothing/"):
        answer = client.get(path)
        assert answer.status_code in (404, 500)
        assert Page(answer).one("h1") is not None
        assert "database is gone" not in answer.content.decode()


# --- while DEBUG is on, as in `make run` ---


@pytest.mark.parametrize(
    "path, status",
    [
        pytest.param("/nothing/", 404, id="no such page"),
        pytest.param("/outcomes/zz9/", 404, id="no such outcome"),
        pytest.param("/?edition=999", 404, id="no such edition"),
        pytest.param("/outcomes/?status=odd", 400, id="no such status"),
    ],
)
def test_wrong_address_gets_the_sites_own_page_while_debugging(settings, exampleton, path, status):
    settings.DEBUG = True
    response = Client(raise_request_exception=False).get(path)
    page = Page(response)
    assert response.status_code == status and f"Error {status}" in page.main
    # django-csp sends no policy with these codes while DEBUG is on; every other check holds.
    assert [fault for check in reading.CHECKS for fault in check(page)] == []


def test_missing_slash_is_still_added_while_debugging(settings, exampleton):
    settings.DEBUG = True
    response = Client().get("/outcomes")
    assert (response.status_code, response["Location"]) == (301, "/outcomes/")
