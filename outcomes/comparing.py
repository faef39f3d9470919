"""What a submission would change: what is published beside what is proposed, and each outcome's page before and after.

What was decided is compared with the record as it stood then, what is open with the record that it was checked
against. In a fixed number of queries, however many lines there are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from luton2040.editions import Edition
from luton2040.wording import Change, changes, reworded
from outcomes import formatting as words
from outcomes import preview, sentences
from outcomes.models import (
    AreaVersion,
    MeasureVersion,
    Milestone,
    MilestoneLine,
    Observation,
    Revision,
    Submission,
    SubmissionLine,
)
from outcomes.neighbours import count_decimals, exact
from outcomes.progress import Worded
from outcomes.publishing import FIELDS, FIGURES, SERIES_AND_PERIOD
from outcomes.report import OutcomeReport, full_reports

DETAILS = {
    ("lower", "upper"): "95% limits",
    ("markers",): "shorthand",
    ("note",): "note",
    ("source_name",): "source",
    ("source_url",): "source link",
    ("retrieved_on",): "release used",
}
POINT_SAYS = ("due_on", "value", "standing", "basis", "agreed_by", "agreed_on")


class Effect(Worded):
    """What publishing a line does to the record."""

    WITHDRAWN = "withdrawn", "Taken away"
    CHANGED = "changed", "Changed"
    NEW = "new", "New"
    SAME = "same", "Same"


@dataclass(frozen=True)
class LineBeside:
    """A proposed value beside the published one that it would replace."""

    line: SubmissionLine
    was: Observation | None
    before: Observation | None  # of the same series, the latest period before
    measure: MeasureVersion
    place: str
    is_home: bool

    @cached_property
    def effect(self) -> Effect:
        if self.line.withdraws:
            return Effect.WITHDRAWN
        if self.was is None:
            return Effect.NEW
        return Effect.CHANGED if self._differs(FIELDS) else Effect.SAME

    @property
    def warnings(self) -> list[str]:
        return self.line.warnings.splitlines()

    @cached_property
    def changed_details(self) -> list[str]:
        """What differs besides the value, in words."""
        if self.effect is not Effect.CHANGED:
            return []
        return [label for fields, label in DETAILS.items() if self._differs(fields)]

    @property
    def is_told_once(self) -> bool:
        """Whether source and note are the same, so that they need not be read twice."""
        return self.effect is Effect.CHANGED and {"95% limits", "shorthand"}.issuperset(self.changed_details)

    @property
    def sentence(self) -> str:
        """The change in words: Up 0.1 percentage points. Limits and note differ too."""
        match self.effect:
            case Effect.NEW:
                return self._since_before()
            case Effect.SAME:
                return "The record said so already."
            case Effect.WITHDRAWN:
                return "Takes the published value away." if self.was else "There is no published value to take away."
        moved = _moved(self.was.value, self.line.value, self.measure)
        details = words.listed(self.changed_details)
        return f"{moved}. Also changed: {details}." if details else f"{moved}."

    def _since_before(self) -> str:
        if self.before is None:
            return "The first value of this series."
        if "[b]" in self.line.markers:
            return "The first value of a new series, not to be compared with earlier ones."
        moved = _moved(self.before.value, self.line.value, self.measure)
        return f"{moved} from {exact(self.before.value, self.measure)} {words.in_period(self.before.period)}."

    @property
    def changes_figures(self) -> bool:
        return self.line.withdraws or self._differs(FIGURES)

    def revision(self, reason: str) -> Revision:
        """As it would go into the record; not saved."""
        key = {name: getattr(self.line, name) for name in SERIES_AND_PERIOD}
        return Revision(
            was=self.was.value, value=None if self.line.withdraws else self.line.value, reason=reason, **key
        )

    def _differs(self, fields: Iterable[str]) -> bool:
        return any(getattr(self.was, name) != getattr(self.line, name) for name in fields)


def _moved(was: Decimal, now: Decimal, measure: MeasureVersion) -> str:
    difference = now - was
    if not difference:
        return "No change"
    digits = words.plain(abs(difference), max(measure.decimals, count_decimals(difference)))
    return f"{'Up' if difference > 0 else 'Down'} {words.difference_with_unit(digits, measure)}"


class Group(Worded):
    """Lines that belong together for whoever looks through many."""

    WARNED = "warned", "Warned of"
    WITHDRAWN = "withdrawn", Effect.WITHDRAWN.label
    CHANGED = "changed", Effect.CHANGED.label
    NEW = "new", Effect.NEW.label
    SAME = "same", Effect.SAME.label


def groups(lines: Sequence[LineBeside]) -> dict[Group, list[LineBeside]]:
    """Only those that some lines are in."""
    found = {group: [line for line in lines if line.effect.value == group.value] for group in Group}
    found[Group.WARNED] = [line for line in lines if line.warnings]
    return {group: members for group, members in found.items() if members}


@dataclass(frozen=True)
class PointBeside:
    """A point of the path as proposed, beside the one that it would replace."""

    line: MilestoneLine
    was: Milestone | None

    @property
    def effect(self) -> Effect:
        if self.line.ends:
            return Effect.WITHDRAWN
        if self.was is None:
            return Effect.NEW
        same = all(getattr(self.was, name) == getattr(self.line, name) for name in POINT_SAYS)
        return Effect.SAME if same else Effect.CHANGED


@dataclass(frozen=True)
class Comparison:
    """All that a submission says, each beside what the record held."""

    lines: list[LineBeside]
    points: list[PointBeside]
    wording: list[Change]
    measures: dict[str, MeasureVersion]

    @cached_property
    def effects(self) -> dict[Effect, int]:
        found = Counter(line.effect for line in self.lines)
        return {effect: found[effect] for effect in Effect if found[effect]}

    @cached_property
    def warned(self) -> list[LineBeside]:
        return [line for line in self.lines if line.warnings]

    def revisions(self, reason: str) -> list[str]:
        """What the outcomes' pages would print of the home area's values that change, with the reason."""
        changed = (line for line in self.lines if line.is_home and line.was and line.changes_figures)
        return [sentences.revision(line.revision(reason), line.measure, dated=False) for line in changed]

    @property
    def promise(self) -> str:
        """What publishing does, to follow "Edition 4 will": add 2 values and replace 1 value."""
        said = {
            Effect.NEW: "add {}",
            Effect.CHANGED: "replace {}",
            Effect.WITHDRAWN: "take away {}",
        }
        effects = self.effects
        parts = [text.format(words.count(effects[e], "value")) for e, text in said.items() if effects.get(e)]
        moved = sum(point.effect is not Effect.SAME for point in self.points)
        if moved:
            parts.append(f"change {words.count(moved, 'point')} of the path")
        if self.wording:
            parts.append(f"change the definition ({words.listed([c.label.lower() for c in self.wording])})")
        return words.listed(parts) or "change nothing"


def compared_with(submission: Submission) -> int | None:
    """The number of the edition that shows what was published before."""
    return submission.edition_id - 1 if submission.edition_id else submission.base_edition_id


def comparison(submission: Submission, home: str) -> Comparison:
    """Lines that were warned of come first, then those of the home area."""
    before = compared_with(submission) or 0
    lines = list(submission.lines.order_by("row", "pk"))
    codes = {line.measure_id for line in lines} | ({submission.measure_id} - {None})
    measures = {m.measure_id: m for m in _measures(codes, before)}
    current = measures.get(submission.measure_id)
    return Comparison(
        _beside(lines, before, measures, home),
        _points(submission, before),
        _wording(current, submission.wording) if current and submission.wording else [],
        measures,
    )


def _measures(codes: set[str], edition: int) -> Iterable[MeasureVersion]:
    """As they were in that edition; the newest version of those that are not in it."""
    versions = MeasureVersion.objects.filter(measure__in=codes).order_by("first_edition")
    return sorted(versions, key=lambda v: v.first_edition_id <= edition <= (v.last_edition_id or edition))


def _key(row) -> tuple:
    return tuple(getattr(row, name) for name in SERIES_AND_PERIOD)


def _beside(lines: Sequence[SubmissionLine], edition: int, measures: dict, home: str) -> list[LineBeside]:
    areas = AreaVersion.objects.filter(area__in={line.area_id for line in lines}).order_by("first_edition")
    names = dict(areas.values_list("area", "name"))
    series = _series(lines, edition)
    found = []
    for line in lines:
        held = series[line.measure_id, line.area_id]
        was = next((o for o in held if _key(o) == _key(line)), None)
        before = next((o for o in held if o.period_start < line.period_start), None)
        place, is_home = names.get(line.area_id, line.area_id), line.area_id == home
        found.append(LineBeside(line, was, before, measures[line.measure_id], place, is_home))
    return sorted(found, key=lambda beside: (not beside.warnings, not beside.is_home))


def _series(lines: Sequence[SubmissionLine], edition: int) -> dict[tuple[str, str], list[Observation]]:
    """The published values of the same series, newest first."""
    rows = Observation.objects.at(edition).filter(
        measure__in={line.measure_id for line in lines}, area__in={line.area_id for line in lines}
    )
    found = defaultdict(list)
    for row in rows.order_by("-period_start"):
        found[row.measure_id, row.area_id].append(row)
    return found


def _points(submission: Submission, edition: int) -> list[PointBeside]:
    lines = list(submission.milestone_lines.all())
    if not lines:
        return []
    held = {m.place: m for m in Milestone.objects.at(edition).filter(measure=submission.measure_id)}
    return [PointBeside(line, held.get(line.place)) for line in lines]


def _wording(version: MeasureVersion, wording: dict[str, str]) -> list[Change]:
    return [in_words(change) for change in changes(version, reworded(version, wording))]


def in_words(change: Change) -> Change:
    """Of a measure's definition: choices by their label, numbers with the decimals that they need."""
    labels = dict(MeasureVersion._meta.get_field(change.field).flatchoices)

    def said(value) -> str:
        if isinstance(value, Decimal):
            return words.quoted(value)
        return "" if value is None else str(labels.get(value, value))

    return Change(change.field, change.label, said(change.was), said(change.now))


