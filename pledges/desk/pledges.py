"""A pledge of the register: its updates checked, and its end recorded, without a partner asking for it."""

from django.http import Http404
from django.shortcuts import render

from luton2040.desk.access import desk_page
from luton2040.roles import Act
from pledges.models import PledgeVersion


@desk_page(Act.MODERATE_PLEDGES)
def pledge(request, slug):
    shown = PledgeVersion.objects.at(request.edition).filter(pledge=slug).first()
    if shown is None:
        raise Http404("There is no pledge of that name in the register.")
    return render(request, "desk/pledges/pledge.html", {"pledge": shown})
