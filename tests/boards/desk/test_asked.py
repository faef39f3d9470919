"""Reviews asked for: read in as many queries for many meetings as for one, and told to whoever may write them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.desk import asked
from boards.models import Meeting, Membership
from luton2040.editions import Edition
from luton2040.roles import Role
from tests import factories as make
from tests.boards.desk.conftest import AT, DAY
from tests.factories_boards import create_meeting, create_member, create_review, create_seat
from tests.record import NOW, TODAY

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def counted(read):
    with CaptureQueriesContext(connection) as captured:
        found = read()
    return len(captured), found


@pytest.fixture
def reviews(meeting):
    """Of both outcomes of the board, and of one that is written already."""
    make.create_outcome(code="XA3", position=3, values={2024: 5})
    create_review(meeting=meeting, outcome="XA3", story="Begun.")
    return [create_review(meeting=meeting, outcome=code) for code in ("XA1", "XA2")]


def of_person(person):
    # A fresh object for every request, as signing in makes it.
    person = type(person).objects.get(pk=person.pk)
    return [
        (each.board.name, each.meeting.held_on, [line.report.code for line in each.lines], each.sits_on_it)
        for each in asked.asked_of(person, Edition.objects.current(), TODAY)
    ]


def test_whoever_has_a_seat_and_a_measure_is_asked_each_where_they_may_write(reviews, officer):
    make.create_board(slug="b-board", name="B board", position=2)
    make.create_oversight(board="b-board", priority="good-work")
    create_seat(officer.person, "b-board")
    other = create_meeting(board="b-board", held_on=DAY + WEEK, now=NOW, read_on=TODAY)
    for code in ("XA1", "XA2"):
        create_review(meeting=other, outcome=code)
    assert of_person(officer.person) == [
        ("A board", DAY, ["XA1"], False),
        ("B board", DAY + WEEK, ["XA1", "XA2"], True),
    ]


@pytest.mark.parametrize(
    "read, most",
    [
        pytest.param(lambda member, officer: of_person(member.person), 17, id="somebody of the board"),
        pytest.param(lambda member, officer: of_person(officer.person), 17, id="an officer"),
        pytest.param(
            lambda *_: list(asked.everyones(Edition.objects.current(), TODAY)), 18, id="everybody, to remind them"
        ),
    ],
)
def test_many_meetings_are_read_in_as_many_queries_as_one(reviews, member, officer, read, most):
    one, few = counted(lambda: read(member, officer))
    for number in range(1, 9):
        later = create_meeting(held_on=DAY + number * WEEK, now=NOW, read_on=TODAY)
        create_review(meeting=later, outcome="XA1")
        create_member(email=f"member-{number}@example.org")
    many, found = counted(lambda: read(member, officer))
    assert len(found) >= len(few) + 8
    assert many == one <= most


def told():
    """Whom, and of what."""
    return sorted((person.email, thing.key) for person, thing in asked.everyones(Edition.objects.current(), TODAY))


def test_everybody_who_may_write_a_review_is_reminded_of_it(reviews, meeting, clerk, member, officer):
    gone = create_member(email="gone@example.org", is_active=False)
    Membership.objects.create(board_id="a-board", person=make.create_user(email="x@example.org"), seat="member")
    make.create_person(role=Role.OFFICER, email="another@example.org")
    first, second = f"review {meeting.pk} XA1", f"review {meeting.pk} XA2"
    assert told() == [
        ("clerk@example.org", first),
        ("clerk@example.org", second),
        ("member@example.org", first),
        ("member@example.org", second),
        ("olive@example.org", first),
    ]
    assert gone.memberships.exists(), "a seat without its role, or whoever cannot sign in, counts for nothing"
    Meeting.objects.update(is_public=True)
    assert told() == []


def test_meeting_that_was_held_reminds_nobody(reviews, member):
    assert list(asked.everyones(Edition.objects.current(), DAY)) != []
    assert list(asked.everyones(Edition.objects.current(), DAY + timedelta(days=1))) == []


def test_reminder_leads_to_the_review_and_is_sent_once(reviews, officer, settings):
    settings.SITE_URL = "https://example.org"
    for _ in range(2):
        call_command("remind", stdout=StringIO())
    (message,) = mail.outbox
    assert message.to == ["olive@example.org"] and message.subject.endswith("desk: 1 review asked for")
    assert "Reviews that boards ask for" in message.body
    assert "- Good jobs, for the meeting of A board on 12 January 2027.\n" in message.body
    assert f"https://example.org{AT}reviews/xa1/\n" in message.body
