"""Every kind of page of boards at the desk, with the states that it can be in."""

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from boards import publishing
from boards.models import BoardAction, BoardVersion, Meeting, Membership, Review
from luton2040 import people
from tests import factories as make
from tests.browser.desk import steps
from tests.browser.desk.kinds import hold, kind, plain
from tests.browser.desk.pages import button, expect_problem
from tests.factories_boards import (
    create_board_action,
    create_comment,
    create_link,
    create_meeting,
    create_reply,
    create_review,
    create_seat,
)
from tests.record import NOW


def path(desk, *below: str) -> str:
    """Of the board on which the clerk and the member sit, or of a page below it."""
    return "/".join(["/desk/boards", desk.board.board_id, *below, ""])


# --- seats ---


@kind("board_desk:seats", who="clerk")
def seats_of_a_board(page: Page, desk):
    """Somebody active, invited and deactivated; a name and an address too long for a phone."""
    long = "christopher.bartholomew-fotheringay@a-rather-long-name-of-an-organisation.example.org"
    create_seat(make.create_user(email=long, name="Christopher Bartholomew-Fotheringay"), desk.board.board_id)
    create_seat(make.create_user(email="gone@example.org", name="Gus Left", is_active=False), desk.board.board_id)
    page.goto(path(desk, "seats"))


@kind("board_desk:seats", who="administrator")
def seats_of_a_board_for_an_administrator(page: Page, desk):
    people.deactivate(desk.person("member"), "Left.", by=desk.person("administrator"), now=NOW)
    page.goto(path(desk, "seats"))


@kind("board_desk:seats", who="administrator")
def seats_of_a_board_with_nobody(page: Page, desk):
    other = BoardVersion.objects.current().exclude(board__in=Membership.objects.values("board")).first()
    page.goto(f"/desk/boards/{other.board_id}/seats/")
    expect(page.get_by_role("main")).to_contain_text("Nobody yet.")


@kind("board_desk:seats", who="clerk")
def giving_a_seat_with_faults(page: Page, desk):
    page.goto(path(desk, "seats"))
    page.get_by_label("E-mail address").fill("member@example.org")
    page.get_by_label("Name").fill("Ken")
    button(page, "Give the seat and send the letter")
    expect_problem(page, "member@example.org sits on this board already")


@kind("board_desk:seats", who="clerk")
def seat_that_was_given(page: Page, desk):
    page.goto(path(desk, "seats"))
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_label("Name").fill("Nina New")
    button(page, "Give the seat and send the letter")
    expect(steps.told(page)).to_contain_text("A letter is on its way to new@example.org.")


