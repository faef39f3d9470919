"""Files that partners hand in: only what they show is kept, and what could do harm is refused in words."""

import io
from datetime import timedelta

import pytest
from PIL import Image, ImageFile, PngImagePlugin
from pypdf import PdfReader, PdfWriter
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
    ],
)
def test_file_is_refused_in_words(data, why, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as once a PDF was made in the same process
    with pytest.raises(Refused) as refused:
        evidence.cleaned(data)
    assert (refused.value.what, refused.value.mend) == why


def noise():
    out = io.BytesIO()
    Image.effect_noise((300, 300), 90).save(out, "JPEG", quality=1)
    return out.getvalue()


@pytest.mark.parametrize(
    "limit, most, data, why",
    [
        pytest.param("MOST_OBJECTS", 2, written(pdf()), evidence.TOO_INTRICATE, id="PDF of many parts"),
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


@pytest.mark.parametrize(
    "jpeg", [b"\xff\xd8", b"\xff\xd8\xff\xe1", b"\xff\xd8rest"], ids=["bare", "cut off", "no segments"]
)
def test_picture_within_a_pdf_that_is_not_well_written_stays(jpeg):
    assert evidence._without_notes(jpeg) == jpeg


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
