"""A board's calendar as an iCalendar file: its meetings, its outcomes' milestones to come, and the values expected."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from boards.models import BoardVersion, MeetingVersion
from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes import sentences
from outcomes.progress import Freshness
from outcomes.report import OutcomeReport

CONTENT_TYPE = "text/calendar; charset=utf-8"
A_DAY = timedelta(days=1)
Address = Callable[..., str]  # of a page, whole, by the name of its route and its arguments


def calendar(
    *,
    vision: Vision,
    board: BoardVersion,
    meetings: Iterable[MeetingVersion],
    reports: Iterable[OutcomeReport],
    edition: Edition,
    address: Address,
) -> bytes:
    """The same for the same edition and day: every event is stamped with when the edition was issued."""
    made = Calendar()
    made.add("prodid", _line(f"-//{vision.publisher}//{vision.name}//EN"))
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _line(f"{board.name}, {vision.name}"))
    made.add("x-wr-timezone", "Europe/London")
    host = address("priorities:home").split("/")[2]
    for uid, day, summary, said, url in _events(board, meetings, reports, address):
        made.add_component(_event(f"{uid}@{host}", day, summary, said, url, edition.issued_at))
    return made.to_ical()


def _events(board, meetings, reports, address: Address) -> Iterator[tuple[str, date, str, str, str]]:
    """What tells each apart for good, its day, what it is called, what is said of it, and its page."""
    for meeting in meetings:
        url = address("boards:meeting", board.board_id, meeting.held_on)
        since = "What changed since the last meeting" if meeting.since_id else "Where every outcome stands"
        said = f"{since}, worst first, with the papers."
        yield f"meeting-{board.board_id}-{meeting.held_on}", meeting.held_on, f"{board.name}: meeting", said, url
    for report in reports:
        url, name, code = address("outcomes:outcome", report.slug), report.outcome.short_label, report.code
        for goal in report.goals:
            if goal.due_on >= report.today:
                said = f"{sentences.goal(report, goal)} ({goal.milestone.get_standing_display().lower()})."
                kind = goal.milestone.kind
                yield f"{kind}-{code}-{goal.due_on}".lower(), goal.due_on, f"{name}: {kind} falls due", said, url
        if report.freshness is Freshness.UP_TO_DATE:
            said = f"{sentences.freshness(report)} Source: {report.measure.publisher}."
            summary = f"{name}: new value expected about now (our estimate)"
            yield f"value-{code}-{report.next_due}".lower(), report.next_due, summary, said, url


def _line(text: str) -> str:
    """What somebody typed, in one line: calendar programs differ in what they make of anything else."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _event(uid: str, day: date, summary: str, said: str, url: str, stamped: datetime) -> Event:
    """A whole day that keeps nobody from anything else."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamped)
    event.add("dtstart", day)
    event.add("dtend", day + A_DAY)
    event.add("summary", _line(summary))
    event.add("description", f"{_line(said)}\n{url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event
