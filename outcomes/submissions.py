"""Values, targets and new series on their way to the public, and who may move them on.

draft -> submitted -> approved | scheduled | returned; scheduled -> approved when its time comes; a returned one
goes back to draft; the proposer may take back what is not decided. Publishing happens in publishing.py, in the
same transaction as the decision. Which role somebody needs is asked at the desk's door; here, whose it is.
"""

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import DataError, IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from luton2040 import audit
from luton2040.editions import ChangedMeanwhile, Changes, Edition, issuing, wait_for_issuing
from luton2040.hold import Hold
from luton2040.verbs import NotAllowed
from outcomes import embargo, publishing
from outcomes import formatting as words
from outcomes.importing import Row
from outcomes.models import Measure, MeasureVersion, MilestoneLine, Submission, SubmissionLine
from outcomes.publishing import SERIES_AND_PERIOD, compare

State, Kind = Submission.State, Submission.Kind
MOST_NAMED = 3  # measures, in a few words about many
LATE_BY = timedelta(hours=1)
WAIT_FOR_HOLD = (Kind.TARGETS, Kind.SERIES)  # values are scheduled official statistics, which go through
EDITION_KINDS = {
    Kind.VALUES: Edition.Kind.VALUES,
    Kind.CORRECTION: Edition.Kind.CORRECTION,
    Kind.TARGETS: Edition.Kind.TARGETS,
    Kind.SERIES: Edition.Kind.SERIES,
}
NO_DECISION = {"decided_at": None, "decided_by": None, "publish_at": None}
# Trying again would end the same way; any other fault may be gone the next minute.
LASTING = (ChangedMeanwhile, IntegrityError, DataError)

logger = logging.getLogger(__name__)


def already_published(checksum: str, *, origin: str) -> bool:
    """Whether the last values approved of this origin came from this file. Going back to an older one is a change."""
    approved = Submission.objects.filter(origin=origin, state=State.APPROVED)
    return approved.order_by("-decided_at", "-pk").values_list("checksum", flat=True).first() == checksum


@transaction.atomic
def propose(
    rows: Sequence[Row],
    *,
    origin: str,
    by,
    now: datetime,
    file_name: str = "",
    checksum: str = "",
    reason: str = "",
    public_reason: str = "",
) -> Submission:
    """Hand in rows without a draft before them, as files on the server are."""
    submission = Submission.objects.create(
        kind=Kind.CORRECTION if public_reason else Kind.VALUES,
        origin=origin,
        state=State.SUBMITTED,
        file_name=file_name,
        checksum=checksum,
        saved_at=now,
        proposed_at=now,
        proposed_by=by,
        # The framework is proposed within the edition that it is published in.
        base_edition=None if origin == Submission.Origin.FRAMEWORK else Edition.objects.current(),
        reason=reason,
        public_reason=public_reason,
    )
    _add_lines(submission, [SubmissionLine(**row._asdict()) for row in rows])
    _note(audit.Action.HANDED_IN, submission, by=by, now=now)
    return submission


def _add_lines(submission: Submission, lines: Sequence[SubmissionLine]) -> None:
    for line in lines:
        line.submission = submission
    SubmissionLine.objects.bulk_create(lines, batch_size=2000)


@transaction.atomic
def hand_in(
    draft: Submission,
    *,
    by,
    now: datetime,
    lines: Sequence[SubmissionLine] = (),
    points: Sequence[MilestoneLine] = (),
    wording: dict[str, str] | None = None,
    reason: str = "",
    public_reason: str = "",
) -> Submission:
    """A draft becomes a submission that waits for approval. Raises NotAllowed, ChangedMeanwhile."""
    _refuse_others(draft, by, "Only whoever began it may hand it in.")
    # Read before anything is compared with it: what is published from here on makes the submission stale.
    base = Edition.objects.current()
    _one_at_a_time(draft, lines)
    if not _as_read(draft, {State.DRAFT}).exists():
        raise _moved_on(draft)
    kind = _kind(draft, lines, points, wording, public_reason)
    _refuse_what_is_on_its_way(draft, lines, kind, by=by)
    _move(
        draft,
        {State.DRAFT},
        State.SUBMITTED,
        only=Q(saves=draft.saves),
        kind=kind,
        proposed_at=now,
        saved_at=now,
        base_edition=base,
        wording=wording or {},
        reason=reason,
        public_reason=public_reason,
        decision_note="",
    )
    _add_lines(draft, lines)
    for point in points:
        point.submission = draft
    MilestoneLine.objects.bulk_create(points)
    _note(audit.Action.HANDED_IN, draft, by=by, now=now, why=reason)
    return draft


