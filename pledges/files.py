"""A file that somebody else made, handed out so that it can do nothing here, whatever is in it."""

from django.http import HttpResponse

from pledges.models import Evidence

CONTENT_TYPES = {
    Evidence.Kind.PDF: "application/pdf",
    Evidence.Kind.PNG: "image/png",
    Evidence.Kind.JPEG: "image/jpeg",
}
# It runs nothing, loads nothing and is shown inside nothing.
SHUT_IN = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"


def handed_out(evidence: Evidence, name: str) -> HttpResponse:
    """To be saved under a name that we give it; `name` has no ending."""
    response = HttpResponse(bytes(evidence.content), content_type=CONTENT_TYPES[evidence.kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{evidence.kind}"'
    response["Content-Security-Policy"] = SHUT_IN
    response["X-Content-Type-Options"] = "nosniff"
    return response
