"""An approved submission becomes rows of the public record, within the edition that is being issued."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from luton2040.editions import ChangedMeanwhile, Changes, Edition, publish, supersede
from luton2040.wording import reworded
from outcomes.importing import Row
from outcomes.models import MeasureVersion, Milestone, MilestoneLine, Observation, Revision, Submission

SERIES_AND_PERIOD = ("measure_id", "area_id", "period_start", "period_duration")
FIELDS = [name for name in Row._fields if name != "row"]
FIGURES = ("value", "lower", "upper")
POINT = ("kind", "due_on", "value", "standing", "basis", "agreed_by", "agreed_on")


@dataclass(frozen=True)
class Difference:
    """What publishing rows would do to the current record."""

    new: list[Row]
    changed: list[tuple[Observation, Row]]
    same: int


def compare(rows: Sequence[Row]) -> Difference:
    current = {
        tuple(getattr(o, name) for name in SERIES_AND_PERIOD): o
        for o in Observation.objects.current().filter(measure__in={row.measure_id for row in rows})
    }
    new, changed, same = [], [], 0
    for row in rows:
        old = current.get(row[1:5])
        if old is None:
            new.append(row)
        elif all(getattr(old, name) == value for name, value in row._asdict().items() if name != "row"):
            same += 1
        else:
            changed.append((old, row))
    return Difference(new, changed, same)


def publish_submission(submission: Submission, edition: Edition) -> Changes:
    """Raises ChangedMeanwhile where the record is no longer the one that the approver was shown."""
    _refuse_stale(submission)
    changes = _publish_values(submission, edition)
    _withdraw_values(submission, edition, changes)
    _publish_path(submission, edition, changes)
    _publish_wording(submission, edition, changes)
    return changes


def _key(row) -> tuple:
    return tuple(getattr(row, name) for name in SERIES_AND_PERIOD)


def is_stale(submission: Submission) -> bool:
    """Whether what it would change has been changed by an edition since it was handed in."""
    base, of_measure = submission.base_edition_id, Q(measure=submission.measure_id)
    if base is None:
        return False
    since = Q(first_edition__gt=base) | Q(last_edition__gte=base)
    measures = submission.lines.order_by().values("measure")
    touched = set(Observation.objects.filter(since, measure__in=measures).values_list(*SERIES_AND_PERIOD))
    if touched and not touched.isdisjoint(submission.lines.values_list(*SERIES_AND_PERIOD)):
        return True
    # A series that began since is another one than these values and goals were checked against.
    begun = Observation.objects.filter(first_edition__gt=base, markers__contains="[b]")
    if begun.filter(Q(measure__in=measures) | of_measure).exists():
        return True
    if submission.milestone_lines.exists() and Milestone.objects.filter(since, of_measure).exists():
        return True
    return bool(submission.wording) and MeasureVersion.objects.filter(since, of_measure).exists()


def _refuse_stale(submission: Submission) -> None:
    if is_stale(submission):
        raise ChangedMeanwhile(
            "The public record has changed since this was handed in, so what was checked is no longer what would be "
            "replaced. Send it back, so that it is checked against the newer record."
        )


def _publish_values(submission: Submission, edition: Edition) -> Changes:
    wanted = [
        Observation(submission=submission, **dict(zip(FIELDS, line, strict=True)))
        for line in submission.lines.filter(withdraws=False).order_by("row").values_list(*FIELDS)
    ]
    measures = {o.measure_id for o in wanted}
    changes = publish(
        edition,
        wanted,
        key=SERIES_AND_PERIOD,
        among=Observation.objects.filter(measure__in=measures),
        complete=False,
    )
    revised = [(old, row) for old, row in changes.changed if any(getattr(old, f) != getattr(row, f) for f in FIGURES)]
    _tell(submission, edition, ((old, row.value) for old, row in revised))
    return changes


def _withdraw_values(submission: Submission, edition: Edition, changes: Changes) -> None:
    keys = {_key(line) for line in submission.lines.filter(withdraws=True)}
    if not keys:
        return
    current = Observation.objects.current().filter(measure__in={key[0] for key in keys})
    ended = [row for row in current if _key(row) in keys]
    if len(ended) < len(keys):
        raise ChangedMeanwhile("A value that was to be withdrawn is not in the public record any more.")
    supersede(edition, Observation, [row.pk for row in ended])
    _tell(submission, edition, ((old, None) for old in ended))
    changes.ended += ended
    edition.has_changes = True


def _tell(submission: Submission, edition: Edition, changed: Iterable[tuple[Observation, Decimal | None]]) -> None:
    Revision.objects.bulk_create(
        (
            Revision(
                first_edition=edition,
                submission=submission,
                reason=submission.public_reason,
                was=old.value,
                value=value,
                **dict(zip(SERIES_AND_PERIOD, _key(old), strict=True)),
            )
            for old, value in changed
        ),
        batch_size=2000,
    )


def _publish_path(submission: Submission, edition: Edition, changes: Changes) -> None:
    lines = list(submission.milestone_lines.all())
    if not lines:
        return
    measure = submission.measure_id
    among = Milestone.objects.filter(measure=measure)
    path = path_with(list(among.current()), lines, measure)
    published = publish(edition, path, key=("measure_id", "kind", "due_on"), among=among)
    changes.new += published.new
    changes.changed += published.changed
    changes.ended += published.ended


def path_with(current: list[Milestone], lines: list[MilestoneLine], measure: str) -> list[Milestone]:
    """The path as it would be."""
    path = {point.place: point for point in current}
    for line in lines:
        path.pop(line.place, None)
    for line in lines:
        if not line.ends:
            path[line.place] = Milestone(measure_id=measure, **{name: getattr(line, name) for name in POINT})
    return sorted(path.values(), key=lambda point: (point.due_on, point.kind))


def _publish_wording(submission: Submission, edition: Edition, changes: Changes) -> None:
    if not submission.wording:
        return
    among = MeasureVersion.objects.filter(measure=submission.measure_id)
    row = reworded(among.current().get(), submission.wording)
    published = publish(edition, [row], key=("measure_id",), among=among, complete=False)
    changes.changed += published.changed
