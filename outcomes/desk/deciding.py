"""Submissions: the list of them, what one would change, and the decision of the second pair of eyes."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from luton2040.accounts import User
from luton2040.desk.access import desk_page, forbid
from luton2040.desk.records import exported
from luton2040.editions import ChangedMeanwhile
from luton2040.hold import Hold
from luton2040.roles import Act, may, refusal
from luton2040.verbs import NotAllowed
from outcomes import charts, comparing, embargo, officers, publishing, record
from outcomes import submissions as moves
from outcomes.desk.addresses import form_of
from outcomes.desk.decision_forms import DecisionForm, LinesForm, NoteForm, SubmissionsForm
from outcomes.downloads import csv_of
from outcomes.models import MeasureVersion, Submission

State = Submission.State
UNDECIDED = (State.SUBMITTED, State.SCHEDULED)
FEW = 3  # outcomes whose charts are shown at once
SENTENCES = 12  # of revisions, as the outcome's page prints them
A_PAGE = 30
LINES_A_PAGE = 40
OWN = "You handed this in, so somebody else must decide on it."
NOT_YOURS = "This submission is about measures that are not yours. An administrator can make them yours."
NOT_HANDED_IN = "This is somebody else’s draft. It has not been handed in, so nobody else sees it yet."
NOT_THE_PROPOSER = "Only whoever handed it in may take it back or change it."
MOVED = (
    "Since you opened this page, figures of the same measure were published, so it no longer showed what the public "
    "would see. It does now. Look at it again, then decide."
)


# --- the list ---


@desk_page(Act.OPEN_DESK)
def submissions(request):
    visible = officers.visible_submissions(request.user)
    form = SubmissionsForm.of(request, person=_people(visible), measure=_measures(request))
    asked, found = form.cleaned_data, visible
    if asked["person"]:
        found = found.filter(proposed_by=asked["person"])
    if asked["measure"]:
        found = found.of_measure(asked["measure"])
    counts = Counter(found.values_list("state", flat=True))
    if asked["state"]:
        found = found.filter(state=asked["state"])
    page = Paginator(found.waiting_first().select_related("proposed_by", "decided_by"), A_PAGE).get_page(
        request.GET.get("page")
    )
    said = moves.describe_all(page.object_list)
    context = {"form": form, "page": page, "found": [(each, said[each.pk]) for each in page]}
    context["tabs"] = [(state, state.label, counts[state]) for state in State if counts[state]]
    context["total"] = sum(counts.values())
    return render(request, "desk/submissions.html", context)


def _people(visible) -> list[tuple]:
    found = User.objects.filter(proposed_submissions__in=visible).distinct().order_by("name", "email")
    return [(str(person.pk), str(person)) for person in found]


def _measures(request) -> list[tuple]:
    codes = officers.visible_measures(request.user)
    versions = MeasureVersion.objects.current().filter(measure__in=codes).order_by("measure")
    return [(m.measure_id, f"{m.measure_id}: {m.name}") for m in versions]


# --- one submission ---


def _readable(request, pk: int) -> Submission:
    people = ("proposed_by", "decided_by", "edition", "base_edition")
    found = Submission.objects.made_by_people().select_related(*people).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such submission. A draft that was discarded is gone.")
    if not officers.may_see(request.user, found):
        forbid(request, NOT_HANDED_IN if found.state == State.DRAFT else NOT_YOURS)
    return found


@desk_page(Act.OPEN_DESK)
def submission(request, pk):
    return _page(request, _readable(request, pk))


def _page(request, shown: Submission, *, decision=None, note=None, problem="", status=200) -> HttpResponse:
    found = comparing.comparison(shown, request.vision.home_area)
    context = {"submission": shown, "found": found} | _lines(request, found) | _about(request, shown, found)
    if context["may_decide"]:
        context |= _decision(request, shown, decision, note)
    context |= {"problem": problem, "log": record.log_of_submission(shown)}
    return render(request, "desk/submission.html", context, status=status)


def _lines(request, found: comparing.Comparison) -> dict:
    """The lines asked for, a page of them at a time."""
    measures = [(code, f"{code}: {m.name}") for code, m in sorted(found.measures.items())]
    form = LinesForm.of(request, measure=measures)
    of_measure = [line for line in found.lines if form.cleaned_data["measure"] in ("", line.line.measure_id)]
    groups = comparing.groups(of_measure)
    show = form.cleaned_data["show"]
    chosen = groups.get(comparing.Group(show), []) if show else of_measure
    page = Paginator(chosen, LINES_A_PAGE).get_page(request.GET.get("page"))
    tabs = [("", "All", len(of_measure))] + [(g.value, g.label, len(lines)) for g, lines in groups.items()]
    return {"lines": page, "tabs": tabs, "show": show, "measure": found.measures.get(form.cleaned_data["measure"])}


def _about(request, shown: Submission, found: comparing.Comparison) -> dict:
    user, is_own = request.user, shown.proposed_by_id == request.user.pk
    is_open = shown.state in (*UNDECIDED, State.RETURNED)
    is_stale = is_open and publishing.is_stale(shown)
    held = f"In edition {comparing.compared_with(shown)}"
    return {
        "title": moves.describe(shown),
        "was_heading": "Published now" if is_open and not is_stale else held,
        "revisions": found.revisions(shown.public_reason)[:SENTENCES],
        "measure_of_path": found.measures.get(shown.measure_id),
        "is_own": is_own,
        "is_stale": is_stale,
        "may_decide": shown.state in UNDECIDED and not is_own and may(user, Act.APPROVE),
        "may_change": is_own and bool(shown.topic) and may(user, Act.ENTER_VALUES),
        "form_address": form_of(shown) if shown.state == State.DRAFT else "",
        "failure": record.failures([shown]).get(shown.pk),
        "previews": _previews(request, shown, found) if is_open else [],
        "few": FEW,
        "hold": Hold.objects.not_over(request.today).order_by("starts_on").first() if is_open else None,
        "waits_for_hold": shown.kind in moves.WAIT_FOR_HOLD,
        "publish_at": shown.publish_at and embargo.in_words(shown.publish_at),
    }


def _previews(request, shown: Submission, found: comparing.Comparison) -> list[dict]:
    """Charts only where there is room for them: of many outcomes each is a click away."""
    previews = comparing.previews(shown, found, request.edition, request.today, request.vision)
    asked = request.GET.get("measure")
    if asked:
        previews = [p for p in previews if p.before.measure.measure_id == asked]
    return [
        {"told": p, "charts": [_drawn(p.before), _drawn(p.after)] if len(previews) <= FEW else []} for p in previews
    ]


def _drawn(report) -> dict:
    chart = charts.chart(report)
    return {"wide": charts.svg(chart, width=560, height=360), "narrow": charts.svg(chart, width=340, height=300)}


def _decision(request, shown: Submission, decision, note) -> dict:
    typed = (request.kept or {}) if decision is note is None else {}
    initial = {"summary": moves.describe(shown)[:300], "when": "now"} | dict(typed.items())
    return {
        "decision": decision or DecisionForm(initial=initial, submission=shown, today=request.today),
        "note": note or NoteForm(initial=dict(typed.items())),
        "seen": _seen(request, shown),
    }


# --- deciding: what the approver saw is what is published, or nothing ---


def _seen(request, shown: Submission) -> str:
    """What a page shows: the record's edition, and the submission as it is."""
    return f"{request.edition.number} {_as_it_is(shown)}"


