"""One offer: read as readers would see it, corrected, asked about, published or declined."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from luton2040.audit import Entry
from luton2040.desk.access import desk_page
from luton2040.editions import ChangedMeanwhile
from luton2040.hold import Hold, HoldIsOn
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from pledges import content, files, publishing
from pledges import offers as rules
from pledges.contacts import LETTER_GOOD_FOR
from pledges.desk import letters
from pledges.desk.forms import (
    AskForm,
    CheckedForm,
    CorrectionForms,
    DeclineForm,
    EndingForm,
    HoldForm,
    NewForm,
    NewsForm,
)
from pledges.desk.reading import Reading
from pledges.models import Offer
from pledges.partners.access import link_for

Kind, State = Offer.Kind, Offer.State
# As a letter names what was handed in, before the title of the pledge.
NAMED = {
    Kind.NEW: "your new pledge",
    Kind.UPDATE: "your update on the pledge",
    Kind.CHANGE: "your change of the wording of the pledge",
    Kind.END: "the end of the pledge",
}


def _readable(pk: int) -> Offer:
    found = Offer.objects.confirmed().select_related("contact", "decided_by", "edition", "evidence")
    shown = found.defer("evidence__content").filter(pk=pk).first()
    if shown is None:
        raise Http404("There is no such offer. The list of pledges at the desk has those that there are.")
    return shown


@desk_page(Act.MODERATE_PLEDGES)
def offer(request, pk):
    """Several forms on one page; `act` says which was sent."""
    shown = _readable(pk)
    sent = request.POST or request.kept or {}
    act, problems, saves = sent.get("act", ""), [], shown.saves
    reading = Reading(shown, request)
    forms = _forms(reading, sent, act)
    if request.method == "POST":
        if act not in ACTS:
            raise BadRequest("This page has no such button. Go back and load it again.")
        try:
            done = ACTS[act](request, shown, forms.get(act), saves=_number(sent.get("saves", "")))
        except HoldIsOn as refused:
            forms["publish"].add_error("hold_reason", str(refused))
        except (NotAllowed, ChangedMeanwhile) as refused:
            problems = [str(refused)]
            shown = _readable(pk)
            reading, saves = Reading(shown, request), shown.saves  # its newer state is seen now
        else:
            if done:
                return done
    context = _context(reading) | {"forms": forms, "sent": forms.get(act), "problems": problems, "saves": saves}
    return render(request, "desk/pledges/offer.html", context, status=409 if problems else 200)


def _number(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else -1


def _context(reading: Reading) -> dict:
    shown = reading.offer
    speaks_for = shown.contact.organisations.values_list("pk", flat=True) if shown.contact else []
    return {
        "offer": shown,
        "reading": reading,
        "speaks": shown.organisation_id in speaks_for,
        "questions": shown.questions.select_related("asked_by"),
        "hold": Hold.objects.on(reading.today),
        "log": Entry.objects.about(shown.about).select_related("by").newest_first(),
    }


def _forms(reading: Reading, sent, act: str) -> dict:
    def of(name: str, form: type, **given):
        return form(sent if act == name else None, auto_id=f"id_{name}_%s", use_required_attribute=False, **given)

    publish = {
        Kind.NEW: lambda: of("publish", NewForm, matches=reading.matches, edition=reading.edition),
        Kind.UPDATE: lambda: of("publish", CheckedForm, today=reading.today),
    }
    ask, decline = of("ask", AskForm), of("decline", DeclineForm)
    return {
        "publish": publish.get(reading.offer.kind, lambda: of("publish", HoldForm))(),
        "ask": ask,
        "decline": decline,
    }


# --- what the buttons do: where to go on to, or nothing where the page is to be shown again ---


def _publish(request: HttpRequest, shown: Offer, form: HoldForm, *, saves: int) -> HttpResponse | None:
    if not form.is_valid():
        return None
    edition = publishing.publish(shown, saves=saves, by=request.user, now=timezone.now(), **form.cleaned_data)
    shown = _readable(shown.pk)
    messages.success(request, f"Published as edition {edition.number}. {edition.summary}")
    context = {
        "what": _in_words(Reading(shown, request)),
        "corrected": shown.content != shown.typed,
        "speaks": shown.contact and shown.contact.organisations.filter(pk=shown.organisation_id).exists(),
        "path": reverse("pledges:pledge", args=[shown.pledge_id]),
        "sign_in": reverse("partners:sign_in"),
    }
    if shown.kind == Kind.NEW:
        context["organisation"] = reverse("pledges:organisation", args=[shown.organisation_id])
    letters.send(request, shown.contact, "published", "what you handed in is published", **context)
    return redirect("pledge_desk:queue")


def _in_words(reading: Reading) -> str:
    """What a letter is about, in one line."""
    title = reading.pledge.title if reading.pledge else reading.title
    return " ".join(f"{NAMED[reading.offer.kind]} “{title}”".split())


def _ask(request: HttpRequest, shown: Offer, form: AskForm, *, saves: int) -> HttpResponse | None:
    if not form.is_valid():
        return None
    rules.ask(shown, form.cleaned_data["text"], saves=saves, by=request.user, now=timezone.now())
    return _ask_again(request, shown, None, saves=saves)


def _ask_again(request: HttpRequest, shown: Offer, form: None, *, saves: int) -> HttpResponse:
    """The letter with the question that is open, as it may have been lost."""
    question = shown.questions.filter(answered_at__isnull=True).first()
    if question is None:
        raise ChangedMeanwhile("This was answered or decided meanwhile. The page shows how it stands.")
    there = reverse("partners:offer", args=[shown.pk])
    path = link_for(shown.contact, then=there, within=LETTER_GOOD_FOR) if shown.contact else ""
    context = {"text": question.text, "path": path, "sign_in": reverse("partners:sign_in")}
    if letters.send(request, shown.contact, "question", "a question about what you handed in", **context):
        messages.success(request, f"The question is on its way to {shown.contact.email}.")
    return redirect("pledge_desk:offer", shown.pk)


def _decline(request: HttpRequest, shown: Offer, form: DeclineForm, *, saves: int) -> HttpResponse | None:
    if not form.is_valid():
        return None
    rules.decline(shown, form.cleaned_data["why"], saves=saves, by=request.user, now=timezone.now())
    messages.success(request, "Declined. Nothing of it is public.")
    what = _in_words(Reading(shown, request))
    context = {"what": what, "why": form.cleaned_data["why"], "make": reverse("offering:start")}
    letters.send(request, shown.contact, "declined", "about what you handed in", **context)
    return redirect("pledge_desk:queue")


ACTS = {"publish": _publish, "ask": _ask, "ask-again": _ask_again, "decline": _decline}


# --- correcting it ---


@desk_page(Act.MODERATE_PLEDGES)
def correct(request, pk):
    """On a page of its own, so that nobody publishes without what they have typed here and not saved."""
    shown = _readable(pk)
    if shown.state != State.WAITING and request.method == "GET":
        messages.info(request, "It cannot be corrected now. This is how it stands.")
        return redirect("pledge_desk:offer", pk)
    sent, reading, problems, beside = request.POST or request.kept, Reading(shown, request), [], []
    saves = _number(sent.get("saves", "")) if sent else shown.saves  # what whoever typed this had seen
    form = _correction(reading, sent)
    if request.method == "POST" and form.is_valid():
        given = _given(reading, form)
        corrected = content.stored(given)
        corrected = {} if corrected == shown.typed else corrected
        try:
            rules.correct(shown, corrected, saves=saves, by=request.user, now=timezone.now())
        except (NotAllowed, ChangedMeanwhile) as refused:
            shown = _readable(pk)
            problems, saves, beside = [str(refused)], shown.saves, Reading(shown, request).beside(given)
        else:
            messages.success(request, "Saved. Nothing is published yet: look at what differs, then decide.")
            return redirect("pledge_desk:offer", pk)
    context = {"offer": shown, "reading": reading, "form": form, "problems": problems, "saves": saves, "beside": beside}
    return render(request, "desk/pledges/correct.html", context, status=409 if problems else 200)


def _correction(reading: Reading, sent):
    kind, today = reading.offer.kind, reading.today
    if kind == Kind.UPDATE:
        commitments = [(slug, each.row.what) for slug, each in reading.held.items()]
        return NewsForm(sent, today=today, commitments=commitments, initial=reading.now)
    if kind == Kind.END:
        return EndingForm(sent, today=today, initial=reading.now)
    initial = replace(reading.now, title=reading.title)
    return CorrectionForms(sent, kind=kind, initial=initial, edition=reading.edition)


def _given(reading: Reading, form):
    """A title that is as it would be anyway was not given."""
    given = form.content()
    if reading.is_wording and given.title == reading.title_of(given.organisation):
        return replace(given, title="")
    return given


# --- the file that comes with it ---


@desk_page(Act.MODERATE_PLEDGES)
def evidence(request, pk):
    """Looked at before it is public."""
    shown = Offer.objects.confirmed().select_related("evidence").filter(pk=pk).first()
    if shown is None or shown.evidence is None:
        raise Http404("There is no such file. It may have been deleted.")
    return files.handed_out(shown.evidence, f"offer-{shown.pk}")
