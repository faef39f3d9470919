"""What is doubtful about a proposed value: every doubt with its edge, in the words that the officer reads."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes import checks
from outcomes.checks import Record
from outcomes.importing import Row
from outcomes.models import Observation
from tests import factories as make
from tests import record
from tests.record import SIMILAR, TODAY, a_report, series, value

FIVE = {2019: "9.4", 2020: "9.6", 2021: "9.5", 2022: "9.7", 2023: "9.7"}
SHORT = "The series is too short to tell whether that is usual."
NEVER = "From one value to the next the series has never changed by more than"


def doubts(values, *rows, published=None, **report):
    """What is doubted of rows given as fields, beside home values given by year; `published` as another area's."""
    report = a_report(values, **report)
    rows = [make.make_row(**({"row": number} | row)) for number, row in enumerate(rows, 2)]
    held = report.series if published is None else series(published)
    held = {(row.measure_id, row.area_id): held for row in rows}
    found = checks.warnings_by_row(rows, Record({"AA1": report}, held))
    return {row: [tuple(warning) for warning in of_row] for row, of_row in found.items()}


def doubted(values, row, **options):
    """What is doubted of one row."""
    return doubts(values, {"row": 2} | row, **options).get(2, [])


def quarter(start, number=9.5):
    return value(number, start=date.fromisoformat(start), duration="P3M")


def test_nothing_is_doubted_of_a_value_like_those_before_it():
    assert doubted(FIVE, {"year": 2024, "value": "9.8"}) == []


def test_nothing_is_doubted_of_a_first_value():
    assert doubted({}, {"value": "9.81234", "lower": Decimal(9), "upper": Decimal(10)}) == []


def test_nothing_is_doubted_of_what_is_published_already():
    odd = {2023: {"number": "0.01", "markers": "[r]", "source_name": "Another", "retrieved_on": date(1999, 1, 1)}}
    row = {"year": 2023, "value": "0.01", "markers": "[r]", "source_name": "Another", "retrieved_on": date(1999, 1, 1)}
    assert doubted(FIVE | odd, row) == []


# --- the period ---


@pytest.mark.parametrize(
    "values, row, measure, column, said",
    [
        pytest.param(
            FIVE,
            {"year": 2024, "period_duration": "P3M"},
            {},
            "period_duration",
            "This period lasts 3 months. The others of the series last 1 year.",
            id="another length",
        ),
        pytest.param(
            FIVE,
            {"year": 2024, "period_duration": "P12M"},
            {},
            "period_duration",
            "This period lasts 12 months. The others of the series last 1 year.",
            id="the same length, written in another way",
        ),
        pytest.param(
            [value(9, start=2020), value(9, start=2021, duration="P1D")],
            {"year": 2022, "period_duration": "P1M"},
            {},
            "period_duration",
            "This period lasts 1 month. The others of the series last 1 year and 1 day.",
            id="series of two lengths",
        ),
        pytest.param(
            FIVE,
            {"period_start": date(2024, 4, 1)},
            {},
            "period_start",
            "This period starts on 1 April 2024. The nearest in the series starts on 1 January 2023, "
            "so this one does not follow on from it.",
            id="starts in another month",
        ),
        pytest.param(
            FIVE,
            {"period_start": date(2024, 1, 2)},
            {},
            "period_start",
            "This period starts on 2 January 2024. The nearest in the series starts on 1 January 2023, "
            "so this one does not follow on from it.",
            id="starts on another day",
        ),
        pytest.param(
            [quarter("2025-01-01"), quarter("2025-04-01")],
            {"period_start": date(2025, 8, 1), "period_duration": "P3M"},
            {"frequency": "quarterly"},
            "period_start",
            "This period starts on 1 August 2025. The nearest in the series starts on 1 April 2025, "
            "so this one does not follow on from it.",
            id="not a quarter of the series",
        ),
        pytest.param(
            FIVE,
            {"period_start": date(2023, 7, 1)},
            {"frequency": "occasional"},
            "period_start",
            "This period overlaps 2023, which has a value of its own.",
            id="overlaps the one before",
        ),
        pytest.param(
            FIVE,
            {"period_start": date(2018, 7, 1)},
            {"frequency": "occasional"},
            "period_start",
            "This period overlaps 2019, which has a value of its own.",
            id="overlaps the one after",
        ),
        pytest.param(
            FIVE,
            {"year": 2025},
            {},
            "period_start",
            "1 period is missing between 2023 and this one.",
            id="a year missing",
        ),
        pytest.param(
            [value("9.5", start=date(2022, 4, 1))],
            {"period_start": date(2025, 4, 1)},
            {"frequency": "financial-year"},
            "period_start",
            "2 periods are missing between 2022/23 and this one.",
            id="two financial years missing",
        ),
        pytest.param(
            FIVE,
            {"year": 2018},
            {},
            "period_start",
            "This period is older than the newest value, that for 2023, and has had no value until now.",
            id="before all",
        ),
        pytest.param(
            {2019: "9.4", 2021: "9.5", 2022: "9.4"},
            {"year": 2020},
            {},
            "period_start",
            "This period is older than the newest value, that for 2022, and has had no value until now.",
            id="fills a gap",
        ),
    ],
)
def test_period_is_doubted_once(values, row, measure, column, said):
    assert doubted(values, {"value": "9.5"} | row, **measure) == [(column, said)]


