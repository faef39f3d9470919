"""Every kind of public page, by what it shows: no place's own outcome is named here."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from boards.models import BoardVersion, MeetingVersion, Oversight
from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes import report
from outcomes.importing import Row
from outcomes.models import Observation
from outcomes.progress import Status
from priorities.models import PriorityVersion
from tests import factories_boards as make
from tests import record

ERRORS = {"not found": 404, "bad request": 400}
EMBEDDED = "outcome for another site's frame"
WITH_CHART = ["outcome", "outcome with a break", "outcome in an earlier edition"]
KINDS = [
    "home",
    "home with a card",
    "home in an earlier edition",
    "priority",
    "outcomes",
    "outcomes filtered",
    "no outcome found",
    "outcome",
    "outcome awaiting data",
    "outcome with a break",
    "outcome in an earlier edition",
    "mission",
    "roadmap",
    "roadmap filtered",
    "no milestone found",
    "plans",
    "boards",
    "board",
    "board of one priority",
    "board's roadmap",
    "meeting",
    "pack",
    "changes",
    "data",
    "method",
    "about",
    "privacy",
    "accessibility",
    EMBEDDED,
    *ERRORS,
]
WHOLE = [kind for kind in KINDS if kind != EMBEDDED]  # with the site's own header and footer
# Built as another kind is, with less on it or a banner more: what takes long is not asked of these.
VARIANTS = {
    "home in an earlier edition", "outcomes filtered", "roadmap filtered", "no milestone found",
    "board of one priority",
}  # fmt: skip
DISTINCT = [kind for kind in KINDS if kind not in VARIANTS]


def summaries() -> list[report.OutcomeReport]:
    edition = Edition.objects.current()
    return report.summaries(edition, timezone.localdate(), vision=Vision.objects.at(edition).get())


def paths() -> dict[str, str]:
    """An address of each kind in the record as it is; the earlier edition is the first."""
    reports = summaries()
    whole = most_shown(reports)
    awaiting = next(r for r in reports if r.status is Status.NO_DATA)
    broken = next(r for r in reports if r.earlier_series and r.target)
    meeting = MeetingVersion.objects.current().first()
    of_the_record = {
        "home": "/",
        "home with a card": f"/?outcome={whole.slug}",
        "home in an earlier edition": "/?edition=1",
        "priority": f"/priorities/{PriorityVersion.objects.current().first().priority_id}/",
        "outcomes": "/outcomes/",
        "outcomes filtered": f"/outcomes/?priority={whole.priority.priority_id}&status={whole.status.value}",
        "no outcome found": "/outcomes/?q=qwertyuiop",
        "outcome": f"/outcomes/{whole.slug}/",
        "outcome awaiting data": f"/outcomes/{awaiting.slug}/",
        "outcome with a break": f"/outcomes/{broken.slug}/",
        "outcome in an earlier edition": f"/outcomes/{whole.slug}/?edition=1",
        "mission": "/mission/",
        "roadmap": "/roadmap/",
        "roadmap filtered": "/roadmap/?kind=target",
        "no milestone found": f"/roadmap/?priority={whole.priority.priority_id}&kind=target&state=met",
        "plans": "/plans/",
        "boards": "/boards/",
        "board": f"/boards/{meeting.board_id}/",
        "board of one priority": f"/boards/{of_one_priority()}/",
        "board's roadmap": f"/boards/{meeting.board_id}/roadmap/",
        "meeting": f"/boards/{meeting.board_id}/{meeting.held_on}/",
        "pack": f"/boards/{meeting.board_id}/{meeting.held_on}/pack/",
        "changes": "/changes/",
        "data": "/data/",
        "method": "/method/",
        "about": "/about/",
        "privacy": "/privacy/",
        "accessibility": "/accessibility/",
        EMBEDDED: f"/embed/outcomes/{whole.slug}/",
        "not found": "/no-such-page/",
        "bad request": "/outcomes/?status=no-such-status",
    }
    return {kind: of_the_record[kind] for kind in KINDS}


def most_shown(reports: list[report.OutcomeReport]) -> report.OutcomeReport:
    """The outcome whose page shows most: a long unbroken series with limits, judged against a target."""
    return max(
        (r for r in reports if r.priority and r.target and not r.earlier_series and r.is_judged),
        key=lambda r: (any(v.has_limits for v in r.series), len(r.series)),
    )


def of_one_priority() -> str:
    """A board that oversees nothing else."""
    links = Oversight.objects.current()
    several = {link.board_id for link in links if link.priority_id is None}
    return next(link.board_id for link in links if link.board_id not in several)


def publish_meeting(edition: Edition) -> None:
    """Of the board that is linked to most, with a review of what changed and an action that is overdue."""
    board = BoardVersion.objects.at(edition).order_by("position").first().board_id
    meeting = make.create_meeting(
        board=board, held_on=record.TODAY, pinned=edition, since_id=1, since_on=record.TODAY, introduction="Welcome.",
        now=record.NOW,
    )  # fmt: skip
    make.create_meeting_version(edition=edition, meeting=meeting)
    texts = dict.fromkeys(make.Review.TEXTS, "Something that somebody wrote.\n\nAnd more of it.")
    for shown in (most_shown(summaries()), summaries()[0]):
        review = make.create_review(meeting=meeting, outcome=shown.code, is_public=True, now=record.NOW, **texts)
        make.create_review_version(edition=edition, review=review)
    for due_on, more in [(record.TODAY, {}), (date(2026, 10, 1), {"state": "done", "closed_on": record.TODAY})]:
        action = make.create_board_action(board=board, due_on=due_on, is_public=True, now=record.NOW, **more)
        make.create_action_version(edition=edition, action=action)


def correction(shown: report.OutcomeReport) -> Row:
    """The outcome's latest value, more by the smallest step that its page tells."""
    published = Observation.objects.at(Edition.objects.current()).get(
        measure=shown.code,
        area=shown.vision.home_area,
        period_start=shown.latest.period.start,
        period_duration=shown.latest.period.duration,
    )
    cells = {name: getattr(published, name) for name in Row._fields if name != "row"}
    value = published.value + Decimal(1).scaleb(-shown.measure.decimals)
    return Row(row=2, **cells)._replace(value=value, markers="[r]", note="Corrected for a test.")
