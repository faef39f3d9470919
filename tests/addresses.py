"""Every public address, once: from the record, so that any place's pages can be asked for."""

from django.urls import reverse

from luton2040.editions import Edition
from outcomes.models import OutcomeVersion
from priorities.models import PriorityVersion

HTML = "text/html; charset=utf-8"
CSV = "text/csv; charset=utf-8"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SVG = "image/svg+xml"
ATOM = "application/atom+xml; charset=utf-8"

STAFF = "/desk/"  # linked from every public page, and the only link that leads to a sign-in

SITE_PAGES = {
    "home": "priorities:home",
    "outcomes": "outcomes:index",
    "mission": "priorities:mission",
    "roadmap": "priorities:roadmap",
    "plans": "priorities:plans",
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
KINDS = (*SITE_PAGES, "priority", "outcome", "embed", *OUTCOME_FILES, *DATA_FILES, "feed")


def of_kind(kind: str, *, priority: str, code: str) -> str:
    """The address of one page or file of each kind."""
    slug = code.lower()
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


def pages() -> list[str]:
    """Every page that is HTML."""
    return [
        *(reverse(name) for name in SITE_PAGES.values()),
        *(reverse("priorities:priority", args=[slug]) for slug in priorities()),
        *(reverse("outcomes:outcome", args=[code.lower()]) for code in codes()),
    ]


def frames() -> list[str]:
    """The pages that other sites may show in a frame."""
    return [reverse("outcomes:embed", args=[code.lower()]) for code in codes()]


def files() -> dict[str, str]:
    """Every file with its content type; outcomes without a value have no picture, which their page does not offer."""
    found = {reverse("changes_feed"): ATOM}
    for name, kind, content_type in DATA_FILES.values():
        found[reverse("outcomes:data_file", args=[name, kind])] = content_type
    for code in codes():
        for name, more, content_type in OUTCOME_FILES.values():
            found[reverse(name, args=[code.lower(), *more])] = content_type
    return found
