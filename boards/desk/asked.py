"""Which reviews a meeting asks for, how far each has come, and who they are asked of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.urls import reverse

from boards import asking, seats
from boards.models import BoardVersion, Meeting, Membership, Review
from boards.remit import Remit, remit_of, remits
from luton2040.accounts import User
from luton2040.editions import Edition
from luton2040.roles import Role, may, people_with
from outcomes import formatting as words
from outcomes import officers
from outcomes.digest import Errand
from outcomes.models import MeasureVersion
from outcomes.progress import Worded
from outcomes.reminders import Thing
from outcomes.report import OutcomeReport, summaries


class Stage(Worded):
    ASKED = "asked", "Asked for"
    BEGUN = "begun", "Begun"
    PUBLIC = "public", "Signed off as public"
    PRIVATE = "private", "Signed off as private"
    NONE = "none", "Not asked for"


@dataclass(frozen=True, eq=False)
class Line:
    """An outcome of a meeting with its review, if there is one."""

    report: OutcomeReport
    review: Review | None
    is_off_track: bool  # so that a review is asked for whether or not the clerk asks

    @property
    def slug(self) -> str:
        """As in addresses."""
        return self.report.slug

    @property
    def stage(self) -> Stage:
        if self.review and self.review.signed_off_at:
            return Stage.PUBLIC if self.review.is_public else Stage.PRIVATE
        if self.review and self.review.is_written:
            return Stage.BEGUN
        return Stage.ASKED if self.review or self.is_off_track else Stage.NONE


def lines(meeting: Meeting, reports: Iterable[OutcomeReport]) -> list[Line]:
    """In the order of the reports."""
    found = meeting.reviews.select_related("saved_by", "signed_off_by")
    counts = {"comment_count": Count("comments", distinct=True), "reply_count": Count("replies", distinct=True)}
    by_outcome = {review.outcome_id: review for review in found.annotate(**counts)}
    return [Line(report, by_outcome.get(report.code), asking.needs_review(report)) for report in reports]


def reports_of(meeting: Meeting) -> list[OutcomeReport]:
    """Of the board's outcomes; as the papers have them."""
    return remit_of(meeting.board_id, meeting.pinned).outcomes(summaries(meeting.pinned, meeting.read_on))


# --- what is asked for and nobody has begun ---


@dataclass(frozen=True)
class Request:
    """What one meeting to come asks of somebody."""

    board: BoardVersion
    meeting: Meeting
    lines: list[Line]
    sits_on_it: bool


def asked_of(person, edition: Edition, today: date) -> list[Request]:
    """Reviews not begun, of meetings to come: on one's boards all of them, else those of one's own measures."""
    own, measures = set(seats.seats_of(person)), officers.own_measures(person)
    codes = set(MeasureVersion.objects.at(edition).filter(measure__in=measures).values_list("outcome", flat=True))
    coming = list(_coming(edition, today) if codes else _coming(edition, today).filter(board__in=own))
    sits_on_one = any(meeting.board_id in own for meeting in coming)
    asked = _asked(coming, codes=None if sits_on_one else codes)
    boards = {board.board_id: board for board in BoardVersion.objects.at(edition)}
    found = []
    for meeting in coming:
        sits = meeting.board_id in own
        lines = [line for line in asked[meeting.pk] if sits or line.report.code in codes]
        if lines:
            found.append(Request(boards[meeting.board_id], meeting, lines, sits))
    return found


def everyones(edition: Edition, today: date) -> Iterator[tuple[User, Thing]]:
    """The same for everybody, each review to remind them of."""
    boards = {board.board_id: board.name for board in BoardVersion.objects.at(edition)}
    coming = list(_coming(edition, today))
    asked, seated, writing = _asked(coming), _seated(), _officers(edition)
    for meeting in coming:
        day = words.day(meeting.held_on)
        for line in asked[meeting.pk]:
            said = f"{line.report.outcome.short_label}, for the meeting of {boards[meeting.board_id]} on {day}."
            path = reverse("board_desk:review", args=[meeting.board_id, meeting.held_on, line.slug])
            thing = Thing(f"review {meeting.pk} {line.report.code}", Errand.REVIEW.label, said, path)
            for person in seated[meeting.board_id] | writing[line.report.code]:
                yield person, thing


def _coming(edition: Edition, today: date) -> QuerySet:
    boards = BoardVersion.objects.at(edition).values("board")
    coming = Meeting.objects.unpublished().filter(held_on__gte=today, board__in=boards)
    return coming.select_related("pinned").order_by("held_on", "board")


def _asked(meetings: Collection[Meeting], codes: Collection[str] | None = None) -> dict[int, list[Line]]:
    """By meeting; of those outcomes only, where some are named. Figures are read once for an edition and a day."""
    reviews = {(each.meeting_id, each.outcome_id): each for each in Review.objects.filter(meeting__in=meetings)}
    alike = defaultdict(list)
    for meeting in meetings:
        alike[meeting.pinned, meeting.read_on].append(meeting)
    found = {}
    for (pinned, read_on), of_them in alike.items():
        reports = summaries(pinned, read_on, codes=codes)
        off_track = {report.code for report in reports if asking.needs_review(report)}
        held = remits(pinned, boards={meeting.board_id for meeting in of_them})
        for meeting in of_them:
            own = held.get(meeting.board_id, Remit([])).outcomes(reports)
            every = [Line(r, reviews.get((meeting.pk, r.code)), r.code in off_track) for r in own]
            found[meeting.pk] = [line for line in every if line.stage is Stage.ASKED]
    return found


def _seated() -> defaultdict[str, set[User]]:
    """Who sits on each board; a seat without its role counts for nothing."""
    found = defaultdict(set)
    for held in Membership.objects.select_related("person").prefetch_related("person__groups"):
        if may(held.person, seats.NEEDED[held.seat]):
            found[held.board_id].add(held.person)
    return found


def _officers(edition: Edition) -> defaultdict[str, set[User]]:
    """Of a measure of each outcome."""
    outcomes = dict(MeasureVersion.objects.at(edition).values_list("measure", "outcome"))
    found = defaultdict(set)
    for person in people_with(Role.OFFICER).prefetch_related("measures"):
        for measure in person.measures.all():
            if measure.pk in outcomes:
                found[outcomes[measure.pk]].add(person)
    return found
