"""Files that partners hand in: only what they show is kept, and what could do harm is refused in words."""

import io
import zlib
from datetime import timedelta

import pytest
from PIL import Image, ImageFile, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.filters import decode_stream_data
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from luton2040.problems import Refused
from pledges import evidence
from pledges.models import Evidence, Offer
from tests.factories import NOW
from tests.factories_pledges import create_evidence, create_offer, create_pledge, create_pledge_update

SECRET = b"SECRET"
Kind, State = Evidence.Kind, Offer.State


def picture(kind, mode="RGB", size=(40, 30), **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def opened(content) -> Image.Image:
    return Image.open(io.BytesIO(content))


def pdf(pages=1) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    return writer


def written(writer) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def part(kind=DictionaryObject, **entries):
    """Of a PDF; plain texts are names."""
    found = kind()
    for name, value in entries.items():
        value = NameObject(value) if type(value) is str else value
        found[NameObject(f"/{name}")] = NumberObject(value) if isinstance(value, int) else value
    return found


def stream(data, **entries):
    found = part(StreamObject, **entries)
    found._data = data
    return found


# --- pictures ---


def png_with_secrets():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SECRET")
    notes.add_itxt("XML:com.adobe.xmp", "SECRET")
    return picture("PNG", pnginfo=notes, icc_profile=SECRET) + b"<script>SECRET</script>"


def photograph():
    """Taken with the camera on its side, at a place that it tells."""
    told = Image.Exif()
    told[0x0112], told[0x010E] = 6, "SECRET"
    told.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=told, comment=SECRET, icc_profile=SECRET)


def test_picture_keeps_what_it_shows_and_nothing_else():
    kind, content = evidence.cleaned(png_with_secrets())
    assert (kind, opened(content).size, opened(content).info) == (Kind.PNG, (40, 30), {})
    assert SECRET in png_with_secrets() and SECRET not in content


def test_photograph_stands_upright_and_tells_no_place():
    kind, content = evidence.cleaned(photograph() + SECRET)
    assert (kind, opened(content).size, dict(opened(content).getexif())) == (Kind.JPEG, (30, 40), {})
    assert SECRET in photograph() and SECRET not in content and b"Exif" not in content


@pytest.mark.parametrize(
    "data, mode",
    [
        pytest.param(picture("PNG", "1"), "1", id="black and white"),
        pytest.param(picture("PNG", "RGBA"), "RGBA", id="see-through"),
        pytest.param(picture("PNG", "P"), "RGB", id="palette"),
        pytest.param(picture("PNG", "P", transparency=0), "RGBA", id="palette with a see-through colour"),
        pytest.param(picture("JPEG", "L"), "L", id="grey photograph"),
        pytest.param(picture("JPEG", "CMYK"), "RGB", id="colours for print"),
    ],
)
def test_colours_stay_or_become_those_of_a_screen(data, mode):
    assert opened(evidence.cleaned(data).content).mode == mode


def test_picture_that_is_larger_than_it_need_be_is_made_smaller():
    assert opened(evidence.cleaned(picture("PNG", "1", (5000, 2500))).content).size == (4000, 2000)


# --- PDF ---


def pdf_with_secrets() -> bytes:
    writer = pdf()
    writer.add_metadata({"/Author": "SECRET"})
    writer.add_attachment("SECRET.txt", SECRET)
    script = part(S="/JavaScript", JS=TextStringObject("SECRET"))
    metadata = writer._add_object(stream(SECRET, Type="/Metadata", Subtype="/XML"))
    image = stream(
        photograph(), Type="/XObject", Subtype="/Image", Width=40, Height=30, ColorSpace="/DeviceRGB",
        BitsPerComponent=8, Filter="/DCTDecode", Metadata=metadata, PieceInfo=part(Secret=TextStringObject("SECRET")),
    )  # fmt: skip
    page = writer.pages[0]
    for name, value in {
        "/AA": part(O=script),
        "/Annots": ArrayObject([writer._add_object(part(Subtype="/Link", A=script))]),
        "/PieceInfo": part(Secret=TextStringObject("SECRET")),
        "/Resources": part(
            # What a page calls its pictures may be any name, such as those of keys that are taken out elsewhere.
            XObject=part(Ref=writer._add_object(image)),
            Properties=part(MC0=part(Metadata=metadata)),
        ),
    }.items():
        page[NameObject(name)] = value
    writer.root_object[NameObject("/OpenAction")] = script
    writer.root_object[NameObject("/Metadata")] = metadata
    return written(writer) + SECRET


