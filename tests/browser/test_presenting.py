"""A meeting on the room's screen: turned by keys, clickers and thumbs, and readable by everybody."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from boards.models import BoardVersion, Meeting, Oversight
from luton2040.editions import Edition
from tests.browser import databases, faults, steps
from tests.browser.conftest import Site
from tests.browser.pages import most_shown, summaries
from tests.factories_boards import (
    create_action_version,
    create_board_action,
    create_meeting,
    create_meeting_version,
    create_review,
    create_review_version,
)
from tests.record import NOW, TODAY

pytestmark = pytest.mark.browser

DAY = date(2026, 12, 10)
LONG = "A rather long account of what the board has agreed that everybody will do by then. " * 12


@pytest.fixture(scope="module")
def presented(delivered) -> Iterator[Site]:
    """With a meeting of the board that oversees most: a long review, and actions that stand in every way."""
    with databases.in_use(delivered):
        database = databases.copy_to(delivered.with_name("presented.sqlite3"))
    with databases.in_use(database):
        oversight = Oversight.objects.current()
        board = max(BoardVersion.objects.current(), key=lambda b: oversight.filter(board=b.board_id).count())
        reports = summaries()
        _create_meeting(board.board_id, most_shown(reports))
        server = LiveServer("127.0.0.1")
        yield Site(server.url, database, {"first": f"/boards/{board.board_id}/{DAY}/present/"}, {}, [])
        server.stop()


def _create_meeting(board, report) -> Meeting:
    edition = Edition.objects.current()
    meeting = create_meeting(board=board, held_on=DAY, pinned=edition, read_on=TODAY, now=NOW, introduction=LONG)
    create_meeting_version(meeting=meeting)
    review = create_review(meeting=meeting, outcome=report.code, story=LONG, what_we_will_do=LONG, is_public=True)
    create_review_version(review=review)
    for days in (-40, 5, 90):
        due = {"what": LONG[:290], "due_on": TODAY + timedelta(days=days), "is_public": True, "outcome": report.code}
        create_action_version(action=create_board_action(board=board, meeting=meeting, now=NOW, **due))
    return meeting


@pytest.fixture(autouse=True)
def open_site(presented, monkeypatch) -> Iterator[Site]:
    monkeypatch.setattr("luton2040.caching.code_version", lambda: str(presented.database))
    with databases.in_use(presented.database):
        yield presented


@pytest.fixture
def first(open_site) -> str:
    return open_site.paths["first"]


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def at_step(page: Page, number: int) -> None:
    expect(page).to_have_url(re.compile(rf"\?step={number}$"))
    expect(page.locator(".list [aria-current]")).to_have_attribute("href", re.compile(rf"\?step={number}$"))


def reviewed(page: Page, first: str) -> None:
    """Open the step of the outcome that has the review."""
    code = Meeting.objects.get().reviews.get().outcome_id
    name = next(r.outcome.short_label for r in summaries() if r.code == code)
    page.goto(first)
    page.locator(".all summary").click()
    page.get_by_role("link", name=name, exact=True).click()
    expect(heading(page)).to_have_text(name)


# --- every look of it ---


@pytest.mark.parametrize("name", ["Start", "the outcome with a review", "Open actions", "What falls due next", "End"])
def test_step(page: Page, first, watch, name):
    if name.startswith("the"):
        reviewed(page, first)
        page.reload()
    else:
        page.goto(first)
        page.goto(page.locator(".list a").get_by_text(name, exact=True).get_attribute("href"))
    folded = page.locator(".more > summary")
    if folded.count():
        folded.click()
    found = {"complaints": list(watch.said), "asked elsewhere": watch.elsewhere, "layout": faults.layout(page)}
    found |= {"width": faults.at_any_width(page), "accessibility": faults.violations(page)}
    found |= {"wider text": faults.layout_of_wider_text(page), "keyboard": faults.tab_order(page)}
    assert not faults.told(found), faults.told(found)


def test_list_of_all_steps_is_readable_and_shows_where_one_is(page: Page, first):
    page.goto(f"{first}?step=20")
    page.locator(".all summary").press("Enter")
    current = page.locator(".list [aria-current=step]")
    expect(current).to_be_in_viewport()
    assert faults.violations_in_short(page) == []
    page.keyboard.press("Escape")
    expect(current).to_be_hidden()
    expect(page.locator(".all summary")).to_be_focused()


def test_whole_outcome_is_on_the_screen_of_a_room(page: Page, first):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{first}?step=1")
    for part in (heading(page), page.locator(".badges"), page.get_by_role("figure"), page.locator(".steps")):
        expect(part).to_be_in_viewport(ratio=1)


def test_next_and_back_are_in_reach_of_the_thumb(page: Page, first):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{first}?step=1")
    for name in ("Next", "Back"):
        box = page.locator(".steps").get_by_role("link", name=name).bounding_box()
        assert box["y"] > 500 and box["height"] >= 44


def test_print_has_the_step_and_not_the_way_to_others(page: Page, first):
    page.goto(f"{first}?step=1")
    page.emulate_media(media="print")
    expect(heading(page)).to_be_visible()
    expect(page.locator(".steps")).to_be_hidden()


# --- keys ---


def test_keys_turn_the_steps_in_place(page: Page, first, watch):
    page.goto(first)
    last = page.locator(".list a").count() - 1
    page.evaluate("window.stays = true")
    turned = [("ArrowRight", 1), ("PageDown", 2), ("Space", 3), ("Enter", 4), ("ArrowLeft", 3), ("PageUp", 2)]
    for key, number in [*turned, ("End", last), ("ArrowRight", last), ("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 1)]:
        page.keyboard.press(key)
        if number or key == "Home":
            at_step(page, number)
        expect(heading(page)).to_have_text(re.compile(r"\w"))
    expect(heading(page)).to_be_focused()
    expect(steps.announced(page)).to_have_text(page.locator("article").get_attribute("data-announce"))
    assert page.title().startswith(f"1 of {last - 3}: {heading(page).inner_text()}")
    assert page.evaluate("window.stays") and watch.said == []


@pytest.mark.parametrize("key", ["Control+ArrowRight", "Alt+PageDown", "Shift+Space", "Meta+End", "a", "ArrowDown"])
def test_other_keys_do_not(page: Page, first, key):
    page.goto(f"{first}?step=1")
    page.locator("h1").press(key)
    page.wait_for_timeout(100)
    at_step(page, 1)


def test_keys_that_something_has_of_its_own_are_left_to_it(page: Page, first):
    page.goto(f"{first}?step=1")
    page.locator(".more > summary").press("Space")
    expect(page.locator(".more")).to_have_attribute("open", "")
    at_step(page, 1)


def test_keys_can_be_turned_off(page: Page, first):
    page.goto(f"{first}?step=1")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Use these keys").uncheck()
    for key in ("ArrowRight", "f"):
        page.keyboard.press(key)
    page.wait_for_timeout(100)
    at_step(page, 1)
    assert not page.evaluate("document.fullscreenElement !== null")


# --- links ---


def test_next_is_followed_in_place_and_keeps_the_focus_and_the_browser_goes_back(page: Page, first):
    page.goto(f"{first}?step=1")
    was = heading(page).inner_text()
    page.evaluate("window.stays = true")
    forward = page.locator(".steps").get_by_role("link", name=re.compile("^Next"))
    forward.focus()
    for number in (2, 3):
        page.keyboard.press("Enter")
        at_step(page, number)
        expect(forward).to_be_focused()
    page.go_back()
    at_step(page, 2)
    page.go_back()
    at_step(page, 1)
    expect(heading(page)).to_have_text(was)
    page.go_forward()
    at_step(page, 2)
    assert page.evaluate("window.stays")


def test_full_screen_survives_the_change_of_step(page: Page, first):
    page.goto(first)
    page.get_by_role("button", name="Full screen").click()
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    page.keyboard.press("ArrowRight")
    at_step(page, 1)
    assert page.evaluate("document.fullscreenElement !== null")
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_visible()


def test_step_that_cannot_be_fetched_is_opened_as_a_page(page: Page, first):
    page.goto(first)
    page.evaluate("window.stays = true")
    page.route(
        re.compile(r"step=1$"),
        lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_(),
    )
    with page.expect_event("domcontentloaded"):
        page.keyboard.press("ArrowRight")
    at_step(page, 1)
    assert not page.evaluate("window.stays")


def test_key_that_is_pressed_again_waits_for_what_it_asked_for(page: Page, first):
    page.goto(first)
    held = []
    page.route(re.compile(r"step=1$"), lambda route: held.append(route))
    with page.expect_request(re.compile(r"step=1$")):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    held[0].continue_()
    at_step(page, 1)
    assert len(held) == 1


def test_way_back_leads_to_the_papers(page: Page, first):
    page.goto(f"{first}?step=999")
    page.get_by_role("link", name="To the papers").click()
    expect(heading(page)).to_contain_text("Meeting of")


@pytest.mark.parametrize("browser_context_args", [{"java_script_enabled": False}], indirect=True)
def test_steps_are_turned_without_javascript(page: Page, first):
    page.goto(first)
    expect(page.get_by_role("button", name="Full screen")).to_have_count(0)
    page.locator(".steps").get_by_role("link", name=re.compile("^Next")).click()
    expect(page).to_have_url(re.compile("step=1$"))
    expect(page.get_by_role("figure").get_by_role("img")).to_be_visible()
    page.locator(".all summary").click()
    page.get_by_role("link", name="Open actions", exact=True).click()
    expect(page.get_by_role("table", name="Open actions").get_by_text("Overdue").first).to_be_visible()
    page.locator(".steps").get_by_role("link", name=re.compile("^Back")).click()
    expect(heading(page)).to_be_visible()


@pytest.fixture
def browser_context_args(browser_context_args, request):
    return {**browser_context_args, **getattr(request, "param", {})}
