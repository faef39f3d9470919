"""Pasted cells as a difference from the record: what is new, changed, refused or doubtful, and which of it to take."""

import hashlib
from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from luton2040.caching import is_fragment
from luton2040.desk.access import desk_page, forbid
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from outcomes import drafts, officers, pasted, submissions
from outcomes import formatting as words
from outcomes.desk.drafting import plain
from outcomes.desk.forms import LONGEST_TEXT
from outcomes.desk.pasting import TOPIC
from outcomes.headings import TITLES
from outcomes.models import Submission
from outcomes.pasted import Kept, Line, Review

A_PAGE = 100
TABLES = ("refused", "warned", "changed", "new")
COUNTS = [
    ("new", "New", "better", "Nothing is published for them yet"),
    ("changed", "Changed", "slow", "They replace published values"),
    ("warned", "Warned of", "slow", "New or changed, and doubtful"),
    ("refused", "Refused", "worse", "They cannot be taken as they are"),
    ("same", "Same", "unknown", "The record says so already"),
]
LISTED = 10
SAID = {
    "reason_for_all": "The reason for all warned rows",
    "public_reason": "The reason for readers",
    "note": "The note to the approver",
}
OTHERS = "These cells are somebody else’s. Nobody else sees them until they are handed in."
REPLACED = (
    "Other cells were pasted in the place of these, in another window. The page shows those. What you had just chosen "
    "here was not kept; nothing was handed in."
)
NOTHING = "No row is chosen. Tick what is to be handed in."


@desk_page(Act.ENTER_VALUES)
def review(request, pk):
    draft = _own(request, pk)
    if draft.state != Submission.State.DRAFT:
        messages.info(request, "These values are not a draft any more. This is where they stand.")
        return redirect("desk:submission", pk)
    if request.method == "POST":
        return _answer(request, draft)
    kept = Kept(**draft.typed)
    is_of_these = request.kept and request.kept.get("cells") == _mark(kept)
    return _page(request, draft, _chosen(kept, request.kept) if is_of_these else kept)


def _own(request, pk: int) -> Submission:
    draft = Submission.objects.filter(pk=pk, topic=TOPIC).first()
    if draft is None:
        raise Http404("There are no such cells. They may have been discarded: paste them again.")
    if draft.proposed_by_id != request.user.pk:
        forbid(request, OTHERS)
    return draft


def _answer(request, draft: Submission) -> HttpResponse:
    step, *about = request.POST.get("step", "check").split(" ")
    try:
        draft, before, kept = _save(request, draft, step, about)
    except ChangedMeanwhile as error:
        if is_fragment(request):
            return render(request, "desk/_saved.html", {"refused": str(error)}, status=409)
        draft = _own(request, draft.pk)
        if draft.state != Submission.State.DRAFT:
            return redirect("desk:paste_review", draft.pk)
        return _page(request, draft, Kept(**draft.typed), problems=[str(error)], status=409)
    if step == "discard":
        drafts.discard(draft, by=request.user)
        messages.success(request, "Discarded. Nothing was handed in.")
        return redirect("desk:paste")
    if step == "hand-in":
        return _hand_in(request, draft, before, kept)
    if step == "save" and is_fragment(request):
        return render(request, "desk/_paste_chosen.html", {"draft": draft, "found": _review(request, kept)})
    return redirect(_address(request, step, about))


def _address(request, step: str, about: list[str]) -> str:
    """The same pages of the tables, but for the one that was turned."""
    asked = request.GET.copy()
    if step == "turn" and len(about) == 2 and about[0] in TABLES:
        asked[about[0]] = about[1]
    table = f"#{about[0]}" if about and about[0] in TABLES else ""
    return f"{request.path}?{asked.urlencode()}{table}" if asked else f"{request.path}{table}"


# --- choices ---


def _save(request, draft: Submission, step: str, about: list[str]) -> tuple[Submission, Kept, Kept]:
    """The draft, what it kept, and what it keeps with what was sent now. Raises ChangedMeanwhile.

    A page says only which of its own rows to take, so that pages sent in any order do not undo each other.
    """
    before = Kept(**draft.typed)
    if request.POST.get("cells") != _mark(before):
        raise ChangedMeanwhile(REPLACED)
    kept = _chosen(before, request.POST)
    if step in ("take", "leave") and about:
        rows = {line.row for line in _review(request, kept).groups.get(about[0], []) if isinstance(line, Line)}
        left_out = set(kept.left_out) - rows if step == "take" else set(kept.left_out) | rows
        kept = replace(kept, left_out=sorted(left_out))
    # A page that saves itself is not drawn again: what it shows was worked out for the choices before.
    looked_at = before.looked_at if step == "save" else kept.left_out
    kept = replace(kept, looked_at=looked_at)
    try:
        drafts.save(draft, kept.as_typed(), by=request.user, saves=draft.saves, now=timezone.now())
    except ChangedMeanwhile:
        newest = _own(request, draft.pk)
        if newest.state != Submission.State.DRAFT:
            raise
        return _save(request, newest, step, about)  # the page saved itself at the same moment
    return draft, before, kept


