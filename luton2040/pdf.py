"""Documents as tagged PDF. The same document gives the same bytes: nothing here reads a clock or the network."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

# What a PDF is made with besides its own words. A style sheet's addresses are taken to lead to a site that is none:
# whatever is asked for there is looked up among the document's own files, and anything else is refused.
NOWHERE = "https://static.invalid/"
FAMILY = "Atkinson Hyperlegible Next"
FONTS = {w: f"fonts/atkinson-hyperlegible-next-{name}.ttf" for w, name in ((400, "regular"), (700, "bold"))}


class NoLibraries(Exception):
    """What PDFs are made with is not installed on this machine."""


def made_from(document: str, *, style: str, files: dict[str, bytes]) -> bytes:
    """PDF/UA-1, in the site's own font; `files` are what its addresses may lead to, by path. Raises NoLibraries."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:
        raise NoLibraries(str(error)) from error
    fonts, fetcher = FontConfiguration(), files_only(_fonts() | files)
    faces = [f'@font-face{{font-family:"{FAMILY}";font-weight:{w};src:url(/{name})}}' for w, name in FONTS.items()]
    sheet = style + "".join(faces)
    with uncollected():
        return HTML(string=document, base_url=NOWHERE, url_fetcher=fetcher).write_pdf(
            stylesheets=[CSS(string=sheet, base_url=NOWHERE, url_fetcher=fetcher, font_config=fonts)],
            font_config=fonts,
            pdf_variant="pdf/ua-1",
            pdf_identifier=sha256(document.encode()).hexdigest()[:32].encode(),
        )


@cache
def _fonts() -> dict[str, bytes]:
    return {name: (settings.BASE_DIR / "static" / name).read_bytes() for name in FONTS.values()}


@contextmanager
def uncollected() -> Iterator[None]:
    """A document is a million objects that all go at its end; looking through them before takes a quarter of the time.

    It takes no more memory: most go as they are dropped, and the rest was not found to be rubbish anyway.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def files_only(files: dict[str, bytes]) -> "URLFetcher":
    """Gives out these and nothing else: whatever a text might ask for, of the network or of a file, is refused."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Only(URLFetcher):
        def fetch(self, url, headers=None):
            name = url.removeprefix(NOWHERE)
            if not url.startswith(NOWHERE) or name not in files:
                raise ValueError(f"{url} is none of the document's own files.")
            kind = "image/svg+xml" if name.endswith(".svg") else "font/ttf"
            return URLFetcherResponse(url, files[name], {"Content-Type": kind})

    return Only()
