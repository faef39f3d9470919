"""Signing in with a code sent by e-mail: the whole way, and everything that must not get in by it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from luton2040.audit import Action, Entry
from luton2040.roles import Role
from tests import factories as make
from tests import reading
from tests.html_validity import problems
from tests.reading import Page
from tests.signing_in import PASSWORD, ask_for_code, code, set_up_app, sign_in, type_code, who

pytestmark = pytest.mark.django_db
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
WRONG = "That is not the code that we sent last."


@pytest.fixture(autouse=True)
def place(exampleton, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def ann():
    """Without a password, as people are who were invited to a board."""
    return make.create_person(role=Role.BOARD_MEMBER, email="ann@example.org", name="Ann")


def entries(*actions):
    return [(e.about, e.what) for e in Entry.objects.filter(action__in=actions).oldest_first()]


def wrong(sent):
    """Another code of the same shape."""
    return sent[:-1] + str((int(sent[-1]) + 1) % 10)


# --- the way in ---


def test_code_sent_by_e_mail_signs_in(client, ann):
    assert Page(client.get("/accounts/login/")).link("Sign in with a code by e-mail") == ASK
    assert client.post(ASK, {"email": "Ann@Example.ORG"})["Location"] == CONFIRM
    assert "If ann@example.org belongs to somebody who may sign in" in Page(client.get(CONFIRM)).main
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["ann@example.org"], "Your code for the desk")
    assert "to sign in to the desk at testserver" in letter.body
    assert type_code(client, ask_for_code(client))["Location"] == "/desk/"
    assert who(client) == str(ann.pk)
    assert entries(Action.SIGNED_IN) == [(f"user {ann.pk}", "Signed in with a code sent by e-mail.")]
    assert "sign in with a code sent to your e-mail address" in Page(client.get("/desk/account/")).main


@pytest.mark.parametrize("typed", [lambda sent: sent.replace("-", ""), lambda sent: f" {sent.replace('-', ' ')} "])
def test_code_is_taken_as_people_type_it(client, ann, typed):
    type_code(client, typed(ask_for_code(client)))
    assert who(client) == str(ann.pk)


def test_code_leads_back_to_where_one_wanted_to_go_with_what_was_typed_there(client):
    admin = make.create_person(role=Role.ADMINISTRATOR, email="ann@example.org")
    answer = client.post("/desk/hold/", {"reason": "Elections", "sender": admin.pk})
    page = Page(client.get(answer["Location"]))
    page = Page(client.get(page.link("Sign in with a code by e-mail")))
    answer = client.post(ASK, page.typed(email="ann@example.org"))
    sent = ask_for_code(client)
    page = Page(client.get(answer["Location"]))
    assert type_code(client, wrong(sent), next=page.typed()["next"]).status_code == 200
    assert client.post(CONFIRM, page.typed(code=sent))["Location"] == "/accounts/2fa/authenticate/"
    assert client.post("/accounts/2fa/authenticate/", {"code": code()})["Location"] == "/desk/hold/"
    assert Page(client.get("/desk/hold/")).one("input", name="reason").get("value") == "Elections"


def test_code_never_leads_off_the_site(client, ann):
    sent = ask_for_code(client, next="https://evil.example/")
    assert type_code(client, sent, next="https://evil.example/")["Location"] == "/desk/"


def test_second_step_is_asked_after_a_code_too(client):
    clerk = make.create_person(role=Role.BOARD_CLERK, email="ann@example.org")
    assert type_code(client, ask_for_code(client))["Location"] == "/accounts/2fa/authenticate/"
    assert who(client) is None
    assert "Your password" not in Page(client.get("/accounts/2fa/authenticate/")).main
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert who(client) == str(clerk.pk)
    ((_, what),) = entries(Action.SIGNED_IN)
    assert what == "Signed in with a code sent by e-mail and a code from an app."


def test_passkey_is_asked_after_a_code_too(client, ann):
    Authenticator.objects.create(user=ann, type="webauthn", data={"name": "Laptop"})
    assert type_code(client, ask_for_code(client))["Location"] == "/accounts/2fa/authenticate/"
    assert who(client) is None


def test_role_that_needs_a_second_step_must_set_it_up_after_a_code(client):
    make.create_person(role=Role.BOARD_CLERK, email="ann@example.org", second_factor=False)
    type_code(client, ask_for_code(client))
    assert client.get("/desk/account/")["Location"].startswith("/accounts/2fa/?")
    set_up_app(client)
    assert client.get("/desk/account/").status_code == 200


# --- what does not get in ---


def test_wrong_code_is_refused_in_words_and_on_the_record(client, ann):
    sent = ask_for_code(client)
    page = Page(type_code(client, wrong(sent)))
    assert WRONG in page.main
    assert page.one("input", name="code").get("value") == wrong(sent)
    assert entries(Action.SIGN_IN_REFUSED) == [
        (f"user {ann.pk}", "A sign-in as ann@example.org was refused: the code sent by e-mail was wrong.")
    ]
    type_code(client, sent)
    assert who(client) == str(ann.pk)


def test_code_that_was_forgotten_to_be_typed_costs_no_try(client, ann):
    sent = ask_for_code(client)
    for _ in range(6):
        assert "Code: This field is required." in Page(type_code(client, " ")).main
    assert entries(Action.SIGN_IN_REFUSED) == []
    type_code(client, sent)
    assert who(client) == str(ann.pk)


@pytest.mark.parametrize("email, as_", [("ann@example.org", " as ann@example.org"), ("x@example.org", "")])
def test_after_five_wrong_codes_the_code_is_no_longer_good(client, ann, email, as_):
    sent = ask_for_code(client, email) or "1234-5678"
    for _ in range(4):
        assert WRONG in Page(type_code(client, wrong(sent), next="/desk/hold/")).main
    answer = type_code(client, wrong(sent), next="/desk/hold/")
    assert answer["Location"] == f"{ASK}?next=%2Fdesk%2Fhold%2F"
    assert "That was too many wrong codes" in Page(client.get(answer["Location"])).main
    assert type_code(client, sent)["Location"] == ASK
    assert who(client) is None
    ((_, what),) = entries(Action.LOCKED_OUT)
    assert what == f"Too many wrong codes{as_}: locked out until another code is sent."
    assert len(entries(Action.SIGN_IN_REFUSED)) == 5


@pytest.mark.parametrize("minutes, works", [(9.9, True), (10.1, False)])
def test_code_is_good_for_ten_minutes(client, ann, monkeypatch, minutes, works):
    sent = ask_for_code(client)
    later = time.time() + minutes * 60
    monkeypatch.setattr("time.time", lambda: later)
    answer = type_code(client, sent, next="/desk/hold/")
    assert (who(client) == str(ann.pk)) == works
    if not works:
        assert answer["Location"] == f"{ASK}?next=%2Fdesk%2Fhold%2F"
        assert "each is good for 10 minutes, and works once" in Page(client.get(answer["Location"])).main


def test_code_works_once_and_only_in_its_own_browser(client, ann):
    sent = ask_for_code(client)
    other = Client()
    assert type_code(other, sent)["Location"] == ASK
    ask_for_code(other)
    type_code(other, sent)
    type_code(client, sent)
    assert (who(other), who(client)) == (None, str(ann.pk))
    client.post("/accounts/logout/")
    assert type_code(client, sent)["Location"] == ASK
    assert who(client) is None


def test_another_code_takes_the_place_of_the_first(client, ann):
    first = ask_for_code(client)
    page = Page(client.get(f"{CONFIRM}?next=/desk/hold/"))
    assert [form.get("action") for form in page.one("main").iter("form")] == [CONFIRM, ASK]
    (email,) = page.all("input", name="email")
    second = ask_for_code(client, email.get("value"))
    assert WRONG in Page(type_code(client, first)).main
    type_code(client, second)
    assert who(client) == str(ann.pk)


def test_whoever_waits_for_a_code_may_sign_in_another_way(client):
    ann = make.create_person(role=Role.OFFICER, email="ann@example.org", password=PASSWORD)
    ask_for_code(client)
    assert Page(client.get("/accounts/login/")).headings == ["Sign in to the desk"]
    sign_in(client)
    assert who(client) == str(ann.pk)


# --- addresses that nobody signs in with ---


def deactivated():
    make.create_person(role=Role.OFFICER, email="bob@example.org", is_active=False)


def demo():
    make.create_person(role=Role.OFFICER, email="bob@demo.invalid")


@pytest.mark.parametrize(
    "made, email", [(str, "x@y.example"), (deactivated, "bob@example.org"), (demo, "bob@demo.invalid")]
)
def test_page_does_not_tell_whether_an_address_is_known(client, ann, made, email):
    made()

    def seen(address):
        answer = client.post(ASK, {"email": address}, follow=True)
        return (answer.redirect_chain, Page(answer).main.replace(address, "…"))

    assert seen(email) == seen(ann.email)
    unknown, known = mail.outbox
    assert unknown.subject == "Nobody signs in with this address"
    assert "nobody signs in there with it" in unknown.body and not re.search(r"\d{4}", unknown.body)
    for answer in (client.post(ASK, {"email": email}), type_code(client, ""), type_code(client, "0")):
        assert answer.status_code in (200, 302)
    assert who(client) is None


def test_person_deactivated_while_waiting_does_not_get_in(client, ann):
    sent = ask_for_code(client)
    make.User.objects.filter(pk=ann.pk).update(is_active=False)
    answer = client.post(CONFIRM, {"code": sent}, follow=True)
    assert "An administrator has ended your access to the desk." in Page(answer).main
    assert who(client) is None
    assert type_code(client, sent)["Location"] == ASK
    assert entries(Action.SIGN_IN_REFUSED) == [
        (f"user {ann.pk}", "A sign-in as ann@example.org was refused: this person is deactivated.")
    ]


def test_demo_person_gets_in_only_while_debugging(client, settings):
    demo()
    settings.DEBUG = True
    sent = ask_for_code(client, "bob@demo.invalid")
    settings.DEBUG = False
    type_code(client, sent)
    assert who(client) is None
    settings.DEBUG = True
    type_code(client, ask_for_code(client, "bob@demo.invalid"))
    assert who(client) is not None


# --- how often ---


@pytest.mark.parametrize("email, as_", [("ann@example.org", " as ann@example.org"), ("x@example.org", "")])
def test_only_so_many_codes_are_sent_to_an_address(client, ann, email, as_):
    for _ in range(5):
        client.post(ASK, {"email": email})
    page = Page(client.post(ASK, {"email": email.upper()}))
    assert "That was too many tries. Wait 15 minutes, then try again." in page.main
    assert page.one("input", name="email").get("value") == email.upper()
    assert len(mail.outbox) == 5
    ((_, what),) = entries(Action.LOCKED_OUT)
    assert what == f"Too many tries{as_}: locked out for 15 minutes."


def test_lock_out_names_whoever_was_tried_and_not_whoever_waits_for_a_code(client, ann):
    make.create_person(role=Role.OFFICER, email="bob@example.org", password=PASSWORD)
    ask_for_code(client)
    for _ in range(6):
        sign_in(client, "bob@example.org", "wrong")
    ((_, what),) = entries(Action.LOCKED_OUT)
    assert "as bob@example.org" in what


# --- nothing is given away, and the pages are sound ---


def test_code_is_in_no_log_and_no_entry(client, ann, caplog, settings):
    sent = ask_for_code(client)
    type_code(client, wrong(sent))
    type_code(client, sent)
    settings.EMAIL_BACKEND = "tests.luton2040.test_people.Down"
    Client().post(ASK, {"email": ann.email})
    assert "account/email/login_code to ann@example.org could not be sent" in caplog.text
    kept = caplog.text + "".join(f"{e.what}{e.address}{e.about}" for e in Entry.objects.all())
    assert not [shown for shown in (sent, wrong(sent)) if shown in kept or shown.replace("-", "") in kept]


def test_pages_are_sound(client, ann):
    answers = {
        "asking": client.get(f"{ASK}?next=/desk/hold/"),
        "asking, wrong": client.post(ASK, {"email": "x"}),
        "typing": client.post(f"{ASK}?next=/desk/hold/", {"email": ann.email}, follow=True),
        "typing, wrong": type_code(client, "1", next="/desk/hold/"),
    }
    assert problems({name: answer.content.decode() for name, answer in answers.items()}) == []
    for name, answer in answers.items():
        assert answer["Cache-Control"] == "no-store"
        assert {check.__name__: found for check in reading.CHECKS if (found := check(Page(answer)))} == {}, name
