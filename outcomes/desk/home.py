"""What there is to do for whoever is signed in, and the measures they look after."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.shortcuts import render
from django.utils import timezone

from boards.desk.asked import asked_of
from luton2040.caching import is_fragment
from luton2040.desk.access import desk_page
from luton2040.hold import Hold
from luton2040.roles import Act, Role, may, people_with
from outcomes import ahead, choosing, drafts, due, officers, submissions
from outcomes import formatting as words
from outcomes.desk.addresses import forms_of
from outcomes.desk.forms import MeasuresForm
from outcomes.due import Due
from outcomes.models import MeasureVersion, Submission, SubmissionLine
from outcomes.report import OutcomeReport, summaries
from pledges.desk.waiting import waiting_for

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
    reviews = asked_of(request.user, request.edition, request.today)
    offers = waiting_for(request.user)
    pressing = [task for task in found if task.due.is_pressing]
    context = {
        "pressing": pressing,
        "coming": [task for task in found if task.due.state is due.DueState.EXPECTED],
        "own": own,
        "todo": todo,
        "reviews": reviews,
        "offers": offers,
        "headline": headline(pressing, todo, sum(len(asked.lines) for asked in reviews), len(offers)),
    }
    return render(request, "desk/home.html", context)


def tasks(request, codes: Collection[str]) -> list[Task]:
    """Of these measures, most pressing first; in a fixed number of queries."""
    outcomes = MeasureVersion.objects.at(request.edition).filter(measure__in=codes).values_list("outcome", flat=True)
    reports = summaries(request.edition, request.today, codes=list(outcomes), vision=request.vision)
    published = {report.code: report for report in reports}
    lines = ahead.on_their_way(codes, request.vision.home_area)
    topics = {f"{Submission.Kind.VALUES} {code}": code for code in codes}
    own = Submission.objects.drafts_of(request.user).filter(topic__in=topics, saves__gt=0)
    begun = {topics[draft.topic]: draft for draft in own}
    others = defaultdict(list)
    for submission, about in drafts.others_at_work_on(codes, by=request.user, now=timezone.now()):
        for code in about:
            others[code].append(submission)
    to_come = [ahead.once_published(report, lines[report.measure.measure_id]) for report in reports]
    return [
        Task(published[item.report.code], item, lines[code], begun.get(code), others[code])
        for item in due.work(to_come)
        for code in [item.report.measure.measure_id]
    ]


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


def headline(pressing: list[Task], todo: Todo, reviews: int = 0, offers: int = 0) -> str:
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
    if reviews:
        said.append(f"{words.count(reviews, 'review is:reviews are')} asked for by boards.")
    if offers:
        said.append(f"{words.count(offers, 'offer of a partner waits:offers of partners wait')} for you.")
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
