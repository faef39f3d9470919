"""Kinds of pages by what they show: each names the address that it is at, who sees it, and how it is come by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Page

from outcomes import submissions
from outcomes.importing import Row
from outcomes.models import Submission, SubmissionLine
from outcomes.report import OutcomeReport
from tests import factories as make
from tests.browser.desk import steps
from tests.record import NOW, TODAY

Show = Callable[[Page, "object"], None]


@dataclass(frozen=True)
class Kind:
    address: str
    who: str
    show: Show


KINDS: dict[str, Kind] = {}


def kind(address: str, *, who: str = "officer") -> Callable[[Show], Show]:
    """A kind of page that is called what its function is called."""

    def note(show: Show) -> Show:
        KINDS[show.__name__.replace("_", " ")] = Kind(address, who, show)
        return show

    return note


def at(path: str) -> Show:
    return lambda page, desk: page.goto(path)


def plain(name: str, address: str, path: str, *, who: str = "officer") -> None:
    """A page that only has to be opened."""
    KINDS[name] = Kind(address, who, at(path))


# --- what there is to see ---


def line(report: OutcomeReport, value: str = "", **fields) -> SubmissionLine:
    """The next value of a measure, or another of it."""
    period = steps.next_period(report)
    cells = {
        "measure": report.measure.measure_id,
        "area": report.vision.home_area,
        "period_start": period.start,
        "period_duration": period.duration,
        "value": value or steps.as_last(report),
        "source_name": report.measure.source_name,
        "source_url": report.measure.source_url,
        "retrieved_on": TODAY,
    }
    return make.make_line(**cells | fields)


def as_row(line: SubmissionLine) -> Row:
    return Row(**{name: getattr(line, name) for name in Row._fields})


def correction(report: OutcomeReport, **fields) -> SubmissionLine:
    latest = report.latest.period
    period = {"period_start": latest.start, "period_duration": latest.duration}
    return line(report, steps.a_little_more(report), markers="[r]", **period, **fields)


def handed_in(desk, *lines: SubmissionLine, who: str = "officer", **given) -> Submission:
    given = {"measure": desk.due[0].measure.measure_id} | given
    return make.hand_in(*lines or [line(desk.due[0])], by=desk.person(who), now=NOW, **given)


def warned(desk) -> SubmissionLine:
    report = steps.turned_by_its_target(desk.due)
    return line(report, steps.target(report), warnings="It is more than ever before.", reason="It was counted twice.")


def published(desk, *lines: SubmissionLine, **given) -> Submission:
    submission = handed_in(desk, *lines, **given)
    submissions.approve(submission, by=desk.person("approver"), now=NOW, summary="New values of a measure.")
    return submission


def corrected(desk) -> Submission:
    return published(desk, correction(desk.due[0]), public_reason="the publisher corrected an error")


def sent_back(desk, **given) -> Submission:
    submission = handed_in(desk, **given)
    note = "The bulletin says otherwise.\nSee its table 3."
    submissions.send_back(submission, by=desk.person("approver"), now=NOW, note=note)
    return submission


def scheduled(desk, *lines: SubmissionLine) -> Submission:
    submission = handed_in(desk, *lines)
    later = NOW + timedelta(days=1)
    return make.schedule(submission, at=later, by=desk.person("approver"), now=NOW)


def path_changed(desk) -> Submission:
    target = desk.due[0].target
    points = [
        make.make_point(kind="milestone", due_on=date(2030, 12, 31), value=target.value, basis="As agreed."),
        make.make_point(kind="target", due_on=target.due_on, value=target.value + 1, basis="As agreed."),
    ]
    return handed_in(desk, kind="targets", points=points, reason="The board met in May.")


def new_series(desk) -> Submission:
    wording = {"definition": "The share of people, counted in another way.", "caveat": ""}
    lines = [line(desk.due[0], markers="[b]")]
    return handed_in(desk, *lines, kind="series", wording=wording, public_reason="The survey asks another question.")


def hold(desk) -> make.Hold:
    return make.create_hold(by=desk.person("administrator"), starts_on=TODAY, ends_on=TODAY + timedelta(days=30))
