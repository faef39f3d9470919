"""Steps of signing in, as a person takes them."""

import re

from allauth.mfa.totp.internal import auth as totp
from django.core import mail

from tests.reading import Page

PASSWORD = "seven wet umbrellas"
SECRET = "A" * 32  # of the app of everybody whom factories.create_person gives a second factor


def sign_in(client, email="ann@example.org", password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def ask_for_code(client, email="ann@example.org", **more) -> str:
    """The code in the letter that came of it; empty where there is none in it."""
    client.post("/accounts/login/code/", {"email": email, **more})
    return "".join(re.findall(r"\b[0-9]{4}-[0-9]{4}\b", mail.outbox.pop().body))


def type_code(client, code: str, **more):
    return client.post("/accounts/login/code/confirm/", {"code": code, **more})


def who(client) -> str | None:
    """The key of whoever is signed in."""
    return client.session.get("_auth_user_id")


def code(secret=SECRET) -> str:
    """What an authenticator app shows now."""
    _, now, _ = totp.yield_hotp_counters_from_time()  # the one before and the one after are taken too
    return totp.format_hotp_value(totp.hotp_value(secret, now))


def set_up_app(client) -> list[str]:
    """The second step as somebody sets it up who has signed in just now; gives the recovery codes shown after it."""
    page = Page(client.get("/accounts/2fa/totp/activate/"))
    (secret,) = page.all("p", **{"class": "secret"})
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code(secret.text)}, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    return [e.text for e in Page(answer).one("ul", **{"class": "codes"})]
