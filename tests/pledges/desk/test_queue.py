"""The desk's first page of pledges: what waits, what was decided, what in the register needs a look."""

from datetime import timedelta

import pytest

from luton2040.roles import Role
from pledges.models import Contact, Offer
from tests import factories as make
from tests import factories_pledges as pledges
from tests.html_validity import problems
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
PATH = "/desk/pledges/"
Kind, State = Offer.Kind, Offer.State


@pytest.fixture
def officer(client, clock):
    make.create_place(edition=make.create_edition(now=clock))
    return make.sign_in(client, make.create_person(role=Role.PLEDGE_OFFICER, name="Polly Officer"))


def test_queue_of_a_new_register_says_what_will_be_here(client, officer):
    page = Page(client.get(PATH))
    assert "Nothing waits for you." in page.main and "appear here once" in page.main
    assert "Lately decided" not in page.main and "Nobody speaks for them" not in page.main


def test_queue_lists_the_oldest_first_and_what_was_asked_and_decided(client, officer, clock, django_assert_num_queries):
    pledges.create_pledge(slug="bread", title="Bread", organisations=["a-bakery"])
    about = {"pledge_id": "bread", "organisation_id": "a-bakery"}
    contact = pledges.create_contact(speaks_for=["a-bakery"], now=clock)
    later = clock - timedelta(days=1)
    pledges.create_offer(kind=Kind.UPDATE, contact=contact, now=later, **about)
    pledges.create_offer(contact=contact, now=clock - timedelta(days=9))
    pledges.create_offer(state=State.ASKED, contact=contact, now=clock)
    pledges.create_offer(state=State.DECLINED, contact=contact, now=clock, decided_by=officer)
    pledges.create_offer(state=State.WITHDRAWN, kind=Kind.END, contact=contact, now=clock, **about)
    pledges.create_offer(state=State.UNCONFIRMED, now=clock)
    with django_assert_num_queries(21):
        page = Page(client.get(PATH))
    assert "2 offers wait for you" in page.main
    listed = [words(e) for e in page.section("Waiting for you").iter("h3")]
    assert listed == ["New pledge: A Bakery Ltd", "Update: Bread"]
    assert [words(e) for e in page.section("Asked, and not answered yet").iter("h3")] == ["New pledge: A Bakery Ltd"]
    assert [words(e) for e in page.section("Waiting for you").iter("p")] == [
        "Waiting since 22 November 2026, with 1 action; may be A bakery in the register",
        "By A bakery, waiting since 30 November 2026",
    ]
    assert "Decision" in page.main and "Outcome" not in words(page.section("Lately decided"))
    assert page.rows(page.section("Lately decided")) == [
        ["Bread", "End of a pledge", "Taken back", "The partner"],
        ["A Bakery Ltd", "New pledge", "Declined", "Polly Officer, 1 December 2026"],
    ]
    for _ in range(3):
        pledges.create_offer(contact=contact, now=clock)
    with django_assert_num_queries(21):
        assert problems({PATH: client.get(PATH).content.decode()}) == []


def test_queue_tells_of_silent_pledges_and_of_organisations_that_nobody_speaks_for(client, officer, clock):
    pledges.create_pledge(slug="bread", title="Bread", organisations=["a-bakery"], made_on="2024-05-01")
    pledges.create_pledge(slug="cake", title="Cake", organisations=["a-cafe"], made_on="2026-05-01")
    ended = {"withdrawn_on": clock.date(), "withdrawn_why": "Closed."}
    pledges.create_pledge(slug="gone", title="Gone", organisations=["a-shop"], made_on="2020", **ended)
    pledges.create_contact(speaks_for=["a-cafe"], now=clock)
    main = Page(client.get(PATH)).main
    assert "Nothing heard for a year or longer: 1 pledge" in main and "Bread, last heard of on 1 May 2024" in main
    assert "Nobody speaks for them: 1 organisation" in main and "A bakery" in main and "A shop" not in main
    Contact.objects.all().delete()
    assert "Nobody speaks for them: 2 organisations" in Page(client.get(PATH)).main


def test_queue_says_that_a_hold_is_on(client, officer, clock):
    make.create_hold(starts_on=clock.date(), ends_on=clock.date(), now=clock)
    assert "Hold from 1 December 2026 to 1 December 2026 is on" in Page(client.get(PATH)).main
