"""One offer: read as readers would see it, corrected, asked about, published or declined."""

from django.http import Http404
from django.shortcuts import render

from luton2040.desk.access import desk_page
from luton2040.roles import Act
from pledges.models import Offer


@desk_page(Act.MODERATE_PLEDGES)
def offer(request, pk):
    shown = Offer.objects.confirmed().filter(pk=pk).first()
    if shown is None:
        raise Http404("There is no such offer. The queue lists those that there are.")
    return render(request, "desk/pledges/offer.html", {"offer": shown})


@desk_page(Act.MODERATE_PLEDGES)
def evidence(request, pk):
    raise Http404("There is no such file.")
