"""Every public address, once: from the record, so that any place's pages can be asked for."""

from datetime import date

from django.urls import reverse

from boards.models import BoardVersion, MeetingVersion
from luton2040.editions import Edition
from outcomes.models import OutcomeVersion
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

SITE_PAGES = {
    "home": "priorities:home",
    "outcomes": "outcomes:index",
    "mission": "priorities:mission",
    "roadmap": "priorities:roadmap",
    "plans": "priorities:plans",
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
MEETING_PAGES = {"meeting": "boards:meeting", "meeting on the screen": "boards:present", "pack": "boards:pack"}
MEETING_FILES = {"pack.pdf": ("boards:pack_pdf", PDF), "pack.xlsx": ("boards:pack_xlsx", XLSX)}
KINDS = (
    *SITE_PAGES, "priority", "outcome", *BOARD_PAGES, *MEETING_PAGES, "embed", *OUTCOME_FILES, *DATA_FILES,
    *BOARD_FILES, *MEETING_FILES, "feed",
)  # fmt: skip


def of_kind(kind: str, *, priority: str, code: str, meeting: tuple[str, date] = record.MEETING) -> str:
    """The address of one page or file of each kind; a meeting is the slug of its board and its day."""
    slug = code.lower()
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


def pages() -> list[str]:
    """Every page that is HTML."""
    return [
        *(reverse(name) for name in SITE_PAGES.values()),
        *(reverse("priorities:priority", args=[slug]) for slug in priorities()),
        *(reverse("outcomes:outcome", args=[code.lower()]) for code in codes()),
        *(reverse(name, args=[slug]) for slug in boards() for name in BOARD_PAGES.values()),
        *(reverse(name, args=meeting) for meeting in meetings() for name in MEETING_PAGES.values()),
    ]


def frames() -> list[str]:
    """The pages that other sites may show in a frame."""
    return [reverse("outcomes:embed", args=[code.lower()]) for code in codes()]


def files() -> dict[str, str]:
    """Every file with its content type; outcomes without a value have no picture, which their page does not offer."""
    found = {reverse("changes_feed"): ATOM}
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
