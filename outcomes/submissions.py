"""Values on their way to the public, and who may move them on.

draft -> submitted -> approved | returned; a draft or a submitted one may be withdrawn. Approving publishes the lines
in an edition, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from luton2040.editions import ChangedMeanwhile, Changes, Edition, issuing, publish
from outcomes.importing import Row
from outcomes.models import Observation, Submission, SubmissionLine

SERIES_AND_PERIOD = ("measure_id", "area_id", "period_start", "period_duration")


class NotAllowed(Exception):
    """The move is against the rules; the message says which, in words for the person who tried."""


@dataclass(frozen=True)
class Difference:
    """What publishing rows would do, against the current record."""

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


def already_published(checksum: str, *, origin: str) -> bool:
    """Whether the last values approved of this origin came from this file. Going back to an older one is a change."""
    approved = Submission.objects.filter(origin=origin, state=Submission.State.APPROVED)
    return approved.order_by("-decided_at", "-pk").values_list("checksum", flat=True).first() == checksum


@transaction.atomic
def propose(
    rows: Sequence[Row], *, origin: str, by, now: datetime, file_name: str = "", checksum: str = "", reason: str = ""
) -> Submission:
    submission = Submission.objects.create(
        origin=origin,
        state=Submission.State.SUBMITTED,
        file_name=file_name,
        checksum=checksum,
        proposed_at=now,
        proposed_by=by,
        reason=reason,
    )
    SubmissionLine.objects.bulk_create(
        (SubmissionLine(submission=submission, **row._asdict()) for row in rows), batch_size=2000
    )
    return submission


def approve(submission: Submission, *, by, now: datetime, summary: str, edition: Edition | None = None) -> Changes:
    """Publish the lines, in an edition of their own unless one is being issued. Raises NotAllowed, ChangedMeanwhile."""
    if by is None and submission.origin != Submission.Origin.FRAMEWORK:
        raise NotAllowed("A person must approve values. Sign in and try again.")
    if by is not None and by.pk == submission.proposed_by_id:
        raise NotAllowed("You proposed these values, so somebody else must approve them.")
    if edition is None:
        with issuing(kind=Edition.Kind.VALUES, summary=summary, by=by) as own:
            return _publish_lines(submission, own, by=by, now=now)
    return _publish_lines(submission, edition, by=by, now=now)


def _publish_lines(submission: Submission, edition: Edition, *, by, now: datetime) -> Changes:
    moved = Submission.objects.filter(pk=submission.pk, state=Submission.State.SUBMITTED).update(
        state=Submission.State.APPROVED, decided_at=now, decided_by=by
    )
    if not moved:
        raise ChangedMeanwhile("These values are no longer waiting for approval. Load the page again to see why.")
    fields = [name for name in Row._fields if name != "row"]
    wanted = [
        Observation(submission=submission, **dict(zip(fields, line, strict=True)))
        for line in submission.lines.order_by("row").values_list(*fields)
    ]
    measures = {o.measure_id for o in wanted}
    return publish(
        edition,
        wanted,
        key=SERIES_AND_PERIOD,
        among=Observation.objects.filter(measure__in=measures),
        complete=False,
    )
