"""People to try the desk with: on one's own machine only."""

import pytest
from django.core.management import CommandError, call_command

from boards import seats
from boards.models import BoardVersion
from luton2040.management.commands import create_demo_people
from luton2040.management.commands.create_demo_people import PASSWORD
from luton2040.models import User
from luton2040.roles import Role, roles_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def machine(settings):
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return settings


def create(capsys):
    call_command("create_demo_people")
    return capsys.readouterr().out


def test_demo_people_are_refused_where_the_site_is_in_use(machine):
    machine.DEBUG = False
    with pytest.raises(CommandError, match="only for trying the site"):
        call_command("create_demo_people")
    assert not User.objects.exists()


def test_record_without_a_board_has_people_too_and_those_of_a_board_once_there_is_one(exampleton, capsys):
    BoardVersion.objects.all().delete()
    create(capsys)
    assert User.objects.count() == 5
    make.create_board()
    create(capsys)
    assert User.objects.count() == 7


def test_there_is_somebody_of_every_role(exampleton, capsys):
    create(capsys)
    assert {role for user in User.objects.all() for role in roles_of(user)} == set(Role)
    assert all(user.email.endswith("@demo.invalid") for user in User.objects.all())


def test_sign_ins_are_printed_and_work(exampleton, capsys, client):
    said = create(capsys)
    assert f"Sign in at /desk/ with the password {PASSWORD} as" in said
    for user in User.objects.all():
        assert user.email in said
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        assert client.session["_auth_user_id"] == str(user.pk)
        client.logout()


def test_officers_share_the_measures_of_whatever_place_it_is(exampleton, capsys, monkeypatch):
    monkeypatch.setattr(create_demo_people, "MEASURES_OF_THE_FIRST", 2)
    said = create(capsys)
    first, second = User.objects.get(email="officer@demo.invalid"), User.objects.get(email="officer2@demo.invalid")
    assert [measure.pk for measure in first.measures.order_by("pk")] == ["XA1", "XA2"]
    assert [measure.pk for measure in second.measures.order_by("pk")] == ["XB1", "XB2", "XM1"]
    assert "measure officer of 2 measures" in said and "measure officer of 3 measures" in said


def test_clerk_and_member_sit_on_the_first_strategic_board_of_whatever_place_it_is(exampleton, capsys):
    make.create_board(slug="a-group", name="A group", position=0, role="delivery")
    make.create_board(slug="the-first", name="The First", position=0)
    said = create(capsys)
    for who in ("clerk", "member"):
        assert seats.seats_of(User.objects.get(email=f"{who}@demo.invalid")) == {"the-first": who}
        assert f"{who} of The First" in said


def test_again_changes_nothing(exampleton, capsys):
    create(capsys)
    officer = User.objects.get(email="officer@demo.invalid")
    officer.measures.clear()
    User.objects.filter(pk=officer.pk).update(name="Somebody else")
    create(capsys)
    officer.refresh_from_db()
    assert (officer.name, officer.measures.count(), User.objects.count()) == ("Somebody else", 0, 7)
