"""What an officer has typed and not yet handed in: kept as typed, faults and all, so that nothing is lost."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from luton2040.audit import Entry
from luton2040.editions import ChangedMeanwhile
from outcomes import submissions
from outcomes.models import Measure, Submission, SubmissionLine

UNDECIDED = (Submission.State.SUBMITTED, Submission.State.SCHEDULED)
AT_WORK_FOR = timedelta(days=7)  # a draft left alone for longer is no sign that somebody is at work


def begin(*, by, topic: str, now: datetime, origin: str, kind: str, measure: Measure | None = None) -> Submission:
    """This person's draft of the topic: the one that is there, or a new one."""
    begun = Submission.objects.drafts_of(by).filter(topic=topic)
    try:
        with transaction.atomic():
            return begun.first() or Submission.objects.create(
                kind=kind, origin=origin, measure=measure, topic=topic, proposed_by=by, proposed_at=now, saved_at=now
            )
    except IntegrityError:  # begun in another window at this very moment
        return begun.get()


def save(draft: Submission, typed: Mapping, *, by, saves: int, now: datetime, **fields) -> Submission:
    """Keep what is typed, if nothing was saved since `saves` was read; `fields` say where it is from.

    Raises ChangedMeanwhile.
    """
    kept = Submission.objects.drafts_of(by).filter(pk=draft.pk, saves=saves)
    if not kept.update(typed=dict(typed), saves=saves + 1, saved_at=now, **fields):
        raise ChangedMeanwhile(
            "This draft was changed or handed in from another window since you opened it here. Nothing was "
            "overwritten. Copy what you need from this page, then load it again to see the newer one."
        )
    draft.typed, draft.saves, draft.saved_at = dict(typed), saves + 1, now
    return draft


def discard(draft: Submission, *, by) -> None:
    """For good. What was handed in once and reopened is kept, as taken back: the audit log tells of it."""
    own = Submission.objects.drafts_of(by).filter(pk=draft.pk)
    if Entry.objects.about(draft.about).exists() and own.exists():
        submissions.take_back(draft, by=by, now=timezone.now())
    else:
        own.delete()


def others_at_work(measure: str, *, by, now: datetime) -> list[Submission]:
    """What others have begun or handed in for this measure, so that two people do not do the same work unawares."""
    return [submission for submission, _ in others_at_work_on([measure], by=by, now=now)]


def others_at_work_on(measures: Collection[str], *, by, now: datetime) -> list[tuple[Submission, list[str]]]:
    """The same of several measures: what is handed in first, each with those of the measures that it is about."""
    begun = Q(state=Submission.State.DRAFT, saves__gt=0, saved_at__gte=now - AT_WORK_FOR)
    others = Submission.objects.exclude(proposed_by=by).filter(begun | Q(state__in=UNDECIDED))
    of_lines = defaultdict(set)
    for number, code in (
        SubmissionLine.objects.filter(submission__in=others).values_list("submission", "measure").distinct()
    ):
        of_lines[number].add(code)
    # Of cells that are pasted and not handed in yet there are no lines; their draft names the measures.
    others = others.annotate(pasted=F("typed__measures")).defer("typed").select_related("proposed_by").newest_first()
    found = []
    for submission in others:
        about = {submission.measure_id, *of_lines[submission.pk], *(submission.pasted or [])}.intersection(measures)
        if about:
            found.append((submission, sorted(about)))
    return sorted(found, key=lambda each: each[0].state == Submission.State.DRAFT)
