"""Files that show what a partner says: what they are is told by their content, and they are written anew.

Nothing of a file is kept but what it shows: not its name, nor who made it, where and with what, nor anything that a
program could run, open or unpack, nor bytes that no reader of its kind would look at.
"""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from PIL import Image, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from luton2040.problems import Refused
from pledges.models import Evidence, Offer, PledgeUpdate

LARGEST = 10 * 1024 * 1024  # bytes, before and after
MOST_PIXELS = 50_000_000  # a picture of few bytes may unpack to any number
LONGEST_SIDE = 4000  # pixels; a larger picture shows no more, and is made smaller
MOST_PAGES = 300
MOST_OBJECTS = 100_000  # of a PDF: each takes time and memory, however few bytes it has in the file
KEPT_FOR = timedelta(days=183)  # where nothing names it any more

Kind = Evidence.Kind
_BEGINNINGS = {b"%PDF-": Kind.PDF, b"\x89PNG\r\n\x1a\n": Kind.PNG, b"\xff\xd8\xff": Kind.JPEG}
_PICTURES = {Kind.PNG: PngImagePlugin.PngImageFile, Kind.JPEG: JpegImagePlugin.JpegImageFile}
_AS_IT_IS = {Kind.PNG: ("1", "L", "LA", "RGB", "RGBA"), Kind.JPEG: ("L", "RGB")}  # how colours may stay written
# All of a page that it takes to show it: no notes, links, fields, thumbnails or what a program kept with it.
_OF_A_PAGE = ("/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group")
# What else may hide in a font, a picture or a form that a page shows: parts of these types, and what streams name so.
_NOT_SHOWN = ("/Metadata", "/EmbeddedFile", "/Filespec", "/Action")
_HIDDEN = ("/Metadata", "/PieceInfo", "/AF", "/OPI", "/Ref", "/PS", "/Alternates", "/Measure", "/PtData")
_JPEG_NOTES = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})  # markers of a JPEG's segments that no reader needs

OTHER_KIND = "It is none of the kinds that can be shown.", "Choose a PDF, PNG or JPEG file."
TOO_LARGE = f"It is larger than {LARGEST // 1024 // 1024} MB.", "Make it smaller, or link to it instead."
EMPTY = "It is empty.", "Choose another file."
TOO_MANY_PIXELS = (
    f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels.",
    "Save a smaller version of it and choose that.",
)
GREW = "Written anew, the picture is larger than 10 MB.", "Save it as JPEG and choose that."
DAMAGED_PICTURE = "The picture is damaged.", "Open it on your computer, save it again and choose the new file."
DAMAGED_PDF = "The PDF is damaged.", "Open it on your computer, print it to a new PDF and choose that."
LOCKED = "The PDF is locked with a password.", "Save it without one, or print it to a new PDF and choose that."
IS_FORM = "The PDF is a form to fill in, whose entries would be lost.", "Print it to a new PDF and choose that."
TOO_MANY_PAGES = f"The PDF has more than {MOST_PAGES} pages.", "Choose the pages that matter, or link to it instead."
TOO_INTRICATE = "The PDF is made of too many parts.", "Print it to a new PDF and choose that, or link to it instead."


class Cleaned(NamedTuple):
    kind: Kind
    content: bytes


def cleaned(data: bytes) -> Cleaned:
    """The file as it may be kept and shown. Raises Refused."""
    if not data:
        raise Refused(*EMPTY)
    if len(data) > LARGEST:
        raise Refused(*TOO_LARGE)
    kind = next((kind for beginning, kind in _BEGINNINGS.items() if data.startswith(beginning)), None)
    if kind is None:
        raise Refused(*OTHER_KIND)
    try:
        content = _pdf(data) if kind is Kind.PDF else _picture(data, kind)
    except Refused:
        raise
    except Exception as error:  # both libraries fail in many ways over a file that no program wrote
        raise Refused(*(DAMAGED_PDF if kind is Kind.PDF else DAMAGED_PICTURE)) from error
    if len(content) > LARGEST:
        raise Refused(*(TOO_LARGE if kind is Kind.PDF else GREW))
    return Cleaned(kind, content)


