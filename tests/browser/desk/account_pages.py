"""Every kind of page on which people sign in and look after how they do."""

import hashlib

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from playwright.sync_api import Page, expect

from luton2040.people import LinkTokens, user_pk_to_url_str
from tests import factories as make
from tests.browser.desk import steps
from tests.browser.desk.kinds import kind, plain
from tests.browser.desk.pages import button, expect_problem
from tests.signing_in import PASSWORD

LOGIN, CODE = "/accounts/login/", "/accounts/login/code/"

plain("signing in", "account_login", LOGIN, who="")
plain("asking for a code", "account_request_login_code", CODE, who="")
plain("asking for a link", "account_reset_password", "/accounts/password/reset/", who="")
plain("link that was sent", "account_reset_password_done", "/accounts/password/reset/done/", who="")
plain("password that is set", "account_reset_password_from_key_done", "/accounts/password/reset/key/done/", who="")
plain("link that no longer works", "account_reset_password_from_key", "/accounts/password/reset/key/1-x-y/", who="")
plain("person who may no longer sign in", "account_inactive", "/accounts/inactive/", who="")
plain(
    "council's sign-in that was stopped", "socialaccount_login_cancelled", "/accounts/3rdparty/login/cancelled/", who=""
)
plain("council's sign-in that failed", "socialaccount_login_error", "/accounts/3rdparty/login/error/", who="")
plain("signing out", "account_logout", "/accounts/logout/")
plain("one's account", "staff:account", "/desk/account/")
plain("one's account with a second step", "staff:account", "/desk/account/", who="approver")
plain("changing the password", "account_change_password", "/accounts/password/change/")
plain("second step that is not set up", "mfa_index", "/accounts/2fa/")
plain("second step that is set up", "mfa_index", "/accounts/2fa/", who="approver")
plain("setting up an app", "mfa_activate_totp", "/accounts/2fa/totp/activate/")
plain("giving up the app", "mfa_deactivate_totp", "/accounts/2fa/totp/deactivate/", who="approver")
plain(
    "recovery codes that are not made",
    "mfa_generate_recovery_codes",
    "/accounts/2fa/recovery-codes/generate/",
    who="approver",
)
plain("no passkeys", "mfa_list_webauthn", "/accounts/2fa/webauthn/")
plain("adding a passkey", "mfa_add_webauthn", "/accounts/2fa/webauthn/add/")
plain("page that is closed", "account_signup", "/accounts/signup/", who="")


@kind("account_login", who="")
def signing_in_with_a_wrong_password(page: Page, desk):
    page.goto(LOGIN)
    page.get_by_label("E-mail address").fill("officer@example.org")
    page.get_by_label("Password", exact=True).fill("wrong")
    button(page, "Sign in")
    expect_problem(page, "The e-mail address or the password is not right.")


@kind("account_request_login_code", who="")
def asking_for_a_code_with_faults(page: Page, desk):
    page.goto(CODE)
    page.get_by_label("E-mail address").fill("nobody")
    button(page, "Send the code")
    expect_problem(page, "E-mail address")


def typing_a_code(page: Page, desk) -> None:
    page.goto(CODE)
    page.get_by_label("E-mail address").fill("member@example.org")
    button(page, "Send the code")
    expect(page.get_by_role("heading", level=1)).to_have_text("Type the code")


kind("account_confirm_login_code", who="")(typing_a_code)


@kind("account_confirm_login_code", who="")
def typing_a_wrong_code(page: Page, desk):
    typing_a_code(page, desk)
    page.get_by_role("textbox", name="Code").fill("0")
    button(page, "Sign in")
    expect_problem(page, "That is not the code that we sent last.")


@kind("account_request_login_code", who="")
def code_that_is_no_longer_good(page: Page, desk):
    page.goto(f"{CODE}confirm/")
    expect(steps.told(page)).to_contain_text("There is no code to type here any more")


def second_step(page: Page, desk) -> None:
    page.goto(LOGIN)
    page.get_by_label("E-mail address").fill("approver@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    button(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")


kind("mfa_authenticate", who="")(second_step)


@kind("mfa_authenticate", who="")
def second_step_with_a_wrong_code(page: Page, desk):
    second_step(page, desk)
    page.get_by_role("textbox", name="Code").fill("000000")
    button(page, "Sign in")
    expect_problem(page, "Code")