def _one_at_a_time(draft: Submission, lines: Sequence[SubmissionLine]) -> None:
    """Else two people who hand in the same value at once would not see each other's. SQLite has one writer anyway."""
    codes = {line.measure_id for line in lines} | {draft.measure_id}
    list(Measure.objects.filter(code__in=codes - {None}).order_by("code").select_for_update(no_key=True))


def _kind(draft: Submission, lines: Sequence[SubmissionLine], points, wording, public_reason: str) -> str:
    """What it does decides, not the form that it came from: by this a pre-election hold knows what must wait.

    Raises NotAllowed where it does nothing, or does not say what it must.
    """
    written = compare([_row(line) for line in lines if not line.withdraws])
    taken = compare([_row(line) for line in lines if line.withdraws])
    revises = bool(written.changed or taken.same or taken.changed)
    if taken.new:
        raise NotAllowed("A value that is to be withdrawn is not in the public record. Leave it out.")
    if not (written.new or revises or points or wording):
        raise NotAllowed("There is nothing to hand in: the public record says all of this already.")
    if any(line.warnings and not line.reason.strip() for line in lines):
        raise NotAllowed("A value was warned of. Say why it is right, or change it.")
    kind = Kind.CORRECTION if revises else Kind.VALUES
    if wording or draft.kind == Kind.SERIES:
        kind = Kind.SERIES
    elif points:
        kind = Kind.TARGETS
    if (revises or kind == Kind.SERIES) and not public_reason.strip():
        raise NotAllowed("Say in public why the published figures change. The outcome’s page prints it.")
    return kind


def _row(line: SubmissionLine) -> Row:
    return Row(*(getattr(line, name) for name in Row._fields))


def _refuse_what_is_on_its_way(draft: Submission, lines: Sequence[SubmissionLine], kind: str, *, by) -> None:
    """The same value in two submissions would make the later approval undo the earlier unseen."""
    wanted = {tuple(getattr(line, name) for name in SERIES_AND_PERIOD) for line in lines}
    open_lines = SubmissionLine.objects.filter(
        submission__state__in=[State.SUBMITTED, State.SCHEDULED], measure__in={key[0] for key in wanted}
    ).values_list("submission", *SERIES_AND_PERIOD)
    same = next((number for number, *key in open_lines if tuple(key) in wanted), None)
    on_their_way = Submission.objects.on_their_way().select_related("proposed_by")
    other = on_their_way.filter(pk=same).first()
    if other is None and kind in WAIT_FOR_HOLD:
        other = on_their_way.filter(measure=draft.measure_id, kind__in=WAIT_FOR_HOLD).first()
    if other is not None:
        own = other.proposed_by_id == by.pk
        raise NotAllowed(
            f"{'You' if own else other.proposed_by} handed in the same on "
            f"{words.day(timezone.localdate(other.proposed_at))}, and it is {other.get_state_display().lower()} "
            f"(submission {other.pk}). {'Change that one.' if own else 'Speak to each other before you go on.'}"
        )


@transaction.atomic
def take_back(submission: Submission, *, by, now: datetime) -> Submission:
    """The proposer no longer wants it published. What was approved for a later time only an approver stops."""
    _refuse_others(submission, by, "Only whoever handed it in may take it back.")
    _move(submission, {State.DRAFT, State.SUBMITTED, State.RETURNED}, State.WITHDRAWN, saved_at=now, **NO_DECISION)
    _note(audit.Action.TAKEN_BACK, submission, by=by, now=now)
    return submission


@transaction.atomic
def send_back(submission: Submission, *, by, now: datetime, note: str) -> Submission:
    """To the proposer, with a note; also stops what was approved for a later time."""
    _refuse_own(submission, by)
    if not note.strip():
        raise NotAllowed("Say what should change, so that it can be mended.")
    decided = NO_DECISION | {"decided_at": now, "decided_by": by, "decision_note": note, "hold_reason": ""}
    _move(submission, {State.SUBMITTED, State.SCHEDULED}, State.RETURNED, **decided)
    _note(audit.Action.SENT_BACK, submission, by=by, now=now, why=note)
    return submission


@transaction.atomic
def reopen(submission: Submission, *, by, now: datetime) -> Submission:
    """What was sent back, or waits undecided, becomes a draft of its proposer again, with all that was typed."""
    _refuse_others(submission, by, "Only whoever handed it in may change it.")
    try:
        with transaction.atomic():
            _move(submission, {State.SUBMITTED, State.RETURNED}, State.DRAFT, saved_at=now, **NO_DECISION)
    except IntegrityError:  # one_draft_of_a_topic_a_person
        refusal = "You have begun a newer draft of the same. Hand that in, or discard it first."
        raise NotAllowed(refusal) from None
    submission.lines.all().delete()
    submission.milestone_lines.all().delete()
    _note(audit.Action.REOPENED, submission, by=by, now=now)
    return submission


