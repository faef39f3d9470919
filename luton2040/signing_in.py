"""How people sign in: what django-allauth is told, and what of it goes into the audit log."""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.account.models import EmailAddress
from allauth.account.stages import LoginByCodeStage
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa import signals as factor_signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import signals as django_signals
from django.core.cache import cache
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from requests import RequestException

from luton2040 import audit
from luton2040.accounts import User
from luton2040.desk.access import note_signing_in
from luton2040.vision import Vision

log = logging.getLogger(__name__)
DEMO_DOMAIN = "@demo.invalid"
LOCKED_FOR = 15 * 60  # as in ACCOUNT_RATE_LIMITS
TOO_MANY_TRIES = "That was too many tries. Wait 15 minutes, then try again."
RECENTLY = 5 * 60


class Backend(AuthenticationBackend):
    def user_can_authenticate(self, user) -> bool:
        """Also asked for every page, so that somebody who was deactivated is out at once."""
        is_demo = user.email.endswith(DEMO_DOMAIN)
        return super().user_can_authenticate(user) and (settings.DEBUG or not is_demo)


class CodeStage(LoginByCodeStage):
    def is_resumable(self, request: HttpRequest) -> bool:
        """Whoever waits for a code is not kept from asking for another, or from signing in with something else."""
        return False


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is not right. Try again, or ask for a link to "
        "set a new password.",
        "incorrect_code": "That is not the code that we sent last. Compare them, then try again.",
        "too_many_login_attempts": TOO_MANY_TRIES,
        "rate_limited": TOO_MANY_TRIES,
        "incorrect_password": "That is not your password. Try again.",
        "enter_current_password": "That is not your password now. Try again.",
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.account.stages.LoginByCodeStage": f"{__name__}.CodeStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app) -> bool:
        """Not of somebody who has signed in just now, as those have who are sent to set up their second step."""
        just_now = timezone.now().timestamp() - self.request.session.get("signed_in_at", 0) < RECENTLY
        return super().is_reauthentication_required(app=app) and not just_now

    def validation_error(self, code, *args):
        """Every refusal for too many tries comes by here, of passwords and of codes alike."""
        if code in ("too_many_login_attempts", "rate_limited"):
            note_lock_out(self.request)
        return super().validation_error(code, *args)

    def send_mail(self, template_prefix, email, context) -> None:
        """A mail server that is down must not undo what the mail tells of."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # also what smtplib raises
            log.error("E-mail %s to %s could not be sent: %s", template_prefix, email, error)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        what = NOTIFIED.get(template_prefix)
        if what:
            self.send_mail("account/email/changed", user.email, {"what": what, "user": user, "site": _site_name()})

    def authentication_failed(self, request, **credentials) -> None:
        note_refusal(request, _person(credentials.get("email", "")), "the password was wrong")

    def pre_login(self, request, user, **kwargs) -> HttpResponse | None:
        """However somebody proved who they are."""
        if Backend().user_can_authenticate(user):
            return None
        clear_login(request)
        return self.respond_user_inactive(request, user)

    def respond_user_inactive(self, request, user) -> HttpResponse:
        note_refusal(request, user, "this person is deactivated")
        return super().respond_user_inactive(request, user)


def _lock() -> MultiFernet:
    """Locked with SECRET_KEY, opened with those before it too: a stolen copy of the database is no second factor."""
    keys = (sha256(f"second factor {key}".encode()) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return MultiFernet([Fernet(urlsafe_b64encode(key.digest())) for key in keys])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That did not work. A code from an app changes every half minute: try the next one.",
        "cannot_generate_recovery_codes": "Recovery codes stand in for a second step: set that up first.",
    }

    def get_totp_issuer(self) -> str:
        return _site_name()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": _site_name()}

    def generate_authenticator_name(self, user, type) -> str:
        others = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {others + 1}" if others else "Passkey"

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _lock().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """To stand in the page: a picture by data: address would need a hole in the security policy."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :].replace("<svg", '<svg role="img" aria-label="QR code"', 1)


class CouncilAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin) -> bool:
        """Only asked of somebody whom nobody here knows."""
        addresses = ", ".join(address.email for address in sociallogin.email_addresses) or "somebody without an address"
        what = f"{addresses} came through {settings.OIDC_NAME}, but has not been invited."
        audit.record(audit.Action.SIGN_IN_REFUSED, what=what, address=request.path)
        return False

    def pre_social_login(self, request, sociallogin) -> None:
        """Only ever to sign in: an address could also ask to tie the council's account to whoever is signed in here."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(redirect("account_login"))

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None) -> None:
        log.warning("Sign-in through %s failed: %s %s", provider.name, error, exception)
        what = f"A sign-in through {provider.name} failed."
        audit.record(audit.Action.SIGN_IN_REFUSED, what=what, address=request.path)


class AccountPages:
    """They show secrets and take them: nothing of them is kept anywhere, not even by the Back button."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/accounts/"):
            response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The council's server does not answer: django-allauth catches that only later on the way."""
        if not isinstance(exception, RequestException):
            return None
        log.error("The council's own sign-in does not answer: %s", exception)
        return render(request, "socialaccount/authentication_error.html", status=503)


