"""The page of links given as evidence."""

import pytest

from luton2040.roles import Role
from pledges.models import Offer
from tests.factories import create_person, create_place, sign_in
from tests.pledges.test_links import ONE, THREE, TWO, a_followed_link, an_offer, an_update
from tests.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def show(client, clock):
    create_place()
    sign_in(client, create_person(role=Role.PLEDGE_OFFICER))
    return lambda: Page(client.get("/desk/pledges/links/"))


def test_links_that_fail_are_told_with_who_gives_them(show):
    an_update(ONE)
    an_update(THREE, "another")
    an_offer(TWO)
    a_followed_link(ONE, days=1, said="The site does not answer.", fails_for=5)
    a_followed_link(TWO, days=2, said="No such page.")
    a_followed_link(THREE)
    found = show()
    assert "2 links did not work when last followed." in found.main
    assert f"{ONE} Does not answer as it should The site does not answer. 26 May 2026" in found.main
    assert "last followed on 31 May 2026 A pledge" in found.main
    assert f"{TWO} Does not answer as it should No such page. 30 May 2026 An update that is not published" in found.main
    assert "1 link worked when last followed; 0 links not followed yet." in found.main
    assert "The last one was followed on 1 June 2026, 12:00." in found.main
    assert {ONE, "/desk/pledges/a-pledge/", f"/desk/pledges/offers/{Offer.objects.get().pk}/"} <= {*found.links}


def test_link_that_is_not_safe_to_follow_is_not_offered_to_be_clicked(show):
    an_update("https://me@inside.example/")
    check = a_followed_link("https://me@inside.example/", said="It carries a name or a password.")
    check.result = "refused"
    check.save()
    found = show()
    assert "https://me@inside.example/ Not followed, for safety" in found.main and check.url not in found.links


def test_nothing_was_followed_yet(show):
    assert "None has been followed yet." in show().main
    an_update(ONE)
    assert "0 links worked when last followed; 1 link not followed yet." in show().main
    a_followed_link(ONE)
    assert "All that were followed work." in show().main and "None: a link that no longer works" in show().main
