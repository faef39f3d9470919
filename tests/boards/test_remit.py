"""Which outcomes a board is linked to, and through what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.models import BoardVersion
from boards.remit import Remit, linked_to, remit_of, remits
from outcomes.report import summaries
from tests.factories import (
    TODAY,
    create_board,
    create_edition,
    create_outcome,
    create_oversight,
    create_place,
    create_plan,
    create_plan_outcome,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    """AA1 of good work, BB1 of clean air, MM1 of the mission; a board that is linked to nothing yet."""
    edition = create_edition()
    create_place()
    create_outcome(code="AA1")
    create_outcome(code="BB1", priority="clean-air", position=2)
    create_outcome(code="MM1", priority=None, position=3)
    create_board()
    return edition


def ways(edition, board="a-board"):
    remit = remit_of(board, edition)
    reports = summaries(edition, TODAY)
    found = {report.code: str(remit.way_to(report)) for report in remit.outcomes(reports)}
    assert all(remit.way_to(report) is None for report in reports if report.code not in found)
    return found


def through(plan, *, link="published", serves="published", codes=("AA1",), name="A plan"):
    create_plan(slug=plan, name=name)
    create_oversight(plan=plan, standing=link)
    for code in codes:
        create_plan_outcome(plan=plan, outcome=code, standing=serves)


@pytest.mark.parametrize("standing, said", [("published", ""), ("inferred", " (our reading)")])
def test_board_is_linked_through_a_priority_or_the_mission(edition, standing, said):
    create_oversight(priority="good-work", standing=standing)
    assert ways(edition) == {"AA1": f"Good work{said}"}
    assert not remit_of("a-board", edition).has_mission
    create_oversight(standing=standing)
    assert ways(edition) == {"AA1": f"Good work{said}", "MM1": f"Nobody goes without{said}"}
    assert remit_of("a-board", edition).has_mission


@pytest.mark.parametrize(
    "link, serves, said",
    [
        pytest.param("published", "published", "", id="all of it published"),
        pytest.param("inferred", "published", " (our reading)", id="our reading that the board oversees the plan"),
        pytest.param("published", "inferred", " (our reading)", id="our reading that the plan serves the outcome"),
    ],
)
def test_board_is_linked_through_a_plan(edition, link, serves, said):
    through("a-plan", link=link, serves=serves, codes=["BB1", "MM1"])
    way = f"the plan “A plan”{said}"
    assert ways(edition) == {"BB1": way, "MM1": way}


@pytest.mark.parametrize(
    "priority, plans, said",
    [
        pytest.param("published", ["published"], "Good work", id="priority before plan"),
        pytest.param("inferred", ["inferred"], "Good work (our reading)", id="also where both are our reading"),
        pytest.param("inferred", ["published"], "the plan “Plan 1”", id="published before our reading"),
        pytest.param(None, ["inferred", "published"], "the plan “Plan 2”", id="published of two plans"),
        pytest.param(None, ["published", "published"], "the plan “Plan 1”", id="first of two plans"),
    ],
)
def test_plainest_of_several_ways_is_told(edition, priority, plans, said):
    if priority:
        create_oversight(priority="good-work", standing=priority)
    for number, standing in enumerate(plans, 1):
        through(f"plan-{number}", name=f"Plan {number}", link=standing)
    assert ways(edition) == {"AA1": said}


def test_board_without_links_has_no_outcomes(edition):
    create_board(slug="another", position=2)
    create_oversight(board="another", priority="good-work")
    assert ways(edition) == {} and remit_of("a-board", edition) == Remit([])
    assert list(remits(edition)) == ["another"]


def test_plan_of_another_board_links_nobody_else(edition):
    """Nor does a plan that the edition does not have."""
    through("a-plan")
    create_oversight(board="another", priority="clean-air")
    create_oversight(board="another", plan="not-there-yet")
    create_plan_outcome(plan="not-there-yet", outcome="MM1")
    assert ways(edition, "another") == {"BB1": "Clean air"}
    assert list(remits(edition, boards=["another"])) == ["another"]
    assert remits(edition)["another"] == remit_of("another", edition)


def test_boards_that_are_linked_to_an_outcome_come_with_their_ways(edition):
    create_board(slug="another", position=2)
    create_oversight(board="another", priority="good-work")
    through("a-plan", link="inferred")
    boards, reports = BoardVersion.objects.at(edition), summaries(edition, TODAY)
    found = [(board.board_id, str(way)) for board, way in linked_to(reports[0], boards, edition)]
    assert found == [("a-board", "the plan “A plan” (our reading)"), ("another", "Good work")]
    assert linked_to(reports[1], boards, edition) == []


def test_remit_is_that_of_its_edition(edition):
    later = create_edition()
    create_oversight(edition=later, priority="good-work")
    assert (ways(edition), ways(later)) == ({}, {"AA1": "Good work"})


def test_remits_take_three_queries(edition):
    def counted():
        with CaptureQueriesContext(connection) as found:
            remits(edition)
        return len(found)

    through("a-plan")
    assert counted() == 3
    for number in range(5):
        create_board(slug=f"board-{number}", position=number + 2)
        create_oversight(board=f"board-{number}", plan="a-plan")
        create_oversight(board=f"board-{number}", priority="good-work")
    assert counted() == 3