def test_pdf_keeps_its_pages_and_nothing_else():
    kind, content = evidence.cleaned(pdf_with_secrets())
    (page,) = PdfReader(io.BytesIO(content)).pages
    assert kind == Kind.PDF and content.startswith(b"%PDF-") and PdfReader(io.BytesIO(content)).metadata is None
    assert [found.image.size for found in page.images] == [(40, 30)]
    assert pdf_with_secrets().count(SECRET) > 9 and SECRET not in content
    assert content == evidence.cleaned(pdf_with_secrets()).content
    for word in (b"/JavaScript", b"/OpenAction", b"/EmbeddedFile", b"/Annots", b"/PieceInfo", b"Exif"):
        assert word not in content


def told(data: bytes) -> bytes:
    """All that a PDF holds, whether or not anything leads to it, with every stream unpacked as far as a photograph."""
    reader = PdfReader(io.BytesIO(data))
    found = [data]
    for number in {number for known in reader.xref.values() for number in known} | set(reader.xref_objStm):
        each = reader.get_object(number)
        found.append(repr(each).encode())
        if isinstance(each, StreamObject):
            filters = each["/Filter"] if "/Filter" in each else ArrayObject()
            filters = filters if isinstance(filters, ArrayObject) else [filters]
            outer = ArrayObject(name for name in filters if name not in ("/DCTDecode", "/JPXDecode"))
            found.append(decode_stream_data(stream(each._data, Filter=outer)))
    return b"\n".join(found)


def names(*names):
    return ArrayObject(NameObject(name) for name in names)


def drawn(make, content=b"") -> bytes:
    """A page that shows one thing; to make it takes the writer, for what it may refer to."""
    writer = pdf()
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream(content))
    writer.pages[0][NameObject("/Resources")] = part(XObject=part(It=writer._add_object(make(writer))))
    return written(writer)


def form_with(make):
    """What a form that is drawn may carry with it."""
    return drawn(lambda writer: stream(b"0 0 9 9 re f", Subtype="/Form", **make(writer)))


def photo(data, names, **entries):
    size = {"Width": 40, "Height": 30, "ColorSpace": "/DeviceRGB", "BitsPerComponent": 8}
    return drawn(lambda writer: stream(data, Subtype="/Image", Filter=names(writer), **size, **entries))


def chained(*filters, data):
    return photo(data, lambda writer: names(*filters), DecodeParms=ArrayObject([part(), part(ColorTransform=1)]))


def read_as_text():
    return chained("/ASCIIHexDecode", "/DCTDecode", data=photograph().hex().encode() + b">")