def _site_name() -> str:
    return Vision.objects.current().values_list("name", flat=True).first() or "Outcomes"


# --- on the record ---

NOTIFIED = {
    "account/email/password_changed": "Your password was changed.",
    "account/email/password_reset": "A password was set through a link that was sent to you.",
    "mfa/email/totp_activated": "An app that makes codes was added as your second step.",
    "mfa/email/totp_deactivated": "The app that makes codes is no longer your second step.",
    "mfa/email/webauthn_added": "A passkey was added.",
    "mfa/email/webauthn_removed": "A passkey was removed.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made.",
    "socialaccount/email/account_connected": "You can now sign in with your work account.",
}
STEPS = {
    "password": "a password",
    "password_reset": "a link sent by e-mail",
    "code": "a code sent by e-mail",
    "socialaccount": "the council's own sign-in",
    "totp": "a code from an app",
    "webauthn": "a passkey",
    "recovery_codes": "a recovery code",
}
FACTORS = {"totp": "an app that makes codes", "webauthn": "a passkey", "recovery_codes": "recovery codes"}


def _person(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first() if email else None


def _record(action: audit.Action, person: User | None, what: str, request: HttpRequest, by=None) -> None:
    audit.record(action, what=what, by=by, about=f"user {person.pk}" if person else "", address=request.path)


def _as(person: User | None) -> str:
    return f" as {person.email}" if person else ""


def note_refusal(request: HttpRequest, person: User | None, why: str) -> None:
    """What somebody typed who is not known here is not kept: it may be a password in the wrong field."""
    what = f"A sign-in as {person.email} was refused: {why}." if person else "A sign-in as nobody known was refused."
    _record(audit.Action.SIGN_IN_REFUSED, person, what, request)


def note_lock_out(request: HttpRequest) -> None:
    """Once for as long as it lasts: whoever goes on trying must not fill the log."""
    typed, stage = request.POST.get("login") or request.POST.get("email", ""), get_pending_stage(request)
    person = stage.login.user if stage and not typed else _person(typed)
    if request.user.is_authenticated:
        person = request.user
    if cache.add(f"locked-out:{person.pk if person else 'nobody'}:{request.path}", True, LOCKED_FOR):
        _record(audit.Action.LOCKED_OUT, person, f"Too many tries{_as(person)}: locked out for 15 minutes.", request)


def note_wrong_code(request: HttpRequest, person: User | None, *, is_last: bool) -> None:
    """Of a code sent by e-mail, whether or not there was anybody to send one to."""
    note_refusal(request, person, "the code sent by e-mail was wrong")
    if is_last:
        what = f"Too many wrong codes{_as(person)}: locked out until another code is sent."
        _record(audit.Action.LOCKED_OUT, person, what, request)


def _signed_in(sender, request, user, **kwargs) -> None:
    records = get_authentication_records(request, user)
    how = [STEPS.get(record.get("type") or record["method"], "another step") for record in records]
    what = f"Signed in with {' and '.join(dict.fromkeys(how)) or 'another step'}."
    _record(audit.Action.SIGNED_IN, user, what, request, by=user)


def _signed_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        _record(audit.Action.SIGNED_OUT, user, "Signed out.", request, by=user)


def _second_step_failed(sender, request, user, **kwargs) -> None:
    note_refusal(request, user, "the second step was wrong")


def _password_changed(sender, request, user, signal, **kwargs) -> None:
    by_link = signal is account_signals.password_reset
    what = "Set a password through a link sent by e-mail." if by_link else "Changed their password."
    _record(audit.Action.PASSWORD_CHANGED, user, what, request, by=user)


def _factor_changed(sender, request, user, authenticator, signal, **kwargs) -> None:
    is_removal = signal is factor_signals.authenticator_removed
    action = audit.Action.FACTOR_REMOVED if is_removal else audit.Action.FACTOR_ADDED
    what = f"{'Removed' if is_removal else 'Added'} {FACTORS[authenticator.type]} as a second step."
    _record(action, user, what, request, by=user)


def _give_address(sender, instance, created, raw=False, **kwargs) -> None:
    """django-allauth keeps addresses apart from people; here each has one, which an administrator gave."""
    if created and not raw:
        EmailAddress.objects.create(user=instance, email=instance.email.lower(), primary=True, verified=True)


def listen() -> None:
    post_save.connect(_give_address, sender=User)
    django_signals.user_logged_in.connect(note_signing_in)
    django_signals.user_logged_out.connect(_signed_out)
    account_signals.user_logged_in.connect(_signed_in)
    for signal in ("password_changed", "password_reset"):
        getattr(account_signals, signal).connect(_password_changed)
    for signal in ("authenticator_added", "authenticator_removed", "authenticator_reset"):
        getattr(factor_signals, signal).connect(_factor_changed)
    factor_signals.authentication_failed.connect(_second_step_failed)
