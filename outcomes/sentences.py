"""Sentences made from a report: what a chart shows, why a status is what it is. They are also the text alternatives."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.timezone import localdate

from outcomes import formatting as words
from outcomes import progress
from outcomes.models import MeasureVersion, Milestone, Revision
from outcomes.progress import Freshness, Status
from outcomes.proposals import PathPoint
from outcomes.report import Goal, OutcomeReport, Value

LAST_YEAR_NAMED = 2100  # a year beyond it would lend a straight line more belief than it deserves


def at_most(report: OutcomeReport, value) -> str:
    return words.or_better(value, report.measure)


def marked(report: OutcomeReport, value: Value) -> str:
    """A value with what its source says of its standing: £586 (provisional)."""
    text = words.amount(value.value, report.measure)
    said = [word for word in words.markers(value.markers) if word != words.MARKERS["[b]"]]
    return f"{text} ({words.listed(said)})" if said else text


def latest_value(report: OutcomeReport) -> str:
    return marked(report, report.latest) if report.latest else "No value yet"


def latest(report: OutcomeReport) -> str:
    """The latest value and its period, for cards and lists."""
    if report.latest is None:
        return "No value yet"
    return f"{marked(report, report.latest)} {words.in_period(report.latest.period)}"


def dated(report: OutcomeReport) -> list[str]:
    """What a bare figure needs beside it, in lines: 2024, period assumed; was 12.1%."""
    now, start = report.latest, report.baseline
    said = [word for word in words.markers(now.markers) if word != words.MARKERS["[b]"]]
    lines = [", ".join([words.period_short(now.period), *said])]
    return lines if start is None or start is now else [*lines, f"was {words.amount(start.value, report.measure)}"]


def latest_short(report: OutcomeReport) -> str:
    """For a cell of a table: £586 (provisional), Apr 2025."""
    if report.latest is None:
        return "No value yet"
    return f"{marked(report, report.latest)}, {words.period_short(report.latest.period)}"


def takeaway(report: OutcomeReport) -> str:
    """What the figures say, in one or two sentences."""
    measure, place, now = report.measure, report.vision.place, report.latest
    if now is None:
        return f"No value for {place} is published."
    first = f"{measure.name}: {marked(report, now)} in {place} {words.in_period(now.period)}."
    start = report.baseline
    if start is None or start is now:
        return f"{first} {_why_no_change(report)}"
    return f"{first} {_change_since(report, start)}"


def _why_no_change(report: OutcomeReport) -> str:
    if len(report.unbroken) > 1:
        if report.baseline is None:
            return "No starting point has been set, so it cannot be said how far it has come."
        return "It is the starting point: change is counted from here on."
    only = "the first value of a new series, not to be compared with earlier ones" if report.earlier_series else ""
    return f"This is {only or 'the only value'}, so it cannot yet be said whether it is changing."


def _change_since(report: OutcomeReport, start: Value) -> str:
    difference = report.latest.value - start.value
    was = f"{marked(report, start)} {words.in_period(start.period)}"
    if difference == 0:
        return f"It is the same as {was}."
    way = "up" if difference > 0 else "down"
    better = (difference > 0) == report.rises
    moved = f"{way} {_bare_size(report, difference)} from {was}"
    if abs(difference) <= report.tolerance:
        return f"It is {moved}: too small a change to count."
    return f"It is {moved}: {'better' if better else 'worse'} than at the start."


def _bare_size(report: OutcomeReport, difference: Decimal) -> str:
    """Without the unit where it comes after the number, as the sentence goes on to say it: down 4.9 from 60.7 years."""
    measure = report.measure
    if measure.unit_symbol == "%" or measure.unit_position == "prefix":
        return words.size(difference, measure)
    return words.plain(abs(difference), measure.decimals)


def reason(report: OutcomeReport) -> str:
    """Why the status is what it is, with the numbers that it rests on."""
    return _REASONS.get(report.status, _against_path)(report)


def _no_data(report: OutcomeReport) -> str:
    missing = report.measure.caveat.removeprefix("Awaiting data.").strip()
    return f"There is no value to judge by. {missing}".strip()


def _no_target(report: OutcomeReport) -> str:
    said = report.measure.no_target_reason or "No target has been set."
    if report.baseline is None or report.baseline is report.latest:
        return said
    return f"{said} {_change_since(report, report.baseline)}"


def _target_met(report: OutcomeReport) -> str:
    goal, now = at_most(report, report.target.value), words.amount(report.latest.value, report.measure)
    return f"The target is {goal} {words.by_day(report.target.due_on)}. It is {now}."


def _baseline_only(report: OutcomeReport) -> str:
    value = f"{words.amount(report.latest.value, report.measure)} {words.in_period(report.latest.period)}"
    if report.baseline is None:
        missing = "no starting point has been set"
        if report.earlier_series:
            begun = words.from_start(report.unbroken[0].period)
            missing = f"a new series began {begun}, in which no starting point has been set"
        return f"{sentence(missing)} There is no path to judge the latest value by: {value}."
    only = "The latest value" if len(report.unbroken) > 1 else "The only value"
    of_series = " of the new series" if report.earlier_series else ""
    return f"{only}{of_series} is the starting point: {value}. A newer one is needed before anything can be said."


def _target_missed(report: OutcomeReport) -> str:
    goal = at_most(report, report.target.value)
    now = words.amount(report.latest.value, report.measure)
    return f"It needed to be {goal} {words.by_day(report.target.due_on)}. It is {now}."


def _too_early(report: OutcomeReport) -> str:
    needed, achieved = report.assessment.needed, report.assessment.achieved
    least = words.size(report.tolerance, report.measure)
    moved = (
        "It has not changed"
        if achieved == 0
        else f"It has got {'better' if achieved > 0 else 'worse'} by {words.size(achieved, report.measure)}"
    )
    by = words.by_period(report.latest.period)
    by = by[0].upper() + by[1:]
    if words.rounded(needed, report.measure.decimals) <= 0:
        return f"{by} almost no change was needed yet. {moved}."
    wanted = words.size(needed, report.measure)
    doubt = f"Less than {least} is too little to tell from chance or rounding."
    return f"{by} it needed to change by {wanted}. {moved}. {doubt}"


def _against_path(report: OutcomeReport) -> str:
    found, measure = report.assessment, report.measure
    by = words.by_period(report.latest.period)
    expected, now = words.told_apart(found.expected, report.latest.value, measure)
    sum_ = f"{by[0].upper()}{by[1:]} it needed to be {expected} or {'more' if report.rises else 'less'}. It is {now}"
    start = words.amount(found.baseline.value, measure)
    match found.status:
        case Status.GETTING_WORSE:
            return f"{sum_}, worse than the {start} it started from."
        case Status.NO_CLEAR_CHANGE:
            return f"{sum_}, too close to the {start} it started from to count as a change."
        case Status.TOO_SLOW | Status.LIMITED_PROGRESS:
            return f"{sum_}: {words.percent(found.ratio)} of the change needed by then."
    return f"{sum_}."


_REASONS = {
    Status.NO_DATA: _no_data,
    Status.NO_TARGET: _no_target,
    Status.TARGET_MET: _target_met,
    Status.BASELINE_ONLY: _baseline_only,
    Status.TARGET_MISSED: _target_missed,
    Status.TOO_EARLY: _too_early,
}


def way(report: OutcomeReport) -> str:
    """How far along, for the wheel and lists: share of the way from baseline to target."""
    found = report.assessment
    if report.latest is None:
        return "no value yet"
    if found.share is None or report.baseline is report.latest:
        return "way not known yet"
    if abs(found.achieved) <= report.tolerance:
        return "too small a change to count"
    if found.share < 0:
        return "further from the target than at the start"
    target = "illustrative target" if report.target_is_illustrative else "target"
    return (
        f"{words.percent(found.share)} of the way to the {target}; {words.percent(found.expected_share)} needed by now"
    )


def sentence(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}."


def goal(report: OutcomeReport, goal: Goal) -> str:
    kind = "Target" if goal.is_target else "Milestone"
    return f"{kind}: {at_most(report, goal.value)} {words.by_day(goal.due_on)}"


def goal_result(report: OutcomeReport, goal: Goal) -> str:
    if goal.judged_by is None:
        return goal.state.label
    value = words.amount(goal.judged_by.value, report.measure)
    return f"{goal.state.label}: it was {value} {words.in_period(goal.judged_by.period)}"


def trend(report: OutcomeReport) -> str:
    """The recent trend, where it can be tested."""
    test = report.trend
    if test.why:
        return f"Cannot be tested. {test.why}"
    better = progress.improving(test, report.rises)
    if better is None:
        return f"The last {test.points} values differ by no more than chance would explain."
    said = f"{test.trend.label.lower()}: this is {'better' if better else 'worse'}"
    return f"The last {test.points} values are {said}, and more than chance would explain."


def projection(report: OutcomeReport) -> str:
    """What a straight line through the values since the baseline would lead to."""
    line = report.projection
    if report.target is None or report.latest is None:
        return "There is no target to project to." if report.latest else ""
    if line is None:
        return (
            f"Too few values to draw a line: {words.count(len(report.since_baseline), 'value')} since the start, "
            f"and {progress.PROJECTION_POINTS} are needed."
        )
    since = words.period_short(report.since_baseline[0].period)
    if line.already:
        return "The latest value has reached the target already."
    return f"If the change since {since} went on in a straight line, it would {_where_it_leads(report)}."


def _where_it_leads(report: OutcomeReport) -> str:
    line, due = report.projection, report.target.due_on
    if line.moving_away:
        return "move further from the target"
    reached = line.reaches_target_at and progress.day_at(line.reaches_target_at)
    if not reached or reached.year > LAST_YEAR_NAMED:
        return f"not reach the target before {LAST_YEAR_NAMED}"
    late = "" if reached <= due else f": after {due.year}"
    return f"reach the target in about {reached.year}{late}"


def freshness(report: OutcomeReport) -> str:
    """How fresh the latest value is and when the next is expected."""
    state = report.freshness
    if state is Freshness.NO_VALUE:
        return "No value is published."
    last = f"The latest value is for {words.period_name(report.latest.period)}."
    if state is Freshness.ENDED:
        return f"{last} The source has ended: no newer value will come from it."
    if state is Freshness.PAUSED:
        return f"{last} Its publisher has paused the source."
    if state is Freshness.NO_RHYTHM:
        return f"{last} The source is not published on a regular day."
    expected = words.month(report.next_due)
    if state is Freshness.UP_TO_DATE:
        return f"{last} The next is expected by about {expected} (our estimate)."
    return f"{last} A newer one was expected by about {expected} (our estimate) and is not held here yet."


def comparison(report: OutcomeReport) -> str:
    """The home value beside its comparators, for the same period only."""
    own = report.comparable
    if own is None:
        if report.latest is None or not report.similar:
            return "No comparable value for another place is held."
        own = next((v for v in reversed(report.unbroken) if any(s.period == v.period for s in report.similar)), None)
        if own is None:
            return "No value for another place covers the same period."
    measure, place = report.measure, report.vision.place
    others = [
        f"{c.area.name} {words.amount(c.by_period[own.period].value, measure)}"
        for c in report.comparators
        if own.period in c.by_period
    ]
    middle = next((s for s in report.similar if s.period == own.period), None)
    if middle:
        others.append(f"the middle of {middle.places} similar places {words.amount(middle.middle, measure)}")
    when = words.in_period(own.period)
    return f"{when[0].upper()}{when[1:]}, {place} was {words.amount(own.value, measure)}; {words.listed(others)}."


def illustrative(report: OutcomeReport) -> str:
    """Which points of the path are nobody's commitment: The target and some milestones are. Nothing where none is."""
    made_up = [goal.is_illustrative for goal in report.goals if not goal.is_target]
    some = "" if not any(made_up) else "milestones" if all(made_up) else "some milestones"
    if report.target_is_illustrative:
        return f"The target and {some} are" if some else "The target is"
    return some and f"{'The milestones' if all(made_up) else 'Some milestones'} are"


