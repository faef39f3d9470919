"""One value, typed in: checked as it is typed, kept as a draft, shown as the public would see it, handed in."""

from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from luton2040.caching import is_fragment
from luton2040.desk.access import desk_page
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from outcomes import charts, drafts, officers, preview, sentences, submissions
from outcomes import formatting as words
from outcomes.desk.addresses import correction_of
from outcomes.desk.drafting import Work, own_report
from outcomes.desk.forms import CorrectionForm, EntryForm, FigureForm, correction_initial, entry_initial, is_answered
from outcomes.desk.home import Task, tasks
from outcomes.models import MeasureVersion, Observation, Revision, Submission
from outcomes.report import OutcomeReport

HAND_IN, HAND_IN_AND_NEXT = "hand-in", "next"
MOVED = "This value was corrected meanwhile. What you typed is kept: load the page again to go on with the newer value."
SHOWN_IN_FULL = ("In a sentence", "Why")
PREVIEWS = {"wide": (600, 380), "narrow": (340, 300)}


class Sheet:
    """What is being filled in, and all that its page shows."""

    def __init__(self, request, report: OutcomeReport, work: Work, published: Observation | None = None):
        self.request, self.report, self.work = request, report, work
        self.published = published  # that is to be corrected
        self.refused = ""  # why it was not kept or not handed in
        self.is_conflict = False
        # Faults of what is not there yet are told once somebody asks, not while they type.
        self.is_asked = work.step not in ("", "save")

    @property
    def template(self) -> str:
        return "desk/enter.html" if self.published is None else "desk/correct.html"

    @property
    def measure(self) -> MeasureVersion:
        return self.report.measure

    @property
    def code(self) -> str:
        """As in addresses."""
        return self.measure.measure_id.lower()

    @property
    def place(self) -> str:
        """Of the value to be corrected, where that is not the home area."""
        area = self.published.area_id
        return "" if area == self.report.vision.home_area else self.report.areas[area].name

    @cached_property
    def tasks(self) -> list[Task]:
        return tasks(self.request, officers.own_measures(self.request.user))

    @property
    def own_task(self) -> Task:
        return next(task for task in self.tasks if task.code == self.code)

    @cached_property
    def next_task(self) -> Task | None:
        """What to go on with once this is handed in: this measure's next period, or the next measure on the list."""
        if self.published is not None:
            return None
        place = self.tasks.index(self.own_task)
        here = self.tasks[place : place + 1] if self.own_task.due.behind > 1 else []
        return next((t for t in [*here, *self.tasks[place + 1 :], *self.tasks[:place]] if t.due.is_pressing), None)

    def make_form(self) -> FigureForm:
        report, today, typed = self.report, self.request.today, self.work.typed()
        options = {"report": report, "today": today, "typing": not self.is_asked}
        if self.published is not None:
            initial = correction_initial(self.published)
            return CorrectionForm(typed, published=self.published, initial=initial, **options)
        initial = {} if typed else entry_initial(report, self.own_task.due.period)
        return EntryForm(typed, initial=initial, **options)

    def saved_elsewhere(self, form: FigureForm) -> list[tuple[str, str]]:
        """What another window has saved otherwise than it stands here."""
        kept = self.work.draft.typed if self.work.draft else {}
        return [
            (field.label, ", ".join(kept[field.name]) or "nothing")
            for field in form.visible_fields()
            if field.name in kept and kept[field.name] != self.request.POST.getlist(field.name)
        ]


@desk_page(Act.ENTER_VALUES)
def enter(request, code):
    report = own_report(request, code)
    work = Work.on(request, kind=Submission.Kind.VALUES, measure=report.measure.measure)
    return answer(Sheet(request, report, work))


@desk_page(Act.ENTER_VALUES)
def correct(request, code, pk):
    report = own_report(request, code)
    published = Observation.objects.filter(pk=pk, measure=report.measure.measure_id).select_related("first_edition")
    published = published.first()
    if published is None:
        raise Http404("There is no such value of this measure. The page of the measure lists those that there are.")
    kind, topic = Submission.Kind.CORRECTION, correction_of(published)
    work = Work.on(request, kind=kind, measure=report.measure.measure, topic=topic)
    if published.last_edition_id is not None:
        return _superseded(request, report, work, published)
    return answer(Sheet(request, report, work, published))


