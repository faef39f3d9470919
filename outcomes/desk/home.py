"""What there is to do for whoever is signed in, and the measures they look after."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone

from luton2040.caching import is_fragment
from luton2040.desk.access import desk_page
from luton2040.hold import Hold
from luton2040.roles import Act, Role, may, people_with
from outcomes import ahead, choosing, due, officers, submissions
from outcomes import formatting as words
from outcomes.desk.addresses import forms_of
from outcomes.desk.forms import MeasuresForm
from outcomes.drafts import AT_WORK_FOR
from outcomes.due import Due
from outcomes.models import MeasureVersion, Submission, SubmissionLine
from outcomes.report import OutcomeReport, summaries

State = Submission.State
UNDECIDED = (State.DRAFT, State.SUBMITTED, State.SCHEDULED)


@dataclass(frozen=True)
class Task:
    """A measure, and what it waits for once what is handed in already is published."""

    report: OutcomeReport  # as published
    due: Due
    handed_in: list[SubmissionLine]
    draft: Submission | None  # of a value, by whoever reads
    others: list[Submission]  # what others have begun or handed in
    officers: list[str] = field(default_factory=list)

    @property
    def measure(self) -> MeasureVersion:
        return self.report.measure

    @property
    def code(self) -> str:
        """As in addresses."""
        return self.measure.measure_id.lower()


@desk_page(Act.OPEN_DESK)
def home(request):
    own = officers.own_measures(request.user)
    found = tasks(request, own)
    on_lines = {task.draft.pk for task in found if task.draft and task.due.is_pressing}
    todo = Todo(request.user, on_lines)
    pressing = [task for task in found if task.due.is_pressing]
    context = {
        "pressing": pressing,
        "coming": [task for task in found if task.due.state is due.DueState.EXPECTED],
        "own": own,
        "todo": todo,
        "headline": headline(pressing, todo),
    }
    return render(request, "desk/home.html", context)


def tasks(request, codes: Collection[str]) -> list[Task]:
    """Of these measures, most pressing first; in a fixed number of queries."""
    outcomes = MeasureVersion.objects.at(request.edition).filter(measure__in=codes).values_list("outcome", flat=True)
    reports = summaries(request.edition, request.today, codes=list(outcomes), vision=request.vision)
    published = {report.code: report for report in reports}
    lines, begun = ahead.on_their_way(codes, request.vision.home_area), _begun(codes, request.user)
    to_come = [ahead.once_published(report, lines[report.measure.measure_id]) for report in reports]
    return [_task(published[item.report.code], item, lines, begun, request.user) for item in due.work(to_come)]


def _task(report: OutcomeReport, item: Due, lines, begun, person) -> Task:
    code = report.measure.measure_id
    known = {one.pk: one for one in [*(line.submission for line in lines[code]), *begun[code]]}.values()
    mine = [one for one in known if one.proposed_by_id == person.pk]
    others = [one for one in known if one.proposed_by_id != person.pk]
    topic = f"{Submission.Kind.VALUES} {code}"
    draft = next((one for one in mine if one.topic == topic and one.state == State.DRAFT), None)
    return Task(report, item, lines[code], draft, others)


def _begun(codes: Collection[str], person) -> dict[str, list[Submission]]:
    """What is begun, and what is handed in of targets and definitions, by measure; of others only what is recent."""
    found = defaultdict(list)
    recent = ~Q(state=State.DRAFT) | Q(proposed_by=person) | Q(saved_at__gte=timezone.now() - AT_WORK_FOR)
    recent &= ~Q(state=State.DRAFT, saves=0)
    begun = Submission.objects.filter(recent, state__in=UNDECIDED, measure__in=codes).select_related("proposed_by")
    for submission in begun.newest_first():
        found[submission.measure_id].append(submission)
    return found


class Todo:
    """What lies with this person, and what they have handed on; drafts shown elsewhere are left out."""

    def __init__(self, person, shown: Collection[int] = ()):
        states = [*UNDECIDED, State.RETURNED]
        found = officers.visible_submissions(person).filter(state__in=states).exclude(pk__in=shown)
        found = list(found.select_related("proposed_by", "decided_by", "measure").newest_first())
        said, addresses = submissions.describe_all(found), forms_of(found)
        for submission in found:
            submission.words, submission.address = said[submission.pk], addresses[submission.pk]

        def of(state: str, *, mine: bool | None = None) -> list[Submission]:
            return [s for s in found if s.state == state and mine in (None, s.proposed_by_id == person.pk)]

        approves = may(person, Act.APPROVE)
        self.returned = of(State.RETURNED, mine=True)
        self.drafts = [draft for draft in of(State.DRAFT, mine=True) if draft.saves]
        self.to_approve = of(State.SUBMITTED, mine=False) if approves else []
        self.waiting = of(State.SUBMITTED, mine=True if approves else None)
        self.scheduled = of(State.SCHEDULED)
        if self.scheduled:
            now = timezone.now()
            hold = Hold.objects.on(timezone.localdate(now))
            for submission in self.scheduled:
                submission.is_late = submissions.is_late(submission, hold, now)


def headline(pressing: list[Task], todo: Todo) -> str:
    """3 values are due, 1 of them overdue. 1 submission was sent back to you."""
    said = []
    if pressing:
        late = sum(task.due.state is due.DueState.OVERDUE for task in pressing)
        of_them = f", {late} of them overdue" if late else ""
        if late == len(pressing):
            of_them = ", and overdue" if late == 1 else ", all of them overdue"
        said.append(f"{words.count(len(pressing), 'value is:values are')} due{of_them}.")
    if todo.to_approve:
        waits = words.count(len(todo.to_approve), "submission waits:submissions wait")
        said.append(f"{waits} for you to approve.")
    if todo.returned:
        said.append(f"{words.count(len(todo.returned), 'submission was:submissions were')} sent back to you.")
    late = sum(submission.is_late for submission in todo.scheduled)
    if late:
        said.append(f"{words.count(late, 'submission was:submissions were')} not published at their time.")
    return " ".join(said)


@desk_page(Act.OPEN_DESK)
def measures(request):
    own, visible = officers.own_measures(request.user), officers.visible_measures(request.user)
    form = MeasuresForm.of(request)
    if visible == own:
        del form.fields["whose"]
    asked = form.cleaned_data
    found = tasks(request, own if asked["whose"] == "mine" else visible)
    total = len(found)
    if asked["q"]:
        wanted = {report.code for report in choosing.matching([task.report for task in found], asked["q"])}
        found = [task for task in found if task.report.code in wanted]
    if asked["state"]:
        states = due.PRESSING if asked["state"] == "pressing" else (due.DueState(asked["state"]),)
        found = [task for task in found if task.due.state in states]
    _name_officers(found)
    context = {"form": form, "tasks": found, "total": total, "own": own}
    return render(request, "desk/_measures.html" if is_fragment(request) else "desk/measures.html", context)


def _name_officers(found: list[Task]) -> None:
    by_code = {task.measure.measure_id: task for task in found}
    links = people_with(Role.OFFICER).filter(measures__in=by_code).values_list("measures", "name", "email")
    for code, name, email in links:
        by_code[code].officers.append(name or email)
