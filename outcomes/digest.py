"""What each person is reminded of: what waits for them, worked out afresh each day (see reminders.py)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from luton2040.accounts import User
from luton2040.editions import Edition
from luton2040.hold import Hold
from luton2040.roles import Role, people_with
from luton2040.vision import Vision
from outcomes import ahead, due, embargo, record, report, submissions
from outcomes import formatting as words
from outcomes.due import Due, DueState
from outcomes.models import Submission
from outcomes.progress import Worded
from outcomes.reminders import Thing

WAITED_FOR = timedelta(days=1)


class Errand(Worded):
    """Headings of a message, most pressing first, each with how its subject counts them."""

    FAILED = "failed", "Could not be published at its time", "submission not published:submissions not published"
    RETURNED = "returned", "Sent back to you", "submission sent back:submissions sent back"
    OVERDUE = "overdue", "Overdue", "value overdue:values overdue"
    DUE = "due", "Due now", "value due:values due"
    WAITING = "waiting", "Waiting for your approval", "submission to approve:submissions to approve"
    REVIEW = "review", "Reviews that boards ask for", "review asked for:reviews asked for"
    OFFER = "offer", "Pledges that wait for you", "pledge to look at:pledges to look at"


ERRANDS = {DueState.DUE: Errand.DUE, DueState.OVERDUE: Errand.OVERDUE}


def everyones(
    edition: Edition, today: date, now: datetime, more: Iterable[tuple[User, Thing]] = ()
) -> dict[User, list[Thing]]:
    """In a fixed number of queries, with what else there is; nobody who cannot sign in."""
    found: dict[User, list[Thing]] = defaultdict(list)
    for person, thing in [*_due(edition, today), *_submitted(today, now), *more]:
        if person.is_active:
            found[person].append(thing)
    headings = [errand.label for errand in Errand]
    return {person: sorted(things, key=lambda thing: headings.index(thing.heading)) for person, things in found.items()}


def _due(edition: Edition, today: date) -> Iterator[tuple[User, Thing]]:
    """Values that should be out, to the officers of their measures, unless they are handed in."""
    people = {person.pk: person for person in people_with(Role.OFFICER)}
    of_measure = defaultdict(list)
    for pk, code in User.objects.filter(pk__in=people).values_list("pk", "measures").exclude(measures=None):
        of_measure[code].append(people[pk])
    reports = [r for r in report.summaries(edition, today) if r.measure.measure_id in of_measure]
    lines = ahead.on_their_way(list(of_measure), report.vision_at(edition).home_area)
    reports = [ahead.once_published(r, lines[r.measure.measure_id]) for r in reports]
    for item in due.work(reports):
        if item.is_pressing:
            for person in of_measure[item.report.measure.measure_id]:
                yield person, _value(item)


def _value(item: Due) -> Thing:
    measure, errand = item.report.measure, ERRANDS[item.state]
    key = f"{errand.value} {measure.measure_id} {item.period.start}/{item.period.duration}"
    path = reverse("desk:enter", args=[measure.measure_id.lower()])
    return Thing(key, errand.label, f"{measure.name}. {item.sentence}", path)


def _submitted(today: date, now: datetime) -> Iterator[tuple[User, Thing]]:
    """Each submission to whoever has to do something about it. Approvers are not asked about their own."""
    state = Submission.State
    found = Submission.objects.made_by_people().filter(state__in=[state.SUBMITTED, state.SCHEDULED, state.RETURNED])
    found = list(found.select_related("proposed_by", "decided_by").order_by("proposed_at"))
    said, failures = submissions.describe_all(found), record.failures(found)
    hold, approvers = Hold.objects.on(today), list(people_with(Role.APPROVER))
    for submission in found:
        others = [person for person in approvers if person != submission.proposed_by]
        what, pk = said[submission.pk], submission.pk
        if submission.state == state.RETURNED:
            why = f"{what}. {submission.decided_by}: {words.closed(submission.decision_note)}"
            yield submission.proposed_by, _thing(Errand.RETURNED, submission, submission.decided_at, why)
        elif pk in failures:
            for person in [*others, submission.proposed_by]:
                yield person, _thing(Errand.FAILED, submission, failures[pk].at, failures[pk].what)
        elif submission.state == state.SUBMITTED and submission.proposed_at <= now - WAITED_FOR:
            since = words.day(timezone.localdate(submission.proposed_at))
            why = f"{what}. Handed in by {submission.proposed_by} on {since}."
            yield from ((person, _thing(Errand.WAITING, submission, submission.proposed_at, why)) for person in others)
        elif submissions.is_late(submission, hold, now):
            why = f"{what}. It should have been published on {embargo.in_words(submission.publish_at)}, and was not."
            yield from ((person, _thing(Errand.FAILED, submission, submission.publish_at, why)) for person in approvers)


def _thing(errand: Errand, submission: Submission, at: datetime, said: str) -> Thing:
    """What happens to it again later is another thing."""
    key = f"{errand.value} {submission.pk} {at.isoformat(timespec='seconds')}"
    return Thing(key, errand.label, said, reverse("desk:submission", args=[submission.pk]))


# --- the message ---


def subject(vision: Vision, things: Iterable[Thing]) -> str:
    """In one line, whatever the names in it hold."""
    headings = [thing.heading for thing in things]
    counts = [(errand, headings.count(errand.label)) for errand in Errand]
    said = words.listed([words.count(number, errand.rule) for errand, number in counts if number])
    return " ".join(f"{vision.name} desk: {said}".split())


def text(person: User, things: list[Thing], *, vision: Vision, site: str) -> str:
    groups = [(errand.label, [t for t in things if t.heading == errand.label]) for errand in Errand]
    context = {"person": person, "groups": [g for g in groups if g[1]], "vision": vision, "site": site}
    return render_to_string("desk/mail/reminder.txt", context)
