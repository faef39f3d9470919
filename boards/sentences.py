"""What changed, in words: of each outcome one sentence first, and whatever else there is to say after it."""

from boards.changes import News, Place, PledgeTurns, Turn
from boards.models import ActionVersion
from outcomes import formatting as words
from outcomes import sentences
from outcomes.report import Goal, OutcomeReport
from outcomes.series import Value
from pledges.models import PledgeUpdate
from pledges.report import PledgeReport
from pledges.sentences import ended, label, silent_for


def told(turn: Turn) -> list[str]:
    """The weightiest first. Of an outcome that did not change: why it stands where it does."""
    said = [_moved(turn)] if turn.is_moved else []
    for kind in turn.news:
        if kind in _SAYS:
            said += _SAYS[kind](turn)
    return said or _stands(turn)


def headline(turn: Turn) -> str:
    return told(turn)[0]


def _stands(turn: Turn) -> list[str]:
    late = _late(turn) if turn.is_late else []
    why = sentences.reason(turn.now)
    return [*late, why] if turn.place is Place.LATE else [why, *late]


def _late(turn: Turn) -> list[str]:
    return [sentences.freshness(turn.now)]


def _moved(turn: Turn) -> str:
    """It moved from “On track” to “Getting worse”: 48.0% in 2024, after 51.0% in 2023; its path was changed."""
    causes = [_newest(turn)] if turn.came_in else []
    causes += [*_values_revised(turn), *_withdrawn(turn)]
    causes += ["its path was changed"] if turn.is_path_changed else []
    why = "; ".join(causes) or "its measure was defined anew"
    return f"It moved from “{turn.before.status.label}” to “{turn.now.status.label}”: {why}."


# --- values ---


def _valued(report: OutcomeReport, value: Value) -> str:
    return f"{sentences.marked(report, value)} {words.in_period(value.period)}"


def _newest(turn: Turn) -> str:
    """The newest value that came in, beside the one before it: 9.9% in 2024, after 10.4% in 2023."""
    value, series = turn.came_in[-1], turn.now.series
    place, said = series.index(value), _valued(turn.now, value)
    if place == 0 or value.starts_series:
        return said
    before = series[place - 1]
    if words.amount(before.value, turn.now.measure) != words.amount(value.value, turn.now.measure):
        return f"{said}, after {_valued(turn.now, before)}"
    about = "" if before.value == value.value else "about "
    return f"{said}, {about}the same as {words.in_period(before.period)}"


def _came_in(turn: Turn) -> list[str]:
    if turn.is_moved or turn.came_in == [turn.new_series]:  # it is said already
        return []
    if len(turn.came_in) == 1:
        return [f"A new value came in: {_newest(turn)}."]
    return [f"{words.count(len(turn.came_in), 'new value')} came in, the newest {_newest(turn)}."]


def _revised(turn: Turn) -> list[str]:
    phrases = [] if turn.is_moved else [*_values_revised(turn), *_withdrawn(turn)]
    return [sentences.sentence(phrase) for phrase in [*phrases, *_limits_revised(turn)]]


def _values_revised(turn: Turn) -> list[str]:
    """What follows is a phrase each, or nothing."""
    pairs = [(was, now) for was, now in turn.revised if was.value != now.value]
    if not pairs:
        return []
    was, now = pairs[-1]
    old, new = words.told_apart(was.value, now.value, turn.now.measure)
    period = words.period_name(now.period)
    if len(pairs) == 1:
        return [f"the value for {period} was revised from {old} to {new}"]
    return [f"{len(pairs)} values were revised, the newest (for {period}) from {old} to {new}"]


def _limits_revised(turn: Turn) -> list[str]:
    of = [now for was, now in turn.revised if was.value == now.value]
    which = f"the value for {words.period_name(of[0].period)}" if len(of) == 1 else f"{len(of)} values"
    return [f"the 95% limits of {which} were revised"] if of else []


def _withdrawn(turn: Turn) -> list[str]:
    if not turn.withdrawn:
        return []
    newest = turn.withdrawn[-1]
    period, value = words.period_name(newest.period), words.amount(newest.value, turn.now.measure)
    if len(turn.withdrawn) == 1:
        return [f"the value for {period}, {value}, was withdrawn"]
    return [f"{len(turn.withdrawn)} values were withdrawn, the newest (for {period}) of {value}"]


# --- the rest of an outcome ---


def milestone(report: OutcomeReport, goal: Goal) -> str:
    """The illustrative milestone of 10% or less by the end of 2025 was met: it was 9.9% in 2025."""
    kind, by, judge = "target" if goal.is_target else "milestone", words.by_day(goal.due_on), goal.judged_by
    which = f"The {'illustrative ' if goal.is_illustrative else ''}{kind} of"
    if judge is None:
        return f"{which} {sentences.at_most(report, goal.value)} {by} fell due: its value is not out yet."
    wanted, got = words.told_apart(goal.value, judge.value, report.measure)
    wanted = words.or_better(goal.value, report.measure, wanted)
    return f"{which} {wanted} {by} was {goal.state.value}: it was {got} {words.in_period(judge.period)}."


