"""Pages about the site itself."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from luton2040.caching import public_page
from luton2040.editions import Edition
from luton2040.xml import NOT_IN_XML
from outcomes import history
from priorities.models import Fact, Source

NEWEST_LISTED = 50


def _log(request) -> list[history.EditionChanges]:
    editions = Edition.objects.filter(number__lte=request.edition.number).newest_first()
    return history.changes(editions[:NEWEST_LISTED], request.vision)


@public_page
def changes(request):
    return render(request, "luton2040/changes.html", {"log": _log(request)})


class ChangesFeed(Feed):
    feed_type = Atom1Feed

    def get_object(self, request):
        self.log = _log(request)
        self.page = request.build_absolute_uri(reverse("changes"))
        return request.vision

    def title(self, vision):
        return f"{vision.name}: what changed"

    def subtitle(self, vision):
        return "Each entry is an edition of the public record."

    def link(self):
        return reverse("changes")

    def items(self):
        return self.log

    def item_title(self, item):
        return f"Edition {item.edition.number}: {item.edition.summary}".translate(NOT_IN_XML)

    def item_description(self, item):
        return " ".join(item.told).translate(NOT_IN_XML)

    def item_link(self, item):
        return f"{reverse('changes')}#edition-{item.edition.number}"

    def item_guid(self, item):
        return f"{self.page}#edition-{item.edition.number}"

    def item_pubdate(self, item):
        return item.edition.issued_at

    item_updateddate = item_pubdate


@public_page
def changes_feed(request):
    response = ChangesFeed()(request)
    response.headers.pop("Last-Modified", None)
    return response


@public_page
def about(request):
    sources = {s.slug: s for s in Source.objects.at(request.edition)}
    facts = Fact.objects.at(request.edition)
    return render(request, "luton2040/about.html", {"sources": sources, "facts": facts})


@public_page
def privacy(request):
    return render(request, "luton2040/privacy.html", {"contact": settings.CONTACT_EMAIL})


@public_page
def accessibility(request):
    return render(request, "luton2040/accessibility.html", {"contact": settings.CONTACT_EMAIL})


def healthz(request):
    """For whoever keeps the site up: answers 200 with the newest edition, 503 while the record is empty."""
    edition = Edition.objects.current()
    response = JsonResponse(
        {"edition": edition and edition.number, "issued_at": edition and edition.issued_at},
        status=200 if edition else 503,
    )
    response["Cache-Control"] = "no-store"
    return response


def robots(request):
    left_out = "".join(f"Disallow: {path}\n" for path in ("/*?", "/desk/", "/accounts/", "/by-link/"))
    return HttpResponse(f"User-agent: *\n{left_out}", content_type="text/plain; charset=utf-8")
