"""Pages for when something is not as the reader hoped. Each says what happened and where to go next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _page(request: HttpRequest, status: int, **context) -> HttpResponse:
    response = render(request, "error.html", {"status": status, **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = str(exception) if exception and exception.args and isinstance(exception.args[0], str) else ""
    return _page(request, 400, heading="We could not read that address", said=said)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, heading="You may not see this page", said=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = exception.args[0] if exception and exception.args and isinstance(exception.args[0], str) else ""
    return _page(request, 404, heading="There is no page here", said=said)


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    response = _page(request, 405, heading="This page can only be read", said="Open it with an ordinary link.")
    response["Allow"] = "GET, HEAD"
    return response


def record_is_empty(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        503,
        heading="Nothing has been published yet",
        said="The site is set up, but its record is empty. Whoever runs it loads the framework with: "
        "python manage.py load_fixtures",
    )