@pytest.mark.parametrize(
    "values, row, measure",
    [
        pytest.param({}, {"period_duration": "P5D"}, {}, id="first of a series"),
        pytest.param(FIVE, {"year": 2024}, {}, id="follows on"),
        pytest.param(
            [quarter("2025-04-01")],
            {"period_start": date(2025, 7, 1), "period_duration": "P3M"},
            {"frequency": "quarterly"},
            id="a quarter that the series has not had yet",
        ),
        pytest.param(
            [value("9.5", start=date(2024, 4, 17), duration="P1D")],
            {"period_start": date(2025, 4, 30), "period_duration": "P1D"},
            {},
            id="another day of the same month",
        ),
        pytest.param(
            [value("9.5", start=2021, duration="P3Y")],
            {"year": 2022, "period_duration": "P3Y"},
            {"frequency": "rolling-3-year"},
            id="three years that overlap three years",
        ),
        pytest.param(FIVE, {"year": 2030}, {"frequency": "occasional"}, id="years later, with no rhythm"),
        pytest.param(
            [value("9.5", start=date(2025, 2, 3), duration="P1D")],
            {"period_start": date(2025, 5, 9), "period_duration": "P1D"},
            {"frequency": "occasional"},
            id="another day, with no rhythm",
        ),
        pytest.param(FIVE, {"year": 2023, "value": "9.7", "note": "A note"}, {}, id="a period of the record"),
    ],
)
def test_period_is_not_doubted(values, row, measure):
    assert doubted(values, {"value": "9.5"} | row, **measure) == []


# --- the size of a value ---


