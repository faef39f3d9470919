"""Home: the wheel, the same as a list, the card of what is chosen, and what changed lately."""

import pytest

from outcomes.progress import Family, Status
from priorities.models import Fact
from tests import factories as make
from tests import record
from tests.factories_pledges import create_pledge
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
WHEEL = {
    "xa1": "Good jobs: On track, 40% of the way to the illustrative target; 27% needed by now",
    "xa2": "Fair pay: Getting worse, further from the target than at the start",
    "xb1": "Clean rivers: Awaiting data, no value yet",
    "xb2": "Less soot: Baseline only, way not known yet",
}


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client, query="", **headers):
    return Page(client.get(f"/{query}", headers=headers))


def card(page):
    (found,) = (e for e in page.root.iter() if e.get("id") == "card")
    return found


def wheel(page):
    """The links of the wheel by code, with the words that they are named by."""
    return {a.get("data-card"): a for a in page.all("a") if a.get("data-card") and a.get("aria-label")}


def test_home_says_the_vision_and_how_many_outcomes_it_comes_down_to(client):
    page = ask(client)
    assert words(page.one("h1")) == "A town where everyone does well."
    assert "These are the 4 outcomes it comes down to" in page.main
    assert page.title.startswith("Is life in Exampleton getting better?")


def test_wheel_names_every_outcome_with_its_status_in_words(client):
    assert {code: " ".join(a.get("aria-label").split()) for code, a in wheel(ask(client)).items()} == WHEEL


def test_wheel_and_list_say_the_same_in_the_same_order(client):
    page = ask(client)
    section = page.section("The wheel as a list")
    listed = [words(a) for a in section.iter("a") if a.get("href").startswith("/outcomes/x")]
    in_wheel = [name.split(":")[0] for name in WHEEL.values()]
    assert listed[:4] == in_wheel
    for name in WHEEL.values():
        label, said = name.split(": ", 1)
        entry = page.entry(label)
        status, way = said.split(", ", 1)
        assert status in entry and way.lower() in entry.lower()


def test_list_leads_to_priorities_and_outcomes_and_holds_the_mission_too(client):
    page = ask(client)
    assert page.link("Good work") == "/priorities/good-work/"
    section = page.section("The wheel as a list")
    assert "/outcomes/xm1/" in [a.get("href") for a in section.iter("a")]


def test_wheel_leads_to_cards_without_javascript(client):
    assert {code: a.get("href") for code, a in wheel(ask(client)).items()} == {
        code: f"/?outcome={code}#card" for code in WHEEL
    }


def test_hub_of_the_wheel_tells_of_the_mission(client):
    (hub,) = (a for a in ask(client).all("a") if a.get("aria-label", "").startswith("The mission:"))
    assert hub.get("href") == "/mission/"
    assert "Nobody goes without" in hub.get("aria-label")
    assert "9.9%" in words(hub) and "was 12.1%" in words(hub)


def test_hub_without_a_figure_names_the_mission_alone(client):
    make.Observation.objects.filter(measure="XM1").delete()
    (hub,) = (a for a in ask(client).all("a") if a.get("aria-label", "").startswith("The mission:"))
    assert hub.get("aria-label") == "The mission: Nobody goes without."
    assert words(hub) == "Nobody without"


# --- the card ---


def test_card_explains_the_wheel_until_an_outcome_is_chosen(client):
    said = words(card(ask(client)))
    assert "How to read the wheel" in said
    for status in Status:
        assert status.label in said


def test_card_counts_the_targets_that_are_illustrative(client):
    """Of four outcomes three have a target; one of these is published."""
    assert "2 of the 3 targets are illustrative" in words(card(ask(client)))


def test_card_of_a_chosen_outcome(client):
    page = ask(client, "?outcome=xa1")
    said = words(card(page))
    for part in (
        "Good work", "Good jobs", "I can find a good job", "On track",
        "By 2024 it needed to be 54.0% or more. It is 56.0%.", "56.0% (provisional) in 2024",
        "Source: A statistics office.", "The target is illustrative.", "Working name.",
    ):  # fmt: skip
        assert part in said
    assert "/outcomes/xa1/" in [a.get("href") for a in card(page).iter("a")]
    assert [code for code, a in wheel(page).items() if a.get("aria-current") == "true"] == ["xa1"]


