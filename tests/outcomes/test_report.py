"""The report that everything else is a rendering of: which value is which, and what it is compared with."""

from datetime import date
from decimal import Decimal
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luton2040.editions import Edition
from outcomes.progress import Freshness, MilestoneState, Status
from outcomes.report import full_report, full_reports, summaries
from tests import factories as make
from tests import record
from tests.record import SIMILAR, TODAY, a_report, value

BREAK = {"number": 60, "markers": "[b]"}
TARGET = (2040, 70)


def years(values):
    return [v.period.start.year for v in values]


# --- the home area's series ---


@pytest.mark.parametrize(
    "values, unbroken, earlier",
    [
        pytest.param({}, [], [], id="nothing"),
        pytest.param({2020: 50}, [2020], [], id="one"),
        pytest.param({2020: 50, 2021: 51}, [2020, 2021], [], id="no break"),
        pytest.param({2020: 50, 2021: BREAK, 2022: 61}, [2021, 2022], [[2020]], id="one break"),
        pytest.param({2020: BREAK, 2021: 51}, [2020, 2021], [], id="break at the start"),
        pytest.param({2020: 50, 2021: BREAK}, [2021], [[2020]], id="break at the end"),
        pytest.param(
            {2018: 48, 2019: 49, 2020: BREAK, 2021: 51, 2022: BREAK, 2023: 63},
            [2022, 2023],
            [[2018, 2019], [2020, 2021]],
            id="two breaks",
        ),
        pytest.param({2020: BREAK, 2021: BREAK, 2022: BREAK}, [2022], [[2020], [2021]], id="nothing but breaks"),
        pytest.param(
            {2020: 50, 2021: {"number": 60, "markers": "[p][b][u]"}}, [2021], [[2020]], id="break among other markers"
        ),
    ],
)
def test_series_is_cut_at_breaks(values, unbroken, earlier):
    report = a_report(values)
    assert years(report.unbroken) == unbroken
    assert [years(run) for run in report.earlier_series] == earlier
    assert sum(report.earlier_series, []) + report.unbroken == report.series


def test_latest_and_previous_are_of_the_present_series():
    report = a_report({2020: 50, 2021: BREAK, 2022: 61})
    assert (report.latest.value, report.previous.value) == (61, 60)
    report = a_report({2020: 50, 2021: BREAK})
    assert (report.latest.value, report.previous) == (60, None)
    assert (a_report().latest, a_report().previous) == (None, None)


def test_report_of_an_outcome_without_a_priority_is_the_missions():
    assert a_report(priority=None).priority is None
    assert a_report(code="IE2").slug == "ie2"


# --- the baseline ---


@pytest.mark.parametrize(
    "values, baseline, found",
    [
        pytest.param({2020: 50, 2021: 51}, 2020, 50, id="the value of its period"),
        pytest.param({2020: 50, 2021: 51}, 2021, 51, id="the latest"),
        pytest.param({2021: 51}, 2020, None, id="not published"),
        pytest.param({2020: 50}, None, None, id="none set"),
        pytest.param({2020: 50, 2021: BREAK}, 2020, None, id="before a break"),
        pytest.param({2020: 50, 2021: BREAK}, 2021, 60, id="at a break"),
        pytest.param({}, 2020, None, id="no values"),
    ],
)
def test_baseline_is_a_value_of_the_present_series(values, baseline, found):
    report = a_report(values, baseline=baseline, target=TARGET)
    assert (report.baseline and report.baseline.value) == found


def test_baseline_that_begins_inside_a_year():
    report = a_report([value(50, start=date(2020, 4, 1)), value(60, start=2020)], baseline=date(2020, 4, 1))
    assert report.baseline.value == 50


def test_values_before_the_baseline_do_not_count_as_since_it():
    report = a_report({2018: 40, 2019: 45, 2020: 50, 2021: 51}, baseline=2020)
    assert years(report.since_baseline) == [2020, 2021]
    assert years(a_report({2018: 40, 2019: 45}).since_baseline) == [2018, 2019]


