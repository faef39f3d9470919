"""Signing in: passwords, the second step, lock-out, links by e-mail; and what of it goes on the record."""

import re
import time
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from luton2040 import people
from luton2040.audit import Action, Entry
from luton2040.roles import Role
from tests import factories as make
from tests import reading
from tests.html_validity import problems
from tests.reading import Page
from tests.signing_in import PASSWORD, code, set_up_app, sign_in, who

pytestmark = pytest.mark.django_db
OTHER = "nine dry umbrellas"
WRONG = "The e-mail address or the password is not right."
LOCKED = "That was too many tries. Wait 15 minutes, then try again."


@pytest.fixture(autouse=True)
def place(exampleton, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def officer():
    return make.create_person(role=Role.OFFICER, email="ann@example.org", name="Ann", password=PASSWORD)


@pytest.fixture
def approver():
    return make.create_person(role=Role.APPROVER, email="bob@example.org", name="Bob", password=PASSWORD)


def entries(action):
    return list(Entry.objects.of_action(action).oldest_first())


# --- with a password ---


def test_password_signs_in_and_leads_to_the_desk(client, officer):
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert who(client) == str(officer.pk)
    (entry,) = entries(Action.SIGNED_IN)
    assert (entry.by, entry.about, entry.what) == (officer, f"user {officer.pk}", "Signed in with a password.")


def test_sign_in_leads_back_to_where_one_wanted_to_go_and_never_off_the_site(client, officer):
    assert sign_in(client, next="/desk/hold/?a=1")["Location"] == "/desk/hold/?a=1"
    client.logout()
    assert sign_in(client, next="https://evil.example/")["Location"] == "/desk/"


def test_address_is_taken_in_any_case(client, officer):
    sign_in(client, " Ann@Example.ORG ")
    assert who(client) == str(officer.pk)


@pytest.mark.parametrize(
    "email, what",
    [
        pytest.param(
            "ann@example.org", "A sign-in as ann@example.org was refused: the password was wrong.", id="known"
        ),
        pytest.param("my-secret@example.org", "A sign-in as nobody known was refused.", id="unknown"),
    ],
)
def test_refusal_does_not_tell_whether_the_address_is_known(client, officer, email, what):
    answer = sign_in(client, email, "wrong")
    assert answer.status_code == 200
    page = Page(answer)
    assert WRONG in page.main
    assert page.one("input", name="login").get("value") == email
    assert who(client) is None
    (entry,) = entries(Action.SIGN_IN_REFUSED)
    assert (entry.by, entry.what) == (None, what)
    assert "my-secret" not in entry.what + entry.by_email + entry.address


@pytest.mark.parametrize("email", ["ann@example.org", "nobody@example.org"])
def test_five_wrong_tries_lock_out_for_a_quarter_of_an_hour(client, officer, email):
    for _ in range(5):
        assert WRONG in Page(sign_in(client, email, "wrong")).main
    for _ in range(3):
        page = Page(sign_in(client, email, PASSWORD))
        assert LOCKED in page.main and WRONG not in page.main
    assert who(client) is None
    (entry,) = entries(Action.LOCKED_OUT)
    assert entry.what.endswith("locked out for 15 minutes.")
    assert ("ann@example.org" in entry.what) == (email == "ann@example.org")


def test_lock_out_holds_in_every_process(client, officer):
    """The counts are in the database, not in the memory of one of several servers."""
    for _ in range(5):
        sign_in(Client(), password="wrong")
    assert LOCKED in Page(sign_in(Client())).main


def test_lock_out_ends(client, officer, monkeypatch):
    for _ in range(5):
        sign_in(client, password="wrong")
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr("time.time", lambda: later)
    sign_in(client)
    assert who(client) == str(officer.pk)


def test_others_are_not_locked_out_with_somebody(client, officer, approver):
    for _ in range(5):
        sign_in(client, "bob@example.org", "wrong")
    sign_in(client)
    assert who(client) == str(officer.pk)


def test_too_many_tries_from_one_place_are_answered_in_words(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "2/m/ip"}
    for _ in range(2):
        sign_in(client)
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "That was too often in a short time" in Page(answer).main
    assert "Wait 15 minutes, then try again." in Page(answer).main


def test_deactivated_person_is_told_and_it_is_on_the_record(client, officer):
    make.User.objects.update(is_active=False)
    answer = client.post("/accounts/login/", {"login": officer.email, "password": PASSWORD}, follow=True)
    assert "An administrator has ended your access to the desk." in Page(answer).main
    assert who(client) is None
    (entry,) = entries(Action.SIGN_IN_REFUSED)
    assert entry.what == "A sign-in as ann@example.org was refused: this person is deactivated."


def test_deactivated_person_with_a_wrong_password_is_told_nothing(client, officer):
    make.User.objects.update(is_active=False)
    assert WRONG in Page(sign_in(client, password="wrong")).main


def test_everybody_has_the_one_address_they_were_given(officer):
    (address,) = EmailAddress.objects.filter(user=officer)
    assert (address.email, address.verified, address.primary) == ("ann@example.org", True, True)


# --- signing out ---


def test_signing_out_takes_a_form_and_clears_what_the_browser_kept(client, officer):
    sign_in(client)
    assert "Sign out?" in Page(client.get("/accounts/logout/")).main
    assert who(client) == str(officer.pk)
    answer = client.post("/accounts/logout/")
    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/accounts/login/", '"cache"')
    assert who(client) is None
    assert "You have signed out." in Page(client.get("/accounts/login/")).main
    (entry,) = entries(Action.SIGNED_OUT)
    assert (entry.by, entry.what) == (officer, "Signed out.")


def test_somebody_signed_in_is_not_asked_to_sign_in(client, officer):
    sign_in(client)
    assert client.get("/accounts/login/")["Location"] == "/desk/"
    assert client.get("/accounts/")["Location"] == "/desk/account/"


# --- the second step ---


def test_second_step_is_asked_and_a_code_passes_it(client, approver):
    answer = sign_in(client, "bob@example.org")
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert who(client) is None
    assert client.post("/accounts/2fa/authenticate/", {"code": code()})["Location"] == "/desk/"
    assert who(client) == str(approver.pk)
    (entry,) = entries(Action.SIGNED_IN)
    assert entry.what == "Signed in with a password and a code from an app."


def test_wrong_code_is_refused_in_words_and_on_the_record(client, approver):
    sign_in(client, "bob@example.org")
    answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "That did not work. A code from an app changes every half minute" in Page(answer).main
    assert who(client) is None
    (entry,) = entries(Action.SIGN_IN_REFUSED)
    assert entry.what == "A sign-in as bob@example.org was refused: the second step was wrong."


def test_guessing_codes_locks_out(client, approver):
    sign_in(client, "bob@example.org")
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert LOCKED in Page(client.post("/accounts/2fa/authenticate/", {"code": code()})).main
    (entry,) = entries(Action.LOCKED_OUT)
    assert entry.about == f"user {approver.pk}"


def test_code_works_once(client, approver):
    used = code()
    for works in (True, False):
        client = Client()
        sign_in(client, "bob@example.org")
        client.post("/accounts/2fa/authenticate/", {"code": used})
        assert (who(client) == str(approver.pk)) == works


def test_somebody_signed_in_longer_ago_is_asked_who_they_are_first(client, officer):
    sign_in(client)
    session = client.session
    session["signed_in_at"] -= 6 * 60
    session.save()
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    page = Page(client.get(answer["Location"]))
    assert "Is it you?" in page.main
    answer = client.post(answer["Location"], {"password": "wrong"})
    assert "That is not your password. Try again." in Page(answer).main
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"})
    assert answer["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_qr_code_stands_in_the_page(client, officer):
    sign_in(client)
    page = Page(client.get("/accounts/2fa/totp/activate/"))
    (picture,) = page.all("svg", role="img")
    assert picture.get("aria-label") == "QR code"
    assert "data:" not in page.html


def test_app_shows_the_name_of_the_site(officer):
    from luton2040.signing_in import SecondFactorAdapter

    assert SecondFactorAdapter().get_totp_issuer() == "Exampleton 2035"


# --- passkeys: the browser's part is tested in tests/browser ---


def test_passkey_is_offered_with_scripts_of_the_site(client):
    page = Page(client.get("/accounts/login/"))
    assert [e.get("src") for e in page.all("script")] == ["/static/mfa/js/webauthn-json.js", "/static/js/passkey.js"]
    options = client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["rpId"] == "testserver"


ODD = ["{}", "[]", "1", "null", '"x"', '{"id": "x"}', '{"id": 1, "rawId": 2, "response": 3, "type": "public-key"}']


@pytest.mark.parametrize("credential", ODD)
def test_passkey_that_is_none_is_refused_in_words(client, credential):
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential}, follow=True)
    assert ("That did not work." in Page(answer).main) or "required" in Page(answer).main
    assert who(client) is None


