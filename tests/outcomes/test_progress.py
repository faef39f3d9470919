"""The status rule, tested by worked cases, by sums an officer can check by hand, and by properties."""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes import progress
from outcomes.progress import (
    Family,
    Freshness,
    MilestoneState,
    Point,
    Status,
    Trend,
    assess,
    day_at,
    freshness,
    improving,
    judge_milestones,
    project,
    recent_trend,
    years,
)

CASES = json.loads(Path(__file__).with_name("progress_cases.json").read_text(), parse_float=Decimal)
# How long a property takes is no part of it; a busy machine must not fail it.
unhurried = settings(deadline=None)
NUMBERS_IN_CASES = {"expected_by_now": 6, "ratio": 6, "pct_of_target_change": 4}


def points(*pairs):
    return [Point(*pair) for pair in pairs]


def judged(baseline, target, latest, *, milestones=(), rises=True, tolerance=0):
    """Assess points given as pairs of year and value."""
    return assess(
        rises=rises,
        tolerance=tolerance,
        baseline=baseline and Point(*baseline),
        milestones=points(*milestones),
        target=target and Point(*target),
        latest=latest and Point(*latest),
    )


def judged_case(given_):
    return judged(
        given_["baseline"],
        given_["target"],
        given_["latest"],
        milestones=given_.get("milestones", ()),
        rises=given_["direction"] == "up",
        tolerance=given_.get("tolerance", 0),
    )


# Worked cases


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES["path_cases"]])
def test_assess_agrees_with_the_worked_case(case):
    result = judged_case(case["input"])
    found = {
        "expected_by_now": result.expected,
        "ratio": result.ratio,
        "pct_of_target_change": None if result.share is None else result.share * 100,
    }
    for name, digits in NUMBERS_IN_CASES.items():
        if name in case["expected"]:
            printed = None if found[name] is None else round(float(found[name]), digits)
            assert printed == (None if case["expected"][name] is None else float(case["expected"][name])), name
    assert result.status.value == case["expected"]["status"]


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case["id"]) for case in CASES["path_cases"] if "last_due_milestone" in case["expected"]],
)
def test_judge_milestones_agrees_with_the_worked_case(case):
    milestones = points(*case["input"].get("milestones", ()))
    latest = Point(*case["input"]["latest"])
    rises = case["input"]["direction"] == "up"
    answers = judge_milestones(rises=rises, milestones=milestones, series=[latest], now=latest.at)
    due = [answer.state.value for answer in answers if answer.judged_by]
    assert (due[-1] if due else None) == case["expected"]["last_due_milestone"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES["trend_cases"]])
def test_recent_trend_agrees_with_the_worked_case(case):
    expected = case["expected"]
    result = recent_trend([Point(row["year"], row["value"], row["lower"], row["upper"]) for row in case["input"]])
    assert result.trend.value == expected["trend"]
    if "slope" in expected:
        assert round(result.slope, 6) == float(expected["slope"])
        assert round(result.chi_square, 4) == float(expected["chi_square"])
        assert result.agrees is expected["all_leave_one_out_slopes_agree"]
        assert (result.chi_square > progress.TREND_CHI_SQUARE) is expected["significant"]
    else:
        assert result.why


# By hand: from 50 in 2020 to 70 in 2040 is one a year, so 60 is needed by 2030

START, GOAL = (2020, 50), (2040, 70)


