"""Nothing that somebody has typed is lost: not by leaving, not to another window, not with the session or the line."""

import re

import pytest
from playwright.sync_api import Page, expect

from outcomes.models import Submission
from tests.browser.desk import steps
from tests.browser.desk.conftest import email

pytestmark = pytest.mark.browser


@pytest.fixture
def report(desk):
    return desk.due[0]


@pytest.fixture
def form(officer, report) -> Page:
    """The form of a value that is due."""
    officer.goto(steps.path(report))
    return officer


def kept(name: str) -> list[str]:
    """What the draft has of a field."""
    return Submission.objects.get(state="draft").typed.get(name)


def test_what_is_typed_saves_itself(form, report):
    steps.type_value(form, steps.as_last(report))
    form.get_by_label("A word to the approver").evaluate("(field) => { field.closest('details').open = true; }")
    with form.expect_response(lambda answer: answer.request.method == "POST"):
        form.get_by_label("A word to the approver").fill("By telephone.")
    form.reload()
    expect(steps.value_field(form)).to_have_value(steps.as_last(report))
    expect(form.get_by_label("A word to the approver")).to_have_value("By telephone.")
    form.goto("/desk/")
    expect(steps.task(form, report)).to_contain_text("Your draft was last saved")


def test_back_button_gives_back_what_was_typed_a_moment_before(form, report):
    steps.fill(form, steps.as_last(report))
    form.get_by_role("link", name="Submissions").click()
    expect(form.get_by_role("heading", level=1, name="Submissions")).to_be_visible()
    form.go_back()
    expect(steps.value_field(form)).to_have_value(steps.as_last(report))
    steps.type_value(form, steps.a_little_more(report))
    form.reload()
    expect(steps.value_field(form)).to_have_value(steps.a_little_more(report))


def test_back_button_gives_back_cells_that_were_not_sent(officer, desk):
    text = steps.cells(steps.row(desk.due[0], steps.as_last(desk.due[0])))
    officer.goto("/desk/paste/")
    officer.get_by_label("Paste cells from your spreadsheet").fill(text)
    officer.get_by_role("link", name="Submissions").click()
    expect(officer.get_by_role("heading", level=1, name="Submissions")).to_be_visible()
    officer.go_back()
    expect(officer.get_by_label("Paste cells from your spreadsheet")).to_have_value(text)


def test_second_window_is_told_and_overwrites_nothing(form, report):
    first, second = steps.as_last(report), steps.a_little_more(report)
    with form.context.new_page() as other:
        other.goto(form.url)
        steps.type_value(form, first)
        steps.fill(other, second)
        expect(steps.saved(other)).to_contain_text("Nothing was overwritten.")
        expect(steps.value_field(other)).to_have_value(second)
        assert kept("value") == [first]

        other.get_by_role("button", name="Check and preview").click()
        expect(steps.problems(other)).to_be_focused()
        expect(steps.problems(other)).to_contain_text(f"Value: {first}")
        expect(steps.value_field(other)).to_have_value(second)
        assert kept("value") == [first]

        steps.fill_release(other)
        other.get_by_role("button", name="Keep what is typed here").click()
        expect(steps.problems(other)).to_contain_text("Nothing is wrong with it.")
        assert kept("value") == [second]


def test_colleague_at_the_same_measure_is_told(form, opened, report, desk):
    shared = desk.due[-1]
    colleague = opened("colleague")
    form.goto(steps.path(shared))
    steps.type_value(form, steps.as_last(shared))
    colleague.goto(steps.path(shared))
    expect(colleague.get_by_role("main")).to_contain_text("Olive Marsh has begun a draft of new values")
    expect(colleague.get_by_role("main")).to_contain_text("Speak to each other")
    expect(steps.value_field(colleague)).to_have_value("")


@pytest.mark.parametrize("sent_by", ["itself", "the button"])
def test_what_is_typed_when_the_session_has_ended_comes_back_after_signing_in(form, report, sent_by):
    value = steps.as_last(report)
    form.context.clear_cookies(name="sessionid")
    steps.fill(form, value)
    if sent_by == "the button":
        form.get_by_role("button", name="Hand in", exact=True).click()
    expect(form.get_by_role("heading", level=1, name="Sign in to the desk")).to_be_visible()
    expect(steps.told(form)).to_contain_text("What you typed is kept and comes back after this step.")
    steps.sign_in(form, email("officer"))
    expect(form).to_have_url(re.compile(re.escape(steps.path(report))))
    expect(steps.value_field(form)).to_have_value(value)
    assert kept("value") == [value]
    steps.hand_in(form)


def test_lost_connection_is_told_and_saving_tried_again(form, report):
    form.context.set_offline(True)
    steps.fill(form, steps.as_last(report))
    expect(steps.saved(form)).to_have_text(
        re.compile("Not saved: there is no connection.*What you typed is still here.")
    )
    expect(steps.value_field(form)).to_have_value(steps.as_last(report))
    form.context.set_offline(False)
    expect(steps.saved(form)).to_contain_text("Draft saved at")
    assert kept("value") == [steps.as_last(report)]


def test_fault_of_the_site_is_told(form, report):
    form.route("**/enter/", lambda route: route.fulfill(status=500, body=""))
    steps.fill(form, steps.as_last(report))
    expect(steps.saved(form)).to_have_text(
        re.compile("Not saved: the site could not take it.*What you typed is still here.")
    )
    form.unroute("**/enter/")
    steps.type_value(form, steps.a_little_more(report))
    assert kept("value") == [steps.a_little_more(report)]


def test_pasted_cells_come_back_after_signing_in(officer, desk):
    text = steps.cells(steps.row(desk.due[0], steps.as_last(desk.due[0])))
    officer.goto("/desk/paste/")
    officer.get_by_label("Paste cells from your spreadsheet").fill(text)
    officer.context.clear_cookies(name="sessionid")
    officer.get_by_role("button", name="Read the rows").click()
    steps.sign_in(officer, email("officer"))
    expect(officer.get_by_label("Paste cells from your spreadsheet")).to_have_value(text)


def test_choices_among_pasted_rows_save_themselves(officer, desk):
    rows = [steps.row(report, steps.as_last(report)) for report in desk.due[:2]]
    steps.paste(officer, steps.cells(*rows))
    with officer.expect_response(lambda answer: answer.request.method == "POST"):
        officer.get_by_label("Take row 3").uncheck()
    expect(steps.saved(officer)).to_contain_text("1 value of 2 chosen")
    with officer.expect_response(lambda answer: answer.request.method == "POST"):
        officer.get_by_label("A word to the approver").fill("The first is enough.")
    officer.goto("/desk/paste/")
    officer.get_by_role("link", name="Go on with them").click()
    expect(officer.get_by_label("Take row 2")).to_be_checked()
    expect(officer.get_by_label("Take row 3")).not_to_be_checked()
    expect(officer.get_by_label("A word to the approver")).to_have_value("The first is enough.")


def test_decision_comes_back_after_signing_in(officer, approver, report):
    steps.look(approver, steps.enter(officer, report))
    approver.context.clear_cookies(name="sessionid")
    approver.get_by_label("What should change").fill("The period is wrong.")
    approver.get_by_role("button", name="Send back").click()
    steps.sign_in(approver, email("approver"))
    expect(approver.get_by_label("What should change")).to_have_value("The period is wrong.")
    assert steps.newest().state == "submitted"
