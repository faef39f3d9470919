"""Organisations, as delivered in a file."""

from luton2040.definitions import Part, Reader
from pledges.models import Organisation, OrganisationVersion


def read(reader: Reader) -> list[Part]:
    file = "organisations.yaml"
    entries = list(reader.entries(file))
    things = reader.names(Organisation, [str(e.get("slug") or "") for e in entries], file)
    rows = []
    for entry in entries:
        slug = str(entry.pop("slug", None) or "")
        rows.append(reader.row(OrganisationVersion, entry, file=file, place=f"entry {slug}", organisation=slug))
    return [Part(OrganisationVersion, rows, ("organisation_id",), things)]
