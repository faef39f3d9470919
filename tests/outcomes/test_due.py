"""What officers have to do: which value each measure waits for, in which order, and how it is said."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.due import DueState, next_period, work
from outcomes.models import MeasureVersion
from outcomes.periods import Period, add_months
from outcomes.progress import Freshness
from outcomes.report import RELEASE_EVERY_MONTHS, summaries
from tests.record import TODAY, a_report, value

Frequency = MeasureVersion.Frequency
SNAPSHOT = [value(586, start=date(2025, 4, 30), duration="P1D")]


def due(values, *, today=TODAY, **measure):
    found = work([a_report(values, today=today, **({"release_lag_months": 6} | measure))])
    assert len(found) == 1
    return found[0]


# --- the period that comes next ---


@pytest.mark.parametrize(
    "start, duration, frequency, following",
    [
        pytest.param("2024-01-01", "P1Y", Frequency.ANNUAL, "2025-01-01", id="year"),
        pytest.param("2023-04-01", "P1Y", Frequency.FINANCIAL_YEAR, "2024-04-01", id="financial year"),
        pytest.param("2023-09-01", "P1Y", Frequency.ACADEMIC_YEAR, "2024-09-01", id="school year"),
        pytest.param("2022-01-01", "P3Y", Frequency.ROLLING_3_YEAR, "2023-01-01", id="three years, every year"),
        pytest.param("2025-10-01", "P3M", Frequency.QUARTERLY, "2026-01-01", id="quarter"),
        pytest.param("2026-01-01", "P1D", Frequency.QUARTERLY, "2026-04-01", id="day of a quarter"),
        pytest.param("2024-12-01", "P3M", Frequency.ANNUAL, "2025-12-01", id="three months, every year"),
        pytest.param("2025-04-30", "P1D", Frequency.ANNUAL, "2026-04-30", id="day"),
        pytest.param("2024-09-30", "P1D", Frequency.QUARTERLY, "2024-12-31", id="last day of a quarter"),
        pytest.param("2023-12-31", "P1D", Frequency.QUARTERLY, "2024-03-31", id="last day of a year"),
        pytest.param("2024-02-29", "P1D", Frequency.ANNUAL, "2025-02-28", id="leap day"),
        pytest.param("2024-01-01", "P1Y", Frequency.OCCASIONAL, None, id="no rhythm"),
    ],
)
def test_next_period(start, duration, frequency, following):
    expected = following and Period(date.fromisoformat(following), duration)
    assert next_period(Period(date.fromisoformat(start), duration), frequency) == expected


def test_next_period_is_known_of_every_frequency():
    assert set(RELEASE_EVERY_MONTHS) == set(Frequency.values)


# --- one measure ---


@pytest.mark.parametrize(
    "values, measure, today, state, said",
    [
        pytest.param(
            SNAPSHOT,
            {},
            date(2026, 12, 1),
            DueState.DUE,
            "April 2026 was expected by about October 2026 (our estimate).",
            id="due, and the day is not known yet",
        ),
        pytest.param(
            {2024: 50},
            {},
            date(2026, 6, 30),
            DueState.EXPECTED,
            "2025 is expected by about June 2026 (our estimate).",
            id="not out on its last day",
        ),
        pytest.param(
            {2024: 50},
            {},
            date(2026, 7, 1),
            DueState.DUE,
            "2025 was expected by about June 2026 (our estimate).",
            id="due from the next day",
        ),
        pytest.param(
            {2024: 50},
            {},
            date(2026, 9, 29),
            DueState.OVERDUE,
            "2025 was expected by about June 2026 (our estimate).",
            id="overdue after 90 days",
        ),
        pytest.param(
            {2022: 50},
            {},
            date(2026, 12, 1),
            DueState.OVERDUE,
            "2023 was expected by about June 2024 (our estimate). 3 releases should be out by now.",
            id="years behind",
        ),
        pytest.param(
            [value(9, start=date(2023, 4, 1))],
            {"frequency": "financial-year"},
            date(2025, 10, 1),
            DueState.DUE,
            "April 2024 to March 2025 was expected by about September 2025 (our estimate).",
            id="financial year",
        ),
        pytest.param(
            {2020: 50, 2021: {"number": 60, "markers": "[b]"}},
            {},
            date(2023, 7, 1),
            DueState.DUE,
            "2022 was expected by about June 2023 (our estimate).",
            id="after a break",
        ),
        pytest.param(
            {2024: 50},
            {"frequency": "occasional"},
            TODAY,
            DueState.NO_RHYTHM,
            "The latest value is for 2024. The source is not published on a regular day.",
            id="no rhythm",
        ),
        pytest.param(
            {2024: 50},
            {"release_lag_months": None},
            TODAY,
            DueState.NO_RHYTHM,
            "The latest value is for 2024. The source is not published on a regular day.",
            id="delay not known",
        ),
        pytest.param({}, {}, TODAY, DueState.NO_VALUE, "No value is published.", id="no value"),
        pytest.param(
            {2018: 50},
            {"source_state": "paused"},
            TODAY,
            DueState.PAUSED,
            "The latest value is for 2018. Its publisher has paused the source.",
            id="paused",
        ),
        pytest.param(
            {2018: 50},
            {"source_state": "ended"},
            TODAY,
            DueState.ENDED,
            "The latest value is for 2018. The source has ended: no newer value will come from it.",
            id="ended",
        ),
    ],
)
def test_due_of_a_measure(values, measure, today, state, said):
    found = due(values, today=today, **measure)
    assert (found.state, found.sentence) == (state, said)


@pytest.mark.parametrize(
    "values, measure, start, expected_on",
    [
        pytest.param({2024: 50}, {}, 2025, date(2026, 6, 30), id="rhythm and delay"),
        pytest.param({2024: 50}, {"release_lag_months": None}, 2025, None, id="no delay"),
        pytest.param({2024: 50}, {"frequency": "occasional"}, None, None, id="no rhythm"),
        pytest.param({}, {}, None, None, id="no value"),
        pytest.param({2024: 50}, {"source_state": "paused"}, None, None, id="paused"),
        pytest.param({2024: 50}, {"source_state": "ended"}, None, None, id="ended"),
    ],
)
def test_period_and_day_are_told_only_where_they_are_known(values, measure, start, expected_on):
    found = due(values, **measure)
    assert (found.period and found.period.start.year, found.expected_on) == (start, expected_on)


@pytest.mark.parametrize(
    "values, measure, today, behind",
    [
        pytest.param({2024: 50}, {}, date(2026, 6, 30), 0, id="not due yet"),
        pytest.param({2024: 50}, {}, date(2026, 7, 1), 1, id="one"),
        pytest.param({2024: 50}, {}, date(2027, 6, 30), 1, id="one, to the day"),
        pytest.param({2024: 50}, {}, date(2027, 7, 1), 2, id="two"),
        pytest.param(
            [value(1, start=date(2025, 1, 1), duration="P3M")],
            {"frequency": "quarterly", "release_lag_months": 2},
            date(2026, 3, 1),
            3,
            id="quarters",
        ),
        pytest.param({2018: 50}, {"source_state": "ended"}, TODAY, 0, id="ended"),
        pytest.param({}, {}, TODAY, 0, id="no value"),
    ],
)
def test_behind_counts_the_releases_that_should_be_out(values, measure, today, behind):
    found = due(values, today=today, **measure)
    assert found.behind == behind
    assert found.is_pressing == (behind > 0)


@given(
    start=st.dates(date(2000, 1, 1), date(2025, 12, 31)),
    frequency=st.sampled_from(Frequency.values),
    lag=st.none() | st.integers(0, 24),
    today=st.dates(date(2026, 1, 1), date(2040, 12, 31)),
)
def test_due_agrees_with_the_report(start, frequency, lag, today):
    """Nobody is asked for a value before the report itself says that one should be out."""
    found = due([value(50, start=start)], frequency=frequency, release_lag_months=lag, today=today)
    freshness = found.report.freshness
    assert found.is_pressing == (freshness in (Freshness.DUE, Freshness.LATE)) == (found.behind > 0)
    assert (found.state is DueState.OVERDUE) == (freshness is Freshness.LATE)
    assert found.expected_on == found.report.next_due
    if found.expected_on:
        # Months are of different lengths.
        assert abs(add_months(found.period.end, lag) - found.expected_on) <= timedelta(days=3)


# --- many ---


def test_work_is_in_order_of_how_pressing_it_is():
    def outcome(code, values, **measure):
        return a_report(values, code=code, **({"release_lag_months": 6} | measure))

    reports = [
        outcome("H", {2018: 1}, source_state="ended"),
        outcome("A", {}),
        outcome("G", {2018: 1}, source_state="paused"),
        outcome("B", {2020: 1}, frequency="occasional"),
        outcome("C", {2025: 1}, release_lag_months=8),
        outcome("D", {2025: 1}),
        outcome("E", {2024: 1}, release_lag_months=10),
        outcome("F", {2022: 1}),
        outcome("I", {2021: 1}),
        outcome("J", {2024: 1}, release_lag_months=9),
    ]
    assert [(d.report.code, d.state) for d in work(reports)] == [
        ("I", DueState.OVERDUE),
        ("F", DueState.OVERDUE),
        ("J", DueState.DUE),
        ("E", DueState.DUE),
        ("D", DueState.EXPECTED),
        ("C", DueState.EXPECTED),
        ("A", DueState.NO_VALUE),
        ("B", DueState.NO_RHYTHM),
        ("G", DueState.PAUSED),
        ("H", DueState.ENDED),
    ]
    assert work([]) == []


def test_equally_pressing_work_is_in_order_of_code():
    reports = [a_report({2024: 1}, code=code, release_lag_months=6) for code in "CAB"]
    assert [d.report.code for d in work(reports)] == ["A", "B", "C"]


def test_every_freshness_has_a_state_with_words():
    assert {state.value for state in DueState} == {
        "overdue", "due", "expected", "no_rhythm", "no_value", "paused", "ended",
    }  # fmt: skip
    assert all(state.label and state.rule for state in DueState)


@pytest.mark.django_db
def test_work_of_the_record_asks_nothing_beyond_its_reports(exampleton, django_assert_num_queries):
    with django_assert_num_queries(6):
        found = work(summaries(exampleton, TODAY, codes=["XA1", "XA2", "XB1"]))
        assert [(d.report.code, d.state) for d in found] == [
            ("XA1", DueState.OVERDUE), ("XA2", DueState.OVERDUE), ("XB1", DueState.NO_VALUE),
        ]  # fmt: skip
        assert all(d.sentence for d in found)
