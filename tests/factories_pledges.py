"""Make one for me: pledges, what they promise and what is heard of them."""

from datetime import date, datetime
from uuid import uuid4

from outcomes.models import Outcome
from pledges import content
from pledges.models import (
    Commitment,
    CommitmentOutcome,
    CommitmentStage,
    CommitmentVersion,
    Contact,
    Evidence,
    Offer,
    Organisation,
    OrganisationVersion,
    Pledge,
    PledgeOrganisation,
    PledgeUpdate,
    PledgeVersion,
)
from tests.factories import NOW, _first, create_organisation, create_user


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
    version = PledgeVersion.objects.create(first_edition=edition, pledge_id=slug, title=title, **fields)
    for position, name in enumerate(organisations, 1):
        PledgeOrganisation.objects.create(
            first_edition=edition,
            last_edition=version.last_edition,
            pledge_id=slug,
            organisation_id=name,
            position=position,
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


def create_stage(
    *, edition=None, commitment="a-pledge-1", stage="under-way", update="a-pledge-2026-03-01", **fields
) -> CommitmentStage:
    """What was last reported of a commitment; the update that says so is made by create_pledge_update."""
    return CommitmentStage.objects.create(
        first_edition=_first(edition), commitment_id=commitment, stage=stage, update=update, **fields
    )


# --- what is not public ---


def create_contact(*, email="partner@example.org", speaks_for=(), now: datetime = NOW, **fields) -> Contact:
    """With the organisations, by slug, that it speaks for."""
    contact = Contact.objects.create(email=email, confirmed_at=now, seen_at=now, **fields)
    contact.organisations.set(Organisation.objects.get_or_create(slug=slug)[0] for slug in speaks_for)
    return contact


def a_wording(**fields) -> content.Wording:
    """A whole new pledge, as typed."""
    promise = content.Promise(
        what="Take on apprentices from the town.", target="20 apprentices", target_by="2030", outcomes=["XA1"]
    )
    given = {
        "organisation": "A Bakery Ltd",
        "organisation_kind": "small business",
        "focus": ["good-work"],
        "commitments": [promise],
        "plan": "Our manager looks after it and counts them each spring.",
        "community": "With the college and the job centre.",
    }
    return content.Wording(**given | fields)


def create_offer(
    *, kind=Offer.Kind.NEW, state=Offer.State.WAITING, typed=None, contact=None, now: datetime = NOW, **fields
) -> Offer:
    """Confirmed unless its state says otherwise; with whoever must have decided it where it is decided."""
    if state == Offer.State.UNCONFIRMED:
        fields = {"email": "partner@example.org"} | fields
    else:
        contact = contact or Contact.objects.first() or create_contact()
        fields = {"confirmed_at": now} | fields
    if state in (Offer.State.PUBLISHED, Offer.State.DECLINED):
        fields = {"decided_by": fields.get("decided_by") or create_user(), "decided_at": now} | fields
    if state == Offer.State.DECLINED:
        fields = {"decision_note": "It is not about this town."} | fields
    if typed is None:
        typed = a_wording() if kind == Offer.Kind.NEW else content.News(said="We did it.", said_on="2026-03-01")
    return Offer.objects.create(
        kind=kind,
        state=state,
        typed=content.stored(typed),
        contact=contact,
        key=fields.pop("key", uuid4().hex),
        handed_in_at=now,
        **fields,
    )


def create_evidence(*, key="a-file", kind=Evidence.Kind.PNG, data=b"\x89PNG", now: datetime = NOW) -> Evidence:
    return Evidence.objects.create(key=key, kind=kind, content=data, size=len(data), added_at=now)
