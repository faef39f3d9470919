"""Make one for me, of boards at the desk; of their public side see tests/factories.py."""

from datetime import date, datetime, timedelta

from boards import links, seats
from boards.changes import Turn
from boards.models import (
    ActionVersion,
    BoardAction,
    BoardVersion,
    Comment,
    Link,
    Meeting,
    MeetingVersion,
    Membership,
    Reply,
    Review,
    ReviewVersion,
)
from boards.seats import Seat
from luton2040.accounts import User
from luton2040.editions import Edition
from luton2040.roles import must_have_second_factor
from outcomes.models import Outcome
from outcomes.progress import Status
from pledges.models import PledgeUpdate, PledgeVersion
from pledges.report import PledgeReport
from tests import factories as make
from tests import record
from tests.factories import NOW, TODAY

HELD_ON = TODAY + timedelta(days=9)


def create_seat(person: User, board: str = "a-board", *, seat: Seat = Seat.MEMBER) -> Membership:
    """With the role that comes with it, and the second step that the role must have."""
    held = Membership.objects.create(board_id=board, person=person, seat=seat)
    seats.follow(person)
    if must_have_second_factor(person) and not person.authenticator_set.exists():
        make.TOTP.activate(person, "A" * 32)
    return held


def create_clerk(board: str = "a-board", *, email="clerk@example.org", name="Clara Clerk", **fields) -> User:
    return create_seat(make.create_user(email=email, name=name, **fields), board, seat=Seat.CLERK).person


def create_member(board: str = "a-board", *, email="member@example.org", name="Mo Member", **fields) -> User:
    return create_seat(make.create_user(email=email, name=name, **fields), board).person


# --- meetings, and what is written for them at the desk ---


def _board(slug: str) -> None:
    if not BoardVersion.objects.filter(board=slug).exists():
        make.create_board(slug=slug, name=slug.replace("-", " ").capitalize())


def _somebody() -> User:
    return User.objects.order_by("pk").first() or make.create_user()


def create_meeting(
    *,
    board="a-board",
    held_on: date = HELD_ON,
    pinned: Edition | None = None,
    since: Edition | None = None,
    by=None,
    now: datetime = NOW,
    **fields,
) -> Meeting:
    """Prepared, from the current edition unless one is given; a board that is not there yet is made."""
    _board(board)
    fields = {"read_on": min(now.date(), held_on), "since_on": since and since.issued_at.date()} | fields
    return Meeting.objects.create(
        board_id=board,
        held_on=held_on,
        pinned=pinned or Edition.objects.current(),
        since=since,
        set_up_by=by or _somebody(),
        set_up_at=now,
        **fields,
    )


def create_review(
    *,
    meeting: Meeting | None = None,
    outcome="AA1",
    by=None,
    now: datetime = NOW,
    signed_off=False,
    is_public=False,
    **fields,
) -> Review:
    """Saved once if a text is given; signed off where that is said, or where it is public."""
    Outcome.objects.get_or_create(code=outcome)
    by = by or _somebody()
    if any(fields.get(name) for name in Review.TEXTS):
        fields = {"saves": 1, "saved_by": by, "saved_at": now} | fields
    if signed_off or is_public:
        fields = {"signed_off_by": by, "signed_off_at": now} | fields
    meeting = meeting or Meeting.objects.first() or create_meeting()
    return Review.objects.create(meeting=meeting, outcome_id=outcome, is_public=is_public, **fields)


def create_comment(*, review: Review | None = None, text="I saw that too.", by=None, now: datetime = NOW) -> Comment:
    return Comment.objects.create(review=review or create_review(), text=text, by=by or _somebody(), at=now)


def create_link(
    *,
    meeting: Meeting | None = None,
    review: Review | None = None,
    for_whom="the chair",
    token="a-token",
    expires_at: datetime | None = None,
    by=None,
    now: datetime = NOW,
    **fields,
) -> Link:
    meeting = meeting or (review.meeting if review else Meeting.objects.first() or create_meeting())
    return Link.objects.create(
        meeting=meeting,
        review=review,
        for_whom=for_whom,
        digest=links.digest(token),
        made_by=by or _somebody(),
        made_at=now,
        expires_at=expires_at or now + timedelta(days=7),
        **fields,
    )


def create_reply(
    *, review: Review | None = None, text="We do more.", for_whom="A charity", now: datetime = NOW
) -> Reply:
    review = review or create_review()
    link = create_link(review=review, for_whom=for_whom, token=f"reply {Reply.objects.count()}", now=now)
    return Reply.objects.create(review=review, link=link, organisation=for_whom, text=text, at=now)


