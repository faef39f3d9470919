"""How much may be sent in one request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from luton2040.pages import too_large

MEGABYTE = 1024 * 1024
LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class LimitedBodies:
    """Refuses by the length that is announced, before anything of the body is read or written to disk.

    A body without a length is read as empty, as the server interface has it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > LARGEST:
            return too_large(request, most=f"{LARGEST // MEGABYTE} MB")
        return self.get_response(request)
