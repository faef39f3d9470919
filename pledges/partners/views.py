"""What partners see and do once they are signed in: their pledges, and what they handed in."""

from datetime import date
from uuid import uuid4

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from luton2040.editions import ChangedMeanwhile
from luton2040.pages import too_many_requests
from luton2040.verbs import NotAllowed
from pledges import content, offers
from pledges.evidence import LARGEST
from pledges.forms import MOST_OUTCOMES, WordingForms
from pledges.models import Contact, Offer, OrganisationVersion, PledgeVersion
from pledges.offering import picker
from pledges.partners import handing_in
from pledges.partners.access import partner_page
from pledges.partners.forms import AnswerForm, ChangeForm, EndForm, UpdateForm
from pledges.partners.handing_in import Theirs
from pledges.standing import Stage
from priorities.models import PriorityVersion

Kind, State = Offer.Kind, Offer.State
LISTED = 50
SENT = "Thank you. It is with the council now: somebody reads it before it is shown to anyone."


@partner_page
def home(request, contact):
    handed_in = list(handing_in.handed_in(contact)[:LISTED])
    organisations = OrganisationVersion.objects.at(request.edition).filter(organisation__contacts=contact)
    context = {
        "contact": contact,
        "organisations": organisations.order_by("name"),
        "theirs": handing_in.theirs(contact, request.edition, request.today),
        "asked": [offer for offer in handed_in if offer.state == State.ASKED and offer.contact_id == contact.pk],
        "handed_in": handed_in,
        "titles": _titles(request, handed_in),
    }
    return render(request, "pledges/partners/home.html", context)


def _titles(request: HttpRequest, offered: list[Offer]) -> dict[str, str]:
    slugs = {offer.pledge_id for offer in offered}
    return dict(PledgeVersion.objects.at(request.edition).filter(pledge__in=slugs).values_list("pledge", "title"))


def _pledge(request: HttpRequest, contact: Contact, slug: str) -> Theirs:
    """Of others nothing is told, not even whether they are there."""
    found = handing_in.theirs(contact, request.edition, request.today, slug=slug)
    if not found:
        raise Http404("You look after no pledge of this address. Those that you do are on the page “Your pledges”.")
    return found[0]


@partner_page
def pledge(request, contact, slug):
    own = _pledge(request, contact, slug)
    offered = handing_in.handed_in(contact).filter(pledge=slug)[:LISTED]
    titles = {slug: own.report.pledge.title}
    context = {"contact": contact, "report": own.report, "handed_in": offered, "titles": titles}
    return render(request, "pledges/partners/pledge.html", context)


@partner_page
def update(request, contact, slug):
    own = _pledge(request, contact, slug)
    if own.report.is_withdrawn:
        return _has_ended(request, own)
    if _is_too_often(request, contact):
        return too_many_requests(request)
    given = {"promises": own.report.promises, "today": request.today}
    form, problems = UpdateForm(request.POST or None, request.FILES or None, **given), []
    if request.method == "POST" and form.is_valid():
        try:
            return _handed_in(request, own, contact, Kind.UPDATE, form, form.news(), file=form.cleaned_data["file"])
        except NotAllowed as refused:
            problems = [str(refused)]
    context = {"contact": contact, "report": own.report, "form": form, "problems": problems, "largest": LARGEST}
    return render(request, "pledges/partners/update.html", context)


@partner_page
def change(request, contact, slug):
    own = _pledge(request, contact, slug)
    if own.report.is_withdrawn:
        return _has_ended(request, own)
    if already := handing_in.waiting(own, Kind.CHANGE):
        return _asked_already(request, already, contact, "A change of its wording")
    if _is_too_often(request, contact):
        return too_many_requests(request)
    before = handing_in.published_wording(own.report)
    form, problems = ChangeForm(request.POST or None, today=request.today, edition=request.edition), []
    wording = handing_in.wording_forms(request.POST or None, before, kind=Kind.CHANGE, edition=request.edition)
    if request.method == "POST" and all([form.is_valid(), wording.is_valid()]):
        after = wording.wording()
        try:
            form.refuse_if_changed(own.report.slug)
            if handing_in.is_same(before, after):
                raise NotAllowed("Nothing is worded otherwise yet. Change what should read differently, then send it.")
            return _handed_in(request, own, contact, Kind.CHANGE, form, after)
        except NotAllowed as refused:
            problems = [str(refused)]
    context = {"contact": contact, "report": own.report, "form": form, "problems": problems}
    return render(request, "pledges/partners/change.html", context | _boxes(wording, request))


@partner_page
def end(request, contact, slug):
    own = _pledge(request, contact, slug)
    if own.report.is_withdrawn:
        return _has_ended(request, own)
    if already := handing_in.waiting(own, Kind.END):
        return _asked_already(request, already, contact, "Its end")
    if _is_too_often(request, contact):
        return too_many_requests(request)
    form, problems = EndForm(request.POST or None, today=request.today), []
    if request.method == "POST" and form.is_valid():
        try:
            return _handed_in(request, own, contact, Kind.END, form, form.ending())
        except NotAllowed as refused:
            problems = [str(refused)]
    context = {"contact": contact, "report": own.report, "form": form, "problems": problems}
    return render(request, "pledges/partners/end.html", context)


