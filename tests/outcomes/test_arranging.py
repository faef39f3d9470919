"""From what people hand in to rows: which column is which, what its cells mean, and that nothing is guessed."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes import arranging, downloads, sheets, spreadsheets
from outcomes.importing import OPTIONAL, REQUIRED, Known
from outcomes.models import AreaVersion, MeasureVersion
from outcomes.periods import Period
from outcomes.publishing import compare
from outcomes.report import full_reports
from outcomes.series import periods
from tests import record
from tests.outcomes import books
from tests.record import TODAY

HOME, OTHER = "E06999999", "E92999999"
KNOWN = Known(
    {
        "AA1": MeasureVersion(
            name="People in good jobs",
            unit="per cent of people",
            unit_symbol="%",
            frequency="annual",
            natural_min=Decimal(0),
            natural_max=Decimal(100),
            source_name="A survey",
        ),
        "BB1": MeasureVersion(
            name="Weekly pay", unit="pounds a week", unit_symbol="£", frequency="financial-year", source_name="Pay"
        ),
    },
    frozenset([HOME, OTHER]),
)
SERIES = {
    "AA1": [Period(date(2022, 1, 1), "P1Y"), Period(date(2023, 1, 1), "P1Y")],
    "BB1": [Period(date(2022, 4, 1), "P1Y")],
}
RELEASED = date(2026, 3, 1)


def take(cells, measure="AA1", released=RELEASED, **more):
    """What comes of pasted cells, or of a file."""
    sheet, problems = sheets.read_pasted(cells) if isinstance(cells, str) else sheets.read(cells, "a.xlsx")
    assert problems == []
    given = {"known": KNOWN, "today": TODAY, "home_area": HOME, "series": SERIES} | more
    return arranging.take(sheet, default_measure=measure, default_day=released, **given)


def told(taken):
    return [(p.row, p.column, p.what) for p in taken.problems]


def stated(taken):
    return [
        (row.row, row.measure_id, row.period_start.isoformat(), row.period_duration, str(row.value))
        for row in taken.rows
    ]


# --- which column is which ---


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param("2024\t9.9", id="no header"),
        pytest.param("AA1\t2024\t9.9", id="no header, with measure"),
        pytest.param("Period\tValue\n2024\t9.9", id="header"),
        pytest.param("VALUE\tperiod:\n9.9%\t2024", id="header in another order and case"),
        pytest.param("Measure code\tTime period\tFigure\naa1\t2024\t9.9", id="synonyms, measure in small letters"),
        pytest.param("Measure\tYear\tValue\nPeople in good jobs\t2024\t9.9", id="measure by name"),
        pytest.param("Measure name\tYear\tValue\npeople in good jobs\t2024\t9.9", id="measure in the column of names"),
        pytest.param("period_start,period_duration,value\n2024-01-01,P1Y,9.9", id="as the import has it"),
        pytest.param("Period start,Duration,Value\n1/1/2024,p1y,9.9", id="as the import has it, by hand"),
        pytest.param("Period,Period start,Duration,Value\n2024,45292,P1Y,9.9", id="label, start and length"),
        pytest.param("Period,Period start,Value\n2024,2024-01-01,9.9", id="label and start"),
        pytest.param("Period,Period start,Duration,Value\n2024,,,9.9", id="label, the others blank"),
        pytest.param("Period,Period end,Value\n2024,31/12/2024,9.9", id="label and end"),
        pytest.param("Area code,Period,Value\ne06999999,2024,9.9", id="area in small letters"),
        pytest.param("Area name,Period,Value\n,2024,9.9", id="names of areas, none given"),
        pytest.param("Measure,Period,Value\n,2024,9.9", id="measure left blank"),
    ],
)
def test_take_of_one_row(cells):
    taken = take(cells)
    assert told(taken) == []
    [row] = taken.rows
    assert row[1:] == (
        "AA1", HOME, date(2024, 1, 1), "P1Y", Decimal("9.9"), None, None, "", "", "A survey", "", RELEASED,
    )  # fmt: skip


def test_take_of_all_columns():
    header = "Measure,Area,Period,Value,Lower limit,Upper limit,Marker(s),Note,Source,Source link,Release date"
    row = 'BB1,E92999999,2023/24,"£1,586.5 [p]","£1,500","£1,600","[r], [b]",So,Another,https://a.example/,3 May 2026'
    [row] = take(f"{header}\n{row}\n").rows
    assert row == (
        2, "BB1", OTHER, date(2023, 4, 1), "P1Y", Decimal("1586.5"), Decimal(1500), Decimal(1600), "[r][b][p]", "So",
        "Another", "https://a.example/", date(2026, 5, 3),
    )  # fmt: skip


def test_take_of_limits_without_a_header():
    [row] = take("2024\t9.9\t9\t10.5").rows
    assert (row.value, row.lower, row.upper) == (Decimal("9.9"), Decimal(9), Decimal("10.5"))
    [row] = take("BB1\t2024/25\t£9\t£8\t£10", measure=None).rows
    assert (row.measure_id, row.value, row.lower, row.upper) == ("BB1", Decimal(9), Decimal(8), Decimal(10))


def test_take_reads_past_other_columns_and_says_so():
    taken = take("Period\tValue\tRAG\tUnit\tComments\n2024\t9.9\tgreen\t%\tNot for the public")
    assert taken.notes == ["Columns that were not read: “RAG”, “Comments”."]
    assert taken.rows[0].note == ""


@pytest.mark.parametrize(
    "cells, measure, released, what",
    [
        pytest.param("Period\tLuton\n2024\t9", "AA1", RELEASED, "No column is named “Value”.", id="no value"),
        pytest.param("Measure\tValue\nAA1\t9", "AA1", RELEASED, "No column is named “Period”.", id="no period"),
        pytest.param("Period\tValue\n2024\t9", None, RELEASED, "No column is named “Measure code”.", id="no measure"),
        pytest.param("Period\tValue\n2024\t9", "AA1", None, "No column is named “Release used”.", id="no release"),
        pytest.param(
            "Area name\tPeriod\tValue\nLuton\t2024\t9\nEngland\t2024\t8", "AA1", RELEASED,
            "No column is named “Area code”.", id="areas by name alone",
        ),
        pytest.param(
            "Measure\tUnit\n9\t9", None, None,
            "No column is named “Value” and “Period” and “Release used”.", id="nearly nothing",
        ),
        pytest.param(
            "Period\tYear\tValue\n2024\t2024\t9", "AA1", RELEASED,
            "Two columns could be the period: “Period” and “Year”.", id="two periods",
        ),
        pytest.param(
            "Period start\tWas\tValue\n2024-01-01\t8\t9", "AA1", RELEASED,
            "This is a list of revisions, not of values.", id="revisions",
        ),
        pytest.param("2024", "AA1", RELEASED, "Nothing says what the 1 columns are.", id="one column"),
        pytest.param("2024\t9\t[p]", "AA1", RELEASED, "Nothing says what the 3 columns are.", id="three columns"),
        pytest.param("AA1\t2024\t9\t8", "AA1", RELEASED, "Nothing says what the 4 columns are.", id="one limit"),
        pytest.param("2024\t9", None, RELEASED, "Nothing says which measure the values are of.", id="whose"),
        pytest.param("ZZ9\t2024\t9", None, RELEASED, "Nothing says which measure the values are of.", id="unknown"),
    ],
)  # fmt: skip
def test_take_of_columns_that_cannot_be_told(cells, measure, released, what):
    taken = take(cells, measure=measure, released=released)
    assert told(taken) == [(None, "", what)]
    assert taken.rows == [] and taken.left_out == 0
    assert taken.problems[0].mend


def test_take_keeps_the_first_of_two_columns_in_words():
    assert len(take("Period,Value,Unit,Unit\n2024,9.9,%,%").rows) == 1


def test_take_does_not_know_a_measure_by_a_name_that_two_have():
    twins = Known({code: MeasureVersion(name="Twins", unit="") for code in ("AA1", "AA2")}, KNOWN.areas)
    taken = take("Measure,Period,Value\nTwins,2024,9.9\nAA2,2024,9.9", known=twins)
    assert told(taken) == [(2, "measure", "“Twins” is not a measure.")]


# --- what its cells mean ---


@pytest.mark.parametrize(
    "cell, column, what",
    [
        pytest.param({"Value": "n/a"}, "value", "“n/a” means that there is no value.", id="no value"),
        pytest.param({"Value": "[x]"}, "value", "“[x]” means that there is no value.", id="not available"),
        pytest.param({"Value": "£9"}, "value", "“£9” is not in the unit of the measure, per cent of people.",
                     id="unit"),
        pytest.param({"Value": "=1+1"}, "value", "The cell holds a formula.", id="formula"),
        pytest.param({"Value": "#REF!"}, "value", "The cell holds #REF!, an error of the spreadsheet.", id="error"),
        pytest.param({"Note": "#REF!"}, "note", "The cell holds #REF!, an error of the spreadsheet.", id="in a note"),
        pytest.param({"Period": "#REF!"}, "period", "The cell holds #REF!, an error of the spreadsheet.", id="period"),
        pytest.param({"Value": "101", "Lower": "", "Upper": ""}, "value",
                     "“101” is outside what the measure can be, which is at most 100%.", id="found by the import"),
        pytest.param({"Value": ""}, "value", "There is no value.", id="limits alone"),
        pytest.param({"Lower": "8 [p]"}, "lower", "A limit has shorthand beside it.", id="limit with shorthand"),
        pytest.param({"Upper": "ten"}, "upper", "“ten” is not a number.", id="bad limit"),
        pytest.param({"Upper": ""}, "lower", "Only one of the two limits is given.", id="one limit"),
        pytest.param({"Period": "2024/25"}, "period", "“2024/25” does not say in which month the year begins.",
                     id="label"),
        pytest.param({"Period": ""}, "period", "There is no period.", id="no period"),
        pytest.param({"Period": "2023", "Period start": "2024-01-01", "Duration": "P1Y"}, "period",
                     "“2023” is not the period that starts on 2024-01-01 and lasts P1Y.", id="label of another period"),
        pytest.param({"Period": "2023", "Period start": "2024-01-01"}, "period",
                     "“2023” is not the period that starts on 2024-01-01.", id="label of another start"),
        pytest.param({"Period": "", "Period start": "2024-01-01"}, "period_duration", "“” is not a length of time.",
                     id="start without a length"),
        pytest.param({"Period start": "2024-01-01", "Duration": "a year"}, "period_duration",
                     "“a year” is not a length of time.", id="bad length"),
        pytest.param({"Period start": "2024", "Duration": "P1Y"}, "period_start", "“2024” is not a day.",
                     id="bad start"),
        pytest.param({"Period start": "2024"}, "period_start", "“2024” is not a day.", id="bad start with a label"),
        pytest.param({"Period end": "2024-12-30"}, "period_end", "The period does not end on 2024-12-30.",
                     id="another end"),
        pytest.param({"Period end": "soon"}, "period_end", "“soon” is not a day.", id="bad end"),
        pytest.param({"Period": "2027"}, "retrieved_on", "The period ends after its release on “2026-03-01”.",
                     id="future"),
        pytest.param({"Release": "30/04/26"}, "retrieved_on", "“30/04/26” can be read in more than one way.",
                     id="release"),
        pytest.param({"Measure": "ZZ9"}, "measure", "“ZZ9” is not a measure.", id="measure"),
        pytest.param({"Area": "Luton"}, "area", "“Luton” is not an area held here.", id="area"),
        pytest.param({"Area": ""}, "area", "“” is not an area held here.", id="no area"),
        pytest.param({"Shorthand": "provisional"}, "markers", "“provisional” is not a marker.", id="shorthand"),
        pytest.param({"Source url": "a.example"}, "source_url", "“a.example” is not a web address.", id="address"),
    ],
)  # fmt: skip
def test_take_tells_one_fault_and_takes_the_other_rows(cell, column, what):
    row = {
        "Measure": "AA1", "Area": HOME, "Period": "2024", "Period start": "", "Duration": "", "Period end": "",
        "Value": "9.9", "Lower": "9", "Upper": "10", "Shorthand": "", "Note": "", "Source url": "", "Release": "",
    }  # fmt: skip
    other = row | {"Period": "2021"}
    rows = [row.keys(), other.values(), (row | cell).values(), (row | {"Period": "2020"}).values()]
    taken = take("\n".join("\t".join(cells) for cells in rows))
    assert told(taken) == [(3, column, what)]
    assert [row.row for row in taken.rows] == [2, 4]
    assert taken.left_out == 0


def test_take_tells_every_fault_of_a_row():
    taken = take("Measure\tArea\tPeriod\tValue\tShorthand\nZZ9\tLuton\tsoon\tn/a\tp\n")
    assert {column for _, column, _ in told(taken)} == {"measure", "area", "period", "value", "markers"}


def test_take_leaves_out_rows_without_a_value():
    taken = take(
        "Period\tValue\tLower\tUpper\tNote\n2022\t\t\t\t\n2023\t\t\t\tTo come\n2024\t9.9\t\t\t\nSource: so\t\t\t\t"
    )
    assert stated(taken) == [(4, "AA1", "2024-01-01", "P1Y", "9.9")]
    assert (taken.left_out, told(taken)) == (3, [])


def test_take_refuses_both_of_two_rows_for_one_period():
    taken = take("2023\t9.7\n2024\t9.9\n1 January 2024 to 31 December 2024\t9.8\n")
    what = "The same measure, area and period “2024-01-01” is there twice."
    assert told(taken) == [(2, "period_start", what), (3, "period_start", what)]
    assert stated(taken) == [(1, "AA1", "2023-01-01", "P1Y", "9.7")]


def test_take_reads_a_label_by_the_series_of_its_own_measure():
    taken = take("AA1\t2024\t9.9\nBB1\t2024/25\t£586\nBB1\t2024\t£586\n")
    assert stated(taken) == [(1, "AA1", "2024-01-01", "P1Y", "9.9"), (2, "BB1", "2024-04-01", "P1Y", "586")]
    assert told(taken) == [(3, "period", "“2024” could be more than one period of this series.")]


def test_take_reads_one_period_for_many_areas():
    taken = take(f"Area\tPeriod\tValue\n{HOME}\t2024\t9.9\n{OTHER}\t2024\t9.8\n{HOME}\tso\t1\n{OTHER}\tso\t1\n")
    assert [(row.area_id, row.period_start.year) for row in taken.rows] == [(HOME, 2024), (OTHER, 2024)]
    assert [(row, column) for row, column, _ in told(taken)] == [(4, "period"), (5, "period")]


def test_take_keeps_text_that_begins_like_a_formula():
    taken = take("Period\tValue\tNote\tSource\n2024\t9.9\t=1+1\t@home\n2023\t9.8\t+44 1582\t-\n")
    assert [(row.note, row.source_name) for row in taken.rows] == [("=1+1", "@home"), ("+44 1582", "-")]


def test_take_of_a_workbook_with_formulas_merged_cells_and_a_share():
    def change(book):
        page = book["Data"]
        for row in range(3, 7):
            page.cell(row, 2).number_format = "0.0%"
        page["B7"] = "=SUM(B3:B6)"
        page.merge_cells("A8:A9")

    rows = [["Jobs"], ["Period", "Value", "Change"], ["2020", 0.097], [2021, 0.0971], ["2022", 0.1, "=B5-B4"],
            ["2023", None], ["2024", None], ["2025", 9, "x"], [None, 8, "x"]]  # fmt: skip
    taken = take(books.workbook({"Data": rows}, change))
    assert [(row.row, str(row.value)) for row in taken.rows] == [(3, "9.7"), (4, "9.71"), (5, "10")]
    assert told(taken) == [
        (7, "value", "The cell B7 holds a formula."),
        (8, "period", "The cells A8:A9 are merged."),
        (9, "period", "The cells A8:A9 are merged."),
    ]
    assert taken.left_out == 1
    assert taken.notes == ["Columns that were not read: “Change”.", "1 row without a value left out."]


def test_arrange_gives_the_columns_of_the_import_in_order():
    sheet, _ = sheets.read_pasted("2024\t9.9\n")
    arranged = arranging.arrange(
        sheet, known=KNOWN, home_area=HOME, series={}, default_measure="AA1", default_day=RELEASED
    )
    assert list(arranged.table.columns) == REQUIRED + OPTIONAL
    assert list(arranged.table.index) == [1]


def test_a_fault_of_a_cell_that_is_read_past_is_none():
    assert len(take("Period\tValue\tRAG\n2024\t9.9\t#REF!\n").rows) == 1


CELLS = st.sampled_from(
    [
        "",
        "2024",
        "2024/25",
        "9.9",
        "9.9%",
        "£5",
        "[p]",
        "AA1",
        "BB1",
        HOME,
        "n/a",
        "#REF!",
        "2024-01-01",
        "P1Y",
        "[x]",
        "=",
    ]
) | st.text(max_size=6)
HEADER = st.lists(
    st.sampled_from(["Period", "Value", "Measure", "Area", "Lower", "Upper", "Note", "Period start", "Duration",
                     "Period end", "Shorthand", "Release", "Other", ""]),
    min_size=1, max_size=8,
)  # fmt: skip


@given(st.none() | HEADER, st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=1, max_size=5))
@settings(max_examples=200)
def test_any_table_is_taken_or_refused_in_words(header, rows):
    text = "\n".join("\t".join(row).replace("\r", "").replace("\n", "") for row in ([header] if header else []) + rows)
    sheet, problems = sheets.read_pasted(text)
    if sheet is None:
        return
    taken = arranging.take(
        sheet, known=KNOWN, today=TODAY, home_area=HOME, series=SERIES, default_measure="AA1", default_day=RELEASED
    )
    refused = {problem.row for problem in taken.problems}
    assert not refused & {row.row for row in taken.rows}
    if None not in refused:
        assert len(taken.rows) + len(refused) + taken.left_out == len(sheet.cells)
    assert all(problem.what and problem.mend for problem in taken.problems)


# --- the site's own files, handed back as they are ---


@contextmanager
def exampleton():
    with record.undone():
        yield record.create_exampleton()


@pytest.fixture(scope="class", params=[record.delivered, exampleton], ids=["Luton", "Exampleton"])
def reports(request, clock, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), request.param() as edition:
        yield full_reports(edition, TODAY)


def nothing_changes(data, name, reports):
    """What is read back is what the record says, to the last value."""
    sheet, problems = sheets.read(data, name)
    assert problems == []
    edition, home = reports[0].edition, reports[0].vision.home_area
    measures = {m.measure_id: m for m in MeasureVersion.objects.current()}
    areas = frozenset(AreaVersion.objects.current().values_list("area", flat=True))
    series = periods(edition, measures=measures, area=home)
    taken = arranging.take(sheet, known=Known(measures, areas), today=TODAY, home_area=home, series=series)
    assert taken.problems == []
    difference = compare(taken.rows)
    assert (difference.new, difference.changed) == ([], [])
    assert difference.same == sum(len(place.values) for report in reports for place in downloads.places(report))
    return taken


@pytest.mark.django_db
class TestOwnFiles:
    def test_values_of_everything_are_taken_back_as_they_are(self, reports):
        nothing_changes(downloads.values_csv(reports), "values.csv", reports)
        nothing_changes(spreadsheets.everything_xlsx(reports), "everything.xlsx", reports)

    def test_values_of_one_outcome_are_taken_back_as_they_are(self, reports):
        for report in reports:
            if report.observations:
                nothing_changes(downloads.values_csv(report), "data.csv", [report])
            taken = nothing_changes(spreadsheets.outcome_xlsx(report), "data.xlsx", [report])
            # Where no value is held, one row of the table says so.
            empty = [] if report.observations else ["1 row without a value left out."]
            assert taken.notes == ["Read from the sheet “Values”.", *empty]

    def test_a_sheet_of_another_measure_is_not_taken_for_the_one_asked_for(self, reports):
        report = next(r for r in reports if r.latest)
        taken = take(spreadsheets.outcome_xlsx(report))
        assert taken.rows == []
        assert {what for _, column, what in told(taken) if column == "measure"} == {
            f"“{report.measure.measure_id}” is not a measure."
        }

    @pytest.mark.parametrize(
        "make, what",
        [
            pytest.param(downloads.milestones_csv, "No column is named “Period”", id="milestones"),
            pytest.param(downloads.outcomes_csv, "No column is named “Value”", id="outcomes"),
        ],
    )
    def test_files_without_values_are_refused_in_words(self, reports, make, what):
        taken = take(make(reports))
        assert taken.rows == [] and what in taken.problems[0].what


def test_a_list_of_revisions_is_refused_in_words():
    columns = downloads.REVISION_COLUMNS
    taken = take(downloads.csv_of(downloads.Table(columns, [tuple("1" for _ in columns)])))
    assert told(taken) == [(None, "", "This is a list of revisions, not of values.")]
