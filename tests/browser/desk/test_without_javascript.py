"""The desk without JavaScript: entering, pasting and deciding, with nothing lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import steps
from tests.browser.desk.conftest import email

pytestmark = pytest.mark.browser

WHY = "The publisher confirmed it."


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False}


def check(page: Page) -> None:
    page.get_by_role("button", name="Check and preview").click()


def test_value_is_checked_explained_and_handed_in(officer, desk):
    report = steps.turned_by_its_target(desk.due)
    officer.goto("/desk/")
    steps.begin(officer, report)
    steps.value_field(officer).fill("about thirty")
    check(officer)
    expect(steps.problems(officer)).to_contain_text("about thirty")
    expect(steps.value_field(officer)).to_have_value("about thirty")
    steps.fill(officer, steps.target(report))
    check(officer)
    expect(steps.problems(officer)).to_contain_text("Something looks doubtful.")
    expect(steps.preview(officer)).to_contain_text(steps.shown(report, steps.target(report)))
    officer.get_by_role("button", name="Hand in", exact=True).click()
    expect(steps.problems(officer)).to_contain_text("Say why it is right all the same, or change it.")
    officer.get_by_label("Why it is right all the same").fill(WHY)
    steps.hand_in(officer)
    assert steps.newest().lines.get().reason == WHY


def test_draft_is_saved_by_its_button_and_gone_on_with(officer, desk):
    report = desk.due[0]
    officer.goto(steps.path(report))
    steps.fill(officer, steps.as_last(report))
    officer.get_by_role("button", name="Save and leave").click()
    expect(steps.told(officer)).to_contain_text("Draft saved at 09:30")
    steps.begin(officer, report)
    expect(steps.value_field(officer)).to_have_value(steps.as_last(report))
    officer.get_by_role("button", name="Discard what is typed").click()
    expect(steps.told(officer)).to_contain_text("The draft was discarded")
    steps.begin(officer, report)
    expect(steps.value_field(officer)).to_have_value("")


def test_back_button_gives_back_what_was_typed(officer, desk):
    report = desk.due[0]
    officer.goto(steps.path(report))
    steps.fill(officer, steps.as_last(report))
    officer.get_by_role("link", name="Submissions").click()
    expect(officer.get_by_role("heading", level=1, name="Submissions")).to_be_visible()
    officer.go_back()
    expect(steps.value_field(officer)).to_have_value(steps.as_last(report))


def test_what_is_typed_comes_back_after_signing_in(officer, desk):
    report = desk.due[0]
    officer.goto(steps.path(report))
    steps.fill(officer, steps.as_last(report))
    officer.context.clear_cookies(name="sessionid")
    officer.get_by_role("button", name="Hand in", exact=True).click()
    steps.sign_in(officer, email("officer"))
    expect(steps.value_field(officer)).to_have_value(steps.as_last(report))


def test_pasted_rows_are_chosen_explained_and_handed_in(officer, desk):
    turned = steps.turned_by_its_target(desk.due)
    plain = next(report for report in desk.due if report is not turned)
    rows = [steps.row(turned, steps.target(turned)), steps.row(plain, steps.as_last(plain)), "\t".join("abcd")]
    steps.paste(officer, steps.cells(*rows))
    officer.get_by_label("Take row 3").uncheck()
    officer.get_by_role("button", name="Hand in for approval").click()
    expect(steps.problems(officer)).to_contain_text("Row 2")
    expect(officer.get_by_label("Take row 3")).not_to_be_checked()
    officer.get_by_label("Why it is right, row 2").fill(WHY)
    steps.hand_in_pasted(officer)
    assert [line.measure_id for line in steps.newest().lines.all()] == [turned.measure.measure_id]


def test_submission_is_sent_back_changed_scheduled_and_stopped(officer, approver, desk):
    report = desk.due[0]
    officer.goto(steps.path(report))
    steps.fill(officer, steps.as_last(report))
    steps.hand_in(officer)
    submission = steps.newest()
    steps.look(approver, submission)
    approver.get_by_role("button", name="Send back").click()
    expect(steps.problems(approver)).to_contain_text("Say what should change")
    steps.send_back(approver, "Which release is it?")
    officer.goto("/desk/")
    officer.get_by_role("button", name="Change it").click()
    expect(steps.value_field(officer)).to_have_value(steps.as_last(report))
    steps.hand_in(officer)
    steps.look(approver, submission)
    approver.get_by_label("At a time to come").check()
    approver.get_by_role("button", name="Show what will happen").click()
    expect(steps.problems(approver)).to_contain_text("Say on which day.")
    steps.schedule(approver, desk.clock.now.replace(day=24))
    expect(approver.locator("#standing")).to_contain_text("Thursday 24 December 2026")
    steps.send_back(approver, "Not before Christmas after all.")


def test_submission_is_published(officer, approver, resident, desk):
    report = desk.due[0]
    officer.goto(steps.path(report))
    steps.fill(officer, steps.as_last(report))
    steps.hand_in(officer)
    steps.look(approver, steps.newest())
    steps.publish(approver)
    resident.goto("/changes/")
    expect(resident.get_by_role("heading", name="Edition 2")).to_be_visible()


def test_passkeys_are_not_offered(resident):
    resident.goto("/accounts/login/")
    expect(resident.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(resident.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