def counted(reports: Sequence[OutcomeReport]) -> str:
    """43 outcomes, 3 of them measures of the mission."""
    said, of_mission = words.count(len(reports), "outcome"), sum(report.priority is None for report in reports)
    if not of_mission:
        return said
    which = [] if len(reports) == 1 else ["all"] if of_mission == len(reports) else [f"{of_mission} of them"]
    return " ".join([f"{said},", *which, "a measure" if of_mission == 1 else "measures", "of the mission"])


# --- what changed, and why ---


def agreed(point: PathPoint) -> str:
    """Who agreed a target or milestone, and when; nothing where that is not known."""
    by = f" by {point.agreed_by}" if point.agreed_by else ""
    on = f" on {words.day(point.agreed_on)}" if point.agreed_on else ""
    return f"Agreed{by}{on}" if by or on else ""


def revision(change: Revision, measure: MeasureVersion, *, dated: bool = True, note: str = "") -> str:
    """2023: was 9.8%, revised to 9.9% on 3 May 2026 because the survey was reweighted."""
    was = words.amount(change.was, measure)
    if change.value is None:
        what = f"{was} was withdrawn"
    elif change.value == change.was:
        what = f"the 95% limits of {was} were revised"
    else:
        what = "was {}, revised to {}".format(*words.told_apart(change.was, change.value, measure))
    on = f" on {words.day(localdate(change.first_edition.issued_at))}" if dated else ""
    why = f": {words.closed(note)}" if note and not change.reason.strip() else words.because(change.reason)
    return f"{words.period_name(change.period)}: {what}{on}{why}"


