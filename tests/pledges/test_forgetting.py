"""What is kept of partners goes once it is not needed; nothing public does, nor what is still to be decided."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from pledges.forgetting import Forgotten, forget
from pledges.models import Contact, Evidence, Offer
from tests.factories import create_organisation
from tests.factories_pledges import create_contact, create_evidence, create_offer
from tests.record import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HALF_A_YEAR = 183 * DAY
State = Offer.State


@pytest.mark.parametrize(
    "state, age, goes",
    [
        pytest.param(State.UNCONFIRMED, 7 * DAY + timedelta(seconds=1), True, id="not confirmed within 7 days"),
        pytest.param(State.UNCONFIRMED, 7 * DAY, False, id="still to be confirmed"),
        pytest.param(State.WAITING, 70 * DAY, False, id="waiting"),
        pytest.param(State.DECLINED, 700 * DAY, False, id="declined: the record of a decision"),
    ],
)
def test_offer_whose_address_was_not_confirmed_goes(state, age, goes):
    create_offer(state=state, now=NOW - age)
    assert forget(now=NOW).offers == goes
    assert Offer.objects.exists() != goes


@pytest.mark.parametrize(
    "age, speaks_for, state, goes",
    [
        pytest.param(HALF_A_YEAR + DAY, [], None, True, id="speaks for nobody, unseen for half a year"),
        pytest.param(HALF_A_YEAR - DAY, [], None, False, id="seen since"),
        pytest.param(900 * DAY, ["a-charity"], None, False, id="speaks for an organisation in the register"),
        pytest.param(900 * DAY, ["not-published"], None, True, id="speaks for one that is not in it"),
        pytest.param(900 * DAY, [], State.WAITING, False, id="something waits for an officer"),
        pytest.param(900 * DAY, [], State.ASKED, False, id="something waits for an answer"),
        pytest.param(900 * DAY, [], State.DECLINED, True, id="all is decided"),
    ],
)
def test_address_goes_that_nothing_needs(age, speaks_for, state, goes):
    create_organisation(slug="a-charity")
    contact = create_contact(speaks_for=speaks_for, now=NOW - age)
    if state:
        create_offer(contact=contact, state=state, now=NOW - age)
    assert forget(now=NOW).contacts == goes
    assert Contact.objects.exists() != goes
    assert Offer.objects.filter(contact=None).exists() == bool(goes and state)


@pytest.mark.parametrize(
    "age, state, goes",
    [
        pytest.param(HALF_A_YEAR + DAY, State.DECLINED, True, id="of a declined offer"),
        pytest.param(HALF_A_YEAR + DAY, State.WAITING, False, id="of one that waits"),
        pytest.param(HALF_A_YEAR - DAY, State.DECLINED, False, id="new"),
    ],
)
def test_file_goes_that_nothing_names(age, state, goes):
    create_offer(evidence=create_evidence(now=NOW - age), state=state, now=NOW)
    assert forget(now=NOW).files == goes
    assert Evidence.objects.exists() != goes and Offer.objects.exists()


def test_command_says_how_much_it_deleted_and_may_run_again(clock):
    create_offer(state=State.UNCONFIRMED, now=NOW - 8 * DAY)
    create_contact(now=NOW - 200 * DAY)
    create_contact(email="b@example.org", now=NOW - 200 * DAY)
    out = StringIO()
    call_command("forget", stdout=out)
    assert out.getvalue() == "Deleted: 1 unconfirmed pledge, 2 addresses and 0 files.\n"
    assert forget(now=NOW) == Forgotten(0, 0, 0)
