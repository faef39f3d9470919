"""Every public page and file of the framework as delivered; page, CSV, JSON and chart say the same."""

import csv
import io
import json
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import parse_qs, urldefrag, urlsplit

import pytest
from django.test import Client

from luton2040.vision import Vision
from outcomes.models import AreaVersion, MeasureVersion
from outcomes.progress import Status
from tests import addresses, reading
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


class Site:
    """Asks for each address once."""

    def __init__(self):
        self.client, self.answers, self.read = Client(), {}, {}

    def get(self, path):
        if path not in self.answers:
            self.answers[path] = self.client.get(path)
        return self.answers[path]

    def page(self, path):
        if path not in self.read:
            self.read[path] = Page(self.get(path))
        return self.read[path]

    def records(self, path):
        return list(csv.DictReader(io.StringIO(self.get(path).content.decode(), newline="")))

    def json(self, path):
        return json.loads(self.get(path).content, parse_float=Decimal, parse_int=Decimal)


@pytest.fixture(scope="module")
def site(luton):
    return Site()


@pytest.fixture(scope="module")
def measures(luton):
    return {m.outcome_id: m for m in MeasureVersion.objects.at(luton)}


def told(value, decimals):
    """A number as a page should word it, worked out apart from formatting.py."""
    number = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{abs(number) if number == 0 else number:,}".replace("-", "\u2212")


# --- every address ---


def test_every_page_answers(site):
    assert {path: site.get(path).status_code for path in addresses.pages()} == dict.fromkeys(addresses.pages(), 200)


@pytest.mark.parametrize("check", reading.CHECKS, ids=lambda check: check.__name__)
def test_every_page(site, check):
    assert {path: faults for path in addresses.pages() if (faults := check(site.page(path)))} == {}


def waiting(site):
    """The pictures that are not there, because there is no value to draw."""
    rows = site.records("/data/outcomes.csv")
    return {f"/outcomes/{row['outcome'].lower()}/chart.svg" for row in rows if not row["latest_value"]}


@pytest.mark.parametrize("name", [*addresses.OUTCOME_FILES, "/data/", "/changes/"])
def test_every_file_has_its_content_type_and_safe_headers(site, name):
    asked = {path: of for path, of in addresses.files().items() if name in path.replace("/data.", "/d/data.")}
    missing = waiting(site)
    assert asked
    for path, content_type in asked.items():
        answer = site.get(path)
        expected = (404, addresses.HTML) if path in missing else (200, content_type)
        assert (answer.status_code, answer["Content-Type"]) == expected, path
        assert reading.header_faults(answer) == [], path


def test_every_page_has_safe_headers(site):
    assert {path: f for path in addresses.pages() if (f := reading.header_faults(site.get(path)))} == {}


def test_every_link_between_pages_leads_somewhere(site):
    """Cards are asked for by code and editions by number: these are looked up, which is as good and much quicker."""
    codes = {code.lower() for code in addresses.codes()}
    files = addresses.files().keys() - waiting(site)
    for path in addresses.pages():
        for link in site.page(path).links:
            target, fragment = urldefrag(link)
            address = urlsplit(target)
            if address.scheme or link == addresses.STAFF:
                continue
            query, target = parse_qs(address.query), address.path or path
            assert set(query.get("outcome", [])) <= codes, link
            assert query.get("edition", ["1"]) == ["1"], link
            if target in files:
                continue
            good = (200, 302) if target.startswith(addresses.ONES_OWN) else (200,)
            assert site.get(target).status_code in good, f"{path} links to {link}"
            if fragment:
                assert any(e.get("id") == fragment for e in site.page(target).root.iter()), f"{path} links to {link}"


def test_every_outcome_can_be_reached_from_home_in_two_links(site):
    near = {urlsplit(link).path for link in site.page("/").links}
    assert {f"/outcomes/{code.lower()}/" for code in addresses.codes()} <= near
    assert {f"/priorities/{slug}/" for slug in addresses.priorities()} <= near


# --- the same figures everywhere ---


@pytest.fixture(scope="module")
def each_outcome(site, measures):
    """(page, rows of its table, measure, values by place, period and duration) for each outcome that has values."""
    found = []
    for code, measure in measures.items():
        page = site.page(f"/outcomes/{code.lower()}/")
        tables = [t for t in page.all("table") if words(t.find("caption")).startswith(measure.name)]
        held = {
            (s["area"], v["period_start"], v["period_duration"]): v
            for s in site.json(f"/outcomes/{code.lower()}/data.json")["series"]
            for v in s["values"]
        }
        if tables:
            found.append((page, tables[0], measure, held))
    return found


