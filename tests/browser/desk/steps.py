"""What people do at the desk, told by roles and words."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import Max
from playwright.sync_api import Locator, Page, expect

from outcomes import due
from outcomes import formatting as words
from outcomes.models import Submission
from outcomes.periods import Period
from outcomes.preview import with_values
from outcomes.progress import Status
from outcomes.report import OutcomeReport
from tests import factories as make
from tests.signing_in import PASSWORD, code

HEADINGS = "Measure code\tPeriod\tValue\tRelease used"
RELEASED = "1 December 2026"


# --- signing in ---


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """From the sign-in page to wherever it leads, with a code from an app where one is asked for."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()
    if page.get_by_role("heading", name="The second step").is_visible():
        page.get_by_label("Code").fill(code())
        page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


# --- values ---


def next_period(report: OutcomeReport) -> Period:
    return due.next_period(report.latest.period, report.measure.frequency)


def as_last(report: OutcomeReport) -> str:
    """The latest value once more, as somebody would type it: nothing is doubtful about it."""
    return format(report.latest.value.normalize(), "f")


def a_little_more(report: OutcomeReport) -> str:
    """By the smallest step that pages print."""
    return format(
        round(report.latest.value, report.measure.decimals) + Decimal(1).scaleb(-report.measure.decimals), "f"
    )


def target(report: OutcomeReport) -> str:
    """Of a path of years, so that it is doubtful all at once."""
    return format(report.target.value.normalize(), "f")


def status_with(report: OutcomeReport, value: Decimal) -> Status:
    period = next_period(report)
    row = make.make_row(measure=report.measure.measure_id, area=report.vision.home_area, value=value)
    return with_values(report, [row._replace(period_start=period.start, period_duration=period.duration)]).status


def turned_by_its_target(reports: Iterable[OutcomeReport]) -> OutcomeReport:
    """One whose status would change if its target were reached with the next value."""
    return next(report for report in reports if status_with(report, report.target.value) is not report.status)


def shown(report: OutcomeReport, value: str | Decimal) -> str:
    """As public pages print it."""
    return words.amount(Decimal(value), report.measure)


def row(report: OutcomeReport, value: str) -> str:
    return "\t".join([report.measure.measure_id, words.period_name(next_period(report)), value, RELEASED])


def cells(*rows: str) -> str:
    return "\n".join([HEADINGS, *rows])


# --- the officer ---


def path(report: OutcomeReport, page: str = "enter") -> str:
    return f"/desk/measures/{report.measure.measure_id.lower()}/{page}/"


def task(page: Page, report: OutcomeReport) -> Locator:
    """The line of the list of what is due."""
    heading = page.get_by_role("heading", level=3, name=report.outcome.short_label, exact=True)
    return page.get_by_role("listitem").filter(has=heading)


def begin(page: Page, report: OutcomeReport) -> None:
    """From the list to the form."""
    task(page, report).get_by_role("link", name=re.compile("^Enter|^Go on with")).click()
    expect(page.get_by_role("heading", level=1, name=report.outcome.short_label, exact=True)).to_be_visible()


def value_field(page: Page) -> Locator:
    return page.get_by_label("Value", exact=True)


def fill_release(page: Page) -> None:
    """Where nobody has yet: the desk never puts a day there for them."""
    field = page.get_by_label("Release used")
    if not field.input_value():
        field.fill(RELEASED)


def saved(page: Page) -> Locator:
    return page.locator("#saved")


def fill(page: Page, value: str) -> None:
    fill_release(page)
    value_field(page).fill(value)


def type_value(page: Page, value: str) -> None:
    """Fill it in, and wait until it is checked and kept."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        fill(page, value)
    expect(saved(page)).to_contain_text("Draft saved at")


def preview(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("^As the public"))


def told(page: Page) -> Locator:
    """What came of what was sent."""
    return page.locator(".messages")


def problems(page: Page) -> Locator:
    return page.locator("#problems")


def hand_in(page: Page) -> None:
    fill_release(page)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(told(page)).to_contain_text("Handed in:")


def enter(page: Page, report: OutcomeReport) -> Submission:
    """The whole way of a value about which nothing is doubtful."""
    page.goto(path(report))
    type_value(page, as_last(report))
    hand_in(page)
    return newest()


def paste(page: Page, text: str) -> None:
    page.goto("/desk/paste/")
    page.get_by_label("Paste cells from your spreadsheet").fill(text)
    page.get_by_role("button", name="Read the rows").click()
    expect(page.get_by_role("heading", level=1, name="What your rows would change")).to_be_visible()


def hand_in_pasted(page: Page) -> None:
    page.get_by_role("button", name="Hand in for approval").click()
    expect(told(page)).to_contain_text("handed in. An approver looks at them next")


# --- the approver ---


def newest() -> Submission:
    return Submission.objects.get(pk=Submission.objects.aggregate(newest=Max("pk"))["newest"])


def look(page: Page, submission: Submission) -> None:
    page.goto(f"/desk/submissions/{submission.pk}/")
    expect(page.get_by_role("heading", name="Decide")).to_be_visible()


def publish(page: Page) -> None:
    """Both steps, from the page of a submission."""
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_role("heading", level=1, name="Publish this now?")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Publish edition [0-9]+ now$")).click()
    expect(told(page)).to_contain_text("It is on the public site now.")


def schedule(page: Page, at: datetime) -> None:
    page.get_by_label("At a time to come").check()
    page.get_by_label("Day").fill(at.date().isoformat())
    page.get_by_label("Time", exact=True).fill(format(at, "%H:%M"))
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_role("heading", level=1, name="Publish this at a time to come?")).to_be_visible()
    page.get_by_role("button", name="Approve it for that time").click()
    expect(told(page)).to_contain_text("Approved. It will be published on")


def send_back(page: Page, note: str) -> None:
    page.get_by_label("What should change").fill(note)
    page.get_by_role("button", name="Send back").click()
    expect(told(page)).to_contain_text("with your note. Nothing was published.")
