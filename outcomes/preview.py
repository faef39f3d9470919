"""What the public would see if what is proposed were published, worked out before anything is saved."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from luton2040.wording import reworded
from outcomes import formatting as words
from outcomes import publishing, sentences
from outcomes.importing import Row
from outcomes.models import MilestoneLine, SubmissionLine
from outcomes.periods import Period
from outcomes.report import Goal, OutcomeReport
from outcomes.series import Value

NONE = "None"
NO_VALUE = "No value yet"


def value_of(row: Row | SubmissionLine) -> Value:
    """A row as the public would see it."""
    period = Period(row.period_start, row.period_duration)
    return Value(
        period,
        period.end,
        row.value,
        row.lower,
        row.upper,
        row.markers,
        row.note,
        row.source_name,
        row.source_url,
        row.retrieved_on,
    )


def merged(series: Iterable[Value], proposed: Iterable[Value], withdrawn: Collection[Period] = ()) -> list[Value]:
    """A series once the proposed values are in it, oldest first; what says the same stays as it is."""
    held = {value.period: value for value in series}
    fresh = {value.period: value for value in proposed if value != held.get(value.period)}
    kept = [value for period, value in held.items() if period not in fresh and period not in withdrawn]
    return sorted([*kept, *fresh.values()], key=lambda value: value.period.start)


def with_values(
    report: OutcomeReport, rows: Iterable[Row | SubmissionLine], *, withdrawn: Collection[tuple] = ()
) -> OutcomeReport:
    """The report with these rows published and these values (measure, area, start, duration) taken away.

    Rows of other measures are passed over. A summary, which holds the home area only, stays a summary. What is told
    of a revision, on which day and why, comes with publishing.
    """
    code, home = report.measure.measure_id, report.vision.home_area
    proposed, gone = defaultdict(list), defaultdict(set)
    for row in rows:
        if row.measure_id == code:
            proposed[row.area_id].append(value_of(row))
    for measure, area, start, duration in withdrawn:
        if measure == code:
            gone[area].add(Period(start, duration))
    if not report.areas:
        return replace(report, series=merged(report.series, proposed[home], gone[home]))
    by_area = dict(report.observations)
    for area in proposed.keys() | gone.keys():
        by_area[area] = merged(by_area.get(area, ()), proposed[area], gone[area])
    return report.with_observations({area: series for area, series in by_area.items() if series})


def with_path(report: OutcomeReport, points: Iterable[MilestoneLine]) -> OutcomeReport:
    """The report with these points on its path, or off it where they end."""
    path = [report.baseline_on] if report.baseline_on else []
    path = publishing.path_with([*path, *report.path], list(points), report.measure.measure_id)
    return report.with_points(path)


def with_wording(report: OutcomeReport, wording: Mapping[str, str]) -> OutcomeReport:
    """The report with these fields of its measure's definition saying something else."""
    return replace(report, measure=reworded(report.measure, wording))


class Told(NamedTuple):
    """One thing that a report says, and what it said before."""

    label: str
    was: str
    now: str


def _start(report: OutcomeReport) -> str:
    start = report.baseline
    return f"{sentences.marked(report, start)} {words.in_period(start.period)}" if start else NONE


def _goals(report: OutcomeReport, *, targets: bool) -> str:
    """Milestones or the target, in a line."""
    goals = (goal for goal in report.goals if goal.is_target == targets)
    said = (f"{sentences.at_most(report, g.value)} {words.by_day(g.due_on)} ({_standing(g)})" for g in goals)
    return "; ".join(said) or NONE


def _standing(goal: Goal) -> str:
    return goal.milestone.get_standing_display().lower()


def _last_milestone(report: OutcomeReport) -> str:
    last = report.last_goal
    return f"{sentences.goal(report, last)}. {sentences.goal_result(report, last)}" if last else "None due yet"


# In the order of the outcome's page, under its headings.
TELLS: tuple[tuple[str, Callable[[OutcomeReport], str]], ...] = (
    ("Latest value", sentences.latest),
    ("In a sentence", sentences.takeaway),
    ("Against the path", lambda report: report.status.label),
    ("Why", sentences.reason),
    ("Starting point", _start),
    ("Milestones", partial(_goals, targets=False)),
    ("Target", partial(_goals, targets=True)),
    ("Last milestone", _last_milestone),
    ("Recent trend", sentences.trend),
    ("If this continues", lambda report: sentences.projection(report) or NO_VALUE),
    ("Freshness", sentences.freshness),
    ("Beside other places", sentences.comparison),
)


def differences(before: OutcomeReport, after: OutcomeReport) -> list[Told]:
    """What the outcome's page would tell otherwise than it does, in words."""
    told = (Told(label, tell(before), tell(after)) for label, tell in TELLS)
    return [each for each in told if each.was != each.now]