def _new(turn: Turn) -> list[str]:
    return ["It is new in the record.", sentences.reason(turn.now)]


def _anew(turn: Turn) -> list[str]:
    if turn.has_another_measure:
        how = f"It is measured in another way: “{turn.now.measure.name}” instead of “{turn.before.measure.name}”."
        apart = "The two cannot be compared"
    else:
        start = turn.new_series
        how = f"A new series starts {words.from_start(start.period)} with {sentences.marked(turn.now, start)}."
        apart = "It cannot be compared with the one before"
    was, now = turn.before.status, turn.now.status
    return [how, f"{apart}{'' if was is now else f': the status was “{was.label}” and is now “{now.label}”'}."]


def _path(turn: Turn) -> list[str]:
    changed = sentences.path_change(*turn.points, turn.now.measure)
    return [words.closed(f"{changed[0].upper()}{changed[1:]}")]


_SAYS = {
    News.NEW: _new,
    News.ANEW: _anew,
    News.REVISED: _revised,
    News.VALUES: _came_in,
    News.MILESTONES: lambda turn: [milestone(turn.now, goal) for goal in turn.milestones],
    News.PATH: _path,
    News.LATE: _late,
}


def gone(report: OutcomeReport) -> str:
    return f"“{report.outcome.name}” is no longer among the outcomes of the board."


# --- pledges and actions ---


def pledges(turns: PledgeTurns) -> list[tuple[PledgeReport, str]]:
    """Each pledge that something became of, with the sentence that says what."""
    said = [(p, f"The pledge {_named(p)} was made.") for p in turns.made]
    said += [(p, f"The pledge {_named(p)} {_update(update)}.") for p, update in turns.updated]
    said += [(p, f"Nothing has been heard of the pledge {_named(p)} for {silent_for(p)}.") for p in turns.fell_silent]
    said += [(p, f"The pledge {_named(p)} {ended(p)}") for p in turns.withdrawn]
    return said + [(p, f"The pledge {_named(p)} is no longer in the register.") for p in turns.ended]


def _named(pledge: PledgeReport) -> str:
    of = words.listed(pledge.organisations)
    return f"“{pledge.pledge.title}”{of and f' of {of}'}"


def _update(update: PledgeUpdate) -> str:
    return f"has an update of {words.day(update.said_on)}, {label(update)}"


def closed(action: ActionVersion) -> str:
    """Done on 3 March 2027, with what was said of it."""
    return f"{action.get_state_display()} on {words.day(action.closed_on)}. {words.closed(action.result)}".rstrip()


# --- many at once ---


def tally(found: list[Turn], pledges: PledgeTurns, closed_actions: int, gone: int = 0) -> list[str]:
    """How much changed, a phrase each: 2 outcomes moved for the worse; 1 value was revised. Empty: nothing did."""
    counts = [
        (_of(found, News.WORSE), "outcome", "moved for the worse"),
        (_of(found, News.BETTER), "outcome", "moved for the better"),
        (_of(found, News.JUDGED), "outcome", "moved from or to “not known yet”"),
        (_of(found, News.NEW), "outcome", "is new", "are new"),
        (gone, "outcome", "is gone", "are gone"),
        (_of(found, News.ANEW), "outcome", "is measured in another way", "are measured in another way"),
        (sum(len(turn.came_in) for turn in found), "value", "came in"),
        (sum(len(turn.revised) for turn in found), "value", "was revised", "were revised"),
        (sum(len(turn.withdrawn) for turn in found), "value", "was withdrawn", "were withdrawn"),
        (_of(found, News.LATE), "outcome", "is now late", "are now late"),
        (
            sum(len(turn.milestones) for turn in found),
            "milestone or target:milestones or targets",
            "fell due or was judged",
            "fell due or were judged",
        ),
        (_of(found, News.PATH), "path to a target:paths to targets", "was changed", "were changed"),
        (len(pledges.made), "pledge", "was made", "were made"),
        (len(pledges.updated), "pledge", "was updated", "were updated"),
        (len(pledges.fell_silent), "pledge", "fell silent"),
        (len(pledges.withdrawn), "pledge", "was ended", "were ended"),
        (len(pledges.ended), "pledge", "left the register"),
        (closed_actions, "action", "was closed", "were closed"),
    ]
    return [_counted(*each) for each in counts if each[0]]


def _counted(number: int, what: str, one: str, many: str = "") -> str:
    return f"{words.count(number, what)} {one if number == 1 else many or one}"


def _of(found: list[Turn], kind: News) -> int:
    return sum(kind in turn.news for turn in found)
