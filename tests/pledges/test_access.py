"""Every address of pledges, everybody: who is let in, who is led to sign in, and who is told that there is nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from luton2040.audit import Action, Entry
from luton2040.editions import Edition
from luton2040.roles import Role
from pledges import contacts, urls
from pledges.desk import urls as desk_urls
from pledges.models import (
    Contact,
    Evidence,
    Offer,
    OrganisationVersion,
    PledgeUpdate,
    PledgeVersion,
    Question,
)
from pledges.offering import urls as offering_urls
from pledges.offers import confirmation
from pledges.partners import urls as partners_urls
from tests import factories as make
from tests import record
from tests.factories_boards import create_clerk, create_member
from tests.factories_pledges import (
    create_commitment,
    create_contact,
    create_evidence,
    create_offer,
    create_pledge,
    create_pledge_update,
)

pytestmark = pytest.mark.django_db

STAFF = {"pledge officer", "officer", "approver", "administrator", "clerk", "member", "no role"}
PARTNERS = {"partner", "other partner"}
EVERYBODY = {"nobody", *PARTNERS, *STAFF}
ROLES = {
    "pledge officer": Role.PLEDGE_OFFICER,
    "officer": Role.OFFICER,
    "approver": Role.APPROVER,
    "administrator": Role.ADMINISTRATOR,
}
THE_PARTNER, THE_OFFICER = {"partner"}, {"pledge officer"}
# Of each address: whom it shows what it is about. "partner" speaks for an organisation that made the pledge that the
# addresses name; "other partner" for another, which made another.
MAY_OPEN = {
    **{f"pledges:{pattern.name}": EVERYBODY for pattern in urls.urlpatterns},
    **{f"offering:{pattern.name}": EVERYBODY for pattern in offering_urls.urlpatterns},
    "partners:sign_in": EVERYBODY,
    "partners:enter": EVERYBODY,
    "partners:sign_out": EVERYBODY,
    "partners:home": PARTNERS,
    "partners:delete": PARTNERS,
    "partners:offer": THE_PARTNER,
    "partners:pledge": THE_PARTNER,
    "partners:update": THE_PARTNER,
    "partners:change": THE_PARTNER,
    "partners:end": THE_PARTNER,
    "pledge_desk:queue": THE_OFFICER,
    "pledge_desk:offer": THE_OFFICER,
    "pledge_desk:correct": THE_OFFICER,
    "pledge_desk:offer_evidence": THE_OFFICER,
    "pledge_desk:pledge": THE_OFFICER,
    "pledge_desk:organisation": THE_OFFICER,
    "pledge_desk:links": THE_OFFICER,
}
OF_PARTNERS = [name for name in MAY_OPEN if name.startswith("partners:") and MAY_OPEN[name] != EVERYBODY]
OF_THE_DESK = [name for name in MAY_OPEN if name.startswith("pledge_desk:")]
# Whatever nobody's refused form may have changed.
KEPT = (
    Contact, Contact.organisations.through, Offer, Question, Evidence, Edition, OrganisationVersion, PledgeVersion,
    PledgeUpdate,
)  # fmt: skip


@pytest.fixture(scope="module")
def people(clock, django_db_setup, django_db_blocker):
    """Clients: of somebody who is signed in at the desk or as a partner, or of nobody. One record for all tests."""
    with django_db_blocker.unblock(), record.undone():
        create_register()
        staff = {name: make.create_person(role=role) for name, role in ROLES.items()}
        staff |= {"clerk": create_clerk(), "member": create_member(), "no role": make.create_person()}
        partners = {
            "partner": Contact.objects.get(email="partner@example.org"),
            "other partner": create_contact(email="other@example.org", speaks_for=["a-school"]),
        }
        yield {
            "nobody": Client(),
            **{who: as_partner(contact) for who, contact in partners.items()},
            **{who: at_the_desk(person) for who, person in staff.items()},
        }


def create_register():
    make.create_place()
    make.create_outcome(values={2020: 50, 2021: 51}, baseline=2020, target=(2040, 70))
    make.create_board(name="The Board")
    create_evidence(key="a-file")
    create_evidence(key="a-file-of-an-offer")
    create_pledge(organisations=["a-charity"])
    create_commitment(serves=["AA1"])
    create_pledge_update(evidence_id="a-file", organisation_id="a-charity")
    create_pledge(slug="another-pledge", organisations=["a-school"])
    contact = create_contact(email="partner@example.org", speaks_for=["a-charity"])
    about = {"pledge_id": "a-pledge", "organisation_id": "a-charity", "contact": contact}
    offer = create_offer(kind="update", evidence_id="a-file-of-an-offer", state="asked", **about)
    asker = make.create_user(email="asks@example.org")
    Question.objects.create(offer=offer, text="How many?", asked_at=make.NOW, asked_by=asker)
    create_offer(kind="new", state="unconfirmed", email="new@example.org")


def at_the_desk(person) -> Client:
    client = Client()
    make.sign_in(client, person)
    return client


def as_partner(contact, client=None) -> Client:
    client = client or Client()
    client.post(reverse("partners:enter", args=[contacts.sign_in_token(contact)]))
    return client


def address(name):
    """Of a page with something of the partner's to show."""
    offer = Offer.objects.get(kind="update").pk
    new = Offer.objects.get(kind="new")
    args = {
        "pledges:pledge": ["a-pledge"],
        "pledges:evidence": ["a-file"],
        "pledges:organisation": ["a-charity"],
        "pledges:badge": ["a-charity"],
        "pledges:certificate": ["a-charity"],
        "offering:action": [1],
        "offering:remove_action": [1],
        "offering:confirm": [confirmation(new)],
        "partners:enter": [contacts.sign_in_token(Contact.objects.first())],
        "partners:offer": [offer],
        **dict.fromkeys(("partners:pledge", "partners:update", "partners:change", "partners:end"), ["a-pledge"]),
        "pledge_desk:offer": [offer],
        "pledge_desk:correct": [offer],
        "pledge_desk:offer_evidence": [offer],
        "pledge_desk:pledge": ["a-pledge"],
        "pledge_desk:organisation": ["a-charity"],
    }
    return reverse(name, args=args.get(name, []))