@kind("account_reset_password", who="")
def asking_for_a_link_with_faults(page: Page, desk):
    page.goto("/accounts/password/reset/")
    page.get_by_label("E-mail address").fill("nobody")
    button(page, "Send the link")
    expect_problem(page, "E-mail address")


def open_link(page: Page, person) -> None:
    page.goto(f"/accounts/password/reset/key/{user_pk_to_url_str(person)}-{LinkTokens().make_token(person)}/")


@kind("account_reset_password_from_key", who="")
def choosing_a_first_password(page: Page, desk):
    open_link(page, make.create_user(email="invited@example.org", name="Ida New"))


@kind("account_reset_password_from_key", who="")
def choosing_a_first_password_with_faults(page: Page, desk):
    open_link(page, make.create_user(email="invited@example.org", name="Ida New"))
    page.get_by_label("New password", exact=True).fill("password")
    page.get_by_label("New password, once more").fill("password")
    button(page, "Set password and sign in")
    expect_problem(page, "New password")


@kind("account_change_password")
def changing_the_password_with_faults(page: Page, desk):
    page.goto("/accounts/password/change/")
    page.get_by_label("Your password now").fill("wrong")
    page.get_by_label("New password", exact=True).fill("password")
    page.get_by_label("New password, once more").fill("another")
    button(page, "Change it")
    expect_problem(page, "Your password now")


@kind("mfa_index", who="administrator")
def second_step_that_a_role_must_have(page: Page, desk):
    Authenticator.objects.filter(user=desk.person("administrator")).delete()
    page.goto("/desk/")
    expect(steps.told(page)).to_contain_text("Your role needs a second step when you sign in.")


@kind("mfa_activate_totp")
def setting_up_an_app_with_a_wrong_code(page: Page, desk):
    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_text("Or type the key instead").click()
    page.get_by_role("textbox", name="Code").fill("000000")
    button(page, "Use this app from now on")
    expect_problem(page, "Code")


@kind("mfa_view_recovery_codes", who="approver")
def recovery_codes(page: Page, desk):
    page.goto("/accounts/2fa/recovery-codes/generate/")
    button(page, "Make new ones")
    page.goto("/accounts/2fa/recovery-codes/")


# --- somebody with a passkey ---


def give_passkey(person) -> Authenticator:
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    known = AttestedCredentialData.create(aaguid=Aaguid.NONE, credential_id=b"a passkey", public_key=key)
    flags = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.ATTESTED
    data = AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), flags, 1, known)
    client = CollectedClientData.create("webauthn.create", b"a challenge", "http://localhost")
    said = {
        "clientDataJSON": websafe_encode(client),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    name = websafe_encode(b"a passkey")
    credential = {"id": name, "rawId": name, "type": "public-key", "response": said, "clientExtensionResults": {}}
    about = {"name": "Work laptop", "credential": credential}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=about)


@kind("mfa_list_webauthn", who="approver")
def passkeys(page: Page, desk):
    give_passkey(desk.person("approver"))
    page.goto("/accounts/2fa/webauthn/")


@kind("mfa_edit_webauthn", who="approver")
def renaming_a_passkey_with_faults(page: Page, desk):
    page.goto(f"/accounts/2fa/webauthn/keys/{give_passkey(desk.person('approver')).pk}/edit/")
    page.get_by_label("What to call it").fill("")
    button(page, "Save")
    expect_problem(page, "What to call it")


@kind("mfa_remove_webauthn", who="approver")
def removing_a_passkey(page: Page, desk):
    page.goto(f"/accounts/2fa/webauthn/keys/{give_passkey(desk.person('approver')).pk}/remove/")


@kind("account_reauthenticate", who="approver")
def being_asked_for_the_password_again(page: Page, desk):
    give_passkey(desk.person("approver"))
    page.goto("/accounts/reauthenticate/")
    page.get_by_label("Password").fill("wrong")
    button(page, "Go on")
    expect_problem(page, "That is not your password.")


@kind("mfa_reauthenticate", who="approver")
def being_asked_for_a_code_again(page: Page, desk):
    page.goto("/accounts/2fa/reauthenticate/")


@kind("mfa_reauthenticate_webauthn", who="approver")
def being_asked_for_a_passkey_again(page: Page, desk):
    give_passkey(desk.person("approver"))
    page.goto("/accounts/2fa/webauthn/reauthenticate/")
