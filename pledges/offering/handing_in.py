"""The end of the way: a last look, handing in, and the letter that asks whether the address is whoever typed it."""

from datetime import datetime, timedelta

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from luton2040.caching import private_page
from luton2040.pages import too_many_requests
from outcomes.formatting import listed
from pledges import letters, offers
from pledges.content import stored
from pledges.models import Offer
from pledges.offering import draft as drafts
from pledges.offering.draft import SENT, Draft
from pledges.offering.steps import page, step, told
from priorities.models import PriorityVersion

QUICKEST = timedelta(seconds=10)  # from the first step to handing in; nobody who reads what they type is as quick
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class HandInForm(forms.Form):
    """What holds programs off. `website` is a trap: people do not see it, and programs fill in what they find."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(
        label="Leave this empty: it finds out programs that fill in every field",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )


def doubt(request: HttpRequest, draft: Draft, now: datetime) -> str:
    """Why this looks as if a program sent it, in words for the person whom that would be unjust to."""
    if request.POST.get("website"):
        return (
            "A field that must stay empty was filled in, perhaps by your browser. It is empty again: look everything "
            "over and press the button once more. Nothing you typed is lost."
        )
    if now.timestamp() - draft.began < QUICKEST.total_seconds():
        return "That was very quick. Look everything over and press the button again. Nothing you typed is lost."
    return ""


def check(request):
    """A second press of the button, or going back, finds that it was handed in."""
    sent, making = drafts.read(request.session, SENT), drafts.read(request.session)
    if sent is not None and (making is None or request.POST.get("key") == sent.key):
        return redirect("offering:sent")
    return _check(request)


@step("check")
def _check(request, draft):
    problems = []
    if request.method == "POST":
        problems = [why] if (why := doubt(request, draft, timezone.now())) else []
        if not problems:
            return _hand_in(request, draft)
    found = PriorityVersion.objects.at(request.edition).filter(priority__in=draft.wording.focus).order_by("position")
    context = {
        "form": HandInForm(initial={"key": draft.key}),
        "problems": problems,
        "focus": listed([priority.name for priority in found]),
        "actions": told(request, draft),
    }
    return page(request, "check", draft, **context)


def _hand_in(request: HttpRequest, draft: Draft) -> HttpResponse:
    if not ratelimit.consume(request, action="offer_pledge"):
        return too_many_requests(request)
    offer = offers.offer_pledge(stored(draft.wording), email=draft.email, key=draft.key, now=timezone.now())
    drafts.keep(request.session, draft, SENT)
    drafts.forget(request.session)
    _send_letter(request, offer)
    return redirect("offering:sent")


def _send_letter(request: HttpRequest, offer: Offer) -> None:
    """Whether one is due is told to nobody: the page says the same of every address."""
    if not ratelimit.consume(request, action="confirm_letter", key=offer.email):
        return
    path = reverse("offering:confirm", args=[offers.confirmation(offer)])
    site = settings.SITE_URL or request.build_absolute_uri("/")
    try:
        letters.send(offer.email, "confirm", "Confirm your pledge", site=site, path=path)
    except OSError:  # also what smtplib raises
        messages.error(
            request, "Your pledge is kept, but no letter could be sent just now. Ask for another in a few minutes."
        )


@private_page
def sent(request):
    """The letter can be asked for again, and a wrong address put right, from the browser that handed in."""
    draft = drafts.read(request.session, SENT)
    if draft is None:
        return redirect("offering:start")
    if request.method == "POST" and request.POST.get("step") == "change":
        offers.drop_unconfirmed(draft.key)
        drafts.keep(request.session, drafts.again(draft))
        drafts.forget(request.session, SENT)
        return redirect("offering:you")
    if request.method == "POST":
        offer = Offer.objects.filter(key=draft.key, state=Offer.State.UNCONFIRMED).first()
        if offer is not None:
            _send_letter(request, offer)
        messages.success(request, "If the address is not confirmed yet, another letter is on its way.")
        return redirect("offering:sent")
    return render(request, "pledges/offering/sent.html", {"email": draft.email})


# Whoever could make a reader's browser send this form must know the token, and then needs no browser: no cookie is
# asked for. Django's own check rests on a cookie, and on an Origin that is not sent from here.
@csrf_exempt
@private_page
def confirm(request, token):
    """Opening the link changes nothing, for programs that look through e-mail open every link."""
    response = _confirmed(request, token)
    for name, value in HEADERS.items():
        response[name] = value
    response._has_been_logged = True  # else Django logs the address of a refusal, and with it the token
    return response


def _confirmed(request: HttpRequest, token: str) -> HttpResponse:
    try:
        if request.method == "POST":
            offers.confirm(token, now=timezone.now())
            return redirect(request.path)
        offer = offers.find_by_confirmation(token)
    except offers.BadLink:
        return render(request, "pledges/offering/confirm_gone.html", status=404)
    is_open = offer.state == Offer.State.UNCONFIRMED
    return render(request, "pledges/offering/confirm.html", {"offer": offer, "is_open": is_open})