def test_status_after_a_break_does_not_compare_with_the_earlier_series():
    """Half of the old figure would be a disaster; after a break it says nothing."""
    report = a_report({2020: 50, 2021: 51, 2022: {"number": 25, "markers": "[b]"}}, baseline=2020, target=TARGET)
    assert report.status is Status.BASELINE_ONLY
    assert report.assessment.achieved is None


@pytest.mark.parametrize(
    "status, is_judged",
    [
        pytest.param({}, False, id="no data"),
        pytest.param({2020: 50}, False, id="baseline only"),
        pytest.param({2020: 50, 2024: 40}, True, id="getting worse"),
        pytest.param({2020: 50, 2024: 60}, True, id="on track"),
    ],
)
def test_report_is_judged_only_where_something_can_be_said(status, is_judged):
    assert a_report(status, baseline=2020, target=TARGET).is_judged == is_judged


# --- goals ---


def test_goals_are_judged_by_the_first_value_since_the_baseline_that_could_show_them():
    report = a_report(
        {2019: 80, 2020: 50, 2021: 52, 2023: 53},
        baseline=2020,
        milestones={2021: 51, 2022: 54, 2024: 55},
        target=TARGET,
        today=date(2026, 1, 1),
    )
    assert [(g.due_on.year, g.state, g.judged_by and g.judged_by.value) for g in report.goals] == [
        (2021, MilestoneState.MET, 52),
        (2022, MilestoneState.MISSED, 53),
        (2024, MilestoneState.NOT_KNOWN, None),
        (2040, MilestoneState.TO_COME, None),
    ]
    assert [g.is_target for g in report.goals] == [False, False, False, True]
    assert report.last_goal.due_on.year == 2022
    assert report.next_goal.due_on.year == 2024


def test_goal_is_not_judged_by_the_baseline_itself():
    report = a_report({2020: 50}, baseline=2020, milestones={2020: 40}, target=TARGET)
    assert report.goals[0].judged_by is None


def test_goal_stays_judged_by_the_series_of_its_own_time():
    """A milestone that was met is not missed because figures are counted another way from the next year on."""
    report = a_report(
        {2020: 50, 2021: 60, 2022: {"number": 40, "markers": "[b]"}},
        milestones={2021: 55, 2022: 56, 2023: 57},
        target=TARGET,
        today=date(2026, 1, 1),
    )
    assert [(g.due_on.year, g.state, g.judged_by and g.judged_by.value) for g in report.goals[:3]] == [
        (2021, MilestoneState.MET, 60),
        (2022, MilestoneState.MISSED, 40),
        (2023, MilestoneState.NOT_KNOWN, None),
    ]


def test_goal_of_the_time_between_two_series_is_judged_by_neither():
    report = a_report(
        {2020: 50, 2021: 60, 2024: {"number": 40, "markers": "[b]"}},
        milestones={2022: 55},
        target=TARGET,
        today=date(2026, 1, 1),
    )
    assert (report.goals[0].state, report.goals[0].judged_by) == (MilestoneState.NOT_KNOWN, None)


def test_target_and_milestones_are_told_apart():
    report = a_report({}, milestones={2028: 55, 2034: 60}, target=TARGET)
    assert report.target.value == 70
    assert [m.due_on.year for m in report.milestones] == [2028, 2034]
    assert report.target_is_illustrative and all(g.is_illustrative for g in report.goals)
    assert not a_report({}, target=TARGET, standing="published").target_is_illustrative
    nothing = a_report({})
    assert (nothing.target, nothing.goals, nothing.last_goal, nothing.next_goal) == (None, [], None, None)
    assert not nothing.target_is_illustrative


def test_no_goal_is_next_once_all_are_judged():
    report = a_report({2020: 50, 2041: 71}, baseline=2020, target=TARGET)
    assert (report.last_goal.state, report.next_goal) == (MilestoneState.MET, None)


def test_line_is_carried_on_to_whichever_goal_is_asked_for():
    report = a_report(
        {2018: 90, 2020: 50, 2021: 52, 2022: 54, 2023: 56}, baseline=2020, milestones={2025: 60}, target=TARGET
    )
    milestone, target = (report.line_to(goal) for goal in report.path)
    assert round(milestone.value_at_target_date) == 60 and round(target.value_at_target_date) == 90
    assert target == report.projection
    assert report.line_to(None) is None and a_report({2020: 50}, target=TARGET).projection is None


