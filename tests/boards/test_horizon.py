"""Milestones to come, and the risk that each is missed if the figures go on as they have."""

from datetime import date
from decimal import Decimal

import pytest

from boards.horizon import HORIZONS, Risk, ahead, by_horizon, what
from tests.record import a_report, value

TODAY = date(2026, 3, 31)
RISING = {2021: 50, 2022: 51, 2023: 52, 2024: 53}  # about 54.0 at the end of 2025, 55.0 of 2026
FALLING = {2021: 13, 2022: 12, 2023: 11, 2024: 10}
STEP = dict.fromkeys(range(2016, 2024), 50) | {2024: 60}
FLAT = {2021: 50, 2022: 50, 2023: 50, 2024: 50}  # whose line is exactly there


def only(values=(), *, due_on=2026, goal: object = 55, today=TODAY, **report):
    (found,) = ahead([a_report(values, milestones={due_on: goal}, today=today, **report)])
    return found


@pytest.mark.parametrize(
    "values, goal, measure, risk",
    [
        pytest.param(RISING, 57, {}, Risk.HIGH, id="rising, short of it"),
        pytest.param(RISING, "53.5", {}, Risk.LOW, id="rising, past it"),
        pytest.param(RISING, 55, {}, Risk.UNSURE, id="rising, close to it"),
        pytest.param(FALLING, 6, {"direction": "lower"}, Risk.HIGH, id="falling, short of it"),
        pytest.param(FALLING, "9.5", {"direction": "lower"}, Risk.LOW, id="falling, past it"),
        pytest.param(FALLING, 8, {"direction": "lower"}, Risk.UNSURE, id="falling, close to it"),
        pytest.param(FALLING, 20, {}, Risk.HIGH, id="falling where it should rise"),
        pytest.param(FLAT, 51, {}, Risk.UNSURE, id="short of it by the least change"),
        pytest.param(FLAT, "51.01", {}, Risk.HIGH, id="by more than that"),
        pytest.param(FLAT, "50.01", {"tolerance": 0}, Risk.HIGH, id="nothing is too small to count"),
        pytest.param(FLAT, "50.01", {"tolerance": None}, Risk.HIGH, id="least change not known"),
        pytest.param(FLAT, 50, {"tolerance": 0}, Risk.LOW, id="exactly there"),
        pytest.param(FLAT, 50, {}, Risk.LOW, id="reached, and held"),
        pytest.param(STEP, 59, {}, Risk.LOW, id="reached by a step that the line lags behind"),
        pytest.param(FALLING, "9.5", {}, Risk.HIGH, id="reached, and being lost"),
        pytest.param(FALLING, "8.5", {}, Risk.UNSURE, id="reached, and about to be lost"),
        pytest.param(FALLING, 5, {}, Risk.LOW, id="reached, and far from lost"),
        pytest.param({2022: 51, 2023: 52, 2024: 53}, 55, {}, Risk.UNKNOWN, id="three values"),
        pytest.param({}, 55, {}, Risk.UNKNOWN, id="no value"),
        pytest.param({2018: 90, 2019: 80} | RISING, 57, {"baseline": 2021}, Risk.HIGH, id="since the start only"),
        pytest.param(
            {2020: 90} | RISING | {2022: {"number": 51, "markers": "[b]"}}, 57, {}, Risk.UNKNOWN, id="break in between"
        ),
    ],
)
def test_risk_is_where_a_straight_line_stands_to_the_goal_on_its_day(values, goal, measure, risk):
    assert only(values, goal=goal, **measure).risk is risk


@pytest.mark.parametrize(
    "values, goal, measure, why",
    [
        pytest.param(RISING, 57, {}, "If nothing changes, a straight line leads to about 55.0% by then.", id="line"),
        pytest.param(
            FALLING,
            9,
            {},
            "The latest value has reached it already. If nothing changes, a straight line leads to about 8.0% by then.",
            id="reached",
        ),
        pytest.param(
            {2021: 40, 2022: 30, 2023: 20, 2024: 5},
            2,
            {"direction": "lower", "natural_min": 0},
            "If nothing changes, a straight line leads to about 0.0% by then.",
            id="never below what can be",
        ),
        pytest.param(
            {2021: 60, 2022: 70, 2023: 80, 2024: 95},
            99,
            {"natural_max": 100},
            "If nothing changes, a straight line leads to about 100.0% by then.",
            id="nor above",
        ),
        pytest.param({2024: 53}, 55, {}, "1 value since the start; 4 are needed to draw a line.", id="one value"),
        pytest.param(
            {2023: 55, 2024: 56},
            55,
            {},
            "The latest value has reached it already. 2 values since the start; 4 are needed to draw a line.",
            id="reached, with too few",
        ),
        pytest.param({}, 55, {}, "No value is published yet.", id="no value"),
    ],
)
def test_risk_is_explained_with_care(values, goal, measure, why):
    assert only(values, goal=goal, **measure).why == why


def test_line_beyond_what_can_be_counts_for_the_risk_as_it_is():
    """A line to −10% passes 0 by far; only the words stop at what can be."""
    found = only({2021: 40, 2022: 30, 2023: 20, 2024: 10}, goal=0, direction="lower", natural_min=0)
    assert (found.risk, found.expected) == (Risk.LOW, 0)
    assert isinstance(only(RISING).expected, Decimal) and only().expected is None


@pytest.mark.parametrize(
    "due_on, within",
    [
        pytest.param(date(2026, 3, 31), None, id="today: fallen due"),
        pytest.param(date(2026, 4, 1), 6, id="tomorrow"),
        pytest.param(date(2026, 9, 30), 6, id="in six months, of which the last is shorter"),
        pytest.param(date(2026, 10, 1), 12, id="a day more"),
        pytest.param(date(2027, 3, 31), 12, id="in a year"),
        pytest.param(date(2027, 4, 1), 24, id="a year and a day"),
        pytest.param(date(2028, 3, 31), 24, id="in two years"),
        pytest.param(date(2028, 4, 1), None, id="further away"),
        pytest.param(date(2025, 12, 31), None, id="past"),
    ],
)
def test_goal_is_ahead_within_the_shortest_time(due_on, within):
    found = ahead([a_report(RISING, milestones={due_on: 55}, today=TODAY)])
    assert [each.within for each in found] == [within] * (within is not None)


def test_goal_that_is_judged_before_its_day_is_settled():
    """A school year's figures may be out before it ends."""
    early = [value(60, start=date(2025, 9, 1))]
    assert ahead([a_report(early, milestones={date(2026, 8, 31): 55}, today=TODAY)]) == []


def test_goals_come_soonest_first_and_the_target_with_them():
    reports = [
        a_report(code="B", position=2, milestones={2026: 55}, target=(2027, 60), today=TODAY),
        a_report(code="A", position=1, milestones={2026: 50, 2031: 90}, today=TODAY),
        a_report(code="C", position=3, today=TODAY),
    ]
    found = ahead(reports)
    assert [(each.report.code, each.goal.due_on.year, each.goal.is_target) for each in found] == [
        ("A", 2026, False),
        ("B", 2026, False),
        ("B", 2027, True),
    ]
    assert [(months, len(of)) for months, of in by_horizon(found)] == [(6, 0), (12, 2), (24, 1)]
    assert by_horizon([]) == [(months, []) for months in HORIZONS]
    assert [what(each) for each in found[1:]] == [
        "Milestone: 55.0% or more by the end of 2026",
        "Target: 60.0% or more by the end of 2027",
    ]