def test_table_of_each_page_says_what_json_says(site, each_outcome, luton):
    """Every value of the home area and its comparators, in every period, with its limits and markers."""
    vision, told_of = Vision.objects.at(luton).get(), 0
    names = {a.area_id: a.name for a in AreaVersion.objects.at(luton)}
    for page, table, measure, held in each_outcome:
        heads = [words(th) for th in table.find("thead").iter("th")]
        own = sorted((key for key in held if key[0] == vision.home_area), reverse=True)
        rows = page.rows(table)
        assert len(rows) == len(own), measure.measure_id
        for row, key in zip(rows, own, strict=True):
            said, value = dict(zip(heads, row, strict=True)), held[key]
            assert row[0].startswith(value["period_label"])
            marked = f"{told(value['value'], measure.decimals)} {value['markers'] or ''}".strip()
            assert said[vision.place] == marked, (measure.measure_id, key)
            if "95% limits" in said:
                limits = [told(value[n], measure.decimals) for n in ("lower", "upper") if value[n] is not None]
                assert said["95% limits"] == (" to ".join(limits) or "not given")
            for area in vision.comparators:
                if names[area] in said:
                    other = held.get((area, *key[1:]))
                    expected = "no data"
                    if other:
                        expected = f"{told(other['value'], measure.decimals)} {other['markers'] or ''}".strip()
                    assert said[names[area]] == expected, (measure.measure_id, area, key)
                    told_of += bool(other)
            told_of += 1
    assert told_of > 500


def test_csv_of_each_outcome_says_what_json_says(site, measures):
    for code in measures:
        rows = site.records(f"/outcomes/{code.lower()}/data.csv")
        in_csv = {(r["area"], r["period_start"], r["period_duration"]): Decimal(r["value"]) for r in rows}
        series = site.json(f"/outcomes/{code.lower()}/data.json")["series"]
        in_json = {
            (s["area"], v["period_start"], v["period_duration"]): v["value"] for s in series for v in s["values"]
        }
        assert in_csv == in_json, code
        assert len(rows) == len(in_csv)


def test_file_of_all_values_is_the_files_of_the_outcomes_together(site, measures):
    everything = Counter(tuple(row.items()) for row in site.records("/data/values.csv"))
    apart = Counter(
        tuple(row.items()) for code in measures for row in site.records(f"/outcomes/{code.lower()}/data.csv")
    )
    assert everything == apart


def test_json_of_everything_is_that_of_the_outcomes_together(site, measures):
    for entry in site.json("/data/everything.json")["outcomes"]:
        alone = site.json(f"/outcomes/{entry['outcome']['outcome'].lower()}/data.json")
        assert entry == {name: alone[name] for name in entry}


def test_chart_of_each_outcome_draws_the_values_of_its_table(site, each_outcome):
    """The home area's line since the last break, and the lines before it, are the table's values in order of time."""
    for page, table, measure, _held in each_outcome:
        drawn = site.json(f"/outcomes/{measure.outcome_id.lower()}/chart.json")["data"]
        home = [y for kind in ("home-earlier", "home") for t in drawn if t.get("meta") == kind for y in t["y"]]
        shown = [row[1].split(" [")[0] for row in reversed(page.rows(table))]
        assert [told(y, measure.decimals) for y in home if y is not None] == shown, measure.measure_id


def test_status_is_the_same_on_every_page_and_in_every_file(site):
    for row in site.records("/data/outcomes.csv"):
        path = f"/outcomes/{row['outcome'].lower()}/"
        page, said = site.page(path), site.json(f"{path}data.json")
        assert row["status"] == said["status"]["label"] == said["outcome"]["status"]
        assert row["status"].lower() in page.title.lower()
        assert row["reason"] == said["sentences"]["reason"]
        for sentence in (row["reason"], said["sentences"]["takeaway"]):
            assert " ".join(sentence.split()) in page.main


def test_status_is_the_same_in_every_list(site):
    """Wheel, home, outcomes, priority and mission."""
    rows = {row["outcome"]: row for row in site.records("/data/outcomes.csv")}
    by_label = {words(site.page(f"/outcomes/{code.lower()}/").one("h1")): row for code, row in rows.items()}
    in_wheel = [a.get("aria-label") for a in site.page("/").all("a") if a.get("data-card") and a.get("aria-label")]
    assert len(in_wheel) == 40
    for name in in_wheel:
        label, said = name.split(": ", 1)
        assert said.startswith(by_label[label]["status"])
    lists = ["/", "/outcomes/", "/mission/", *(f"/priorities/{slug}/" for slug in addresses.priorities())]
    seen = Counter()
    for path in lists:
        page = site.page(path)
        for label in {words(a) for a in page.all("a")} & by_label.keys():
            found = [status for status in Status if status.label in page.entry(label)]
            assert [status.label for status in found] == [by_label[label]["status"]], (path, label)
            seen[label] += 1
    assert set(seen) == set(by_label) and min(seen.values()) >= 2
