"""The mission's page."""

import pytest

from luton2040.vision import Vision
from tests import factories as make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client):
    return Page(client.get("/mission/"))


def test_page_says_what_the_mission_is(client):
    page = ask(client)
    assert words(page.one("h1")) == "Nobody goes without"
    assert "Going without affects everything else." in page.main


def test_page_tells_what_is_known_of_each_end_point(client):
    section = ask(client).section("1 end point, and what is known of each")
    said = words(section)
    assert "Nobody goes hungry." in said and "Moving, but too slowly" in said
    assert "People in good jobs: 9.9% in Exampleton in 2024." in said
    assert "By 2024 it needed to be 8.9% or less." in said
    assert "The goal is published. Source: A source (2025)." in said
    assert "/outcomes/xm1/" in [a.get("href") for a in section.iter("a")]


def test_page_says_of_an_end_point_without_a_value_that_nothing_is_known(client):
    make.create_outcome(
        code="XM2", priority=None, position=6, short_label="Nobody cold", caveat="Nobody measures the cold."
    )
    vision = Vision.objects.current().get()
    vision.mission_goals.append({"text": "Nobody is cold.", "by": "2035", "outcome": "XM2", "sources": ["a-source"]})
    vision.save()
    said = words(ask(client).section("2 end points, and what is known of each"))
    assert "Nobody is cold." in said and "Awaiting data" in said and "Nobody measures the cold." in said


def test_page_shows_an_end_point_that_nothing_measures_without_a_status(client):
    vision = Vision.objects.current().get()
    vision.mission_goals = [{"text": "Nobody is sad.", "by": "2035", "outcome": "ZZ9", "sources": []}]
    vision.save()
    page = ask(client)
    assert "Nobody is sad." in words(page.section("1 end point, and what is known of each"))


def test_page_lists_the_headline_measures(client):
    page = ask(client)
    section = page.section("Headline measures")
    assert [words(h) for h in section.iter("h3")] == ["Nobody hungry"]
    assert "Moving, but too slowly" in words(section)


def test_page_says_how_poverty_is_measured_with_care(client):
    said = words(ask(client).section("How it is measured"))
    for part in (
        "A standard.",
        "It counts people.",
        "12.1",
        "Source: A source (2025).",
        "Take care.",
        "Not all is known.",
    ):
        assert part in said


def test_page_names_the_boards_of_the_mission(client):
    assert "A board" in words(ask(client).section("Who leads"))
