"""What falls due next for a board."""

from datetime import date

import pytest

from outcomes.models import Milestone
from tests import factories as make
from tests.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client, slug="a-board", query=""):
    return Page(client.get(f"/boards/{slug}/roadmap/{query}"))


def test_milestones_are_told_by_when_they_fall_due_with_what_a_line_leads_to(client):
    make.create_milestone(kind="milestone", measure="XA1", due_on=date(2027, 3, 31), value=57)
    make.create_milestone(kind="milestone", measure="XA1", due_on=date(2027, 9, 30), value=90)
    make.create_milestone(kind="milestone", measure="XA2", due_on=date(2028, 9, 30), value=600, standing="published")
    page = ask(client)
    assert [h for h in page.headings if "months" in h] == [
        "Within 6 months (1)", "After that, within 12 months (1)", "After that, within 24 months (1)",
    ]  # fmt: skip
    assert [(label, goal, risk.split(". ")[0]) for label, goal, _, risk in page.rows()] == [
        (
            "Good jobs",
            "Milestone: 57.0% or more by 31 March 2027 illustrative",
            "Likely to be met If nothing changes, a straight line leads to about 58.8% by then.",
        ),
        (
            "Good jobs",
            "Milestone: 90.0% or more by 30 September 2027 illustrative",
            "Likely to be missed If nothing changes, a straight line leads to about 59.5% by then.",
        ),
        (
            "Fair pay",
            "Milestone: £600 or more by 30 September 2028 published",
            "Cannot be said 2 values since the start; 4 are needed to draw a line.",
        ),
    ]
    assert page.link("Fair pay") == "/outcomes/xa2/"
    assert "1 likely to be met" in page.main and "1 cannot be said" in page.main


def test_page_says_what_a_risk_is_and_what_illustrative_means(client):
    main = ask(client).main
    assert "It is not a forecast. The risk says where the line stands to a milestone on its day." in main
    assert "were made for this site on a straight line, and are nobody’s commitment" in main


def test_where_nothing_falls_due_in_two_years_the_next_are_told(client):
    page = ask(client)
    assert "No milestone or target falls due within 24 months." in page.main
    assert "The next after that: 31 December 2035 (3)" in page.headings
    assert len(page.rows()) == 3


def test_where_nothing_is_set_at_all_it_is_said(client):
    Milestone.objects.all().delete()
    page = ask(client)
    assert "None is set after that either." in page.main and page.rows() == []


def test_older_edition_is_read_as_of_its_day(client):
    make.create_milestone(kind="milestone", measure="XA1", due_on=date(2027, 3, 31), value=57)
    make.create_edition(now=make.NOW)
    assert "Milestones and targets of A board’s outcomes in the two years from 1 December 2026" in (
        ask(client, query="?edition=1").main
    )


def test_there_is_no_roadmap_of_a_board_that_is_not_there(client):
    assert client.get("/boards/nobody/roadmap/").status_code == 404
