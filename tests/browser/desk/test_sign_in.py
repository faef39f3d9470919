"""Getting in and out: with a password, a code, a link; and what is said where it does not work."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from playwright.sync_api import Page, expect

from tests.browser.desk import steps
from tests.browser.desk.conftest import email
from tests.browser.desk.pages import button
from tests.signing_in import PASSWORD, code

pytestmark = pytest.mark.browser

OTHER = "nine dry umbrellas"


def give(page: Page, who: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email(who))
    page.get_by_label("Password", exact=True).fill(password)
    button(page, "Sign in")


def link_in_the_last_letter() -> str:
    return re.search(r"http://\S+", mail.outbox[-1].body)[0]


def set_password(page: Page, password: str) -> None:
    page.get_by_label("New password", exact=True).fill(password)
    page.get_by_label("New password, once more").fill(password)
    button(page, "Set password and sign in")


def test_wrong_password_is_told_until_too_many_lock_out(resident):
    resident.goto("/desk/")
    for _ in range(5):
        give(resident, "officer", "wrong")
        expect(steps.problems(resident)).to_contain_text("The e-mail address or the password is not right.")
        expect(resident.get_by_label("E-mail address")).to_have_value(email("officer"))
    give(resident, "officer", PASSWORD)
    expect(steps.problems(resident)).to_contain_text("That was too many tries. Wait 15 minutes, then try again.")
    give(resident, "colleague", PASSWORD)
    expect(resident.get_by_role("heading", level=1, name="My work")).to_be_visible()


def test_wrong_code_is_told_and_a_right_one_leads_on(resident):
    resident.goto("/desk/submissions/?state=submitted")
    give(resident, "approver", PASSWORD)
    resident.get_by_label("Code").fill("000000")
    button(resident, "Sign in")
    expect(steps.problems(resident)).to_contain_text("A code from an app changes every half minute")
    resident.get_by_label("Code").fill(code())
    button(resident, "Sign in")
    expect(resident).to_have_url(re.compile(re.escape("/desk/submissions/?state=submitted") + "$"))


def test_somebody_whom_a_clerk_invites_signs_in_with_a_code(opened, desk):
    clerk, newcomer = opened("clerk"), opened()
    clerk.goto(f"/desk/boards/{desk.board.board_id}/seats/")
    clerk.get_by_label("E-mail address").fill("new@example.org")
    clerk.get_by_label("Name").fill("Nina New")
    button(clerk, "Give the seat and send the letter")
    expect(clerk.get_by_role("row", name="Nina New")).to_contain_text("Invited, not come yet")
    newcomer.goto(link_in_the_last_letter())
    newcomer.get_by_label("E-mail address").fill("new@example.org")
    button(newcomer, "Send the code")
    newcomer.get_by_role("textbox", name="Code").fill(re.search(r"[0-9]{4}-[0-9]{4}", mail.outbox[-1].body)[0])
    button(newcomer, "Sign in")
    expect(newcomer.get_by_role("heading", level=1, name="My work")).to_be_visible()
    clerk.reload()
    expect(clerk.get_by_role("row", name="Nina New")).to_contain_text("Active")


def test_role_that_must_have_a_second_step_sets_up_an_app(resident, desk):
    Authenticator.objects.filter(user=desk.person("administrator")).delete()
    resident.goto("/desk/people/")
    give(resident, "administrator", PASSWORD)
    expect(steps.told(resident)).to_contain_text("Your role needs a second step when you sign in.")
    resident.get_by_role("link", name="Set up an app").click()
    expect(resident.get_by_role("img", name="QR code")).to_be_visible()
    resident.get_by_text("Or type the key instead").click()
    secret = resident.locator(".secret").inner_text()
    resident.get_by_role("textbox", name="Code").fill(code(secret))
    button(resident, "Use this app from now on")
    codes = resident.locator(".codes").get_by_role("listitem").all_inner_texts()
    assert len(codes) >= 8
    resident.goto("/desk/people/")
    expect(resident.get_by_role("heading", level=1, name="People")).to_be_visible()
    button(resident, "Sign out")
    give(resident, "administrator", PASSWORD)
    resident.get_by_label("Code").fill(codes[0])
    button(resident, "Sign in")
    expect(resident.get_by_role("heading", level=1, name="My work")).to_be_visible()


def test_invitation_leads_to_a_first_password_and_ones_own_measures(opened, resident, desk):
    administrator, measure = opened("administrator"), desk.due[0].measure
    administrator.goto("/desk/people/")
    administrator.get_by_role("link", name="Invite somebody").click()
    administrator.get_by_label("E-mail address").fill("ida@example.org")
    administrator.get_by_label("Name").fill("Ida New")
    administrator.locator("details").filter(has_text=measure.measure_id).locator("summary").click()
    administrator.get_by_label(f"({measure.measure_id})").check()
    button(administrator, "Send the invitation")
    expect(steps.told(administrator)).to_contain_text("The invitation is on its way to ida@example.org.")
    expect(administrator.get_by_role("row").filter(has_text="Ida New")).to_contain_text("Invited, not come yet")

    link = link_in_the_last_letter()
    resident.goto(link)
    set_password(resident, "password")
    expect(steps.problems(resident)).to_contain_text("New password")
    set_password(resident, OTHER)
    resident.goto("/desk/")
    expect(steps.task(resident, desk.due[0])).to_be_visible()
    expect(resident.get_by_role("main")).to_contain_text("1 value is due")
    button(resident, "Sign out")
    resident.goto(link)
    expect(resident.get_by_role("heading", level=1, name="This link no longer works")).to_be_visible()


def test_forgotten_password_is_set_by_a_link(resident):
    resident.goto("/desk/")
    resident.get_by_role("link", name="I do not know my password").click()
    resident.get_by_label("E-mail address").fill(email("officer"))
    button(resident, "Send the link")
    expect(resident.get_by_role("heading", level=1, name="Look in your e-mail")).to_be_visible()
    resident.goto(link_in_the_last_letter())
    set_password(resident, OTHER)
    resident.goto("/desk/")
    expect(resident.get_by_role("heading", level=1, name="My work")).to_be_visible()


def test_back_button_shows_nothing_of_the_desk_after_signing_out(officer, desk):
    officer.goto("/desk/")
    expect(steps.task(officer, desk.due[0])).to_be_visible()
    button(officer, "Sign out")
    expect(officer.get_by_role("heading", level=1, name="Sign in to the desk")).to_be_visible()
    officer.go_back()
    expect(officer.get_by_role("heading", level=1, name="Sign in to the desk")).to_be_visible()
    expect(steps.task(officer, desk.due[0])).to_have_count(0)
