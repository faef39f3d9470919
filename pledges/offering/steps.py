from django.shortcuts import render

from luton2040.caching import private_page


@private_page
def start(request, **kwargs):
    return render(request, "pledges/offering/start.html")
