"""E-mails to partners. No text that somebody typed gets into a subject, and every link leads to this site."""

from django.core.mail import send_mail
from django.template.loader import render_to_string

from luton2040.vision import Vision


def send(email: str, letter: str, subject: str, *, site: str, **context) -> None:
    """`letter` names a template in templates/pledges/mail; `site` is such as https://example.org, links go below it."""
    vision = Vision.objects.current().first()
    name = vision.name if vision else ""
    text = render_to_string(f"pledges/mail/{letter}.txt", {"vision": vision, "site": site.rstrip("/"), **context})
    send_mail(" ".join(f"{name}: {subject}".split()), text, None, [email])
