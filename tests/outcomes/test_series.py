"""Series read from the record, and the middle of the places most like the home area."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.models import AreaVersion
from outcomes.periods import Period
from outcomes.series import FEWEST_SIMILAR_PLACES, Comparator, observed, similar_places
from tests import factories as make
from tests import record
from tests.record import value

NUMBERS = st.decimals(-1000, 1000, places=2)


@settings(max_examples=50)
@given(st.lists(st.dictionaries(st.integers(2018, 2022), NUMBERS, max_size=5), max_size=24))
def test_similar_places_agree_with_counting_by_hand(places):
    """The middle by sorting; the quarters by walking the sorted values, as a spreadsheet's QUARTILE.INC does."""
    areas = [AreaVersion(area_id=f"N{n}", similarity=n + 1) for n in range(len(places))]
    by_area = {f"N{n}": [value(number, start=year) for year, number in of.items()] for n, of in enumerate(places)}
    expected = {}
    for year in range(2018, 2023):
        held = sorted(of[year] for of in places if year in of)
        if len(held) >= FEWEST_SIMILAR_PLACES:
            expected[year] = (len(held), *(walked(held, share) for share in ("0.25", "0.5", "0.75")))
    found = similar_places(by_area, areas)
    assert [s.period.start.year for s in found] == sorted(expected)
    for s in found:
        count, low, middle, high = expected[s.period.start.year]
        assert s.places == count
        assert (s.low, s.middle, s.high) == pytest.approx((float(low), float(middle), float(high)))


def walked(held, share):
    at = Decimal(share) * (len(held) - 1)
    below = int(at)
    above = min(below + 1, len(held) - 1)
    return held[below] + (at - below) * (held[above] - held[below])


def test_similar_places_leave_out_those_that_are_not_similar_and_the_home_area():
    areas = [AreaVersion(area_id=f"N{n}", similarity=n) for n in range(1, 6)]
    areas.append(AreaVersion(area_id="X", similarity=None))
    by_area = {area.area_id: [value(10 if area.similarity else 9999)] for area in areas} | {"Y": [value(5)]}
    (found,) = similar_places(by_area, areas)
    assert (found.places, found.low, found.middle, found.high) == (5, 10, 10, 10)


def test_similar_places_of_too_few_say_nothing():
    areas = [AreaVersion(area_id=f"N{n}", similarity=n) for n in range(1, FEWEST_SIMILAR_PLACES)]
    assert similar_places({a.area_id: [value(10)] for a in areas}, areas) == []


def test_similar_places_keep_periods_apart_and_in_order():
    areas = [AreaVersion(area_id=f"N{n}", similarity=n) for n in range(1, 6)]
    series = [value(3, start=2022), value(1, start=2020), value(2, start=2020, duration="P3Y")]
    found = similar_places({a.area_id: series for a in areas}, areas)
    assert [(s.period, s.middle) for s in found] == [
        (Period(date(2020, 1, 1), "P1Y"), 1),
        (Period(date(2020, 1, 1), "P3Y"), 2),
        (Period(date(2022, 1, 1), "P1Y"), 3),
    ]


def test_similar_places_start_anew_where_one_of_them_does():
    areas = [AreaVersion(area_id=f"N{n}", similarity=n) for n in range(1, 6)]
    by_area = {a.area_id: [value(1, start=2020), value(2, start=2021)] for a in areas}
    by_area["N3"][1] = value(2, start=2021, markers="[b]")
    assert [s.starts_series for s in similar_places(by_area, areas)] == [False, True]


# --- read from the record ---


@pytest.mark.django_db
def test_observed_values_are_kept_apart_by_measure_and_place_oldest_first(exampleton):
    make.create_observation(measure="XB2", year=2019, value=11)
    make.create_observation(measure="XB2", year=2021, value=10)
    of_both = observed(exampleton, measures=["XB2", "XA2"])
    assert {key: [v.period.start.year for v in of] for key, of in of_both.items()} == {
        ("XB2", make.HOME): [2019, 2021, 2023],
        ("XA2", make.HOME): [2019, 2020, 2022, 2024],
        ("XA2", make.COUNTRY): [2020, 2024],
    }


@pytest.mark.django_db
def test_observed_values_of_one_place(exampleton, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = observed(exampleton, measures=["XA2", "XB1"], area=make.COUNTRY)
    assert list(found) == [("XA2", make.COUNTRY)]


@pytest.mark.django_db
def test_observed_values_are_those_of_the_edition(exampleton):
    later = record.issue(make.make_row(measure="XB2", year=2023, value=9, markers="[r]"))
    (before,), (after,) = (observed(e, measures=["XB2"])["XB2", make.HOME] for e in (exampleton, later))
    assert (before.value, after.value) == (Decimal("9.5"), 9)
    assert (before.markers, after.markers, after.end) == ("[e][u]", "[r]", date(2023, 12, 31))


def test_value_knows_whether_it_starts_a_series_and_has_limits():
    assert value(1, markers="[p][b]").starts_series and not value(1, markers="[p]").starts_series
    assert value(1, lower=0, upper=2).has_limits and not value(1).has_limits


def test_comparator_is_looked_up_by_the_very_period():
    of = Comparator(AreaVersion(area_id="X"), [value(1, start=2020), value(2, start=2020, duration="P3Y")])
    assert of.by_period[Period(date(2020, 1, 1), "P3Y")].value == 2
    assert Period(date(2020, 4, 1), "P1Y") not in of.by_period
