"""What happened to a measure and to a submission, told in one way for pages and files.

Each is read in a fixed number of queries, however long its history.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from luton2040 import wording
from luton2040.audit import Action, Entry
from luton2040.editions import Edition
from outcomes import formatting as words
from outcomes import sentences
from outcomes.comparing import Comparison, in_words
from outcomes.downloads import Table
from outcomes.models import AreaVersion, MeasureVersion, Milestone, Observation, Revision, Submission
from outcomes.periods import Period
from outcomes.proposals import PathPoint
from outcomes.publishing import FIGURES, SERIES_AND_PERIOD


class Happening(NamedTuple):
    """One thing that became of a measure, in an edition."""

    edition: Edition
    what: str
    subject: str  # what it became of, in words: a place and period, a point of the path, a field of the definition
    was: Decimal | str | None
    now: Decimal | str | None
    reason: str = ""
    submission: Submission | None = None
    row: Observation | None = None
    is_figure: bool = False
    is_home: bool = True

    @property
    def approved_by(self):
        decided = self.submission and self.submission.decided_by
        return decided or self.edition.issued_by


def happenings(measure: str, home: str) -> list[Happening]:
    """Everything that was published of the measure, newest first."""
    told = _Told(measure)
    found = [*_of_values(measure, home, told), *_of_path(measure, told), *_of_definition(measure, told)]
    return sorted(found, key=lambda h: h.edition.number, reverse=True)


class _Told:
    """What goes with the editions that rows of a measure name: their submissions, and reasons for revisions."""

    def __init__(self, measure: str):
        self.editions = {e.number: e for e in Edition.objects.select_related("issued_by")}
        of_measure = Submission.objects.filter(edition__isnull=False).of_measure(measure)
        people = of_measure.select_related("proposed_by", "decided_by")
        self.submissions = {submission.edition_id: submission for submission in people}
        revisions = Revision.objects.filter(measure=measure)
        self.reasons = {(r.first_edition_id, *_key(r)): r.reason for r in revisions}

    def by_whom(self, number: int) -> dict:
        return {"edition": self.editions[number], "submission": self.submissions.get(number)}


def _key(row) -> tuple:
    return tuple(getattr(row, name) for name in SERIES_AND_PERIOD)


def _of_values(measure: str, home: str, told: _Told) -> Iterator[Happening]:
    names = dict(AreaVersion.objects.order_by("first_edition").values_list("area", "name"))
    rows = Observation.objects.filter(measure=measure).order_by("area", "-period_start", "first_edition")
    for key, versions in _by(rows, _key):
        where = f"{names.get(versions[0].area_id, versions[0].area_id)}, {words.period_name(versions[0].period)}"
        for was, now, number in _steps(versions):
            figures_differ = was and now and any(getattr(was, f) != getattr(now, f) for f in FIGURES)
            yield Happening(
                **told.by_whom(number),
                what="Value " + _verb(was, now, "published", "revised" if figures_differ else "described anew"),
                subject=where,
                was=was and was.value,
                now=now and now.value,
                reason=told.reasons.get((number, *key), ""),
                row=now or was,
                is_figure=True,
                is_home=versions[0].area_id == home,
            )


def _by(rows: Iterable, key) -> Iterator[tuple[tuple, list]]:
    """Rows of one thing together; they come sorted by when they began."""
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return iter(found.items())


def _steps(versions: Sequence) -> Iterator[tuple]:
    """Each change from one version to the next, as (was, now, number of its edition); an end has no now."""
    held = None
    for version in versions:
        if held and held.last_edition_id + 1 < version.first_edition_id:
            yield held, None, held.last_edition_id + 1
            held = None
        yield held, version, version.first_edition_id
        held = version
    if held and held.last_edition_id is not None:
        yield held, None, held.last_edition_id + 1


def _verb(was, now, begun: str, changed: str) -> str:
    return begun if was is None else "taken away" if now is None else changed


def _of_path(measure: str, told: _Told) -> Iterator[Happening]:
    rows = Milestone.objects.filter(measure=measure).order_by("first_edition", "due_on")
    for _, versions in _by(rows, attrgetter("place")):
        for was, now, number in _steps(versions):
            point = now or was
            yield Happening(
                **told.by_whom(number),
                what=f"{point.get_kind_display()} {_verb(was, now, 'set', 'changed')}",
                subject=_name(point),
                was=was and _said(was),
                now=now and _said(now),
                reason=now.basis if now else "",
            )


def _name(point: Milestone) -> str:
    """A start is told by its day, where it takes its figure from."""
    return f"{point.get_kind_display()} {words.day(point.due_on)}"


def _said(point: PathPoint) -> str:
    value = "" if point.value is None else f"{words.quoted(point.value)} "
    said = f"{value}on {words.day(point.due_on)}, {point.get_standing_display().lower()}"
    return ". ".join(filter(None, [said, sentences.agreed(point)]))


def _of_definition(measure: str, told: _Told) -> Iterator[Happening]:
    versions = list(MeasureVersion.objects.filter(measure=measure).order_by("first_edition"))
    for first in versions[:1]:
        yield Happening(
            **told.by_whom(first.first_edition_id), what="Measure defined", subject="Definition", was=None,
            now=first.definition,
        )  # fmt: skip
    for version, changes in wording.history(versions):
        for change in map(in_words, changes):
            yield Happening(
                **told.by_whom(version.first_edition_id),
                what="Definition changed",
                subject=change.label,
                was=change.was,
                now=change.now,
            )


@dataclass(frozen=True)
class Step:
    """What one edition did to a measure."""

    edition: Edition
    submission: Submission | None
    told: list[Happening]
    elsewhere: int  # values of other places


def steps(found: Iterable[Happening]) -> list[Step]:
    """By edition, for the page; the file has the values of other places too."""
    together = []
    for _, group in groupby(found, key=lambda h: h.edition.number):
        group = list(group)
        here = [h for h in group if h.is_home]
        together.append(Step(group[0].edition, group[0].submission, here, len(group) - len(here)))
    return together


@dataclass(frozen=True)
class Kept:
    """A period's value of the home area, with every version that it had."""

    period: Period
    row: Observation | None  # as it is published now
    versions: list[Happening]  # newest first