def _superseded(request, report: OutcomeReport, work: Work, published: Observation) -> HttpResponse:
    """What was typed about a value that is no longer current is kept: the form of the newer value shows it."""
    refused = ""
    if request.method == "POST":
        try:
            work.keep()
        except ChangedMeanwhile as error:
            refused = str(error)
    newer = Observation.objects.current().of_area(published.area_id).filter(measure=published.measure_id)
    newer = newer.filter(period_start=published.period_start, period_duration=published.period_duration).first()
    if is_fragment(request):
        return render(request, "desk/_saved.html", {"refused": refused or MOVED}, status=409)
    context = {"report": report, "published": published, "newer": newer, "refused": refused}
    return render(request, "desk/superseded.html", context, status=200 if request.method == "GET" else 409)


# --- what was asked ---


def answer(sheet: Sheet) -> HttpResponse:
    """The page, or what it becomes once what was sent is kept."""
    work, form = sheet.work, None
    if sheet.request.method == "POST":
        try:
            work.keep()  # also before it is discarded: not what another window has saved since
            if work.step == "discard":
                return _discarded(sheet)
            form = sheet.make_form()
            if work.step == "leave":
                return _left(sheet)
            # Faults block before warnings are asked about.
            if work.step in (HAND_IN, HAND_IN_AND_NEXT) and form.is_valid() and is_answered(form, form.warned):
                return _handed_in(sheet, form)
        except ChangedMeanwhile as error:
            sheet.refused, sheet.is_conflict = str(error), True
        except NotAllowed as error:
            sheet.refused = str(error)
    return _shown(sheet, form or sheet.make_form())


def _handed_in(sheet: Sheet, form: FigureForm) -> HttpResponse:
    # Read before this one goes off the list, as the page named it.
    following = sheet.next_task if sheet.work.step == HAND_IN_AND_NEXT else None
    line, said = form.lines()[0], form.cleaned_data
    submissions.hand_in(
        sheet.work.draft,
        by=sheet.request.user,
        now=timezone.now(),
        lines=[line],
        points=form.points(),
        wording=form.wording(),
        reason=said.get("remark", ""),
        public_reason=said.get("public_reason", ""),
    )
    value = "to be withdrawn" if line.withdraws else words.amount(line.value, sheet.measure)
    what = f"{sheet.measure.name}, {words.period_name(line.period)}: {value}"
    messages.success(sheet.request, f"Handed in: {what}. It is public once somebody else has approved it.")
    return redirect("desk:enter", following.code) if following else redirect("desk:home")


def _discarded(sheet: Sheet) -> HttpResponse:
    sheet.work.discard()
    messages.success(sheet.request, f"The draft was discarded: {sheet.measure.name}. Nothing was changed.")
    return redirect("desk:home")


def _left(sheet: Sheet) -> HttpResponse:
    saved = timezone.localtime(sheet.work.draft.saved_at)
    messages.success(sheet.request, f"Draft saved at {saved:%H:%M}: {sheet.measure.name}. You find it below.")
    return redirect("desk:home")


# --- the page ---


def _shown(sheet: Sheet, form: FigureForm) -> HttpResponse:
    request, work = sheet.request, sheet.work
    form.is_valid()
    context = {"sheet": sheet, "form": form, "report": sheet.report, "work": work} | _preview(sheet, form)
    if is_fragment(request):
        return render(request, "desk/_checked.html", context, status=409 if sheet.refused else 200)
    if sheet.is_conflict:
        context["elsewhere"] = sheet.saved_elsewhere(form)
    context["others"] = drafts.others_at_work(sheet.measure.measure_id, by=request.user, now=timezone.now())
    return render(request, sheet.template, context, status=409 if sheet.refused else 200)


def _preview(sheet: Sheet, form: FigureForm) -> dict:
    """As the public would see it with this value; as they see it now while there is none that could be published."""
    before = after = sheet.report
    is_shown = bool(form.row or form.withdrawn())
    if is_shown:
        after = preview.with_values(before, [form.row] if form.row else [], withdrawn=form.withdrawn())
        after = preview.with_wording(preview.with_path(after, form.points()), form.wording())
    chart = charts.chart(after)
    drawn = {name: charts.svg(chart, width=w, height=h) for name, (w, h) in PREVIEWS.items()}
    changes = [told for told in preview.differences(before, after) if told.label not in SHOWN_IN_FULL]
    told = {"after": after, "is_shown": is_shown, "changes": changes}
    return told | drawn | {"revision": _revision(sheet, form)}


def _revision(sheet: Sheet, form: FigureForm) -> str:
    """The sentence that readers will find beside the value."""
    if sheet.published is None or not (form.row or form.withdrawn()):
        return ""
    old = sheet.published
    change = Revision(
        first_edition=Edition(issued_at=timezone.now()),
        period_start=old.period_start,
        period_duration=old.period_duration,
        was=old.value,
        value=form.row.value if form.row else None,
        reason=form.cleaned_data.get("public_reason") or "…",  # it is asked for before anything is handed in
    )
    return sentences.revision(change, sheet.measure)
