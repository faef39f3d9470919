"""What is said of a report: every status, every branch, word for word."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from luton2040.editions import Edition
from outcomes import sentences
from outcomes.models import Milestone, Revision
from outcomes.progress import Freshness, Status, Trend
from tests.record import a_report, value

START = {2020: 50}
TARGET = (2040, 70)  # from the end of 2020 one a year is needed
NEEDED = "By 2024 it needed to be 54.0% or more. It is "


def judged(latest, *, year=2024, **options):
    return a_report({**START, year: latest}, **({"baseline": 2020, "target": TARGET, "tolerance": 0.5} | options))


# --- why the status is what it is ---


@pytest.mark.parametrize(
    "report, status, said",
    [
        pytest.param(
            a_report(caveat="Awaiting data. Nobody counts it."),
            Status.NO_DATA,
            "There is no value to judge by. Nobody counts it.",
            id="no data, with a caveat",
        ),
        pytest.param(a_report(), Status.NO_DATA, "There is no value to judge by.", id="no data"),
        pytest.param(
            a_report(START, no_target_reason="None is published."),
            Status.NO_TARGET,
            "None is published.",
            id="no target, no start",
        ),
        pytest.param(
            a_report(START, baseline=2020), Status.NO_TARGET, "No target has been set.", id="no target, one value"
        ),
        pytest.param(
            a_report({**START, 2024: 48}, baseline=2020),
            Status.NO_TARGET,
            "No target has been set. It is down 2.0 percentage points from 50.0% in 2020: worse than at the start.",
            id="no target, and a change",
        ),
        pytest.param(
            judged(71),
            Status.TARGET_MET,
            "The target is 70.0% or more by the end of 2040. It is 71.0%.",
            id="target met",
        ),
        pytest.param(
            a_report(START, baseline=2020, target=TARGET),
            Status.BASELINE_ONLY,
            "The only value is the starting point: 50.0% in 2020. A newer one is needed before anything can be said.",
            id="baseline only",
        ),
        pytest.param(
            a_report({2020: 50, 2024: 53}, baseline=2024, target=TARGET),
            Status.BASELINE_ONLY,
            "The latest value is the starting point: 53.0% in 2024. A newer one is needed before anything can be said.",
            id="the start is the latest of several",
        ),
        pytest.param(
            a_report({2020: 50, 2024: {"number": 30, "markers": "[b]"}}, baseline=2024, target=TARGET),
            Status.BASELINE_ONLY,
            "The only value of the new series is the starting point: 30.0% in 2024. "
            "A newer one is needed before anything can be said.",
            id="baseline only, of a new series",
        ),
        pytest.param(
            a_report({2020: 50, 2023: {"number": 30, "markers": "[b]"}, 2024: 31}, baseline=2020, target=TARGET),
            Status.BASELINE_ONLY,
            "A new series began in 2023, in which no starting point has been set. "
            "There is no path to judge the latest value by: 31.0% in 2024.",
            id="no start in the new series",
        ),
        pytest.param(
            a_report({2020: 50, 2024: 53}, target=TARGET),
            Status.BASELINE_ONLY,
            "No starting point has been set. There is no path to judge the latest value by: 53.0% in 2024.",
            id="no start",
        ),
        pytest.param(
            judged(60, target=(2023, 70)),
            Status.TARGET_MISSED,
            "It needed to be 70.0% or more by the end of 2023. It is 60.0%.",
            id="target missed",
        ),
        pytest.param(
            judged(49),
            Status.GETTING_WORSE,
            f"{NEEDED}49.0%, worse than the 50.0% it started from.",
            id="getting worse",
        ),
        pytest.param(judged(54), Status.ON_TRACK, f"{NEEDED}54.0%.", id="on track"),
        pytest.param(
            judged(53),
            Status.TOO_SLOW,
            f"{NEEDED}53.0%: 75% of the change needed by then.",
            id="moving, but too slowly",
        ),
        pytest.param(
            judged(51),
            Status.LIMITED_PROGRESS,
            f"{NEEDED}51.0%: 25% of the change needed by then.",
            id="limited progress",
        ),
        pytest.param(
            judged("50.3"),
            Status.NO_CLEAR_CHANGE,
            f"{NEEDED}50.3%, too close to the 50.0% it started from to count as a change.",
            id="no clear change",
        ),
        pytest.param(
            judged("50.4", year=2021, tolerance=1),
            Status.TOO_EARLY,
            "By 2021 it needed to change by 1.0 percentage points. It has got better by 0.4 percentage points. "
            "Less than 1.0 percentage points is too little to tell from chance or rounding.",
            id="too early, a little better",
        ),
        pytest.param(
            judged("49.6", year=2021, tolerance=1),
            Status.TOO_EARLY,
            "By 2021 it needed to change by 1.0 percentage points. It has got worse by 0.4 percentage points. "
            "Less than 1.0 percentage points is too little to tell from chance or rounding.",
            id="too early, a little worse",
        ),
        pytest.param(
            judged(50, target=(2040, "50.1")),
            Status.TOO_EARLY,
            "By 2024 almost no change was needed yet. It has not changed.",
            id="too early, nothing needed",
        ),
        pytest.param(
            judged(52, year=2021, tolerance=1),
            Status.ON_TRACK,
            "By 2021 it needed to be 51.0% or more. It is 52.0%.",
            id="on track before much was needed",
        ),
        pytest.param(
            judged(8, direction="lower", target=(2040, 0), natural_min=0, **{"tolerance": 0.1}),
            Status.ON_TRACK,
            "By 2024 it needed to be 40.0% or less. It is 8.0%.",
            id="lower is better",
        ),
        pytest.param(
            judged(0, direction="lower", target=(2040, 0), natural_min=0),
            Status.TARGET_MET,
            "The target is 0.0% by the end of 2040. It is 0.0%.",
            id="nothing beyond the limit",
        ),
    ],
)
def test_reason_of_each_status(report, status, said):
    assert (report.status, sentences.reason(report)) == (status, said)


def test_reason_tells_apart_what_would_round_to_the_same():
    report = a_report({2020: 50, 2024: "53.98"}, baseline=2020, target=TARGET, tolerance=0.5, decimals=0)
    said = sentences.reason(report)
    assert report.status is Status.ON_TRACK
    assert said == "By 2024 it needed to be 54.00% or more. It is 53.98%."


def test_reason_keeps_the_decimals_of_the_measure_where_they_are_equal():
    assert sentences.reason(judged(54, decimals=0)) == "By 2024 it needed to be 54% or more. It is 54%."


@pytest.mark.parametrize(
    "latest, by",
    [
        pytest.param(value(60, start=date(2023, 4, 1)), "By March 2024", id="financial year"),
        pytest.param(value(60, start=2022, duration="P3Y"), "By the end of 2024", id="three years"),
        pytest.param(value(60, start=date(2024, 4, 30), duration="P1D"), "By April 2024", id="day"),
        pytest.param(value(60, start=date(2024, 1, 1), duration="P3M"), "By March 2024", id="quarter"),
    ],
)
def test_reason_counts_from_the_end_of_the_period(latest, by):
    report = a_report([value(50, start=2020), latest], baseline=2020, target=TARGET)
    assert sentences.reason(report).startswith(f"{by} it needed to be ")


# --- the takeaway ---


@pytest.mark.parametrize(
    "report, said",
    [
        pytest.param(a_report(), "No value for Exampleton is published.", id="no value"),
        pytest.param(
            a_report(START),
            "People in good jobs: 50.0% in Exampleton in 2020. "
            "This is the only value, so it cannot yet be said whether it is changing.",
            id="one value, no start",
        ),
        pytest.param(
            a_report(START, baseline=2020),
            "People in good jobs: 50.0% in Exampleton in 2020. "
            "This is the only value, so it cannot yet be said whether it is changing.",
            id="the start alone",
        ),
        pytest.param(
            judged(50),
            "People in good jobs: 50.0% in Exampleton in 2024. It is the same as 50.0% in 2020.",
            id="the same",
        ),
        pytest.param(
            judged(53),
            "People in good jobs: 53.0% in Exampleton in 2024. "
            "It is up 3.0 percentage points from 50.0% in 2020: better than at the start.",
            id="up, better",
        ),
        pytest.param(
            judged(47),
            "People in good jobs: 47.0% in Exampleton in 2024. "
            "It is down 3.0 percentage points from 50.0% in 2020: worse than at the start.",
            id="down, worse",
        ),
        pytest.param(
            judged(47, direction="lower"),
            "People in good jobs: 47.0% in Exampleton in 2024. "
            "It is down 3.0 percentage points from 50.0% in 2020: better than at the start.",
            id="down, better",
        ),
        pytest.param(
            judged(53, direction="lower"),
            "People in good jobs: 53.0% in Exampleton in 2024. "
            "It is up 3.0 percentage points from 50.0% in 2020: worse than at the start.",
            id="up, worse",
        ),
        pytest.param(
            judged("50.5"),
            "People in good jobs: 50.5% in Exampleton in 2024. "
            "It is up 0.5 percentage points from 50.0% in 2020: too small a change to count.",
            id="no more than the tolerance",
        ),
        pytest.param(
            judged(540, unit_symbol="£", unit_position="prefix", decimals=0),
            "People in good jobs: £540 in Exampleton in 2024. "
            "It is up £490 from £50 in 2020: better than at the start.",
            id="pounds",
        ),
        pytest.param(
            judged("55.8", unit_symbol="years"),
            "People in good jobs: 55.8\u00a0years in Exampleton in 2024. "
            "It is up 5.8 from 50.0\u00a0years in 2020: better than at the start.",
            id="years",
        ),
        pytest.param(
            judged(-3, unit_symbol=""),
            "People in good jobs: \u22123.0 in Exampleton in 2024. "
            "It is down 53.0 from 50.0 in 2020: worse than at the start.",
            id="below zero",
        ),
        pytest.param(
            a_report(
                {2020: {"number": 50, "markers": "[e]"}, 2024: {"number": 60, "markers": "[p][r][b]"}}, baseline=2020
            ),
            "People in good jobs: 60.0% (provisional and revised) in Exampleton in 2024. "
            "This is the first value of a new series, not to be compared with earlier ones, so it cannot yet be said "
            "whether it is changing.",
            id="since a break there is one value",
        ),
        pytest.param(
            a_report({2020: {"number": 50, "markers": "[b]"}}),
            "People in good jobs: 50.0% in Exampleton in 2020. "
            "This is the only value, so it cannot yet be said whether it is changing.",
            id="a series that begins with a break",
        ),
        pytest.param(
            a_report({2020: 50, 2024: 53}),
            "People in good jobs: 53.0% in Exampleton in 2024. "
            "No starting point has been set, so it cannot be said how far it has come.",
            id="no start",
        ),
        pytest.param(
            a_report({2020: 50, 2024: 53}, baseline=2024),
            "People in good jobs: 53.0% in Exampleton in 2024. "
            "It is the starting point: change is counted from here on.",
            id="the start is the latest of several",
        ),
        pytest.param(
            a_report({2020: {"number": 50, "markers": "[e]"}, 2024: {"number": 60, "markers": "[u]"}}, baseline=2020),
            "People in good jobs: 60.0% (low reliability) in Exampleton in 2024. "
            "It is up 10.0 percentage points from 50.0% (estimated) in 2020: better than at the start.",
            id="marked",
        ),
    ],
)
def test_takeaway(report, said):
    assert sentences.takeaway(report) == said


def test_break_is_not_told_as_a_doubt_of_the_value():
    report = a_report({2020: {"number": 50, "markers": "[b]"}})
    assert sentences.latest_value(report) == "50.0%"


@pytest.mark.parametrize(
    "report, whole, short, alone",
    [
        pytest.param(a_report(), "No value yet", "No value yet", "No value yet", id="no value"),
        pytest.param(a_report(START), "50.0% in 2020", "50.0%, 2020", "50.0%", id="year"),
        pytest.param(
            a_report([value(586, start=date(2025, 4, 30), duration="P1D", markers="[p]")],
                     unit_symbol="£", unit_position="prefix", decimals=0),
            "£586 (provisional) on 30 April 2025",
            "£586 (provisional), Apr 2025",
            "£586 (provisional)",
            id="day",
        ),
        pytest.param(
            a_report([value(60, start=date(2023, 4, 1))]),
            "60.0% from April 2023 to March 2024",
            "60.0%, 2023/24",
            "60.0%",
            id="financial year",
        ),
    ],
)  # fmt: skip
def test_latest_value_in_words(report, whole, short, alone):
    assert sentences.latest(report) == whole
    assert sentences.latest_short(report) == short
    assert sentences.latest_value(report) == alone


# --- how far along ---


@pytest.mark.parametrize(
    "report, said",
    [
        pytest.param(a_report(), "no value yet", id="no value"),
        pytest.param(a_report({**START, 2024: 60}, baseline=2020), "way not known yet", id="no target"),
        pytest.param(a_report(START, baseline=2020, target=TARGET), "way not known yet", id="baseline only"),
        pytest.param(a_report(START, target=TARGET), "way not known yet", id="no baseline"),
        pytest.param(judged("50.5"), "too small a change to count", id="too small"),
        pytest.param(judged(49), "further from the target than at the start", id="worse"),
        pytest.param(
            judged(55, standing="published"), "25% of the way to the target; 20% needed by now", id="on the way"
        ),
        pytest.param(judged(55), "25% of the way to the illustrative target; 20% needed by now", id="illustrative"),
        pytest.param(
            judged(80, standing="published"), "150% of the way to the target; 20% needed by now", id="beyond the target"
        ),
    ],
)
def test_way(report, said):
    assert sentences.way(report) == said


def test_sentence_begins_with_a_capital_and_ends():
    assert sentences.sentence("too small a change") == "Too small a change."


# --- goals ---


@pytest.mark.parametrize(
    "number, options, said",
    [
        pytest.param(
            "6.3", {"unit_symbol": "per 1,000", "direction": "lower"}, "6.3\u00a0per 1,000 or less", id="less"
        ),
        pytest.param(70, {}, "70.0% or more", id="more"),
        pytest.param(0, {"direction": "lower", "natural_min": 0}, "0.0%", id="the least there can be"),
        pytest.param(100, {"natural_max": 100}, "100.0%", id="the most there can be"),
        pytest.param(0, {"natural_min": 0}, "0.0% or more", id="the other limit"),
        pytest.param("99.9", {"natural_max": 100}, "99.9% or more", id="short of the limit"),
    ],
)
def test_goal_in_words(number, options, said):
    assert sentences.at_most(a_report(**options), number) == said


def test_goals_and_their_results():
    report = a_report(
        {2020: 50, 2021: 52, 2022: 51},
        baseline=2020,
        milestones={2021: "51.5", 2022: 53, 2025: 58, 2030: 60},
        target=TARGET,
        today=date(2026, 6, 1),
    )
    assert [sentences.goal(report, g) for g in report.goals] == [
        "Milestone: 51.5% or more by the end of 2021",
        "Milestone: 53.0% or more by the end of 2022",
        "Milestone: 58.0% or more by the end of 2025",
        "Milestone: 60.0% or more by the end of 2030",
        "Target: 70.0% or more by the end of 2040",
    ]
    assert [sentences.goal_result(report, g) for g in report.goals] == [
        "Met: it was 52.0% in 2021",
        "Missed: it was 51.0% in 2022",
        "Not known yet",
        "To come",
        "To come",
    ]


def test_goal_on_another_day_names_the_day():
    report = a_report(START, baseline=2020, target=(date(2030, 3, 31), 70))
    assert sentences.goal(report, report.goals[0]) == "Target: 70.0% or more by 31 March 2030"


# --- trend ---


def five(numbers, spread=0.5, **options):
    limits = {
        2020 + n: {"number": number, "lower": number - spread, "upper": number + spread}
        for n, number in enumerate(numbers)
    }
    return a_report(limits, **options)


@pytest.mark.parametrize(
    "report, trend, said",
    [
        pytest.param(
            a_report(START),
            Trend.UNTESTED,
            "Cannot be tested. The test needs 5 figures for different dates, with no break between them.",
            id="too few",
        ),
        pytest.param(
            a_report({2020 + n: 50 + n for n in range(5)}),
            Trend.UNTESTED,
            "Cannot be tested. Not all of the last 5 figures have 95% limits.",
            id="without limits",
        ),
        pytest.param(
            five([50, 50.1, 50, 50.1, 50]),
            Trend.NO_CHANGE,
            "The last 5 values differ by no more than chance would explain.",
            id="no change",
        ),
        pytest.param(
            five([50, 52, 54, 56, 58]),
            Trend.INCREASING,
            "The last 5 values are increasing: this is better, and more than chance would explain.",
            id="up, better",
        ),
        pytest.param(
            five([50, 52, 54, 56, 58], direction="lower"),
            Trend.INCREASING,
            "The last 5 values are increasing: this is worse, and more than chance would explain.",
            id="up, worse",
        ),
        pytest.param(
            five([58, 56, 54, 52, 50]),
            Trend.DECREASING,
            "The last 5 values are decreasing: this is worse, and more than chance would explain.",
            id="down, worse",
        ),
    ],
)
def test_trend(report, trend, said):
    assert (report.trend.trend, sentences.trend(report)) == (trend, said)


# --- if this continues ---


GOES_ON = "If the change since 2020 went on in a straight line, it would "


@pytest.mark.parametrize(
    "numbers, target, said",
    [
        pytest.param([], TARGET, "", id="no value"),
        pytest.param([50, 51, 52, 53], None, "There is no target to project to.", id="no target"),
        pytest.param(
            [50, 51, 52],
            TARGET,
            "Too few values to draw a line: 3 values since the start, and 4 are needed.",
            id="three",
        ),
        pytest.param(
            [50], TARGET, "Too few values to draw a line: 1 value since the start, and 4 are needed.", id="one"
        ),
        pytest.param([50, 60, 65, 70], TARGET, "The latest value has reached the target already.", id="already"),
        pytest.param([53, 52, 51, 50], TARGET, f"{GOES_ON}move further from the target.", id="away"),
        pytest.param([50, 50, 50, 50], TARGET, f"{GOES_ON}not reach the target before 2100.", id="level"),
        pytest.param([50, 50.1, 50.2, 50.3], TARGET, f"{GOES_ON}not reach the target before 2100.", id="far too late"),
        pytest.param([50, 52, 54, 56], TARGET, f"{GOES_ON}reach the target in about 2030.", id="in time"),
        pytest.param([50, 50.5, 51, 51.5], TARGET, f"{GOES_ON}reach the target in about 2060: after 2040.", id="late"),
    ],
)
def test_projection(numbers, target, said):
    report = a_report({2020 + n: number for n, number in enumerate(numbers)}, baseline=2020, target=target)
    assert sentences.projection(report) == said


# --- what is nobody's commitment ---


@pytest.mark.parametrize(
    "published, milestones, said",
    [
        pytest.param([], {2028: 55, 2034: 60}, "The target and milestones are", id="all"),
        pytest.param([], {}, "The target is", id="a target alone"),
        pytest.param([2028, 2034], {2028: 55, 2034: 60}, "The target is", id="the target"),
        pytest.param([2028], {2028: 55, 2034: 60}, "The target and some milestones are", id="not all milestones"),
        pytest.param([2040], {2028: 55, 2034: 60}, "The milestones are", id="the milestones"),
        pytest.param([2028, 2040], {2028: 55, 2034: 60}, "Some milestones are", id="a milestone"),
        pytest.param([2028, 2040], {2028: 55}, "", id="nothing"),
    ],
)
def test_illustrative_names_what_is_nobodys_commitment(published, milestones, said):
    report = a_report(START, baseline=2020, milestones=milestones, target=TARGET)
    for milestone in report.path:
        if milestone.due_on.year in published:
            milestone.standing = "published"
    assert sentences.illustrative(report) == said


def test_illustrative_says_nothing_where_there_is_no_path():
    assert sentences.illustrative(a_report(START)) == ""


# --- what changed, and why ---


@pytest.mark.parametrize(
    "by, on, said",
    [
        pytest.param("The Board", date(2026, 5, 3), "Agreed by The Board on 3 May 2026", id="who and when"),
        pytest.param("The Board", None, "Agreed by The Board", id="who"),
        pytest.param("", date(2026, 5, 3), "Agreed on 3 May 2026", id="when"),
        pytest.param("", None, "", id="nobody knows"),
    ],
)
def test_agreed_says_by_whom_and_when(by, on, said):
    assert sentences.agreed(Milestone(agreed_by=by, agreed_on=on)) == said


def a_revision(was, value, reason="", *, at=datetime(2026, 5, 3, 12, tzinfo=UTC)):
    return Revision(
        first_edition=Edition(number=2, issued_at=at), period_start=date(2023, 1, 1), period_duration="P1Y",
        was=Decimal(was), value=None if value is None else Decimal(value), reason=reason,
    )  # fmt: skip


@pytest.mark.parametrize(
    "was, value, reason, said",
    [
        pytest.param(
            "9.8", "9.9", "The survey was reweighted",
            "2023: was 9.8%, revised to 9.9% on 3 May 2026 because the survey was reweighted.",
            id="revised",
        ),
        pytest.param(
            "10.1", None, "It was counted twice.",
            "2023: 10.1% was withdrawn on 3 May 2026 because it was counted twice.",
            id="withdrawn",
        ),
        pytest.param(
            "9.8", "9.9", "",
            "2023: was 9.8%, revised to 9.9% on 3 May 2026; no reason was recorded.",
            id="without a reason",
        ),
        pytest.param(
            "9.84", "9.81", "due to rounding",
            "2023: was 9.84%, revised to 9.81% on 3 May 2026 due to rounding.",
            id="by less than is usually shown",
        ),
        pytest.param(
            "9.8", "9.800", "They were too wide.",
            "2023: the 95% limits of 9.8% were revised on 3 May 2026 because they were too wide.",
            id="limits",
        ),
        pytest.param(
            "0", "-1", "It fell.", "2023: was 0.0%, revised to \u22121.0% on 3 May 2026 because it fell.",
            id="nought and below",
        ),
    ],
)  # fmt: skip
def test_revision_says_what_was_when_it_changed_and_why(was, value, reason, said):
    assert sentences.revision(a_revision(was, value, reason), a_report().measure) == said


def test_revision_is_dated_by_the_day_at_home():
    """Half past eleven at night in Greenwich is half past midnight in summer time."""
    late = a_revision("9.8", "9.9", at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert "on 2 July 2026" in sentences.revision(late, a_report().measure)


def test_revision_within_its_edition_needs_no_date_and_may_rest_on_a_note():
    change, measure = a_revision("9.8", "9.9"), a_report().measure
    assert sentences.revision(change, measure, dated=False) == (
        "2023: was 9.8%, revised to 9.9%; no reason was recorded."
    )
    said = sentences.revision(change, measure, dated=False, note="Counted again")
    assert said == "2023: was 9.8%, revised to 9.9%: Counted again."
    change.reason = "It was wrong."
    assert sentences.revision(change, measure, note="A note").endswith("because it was wrong.")


def a_point(kind, due_on, value=None, *, standing="published", by=""):
    return Milestone(kind=kind, due_on=due_on, value=value and Decimal(value), standing=standing, agreed_by=by)


END, SOONER = date(2040, 12, 31), date(2038, 12, 31)
START_OF_PATH, NEW_START = date(2020, 1, 1), date(2026, 1, 1)


@pytest.mark.parametrize(
    "was, now, said",
    [
        pytest.param([], [], "", id="nothing"),
        pytest.param(
            [], [a_point("target", END, "70", by="A")],
            "new target: 70.0% or more by the end of 2040 (published). Agreed by A.", id="new target",
        ),
        pytest.param(
            [a_point("target", END, "70")], [],
            "target of 70.0% or more by the end of 2040 (published) removed", id="target removed",
        ),
        pytest.param(
            [a_point("target", END, "70")], [a_point("target", SOONER, "70")],
            "target was 70.0% or more by the end of 2040 (published), now 70.0% or more by the end of 2038 (published)",
            id="another day",
        ),
        pytest.param(
            [a_point("target", END, "70", standing="illustrative")], [a_point("target", END, "70")],
            "target was 70.0% or more by the end of 2040 (illustrative), "
            "now 70.0% or more by the end of 2040 (published)",
            id="another standing",
        ),
        pytest.param(
            [a_point("target", END, "70.04")], [a_point("target", END, "70.01")],
            "target was 70.04% or more by the end of 2040 (published), "
            "now 70.01% or more by the end of 2040 (published)",
            id="by less than is usually shown",
        ),
        pytest.param(
            [a_point("target", END, "70")], [a_point("target", END, "70", by="A")],
            "target of 70.0% or more by the end of 2040 (published): what it rests on is stated anew. Agreed by A.",
            id="agreed later",
        ),
        pytest.param(
            [a_point("baseline", START_OF_PATH)], [a_point("baseline", NEW_START)],
            "start of the path moved from 1 January 2020 to 1 January 2026", id="another start",
        ),
        pytest.param(
            [], [a_point("baseline", NEW_START)], "path starts with the period from 1 January 2026", id="start",
        ),
        pytest.param([a_point("baseline", NEW_START)], [], "start of the path removed", id="start removed"),
        pytest.param([a_point("baseline", NEW_START)], [a_point("baseline", NEW_START, by="A")], "", id="same start"),
        pytest.param(
            [a_point("milestone", SOONER, "60")], [a_point("target", END, "70", by="A")],
            "new target: 70.0% or more by the end of 2040 (published); "
            "milestone of 60.0% or more by the end of 2038 (published) removed. Agreed by A.",
            id="target first",
        ),
    ],
)  # fmt: skip
def test_path_change(was, now, said):
    assert sentences.path_change(was, now, a_report().measure) == said


# --- freshness ---


LAST = "The latest value is for 2024."


@pytest.mark.parametrize(
    "report, state, said",
    [
        pytest.param(a_report(), Freshness.NO_VALUE, "No value is published.", id="no value"),
        pytest.param(
            a_report({2024: 50}, source_state="ended"),
            Freshness.ENDED,
            f"{LAST} The source has ended: no newer value will come from it.",
            id="ended",
        ),
        pytest.param(
            a_report({2024: 50}, source_state="paused"),
            Freshness.PAUSED,
            f"{LAST} Its publisher has paused the source.",
            id="paused",
        ),
        pytest.param(
            a_report({2024: 50}, frequency="occasional"),
            Freshness.NO_RHYTHM,
            f"{LAST} The source is not published on a regular day.",
            id="no rhythm",
        ),
        pytest.param(
            a_report({2024: 50}, release_lag_months=18, today=date(2027, 6, 30)),
            Freshness.UP_TO_DATE,
            f"{LAST} The next is expected by about June 2027 (our estimate).",
            id="up to date",
        ),
        pytest.param(
            a_report({2024: 50}, release_lag_months=9, today=date(2026, 10, 1)),
            Freshness.DUE,
            f"{LAST} A newer one was expected by about September 2026 (our estimate) and is not held here yet.",
            id="due",
        ),
        pytest.param(
            a_report({2024: 50}, release_lag_months=3, today=date(2026, 10, 1)),
            Freshness.LATE,
            f"{LAST} A newer one was expected by about March 2026 (our estimate) and is not held here yet.",
            id="late",
        ),
    ],
)
def test_freshness(report, state, said):
    assert (report.freshness, sentences.freshness(report)) == (state, said)


# --- beside other places ---


NEAR = {f"N{n}": {2021: 40 + n} for n in range(6)}


@pytest.mark.parametrize(
    "report, said",
    [
        pytest.param(a_report(), "No comparable value for another place is held.", id="no value"),
        pytest.param(a_report(START), "No comparable value for another place is held.", id="no other place"),
        pytest.param(
            a_report(START, comparators={"X": {2021: 60}}),
            "No comparable value for another place is held.",
            id="another period",
        ),
        pytest.param(
            a_report({2020: 50, 2021: 51}, comparators={"X": {2020: 60}}),
            "In 2020, Exampleton was 50.0%; Place X 60.0%.",
            id="an earlier period of both",
        ),
        pytest.param(
            a_report({2021: 51}, comparators={"X": {2021: 60}, "Y": {2020: 1}, "Z": {2021: "61.25"}}),
            "In 2021, Exampleton was 51.0%; Place X 60.0% and Place Z 61.3%.",
            id="only those of the period",
        ),
        pytest.param(
            a_report({2021: 51}, comparators={"X": {2021: 60}}, similar=NEAR),
            "In 2021, Exampleton was 51.0%; Place X 60.0% and the middle of 6 similar places 42.5%.",
            id="with similar places",
        ),
        pytest.param(
            a_report({2021: 51, 2022: 52}, similar=NEAR),
            "In 2021, Exampleton was 51.0%; the middle of 6 similar places 42.5%.",
            id="similar places alone",
        ),
        pytest.param(
            a_report({2022: 52}, similar=NEAR),
            "No value for another place covers the same period.",
            id="similar places of another period",
        ),
        pytest.param(
            a_report({2021: 51, 2022: {"number": 52, "markers": "[b]"}}, comparators={"X": {2021: 60}}),
            "No comparable value for another place is held.",
            id="before a break",
        ),
    ],
)
def test_comparison(report, said):
    assert sentences.comparison(report) == said


def test_every_status_has_a_reason_without_leftovers():
    """No branch leaves a placeholder, a double stop or a double space."""
    for latest in (*range(40, 75, 3), "50.2"):
        for year in (2021, 2024, 2041):
            report = judged(latest, year=year)
            for write in (sentences.reason, sentences.takeaway, sentences.projection, sentences.freshness):
                said = write(report)
                assert "  " not in said and ".." not in said and "None" not in said
                assert said[0].isupper() and said.endswith(".")


@pytest.mark.parametrize(
    "of_wheel, of_mission, said",
    [
        pytest.param(0, 0, "0 outcomes", id="none"),
        pytest.param(2, 0, "2 outcomes", id="none of the mission"),
        pytest.param(4, 1, "5 outcomes, 1 of them a measure of the mission", id="one of the mission"),
        pytest.param(4, 3, "7 outcomes, 3 of them measures of the mission", id="some of the mission"),
        pytest.param(0, 3, "3 outcomes, all measures of the mission", id="all of the mission"),
        pytest.param(0, 1, "1 outcome, a measure of the mission", id="one, of the mission"),
    ],
)
def test_outcomes_are_counted_with_those_of_the_mission(of_wheel, of_mission, said):
    reports = [a_report()] * of_wheel + [a_report(priority=None)] * of_mission
    assert sentences.counted(reports) == said


def test_share_is_worded_as_a_whole_per_cent():
    assert judged(53).assessment.ratio == Fraction(3, 4)
