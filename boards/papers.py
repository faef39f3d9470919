"""The papers of a meeting: the one report that its page, pack, print page, spreadsheet and screens are renderings of.

What the figures say comes from the pinned edition, as of the day on which it was pinned. What the board says (reviews,
actions) comes from the edition in which it was made public, or while the meeting is prepared from the desk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from boards import changes, horizon, publishing, sentences
from boards.changes import PledgeTurns, Turn
from boards.models import ActionVersion, Board, BoardAction, BoardVersion, Meeting, MeetingVersion, ReviewVersion
from boards.preparing import ActionState
from boards.remit import Remit, remit_of
from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes.report import OutcomeReport, full_reports, summaries, vision_at
from pledges import report as pledges
from pledges.touched import Moment, touched


@dataclass(frozen=True, eq=False)
class Papers:
    vision: Vision
    board: BoardVersion
    remit: Remit
    meeting: Meeting | MeetingVersion
    turns: list[Turn]  # of every outcome of the board, in the order of the wheel
    gone: list[OutcomeReport]  # as they last were
    pledges: PledgeTurns
    reviews: dict[str, ReviewVersion]  # by outcome
    actions: list[ActionVersion]  # of the board, by the day they are due
    closed: list[ActionVersion]  # since the papers of the meeting before
    issued: Edition | None  # in which these papers came out; None while they are prepared

    @property
    def held_on(self) -> date:
        return self.meeting.held_on

    @property
    def pinned(self) -> Edition:
        return self.meeting.pinned

    @property
    def edition(self) -> Edition:
        """That of the figures."""
        return self.meeting.pinned

    @property
    def is_first(self) -> bool:
        """Whether there is nothing to compare with."""
        return self.meeting.since_id is None

    @property
    def reports(self) -> list[OutcomeReport]:
        return [turn.now for turn in self.turns]

    @cached_property
    def news(self) -> list[tuple[changes.News, list[Turn]]]:
        return changes.by_news(self.turns)

    @cached_property
    def rest(self) -> list[tuple[changes.Place, list[Turn]]]:
        return changes.by_place(self.turns)

    @cached_property
    def in_order(self) -> list[Turn]:
        """What changed, then the rest: the order of the meeting."""
        return changes.worst_first(self.turns)

    @cached_property
    def tally(self) -> list[str]:
        return sentences.tally(self.turns, self.pledges, len(self.closed), len(self.gone))

    @cached_property
    def pledges_told(self) -> list[tuple[pledges.PledgeReport, str]]:
        return sentences.pledges(self.pledges)

    @cached_property
    def open_actions(self) -> list[ActionVersion]:
        return [action for action in self.actions if action.state == ActionState.OPEN]

    @cached_property
    def horizons(self) -> list[tuple[int, list[horizon.Ahead]]]:
        return horizon.by_horizon(horizon.ahead(self.reports))


def published(version: MeetingVersion, at: Edition, *, full: bool = False) -> Papers:
    """As the public sees them in an edition: as they came out, in the words that hold by now."""
    issued = version.issued
    reviews = ReviewVersion.objects.at(at).filter(meeting=version.meeting_id).order_by("pk")
    actions = _actions(version, issued, at)
    closed = changes.closed_since(_actions_in(_meeting_before(version, issued)), actions)
    return _papers(version, reviews, actions, closed, issued=issued, full=full)


def as_issued(version: MeetingVersion) -> Papers:
    """As they came out: the pack, whatever was published or reworded since."""
    first = version.meeting.versions.order_by("first_edition").select_related("pinned", "since").first()
    return published(first, first.first_edition, full=True)


def _actions(version: MeetingVersion, issued: Edition, at: Edition) -> list[ActionVersion]:
    """Those of the papers and those agreed at the meeting since, each in the state in which the meeting had it."""
    of_board = ActionVersion.objects.filter(board=version.board_id)
    then = {row.action_id: row for row in of_board.at(issued)}
    rows = [row for row in of_board.at(at) if row.action_id in then or row.meeting_id == version.meeting_id]
    for row in rows:
        had = then.get(row.action_id)
        if had is None or had.state == ActionState.OPEN:
            row.state, row.closed_on, row.result = ActionState.OPEN, None, ""
        elif row.state == ActionState.OPEN:  # reopened since
            row.state, row.closed_on, row.result = had.state, had.closed_on, had.result
    return rows


def _meeting_before(meeting: Meeting | MeetingVersion, at: Edition) -> MeetingVersion | None:
    return MeetingVersion.objects.at(at).filter(board=meeting.board_id, held_on__lt=meeting.held_on).first()


def _actions_in(earlier: MeetingVersion | None) -> list[ActionVersion] | None:
    """The board's actions as the papers of an earlier meeting had them; None where there is no such meeting."""
    if earlier is None:
        return None
    return list(ActionVersion.objects.at(earlier.issued).filter(board=earlier.board_id))


