"""Who gets into a page of the desk, and what becomes of what somebody typed who does not, or not yet."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from luton2040 import audit
from luton2040.caching import UNSHARED, read_at
from luton2040.editions import Edition
from luton2040.pages import record_is_empty
from luton2040.roles import Act, may, must_have_second_factor, refusal

LONGEST_KEPT = 1_000_000
KEPT_FOR = 60 * 60
LONGEST_SIGNED_IN = 12 * 60 * 60
SENDER = "sender"  # the hidden field by which a form says whose page it stood on
NOTED_EVERY = 5 * 60  # so that reading the desk does not write to the database with every page
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def desk_page(act: Act) -> Callable:
    """A view for those who may do this: `request.edition`, `.today`, `.vision` as on public pages, and `.kept`.

    `kept` is what had been typed on this page (a QueryDict) when its sender turned out not to be signed in, once; else
    None.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            response = _turned_away(request, act) or view(request, *args, **kwargs)
            response.setdefault("Cache-Control", UNSHARED)
            return response

        wrapped.act = act
        return wrapped

    return decorate


def forbid(request: HttpRequest, reason: str) -> None:
    """A 403 that says why, on the record. Call it outside a transaction: the entry must outlive the exception."""
    what = f"{'Wanted to open' if request.method in ('GET', 'HEAD') else 'Wanted to change something at'} this page."
    audit.record(audit.Action.DENIED, what=f"{what} {reason}", by=request.user, address=request.path)
    raise PermissionDenied(reason)


def _turned_away(request: HttpRequest, act: Act) -> HttpResponse | None:
    if request.user.is_authenticated and _is_over(request):
        logout(request)
        messages.info(request, "You were signed out because you had been signed in for 12 hours.")
    if not request.user.is_authenticated:
        return _sent_to(request, "account_login")
    if not may(request.user, act):
        forbid(request, refusal(act))
    if lacks_second_factor(request):
        messages.warning(request, "Your role needs a second step when you sign in. Set one up to go on.")
        return _sent_to(request, "mfa_index")
    newest = Edition.objects.current()
    if newest is None:
        return record_is_empty(request)
    read_at(request, newest)
    request.kept = _kept(request)
    _note_use(request)
    return None


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whoever came through the council's own sign-in has shown there what the council asks for."""
    if not settings.ASK_SECOND_FACTOR or not must_have_second_factor(request.user):
        return False
    if any(record["method"] == "socialaccount" for record in get_authentication_records(request, request.user)):
        return False
    return not is_mfa_enabled(request.user, SECOND_FACTORS)


# --- how long somebody stays signed in: 8 hours after the last use (SESSION_COOKIE_AGE), and 12 in all ---


def note_signing_in(sender, request: HttpRequest, **kwargs) -> None:
    now = timezone.now().timestamp()
    request.session["signed_in_at"] = request.session["used_at"] = now
    request.session.set_expiry(None)  # what was kept for somebody not signed in had a shorter time


def _is_over(request: HttpRequest) -> bool:
    return timezone.now().timestamp() - request.session.get("signed_in_at", 0) > LONGEST_SIGNED_IN


def _note_use(request: HttpRequest) -> None:
    now = timezone.now().timestamp()
    if now - request.session.get("used_at", 0) > NOTED_EVERY:
        request.session["used_at"] = now


# --- nothing typed is lost ---


def _sent_to(request: HttpRequest, name: str) -> HttpResponse:
    """To another page first, and then back to the one that the reader sees."""
    shown = _shown_page(request)
    if request.method == "POST":
        _keep(request, urlsplit(shown).path)
    address = f"{reverse(name)}?{urlencode({'next': shown})}"
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)


def _shown_page(request: HttpRequest) -> str:
    """A form may be sent to an address that shows no page of its own, as its autosave is."""
    if request.method != "GET" or request.headers.get("HX-Request"):
        seen = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
        if seen.netloc == request.get_host() and seen.path.startswith("/desk/"):
            return seen._replace(scheme="", netloc="", fragment="").geturl()
    return request.get_full_path()


def _keep(request: HttpRequest, path: str) -> None:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    whose = typed.pop(SENDER, [""])[-1]
    text = typed.urlencode()
    if not text:
        return
    if len(text) > LONGEST_KEPT or not ratelimit.consume(request, action="keep_typed"):
        messages.warning(request, "What you sent was too much to keep. Go back in your browser to copy it first.")
        return
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_FOR)
    request.session["kept"] = {"path": path, "typed": text, "whose": whose}
    messages.info(request, "What you typed is kept and comes back after this step.")


def _kept(request: HttpRequest) -> QueryDict | None:
    """Also gone once the page was opened: what is typed from then on is newer."""
    kept = request.session.get("kept")
    if not kept or kept["path"] != request.path or request.method != "GET":
        return None
    del request.session["kept"]
    # Whoever signs in next at this browser may be somebody else, who neither sees it nor hands it in as their own.
    return QueryDict(kept["typed"]) if kept["whose"] in ("", str(request.user.pk)) else None