@pytest.mark.parametrize(
    ("latest", "tolerance", "status"),
    [
        pytest.param(None, 0, Status.NO_DATA, id="no-value"),
        pytest.param((2030, 70), 0, Status.TARGET_MET, id="target-reached-exactly"),
        pytest.param((2030, "69.99"), 0, Status.ON_TRACK, id="target-nearly-reached"),
        pytest.param((2041, 71), 0, Status.TARGET_MET, id="target-met-after-its-date"),
        pytest.param((2020, 50), 0, Status.BASELINE_ONLY, id="single-value"),
        pytest.param((2019, 49), 0, Status.BASELINE_ONLY, id="value-before-the-baseline"),
        pytest.param((2020, 71), 0, Status.TARGET_MET, id="target-met-by-a-single-value"),
        pytest.param((2040, "69.99"), 0, Status.TARGET_MISSED, id="missed-on-the-day"),
        pytest.param((2041, 40), 0, Status.TARGET_MISSED, id="missed-and-worse-is-missed"),
        pytest.param((2030, "59.5"), 0, Status.ON_TRACK, id="95-percent"),
        pytest.param((2030, "59.49"), 0, Status.TOO_SLOW, id="under-95-percent"),
        pytest.param((2030, 56), 0, Status.TOO_SLOW, id="60-percent"),
        pytest.param((2030, "55.99"), 0, Status.LIMITED_PROGRESS, id="under-60-percent"),
        pytest.param((2030, "50.01"), 0, Status.LIMITED_PROGRESS, id="hardly-up-without-tolerance"),
        pytest.param((2030, 50), 0, Status.NO_CLEAR_CHANGE, id="unchanged"),
        pytest.param((2030, "49.99"), 0, Status.GETTING_WORSE, id="hardly-down-without-tolerance"),
        pytest.param((2030, "50.51"), "0.5", Status.LIMITED_PROGRESS, id="up-by-more-than-the-tolerance"),
        pytest.param((2030, "50.5"), "0.5", Status.NO_CLEAR_CHANGE, id="up-by-the-tolerance"),
        pytest.param((2030, "49.5"), "0.5", Status.NO_CLEAR_CHANGE, id="down-by-the-tolerance"),
        pytest.param((2030, "49.49"), "0.5", Status.GETTING_WORSE, id="down-by-more-than-the-tolerance"),
        pytest.param((2021, "50.9"), 1, Status.TOO_EARLY, id="needed-is-the-tolerance"),
        pytest.param((2021, 51), 1, Status.TOO_EARLY, id="needed-and-achieved-are-the-tolerance"),
        pytest.param((2021, 49), 1, Status.TOO_EARLY, id="early-and-down-by-the-tolerance"),
        pytest.param((2021, "51.01"), 1, Status.ON_TRACK, id="early-and-clearly-up"),
        pytest.param((2021, "48.99"), 1, Status.GETTING_WORSE, id="early-and-clearly-down"),
        pytest.param((2022, "51.3"), 1, Status.TOO_SLOW, id="needed-is-more-than-the-tolerance"),
    ],
)
def test_assess_gives_the_status_by_hand(latest, tolerance, status):
    latest = latest and (latest[0], Decimal(latest[1]))
    assert judged(START, GOAL, latest, tolerance=Decimal(tolerance)).status is status


@pytest.mark.parametrize(
    ("latest", "status"),
    [
        pytest.param((2030, 53), Status.TARGET_MET, id="held-and-better"),
        pytest.param((2030, 52), Status.TARGET_MET, id="held-exactly"),
        pytest.param((2030, 51), Status.ON_TRACK, id="down-by-the-tolerance"),
        pytest.param((2030, Decimal("50.99")), Status.GETTING_WORSE, id="down-by-more"),
        pytest.param((2040, 51), Status.TARGET_MISSED, id="not-held-to-the-date"),
        pytest.param((2020, 52), Status.TARGET_MET, id="single-value"),
    ],
)
def test_assess_maintain_measure(latest, status):
    result = judged((2020, 52), (2040, 52), latest, tolerance=1)
    assert result.status is status
    assert result.share is result.expected_share is result.ratio is None


def test_assess_maintain_measure_with_a_planned_rise_follows_the_path():
    result = judged((2020, 50), (2040, 50), (2030, Decimal("49.5")), milestones=[(2030, 60)], tolerance=1)
    assert (result.status, result.ratio) == (Status.NO_CLEAR_CHANGE, Fraction(-1, 20))


@pytest.mark.parametrize(
    ("latest", "status"),
    [
        pytest.param((2025, 81), Status.TARGET_MET, id="better-than-target"),
        pytest.param((2025, 79), Status.TOO_EARLY, id="below-target-inside-tolerance-of-baseline"),
        pytest.param((2025, 76), Status.GETTING_WORSE, id="below-both"),
    ],
)
def test_assess_baseline_beyond_the_target(latest, status):
    result = judged((2022, 82), (2040, 80), latest, tolerance=4)
    assert result.status is status
    assert result.share is result.expected_share is None


def test_assess_gives_every_number_it_used():
    result = judged(START, GOAL, (2030, 56))
    assert result.latest == Point(2030, 56)
    assert result.baseline == Point(*START)
    assert result.target == Point(*GOAL)
    assert (result.expected, result.achieved, result.needed) == (60, 6, 10)
    assert (result.ratio, result.share, result.expected_share) == (
        Fraction(6, 10),
        Fraction(6, 20),
        Fraction(1, 2),
    )