def with_segment(marker, body):
    """A photograph whose first segment tells more."""
    plain = picture("JPEG")
    return plain[:2] + bytes((0xFF, 0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body + plain[2:]


def direct(jpeg):
    return photo(jpeg, lambda writer: "/DCTDecode")


def in_line(jpeg, filters=b"/DCT"):
    begins = b"q BI /W 40 /H 30 /CS /RGB /BPC 8 /F %s ID " % filters
    return drawn(lambda writer: stream(b"", Subtype="/Form"), begins + jpeg + b" EI Q " + begins + jpeg + b" EI Q")


def aside(writer):
    """What is told in a part of its own, which another part refers to."""
    return writer._add_object(part(Private=writer._add_object(part(Author=TextStringObject("SECRET")))))


def untyped(writer):
    return writer._add_object(stream(b"<x>SECRET</x>", Type=writer._add_object(NameObject("/Metadata"))))


def orphaned():
    writer = pdf()
    aside(writer)
    return written(writer)


def with_thumbnail():
    writer = pdf()
    writer.pages[0][NameObject("/Thumb")] = writer._add_object(stream(zlib.compress(SECRET), Filter="/FlateDecode"))
    return written(writer)


def in_object_stream():
    """As most programs write it: parts packed together, found by a table that is packed too."""
    inner = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    inner += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/PieceInfo 4 0 R>>", b"<</Author(SECRET)>>"]
    starts = b" ".join(b"%d %d" % (n, sum(map(len, inner[: n - 1]))) for n in range(1, 5)) + b" "
    packed = zlib.compress(starts + b"".join(inner))
    begins = b"/Type/ObjStm/N 4/First %d/Filter/FlateDecode" % len(starts)
    first = b"%PDF-1.5\n" + b"5 0 obj<<%s/Length %d>>stream\n%s\nendstream endobj\n" % (begins, len(packed), packed)
    rows = [bytes(4), *(bytes((2, 0, 5, n)) for n in range(4)), bytes((1, 0, 9, 0))]
    rows.append(b"\x01" + len(first).to_bytes(2, "big") + b"\0")
    table = b"6 0 obj<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Length 28>>stream\n%s\nendstream endobj\n" % b"".join(rows)
    return first + table + b"startxref\n%d\n%%%%EOF\n" % len(first)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(direct(photograph()), id="notes of a photograph"),
        pytest.param(direct(photograph() + SECRET), id="after a photograph"),
        pytest.param(direct(with_segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\2SECRET")), id="small picture in its head"),
        pytest.param(direct(with_segment(0xE0, b"JFXX\0\x13SECRET")), id="small picture of another make"),
        pytest.param(
            direct(with_segment(0xEE, b"Adobe\0\x64\0\0\0\0\1SECRET")), id="after how its colours are written"
        ),
        pytest.param(direct(with_segment(0xF3, SECRET)), id="segment of no known kind"),
        pytest.param(
            photo(photograph(), lambda writer: writer._add_object(NameObject("/DCTDecode"))), id="filter elsewhere"
        ),
        pytest.param(read_as_text(), id="photograph as text"),
        pytest.param(
            chained("/FlateDecode", "/DCTDecode", data=zlib.compress(photograph())), id="photograph packed twice"
        ),
        pytest.param(in_line(photograph()), id="photographs within a drawing"),
        pytest.param(form_with(lambda writer: {"PieceInfo": aside(writer)}), id="what a program kept"),
        pytest.param(form_with(lambda writer: {"Metadata": untyped(writer)}), id="notes whose type is elsewhere"),
        pytest.param(form_with(lambda writer: {"Own": untyped(writer)}), id="notes under another name"),
        pytest.param(
            form_with(lambda writer: {"Metadata": writer._add_object(stream(SECRET))}), id="notes without a type"
        ),
        pytest.param(form_with(lambda writer: {"PS": writer._add_object(stream(SECRET))}), id="PostScript"),
        pytest.param(form_with(lambda writer: {"OPI": aside(writer)}), id="picture elsewhere"),
        pytest.param(form_with(lambda writer: {"F": TextStringObject("SECRET")}), id="name of a file"),
        pytest.param(
            drawn(lambda writer: stream(zlib.compress(b"n") + SECRET, Subtype="/Form", Filter="/FlateDecode")),
            id="after what is packed",
        ),
        pytest.param(with_thumbnail(), id="small picture of a page"),
        pytest.param(orphaned(), id="nothing leads to it"),
        pytest.param(in_object_stream(), id="parts packed together"),
        pytest.param(written(pdf()) + SECRET, id="after the end"),
    ],
)
def test_pdf_tells_nothing_that_it_does_not_show(data):
    assert SECRET in told(data) and SECRET not in told(evidence.cleaned(data).content)


@pytest.mark.parametrize(
    "data",
    [
        direct(photograph()),
        chained("/FlateDecode", "/DCTDecode", data=zlib.compress(photograph())),
        in_line(photograph()),
        direct(picture("JPEG", progressive=True)),
    ],
    ids=["alone", "packed twice", "within a drawing", "in several passes"],
)
def test_photograph_within_a_pdf_still_shows_the_same(data):
    """Not a pixel of it is written anew."""
    before, after = (PdfReader(io.BytesIO(each)).pages[0].images for each in (data, evidence.cleaned(data).content))
    assert [each.image.tobytes() for each in before] == [each.image.tobytes() for each in after] != []


def test_photograph_within_a_pdf_that_is_cut_off_shows_as_far_as_it_goes():
    (image,) = (
        PdfReader(io.BytesIO(evidence.cleaned(direct(photograph()[:-2])).content))
        .pages[0]["/Resources"]["/XObject"]
        .values()
    )
    assert image.get_object()._data == evidence._without_notes(photograph())[0][:-2]


def locked():
    writer = pdf()
    writer.encrypt("a password")
    return written(writer)


def form(**entries):
    writer = pdf()
    writer.root_object[NameObject("/AcroForm")] = part(**entries)
    return written(writer)


def by_hand(pages):
    """As short as can be."""
    objects = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[%s]/Count 1>>endobj\n" % pages
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    return b"%PDF-1.4\n" + objects + page + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


@pytest.mark.parametrize(
    "data, why",
    [
        pytest.param(b"", evidence.EMPTY, id="empty"),
        pytest.param(b"<html><script>alert(1)</script>", evidence.OTHER_KIND, id="HTML"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", evidence.OTHER_KIND, id="SVG"),
        pytest.param(b"GIF89a" + bytes(99), evidence.OTHER_KIND, id="another kind of picture"),
        pytest.param(b"\n%PDF-1.4", evidence.OTHER_KIND, id="something before it"),
        pytest.param(b"\x89PNG\r\n\x1a\n<html>", evidence.DAMAGED_PICTURE, id="HTML that begins like a PNG"),
        pytest.param(b"\xff\xd8\xff<html>", evidence.DAMAGED_PICTURE, id="HTML that begins like a JPEG"),
        pytest.param(b"%PDF-1.4 <html>", evidence.DAMAGED_PDF, id="HTML that begins like a PDF"),
        pytest.param(picture("PNG")[:60], evidence.DAMAGED_PICTURE, id="cut off"),
        pytest.param(picture("PNG", "1", (50_000, 1_001)), evidence.TOO_MANY_PIXELS, id="many pixels in few bytes"),
        pytest.param(bytes(evidence.LARGEST + 1), evidence.TOO_LARGE, id="too large"),
        pytest.param(locked(), evidence.LOCKED, id="locked PDF"),
        pytest.param(form(Fields=ArrayObject([NumberObject(1)])), evidence.IS_FORM, id="form"),
        pytest.param(form(XFA=ArrayObject([NumberObject(1)])), evidence.IS_FORM, id="form of another make"),
        pytest.param(written(pdf(pages=0)), evidence.DAMAGED_PDF, id="no pages"),
        pytest.param(written(pdf(pages=301)), evidence.TOO_MANY_PAGES, id="too many pages"),
        pytest.param(by_hand(b"2 0 R"), evidence.DAMAGED_PDF, id="pages within themselves"),
        pytest.param(direct(b"\xff\xd8rest"), evidence.DAMAGED_PDF, id="PDF with a photograph that is none"),
        pytest.param(direct(b" " + photograph()), evidence.DAMAGED_PDF, id="PDF with something before a photograph"),
        pytest.param(
            chained("/FlateDecode", "/DCTDecode", data=b"?" * 99), evidence.DAMAGED_PDF, id="PDF with a damaged part"
        ),
        pytest.param(chained("/JPXDecode", data=SECRET), evidence.PACKED_PICTURE, id="PDF with JPEG 2000"),
        pytest.param(
            chained("/DCTDecode", "/FlateDecode", data=SECRET), evidence.PACKED_PICTURE, id="PDF packed the wrong way"
        ),
        pytest.param(in_line(SECRET, b"[/AHx /DCT]"), evidence.PACKED_PICTURE, id="PDF with a packed one in a drawing"),
    ],
)
def test_file_is_refused_in_words(data, why, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as once a PDF was made in the same process
    with pytest.raises(Refused) as refused:
        evidence.cleaned(data)
    assert (refused.value.what, refused.value.mend) == why


def unpacks():
    return drawn(lambda writer: stream(zlib.compress(b"n " * 999), Subtype="/Form", Filter="/FlateDecode"))


def noise():
    out = io.BytesIO()
    Image.effect_noise((300, 300), 90).save(out, "JPEG", quality=1)
    return out.getvalue()


@pytest.mark.parametrize(
    "limit, most, data, why",
    [
        pytest.param("MOST_OBJECTS", 2, written(pdf()), evidence.TOO_INTRICATE, id="PDF of many parts"),
        pytest.param("MOST_UNPACKED", 99, read_as_text(), evidence.TOO_INTRICATE, id="PDF that unpacks to more"),
        pytest.param("MOST_UNPACKED", 99, unpacks(), evidence.TOO_INTRICATE, id="PDF of few bytes that does"),
        pytest.param("LARGEST", len(noise()), noise(), evidence.GREW, id="picture that grows"),
        pytest.param("LARGEST", 220, by_hand(b"3 0 R"), evidence.TOO_LARGE, id="PDF that grows"),
    ],
)
def test_file_is_refused_that_is_over_a_limit_only_as_it_is_read_or_written(monkeypatch, limit, most, data, why):
    evidence.cleaned(data)
    monkeypatch.setattr(evidence, limit, most)
    with pytest.raises(Refused) as refused:
        evidence.cleaned(data)
    assert len(data) <= evidence.LARGEST and (refused.value.what, refused.value.mend) == why


# --- keeping ---


@pytest.mark.django_db
def test_file_is_kept_once_under_one_key():
    file = evidence.cleaned(picture("PNG"))
    first, again = (evidence.keep(file, key="a-key", now=NOW) for _ in range(2))
    assert first == again and (first.kind, first.size) == (Kind.PNG, len(file.content))
    assert bytes(Evidence.objects.get().content) == file.content


@pytest.mark.django_db
def test_unnamed_is_what_neither_an_update_nor_an_open_offer_names():
    for key in ("published", "waiting", "asked", "declined", "nobody's"):
        create_evidence(key=key)
    create_evidence(key="new", now=NOW + timedelta(days=2))
    create_pledge()
    create_pledge_update(evidence_id="published")
    about = {"kind": Offer.Kind.UPDATE, "pledge_id": "a-pledge", "organisation_id": "a-charity"}
    for state in (State.WAITING, State.ASKED, State.DECLINED):
        create_offer(state=state, evidence_id=state.value, **about)
    found = evidence.unnamed(before=NOW + timedelta(days=1))
    assert {each.key for each in found} == {"declined", "nobody's"}