# --- while it is prepared ---


def in_preparation(meeting: Meeting, *, private: bool, full: bool = False) -> Papers:
    """As they would come out if the meeting were published now; with `private` also what would be held back, marked."""
    rows = publishing.wanted(meeting.board_id, meeting=meeting)
    reviews = [row for row in rows[ReviewVersion] if row.meeting_id == meeting.pk]
    actions = rows[ActionVersion]
    earlier = _meeting_before(meeting, Edition.objects.current())
    before = _actions_in(earlier)
    if private:
        reviews += _private_reviews(meeting, {row.review_id for row in reviews})
        held_back = _private_actions(meeting, {row.action_id for row in actions})
        actions = actions + held_back
        if before is not None:
            before += [row for row in held_back if row.closed_on and row.closed_on <= earlier.held_on]
    actions = sorted(actions, key=lambda row: (row.due_on, row.action_id))
    return _papers(meeting, reviews, actions, changes.closed_since(before, actions), issued=None, full=full)


def _private_reviews(meeting: Meeting, public: set[int]) -> list[ReviewVersion]:
    found = meeting.reviews.exclude(pk__in=public).prefetch_related("replies").order_by("pk")
    return [_private(publishing.of_review(row)) for row in found if row.is_written]


def _private_actions(meeting: Meeting, public: set[int]) -> list[ActionVersion]:
    found = BoardAction.objects.filter(board=meeting.board_id).exclude(pk__in=public).order_by("pk")
    return [_private(publishing.of_action(row, {row.meeting_id})) for row in found]


def _private(version: ReviewVersion | ActionVersion) -> ReviewVersion | ActionVersion:
    version.is_private = True
    return version


def turn_of(meeting: Meeting | MeetingVersion, code: str) -> Turn | None:
    """One outcome of a board, with all that its own page shows; None where the board is not linked to it."""
    vision = vision_at(meeting.pinned)
    found = full_reports(meeting.pinned, meeting.read_on, codes=[code], vision=vision)
    now = remit_of(meeting.board_id, meeting.pinned).outcomes(found)
    return next(iter(changes.turns(_reports_before(meeting, now), now)), None)


# --- what they are made from ---


def _papers(
    meeting: Meeting | MeetingVersion,
    reviews: Iterable[ReviewVersion],
    actions: list[ActionVersion],
    closed: list[ActionVersion],
    *,
    issued: Edition | None,
    full: bool,
) -> Papers:
    vision, board = vision_at(meeting.pinned), board_at(meeting.board_id, meeting.pinned)
    remit = remit_of(board, meeting.pinned)
    now = remit.outcomes(summaries(meeting.pinned, meeting.read_on, vision=vision))
    if full:
        now = full_reports(meeting.pinned, meeting.read_on, codes=[r.code for r in now], vision=vision)
    before = _reports_before(meeting, now)
    return Papers(
        vision=vision,
        board=board,
        remit=remit,
        meeting=meeting,
        turns=changes.turns(before, now),
        gone=_gone(meeting, before, now),
        pledges=_pledge_turns(meeting, [report.code for report in now]),
        reviews={review.outcome_id: review for review in reviews},
        actions=actions,
        closed=closed,
        issued=issued,
    )


def board_at(board: Board | str, edition: Edition) -> BoardVersion:
    """As the edition has it; a board that it does not have yet, as it was first told of."""
    versions = BoardVersion.objects.filter(board=board)
    return versions.at(edition).first() or versions.order_by("first_edition").first()


def _reports_before(meeting: Meeting | MeetingVersion, now: Sequence[OutcomeReport]) -> list[OutcomeReport] | None:
    """Also of outcomes that are not in the papers any more."""
    if meeting.since_id is None:
        return None
    if meeting.since_id == meeting.pinned_id:
        return [replace(report, today=meeting.since_on) for report in now]
    return summaries(meeting.since, meeting.since_on)


def _gone(
    meeting: Meeting | MeetingVersion, before: Sequence[OutcomeReport] | None, now: Sequence[OutcomeReport]
) -> list[OutcomeReport]:
    if before is None:
        return []
    return changes.gone(remit_of(meeting.board_id, meeting.since).outcomes(before), now)


def _pledge_turns(meeting: Meeting | MeetingVersion, codes: Sequence[str]) -> PledgeTurns:
    """Of pledges that serve the outcomes now or did then: one that only came to serve them was not made since."""
    if meeting.since_id is None:
        return PledgeTurns()
    then, today = Moment(meeting.since, meeting.since_on), Moment(meeting.pinned, meeting.read_on)
    slugs = touched(then, today)
    before, now = (pledges.reports(at.edition, at.day, slugs=slugs) for at in (then, today))
    serving = {pledge.slug for pledge in (*before, *now) if any(pledge.serves(code) for code in codes)}
    return changes.pledge_turns(*([pledge for pledge in found if pledge.slug in serving] for found in (before, now)))