def test_assess_falling_measure_counts_a_fall_as_achieved():
    result = judged((2020, 10), (2040, 0), (2030, 4), rises=False)
    assert (result.status, result.expected, result.achieved, result.needed) == (Status.ON_TRACK, 5, 6, 5)


@pytest.mark.parametrize(
    ("baseline", "target", "latest", "rises", "share"),
    [
        pytest.param((2020, 10), (2040, 0), (2030, 5), False, Fraction(1, 2), id="zero-target"),
        pytest.param((2020, 0), (2040, 10), (2030, 5), True, Fraction(1, 2), id="zero-baseline"),
        pytest.param((2020, -10), (2040, 10), (2030, 0), True, Fraction(1, 2), id="negative-to-positive"),
        pytest.param((2020, -10), (2040, -30), (2030, -20), False, Fraction(1, 2), id="negative-and-falling"),
    ],
)
def test_assess_zero_and_negative_need_no_special_case(baseline, target, latest, rises, share):
    result = judged(baseline, target, latest, rises=rises)
    assert (result.status, result.ratio, result.share) == (Status.ON_TRACK, 1, share)


def test_assess_without_target_still_tells_the_direction():
    result = judged((2020, 10), None, (2024, 8), rises=False)
    assert (result.status, result.achieved) == (Status.NO_TARGET, 2)
    assert result.expected is result.needed is result.ratio is result.share is result.expected_share is None


def test_assess_without_anything_but_a_value():
    result = judged(None, None, (2024, 8))
    assert (result.status, result.achieved) == (Status.NO_TARGET, None)


@pytest.mark.parametrize(
    ("latest", "status"),
    [
        pytest.param((2024, 60), Status.BASELINE_ONLY, id="not-there"),
        pytest.param((2024, 70), Status.TARGET_MET, id="there"),
        pytest.param(None, Status.NO_DATA, id="no-value"),
    ],
)
def test_assess_without_baseline(latest, status):
    result = judged(None, GOAL, latest)
    assert result.status is status
    assert result.expected is result.achieved is result.share is None


def test_assess_value_before_the_baseline_has_no_sum():
    result = judged(START, GOAL, (2019, 55))
    assert result.expected is result.achieved is result.needed is result.share is None


def test_assess_on_the_baseline_day_needs_nothing_yet():
    result = judged(START, GOAL, START)
    assert (result.expected, result.needed, result.share, result.expected_share) == (50, 0, 0, 0)


def test_assess_after_the_target_date_needs_the_target():
    result = judged(START, GOAL, (2045, 65))
    assert (result.expected, result.ratio, result.expected_share) == (70, Fraction(3, 4), 1)


def test_assess_target_dated_before_the_baseline_has_an_answer():
    result = judged((2030, 50), (2025, 70), (2031, 55))
    assert (result.status, result.expected) == (Status.TARGET_MISSED, 70)


@pytest.mark.parametrize(
    ("milestones", "expected"),
    [
        pytest.param([], 60, id="none"),
        pytest.param([(2030, 56)], 56, id="on-the-day"),
        pytest.param([(2025, 50), (2035, 60)], 55, id="between-two"),
        pytest.param([(2035, 60), (2025, 50)], 55, id="in-any-order"),
        pytest.param([(2020, 99), (2010, 99)], 60, id="not-after-the-baseline-is-left-out"),
        pytest.param([(2040, 99), (2045, 99)], 60, id="not-before-the-target-is-left-out"),
        pytest.param([(2030, 52), (2030, 56)], 56, id="two-on-one-day-steps"),
    ],
)
def test_assess_path_bends_at_milestones(milestones, expected):
    assert judged(START, GOAL, (2030, 55), milestones=milestones).expected == expected


def test_assess_takes_every_kind_of_number():
    for kind in (int, float, Decimal, Fraction):
        result = judged((kind(2020), kind(50)), (kind(2040), kind(70)), (kind(2030), kind(60)))
        assert (result.status, result.ratio) == (Status.ON_TRACK, 1)


# Milestones


