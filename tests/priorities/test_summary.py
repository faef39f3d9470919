"""Many outcomes in one picture: counts, never averages."""

import pytest

from outcomes.progress import Family, Status
from priorities import summary
from tests.record import a_report

TARGET = (2040, 70)
WORSE = a_report({2020: 50, 2024: 40}, baseline=2020, target=TARGET)
ON_TRACK = a_report({2020: 50, 2024: 60}, baseline=2020, target=TARGET, priority="clean-air", position=1)
NO_DATA = a_report(priority="good-work", position=2)
MISSION = a_report({2020: 50}, baseline=2020, target=TARGET, priority=None)


def test_by_status_counts_every_status_in_the_order_given():
    tallies = summary.by_status([WORSE, ON_TRACK, NO_DATA, WORSE], Status)
    assert [t.status for t in tallies] == list(Status)
    assert {t.status: t.count for t in tallies if t.count} == {
        Status.GETTING_WORSE: 2, Status.ON_TRACK: 1, Status.NO_DATA: 1,
    }  # fmt: skip
    assert {t.of for t in tallies} == {4}


def test_by_family_counts_what_is_not_known_like_the_rest():
    tallies = summary.by_family([WORSE, ON_TRACK, NO_DATA, MISSION], Family)
    assert [(t.status, t.count) for t in tallies] == [
        (Family.BETTER, 1), (Family.SLOW, 0), (Family.WORSE, 1), (Family.UNKNOWN, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("reports", [[], [WORSE], [WORSE, ON_TRACK, NO_DATA]], ids=["none", "one", "three"])
def test_counts_and_shares_add_up(reports):
    for tallies in (summary.by_status(reports, Status), summary.by_family(reports, Family)):
        assert sum(t.count for t in tallies) == len(reports)
        assert sum(t.share for t in tallies) == pytest.approx(1 if reports else 0)


def test_share_of_nothing_is_nothing():
    assert summary.Tally(Status.ON_TRACK, 0, 0).share == 0
    assert summary.Tally(Status.ON_TRACK, 1, 4).share == 0.25


def test_by_priority_is_in_the_order_of_the_wheel_without_the_mission():
    second = a_report({2020: 1}, priority="good-work", position=2)
    groups = summary.by_priority([second, MISSION, ON_TRACK, NO_DATA])
    assert [(priority.priority_id, len(members)) for priority, members in groups] == [
        ("clean-air", 1),
        ("good-work", 2),
    ]
    assert groups[1][1] == [second, NO_DATA]


def test_by_priority_of_nothing_is_nothing():
    assert summary.by_priority([]) == summary.by_priority([MISSION]) == []
