"""A board's whole cycle: a meeting is set up, written for and published; the next one shows what changed since."""

import re

import pytest
from playwright.sync_api import Page, expect

from boards import sentences
from boards.models import MeetingVersion
from boards.papers import published
from luton2040.editions import Edition
from tests.browser.desk import kinds, steps
from tests.browser.desk.board_pages import path
from tests.browser.desk.pages import button

pytestmark = pytest.mark.browser

FIRST, SECOND = "2026-12-02", "2027-01-12"
STORY, COMMENT = "Two employers left, and one is coming.", "Do we know which one?"


def set_up(clerk: Page, desk, day: str) -> None:
    clerk.goto("/desk/boards/")
    clerk.get_by_role("heading", name=desk.board.name).get_by_role("link").click()
    clerk.get_by_role("link", name="Set up a meeting").click()
    clerk.get_by_label("Day of the meeting").fill(day)
    button(clerk, "Set it up")
    expect(steps.told(clerk)).to_contain_text("is set up. Nothing of it is public.")


def publish(clerk: Page) -> None:
    """From the meeting's page to the public."""
    clerk.get_by_role("link", name="Publish", exact=True).click()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("Publish the meeting of")
    button(clerk, "Publish it now")
    expect(steps.told(clerk)).to_contain_text("Published as edition")


def open_review(page: Page, desk, day: str, name: str) -> None:
    page.goto(path(desk, day))
    page.get_by_text("The other outcomes:").click()
    page.get_by_role("row").filter(has_text=name).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()


def test_meeting_is_prepared_and_published_and_the_next_one_shows_what_changed(opened, resident, desk):
    report = steps.turned_by_its_target(desk.due)
    name, clerk, member = report.outcome.short_label, opened("clerk"), opened("member")
    public = {day: f"/boards/{desk.board.board_id}/{day}/" for day in (FIRST, SECOND)}

    set_up(clerk, desk, FIRST)
    assert resident.goto(public[FIRST]).status == 404

    open_review(member, desk, FIRST, name)
    with member.expect_response(lambda answer: answer.request.method == "POST"):
        member.get_by_label("The story behind it").fill(STORY)
    expect(steps.saved(member)).to_have_text("Saved at 09:30")
    member.get_by_label("Your comment").fill(COMMENT)
    button(member, "Add the comment")
    expect(steps.told(member)).to_contain_text("Your comment is added.")
    expect(member.get_by_role("button", name="Sign off as public")).to_have_count(0)

    open_review(clerk, desk, FIRST, name)
    expect(clerk.get_by_label("The story behind it")).to_have_value(STORY)
    expect(clerk.get_by_role("region", name="Comments")).to_contain_text(COMMENT)
    button(clerk, "Sign off as public")
    expect(steps.told(clerk)).to_contain_text("It comes out with the meeting.")
    clerk.goto(path(desk, FIRST))
    publish(clerk)

    resident.goto(public[FIRST])
    expect(resident.get_by_role("main")).to_contain_text(STORY)
    expect(resident.get_by_role("main")).not_to_contain_text(COMMENT)

    kinds.published(desk, kinds.line(report, steps.target(report)), measure=report.measure.measure_id)
    set_up(clerk, desk, SECOND)
    become = steps.status_with(report, report.target.value)
    changed = f"It moved from “{report.status.label}” to “{become.label}”"
    expect(clerk.get_by_role("main")).to_contain_text(changed)
    publish(clerk)

    resident.goto(public[SECOND])
    expect(resident.get_by_role("heading", name=re.compile("^What changed since"))).to_be_visible()
    expect(resident.get_by_role("main")).to_contain_text(changed)
    version = MeetingVersion.objects.current().get(held_on=SECOND)
    (turn,) = [turn for turn in published(version, Edition.objects.current()).turns if turn.now.code == report.code]
    expect(resident.get_by_role("main")).to_contain_text(sentences.headline(turn))
    resident.goto(public[FIRST])
    expect(resident.get_by_role("main")).to_contain_text(STORY)
    expect(resident.get_by_role("main")).not_to_contain_text(changed)


def test_meeting_is_prepared_and_published_without_javascript(opened, desk, browser):
    context = browser.new_context(base_url=desk.url, java_script_enabled=False)
    context.add_cookies(desk.signed_in["clerk"])
    clerk = context.new_page()
    set_up(clerk, desk, FIRST)
    clerk.get_by_text("The other outcomes:").click()
    clerk.get_by_role("row").filter(has_text=desk.due[0].outcome.short_label).get_by_role("link").first.click()
    clerk.get_by_label("The story behind it").fill(STORY)
    button(clerk, "Save")
    expect(steps.told(clerk)).to_contain_text("Saved at 09:30.")
    expect(clerk.get_by_role("main")).to_contain_text(f"{len(STORY)} of 4,000 characters")
    button(clerk, "Sign off as public")
    clerk.goto(path(desk, FIRST))
    publish(clerk)
    context.close()