@pytest.mark.parametrize(
    ("series", "now", "state", "judge"),
    [
        pytest.param([(2028, 35)], 2029, MilestoneState.MET, 0, id="met-exactly"),
        pytest.param([(2028, 36)], 2029, MilestoneState.MISSED, 0, id="missed"),
        pytest.param([(2027, 35)], 2029, MilestoneState.NOT_KNOWN, None, id="only-an-earlier-value"),
        pytest.param([], 2028, MilestoneState.NOT_KNOWN, None, id="on-the-day-without-a-value"),
        pytest.param([(2027, 30)], Decimal("2027.9"), MilestoneState.TO_COME, None, id="to-come"),
        pytest.param([(2028, 36), (2029, 34)], 2030, MilestoneState.MISSED, 0, id="first-value-judges"),
        pytest.param([(2029, 34), (2028, 36)], 2030, MilestoneState.MISSED, 1, id="first-in-any-order"),
        pytest.param([(2030, 34)], 2031, MilestoneState.MET, 0, id="later-value-judges"),
    ],
)
def test_judge_milestones_state(series, now, state, judge):
    series = points(*series)
    (answer,) = judge_milestones(rises=False, milestones=points((2028, 35)), series=series, now=now)
    assert answer.milestone == Point(2028, 35)
    assert answer.state is state
    assert answer.judged_by is (None if judge is None else series[judge])


def test_judge_milestones_come_back_by_date():
    milestones = points((2034, 70), (2028, 60))
    answers = judge_milestones(rises=True, milestones=milestones, series=points((2030, 61)), now=2031)
    assert [answer.state for answer in answers] == [MilestoneState.MET, MilestoneState.TO_COME]


# Trend


def limited(values, width=1, start=2020):
    """One figure a year, each with limits half a width either side."""
    half = Fraction(width) / 2
    return [Point(start + i, value, value - half, value + half) for i, value in enumerate(map(Fraction, values))]


@pytest.mark.parametrize(
    ("series", "trend", "agrees"),
    [
        pytest.param(limited([1, 2, 3, 4, 5]), Trend.INCREASING, True, id="up"),
        pytest.param(limited([5, 4, 3, 2, 1]), Trend.DECREASING, True, id="down"),
        pytest.param(limited([1, 2, 3, 4, 5], width=100), Trend.NO_CHANGE, True, id="up-but-within-chance"),
        pytest.param(limited([0, 0, 0, 0, 5]), Trend.NO_CHANGE, False, id="one-value-makes-the-trend"),
        pytest.param(limited([4, 4, 4, 4, 4]), Trend.NO_CHANGE, False, id="flat"),
        pytest.param(limited([9, 8, 7, 1, 2, 3, 4, 5]), Trend.INCREASING, True, id="last-five-only"),
        pytest.param(limited([1, 2, 3, 4, 5])[::-1], Trend.INCREASING, True, id="in-any-order"),
    ],
)
def test_recent_trend_found(series, trend, agrees):
    result = recent_trend(series)
    assert (result.trend, result.agrees, result.points, result.why) == (trend, agrees, 5, None)


def test_recent_trend_by_hand():
    # Limits 3.92 wide are a standard error of one; the squared distances from the middle year add up to ten.
    result = recent_trend(limited([1, 2, 3, 4, 5], width=Fraction(392, 100)))
    assert (result.slope, result.chi_square) == (1.0, 10.0)
    assert result.trend is Trend.INCREASING


def test_recent_trend_threshold_is_the_table_value():
    assert pytest.approx(9.5495, abs=0.00005) == progress.TREND_CHI_SQUARE


@pytest.mark.parametrize(
    ("series", "looked_at", "reason"),
    [
        pytest.param([], 0, "needs 5 figures", id="nothing"),
        pytest.param(limited([1, 2, 3, 4]), 4, "needs 5 figures", id="four"),
        pytest.param(limited([1, 2, 3, 4]) + limited([5]), 5, "different dates", id="two-on-one-date"),
        pytest.param(limited([1, 2, 3, 4]) + points((2024, 5)), 5, "have 95% limits.", id="no-limits"),
        pytest.param(limited([1, 2, 3, 4]) + [Point(2024, 5, 4)], 5, "have 95% limits.", id="lower-only"),
        pytest.param(limited([1, 2, 3, 4]) + [Point(2024, 5, 5, 5)], 5, "a gap", id="zero-width"),
        pytest.param(limited([1, 2, 3, 4]) + [Point(2024, 5, 6, 4)], 5, "a gap", id="turned-round"),
    ],
)
def test_recent_trend_cannot_be_tested(series, looked_at, reason):
    result = recent_trend(series)
    assert (result.trend, result.points) == (Trend.UNTESTED, looked_at)
    assert result.slope is result.chi_square is result.agrees is None
    assert reason in result.why