@pytest.mark.parametrize(
    "values, row, measure, said",
    [
        pytest.param(
            {2022: 940, 2023: 943},
            {"value": "9.7"},
            {"unit_symbol": "", "decimals": 0},
            "9.7 is 97 times smaller than the last value, 943 in 2023. Is it in the right unit?",
            id="smaller",
        ),
        pytest.param(
            FIVE,
            {"value": "77.6"},
            {},
            "77.6% is 8.0 times larger than the last value, 9.7% in 2023. Is the decimal point in the right place?",
            id="eight times larger",
        ),
        pytest.param(
            FIVE,
            {"value": "0.097"},
            {},
            "0.097% is 100 times smaller than the last value, 9.7% in 2023. "
            "It looks like a share typed as a fraction: should it be 9.7%?",
            id="fraction",
        ),
        pytest.param(
            FIVE,
            {"value": "970"},
            {},
            "970.0% is 100 times larger than the last value, 9.7% in 2023. Is it in the right unit?",
            id="per cent a hundred times too large",
        ),
        pytest.param(
            {2023: 586},
            {"value": "60012"},
            {"unit_symbol": "£", "unit_position": "prefix", "decimals": 0},
            "£60,012 is 102 times larger than the last value, £586 in 2023. "
            "It looks like pence, where the series is in pounds: should it be £600.12?",
            id="pence",
        ),
        pytest.param(
            {2023: 120},
            {"value": "1.25"},
            {"unit_symbol": "p", "decimals": 0},
            "1.25\u00a0p is 96 times smaller than the last value, 120\u00a0p in 2023. "
            "It looks like pounds, where the series is in pence: should it be 125\u00a0p?",
            id="pounds",
        ),
        pytest.param(
            {2023: 4675},
            {"value": "4.7"},
            {"unit_symbol": "", "decimals": 0},
            "4.7 is 995 times smaller than the last value, 4,675 in 2023. "
            "It looks like thousands, where the series is in ones: should it be 4,700?",
            id="thousands",
        ),
        pytest.param(
            {2023: "17.3"},
            {"value": "17500"},
            {"unit_symbol": "£", "unit_position": "prefix"},
            "£17,500.0 is 1,012 times larger than the last value, £17.3 in 2023. "
            "It looks like ones, where the series is in thousands: should it be £17.5?",
            id="ones",
        ),
        pytest.param(
            {2023: 225300},
            {"value": "0.2262"},
            {"unit_symbol": "", "decimals": 0},
            "0.2262 is 996,021 times smaller than the last value, 225,300 in 2023. "
            "It looks like millions, where the series is in ones: should it be 226,200?",
            id="millions",
        ),
        pytest.param(
            {2023: -27},
            {"value": "-0.28"},
            {"decimals": 0},
            "\u22120.28% is 96 times smaller than the last value, \u221227% in 2023. "
            "It looks like a share typed as a fraction: should it be \u221228%?",
            id="below zero",
        ),
        pytest.param(
            {2018: 1, 2019: 2, 2020: {"number": 900, "markers": "[b]"}, 2021: 905, 2022: 910, 2023: 915},
            {"value": "1.5"},
            {"decimals": 0, "unit_symbol": ""},
            "1.5 is 610 times smaller than the last value, 915 in 2023. "
            "It looks like thousands, where the series is in ones: should it be 1,500?",
            id="seen only before a break",
        ),
    ],
)
def test_value_of_another_magnitude_is_doubted(values, row, measure, said):
    found = doubted(values, {"year": 2024} | row, **measure)
    assert found[0] == ("value", said)
    assert [column for column, what in found[1:] if "decimal" not in what] == []


@pytest.mark.parametrize(
    "year, said",
    [
        pytest.param(2021, "99 times smaller than the published value, 9.5% in 2021", id="replaces"),
        pytest.param(2024, "101 times smaller than the last value, 9.7% in 2023", id="newest"),
        pytest.param(2018, "98 times smaller than the value after it, 9.4% in 2019", id="before all"),
        pytest.param(2020, "98 times smaller than the value before it, 9.4% in 2019", id="fills a gap"),
    ],
)
def test_value_is_compared_with_the_published_one_nearest_to_it(year, said):
    values = {y: v for y, v in FIVE.items() if y != 2020}
    found = [what for column, what in doubted(values, {"year": year, "value": "0.096"}) if column == "value"]
    assert found[0].startswith(f"0.096% is {said}.")


@pytest.mark.parametrize(
    "values, row, measure",
    [
        pytest.param(FIVE, {"value": "77.5"}, {"tolerance": 100}, id="less than eight times"),
        pytest.param({2021: 8, 2022: 1, 2023: 8}, {"value": "1.01"}, {"decimals": 2}, id="not quite an eighth"),
        pytest.param({2023: 0}, {"value": 40}, {}, id="from zero"),
        pytest.param({2021: 40, 2022: 0, 2023: 40}, {"value": 0}, {}, id="to zero"),
        pytest.param({2023: "0.1"}, {"value": "1.0"}, {"tolerance": 1}, id="too small a change to count"),
        pytest.param({2021: 3, 2022: 250, 2023: -40}, {"value": 4}, {}, id="as small as the series has been"),
        pytest.param({2021: 0, 2022: 3, 2023: 250}, {"value": 3}, {}, id="as small, beside a zero"),
    ],
)
def test_magnitude_is_not_doubted(values, row, measure):
    assert doubted(values, {"year": 2024} | row, **measure) == []


