"""Letters from officers to partners, after what they tell of is done: a mail server that is down undoes nothing."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

from pledges import letters
from pledges.models import Contact


def send(request: HttpRequest, contact: Contact | None, letter: str, subject: str, **context) -> bool:
    """Whether it went out; the officer is told where it did not."""
    if contact is None:
        messages.info(request, "Nobody is written to: the address that it came from was deleted.")
        return False
    site = settings.SITE_URL or request.build_absolute_uri("/")
    try:
        letters.send(contact.email, letter, subject, site=site, **context)
    except OSError as error:  # also what smtplib raises
        said = f"The letter to {contact.email} could not be sent: {error}. Write to them yourself, and tell whoever"
        messages.error(request, f"{said} runs the site.")
        return False
    return True