def _chosen(kept: Kept, sent: QueryDict) -> Kept:
    shown = _numbers(sent.get("shown", "").split())
    taken = _numbers(sent.getlist("take"))
    said = {str(row): plain(sent.get(f"reason-{row}", "")) for row in shown}
    return replace(
        kept,
        left_out=sorted(set(kept.left_out) - shown | shown - taken),
        reasons={row: reason for row, reason in {**kept.reasons, **said}.items() if reason},
        **{name: plain(sent[name]) for name in SAID if name in sent},
    )


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 9}


def _mark(kept: Kept) -> str:
    """Tells these cells from others."""
    return hashlib.sha256(kept.table.encode()).hexdigest()[:16]


def _review(request, kept: Kept, edition: Edition | None = None) -> Review:
    return pasted.review(
        kept,
        by=request.user,
        edition=edition or request.edition,
        today=request.today,
        home=request.vision.home_area,
    )


# --- handing in ---


def _hand_in(request, draft: Submission, before: Kept, kept: Kept) -> HttpResponse:
    found = _review(request, kept)
    problems = _unseen(request, before, kept, found) or _problems(kept, found)
    if not problems:
        try:
            said = {"reason": kept.note.strip(), "public_reason": kept.public_reason.strip()}
            submissions.hand_in(draft, by=request.user, now=timezone.now(), lines=found.taken, **said)
        except (NotAllowed, ChangedMeanwhile) as error:
            problems = [str(error)]
        else:
            count = words.count(len(found.taken), "value")
            messages.success(request, f"{count} handed in. An approver looks at them next; nothing is public yet.")
            return redirect("desk:submission", draft.pk)
    return _page(request, draft, kept, found=found, problems=problems, status=409)


def _unseen(request, before: Kept, kept: Kept, found: Review) -> list[str]:
    """What the page that was sent did not show: the record has gone on, or other choices raise other doubts."""
    shown_at = Edition.objects.filter(number__in=_numbers([request.POST.get("edition", "")])).first()
    if shown_at is None or shown_at == request.edition and before.looked_at == kept.left_out:
        return _fewer(request.POST.get("able", ""), found)
    shown = _review(request, replace(kept, left_out=before.looked_at), shown_at)
    news = pasted.news(shown, found)
    more = [f"And {words.count(len(news) - LISTED, 'row')} more."] if len(news) > LISTED else []
    return news and [*news[:LISTED], *more, "Nothing was handed in. Look at these rows again, then hand in."]


def _fewer(able: str, found: Review) -> list[str]:
    """Somebody else has handed some of the values in, or a measure is not this officer's any more."""
    now = len(found.takeable)
    if not _numbers([able]) or int(able) == now:
        return []
    return [f"{able} of your rows could be taken when you opened this page, {now} can now. Look again, then hand in."]


def _problems(kept: Kept, found: Review) -> list:
    problems = [] if found.taken else [NOTHING]
    lacking = found.lacking_reason
    for line in lacking[:LISTED]:
        what = f"Row {line.row}, {line.title}: say why the value is right, or leave the row out."
        problems.append({"href": f"#reason-{line.row}", "text": what})
    if len(lacking) > LISTED:
        what = f"{words.count(len(lacking), 'row')} in all lack a reason. One can go for all of them."
        problems.append({"href": "#reason_for_all", "text": what})
    if found.revises and not kept.public_reason.strip():
        what = "Say for readers why published figures change. The outcome’s page prints it."
        problems.append({"href": "#public_reason", "text": what})
    long = [name for name in SAID if len(getattr(kept, name)) > LONGEST_TEXT]
    problems += [
        {"href": f"#{name}", "text": f"{SAID[name]}: keep it to {LONGEST_TEXT:,} characters."} for name in long
    ]
    return problems


# --- the page ---


def _page(request, draft: Submission, kept: Kept, *, found=None, problems=(), status=200) -> HttpResponse:
    found = found or _review(request, kept)
    tables = {name: _table(request, name, found, problems) for name in TABLES}
    shown = [line.row for name, page in tables.items() if name != "refused" for line in page]
    context = {
        "draft": draft,
        "kept": kept,
        "found": found,
        "tables": tables,
        "counts": COUNTS,
        "shown": " ".join(map(str, shown)),
        "mark": _mark(kept),
        "problems": problems,
        "lacks_public_reason": problems and found.revises and not kept.public_reason.strip(),
        "titles": TITLES,
        "others": drafts.others_at_work_on(kept.measures, by=request.user, now=timezone.now()),
        "same_file": _sent_before(request, draft),
    }
    return render(request, "desk/paste_review.html", context, status=status)


def _table(request, name: str, found: Review, problems) -> Page:
    """The page of it that was asked for; the one with the first row that lacks a reason, where that is the problem."""
    lines = found.groups[name]
    number = request.GET.get(name)
    if name == "warned" and problems and found.lacking_reason:
        number = lines.index(found.lacking_reason[0]) // A_PAGE + 1
    return Paginator(lines, A_PAGE).get_page(number)


def _sent_before(request, draft: Submission) -> Submission | None:
    """Where the very same cells were handed in already: told, as it is seldom meant."""
    states = [Submission.State.SUBMITTED, Submission.State.SCHEDULED, Submission.State.APPROVED]
    same = Submission.objects.filter(checksum=draft.checksum, state__in=states).exclude(pk=draft.pk)
    return officers.visible_submissions(request.user).filter(pk__in=same).newest_first().first()
