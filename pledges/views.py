"""The register of pledges and its file."""

from django.http import HttpResponse
from django.shortcuts import render

from luton2040.caching import public_page


@public_page
def register(request):
    return render(request, "pledges/register.html")


@public_page
def commitments_csv(request):
    return HttpResponse("", content_type="text/csv; charset=utf-8")
