"""The vision, priorities, plans, sources and facts, as delivered in files."""

from luton2040.definitions import Part, Reader
from luton2040.vision import Vision
from priorities.models import Fact, Plan, PlanVersion, Priority, PriorityVersion, Source


def read(reader: Reader) -> list[Part]:
    return [_vision(reader), _sources(reader), _priorities(reader), _plans(reader), _facts(reader)]


def _vision(reader: Reader) -> Part:
    file = "vision.yaml"
    return Part(Vision, [reader.row(Vision, reader.mapping(file), file=file, place="")], ("place",))


def _sources(reader: Reader) -> Part:
    file = "sources.yaml"
    rows = [reader.row(Source, e, file=file, place=f"entry {e.get('slug')}") for e in reader.entries(file)]
    return Part(Source, rows, ("slug",))


def _priorities(reader: Reader) -> Part:
    file = "priorities.yaml"
    entries = list(reader.entries(file))
    things = reader.names(Priority, [str(e.get("slug") or "") for e in entries], file)
    rows = []
    for position, entry in enumerate(entries, 1):
        slug = str(entry.pop("slug", None) or "")
        rows.append(
            reader.row(PriorityVersion, entry, file=file, place=f"entry {slug}", priority=slug, position=position)
        )
    return Part(PriorityVersion, rows, ("priority_id",), things)


def _plans(reader: Reader) -> Part:
    """Which outcomes a plan serves is read with the outcomes, which come after."""
    file = "plans.yaml"
    entries = list(reader.entries(file))
    things = reader.names(Plan, [str(e.get("slug") or "") for e in entries], file)
    rows = []
    for position, entry in enumerate(entries, 1):
        own = {k: v for k, v in entry.items() if k not in ("slug", "outcomes", "outcomes_standing")}
        slug = str(entry.get("slug") or "")
        rows.append(reader.row(PlanVersion, own, file=file, place=f"entry {slug}", plan=slug, position=position))
    return Part(PlanVersion, rows, ("plan_id",), things)


def _facts(reader: Reader) -> Part:
    file = "facts.csv"
    rows = []
    for position, cells in enumerate(reader.table(file), 1):
        place = cells.pop("place")
        headline = cells.pop("is_headline", "") == "yes"
        rows.append(reader.row(Fact, cells, file=file, place=place, position=position, is_headline=headline))
    return Part(Fact, rows, ("key",))
