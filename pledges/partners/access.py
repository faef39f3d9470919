"""How a partner gets in and out: by a link sent to the address that speaks for an organisation. There is no account.

Whoever asks for a link is told the same, and somebody is written to, whoever the address belongs to.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from luton2040.caching import private_page
from pledges import contacts, letters
from pledges.models import Contact
from pledges.offering import draft as drafts
from pledges.offers import BadLink

SESSION, UNTIL = "partner", "partner_until"
SIGNED_IN_FOR = 8 * 60 * 60
NOT_SENT = "The letter could not be sent just now. Nothing is wrong with your address: try again later."
TOO_OFTEN = (  # as in ACCOUNT_RATE_LIMITS
    "To keep others from filling your mailbox, we send only so many letters. Look for those that came before, among "
    "the unwanted mail too: each link is good for one hour. Else wait an hour, and six hours at the longest, then ask "
    "again."
)
# Not no-referrer: browsers then hide from this site, too, where a form comes from, and it would be refused.
OF_A_LINK = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def contact_of(request: HttpRequest) -> Contact | None:
    """Whoever is signed in as a partner; nobody any more, at once, where the address was deleted."""
    pk = request.session.get(SESSION)
    if not pk or timezone.now().timestamp() > request.session.get(UNTIL, 0):
        return None
    return Contact.objects.filter(pk=pk).first()


def partner_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for partners, who are given to it: `contact`. Others are led to where they sign in, and back."""

    @private_page
    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        contact = contact_of(request)
        if contact is None:
            if request.method == "POST":
                messages.warning(
                    request,
                    "You were not signed in any more, so nothing was sent. Sign in, then go back in your browser to "
                    "what you typed and send it again.",
                )
            here = request.get_full_path()
            return redirect(f"{reverse('partners:sign_in')}?{urlencode({'next': here})}")
        return view(request, contact, *args, **kwargs)

    return wrapped


def address_of_site(request: HttpRequest) -> str:
    """What links in letters begin with."""
    return settings.SITE_URL or request.build_absolute_uri("/")


class AddressForm(forms.Form):
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="The one that you made a pledge with, or that the council knows you by.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Write your address.", "invalid": "Write an address such as name@example.org."},
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@private_page
def sign_in(request):
    then = _within(request.GET.get("next", ""))
    form, sent_to, problems, status = AddressForm(request.POST or None), "", [], 200
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            if ratelimit.consume(request, action="partner_sign_in", key=email):
                _send_link(email, then, site=address_of_site(request))
                sent_to = email
            else:
                problems, status = [TOO_OFTEN], 429
        except OSError:  # also what smtplib raises
            problems, status = [NOT_SENT], 503
    context = {"form": form, "sent_to": sent_to, "problems": problems, "then": then, "contact": contact_of(request)}
    context["write_to"] = settings.CONTACT_EMAIL
    return render(request, "pledges/partners/sign_in.html", context, status=status)


def _send_link(email: str, then: str, *, site: str) -> None:
    contact = Contact.objects.filter(email=email).first()
    if contact is None:
        letters.send(email, "unknown", "somebody asked to sign in", site=site, make=reverse("offering:start"))
    else:
        path = link_for(contact, then=then)
        letters.send(email, "sign_in", "your link to sign in", site=site, path=path)


def link_for(contact: Contact, *, then: str = "", within=contacts.SIGN_IN_WITHIN) -> str:
    """The path of a link that signs in, for a letter; `then` is where it leads on to."""
    path = reverse("partners:enter", args=[contacts.sign_in_token(contact, within=within)])
    return f"{path}?{urlencode({'next': then})}" if then else path


@private_page
def enter(request, token):
    """Programs that look through e-mail follow its links, so that it takes a press of a button."""
    response = _entered(request, token)
    for name, value in OF_A_LINK.items():
        response[name] = value
    response._has_been_logged = True  # else Django logs the address of a refusal, and with it a token that may work
    return response


def _entered(request: HttpRequest, token: str) -> HttpResponse:
    then = _within(request.GET.get("next", ""))
    try:
        if request.method == "POST":
            contact = contacts.sign_in(token, now=timezone.now())
            request.session.cycle_key()
            request.session[SESSION] = contact.pk
            request.session[UNTIL] = timezone.now().timestamp() + SIGNED_IN_FOR
            return redirect(then or "partners:home")
        contact = contacts.find_by_token(token)
    except BadLink:
        if contact_of(request):
            return redirect(then or "partners:home")
        return render(request, "pledges/partners/link_gone.html", {"then": then}, status=404)
    return render(request, "pledges/partners/enter.html", {"contact": contact})


def _within(then: str) -> str:
    """Nowhere but to the partners' own pages."""
    return then if then.startswith(reverse("partners:home")) and then.isprintable() and ".." not in then else ""


@private_page
def sign_out(request):
    if request.method == "POST":
        _forget(request)
        messages.success(request, "You are signed out.")
        return redirect("partners:sign_in")
    return redirect("partners:home")


@partner_page
def delete(request, contact):
    """Asked first: it cannot be undone."""
    if request.method == "POST":
        contacts.delete(contact, now=timezone.now())
        _forget(request)
        for place in (drafts.MAKING, drafts.SENT):
            drafts.forget(request.session, place)
        messages.success(request, "Your address is deleted, and you are signed out. What was published stays.")
        return redirect("partners:sign_in")
    context = {"contact": contact, "open": contact.offers.open().count()}
    return render(request, "pledges/partners/delete.html", context)


def _forget(request: HttpRequest) -> None:
    """Of this session only the partner: somebody may be signed in at the desk with it."""
    for name in (SESSION, UNTIL):
        request.session.pop(name, None)
    request.session.cycle_key()
