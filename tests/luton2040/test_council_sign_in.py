"""The council's own sign-in, by OpenID Connect: django-allauth's whole flow against a provider made of thin air."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import time
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as django_settings
from django.core import mail
from requests import ConnectionError as RequestsConnectionError
from requests import Response, Session

from luton2040.audit import Action, Entry
from luton2040.roles import Role
from tests import factories as make
from tests import reading
from tests.reading import Page
from tests.signing_in import who

pytestmark = pytest.mark.django_db
ISSUER = "https://id.council.example/tenant"
CALLBACK = "http://testserver/accounts/oidc/council/login/callback/"


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """The council's server: what allauth asks of it over HTTP, and the person who signs in there."""

    def __init__(self, key):
        self.key = key
        self.claims = {"sub": "abc-123", "email": "bob@example.org", "name": "Bob"}
        self.codes = {}
        self.is_down = False

    def approve(self, location):
        """What the person does at the provider; gives the address that their browser is sent back to."""
        address, asked = urlsplit(location), dict(parse_qsl(urlsplit(location).query))
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{ISSUER}/authorize"
        assert (asked["client_id"], asked["redirect_uri"], asked["response_type"]) == ("desk", CALLBACK, "code")
        assert set(asked["scope"].split()) == {"openid", "profile", "email"}
        assert asked["code_challenge_method"] == "S256"
        self.codes["a-code"] = asked["code_challenge"]
        return f"{urlsplit(CALLBACK).path}?code=a-code&state={asked['state']}"

    def request(self, session, method, url, data=None, **kwargs):
        if self.is_down:
            raise RequestsConnectionError("no route")
        answers = {
            ("GET", f"{ISSUER}/.well-known/openid-configuration"): self.configuration,
            ("POST", f"{ISSUER}/token"): self.token,
            ("GET", f"{ISSUER}/userinfo"): lambda sent, headers: self.claims,
        }
        response = Response()
        response.status_code, response.headers["content-type"] = 200, "application/json"
        response._content = json.dumps(answers[method.upper(), url](data, kwargs.get("headers"))).encode()
        return response

    def configuration(self, sent, headers):
        ends = {f"{end}_endpoint": f"{ISSUER}/{path}" for end, path in
                (("authorization", "authorize"), ("token", "token"), ("userinfo", "userinfo"))}  # fmt: skip
        return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", **ends,
                "token_endpoint_auth_methods_supported": ["client_secret_post"]}  # fmt: skip

    def token(self, sent, headers):
        sent = dict(parse_qsl(sent)) if isinstance(sent, str) else sent
        assert (sent["client_id"], sent["client_secret"], sent["redirect_uri"]) == ("desk", "secret", CALLBACK)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        assert self.codes.pop(sent["code"]) == base64.urlsafe_b64encode(digest).decode().rstrip("=")
        now = int(time.time())
        said = self.claims | {"iss": ISSUER, "aud": "desk", "iat": now, "exp": now + 300}
        id_token = jwt.encode(said, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "an-access-token", "token_type": "Bearer", "id_token": id_token}


