"""About, privacy and accessibility."""

import pytest

from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def test_about_tells_what_is_official_and_where_everything_is_from(client):
    page = Page(client.get("/about/"))
    assert "The measures were chosen for this site." in page.main
    assert "People living here" in words(page.section("Exampleton in figures"))
    assert "2020 It began. Source: A source (2025)." in " ".join(
        " ".join(page.section("The story so far").itertext()).split()
    )


def test_about_claims_no_result_for_a_published_date_that_has_passed(client):
    said = words(Page(client.get("/about/")).section("What the council has said it will do, in numbers"))
    assert "A hundred homes by 2025. No result. Source: A source (2025)." in said
    assert "They are not called met or missed here." in said


@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/"])
@pytest.mark.parametrize(
    "email, said, link",
    [
        pytest.param("a@exampleton.example", "Write to a@exampleton.example.", "mailto:a@exampleton.example",
                     id="address"),
        pytest.param("", "Contact Exampleton Council through its website", "https://exampleton.example/",
                     id="no address"),
    ],
)  # fmt: skip
def test_reader_is_told_whom_to_write_to(client, settings, path, email, said, link):
    settings.CONTACT_EMAIL = email
    page = Page(client.get(path))
    assert said in page.main
    assert link in page.links


def test_privacy_promises_what_the_other_tests_hold(client):
    main = Page(client.get("/privacy/")).main
    assert "Public pages set no cookie" in main and "No page loads anything from another site" in main


def test_accessibility_statement_has_what_the_law_asks_for(client):
    page = Page(client.get("/accessibility/"))
    for heading in (
        "How accessible this website is", "Feedback and contact information", "Enforcement procedure",
        "Compliance status", "Non-accessible content", "Preparation of this accessibility statement",
    ):  # fmt: skip
        assert heading in page.headings
    assert "Web Content Accessibility Guidelines version 2.2 AA" in page.main
