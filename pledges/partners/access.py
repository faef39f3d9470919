"""How a partner gets in: by a link sent to the address that speaks for an organisation. There is no account."""

from django.http import HttpRequest, HttpResponse

from luton2040.caching import private_page
from pledges.models import Contact

SESSION = "partner"


def contact_of(request: HttpRequest) -> Contact | None:
    """Whoever is signed in as a partner; nobody any more, at once, where the address was deleted."""
    pk = request.session.get(SESSION)
    return Contact.objects.filter(pk=pk).first() if pk else None


@private_page
def sign_in(request):
    return HttpResponse("<h1>Sign in</h1>")


@private_page
def enter(request, token):
    return HttpResponse("<h1>Sign in</h1>")


@private_page
def sign_out(request):
    return HttpResponse("<h1>Sign out</h1>")


@private_page
def delete(request):
    return HttpResponse("<h1>Delete your address</h1>")
