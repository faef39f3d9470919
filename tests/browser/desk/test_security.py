"""What the browser complains of at the desk while things are done, whom it asks, and what it is made to keep."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import steps
from tests.browser.test_security import KEPT

pytestmark = pytest.mark.browser


def test_checking_and_saving_while_typing_causes_no_complaint(officer, windows, desk):
    watch = windows.watch(officer, desk.url)
    report = steps.turned_by_its_target(desk.due)
    officer.goto(steps.path(report))
    for value in ("about thirty", steps.target(report), steps.as_last(report)):
        steps.type_value(officer, value)
    officer.get_by_label("Provisional").check()
    steps.hand_in(officer)
    other = next(other for other in desk.due if other is not report)
    steps.paste(officer, steps.cells(steps.row(other, "1")))
    with officer.expect_response(lambda answer: answer.request.method == "POST"):
        officer.get_by_label("Why it is right, row 2").fill("It was counted anew.")
    expect(steps.saved(officer)).to_contain_text("Saved at")
    assert watch.said == []
    assert watch.elsewhere == []
    assert [address for address in watch.requests if "plotly" in address] == []


def test_nothing_is_kept_in_the_browser_but_the_session(officer, desk):
    steps.enter(officer, desk.due[0])
    assert set(officer.evaluate(KEPT)) <= {f"csrftoken={cookie['value']}" for cookie in officer.context.cookies()}
    assert officer.evaluate("async () => (await indexedDB.databases()).map((database) => database.name)") == []
    kept = {cookie["name"]: cookie for cookie in officer.context.cookies()}
    assert set(kept) == {"sessionid", "csrftoken"}
    assert kept["sessionid"]["httpOnly"]
    assert {cookie["sameSite"] for cookie in kept.values()} == {"Lax"}


def test_desk_may_not_be_framed_and_is_kept_by_nobody_else(officer):
    headers = officer.goto("/desk/").headers
    assert headers["cache-control"] == "private, no-cache"
    assert headers["x-frame-options"] == "DENY"
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";") if part.strip())
    assert policy["frame-ancestors"] == policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"


def test_public_pages_are_the_same_for_somebody_signed_in(officer, resident, desk):
    path = f"/outcomes/{desk.due[0].slug}/"
    seen, answer = resident.goto(path).text(), officer.goto(path)
    assert answer.text() == seen
    assert "set-cookie" not in answer.headers
