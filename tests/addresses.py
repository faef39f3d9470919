"""Every public address, once: from the record, so that any place's pages can be asked for."""

from datetime import date

from django.urls import reverse

from boards.models import BoardVersion, MeetingVersion
from luton2040.editions import Edition
from outcomes.models import OutcomeVersion
from pledges.files import CONTENT_TYPES
from pledges.models import OrganisationVersion, PledgeOrganisation, PledgeUpdate, PledgeVersion
from priorities.models import PriorityVersion
from tests import record

HTML = "text/html; charset=utf-8"
CSV = "text/csv; charset=utf-8"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SVG = "image/svg+xml"
ATOM = "application/atom+xml; charset=utf-8"
ICALENDAR = "text/calendar; charset=utf-8"
PDF = "application/pdf"

STAFF = "/desk/"  # linked from every public page, and the only link that leads to a sign-in
ONES_OWN = ("/pledges/new/", "/pledges/yours/")  # below these are pages of one reader's own, read at the newest edition

SITE_PAGES = {
    "home": "priorities:home",
    "outcomes": "outcomes:index",
    "mission": "priorities:mission",
    "roadmap": "priorities:roadmap",
    "plans": "priorities:plans",
    "pledges": "pledges:register",
    "boards": "boards:index",
    "changes": "changes",
    "data": "outcomes:data",
    "method": "outcomes:method",
    "about": "about",
    "privacy": "privacy",
    "accessibility": "accessibility",
}
OUTCOME_FILES = {
    "chart.svg": ("outcomes:chart_svg", (), SVG),
    "chart.json": ("outcomes:chart_json", (), JSON),
    "data.csv": ("outcomes:file", ("csv",), CSV),
    "data.json": ("outcomes:file", ("json",), JSON),
    "data.xlsx": ("outcomes:file", ("xlsx",), XLSX),
}
DATA_FILES = {
    "values.csv": ("values", "csv", CSV),
    "milestones.csv": ("milestones", "csv", CSV),
    "outcomes.csv": ("outcomes", "csv", CSV),
    "revisions.csv": ("revisions", "csv", CSV),
    "everything.json": ("everything", "json", JSON),
    "everything.xlsx": ("everything", "xlsx", XLSX),
}
BOARD_PAGES = {"board": "boards:board", "board's roadmap": "boards:roadmap"}
BOARD_FILES = {"board's calendar": ("boards:calendar", ICALENDAR)}
PLEDGE_FILES = {
    "badge.svg": ("pledges:badge", SVG),
    "certificate.pdf": ("pledges:certificate", PDF),
}
MEETING_PAGES = {"meeting": "boards:meeting", "meeting on the screen": "boards:present", "pack": "boards:pack"}
MEETING_FILES = {"pack.pdf": ("boards:pack_pdf", PDF), "pack.xlsx": ("boards:pack_xlsx", XLSX)}
KINDS = (
    *SITE_PAGES, "priority", "outcome", *BOARD_PAGES, *MEETING_PAGES, "embed", *OUTCOME_FILES, *DATA_FILES,
    *BOARD_FILES, *MEETING_FILES, "feed", "pledge", "organisation", "commitments.csv", *PLEDGE_FILES, "evidence",
)  # fmt: skip


def of_kind(
    kind: str, *, priority: str, code: str, meeting: tuple[str, date] = record.MEETING, pledge=record.PLEDGE
) -> str:
    """The address of one page or file of each kind.

    A meeting is the slug of its board and its day; a pledge its own slug, that of its maker, and the key of a file.
    """
    slug = code.lower()
    if kind in PLEDGE_FILES:
        return reverse(PLEDGE_FILES[kind][0], args=[pledge[1]])
    if kind in BOARD_PAGES:
        return reverse(BOARD_PAGES[kind], args=meeting[:1])
    if kind in BOARD_FILES:
        return reverse(BOARD_FILES[kind][0], args=meeting[:1])
    if kind in MEETING_PAGES:
        return reverse(MEETING_PAGES[kind], args=meeting)
    if kind in MEETING_FILES:
        return reverse(MEETING_FILES[kind][0], args=meeting)
    match kind:
        case "priority":
            return reverse("priorities:priority", args=[priority])
        case "outcome":
            return reverse("outcomes:outcome", args=[slug])
        case "embed":
            return reverse("outcomes:embed", args=[slug])
        case "feed":
            return reverse("changes_feed")
        case "pledge":
            return reverse("pledges:pledge", args=[pledge[0]])
        case "organisation":
            return reverse("pledges:organisation", args=[pledge[1]])
        case "evidence":
            return reverse("pledges:evidence", args=[pledge[2]])
        case "commitments.csv":
            return reverse("pledges:commitments_csv")
    if kind in SITE_PAGES:
        return reverse(SITE_PAGES[kind])
    if kind in DATA_FILES:
        return reverse("outcomes:data_file", args=DATA_FILES[kind][:2])
    name, more, _ = OUTCOME_FILES[kind]
    return reverse(name, args=[slug, *more])


