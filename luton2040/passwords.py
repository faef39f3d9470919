"""Passwords: those known to thieves are refused; links to set one are good for a time, and once."""

import hashlib
import logging
from urllib.request import Request, urlopen

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.http import base36_to_int

log = logging.getLogger(__name__)
RANGES = "https://api.pwnedpasswords.com/range/"
SECONDS = 2
LINK_GOOD_FOR = 60 * 60


class NotBreached:
    """Asks Have I Been Pwned by k-anonymity: only the first 5 of 40 characters of a digest leave this machine.

    Where the service does not answer the password passes, as the check against common passwords still holds.
    """

    def validate(self, password: str, user=None) -> None:
        if settings.CHECK_BREACHED_PASSWORDS and is_breached(password):
            raise ValidationError(
                "This password has been stolen from another site and is known to thieves. Choose another one.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return "Your password must not be one that has been stolen from another site."


def is_breached(password: str) -> bool:
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    # Padding hides from anybody listening how many digests begin alike.
    asked = Request(RANGES + digest[:5], headers={"Add-Padding": "true", "User-Agent": "luton2040"})
    try:
        with urlopen(asked, timeout=SECONDS) as answer:
            lines = answer.read().decode("ascii").split()
    except (OSError, ValueError) as error:
        log.warning("Breached passwords could not be checked: %s", error)
        return False
    found = dict(line.split(":", 1) for line in lines if ":" in line)
    return found.get(digest[5:], "0") != "0"


class LinkTokens(PasswordResetTokenGenerator):
    """A link for a forgotten password is good for an hour, an invitation's for PASSWORD_RESET_TIMEOUT."""

    def check_token(self, user, token) -> bool:
        if not super().check_token(user, token):
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.split("-")[0])
        return age <= LINK_GOOD_FOR or not (user.last_login or user.has_usable_password())