def test_card_of_an_outcome_without_a_value(client):
    said = words(card(ask(client, "?outcome=xb1")))
    assert "Awaiting data" in said and "No value yet" in said
    assert "illustrative" not in said


def test_card_of_a_mission_outcome_names_the_mission(client):
    assert "Nobody goes without" in words(card(ask(client, "?outcome=xm1")))


def test_card_is_asked_for_in_any_case(client):
    assert words(card(ask(client, "?outcome=XA1"))) == words(card(ask(client, "?outcome=xa1")))


@pytest.mark.parametrize("query", ["", "?outcome=xa1", "?outcome=xb1", "?outcome=xm1", "?outcome=xa2&edition=1"])
def test_fragment_is_the_card_of_the_page(client, query):
    page, part = ask(client, query), ask(client, query, **{"HX-Request": "true"})
    assert words(card(page)) == part.text
    assert [a.get("href") for a in card(page).iter("a")] == part.links
    assert not part.all("html")


def test_fragment_says_what_to_announce(client):
    part = ask(client, "?outcome=xa1", **{"HX-Request": "true"})
    assert [e.get("data-announce") for e in part.root.iter() if "data-announce" in e.attrib] == [
        "Good jobs: On track. Its card is shown."
    ]


# --- the rest ---


def test_home_counts_how_many_stand_where(client):
    page = ask(client)
    said = " ".join(" ".join(page.section("How many stand where").itertext()).split())
    assert "1 Going well" in said and "1 Getting worse or target missed" in said
    assert "0 Needs to go faster" in said and "2 Not known yet" in said
    assert "Awaiting data: 1" in said and "Baseline only: 1" in said
    for family in Family:
        assert page.link(family.label) == f"/outcomes/?status={family.value}"


def test_home_tells_of_the_mission(client):
    said = words(ask(client).section("The mission: nobody goes without"))
    assert "Nobody goes hungry" in said and "Moving, but too slowly" in said
    assert "By 2024 it needed to be 8.9% or less." in said


def test_home_counts_the_end_points_of_the_mission_that_there_are(client):
    """Exampleton's mission has one."""
    assert "two end points" not in ask(client).main


def test_home_tells_of_the_newest_three_editions(client):
    for year in (2025, 2026, 2027):
        record.issue(make.make_row(measure="XA1", year=year, value=57), summary=f"Values of {year}.")
    said = words(ask(client).section("What changed lately"))
    assert [f"Edition {number}," in said for number in (4, 3, 2, 1)] == [True, True, True, False]
    assert "Good jobs, 2027: 57.0%" in said


def test_home_quotes_headline_facts_with_their_source_only(client):
    make.create_fact(key="homes", label="Homes", value=400, is_headline=False)
    said = words(ask(client).section("Exampleton in figures"))
    assert "People living here" in said and "225,300" in said and "Source: A census" in said
    assert "Homes" not in said
    assert Fact.objects.count() == 2


def test_home_says_that_the_framework_is_not_all_official(client):
    assert "The measures were chosen for this site." in ask(client).main


def test_home_of_a_place_without_a_mission_measure_or_fact_can_be_read(client):
    make.OutcomeVersion.objects.filter(outcome="XM1").delete()
    make.MeasureVersion.objects.filter(measure="XM1").delete()
    Fact.objects.all().delete()
    assert len(wheel(ask(client))) == 4


def test_home_counts_the_pledges_and_leads_to_them(client):
    assert "Nobody has made a pledge yet. Any organisation can." in ask(client).main
    create_pledge(serves=["XA1"])
    page = ask(client)
    assert "In the register: 1 pledge by 1 organisation with 1 commitment." in page.main
    assert page.link("All pledges, and the outcomes that have none") == "/pledges/"
