"""A pledge of the register: its updates checked, and its end recorded, without a partner asking for it."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.utils import timezone

from luton2040.audit import Entry
from luton2040.desk.access import desk_page
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.hold import Hold, HoldIsOn
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from pledges import publishing
from pledges.desk.forms import CheckForm, EndForm, HoldForm
from pledges.desk.queue import listed
from pledges.models import Contact, Offer
from pledges.report import PledgeReport, reports


@desk_page(Act.MODERATE_PLEDGES)
def pledge(request, slug):
    """Several forms on one page; `act` says which was sent."""
    shown = _readable(request, slug)
    sent = request.POST or request.kept or {}
    act, problems = sent.get("act", ""), []
    forms = _forms(request, shown, sent, act)
    if request.method == "POST":
        if act not in ACTS:
            raise BadRequest("This page has no such button. Go back and load it again.")
        try:
            edition = forms[act].is_valid() and ACTS[act](shown, forms[act], by=request.user, now=timezone.now())
        except HoldIsOn as refused:
            forms[act].add_error("hold_reason", str(refused))
        except (NotAllowed, ChangedMeanwhile) as refused:
            problems = [str(refused)]
        else:
            if edition:
                messages.success(request, f"Published as edition {edition.number}. {edition.summary}")
                return redirect("pledge_desk:pledge", slug)
    context = {"report": shown, "forms": forms, "sent": forms.get(act), "problems": problems}
    context |= _about(request, shown)
    return render(request, "desk/pledges/pledge.html", context, status=409 if problems else 200)


def _readable(request: HttpRequest, slug: str) -> PledgeReport:
    found = reports(request.edition, request.today, slugs=[slug])
    if not found:
        raise Http404("There is no pledge of that name in the register.")
    return found[0]


def _forms(request: HttpRequest, shown: PledgeReport, sent, act: str) -> dict:
    def of(name: str, form: type, **given):
        sent_here = sent if act == name else None
        return form(sent_here, auto_id=f"id_{name}_%s", use_required_attribute=False, today=request.today, **given)

    unchecked = [update for update in shown.updates if update.checked_on is None]
    return {"check": of("check", CheckForm, updates=unchecked), "end": of("end", EndForm)}


def _about(request: HttpRequest, shown: PledgeReport) -> dict:
    makers = [slug for slug, _ in shown.makers]
    spoken_for = set(Contact.objects.filter(organisations__in=makers).values_list("organisations", flat=True))
    offers = Offer.objects.confirmed().filter(pledge=shown.slug).newest_first().select_related("decided_by")
    own = Q(about=publishing.about_pledge(shown.slug)) | Q(about__in=[offer.about for offer in offers])
    return {
        "makers": [(slug, name, slug in spoken_for) for slug, name in shown.makers],
        "offers": listed(offers),
        "hold": Hold.objects.on(request.today),
        "log": Entry.objects.filter(own).select_related("by").newest_first(),
    }


# --- what the buttons do ---


def _check(shown: PledgeReport, form: HoldForm, **who) -> Edition:
    given = form.cleaned_data
    return publishing.check_update(
        given["update"], checked_on=given["checked_on"], hold_reason=given["hold_reason"], **who
    )


def _end(shown: PledgeReport, form: HoldForm, **who) -> Edition:
    return publishing.withdraw(shown.slug, **form.cleaned_data, **who)


ACTS = {"check": _check, "end": _end}