# --- the outcomes' pages, before and after ---


@dataclass(frozen=True)
class Preview:
    before: OutcomeReport
    after: OutcomeReport

    @cached_property
    def differences(self) -> list[preview.Told]:
        return preview.differences(self.before, self.after)


def previews(submission: Submission, found: Comparison, edition: Edition, today: date, vision) -> list[Preview]:
    """Of each outcome whose measure is touched, as the public sees it now and would see it."""
    outcomes = {measure.outcome_id for measure in found.measures.values()}
    rows, gone = defaultdict(list), defaultdict(list)
    for beside in found.lines:
        line = beside.line
        gone[line.measure_id].append(_key(line)) if line.withdraws else rows[line.measure_id].append(line)
    points = [beside.line for beside in found.points]
    shown = []
    for before in full_reports(edition, today, codes=outcomes, vision=vision):
        code, after = before.measure.measure_id, before
        if code == submission.measure_id and submission.wording:
            after = preview.with_wording(after, submission.wording)
        if rows[code] or gone[code]:
            after = preview.with_values(after, rows[code], withdrawn=gone[code])
        if code == submission.measure_id and points:
            after = preview.with_path(after, points)
        if after is not before:
            shown.append(Preview(before, after))
    return shown


def has_moved(found: Comparison, since: int, *, but: int | None = None) -> bool:
    """Whether anything of these measures was published after that edition, other than in the edition `but`."""
    later = Q(first_edition__gt=since) | Q(last_edition__gte=since)
    if but is not None:
        later &= ~Q(first_edition=but) & ~Q(last_edition=but - 1)
    models = (Observation, Milestone, MeasureVersion)
    return any(model.objects.filter(later, measure__in=found.measures).exists() for model in models)
