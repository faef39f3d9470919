"""Which reviews a meeting asks for, how far each has come, and who they are asked of."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from boards import asking, seats
from boards.models import BoardVersion, Meeting, Review
from boards.remit import remit_of
from luton2040.editions import Edition
from outcomes import officers
from outcomes.models import MeasureVersion
from outcomes.progress import Worded
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


def reports_of(meeting: Meeting, codes: Collection[str] | None = None) -> list[OutcomeReport]:
    """Of the board's outcomes, or of those among them that are named; as the papers have them."""
    return remit_of(meeting.board_id, meeting.pinned).outcomes(summaries(meeting.pinned, meeting.read_on, codes=codes))


@dataclass(frozen=True)
class Request:
    """What one meeting to come asks of somebody."""

    board: BoardVersion
    meeting: Meeting
    lines: list[Line]
    sits_on_it: bool


def asked_of(person, edition: Edition, today: date) -> list[Request]:
    """Reviews not begun, of meetings to come: on one's boards all of them, else those of one's own measures."""
    own = set(seats.seats_of(person))
    measures = officers.own_measures(person)
    coming = Meeting.objects.unpublished().filter(held_on__gte=today).select_related("pinned").order_by("held_on")
    if not measures:
        coming = coming.filter(board__in=own)
    boards = {board.board_id: board for board in BoardVersion.objects.at(edition)}
    codes = set(MeasureVersion.objects.at(edition).filter(measure__in=measures).values_list("outcome", flat=True))
    found = []
    for meeting in coming.filter(board__in=boards):
        reports = reports_of(meeting, None if meeting.board_id in own else codes)
        asked = [line for line in lines(meeting, reports) if line.stage is Stage.ASKED]
        if asked:
            found.append(Request(boards[meeting.board_id], meeting, asked, meeting.board_id in own))
    return found
