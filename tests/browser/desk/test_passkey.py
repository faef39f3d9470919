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


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    heading(page, "Sign in to the desk")


def test_passkey_is_added_signs_in_is_the_second_step_and_is_removed(page: Page):
    page.goto("/desk/account/")
    steps.sign_in(page, email("officer"))
    page.get_by_role("link", name="Set up a second step").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What to call it").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(steps.told(page)).to_contain_text("The passkey is added.")
    heading(page, "Recovery codes")
    sign_out(page)

    page.goto("/desk/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    heading(page, "Your account")
    sign_out(page)

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_label("E-mail address").fill(email("officer"))
    page.get_by_label("Password", exact=True).fill(steps.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    heading(page, "The second step")
    page.get_by_role("button", name="Use a passkey").click()
    heading(page, "Your passkeys")

    page.get_by_role("link", name="remove Work laptop").click()
    page.get_by_role("button", name="Remove it").click()
    expect(steps.told(page)).to_contain_text("The passkey is removed.")
    expect(page.get_by_role("main")).to_contain_text("You have no passkey yet.")


def test_passkey_that_is_not_there_is_told_in_words(page: Page):
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "That did not work, or you stopped it. Try again, or use your password."
    )
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
