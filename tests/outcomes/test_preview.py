"""What the public would see: the same, to the letter, as what they do see once it is published."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from luton2040.editions import Edition
from outcomes import charts, downloads, drafts, preview, sentences, submissions, tables
from outcomes.models import Measure, Milestone, MilestoneLine, Observation, Submission, SubmissionLine
from outcomes.progress import Status
from outcomes.report import full_report, summaries
from tests import factories as make
from tests.record import NOW, SIMILAR, TODAY, a_report, undone

MEASURES = ["XA1", "XA2", "XB1", "XB2", "XM1"]
Kind = Submission.Kind
PROPERTY = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
SAID = [
    sentences.takeaway, sentences.reason, sentences.latest, sentences.way, sentences.trend, sentences.projection,
    sentences.freshness, sentences.comparison,
]  # fmt: skip


def row_of(**fields):
    """A line as its form makes it."""
    row = make.make_row(**fields)
    return SubmissionLine(**row._asdict())


def publish(*, measure="", kind=Kind.VALUES, **proposed):
    """Hand in and approve."""
    officer, approver = make.create_user(email="o@example.org"), make.create_user(email="a@example.org")
    about = Measure.objects.get(code=measure) if measure else None
    draft = drafts.begin(by=officer, topic="", now=NOW, origin=Submission.Origin.FORM, kind=kind, measure=about)
    submissions.hand_in(draft, by=officer, now=NOW, public_reason="The source revised it.", **proposed)
    submissions.approve(draft, by=approver, now=NOW, summary="Published", hold_reason="Agreed")
    return Edition.objects.current()


def point(milestone):
    return milestone and tuple(getattr(milestone, name) for name in ("kind", "due_on", "value", "standing", "basis"))


def everything(report):
    """All that can be seen of a report."""
    return {
        "values": (report.series, report.observations),
        "beside": ([(c.area.area_id, c.values) for c in report.comparators], report.similar),
        "status": (report.status, report.assessment),
        "path": (point(report.baseline_on), [point(m) for m in report.path]),
        "goals": [(point(g.milestone), g.state, g.judged_by) for g in report.goals],
        "said": [say(report) for say in SAID],
        "chart": charts.svg(charts.chart(report)),
        # That a value was revised, on which day and why, is told once it is so.
        "table": [replace(row, revision=None) for row in tables.rows(report)],
        "file": downloads.values_csv(report),
    }


@pytest.fixture
def place(exampleton, db):
    return exampleton


# --- as it is once published ---


def rows_and_withdrawals(held):
    """Any rows, over what is published and beside it, and some of what is published taken away."""
    row = st.fixed_dictionaries(
        {
            "measure": st.sampled_from(MEASURES),
            "area": st.sampled_from([make.HOME, make.HOME, make.COUNTRY, *SIMILAR]),
            "year": st.integers(2018, 2026),
            "value": st.decimals(-10, 700, places=2),
            "markers": st.sampled_from(["", "", "[p]", "[r]", "[b]", "[b][p]"]),
            "note": st.sampled_from(["", "A note"]),
            "wide": st.none() | st.integers(0, 5),
        }
    )
    key = ("measure", "area", "year")
    rows = st.lists(row, max_size=12, unique_by=lambda row: tuple(row[name] for name in key))
    return st.tuples(rows, st.lists(st.sampled_from(held), max_size=6, unique=True)).filter(any)


def lines_of(rows, withdrawn):
    lines = []
    for number, row in enumerate(rows, 2):
        fields = {name: value for name, value in row.items() if name != "wide"}
        if row["wide"] is not None:
            fields |= {"lower": row["value"] - row["wide"], "upper": row["value"] + row["wide"]}
        lines.append(row_of(row=number, **fields))
    proposed = {(o.measure_id, o.area_id, o.period_start, o.period_duration) for o in lines}
    gone = [key for key in withdrawn if key not in proposed]
    told = {"value": 0, "source_name": "A survey", "retrieved_on": TODAY, "withdraws": True}
    for number, (measure, area, start, duration) in enumerate(gone, len(lines) + 2):
        series = {"measure_id": measure, "area_id": area, "period_start": start, "period_duration": duration}
        lines.append(SubmissionLine(row=number, **series, **told))
    return lines, gone


@PROPERTY
@given(data=st.data())
def test_values_are_seen_as_they_are_once_published(place, data):
    held = list(
        Observation.objects.at(place)
        .order_by("pk")
        .values_list("measure_id", "area_id", "period_start", "period_duration")
    )
    lines, gone = lines_of(*data.draw(rows_and_withdrawals(held)))
    wanted = [line for line in lines if not line.withdraws]
    seen = [preview.with_values(full_report(c, place, TODAY), wanted, withdrawn=gone) for c in MEASURES]
    brief = [preview.with_values(report, wanted, withdrawn=gone) for report in summaries(place, TODAY)]
    with undone():
        edition = publish(lines=lines)
        for report in seen:
            assert everything(report) == everything(full_report(report.code, edition, TODAY))
        for report, published in zip(brief, summaries(edition, TODAY), strict=True):
            assert everything(report) == everything(published)


POINTS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(Milestone.Kind.values),
            "year": st.sampled_from([2020, 2022, 2023, 2024, 2028, 2035]),
            "value": st.decimals(0, 100, places=1),
            "standing": st.sampled_from(Milestone.Standing.values),
            "ends": st.booleans(),
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda p: (p["kind"], p["kind"] == "milestone" and p["year"]),
)


def line_of(*, kind, year, value, standing="published", ends=False):
    is_baseline = kind == Milestone.Kind.BASELINE
    due_on = date(year, 1, 1) if is_baseline else date(year, 12, 31)
    value = None if is_baseline else Decimal(value)
    return MilestoneLine(kind=kind, due_on=due_on, value=value, standing=standing, basis="A basis", ends=ends)


@PROPERTY
@given(points=POINTS, code=st.sampled_from(MEASURES))
@example(points=[{"kind": "target", "year": 2024, "value": 0}], code="XA1")  # on the day of a milestone
def test_path_is_seen_as_it_is_once_published(place, points, code):
    seen = preview.with_path(full_report(code, place, TODAY), [line_of(**p) for p in points])
    with undone():
        edition = publish(measure=code, kind=Kind.TARGETS, points=[line_of(**p) for p in points])
        assert everything(seen) == everything(full_report(code, edition, TODAY))


@pytest.mark.parametrize(
    "wording",
    [
        pytest.param({"name": "People in very good jobs", "caveat": "Counted anew."}, id="text"),
        pytest.param(
            {"unit": "people", "unit_symbol": "", "decimals": "2", "direction": "lower"}, id="how it is shown"
        ),
        pytest.param({"tolerance": "7.5", "release_lag_months": "24"}, id="how it is judged"),
        pytest.param({"tolerance": None, "frequency": "occasional"}, id="nothing any more"),
    ],
)
def test_wording_is_seen_as_it_is_once_published(place, wording):
    before = full_report("XA1", place, TODAY)
    seen = preview.with_wording(before, wording)
    edition = publish(measure="XA1", kind=Kind.SERIES, wording=wording)
    after = full_report("XA1", edition, TODAY)
    assert everything(seen) == everything(after) != everything(before)
    assert all(getattr(seen.measure, name) == getattr(after.measure, name) for name in after.measure.content_fields())


def test_new_series_is_seen_as_it_is_once_published(place):
    """Another definition, and values that are not to be compared with those before."""
    wording = {"name": "People in any job", "definition": "All of them."}
    lines = [row_of(measure="XA1", year=2025, value=75, markers="[b]")]
    seen = preview.with_values(preview.with_wording(full_report("XA1", place, TODAY), wording), lines)
    edition = publish(measure="XA1", kind=Kind.SERIES, wording=wording, lines=lines)
    assert everything(seen) == everything(full_report("XA1", edition, TODAY))
    assert seen.status is Status.TARGET_MET


def test_preview_asks_nothing_and_leaves_the_report_as_it_was(place, django_assert_num_queries):
    report = full_report("XA1", place, TODAY)
    before, measure = everything(report), report.measure
    with django_assert_num_queries(0):
        preview.with_values(report, [make.make_row(measure="XA1", year=2025, value=1)])
        preview.with_path(report, [line_of(kind="target", year=2030, value=1)])
        preview.with_wording(report, {"name": "Another"})
    assert everything(report) == before
    assert report.measure is measure and measure.name == "People in good jobs"


# --- one thing at a time ---


def test_rows_and_withdrawals_of_other_measures_are_passed_over():
    report = a_report({2020: 50, 2021: 51})
    other = make.make_row(measure="ZZ9", year=2021, value=1)
    gone = ("ZZ9", make.HOME, date(2020, 1, 1), "P1Y")
    assert preview.with_values(report, [other], withdrawn=[gone]).series == report.series


def test_value_is_added_replaced_and_taken_away():
    report = a_report({2020: 50, 2021: 51, 2022: 52})
    rows = [make.make_row(year=2023, value=53), make.make_row(year=2019, value=49), make.make_row(year=2021, value=61)]
    seen = preview.with_values(report, rows, withdrawn=[("AA1", make.HOME, date(2020, 1, 1), "P1Y")])
    assert [(v.period.start.year, v.value) for v in seen.series] == [(2019, 49), (2021, 61), (2022, 52), (2023, 53)]
    assert [v.value for v in report.series] == [50, 51, 52]


def test_value_of_another_length_does_not_replace_one():
    report = a_report({2020: 50})
    seen = preview.with_values(report, [make.make_row(year=2020, period_duration="P3Y", value=60)])
    assert [v.value for v in seen.series] == [50, 60]


def test_summary_stays_a_summary():
    report = a_report({2020: 50})
    seen = preview.with_values(report, [make.make_row(area=make.COUNTRY, value=60)])
    assert (seen.series, seen.observations, seen.comparators) == (report.series, {}, [])


def test_last_value_of_a_place_takes_the_place_away(place):
    report = full_report("XA2", place, TODAY)
    gone = [("XA2", make.COUNTRY, date(year, 1, 1), "P1Y") for year in (2020, 2024)]
    assert preview.with_values(report, [], withdrawn=gone).comparators == []


# --- in words ---


def told(before, after):
    return {label: (was, now) for label, was, now in preview.differences(before, after)}


def test_nothing_is_told_where_nothing_changes():
    report = a_report({2020: 50, 2021: 51}, baseline=2020, milestones={2021: 52}, target=(2040, 70))
    assert preview.differences(report, preview.with_values(report, [make.make_row(year=2020, value=50)])) == []


def test_differences_of_a_new_value():
    report = a_report(
        {2020: 50, 2021: 51, 2022: 52},
        baseline=2020,
        milestones={2023: 53},
        target=(2040, 70),
        release_lag_months=3,
        today=date(2024, 6, 1),
    )
    seen = preview.with_values(report, [make.make_row(year=2023, value=49)])
    assert told(report, seen) == {
        "Latest value": ("52.0% in 2022", "49.0% in 2023"),
        "In a sentence": (
            "People in good jobs: 52.0% in Exampleton in 2022. It is up 2.0 percentage points from 50.0% in 2020: "
            "better than at the start.",
            "People in good jobs: 49.0% in Exampleton in 2023. It is down 1.0 percentage points from 50.0% in 2020: "
            "too small a change to count.",
        ),
        "Against the path": ("On track", "No clear change"),
        "Why": (
            "By 2022 it needed to be 52.0% or more. It is 52.0%.",
            "By 2023 it needed to be 53.0% or more. It is 49.0%, too close to the 50.0% it started from to count as "
            "a change.",
        ),
        "Last milestone": (
            "None due yet",
            "Milestone: 53.0% or more by the end of 2023. Missed: it was 49.0% in 2023",
        ),
        "If this continues": (
            "Too few values to draw a line: 3 values since the start, and 4 are needed.",
            "If the change since 2020 went on in a straight line, it would move further from the target.",
        ),
        "Freshness": (
            "The latest value is for 2022. A newer one was expected by about March 2024 (our estimate) and is not "
            "held here yet.",
            "The latest value is for 2023. The next is expected by about March 2025 (our estimate).",
        ),
    }


def test_differences_of_a_first_value():
    seen = preview.with_values(a_report(target=(2040, 70)), [make.make_row(year=2023, value=49)])
    found = told(a_report(target=(2040, 70)), seen)
    assert found["Latest value"] == ("No value yet", "49.0% in 2023")
    assert found["If this continues"] == (
        "No value yet",
        "Too few values to draw a line: 1 value since the start, and 4 are needed.",
    )


def test_differences_of_a_revised_baseline():
    report = a_report({2020: 50, 2024: 54}, baseline=2020, target=(2040, 70))
    found = told(report, preview.with_values(report, [make.make_row(year=2020, value=54, markers="[r]")]))
    assert found["Starting point"] == ("50.0% in 2020", "54.0% (revised) in 2020")
    assert found["Against the path"] == ("On track", "No clear change")
    assert "Latest value" not in found


def test_differences_of_a_new_trend():
    values = {year: {"number": 50, "lower": 49, "upper": 51} for year in range(2020, 2024)}
    row = make.make_row(year=2024, value=50, lower=Decimal(49), upper=Decimal(51))
    found = told(a_report(values), preview.with_values(a_report(values), [row]))
    assert found["Recent trend"] == (
        "Cannot be tested. The test needs 5 figures for different dates, with no break between them.",
        "The last 5 values differ by no more than chance would explain.",
    )


def test_differences_of_another_place(place):
    report = full_report("XA1", place, TODAY)
    row = make.make_row(measure="XA1", area=make.COUNTRY, year=2024, value=63)
    assert told(report, preview.with_values(report, [row])) == {
        "Beside other places": (
            "In 2024, Exampleton was 56.0%; The Country 62.0% and the middle of 6 similar places 52.5%.",
            "In 2024, Exampleton was 56.0%; The Country 63.0% and the middle of 6 similar places 52.5%.",
        )
    }


def test_differences_of_a_path():
    report = a_report({2020: 50, 2024: 54}, baseline=2020, milestones={2030: 55, 2034: 60}, target=(2040, 70))
    points = [
        line_of(kind="milestone", year=2034, value=62),
        line_of(kind="milestone", year=2030, value=55, ends=True),
        line_of(kind="target", year=2041, value=71),
    ]
    found = told(report, preview.with_path(report, points))
    assert found["Milestones"] == (
        "55.0% or more by the end of 2030 (illustrative); 60.0% or more by the end of 2034 (illustrative)",
        "62.0% or more by the end of 2034 (published)",
    )
    assert found["Target"] == (
        "70.0% or more by the end of 2040 (illustrative)",
        "71.0% or more by the end of 2041 (published)",
    )


def test_differences_of_a_first_path():
    report = a_report({2020: 50, 2024: 54})
    points = [line_of(kind="baseline", year=2020, value=0), line_of(kind="target", year=2040, value=70)]
    found = told(report, preview.with_path(report, points))
    assert found["Starting point"] == ("None", "50.0% in 2020")
    assert found["Target"] == ("None", "70.0% or more by the end of 2040 (published)")
    assert found["Against the path"] == ("No target set", "On track")
