"""The pre-election hold: when it stands, who set and lifted it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from luton2040 import hold
from luton2040.audit import Action, Entry
from luton2040.hold import Hold, HoldRefused
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 3, 25), date(2026, 5, 7)


@pytest.fixture
def by():
    return make.create_user(name="An Administrator")


def set_one(by, *, starts_on=FIRST, ends_on=LAST, reason="Local elections on 7 May"):
    return hold.set_hold(starts_on=starts_on, ends_on=ends_on, reason=reason, by=by, now=make.NOW)


@pytest.mark.parametrize(
    "day, stands",
    [
        pytest.param(FIRST - timedelta(days=1), False, id="day before"),
        pytest.param(FIRST, True, id="first day"),
        pytest.param(LAST, True, id="last day"),
        pytest.param(LAST + timedelta(days=1), False, id="day after"),
    ],
)
def test_hold_stands_from_its_first_to_its_last_day(by, day, stands):
    held = set_one(by)
    assert Hold.objects.on(day) == (held if stands else None)


def test_hold_that_is_lifted_does_not_stand(by):
    held = set_one(by)
    hold.lift(held, by=by, now=make.NOW)
    assert Hold.objects.on(FIRST) is None
    assert (held.lifted_by, held.lifted_at) == (by, make.NOW)


def test_setting_and_lifting_are_on_the_record(by):
    held = set_one(by)
    hold.lift(held, by=by, now=make.NOW)
    entries = Entry.objects.about(f"hold {held.pk}").oldest_first()
    assert [(e.action, e.by, e.at) for e in entries] == [
        (Action.HOLD_SET, by, make.NOW),
        (Action.HOLD_LIFTED, by, make.NOW),
    ]
    assert entries[0].what == "Hold from 25 March 2026 to 7 May 2026: Local elections on 7 May"


def test_hold_is_lifted_once(by):
    held = set_one(by)
    hold.lift(held, by=by, now=make.NOW)
    with pytest.raises(HoldRefused, match="lifted already"):
        hold.lift(held, by=by, now=make.NOW)
    assert Entry.objects.of_action(Action.HOLD_LIFTED).count() == 1


def test_holds_do_not_overlap(by):
    set_one(by)
    with pytest.raises(HoldRefused, match="Hold from 25 March 2026 to 7 May 2026. Lift that one first"):
        set_one(by, starts_on=LAST, ends_on=LAST + timedelta(days=9))
    assert Hold.objects.count() == Entry.objects.count() == 1


def test_hold_may_be_set_again_for_days_of_one_that_was_lifted(by):
    hold.lift(set_one(by), by=by, now=make.NOW)
    assert Hold.objects.on(FIRST) is None
    assert set_one(by) == Hold.objects.on(FIRST)


def test_hold_that_ends_before_it_starts_is_refused_by_the_database(by):
    with pytest.raises(IntegrityError, match="hold_ends_after_it_starts"):
        make.create_hold(by=by, starts_on=LAST, ends_on=FIRST)


@pytest.mark.parametrize(
    "half",
    [
        pytest.param(lambda by: {"lifted_by": by}, id="by whom only"),
        pytest.param(lambda by: {"lifted_at": make.NOW}, id="when only"),
    ],
)
def test_hold_lifted_by_halves_is_refused_by_the_database(by, half):
    with pytest.raises(IntegrityError, match="hold_lifted_when_and_by_whom_together"):
        make.create_hold(by=by, **half(by))


def test_holds_not_over_are_those_that_stand_or_are_to_come(by):
    set_one(by, starts_on=date(2025, 3, 1), ends_on=date(2025, 5, 1))
    to_come = set_one(by)
    assert list(Hold.objects.not_over(date(2026, 1, 1))) == [to_come]
