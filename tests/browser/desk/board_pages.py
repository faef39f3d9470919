"""Every kind of page of boards at the desk, with the states that it can be in."""

from playwright.sync_api import Page, expect

from boards.models import BoardVersion, Membership
from luton2040 import people
from tests import factories as make
from tests.browser.desk import steps
from tests.browser.desk.kinds import kind
from tests.browser.desk.pages import button, expect_problem
from tests.factories_boards import create_seat
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
