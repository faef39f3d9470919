"""Files that show what a partner says: what they are is told by their content, and they are written anew.

Nothing of a file is kept but what it shows: not its name, nor who made it, where and with what, nor anything that a
program could run, open or unpack, nor bytes that no reader of its kind would look at.
"""

import io
import re
import zlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from PIL import Image, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin
from pypdf import PdfReader, PdfWriter, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.filters import FlateDecode, decode_stream_data
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NullObject, PdfObject, StreamObject

from luton2040.problems import Refused
from pledges.models import Evidence, Offer, PledgeUpdate

LARGEST = 10 * 1024 * 1024  # bytes, before and after
MOST_PIXELS = 50_000_000  # a picture of few bytes may unpack to any number
LONGEST_SIDE = 4000  # pixels; a larger picture shows no more, and is made smaller
MOST_PAGES = 300
MOST_OBJECTS = 100_000  # of a PDF: each takes time and memory, however few bytes it has in the file
MOST_UNPACKED = 100_000_000  # bytes of a PDF's text and drawings, which may unpack to any number
KEPT_FOR = timedelta(days=183)  # where nothing names it any more

Kind = Evidence.Kind
_BEGINNINGS = {b"%PDF-": Kind.PDF, b"\x89PNG\r\n\x1a\n": Kind.PNG, b"\xff\xd8\xff": Kind.JPEG}
_PICTURES = {Kind.PNG: PngImagePlugin.PngImageFile, Kind.JPEG: JpegImagePlugin.JpegImageFile}
_AS_IT_IS = {Kind.PNG: ("1", "L", "LA", "RGB", "RGBA"), Kind.JPEG: ("L", "RGB")}  # how colours may stay written
# All of a page that it takes to show it: no notes, links, fields, thumbnails or what a program kept with it.
_OF_A_PAGE = ("/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group")
# What else may hide in a font, a picture or a form that a page shows: parts of these types, and what streams name so.
_NOT_SHOWN = ("/Metadata", "/EmbeddedFile", "/Filespec", "/Action")
_HIDDEN = (
    *("/Metadata", "/PieceInfo", "/AF", "/OPI", "/Ref", "/PS", "/Alternates", "/Measure", "/PtData"),
    *("/LastModified", "/F", "/FFilter", "/FDecodeParms"),
)
_PACKINGS = ("/FlateDecode", "/LZWDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/RunLengthDecode")
_SLOW = ("/LZWDecode", "/RunLengthDecode")
_PHOTOGRAPH = ("/DCTDecode", "/DCT", "/JPXDecode")
_JPEG_SHOWN = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xE0)})  # markers of a JPEG's segments that make the picture
_JPEG_KIND = {0xE0: b"JFIF\0\1\1\0\0\1\0\1\0\0", 0xEE: b"Adobe"}  # and of those that tell how colours are written
_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_JPEG_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_INLINE_JPEG = re.compile(rb"(?<=ID[\s\0])(?=\xff\xd8\xff)")

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