@pytest.mark.parametrize("credential", ODD)
def test_passkey_that_is_none_is_not_added(client, officer, credential):
    sign_in(client)
    answer = client.post("/accounts/2fa/webauthn/add/", {"credential": credential, "passwordless": "True"})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_new_passkey_must_be_able_to_sign_in_by_itself(client, officer):
    sign_in(client)
    page = Page(client.get("/accounts/2fa/webauthn/add/"))
    assert page.one("input", name="passwordless").get("value") == "True"


# --- passwords changed, forgotten and chosen ---


def test_password_is_changed_told_and_put_on_the_record(client, officer):
    sign_in(client)
    sent = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    page = Page(client.post("/accounts/password/change/", sent, follow=True))
    assert "Your password is changed." in page.main
    officer.refresh_from_db()
    assert officer.check_password(OTHER)
    assert who(client) == str(officer.pk)
    (entry,) = entries(Action.PASSWORD_CHANGED)
    assert (entry.by, entry.what) == (officer, "Changed their password.")
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["ann@example.org"], "Your password was changed.")
    assert "tell an administrator at once" in letter.body


def test_password_is_not_changed_without_the_old_one(client, officer):
    sign_in(client)
    sent = {"oldpassword": "wrong", "password1": OTHER, "password2": OTHER}
    assert "That is not your password now. Try again." in Page(client.post("/accounts/password/change/", sent)).main