def _is_too_often(request: HttpRequest, contact: Contact) -> bool:
    """Only what is sent counts."""
    return not ratelimit.consume(request, action="partner_hand_in", key=str(contact.pk))


def _handed_in(request: HttpRequest, own: Theirs, contact: Contact, kind: Kind, form, what, file=None) -> HttpResponse:
    key = form.cleaned_data["key"] or uuid4().hex
    offer = handing_in.hand_in(kind, what, pledge=own, contact=contact, form_key=key, now=timezone.now(), file=file)
    messages.success(request, SENT)
    return redirect("partners:offer", offer.pk)


def _has_ended(request: HttpRequest, own: Theirs) -> HttpResponse:
    messages.info(request, "This pledge has ended. It stays in the register as it is.")
    return redirect("partners:pledge", own.report.slug)


def _asked_already(request: HttpRequest, offer: Offer, contact: Contact, what: str) -> HttpResponse:
    messages.info(request, f"{what} was asked for already, and waits. To ask for something else, take that back first.")
    if offer.contact_id == contact.pk:
        return redirect("partners:offer", offer.pk)
    return redirect("partners:pledge", offer.pledge_id)


# --- what was handed in ---


@partner_page
def offer(request, contact, pk):
    """How it stands; here a question is answered, and here it is taken back."""
    found = Offer.objects.confirmed().filter(contact=contact, pk=pk).select_related("evidence", "edition")
    offer = found.defer("evidence__content").first()
    if offer is None:
        raise Http404("You handed in nothing of this number. What you did is on the page “Your pledges”.")
    if request.method == "POST" and request.POST.get("do") == "take-back":
        return _take_back(request, offer, contact)
    form = AnswerForm(request.POST or None, asked=offer.questions.filter(answered_at=None).first())
    wording, problems = _to_amend(request, offer, request.POST or None), []
    if request.method == "POST" and all([form.is_valid(), wording is None or wording.is_valid()]):
        try:
            return _answer(request, offer, contact, form, wording)
        except (NotAllowed, ChangedMeanwhile) as refused:
            problems = [str(refused)]
            if wording and handing_in.is_same(wording.wording(), content.wording(offer.typed)):
                # An old page sends along what an officer has corrected since.
                wording = _to_amend(request, offer, None)
    context = {"contact": contact, "offer": offer, "form": form, "problems": problems} | _told(request, offer)
    context |= _boxes(wording, request) if wording else {}
    return render(request, "pledges/partners/offer.html", context, status=409 if problems else 200)


def _to_amend(request: HttpRequest, offer: Offer, data) -> WordingForms | None:
    if offer.kind not in handing_in.PARTS or offer.state != State.ASKED:
        return None
    before = content.wording(offer.content)
    return handing_in.wording_forms(data, before, kind=offer.kind, edition=request.edition)


def _answer(request: HttpRequest, offer: Offer, contact: Contact, form: AnswerForm, wording) -> HttpResponse:
    """What was not typed anew stays as the officer may have corrected it."""
    form.refuse_if_another()
    anew = wording.wording() if wording else None
    if anew and handing_in.is_same(anew, wording.before) and anew.why == wording.before.why:
        anew = None
    typed = content.stored(anew) if anew else None
    given = {"question": form.asked.pk if form.asked else 0, "typed": typed}
    offers.answer(offer, form.cleaned_data["answer"], **given, contact=contact, now=timezone.now())
    messages.success(request, "Thank you. Your answer is with the council now.")
    return redirect("partners:offer", offer.pk)


def _take_back(request: HttpRequest, offer: Offer, contact: Contact) -> HttpResponse:
    try:
        offers.take_back(offer, contact=contact, now=timezone.now())
    except (NotAllowed, ChangedMeanwhile) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "You took it back. Nobody does anything about it any more.")
    return redirect("partners:offer", offer.pk)


def _told(request: HttpRequest, offer: Offer) -> dict:
    """What it says, in words that its page shows."""
    read = {Kind.UPDATE: content.news, Kind.END: content.ending}.get(offer.kind, content.wording)
    said = read(offer.content)
    told = {"said": said, "questions": offer.questions.all()}
    if offer.kind == Kind.UPDATE:
        promised = handing_in.promised(offer.pledge_id, request.edition)
        stages = [(promised.get(slug, slug), Stage(stage).label) for slug, stage in said.stages.items()]
        told |= {"on": date.fromisoformat(said.said_on), "stages": stages}
    elif offer.kind == Kind.END:
        told["on"] = date.fromisoformat(said.ended_on)
    elif offer.kind == Kind.NEW:
        names = PriorityVersion.objects.at(request.edition).filter(priority__in=said.focus).order_by("position")
        told["focus"] = list(names.values_list("name", flat=True))
    return told


def _boxes(wording: WordingForms, request: HttpRequest) -> dict:
    """The forms of a wording as their page shows them: each commitment with its boxes of outcomes by priority."""
    promises = [(form, picker.groups(form["outcomes"], request.edition, focus=())) for form in wording.commitments]
    has_faults = any(form.errors for form in wording.all_forms) or bool(wording.commitments.non_form_errors())
    return {"wording": wording, "promises": promises, "most": MOST_OUTCOMES, "wording_errors": has_faults}