@kind("board_desk:seats", who="member")
def seats_that_are_not_a_members_to_give(page: Page, desk):
    page.goto(path(desk, "seats"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not see this page")


# --- what there is to see of a meeting ---

DAY = date(2027, 1, 12)
LONG = "A rather long account of causes, of what was tried and of what came of it. " * 12


def meeting_of(desk, **fields) -> Meeting:
    return create_meeting(board=desk.board.board_id, held_on=DAY, read_on=NOW.date(), now=NOW, **fields)


def at(desk, *below: str) -> str:
    return path(desk, str(DAY), *below)


def review_path(desk, report=None) -> str:
    return at(desk, "reviews", (report or desk.due[0]).slug)


def written(desk, meeting: Meeting, **fields) -> Review:
    by = desk.person("member")
    fields = {"story": LONG, "partners": "The college.\nTwo charities.", "by": by} | fields
    return create_review(meeting=meeting, outcome=desk.due[0].code, now=NOW, **fields)


def everything(desk) -> Meeting:
    """A meeting with reviews of all sorts, and actions that stand in every way."""
    meeting, by = meeting_of(desk, introduction=LONG), desk.person("clerk")
    review = written(desk, meeting)
    create_comment(review=review, text=LONG, by=by, now=NOW)
    for report, fields in zip(desk.due[1:4], ({"is_public": True}, {"signed_off": True}, {}), strict=True):
        create_review(meeting=meeting, outcome=report.code, story=LONG if fields else "", by=by, now=NOW, **fields)
    board = {"board": desk.board.board_id, "now": NOW, "by": by}
    long_name = "An organisation with rather a long name, and a department"
    today = NOW.date()
    for days, what in ((-40, "Overdue"), (5, "Due soon"), (90, LONG[:290])):
        create_board_action(what=what, due_on=today + timedelta(days=days), owner=long_name, is_public=True, **board)
    closed = {"state": "done", "closed_on": today, "result": "It went well."}
    create_board_action(what="Done", outcome=desk.due[0].code, meeting=meeting, **closed, **board)
    return meeting


# --- one's boards, and one of them ---


@kind("board_desk:boards", who="clerk")
def boards_of_a_clerk(page: Page, desk):
    everything(desk)
    page.goto("/desk/boards/")
    expect(page.get_by_role("main")).to_contain_text("1 action is overdue")


plain("boards for an administrator", "board_desk:boards", "/desk/boards/", who="administrator")


@kind("board_desk:board", who="clerk")
def board_with_meetings_and_actions(page: Page, desk):
    everything(desk)
    page.goto(path(desk))
    page.get_by_text("Closed: 1 action").click()


@kind("board_desk:board", who="member")
def board_of_which_there_is_nothing(page: Page, desk):
    page.goto(path(desk))


# --- meetings ---


@kind("board_desk:new_meeting", who="clerk")
def setting_up_a_meeting_with_faults(page: Page, desk):
    page.goto(f"{path(desk, 'meetings', 'new')}?pinned=9")
    expect_problem(page, "There is no edition “9” yet.")
    page.get_by_label("Introduction").fill("word " * 10_000)
    button(page, "Set it up")
    expect_problem(page, "Day of the meeting", "There is no edition “9” yet.", "It has 49,999 characters")


@kind("board_desk:change_meeting", who="clerk")
def changing_a_meeting_that_somebody_else_has_changed(page: Page, desk):
    meeting_of(desk)
    page.goto(at(desk, "change"))
    Meeting.objects.update(introduction="Said by another.", saves=1)
    page.get_by_label("Introduction").fill("Said here.")
    button(page, "Save")
    expect_problem(page, "Nothing was overwritten.", "Said by another.")


@kind("board_desk:remove_meeting", who="clerk")
def removing_a_meeting_for_which_something_is_written(page: Page, desk):
    everything(desk)
    page.goto(at(desk, "remove"))
    button(page, "Remove the meeting")
    expect_problem(page, "Somebody has written for this meeting")


@kind("board_desk:meeting", who="clerk")
def meeting_that_is_prepared(page: Page, desk):
    everything(desk)
    page.goto(at(desk))
    page.get_by_text("The other outcomes:").click()


@kind("board_desk:meeting", who="member")
def meeting_that_is_public(page: Page, desk):
    meeting = everything(desk)
    publishing.publish(desk.board.board_id, meeting=meeting, by=desk.person("clerk"), now=NOW)
    page.goto(at(desk))


@kind("board_desk:present", who="member")
def meeting_on_the_screen_as_it_is_prepared(page: Page, desk):
    everything(desk)
    page.goto(f"{at(desk, 'present')}?step=1")
    expect(page.get_by_role("banner")).to_contain_text("As prepared, with what is private")


@kind("board_desk:present", who="member")
def meeting_on_the_screen(page: Page, desk):
    everything(desk)
    page.goto(at(desk, "present"))
    page.locator(".all > summary").click()
    page.get_by_role("link", name=desk.due[0].outcome.short_label, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(desk.due[0].outcome.short_label)
    page.get_by_text("More on this outcome").click()


@kind("board_desk:publish_meeting", who="clerk")
def publishing_a_meeting_during_a_hold(page: Page, desk):
    everything(desk)
    hold(desk)
    page.goto(at(desk, "publish"))
    button(page, "Publish it now")
    expect(page.get_by_label("Why it cannot wait")).to_have_attribute("aria-invalid", "true")


@kind("board_desk:publish_board", who="clerk")
def publishing_what_changed_since(page: Page, desk):
    everything(desk)
    page.goto(path(desk, "publish"))


# --- reviews ---


@kind("board_desk:review", who="clerk")
def review_that_is_discussed(page: Page, desk):
    review = written(desk, meeting_of(desk))
    for who in ("clerk", "member"):
        create_comment(review=review, text=LONG, by=desk.person(who), now=NOW)
    create_reply(review=review, text=LONG, now=NOW)
    page.goto(review_path(desk))
    page.get_by_text("Ask a partner for a reply").click()


@kind("board_desk:review", who="officer")
def review_as_it_is_typed(page: Page, desk):
    meeting_of(desk)
    page.goto(review_path(desk))
    page.get_by_label("The story behind it").fill("Wages rose.")
    expect(steps.saved(page)).to_have_text("Saved at 09:30")
    expect(page.get_by_role("main")).to_contain_text("11 of 4,000 characters")


@kind("board_desk:review", who="member")
def review_that_somebody_else_has_saved_meanwhile(page: Page, desk):
    review = written(desk, meeting_of(desk))
    page.goto(review_path(desk))
    Review.objects.filter(pk=review.pk).update(story="Said by another.", saves=2, saved_by=desk.person("clerk"))
    page.get_by_label("The story behind it").fill("Said here.")
    expect(steps.saved(page)).to_contain_text("Press Save to see both texts side by side.")
    button(page, "Save")
    expect_problem(page, "Nadia Rahman saved this review")
    expect(page.get_by_role("main")).to_contain_text("Said by another.")


@kind("board_desk:review", who="member")
def review_that_is_too_long(page: Page, desk):
    meeting_of(desk)
    page.goto(review_path(desk))
    page.get_by_label("What works").fill("word " * 10_000)
    expect(steps.saved(page)).to_contain_text("It has 49,999 characters")
    button(page, "Save")
    expect_problem(page, "What works: It has 49,999 characters")


@kind("board_desk:review", who="clerk")
def review_that_is_signed_off(page: Page, desk):
    written(desk, meeting_of(desk), is_public=True)
    page.goto(review_path(desk))


@kind("board_desk:review", who="clerk")
def review_with_a_link_for_a_reply(page: Page, desk):
    written(desk, meeting_of(desk))
    page.goto(review_path(desk))
    page.get_by_text("Ask a partner for a reply").click()
    page.get_by_label("Partner organisation").fill("A charity")
    button(page, "Make the link")
    expect(page.get_by_label("Address")).to_have_value(re.compile("/by-link/"))


# --- actions ---


@kind("board_desk:new_action", who="clerk")
def recording_an_action_with_faults(page: Page, desk):
    page.goto(path(desk, "actions", "new"))
    button(page, "Record it")
    expect_problem(page, "What will be done", "Organisation that will do it", "Due on")


@kind("board_desk:action", who="clerk")
def action_that_somebody_else_has_changed(page: Page, desk):
    everything(desk)
    action = BoardAction.objects.get(what="Overdue")
    page.goto(path(desk, "actions", str(action.pk)))
    BoardAction.objects.filter(pk=action.pk).update(saves=1)
    page.get_by_label("It was done").check()
    button(page, "Close the action")
    expect_problem(page, "Nothing was overwritten.")


@kind("board_desk:action", who="clerk")
def action_that_is_closed(page: Page, desk):
    everything(desk)
    page.goto(path(desk, "actions", str(BoardAction.objects.get(what="Done").pk)))


@kind("board_desk:action", who="member")
def action_for_a_member(page: Page, desk):
    everything(desk)
    page.goto(path(desk, "actions", str(BoardAction.objects.get(what="Overdue").pk)))


# --- links, and what is behind them ---


@kind("board_desk:links", who="clerk")
def links_of_which_one_was_just_made(page: Page, desk):
    by = desk.person("clerk")
    meeting = meeting_of(desk)
    create_link(meeting=meeting, token="one", by=by, now=NOW, revoked_by=by, revoked_at=NOW)
    create_link(meeting=meeting, token="two", by=by, now=NOW - timedelta(days=30))
    create_link(review=written(desk, meeting), token="three", for_whom="A charity", by=by, now=NOW)
    page.goto(at(desk, "links"))
    page.get_by_label("For whom").fill("the chair of the board, for the meeting")
    button(page, "Make the link")
    expect(page.get_by_label("Address")).to_have_value(re.compile("/by-link/"))


@kind("by_link", who="")
def preview_of_a_meeting(page: Page, desk):
    create_link(meeting=everything(desk), token="chair", now=NOW)
    page.goto("/by-link/chair/")
    expect(page.get_by_role("main")).to_contain_text("Preview for the chair")
    assert page.context.cookies() == []


@kind("by_link", who="")
def reply_that_is_too_long(page: Page, desk):
    create_link(review=written(desk, meeting_of(desk)), token="reply", for_whom="A charity", now=NOW)
    page.goto("/by-link/reply/")
    page.get_by_label("Your reply").fill("word " * 10_000)
    button(page, "Send the reply")
    expect_problem(page, "It has 49,999 characters")


@kind("by_link", who="")
def reply_that_was_given(page: Page, desk):
    create_link(review=written(desk, meeting_of(desk)), token="reply", for_whom="A charity", now=NOW)
    page.goto("/by-link/reply/")
    page.get_by_label("Your reply").fill("We do more.")
    button(page, "Send the reply")
    expect(page.get_by_role("main")).to_contain_text("Your reply of 1 December 2026")
    assert page.context.cookies() == []


@kind("by_link", who="")
def link_that_does_not_work(page: Page, desk):
    page.goto("/by-link/nothing/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("This link does not work")
