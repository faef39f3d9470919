"""Kept pages: answered without work, never stale, and never mixed up with another reader's."""

import gzip
import re
from datetime import timedelta

import brotli
import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, RequestFactory

from luton2040 import caching
from luton2040.editions import Edition
from outcomes.models import OutcomeVersion
from tests import addresses, record
from tests import factories as make

pytestmark = pytest.mark.django_db
MEETS = PLEDGES = True
PATH = "/outcomes/xa1/"


@pytest.fixture(autouse=True)
def keeping(exampleton, settings):
    settings.KEEP_PAGES = True
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def made(monkeypatch):
    """The pages that were made and kept, in order; answers from kept ones are not among them."""
    finished, found = caching._finished, []

    def noted(key, response, encoding):
        found.append(key)
        return finished(key, response, encoding)

    monkeypatch.setattr(caching, "_finished", noted)
    return found


def reword(name="Better jobs"):
    version = OutcomeVersion.objects.current().get(outcome="XA1")
    return record.issue(record.changed(version, short_label=name), key=("outcome_id",))


def etag(client, path=PATH, **headers):
    return client.get(path, headers=headers)["ETag"]


# --- made once ---


@pytest.mark.parametrize("kind", addresses.KINDS)
def test_page_is_made_once_and_then_answered_with_one_query(client, django_assert_num_queries, made, kind):
    path = addresses.of_kind(kind, priority="good-work", code="XA1")
    first = client.get(path)
    with django_assert_num_queries(1):
        second = client.get(path)
    assert second.status_code == 200
    assert second.content == first.content
    assert second.headers == first.headers
    assert len(made) == 1


def test_kept_page_calls_neither_the_view_nor_the_rest(client, monkeypatch):
    client.get(PATH)
    monkeypatch.setattr("outcomes.report.full_reports", None)
    assert client.get(PATH).status_code == 200


def test_kept_page_has_every_header_of_the_first(client):
    for answer in (client.get(PATH), client.get(PATH)):
        assert answer["Cache-Control"] == "public, no-cache"
        assert answer["Content-Length"] == str(len(answer.content))
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies


def test_pages_are_not_kept_where_the_code_is_being_worked_on(client, settings, made):
    settings.KEEP_PAGES = False
    answer = client.get(PATH)
    assert not answer.has_header("ETag")
    assert not made


def test_nothing_is_kept_before_the_first_edition(client, monkeypatch, made):
    monkeypatch.setattr("luton2040.editions.EditionQuerySet.current", lambda self: None)
    assert client.get(PATH).status_code == 503
    assert not made


# --- 304 ---


def test_reader_who_has_the_page_gets_304_without_a_body(client, django_assert_num_queries):
    first = client.get(PATH)
    with django_assert_num_queries(1):
        second = client.get(PATH, headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert {name: second[name] for name in ("ETag", "Vary", "Cache-Control")} == {
        name: first[name] for name in ("ETag", "Vary", "Cache-Control")
    }


@pytest.mark.parametrize(
    "wanted, status",
    [
        pytest.param("{}", 304, id="its own"),
        pytest.param('"other", {}', 304, id="among others"),
        pytest.param("W/{}", 304, id="weakened on the way"),
        pytest.param('"other"', 200, id="another"),
        pytest.param("", 200, id="empty"),
        pytest.param("nonsense", 200, id="nonsense"),
    ],
)
def test_answer_to_what_the_reader_has(client, wanted, status):
    tag = etag(client)
    assert client.get(PATH, headers={"If-None-Match": wanted.format(tag)}).status_code == status


def test_etag_is_strong_and_the_same_while_nothing_changes(client):
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag(client))
    assert etag(client) == etag(Client())


def test_page_that_was_made_for_304_is_kept_too(client, made):
    tag = etag(client)
    caches["pages"].clear()
    assert client.get(PATH, headers={"If-None-Match": tag}).status_code == 304
    assert len(made) == 2


# --- never stale ---


