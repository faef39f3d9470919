"""What each edition changed, in words: for the home page, the public log and its feed."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from django.db.models import Count, FilteredRelation, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes import formatting as words
from outcomes import rewording, sentences
from outcomes.models import MeasureVersion, Milestone, Observation, OutcomeVersion, Revision, Submission
from outcomes.periods import Period

LISTED = 12  # of each kind of change in an edition that are listed one by one


@dataclass(frozen=True)
class Line:
    """One change: the outcome that it is of, and what is said before and after its name."""

    outcome: OutcomeVersion
    after: str
    before: str = ""

    def __str__(self):
        return f"{self.before}{self.outcome.short_label}{self.after}"


@dataclass
class EditionChanges:
    edition: Edition
    place: str = ""
    series: list[Line] = field(default_factory=list)
    values: list[Line] = field(default_factory=list)  # of the home area: came in, were revised or withdrawn
    value_count: int = 0
    other_areas: int = 0
    paths: list[Line] = field(default_factory=list)
    path_count: int = 0
    wording: list[str] = field(default_factory=list)

    @property
    def is_first(self) -> bool:
        return self.edition.number == 1

    @property
    def groups(self) -> list[tuple[list[Line], str]]:
        """Lines of a kind, and how many more of it there are."""
        values, paths = self.value_count - len(self.values), self.path_count - len(self.paths)
        more_values = f"And {words.count(values, 'more value')} of {self.place}." if values else ""
        more_paths = f"And {words.count(paths, 'more path')} to a target." if paths else ""
        found = [(self.series, ""), (self.values, more_values), (self.paths, more_paths)]
        return [(lines, more) for lines, more in found if lines]

    @property
    def told(self) -> list[str]:
        """All of it in plain sentences."""
        said = [text for lines, more in self.groups for text in (*map(str, lines), more)]
        return [words.closed(text) for text in (*said, *self.wording) if text]


class Known(NamedTuple):
    """An outcome and its measure, as they are worded at the newest of the editions."""

    outcome: OutcomeVersion
    measure: MeasureVersion


def changes(editions: Iterable[Edition], vision: Vision) -> list[EditionChanges]:
    """In a fixed number of queries; the first edition is the start of the record, so it lists nothing."""
    entries = [EditionChanges(edition, vision.place) for edition in editions]
    found = {entry.edition.number: entry for entry in entries if not entry.is_first}
    if not found:
        return entries
    newest = max(found)
    outcomes = {o.outcome_id: o for o in OutcomeVersion.objects.at(newest)}
    measures = [m for m in MeasureVersion.objects.at(newest) if m.outcome_id in outcomes]
    known = {m.measure_id: Known(outcomes[m.outcome_id], m) for m in measures}
    _list_values(found, known, _count_values(found, known, vision.home_area))
    _list_paths(found, known)
    _list_series(found, known, vision.home_area)
    # What became of a pledge is no wording, and the summary of its edition tells it.
    of_wording = [number for number, entry in found.items() if entry.edition.kind != Edition.Kind.PLEDGE]
    for number, said in rewording.told(of_wording, listed=LISTED).items():
        found[number].wording = said
    return entries


def _count_values(found: dict[int, EditionChanges], known: dict[str, Known], home: str) -> Q:
    """In the database: an edition may bring a hundred thousand values. Gives where those are that are listed."""
    own, here = defaultdict(Counter), Q(area=home)
    counted = {"ours": Count("pk", filter=here), "others": Count("pk", filter=~here)}
    for rows in (Observation.objects.all(), Revision.objects.filter(value__isnull=True)):
        counts = rows.filter(first_edition__in=found, measure__in=known).values_list("first_edition", "measure")
        for number, code, ours, others in counts.annotate(**counted):
            own[number][code] += ours
            found[number].value_count += ours
            found[number].other_areas += others
    listed = Q(pk__in=[])
    for number, of in own.items():
        codes = sorted(+of)
        before = accumulate((of[code] for code in codes), initial=0)
        listed |= Q(first_edition=number, measure__in=[c for c, n in zip(codes, before, strict=False) if n < LISTED])
    return listed & here


def _list_values(found: dict[int, EditionChanges], known: dict[str, Known], listed: Q) -> None:
    """By measure and date; what comes first of all comes first among its own kind too."""

    def first(rows: QuerySet) -> dict[tuple[int, str, Period], Observation | Revision]:
        order = ["period_start", "period_duration"]
        place = Window(RowNumber(), partition_by=["first_edition", "measure"], order_by=order)
        some = rows.filter(listed).annotate(place=place).filter(place__lte=LISTED)
        return {(row.first_edition_id, row.measure_id, row.period): row for row in some}

    values, revisions = first(Observation.objects.all()), first(Revision.objects.all())
    for key in sorted(values.keys() | revisions.keys()):
        number, code, _ = key
        if len(found[number].values) < LISTED:
            said = _value_said(values.get(key), revisions.get(key), known[code].measure)
            found[number].values.append(Line(known[code].outcome, f", {said}"))


def _value_said(value: Observation | None, revision: Revision | None, measure: MeasureVersion) -> str:
    if revision is None:
        return f"{words.period_name(value.period)}: {words.amount(value.value, measure)}"
    return sentences.revision(revision, measure, dated=False, note=value.note if value else "")


def _list_paths(found: dict[int, EditionChanges], known: dict[str, Known]) -> None:
    began, ended = defaultdict(list), defaultdict(list)
    touched = Q(first_edition__in=found) | Q(last_edition__in=[number - 1 for number in found])
    for point in Milestone.objects.filter(touched, measure__in=known):
        began[point.first_edition_id, point.measure_id].append(point)
        if point.last_edition_id is not None:
            ended[point.last_edition_id + 1, point.measure_id].append(point)
    for number, code in sorted(began.keys() | ended.keys()):
        entry, outcome, measure = found.get(number), *known[code]
        said = entry and sentences.path_change(ended[number, code], began[number, code], measure)
        if said:
            entry.path_count += 1
            if len(entry.paths) < LISTED:
                entry.paths.append(Line(outcome, f": {said}"))


def _list_series(found: dict[int, EditionChanges], known: dict[str, Known], home: str) -> None:
    """A series that was begun on purpose, and why."""
    breaks = Q(lines__area=home, lines__markers__contains="[b]")
    begun = Submission.objects.filter(kind=Submission.Kind.SERIES, edition__in=found, measure__in=known)
    rows = begun.annotate(first=FilteredRelation("lines", condition=breaks)).values_list(
        "edition", "measure", "public_reason", "first__period_start", "first__period_duration"
    )
    for number, code, reason, start, duration in rows.order_by("edition", "pk", "-first__period_start"):
        starts = f" starts {words.from_start(Period(start, duration))}" if start else " starts"
        entry, outcome = found[number], known[code].outcome
        if outcome not in [line.outcome for line in entry.series]:
            entry.series.append(Line(outcome, f"{starts}: {words.closed(reason)}", "A new series of "))
