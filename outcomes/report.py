"""One report of an outcome, which every page, chart, file and feed is a rendering of.

`summaries` reads all outcomes (or some) in a fixed number of queries; `full_reports` adds what their own
pages and the files show besides.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Self

from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes import progress
from outcomes.models import (
    Action,
    AreaVersion,
    MeasureVersion,
    Milestone,
    OutcomeVersion,
    PlanOutcome,
    Revision,
)
from outcomes.periods import add_months
from outcomes.progress import Point
from outcomes.series import Comparator, SimilarPlaces, Value, observed, similar_places
from priorities.models import PlanVersion, PriorityVersion

RELEASE_EVERY_MONTHS = {
    "annual": 12,
    "financial-year": 12,
    "academic-year": 12,
    "rolling-3-year": 12,
    "quarterly": 3,
    "occasional": None,
}


@dataclass(frozen=True)
class Goal:
    """A milestone or the target, with how it turned out."""

    milestone: Milestone
    state: progress.MilestoneState
    judged_by: Value | None

    @property
    def due_on(self) -> date:
        return self.milestone.due_on

    @property
    def value(self) -> Decimal:
        return self.milestone.value

    @property
    def is_target(self) -> bool:
        return self.milestone.kind == Milestone.Kind.TARGET

    @property
    def is_illustrative(self) -> bool:
        return self.milestone.standing == Milestone.Standing.ILLUSTRATIVE


@dataclass(frozen=True, eq=False)  # to compare two by content would take their whole series
class OutcomeReport:
    vision: Vision
    edition: Edition
    today: date
    outcome: OutcomeVersion
    priority: PriorityVersion | None
    measure: MeasureVersion
    series: list[Value]  # the home area, oldest first
    baseline_on: Milestone | None
    path: list[Milestone]  # milestones and target, by date
    comparators: list[Comparator] = field(default_factory=list)
    similar: list[SimilarPlaces] = field(default_factory=list)
    areas: dict[str, AreaVersion] = field(default_factory=dict)
    observations: dict[str, list[Value]] = field(default_factory=dict)  # every area, for the downloads
    actions: list[Action] = field(default_factory=list)
    plans: list[tuple[PlanVersion, PlanOutcome]] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)  # of every area, newest first

    @property
    def code(self) -> str:
        return self.outcome.outcome_id

    @property
    def slug(self) -> str:
        return self.code.lower()

    @property
    def rises(self) -> bool:
        return self.measure.direction == MeasureVersion.Direction.HIGHER

    @cached_property
    def tolerance(self) -> Decimal:
        return self.measure.tolerance or Decimal(0)

    @cached_property
    def unbroken(self) -> list[Value]:
        """The present series: since the last break, where there is one."""
        breaks = [i for i, v in enumerate(self.series) if v.starts_series]
        return self.series[breaks[-1] :] if breaks else self.series

    @cached_property
    def earlier_series(self) -> list[list[Value]]:
        """The series before each break, oldest first; never joined to each other."""
        earlier, run = [], []
        for value in self.series[: len(self.series) - len(self.unbroken)]:
            if value.starts_series and run:
                earlier.append(run)
                run = []
            run.append(value)
        return [*earlier, run] if run else earlier

    @cached_property
    def latest(self) -> Value | None:
        return self.unbroken[-1] if self.unbroken else None

    @cached_property
    def previous(self) -> Value | None:
        return self.unbroken[-2] if len(self.unbroken) > 1 else None

    @cached_property
    def baseline(self) -> Value | None:
        if self.baseline_on is None:
            return None
        return next((v for v in self.unbroken if v.period.start == self.baseline_on.due_on), None)

    @cached_property
    def since_baseline(self) -> list[Value]:
        if self.baseline is None:
            return self.unbroken
        return [v for v in self.unbroken if v.end >= self.baseline.end]

    @cached_property
    def target(self) -> Milestone | None:
        return next((m for m in self.path if m.kind == Milestone.Kind.TARGET), None)

    @cached_property
    def milestones(self) -> list[Milestone]:
        return [m for m in self.path if m.kind == Milestone.Kind.MILESTONE]

    @property
    def target_is_illustrative(self) -> bool:
        return self.target is not None and self.target.standing == Milestone.Standing.ILLUSTRATIVE

    @cached_property
    def assessment(self) -> progress.Assessment:
        return progress.assess(
            rises=self.rises,
            tolerance=self.tolerance,
            baseline=_point(self.baseline),
            milestones=[_goal_point(m) for m in self.milestones],
            target=_goal_point(self.target),
            latest=_point(self.latest),
        )

    @property
    def status(self) -> progress.Status:
        return self.assessment.status

    @property
    def is_judged(self) -> bool:
        """Whether the status says anything of how the outcome does."""
        return self.status.family is not progress.Family.UNKNOWN

    @cached_property
    def goals(self) -> list[Goal]:
        """Milestones and target by date, each with how it turned out."""
        return [self._goal(milestone) for milestone in self.path]

    def _goal(self, milestone: Milestone) -> Goal:
        values = {progress.years(v.end): v for v in self._values_to_judge(milestone)}
        (judged,) = progress.judge_milestones(
            rises=self.rises,
            milestones=[_goal_point(milestone)],
            series=[_point(v) for v in values.values()],
            now=progress.years(self.today),
        )
        return Goal(milestone, judged.state, values[judged.judged_by.at] if judged.judged_by else None)

    def _values_to_judge(self, milestone: Milestone) -> list[Value]:
        """Since the baseline, and never of a series that began only after the milestone's day."""
        if self.earlier_series and milestone.due_on < self.unbroken[0].period.start:
            return self.earlier_series[-1]
        return [v for v in self.since_baseline if v is not self.baseline]

    @cached_property
    def last_goal(self) -> Goal | None:
        """The last milestone that has been met or missed."""
        known = [g for g in self.goals if g.judged_by is not None]
        return known[-1] if known else None

    @cached_property
    def next_goal(self) -> Goal | None:
        return next((g for g in self.goals if g.judged_by is None), None)

    @cached_property
    def trend(self) -> progress.TrendTest:
        return progress.recent_trend([_point(v) for v in self.unbroken])

    @cached_property
    def projection(self) -> progress.Projection | None:
        return self.line_to(self.target)

    def line_to(self, goal: Milestone | None) -> progress.Projection | None:
        """The straight line through the values since the baseline, carried on to the day of a goal."""
        return progress.project(
            rises=self.rises, series=[_point(v) for v in self.since_baseline], target=_goal_point(goal)
        )

    @cached_property
    def next_due(self) -> date | None:
        """When the next value should be out: the next period's end and the source's usual delay after it."""
        every, lag = RELEASE_EVERY_MONTHS[self.measure.frequency], self.measure.release_lag_months
        if every is None or lag is None or self.latest is None:
            return None
        return add_months(self.latest.end, every + lag)

    @cached_property
    def freshness(self) -> progress.Freshness:
        return progress.freshness(
            source_state=self.measure.source_state,
            next_due=self.next_due,
            has_value=self.latest is not None,
            today=self.today,
        )

    @cached_property
    def own_revisions(self) -> list[Revision]:
        """Published values of the home area that were changed or withdrawn, newest first."""
        return [revision for revision in self.revisions if revision.area_id == self.vision.home_area]

    @cached_property
    def comparable(self) -> Value | None:
        """The latest home value for whose very period the first comparator has one too."""
        for comparator in self.comparators:
            shared = [v for v in self.unbroken if v.period in comparator.by_period]
            if shared:
                return shared[-1]
        return None

    def with_points(self, path: list[Milestone]) -> Self:
        """The same report with these points: the baseline, milestones and the target."""
        return replace(
            self,
            baseline_on=next((m for m in path if m.kind == Milestone.Kind.BASELINE), None),
            path=[m for m in path if m.kind != Milestone.Kind.BASELINE],
        )

    def with_observations(self, by_area: dict[str, list[Value]]) -> Self:
        """The same report with these values of every area, and the comparisons that follow from them."""
        return replace(
            self,
            series=by_area.get(self.vision.home_area, []),
            observations=by_area,
            comparators=[
                Comparator(self.areas[area], by_area[area])
                for area in self.vision.comparators
                if area in by_area and area in self.areas
            ],
            similar=similar_places(by_area, self.areas.values()),
        )


