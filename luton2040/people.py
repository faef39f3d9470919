"""Looking after the people who sign in. Everything here is done by somebody and goes into the audit log with it."""

from collections.abc import Collection
from datetime import datetime

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.mail import send_mail
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from luton2040 import audit
from luton2040.accounts import User
from luton2040.audit import Action
from luton2040.passwords import LinkTokens
from luton2040.roles import OF_BOARDS, Act, Role, forget_roles, held_by, may
from luton2040.verbs import NotAllowed
from luton2040.vision import Vision


class State(models.TextChoices):
    ACTIVE = "active", "Active"
    INVITED = "invited", "Invited, not come yet"
    DEACTIVATED = "deactivated", "Deactivated"


def state_of(person: User) -> State:
    if not person.is_active:
        return State.DEACTIVATED
    return State.ACTIVE if person.last_login or person.has_usable_password() else State.INVITED


@transaction.atomic
def invite(*, email: str, name: str, roles: Collection[Role], measures: Collection[str], by, now: datetime) -> User:
    _check(by)
    if User.objects.filter(email__iexact=email).exists():
        raise NotAllowed(f"{email} is here already. Find them under People.")
    person = create_person(email, name, by=by, now=now)
    set_roles(person, roles, by=by, now=now)
    set_measures(person, measures, by=by, now=now)
    return person


def create_person(email: str, name: str, *, by, now: datetime) -> User:
    """Without a password. Whoever calls it has made sure that they may, and gives what they are invited for."""
    person = User.objects.create_user(email, name=name, joined_at=now)
    audit.record(Action.INVITED, what=f"Invited {known(person)}.", by=by, about=f"user {person.pk}", now=now)
    return person


def send_invitation(person: User, *, site: str) -> None:
    """A link to set a password: PASSWORD_RESET_TIMEOUT says for how long. `site` is such as https://example.org."""
    key = {"uidb36": user_pk_to_url_str(person), "key": LinkTokens().make_token(person)}
    site = site.rstrip("/")
    context = {"link": f"{site}{reverse('account_reset_password_from_key', kwargs=key)}", "site": site}
    context["other_way"] = settings.OIDC_NAME if settings.OIDC_ISSUER else ""
    send_letter(person, "invitation", "You are invited to the desk", **context)


@transaction.atomic
def invite_again(person: User, *, by, now: datetime) -> None:
    """To be followed by send_invitation."""
    _check(by)
    if state_of(person) is not State.INVITED:
        raise NotAllowed("Only somebody who has not come yet can be invited again.")
    audit.record(Action.INVITED, what=f"Invited {known(person)} again.", by=by, about=f"user {person.pk}", now=now)


@transaction.atomic
def rename(person: User, name: str, *, by, now: datetime) -> None:
    _check(by)
    was = User.objects.select_for_update().get(pk=person.pk).name
    person.name = name
    if name != was:
        person.save(update_fields=["name"])
        what = f"{person.email}: name was “{was}”, now “{name}”."
        audit.record(Action.RENAMED, what=what, by=by, about=f"user {person.pk}", now=now)


@transaction.atomic
def set_roles(person: User, roles: Collection[Role], *, by, now: datetime) -> None:
    """All but those that come with seats on boards (boards/seats.py)."""
    _check(by)
    held, wanted = held_by(person) - OF_BOARDS, frozenset(roles) - OF_BOARDS
    if held == wanted:
        return
    if person == by:
        raise NotAllowed("Nobody changes their own roles. Ask another administrator.")
    names = [role.value for role in Role if role not in OF_BOARDS]
    person.groups.remove(*Group.objects.filter(name__in=names))
    person.groups.add(*Group.objects.filter(name__in=[role.value for role in wanted]))
    if person.is_superuser and Role.ADMINISTRATOR not in wanted:
        person.is_superuser = person.is_staff = False
        person.save(update_fields=["is_superuser", "is_staff"])
    forget_roles(person)
    what = f"Roles of {known(person)}: {_listed(held)}; now {_listed(wanted)}."
    audit.record(Action.ROLES_CHANGED, what=what, by=by, about=f"user {person.pk}", now=now)


@transaction.atomic
def set_measures(person: User, codes: Collection[str], *, by, now: datetime) -> None:
    """`measures` is the other side of Measure.officers, in an app that leans on this one."""
    _check(by)
    held, wanted = set(person.measures.values_list("pk", flat=True)), set(codes)
    if held != wanted:
        person.measures.set(wanted)
        changes = [("added", wanted - held), ("removed", held - wanted)]
        said = "; ".join(f"{word} {', '.join(sorted(those))}" for word, those in changes if those)
        what = f"Measures of {known(person)}: {said}."
        audit.record(Action.OWNERS_CHANGED, what=what, by=by, about=f"user {person.pk}", now=now)


@transaction.atomic
def deactivate(person: User, reason: str, *, by, now: datetime) -> None:
    """They are out with their next click; what they did stays theirs."""
    _check(by)
    if person == by:
        raise NotAllowed("Nobody deactivates themselves. Ask another administrator.")
    _set_active(person, False)
    what = f"Deactivated {known(person)}: {reason}"
    audit.record(Action.DEACTIVATED, what=what, by=by, about=f"user {person.pk}", now=now)


@transaction.atomic
def reactivate(person: User, reason: str, *, by, now: datetime) -> None:
    _check(by)
    _set_active(person, True)
    what = f"Reactivated {known(person)}: {reason}"
    audit.record(Action.REACTIVATED, what=what, by=by, about=f"user {person.pk}", now=now)


@transaction.atomic
def remove_second_factor(person: User, reason: str, *, by, now: datetime) -> None:
    """After a loss; they hear of it, in case the loss was somebody else's tale."""
    _check(by)
    if person == by:
        raise NotAllowed("You look after your own second step under Your account.")
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if not removed:
        raise NotAllowed("There is no second step to remove.")
    what = f"Removed the second step of {known(person)}: {reason}"
    audit.record(Action.FACTOR_REMOVED, what=what, by=by, about=f"user {person.pk}", now=now)
    subject = "Your second step was removed"
    transaction.on_commit(lambda: send_letter(person, "second_step_removed", subject, by=by), robust=True)


# --- what must hold ---


def take_turns() -> None:
    """A lock that all changes of people share, until the end of the transaction."""
    list(Group.objects.select_for_update().filter(name=Role.ADMINISTRATOR.value))


def _check(by: User) -> None:
    """Read anew, under the lock: two administrators cannot remove each other at once.

    As nobody can do it to themselves, the last administrator stays one.
    """
    take_turns()
    if not may(User.objects.get(pk=by.pk), Act.MANAGE_PEOPLE):
        raise NotAllowed("You are no longer an administrator.")


def _set_active(person: User, is_active: bool) -> None:
    if not User.objects.filter(pk=person.pk, is_active=not is_active).update(is_active=is_active):
        raise NotAllowed(f"They are {'active' if is_active else 'deactivated'} already.")
    person.is_active = is_active
    forget_roles(person)


# --- in words ---


def known(person: User) -> str:
    return f"{person.name} ({person.email})" if person.name else person.email


def _listed(roles: Collection[Role]) -> str:
    return " and ".join(role.label.lower() for role in Role if role in roles) or "none"


def send_letter(person: User, letter: str, subject: str, **context) -> None:
    vision = Vision.objects.current().first()
    text = render_to_string(f"desk/mail/{letter}.txt", {"person": person, "vision": vision, **context})
    send_mail(f"{subject} of {vision.name}" if vision else subject, text, None, [person.email])