# --- jumps ---


@pytest.mark.parametrize(
    "values, row, measure, said",
    [
        pytest.param(
            {2021: 50, 2022: 51, 2023: "50.5"},
            {"value": "52.1"},
            {"tolerance": None},
            f"52.1% is 1.6 percentage points more than 50.5% in 2023. {NEVER} 1.0 percentage points.",
            id="up",
        ),
        pytest.param(
            {2021: 50, 2022: 51, 2023: "50.5"},
            {"value": "49.25"},
            {"tolerance": 1},
            f"49.25% is 1.25 percentage points less than 50.5% in 2023. {NEVER} 1.0 percentage points.",
            id="down, with every decimal",
        ),
        pytest.param(
            {2019: 1, 2020: 99, 2021: {"number": 50, "markers": "[b]"}, 2022: 51, 2023: 52},
            {"value": 55},
            {"unit_symbol": "£", "unit_position": "prefix", "decimals": 0},
            f"£55 is £3 more than £52 in 2023. {NEVER} £1.",
            id="since the break",
        ),
        pytest.param(
            {2019: 50, 2020: 51, 2021: 50, 2023: {"number": 90, "markers": "[b]"}},
            {"year": 2022, "value": 55},
            {"decimals": 0},
            f"55% is 5 percentage points more than 50% in 2021. {NEVER} 1 percentage point.",
            id="before the break",
        ),
        pytest.param(
            {2023: 40},
            {"value": 61},
            {},
            f"61.0% is 21.0 percentage points more than 40.0% in 2023. {SHORT}",
            id="by more than half of the only value",
        ),
        pytest.param(
            {2022: 40, 2023: 40},
            {"value": 19},
            {},
            f"19.0% is 21.0 percentage points less than 40.0% in 2023. {SHORT}",
            id="by more than half of the last of two",
        ),
    ],
)
def test_jump_beyond_any_before_is_doubted(values, row, measure, said):
    assert ("value", said) in doubted(values, {"year": 2024} | row, **measure)


@pytest.mark.parametrize(
    "values, row, measure",
    [
        pytest.param({2021: 50, 2022: 51, 2023: 50}, {"value": 51}, {"tolerance": 0}, id="as large as before"),
        pytest.param({2021: 50, 2022: 51, 2023: 50}, {"value": 52}, {"tolerance": 2}, id="too small to count"),
        pytest.param({2022: 50, 2023: 40}, {"value": 60}, {}, id="by half, with too few to know"),
        pytest.param({2021: 50, 2022: 51, 2023: 50}, {"value": 90, "markers": "[b]"}, {}, id="starts a series"),
        pytest.param(
            {2020: 50, 2021: 51, 2022: 50, 2023: {"number": 80, "markers": "[b]"}}, {"value": 99}, {}, id="first since"
        ),
    ],
)
def test_jump_is_not_doubted(values, row, measure):
    assert doubted(values, {"year": 2024} | row, **measure) == []


# --- revisions ---


REVISED = {"markers": "[r]"}


def test_revision_that_turns_a_rise_into_a_fall_is_doubted():
    said = doubted({2022: 50, 2023: 51}, {"year": 2023, "value": "49.9"} | REVISED, tolerance="0.5")
    assert said == [("value", "51.0% was a rise from 50.0% in 2022. Revised to 49.9%, it becomes a fall from 50.0%.")]


def test_revision_that_turns_a_fall_into_a_rise_is_doubted():
    said = doubted({2022: 50, 2023: 49}, {"year": 2023, "value": "50.1"} | REVISED, tolerance="0.5")
    assert said == [("value", "49.0% was a fall from 50.0% in 2022. Revised to 50.1%, it becomes a rise from 50.0%.")]


@pytest.mark.parametrize(
    "values, row",
    [
        pytest.param({2022: 50, 2023: 53}, {"value": 51}, id="the same way"),
        pytest.param({2022: 50, 2023: 53}, {"value": 50}, id="no change left"),
        pytest.param({2022: 50, 2023: "50.4"}, {"value": "49.6"}, id="both too small to count"),
        pytest.param({2023: 53}, {"value": 49}, id="no value before"),
        pytest.param({2022: 50, 2023: {"number": 53, "markers": "[b]"}}, {"value": 49}, id="starts a series no more"),
        pytest.param({2022: 50, 2023: 53}, {"value": 49, "markers": "[b][r]"}, id="starts a series now"),
    ],
)
def test_direction_of_a_revision_is_not_doubted(values, row):
    assert doubted(values, {"year": 2023} | REVISED | row) == []