def test_other_sign_ins_end_when_the_password_is_changed(client, officer):
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER})
    assert elsewhere.get("/desk/account/").status_code == 302
    assert client.get("/desk/account/").status_code == 200


def link(letter):
    (found,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", letter.body)
    return found


def ask_for_link(client, email):
    page = Page(client.post("/accounts/password/reset/", {"email": email}, follow=True))
    assert "If the address belongs to somebody who may sign in, a link is on its way to it." in page.main
    return mail.outbox.pop()


def follow(client, address):
    answer = client.get(address, follow=True)
    return answer, answer.redirect_chain[-1][0] if answer.redirect_chain else address


def test_forgotten_password_is_set_by_a_link_and_signs_in(client, officer):
    letter = ask_for_link(client, "ann@example.org")
    assert (letter.to, letter.subject) == (["ann@example.org"], "Set a new password for the desk")
    answer, form = follow(client, link(letter))
    assert "Choose a password" in Page(answer).main
    answer = client.post(form, {"password1": OTHER, "password2": OTHER})
    assert answer["Location"] == "/desk/"
    assert who(client) == str(officer.pk)
    assert entries(Action.PASSWORD_CHANGED)[0].what == "Set a password through a link sent by e-mail."
    assert entries(Action.SIGNED_IN)[0].what == "Signed in with a link sent by e-mail."


def test_link_does_not_pass_the_second_step(client, approver):
    _, form = follow(client, link(ask_for_link(client, "bob@example.org")))
    answer = client.post(form, {"password1": OTHER, "password2": OTHER})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert who(client) is None


def test_link_works_once(client, officer):
    address = link(ask_for_link(client, "ann@example.org"))
    _, form = follow(client, address)
    client.post(form, {"password1": OTHER, "password2": OTHER})
    answer, _ = follow(Client(), address)
    assert "This link no longer works" in Page(answer).main


def test_address_that_nobody_has_is_answered_the_same_and_told_in_the_letter(client, officer):
    letter = ask_for_link(client, "nobody@example.org")
    assert letter.to == ["nobody@example.org"]
    assert "nobody signs in there with it" in letter.body
    assert "/password/reset/key/" not in letter.body


def test_no_link_is_sent_to_somebody_deactivated(client, officer):
    make.User.objects.update(is_active=False)
    assert "/password/reset/key/" not in ask_for_link(client, "ann@example.org").body


def test_mail_server_that_is_down_does_not_fail_the_page(client, officer, settings, caplog):
    settings.EMAIL_BACKEND = "tests.luton2040.test_people.Down"
    answer = client.post("/accounts/password/reset/", {"email": "ann@example.org"}, follow=True)
    assert "Look in your e-mail" in Page(answer).main
    assert "could not be sent: no such server" in caplog.text


@pytest.mark.parametrize(
    "person, later, works",
    [
        pytest.param({"password": PASSWORD}, {"minutes": 59}, True, id="forgotten, within the hour"),
        pytest.param({"password": PASSWORD}, {"minutes": 61}, False, id="forgotten, after it"),
        pytest.param({"last_login": make.NOW}, {"minutes": 61}, False, id="of whoever signs in without one, after it"),
        pytest.param({}, {"days": 6, "hours": 23}, True, id="invited, within seven days"),
        pytest.param({}, {"days": 7, "minutes": 1}, False, id="invited, after them"),
    ],
)
def test_link_is_good_for_a_time(client, monkeypatch, person, later, works):
    person = make.create_person(role=Role.OFFICER, email="new@example.org", **person)
    people.send_invitation(person, site="http://testserver")
    # Django counts the age of links by the machine's own clock, without a zone.
    now = datetime.now() + timedelta(**later)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: now)
    answer, _ = follow(client, link(mail.outbox[0]))
    assert ("Choose a password" in Page(answer).main) == works


