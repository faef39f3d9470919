"""One review: what the data show beside what is written of it, discussed, replied to, signed off.

All that can be done stands in one form, so that nothing typed anywhere on the page is lost by doing something else.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from secrets import token_urlsafe

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from boards import links, papers, sentences
from boards import reviews as rules
from boards.changes import Turn
from boards.desk.access import own_review
from boards.desk.asked import Line, lines
from boards.desk.forms import CommentForm, ReplyLinkForm, ReviewForm
from boards.desk.links import address_of, letter
from boards.models import BoardVersion, Link, Meeting, Review
from boards.seats import Seat, seats_of
from luton2040.caching import is_fragment
from luton2040.desk.access import desk_page, forbid
from luton2040.editions import ChangedMeanwhile
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from outcomes import charts
from outcomes.desk.drafting import plain

NOT_KEPT_YET = "What you typed when you had to sign in again is back below. It is not saved yet: press Save."


class Sheet:
    """A review as one person finds it, and what they send."""

    def __init__(self, request: HttpRequest, board: BoardVersion, meeting: Meeting, turn: Turn):
        self.request, self.board, self.meeting, self.turn = request, board, meeting, turn
        self.review: Review | None = meeting.reviews.filter(outcome=turn.now.code).first()
        self.sent = request.POST or request.kept or {}
        self.step = request.POST.get("step", "") if request.method == "POST" else ""
        self.window = plain(self.sent.get("window", ""))[:20] or token_urlsafe(9)
        self.saves = self._sent_saves() if "saves" in self.sent else self._newest_saves
        self.seat: Seat | None = seats_of(request.user).get(board.board_id)
        self.problems: list[str] = []
        self.elsewhere: Review | None = None  # what somebody else has saved meanwhile
        self.made: Link | None = None
        self.address = ""  # of the link, shown once

    @property
    def is_clerk(self) -> bool:
        return self.seat is Seat.CLERK

    @property
    def is_open(self) -> bool:
        return self.review is None or self.review.signed_off_at is None

    @property
    def _newest_saves(self) -> int:
        return self.review.saves if self.review else 0

    def _sent_saves(self) -> int:
        """The state of the review that the page was made from."""
        sent = self.sent["saves"]
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else 0

    @cached_property
    def form(self) -> ReviewForm:
        typed = self.sent if "story" in self.sent else None
        return ReviewForm(typed, initial={name: getattr(self.review, name, "") for name in Review.TEXTS})

    @cached_property
    def comment(self) -> CommentForm:
        typed = {"comment": self.sent.get("comment", "")}
        return CommentForm(typed) if self.step == "comment" else CommentForm(initial=typed)

    @cached_property
    def link_form(self) -> ReplyLinkForm:
        if self.step == "link":
            return ReplyLinkForm(self.sent)
        names = [name for name in ("for_whom", "days") if self.sent.get(f"link-{name}")]
        return ReplyLinkForm(initial={name: self.sent[f"link-{name}"] for name in names})

    @property
    def has_more(self) -> bool:
        """Whether something is typed elsewhere on the page that what was pressed does not take."""
        other = {"comment": "comment", "link": "link-for_whom"}
        return any(self.sent.get(field, "").strip() for step, field in other.items() if step != self.step)

    @property
    def typed_in_vain(self) -> list[tuple[str, str]]:
        """What was typed into a review that had been signed off meanwhile."""
        if self.is_open or not self.form.is_bound:
            return []
        fields = [(field, field.value() or "") for field in self.form]
        return [(f.label, text) for f, text in fields if text.strip() and text != getattr(self.review, f.name)]

    @property
    def differing(self) -> dict[str, str]:
        """What somebody else has saved otherwise than it is typed here."""
        newer = {name: getattr(self.elsewhere, name) for name in Review.TEXTS} if self.elsewhere else {}
        return {name: text or "(nothing)" for name, text in newer.items() if text != self.form.cleaned_data.get(name)}

    @property
    def as_written(self) -> list[tuple[str, str]]:
        return [(field.label, getattr(self.review, field.name)) for field in self.form]

    @property
    def line(self) -> Line:
        return lines(self.meeting, [self.turn.now])[0]

    def read_anew(self) -> None:
        self.review = self.meeting.reviews.filter(outcome=self.turn.now.code).select_related("saved_by").first()


@desk_page(Act.WRITE_REVIEWS)
def review(request, slug, held_on, code):
    board, meeting = own_review(request, slug, held_on, code.upper())
    turn = papers.turn_of(meeting, code.upper())
    if turn is None:
        raise Http404(f"{board.name} has no outcome with that code. The meeting’s page lists those that it has.")
    sheet = Sheet(request, board, meeting, turn)
    return _answer(sheet) if request.method == "POST" else _shown(sheet)


def _answer(sheet: Sheet) -> HttpResponse:
    if sheet.step not in STEPS:
        raise BadRequest("This page has no such button. Go back and load it again.")
    if sheet.step in OF_CLERKS and not sheet.is_clerk:
        forbid(sheet.request, f"Only a clerk of {sheet.board.name} may do this.")
    try:
        done = _is_kept(sheet) and STEPS[sheet.step](sheet)
    except (NotAllowed, ChangedMeanwhile) as refused:
        sheet.problems.append(str(refused))
        sheet.read_anew()
        if isinstance(refused, ChangedMeanwhile) and sheet.is_open:
            sheet.elsewhere = sheet.review
        done = ""
    if is_fragment(sheet.request):
        return _saved(sheet)
    if done:
        messages.success(sheet.request, done)
        if not sheet.has_more:
            return redirect(sheet.request.path)
        sheet.read_anew()
    return _shown(sheet)


# --- what the buttons do; each says what is now so, or nothing where the page is to be shown again ---


def _is_kept(sheet: Sheet) -> bool:
    """What is typed in the review goes first, whatever else was pressed. Raises NotAllowed, ChangedMeanwhile."""
    if not sheet.form.is_bound:
        return True
    if not sheet.form.is_valid():
        return False
    texts, who = sheet.form.cleaned_data, {"by": sheet.request.user, "now": timezone.now()}
    if sheet.review is None:
        if not any(texts.values()):
            return True
        sheet.review = rules.begin(sheet.meeting, sheet.turn.now.code, **who)
    sheet.review = rules.save(sheet.review, texts, saves=sheet.saves, window=sheet.window, **who)
    sheet.saves = sheet.review.saves
    return True


def _save(sheet: Sheet) -> str:
    if sheet.review is None:
        return "Nothing is written yet."
    return f"Saved at {timezone.localtime(sheet.review.saved_at):%H:%M}." if sheet.review.saved_at else "Saved."


def _comment(sheet: Sheet) -> str:
    if not sheet.comment.is_valid():
        return ""
    rules.comment(_there(sheet), sheet.comment.cleaned_data["comment"], by=sheet.request.user, now=timezone.now())
    return "Your comment is added."


def _there(sheet: Sheet) -> Review:
    """The review that something is done about, which may be the first that is done."""
    if sheet.review is None:
        who = {"by": sheet.request.user, "now": timezone.now()}
        sheet.review = rules.begin(sheet.meeting, sheet.turn.now.code, **who)
    return sheet.review


def _ask(sheet: Sheet) -> str:
    rules.ask(sheet.meeting, sheet.turn.now.code, by=sheet.request.user, now=timezone.now())
    return "The review is asked for. It shows on the meeting’s page and under My work of the measure’s officers."


def _sign_off(is_public: bool) -> Callable[[Sheet], str]:
    def step(sheet: Sheet) -> str:
        who = {"by": sheet.request.user, "now": timezone.now()}
        rules.sign_off(_there(sheet), is_public=is_public, saves=sheet.saves, **who)
        return f"Signed off as public. {_comes_out(sheet)}" if is_public else "Signed off as private."

    return step


def _comes_out(sheet: Sheet) -> str:
    if sheet.meeting.is_public:
        return "Readers see the change once the board’s changes are published."
    return "It comes out with the meeting."


def _reopen(sheet: Sheet) -> str:
    rules.reopen(_there(sheet), by=sheet.request.user, now=timezone.now())
    return "The review is open again: it can be written, and must be signed off once more."


def _show(is_public: bool) -> Callable[[Sheet], str]:
    def step(sheet: Sheet) -> str:
        rules.show(_there(sheet), is_public, saves=sheet.saves, by=sheet.request.user, now=timezone.now())
        now = "public" if is_public else "private"
        if is_public or sheet.meeting.is_public:
            return f"The review is {now} now. {_comes_out(sheet)}"
        return f"The review is {now} now."

    return step


def _link(sheet: Sheet) -> str:
    """Its page shows the address, which can be shown only now."""
    if not sheet.link_form.is_valid():
        return ""
    given, now = sheet.link_form.cleaned_data, timezone.now()
    expires_at = now + timedelta(days=given["days"])
    who = {"for_whom": given["for_whom"], "expires_at": expires_at, "by": sheet.request.user, "now": now}
    sheet.made, token = links.make(sheet.meeting, review=_there(sheet), **who)
    sheet.address = address_of(sheet.request, token)
    sheet.link_form = ReplyLinkForm()
    return ""


STEPS: dict[str, Callable[[Sheet], str]] = {
    "save": _save,
    "comment": _comment,
    "ask": _ask,
    "sign-off-public": _sign_off(True),
    "sign-off-private": _sign_off(False),
    "reopen": _reopen,
    "show": _show(True),
    "hide": _show(False),
    "link": _link,
}
OF_CLERKS = STEPS.keys() - {"save", "comment"}


# --- the page ---


def _saved(sheet: Sheet) -> HttpResponse:
    """The answer to a page that saves itself."""
    wrong = [f"{sheet.form[name].label}: {error}" for name, errors in sheet.form.errors.items() for error in errors]
    refused = [*sheet.problems, *wrong]
    context = {"sheet": sheet, "refused": " ".join(refused)}
    return render(sheet.request, "desk/boards/_review_saved.html", context, status=409 if refused else 200)


def _shown(sheet: Sheet) -> HttpResponse:
    report, request = sheet.turn.now, sheet.request
    if sheet.elsewhere:
        sheet.saves = sheet.elsewhere.saves  # seen now: saving again is meant
    if request.kept and sheet.form.is_bound:
        messages.info(request, NOT_KEPT_YET)
    chart = charts.chart(report)
    found = sheet.review
    context = {
        "sheet": sheet,
        "board": sheet.board,
        "meeting": sheet.meeting,
        "review": found,
        "report": report,
        "told": sentences.told(sheet.turn),
        "wide": charts.svg(chart, width=600, height=380) if report.series else "",
        "narrow": charts.svg(chart, width=340, height=300) if report.series else "",
        "comments": found.comments.select_related("by") if found else [],
        "replies": found.replies.all() if found else [],
        "links": found.links.order_by("-made_at") if found and sheet.is_clerk else [],
        "mail": letter(sheet.board, sheet.meeting, sheet.made, sheet.address) if sheet.made else "",
        "now": timezone.now(),
        "wrong": [form for form in (sheet.form, sheet.comment, sheet.link_form) if form.errors],
    }
    return render(request, "desk/boards/review.html", context, status=409 if sheet.problems else 200)