def approve(
    submission: Submission,
    *,
    by,
    now: datetime,
    summary: str,
    edition: Edition | None = None,
    publish_at: datetime | None = None,
    hold_reason: str = "",
) -> Changes:
    """Publish now, in an edition of its own unless one is being issued, or at a time to come.

    Raises NotAllowed, ChangedMeanwhile.
    """
    if by is None and submission.origin != Submission.Origin.FRAMEWORK:
        raise NotAllowed("A person must approve values. Sign in and try again.")
    _refuse_own(submission, by)
    decided = {"decided_at": now, "decided_by": by, "decision_note": ""}
    if edition is not None:
        return _publish(submission, edition, State.SUBMITTED, by=by, now=now, **decided)
    # Times of one zone compare by the clock on the wall, which goes back once a year.
    if publish_at is not None and publish_at.timestamp() <= now.timestamp():
        raise NotAllowed("The time to publish has passed already. Choose one to come, or publish now.")
    with transaction.atomic():
        wait_for_issuing()
        exception = _mind_the_hold(submission, on=publish_at or now, by=by, now=now, reason=hold_reason)
        decided |= {"summary": summary, "hold_reason": exception}
        if publish_at is not None:
            _move(submission, {State.SUBMITTED}, State.SCHEDULED, publish_at=publish_at, **decided)
            _note(audit.Action.SCHEDULED, submission, by=by, now=now, why=f"For {embargo.in_words(publish_at)}.")
            return Changes()
        with issuing(kind=EDITION_KINDS[submission.kind], summary=summary, by=by) as own:
            return _publish(submission, own, State.SUBMITTED, by=by, now=now, **decided)


def _refuse_others(submission: Submission, by, refusal: str) -> None:
    if by.pk != submission.proposed_by_id:
        raise NotAllowed(refusal)


def _refuse_own(submission: Submission, by) -> None:
    if by is not None and by.pk == submission.proposed_by_id:
        raise NotAllowed("You proposed these values, so somebody else must approve them.")


def must_wait(submission: Submission, hold: Hold | None, reason: str) -> bool:
    return hold is not None and submission.kind in WAIT_FOR_HOLD and not reason.strip()


def is_late(submission: Submission, hold: Hold | None, now: datetime) -> bool:
    """Where publishing does not run, nobody else would say so."""
    if submission.state != State.SCHEDULED or submission.publish_at > now - LATE_BY:
        return False
    return not must_wait(submission, hold, submission.hold_reason)


def _mind_the_hold(submission: Submission, *, on: datetime, by, now: datetime, reason: str) -> str:
    """The reason for an exception, if one is needed; noted once. Raises NotAllowed."""
    hold = Hold.objects.on(timezone.localdate(on))
    if hold is None:
        return ""
    if must_wait(submission, hold, reason):
        raise NotAllowed(
            f"A pre-election hold is on until {words.day(hold.ends_on)}: targets and definitions wait. "
            "Publish after it, or give the reason for an exception."
        )
    noted = audit.Entry.objects.about(submission.about).of_action(audit.Action.HOLD_EXCEPTION)
    if submission.state != State.SCHEDULED or not noted.filter(at=submission.decided_at).exists():
        why = reason.strip() or "Scheduled official statistics go through."
        _note(audit.Action.HOLD_EXCEPTION, submission, by=by, now=now, why=why)
    return reason.strip()


def _publish(submission: Submission, edition: Edition, was: str, *, by, now: datetime, **decided) -> Changes:
    _move(submission, {was}, State.APPROVED, **decided)
    changes = publishing.publish_submission(submission, edition)
    why = "The public record said all of this already."
    if changes:
        why = f"As edition {edition.number}."
        Submission.objects.filter(pk=submission.pk).update(edition=edition)
        submission.edition = edition
    _note(audit.Action.PUBLISHED, submission, by=by, now=now, why=why)
    return changes


class Issued(NamedTuple):
    """What became of a submission whose time had come."""

    submission: Submission
    said: str
    failed: bool = False


def publish_due(now: datetime) -> list[Issued]:
    """Issue what was approved for a time that has come, each in a transaction and edition of its own.

    May be run again, and twice at once: what another run has published is left.
    """
    done = []
    for submission in Submission.objects.due(now).select_related("decided_by"):
        try:
            done.append(_issue(submission, now=now))
        except Exception as error:  # whatever is wrong with one, the others go out on time
            logger.exception("Submission %s could not be published", submission.pk)
            done.append(Issued(submission, f"not published, will be tried again: {error}", failed=True))
    return [issued for issued in done if issued]