def test_revision_is_compared_with_what_is_revised_beside_it():
    """The whole series moves to a new base: each value still rises from the one before."""
    rows = [{"year": year, "value": number} | REVISED for year, number in {2022: 80, 2023: 81}.items()]
    assert doubts({2022: 90, 2023: 91}, *rows) == {}


def test_revision_by_more_than_the_series_moves_is_doubted():
    found = doubted({2020: 50, 2021: 51, 2022: 50, 2023: 51}, {"year": 2021, "value": 54, **REVISED}, tolerance=1)
    jump = f"54.0% is 4.0 percentage points more than 50.0% in 2020. {NEVER} 1.0 percentage points."
    moved = f"It moves the published value, 51.0%, by 3.0 percentage points. {NEVER} 1.0 percentage points."
    assert found == [("value", jump), ("value", moved)]


TARGET = {"baseline": 2020, "target": (2040, 70), "tolerance": 1}
STATUS = "This revision changes the status from “{}” to “{}”."


@pytest.mark.parametrize(
    "row, was, becomes",
    [
        pytest.param({"year": 2023, "value": 51}, "On track", "No clear change", id="the latest value"),
        pytest.param({"year": 2020, "value": 54}, "On track", "No clear change", id="the baseline"),
        pytest.param({"year": 2022, "value": 52, "markers": "[r][b]"}, "On track", "Baseline only", id="a break"),
    ],
)
def test_revision_that_changes_the_status_is_doubted(row, was, becomes):
    values = {2020: 50, 2021: 51, 2022: 52, 2023: 54}
    assert ("value", STATUS.format(was, becomes)) in doubted(values, REVISED | row, **TARGET)


@pytest.mark.parametrize(
    "row, area",
    [
        pytest.param({"year": 2024, "value": 54}, make.HOME, id="a new value"),
        pytest.param({"year": 2022, "value": 51, "markers": "[r]"}, make.HOME, id="a value between"),
        pytest.param({"year": 2023, "value": 53, "markers": "[r]"}, make.HOME, id="the status stays"),
        pytest.param({"year": 2023, "value": 51, "markers": "[r]"}, make.COUNTRY, id="another place"),
    ],
)
def test_status_is_not_doubted(row, area):
    values = {2020: 50, 2021: 51, 2022: 52, 2023: 54}
    said = [what for _, what in doubted(values, {"area": area} | row, **TARGET)]
    assert not any("status" in what for what in said)


def test_status_that_many_revisions_change_together_is_said_of_those_that_decide_it():
    rows = [{"year": year, "value": 50} | REVISED for year in (2020, 2021, 2022, 2023)]
    found = doubts({2020: 52, 2021: 52, 2022: 51, 2023: 54}, *rows, **TARGET)
    changed = {row: [w for w in said if "status" in w[1]] for row, said in found.items()}
    said = [("value", STATUS.format("Moving, but too slowly", "No clear change"))]
    assert {row: said for row, said in changed.items() if said} == {2: said, 5: said}


# --- decimals and limits ---


@pytest.mark.parametrize(
    "values, number, said",
    [
        pytest.param(FIVE, "9.81", "9.81% has 2 decimals. No value of the series has more than 1.", id="more"),
        pytest.param({2023: 9}, "9.25", "9.25% has 2 decimals. No value of the series has more than 1.", id="shown"),
        pytest.param({2023: "9.125"}, "9.25", None, id="as many as another"),
        pytest.param({2023: 9}, "9.2", None, id="as many as are shown"),
        pytest.param(FIVE, "9.800000", None, id="zeros at the end"),
    ],
)
def test_more_decimals_than_ever_are_doubted(values, number, said):
    assert doubted(values, {"year": 2024, "value": number}) == ([("value", said)] if said else [])


