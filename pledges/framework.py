"""Organisations and their pledges, as delivered in files."""

from luton2040.definitions import Part, Reader
from luton2040.editions import changed_by_people
from pledges.models import (
    Commitment,
    CommitmentOutcome,
    CommitmentStage,
    CommitmentVersion,
    Organisation,
    OrganisationVersion,
    Pledge,
    PledgeOrganisation,
    PledgeUpdate,
    PledgeVersion,
)


def read(reader: Reader) -> list[Part]:
    return [_organisations(reader), *_pledges(reader)]


def _organisations(reader: Reader) -> Part:
    file = "organisations.yaml"
    entries = list(reader.entries(file))
    things = reader.names(Organisation, [str(e.get("slug") or "") for e in entries], file)
    rows = []
    for entry in entries:
        slug = str(entry.pop("slug", None) or "")
        rows.append(reader.row(OrganisationVersion, entry, file=file, place=f"entry {slug}", organisation=slug))
    return Part(OrganisationVersion, rows, ("organisation_id",), things)


def _pledges(reader: Reader) -> list[Part]:
    """There may be none: a place has a vision before anybody pledges to it."""
    file = "pledges.yaml"
    entries = []
    for entry in reader.entries(file):
        slug = str(entry.pop("slug", None) or "")
        entries.append((slug, entry, list(reader.nested(entry, "commitments", file=file, place=f"entry {slug}"))))
    pledges = reader.names(Pledge, [slug for slug, *_ in entries], file, may_be_none=True)
    promised = [str(commitment.get("slug") or "") for *_, within in entries for commitment in within]
    commitments = reader.names(Commitment, promised, file, may_be_none=True)
    versions, makers, promises, links = [], [], [], []
    for slug, entry, within in entries:
        place, standing = f"entry {slug}", entry.pop("outcomes_standing", None)
        made_by = reader.taken(entry, "organisations", list, file=file, place=place)
        versions.append(reader.row(PledgeVersion, entry, file=file, place=place, pledge=slug))
        makers += _makers(reader, made_by, file, place, pledge=slug)
        for position, commitment in enumerate(within, 1):
            row, of = _commitment(reader, commitment, file, place, standing, pledge=slug, position=position)
            promises.append(row)
            links += of
    of_pledge = {"together": ("pledge_id",), "theirs": taken_over}
    in_file = {row.commitment_id: row.pledge_id for row in promises}
    of_commitment = {"together": ("commitment_id",), "theirs": lambda: _commitments_taken_over(in_file)}
    return [
        Part(PledgeVersion, versions, ("pledge_id",), pledges, **of_pledge),
        Part(PledgeOrganisation, makers, ("pledge_id", "organisation_id"), **of_pledge),
        Part(CommitmentVersion, promises, ("commitment_id",), commitments, **of_pledge),
        Part(CommitmentOutcome, links, ("commitment_id", "outcome_id"), **of_commitment),
    ]


def taken_over() -> frozenset[tuple[str]]:
    """Pledges (slugs) of which people published anything: no file may reword what somebody has reported on since."""
    pledge_of = _pledge_of()
    by_pledge = (PledgeVersion, PledgeOrganisation, CommitmentVersion, PledgeUpdate)
    found = set().union(*(changed_by_people(model.objects.all(), ("pledge_id",)) for model in by_pledge))
    for model in (CommitmentOutcome, CommitmentStage):
        found |= {(pledge_of[slug],) for (slug,) in changed_by_people(model.objects.all(), ("commitment_id",))}
    return frozenset(found)


def _commitments_taken_over(in_file: dict[str, str]) -> frozenset[tuple[str]]:
    """Also those that only the file has."""
    pledges = taken_over()
    return frozenset((slug,) for slug, pledge in (in_file | _pledge_of()).items() if (pledge,) in pledges)


def _pledge_of() -> dict[str, str]:
    return dict(CommitmentVersion.objects.values_list("commitment", "pledge"))


def _commitment(
    reader: Reader, entry: dict, file: str, place: str, standing, **given
) -> tuple[CommitmentVersion, list[CommitmentOutcome]]:
    """What is promised, and the outcomes that it serves."""
    slug = str(entry.pop("slug", None) or "")
    place = f"{place}, commitment {slug}"
    codes = reader.taken(entry, "outcomes", list, file=file, place=place)
    row = reader.row(CommitmentVersion, entry, file=file, place=place, commitment=slug, **given)
    if row.serves_all and codes:
        what = "It is said to serve every priority, and single outcomes too."
        reader.problem(file, place, "serves_all", what, "Keep one of the two.")
    links = [
        reader.row(
            CommitmentOutcome,
            {},
            file=file,
            place=f"{place}, outcomes",
            commitment=slug,
            outcome=code,
            standing=standing,
        )
        for code in codes
    ]
    return row, links


def _makers(reader: Reader, slugs: list, file: str, place: str, *, pledge: str) -> list[PledgeOrganisation]:
    if not slugs:
        reader.problem(file, place, "organisations", "Nobody makes it.", "Name at least one organisation.")
    place = f"{place}, organisations"
    return [
        reader.row(PledgeOrganisation, {}, file=file, place=place, pledge=pledge, organisation=slug, position=position)
        for position, slug in enumerate(slugs, 1)
    ]
