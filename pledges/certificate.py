"""What an organisation has pledged, as a PDF to print and hang up: in its own name, and vouched for by nobody else."""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string

from luton2040 import pdf as pdfs
from luton2040.editions import Edition
from luton2040.vision import Vision
from pledges import badge
from pledges.models import OrganisationVersion
from pledges.report import PledgeReport

STYLE = "css/certificate.css"


def html(
    organisation: OrganisationVersion, reports: Sequence[PledgeReport], *, vision: Vision, edition: Edition, page: str
) -> str:
    """The document that the PDF is made from; `page` is where it can be read how it stands since."""
    context = {"organisation": organisation, "reports": reports, "vision": vision, "edition": edition, "page": page}
    return render_to_string("pledges/certificate.html", context)


def pdf(organisation: OrganisationVersion, reports: Sequence[PledgeReport], **given) -> bytes:
    """PDF/UA-1. Raises NoLibraries."""
    style = (settings.BASE_DIR / "static" / STYLE).read_text("utf-8")
    return pdfs.made_from(html(organisation, reports, **given), style=style, files={"mark.svg": badge.mark().encode()})
