"""When a review is asked for."""

import pytest

from boards.asking import needs_review
from tests.record import a_report

PATH = {"baseline": 2020, "target": (2030, 60)}
BREAK = {"number": 80, "markers": "[b]"}


@pytest.mark.parametrize(
    "values, path, is_asked",
    [
        pytest.param({}, PATH, False, id="no data"),
        pytest.param({2020: 50}, PATH, False, id="where the path starts"),
        pytest.param({2020: 50, 2021: 40}, PATH, False, id="one period"),
        pytest.param({2020: 50, 2021: 40, 2022: 41}, PATH, True, id="two periods"),
        pytest.param({2020: 50, 2021: 40, 2022: 41, 2023: 42}, PATH, True, id="three periods"),
        pytest.param({2018: 55, 2019: 52, 2020: 50, 2021: 40}, PATH, False, id="what was before the start is nothing"),
        pytest.param({2020: 50, 2021: 40, 2022: 52}, PATH, False, id="on track again"),
        pytest.param({2020: 50, 2021: 40, 2022: 52, 2023: 40}, PATH, False, id="and off it again"),
        pytest.param({2020: 50, 2022: "52.9", 2024: "52.9"}, PATH, False, id="from nearly there to too slow"),
        pytest.param({2020: 50, 2023: 52, 2024: 53}, PATH, True, id="too slow twice"),
        pytest.param({2020: 50, 2021: 61, 2022: 40}, PATH, False, id="target met, then worse"),
        pytest.param({2020: 50, 2021: 61, 2022: 40, 2023: 40}, PATH, True, id="target met, then worse twice"),
        pytest.param({2020: 50, 2029: 40, 2030: 55}, PATH, True, id="getting worse, then target missed"),
        pytest.param({2020: 50, 2021: "50.4", 2022: 40}, PATH, False, id="too early, then worse"),
        pytest.param({2020: 50, 2021: 40, 2022: BREAK}, PATH, False, id="new series"),
        pytest.param({2021: 40, 2022: BREAK, 2023: 70}, PATH | {"baseline": 2022}, False, id="once in the new series"),
        pytest.param(
            {2021: 40, 2022: BREAK, 2023: 70, 2024: 71},
            {"baseline": 2022, "target": (2030, 90)},
            True,
            id="twice in the new series",
        ),
        pytest.param({2020: 50, 2021: 40, 2022: 41}, {"baseline": 2020}, False, id="no target"),
        pytest.param({2020: 50, 2021: 40, 2022: 41}, {"target": (2030, 60)}, False, id="no start"),
    ],
)
def test_review_is_asked_for_after_two_periods_off_track(values, path, is_asked):
    assert needs_review(a_report(values, **path)) == is_asked
