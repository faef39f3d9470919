"""The pages on which a pledge is made, one for each step. Each is made from the draft in the session, so that going
back and forth loses nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import NamedTuple

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from luton2040.caching import private_page
from luton2040.pages import too_many_requests
from outcomes.formatting import period_name
from outcomes.models import OutcomeVersion
from pledges.content import Promise
from pledges.forms import (
    MOST_COMMITMENTS,
    MOST_OUTCOMES,
    CommunityForm,
    FocusForm,
    MakerForm,
    PlanForm,
    PromiseForm,
    outcome_choices,
)
from pledges.hints import hints
from pledges.models import OrganisationVersion
from pledges.offering import draft as drafts
from pledges.offering import picker
from pledges.offering.draft import STEPS, Draft
from pledges.partners.access import contact_of
from pledges.standing import period_of
from priorities.models import PriorityVersion

FULL = (
    f"{MOST_COMMITMENTS} actions are the most that one pledge can have, and it has as many. Remove one from the list, "
    "in another tab, then save this one again. What you typed is still here."
)
FIRST = {
    "focus": "Begin here: choose a focus. What was typed before is kept for 8 hours, in the browser it was typed in.",
    "actions": "Next, say what you will do: one action is enough to go on.",
    "plan": "Next, say how you will do it.",
    "community": "Next, say who you will do it with.",
    "you": "Next, say who makes the pledge.",
}


def step(name: str) -> Callable:
    """A page of the way; whoever comes too early is led to what is not filled in yet. What is sent is kept first."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @private_page
        @wraps(view)
        def wrapped(request: HttpRequest, **kwargs) -> HttpResponse:
            draft = drafts.read(request.session)
            if draft is None and not ratelimit.consume(request, action="begin_pledge"):
                return too_many_requests(request)
            draft = draft or drafts.begin(timezone.now())
            missing = draft.next_step(before=name)
            if missing != name and (request.method != "POST" or name == "check"):
                messages.info(request, FIRST[missing])
                return redirect(f"offering:{missing}")
            return view(request, draft, **kwargs)

        return wrapped

    return decorate


def page(request: HttpRequest, name: str, draft: Draft, *, step: str = "", **context) -> HttpResponse:
    step = step or name
    steps = [(slug, title, draft.has(slug)) for slug, title in STEPS.items()]
    context |= {"draft": draft, "steps": steps, "here": step, "number": list(STEPS).index(step) + 1}
    return render(request, f"pledges/offering/{name}.html", context)


def kept(request: HttpRequest, draft: Draft) -> HttpResponse:
    """On to what is not filled in yet."""
    drafts.keep(request.session, draft)
    return redirect(f"offering:{draft.next_step()}")


@private_page
def start(request):
    """Writes nothing, so that who only reads gets no cookie; a draft is thrown away only when that is asked for."""
    draft = drafts.read(request.session)
    if request.method == "POST":
        drafts.forget(request.session)
        messages.success(request, "What you had begun is deleted.")
        return redirect("offering:start")
    return render(request, "pledges/offering/start.html", {"draft": draft, "begun_with": _asked_for(request)})


def _asked_for(request: HttpRequest) -> dict[str, OutcomeVersion | PriorityVersion]:
    """What a link to this page named to begin with; what is not in the record is passed over."""
    outcomes = OutcomeVersion.objects.at(request.edition).filter(outcome=_named(request, "outcome").upper())
    priorities = PriorityVersion.objects.at(request.edition)
    outcome = outcomes.first()
    slug = outcome.priority_id if outcome else _named(request, "priority")
    return {"outcome": outcome, "priority": priorities.filter(priority=slug).first()}


def _named(request: HttpRequest, what: str) -> str:
    """PostgreSQL cannot be asked for a text with a null character in it, which names nothing anyhow."""
    said = request.GET.get(what, "")
    return said if said.isprintable() else ""


@step("focus")
def focus(request, draft):
    asked = _asked_for(request)
    chosen = [*draft.wording.focus, *([asked["priority"].priority_id] if asked["priority"] else [])]
    form = FocusForm(_sent(request), initial={"focus": chosen}, edition=request.edition)
    if form.is_valid():
        draft = draft.saying(**form.cleaned_data)
        if asked["outcome"] is None:
            return kept(request, draft)
        drafts.keep(request.session, replace(draft, begin_with=[asked["outcome"].outcome_id]))
        return redirect("offering:add_action")
    versions = {p.priority_id: p for p in PriorityVersion.objects.at(request.edition)}
    choices = [(box, versions[box.data["value"]]) for box in form["focus"]]
    return page(request, "focus", draft, form=form, choices=choices)


