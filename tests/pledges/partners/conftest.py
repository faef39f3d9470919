"""Partners sign in through their link, as they do; their pledge is Exampleton's."""

import pytest
from django.core.cache import cache

from pledges import contacts
from tests import factories_pledges as make


@pytest.fixture(autouse=True)
def limits():
    """Counted anew for each test."""
    cache.clear()


@pytest.fixture
def pledge(exampleton):
    """Of two commitments, by a charity."""
    version = make.create_pledge(title="Better work", made_on="2026-03", plan="We count.", community="With all.")
    make.create_commitment(what="Take on apprentices.", target="20", target_by="2030", serves=["XA1"])
    make.create_commitment(slug="a-pledge-2", what="Pay fairly.", position=2, serves=["XA2", "XB1"])
    return version


@pytest.fixture
def partner(pledge):
    return make.create_contact(speaks_for=["a-charity"])


@pytest.fixture
def signed_in(client, partner):
    """A browser in which the partner is signed in."""
    client.post(f"/pledges/yours/enter/{contacts.sign_in_token(partner)}/")
    return client
