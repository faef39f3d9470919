"""A value's whole way: typed or pasted by an officer, decided by an approver, seen by a resident."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from luton2040.editions import Edition
from outcomes import formatting as words
from outcomes.models import Observation
from outcomes.progress import Status
from outcomes.report import OutcomeReport
from tests.browser.desk import steps
from tests.browser.desk.conftest import email
from tests.browser.test_journeys import main_of

pytestmark = pytest.mark.browser

WHY = "The publisher changed how it counts, and confirmed the figure by telephone."
READERS_WHY = "the publisher corrected an error in its population figures"


def public(report: OutcomeReport) -> str:
    return f"/outcomes/{report.slug}/"


def expect_in_public(resident: Page, report: OutcomeReport, value: str, status: Status) -> None:
    resident.goto(public(report))
    expect(resident.get_by_role("region", name="Where it stands")).to_contain_text(status.label)
    newest = resident.get_by_role("region", name="Table of figures").locator("tbody tr").first
    expect(newest).to_contain_text(words.period_short(steps.next_period(report)))
    expect(newest).to_contain_text(steps.shown(report, value).strip("£%"))


def test_pasted_values_reach_residents_and_the_edition_before_stays(opened, desk):
    turned = steps.turned_by_its_target(desk.due)
    value = steps.target(turned)
    plain, refused = [report for report in desk.due if report is not turned][:2]
    officer, approver, resident = opened(), opened(), opened()
    before = {path: main_of(resident.goto(path).text()) for path in (public(turned), public(plain), "/")}

    officer.goto("/desk/")
    steps.sign_in(officer, email("officer"))
    expect(officer.get_by_role("heading", level=1, name="My work")).to_be_visible()
    expect(officer.get_by_role("main")).to_contain_text(f"{len(desk.due)} values are due")
    rows = [steps.row(turned, value), steps.row(plain, steps.as_last(plain)), steps.row(refused, "not yet known")]
    steps.paste(officer, steps.cells(*rows))
    tally = officer.get_by_role("list", name="Your rows").get_by_role("listitem")
    expect(tally.filter(has_text="Nothing is published")).to_contain_text("1")
    expect(tally.filter(has_text="doubtful")).to_contain_text("1")
    expect(tally.filter(has_text="cannot be taken")).to_contain_text("1")
    expect(officer.get_by_role("region", name="Refused")).to_contain_text("not yet known")
    officer.get_by_label("Why it is right, row 2").fill(WHY)
    steps.hand_in_pasted(officer)

    approver.goto("/desk/")
    steps.sign_in(approver, email("approver"))
    waiting = approver.get_by_role("region", name="Waiting for you to approve").get_by_role("listitem")
    expect(waiting).to_contain_text("handed in by Olive Marsh")
    waiting.get_by_role("link", name="Look and decide").click()
    values = approver.get_by_role("region", name="2 values, old and new")
    line = values.get_by_role("row").filter(has_text=turned.measure.name)
    expect(line).to_contain_text(steps.shown(turned, value))
    expect(line).to_contain_text(WHY)
    become = steps.status_with(turned, turned.target.value)
    seen = approver.get_by_role("region", name="On the public site").locator("summary")
    expect(seen.filter(has_text=turned.outcome.short_label)).to_contain_text(f"would become {become.label}")
    steps.publish(approver)

    expect_in_public(resident, turned, value, become)
    expect_in_public(resident, plain, steps.as_last(plain), steps.status_with(plain, plain.latest.value))
    resident.goto(public(refused))
    expect(resident.get_by_role("region", name="Table of figures")).not_to_contain_text(
        words.period_short(steps.next_period(refused))
    )
    for path, was in before.items():
        assert main_of(resident.goto(f"{path}?edition=1").text()) == was
        assert main_of(resident.goto(path).text()) != was
    resident.goto("/changes/")
    entry = resident.get_by_role("listitem").filter(has=resident.get_by_role("heading", name="Edition 2")).first
    for report in (turned, plain):
        expect(entry).to_contain_text(report.outcome.short_label)
    assert resident.context.cookies() == []


def test_typed_value_is_sent_back_mended_and_published_at_its_time(officer, approver, resident, desk, capsys):
    report, first, mended = desk.due[0], steps.a_little_more(desk.due[0]), steps.as_last(desk.due[0])
    officer.goto("/desk/")
    steps.begin(officer, report)
    steps.value_field(officer).fill("about thirty")
    expect(officer.locator("#id_value_said")).to_contain_text("about thirty")
    expect(steps.value_field(officer)).to_have_attribute("aria-invalid", "true")
    steps.type_value(officer, first)
    expect(officer.locator("#id_value_said")).to_be_empty()
    expect(steps.preview(officer)).to_contain_text(steps.shown(report, first))
    expect(steps.preview(officer).locator("svg").first).to_be_attached()
    steps.hand_in(officer)
    expect(steps.task(officer, report)).to_have_count(0)

    steps.look(approver, steps.newest())
    steps.send_back(approver, "The bulletin says otherwise: see its table 3.")

    officer.goto("/desk/")
    returned = officer.get_by_role("region", name="Sent back to you")
    expect(returned).to_contain_text("see its table 3")
    returned.get_by_role("button", name="Change it").click()
    expect(steps.value_field(officer)).to_have_value(first)
    expect(officer.get_by_role("main")).to_contain_text("see its table 3")
    steps.type_value(officer, mended)
    steps.hand_in(officer)

    at = desk.clock.now + timedelta(hours=1)
    submission = steps.newest()
    steps.look(approver, submission)
    steps.schedule(approver, at)
    call_command("publish_due")
    assert capsys.readouterr().out == "Nothing is due.\n"
    assert Edition.objects.count() == 1
    desk.clock.now = at
    call_command("publish_due")
    assert capsys.readouterr().out == f"Submission {submission.pk}: published as edition 2\n"
    expect_in_public(resident, report, mended, steps.status_with(report, report.latest.value))
    officer.goto(f"/desk/submissions/{submission.pk}/")
    expect(officer.locator("#standing")).to_contain_text("as edition 2")


def test_published_value_is_corrected_with_a_reason_that_residents_read(officer, approver, resident, desk):
    report = desk.due[0]
    value, was = steps.a_little_more(report), steps.shown(report, report.latest.value)
    officer.goto(steps.path(report, "").removesuffix("/"))
    newest = officer.get_by_role("region", name="Values of").locator("tbody tr").first
    newest.get_by_role("link", name="Correct").click()
    expect(steps.value_field(officer)).to_have_value(steps.as_last(report))
    steps.type_value(officer, value)
    officer.get_by_label("Why it changes, for readers").fill(READERS_WHY)
    beside = f"revised to {steps.shown(report, value)} on 1 December 2026 because {READERS_WHY}"
    expect(steps.preview(officer)).to_contain_text(beside)
    steps.hand_in(officer)

    steps.look(approver, steps.newest())
    expect(approver.get_by_role("main")).to_contain_text(READERS_WHY)
    steps.publish(approver)

    resident.goto(public(report))
    expect(resident.get_by_role("main")).to_contain_text(beside)
    expect(resident.get_by_role("main")).to_contain_text(f"was {was}")
    resident.goto("/changes/")
    expect(resident.get_by_role("main")).to_contain_text(READERS_WHY)
    old = Observation.objects.get(last_edition=1, measure=report.measure.measure_id)
    assert old.value == report.latest.value
