"""What partners see and do once they are signed in."""

from django.http import HttpResponse

from luton2040.caching import private_page


@private_page
def home(request):
    return HttpResponse("<h1>Your pledges</h1>")


@private_page
def offer(request, pk):
    return HttpResponse("<h1>What you handed in</h1>")


@private_page
def pledge(request, slug):
    return HttpResponse("<h1>Your pledge</h1>")


@private_page
def update(request, slug):
    return HttpResponse("<h1>Post an update</h1>")


@private_page
def change(request, slug):
    return HttpResponse("<h1>Ask for a change of wording</h1>")


@private_page
def end(request, slug):
    return HttpResponse("<h1>Ask to end this pledge</h1>")