@pytest.mark.parametrize(
    ("values", "rises", "answer"),
    [
        pytest.param([1, 2, 3, 4, 5], True, True, id="up-is-better"),
        pytest.param([1, 2, 3, 4, 5], False, False, id="up-is-worse"),
        pytest.param([5, 4, 3, 2, 1], False, True, id="down-is-better"),
        pytest.param([5, 4, 3, 2, 1], True, False, id="down-is-worse"),
        pytest.param([4, 4, 4, 4, 4], True, None, id="no-change"),
        pytest.param([1, 2], True, None, id="untested"),
    ],
)
def test_improving_depends_on_the_direction(values, rises, answer):
    assert improving(recent_trend(limited(values)), rises) is answer


# Projection


def test_project_straight_line_by_hand():
    result = project(rises=True, series=points((2020, 50), (2021, 51), (2022, 52), (2023, 53)), target=Point(2040, 70))
    assert result == progress.Projection(
        slope_per_year=1.0,
        reaches_target_at=2040.0,
        value_at_target_date=70.0,
        points=4,
        moving_away=False,
        already=False,
    )


def test_project_falling_line_in_any_order():
    series = points((2023, 7), (2020, 10), (2022, 8), (2021, 9))
    result = project(rises=False, series=series, target=Point(2040, 0))
    assert (result.slope_per_year, result.reaches_target_at, result.moving_away) == (-1.0, 2030.0, False)


@pytest.mark.parametrize(
    ("values", "reaches", "moving_away", "already"),
    [
        pytest.param([50, 50, 50, 50], None, False, False, id="flat-never-reaches"),
        pytest.param([53, 52, 51, 50], None, True, False, id="moving-away"),
        pytest.param([67, 68, 69, 70], None, False, True, id="already-there"),
        pytest.param([74, 73, 72, 71], None, True, True, id="already-there-and-moving-away"),
        pytest.param([50, 65, 80, 69], 2023.0, False, False, id="line-crossed-before-the-latest"),
    ],
)
def test_project_edges(values, reaches, moving_away, already):
    series = points(*enumerate(values, start=2020))
    result = project(rises=True, series=series, target=Point(2040, 70))
    assert (result.reaches_target_at, result.moving_away, result.already) == (reaches, moving_away, already)


@pytest.mark.parametrize(
    ("series", "target"),
    [
        pytest.param([(2020, 1), (2021, 2), (2022, 3), (2023, 4)], None, id="no-target"),
        pytest.param([(2020, 1), (2021, 2), (2022, 3)], (2040, 9), id="three-points"),
        pytest.param([(2020, 1), (2020, 2), (2020, 3), (2020, 4)], (2040, 9), id="one-date"),
        pytest.param([], (2040, 9), id="no-points"),
    ],
)
def test_project_is_nothing_without_enough_to_go_on(series, target):
    assert project(rises=True, series=points(*series), target=target and Point(*target)) is None


# Freshness

DUE = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        pytest.param(DUE - timedelta(days=1), Freshness.UP_TO_DATE, id="day-before"),
        pytest.param(DUE, Freshness.UP_TO_DATE, id="on-the-day"),
        pytest.param(DUE + timedelta(days=1), Freshness.DUE, id="day-after"),
        pytest.param(DUE + timedelta(days=90), Freshness.DUE, id="ninety-days-after"),
        pytest.param(DUE + timedelta(days=91), Freshness.LATE, id="ninety-one-days-after"),
    ],
)
def test_freshness_by_the_day(today, state):
    assert freshness(source_state="running", next_due=DUE, has_value=True, today=today) is state


@pytest.mark.parametrize(
    ("source_state", "next_due", "has_value", "state"),
    [
        pytest.param("running", None, True, Freshness.NO_RHYTHM, id="no-rhythm"),
        pytest.param("paused", DUE, True, Freshness.PAUSED, id="paused"),
        pytest.param("ended", DUE, True, Freshness.ENDED, id="ended"),
        pytest.param("running", DUE, False, Freshness.NO_VALUE, id="no-value"),
        pytest.param("ended", None, False, Freshness.NO_VALUE, id="ended-without-a-value"),
    ],
)
def test_freshness_without_a_due_date_to_judge_by(source_state, next_due, has_value, state):
    today = DUE + timedelta(days=365)
    assert freshness(source_state=source_state, next_due=next_due, has_value=has_value, today=today) is state