def test_invited_person_chooses_a_password_and_is_led_to_the_second_step_and_then_to_the_desk(client):
    person = make.create_person(role=Role.APPROVER, email="new@example.org", second_factor=False)
    people.send_invitation(person, site="http://testserver")
    _, form = follow(client, link(mail.outbox[0]))
    assert client.post(form, {"password1": OTHER, "password2": OTHER})["Location"] == "/desk/"
    answer = client.get("/desk/account/")
    assert answer["Location"].startswith(reverse("mfa_index"))
    assert "Your role needs a second step" in Page(client.get(answer["Location"])).main
    set_up_app(client)
    assert client.get("/desk/account/").status_code == 200


# --- demo people ---


@pytest.mark.parametrize("debug", [True, False])
def test_demo_person_signs_in_only_while_debugging(client, settings, debug):
    settings.DEBUG = debug
    make.create_person(role=Role.OFFICER, email="officer@demo.invalid", password=PASSWORD)
    sign_in(client, "officer@demo.invalid")
    assert (who(client) is not None) == debug


def test_demo_person_who_was_signed_in_is_out_where_debugging_ends(client, settings):
    settings.DEBUG = True
    make.create_person(role=Role.OFFICER, email="officer@demo.invalid", password=PASSWORD)
    sign_in(client, "officer@demo.invalid")
    assert client.get("/desk/account/").status_code == 200
    settings.DEBUG = False
    assert client.get("/desk/account/").status_code == 302


# --- pages that nobody needs, and what all have ---

CLOSED = [
    "signup/", "email/", "confirm-email/", "confirm-email/abc/", "password/set/", "3rdparty/",
    "3rdparty/signup/", "social/connections/", "social/signup/", "phone/change/", "sessions/", "2fa/trust/",
]  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("is_known", [False, True], ids=["stranger", "signed in"])
def test_page_that_nobody_needs_is_not_there(client, officer, path, is_known):
    if is_known:
        sign_in(client)
    for answer in (client.get(f"/accounts/{path}"), client.post(f"/accounts/{path}", {"email": "x@example.org"})):
        assert answer.status_code == 404
        assert reading.has_one_first_heading(Page(answer)) == []
    assert make.User.objects.count() == 1


FOR_STRANGERS = ["login/", "password/reset/", "password/reset/done/", "password/reset/key/done/", "inactive/",
                 "password/reset/key/a-b/", "3rdparty/login/cancelled/", "3rdparty/login/error/"]  # fmt: skip
FOR_THOSE_SIGNED_IN = ["logout/", "password/change/", "reauthenticate/", "2fa/", "2fa/totp/activate/",
                       "2fa/webauthn/", "2fa/webauthn/add/"]  # fmt: skip
WITH_APP = ["2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/reauthenticate/"]


@pytest.fixture
def answers(officer):
    stranger, known, with_app = Client(), Client(), Client()
    sign_in(known)
    make.sign_in(with_app, make.create_person(role=Role.OFFICER, second_factor=True))
    RecoveryCodes.activate(make.User.objects.latest("pk"))
    asked = [(stranger, FOR_STRANGERS), (known, FOR_THOSE_SIGNED_IN), (with_app, WITH_APP)]
    return {path: client.get(f"/accounts/{path}") for client, paths in asked for path in paths}


def test_every_page_is_valid_html(answers):
    assert problems({name: answer.content.decode() for name, answer in answers.items()}) == []


def test_every_page_is_sound(answers):
    pages = {path: Page(answer) for path, answer in answers.items()}
    found = {(path, check.__name__): check(page) for path, page in pages.items() for check in reading.CHECKS}
    assert {where: faults for where, faults in found.items() if faults} == {}


def test_every_page_is_there_safe_and_kept_nowhere(answers):
    for path, answer in answers.items():
        assert answer.status_code in (200, 401), path
        assert [fault for fault in reading.header_faults(answer) if fault != "cookie"] == [], path
        assert answer["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("path", FOR_THOSE_SIGNED_IN[1:] + WITH_APP)
def test_page_of_somebodys_own_sends_a_stranger_to_sign_in(client, path):
    answer = client.get(f"/accounts/{path}")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_cookies_are_safe(client, officer, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    cookies = {**client.get("/accounts/login/").cookies, **sign_in(client).cookies}
    session, form = cookies["sessionid"], cookies["csrftoken"]
    assert session["httponly"] and session["secure"] and form["secure"]
    assert session["samesite"] == form["samesite"] == "Lax"
    assert session["max-age"] == 8 * 60 * 60


def test_form_without_its_token_is_refused_in_words():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "ann@example.org", "password": PASSWORD})
    assert answer.status_code == 403
    page = Page(answer)
    assert "This form was open for too long, or your browser blocks cookies" in page.main
    assert "Nothing was saved. Go back in your browser" in page.main
    assert reading.has_one_first_heading(page) == []
