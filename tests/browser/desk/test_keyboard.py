"""The desk by keyboard alone: how many keys, where the focus goes, and that it can be seen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import steps

pytestmark = pytest.mark.browser

MOST_TABS = 60
RELEASED = "1/12/2026"
IS_OUTLINED = """(element) => {
    const look = getComputedStyle(element);
    return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
}"""


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page):
        self.page, self.count = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def type(self, text: str) -> None:
        for character in text:
            self.press(character)

    def tab_to(self, wanted: Locator) -> None:
        """On, or where the focus is past it, on until it comes round."""
        wanted.wait_for()
        for _ in range(MOST_TABS):
            if wanted.evaluate("(element) => element === document.activeElement"):
                assert wanted.evaluate(IS_OUTLINED), "the focus is not shown"
                return
            self.press("Tab")
        raise AssertionError(f"{wanted} is not reached in {MOST_TABS} presses of Tab")


def test_value_is_handed_in_from_the_list_with_few_keys(officer, desk):
    first, second = desk.due[:2]
    officer.goto("/desk/")
    keys = Keys(officer)
    keys.press("Tab")
    keys.press("Enter")  # past the navigation
    keys.tab_to(steps.task(officer, first).get_by_role("link", name="Enter"))
    keys.press("Enter")
    expect(steps.value_field(officer)).to_be_focused()
    before = keys.count
    keys.type(steps.as_last(first))
    keys.press("Tab")
    keys.type(RELEASED)
    keys.press("Control+Enter")
    expect(steps.told(officer)).to_contain_text("Handed in:")
    assert before <= 12
    assert keys.count - before == len(steps.as_last(first)) + len(RELEASED) + 2

    expect(officer.get_by_role("heading", level=1, name=second.outcome.short_label)).to_be_visible()
    expect(steps.value_field(officer)).to_be_focused()
    keys.type(steps.as_last(second))
    keys.press("Tab")
    keys.type(RELEASED)
    keys.press("Control+Enter")
    expect(officer.get_by_role("heading", level=1, name=desk.due[2].outcome.short_label)).to_be_visible()
    assert steps.newest().measure_id == second.measure.measure_id


def test_focus_goes_to_what_is_wrong_and_from_there_to_the_field(officer, desk):
    officer.goto(steps.path(desk.due[0]))
    keys = Keys(officer)
    keys.press("Control+Enter")
    expect(steps.problems(officer)).to_be_focused()
    expect(steps.problems(officer)).to_contain_text("Value: This is needed. Fill it in.")
    keys.press("Tab")
    keys.press("Enter")
    expect(steps.value_field(officer)).to_be_focused()


def test_warned_value_is_explained_and_handed_in(officer, desk):
    report = steps.turned_by_its_target(desk.due)
    officer.goto(steps.path(report))
    keys = Keys(officer)
    keys.type(steps.target(report))
    keys.press("Tab")
    keys.type(RELEASED)
    expect(officer.locator("#doubts")).to_contain_text("Is this right?")
    keys.tab_to(officer.get_by_label("Why it is right all the same"))
    keys.type("It is.")
    keys.press("Control+Enter")
    expect(steps.told(officer)).to_contain_text("Handed in:")


def test_pasted_rows_are_chosen_and_handed_in(officer, desk):
    rows = [steps.row(report, steps.as_last(report)) for report in desk.due[:2]]
    officer.goto("/desk/paste/")
    keys = Keys(officer)
    keys.tab_to(officer.get_by_label("Paste cells from your spreadsheet"))
    officer.keyboard.insert_text(steps.cells(*rows))
    keys.tab_to(officer.get_by_role("button", name="Read the rows"))
    keys.press("Enter")
    keys.tab_to(officer.get_by_label("Take row 3"))
    keys.press("Space")
    keys.tab_to(officer.get_by_role("button", name="Hand in for approval"))
    keys.press("Enter")
    expect(steps.told(officer)).to_contain_text("1 value handed in.")


def test_submission_is_published(officer, approver, desk):
    steps.enter(officer, desk.due[0])
    approver.goto("/desk/")
    keys = Keys(approver)
    keys.tab_to(approver.get_by_role("link", name="Look and decide"))
    keys.press("Enter")
    keys.tab_to(approver.get_by_role("link", name="decide", exact=True))
    keys.press("Enter")
    keys.tab_to(approver.get_by_role("button", name="Show what will happen"))
    keys.press("Enter")
    keys.tab_to(approver.get_by_role("button", name="Publish edition 2 now"))
    keys.press("Enter")
    expect(steps.told(approver)).to_contain_text("Published as edition 2.")


def test_submission_is_scheduled(officer, approver, desk):
    steps.look(approver, steps.enter(officer, desk.due[0]))
    keys = Keys(approver)
    keys.tab_to(approver.get_by_label("Now", exact=True))
    keys.press("ArrowDown")
    expect(approver.get_by_label("At a time to come")).to_be_checked()
    keys.tab_to(approver.get_by_label("Day"))
    keys.type("12122026")  # in whichever order the browser has day and month
    keys.tab_to(approver.get_by_label("Time", exact=True))
    keys.type("0930a")  # and whether it counts hours to 12
    keys.tab_to(approver.get_by_role("button", name="Show what will happen"))
    keys.press("Enter")
    keys.tab_to(approver.get_by_role("button", name="Approve it for that time"))
    keys.press("Enter")
    expect(steps.told(approver)).to_contain_text("Saturday 12 December 2026")


def test_what_came_of_a_form_has_the_focus(opened, desk):
    clerk = opened("clerk")
    clerk.goto(f"/desk/boards/{desk.board.board_id}/meetings/new/")
    clerk.get_by_role("button", name="Set it up").click()
    expect(steps.problems(clerk)).to_be_focused()
    expect(steps.problems(clerk)).to_contain_text("Give a day, such as 2 March 2027.")