def limited(number, apart):
    return {"number": number, "lower": number - Decimal(apart) / 2, "upper": number + Decimal(apart) / 2}


def limits(lower, upper):
    return {"lower": Decimal(lower), "upper": Decimal(upper)}


@pytest.mark.parametrize(
    "values, row, said",
    [
        pytest.param(
            {2022: 9, 2023: limited(9, 1)},
            {},
            "The 95% limits are missing. The published value for 2023 has them.",
            id="missing",
        ),
        pytest.param(FIVE, limits(9, 10), "This value has 95% limits. No other of the series has them.", id="new"),
        pytest.param(
            {2022: limited(9, 2), 2023: limited(9, 1)},
            limits("6.4", "12.5"),
            "The 95% limits are 6.1 percentage points apart. Those of the series are at most 2.0 percentage points.",
            id="wide",
        ),
        pytest.param({2022: limited(9, 2), 2023: limited(9, 1)}, limits("6.5", "12.5"), None, id="not too wide"),
        pytest.param({2022: limited(9, 1), 2023: 9}, {}, None, id="none of late"),
        pytest.param({2022: limited(9, 1), 2023: 9}, limits(9, "9.8"), None, id="had long ago"),
    ],
)
def test_limits_unlike_those_of_the_series_are_doubted(values, row, said):
    found = doubted(values, {"year": 2024, "value": "9.5"} | row)
    assert found == ([("lower", said)] if said else [])


# --- markers, source and release ---


def test_revision_without_its_marker_is_doubted():
    said = "This replaces a published value, and is not marked [r] for revised."
    assert doubted(FIVE, {"year": 2023, "value": "9.6"}) == [("markers", said)]
    assert doubted(FIVE, {"year": 2023, "value": "9.6", "markers": "[p][r]"}) == []


def test_change_of_a_limit_is_a_revision_and_of_a_note_is_none():
    before = {2022: 9, 2023: limited(9, 1)}
    assert doubted(before, {"year": 2023, "value": 9, "note": "Another"} | limits("8.5", "9.5")) == []
    assert doubted(before, {"year": 2023, "value": 9} | limits("8.4", "9.5"))[0][0] == "markers"


def test_new_value_marked_as_revised_is_doubted():
    said = "This is marked [r] for revised, and no value for its period is published."
    assert doubted(FIVE, {"year": 2024, "value": "9.6", "markers": "[r]"}) == [("markers", said)]


OWN = {"source_name": "A survey", "source_url": "https://statistics.example/survey"}
OTHER = {"source_name": "Another survey", "source_url": "https://other.example/"}


def held_with(source):
    return {2022: {"number": 9, **OWN}, 2023: {"number": 9, **source}}


@pytest.mark.parametrize(
    "values, row, measure, column, said",
    [
        pytest.param(
            held_with(OWN), OTHER, OWN, "source_name", "The source is not the measure’s own, which is A survey.",
            id="name",
        ),
        pytest.param(
            held_with(OWN),
            OWN | {"source_url": "https://other.example/"},
            OWN,
            "source_url",
            "The address is not that of the measure’s own source, which is https://statistics.example/survey.",
            id="address",
        ),
        pytest.param(
            {},
            OWN,
            {"source_name": "A survey", "source_url": ""},
            "source_url",
            "The address is not that of the measure’s own source, which is none.",
            id="address where there is none, of a first value",
        ),
    ],
)  # fmt: skip
def test_other_source_is_doubted(values, row, measure, column, said):
    assert doubted(values, {"year": 2024, "value": 9} | row, **measure) == [(column, said)]


@pytest.mark.parametrize(
    "values, row",
    [
        pytest.param(held_with(OWN), OWN, id="the measure's own"),
        pytest.param(held_with(OTHER), OWN, id="the measure's own again"),
        pytest.param(held_with(OTHER), OTHER, id="that of the value before"),
        pytest.param(held_with(OTHER), OTHER | {"source_name": "A third"}, id="one more"),
    ],
)
def test_source_is_not_doubted(values, row):
    assert doubted(values, {"year": 2024, "value": 9} | row, **OWN) == []


