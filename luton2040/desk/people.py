"""People: who they are, what they may do, and what was changed about them."""

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.utils import timezone

from boards.models import BoardVersion, Membership
from luton2040 import people as rules
from luton2040.accounts import User
from luton2040.audit import Entry
from luton2040.desk.access import SECOND_FACTORS, desk_page
from luton2040.desk.people_forms import InvitationForm, PersonForm, ReasonForm
from luton2040.roles import Act, Role, held_by
from luton2040.verbs import NotAllowed

LOGGED = 50
HAS_FACTOR = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS))


@desk_page(Act.MANAGE_PEOPLE)
def people(request):
    found = User.objects.annotate(measure_count=Count("measures", distinct=True), has_factor=HAS_FACTOR)
    rows = [
        {"person": person, "state": rules.state_of(person), "roles": _roles(person)}
        for person in found.prefetch_related("groups").order_by("-is_active", "name", "email")
    ]
    return render(request, "desk/people.html", {"rows": rows})


@desk_page(Act.MANAGE_PEOPLE)
def invite(request):
    initial = {"roles": [Role.OFFICER.value]}
    form = InvitationForm(request.POST or request.kept, edition=request.edition, initial=initial)
    if request.method == "POST" and form.is_valid():
        about = {key: form.cleaned_data[key] for key in ("email", "name", "measures")}
        try:
            person = rules.invite(**about, roles=form.wanted_roles, by=request.user, now=timezone.now())
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        else:
            _send(request, person)
            return redirect("staff:people")
    return render(request, "desk/people_invite.html", {"form": form})


@desk_page(Act.MANAGE_PEOPLE)
def person(request, pk: int):
    """Several forms on one page; `act` says which was sent."""
    shown = User.objects.annotate(has_factor=HAS_FACTOR).filter(pk=pk).first()
    if shown is None:
        raise Http404("There is no such person.")
    sent = request.POST or request.kept
    act = sent.get("act", "") if sent else ""
    on_page = _forms(shown, request.edition, sent, act)
    if request.method == "POST":
        if act not in on_page:
            raise BadRequest("This page has no such button. Go back and load it again.")
        if on_page[act].is_valid():
            try:
                said = ACTS[act](shown, on_page[act], by=request.user, now=timezone.now())
            except NotAllowed as refused:
                shown.refresh_from_db(fields=["name"])
                on_page[act].add_error(None, str(refused))
            else:
                _send(request, shown) if act == "invite_again" else messages.success(request, f"{shown} {said}")
                return redirect("staff:person", pk=pk)
    log = Entry.objects.about(f"user {pk}").newest_first().select_related("by")[:LOGGED]
    context = {"person": shown, "state": rules.state_of(shown), "forms": on_page, "sent": on_page.get(act), "log": log}
    context["seats"] = _seats(shown, request.edition)
    return render(request, "desk/person.html", context)


def _forms(shown: User, edition, sent, act: str) -> dict[str, forms.Form]:
    measures = list(shown.measures.values_list("pk", flat=True))
    initial = {"name": shown.name, "roles": [role.value for role in _roles(shown)], "measures": measures}
    found = {
        "save": PersonForm(sent if act == "save" else None, edition=edition, initial=initial),
        "invite_again": forms.Form(sent if act == "invite_again" else None),
    }
    for name in ("deactivate", "reactivate", "remove_second_factor"):
        found[name] = ReasonForm(sent if act == name else None, auto_id=f"id_{name}_%s")
    return found


# --- what the buttons do; each says what is now so ---


@transaction.atomic
def _save(person: User, form: PersonForm, **who) -> str:
    rules.rename(person, form.cleaned_data["name"], **who)
    rules.set_roles(person, form.wanted_roles, **who)
    rules.set_measures(person, form.cleaned_data["measures"], **who)
    return "is saved."


def _invite_again(person: User, form: forms.Form, **who) -> str:
    rules.invite_again(person, **who)
    return "is invited again."


def _deactivate(person: User, form: ReasonForm, **who) -> str:
    rules.deactivate(person, form.cleaned_data["reason"], **who)
    return "can no longer sign in."


def _reactivate(person: User, form: ReasonForm, **who) -> str:
    rules.reactivate(person, form.cleaned_data["reason"], **who)
    return "can sign in again."


def _remove_second_factor(person: User, form: ReasonForm, **who) -> str:
    rules.remove_second_factor(person, form.cleaned_data["reason"], **who)
    return "can sign in without a second step, and is asked to set up a new one if the role needs it."


ACTS = {
    "save": _save,
    "invite_again": _invite_again,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "remove_second_factor": _remove_second_factor,
}


def _roles(person: User) -> list[Role]:
    held = held_by(person)
    return [role for role in Role if role in held]


def _seats(person: User, edition) -> list[tuple[BoardVersion, str]]:
    """The boards on which somebody sits, in their order, and as what."""
    held = {seat.board_id: seat.get_seat_display() for seat in Membership.objects.filter(person=person)}
    return [(board, held[board.board_id]) for board in BoardVersion.objects.at(edition).filter(board__in=held)]


def _send(request: HttpRequest, person: User) -> None:
    try:
        rules.send_invitation(person, site=settings.SITE_URL or request.build_absolute_uri("/"))
    except OSError as error:  # also what smtplib raises
        said = f"{person} is invited, but the e-mail could not be sent: {error}. Tell whoever runs the site; then open "
        messages.error(request, f"{said}the person's page and send the invitation again.")
    else:
        messages.success(request, f"The invitation is on its way to {person.email}.")
