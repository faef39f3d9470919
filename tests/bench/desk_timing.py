"""How long an officer takes to enter values from the list of what is due, typed into the form and pasted.

A worked example, not a measurement of people: a real Chromium types and looks at the pace that is assumed below.
"""

import csv
import io
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.bench import browser
from tests.bench.copy_of_site import Copy

EMAIL, PASSWORD = "officer@example.org", "seven wet umbrellas"
KEY = 0.12  # seconds for each key, which is about 40 words a minute
LOOK = 1.5  # seconds of looking before each thing that is done to a page
Values = dict[str, dict[str, str]]  # of each measure: its figures, by the names of their columns
ASSUMED = f"{KEY * 1000:.0f} ms a key and {LOOK:g} s of looking before each click, each value and each handing in"


@dataclass(frozen=True)
class Timing:
    count: int
    form: float  # seconds
    paste: float
    spreadsheet: float  # of those by paste, typing into the spreadsheet


class Person:
    """Somebody who looks before each thing they do."""

    def __init__(self, page: Page):
        self.page = page

    def look(self) -> None:
        time.sleep(LOOK)

    def click(self, name: str | re.Pattern, role: str = "button") -> None:
        self.look()
        self.page.get_by_role(role, name=name).first.click()

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=KEY * 1000)

    def press(self, key: str) -> None:
        time.sleep(KEY)
        self.page.keyboard.press(key)


def measure(copy: Copy) -> Timing:
    count, form = _timed(copy, "desk-form", _by_form)
    keys, paste = _timed(copy, "desk-paste", _by_paste)
    return Timing(count, form, paste + keys * KEY, keys * KEY)


def _timed(copy: Copy, database: str, enter: Callable[[Page, Values], int]) -> tuple[int, float]:
    """What the way of entering gives, and the seconds from the desk's first page until all is handed in."""
    copy.branch(database)
    values = json.loads(copy.run(database, "-m", "tests.bench.inside", "desk_people", EMAIL, PASSWORD))
    with copy.served(database) as server, browser.browser() as chromium:
        page = chromium.new_context(base_url=server.address, locale="en-GB").new_page()
        page.goto("/desk/")
        page.get_by_label("E-mail address").fill(EMAIL)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="My work")).to_be_visible()
        began = time.monotonic()
        said = enter(page, values)
        return said, time.monotonic() - began


def _by_form(page: Page, values: Values) -> int:
    """From each to the next that is due, until none is; gives how many."""
    person, count = Person(page), 0
    person.click(re.compile("^Enter"), role="link")
    while True:
        page.wait_for_url("**/enter/")
        person.look()
        figures = values[page.url.split("/")[-3].upper()]
        for figure in figures.values():
            person.type(figure)
            person.press("Tab")
        person.type(_today())
        person.look()  # at what the public would see
        person.press("Control+Enter")
        expect(page.locator(".messages")).to_contain_text("Handed in:")
        count += 1
        if not page.url.endswith("/enter/"):
            return count


def _by_paste(page: Page, values: Values) -> int:
    """The list of what is due, filled in elsewhere and copied from there; gives how many keys that took."""
    person = Person(page)
    with page.expect_download() as started:
        person.click("CSV", role="link")
    header, *rows = csv.reader(io.StringIO(started.value.path().read_text("utf-8-sig")))
    keys = 0
    for row in rows:
        typed = values[row[header.index("measure")]] | {"retrieved_on": _today()}
        for name, text in typed.items():
            row[header.index(name)] = text
            keys += len(text) + 1  # and one to the next cell
    person.click("paste or upload it", role="link")
    person.look()
    page.get_by_label("Paste cells from your spreadsheet").focus()
    page.keyboard.insert_text("\n".join("\t".join(row) for row in [header, *rows]))
    person.click("Read the rows")
    expect(page.get_by_role("heading", level=1, name="What your rows would change")).to_be_visible()
    for _ in rows:
        person.look()
    person.click("Hand in for approval")
    expect(page.locator(".messages")).to_contain_text("handed in.")
    return keys


def _today() -> str:
    today = datetime.now(ZoneInfo("Europe/London"))  # as the site counts days
    return f"{today.day}/{today.month}/{today.year}"
