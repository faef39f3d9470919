"""What changed between two editions: the only home of the question. Reports come in, what became of each goes out.

Nothing is read here. Both sides are reports as of their own days, so that what fell due or grew late in between shows
even where no value came in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from boards.models import ActionVersion
from boards.preparing import ActionState
from outcomes.models import Milestone
from outcomes.periods import Period
from outcomes.progress import Family, Freshness, Status, Worded
from outcomes.report import Goal, OutcomeReport
from outcomes.series import Value
from pledges.models import PledgeUpdate
from pledges.report import PledgeReport

RANK = {status: place for place, status in enumerate(Status)}  # the order of lists, worst first
# Which is better than which. Lists have limited progress before no clear change; but a figure that begins to count as
# improved has not moved for the worse.
MERIT = (Status.NO_CLEAR_CHANGE, Status.LIMITED_PROGRESS, Status.TOO_SLOW, Status.ON_TRACK, Status.TARGET_MET)


class News(Worded):
    """The kinds of change that a meeting asks after, in the order in which it should."""

    WORSE = "worse", "Moved for the worse"
    BETTER = "better", "Moved for the better"
    JUDGED = "judged", "Moved from or to “not known yet”"
    NEW = "new", "New outcomes"
    ANEW = "anew", "Measured in another way"
    REVISED = "revised", "Values revised or withdrawn"
    VALUES = "values", "New values, same status"
    MILESTONES = "milestones", "Milestones that fell due or were judged"
    PATH = "path", "Targets and milestones changed"
    LATE = "late", "Now late"


class Place(Worded):
    """Where an outcome stands that did not change, in the order in which a meeting looks at them."""

    WORSE = "worse", "Getting worse or target missed"
    OFF_TRACK = "off-track", "Off track"
    LATE = "late", "Late"
    UNKNOWN = "unknown", "Not known yet"
    ON_TRACK = "on-track", "On track"


@dataclass(frozen=True, eq=False)
class Turn:
    """What became of one outcome. Where there is no earlier side at all, `before` is None and nothing is new."""

    now: OutcomeReport
    before: OutcomeReport | None
    is_new: bool = False  # the earlier edition did not have it

    @property
    def has_another_measure(self) -> bool:
        """Whose values are no news of the old one's, and no revision of them."""
        return self.before is not None and self.before.measure.measure_id != self.now.measure.measure_id

    @property
    def _earlier(self) -> OutcomeReport | None:
        """What it can be compared with, value by value and goal by goal."""
        return None if self.has_another_measure else self.before

    @cached_property
    def new_series(self) -> Value | None:
        """The first value of a series that began since the one that there was."""
        if not (self._earlier and self._earlier.unbroken and self.now.earlier_series):
            return None
        first = self.now.unbroken[0]
        return first if first.period > self._earlier.unbroken[0].period else None

    @property
    def is_measured_anew(self) -> bool:
        """So that its status cannot be compared with what it was."""
        return self.has_another_measure or self.new_series is not None

    @property
    def is_moved(self) -> bool:
        return self.before is not None and not self.is_measured_anew and self.before.status is not self.now.status

    @cached_property
    def _then(self) -> dict[Period, Value]:
        return {v.period: v for v in self._earlier.series} if self._earlier else {}

    @cached_property
    def came_in(self) -> list[Value]:
        return [v for v in self.now.series if v.period not in self._then] if self._earlier else []

    @cached_property
    def revised(self) -> list[tuple[Value, Value]]:
        """Values with what they were, oldest first; new 95% limits alone count too."""
        pairs = ((self._then[v.period], v) for v in self.now.series if v.period in self._then)
        return [(was, v) for was, v in pairs if (was.value, was.lower, was.upper) != (v.value, v.lower, v.upper)]

    @cached_property
    def withdrawn(self) -> list[Value]:
        held = {v.period for v in self.now.series}
        return [v for period, v in self._then.items() if period not in held]

    @cached_property
    def milestones(self) -> list[Goal]:
        """Milestones and target whose day came since, or of which a new or revised value says what it did not say."""
        if not self._earlier:
            return []
        states = {goal.milestone.place: goal.state for goal in self._earlier.goals}
        return [
            goal
            for goal in self.now.goals
            if self.before.today < goal.due_on <= self.now.today
            or (goal.judged_by is not None and goal.state is not states.get(goal.milestone.place))
        ]

    @cached_property
    def points(self) -> tuple[list[Milestone], list[Milestone]]:
        """Points of the path that were set anew: as they were, or were removed; as they are, or were added."""
        if not self._earlier:
            return [], []
        was, now = ({_stated(point): point for point in _path(report)} for report in (self._earlier, self.now))
        return [was[key] for key in was if key not in now], [now[key] for key in now if key not in was]

    @property
    def is_path_changed(self) -> bool:
        return any(self.points)

    @property
    def is_newly_late(self) -> bool:
        return self.is_late and self.before is not None and self.before.freshness is not Freshness.LATE

    @cached_property
    def news(self) -> list[News]:
        """Every kind of change that there was, the weightiest first."""
        found = {
            News.NEW: self.is_new,
            News.ANEW: self.is_measured_anew,
            News.REVISED: self.revised or self.withdrawn,
            News.VALUES: self.came_in,
            News.MILESTONES: self.milestones,
            News.PATH: self.is_path_changed,
            News.LATE: self.is_newly_late,
        }
        moved = [self._movement] if self.is_moved else []
        return [*moved, *(kind for kind, there in found.items() if there)]

    @property
    def _movement(self) -> News:
        was, now = self.before.status, self.now.status
        if now.family is Family.WORSE:  # whatever it was: a target missed is no better than getting worse
            return News.WORSE
        if Family.UNKNOWN in (was.family, now.family):
            return News.JUDGED
        is_better = was.family is Family.WORSE or MERIT.index(now) > MERIT.index(was)
        return News.BETTER if is_better else News.WORSE

    @property
    def main_news(self) -> News | None:
        return self.news[0] if self.news else None

    @property
    def is_late(self) -> bool:
        return self.now.freshness is Freshness.LATE

    @property
    def place(self) -> Place:
        family = self.now.status.family
        if family in (Family.WORSE, Family.SLOW):
            return Place.WORSE if family is Family.WORSE else Place.OFF_TRACK
        if self.is_late:
            return Place.LATE
        return Place.UNKNOWN if family is Family.UNKNOWN else Place.ON_TRACK