@pytest.mark.parametrize(
    "row, said",
    [
        pytest.param(
            {"year": 2024, "retrieved_on": date(2026, 2, 28)},
            "The release, of 28 February 2026, is earlier than that of the value before it, that for 2023: "
            "1 March 2026.",
            id="than that of the value before",
        ),
        pytest.param(
            {"year": 2023, "note": "New", "retrieved_on": date(2026, 2, 28)},
            "The release, of 28 February 2026, is earlier than that of the one that it replaces: 1 March 2026.",
            id="than that of the value replaced",
        ),
        pytest.param({"year": 2024, "retrieved_on": date(2026, 3, 1)}, None, id="the same"),
        pytest.param({"year": 2024, "markers": "[b]", "retrieved_on": date(2026, 2, 1)}, None, id="of another series"),
    ],
)
def test_release_earlier_than_that_of_the_value_before_is_doubted(row, said):
    assert doubted({2022: 9, 2023: 9}, {"value": 9} | row) == ([("retrieved_on", said)] if said else [])


# --- many rows ---


def test_rows_of_one_batch_are_neighbours():
    rows = [{"year": year, "value": number} for year, number in {2026: "9.9", 2024: "9.8", 2025: "9.9"}.items()]
    assert doubts(FIVE, *rows) == {}


def test_jump_is_judged_by_the_row_before_it():
    rows = [{"year": 2024, "value": 13}, {"year": 2025, "value": "13.1"}, {"year": 2026, "value": "9.8"}]
    said = f"13.0% is 3.3 percentage points more than 9.7% in 2023. {NEVER} 0.2 percentage points."
    back = f"9.8% is 3.3 percentage points less than 13.1% in 2025. {NEVER} 0.2 percentage points."
    assert doubts(FIVE, *rows) == {2: [("value", said)], 4: [("value", back)]}


def test_magnitude_of_every_row_is_judged_by_what_is_published():
    """Or one wrong value would vouch for the next."""
    rows = [{"year": year, "value": "0.097"} for year in (2024, 2025)]
    assert [said[0][1][:26] for said in doubts(FIVE, *rows).values()] == ["0.097% is 100 times smalle"] * 2


def test_magnitude_of_a_new_series_is_judged_by_the_row_before():
    rows = [{"year": 2020, "value": "9.7"}, {"year": 2021, "value": "0.097"}]
    said = "0.097% is 100 times smaller than the value before it, 9.7% in 2020. "
    said += "It looks like a share typed as a fraction: should it be 9.7%?"
    assert doubts({}, *rows) == {3: [("value", said)]}


def test_period_missing_within_a_batch_is_doubted():
    rows = [{"year": 2024, "value": "9.7"}, {"year": 2026, "value": "9.7"}]
    assert doubts(FIVE, *rows) == {3: [("period_start", "1 period is missing between 2024 and this one.")]}


def test_break_within_a_batch_starts_a_series():
    rows = [{"year": 2024, "value": 40, "markers": "[b]"}, {"year": 2025, "value": 55}]
    assert doubts(FIVE, *rows) == {}


def test_rows_of_other_areas_are_judged_by_their_own_series():
    published = {2021: 60, 2022: 61, 2023: 60}
    assert doubted(FIVE, {"area": make.COUNTRY, "year": 2024, "value": 61}, published=published) == []
    found = doubted(FIVE, {"area": make.COUNTRY, "year": 2024, "value": 9}, published=published)
    assert [column for column, _ in found] == ["value"]


def test_series_that_is_not_published_yet_has_no_neighbours():
    rows = [make.make_row(area=SIMILAR[0], value=3)]
    assert checks.warnings_by_row(rows, Record({"AA1": a_report(FIVE)}, {})) == {}


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "year": st.integers(2015, 2027),
            "value": st.decimals(-50, 500, places=2),
            "markers": st.sampled_from(["", "", "", "[r]", "[b]", "[p]"]),
            "area": st.sampled_from([make.HOME, make.COUNTRY]),
        }
    ),
    max_size=8,
    unique_by=lambda row: (row["area"], row["year"]),
)
VALUES = st.dictionaries(
    st.integers(2015, 2025),
    st.fixed_dictionaries({"number": st.decimals(-50, 500, places=1), "markers": st.sampled_from(["", "", "[b]"])}),
)


