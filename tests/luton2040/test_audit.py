"""The audit log: what is written in it, and that nothing in it can be changed, by any way into the database."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from luton2040 import audit
from luton2040.audit import Action, Entry
from tests import factories as make

pytestmark = pytest.mark.django_db


def an_entry(**fields):
    return audit.record(Action.HANDED_IN, **{"what": "Something happened.", "now": make.NOW} | fields)


def test_entry_says_who_what_when_where_and_about_what():
    user = make.create_user(email="ann@example.org")
    entry = an_entry(by=user, about="submission 12", address="/desk/submissions/12/")
    entry.refresh_from_db()
    assert (entry.at, entry.action, entry.by, entry.about) == (make.NOW, "handed-in", user, "submission 12")
    assert (entry.what, entry.address) == ("Something happened.", "/desk/submissions/12/")


def test_entry_keeps_the_address_that_somebody_had_then():
    user = make.create_user(email="ann@example.org")
    entry = an_entry(by=user)
    user.email = "ann.smith@example.org"
    user.save()
    entry.refresh_from_db()
    assert entry.by_email == "ann@example.org"


def test_entry_by_nobody_who_is_signed_in():
    for by in (None, AnonymousUser()):
        entry = an_entry(by=by)
        assert (entry.by, entry.by_email) == (None, "")


def test_entry_of_a_long_address_is_cut_and_not_lost():
    assert len(an_entry(address="/desk/" + "x" * 500).address) == 300


def test_entry_of_an_address_with_a_nul_is_kept_without_it():
    """PostgreSQL would fail on one."""
    assert an_entry(address="/desk/\0", what="Not \0 yours.").address == "/desk/"


def test_entries_are_chosen_by_what_is_asked():
    user = make.create_user()
    first, second = an_entry(by=user, about="measure AA1"), an_entry(about="measure AA2")
    denied = audit.record(Action.DENIED, what="No.", now=make.NOW)
    assert list(Entry.objects.about("measure AA1")) == [first]
    assert list(Entry.objects.by_person(user)) == [first]
    assert list(Entry.objects.of_action(Action.DENIED)) == [denied]
    assert list(Entry.objects.oldest_first()) == [first, second, denied]
    assert list(Entry.objects.newest_first()) == [denied, second, first]


CHANGES = [
    pytest.param(f"UPDATE {audit.TABLE} SET what = 'Nothing happened.'", id="update"),
    pytest.param(f"DELETE FROM {audit.TABLE}", id="delete"),
]


@pytest.mark.parametrize("statement", CHANGES)
def test_database_refuses_to_change_an_entry(statement):
    an_entry()
    with pytest.raises(IntegrityError, match="the audit log is append-only"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
    assert Entry.objects.get().what == "Something happened."


def test_database_refuses_to_put_an_entry_in_the_place_of_another():
    entry = an_entry()
    values = f"({entry.pk}, '2026-01-01', 'denied', '', '', 'Other.', '')"
    columns = "(id, at, action, by_email, about, what, address)"
    how = "INSERT OR REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{how} {audit.TABLE} {columns} VALUES {values}")
    assert Entry.objects.get().what == "Something happened."


def test_model_refuses_too():
    entry = an_entry()
    entry.what = "Nothing happened."
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.update(what="")


def test_database_refuses_to_empty_the_log():
    """SQLite has no TRUNCATE; its DELETE is refused above."""
    an_entry()
    connection.check_constraints()  # PostgreSQL would refuse while some are still to be checked
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        cursor.execute(f"{'TRUNCATE' if connection.vendor == 'postgresql' else 'DELETE FROM'} {audit.TABLE}")


def test_somebody_in_the_log_cannot_be_deleted():
    user = make.create_user()
    an_entry(by=user)
    with pytest.raises(IntegrityError):
        user.delete()


@pytest.mark.django_db(transaction=True)
def test_guard_is_put_up_again_by_every_migrate():
    """Also where a migration of the table took it down, as on SQLite."""
    guard = f"{audit.TABLE}_no_update" if connection.vendor == "sqlite" else f"{audit.TABLE}_no_change ON {audit.TABLE}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {guard}")
    call_command("migrate", verbosity=0)
    an_entry()
    with pytest.raises(IntegrityError, match="append-only"):
        Entry.objects.update(what="")
