"""Who speaks for an organisation: addresses that an officer adds and takes away."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from luton2040.desk.access import desk_page
from luton2040.editions import Edition
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from pledges import contacts
from pledges.desk import letters
from pledges.desk.forms import ContactForm
from pledges.desk.reading import known_organisations
from pledges.matching import Match, likely
from pledges.models import Contact, Offer, OrganisationVersion, PledgeOrganisation, PledgeVersion
from pledges.partners.access import link_for


@desk_page(Act.MODERATE_PLEDGES)
def organisation(request, slug):
    """Two kinds of forms on one page; `act` says which was sent."""
    shown = OrganisationVersion.objects.at(request.edition).filter(organisation=slug).first()
    if shown is None:
        raise Http404("There is no organisation of that name in the register.")
    sent = request.POST or request.kept or {}
    act, problems = sent.get("act", ""), []
    form = ContactForm(sent if act == "add" else None, use_required_attribute=False)
    if request.method == "POST":
        if act not in ("add", "take-away"):
            raise BadRequest("This page has no such button. Go back and load it again.")
        try:
            if act == "take-away":
                _take_away(request, shown)
            if act == "take-away" or form.is_valid() and _add(request, shown, form):
                return redirect("pledge_desk:organisation", slug)
        except NotAllowed as refused:
            problems = [str(refused)]
    makes = PledgeOrganisation.objects.at(request.edition).filter(organisation=slug).values("pledge")
    context = {
        "organisation": shown,
        "contacts": _contacts(slug),
        "pledges": PledgeVersion.objects.at(request.edition).filter(pledge__in=makes).order_by("title"),
        "alike": _alike(shown, request.edition),
        "form": form,
        "problems": problems,
    }
    return render(request, "desk/pledges/organisation.html", context, status=409 if problems else 200)


def _contacts(slug: str) -> QuerySet[Contact]:
    """With whether anything came from each: an address that was only added was not used."""
    handed_in = Exists(Offer.objects.filter(contact=OuterRef("pk")))
    return Contact.objects.filter(organisations=slug).annotate(handed_in=handed_in).order_by("email")


def _alike(shown: OrganisationVersion, edition: Edition) -> list[Match]:
    others = [known for known in known_organisations(edition) if known.key != shown.organisation_id]
    return likely(shown.name, others, url=shown.url)


# --- what the buttons do ---


def _add(request: HttpRequest, shown: OrganisationVersion, form: ContactForm) -> bool:
    email, slug = form.cleaned_data["email"], shown.organisation_id
    if Contact.objects.filter(email=email, organisations=slug).exists():
        form.add_error("email", "This address speaks for it already: find it in the list.")
        return False
    contact = contacts.add(slug, email, by=request.user, now=timezone.now())
    paths = {
        "path": link_for(contact, within=contacts.LETTER_GOOD_FOR),
        "sign_in": reverse("partners:sign_in"),
    }
    subject = "this address speaks for an organisation"
    if letters.send(request, contact, "contact_added", subject, organisation=shown.name, **paths):
        messages.success(request, f"{email} speaks for {shown.name}. A letter is on its way there.")
    else:
        messages.warning(request, f"{email} speaks for {shown.name} all the same.")
    return True


def _take_away(request: HttpRequest, shown: OrganisationVersion) -> None:
    sent = request.POST.get("contact", "")
    number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else 0
    contact = Contact.objects.filter(pk=number, organisations=shown.organisation_id).first()
    if contact is None:
        raise NotAllowed("This address does not speak for it any more. The list shows those that do.")
    email = contact.email
    contacts.take_away(contact, shown.organisation_id, by=request.user, now=timezone.now())
    messages.success(request, f"{email} no longer speaks for {shown.name}.")
