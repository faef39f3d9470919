"""Who speaks for an organisation."""

from django.http import Http404
from django.shortcuts import render

from luton2040.desk.access import desk_page
from luton2040.roles import Act
from pledges.models import OrganisationVersion


@desk_page(Act.MODERATE_PLEDGES)
def organisation(request, slug):
    shown = OrganisationVersion.objects.at(request.edition).filter(organisation=slug).first()
    if shown is None:
        raise Http404("There is no organisation of that name in the register.")
    return render(request, "desk/pledges/organisation.html", {"organisation": shown})