def test_freshness_refuses_an_unknown_source_state():
    with pytest.raises(ValueError, match="asleep"):
        freshness(source_state="asleep", next_due=None, has_value=True, today=DUE)


# Dates


def test_years_is_straight_in_days():
    steps = {years(date(2024, 2, 28) + timedelta(days=n + 1)) - years(date(2024, 2, 28) + timedelta(days=n))
             for n in range(400)}  # fmt: skip
    assert steps == {Fraction(10000, 3652425)}


@unhurried
@given(st.dates())
def test_day_at_turns_years_back(day):
    assert day_at(years(day)) == day
    assert day_at(float(years(day))) == day


@pytest.mark.parametrize("at", [pytest.param(-1, id="too-early"), pytest.param(1e30, id="too-late")])
def test_day_at_beyond_the_calendar(at):
    assert day_at(at) is None


# Words


def test_status_rules_cover_every_status_once():
    assert next(iter(progress.STATUS_RULES)) is Status.NO_DATA
    assert set(progress.STATUS_RULES) == set(Status)


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(member, id=f"{kind.__name__}-{member.value}")
        for kind in (Status, MilestoneState, Trend, Freshness)
        for member in kind
    ],
)
def test_wording_is_a_label_and_a_full_sentence(member):
    assert member.label[0].isupper()
    assert member.rule[0].isupper()
    assert member.rule.endswith(".")
    assert member.slug == member.value.replace("_", "-")


def test_wording_of_thresholds_comes_from_the_constants():
    assert "95%" in Status.ON_TRACK.rule
    assert "60%" in Status.TOO_SLOW.rule
    assert "95%" in Status.TOO_SLOW.rule
    assert "60%" in Status.LIMITED_PROGRESS.rule
    assert "99.8%" in progress.TREND_RULE
    assert "90 days" in Freshness.LATE.rule


def test_display_order_keeps_families_together_worst_first():
    families = list(dict.fromkeys(status.family for status in Status))
    assert families == [Family.WORSE, Family.SLOW, Family.BETTER, Family.UNKNOWN]
    assert [status.family for status in Status] == [f for f in families for s in Status if s.family is f]


def test_module_stays_pure():
    source = Path(progress.__file__).read_text()
    assert not any(word in source for word in ("django", "today()", "now()", "settings"))


# Properties

values = st.decimals(min_value=-1000, max_value=1000, places=2)
tolerances = st.decimals(min_value=0, max_value=5, places=2)
dates = st.integers(min_value=2020, max_value=2045)


@st.composite
def situations(draw, latest_at=dates):
    """Arguments for assess: a baseline in 2020, a target in 2040, up to three milestones between."""
    return {
        "rises": draw(st.booleans()),
        "tolerance": draw(tolerances),
        "baseline": Point(2020, draw(values)),
        "milestones": [
            Point(at, draw(values)) for at in draw(st.lists(st.integers(2021, 2039), max_size=3, unique=True))
        ],
        "target": Point(2040, draw(values)),
        "latest": Point(draw(latest_at), draw(values)),
    }


def moved(situation, change, **other):
    """The same situation with every value changed."""
    changed = {
        name: Point(situation[name].at, change(Fraction(situation[name].value)))
        for name in ("baseline", "target", "latest")
    }
    milestones = [Point(point.at, change(Fraction(point.value))) for point in situation["milestones"]]
    return situation | changed | {"milestones": milestones} | other


def naive_status(situation):
    """The order of design.md section 5, word for word, where there are all values."""
    sign = 1 if situation["rises"] else -1
    tolerance = Fraction(situation["tolerance"])
    start, end, last = (Fraction(situation[name].value) for name in ("baseline", "target", "latest"))
    at = situation["latest"].at
    achieved, needed = sign * (last - start), sign * (assess(**situation).expected - start)
    if sign * (last - end) >= 0:
        return "target_met"
    if at <= 2020:
        return "baseline_only"
    if at >= 2040:
        return "target_missed"
    if needed <= tolerance:
        if achieved < -tolerance:
            return "getting_worse"
        return "on_track" if achieved > tolerance or start == end else "too_early"
    for least, name in ((Fraction(95, 100), "on_track"), (Fraction(60, 100), "progress_too_slow")):
        if achieved / needed >= least:
            return name
    if achieved < -tolerance:
        return "getting_worse"
    return "no_clear_change" if abs(achieved) <= tolerance else "limited_progress"


