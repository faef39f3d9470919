"""What a board has agreed that somebody will do: recorded, changed, closed and reopened by its clerks."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.utils import timezone

from boards import actions as rules
from boards import seats
from boards.desk.access import own_board
from boards.desk.forms import ActionForm, CloseForm
from boards.desk.home import labels
from boards.models import BoardAction, BoardVersion, Meeting
from boards.remit import remit_of
from luton2040.desk.access import desk_page, forbid
from luton2040.editions import ChangedMeanwhile
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from outcomes import formatting as words
from outcomes.report import summaries
from pledges.models import OrganisationVersion


@desk_page(Act.PREPARE_MEETINGS)
def new_action(request, slug):
    board = own_board(request, slug, as_clerk=True)
    agreed_at = request.GET.get("meeting") or _last(board, request.today)
    form = _form(request, board, request.POST or request.kept, initial={"meeting": agreed_at})
    if request.method == "POST" and form.is_valid():
        try:
            rules.record(slug, **form.cleaned_data, by=request.user, now=timezone.now())
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The action is recorded.")
            return redirect("board_desk:board", slug)
    context = {"board": board, "form": form, "organisations": _organisations(request)}
    return render(request, "desk/boards/action_new.html", context)


def _last(board: BoardVersion, today: date) -> str:
    """The meeting that was held last, where actions are usually agreed."""
    held = Meeting.objects.filter(board=board.board_id, held_on__lte=today).newest_first().first()
    return str(held.pk) if held else ""


def _form(request: HttpRequest, board: BoardVersion, sent, **options) -> ActionForm:
    reports = summaries(request.edition, request.today, vision=request.vision)
    own = remit_of(board, request.edition).outcomes(reports)
    chosen = (options.get("initial") or {}).get("outcome")
    listed = [report for report in reports if report in own or report.code == chosen]
    labels = [(report.code, report.outcome.short_label) for report in listed]
    meetings = list(Meeting.objects.filter(board=board.board_id).newest_first())
    return ActionForm(sent, outcomes=labels, meetings=meetings, today=request.today, **options)


def _organisations(request: HttpRequest) -> QuerySet:
    """That the record knows, to choose from; any other may be typed."""
    return OrganisationVersion.objects.at(request.edition).order_by("name").values_list("name", flat=True)


@desk_page(Act.TAKE_PART)
def action(request, slug, pk):
    """Several forms on one page; `act` says which was sent. Members read it."""
    board = own_board(request, slug)
    shown = BoardAction.objects.filter(pk=pk, board=slug).select_related("meeting", "recorded_by").first()
    if shown is None:
        raise Http404(f"{board.name} has no such action. Its page lists those that there are.")
    is_clerk = seats.is_clerk_of(request.user, slug)
    if request.method == "POST" and not is_clerk:
        forbid(request, f"Only a clerk of {board.name} may do this. You sit on it as a member.")
    sent = request.POST or request.kept or {}
    act, problems, saves = sent.get("act", ""), [], shown.saves
    forms = _forms(request, board, shown, sent, act)
    if request.method == "POST":
        if act not in ACTS:
            raise BadRequest("This page has no such button. Go back and load it again.")
        saves = _number(sent.get("saves", ""))
        try:
            said = ACTS[act](shown, forms.get(act), saves=saves, by=request.user)
        except (NotAllowed, ChangedMeanwhile) as refused:
            problems, said = [str(refused)], ""
            shown = BoardAction.objects.select_related("meeting", "recorded_by").get(pk=pk)
            saves = shown.saves  # its newer state is seen now
        if said:
            messages.success(request, said)
            return redirect("board_desk:board", slug)
    context = {
        "board": board,
        "action": shown,
        "stands": rules.standing(shown, request.today),
        "is_clerk": is_clerk,
        "saves": saves,
        "forms": forms,
        "sent": forms.get(act),
        "problems": problems,
        "labels": labels(request.edition),
        "organisations": _organisations(request),
    }
    return render(request, "desk/boards/action.html", context, status=409 if problems else 200)


def _number(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else 0


def _forms(request: HttpRequest, board: BoardVersion, shown: BoardAction, sent, act: str) -> dict:
    initial = {
        "what": shown.what,
        "owner": shown.owner,
        "due_on": shown.due_on,
        "outcome": shown.outcome_id,
        "is_public": "yes" if shown.is_public else "no",
    }
    change = _form(request, board, sent if act == "change" else None, initial=initial)
    del change.fields["meeting"]
    close = CloseForm(sent if act == "close" else None, initial={"closed_on": request.today}, auto_id="id_close_%s")
    return {"change": change, "close": close}


# --- what the buttons do; each says what is now so, or nothing where the page is to be shown again ---


def _change(action: BoardAction, form: ActionForm, **who) -> str:
    if not form.is_valid():
        return ""
    rules.change(action, **form.cleaned_data, **who, now=timezone.now())
    return "The action is saved."


def _close(action: BoardAction, form: CloseForm, **who) -> str:
    if not form.is_valid():
        return ""
    closed = rules.close(action, **form.cleaned_data, **who, now=timezone.now())
    return f"The action is {closed.get_state_display().lower()}, as of {words.day(closed.closed_on)}."


def _reopen(action: BoardAction, form: None, **who) -> str:
    rules.reopen(action, **who, now=timezone.now())
    return "The action is open again."


ACTS = {"change": _change, "close": _close, "reopen": _reopen}
