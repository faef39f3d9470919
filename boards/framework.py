"""Boards and what they oversee, as delivered in a file."""

from boards.models import Board, BoardVersion, Oversight
from luton2040.definitions import Part, Reader


def read(reader: Reader) -> list[Part]:
    file = "boards.yaml"
    entries = list(reader.entries(file))
    things = reader.names(Board, [str(e.get("slug") or "") for e in entries], file)
    rows, oversight = [], []
    for position, entry in enumerate(entries, 1):
        slug = str(entry.pop("slug", None) or "")
        place = f"entry {slug}"
        overseen = reader.taken(entry, "oversees", list, file=file, place=place)
        standing = entry.pop("oversight_standing", None)
        rows.append(reader.row(BoardVersion, entry, file=file, place=place, board=slug, position=position))
        for name in map(str, overseen):
            thing = {"plan": name.removeprefix("plan:")} if name.startswith("plan:") else {"priority": name}
            if name == "mission":
                thing = {}
            oversight.append(
                reader.row(Oversight, {}, file=file, place=f"{place}, oversees", board=slug, standing=standing, **thing)
            )
    return [
        Part(BoardVersion, rows, ("board_id",), things),
        Part(Oversight, oversight, ("board_id", "priority_id", "plan_id")),
    ]