def _as_it_is(shown: Submission) -> str:
    return f"{shown.state} {shown.proposed_at.isoformat()} {shown.saved_at.isoformat()}"


def _refuse_another(request, shown: Submission) -> int:
    """The edition that the sender saw. Raises ChangedMeanwhile where the submission is not what was seen."""
    number, _, as_it_was = request.POST.get("seen", "").partition(" ")
    if as_it_was != _as_it_is(shown) or not number.isdecimal() or len(number) > 8:
        raise ChangedMeanwhile(
            f"This submission was changed or decided on since you opened the page. It is now: "
            f"{shown.get_state_display().lower()}. The page shows it as it is; look at it again."
        )
    return min(int(number), request.edition.number)


@desk_page(Act.APPROVE)
def decide(request, pk):
    if request.method != "POST":
        return redirect("desk:submission", pk)
    shown = _readable(request, pk)
    if shown.proposed_by_id == request.user.pk:
        forbid(request, OWN)
    form = NoteForm(request.POST) if request.POST.get("do") == "send-back" else None
    decision = None if form else DecisionForm(request.POST, submission=shown, today=request.today)
    try:
        edition = _refuse_another(request, shown)
        if request.POST.get("step") == "back" or not (form or decision).is_valid():
            return _page(request, shown, decision=decision, note=form)
        if form:
            return _send_back(request, shown, form)
        return _publish(request, shown, decision, edition)
    except (NotAllowed, ChangedMeanwhile) as error:
        return _page(request, _readable(request, pk), decision=decision, note=form, problem=str(error), status=409)