def naive_path(situation):
    """The path as the baseline plus what each stretch adds, in floating point."""
    corners = sorted(
        [(point.at, float(point.value)) for point in situation["milestones"]]
        + [(2020, float(situation["baseline"].value)), (2040, float(situation["target"].value))]
    )
    height = corners[0][1]
    for i in range(len(corners) - 1):
        length = corners[i + 1][0] - corners[i][0]
        gone = min(max(situation["latest"].at - corners[i][0], 0), length)
        height += (corners[i + 1][1] - corners[i][1]) * gone / length
    return height


@unhurried
@given(situations())
def test_assess_status_agrees_with_the_design_word_for_word(situation):
    assert assess(**situation).status.value == naive_status(situation)


@unhurried
@given(situations())
def test_assess_path_agrees_with_a_second_way_of_drawing_it(situation):
    assert float(assess(**situation).expected) == pytest.approx(naive_path(situation), abs=1e-6)


@unhurried
@given(situations())
def test_assess_latest_equal_to_baseline_has_share_zero(situation):
    result = assess(**situation | {"latest": Point(situation["latest"].at, situation["baseline"].value)})
    assert result.achieved == 0
    assert result.share in (0, None)
    way = situation["target"].value - situation["baseline"].value
    assert (result.share is None) == (way <= 0 if situation["rises"] else way >= 0)


@unhurried
@given(situations())
def test_assess_latest_equal_to_target_has_share_one_and_is_met(situation):
    result = assess(**situation | {"latest": Point(situation["latest"].at, situation["target"].value)})
    assert result.status is Status.TARGET_MET
    assert result.share in (1, None)


@unhurried
@given(situations())
def test_assess_mirrored_is_the_same(situation):
    plain = assess(**situation)
    mirrored = assess(**moved(situation, lambda value: -value, rises=not situation["rises"]))
    for name in ("status", "achieved", "needed", "ratio", "share", "expected_share"):
        assert getattr(plain, name) == getattr(mirrored, name), name
    assert plain.expected == -mirrored.expected


@unhurried
@given(situations(), values)
def test_assess_shifted_is_the_same(situation, by):
    plain, shifted = assess(**situation), assess(**moved(situation, lambda value: value + Fraction(by)))
    assert (plain.status, plain.ratio, plain.share) == (shifted.status, shifted.ratio, shifted.share)


@unhurried
@given(situations(), st.fractions(min_value=Fraction(1, 1000), max_value=1000))
def test_assess_scaled_is_the_same(situation, by):
    plain = assess(**situation)
    scaled = assess(**moved(situation, lambda value: value * by, tolerance=Fraction(situation["tolerance"]) * by))
    assert (plain.status, plain.ratio, plain.share) == (scaled.status, scaled.ratio, scaled.share)


@unhurried
@given(situations(), st.decimals(min_value=0, max_value=100, places=2))
def test_assess_better_value_never_has_a_lower_ratio(situation, by):
    latest = situation["latest"]
    better = Point(latest.at, latest.value + (by if situation["rises"] else -by))
    before, after = assess(**situation), assess(**situation | {"latest": better})
    assert (before.ratio is None) == (after.ratio is None)
    if before.ratio is not None:
        assert after.ratio >= before.ratio


@unhurried
@given(st.lists(values, min_size=5, max_size=5), st.booleans())
def test_recent_trend_mirrored_is_turned_round(five, rises):
    up, down = recent_trend(limited(five)), recent_trend(limited([-value for value in five]))
    assert (up.slope, up.chi_square, up.agrees) == (-down.slope, down.chi_square, down.agrees)
    assert improving(up, rises) is improving(down, not rises)


@unhurried
@given(st.lists(values, min_size=4, max_size=12), values)
def test_project_reaches_the_target_where_its_line_says(series, goal):
    target = Point(2040, goal)
    result = project(rises=True, series=points(*enumerate(series, start=2020)), target=target)
    if result.reaches_target_at is not None:
        gap = float(goal) - result.value_at_target_date
        by_slope = 2040 + gap / result.slope_per_year
        assert result.reaches_target_at == pytest.approx(max(by_slope, 2019 + len(series)), rel=1e-9)