def values(found: Iterable[Happening]) -> list[Kept]:
    """Newest period first."""
    of_home = (h for h in found if h.is_figure and h.is_home)
    kept = []
    for key, versions in _by(of_home, lambda h: _key(h.row)):
        newest = versions[0]
        kept.append(Kept(Period(*key[2:]), None if newest.now is None else newest.row, versions))
    return sorted(kept, key=lambda value: value.period.end, reverse=True)


def log_of_measure(measure: str):
    """Entries about the measure itself and about its submissions, newest first."""
    of_measure = Submission.objects.made_by_people().of_measure(measure)
    about = [f"submission {pk}" for pk in of_measure.values_list("pk", flat=True)]
    return _with_people(Q(about__in=[f"measure {measure}", f"measures {measure}", *about])).newest_first()


def log_of_submission(submission: Submission):
    return _with_people(Q(about=submission.about)).oldest_first()


def failures(found: Iterable[Submission]) -> dict[int, Entry]:
    """Of those that wait for approval again because they could not be published at their time: what the log says."""
    waiting = {s.about: s for s in found if s.state == Submission.State.SUBMITTED}
    entries = Entry.objects.of_action(Action.PUBLISHING_FAILED).filter(about__in=waiting).oldest_first()
    return {waiting[e.about].pk: e for e in entries if e.at >= waiting[e.about].proposed_at}


def _with_people(condition: Q):
    return Entry.objects.filter(condition).select_related("by")


# --- files ---

FILED = ("lower", "upper", "markers", "note", "source_name", "source_url", "retrieved_on")
COLUMNS = (
    "at", "edition", "submission", "what", "subject", "area", "period_start", "period_duration", "was", "now", *FILED,
    "handed_in_by", "by", "reason", "warnings",
)  # fmt: skip


def measure_table(found: Iterable[Happening], log: Iterable[Entry]) -> Table:
    """Every version of every area, the path and the definition, and who did what; oldest first."""
    rows = [_published_row(h) for h in found] + [_log_row(entry) for entry in log]
    return Table(COLUMNS, [_cells(row) for row in sorted(rows, key=lambda row: row["at"])])


def submission_table(submission: Submission, found: Comparison, log: Iterable[Entry]) -> Table:
    """What it says, each beside what the record held, and who did what with it; oldest first."""
    handed_in = {
        "at": submission.proposed_at,
        "edition": submission.edition_id,
        "submission": submission.pk,
        "handed_in_by": str(submission.proposed_by or ""),
        "by": str(submission.decided_by or ""),
    }
    said = [handed_in | row for row in _proposed_rows(found)]
    return Table(COLUMNS, [_cells(row) for row in [*said, *map(_log_row, log)]])


def _cells(row: dict) -> tuple:
    row["at"] = timezone.localtime(row["at"]).isoformat(timespec="seconds")
    return tuple(row.get(column) for column in COLUMNS)


def _figure(row) -> dict:
    told = {"area": row.area_id, "period_start": row.period_start, "period_duration": row.period_duration}
    return told | {name: getattr(row, name) for name in FILED}


def _published_row(happening: Happening) -> dict:
    submission = happening.submission
    return (_figure(happening.row) if happening.row else {}) | {
        "at": happening.edition.issued_at,
        "edition": happening.edition.number,
        "submission": submission and submission.pk,
        "what": happening.what,
        "subject": happening.subject,
        "was": happening.was,
        "now": happening.now,
        "handed_in_by": str(submission and submission.proposed_by or ""),
        "by": str(happening.approved_by or ""),
        "reason": happening.reason,
    }


def _proposed_rows(found: Comparison) -> Iterator[dict]:
    for beside in found.lines:
        line = beside.line
        yield _figure(line) | {
            "what": f"Proposed value: {beside.effect.label.lower()}",
            "subject": f"{beside.measure.name}, {beside.place}, {words.period_name(line.period)}",
            "was": beside.was and beside.was.value,
            "now": None if line.withdraws else line.value,
            "reason": line.reason,
            "warnings": line.warnings,
        }
    for point in found.points:
        yield {
            "what": f"Proposed point of the path: {point.effect.label.lower()}",
            "subject": _name(point.line),
            "was": point.was and _said(point.was),
            "now": None if point.line.ends else _said(point.line),
            "reason": point.line.basis,
        }
    for change in found.wording:
        said = {"what": "Proposed definition", "subject": change.label}
        yield said | {"was": change.was, "now": change.now}


def _log_row(entry: Entry) -> dict:
    return {
        "at": entry.at,
        "submission": int(entry.about.split()[1]) if entry.about.startswith("submission ") else None,
        "what": entry.get_action_display(),
        "now": entry.what,
        "by": str(entry.by or entry.by_email),
    }
