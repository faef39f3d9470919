"""How far along an outcome is, and what we call it: the only home of the rule, its thresholds and its words.

Pure arithmetic on plain values. Numbers become exact fractions before they are compared, so that a ratio of
exactly 95% is on track whether it came from a decimal or a whole number.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import NormalDist
from typing import Self

Number = Decimal | int | float | Fraction

ON_TRACK_RATIO = Fraction(95, 100)
TOO_SLOW_RATIO = Fraction(60, 100)
TREND_POINTS = 5
TREND_CONFIDENCE = 0.998
# With one degree of freedom chi-square is a normal, squared; so is this point, taken on both sides.
TREND_CHI_SQUARE = NormalDist().inv_cdf((1 + TREND_CONFIDENCE) / 2) ** 2
PROJECTION_POINTS = 4
LATE_AFTER_DAYS = 90

DAYS_IN_YEAR = Fraction(3652425, 10000)
LIMITS_IN_ERRORS = 2 * Fraction(196, 100)  # how many standard errors wide 95% limits are


def _percent(share: Number) -> str:
    return f"{float(share * 100):g}%"


class Worded(enum.Enum):
    """A fixed answer: value for addresses, label, and where needed the sentence saying when it is given."""

    label: str
    rule: str

    def __new__(cls, value: str, label: str, rule: str = "") -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.label, member.rule = label, rule
        return member

    @property
    def slug(self) -> str:
        return self.value.replace("_", "-")


class Family(Worded):
    """The few groups that a picture of many outcomes is coloured and counted by."""

    BETTER = "better", "Going well"
    SLOW = "slow", "Needs to go faster"
    WORSE = "worse", "Getting worse or target missed"
    UNKNOWN = "unknown", "Not known yet"


class Status(Worded):
    """Where the latest figure stands against the path; members are in display order, worst first."""

    family: Family

    GETTING_WORSE = "getting_worse", "Getting worse", Family.WORSE
    TARGET_MISSED = "target_missed", "Target missed", Family.WORSE
    LIMITED_PROGRESS = "limited_progress", "Limited progress", Family.SLOW
    NO_CLEAR_CHANGE = "no_clear_change", "No clear change", Family.SLOW
    TOO_SLOW = "progress_too_slow", "Moving, but too slowly", Family.SLOW
    ON_TRACK = "on_track", "On track", Family.BETTER
    TARGET_MET = "target_met", "Target met", Family.BETTER
    TOO_EARLY = "too_early", "Too early to say", Family.UNKNOWN
    BASELINE_ONLY = "baseline_only", "Baseline only", Family.UNKNOWN
    NO_TARGET = "no_target", "No target set", Family.UNKNOWN
    NO_DATA = "no_data", "Awaiting data", Family.UNKNOWN

    def __new__(cls, value: str, label: str, family: Family) -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.label, member.family = label, family
        return member

    @property
    def rule(self) -> str:
        return STATUS_RULES[self]


PATH_RULE = (
    "The path is a straight line from the starting figure to each milestone in turn and on to the target. "
    "It tells us what the figure needed to be by now."
)
# In the order in which the rules are asked: the first that fits wins.
STATUS_RULES: dict[Status, str] = {
    Status.NO_DATA: "There is no published figure yet.",
    Status.NO_TARGET: "There is a figure, but no target to measure it against.",
    Status.TARGET_MET: "The latest figure has reached the target, or gone past it.",
    Status.BASELINE_ONLY: "To see change we need a starting figure and a newer one, and we have only one.",
    Status.TARGET_MISSED: "The target date has come and the latest figure has not reached the target.",
    Status.GETTING_WORSE: "The figure is worse than when we started, by more than the least change we count.",
    Status.ON_TRACK: f"At least {_percent(ON_TRACK_RATIO)} of the change needed by now has happened; or "
    "almost none was needed yet, and the figure has clearly improved or is holding a level we want to keep.",
    Status.TOO_EARLY: "The change needed by now and the change so far are both too small to count.",
    Status.TOO_SLOW: f"At least {_percent(TOO_SLOW_RATIO)} of the change needed by now has happened, "
    f"but less than {_percent(ON_TRACK_RATIO)}.",
    Status.NO_CLEAR_CHANGE: "The figure should have moved by now, but any change is too small to count.",
    Status.LIMITED_PROGRESS: f"The figure has improved, but by less than {_percent(TOO_SLOW_RATIO)} "
    "of the change needed by now.",
}


@dataclass(frozen=True)
class Point:
    """A figure at the end of its period; `at` is in years, on any axis, the same for all points compared."""

    at: Number
    value: Number
    lower: Number | None = None
    upper: Number | None = None


def years(day: date) -> Fraction:
    """A date on an axis that is straight in days. It is no calendar year: turn it back with `day_at`."""
    return day.toordinal() / DAYS_IN_YEAR


def day_at(at: Number) -> date | None:
    """The day at a place on the axis of `years`; None where the calendar does not reach."""
    try:
        return date.fromordinal(round(Fraction(at) * DAYS_IN_YEAR))
    except (ValueError, OverflowError):
        return None


def _when(point: Point) -> Fraction:
    return Fraction(point.at)


def _value(point: Point) -> Fraction:
    return Fraction(point.value)


def _sign(rises: bool) -> int:
    return 1 if rises else -1


def _reaches(point: Point, goal: Point, rises: bool) -> bool:
    return _sign(rises) * (_value(point) - _value(goal)) >= 0


@dataclass(frozen=True)
class Assessment:
    """A status against the path, with every number it was made from."""

    status: Status
    latest: Point | None = None
    baseline: Point | None = None
    target: Point | None = None
    expected: Fraction | None = None  # the figure needed by now
    achieved: Fraction | None = None  # the change since the baseline; above zero is better
    needed: Fraction | None = None  # the change that the path asks for by now
    ratio: Fraction | None = None  # achieved / needed, where enough was needed to divide by
    share: Fraction | None = None  # of the way from baseline to target, where there is a way to go
    expected_share: Fraction | None = None  # the share that the path asks for by now

    @property
    def shares(self) -> tuple[float | None, float | None]:
        """Both shares as pictures take them."""
        return tuple(None if share is None else float(share) for share in (self.share, self.expected_share))


def assess(
    *,
    rises: bool,
    tolerance: Number,
    baseline: Point | None,
    milestones: Sequence[Point],
    target: Point | None,
    latest: Point | None,
) -> Assessment:
    """Judge the latest figure by the path from baseline through milestones to target."""
    if latest is None:
        return Assessment(Status.NO_DATA, None, baseline, target)
    sign, least = _sign(rises), Fraction(tolerance)
    expected = achieved = needed = way = None
    # A figure from before the baseline says nothing about the change since.
    if baseline is not None and _when(latest) >= _when(baseline):
        achieved = sign * (_value(latest) - _value(baseline))
        if target is not None:
            expected = _path_at(_when(latest), baseline, milestones, target)
            needed = sign * (expected - _value(baseline))
            way = sign * (_value(target) - _value(baseline))
    status = _status_off_path(rises, baseline, target, latest)
    if status is None:
        status = _status_on_path(least, achieved, needed, maintains=way == 0)
    ratio = achieved / needed if needed is not None and needed > least else None
    share = expected_share = None
    if way is not None and way > 0:
        share, expected_share = achieved / way, needed / way
    return Assessment(status, latest, baseline, target, expected, achieved, needed, ratio, share, expected_share)


def _path_at(when: Fraction, baseline: Point, milestones: Sequence[Point], target: Point) -> Fraction:
    start, end = _when(baseline), _when(target)
    if when >= end:
        return _value(target)
    between = sorted((point for point in milestones if start < _when(point) < end), key=_when)
    legs = pairwise([baseline, *between, target])
    left, right = next(leg for leg in legs if when < _when(leg[1]))
    travelled = (when - _when(left)) / (_when(right) - _when(left))
    return _value(left) + travelled * (_value(right) - _value(left))


def _status_off_path(rises: bool, baseline: Point | None, target: Point | None, latest: Point) -> Status | None:
    if target is None:
        return Status.NO_TARGET
    if _reaches(latest, target, rises):
        return Status.TARGET_MET
    # Without a baseline there is one figure and no path: as little can be said as of a baseline alone.
    if baseline is None or _when(latest) <= _when(baseline):
        return Status.BASELINE_ONLY
    if _when(latest) >= _when(target):
        return Status.TARGET_MISSED
    return None


def _status_on_path(least: Fraction, achieved: Fraction, needed: Fraction, maintains: bool) -> Status:
    # Asked first, so once only: a figure that got worse can never be on track or moving the right way.
    if achieved < -least:
        return Status.GETTING_WORSE
    # Dividing by next to nothing would make a status out of noise.
    if needed <= least:
        return Status.ON_TRACK if achieved > least or maintains else Status.TOO_EARLY
    if achieved >= ON_TRACK_RATIO * needed:
        return Status.ON_TRACK
    if achieved >= TOO_SLOW_RATIO * needed:
        return Status.TOO_SLOW
    return Status.NO_CLEAR_CHANGE if achieved <= least else Status.LIMITED_PROGRESS


class MilestoneState(Worded):
    MET = "met", "Met", "The first figure for the milestone's date or later reached it."
    MISSED = "missed", "Missed", "The first figure for the milestone's date or later fell short of it."
    TO_COME = "to_come", "To come", "The milestone's date is still ahead."
    NOT_KNOWN = "not_known", "Not known yet", "The milestone's date has come. Its figure is not out yet."


@dataclass(frozen=True)
class JudgedMilestone:
    milestone: Point
    state: MilestoneState
    judged_by: Point | None


def judge_milestones(
    *, rises: bool, milestones: Sequence[Point], series: Sequence[Point], now: Number
) -> list[JudgedMilestone]:
    """Each milestone by date, judged once and for good by the first figure that could show it."""
    judged = []
    for milestone in sorted(milestones, key=_when):
        able = [point for point in series if _when(point) >= _when(milestone)]
        judge = min(able, key=_when, default=None)
        if judge is not None:
            state = MilestoneState.MET if _reaches(judge, milestone, rises) else MilestoneState.MISSED
        elif Fraction(now) < _when(milestone):
            state = MilestoneState.TO_COME
        else:
            state = MilestoneState.NOT_KNOWN
        judged.append(JudgedMilestone(milestone, state, judge))
    return judged


class Trend(Worded):
    INCREASING = "increasing", "Increasing", "The last figures go up by more than chance would explain."
    DECREASING = "decreasing", "Decreasing", "The last figures go down by more than chance would explain."
    NO_CHANGE = "no_significant_change", "No significant change", "Any change could be chance."
    UNTESTED = "cannot_be_calculated", "Cannot be tested", "There are too few figures with 95% limits."


TREND_RULE = (
    f"We test the last {TREND_POINTS} figures where the source gives 95% limits. We say that they go up or "
    f"down only if we can be {_percent(TREND_CONFIDENCE)} sure, and only if leaving out any one of them "
    "would not turn the line round."
)


@dataclass(frozen=True)
class TrendTest:
    trend: Trend
    slope: float | None  # a year; up is above zero, whether or not up is better
    chi_square: float | None
    agrees: bool | None  # every fit that leaves one point out slopes the same way
    points: int  # looked at: five where there are as many
    why: str | None  # it cannot be tested


def recent_trend(series: Sequence[Point]) -> TrendTest:
    """Test the most recent five figures of an unbroken series, by a line weighted by their precision."""
    recent = sorted(series, key=_when)[-TREND_POINTS:]
    why = _why_untested(recent)
    if why is not None:
        return TrendTest(Trend.UNTESTED, None, None, None, len(recent), why)
    errors = [(Fraction(point.upper) - Fraction(point.lower)) / LIMITS_IN_ERRORS for point in recent]
    weights = [1 / error**2 for error in errors]
    slope, spread, _, _ = _fit(recent, weights)
    chi_square = float(slope**2 * spread)
    without_one = (_fit(recent[:i] + recent[i + 1 :], weights[:i] + weights[i + 1 :])[0] for i in range(TREND_POINTS))
    agrees = all(other * slope > 0 for other in without_one)
    trend = Trend.NO_CHANGE
    if agrees and chi_square > TREND_CHI_SQUARE:
        trend = Trend.INCREASING if slope > 0 else Trend.DECREASING
    return TrendTest(trend, float(slope), chi_square, agrees, len(recent), None)


def improving(test: TrendTest, rises: bool) -> bool | None:
    """Whether a trend that was found is the better way; None where none was found."""
    if test.trend in (Trend.NO_CHANGE, Trend.UNTESTED):
        return None
    return (test.trend is Trend.INCREASING) == rises


def _why_untested(recent: Sequence[Point]) -> str | None:
    if len({_when(point) for point in recent}) < TREND_POINTS:
        return f"The test needs {TREND_POINTS} figures for different dates, with no break between them."
    if any(point.lower is None or point.upper is None for point in recent):
        return f"Not all of the last {TREND_POINTS} figures have 95% limits."
    if any(Fraction(point.lower) >= Fraction(point.upper) for point in recent):
        return f"Not all of the last {TREND_POINTS} figures have 95% limits with a gap between them."
    return None


def _fit(points: Sequence[Point], weights: Sequence[Number]) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """The weighted least-squares slope, the weighted spread of dates, and the middle date and value."""
    weighed = [(weight, _when(point), _value(point)) for weight, point in zip(weights, points, strict=True)]
    total = sum(weights)
    mid_when = sum(weight * when for weight, when, _ in weighed) / total
    mid_value = sum(weight * value for weight, _, value in weighed) / total
    spread = sum(weight * (when - mid_when) ** 2 for weight, when, _ in weighed)
    slope = sum(weight * (when - mid_when) * (value - mid_value) for weight, when, value in weighed) / spread
    return slope, spread, mid_when, mid_value


PROJECTION_RULE = (
    f"With {PROJECTION_POINTS} figures or more we draw the straight line that fits them best and carry it "
    "on. It shows what happens if nothing changes. It is not a forecast."
)


@dataclass(frozen=True)
class Projection:
    slope_per_year: float
    reaches_target_at: float | None  # on the axis of Point.at; None when never, or when already there
    value_at_target_date: float
    points: int
    moving_away: bool
    already: bool  # the latest figure meets the target


def project(*, rises: bool, series: Sequence[Point], target: Point | None) -> Projection | None:
    """Carry on the straight line through the unbroken series since the baseline."""
    if target is None or len({_when(point) for point in series}) < PROJECTION_POINTS:
        return None
    latest = max(series, key=_when)
    slope, _, mid_when, mid_value = _fit(series, [1] * len(series))
    already = _reaches(latest, target, rises)
    reaches = None
    if not already and _sign(rises) * slope > 0:
        # The line may have crossed the target in the past, but the latest figure is not there.
        reaches = float(max(mid_when + (_value(target) - mid_value) / slope, _when(latest)))
    return Projection(
        slope_per_year=float(slope),
        reaches_target_at=reaches,
        value_at_target_date=float(mid_value + slope * (_when(target) - mid_when)),
        points=len(series),
        moving_away=_sign(rises) * slope < 0,
        already=already,
    )


class Freshness(Worded):
    UP_TO_DATE = "up_to_date", "Up to date", "The next figure is not due yet."
    DUE = "due", "New figure due", f"A new figure was due in the last {LATE_AFTER_DAYS} days."
    LATE = "late", "Late", f"A new figure was due more than {LATE_AFTER_DAYS} days ago."
    NO_RHYTHM = "no_rhythm", "No regular release", "The source does not say when the next figure will come."
    ENDED = "ended", "Source ended", "The source has stopped publishing this figure for good."
    PAUSED = "paused", "Source paused", "The source has stopped publishing this figure for now."
    NO_VALUE = "no_value", "No figure yet", "There is no published figure yet, so it cannot be out of date."


def freshness(*, source_state: str, next_due: date | None, has_value: bool, today: date) -> Freshness:
    """How old the news is, told apart from what it says."""
    if source_state not in ("running", "paused", "ended"):
        raise ValueError(f"No such source state: {source_state!r}")
    if not has_value:
        return Freshness.NO_VALUE
    if source_state != "running":
        return Freshness.ENDED if source_state == "ended" else Freshness.PAUSED
    if next_due is None:
        return Freshness.NO_RHYTHM
    if today <= next_due:
        return Freshness.UP_TO_DATE
    return Freshness.DUE if today - next_due <= timedelta(days=LATE_AFTER_DAYS) else Freshness.LATE