def in_order(values):
    return {year: values[year] for year in sorted(values)}


@given(VALUES, ROWS, st.randoms())
def test_order_of_rows_does_not_matter(values, rows, shuffled):
    rows = [row | {"row": number} for number, row in enumerate(rows, 2)]
    first = doubts(in_order(values), *rows, **TARGET)
    shuffled.shuffle(rows)
    assert doubts(in_order(values), *rows, **TARGET) == first


@given(VALUES, ROWS.filter(bool))
def test_one_row_is_judged_alike_alone_and_as_a_batch_of_one(values, rows):
    report = a_report(in_order(values), **TARGET)
    row = make.make_row(**rows[0])
    alone = checks.warnings(row, report=report, series=report.series)
    batch = checks.warnings_by_row([row], Record({"AA1": report}, {("AA1", row.area_id): report.series}))
    assert alone == batch.get(row.row, [])


@given(VALUES.filter(bool), st.data())
def test_value_within_what_the_series_has_seen_is_never_doubted(values, data):
    """Whatever the series: its own last value again, a year later, is nothing to ask about."""
    values = in_order(values)
    last = max(values)
    assert doubted(values, {"year": last + 1, "value": values[last]["number"]}, **TARGET) == []


@given(VALUES)
def test_record_handed_in_again_is_never_doubted(values):
    rows = [{"year": year, "value": v["number"], "markers": v["markers"]} for year, v in values.items()]
    assert doubts(in_order(values), *rows, **TARGET) == {}


# --- errors ---


def wrong(values, row, *, today=TODAY):
    report = a_report(values)
    found = checks.errors(make.make_row(row=7, **row), report=report, series=report.series, today=today)
    return [(p.place, p.column, p.what, p.mend) for p in found]


def test_value_for_a_period_that_has_one_is_an_error():
    said = "A value for 2023 is published already: 9.7%."
    mend = "Correct that value instead, or check the period."
    assert wrong(FIVE, {"year": 2023, "value": 1}) == [("row 7", "period_start", said, mend)]


@pytest.mark.parametrize(
    "today, is_wrong",
    [
        pytest.param(date(2026, 12, 30), True, id="the day before its last"),
        pytest.param(date(2026, 12, 31), False, id="its last day"),
        pytest.param(date(2027, 1, 1), False, id="the day after"),
    ],
)
def test_period_that_is_not_over_is_an_error(today, is_wrong):
    said = "The period 2026 is not over: its last day is 31 December 2026."
    expected = [("row 7", "period_start", said, "Check the period.")] if is_wrong else []
    assert wrong(FIVE, {"year": 2026}, today=today) == expected


def test_new_value_of_a_period_that_is_over_is_no_error():
    assert wrong(FIVE, {"year": 2024}) == []


# --- from the record ---


def rows_of_the_record(edition, **changes):
    rows = Observation.objects.at(edition).order_by("pk").values_list(*Row._fields[1:])
    return [Row(number, *row)._replace(**changes) for number, row in enumerate(rows, 2)]


@pytest.mark.django_db
def test_record_is_read_in_a_fixed_number_of_queries(exampleton, django_assert_num_queries):
    rows = rows_of_the_record(exampleton, retrieved_on=date(2000, 1, 1))
    for some in (rows[:1], rows):
        with django_assert_num_queries(8):
            found = checks.warnings_by_row(some, checks.read_record(some, exampleton, TODAY))
        assert list(found) == [row.row for row in some]


@pytest.mark.django_db
def test_record_is_that_of_the_edition(exampleton):
    later = record.issue(make.make_row(measure="XB2", year=2024, value=9, source_name="A survey"))
    row = make.make_row(measure="XB2", year=2025, value="9.1", retrieved_on=TODAY - timedelta(days=1))
    missing = [("period_start", "1 period is missing between 2023 and this one.")]
    for edition, expected in ((exampleton, missing), (later, [])):
        found = checks.warnings_by_row([row], checks.read_record([row], edition, TODAY)).get(2, [])
        assert [tuple(w) for w in found if w.column == "period_start"] == expected