def keep(file: Cleaned, *, key: str, now: datetime) -> Evidence:
    """The same key gives the same file: a form that is sent twice brings it once."""
    what = {"kind": file.kind, "content": file.content, "size": len(file.content), "added_at": now}
    return Evidence.objects.get_or_create(key=key, defaults=what)[0]


def unnamed(*, before: datetime) -> QuerySet[Evidence]:
    """What no published update and no open offer names, and came before then."""
    named = (Offer.objects.open(), PledgeUpdate.objects.all())
    found = Evidence.objects.filter(added_at__lt=before)
    for rows in named:
        found = found.exclude(pk__in=rows.filter(evidence__isnull=False).values("evidence"))
    return found


# --- pictures ---


def _picture(data: bytes, kind: Kind) -> bytes:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # which WeasyPrint turns on for the whole process
    picture = _PICTURES[kind](io.BytesIO(data))  # not Image.open, which warns of many pixels instead of refusing
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(*TOO_MANY_PIXELS)
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)  # a photograph may say of itself which way is up
    fresh = upright.convert(_mode(upright, kind))
    fresh.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    fresh.info = {}
    out = io.BytesIO()
    fresh.save(out, "PNG" if kind is Kind.PNG else "JPEG", optimize=kind is Kind.JPEG, quality=88)
    return out.getvalue()


def _mode(picture: Image.Image, kind: Kind) -> str:
    if kind is Kind.PNG and "transparency" in picture.info:
        return "RGBA"
    return picture.mode if picture.mode in _AS_IT_IS[kind] else "RGB"


# --- PDF ---


def _pdf(data: bytes) -> bytes:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise Refused(*LOCKED)
    if sum(len(known) for known in reader.xref.values()) + len(reader.xref_objStm) > MOST_OBJECTS:
        raise Refused(*TOO_INTRICATE)
    if _has_fields(reader):
        raise Refused(*IS_FORM)
    if len(reader.pages) > MOST_PAGES:
        raise Refused(*TOO_MANY_PAGES)
    if not len(reader.pages):
        raise Refused(*DAMAGED_PDF)
    writer = PdfWriter()
    writer.metadata = None
    for page in reader.pages:
        for name in [name for name in page if name not in (*_OF_A_PAGE, "/Parent")]:
            del page[name]
        writer.add_page(page)
    for part in _parts(writer):
        _strip(part)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _has_fields(reader: PdfReader) -> bool:
    form = reader.root_object.get("/AcroForm")
    form = form.get_object() if form is not None else {}
    return bool(form.get("/Fields") or form.get("/XFA"))


def _parts(writer: PdfWriter) -> Iterator[DictionaryObject]:
    """Every dictionary that would be written, those within others too."""
    waiting = list(writer._objects)
    while waiting:
        part = waiting.pop()
        if isinstance(part, DictionaryObject):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, ArrayObject):
            waiting.extend(part)


def _strip(part: DictionaryObject) -> None:
    if part.get("/Type") in _NOT_SHOWN:
        part.clear()
        if isinstance(part, StreamObject):
            part._data = b""
    if isinstance(part, StreamObject):
        for name in _HIDDEN:
            part.pop(NameObject(name), None)
        if part.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            part._data = _without_notes(part._data)


def _without_notes(jpeg: bytes) -> bytes:
    """A picture in a PDF may say where and with what it was taken; one that is not written as it should be stays."""
    kept, at = [jpeg[:2]], 2
    while jpeg[at : at + 1] == b"\xff" and at + 4 <= len(jpeg):
        marker, end = jpeg[at + 1], at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:  # the picture itself begins
            break
        if marker not in _JPEG_NOTES:
            kept.append(jpeg[at:end])
        at = end
    return b"".join([*kept, jpeg[at:]])
