"""What came of following the links that partners give as evidence."""

from django.shortcuts import render

from luton2040.desk.access import desk_page
from luton2040.roles import Act
from pledges.links import standing


@desk_page(Act.MODERATE_PLEDGES)
def links(request):
    return render(request, "desk/pledges/links.html", {"links": standing(request.edition)})
