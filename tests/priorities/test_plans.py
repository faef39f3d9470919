"""Plans and what they serve."""

import pytest

from tests import factories as make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client):
    return Page(client.get("/plans/"))


def plan(page, slug="a-plan"):
    (found,) = (e for e in page.root.iter() if e.get("id") == slug)
    return words(found)


def test_page_counts_its_plans(client):
    assert "1 plan and what each serves." in ask(client).main
    make.create_plan(slug="another-plan", name="Another plan", position=2)
    assert "2 plans and what each serves." in ask(client).main


def test_plan_says_state_years_owner_and_source(client):
    make.PlanVersion.objects.update(
        year_from=2020, year_to=2025, state="ended-still-in-use", owner_standing="inferred", sources=["a-source"],
        note="A note.",
    )  # fmt: skip
    said = plan(ask(client))
    for part in (
        "Ended, still in use",
        "2020 to 2025",
        "Owner: A council (our reading).",
        "A note.",
        "A source (2025).",
    ):
        assert part in said


@pytest.mark.parametrize(
    "years, said",
    [
        pytest.param({}, "years not stated", id="none"),
        pytest.param({"year_from": 2020}, "from 2020", id="from"),
        pytest.param({"year_to": 2030}, "to 2030", id="to"),
        pytest.param({"year_from": 2020, "year_to": 2030}, "2020 to 2030", id="both"),
    ],
)
def test_plan_says_its_years_as_far_as_they_are_stated(client, years, said):
    make.PlanVersion.objects.update(**years)
    assert f"In force, {said}." in plan(ask(client))


def test_plan_owned_by_a_board_names_it(client):
    make.PlanVersion.objects.update(owner="board:a-board")
    assert "Owner: A board." in plan(ask(client))


def test_plan_whose_published_date_has_passed_claims_no_result(client):
    said = plan(ask(client))
    assert "100 jobs (by 2022)" in said
    assert "No result is shown, because none has been published in a form that can be compared." in said
    assert not [word for word in ("Met", "Missed", "Late") if word in said]


def test_plan_leads_to_the_outcomes_that_it_serves(client):
    page = ask(client)
    assert "Good jobs" in plan(page)
    assert page.link("Good jobs") == "/outcomes/xa1/"
    make.create_plan(slug="idle", name="Idle", position=2)
    assert "No outcome is linked to it." in plan(ask(client), "idle")


def test_plan_serves_outcomes_in_the_order_of_the_wheel(client):
    for code in ("XB2", "XA2"):
        make.create_plan_outcome(outcome=code)
    said = plan(ask(client))
    assert said.index("Good jobs") < said.index("Fair pay") < said.index("Less soot")


def test_outcomes_that_no_plan_serves_are_named(client):
    section = ask(client).section("Outcomes that no plan serves")
    assert [words(a) for a in section.iter("a")] == ["Fair pay", "Clean rivers", "Less soot"]


def test_page_says_where_every_outcome_is_served(client):
    for code in ("XA2", "XB1", "XB2"):
        make.create_plan_outcome(outcome=code)
    assert "Every outcome is linked to at least one plan." in ask(client).main


def test_table_lists_every_outcome_with_its_plans(client):
    page = ask(client)
    assert [row[0] for row in page.rows()] == ["Good jobs", "Fair pay", "Clean rivers", "Less soot"]
    assert [row[1] for row in page.rows()] == ["A plan", "None", "None", "None"]


def test_links_that_are_our_reading_are_said_to_be(client):
    assert "Where no source says which outcomes a plan serves, the link is our reading." in ask(client).main


def test_page_of_a_place_without_plans_can_be_read(client):
    make.PlanVersion.objects.all().delete()
    assert "0 plans" in ask(client).main
