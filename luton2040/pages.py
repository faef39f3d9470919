"""Pages for when something is not as the reader hoped. Each says what happened and where to go next."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, MiddlewareNotUsed, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

STAFF = ("/desk/", "/accounts/")


def _page(request: HttpRequest, status: int, **context) -> HttpResponse:
    context["frame"] = "desk/base.html" if request.path.startswith(STAFF) else "base.html"
    response = render(request, "error.html", {"status": status, **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = str(exception) if exception and exception.args and isinstance(exception.args[0], str) else ""
    what = "address" if request.method in ("GET", "HEAD") else "form"
    return _page(request, 400, heading=f"We could not read that {what}", said=said)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    may_not = "see this page" if request.method in ("GET", "HEAD") else "do this"
    return _page(request, 403, heading=f"You may not {may_not}", said=str(exception or ""))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's check that a form came from this site failed; nothing of it was read."""
    return _page(
        request,
        403,
        heading="This form was open for too long, or your browser blocks cookies",
        said="Nothing was saved. Go back in your browser, where what you typed still stands: copy it, load the page "
        "again and send it from there. If that does not help, allow cookies for this site.",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = exception.args[0] if exception and exception.args and isinstance(exception.args[0], str) else ""
    return _page(request, 404, heading="There is no page here", said=said)


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    response = _page(request, 405, heading="This page can only be read", said="Open it with an ordinary link.")
    response["Allow"] = "GET, HEAD"
    return response


def too_large(request: HttpRequest, most: str) -> HttpResponse:
    return _page(
        request,
        413,
        heading="That is too large to send",
        said=f"At most {most} can be sent at once. Nothing was read and nothing was saved. Go back in your browser, "
        "where what you typed still stands, and leave out what is not needed, choose a smaller file, or send the rows "
        "of a table in several parts.",
    )


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        429,
        heading="That was too often in a short time",
        said="For safety we take only so many tries from one place. Wait 15 minutes, then try again.",
    )


def record_is_empty(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        503,
        heading="Nothing has been published yet",
        said="The site is set up, but its record is empty. Whoever runs it loads the framework with: "
        "python manage.py load_fixtures",
    )


def cannot_make_pdf(request: HttpRequest, instead: str) -> HttpResponse:
    return _page(
        request,
        503,
        heading="PDFs cannot be made here yet",
        said=f"The same is on {instead}, which can be printed. Whoever runs the site installs what is missing; on "
        "Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    )


class SameWhileDebugging:
    """While DEBUG is on Django answers wrong addresses with pages of its own; whoever tries the site gets the site's.

    Faults in the code keep Django's page, which is made for finding them.
    """

    answers = ((Http404, not_found), (BadRequest, bad_request), (PermissionDenied, permission_denied))

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        if not settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        no_such_address = response.status_code == 404 and request.resolver_match is None
        return not_found(request) if no_such_address else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return next((answer(request, exception) for kind, answer in self.answers if isinstance(exception, kind)), None)
