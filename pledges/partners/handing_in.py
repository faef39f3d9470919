"""What a partner may reach, and what becomes of what they send."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from luton2040.editions import Edition
from pledges import contacts, content, evidence, offers, rewording
from pledges.content import Ending, News, Wording
from pledges.forms import CommunityForm, FocusForm, PlanForm, WhyForm, WordingForms
from pledges.models import CommitmentVersion, Contact, Offer
from pledges.report import PledgeReport, reports

Kind = Offer.Kind
PARTS = {Kind.NEW: (FocusForm, PlanForm, CommunityForm), Kind.CHANGE: (PlanForm, CommunityForm, WhyForm)}


class Theirs(NamedTuple):
    """A pledge, with the organisation that somebody speaks for who made it."""

    report: PledgeReport
    organisation: str


def theirs(contact: Contact, edition: Edition, today: date, slug: str = "") -> list[Theirs]:
    """What is theirs in the register; of one pledge only, where it is named."""
    speaks_for = contacts.pledges_of(contact, edition)
    wanted = [slug] if slug in speaks_for else [] if slug else speaks_for
    return [Theirs(report, speaks_for[report.slug]) for report in reports(edition, today, slugs=wanted)]


def handed_in(contact: Contact) -> QuerySet[Offer]:
    """By this address, or by another that speaks for the same organisation, newest first."""
    own = Q(contact=contact) | Q(organisation__in=contact.organisations.all())
    return Offer.objects.confirmed().filter(own).distinct().newest_first().select_related("edition")


def waiting(pledge: Theirs, kind: Kind) -> Offer | None:
    """What is asked for already, of which another would only be in the way."""
    found = Offer.objects.open().filter(kind=kind, pledge=pledge.report.slug, organisation=pledge.organisation)
    return found.newest_first().first()


@transaction.atomic
def hand_in(
    kind: Kind,
    what: News | Wording | Ending,
    *,
    pledge: Theirs,
    contact: Contact,
    form_key: str,
    now: datetime,
    file: evidence.Cleaned | None = None,
) -> Offer:
    """Once, however often the same form is sent with the same in it. Raises NotAllowed."""
    typed = content.stored(what)
    # Whatever a form is sent with, this is no key of another partner's, nor of something else by the same one.
    shown = file and sha256(file.content).hexdigest()
    parts = (contact.pk, pledge.report.slug, kind.value, form_key, sorted(typed.items()), shown)
    key = sha256(repr(parts).encode()).hexdigest()[:32]
    kept = evidence.keep(file, key=key, now=now) if file else None
    about = {"pledge": pledge.report.slug, "organisation": pledge.organisation}
    return offers.hand_in(kind, typed, **about, contact=contact, key=key, now=now, evidence=kept)


# --- the wording ---


def published_wording(pledge: PledgeReport) -> Wording:
    """What the register says, as a form is filled with it."""
    return rewording.as_published(pledge.pledge, rewording.held(pledge.slug).values())


def wording_forms(data: Mapping | None, initial: Wording, *, kind: Kind, edition: Edition) -> WordingForms:
    forms = WordingForms(data, initial=initial, edition=edition, parts=PARTS[kind])
    # What the register never had need not be made up to change something else.
    for part in forms:
        for name, field in part.fields.items():
            if kind == Kind.CHANGE and name != "why" and not getattr(initial, name):
                field.required = False
    for form in forms.commitments.initial_forms:
        if kind == Kind.CHANGE and not form.initial.get("outcomes"):
            form.fields["outcomes"].required = False
    return forms


def is_same(one: Wording, other: Wording) -> bool:
    """Whatever is said of why it changes, and in whatever order boxes are chosen."""
    return _in_order(one) == _in_order(other)


def _in_order(wording: Wording) -> Wording:
    promises = [replace(promise, outcomes=sorted(promise.outcomes)) for promise in wording.commitments]
    return replace(wording, commitments=promises, focus=sorted(wording.focus), why="")


# --- what was handed in, in words ---


def promised(pledge: str, edition: Edition) -> dict[str, str]:
    """What the commitments of a pledge say, by slug."""
    return dict(CommitmentVersion.objects.at(edition).filter(pledge=pledge).values_list("commitment", "what"))
