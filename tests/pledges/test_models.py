"""What can never be untrue of pledges, whoever writes to the database: every constraint, and that each is tested."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from luton2040.editions import Published
from pledges.models import (
    CommitmentOutcome,
    CommitmentStage,
    CommitmentVersion,
    Contact,
    Evidence,
    LinkCheck,
    Nudge,
    Offer,
    OrganisationVersion,
    Pledge,
    PledgeOrganisation,
    PledgeUpdate,
    PledgeVersion,
    Question,
)
from tests.constraints import ids, refused
from tests.factories import NOW, TODAY, create_edition, create_organisation, create_user
from tests.factories_pledges import (
    create_commitment,
    create_commitment_outcome,
    create_contact,
    create_evidence,
    create_offer,
    create_pledge,
    create_pledge_update,
    create_stage,
)

pytestmark = pytest.mark.django_db
LINK = "https://example.org/report"


def maker(*, edition, **fields):
    Pledge.objects.get_or_create(slug="a-pledge")
    if not OrganisationVersion.objects.exists():
        create_organisation(edition=edition)
    about = {"pledge_id": "a-pledge", "organisation_id": "a-charity", "position": 1}
    return PledgeOrganisation.objects.create(first_edition=edition, **about, **fields)


# Each published model and how one of it is made; made twice, it is the same thing again.
PUBLISHED = {
    OrganisationVersion: create_organisation,
    PledgeVersion: lambda **given: create_pledge(organisations=[], **given),
    PledgeOrganisation: maker,
    CommitmentVersion: create_commitment,
    CommitmentOutcome: create_commitment_outcome,
    CommitmentStage: lambda **given: create_stage(commitment=create_promise(), **given),
    PledgeUpdate: create_pledge_update,
}


def create_promise():
    if not CommitmentVersion.objects.exists():
        create_commitment()
    return "a-pledge-1"


def rule(model, name):
    return f"{model._meta.label_lower.replace('.', '_')}_{name}"


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda m: m.__name__)
def test_published_row_is_there_once_and_in_order(model):
    one, two = create_edition(), create_edition()
    refused(model, rule(model, "editions_in_order"), lambda: PUBLISHED[model](edition=two, last_edition=one))
    PUBLISHED[model](edition=one, last_edition=one)
    row = PUBLISHED[model](edition=two)
    refused(model, rule(model, "one_current"), lambda: PUBLISHED[model](edition=two))
    with pytest.raises(models.ProtectedError):
        row.first_edition.delete()


def ask(offer=None, **fields):
    offer = offer or Offer.objects.first() or create_offer(state="asked")
    asked_by = fields.pop("asked_by", None) or create_user(email=f"{Question.objects.count()}@example.org")
    return Question.objects.create(offer=offer, text="How many?", asked_by=asked_by, asked_at=NOW, **fields)


def nudge():
    contact = Contact.objects.first() or create_contact()
    return Nudge.objects.create(contact=contact, pledge_id=create_pledge_once(), sent_at=NOW)


def create_pledge_once():
    return (PledgeVersion.objects.first() or create_pledge()).pledge_id


def about_pledge(**fields):
    fields = {"kind": "update", "pledge_id": create_pledge_once(), "organisation_id": "a-charity"} | fields
    return create_offer(**fields)


def published(**fields):
    about = {"pledge_id": create_pledge_once(), "organisation_id": "a-charity", "edition": create_edition()}
    return create_offer(state="published", decided_by=somebody(), **about | fields)


def somebody():
    return create_user(email=f"{Offer.objects.count()}@example.net")


def checked(*, url=LINK, result="works", **fields):
    return LinkCheck.objects.create(url=url, checked_at=NOW, result=result, **fields)


# The model, the constraint, what is allowed, what is not.
OTHERS = [
    (Pledge, "pledge_has_its_own_address",
     lambda: Pledge.objects.create(slug="newer"), lambda: Pledge.objects.create(slug="new"), "address of a page"),
    (PledgeVersion, "pledge_ends_with_a_day_and_a_reason",
     lambda: create_pledge(withdrawn_on=TODAY, withdrawn_why="The shop closed."),
     lambda: create_pledge(slug="b", withdrawn_on=TODAY), "ended for no reason"),
    (PledgeVersion, "pledge_ends_with_a_day_and_a_reason",
     create_pledge, lambda: create_pledge(slug="b", withdrawn_why="The shop closed."), "ended on no day"),
    (CommitmentStage, "stage_is_reported_by_an_update",
     lambda: create_stage(commitment=create_promise()),
     lambda: create_stage(commitment=create_commitment(slug="b").commitment_id, update=""), "reported by nobody"),
    (PledgeUpdate, "update_checked_after_it_was_said",
     lambda: create_pledge_update(said_on=TODAY, checked_on=TODAY),
     lambda: create_pledge_update(key="b", said_on=TODAY, checked_on=TODAY - timedelta(days=1)),
     "update checked before it was said"),
    (Contact, "contact_in_small_letters",
     create_contact, lambda: create_contact(email="Other@example.org"), "address in capitals"),
    (Offer, "offer_keeps_an_address_until_it_is_confirmed",
     lambda: create_offer(state="unconfirmed"),
     lambda: create_offer(state="unconfirmed", confirmed_at=NOW), "confirmed and not"),
    (Offer, "offer_keeps_an_address_until_it_is_confirmed",
     create_offer, lambda: create_offer(email="partner@example.org"), "address kept in two places"),
    (Offer, "offer_decided_by_whom_and_when_together",
     lambda: create_offer(state="declined"), lambda: create_offer(decided_at=NOW), "decided by nobody"),
    (Offer, "offer_published_in_an_edition",
     published, lambda: published(edition=None), "published in no edition"),
    (Offer, "offer_published_in_an_edition",
     published, lambda: create_offer(edition=create_edition()), "in an edition and waiting"),
    (Offer, "offer_about_a_pledge_by_an_organisation",
     about_pledge, lambda: about_pledge(pledge_id=None), "update of no pledge"),
    (Offer, "offer_declined_with_a_reason",
     lambda: create_offer(state="declined"),
     lambda: create_offer(state="declined", decision_note="", decided_by=somebody()), "declined without a reason"),
    (Question, "one_open_question_an_offer",
     lambda: [ask(answered_at=NOW), ask()], ask, "two questions at once"),
    (Nudge, "one_nudge_a_contact_a_pledge", nudge, nudge, "asked of one pledge twice"),
    (LinkCheck, "link_fails_since_a_time_or_works",
     lambda: checked(result="gone", failing_since=NOW),
     lambda: checked(url=f"{LINK}/2", result="gone"), "fails since when"),
    (LinkCheck, "link_fails_since_a_time_or_works",
     checked, lambda: checked(url=f"{LINK}/2", failing_since=NOW), "works and fails"),
]  # fmt: skip


@pytest.mark.parametrize("model, name, allowed, impossible", ids(OTHERS))
def test_database_refuses(model, name, allowed, impossible):
    allowed()
    before = model.objects.count()
    refused(model, name, impossible)
    assert model.objects.count() == before


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(create_contact, id="one address twice"),
        pytest.param(lambda: create_offer(key="a-form"), id="one form handed in twice"),
        pytest.param(checked, id="one link checked twice"),
    ],
)
def test_database_keeps_what_is_unique(again):
    create_contact()
    create_offer(key="a-form")
    checked()
    with pytest.raises(IntegrityError), transaction.atomic():
        again()


def test_every_constraint_and_published_model_is_tested_here():
    """A new one wants a case above."""
    found = list(apps.get_app_config("pledges").get_models())
    held = {constraint.name for model in found for constraint in model._meta.constraints}
    of_published = {rule(model, name) for model in PUBLISHED for name in ("editions_in_order", "one_current")}
    assert held == of_published | {name for _, name, *_ in OTHERS}
    assert set(PUBLISHED) == {model for model in found if issubclass(model, Published)}


@pytest.mark.parametrize(
    "make, name",
    [
        pytest.param(lambda: create_organisation().organisation, "a-charity", id="organisation"),
        pytest.param(lambda: create_pledge().pledge, "a-pledge", id="pledge"),
        pytest.param(lambda: create_commitment().commitment, "a-pledge-1", id="commitment"),
        pytest.param(create_contact, "partner@example.org", id="contact"),
        pytest.param(create_evidence, "a-file.png", id="evidence"),
        pytest.param(ask, "How many?", id="question"),
        pytest.param(nudge, "a-pledge, 2026-06-01", id="nudge"),
        pytest.param(checked, f"{LINK}: works", id="link"),
    ],
)
def test_rows_are_named(make, name):
    assert str(make()) == name


def test_offer_is_named_by_its_kind_and_number():
    offer = create_offer()
    assert (str(offer), offer.about) == (f"New pledge {offer.pk}", f"offer {offer.pk}")


def test_offers_to_moderate_are_confirmed_and_wait_oldest_first():
    create_offer(state="unconfirmed")
    create_offer(state="declined")
    asked, second, first = create_offer(state="asked"), create_offer(), create_offer(now=NOW - timedelta(days=1))
    assert list(Offer.objects.to_moderate()) == [first, second]
    assert set(Offer.objects.open()) == {first, second, asked}
    assert [offer.is_open for offer in Offer.objects.confirmed().newest_first()].count(True) == 3
    assert Offer.objects.confirmed().count() == 4


def test_offer_says_what_an_officer_made_of_it():
    offer = create_offer()
    assert offer.content == offer.typed
    offer.corrected = {"plan": "A better plan."}
    assert offer.content == {"plan": "A better plan."}


def test_what_a_deleted_address_handed_in_stays_without_it():
    contact = create_contact()
    offer = create_offer(contact=contact)
    contact.delete()
    assert Offer.objects.get(pk=offer.pk).contact is None


def test_evidence_that_an_update_names_cannot_be_deleted():
    update = create_pledge_update(evidence=create_evidence())
    with pytest.raises(models.ProtectedError):
        Evidence.objects.get(pk=update.evidence_id).delete()
