"""A board with a meeting to come, whoever works on it, and their pages."""

from datetime import date

import pytest
from django.test import Client

from luton2040.roles import Role
from outcomes.models import Measure
from tests import factories as make
from tests.factories_boards import create_clerk, create_meeting, create_member
from tests.record import NOW, TODAY

DAY = date(2027, 1, 12)
AT = f"/desk/boards/a-board/{DAY}/"


@pytest.fixture
def meeting(clock, db):
    """Of a board with two outcomes; not public."""
    edition = make.create_edition(now=NOW)
    make.create_place(edition=edition)
    values = {2020: 50, 2021: 51, 2022: "52.4", 2023: "53.6", 2024: 56}
    make.create_outcome(code="XA1", short_label="Good jobs", values=values, baseline=2020, target=(2035, 65))
    make.create_outcome(code="XA2", short_label="Fair pay", position=2, values={2024: 500}, tolerance=1)
    make.create_organisation(name="A council")
    make.create_board()
    make.create_oversight(priority="good-work")
    return create_meeting(held_on=DAY, now=NOW, read_on=TODAY)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    client.person = person
    return client


@pytest.fixture
def clerk(meeting):
    return signed_in(create_clerk())


@pytest.fixture
def member(meeting):
    return signed_in(create_member())


@pytest.fixture
def officer(meeting):
    """Of the measure of XA1, without a seat."""
    person = make.create_person(role=Role.OFFICER, email="olive@example.org", name="Olive Officer")
    Measure.objects.get(code="XA1").officers.add(person)
    return signed_in(person)
