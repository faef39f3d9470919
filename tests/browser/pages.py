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
from pledges.models import PledgeVersion
from priorities.models import PriorityVersion
from tests import factories_boards as make
from tests import factories_pledges as partners
from tests import record

ERRORS = {"not found": 404, "bad request": 400}
KEPT, MAKER = "a-pledge-that-is-kept", "a-mill"  # a pledge of which most is known, and who made it
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
    "pledges",
    "pledges filtered",
    "no pledge found",
    "pledge",
    "pledge that was withdrawn",
    "organisation",
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
    "board of one priority", "pledges filtered", "no pledge found", "pledge that was withdrawn",
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
    withdrawn = PledgeVersion.objects.current().withdrawn().first()
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
        "pledges": "/pledges/",
        "pledges filtered": f"/pledges/?priority={whole.priority.priority_id}&sort=newest",
        "no pledge found": "/pledges/?q=qwertyuiop",
        "pledge": f"/pledges/{KEPT}/",
        "pledge that was withdrawn": f"/pledges/{withdrawn.pledge_id}/",
        "organisation": f"/organisations/{MAKER}/",
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


def publish_more(edition: Edition) -> None:
    """What the framework as delivered has none of."""
    publish_meeting(edition)
    publish_pledges(edition)


def publish_pledges(edition: Edition) -> None:
    """One with all that can be told of a pledge, and one that was withdrawn."""
    codes = [shown.code for shown in summaries() if shown.priority]
    partners.create_pledge(
        edition=edition, slug=KEPT, title="A pledge that is kept", organisations=[MAKER, "a-school"],
        made_on="2026-03-02", focus=[PriorityVersion.objects.current().first().priority_id],
        plan="Somebody counts.\n\nEach spring.", community="With the neighbours.",
    )  # fmt: skip
    update, promised = f"{KEPT}-said", {"target": "20 apprentices", "target_by": "2030", "helps": "More people learn."}
    for position, stage in enumerate(("done", "under-way", "changed", "ended", "not-started", ""), 1):
        slug = f"{KEPT}-{position}"
        partners.create_commitment(
            edition=edition, slug=slug, pledge=KEPT, what=f"Do something {position} times.", position=position,
            serves=codes[position : position + 2], **promised,
        )  # fmt: skip
        if stage:
            partners.create_stage(edition=edition, commitment=slug, stage=stage, update=update)
    shown = {"evidence_url": "https://example.org/", "evidence": partners.create_evidence(), "organisation_id": MAKER}
    for key, said_on in ((update, date(2026, 10, 1)), (f"{update}-before", date(2026, 5, 1))):
        checked = {"checked_on": date(2026, 10, 9)} if key == update else {}
        partners.create_pledge_update(edition=edition, key=key, pledge=KEPT, said_on=said_on, **shown, **checked)
    ended = {"withdrawn_on": date(2026, 9, 1), "withdrawn_why": "The mill closed its gates."}
    partners.create_pledge(
        edition=edition, slug="ended", title="It ended", organisations=[MAKER], serves=codes[:1], **ended
    )


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
