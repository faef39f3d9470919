"""django-allauth's forms in the desk's words, and the administrators' own."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factors
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django.forms import HiddenInput

from luton2040.signing_in import Backend

CODE = "Six figures from the app on your phone, or one of your recovery codes."
PASSWORD = "At least 12 characters. Three or four words that do not belong together are easy to keep and hard to guess."
# Field: its label and its hint.
WORDS = {
    "login": ("E-mail address", ""),
    "email": ("E-mail address", ""),
    "password": ("Password", ""),
    "oldpassword": ("Your password now", ""),
    "password1": ("New password", PASSWORD),
    "password2": ("New password, once more", ""),
    "code": ("Code", CODE),
    "name": ("What to call it", "Such as 'Work laptop', so that you know it again."),
}


class InOurWords:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, field.help_text = WORDS.get(name, (field.label, field.help_text))


class Login(InOurWords, account.LoginForm):
    pass


class ChangePassword(InOurWords, account.ChangePasswordForm):
    pass


class ResetPassword(InOurWords, account.ResetPasswordForm):
    pass


class ResetPasswordKey(InOurWords, account.ResetPasswordKeyForm):
    pass


class Reauthenticate(InOurWords, account.ReauthenticateForm):
    pass


class RequestLoginCode(InOurWords, account.RequestLoginCodeForm):
    def clean_email(self) -> str:
        """Whoever could not sign in with a code is sent none, but the letter of somebody unknown."""
        email = super().clean_email()
        if self._user and not Backend().user_can_authenticate(self._user):
            self._user = None
        return email


class ConfirmLoginCode(InOurWords, account.ConfirmLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Eight figures, with or without the dash."
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class Authenticate(InOurWords, factors.AuthenticateForm):
    pass


class ReauthenticateByCode(InOurWords, factors.ReauthenticateForm):
    pass


class ActivateTOTP(InOurWords, ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "The six figures that the app shows now."


@contextmanager
def understood() -> Iterator[None]:
    """A credential that no browser would send is refused as a wrong one is; the library would fail on it."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class Understood:
    def clean_credential(self):
        with understood():
            return super().clean_credential()


class SignInWithPasskey(Understood, passkeys.LoginWebAuthnForm):
    pass


class AuthenticateWithPasskey(Understood, passkeys.AuthenticateWebAuthnForm):
    pass


class ReauthenticateWithPasskey(Understood, passkeys.ReauthenticateWebAuthnForm):
    pass


class AddPasskey(InOurWords, passkeys.AddWebAuthnForm):
    """Always one that can sign in by itself: passkeys of two kinds would need explaining."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].widget = HiddenInput()
        self.initial["passwordless"] = True

    def clean(self):
        with understood():
            return super().clean()


class RenamePasskey(InOurWords, passkeys.EditWebAuthnForm):
    pass