def _point(value: Value | None) -> Point | None:
    return None if value is None else Point(progress.years(value.end), value.value, value.lower, value.upper)


def _goal_point(milestone: Milestone | None) -> Point | None:
    return None if milestone is None else Point(progress.years(milestone.due_on), milestone.value)


def vision_at(edition: Edition) -> Vision:
    return Vision.objects.at(edition).get()


def summaries(
    edition: Edition, today: date, *, codes: Collection[str] | None = None, vision: Vision | None = None
) -> list[OutcomeReport]:
    """A report of each outcome (or of those named), in the order of the wheel; mission measures included."""
    vision = vision or vision_at(edition)
    reports, _ = _read(vision, edition, today, codes, area=vision.home_area)
    return reports


def _read(
    vision: Vision, edition: Edition, today: date, codes: Collection[str] | None, *, area: str | None
) -> tuple[list[OutcomeReport], dict[tuple[str, str], list[Value]]]:
    """Reports, and the values (of one area or of all) that they were made from."""
    versions = OutcomeVersion.objects.at(edition)
    measures = MeasureVersion.objects.at(edition)
    if codes is not None:
        versions = versions.filter(outcome__in=codes)
        measures = measures.filter(outcome__in=codes)
    measures = {m.outcome_id: m for m in measures}
    wanted = [m.measure_id for m in measures.values()]
    paths = defaultdict(list)
    for milestone in Milestone.objects.at(edition).filter(measure__in=wanted):
        paths[milestone.measure_id].append(milestone)
    series = observed(edition, measures=wanted, area=area)
    priorities = {p.priority_id: p for p in PriorityVersion.objects.at(edition)}
    reports = [
        _report(vision, edition, today, version, priorities, measures[version.outcome_id], paths, series)
        for version in versions
        if version.outcome_id in measures
    ]
    return reports, series