# --- when the next value is due ---


@pytest.mark.parametrize(
    "values, options, due",
    [
        pytest.param({2024: 50}, {"release_lag_months": 6}, date(2026, 6, 30), id="year"),
        pytest.param({2024: 50}, {"release_lag_months": 0}, date(2025, 12, 31), id="at once"),
        pytest.param({2024: 50}, {}, None, id="delay not known"),
        pytest.param({2024: 50}, {"release_lag_months": 6, "frequency": "occasional"}, None, id="no rhythm"),
        pytest.param({}, {"release_lag_months": 6}, None, id="no value"),
        pytest.param(
            [value(50, start=date(2023, 4, 1))],
            {"release_lag_months": 8, "frequency": "financial-year"},
            date(2025, 11, 30),
            id="financial year, to a shorter month",
        ),
        pytest.param(
            [value(50, start=date(2024, 10, 1), duration="P3M")],
            {"release_lag_months": 2, "frequency": "quarterly"},
            date(2025, 5, 31),
            id="quarter",
        ),
        pytest.param(
            [value(50, start=2022, duration="P3Y")],
            {"release_lag_months": 12, "frequency": "rolling-3-year"},
            date(2026, 12, 31),
            id="three years, every year",
        ),
        pytest.param(
            [value(50, start=date(2025, 2, 28), duration="P1D")],
            {"release_lag_months": 12},
            date(2027, 2, 28),
            id="day at the end of a month",
        ),
    ],
)
def test_next_value_is_due_a_period_and_the_usual_delay_later(values, options, due):
    assert a_report(values, **options).next_due == due


def test_freshness_is_of_the_day_that_is_given():
    report = {"values": {2024: 50}, "release_lag_months": 6}
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 28), date(2026, 9, 29)]
    assert [a_report(**report, today=day).freshness for day in days] == [
        Freshness.UP_TO_DATE, Freshness.DUE, Freshness.DUE, Freshness.LATE,
    ]  # fmt: skip


# --- beside other places ---


def test_comparable_is_the_latest_period_that_both_have():
    report = a_report({2020: 50, 2021: 51, 2022: 52}, comparators={"X": {2019: 1, 2020: 60, 2021: 61, 2023: 63}})
    assert report.comparable.period.start.year == 2021


def test_comparable_needs_the_very_same_period():
    """A calendar year is not a financial year, and not the three years that begin with it."""
    for other in (value(60, start=date(2020, 4, 1)), value(60, start=2020, duration="P3Y")):
        assert a_report({2020: 50}, comparators={"X": [other]}).comparable is None


def test_comparable_turns_to_the_next_comparator_where_the_first_has_none():
    report = a_report({2020: 50, 2021: 51}, comparators={"X": {1999: 1}, "Y": {2020: 60}})
    assert report.comparable.period.start.year == 2020


# --- read from the record ---


@pytest.fixture
def place(exampleton, db):
    return exampleton


def test_summaries_are_in_the_order_of_the_wheel_with_the_mission(place):
    assert [r.code for r in summaries(place, TODAY)] == ["XA1", "XA2", "XB1", "XB2", "XM1"]


def test_summaries_of_some(place):
    assert [r.code for r in summaries(place, TODAY, codes=["XB2", "XA1", "ZZ9"])] == ["XA1", "XB2"]
    assert summaries(place, TODAY, codes=[]) == []


def test_summaries_hold_the_home_area_only(place):
    report = summaries(place, TODAY)[0]
    assert [v.value for v in report.series] == [50, 51, Decimal("52.4"), Decimal("53.6"), 56]
    assert (report.comparators, report.similar, report.observations) == ([], [], {})


def test_full_report_holds_all_that_its_page_shows(place):
    report = full_report("XA1", place, TODAY)
    assert [c.area.name for c in report.comparators] == ["The Country"]
    assert set(report.observations) == {make.HOME, make.COUNTRY, *SIMILAR}
    assert [a.text for a in report.actions] == ["Open a jobs fair."]
    assert [(plan.name, link.standing) for plan, link in report.plans] == [("A plan", "inferred")]
    assert {s.period.start.year: s.middle for s in report.similar} == {
        2023: median(range(40, 46)),
        2024: median(range(50, 56)),
    }


