"""Hints for a promise: what would make it clearer, and nothing where it is clear."""

from datetime import date

import pytest

from pledges.content import Promise
from pledges.hints import MOST_HINTS, hints

TODAY = date(2026, 6, 1)
SEVERAL, VAGUE, HEDGED, SHORT, LONG = "more than one", "can mean many", "leaves open", "a little more", "Shorter"
NEITHER, HOW_MUCH, WHEN, PAST = "How will somebody", "How much", "By when?", "has passed"


def told(what, **fields):
    return hints(Promise(what=what, **fields), today=TODAY)


@pytest.mark.parametrize(
    "what, fields",
    [
        pytest.param("Take on 20 apprentices from the town by 2030.", {}, id="all in one sentence"),
        pytest.param("Take on apprentices from here.", {"target": "20", "target_by": "2030-03"}, id="in three fields"),
        pytest.param("Employ half of our staff from nearby by 2030.", {}, id="a number in a word"),
        pytest.param("We will join the charter for good work by 2027.", {}, id="done once"),
        pytest.param("Give each member of staff two paid days a year.", {}, id="again and again"),
        pytest.param("Give staff 2 days a year, and publish how many were used.", {}, id="and reported"),
        pytest.param("Train and employ 20 young people by 2030.", {}, id="two verbs of one promise"),
        pytest.param("Open a hall that helps 40 people to find help in 2028.", {}, id="vague only of somebody else"),
    ],
)
def test_clear_promise_gets_no_hint(what, fields):
    assert told(what, **fields) == []


@pytest.mark.parametrize(
    "what, fields, expected",
    [
        pytest.param("Open the hall to young people.", {}, NEITHER, id="neither number nor day"),
        pytest.param("Open the hall to young people.", {"target_by": "2030"}, HOW_MUCH, id="no number"),
        pytest.param("Be kind to each other of every age in 2030.", {}, HOW_MUCH, id="not a number"),
        pytest.param("Plant 40 trees in the park.", {}, WHEN, id="no day"),
        pytest.param("Sign the charter for good work.", {}, WHEN, id="done once, no day"),
        pytest.param("Plant 40 trees here.", {"target_by": "2026-05"}, PAST, id="a month that has passed"),
        pytest.param("Support 20 young people by 2030.", {}, "“Support” can mean", id="vague"),
        pytest.param("We will promote 20 local firms by 2030.", {}, "“Promote” can mean", id="vague after we will"),
        pytest.param("Lead 20 walks and encourage people by 2030.", {}, "“Encourage” can mean", id="vague after and"),
        pytest.param("Plant 40 trees by 2030 where possible.", {}, "“Where possible” leaves open", id="hedged"),
        pytest.param("We aim to plant 40 trees by 2030.", {}, "“Aim to” leaves open", id="aims"),
        pytest.param("Plant 40 trees and open 2 halls by 2030.", {}, SEVERAL, id="two joined by and"),
        pytest.param("Plant 40 trees by 2030. We will also train 5 people.", {}, SEVERAL, id="two sentences"),
        pytest.param("Plant 40 trees; buy 2 vans by 2030.", {}, SEVERAL, id="two joined by a semicolon"),
        pytest.param("Plant trees", {"target": "40", "target_by": "2030"}, SHORT, id="short"),
        pytest.param("Plant 40 trees by 2030" + " in the very old park" * 8, {}, LONG, id="long"),
    ],
)  # fmt: skip
def test_promise_gets_the_hint_that_it_needs(what, fields, expected):
    (hint,) = told(what, **fields)
    assert expected in hint


@pytest.mark.parametrize(
    "target_by, is_past",
    [
        pytest.param("2026", False, id="this year"),
        pytest.param("2026-06-01", False, id="today"),
        pytest.param("2026-05-31", True, id="yesterday"),
        pytest.param("soon", False, id="not a day"),
    ],
)
def test_day_is_past_once_all_of_it_is(target_by, is_past):
    assert any(PAST in hint for hint in told("Plant 40 trees here.", target_by=target_by)) == is_past


def test_most_useful_hints_come_first_and_are_few():
    found = told("Support people where possible, and plant trees.")
    assert [next(kind for kind in (SEVERAL, VAGUE, HEDGED) if kind in hint) for hint in found] == [
        SEVERAL,
        VAGUE,
        HEDGED,
    ]
    assert len(found) == MOST_HINTS


@pytest.mark.parametrize("what", ["", " ", "…", "((", "\\b(", "🌳" * 300, "A" * 300])
def test_any_text_is_taken(what):
    assert told(what)
