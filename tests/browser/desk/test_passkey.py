"""Passkeys: the part of signing in that only a browser can play, with an authenticator of the browser's own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import steps
from tests.browser.desk.conftest import Desk, email

pytestmark = pytest.mark.browser
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    """By name: a passkey belongs to a name, never to a number."""
    context = browser.new_context(base_url=desk.url.replace("127.0.0.1", "localhost"), locale="en-GB")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield page
    context.close()


@pytest.fixture
def with_passkey(page: Page) -> Page:
    """Of an officer who has just added one."""
    page.goto("/desk/account/")
    steps.sign_in(page, email("officer"))
    page.get_by_role("link", name="Set up a second step").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What to call it").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("status").first).to_contain_text("The passkey is added.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to the desk")
    return page


def is_in(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_passkey_signs_in_by_itself(with_passkey: Page):
    page = with_passkey
    page.goto("/desk/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_in(page)


def test_passkey_is_the_second_step_after_a_password(with_passkey: Page):
    page = with_passkey
    page.goto("/desk/account/")
    page.get_by_label("E-mail address").fill(email("officer"))
    page.get_by_label("Password", exact=True).fill(steps.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    page.get_by_role("button", name="Use a passkey").click()
    is_in(page)


def test_passkey_is_removed(with_passkey: Page):
    page = with_passkey
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="remove Work laptop").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("status").first).to_contain_text("The passkey is removed.")
    expect(page.get_by_role("main")).to_contain_text("You have no passkey yet.")


def test_passkey_that_is_not_there_is_told_in_words(page: Page):
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "That did not work, or you stopped it. Try again, or use your password."
    )
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_passkeys_are_not_offered_without_javascript(browser: Browser, desk: Desk):
    context = browser.new_context(base_url=desk.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    context.close()
