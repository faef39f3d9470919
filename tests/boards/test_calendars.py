"""A board's calendar, read as a calendar program reads it."""

from datetime import date

import pytest
from icalendar import Calendar

from boards.models import BoardVersion, Meeting
from luton2040.editions import Edition
from outcomes.models import MeasureVersion, OutcomeVersion
from tests import factories as make
from tests import factories_boards as boards

pytestmark = pytest.mark.django_db
PATH = "/boards/a-board/calendar.ics"


@pytest.fixture(autouse=True)
def board(clock):
    make.create_place()
    make.create_priority()
    make.create_board()
    make.create_oversight(priority="good-work")
    make.create_outcome(
        values={2024: 50, 2025: 51},
        baseline=2024,
        milestones={2025: 51, 2030: 60},
        target=(2040, 70),
        short_label="Good jobs",
        release_lag_months=9,
    )
    make.create_outcome(code="BB1", priority=None, position=2, values={2020: 1}, target=(2040, 2))


def events(client, path=PATH):
    return {str(event["uid"]): event for event in Calendar.from_ical(client.get(path).content).walk("VEVENT")}


def test_calendar_holds_meetings_milestones_to_come_and_expected_values(client):
    boards.create_meeting_version(meeting=boards.create_meeting(held_on=date(2026, 9, 1)))
    found = events(client)
    assert {uid: event["dtstart"].dt for uid, event in found.items()} == {
        "meeting-a-board-2026-09-01@testserver": date(2026, 9, 1),
        "milestone-aa1-2030-12-31@testserver": date(2030, 12, 31),
        "target-aa1-2040-12-31@testserver": date(2040, 12, 31),
        "value-aa1-2027-09-30@testserver": date(2027, 9, 30),
    }, "and nothing of outcomes that the board is not linked to, nor of milestones that are past"
    goal = found["milestone-aa1-2030-12-31@testserver"]
    assert str(goal["summary"]) == "Good jobs: milestone falls due"
    assert str(goal["description"]).startswith("Milestone: 60.0% or more by the end of 2030 (illustrative).")
    assert str(goal["url"]) == "http://testserver/outcomes/aa1/"
    value = found["value-aa1-2027-09-30@testserver"]
    assert "our estimate" in str(value["summary"]) and "A statistics office" in str(value["description"])
    meeting = found["meeting-a-board-2026-09-01@testserver"]
    assert str(meeting["url"]) == "http://testserver/boards/a-board/2026-09-01/"
    assert str(meeting["description"]).startswith("Where every outcome stands, worst first"), "nothing came before"


def test_calendar_leaves_out_meetings_that_are_not_public(client):
    boards.create_meeting(held_on=date(2026, 9, 1))
    assert not [uid for uid in events(client) if uid.startswith("meeting")]
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"source_state": "ended"}, id="source ended"),
        pytest.param({"source_state": "paused"}, id="source paused"),
        pytest.param({"release_lag_months": None}, id="no rhythm"),
        pytest.param({"release_lag_months": 0, "frequency": "quarterly"}, id="expected already"),
    ],
)
def test_calendar_expects_no_value_where_none_is_to_come(client, fields):
    MeasureVersion.objects.filter(measure="AA1").update(**fields)
    assert not [uid for uid in events(client) if uid.startswith("value")]


def test_calendar_is_stamped_with_its_edition_and_so_the_same_each_time(client):
    answer, again = client.get(PATH), client.get(PATH)
    assert answer.content == again.content
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="a-board.ics"'
    stamps = {event["dtstamp"].dt for event in events(client).values()}
    assert stamps == {Edition.objects.current().issued_at}


def test_calendar_takes_no_text_for_a_line_of_its_own(client):
    hostile = 'A\r\nBEGIN:VALARM\r\n;,\\ "x":'
    OutcomeVersion.objects.filter(outcome="AA1").update(short_label=hostile[:24])
    BoardVersion.objects.update(name=hostile)
    answer = client.get(PATH).content
    assert b"\r\nBEGIN:VALARM" not in answer
    assert not Calendar.from_ical(answer).walk("VALARM")
    assert all(len(line) <= 75 for line in answer.split(b"\r\n"))


def test_calendar_of_a_board_without_outcomes_or_meetings_is_empty(client):
    make.create_board(slug="another", name="Another", position=2)
    assert events(client, "/boards/another/calendar.ics") == {}


def test_calendar_of_no_board_is_not_found(client):
    assert client.get("/boards/nowhere/calendar.ics").status_code == 404
