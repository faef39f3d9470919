"""A meeting at the desk: set up, changed, looked at as its papers will be, published."""

from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from boards import asking, papers, publishing, seats
from boards import meetings as rules
from boards.desk import asked
from boards.desk.access import own_board, own_meeting
from boards.desk.asked import Stage
from boards.desk.forms import BEFORE, MeetingForm, PublishForm, numbered
from boards.models import BoardVersion, Meeting, Review
from boards.publishing import Waiting
from luton2040.desk.access import desk_page
from luton2040.editions import ChangedMeanwhile, wait_for_issuing
from luton2040.hold import Hold, HoldIsOn
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from outcomes import formatting as words

MOVED_ON = "What waits to be published has changed since you opened this page. Nothing was published. Look at it again."


@desk_page(Act.TAKE_PART)
def meeting(request, slug, held_on):
    board, shown = own_meeting(request, slug, held_on)
    found = papers.in_preparation(shown, private=True)
    lines = asked.lines(shown, found.reports)
    is_clerk = seats.is_clerk_of(request.user, slug)
    context = {
        "board": board,
        "meeting": shown,
        "papers": found,
        "asking_rule": asking.ASKING_RULE,
        "is_clerk": is_clerk,
        "asked": [line for line in lines if line.stage is not Stage.NONE],
        "unasked": [line for line in lines if line.stage is Stage.NONE],
        "waiting": publishing.waiting(slug) if is_clerk and shown.is_public else None,
    }
    return render(request, "desk/boards/meeting.html", context)


# --- setting up, changing, removing ---


@desk_page(Act.PREPARE_MEETINGS)
def new_meeting(request, slug):
    board = own_board(request, slug, as_clerk=True)
    asked_for = request.GET.get("pinned", "")
    initial = {"pinned": asked_for or str(request.edition.number), "since": BEFORE}
    form = _form(request, slug, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = rules.set_up(slug, **form.cleaned_data, by=request.user, now=timezone.now())
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"The meeting of {words.day(made.held_on)} is set up. Nothing of it is public.")
            return redirect("board_desk:meeting", slug, made.held_on)
    context = {"board": board, "form": form, "problems": [] if form.is_bound else _not_there(asked_for, request)}
    return render(request, "desk/boards/meeting_form.html", context)


def _form(request: HttpRequest, slug: str, **options) -> MeetingForm:
    sent = request.POST or request.kept
    return MeetingForm(sent, board=slug, newest=request.edition, today=request.today, **options)


def _not_there(asked_for: str, request: HttpRequest) -> list[dict]:
    """Of an edition that was typed into the address."""
    try:
        asked_for and numbered(asked_for, request.edition)
    except ValidationError as wrong:
        return [{"href": "#id_pinned", "text": wrong.message}]
    return []


@desk_page(Act.PREPARE_MEETINGS)
def change_meeting(request, slug, held_on):
    board, shown = own_meeting(request, slug, held_on, as_clerk=True)
    form = _form(request, slug, fixed=shown.is_public, initial=MeetingForm.said_of(shown))
    status, saves = 200, shown.saves
    if request.method == "POST" and form.is_valid():
        fixed = {name: getattr(shown, name) for name in ("held_on", "pinned", "since")}
        given = fixed | form.cleaned_data | {"saves": _number(request.POST.get("saves", ""))}
        try:
            made = rules.change(shown, **given, by=request.user, now=timezone.now())
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        except ChangedMeanwhile:
            status, shown = 409, own_meeting(request, slug, held_on)[1]
            saves = shown.saves
        else:
            messages.success(request, "Saved.")
            return redirect("board_desk:meeting", slug, made.held_on)
    elif form.is_bound:
        saves = _number((request.POST or request.kept).get("saves", ""))
    context = {"board": board, "meeting": shown, "form": form, "saves": saves, "is_conflict": status == 409}
    return render(request, "desk/boards/meeting_form.html", context, status=status)


