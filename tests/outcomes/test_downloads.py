"""The files, made from the framework as delivered and from small made-up places; what they say is read back."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl.utils import range_boundaries

from luton2040.editions import Edition
from outcomes import catalogue, downloads, formatting, importing, progress, sentences, spreadsheets
from outcomes.models import AreaVersion, MeasureVersion, Milestone, Observation
from outcomes.progress import Point
from outcomes.report import full_report, full_reports, summaries
from outcomes.submissions import compare
from tests import factories as make
from tests import record
from tests.reading import Page
from tests.record import FIXTURES, TODAY

ADDRESSES = {
    "page": "https://example.org/outcomes/aa1/",
    "csv": "https://example.org/outcomes/aa1/data.csv",
    "json": "https://example.org/outcomes/aa1/data.json",
    "xlsx": "https://example.org/outcomes/aa1/data.xlsx",
}
HOSTILE = [
    pytest.param("=1+1", id="formula"),
    pytest.param('=HYPERLINK("https://evil.example","click")', id="formula with commas and quotes"),
    pytest.param("+44 1582 000000", id="plus"),
    pytest.param("-5% of it", id="minus"),
    pytest.param("@SUM(A1:A9)", id="at"),
    pytest.param("-", id="a lone dash"),
    pytest.param("[a](b) [c](d)", id="two links in markdown"),
    pytest.param("$$note$$", id="note mark of gptables"),
    pytest.param("https://a.example/" + "x" * 3000, id="long address"),
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param('said "so", and\nleft', id="quotes, comma and line break"),
    pytest.param("a\r\n=1+1", id="formula after a line break"),
    pytest.param("'=1+1", id="apostrophe"),
    pytest.param("\u00a3 \u2265 \u2019 \u0100 \U0001f600", id="beyond ASCII"),
    pytest.param("\x07 bell", id="control character"),
]


@pytest.fixture
def place(db):
    make.create_place()


def shown(code="AA1"):
    return full_report(code, Edition.objects.current(), TODAY)


def records(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def header(data):
    return data.split(b"\r\n", 1)[0].decode().split(",")


def known():
    measures = {m.measure_id: m for m in MeasureVersion.objects.current()}
    return importing.Known(measures, frozenset(AreaVersion.objects.current().values_list("area", flat=True)))


def taken_back(data):
    """What the import would do with a file."""
    table, problems = importing.read(data, "values.csv")
    assert not problems
    rows, problems = importing.check(table, name="values.csv", known=known(), today=TODAY)
    assert not problems
    return compare(rows)


def workbook(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def marked_up(sheet):
    """The one table of a sheet, as a heading and rows of cells."""
    (table,) = sheet.tables.values()
    left, top, right, bottom = range_boundaries(table.ref)
    return list(sheet.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right))


def sheet_records(sheet):
    heading, *rows = [[cell.value for cell in row] for row in marked_up(sheet)]
    return [dict(zip(heading, row, strict=True)) for row in rows]


def again(status):
    """The status worked out from a JSON file alone."""

    def point(given):
        return given and Point(progress.years(date.fromisoformat(given["on"])), Decimal(str(given["value"])))

    return progress.assess(
        rises=status["direction"] == "higher",
        tolerance=Decimal(str(status["tolerance"])),
        baseline=point(status["baseline"]),
        milestones=[point(m) for m in status["milestones"]],
        target=point(status["target"]),
        latest=point(status["latest"]),
    )


# --- the framework as delivered ---


@pytest.fixture(scope="class")
def delivered(django_db_setup, django_db_blocker):
    """The framework in fixtures/, loaded as the command does it."""
    with django_db_blocker.unblock(), record.delivered() as edition:
        rows = (FIXTURES / "values.csv").read_bytes().splitlines()[1:]
        yield SimpleNamespace(edition=edition, rows=rows, reports=full_reports(edition, TODAY))


@pytest.fixture(scope="class")
def books(delivered):
    """Everything, and one outcome with and one without values."""
    reports = delivered.reports
    full = next(r for r in reports if r.latest and r.latest.markers and r.comparators)
    empty = next(r for r in reports if not r.observations)
    return {
        "everything": workbook(spreadsheets.everything_xlsx(reports)),
        "one": workbook(spreadsheets.outcome_xlsx(full)),
        "empty": workbook(spreadsheets.outcome_xlsx(empty)),
    }


@pytest.fixture(params=["everything", "one", "empty"])
def book(request, books):
    return books[request.param]


class TestAsDelivered:
    """A class, so that what is loaded for it is gone again before any other test."""

    def test_full_reports_take_eleven_queries_however_many_outcomes(self, delivered):
        with CaptureQueriesContext(connection) as queries:
            reports = full_reports(delivered.edition, TODAY)
        assert len(queries) == 11
        with CaptureQueriesContext(connection) as queries:
            full_report(reports[0].code, delivered.edition, TODAY)
        assert len(queries) <= 11

    def test_full_reports_take_one_query_less_when_given_the_vision(self, delivered, django_assert_num_queries):
        vision = delivered.reports[0].vision
        with django_assert_num_queries(10):
            full_reports(delivered.edition, TODAY, vision=vision)

    def test_full_reports_are_those_of_the_summaries_in_the_same_order(self, delivered):
        short = summaries(delivered.edition, TODAY)
        assert [r.code for r in delivered.reports] == [r.code for r in short]
        for full, brief in zip(delivered.reports, short, strict=True):
            assert full.series == brief.series
            assert full.assessment == brief.assessment

    def test_full_report_of_one_is_the_one_among_all(self, delivered):
        for report in delivered.reports:
            alone = full_report(report.code, delivered.edition, TODAY)
            assert alone.observations == report.observations
            assert alone.similar == report.similar
            assert [c.area.area_id for c in alone.comparators] == [c.area.area_id for c in report.comparators]
            assert alone.actions == report.actions
            assert alone.plans == report.plans

    def test_values_csv_has_the_columns_of_the_import_then_those_it_reads_past(self, delivered):
        columns = header(downloads.values_csv(delivered.reports))
        imported = header((FIXTURES / "values.csv").read_bytes().replace(b"\n", b"\r\n"))
        assert set(imported) == {*importing.REQUIRED, *importing.OPTIONAL}
        assert columns == imported + importing.READ_PAST

    def test_values_csv_comes_back_through_the_import_as_no_change(self, delivered):
        difference = taken_back(downloads.values_csv(delivered.reports))
        assert (difference.new, difference.changed) == ([], [])
        assert difference.same == len(delivered.rows) == Observation.objects.count()

    def test_values_csv_of_one_outcome_comes_back_too(self, delivered):
        for report in delivered.reports:
            if report.observations:
                difference = taken_back(downloads.values_csv(report))
                assert not (difference.new or difference.changed)

    def test_values_csv_of_one_is_that_part_of_all(self, delivered):
        first, *rest = delivered.reports
        together = downloads.values_csv(delivered.reports)
        assert together.startswith(downloads.values_csv(first))
        assert together == downloads.values_csv(iter([first, *rest]))

    def test_values_csv_is_rfc_4180(self, delivered):
        data = downloads.values_csv(delivered.reports)
        assert not data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\r\n")
        assert data.count(b"\n") == data.count(b"\r\n") == len(delivered.rows) + 1
        assert {len(row) for row in csv.reader(io.StringIO(data.decode(), newline=""), strict=True)} == {19}

    def test_values_csv_gives_every_value_its_source_period_and_standing(self, delivered):
        for row in records(downloads.values_csv(delivered.reports)):
            for column in ("source_name", "period_label", "period_end", "standing", "licence", "unit", "area_name"):
                assert row[column], (column, row)

    def test_milestones_csv_has_every_point_of_every_path(self, delivered):
        rows = records(downloads.milestones_csv(delivered.reports))
        assert len(rows) == Milestone.objects.count()
        assert {row["standing"] for row in rows} <= {"published", "illustrative"}
        assert {row["result"] for row in rows if row["kind"] != "baseline"} <= {
            s.label for s in progress.MilestoneState
        }
        for row in rows:
            assert bool(row["judged_by_value"]) == (row["result"] in ("Met", "Missed"))
            assert bool(row["source_name"]) == bool(row["value_period"] or row["judged_by_period"])

    def test_outcomes_csv_says_what_the_report_says(self, delivered):
        rows = records(downloads.outcomes_csv(delivered.reports))
        assert len(rows) == len(delivered.reports)
        for row, report in zip(rows, delivered.reports, strict=True):
            assert row["outcome"] == report.code
            assert row["status"] == report.status.label
            assert row["reason"].strip() == sentences.reason(report)
            assert row["name_standing"] in ("Published name", "Working name")
            assert row["priority"] == (report.priority.name if report.priority else report.vision.mission_name)
            assert row["latest_value"] == (downloads._digits(report.latest.value) if report.latest else "")
            assert bool(row["target"]) == bool(row["target_standing"])
            for figure in ("latest", "baseline"):
                assert bool(row[f"{figure}_value"]) == bool(row[f"{figure}_period"]) == bool(row[f"{figure}_standing"])
            assert row["source_name"] and row["edition"] == str(delivered.edition.number)

    def test_anybody_can_work_a_status_out_again_from_the_json_alone(self, delivered):
        read = json.loads(json.dumps(downloads.everything_json(delivered.reports)))
        assert len({entry["status"]["slug"] for entry in read["outcomes"]}) > 3
        for entry in read["outcomes"]:
            found, status = again(entry["status"]), entry["status"]
            assert found.status.slug == status["slug"]
            for number in ("expected", "achieved", "needed", "ratio", "share", "expected_share"):
                exact = getattr(found, number)
                assert (exact is None) == (status[number] is None)
                assert exact is None or abs(exact - Fraction(str(status[number]))) <= Fraction(1, 2_000_000)

    def test_json_is_plain_and_says_the_same_as_the_tables(self, delivered):
        rows = {row["outcome"]: row for row in records(downloads.outcomes_csv(delivered.reports))}
        values = records(downloads.values_csv(delivered.reports))
        held = 0
        for report in delivered.reports:
            entry = json.loads(json.dumps(downloads.outcome_json(report)))
            for column, cell in entry["outcome"].items():
                text = rows[report.code][column].strip()
                assert text == "" if cell is None else text == str(cell) or Decimal(text) == Decimal(str(cell))
            held += sum(len(series["values"]) for series in entry["series"])
            assert len(entry["milestones"]) == len(report.goals) + bool(report.baseline_on)
        assert held == len(values)

    def test_spreadsheet_begins_with_cover_contents_and_notes(self, book):
        assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
        assert len(set(book.sheetnames)) == len(book.sheetnames) == 7
        assert all(len(name) <= 31 for name in book.sheetnames)
        assert book.active.title == "Cover"

    def test_spreadsheet_has_its_title_in_a1_and_one_named_table_a_sheet(self, book):
        names = []
        for sheet in book:
            assert isinstance(sheet["A1"].value, str) and sheet["A1"].font.bold
            if sheet.title != "Cover":
                (table,) = sheet.tables.values()
                names.append(table.name)
                assert table.ref.startswith("A4:")
                assert table.headerRowCount == 1 and table.autoFilter is None
        assert len(set(names)) == len(names)

    def test_spreadsheet_has_nothing_merged_hidden_frozen_empty_or_run(self, book):
        for sheet in book:
            assert not sheet.merged_cells.ranges
            assert sheet.freeze_panes is None
            assert sheet.sheet_state == "visible"
            assert not any(d.hidden for d in [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()])
            assert sheet.sheet_view.selection[0].activeCell in (None, "A1")
            filled = [[cell.value for cell in row] for row in sheet.iter_rows()]
            assert all(any(value is not None for value in row) for row in filled), f"blank row in {sheet.title}"
            assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        for sheet in book.worksheets[1:]:
            empty = [c.coordinate for row in marked_up(sheet) for c in row if c.value is None or c.value == ""]
            assert not empty, f"empty cells in {sheet.title}: {empty[:5]}"

    def test_spreadsheet_headings_are_unique_words(self, book):
        for sheet in book.worksheets[1:]:
            headings = [cell.value for cell in marked_up(sheet)[0]]
            assert len(set(headings)) == len(headings)
            assert not [h for h in headings if "_" in h or h[0].islower()]

    def test_spreadsheet_contents_lead_to_every_other_sheet(self, book):
        rows = marked_up(book["Contents"])[1:]
        assert [row[0].value for row in rows] == book.sheetnames[2:]
        for row in rows:
            assert row[0].hyperlink.location == f"'{row[0].value}'!A1"
            assert row[1].value == book[row[0].value]["A1"].value

    def test_spreadsheet_notes_are_all_referred_to_and_all_there(self, book):
        notes = [row[0].value for row in marked_up(book["Notes"])[1:]]
        said = " ".join(
            str(cell.value)
            for sheet in book.worksheets[3:]
            for row in sheet.iter_rows(max_row=40)
            for cell in row
            if cell.value
        )
        assert notes == [f"[note {n}]" for n in range(1, len(notes) + 1)]
        assert set(re.findall(r"\[note \d+\]", said)) == set(notes)

    def test_spreadsheet_explains_its_shorthand_above_each_table_and_in_the_notes(self, book):
        for sheet in book.worksheets[1:]:
            assert "[x] not available; [z] not applicable" in sheet["A2"].value
        notes = " ".join(row[1].value for row in marked_up(book["Notes"]))
        for marker, words in formatting.MARKERS.items():
            assert f"{marker} {words}" in notes

    def test_spreadsheet_names_its_maker_and_edition(self, book, delivered):
        vision = delivered.reports[0].vision
        made = book.properties
        assert made.title == book["Cover"]["A1"].value
        assert made.creator == vision.publisher
        assert made.subject == vision.name
        assert made.created == made.modified
        assert made.created.replace(tzinfo=UTC) == delivered.edition.issued_at
        for sheet in book.worksheets[1:]:
            assert f"edition {delivered.edition.number}, issued on 1 December 2026" in sheet["A3"].value
        assert vision.framework_note in [row[0].value for row in book["Cover"].iter_rows()]

    def test_spreadsheet_bytes_are_the_same_each_time(self, delivered):
        report = delivered.reports[0]
        first = spreadsheets.outcome_xlsx(report)
        assert spreadsheets.outcome_xlsx(full_report(report.code, delivered.edition, TODAY)) == first

    def test_everything_xlsx_holds_what_the_csv_files_hold(self, books, delivered):
        book = books["everything"]
        rows = records(downloads.values_csv(delivered.reports))
        cells = sheet_records(book["Values"])
        assert len(cells) == len(rows)
        for cell, row in zip(cells, rows, strict=True):
            assert cell["Value"] == float(row["value"])
            assert (cell["Measure code"], cell["Area code"]) == (row["measure"], row["area"])
            assert cell["Period"] == row["period_label"]
            assert cell["Standing [note 2]"] == row["standing"]
            assert cell["Source name"] == row["source_name"]
            assert cell["Lower 95% limit"] == (float(row["lower"]) if row["lower"] else "[x]")
        assert len(marked_up(book["Outcomes"])) == len(delivered.reports) + 1
        assert len(marked_up(book["Milestones"])) == Milestone.objects.count() + 1

    def test_everything_xlsx_labels_targets_and_names(self, books, delivered):
        outcomes = sheet_records(books["everything"]["Outcomes"])
        for cells, report in zip(outcomes, delivered.reports, strict=True):
            assert cells["Name standing [note 1]"] == report.outcome.get_name_standing_display()
            assert cells["Target standing [note 3]"] == (report.target.standing if report.target else "[z]")
            assert cells["Status [note 4]"] == report.status.label
        for cells in sheet_records(books["everything"]["Milestones"]):
            assert cells["Standing [note 3]"] in ("published", "illustrative")

    def test_catalogue_is_a_dataset_with_all_that_search_engines_ask_for(self, delivered):
        report = next(r for r in delivered.reports if r.comparators)
        entry = catalogue.dataset(report, **ADDRESSES)
        assert entry["@context"] == "https://schema.org/" and entry["@type"] == "Dataset"
        assert entry["name"] == f"{report.measure.name}, {report.vision.place}"
        assert 50 <= len(entry["description"]) <= 5000
        assert entry["creator"]["name"] == report.measure.publisher
        assert entry["publisher"]["name"] == report.vision.publisher
        assert entry["variableMeasured"]["unitText"] == report.measure.unit
        assert entry["spatialCoverage"][0] == {
            "@type": "Place", "name": report.vision.place, "identifier": report.vision.home_area,
        }  # fmt: skip
        assert [d["contentUrl"] for d in entry["distribution"]] == [ADDRESSES[k] for k in ("csv", "json", "xlsx")]
        assert json.loads(json.dumps(entry)) == entry


# --- reading all reports ---


def test_full_report_of_an_unknown_code_is_none(place):
    assert shown("ZZ9") is None
    assert full_reports(Edition.objects.current(), TODAY) == []


def test_full_reports_limited_to_codes_keep_apart_what_belongs_to_each(place):
    for position, code in enumerate(["AA1", "AA2", "AA3"], 1):
        make.create_outcome(code=code, position=position, values={2020: position})
        make.create_action(key=code.lower(), outcome=code, text=f"For {code}")
        make.create_plan(slug=f"plan-{position}", position=4 - position)
        make.create_plan_outcome(plan=f"plan-{position}", outcome=code)
    make.create_plan_outcome(plan="plan-3", outcome="AA1")
    first, last = full_reports(Edition.objects.current(), TODAY, codes=["AA3", "AA1"])
    assert [first.code, last.code] == ["AA1", "AA3"]
    assert [v.value for v in first.observations[make.HOME]] == [1]
    assert [a.text for a in last.actions] == ["For AA3"]
    assert [plan.plan_id for plan, _ in first.plans] == ["plan-3", "plan-1"]
    assert {link.outcome_id for _, link in first.plans} == {"AA1"}


def test_full_report_leaves_out_a_comparator_that_is_no_longer_an_area(place):
    make.create_outcome(values={2020: 1}, comparators={make.COUNTRY: {2020: 2}})
    AreaVersion.objects.filter(area=make.COUNTRY).delete()
    assert shown().comparators == []
    assert records(downloads.values_csv(shown()))[1]["area_name"] == make.COUNTRY


# --- values.csv ---


def test_values_csv_does_not_lend_the_measures_licence_to_a_value_from_elsewhere(place):
    make.create_outcome()
    own = make.create_observation(year=2020, source_name="A survey", source_url="https://other.example/")
    same_page = make.create_observation(year=2021, source_name="A survey, 2021 release",
                                        source_url="https://statistics.example/survey")  # fmt: skip
    foreign = make.create_observation(year=2022, source_name="A newspaper", source_url="https://news.example/")
    unnamed = make.create_observation(year=2023, source_name="", source_url="")
    nowhere = make.create_observation(year=2024, source_name="A newspaper", source_url="")
    rows = {row["period_label"]: row for row in records(downloads.values_csv(shown()))}
    licence = {o.period_start.year: rows[str(o.period_start.year)]["licence"]
               for o in (own, same_page, foreign, unnamed, nowhere)}  # fmt: skip
    ogl = "Open Government Licence v3.0"
    assert licence == {
        2020: ogl, 2021: ogl, 2022: downloads.OTHER_LICENCE, 2023: ogl, 2024: downloads.OTHER_LICENCE,
    }  # fmt: skip
    assert rows["2023"]["source_name"] == "A survey"
    assert rows["2023"]["source_url"] == "https://statistics.example/survey"


@pytest.mark.parametrize(
    ("markers", "said"),
    [
        pytest.param("", "published", id="none"),
        pytest.param("[p]", "provisional", id="provisional"),
        pytest.param("[r]", "revised", id="revised"),
        pytest.param("[e]", "estimated", id="estimated"),
        pytest.param("[u]", "low reliability", id="unreliable"),
        pytest.param("[b]", "break in the series", id="break"),
        pytest.param("[c]", "confidential", id="confidential"),
        pytest.param("[e][p]", "provisional, estimated", id="two"),
    ],
)
def test_standing_says_in_words_what_the_markers_say(place, markers, said):
    make.create_outcome()
    make.create_observation(markers=markers)
    report = shown()
    (row,) = records(downloads.values_csv(report))
    (value,) = downloads.outcome_json(report)["series"][0]["values"]
    (cells,) = sheet_records(workbook(spreadsheets.outcome_xlsx(report))["Values"])
    assert (row["markers"], row["standing"]) == (markers, said)
    assert (value["markers"], value["standing"]) == (markers, said)
    assert (cells["Shorthand [note 2]"], cells["Standing [note 2]"]) == (markers or "[z]", said)
    assert downloads.outcome_json(report)["outcome"]["latest_standing"] == said


@pytest.mark.parametrize(
    ("held", "written", "in_json"),
    [
        pytest.param("23.860000", "23.86", 23.86, id="no needless zeros"),
        pytest.param("100", "100", 100, id="whole, not 1E+2"),
        pytest.param("-0.000001", "-0.000001", -0.000001, id="small and negative, not 1E-6"),
        pytest.param("-1234567.5", "-1234567.5", -1234567.5, id="no thousands separators, plain minus"),
        pytest.param("0", "0", 0, id="zero"),
        pytest.param("0.1", "0.1", 0.1, id="no float noise"),
        pytest.param("123456789.123456", "123456789.123456", 123456789.123456, id="fifteen digits"),
    ],
)
def test_numbers_are_written_as_they_are_held(place, held, written, in_json):
    make.create_outcome()
    make.create_observation(value=held, lower=Decimal(held), upper=Decimal(held))
    report = shown()
    data = downloads.values_csv(report)
    (row,) = records(data)
    assert (row["value"], row["lower"], row["upper"]) == (written,) * 3
    (value,) = downloads.outcome_json(report)["series"][0]["values"]
    assert value["value"] == in_json and type(value["value"]) is type(in_json)
    assert Decimal(json.dumps(value["lower"])) == Decimal(held)
    (cells,) = sheet_records(workbook(spreadsheets.outcome_xlsx(report))["Values"])
    assert cells["Value"] == pytest.approx(in_json, rel=1e-15)
    assert taken_back(data).same == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_note_is_text_in_every_file_and_comes_back_as_it_was(place, text):
    make.create_outcome(caveat=text)
    make.create_observation(note=text)
    report = shown()
    data = downloads.values_csv(report)
    (row,) = records(data)
    assert row["note"].strip() == text
    assert row["note"][0] not in "=+-@\t\r\n"
    assert taken_back(data).same == 1
    book = workbook(spreadsheets.outcome_xlsx(report))
    cells = [cell for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert all(cell.hyperlink is None or cell.hyperlink.location for cell in cells)
    (held,) = sheet_records(book["Values"])
    escaped = re.sub(r"_x00([0-9A-F]{2})_", lambda code: chr(int(code[1], 16)), held["Note"])
    assert escaped == text
    assert downloads.outcome_json(report)["series"][0]["values"][0]["note"] == text


def test_a_hostile_name_is_text_in_the_tables_of_outcomes_too(place):
    make.create_outcome(name="=cmd()", target=(2040, 60), baseline=2020, values={2020: 50})
    Milestone.objects.update(basis="@basis")
    assert records(downloads.outcomes_csv(shown()))[0]["name"] == " =cmd()"
    assert {row["outcome_name"] for row in records(downloads.milestones_csv(shown()))} == {" =cmd()"}
    assert {row["basis"] for row in records(downloads.milestones_csv(shown()))} == {" @basis"}


def test_a_negative_number_is_not_taken_for_a_formula(place):
    make.create_outcome(values={2020: -3, 2021: -2}, baseline=2020, target=(2040, -1))
    (row,) = records(downloads.outcomes_csv(shown()))
    assert (row["baseline_value"], row["latest_value"], row["target"]) == ("-3", "-2", "-1")


def test_a_summary_without_other_areas_still_gives_the_values_of_the_home_area(place):
    make.create_outcome(values={2020: 1}, comparators={make.COUNTRY: {2020: 2}})
    (report,) = summaries(Edition.objects.current(), TODAY)
    (row,) = records(downloads.values_csv(report))
    assert (row["area"], row["area_name"]) == (make.HOME, "Anytown")


def test_places_come_home_first_then_comparators_then_the_most_similar(place):
    for code, rank in {"E06000003": 2, "E06000002": 1, "E06000001": None}.items():
        make.create_area(code=code, name=code, similarity=rank)
    make.create_outcome(
        comparators={c: {2021: 1, 2020: 2} for c in ("E06000001", "E06000003", make.COUNTRY, "E06000002")},
        values={2020: 1},
    )
    held = downloads.places(shown())
    assert [(p.code, p.role) for p in held] == [
        (make.HOME, "home"),
        (make.COUNTRY, "comparator"),
        ("E06000002", "similar"),
        ("E06000003", "similar"),
        ("E06000001", "other"),
    ]
    assert [v.period.start.year for v in held[1].values] == [2020, 2021]


def test_periods_of_one_start_come_shortest_first_whatever_the_order_of_the_rows(place):
    make.create_outcome()
    for duration in ("P2Y", "P1Y"):
        make.create_observation(year=2020, period_duration=duration)
    rows = records(downloads.values_csv(shown()))
    assert [row["period_duration"] for row in rows] == ["P1Y", "P2Y"]
    assert [row["period_label"] for row in rows] == ["2020", "2020 to 2021"]


@pytest.mark.parametrize(
    "make_file", [downloads.values_csv, downloads.milestones_csv, downloads.outcomes_csv, downloads.revisions_csv]
)
def test_a_table_of_nothing_is_its_header(make_file):
    data = make_file([])
    assert data.endswith(b"\r\n") and data.count(b"\r\n") == 1
    assert "measure" in header(data)


def test_an_older_edition_gives_its_own_values(place):
    make.create_outcome(values={2020: 50})
    old = Edition.objects.current()
    new = make.create_edition()
    Observation.objects.update(last_edition=old)
    make.create_observation(edition=new, value=51, markers="[r]")
    assert [r["value"] for r in records(downloads.values_csv(full_report("AA1", old, TODAY)))] == ["50"]
    assert [r["value"] for r in records(downloads.values_csv(full_report("AA1", new, TODAY)))] == ["51"]


# --- milestones.csv ---


def test_milestones_csv_has_a_stable_header():
    assert (
        header(downloads.milestones_csv([]))
        == (
            "outcome outcome_name name_standing measure measure_name kind due_on value unit standing basis "
            "value_period value_standing result judged_by_period judged_by_value judged_by_standing "
            "source_name source_url edition agreed_by agreed_on"
        ).split()
    )


def test_milestones_csv_tells_how_each_point_turned_out(place):
    make.create_outcome(
        values={2020: 50, 2021: 53, 2022: 53}, baseline=2020, milestones={2021: 52, 2022: 55, 2023: 56, 2030: 60},
        target=(2040, 70),
    )  # fmt: skip
    Observation.objects.filter(period_start=date(2022, 1, 1)).update(markers="[p]")
    rows = records(downloads.milestones_csv(shown()))
    assert [(r["kind"], r["due_on"], r["value"], r["result"]) for r in rows] == [
        ("baseline", "2020-01-01", "50", ""),
        ("milestone", "2021-12-31", "52", "Met"),
        ("milestone", "2022-12-31", "55", "Missed"),
        ("milestone", "2023-12-31", "56", "Not known yet"),
        ("milestone", "2030-12-31", "60", "To come"),
        ("target", "2040-12-31", "70", "To come"),
    ]
    missed = rows[2]
    assert (missed["judged_by_period"], missed["judged_by_value"]) == ("2022", "53")
    assert missed["judged_by_standing"] == "provisional"
    assert missed["source_name"] == "A survey"
    assert (rows[0]["value_period"], rows[0]["value_standing"]) == ("2020", "published")
    assert rows[5]["source_name"] == ""


def test_milestones_csv_leaves_a_baseline_empty_whose_figure_is_not_there(place):
    make.create_outcome(baseline=2020, target=(2040, 70))
    start, _ = records(downloads.milestones_csv(shown()))
    assert (start["value"], start["value_period"], start["value_standing"]) == ("", "", "")


def test_milestones_csv_labels_what_is_nobodys_commitment(place):
    make.create_outcome(code="AA1", values={2020: 1}, target=(2040, 2), standing="published")
    make.create_outcome(code="AA2", values={2020: 1}, target=(2040, 2), position=2)
    rows = records(downloads.milestones_csv(full_reports(Edition.objects.current(), TODAY)))
    assert {row["outcome"]: row["standing"] for row in rows} == {"AA1": "published", "AA2": "illustrative"}


def test_milestones_say_who_agreed_them_in_every_file(place):
    make.create_outcome(values={2020: 1}, target=(2040, 2), standing="published")
    Milestone.objects.update(agreed_by="=Fairness Taskforce", agreed_on=date(2026, 5, 3))
    report = shown()
    (row,) = records(downloads.milestones_csv(report))
    assert (row["agreed_by"], row["agreed_on"]) == (" =Fairness Taskforce", "2026-05-03")
    (point,) = downloads.outcome_json(report)["milestones"]
    assert (point["agreed_by"], point["agreed_on"]) == ("=Fairness Taskforce", "2026-05-03")
    (cells,) = sheet_records(workbook(spreadsheets.outcome_xlsx(report))["Milestones"])
    assert (cells["Agreed by"], cells["Agreed on"]) == ("=Fairness Taskforce", datetime(2026, 5, 3))


def test_milestones_that_nobody_is_known_to_have_agreed_leave_it_empty(place):
    make.create_outcome(values={2020: 1}, target=(2040, 2))
    report = shown()
    (row,) = records(downloads.milestones_csv(report))
    assert (row["agreed_by"], row["agreed_on"]) == ("", "")
    (cells,) = sheet_records(workbook(spreadsheets.outcome_xlsx(report))["Milestones"])
    assert (cells["Agreed by"], cells["Agreed on"]) == ("[z]", "[z]")


# --- revisions.csv ---


def test_revisions_csv_has_a_stable_header():
    assert (
        header(downloads.revisions_csv([]))
        == (
            "edition revised_on measure area period_start period_duration was value reason "
            "measure_name area_name period_label unit"
        ).split()
    )


@pytest.fixture
def revised(place):
    """A value revised twice and one withdrawn, of the home area; one revised of the country."""
    make.create_outcome(values={2020: 50, 2021: 51}, comparators={make.COUNTRY: {2021: 60}})
    summer = datetime(2026, 7, 1, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    for lines, reason in (
        (
            [make.make_line(year=2021, value="51.25"), make.make_line(row=3, area=make.COUNTRY, year=2021, value=61)],
            "One",
        ),
        ([make.make_line(year=2021, value=-3), make.make_line(row=3, withdraws=True, year=2020)], "=Two"),
    ):
        record.publish_handed_in(*lines, public_reason=reason, issued_at=summer)
    return shown()


def test_revisions_csv_has_a_row_for_each_value_revised_or_withdrawn(revised):
    rows = records(downloads.revisions_csv(revised))
    assert [(r["edition"], r["area"], r["period_label"], r["was"], r["value"], r["reason"]) for r in rows] == [
        ("3", make.HOME, "2021", "51.25", "-3", " =Two"),
        ("3", make.HOME, "2020", "50", "", " =Two"),
        ("2", make.HOME, "2021", "51", "51.25", "One"),
        ("2", make.COUNTRY, "2021", "60", "61", "One"),
    ]
    assert {row["revised_on"] for row in rows} == {"2026-07-01"}
    assert (rows[0]["measure"], rows[0]["period_start"], rows[0]["period_duration"]) == ("AA1", "2021-01-01", "P1Y")
    assert (rows[3]["area_name"], rows[3]["unit"]) == ("The Country", revised.measure.unit)


def test_revisions_are_in_the_json_and_the_spreadsheet_too(revised):
    found = downloads.outcome_json(revised)["revisions"]
    assert [(r["edition"], r["area"], r["was"], r["value"], r["reason"]) for r in found] == [
        (3, make.HOME, 51.25, -3, "=Two"), (3, make.HOME, 50, None, "=Two"),
        (2, make.HOME, 51, 51.25, "One"), (2, make.COUNTRY, 60, 61, "One"),
    ]  # fmt: skip
    assert json.loads(json.dumps(found)) == found
    for book in (spreadsheets.outcome_xlsx(revised), spreadsheets.everything_xlsx(revised)):
        cells = sheet_records(workbook(book)["Revisions"])
        assert [(c["Edition"], c["Value before"], c["Value"], c["Reason"]) for c in cells] == [
            (3, 51.25, -3, "=Two"), (3, 50, "[x]", "=Two"), (2, 51, 51.25, "One"), (2, 60, 61, "One"),
        ]  # fmt: skip


def test_revisions_file_is_listed_on_the_data_page(exampleton, client):
    page = Page(client.get("/data/"))
    assert page.link("Revisions (CSV)") == "/data/revisions.csv"
    answer = client.get("/data/revisions.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="exampleton-2035-revisions.csv"'
    assert records(answer.content) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_reason_is_text_in_every_file(place, text):
    make.create_outcome(values={2020: 50})
    record.publish_handed_in(make.make_line(year=2020, value=51), public_reason=text)
    (row,) = records(downloads.revisions_csv(shown()))
    assert row["reason"].strip() == text and row["reason"][0] not in "=+-@\t\r\n"
    cells = [c for sheet in workbook(spreadsheets.outcome_xlsx(shown())) for r in sheet.iter_rows() for c in r]
    assert not [cell for cell in cells if cell.data_type == "f"]


# --- outcomes.csv ---


def test_outcomes_csv_has_a_stable_header():
    assert (
        header(downloads.outcomes_csv([]))
        == (
            "outcome priority name name_standing name_source resident_statement measure measure_name unit "
            "direction status status_slug reason latest_value latest_period latest_standing "
            "baseline_value baseline_period baseline_standing expected_by_now share_of_the_way expected_share "
            "target target_due_on target_standing freshness source_name source_url licence "
            "edition edition_issued_on definition caveat"
        ).split()
    )


def test_outcomes_csv_of_an_outcome_without_a_value(place):
    make.create_outcome(baseline=2020, target=(2040, 70))
    (row,) = records(downloads.outcomes_csv(shown()))
    assert (row["status"], row["status_slug"]) == ("Awaiting data", "no-data")
    assert row["latest_value"] == row["latest_standing"] == row["share_of_the_way"] == row["expected_by_now"] == ""
    assert (row["target"], row["target_standing"]) == ("70", "illustrative")
    assert row["freshness"] == "No figure yet"


def test_outcomes_csv_of_an_outcome_with_one_value(place):
    make.create_outcome(values={2020: 50}, baseline=2020, target=(2040, 70))
    (row,) = records(downloads.outcomes_csv(shown()))
    assert (row["status"], row["latest_value"], row["baseline_value"]) == ("Baseline only", "50", "50")
    assert row["share_of_the_way"] == "0"


def test_outcomes_csv_rounds_what_is_worked_out_to_six_decimals(place):
    make.create_outcome(values={2020: 0, 2021: 1}, baseline=2020, target=(2040, 3), tolerance="0.01")
    (row,) = records(downloads.outcomes_csv(shown()))
    assert row["share_of_the_way"] == "0.333333"
    # 365 days of the 7,305 from the end of 2020 to the end of 2040
    assert row["expected_by_now"] == "0.149897"


def test_the_day_of_an_edition_is_the_day_at_home(place):
    Edition.objects.update(issued_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    make.create_outcome()
    assert records(downloads.outcomes_csv(shown()))[0]["edition_issued_on"] == "2026-07-01"


def test_a_mission_outcome_stands_under_the_mission(place):
    make.create_outcome(priority=None)
    assert records(downloads.outcomes_csv(shown()))[0]["priority"] == "Nobody goes without"


# --- JSON ---


def test_json_has_stable_names(place):
    make.create_outcome(values={2020: 50, 2021: 52}, baseline=2020, milestones={2030: 60}, target=(2040, 70))
    entry = downloads.outcome_json(shown())
    assert list(entry) == [
        "edition", "as_of", "place", "publisher", "framework",
        "outcome", "measure", "status", "milestones", "series", "sentences", "next_due", "revisions",
    ]  # fmt: skip
    assert list(entry["edition"]) == ["number", "issued_at", "summary"]
    assert list(entry["outcome"]) == header(downloads.outcomes_csv([]))
    assert list(entry["milestones"][0]) == header(downloads.milestones_csv([]))
    assert list(entry["measure"]) == ["code", *downloads.MEASURE_FIELDS]
    assert list(entry["status"]) == [
        "slug", "label", "family", "rule", "path_rule", "direction", "tolerance", "baseline", "milestones",
        "target", "latest", "expected", "achieved", "needed", "ratio", "share", "expected_share",
    ]  # fmt: skip
    assert list(entry["series"][0]) == ["area", "name", "role", "values"]
    assert list(entry["series"][0]["values"][0]) == [
        "period_start", "period_duration", "value", "lower", "upper", "markers", "note", "source_name",
        "source_url", "retrieved_on", "period_label", "period_end", "standing", "licence",
    ]  # fmt: skip
    assert list(entry["sentences"]) == [
        "takeaway", "reason", "way", "trend", "projection", "freshness", "comparison",
    ]  # fmt: skip


def test_json_labels_standing_of_name_target_and_values(place):
    make.create_outcome(values={2020: 50}, target=(2040, 70))
    Observation.objects.update(markers="[e]")
    entry = downloads.outcome_json(shown())
    assert entry["outcome"]["name_standing"] == "Working name"
    assert entry["status"]["target"] == {"on": "2040-12-31", "value": 70, "standing": "illustrative"}
    assert entry["status"]["latest"] == {"on": "2020-12-31", "value": 50, "standing": "estimated"}
    assert entry["milestones"][0]["standing"] == "illustrative"


def test_json_of_an_outcome_without_a_value(place):
    make.create_outcome()
    entry = json.loads(json.dumps(downloads.outcome_json(shown())))
    assert entry["series"] == [] and entry["milestones"] == []
    assert entry["status"]["slug"] == "no-data"
    assert entry["status"]["latest"] is entry["status"]["baseline"] is entry["status"]["target"] is None
    assert entry["sentences"]["takeaway"] == "No value for Anytown is published."


def test_everything_json_says_edition_and_place_once(place):
    make.create_outcome(values={2020: 50})
    make.create_outcome(code="AA2", position=2)
    both = downloads.everything_json(full_reports(Edition.objects.current(), TODAY))
    assert both["edition"]["number"] == 1 and both["place"] == {"name": "Anytown", "area": make.HOME}
    assert [entry["outcome"]["outcome"] for entry in both["outcomes"]] == ["AA1", "AA2"]
    assert both["outcomes"][0].items() <= downloads.outcome_json(shown()).items()


def test_everything_json_of_nothing_is_an_empty_list():
    assert downloads.everything_json([]) == {"outcomes": []}


# --- spreadsheets ---


def test_outcome_xlsx_gives_the_outcome_upright_and_dates_as_dates(place):
    make.create_outcome(values={2020: 50, 2021: 51}, baseline=2020, target=(2040, 70))
    book = workbook(spreadsheets.outcome_xlsx(shown()))
    items = {row["Item"]: row["What is held"] for row in sheet_records(book["Outcome"])}
    assert items["Latest value"] == 51
    assert items["Target due on"] == datetime(2040, 12, 31)
    assert items["Target standing [note 3]"] == "illustrative"
    assert items["Name standing [note 1]"] == "Working name"
    assert items["Caveat"] == "[z]"
    cover = [row[0].value for row in book["Cover"].iter_rows()]
    assert cover[0] == "People in good jobs, Anytown"
    assert cover[1] == sentences.takeaway(shown())


def test_outcome_xlsx_without_a_value_says_so(place):
    make.create_outcome(target=(2040, 70))
    book = workbook(spreadsheets.outcome_xlsx(shown()))
    (row,) = sheet_records(book["Values"])
    assert row["Area name"] == "None yet" and row["Note"] == "[z]"
    items = {row["Item"]: row["What is held"] for row in sheet_records(book["Outcome"])}
    assert items["Latest value"] == "[x]"
    assert items["Expected by now [note 5]"] == "[z]"


def test_outcome_xlsx_without_a_path_still_has_its_milestones_sheet(place):
    make.create_outcome(values={2020: 50})
    (row,) = sheet_records(workbook(spreadsheets.outcome_xlsx(shown()))["Milestones"])
    assert row["Outcome code"] == "None yet"


# --- catalogue ---


def test_catalogue_covers_the_time_of_all_areas(place):
    make.create_outcome(values={2020: 1}, comparators={make.COUNTRY: {2018: 1, 2022: 1}})
    assert catalogue.dataset(shown(), **ADDRESSES)["temporalCoverage"] == "2018-01-01/2022-12-31"


def test_catalogue_of_an_outcome_without_a_value_claims_no_time_or_place(place):
    make.create_outcome(source_url="", licence="")
    entry = catalogue.dataset(shown(), **ADDRESSES)
    assert not {"temporalCoverage", "spatialCoverage", "isBasedOn", "license"} & set(entry)


@pytest.mark.parametrize(
    ("licence", "given"),
    [
        pytest.param(
            "Open Government Licence v3.0",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            id="open",
        ),
        pytest.param(
            "Figure quoted; no open licence stated",
            {"@type": "CreativeWork", "name": "Figure quoted; no open licence stated"},
            id="in words",
        ),
    ],
)
def test_catalogue_gives_the_licence_by_address_where_it_is_known(place, licence, given):
    make.create_outcome(licence=licence)
    assert catalogue.dataset(shown(), **ADDRESSES)["license"] == given


@pytest.mark.parametrize("standing", ["published", "illustrative"])
def test_catalogue_labels_an_illustrative_target_and_a_working_name(place, standing):
    make.create_outcome(name="More good jobs.", values={2020: 1}, target=(2040, 2), standing=standing)
    said = catalogue.dataset(shown(), **ADDRESSES)["description"]
    assert "More good jobs (working name)." in said
    assert ("nobody\u2019s commitment" in said) == (standing == "illustrative")
