"""Make one for me: pledges, what they promise and what is heard of them."""

from datetime import date

from outcomes.models import Outcome
from pledges.models import (
    Commitment,
    CommitmentOutcome,
    CommitmentVersion,
    OrganisationVersion,
    Pledge,
    PledgeUpdate,
    PledgeVersion,
)
from tests.factories import _first, create_organisation


def create_pledge(
    *, edition=None, slug="a-pledge", title="A pledge", organisations=("a-charity",), serves=(), **fields
) -> PledgeVersion:
    """By organisations that are made where they are not there yet; with `serves`, one commitment to these outcomes."""
    edition = _first(edition)
    for name in organisations:
        if not OrganisationVersion.objects.filter(organisation=name).exists():
            create_organisation(edition=edition, slug=name, name=name.replace("-", " ").capitalize())
    Pledge.objects.get_or_create(slug=slug)
    fields = {"kind": PledgeVersion.Kind.PLEDGE} | fields
    version = PledgeVersion.objects.create(
        first_edition=edition, pledge_id=slug, title=title, organisations=list(organisations), **fields
    )
    if serves:
        create_commitment(edition=edition, slug=f"{slug}-1", pledge=slug, serves=serves)
    return version


def create_commitment(
    *, edition=None, slug="a-pledge-1", pledge="a-pledge", what="Buy more nearby.", position=1, serves=(), **fields
) -> CommitmentVersion:
    edition = _first(edition)
    Pledge.objects.get_or_create(slug=pledge)
    Commitment.objects.get_or_create(slug=slug)
    for code in serves:
        create_commitment_outcome(edition=edition, commitment=slug, outcome=code)
    return CommitmentVersion.objects.create(
        first_edition=edition, commitment_id=slug, pledge_id=pledge, what=what, position=position, **fields
    )


def create_commitment_outcome(
    *, edition=None, commitment="a-pledge-1", outcome="AA1", standing="inferred", **fields
) -> CommitmentOutcome:
    Commitment.objects.get_or_create(slug=commitment)
    Outcome.objects.get_or_create(code=outcome)
    return CommitmentOutcome.objects.create(
        first_edition=_first(edition), commitment_id=commitment, outcome_id=outcome, standing=standing, **fields
    )


def create_pledge_update(
    *,
    edition=None,
    key="",
    pledge="a-pledge",
    said_on=date(2026, 3, 1),
    said="We bought more.",
    **fields,
) -> PledgeUpdate:
    Pledge.objects.get_or_create(slug=pledge)
    return PledgeUpdate.objects.create(
        first_edition=_first(edition),
        key=key or f"{pledge}-{said_on}",
        pledge_id=pledge,
        said_on=said_on,
        said=said,
        **fields,
    )