PACKED_PICTURE = (
    "A picture in the PDF is packed so that what it tells of who took it, and where, cannot be taken out.",
    "Print it to a new PDF and choose that.",
)


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
    _strip(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _has_fields(reader: PdfReader) -> bool:
    form = reader.root_object.get("/AcroForm")
    form = form.get_object() if form is not None else {}
    return bool(form.get("/Fields") or form.get("/XFA"))


def _strip(writer: PdfWriter) -> None:
    """Whatever nothing leads to any more is not written."""
    left, reached, waiting = MOST_UNPACKED, set[int](), [writer.root_object.indirect_reference]
    while waiting:
        part = waiting.pop()
        if isinstance(part, IndirectObject):
            if part.idnum not in reached:
                reached.add(part.idnum)
                waiting.append(writer._objects[part.idnum - 1])
        elif isinstance(part, DictionaryObject):
            left -= _strip_part(part, left)
            waiting.extend(part.values())
        elif isinstance(part, ArrayObject):
            waiting.extend(part)
    writer._objects = [found if n in reached else None for n, found in enumerate(writer._objects, start=1)]


def _strip_part(part: DictionaryObject, left: int) -> int:
    """How many bytes it unpacked to, of those that are left."""
    if _value(part, "/Type") in _NOT_SHOWN or _value(part, "/Subtype") == "/XML":
        part.clear()
        if isinstance(part, StreamObject):
            part._data = b""
    if not isinstance(part, StreamObject):
        return 0
    for name in _HIDDEN:
        part.pop(NameObject(name), None)
    return _repack(part, left) if part._data else 0


def _value(part: DictionaryObject, name: str) -> PdfObject | None:
    value = part.get(name)
    return value.get_object() if value is not None else None


def _each(value: PdfObject | None) -> list[PdfObject]:
    """What may stand alone or in an array."""
    return [each.get_object() for each in value] if isinstance(value, ArrayObject) else [value or NullObject()]


def _repack(part: StreamObject, left: int) -> int:
    """Written anew is whatever may hold a photograph with its notes; other pictures stay as they are."""
    filters = _each(_value(part, "/Filter")) if "/Filter" in part else []
    if _value(part, "/Subtype") == "/Image" and not set(filters) & set(_PHOTOGRAPH):
        return 0
    settings = (_each(_value(part, "/DecodeParms")) + [NullObject()] * len(filters))[: len(filters)]
    last = filters[-1:] if filters and filters[-1] in _PHOTOGRAPH[:2] else []
    packings = filters[: len(filters) - len(last)]
    if not set(packings) <= set(_PACKINGS):
        raise Refused(*PACKED_PICTURE)
    data, unpacked = part._data, 0
    for packing, setting in zip(packings, settings, strict=False):
        # Those of a row before or of a table of their own take about ten times as long.
        cost = 10 if packing in _SLOW or isinstance(setting, DictionaryObject) and setting else 1
        data = _unpacked(data, packing, setting, (left - unpacked) // cost)
        unpacked += len(data) * cost
    part.pop(NameObject("/DecodeParms"), None)
    if last:
        part._data, part[NameObject("/Filter")] = _without_notes(data)[0], NameObject("/DCTDecode")
        if isinstance(settings[-1], DictionaryObject):
            part[NameObject("/DecodeParms")] = settings[-1]
    else:
        part._data, part[NameObject("/Filter")] = FlateDecode.encode(_drawing(data)), NameObject("/FlateDecode")
    return unpacked


def _unpacked(data: bytes, packing: PdfObject, setting: PdfObject, left: int) -> bytes:
    packed = StreamObject()
    packed._data, packed[NameObject("/Filter")], packed[NameObject("/DecodeParms")] = data, packing, setting
    most = dict.fromkeys(("zlib", "lzw", "run_length"), max(left, 1))  # none at all would stand for any number
    limits = {f"{name}_maximum_output_length": value for name, value in most.items()}
    try:
        # What is damaged could be put together again byte by byte, which takes minutes.
        with apply_configuration(zlib_maximum_recovery_input_length=0, **limits):
            found = decode_stream_data(packed)
    except LimitReachedError as error:
        raise Refused(*(DAMAGED_PDF if isinstance(error.__cause__, zlib.error) else TOO_INTRICATE)) from error
    if len(found) > left:
        raise Refused(*TOO_INTRICATE)
    return found


def _drawing(data: bytes) -> bytes:
    """What is drawn may have photographs within it."""
    first, *rest = _INLINE_JPEG.split(data)
    if len(re.findall(rb"/DCT(?:Decode)?\b", data)) > len(rest):
        raise Refused(*PACKED_PICTURE)
    kept = [first]
    for each in rest:
        picture, end = _without_notes(each)
        kept += picture, each[end:]
    return b"".join(kept)


def _without_notes(jpeg: bytes) -> tuple[bytes, int]:
    """What it takes to show it, and where it ends: it may also say where and with what it was taken."""
    kept, at = [b"\xff\xd8"], 2
    while jpeg.startswith(b"\xff\xd8") and (found := _JPEG_MARKER.match(jpeg, at)):
        marker, at = found[1][0], found.end()
        if marker == 0xD9:
            return b"".join([*kept, b"\xff\xd9"]), at
        end = at + max(int.from_bytes(jpeg[at : at + 2], "big"), 2)
        kept.append(_segment(marker, jpeg[at + 2 : end]))
        at = end
        if marker == 0xDA:  # the picture itself, as far as it goes
            scan_end = _JPEG_SCAN_END.search(jpeg, at)
            at = scan_end.start() if scan_end else len(jpeg)
            kept.append(jpeg[end:at])
            if not scan_end:
                return b"".join(kept), at
    raise Refused(*DAMAGED_PDF)


def _segment(marker: int, body: bytes) -> bytes:
    if marker in _JPEG_KIND:
        if not body.startswith(_JPEG_KIND[marker][:5]):
            return b""
        body = _JPEG_KIND[marker] if marker == 0xE0 else body[:12]
    elif marker not in _JPEG_SHOWN:
        return b""
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body
