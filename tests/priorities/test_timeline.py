"""The roadmap as a picture and by year."""

from datetime import date
from xml.etree import ElementTree

import pytest

from outcomes.progress import MilestoneState
from priorities import timeline
from tests.record import a_report

TODAY = date(2026, 6, 1)
ANYTHING = {"kind": "", "standing": "", "state": ""}


def report(**options):
    values = {
        "values": {2020: 50, 2024: 60},
        "baseline": 2020,
        "milestones": {2024: 55, 2030: 62},
        "target": (2040, 70),
    }
    return a_report(**(values | {"today": TODAY} | options))


def rows(*reports):
    return [(r, r.goals) for r in reports]


def drawn(*reports, today=TODAY):
    return ElementTree.fromstring(timeline.draw(rows(*reports), today=today))


@pytest.mark.parametrize(
    "asked, years",
    [
        pytest.param({}, [2024, 2030, 2040], id="anything"),
        pytest.param({"kind": "target"}, [2040], id="targets"),
        pytest.param({"kind": "milestone"}, [2024, 2030], id="milestones"),
        pytest.param({"standing": "illustrative"}, [2024, 2030, 2040], id="illustrative"),
        pytest.param({"standing": "published"}, [], id="published"),
        pytest.param({"state": MilestoneState.MET.value}, [2024], id="met"),
        pytest.param({"state": MilestoneState.TO_COME.value, "kind": "milestone"}, [2030], id="two wishes"),
        pytest.param({"state": MilestoneState.MISSED.value}, [], id="missed"),
    ],
)
def test_fits_what_is_asked_for(asked, years):
    assert [g.due_on.year for g in report().goals if timeline.fits(g, ANYTHING | asked)] == years


def test_by_year_is_in_order_of_year_and_holds_every_goal():
    one, two = report(), report(milestones={2030: 62})
    found = timeline.by_year(rows(one, two))
    assert [(year, [r is one for r, _ in entries]) for year, entries in found] == [
        (2024, [True]),
        (2030, [True, False]),
        (2040, [True, False]),
    ]
    assert timeline.by_year([]) == []


def test_picture_of_nothing_is_empty():
    assert timeline.draw([], today=TODAY) == ""


def test_picture_has_a_row_for_each_outcome_and_a_mark_for_each_goal():
    tree = drawn(report(short_label="One"), report(short_label="Two", milestones={}))
    labels = [e.text for e in tree.iter("text") if e.get("class") == "label"]
    assert labels == ["One", "Two"]
    assert [t.text for t in tree.iter("title")] == [
        "One, 2024: Met",
        "One, 2030: To come",
        "One, 2040: To come",
        "Two, 2040: To come",
    ]
    assert tree.get("role") == "img" and tree.get("aria-label")
    assert not [e for e in tree.iter() if "style" in e.attrib]


def place(mark):
    """Where a mark begins, from the left."""
    return float(mark.get("d")[1:].split()[0])


def test_marks_stand_in_order_of_date_inside_the_picture():
    tree = drawn(report())
    marks = [e for e in tree.iter("path") if e.find("title") is not None]
    places = [place(mark) for mark in marks]
    assert places == sorted(places) and len(set(places)) == 3
    assert timeline.LEFT <= places[0] and places[-1] <= timeline.WIDTH
    step = (places[2] - places[1]) / 10
    assert places[1] - places[0] == pytest.approx(6 * step, abs=8)


def test_mark_tells_a_target_from_a_milestone_and_published_from_illustrative():
    tree = drawn(report(standing="published"))
    shapes = [e.get("d").split(" ", 1)[1] for e in tree.iter("path") if e.find("title") is not None]
    assert shapes[0] == shapes[1] != shapes[2]
    looks = [set(e.get("class").split()) for e in tree.iter("path") if e.find("title") is not None]
    assert all("published" in look and "illustrative" not in look for look in looks)
    assert {"met"} <= looks[0] and {"to-come"} <= looks[1]
    other = [e.get("class") for e in drawn(report()).iter("path") if e.find("title") is not None]
    assert all("illustrative" in look for look in other)


@pytest.mark.parametrize(
    "today",
    [
        pytest.param(TODAY, id="before all but one"),
        pytest.param(date(2019, 1, 1), id="before all"),
        pytest.param(date(2040, 12, 31), id="on the last day"),
        pytest.param(date(2047, 3, 1), id="long after"),
    ],
)
def test_today_is_inside_the_picture(today):
    tree = drawn(report(), today=today)
    (line,) = (e for e in tree.iter("path") if e.get("class") == "today")
    assert timeline.LEFT <= place(line) <= timeline.WIDTH


def test_one_goal_in_one_year_can_be_drawn():
    tree = drawn(a_report({2026: 1}, baseline=2026, target=(2026, 70), today=TODAY))
    assert len(list(tree.iter("title"))) == 1


def test_leap_day_and_last_day_of_a_leap_year_stay_in_their_year():
    leap = report(milestones={date(2028, 2, 29): 56, date(2028, 12, 31): 57, date(2029, 1, 1): 58})
    tree = drawn(leap)
    places = [place(e) for e in tree.iter("path") if e.find("title") is not None]
    assert places == sorted(places)


def test_names_are_text():
    tree = drawn(report(short_label='<script>&"'))
    assert [e.text for e in tree.iter("text") if e.get("class") == "label"] == ['<script>&"']


def test_years_are_named_sparsely_when_there_are_many():
    tree = drawn(report(target=(2090, 70)))
    years = [e.text for e in tree.iter("text") if (e.text or "").isdigit()]
    assert years == [str(year) for year in range(2025, 2091, 5)]