def codes() -> list[str]:
    outcomes = OutcomeVersion.objects.at(Edition.objects.current())
    return [outcome.outcome_id for outcome in outcomes]


def priorities() -> list[str]:
    versions = PriorityVersion.objects.at(Edition.objects.current())
    return [version.priority_id for version in versions]


def boards() -> list[str]:
    versions = BoardVersion.objects.at(Edition.objects.current())
    return [version.board_id for version in versions]


def meetings() -> list[tuple[str, date]]:
    versions = MeetingVersion.objects.at(Edition.objects.current())
    return [(version.board_id, version.held_on) for version in versions]


def pledges() -> list[str]:
    versions = PledgeVersion.objects.at(Edition.objects.current())
    return [version.pledge_id for version in versions]


def organisations() -> list[str]:
    versions = OrganisationVersion.objects.at(Edition.objects.current())
    return [version.organisation_id for version in versions]


def makers() -> list[str]:
    """Of pledges that stand."""
    edition = Edition.objects.current()
    standing = PledgeVersion.objects.at(edition).not_withdrawn().values("pledge")
    found = PledgeOrganisation.objects.at(edition).filter(pledge__in=standing)
    return sorted(set(found.values_list("organisation", flat=True)))


def evidence() -> dict[str, str]:
    """Files that partners gave, which are shut in more than ours are, with their content types."""
    updates = PledgeUpdate.objects.at(Edition.objects.current()).filter(evidence__isnull=False)
    return {reverse("pledges:evidence", args=[u.evidence_id]): CONTENT_TYPES[u.evidence.kind] for u in updates}


def pages() -> list[str]:
    """Every page that is HTML."""
    return [
        *(reverse(name) for name in SITE_PAGES.values()),
        *(reverse("priorities:priority", args=[slug]) for slug in priorities()),
        *(reverse("outcomes:outcome", args=[code.lower()]) for code in codes()),
        *(reverse(name, args=[slug]) for slug in boards() for name in BOARD_PAGES.values()),
        *(reverse(name, args=meeting) for meeting in meetings() for name in MEETING_PAGES.values()),
        *(reverse("pledges:pledge", args=[slug]) for slug in pledges()),
        *(reverse("pledges:organisation", args=[slug]) for slug in organisations()),
    ]


def frames() -> list[str]:
    """The pages that other sites may show in a frame."""
    return [reverse("outcomes:embed", args=[code.lower()]) for code in codes()]


def files() -> dict[str, str]:
    """Every file with its content type; outcomes without a value have no picture, which their page does not offer."""
    found = {reverse("changes_feed"): ATOM, reverse("pledges:commitments_csv"): CSV}
    for name, content_type in PLEDGE_FILES.values():
        found |= {reverse(name, args=[slug]): content_type for slug in makers()}
    for name, kind, content_type in DATA_FILES.values():
        found[reverse("outcomes:data_file", args=[name, kind])] = content_type
    for name, content_type in BOARD_FILES.values():
        found |= {reverse(name, args=[slug]): content_type for slug in boards()}
    for name, content_type in MEETING_FILES.values():
        found |= {reverse(name, args=meeting): content_type for meeting in meetings()}
    for code in codes():
        for name, more, content_type in OUTCOME_FILES.values():
            found[reverse(name, args=[code.lower(), *more])] = content_type
    return found