def _number(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else 0


@desk_page(Act.PREPARE_MEETINGS)
def remove_meeting(request, slug, held_on):
    board, shown = own_meeting(request, slug, held_on, as_clerk=True)
    problems = []
    if request.method == "POST":
        try:
            rules.remove(shown, by=request.user, now=timezone.now())
        except (NotAllowed, ChangedMeanwhile) as refused:
            problems = [str(refused)]
        else:
            messages.success(request, f"The meeting of {words.day(held_on)} is removed.")
            return redirect("board_desk:board", slug)
    context = {"board": board, "meeting": shown, "problems": problems}
    return render(request, "desk/boards/meeting_remove.html", context, status=409 if problems else 200)


# --- publishing ---


@desk_page(Act.PREPARE_MEETINGS)
def publish_board(request, slug):
    """What changed since the last meeting came out: actions, and reviews of meetings that are public."""
    return _publish(request, own_board(request, slug, as_clerk=True), None)


@desk_page(Act.PREPARE_MEETINGS)
def publish_meeting(request, slug, held_on):
    return _publish(request, *own_meeting(request, slug, held_on, as_clerk=True))


def _publish(request: HttpRequest, board: BoardVersion, shown: Meeting | None) -> HttpResponse:
    hold = Hold.objects.on(request.today)
    sent = request.POST or request.kept
    form, problems = PublishForm(sent), []
    if request.method == "POST" and form.is_valid():
        try:
            edition = _as_seen(board, shown, request.POST.get("seen", ""), by=request.user, **form.cleaned_data)
        except HoldIsOn as refused:
            form.add_error("hold_reason", str(refused))
        except (NotAllowed, ChangedMeanwhile) as refused:
            problems = [str(refused)]
        else:
            said = f"Published as edition {edition.number}." if edition else "Nothing waited to be published."
            messages.success(request, said)
            return _to(board, shown)
    waiting = publishing.waiting(board.board_id, meeting=shown)
    context = {
        "board": board,
        "meeting": shown,
        "waiting": waiting,
        "words": _word_for_word(waiting),
        "seen": _mark(waiting),
        "held_back": _held_back(shown, waiting) if shown else [],
        "hold": hold,
        "form": form,
        "problems": problems,
    }
    return render(request, "desk/boards/publish.html", context, status=409 if problems else 200)


def _to(board: BoardVersion, shown: Meeting | None) -> HttpResponse:
    if shown is None:
        return redirect("board_desk:board", board.board_id)
    return redirect("board_desk:meeting", board.board_id, shown.held_on)


@transaction.atomic
def _as_seen(board: BoardVersion, shown: Meeting | None, seen: str, *, by, hold_reason: str):
    """What the clerk saw is what is published: nothing of the board changes while this is compared."""
    wait_for_issuing()
    rules.must_be_clerk(by, board.board_id)
    if seen != _mark(publishing.waiting(board.board_id, meeting=shown)):
        raise ChangedMeanwhile(MOVED_ON)
    return publishing.publish(board.board_id, meeting=shown, by=by, now=timezone.now(), hold_reason=hold_reason)


def _mark(waiting: Waiting) -> str:
    """Tells what would be published from anything else."""
    said = []
    for changes in (waiting.meetings, waiting.reviews, waiting.actions):
        rows = [*changes.new, *(row for _, row in changes.changed)]
        said += [[getattr(row, name) for name in row.content_fields()] for row in rows]
        said.append([row.pk for row in changes.ended])
    return sha256(repr(said).encode()).hexdigest()[:16]


def _word_for_word(waiting: Waiting) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every text that somebody wrote and that becomes public: what it belongs to, and its parts."""

    def of(changes):
        return [*changes.new, *(row for _, row in changes.changed)]

    parts = {name: str(Review._meta.get_field(name).verbose_name).capitalize() for name in Review.TEXTS}
    said = [(waiting.held_on[row.meeting_id], [("Introduction", row.introduction)]) for row in of(waiting.meetings)]
    for row in of(waiting.reviews):
        texts = [(label, getattr(row, name)) for name, label in parts.items()]
        replies = [(f"Reply of {reply['organisation']}", reply["text"]) for reply in row.replies]
        said.append((waiting.labels.get(row.outcome_id, row.outcome_id), texts + replies))
    for row in of(waiting.actions):
        due = f"{row.owner}, due on {words.day(row.due_on)}"
        said.append(("Action", [("What", row.what), ("Who and when", due), ("How it went", row.result)]))
    kept = [(title, [(label, text) for label, text in texts if text.strip()]) for title, texts in said]
    return [(title, texts) for title, texts in kept if texts]


def _held_back(shown: Meeting, waiting: Waiting) -> list[tuple[str, Review]]:
    """Reviews of the meeting that are written and stay at the desk."""
    found = [review for review in shown.reviews.order_by("outcome") if review.is_written and not review.is_public]
    return [(waiting.labels.get(review.outcome_id, review.outcome_id), review) for review in found]