def _report(vision, edition, today, version, priorities, measure, paths, series) -> OutcomeReport:
    return OutcomeReport(
        vision=vision,
        edition=edition,
        today=today,
        outcome=version,
        priority=priorities.get(version.priority_id),
        measure=measure,
        series=series.get((measure.measure_id, vision.home_area), []),
        baseline_on=None,
        path=[],
    ).with_points(paths[measure.measure_id])


def full_report(code: str, edition: Edition, today: date, *, vision: Vision | None = None) -> OutcomeReport | None:
    """One outcome as `full_reports` gives it; None where the edition has no such code."""
    return next(iter(full_reports(edition, today, codes=[code], vision=vision)), None)


def full_reports(
    edition: Edition, today: date, *, codes: Collection[str] | None = None, vision: Vision | None = None
) -> list[OutcomeReport]:
    """Every outcome (or those named) with all that its page and files show, in at most eleven queries."""
    vision = vision or vision_at(edition)
    reports, values = _read(vision, edition, today, codes, area=None)
    areas = {a.area_id: a for a in AreaVersion.objects.at(edition)}
    by_measure: dict[str, dict[str, list[Value]]] = defaultdict(dict)
    for (measure, area), series in values.items():
        by_measure[measure][area] = series
    held = [report.code for report in reports]
    actions = defaultdict(list)
    for action in Action.objects.at(edition).filter(outcome__in=held):
        actions[action.outcome_id].append(action)
    links = {(k.outcome_id, k.plan_id): k for k in PlanOutcome.objects.at(edition).filter(outcome__in=held)}
    plans = list(PlanVersion.objects.at(edition).filter(plan__in={plan for _, plan in links}))
    revisions = _revisions(edition, [report.measure.measure_id for report in reports])
    return [
        replace(
            report,
            areas=areas,
            actions=actions[report.code],
            plans=[(p, links[report.code, p.plan_id]) for p in plans if (report.code, p.plan_id) in links],
            revisions=revisions[report.measure.measure_id],
        ).with_observations(by_measure[report.measure.measure_id])
        for report in reports
    ]


def _revisions(edition: Edition, measures: Collection[str]) -> dict[str, list[Revision]]:
    found = defaultdict(list)
    revisions = Revision.objects.at(edition).filter(measure__in=measures).select_related("first_edition")
    for revision in revisions.order_by("-first_edition", "area", "-period_start", "period_duration"):
        found[revision.measure_id].append(revision)
    return found
