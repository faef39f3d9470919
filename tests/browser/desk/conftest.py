"""The desk: the framework as delivered, people at work on it, and a record that each test has for itself.

Each signs in once, through the page; their sessions are part of the record that every test starts with.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import copyfile

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from boards.models import BoardVersion, Oversight
from boards.seats import Seat
from luton2040.roles import Role
from outcomes import due
from outcomes.models import Measure
from outcomes.report import OutcomeReport
from pledges import contacts
from pledges.models import CommitmentVersion, Contact, PledgeOrganisation, PledgeVersion
from tests import factories as make
from tests.browser import databases
from tests.browser.conftest import Clock
from tests.browser.desk import steps
from tests.browser.pages import summaries
from tests.factories_boards import create_seat
from tests.factories_pledges import create_contact
from tests.record import NOW
from tests.signing_in import PASSWORD

PEOPLE = {
    "officer": ("Olive Marsh", Role.OFFICER),
    "colleague": ("Ravi Chandra", Role.OFFICER),
    "approver": ("Grace Adeyemi", Role.APPROVER),
    "administrator": ("Tom Wolski", Role.ADMINISTRATOR),
    "pledges": ("Asha Patel", Role.PLEDGE_OFFICER),
}
# Of the board that oversees most: there is something to look at.
SEATS = {"clerk": ("Nadia Rahman", Seat.CLERK), "member": ("Ken Osei", Seat.MEMBER)}
FASTER = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"], "ASK_SECOND_FACTOR": True}
DUE = 8
NUMBERS = count(1)


@dataclass(frozen=True)
class Desk:
    url: str
    database: Path  # as each test finds it
    signed_in: dict[str, list[dict]]  # the cookies of each person's session, and of a partner's
    board: BoardVersion  # of the clerk and the member
    pledge: PledgeVersion  # of the partner
    due: list[OutcomeReport]  # the officer's measures, as the list of what is due has them
    clock: Clock

    def person(self, who: str) -> make.User:
        return make.User.objects.get(email=email(who))


def email(who: str) -> str:
    return f"{who}@example.org"


@pytest.fixture(scope="session")
def desk_site(delivered, site_clock, browser, static_files_as_written) -> Iterator[Desk]:
    with databases.in_use(delivered):
        database = databases.copy_to(delivered.with_name("desk.sqlite3"))
    with databases.in_use(database), override_settings(**FASTER):
        own = _due()
        _create_people([report.measure.measure_id for report in own])
        board = _create_seats()
        server = LiveServer("127.0.0.1")
        signed_in = {who: _signed_in(browser, server.url, who) for who in (*PEOPLE, *SEATS)}
        pledge = _create_partner()
        signed_in["partner"] = _partner_signed_in(browser, server.url)
        cache.clear()  # the codes that were used may be used again
        database = databases.copy_to(database.with_name("desk-begun.sqlite3"))
    yield Desk(server.url, database, signed_in, board, pledge, own, site_clock)
    server.stop()


def _due() -> list[OutcomeReport]:
    """Yearly values of long series without 95% limits, judged against a target, with one release due each."""
    found = [
        item.report
        for item in due.work(summaries())
        if item.behind == 1
        and item.period.unit == "Y"
        and len(item.report.series) >= 4
        and item.report.target
        and not any(value.has_limits for value in item.report.series)
    ][:DUE]
    assert len(found) == DUE
    return found


def _create_people(codes: list[str]) -> None:
    for who, (name, role) in PEOPLE.items():
        make.create_person(role=role, email=email(who), name=name, password=PASSWORD)
    make.User.objects.get(email=email("officer")).measures.set(codes)
    # The last of the officer's own measures, and all that the officer does not have.
    others = Measure.objects.exclude(code__in=codes[:-1]).filter(versions__last_edition=None)
    make.User.objects.get(email=email("colleague")).measures.set(others)


def _create_seats() -> BoardVersion:
    boards = BoardVersion.objects.current()
    board = max(boards, key=lambda board: Oversight.objects.current().filter(board=board.board_id).count())
    for who, (name, seat) in SEATS.items():
        create_seat(make.create_user(email=email(who), name=name, password=PASSWORD), board.board_id, seat=seat)
    return board


def _signed_in(browser: Browser, url: str, who: str) -> list[dict]:
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/desk/")
    steps.sign_in(page, email(who))
    cookies = context.cookies()
    context.close()
    return cookies


def _create_partner() -> PledgeVersion:
    """Somebody who speaks for whoever made the pledge with most commitments."""
    counted = Counter(CommitmentVersion.objects.current().values_list("pledge", flat=True))
    pledge = PledgeVersion.objects.current().get(pledge=counted.most_common(1)[0][0])
    maker = PledgeOrganisation.objects.current().filter(pledge=pledge.pledge_id).first()
    create_contact(email=email("partner"), speaks_for=[maker.organisation_id], now=NOW)
    return pledge


def _partner_signed_in(browser: Browser, url: str) -> list[dict]:
    context = browser.new_context(base_url=url)
    page = context.new_page()
    token = contacts.sign_in_token(Contact.objects.get(email=email("partner")))
    page.goto(reverse("partners:enter", args=[token]))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Your pledges").wait_for()
    cookies = context.cookies()
    context.close()
    return cookies


@pytest.fixture
def desk(desk_site, monkeypatch) -> Iterator[Desk]:
    database = desk_site.database.with_name(f"desk-{next(NUMBERS)}.sqlite3")
    copyfile(desk_site.database, database)
    # Pages that server and browsers have kept are of other records, whose editions have the same numbers.
    monkeypatch.setattr("luton2040.caching.code_version", lambda: str(database))
    with databases.in_use(database), override_settings(**FASTER):
        yield desk_site
    desk_site.clock.now = NOW
    for left in database.parent.glob(f"{database.name}*"):
        left.unlink()


@pytest.fixture
def open_site(desk) -> Desk:
    return desk


@pytest.fixture
def opened(open_window, desk) -> Callable[..., Page]:
    """A window of somebody who is signed in, or of a resident, who has no cookies."""
    return lambda who="": open_window(cookies=desk.signed_in[who] if who else ())


@pytest.fixture
def officer(opened) -> Page:
    return opened("officer")


@pytest.fixture
def approver(opened) -> Page:
    return opened("approver")


@pytest.fixture
def resident(opened) -> Page:
    return opened()