def test_every_address_is_in_the_table():
    spaces = {"pledges": urls, "offering": offering_urls, "partners": partners_urls, "pledge_desk": desk_urls}
    assert {f"{space}:{p.name}" for space, found in spaces.items() for p in found.urlpatterns} == MAY_OPEN.keys()


@pytest.mark.parametrize("name", MAY_OPEN)
def test_page_is_open_to_those_whom_it_concerns(people, name):
    path = address(name)
    for who, client in people.items():
        if name.startswith("pledges:") and who not in ("nobody", "partner", "no role"):
            continue  # takes long, and nothing of these pages asks who it is
        if who in MAY_OPEN[name]:
            denied = times_denied()
            assert client.get(path).status_code in (200, 302) and times_denied() == denied, who
        else:
            assert_turned_away(client.get, path, who)


SENT = {
    "partners:delete": {},
    "partners:offer": {"answer": "Twelve."},
    "partners:update": {"said": "We did it.", "said_on": "2026-06-01", "key": "k"},
    "partners:change": {"why": "It grew.", "key": "k"},
    "partners:end": {"why": "The shop closed.", "ended_on": "2026-06-01", "key": "k"},
    "pledge_desk:offer": {"act": "decline", "why": "It is not about this town.", "saves": "0"},
    "pledge_desk:correct": {"said": "They did it.", "said_on": "2026-06-01", "saves": "0"},
    "pledge_desk:pledge": {"act": "end", "why": "It closed.", "on": "2026-06-01"},
    "pledge_desk:organisation": {"act": "add", "email": "me@example.org"},
}


@pytest.mark.parametrize("name", SENT)
def test_form_of_anybody_else_changes_nothing(people, name, mailoutbox):
    path, before = address(name), kept()
    for who, client in people.items():
        if who not in MAY_OPEN[name]:
            assert_turned_away(client.post, path, who, SENT[name])
    assert kept() == before and mailoutbox == []


def kept():
    return [list(model.objects.order_by("pk").values()) for model in KEPT]


def times_denied():
    return Entry.objects.of_action(Action.DENIED).count()


def assert_turned_away(send, path, who, *sent):
    denied = times_denied()
    answer = send(path, *sent)
    if path.startswith("/desk/") and who in STAFF:
        assert answer.status_code == 403 and times_denied() == denied + 1, who
    elif path.startswith("/desk/"):
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next="), who
    elif who in PARTNERS:
        assert answer.status_code == 404, who
    else:
        assert answer.status_code == 302 and answer["Location"].startswith("/pledges/yours/sign-in/?next="), who


# --- being let in ends at once ---


@pytest.mark.parametrize("name", [name for name in OF_PARTNERS if MAY_OPEN[name] == THE_PARTNER])
def test_organisation_that_was_taken_away_is_gone_with_the_next_click(people, name):
    path, partner = address(name), Contact.objects.get(email="partner@example.org")
    partner.organisations.clear()
    partner.offers.all().delete()
    assert people["partner"].get(path).status_code == 404


@pytest.mark.parametrize("name", OF_PARTNERS)
def test_address_that_was_deleted_is_out_at_once(people, name):
    path = address(name)
    Contact.objects.filter(email="partner@example.org").delete()
    assert people["partner"].get(path)["Location"].startswith("/pledges/yours/sign-in/")


@pytest.mark.parametrize("name", OF_THE_DESK)
def test_officer_without_a_second_factor_is_sent_to_set_one_up(people, name, settings):
    settings.ASK_SECOND_FACTOR = True
    client = at_the_desk(make.create_person(role=Role.PLEDGE_OFFICER, second_factor=False))
    assert client.get(address(name))["Location"].startswith("/accounts/2fa/")


def test_one_browser_may_be_signed_in_at_the_desk_and_as_a_partner(people):
    both = people["pledge officer"]
    as_partner(Contact.objects.get(email="partner@example.org"), both)
    assert both.get("/desk/pledges/").status_code == both.get("/pledges/yours/").status_code == 200
    both.post("/pledges/yours/sign-out/")
    assert both.get("/desk/pledges/").status_code == 200
    assert both.get("/pledges/yours/").status_code == 302


# --- nothing private is public ---


def test_file_of_an_offer_is_nobodys_to_open_before_it_is_published(people):
    assert people["nobody"].get("/pledges/evidence/a-file/").status_code == 200
    for client in people.values():
        assert client.get("/pledges/evidence/a-file-of-an-offer/").status_code == 404


PUBLIC = [
    "/", "/outcomes/aa1/", "/priorities/good-work/", "/boards/a-board/", "/changes/", "/changes/feed/", "/privacy/",
]  # fmt: skip


@pytest.mark.parametrize(
    "path", [*PUBLIC, *(f"pledges:{p.name}" for p in urls.urlpatterns if p.name not in ("certificate", "evidence"))]
)
def test_public_page_is_the_same_for_everybody_and_tells_no_address(people, path):
    path = path if path.startswith("/") else address(path)
    first = people["nobody"].get(path)
    assert first.status_code == 200 and b"@example.org" not in first.content and not first.cookies
    for who in ("partner", "pledge officer"):
        assert people[who].get(path).content == first.content