def _send_back(request, shown: Submission, form: NoteForm) -> HttpResponse:
    moves.send_back(shown, by=request.user, now=timezone.now(), note=form.cleaned_data["note"])
    messages.success(request, f"Sent back to {shown.proposed_by} with your note. Nothing was published.")
    return redirect("desk:submission", shown.pk)


def _publish(request, shown: Submission, decision: DecisionForm, edition: int) -> HttpResponse:
    """First what will happen; only from that page, when it is sent, it does."""
    if shown.state != State.SUBMITTED:
        raise NotAllowed(f"It is {shown.get_state_display().lower()}, and no longer waits for a decision.")
    found = comparing.comparison(shown, request.vision.home_area)
    if comparing.has_moved(found, edition):
        raise ChangedMeanwhile(MOVED)
    if request.POST.get("step") != "publish":
        return _what_will_happen(request, shown, decision, found)
    said = {name: decision.cleaned_data[name] for name in ("summary", "publish_at", "hold_reason")}
    with transaction.atomic():
        moves.approve(shown, by=request.user, now=timezone.now(), **said)
        # Asked once more behind the lock that editions are issued under: nobody can have come between.
        if comparing.has_moved(found, edition, but=shown.edition_id):
            raise ChangedMeanwhile(MOVED)
    messages.success(request, _done(shown))
    return redirect("desk:submission", shown.pk)


def _what_will_happen(request, shown: Submission, decision: DecisionForm, found: comparing.Comparison) -> HttpResponse:
    at = decision.cleaned_data["publish_at"]
    previews = comparing.previews(shown, found, request.edition, request.today, request.vision)
    context = {
        "submission": shown,
        "title": moves.describe(shown),
        "decision": decision,
        "seen": request.POST["seen"],
        "found": found,
        "number": request.edition.number + 1,
        "publish_at": at,
        "at_in_words": at and embargo.in_words(at),
        "statuses": [p for p in previews if p.before.status is not p.after.status],
        "hold": Hold.objects.on(timezone.localdate(at) if at else request.today),
        "waits_for_hold": shown.kind in moves.WAIT_FOR_HOLD,
    }
    return render(request, "desk/publish.html", context)


def _done(shown: Submission) -> str:
    if shown.state == State.SCHEDULED:
        return f"Approved. It will be published on {embargo.in_words(shown.publish_at)}."
    if shown.edition_id is None:
        return "Approved. The public record said all of this already, so no edition was issued."
    return f"Published as edition {shown.edition_id}. It is on the public site now."


# --- the proposer's own moves ---


@desk_page(Act.OPEN_DESK)
def move(request, pk):
    if request.method != "POST":
        return redirect("desk:submission", pk)
    shown = _readable(request, pk)
    if shown.proposed_by_id != request.user.pk:
        forbid(request, NOT_THE_PROPOSER)
    if request.POST.get("do") == "change" and not may(request.user, Act.ENTER_VALUES):
        forbid(request, refusal(Act.ENTER_VALUES))
    try:
        if request.POST.get("do") == "change":
            moves.reopen(shown, by=request.user, now=timezone.now())
            messages.success(request, "It is a draft again, with all that you typed. Hand it in when it is right.")
            return redirect(form_of(shown))
        moves.take_back(shown, by=request.user, now=timezone.now())
    except (NotAllowed, ChangedMeanwhile) as error:
        return _page(request, _readable(request, pk), problem=str(error), status=409)
    messages.success(request, "Taken back. It will not be published, and stays in the record as taken back.")
    return redirect("desk:submission", pk)


@desk_page(Act.OPEN_DESK)
def history_csv(request, pk):
    shown = _readable(request, pk)
    found = comparing.comparison(shown, request.vision.home_area)
    table = record.submission_table(shown, found, record.log_of_submission(shown))
    return exported(request, csv_of(table), f"submission-{pk}-history.csv", about=shown.about)
