"""The list of what is due: ready to fill in, and handed back as it is."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from outcomes import due, due_files
from outcomes.report import summaries
from tests.factories import create_edition, create_outcome, create_place

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def work(today=TODAY, **measure):
    edition = create_edition()
    create_place(edition=edition)
    fields = {"values": {2021: 50, 2022: 52}, "release_lag_months": 12, "source_name": "A survey"} | measure
    create_outcome(edition=edition, **fields)
    return due.work(summaries(edition, today))


def rows(table):
    return list(table.records())


def test_table_has_a_row_for_each_release_that_should_be_out():
    found = rows(due_files.due_table(work()))
    assert [row["period_label"] for row in found] == ["2023", "2024"]
    first = found[0]
    assert (first["measure"], first["measure_name"], first["area"]) == ("AA1", "People in good jobs", "E06999999")
    assert (first["period_start"], first["period_duration"]) == (date(2023, 1, 1), "P1Y")
    assert (first["source_name"], first["source_url"]) == ("A survey", "https://statistics.example/survey")


@pytest.mark.parametrize("name", ["value", "lower", "upper", "markers", "note", "retrieved_on"])
def test_table_leaves_empty_what_is_to_be_filled_in(name):
    assert not any(row[name] for row in rows(due_files.due_table(work())))


@pytest.mark.parametrize(
    "measure",
    [
        pytest.param({"values": {2024: 50}}, id="not out yet"),
        pytest.param({"values": {}}, id="no value to go on from"),
        pytest.param({"source_state": "ended"}, id="source ended"),
        pytest.param({"frequency": "occasional"}, id="no regular release"),
    ],
)
def test_table_leaves_out_what_is_not_due(measure):
    assert rows(due_files.due_table(work(**measure))) == []


def test_csv_says_the_same():
    table = due_files.due_table(work())
    read = list(csv.DictReader(io.StringIO(due_files.due_csv(table).decode())))
    assert [(r["measure"], r["period_start"], r["value"]) for r in read] == [
        ("AA1", "2023-01-01", ""),
        ("AA1", "2024-01-01", ""),
    ]


def test_xlsx_has_one_sheet_with_its_header_in_the_first_row_and_days_as_days():
    table = due_files.due_table(work())
    book = openpyxl.load_workbook(io.BytesIO(due_files.due_xlsx(table)))
    [sheet] = book.worksheets
    header, *found = sheet.iter_rows(values_only=True)
    assert header == table.columns
    assert [row[header.index("period_start")].date() for row in found] == [date(2023, 1, 1), date(2024, 1, 1)]
    assert {row[header.index("value")] for row in found} == {None}


def test_xlsx_writes_what_looks_like_a_formula_as_text():
    found = work()
    found[0].report.measure.name = "=1+1"
    table = due_files.due_table(found)
    sheet = openpyxl.load_workbook(io.BytesIO(due_files.due_xlsx(table))).active
    assert {cell.data_type for cell in sheet["B"][1:]} == {"s"}
    assert sheet["B2"].value == "=1+1"