def test_statuses_of_the_place(place):
    assert {r.code: r.status for r in summaries(place, TODAY)} == {
        "XA1": Status.ON_TRACK,
        "XA2": Status.GETTING_WORSE,
        "XB1": Status.NO_DATA,
        "XB2": Status.BASELINE_ONLY,
        "XM1": Status.TOO_SLOW,
    }


def test_summary_and_full_report_agree(place):
    for brief, full in zip(summaries(place, TODAY), full_reports(place, TODAY), strict=True):
        assert (brief.code, brief.series, brief.assessment) == (full.code, full.series, full.assessment)
        assert brief.goals == full.goals and brief.freshness == full.freshness


def test_report_of_each_edition_holds_its_own_values(place):
    later = record.issue(make.make_row(measure="XB2", year=2024, value=9))
    assert full_report("XB2", place, TODAY).latest.value == Decimal("9.5")
    assert full_report("XB2", later, TODAY).latest.value == 9
    assert full_report("ZZ9", later, TODAY) is None


def test_values_come_oldest_first_whatever_the_order_they_were_saved_in(place):
    make.create_observation(measure="XB2", year=2019, value=11)
    make.create_observation(measure="XB2", year=2021, value=10)
    assert years(summaries(place, TODAY, codes=["XB2"])[0].series) == [2019, 2021, 2023]


def test_full_report_holds_the_revisions_of_its_measure_newest_first(place):
    def corrected(*lines):
        record.publish_handed_in(*lines, measure="XA1", public_reason="Counted again.")

    corrected(
        make.make_line(measure="XA1", year=2023, value=54), make.make_line(row=3, measure="XA1", year=2022, value=52)
    )
    corrected(make.make_line(withdraws=True, measure="XA1", year=2022, value=52))
    newest = Edition.objects.current()
    record.publish_handed_in(
        make.make_line(measure="XA1", area=make.COUNTRY, year=2024, value=63),
        make.make_line(row=3, measure="XM1", year=2024, value=9),
        public_reason="Counted again.",
    )
    report = full_report("XA1", Edition.objects.current(), TODAY)
    assert [(r.first_edition_id, r.period.start.year, r.was, r.value) for r in report.own_revisions] == [
        (3, 2022, 52, None), (2, 2023, Decimal("53.6"), 54), (2, 2022, Decimal("52.4"), 52),
    ]  # fmt: skip
    assert [r.area_id for r in report.revisions] == [make.COUNTRY, make.HOME, make.HOME, make.HOME]
    assert len(full_report("XA1", newest, TODAY).revisions) == 3
    assert full_report("XA1", place, TODAY).revisions == []
    assert full_report("XA2", newest, TODAY).revisions == []
    assert summaries(Edition.objects.current(), TODAY)[0].revisions == []


@pytest.mark.parametrize(
    "read, queries",
    [
        pytest.param(lambda e: summaries(e, TODAY), 6, id="summaries"),
        pytest.param(lambda e: summaries(e, TODAY, codes=["XA1"]), 6, id="summary of one"),
        pytest.param(lambda e: full_reports(e, TODAY), 11, id="full reports"),
        pytest.param(lambda e: full_report("XA1", e, TODAY), 11, id="full report of one"),
    ],
)
def test_reports_take_a_fixed_number_of_queries(place, read, queries):
    def counted():
        with CaptureQueriesContext(connection) as found:
            read(place)
        return len(found)

    assert counted() == queries
    for number in range(20):
        make.create_outcome(code=f"Y{number}", position=10 + number, values={2020: 1, 2021: 2}, target=(2035, 5))
    assert counted() == queries


def test_reading_properties_of_a_report_asks_nothing_more(place, django_assert_num_queries):
    reports = full_reports(place, TODAY)
    with django_assert_num_queries(0):
        for report in reports:
            assert report.status and report.freshness and report.trend
            assert report.goals is not None and report.projection is not report
            assert report.comparable is None or report.latest
