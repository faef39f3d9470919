"""A pledge and an organisation at the desk: what officers do without an offer."""

from datetime import date

import pytest
from django.core import mail

from luton2040.editions import Edition
from luton2040.roles import Role
from pledges.models import Contact, PledgeUpdate, PledgeVersion
from tests import factories as make
from tests import factories_pledges as pledges
from tests.html_validity import problems
from tests.reading import Page

pytestmark = pytest.mark.django_db
PLEDGE, ORGANISATION = "/desk/pledges/bread/", "/desk/pledges/organisations/a-bakery/"


@pytest.fixture
def officer(client, clock):
    """Signed in, where a bakery has a pledge with two updates, of which one is checked."""
    make.create_place(edition=make.create_edition(now=clock))
    pledges.create_pledge(slug="bread", title="Bread", organisations=["a-bakery"])
    pledges.create_pledge_update(pledge="bread", key="first", said_on=date(2026, 5, 1), said="Five came.")
    checked = {"said_on": date(2026, 4, 1), "said": "Four came.", "checked_on": date(2026, 4, 2)}
    pledges.create_pledge_update(pledge="bread", key="second", **checked)
    return make.sign_in(client, make.create_person(role=Role.PLEDGE_OFFICER))


# --- a pledge ---


def test_officer_records_that_an_update_was_checked(client, officer):
    sent = {"act": "check", "update": "first", "checked_on": "2026-05-20"}
    assert "Choose an update that is not checked yet." in Page(client.post(PLEDGE, sent | {"update": "second"})).main
    assert "between 1 May 2026" in Page(client.post(PLEDGE, sent | {"checked_on": "2026-04-20"})).main
    page = Page(client.post(PLEDGE, sent, follow=True))
    assert "Published as edition 2. “Bread”: an update was checked by the council." in page.main
    assert PledgeUpdate.objects.current().get(key="first").checked_on == date(2026, 5, 20)
    assert "Record that the council has checked one" not in page.main


def test_officer_records_that_a_pledge_has_ended_unless_a_hold_is_on(client, officer, clock):
    make.create_hold(starts_on=clock.date(), ends_on=clock.date(), now=clock)
    sent = {"act": "end", "why": "They wrote to us.", "on": "2026-05-20"}
    assert "or give the reason for an exception" in Page(client.post(PLEDGE, sent)).main
    assert Edition.objects.count() == 1
    page = Page(client.post(PLEDGE, sent | {"hold_reason": "It is urgent."}, follow=True))
    assert "20 May 2026. They wrote to us." in page.main and "If it has ended" not in page.main
    assert PledgeVersion.objects.current().get().withdrawn_on == date(2026, 5, 20)
    assert "It is urgent." in page.main


def test_pledge_shows_who_speaks_for_its_makers_and_what_was_handed_in(client, officer, clock):
    assert "nobody speaks for it" in Page(client.get(PLEDGE)).main
    contact = pledges.create_contact(speaks_for=["a-bakery"], now=clock)
    about = {"pledge_id": "bread", "organisation_id": "a-bakery"}
    pledges.create_offer(kind="update", contact=contact, now=clock, **about)
    answer = client.get(PLEDGE)
    assert "Update of 1 December 2026, by A bakery: waiting for an officer" in Page(answer).main
    assert "nobody speaks for it" not in Page(answer).main
    pages = {PLEDGE: answer, ORGANISATION: client.get(ORGANISATION)}
    assert problems({path: page.content.decode() for path, page in pages.items()}) == []


@pytest.mark.parametrize("path", ["/desk/pledges/other/", "/desk/pledges/organisations/other/"])
def test_what_the_register_does_not_know_is_not_found(client, officer, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [PLEDGE, ORGANISATION])
def test_button_that_is_not_there_is_refused(client, officer, path):
    assert client.post(path, {"act": "eat"}).status_code == 400


# --- an organisation ---


def test_officer_adds_an_address_which_gets_a_link_and_takes_it_away(client, officer):
    assert "Nobody yet" in Page(client.get(ORGANISATION)).main
    assert "Write an address such as" in Page(client.post(ORGANISATION, {"act": "add", "email": "no"})).main
    page = Page(client.post(ORGANISATION, {"act": "add", "email": "Jo@Example.org"}, follow=True))
    assert "jo@example.org speaks for A bakery. A letter is on its way there." in page.main
    (letter,) = mail.outbox
    assert letter.to == ["jo@example.org"] and "/pledges/yours/enter/" in letter.body and "A bakery" in letter.body
    again = Page(client.post(ORGANISATION, {"act": "add", "email": "jo@example.org"}))
    assert "speaks for it already" in again.main
    contact = Contact.objects.get()
    assert page.rows(page.section("Who speaks for it"))[0][:2] == ["jo@example.org", "not used yet"]
    page = Page(client.post(ORGANISATION, {"act": "take-away", "contact": contact.pk}, follow=True))
    assert "jo@example.org no longer speaks for A bakery." in page.main and not Contact.objects.exists()
    page = Page(client.post(ORGANISATION, {"act": "take-away", "contact": contact.pk}))
    assert "does not speak for it any more" in page.main


@pytest.mark.parametrize("is_used_by", ["signing in", "handing in"])
def test_address_that_was_used_says_when(client, officer, clock, is_used_by):
    contact = pledges.create_contact(speaks_for=["a-bakery"], now=clock, sign_ins=int(is_used_by == "signing in"))
    if is_used_by == "handing in":
        pledges.create_offer(contact=contact)
    page = Page(client.get(ORGANISATION))
    assert page.rows(page.section("Who speaks for it"))[0][1] == "1 December 2026"


def test_address_is_added_all_the_same_where_no_letter_goes_out(client, officer, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    page = Page(client.post(ORGANISATION, {"act": "add", "email": "jo@example.org"}, follow=True))
    assert (
        "could not be sent: no route" in page.main and "jo@example.org speaks for A bakery all the same." in page.main
    )


def test_organisation_that_may_be_in_the_register_twice_is_told(client, officer):
    make.create_organisation(slug="bakery-ltd", name="A Bakery Limited")
    assert "A Bakery Limited: the same name but for" in Page(client.get(ORGANISATION)).main
