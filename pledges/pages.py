"""The page of a pledge, the page of an organisation, and what they offer to others: files, a badge, a certificate."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from luton2040.caching import public_page
from pledges import report
from pledges.models import OrganisationVersion


@public_page
def pledge(request, slug):
    shown = report.full_report(slug, request.edition, request.today)
    if shown is None:
        raise Http404("There is no pledge at this address.")
    return render(request, "pledges/pledge.html", {"report": shown})


@public_page
def organisation(request, slug):
    version = OrganisationVersion.objects.at(request.edition).filter(organisation=slug).first()
    if version is None:
        raise Http404("There is no organisation at this address.")
    return render(request, "pledges/organisation.html", {"organisation": version})


@public_page
def evidence(request, key):
    raise Http404("There is no file at this address.")


@public_page
def badge(request, slug):
    return HttpResponse("", content_type="image/svg+xml")


@public_page
def certificate(request, slug):
    return HttpResponse("", content_type="application/pdf")