@pytest.fixture(autouse=True)
def provider(exampleton, key, settings, monkeypatch):
    provider = Provider(key)
    monkeypatch.setattr(Session, "request", lambda *args, **kwargs: provider.request(*args, **kwargs))
    app = {
        "provider_id": "council",
        "name": "your council account",
        "client_id": "desk",
        "secret": "secret",
        "settings": {"server_url": ISSUER, "verified_email": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return provider


def begin(client, back="/desk/account/"):
    """From the sign-in page to the provider."""
    link = Page(client.get(f"/accounts/login/?next={back}")).link("Sign in with your council account")
    answer = client.get(link)
    assert answer.status_code == 302
    return answer["Location"]


def come_in(client, provider):
    return client.get(provider.approve(begin(client)))


def test_invited_person_comes_in_by_the_councils_sign_in(client, provider):
    bob = make.create_person(role=Role.OFFICER, email="bob@example.org")
    answer = come_in(client, provider)
    assert answer["Location"] == "/desk/account/"
    assert who(client) == str(bob.pk)
    assert client.get("/desk/account/").status_code == 200
    entry = Entry.objects.of_action(Action.SIGNED_IN).get()
    assert (entry.by, entry.what) == (bob, "Signed in with the council's own sign-in.")


def test_person_is_known_again_by_the_provider_even_under_another_address(client, provider):
    bob = make.create_person(role=Role.OFFICER, email="bob@example.org")
    come_in(client, provider)
    client.logout()
    provider.claims["email"] = "bob.smith@example.org"
    come_in(client, provider)
    assert who(client) == str(bob.pk)


def test_address_is_compared_in_any_case(client, provider):
    bob = make.create_person(role=Role.OFFICER, email="bob@example.org")
    provider.claims["email"] = "Bob@Example.ORG"
    come_in(client, provider)
    assert who(client) == str(bob.pk)


def test_second_step_is_the_councils_affair(client, provider):
    make.create_person(role=Role.APPROVER, email="bob@example.org", second_factor=False)
    come_in(client, provider)
    assert client.get("/desk/account/").status_code == 200


def test_second_step_that_somebody_has_here_is_asked_still(client, provider):
    make.create_person(role=Role.APPROVER, email="bob@example.org")
    assert come_in(client, provider)["Location"].startswith("/accounts/2fa/authenticate/")
    assert who(client) is None


def test_owner_of_the_address_hears_of_it_the_first_time(client, provider):
    make.create_person(role=Role.OFFICER, email="bob@example.org")
    come_in(client, provider)
    client.logout()
    come_in(client, provider)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["bob@example.org"], "You can now sign in with your work account.")


def test_password_stays_beside_it(client, provider):
    bob = make.create_person(role=Role.OFFICER, email="bob@example.org", password="seven wet umbrellas")
    come_in(client, provider)
    bob.refresh_from_db()
    assert bob.has_usable_password()


@pytest.mark.parametrize("claims", [{"email": "eve@example.org"}, {"email": ""}, {"email": None}])
def test_somebody_who_is_not_invited_does_not_come_in(client, provider, claims):
    provider.claims |= claims
    page = Page(come_in(client, provider))
    assert "You have not been invited yet" in page.main
    assert [fault for check in reading.CHECKS for fault in check(page)] == []
    assert who(client) is None
    assert make.User.objects.count() == 0
    entry = Entry.objects.of_action(Action.SIGN_IN_REFUSED).get()
    assert entry.what.endswith("has not been invited.")


def test_deactivated_person_does_not_come_in(client, provider):
    make.create_person(role=Role.OFFICER, email="bob@example.org", is_active=False)
    assert come_in(client, provider)["Location"] == "/accounts/inactive/"
    assert who(client) is None


def test_answer_that_was_not_asked_for_is_refused(client, provider):
    make.create_person(role=Role.OFFICER, email="bob@example.org")
    provider.approve(begin(client))
    answer = client.get(f"{urlsplit(CALLBACK).path}?code=a-code&state=forged")
    assert answer.status_code == 401
    page = Page(answer)
    assert "That sign-in did not work" in page.main
    assert [fault for check in reading.CHECKS for fault in check(page)] == []
    assert who(client) is None
    assert Entry.objects.of_action(Action.SIGN_IN_REFUSED).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"aud": "another"}, id="for another site"),
        pytest.param({"iss": "https://evil.example"}, id="from another provider"),
        pytest.param({"exp": 1}, id="out of date"),
    ],
)
def test_token_that_is_wrong_is_refused(client, provider, monkeypatch, wrong):
    make.create_person(role=Role.OFFICER, email="bob@example.org")
    encode = jwt.encode
    monkeypatch.setattr(jwt, "encode", lambda said, *args, **kwargs: encode(said | wrong, *args, **kwargs))
    assert come_in(client, provider).status_code == 401
    assert who(client) is None


def test_person_who_stops_is_told_so(client, provider):
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    answer = client.get(f"{urlsplit(CALLBACK).path}?error=access_denied&state={state}", follow=True)
    assert "You stopped signing in" in Page(answer).main


def test_provider_that_is_down_is_told_in_words(client, provider):
    link = Page(client.get("/accounts/login/")).link("Sign in with your council account")
    provider.is_down = True
    answer = client.get(link)
    assert answer.status_code == 503
    assert "That sign-in did not work" in Page(answer).main


def test_councils_account_is_not_tied_to_whoever_is_signed_in(client, provider):
    make.sign_in(client, make.create_person(role=Role.OFFICER, email="ann@example.org"))
    answer = client.get("/accounts/oidc/council/login/?process=connect")
    client.get(provider.approve(answer["Location"]))
    assert not SocialAccount.objects.exists()


def test_no_button_without_the_setting(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    page = Page(client.get("/accounts/login/"))
    assert "Sign in with your" not in page.main
    assert client.get("/accounts/oidc/council/login/").status_code == 404


@pytest.mark.parametrize("issuer, apps", [("", []), (f"{ISSUER}/", ["council"])])
def test_environment_alone_switches_it_on(issuer, apps):
    code = "from luton2040 import settings as s; import json; print(json.dumps(s.SOCIALACCOUNT_PROVIDERS))"
    given = {"SECRET_KEY": "x", "OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": "desk", "OIDC_CLIENT_SECRET": "secret"}
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=django_settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "OIDC_NAME": "your council account", **given},
        capture_output=True,
        check=True,
        text=True,
    )
    found = json.loads(run.stdout)["openid_connect"]["APPS"]
    assert [app["provider_id"] for app in found] == apps
    for app in found:
        assert app["settings"] == {"server_url": ISSUER, "verified_email": True}
        assert (app["client_id"], app["secret"], app["name"]) == ("desk", "secret", "your council account")