def create_board_action(
    *,
    board="a-board",
    meeting: Meeting | None = None,
    outcome: str | None = None,
    what="Open a jobs fair.",
    owner="A charity",
    due_on: date = TODAY + timedelta(days=30),
    by=None,
    now: datetime = NOW,
    **fields,
) -> BoardAction:
    _board(board)
    if outcome:
        Outcome.objects.get_or_create(code=outcome)
    return BoardAction.objects.create(
        board_id=board,
        meeting=meeting,
        outcome_id=outcome,
        what=what,
        owner=owner,
        due_on=due_on,
        recorded_by=by or _somebody(),
        recorded_at=now,
        **fields,
    )


# --- the same in the record ---


def create_meeting_version(*, edition=None, meeting: Meeting | None = None, **fields) -> MeetingVersion:
    """In the edition given, or the current one."""
    meeting = meeting or Meeting.objects.first() or create_meeting()
    Meeting.objects.filter(pk=meeting.pk).update(is_public=True)
    same = ("board_id", "held_on", "pinned_id", "since_id", "since_on", "read_on", "introduction")
    return _version(MeetingVersion, meeting, same, edition, fields | {"meeting": meeting})


def create_review_version(*, edition=None, review: Review | None = None, **fields) -> ReviewVersion:
    review = review or Review.objects.first() or create_review(story="It rose.", is_public=True)
    same = ("meeting_id", "outcome_id", *Review.TEXTS)
    return _version(ReviewVersion, review, same, edition, {"review": review, "signed_off_on": TODAY} | fields)


def create_action_version(*, edition=None, action: BoardAction | None = None, **fields) -> ActionVersion:
    action = action or BoardAction.objects.first() or create_board_action(is_public=True)
    same = ("board_id", "meeting_id", "outcome_id", "what", "owner", "due_on", "state", "closed_on", "result")
    return _version(ActionVersion, action, same, edition, fields | {"action": action})


def _version(model, row, same, edition, fields):
    said = {name: getattr(row, name) for name in same if name not in fields and name.removesuffix("_id") not in fields}
    return model.objects.create(first_edition=edition or Edition.objects.current(), **said, **fields)


# --- what changed, without a database ---

PATH = {"baseline": 2020, "target": (2030, 60)}
STANDING = {  # an outcome in each status
    Status.GETTING_WORSE: {"values": {2020: 50, 2024: 48}, **PATH},
    Status.TARGET_MISSED: {"values": {2020: 50, 2024: 55}, "baseline": 2020, "target": (2024, 60)},
    Status.LIMITED_PROGRESS: {"values": {2020: 50, 2024: "51.5"}, **PATH},
    Status.NO_CLEAR_CHANGE: {"values": {2020: 50, 2024: "50.5"}, **PATH},
    Status.TOO_SLOW: {"values": {2020: 50, 2024: 53}, **PATH},
    Status.ON_TRACK: {"values": {2020: 50, 2024: 55}, **PATH},
    Status.TARGET_MET: {"values": {2020: 50, 2024: 60}, **PATH},
    Status.TOO_EARLY: {"values": {2020: 50, 2021: "50.2"}, **PATH},
    Status.BASELINE_ONLY: {"values": {2020: 50}, **PATH},
    Status.NO_TARGET: {"values": {2020: 50, 2024: 54}, "baseline": 2020},
    Status.NO_DATA: {"values": {}, **PATH},
}


def a_turn(before=None, now=None, **both) -> Turn:
    """Of reports as record.a_report makes them; without `before`, an outcome of which nothing earlier is known."""
    then = None if before is None else record.a_report(**both | before)
    return Turn(record.a_report(**both | (before if now is None else now)), then)


def a_pledge_report(
    slug="a-pledge",
    *,
    title="Buy nearby",
    organisations=("A charity",),
    updates=(),
    first_shown_on=TODAY,
    today=TODAY,
    **fields,
) -> PledgeReport:
    """`updates` are days on which something was said; or a day with the day on which it was checked."""
    days = sorted((day if isinstance(day, tuple) else (day, None) for day in updates), reverse=True)
    return PledgeReport(
        pledge=PledgeVersion(pledge_id=slug, title=title, **fields),
        makers=[(name.lower().replace(" ", "-"), name) for name in organisations],
        commitments=[],
        updates=[PledgeUpdate(key=f"{slug} {said}", said_on=said, checked_on=checked) for said, checked in days],
        first_shown_on=first_shown_on,
        today=today,
    )
