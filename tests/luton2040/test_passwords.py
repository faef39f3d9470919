"""Which passwords are taken, and what of them leaves this machine."""

import hashlib
import io
import logging
from urllib.error import URLError

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from luton2040 import passwords
from tests import factories as make

pytestmark = pytest.mark.django_db
STOLEN, OWN = "seven wet umbrellas", "nine dry umbrellas"


def said(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@pytest.mark.parametrize(
    "password, why",
    [
        pytest.param("wet umbrell", "at least 12 characters", id="eleven characters"),
        pytest.param("wet umbrella", "", id="twelve characters"),
        pytest.param("1q2w3e4r5t6y", "too common", id="common"),
        pytest.param("annabel.smithers", "too similar to the e-mail address", id="like the address"),
        pytest.param("Annabel Smithers", "too similar to the name", id="like the name"),
    ],
)
def test_password_is_refused_in_words(password, why):
    user = make.create_user(email="annabel.smithers@example.org", name="Annabel Smithers")
    assert why in said(password, user)
    assert bool(said(password, user)) == bool(why)


# --- stolen ones ---


class Service:
    """Answers as the Pwned Passwords service does: the rest of each digest that begins alike, padded with zeros."""

    def __init__(self, *stolen):
        self.digests = [hashlib.sha1(password.encode()).hexdigest().upper() for password in stolen]
        self.asked = []

    def __call__(self, request, timeout):
        self.asked.append(request)
        assert timeout <= 3
        begins = request.full_url.rsplit("/", 1)[1]
        lines = [f"{digest[5:]}:23" for digest in self.digests if digest.startswith(begins)]
        return io.BytesIO("\r\n".join([*lines, "0" * 35 + ":0", "F" * 35 + ":2"]).encode())


@pytest.fixture
def service(monkeypatch, settings):
    settings.CHECK_BREACHED_PASSWORDS = True
    service = Service(STOLEN)
    monkeypatch.setattr(passwords, "urlopen", service)
    return service


def test_stolen_password_is_refused(service):
    assert said(STOLEN) == (
        "This password has been stolen from another site and is known to thieves. Choose another one."
    )
    assert said(OWN) == ""


def test_only_five_characters_of_a_digest_leave(service):
    said(STOLEN)
    (asked,) = service.asked
    digest = hashlib.sha1(STOLEN.encode()).hexdigest().upper()
    assert asked.full_url == f"https://api.pwnedpasswords.com/range/{digest[:5]}"
    assert asked.data is None
    everything = f"{asked.full_url} {asked.header_items()}"
    assert digest[5:] not in everything and STOLEN not in everything
    assert asked.get_header("Add-padding") == "true"


def test_padding_is_not_taken_for_a_find(service, monkeypatch):
    digest = hashlib.sha1(OWN.encode()).hexdigest().upper()
    monkeypatch.setattr(passwords, "urlopen", lambda *args, **kwargs: io.BytesIO(f"{digest[5:]}:0".encode()))
    assert said(OWN) == ""


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(URLError("no route"), id="not there"),
        pytest.param(TimeoutError("too slow"), id="too slow"),
        pytest.param(io.BytesIO("\u20ac".encode()), id="not understood"),
    ],
)
def test_password_passes_where_the_service_does_not_answer_and_it_is_logged(service, monkeypatch, caplog, answer):
    def fail(*args, **kwargs):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(passwords, "urlopen", fail)
    with caplog.at_level(logging.WARNING):
        assert said(STOLEN) == ""
    assert "Breached passwords could not be checked" in caplog.text
    assert "too common" in said("1q2w3e4r5t6y")


def test_nothing_is_asked_where_the_setting_is_off(service, settings):
    settings.CHECK_BREACHED_PASSWORDS = False
    assert said(STOLEN) == ""
    assert service.asked == []