@step("actions")
def actions(request, draft):
    if not draft.actions:
        return redirect("offering:add_action")
    context = {"actions": told(request, draft), "most": MOST_COMMITMENTS, "then": draft.next_step()}
    return page(request, "actions", draft, **context)


class Told(NamedTuple):
    """A commitment as the list and the last look show it."""

    number: int
    promise: Promise
    by: str  # when, in words
    outcomes: list[str]  # labels
    hints: list[str]


def told(request: HttpRequest, draft: Draft) -> list[Told]:
    codes = {code for _, promise in draft.actions for code in promise.outcomes}
    found = OutcomeVersion.objects.at(request.edition).filter(outcome__in=codes)
    labels = dict(found.values_list("outcome", "short_label"))
    return [
        Told(
            number=number,
            promise=promise,
            by=period_name(period_of(promise.target_by)) if promise.target_by else "",
            outcomes=[labels.get(code, code) for code in promise.outcomes],
            hints=hints(promise, today=request.today),
        )
        for number, promise in draft.actions
    ]


@step("actions")
def action(request, draft, number=None):
    """One commitment; a new one where no number is given, or what was sent is of one that is gone with the session."""
    known = draft.action(number) if number is not None else None
    is_full = known is None and len(draft.actions) >= MOST_COMMITMENTS
    if request.method != "POST" and (is_full or number is not None and known is None):
        gone = f"{MOST_COMMITMENTS} actions are the most." if number is None else "That action is not there any more."
        messages.info(request, f"{gone} These are your actions.")
        return redirect("offering:actions")
    promise = known or Promise(outcomes=draft.begin_with)
    form = PromiseForm(_sent(request), initial=vars(promise), choices=outcome_choices(request.edition))
    if form.is_valid() and is_full and form.promise() not in draft.wording.commitments:
        form.add_error(None, FULL)
    if form.is_valid():
        said = form.promise()
        drafts.keep(request.session, draft.changing(number, said) if known else draft.adding(said, number))
        return redirect("offering:actions")
    groups = picker.groups(form["outcomes"], request.edition, focus=draft.wording.focus)
    chosen = form["outcomes"].value() or []
    shown = {"form": form, "groups": groups, "wheel": picker.draw(groups, chosen=chosen), "most": MOST_OUTCOMES}
    return page(request, "action", draft, step="actions", at=known, chosen=len(chosen), **shown)


@step("actions")
def remove_action(request, draft, number):
    promise = draft.action(number)
    if promise is None:
        return redirect("offering:actions")
    if request.method == "POST":
        drafts.keep(request.session, draft.without(number))
        messages.success(request, "The action is removed.")
        return redirect("offering:actions")
    return page(request, "remove", draft, step="actions", promise=promise)


@step("plan")
def plan(request, draft):
    return _ask(request, draft, "plan", PlanForm)


@step("community")
def community(request, draft):
    return _ask(request, draft, "community", CommunityForm)


def _ask(request, draft, name, form_class) -> HttpResponse:
    form = form_class(_sent(request), initial=vars(draft.wording))
    if form.is_valid():
        return kept(request, draft.saying(**form.cleaned_data))
    return page(request, name, draft, form=form)


@step("you")
def you(request, draft):
    """Whoever is signed in as a partner need not type again what is known of them."""
    form = MakerForm(_sent(request), initial={**vars(draft.wording), "email": draft.email} | _known(request, draft))
    if form.is_valid():
        said = dict(form.cleaned_data)
        return kept(request, replace(draft, email=said.pop("email")).saying(**said))
    return page(request, "you", draft, form=form)


def _known(request: HttpRequest, draft: Draft) -> dict[str, str]:
    contact = contact_of(request)
    if contact is None or draft.has("you"):
        return {}
    theirs = OrganisationVersion.objects.at(request.edition).filter(organisation__contacts=contact)
    known = {"email": contact.email}
    if len(theirs) == 1:
        (version,) = theirs
        known |= {"organisation": version.name, "organisation_kind": version.kind, "organisation_url": version.url}
    return known


def _sent(request: HttpRequest):
    return request.POST if request.method == "POST" else None