def _path(report: OutcomeReport) -> list[Milestone]:
    return [report.baseline_on, *report.path] if report.baseline_on else report.path


def _stated(point: Milestone) -> tuple:
    """What readers are told of a point; of where the path starts, the day only."""
    stated = (point.kind, point.due_on)
    return stated if point.kind == Milestone.Kind.BASELINE else (*stated, point.value, point.standing)


def turns(before: Sequence[OutcomeReport] | None, now: Sequence[OutcomeReport]) -> list[Turn]:
    """Each outcome of the later side, in its order."""
    if before is None:
        return [Turn(report, None) for report in now]
    then = {report.code: report for report in before}
    return [Turn(report, then.get(report.code), is_new=report.code not in then) for report in now]


def gone(before: Sequence[OutcomeReport] | None, now: Sequence[OutcomeReport]) -> list[OutcomeReport]:
    """Outcomes of the earlier side only."""
    held = {report.code for report in now}
    return [report for report in before or () if report.code not in held]


def by_news(found: Sequence[Turn]) -> list[tuple[News, list[Turn]]]:
    """Outcomes that changed, each once, under its weightiest news; worst first within it."""
    groups = [(kind, [turn for turn in found if turn.main_news is kind]) for kind in News]
    return [(kind, sorted(of, key=_severity)) for kind, of in groups if of]


def by_place(found: Sequence[Turn]) -> list[tuple[Place, list[Turn]]]:
    """The rest: outcomes that did not change, in the order in which a meeting looks at them."""
    groups = [(place, [turn for turn in found if not turn.news and turn.place is place]) for place in Place]
    return [(place, sorted(of, key=_severity)) for place, of in groups if of]


def worst_first(found: Sequence[Turn]) -> list[Turn]:
    """The order of a meeting: what changed, then the rest."""
    return [turn for _, of in [*by_news(found), *by_place(found)] for turn in of]


def _severity(turn: Turn) -> int:
    return RANK[turn.now.status]


@dataclass(frozen=True)
class PledgeTurns:
    """What became of the pledges that serve a board's outcomes."""

    made: list[PledgeReport] = field(default_factory=list)
    updated: list[tuple[PledgeReport, PledgeUpdate]] = field(default_factory=list)  # with the newest that is new
    fell_silent: list[PledgeReport] = field(default_factory=list)
    withdrawn: list[PledgeReport] = field(default_factory=list)  # ended, and in the register still
    ended: list[PledgeReport] = field(default_factory=list)  # no longer there

    def __bool__(self):
        return bool(self.made or self.updated or self.fell_silent or self.withdrawn or self.ended)


def pledge_turns(before: Sequence[PledgeReport] | None, now: Sequence[PledgeReport]) -> PledgeTurns:
    """Nothing where there is no earlier side."""
    if before is None:
        return PledgeTurns()
    then = {pledge.slug: pledge for pledge in before}
    known = [(pledge, then[pledge.slug]) for pledge in now if pledge.slug in then]
    held = {pledge.slug for pledge in now}
    news = [(p, [u for u in p.updates if u.key not in {old.key for old in was.updates}]) for p, was in known]
    return PledgeTurns(
        made=[pledge for pledge in now if pledge.slug not in then],
        updated=[(pledge, of_it[0]) for pledge, of_it in news if of_it],
        fell_silent=[p for p, was in known if p.is_silent and not was.is_silent],
        withdrawn=[p for p, was in known if p.is_withdrawn and not was.is_withdrawn],
        ended=[pledge for slug, pledge in then.items() if slug not in held],
    )


def closed_since(before: Sequence[ActionVersion] | None, now: Sequence[ActionVersion]) -> list[ActionVersion]:
    """Actions that were open in the papers of the meeting before, or not there yet; none without such papers."""
    if before is None:
        return []
    settled = {action.action_id for action in before if action.state != ActionState.OPEN}
    return [a for a in now if a.state != ActionState.OPEN and a.action_id not in settled]
