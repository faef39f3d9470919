"""Finding and ordering outcomes."""

import pytest

from outcomes import choosing
from outcomes.progress import Family, Status
from tests.record import a_report, value

TARGET = (2040, 70)


def named(label, **options):
    return a_report(short_label=label, **options)


WORSE = a_report({2020: 50, 2024: 40}, baseline=2020, target=TARGET, short_label="Worse")
ON_TRACK = a_report({2020: 50, 2024: 60}, baseline=2020, target=TARGET, short_label="on track")
NO_DATA = a_report(short_label="Awaiting", priority="clean-air", position=2)
MISSION = a_report({2020: 50}, baseline=2020, target=TARGET, short_label="Mission", priority=None)
ALL = [NO_DATA, ON_TRACK, MISSION, WORSE]


def labels(reports):
    return [r.outcome.short_label for r in reports]


@pytest.mark.parametrize(
    "slugs, found",
    [
        pytest.param({"good-work"}, ["on track", "Worse"], id="one"),
        pytest.param({"good-work", "clean-air"}, ["Awaiting", "on track", "Worse"], id="two"),
        pytest.param({"nothing"}, [], id="unknown"),
        pytest.param(set(), [], id="none"),
    ],
)
def test_of_priority_leaves_out_the_mission(slugs, found):
    assert labels(choosing.of_priority(ALL, slugs)) == found


@pytest.mark.parametrize(
    "wanted, found",
    [
        pytest.param(Status.ON_TRACK.value, ["on track"], id="status"),
        pytest.param(Family.UNKNOWN.value, ["Awaiting", "Mission"], id="family"),
        pytest.param(Family.WORSE.value, ["Worse"], id="family of one"),
        pytest.param(Status.TARGET_MET.value, [], id="none"),
    ],
)
def test_of_status_takes_a_status_or_a_family(wanted, found):
    assert labels(choosing.of_status(ALL, wanted)) == found


def test_no_family_has_the_name_of_a_status():
    assert not {f.value for f in Family} & {s.value for s in Status}


# --- search ---


@pytest.mark.parametrize(
    "text, is_found",
    [
        pytest.param("work", True, id="a word"),
        pytest.param("WORK", True, id="capitals"),
        pytest.param("wor", True, id="beginning of a word"),
        pytest.param("ork", False, id="middle of a word"),
        pytest.param("schools", True, id="plural of a singular"),
        pytest.param("school", True, id="singular"),
        pytest.param("wages", True, id="plural"),
        pytest.param("workings", True, id="another ending"),
        pytest.param("companies", True, id="ies"),
        pytest.param("trained", True, id="ed"),
        pytest.param("good school", True, id="two words in any field"),
        pytest.param("school good", True, id="in any order"),
        pytest.param("good dragons", False, id="one of two"),
        pytest.param("aa1", True, id="code"),
        pytest.param("£", True, id="nothing but a sign finds all"),
        pytest.param("", True, id="nothing"),
        pytest.param("good-school", True, id="joined by a dash"),
        pytest.param("office's", True, id="apostrophe"),
        pytest.param("ÉCOLE", True, id="beyond ASCII"),
        pytest.param(".*", True, id="a pattern is no pattern"),
    ],
)
def test_search_matches_every_word_at_its_beginning(text, is_found):
    report = named(
        "Good school",
        name="Wage of a worker",
        definition="Training in a company; l’école of the office's choice",
    )
    assert bool(choosing.matching([report], text)) == is_found


@pytest.mark.parametrize(
    "word, stem",
    [
        pytest.param("schools", "school", id="s"),
        pytest.param("wages", "wage", id="too short for es"),
        pytest.param("wage", "wage", id="too short for e"),
        pytest.param("working", "work", id="ing"),
        pytest.param("workings", "work", id="ings"),
        pytest.param("companies", "compan", id="ies"),
        pytest.param("company", "compan", id="y"),
        pytest.param("houses", "hous", id="es"),
        pytest.param("house", "hous", id="e"),
        pytest.param("gas", "gas", id="too short for s"),
        pytest.param("king", "king", id="too short for ing"),
        pytest.param("need", "need", id="too short for ed"),
        pytest.param("needed", "need", id="ed"),
        pytest.param("2024", "2024", id="number"),
    ],
)
def test_stem_is_enough_of_a_word_to_find_its_other_endings(word, stem):
    assert choosing.stem(word) == stem


@pytest.mark.parametrize(
    "asked, written",
    [
        ("schools", "school"), ("school", "schools"), ("wages", "wage"), ("wage", "wages"), ("working", "work"),
        ("work", "working"), ("company", "companies"), ("companies", "company"), ("child", "children"),
        ("houses", "house"), ("house", "houses"), ("housing", "house"), ("house", "housing"),
        ("business", "businesses"), ("businesses", "business"), ("train", "training"), ("training", "train"),
        ("crimes", "crime"), ("crime", "crimes"), ("bus", "buses"), ("recycled", "recycling"),
        ("health", "healthy"), ("healthy", "health"),
    ],
)  # fmt: skip
def test_search_finds_the_other_endings_of_a_word(asked, written):
    assert choosing.matching([named("x", name=written)], asked)


def test_search_keeps_the_order_of_the_list():
    found = choosing.matching([named("b", code="AA2"), named("a", code="AA1"), named("c", code="AA3")], "good")
    assert labels(found) == ["b", "a", "c"]


# --- order ---


def test_order_of_the_wheel_is_the_order_given():
    for sort in ("", "nonsense"):
        assert choosing.in_order(ALL, sort) == ALL


def test_order_by_status_is_worst_first_and_keeps_the_wheel_within():
    assert labels(choosing.in_order(ALL, "status")) == ["Worse", "on track", "Mission", "Awaiting"]
    twice = [named("b"), named("a")]
    assert labels(choosing.in_order(twice, "status")) == ["b", "a"]


def test_order_by_name_ignores_capitals():
    assert labels(choosing.in_order(ALL, "name")) == ["Awaiting", "Mission", "on track", "Worse"]


def test_order_by_newest_puts_those_without_a_value_last():
    reports = [
        named("none"),
        named("old", values={2020: 50}),
        named("new", values={2024: 50}),
        named("newest", values=[value(50, start=2023, duration="P3Y")]),
    ]
    assert labels(choosing.in_order(reports, "newest")) == ["newest", "new", "old", "none"]


@pytest.mark.parametrize("sort", ["", "status", "name", "newest"])
def test_order_neither_loses_nor_changes_anything(sort):
    before = list(ALL)
    assert sorted(map(id, choosing.in_order(ALL, sort))) == sorted(map(id, ALL))
    assert ALL == before