def _issue(submission: Submission, *, now: datetime) -> Issued | None:
    """None where somebody else has moved it on meanwhile."""
    hold = Hold.objects.on(timezone.localdate(now))
    if must_wait(submission, hold, submission.hold_reason):
        return Issued(submission, f"waits for the end of the pre-election hold on {words.day(hold.ends_on)}")
    approver = submission.decided_by
    try:
        with issuing(kind=EDITION_KINDS[submission.kind], summary=submission.summary, by=approver) as edition:
            _mind_the_hold(submission, on=now, by=approver, now=now, reason=submission.hold_reason)
            _publish(submission, edition, State.SCHEDULED, by=None, now=now)
    except LASTING as error:
        return _stop(submission, now=now, why=str(error))
    return Issued(submission, f"published as edition {edition.number}" if submission.edition else "nothing was new")


@transaction.atomic
def _stop(submission: Submission, *, now: datetime, why: str) -> Issued | None:
    """Back to the approvers, who see why; a time that has passed is not kept."""
    try:
        _move(submission, {State.SCHEDULED}, State.SUBMITTED, decision_note=why, **NO_DECISION)
    except ChangedMeanwhile:
        return None
    _note(audit.Action.PUBLISHING_FAILED, submission, by=None, now=now, why=why)
    return Issued(submission, f"not published: {why}", failed=True)


def _move(submission: Submission, states: Collection[str], to: str, *, only: Q | None = None, **fields) -> None:
    """Compare-and-set: moves it only if it is still as handed in, and in one of the states. Raises ChangedMeanwhile."""
    if not _as_read(submission, states).filter(only or Q()).update(state=to, **fields):
        raise _moved_on(submission)
    for name, value in {"state": to, **fields}.items():
        setattr(submission, name, value)


def _as_read(submission: Submission, states: Collection[str]):
    return Submission.objects.filter(pk=submission.pk, proposed_at=submission.proposed_at, state__in=states)


def _moved_on(submission: Submission) -> ChangedMeanwhile:
    newest = Submission.objects.filter(pk=submission.pk).first()
    now_is = f" It is now: {newest.get_state_display().lower()}." if newest else ""
    return ChangedMeanwhile(f"Somebody has moved or changed this submission meanwhile.{now_is} Load the page again.")


def describe(submission: Submission) -> str:
    """What is in it, in a few words, for lists, subjects and the public log."""
    return describe_all([submission])[submission.pk]


def describe_all(found: Collection[Submission]) -> dict[int, str]:
    """The same of many, by their keys, in two queries."""
    counts: dict[int, Counter] = {submission.pk: Counter() for submission in found}
    withdrawn: Counter = Counter()
    lines = SubmissionLine.objects.filter(submission__in=counts).order_by().values_list("submission", "measure")
    for pk, measure, count, taken in lines.annotate(count=Count("pk"), taken=Count("pk", filter=Q(withdraws=True))):
        counts[pk][measure] = count
        withdrawn[pk] += taken
    measures = {s.measure_id for s in found}.union(*counts.values())
    names = dict(MeasureVersion.objects.current().filter(measure__in=measures).values_list("measure", "name"))
    return {s.pk: _description(s, counts[s.pk], withdrawn[s.pk], names) for s in found}


def _description(submission: Submission, counts: Counter, withdrawn: int, names: dict[str, str]) -> str:
    known = sorted(names[code] for code in set(counts) or {submission.measure_id} if code in names)
    of = words.listed(known) if 1 <= len(known) <= MOST_NAMED else words.count(len(counts), "measure")
    match submission.kind:
        case Kind.TARGETS:
            return f"Targets and milestones: {of}"
        case Kind.SERIES:
            return f"New series: {of}"
    what = "value"
    if submission.kind == Kind.CORRECTION:
        what = "new or corrected value" if counts.total() > 1 else "corrected value"
    if not counts:  # a draft, whose values are still as they were typed
        return f"{what.capitalize()}: {of}" if known else "Pasted or uploaded values"
    if withdrawn == counts.total():
        what = "withdrawn value"
    return f"{words.count(counts.total(), what)}: {of}"


def _note(action: str, submission: Submission, *, by, now: datetime, why: str = "") -> None:
    what = f"{describe(submission)}. {why}".strip()
    audit.record(action, what=what, by=by, about=submission.about, now=now)
