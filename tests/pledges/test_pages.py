"""The page of a pledge and of an organisation, files that are evidence, and what old addresses say."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from luton2040.editions import Edition
from luton2040.pdf import NoLibraries
from pledges.models import CommitmentVersion, PledgeVersion
from tests import factories as make
from tests.factories_pledges import (
    create_commitment,
    create_commitment_outcome,
    create_evidence,
    create_pledge,
    create_pledge_update,
    create_stage,
)
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
UPDATE = "a-pledge-2026-03-01"


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client, slug="a-pledge", query="", status=200):
    answer = client.get(f"/pledges/{slug}/{query}")
    assert answer.status_code == status
    return Page(answer)


def organisation(client, slug="a-charity", query=""):
    return Page(client.get(f"/organisations/{slug}/{query}"))


def promised(page):
    return [words(li) for li in page.section("What is promised").iter("li") if "promise" in li.get("class", "")]


def told(page, heading):
    section = page.section(heading)
    return dict(zip(map(words, section.iter("dt")), map(words, section.iter("dd")), strict=True))


# --- a pledge ---


def test_page_says_what_is_pledged_by_whom_and_for_what(client):
    make.create_organisation(slug="a-college", name="A college")
    create_pledge(organisations=["a-charity", "a-college"], made_on="2026-07", focus=["clean-air", "gone"])
    create_commitment(
        what="Take on apprentices.", target="20 apprentices", target_by="2030-03", helps="First jobs.", serves=["XA2"]
    )
    create_commitment_outcome(outcome="XA1", standing="published")
    create_commitment_outcome(outcome="GONE")
    create_commitment(slug="a-pledge-2", what="Help with all.", position=2, serves_all=True)
    page = ask(client)
    assert page.title == "A pledge – Exampleton 2035" and page.headings[0] == "A pledge"
    assert page.main.count("Exampleton 2035") == 1 and "Exampleton 2035 pledge" in page.main
    assert "By A charity and A college." in page.main
    assert "Made in July 2026." in page.main and "2 commitments: nothing reported yet." in page.main
    assert promised(page) == [
        "Take on apprentices. Target: 20 apprentices, by March 2030 How it is expected to help: First jobs. "
        "Outcomes it serves Good jobs Outcomes it serves, by our reading Fair pay Nothing reported yet",
        "Help with all. Serves every priority. Nothing reported yet",
    ]
    assert (page.link("Good jobs"), page.link("A college")) == ("/outcomes/xa1/", "/organisations/a-college/")
    assert told(page, "How it is to be done") == {"Priorities it is about": "Clean air"}
    assert page.link("Is this your pledge? Post an update") == "/pledges/yours/sign-in/?next=/pledges/yours/a-pledge/"


def test_page_says_who_reports_what_and_whether_it_was_checked(client):
    create_pledge(serves=["XA1"])
    create_pledge_update(
        said="We hired four.\n\nIt is a start.", organisation_id="a-charity", evidence_url="https://proof.example/a/b?c"
    )
    file = create_evidence(key="a-file", data=b"x" * 2048)
    create_pledge_update(said_on=date(2026, 5, 1), checked_on=date(2026, 5, 9), evidence=file)
    create_stage(stage="done")
    page = ask(client)
    assert promised(page) == [
        "Buy more nearby. Outcomes it serves, by our reading Good jobs "
        "Done Reported on 1 March 2026: Buy more nearby. said by the partner"
    ]
    assert [words(li) for li in page.section("What came of it").iter("li") if li.get("id")] == [
        "1 May 2026 From the partner checked by the council on 9 May 2026 We bought more. "
        "Evidence: PNG picture, 2.0 KB (downloads a file that the partner gave)",
        "1 March 2026 From A charity said by the partner We hired four. It is a start. Done: Buy more nearby. "
        "Evidence: proof.example (leads away from this site)",
    ]
    (link,) = page.all("a", href="https://proof.example/a/b?c")
    assert link.get("rel") == "nofollow noopener"
    assert list(told(page, "What is published of it")) == ["Where this is from"]
    assert "1 commitment: 1 done." in page.main


def test_what_is_not_published_is_told_as_such(client):
    create_pledge(
        made_on="2024-03", made_on_note="Perhaps later.", text_missing="One part.", sources=["a-source"],
        reported=["Half of new staff live here."], kind="organisation-commitment",
    )  # fmt: skip
    page = ask(client)
    assert "Own commitment" in page.main and "It is not published as a pledge to Exampleton 2035." in page.main
    assert "Perhaps later." in page.main and "The text of its commitments is not held here." in page.main
    assert "Nothing has been heard of it for 2 years and 8 months. Perhaps much is happening all the same" in page.main
    assert "No update has been published yet." in page.main
    assert told(page, "What is published of it") == {
        "How it went": "No result is published.",
        "Figures given beside it": "Half of new staff live here. They do not say how it went.",
        "What is missing here": "One part.",
        "Where this is from": "Source: A source (2025). What is taken from there is in our words.",
    }


def test_result_plan_and_community_are_told_as_given(client):
    create_pledge(result="Accredited", plan="We count.\n\nEach spring.", community="The college.", serves=["XA1"])
    page = ask(client)
    assert "1 commitment. Accredited." in page.main
    assert told(page, "How it is to be done") == {
        "Plan and tracking": "We count. Each spring.",
        "With whom": "The college.",
    }
    assert told(page, "What is published of it") == {
        "How it went": "Accredited.",
        "Where this is from": "Handed in by the partner, and read by an officer before it was published.",
    }


def test_pledge_that_ended_stays_with_its_day_and_reason(client):
    create_pledge(made_on="2020", withdrawn_on=date(2026, 10, 1), withdrawn_why="The mill closed", serves=["XA1"])
    page = ask(client)
    assert page.headings[:2] == ["A pledge", "This pledge has ended"]
    assert "It ended on 1 October 2026. The mill closed." in page.main
    assert "Nothing has been heard" not in page.main and "Buy more nearby." in page.main
    assert "Is this your pledge?" not in page.main


def test_earlier_wording_stays_beside_the_new_one(client, place):
    create_pledge(edition=place, serves=["XA1"])
    second = make.create_edition(now=make.NOW)
    CommitmentVersion.objects.update(last_edition=place, target="Half", target_by="2025")
    create_commitment(edition=second, what="Buy all nearby.")
    create_pledge_update(edition=place)
    create_stage(edition=place, stage="done")
    (promise,) = promised(ask(client))
    assert (
        "Done Reported on 1 March 2026: Buy all nearby. said by the partner Changed see its earlier wording" in promise
    )
    assert "Earlier wording Buy more nearby. Target: Half by 2025 Until edition 1, issued on 1 December 2026" in promise
    assert "Earlier wording" not in ask(client, query="?edition=1").main


def test_pledge_that_left_the_record_leads_to_where_it_stood(client, place):
    create_pledge(edition=place)
    PledgeVersion.objects.update(last_edition=place)
    make.create_edition(now=make.NOW)
    page = ask(client, status=404)
    assert "“A pledge” stood there until edition 1, issued on 1 December 2026." in page.main
    assert page.response["Cache-Control"] == "no-store"
    assert ask(client, query=page.link("Read it as it stood in edition 1").removeprefix("/pledges/a-pledge/"))
    assert "There is no pledge at this address." in ask(client, "never-made", status=404).main


def test_older_edition_offers_nothing_to_do(client, place):
    create_pledge(edition=place)
    make.create_edition(now=make.NOW)
    assert "Is this your pledge?" not in ask(client, query="?edition=1").main


# --- evidence ---


@pytest.mark.parametrize(
    "kind, content_type",
    [
        pytest.param("pdf", "application/pdf", id="PDF"),
        pytest.param("png", "image/png", id="PNG"),
        pytest.param("jpg", "image/jpeg", id="JPEG"),
    ],
)
def test_evidence_is_handed_out_to_be_saved_and_can_do_nothing(client, kind, content_type):
    create_pledge_update(evidence=create_evidence(kind=kind, data=b"<script>alert(1)</script>"))
    answer = client.get("/pledges/evidence/a-file/")
    assert (answer.status_code, answer.content) == (200, b"<script>alert(1)</script>")
    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"] == f'attachment; filename="a-pledge-2026-03-01.{kind}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    rules = answer["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox"} <= set(rules) and "'self'" not in answer["Content-Security-Policy"]


def test_evidence_that_no_published_update_names_is_not_handed_out(client, place):
    create_evidence()
    assert client.get("/pledges/evidence/a-file/").status_code == 404
    create_pledge_update(edition=make.create_edition(now=make.NOW), evidence_id="a-file")
    assert client.get("/pledges/evidence/a-file/").status_code == 200
    assert client.get("/pledges/evidence/a-file/?edition=1").status_code == 404


# --- an organisation ---


def test_organisation_shows_who_it_is_and_how_its_pledges_stand(client):
    make.create_organisation(
        slug="a-mill", name="A mill", kind="manufacturer", kind_standing="inferred", is_anchor=True,
        url="https://www.mill.example/about",
    )  # fmt: skip
    create_pledge(organisations=["a-mill", "a-charity"], made_on="2026-05", serves=["XA1"])
    create_commitment(slug="a-pledge-2", position=2)
    create_pledge_update()
    create_stage(stage="done")
    create_pledge(slug="quiet", title="A quiet one", organisations=["a-mill"], made_on="2025-10", serves=["XA1"])
    create_pledge(slug="named", title="A named one", organisations=["a-mill"], result="Accredited", serves=["XA1"])
    create_pledge(
        slug="over", title="An old one", organisations=["a-mill"], withdrawn_on=date(2026, 10, 1), withdrawn_why="Done."
    )
    make.create_plan(slug="mill-plan", name="The mill’s plan", owner="org:a-mill", owner_standing="inferred")
    page = organisation(client, "a-mill")
    assert "Manufacturer our reading anchor institution" in page.main
    assert page.link("www.mill.example") == "https://www.mill.example/about"
    assert [words(li) for li in page.section("Its pledges").iter("li")] == [
        "A named one Exampleton 2035 pledge. 1 commitment Accredited.",
        "A pledge Exampleton 2035 pledge of A mill and A charity. Made in May 2026. "
        "2 commitments 1 Done 1 not reported on",
        "A quiet one Exampleton 2035 pledge. Made in October 2025. Nothing has been heard of it for 13 months. "
        "1 commitment Nothing reported yet",
        "An old one Exampleton 2035 pledge. Ended on 1 October 2026. Done. 0 commitments",
    ]
    assert words(page.section("Plans that it owns")).endswith("The mill’s plan (in force; owner by our reading)")
    assert "4 commitments · 1 done, 3 not reported on" in page.main
    assert (
        '<a href="http://testserver/organisations/a-mill/"><img src="http://testserver/organisations/a-mill/badge.svg" '
        'alt="What A mill has pledged to Exampleton 2035, and how it stands" width="360"></a>' in page.main
    )
    assert page.link("Certificate (PDF)") == "/organisations/a-mill/certificate.pdf"


def test_organisation_without_a_pledge_says_so_and_has_nothing_to_show(client):
    page = organisation(client, "a-council")
    assert "No pledge of A council stands in the register now." in page.main
    assert "Show it" not in page.headings
    assert client.get("/organisations/a-council/certificate.pdf").status_code == 404
    badge = client.get("/organisations/a-council/badge.svg")
    assert (badge.status_code, badge["Content-Type"]) == (200, "image/svg+xml")
    assert "No pledge in the register now" in badge.content.decode()


def test_organisation_whose_pledges_ended_leads_from_badge_and_certificate_to_the_newest(client):
    for slug, day in (("newest", date(2026, 10, 1)), ("old", date(2026, 2, 1))):
        create_pledge(slug=slug, title=slug.title(), withdrawn_on=day, withdrawn_why="The mill closed")
    assert "Pledge ended on 1 October 2026" in client.get("/organisations/a-charity/badge.svg").content.decode()
    answer = client.get("/organisations/a-charity/certificate.pdf")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    page = Page(answer)
    assert "“Newest” ended on 1 October 2026. The mill closed." in page.main
    assert page.link("Read what was promised and what came of it") == "/pledges/newest/"


@pytest.mark.parametrize("path", ["", "badge.svg", "certificate.pdf"])
def test_there_is_nothing_of_an_organisation_that_is_not_there(client, path):
    answer = client.get(f"/organisations/nobody/{path}")
    assert answer.status_code == 404 and "There is no organisation at this address." in Page(answer).main


# --- the certificate ---


def test_certificate_says_what_is_promised_and_who_vouches_for_it(client):
    create_pledge(made_on="2026-05", serves=["XA1"])
    create_commitment(slug="a-pledge-2", position=2, what="Plant trees.", target="Ten", target_by="2027")
    create_commitment(slug="a-pledge-3", position=3, what="Buy a van.")
    create_pledge_update()
    create_stage(commitment="a-pledge-3", stage="ended")
    create_pledge(slug="bare", title="Bare")
    create_pledge(slug="over", title="An old one", withdrawn_on=date(2026, 10, 1), withdrawn_why="Done.")
    answer = client.get("/organisations/a-charity/certificate.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    (page,) = (pdf := PdfReader(BytesIO(answer.content))).pages
    text = " ".join(page.extract_text().split())
    for part in (
        "A charity",
        "What is promised A pledge Exampleton 2035 pledge. Made in May 2026.",
        "Buy more nearby.",
        "Plant trees. Ten, by 2027",
        "Bare Exampleton 2035 pledge. The text of this pledge is not held in the register.",
        "This is a promise, not an award. A charity makes it, and nobody else vouches for it.",
        "From edition 1 of the public record, issued on 1 December 2026.",
        "organisations/a-charity/",
    ):
        assert part in text
    assert "Buy a van." not in text and "An old one" not in text
    root = pdf.trailer["/Root"]
    assert pdf.metadata.title == "A charity: what is promised to Exampleton 2035"
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()


def test_certificate_without_what_makes_pdfs_says_where_the_same_is(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise NoLibraries

    create_pledge()
    monkeypatch.setattr("luton2040.pdf.made_from", refuse)
    answer = client.get("/organisations/a-charity/certificate.pdf")
    assert answer.status_code == 503 and "the page of the organisation" in Page(answer).main


# --- what it costs ---


@pytest.mark.parametrize("path, queries", [("/pledges/p-0/", 15), ("/organisations/a-charity/", 12)])
def test_pages_take_as_many_queries_however_much_there_is_to_tell(client, path, queries, django_assert_num_queries):
    for number in range(3):
        create_pledge(slug=f"p-{number}", serves=["XA1", "XA2", "XB1"])
        create_pledge_update(pledge=f"p-{number}", organisation_id="a-charity")
        create_stage(commitment=f"p-{number}-1", update=f"p-{number}-2026-03-01")
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200
    for number in range(10):
        create_commitment(slug=f"more-{number}", pledge="p-0", position=2 + number, serves=["XA1"])
        create_pledge_update(pledge="p-0", key=f"more-{number}", said_on=date(2026, 1, 1 + number))
        create_pledge(slug=f"q-{number}", serves=["XA1"])
    Edition.objects.update(issued_at=make.NOW)  # nothing is kept from before
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200
