"""What changed, in words: of each outcome one sentence first, and whatever else there is to say after it."""

from boards.changes import News, PledgeTurns, Turn
from outcomes import formatting as words
from outcomes import sentences
from outcomes.report import Goal, OutcomeReport
from outcomes.series import Value
from pledges.report import PledgeReport


def told(turn: Turn) -> list[str]:
    """The weightiest first. Of an outcome that did not change: why it stands where it does."""
    said = [_moved(turn)] if turn.is_moved else []
    for kind in turn.news:
        if kind in _SAYS and not (kind is News.VALUES and turn.is_moved):
            said += _SAYS[kind](turn)
    return said or [sentences.reason(turn.now)]


def headline(turn: Turn) -> str:
    return told(turn)[0]


def _moved(turn: Turn) -> str:
    was, now = turn.before.status.label, turn.now.status.label
    cause = f": {_newest(turn)}" if turn.came_in else ""
    return f"It moved from “{was}” to “{now}”{cause}."


def _newest(turn: Turn) -> str:
    """The newest value that came in, beside the one before it: 9.9% in 2024, after 10.4% in 2023."""
    value, series = turn.came_in[-1], turn.now.series
    place = series.index(value)
    said = _valued(turn.now, value)
    if place == 0 or value.starts_series:
        return said
    return f"{said}, after {_valued(turn.now, series[place - 1])}"


def _valued(report: OutcomeReport, value: Value) -> str:
    return f"{sentences.marked(report, value)} {words.in_period(value.period)}"


def _came_in(turn: Turn) -> list[str]:
    if len(turn.came_in) == 1:
        return [f"A new value came in: {_newest(turn)}."]
    return [f"{words.count(len(turn.came_in), 'new value')} came in, the newest {_newest(turn)}."]


def _revised(turn: Turn) -> list[str]:
    measure, said = turn.now.measure, []
    for was, now in turn.revised:
        period = words.period_name(now.period)
        if was.value == now.value:
            said.append(f"The 95% limits of the value for {period} were revised.")
        else:
            said.append("The value for {} was revised from {} to {}.".format(
                period, *words.told_apart(was.value, now.value, measure)
            ))  # fmt: skip
    return said + [
        f"The value for {words.period_name(value.period)}, {words.amount(value.value, measure)}, was withdrawn."
        for value in turn.withdrawn
    ]


def milestone(report: OutcomeReport, goal: Goal) -> str:
    """The milestone of 10% or less by the end of 2025 was met: it was 9.9% in 2025."""
    kind = "target" if goal.is_target else "milestone"
    which = f"The {kind} of {sentences.at_most(report, goal.value)} {words.by_day(goal.due_on)}"
    if goal.judged_by is None:
        return f"{which} fell due. Its value is not out yet."
    result = sentences.goal_result(report, goal)
    return f"{which} was {result[0].lower()}{result[1:]}."


def _new(turn: Turn) -> list[str]:
    return [f"It is new in the record. {sentences.reason(turn.now)}"]


def _anew(turn: Turn) -> list[str]:
    was, now = turn.before.measure.name, turn.now.measure.name
    return [f"It is measured in another way: “{now}” instead of “{was}”. The two cannot be compared."]


def _path(turn: Turn) -> list[str]:
    changed = sentences.path_change(turn.before.path, turn.now.path, turn.now.measure)
    return [words.closed(sentences.sentence(changed).rstrip("."))] if changed else []


_SAYS = {
    News.NEW: _new,
    News.ANEW: _anew,
    News.REVISED: _revised,
    News.VALUES: _came_in,
    News.MILESTONES: lambda turn: [milestone(turn.now, goal) for goal in turn.milestones],
    News.PATH: _path,
    News.LATE: lambda turn: [sentences.freshness(turn.now)],
}


# --- pledges and actions ---


def pledges(turns: PledgeTurns) -> list[tuple[PledgeReport, str]]:
    """Each pledge that something became of, with the sentence that says what."""
    said = [(p, f"{_who(p)} made the pledge “{p.pledge.title}”.") for p in turns.made]
    said += [(p, _update(p)) for p in turns.updated]
    said += [(p, f"Nothing has been heard of “{p.pledge.title}” for {_months(p)}.") for p in turns.fell_silent]
    return said + [(p, f"“{p.pledge.title}” of {_who(p)} is no longer in the register.") for p in turns.ended]


def _who(pledge: PledgeReport) -> str:
    return words.listed(pledge.organisations)


def _months(pledge: PledgeReport) -> str:
    return words.count(pledge.silent_months, "month")


def _update(pledge: PledgeReport) -> str:
    newest = pledge.updates[0]
    checked = (
        f"checked by the council on {words.day(newest.checked_on)}" if newest.checked_on else "said by the partner"
    )
    return f"{_who(pledge)} told on {words.day(newest.said_on)} how “{pledge.pledge.title}” is going ({checked})."


def closed(action) -> str:
    """Done on 3 March 2027, with what was said of it."""
    result = f" {words.closed(action.result)}" if action.result else ""
    return f"{action.get_state_display()} on {words.day(action.closed_on)}.{result}"


# --- many at once ---


def tally(found: list[Turn], pledges: PledgeTurns, closed_actions: int) -> list[str]:
    """How much changed, a phrase each: 2 outcomes moved for the worse; 1 value was revised. Empty: nothing did."""
    counts = [
        (_of(found, News.WORSE), "outcome moved for the worse:outcomes moved for the worse"),
        (_of(found, News.BETTER), "outcome moved for the better:outcomes moved for the better"),
        (_of(found, News.JUDGED), "outcome is known now or no longer:outcomes are known now or no longer"),
        (
            _of(found, News.NEW) + _of(found, News.ANEW),
            "outcome is new or measured anew:outcomes are new or measured anew",
        ),
        (sum(len(turn.came_in) for turn in found), "value came in:values came in"),
        (sum(len(turn.revised) for turn in found), "value was revised:values were revised"),
        (sum(len(turn.withdrawn) for turn in found), "value was withdrawn:values were withdrawn"),
        (_of(found, News.LATE), "outcome is now late:outcomes are now late"),
        (sum(len(turn.milestones) for turn in found), "milestone fell due:milestones fell due"),
        (_of(found, News.PATH), "path to a target was changed:paths to targets were changed"),
        (len(pledges.made), "pledge was made:pledges were made"),
        (len(pledges.updated), "pledge was updated:pledges were updated"),
        (len(pledges.fell_silent), "pledge fell silent:pledges fell silent"),
        (len(pledges.ended), "pledge left the register:pledges left the register"),
        (closed_actions, "action was closed:actions were closed"),
    ]
    return [words.count(number, what) for number, what in counts if number]


def _of(found: list[Turn], kind: News) -> int:
    return sum(kind in turn.news for turn in found)
