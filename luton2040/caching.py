"""Public pages: read at one edition, kept whole, answered with 304 where the reader has them already.

A public page is a pure function of edition, address, day and code, so its key can be made before the page is, and a
kept page is never stale.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import cache, wraps

import brotli
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from luton2040.editions import Edition
from luton2040.pages import method_not_allowed, record_is_empty
from luton2040.vision import Vision

FRESH = "public, no-cache"  # may be kept by anyone, and must be asked after each time: editions appear unannounced
UNSHARED = "private, no-cache"  # not no-store: the Back button must give back what was typed
LONGEST_KEPT_QUERY = 200
COMPRESSED = ("text/", "application/json", "application/atom+xml", "image/svg+xml")
SMALLEST_COMPRESSED = 400
# Bytes. Files that partners give may be large, and there may be many; whoever makes up queries must not fill the memory
# with copies of one.
LARGEST_KEPT, LARGEST_WITH_QUERY = 2_000_000, 200_000
NOT_WANTED = re.compile(r"[\w*]+\s*;\s*q=0(?:\.0*)?\s*(?=,|$)")


@cache
def code_version() -> str:
    """A digest of everything that shapes a page besides the record."""
    digest = hashlib.sha256()
    for folder in ("luton2040", "priorities", "outcomes", "pledges", "boards", "templates", "static"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".css", ".js", ".svg"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; on going back in history it needs the whole."""
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.history_restore_request


class KeptPages:
    """The outermost middleware: answers from kept pages, and keeps those that views mark as public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.KEEP_PAGES or request.method not in ("GET", "HEAD") or request.path.startswith("/static/"):
            return self.get_response(request)
        request.newest_edition = Edition.objects.current()
        if request.newest_edition is None or len(request.META["QUERY_STRING"]) > LONGEST_KEPT_QUERY:
            return self.get_response(request)
        encoding = _encoding(request)
        try:
            key = self._key(request, encoding)
        except DisallowedHost:
            return self.get_response(request)
        kept = caches["pages"].get(key)
        if kept is None:
            response = self.get_response(request)
            if not getattr(response, "is_public", False) or response.status_code != 200:
                return response
            kept = _finished(key, response, encoding)
            if len(kept[0]) <= (LARGEST_WITH_QUERY if request.META["QUERY_STRING"] else LARGEST_KEPT):
                caches["pages"].set(key, kept)
        body, headers = kept
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            same = {name: headers[name] for name in ("ETag", "Vary", "Cache-Control")}
            return HttpResponseNotModified(headers=same)
        return HttpResponse(body, headers=headers)

    def _key(self, request: HttpRequest, encoding: str) -> str:
        parts = (
            request.newest_edition.number,
            timezone.localdate(),
            code_version(),
            request.scheme,
            request.get_host(),
            request.get_full_path(),
            is_fragment(request),
            encoding,
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _encoding(request: HttpRequest) -> str:
    accepted = NOT_WANTED.sub("", request.headers.get("Accept-Encoding", ""))
    return next((e for e in ("br", "gzip") if e in accepted), "")


def _finished(key: str, response: HttpResponse, encoding: str) -> tuple[bytes, dict[str, str]]:
    """Compress once, not for every reader."""
    body = response.content
    patch_vary_headers(response, ["Accept-Encoding"])
    if encoding and len(body) >= SMALLEST_COMPRESSED and response["Content-Type"].startswith(COMPRESSED):
        body = brotli.compress(body, quality=5) if encoding == "br" else gzip.compress(body, 6, mtime=0)
        response["Content-Encoding"] = encoding
    response["ETag"] = f'"{key}"'
    response["Content-Length"] = str(len(body))
    return body, dict(response.items())


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that anyone may read: `request.edition`, `.today` and `.vision` say what it is to show."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return method_not_allowed(request)
        newest = getattr(request, "newest_edition", None) or Edition.objects.current()
        if newest is None:
            return record_is_empty(request)
        read_at(request, newest, asked=request.GET.get("edition", ""))
        response = view(request, *args, **kwargs)
        response.is_public = True
        response.setdefault("Cache-Control", FRESH)
        patch_vary_headers(response, ["HX-Request"])
        return response

    wrapped.csrf_exempt = True  # nothing is ever taken from a request, so that POST gets the page that says so
    return wrapped


def private_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose page is one reader's own, such as a form that they fill in without an account: kept by nobody else,
    read at the newest edition. The Back button may still show it.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        newest = Edition.objects.current()
        if newest is None:
            return record_is_empty(request)
        read_at(request, newest)
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", UNSHARED)
        return response

    return wrapped


def in_edition(request: HttpRequest, before: str) -> str:
    """What keeps an address in the edition that is being read, where that is not the newest."""
    return f"{before}edition={request.edition.number}" if request.edition != request.newest_edition else ""


def read_at(request: HttpRequest, newest: Edition, asked: str = "") -> None:
    """Fix what the request reads: the newest edition, today; or the one asked for, as of the day it was issued."""
    request.newest_edition = newest
    request.edition, request.today = newest, timezone.localdate()
    request.vision = SimpleLazyObject(lambda: Vision.objects.at(request.edition).get())
    if asked:
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
        edition = newest if number == newest.number else Edition.objects.filter(pk=number).first()
        if edition is None:
            raise Http404(f"There is no such edition. Editions are numbered 1 to {newest.number}.")
        request.edition = edition
        if edition != newest:
            request.today = timezone.localdate(edition.issued_at)