def path_change(was: Iterable[PathPoint], now: Iterable[PathPoint], measure: MeasureVersion) -> str:
    """What became of the points of a path, the target first: those that ended and those that began."""
    before, after = ({point.place: point for point in points} for points in (was, now))
    places = sorted(before.keys() | after.keys(), key=lambda place: (_POINTS.index(place[0]), *place[1:]))
    told = [(_point_change(before.get(place), after.get(place), measure), after.get(place)) for place in places]
    told = [(said, point) for said, point in told if said]
    by = {agreed(point) for _, point in told if point}
    if len(by) < 2:
        return ". ".join(["; ".join(said for said, _ in told), *(f"{said}." for said in by if said)])
    return "; ".join(f"{said}, a{agreed(point)[1:]}" if point and agreed(point) else said for said, point in told)


_POINTS = [Milestone.Kind.TARGET, Milestone.Kind.MILESTONE, Milestone.Kind.BASELINE]


def _point_change(was: PathPoint | None, now: PathPoint | None, measure: MeasureVersion) -> str:
    kind = (now or was).kind
    if kind == Milestone.Kind.BASELINE:
        return _start_change(was, now)
    if was is None:
        return f"new {kind}: {_stated(now, words.amount(now.value, measure), measure)}"
    if now is None:
        return f"{kind} of {_stated(was, words.amount(was.value, measure), measure)} removed"
    figures = zip((was, now), words.told_apart(was.value, now.value, measure), strict=True)
    old, new = (_stated(point, text, measure) for point, text in figures)
    return f"{kind} was {old}, now {new}" if old != new else f"{kind} of {new}: what it rests on is stated anew"


def _start_change(was: PathPoint | None, now: PathPoint | None) -> str:
    if now is None:
        return "start of the path removed"
    if was is None:
        return f"path starts with the period from {words.day(now.due_on)}"
    if was.due_on == now.due_on:
        return ""
    return f"start of the path moved from {words.day(was.due_on)} to {words.day(now.due_on)}"


def _stated(point: PathPoint, text: str, measure: MeasureVersion) -> str:
    """A goal with its day and standing: 65% or more by the end of 2040 (published)."""
    goal = words.or_better(point.value, measure, text)
    return f"{goal} {words.by_day(point.due_on)} ({point.get_standing_display().lower()})"