def test_page_is_new_as_soon_as_an_edition_is_issued(client):
    before = client.get(PATH)
    reword()
    after = client.get(PATH, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert "Better jobs" in after.content.decode() and "Better jobs" not in before.content.decode()


def test_every_page_has_another_etag_in_another_edition(client):
    paths = [addresses.of_kind(kind, priority="good-work", code="XA1") for kind in addresses.KINDS]
    before = {path: etag(client, path) for path in paths}
    reword()
    assert not {etag(client, path) for path in paths} & set(before.values())


def test_older_edition_stays_as_it_was(client):
    client.get(PATH + "?edition=1")
    reword()
    assert "Better jobs" not in client.get(PATH + "?edition=1").content.decode()
    # Its banner names the newest, so that it too is made again.
    reword("Best jobs")
    assert "Read the newest, edition 3" in client.get(PATH + "?edition=1").content.decode()


def test_page_read_while_an_edition_was_issued_is_not_kept_for_it(client, monkeypatch):
    """The reader who came before gets the old page; whoever comes after the new one."""
    from outcomes import views

    view = views.charts.chart

    def slow(report):
        if Edition.objects.current().number == 1:
            reword()
        return view(report)

    monkeypatch.setattr(views.charts, "chart", slow)
    assert "Better jobs" not in client.get(PATH).content.decode()
    assert "Better jobs" in client.get(PATH).content.decode()


def test_page_is_made_again_on_another_day(client, monkeypatch):
    """What is due today may be late tomorrow."""
    today = etag(client)
    monkeypatch.setattr("django.utils.timezone.now", lambda: record.NOW + timedelta(days=1))
    assert etag(client) != today


def test_page_is_made_again_with_other_code(client, monkeypatch):
    before = etag(client)
    monkeypatch.setattr(caching, "code_version", lambda: "another")
    assert etag(client) != before


def test_version_of_the_code_is_a_digest_of_what_shapes_a_page(settings, tmp_path):
    caching.code_version.cache_clear()
    try:
        (tmp_path / "templates").mkdir()
        settings.BASE_DIR = tmp_path
        seen = set()
        for name, text in (("a.html", "1"), ("a.html", "2"), ("b.css", ""), ("b.css", "x"), ("c.txt", "x")):
            (tmp_path / "templates" / name).write_text(text)
            caching.code_version.cache_clear()
            seen.add(caching.code_version())
        assert len(seen) == 3  # a file without content or of another kind changes nothing
        assert all(re.fullmatch("[0-9a-f]{12}", version) for version in seen)
    finally:
        caching.code_version.cache_clear()


# --- each reader gets what they asked for ---


@pytest.mark.parametrize(
    "other, headers",
    [
        pytest.param("/outcomes/?q=jobs", {}, id="query"),
        pytest.param("/outcomes/?sort=name", {}, id="another query"),
        pytest.param("/outcomes/?edition=1", {}, id="edition"),
        pytest.param("/outcomes/xa1/", {}, id="path"),
        pytest.param("/outcomes/", {"HX-Request": "true"}, id="fragment"),
        pytest.param("/outcomes/", {"Accept-Encoding": "gzip"}, id="gzip"),
        pytest.param("/outcomes/", {"Accept-Encoding": "br"}, id="brotli"),
        pytest.param("/outcomes/", {"Host": "localhost"}, id="host"),
    ],
)
def test_another_request_has_another_etag(client, other, headers):
    assert etag(client, "/outcomes/") != etag(client, other, **headers)


def test_page_kept_over_a_safe_line_is_not_given_over_an_open_one(settings, client):
    """There the reader is sent to the safe one first."""
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(PATH, secure=True).status_code == 200
    answer = Client().get(PATH)
    assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{PATH}")


def test_fragment_and_page_are_kept_apart(client):
    page = client.get("/outcomes/").content
    fragment = client.get("/outcomes/", headers={"HX-Request": "true"}).content
    for _ in range(2):
        assert client.get("/outcomes/").content == page
        assert client.get("/outcomes/", headers={"HX-Request": "true"}).content == fragment
    assert b"<html" in page and b"<html" not in fragment


def test_going_back_in_history_gets_the_whole_page(client):
    page = client.get("/outcomes/").content
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert client.get("/outcomes/", headers=headers).content == page


@pytest.mark.parametrize("value", ["false", "1", "TRUE", ""])
def test_only_htmx_itself_gets_fragments(client, value):
    assert b"<html" in client.get("/outcomes/", headers={"HX-Request": value}).content


def test_answers_vary_by_what_they_depend_on(client):
    for kind in addresses.KINDS:
        answer = client.get(addresses.of_kind(kind, priority="good-work", code="XA1"))
        assert {"Accept-Encoding", "HX-Request"} <= {name.strip() for name in answer["Vary"].split(",")}
        assert "Cookie" not in answer["Vary"]


# --- compressed once ---


@pytest.mark.parametrize(
    "kind", ["home", "outcome", "chart.svg", "chart.json", "data.csv", "data.json", "everything.json", "feed"]
)
def test_body_is_the_same_however_it_is_sent(client, kind):
    path = addresses.of_kind(kind, priority="good-work", code="XA1")
    plain = client.get(path)
    assert not plain.has_header("Content-Encoding")
    for encoding, decode in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        for _ in range(2):
            packed = client.get(path, headers={"Accept-Encoding": encoding})
            assert packed["Content-Encoding"] == encoding
            assert packed["Content-Length"] == str(len(packed.content))
            assert len(packed.content) < len(plain.content)
            assert decode(packed.content) == plain.content
            assert packed["Content-Type"] == plain["Content-Type"]


@pytest.mark.parametrize(
    "accepted, encoding",
    [
        pytest.param("gzip, deflate, br, zstd", "br", id="a browser"),
        pytest.param("gzip, deflate", "gzip", id="without brotli"),
        pytest.param("gzip;q=1.0, br;q=0.5", "br", id="weighed"),
        pytest.param("br;q=0, gzip", "gzip", id="brotli refused"),
        pytest.param("gzip; q=0.000 , br ; q=0", None, id="both refused"),
        pytest.param("gzip;q=0.001", "gzip", id="hardly wanted"),
        pytest.param("identity", None, id="as it is"),
        pytest.param("zstd", None, id="one we do not have"),
        pytest.param("", None, id="nothing"),
        pytest.param("*", None, id="anything"),
    ],
)
def test_encoding_is_one_that_the_reader_takes(client, accepted, encoding):
    assert client.get(PATH, headers={"Accept-Encoding": accepted}).get("Content-Encoding") == encoding


def test_packed_files_are_not_packed_again(client):
    answer = client.get("/outcomes/xa1/data.xlsx", headers={"Accept-Encoding": "br, gzip"})
    assert not answer.has_header("Content-Encoding")
    assert answer.content[:2] == b"PK"


def test_tiny_answers_are_not_compressed():
    response = HttpResponse("x" * 399, content_type="text/plain")
    body, headers = caching._finished("tiny", response, "br")
    assert body == b"x" * 399
    assert "Content-Encoding" not in headers


# --- what is kept ---


@pytest.mark.parametrize(
    "query, times_made",
    [pytest.param("", 1, id="the file itself"), pytest.param("?x=1", 2, id="with a query that anybody can make up")],
)
def test_large_files_are_kept_without_a_query_only(client, made, monkeypatch, query, times_made):
    monkeypatch.setattr(caching, "LARGEST_WITH_QUERY", 1000)
    assert client.get(PATH + query).content == client.get(PATH + query).content
    assert len(made) == times_made


def test_what_is_very_large_is_not_kept_at_all(client, made, monkeypatch):
    monkeypatch.setattr(caching, "LARGEST_KEPT", 1000)
    first, again = client.get(PATH), client.get(PATH)
    assert first.content == again.content and first["ETag"] == again["ETag"]
    assert len(made) == 2
    assert client.get(PATH, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_head_keeps_the_page_for_get(client, made):
    assert client.head(PATH).content == b""
    answer = client.get(PATH)
    assert b"<h1" in answer.content
    assert client.head(PATH)["Content-Length"] == answer["Content-Length"] == str(len(answer.content))
    assert len(made) == 1


@pytest.mark.parametrize(
    "path, status",
    [
        pytest.param("/nothing/", 404, id="no page"),
        pytest.param("/outcomes/zz9/", 404, id="no outcome"),
        pytest.param("/outcomes/?edition=9", 404, id="no edition"),
        pytest.param("/outcomes/?status=nothing", 400, id="bad filter"),
        pytest.param("/outcomes/XA1/", 302, id="capitals"),
        pytest.param("/outcomes/xa1", 301, id="no slash"),
        pytest.param("/healthz", 200, id="health"),
        pytest.param("/static/css/site.css", 200, id="static file"),
    ],
)
def test_errors_redirects_and_what_is_not_a_page_are_not_kept(client, made, path, status):
    for _ in range(2):
        answer = client.get(path)
        assert answer.status_code == status
        answer.getvalue()
    assert made == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_answered_from_kept_pages(client, made, method):
    client.get(PATH)
    assert client.generic(method, PATH).status_code == 405
    assert len(made) == 1


def test_long_query_is_answered_but_not_kept(client, made):
    """Anybody can think of another; they would push out the pages that are asked for."""
    longest = "q=" + "x" * (caching.LONGEST_KEPT_QUERY - 2)
    assert client.get(f"/about/?{longest}x").status_code == 200
    assert made == []
    assert client.get(f"/about/?{longest}").status_code == 200
    assert len(made) == 1


def test_view_that_is_not_public_is_not_kept(made):
    kept = caching.KeptPages(lambda request: HttpResponse("private"))
    assert kept(RequestFactory().get("/")).content == b"private"
    assert made == []


def test_reading_at_an_edition_fixes_what_day_it_is(exampleton):
    Edition.objects.update(issued_at=record.NOW - timedelta(days=40))
    newest, request = make.create_edition(now=record.NOW), RequestFactory().get("/")
    caching.read_at(request, newest, asked="1")
    assert (request.edition.number, request.newest_edition) == (1, newest)
    assert request.today == (record.NOW - timedelta(days=40)).date()
    assert request.vision.place == "Exampleton"
    for asked in ("", str(newest.number)):
        caching.read_at(request, newest, asked=asked)
        assert (request.edition, request.today) == (newest, record.TODAY)
