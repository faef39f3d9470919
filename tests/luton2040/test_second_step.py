"""Setting up the second step, with what is told once the transaction stands."""

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core import mail
from django.test import Client

from luton2040.audit import Action, Entry
from luton2040.roles import Role
from tests import factories as make
from tests.signing_in import PASSWORD, set_up_app, sign_in, who

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def newcomer(settings, transactional_db):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    make.create_place()
    return make.create_person(role=Role.APPROVER, email="eve@example.org", password=PASSWORD, second_factor=False)


def told(action):
    return [entry.what for entry in Entry.objects.of_action(action).oldest_first()]


def test_somebody_just_signed_in_sets_up_an_app_without_their_password_again(client):
    sign_in(client, "eve@example.org")
    assert client.get("/desk/account/")["Location"].startswith("/accounts/2fa/")
    assert len(set_up_app(client)) == 10
    assert client.get("/desk/account/").status_code == 200
    assert "Added an app that makes codes as a second step." in told(Action.FACTOR_ADDED)
    (letter,) = mail.outbox
    assert letter.to == ["eve@example.org"]
    assert letter.subject == "An app that makes codes was added as your second step."


def test_recovery_code_signs_in_once(client, newcomer):
    sign_in(client, "eve@example.org")
    recovery = set_up_app(client)[0]
    for works in (True, False):
        client = Client()
        sign_in(client, "eve@example.org")
        client.post("/accounts/2fa/authenticate/", {"code": recovery})
        assert (who(client) == str(newcomer.pk)) == works
    assert told(Action.SIGNED_IN)[-1] == "Signed in with a password and a recovery code."


def test_app_is_given_up(client):
    sign_in(client, "eve@example.org")
    set_up_app(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert told(Action.FACTOR_REMOVED) == [
        "Removed an app that makes codes as a second step.",
        "Removed recovery codes as a second step.",
    ]


def test_secret_of_an_app_is_locked_and_opened_by_the_key_before_too(client, newcomer, settings):
    sign_in(client, "eve@example.org")
    set_up_app(client)
    app = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    secret = get_adapter().decrypt(app.data["secret"])
    assert re.fullmatch(r"[A-Z2-7]{32}", secret)
    assert secret not in str(app.data)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert get_adapter().decrypt(app.data["secret"]) == secret
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        get_adapter().decrypt(app.data["secret"])
