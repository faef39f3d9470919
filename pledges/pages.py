"""The page of a pledge, the page of an organisation, and what they offer to others: files, a badge, a certificate."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from luton2040.caching import public_page
from luton2040.pages import cannot_make_pdf
from luton2040.pdf import NoLibraries
from outcomes.models import OutcomeVersion
from pledges import badge as badges
from pledges import certificate as certificates
from pledges import report
from pledges.files import handed_out
from pledges.models import OrganisationVersion, PledgeUpdate, PledgeVersion
from priorities.models import PlanVersion, PriorityVersion, Source, Standing


@public_page
def pledge(request, slug):
    shown = report.full_report(slug, request.edition, request.today)
    if shown is None:
        return _gone(request, slug)
    priorities = {p.priority_id: p for p in PriorityVersion.objects.at(request.edition)}
    outcomes = list(OutcomeVersion.objects.at(request.edition).order_by("position"))
    context = {
        "report": shown,
        "promises": [(promise, *_served(promise, outcomes)) for promise in shown.promises],
        "priorities": priorities,
        "focus": [priorities[slug] for slug in shown.pledge.focus if slug in priorities],
        "sources": {s.slug: s for s in Source.objects.at(request.edition)},
    }
    return render(request, "pledges/pledge.html", context)


def _served(promise: report.CommitmentReport, outcomes: list[OutcomeVersion]) -> tuple[list, list]:
    """The outcomes that a commitment serves as its maker says, and those that it serves by our reading."""
    standing = {link.outcome_id: link.standing for link in promise.links}
    served = [outcome for outcome in outcomes if outcome.outcome_id in standing]
    said = [outcome for outcome in served if standing[outcome.outcome_id] == Standing.PUBLISHED]
    return said, [outcome for outcome in served if outcome not in said]


def _gone(request, slug) -> HttpResponse:
    """Of a pledge that has left the record: when it last stood there. Raises Http404 where it never did."""
    earlier = PledgeVersion.objects.filter(pledge=slug, last_edition__lt=request.edition.number)
    last = earlier.select_related("last_edition").order_by("-last_edition").first()
    if last is None:
        raise Http404("There is no pledge at this address. The register of pledges has them all.")
    response = render(request, "pledges/gone.html", {"status": 404, "last": last}, status=404)
    response["Cache-Control"] = "no-store"
    return response


@public_page
def evidence(request, key):
    """Only while an update that the reader's edition holds names the file."""
    found = PledgeUpdate.objects.at(request.edition).filter(evidence=key).select_related("evidence").first()
    if found is None:
        raise Http404("There is no file at this address. The page of the pledge says what can be downloaded.")
    return handed_out(found.evidence, f"{found.pledge_id}-{found.said_on.isoformat()}")


# --- organisations ---


def _organisation(request, slug) -> tuple[OrganisationVersion, list[report.PledgeReport]]:
    version = OrganisationVersion.objects.at(request.edition).filter(organisation=slug).first()
    if version is None:
        raise Http404("There is no organisation at this address. The register of pledges names those that made one.")
    return version, report.made_by(slug, request.edition, request.today)


@public_page
def organisation(request, slug):
    version, made = _organisation(request, slug)
    standing = [pledge for pledge in made if not pledge.is_withdrawn]
    context = {
        "organisation": version,
        "standing": standing,
        "withdrawn": [pledge for pledge in made if pledge.is_withdrawn],
        "plans": PlanVersion.objects.at(request.edition).filter(owner=f"org:{slug}"),
        "badge": badges.draw(version.name, made, vision=request.vision, edition=request.edition),
        "snippet": badges.snippet(version.name, vision=request.vision, **_addresses(request, slug)),
    }
    return render(request, "pledges/organisation.html", context)


def _addresses(request, slug) -> dict[str, str]:
    names = {"picture": "pledges:badge", "page": "pledges:organisation"}
    return {key: request.build_absolute_uri(reverse(name, args=[slug])) for key, name in names.items()}


@public_page
def badge(request, slug):
    """Also of an organisation none of whose pledges stands any more: other sites show it still."""
    version, made = _organisation(request, slug)
    drawn = badges.draw(version.name, made, vision=request.vision, edition=request.edition)
    return HttpResponse(drawn, content_type="image/svg+xml")


def _ended(request, last: report.PledgeReport) -> HttpResponse:
    """In place of a certificate: which pledge ended, and where it can be read."""
    response = render(request, "pledges/ended.html", {"status": 404, "report": last}, status=404)
    response["Cache-Control"] = "no-store"
    return response


@public_page
def certificate(request, slug):
    version, made = _organisation(request, slug)
    standing = [pledge for pledge in made if not pledge.is_withdrawn]
    if made and not standing:
        return _ended(request, max(made, key=lambda report: report.pledge.withdrawn_on))
    if not standing:
        raise Http404("There is no pledge of this organisation in the register now, so there is nothing to certify.")
    page = _addresses(request, slug)["page"]
    try:
        made = certificates.pdf(version, standing, vision=request.vision, edition=request.edition, page=page)
    except NoLibraries:
        return cannot_make_pdf(request, "the page of the organisation")
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
    return response
