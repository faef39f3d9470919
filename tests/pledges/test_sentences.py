"""What is told of a pledge in words. Reports are made by hand: sentences need no database."""

from datetime import date

import pytest

from pledges import sentences
from pledges.models import PledgeUpdate, PledgeVersion
from pledges.report import PledgeReport


def report(*, made_on="", heard=date(2025, 4, 1), today=date(2026, 6, 1)):
    return PledgeReport(
        pledge=PledgeVersion(pledge_id="a-pledge", title="A pledge", made_on=made_on),
        makers=[("a-charity", "A charity")],
        commitments=[],
        updates=[PledgeUpdate(said_on=heard, said="It goes on.")],
        first_shown_on=heard,
        today=today,
    )


@pytest.mark.parametrize(
    "made_on, said",
    [
        pytest.param("", "", id="not known"),
        pytest.param("2023", "Made in 2023.", id="year"),
        pytest.param("2023-03", "Made in March 2023.", id="month"),
        pytest.param("2023-03-22", "Made on 22 March 2023.", id="day"),
    ],
)
def test_making_is_told_as_exactly_as_it_is_known(made_on, said):
    assert sentences.made(report(made_on=made_on)) == said


@pytest.mark.parametrize(
    "heard, said",
    [
        pytest.param(date(2025, 6, 2), "", id="within the year"),
        pytest.param(date(2025, 6, 1), "Nothing has been heard of it for 12 months.", id="a year"),
        pytest.param(date(2024, 6, 2), "Nothing has been heard of it for 23 months.", id="nearly two years"),
        pytest.param(date(2024, 6, 1), "Nothing has been heard of it for 2 years.", id="two years"),
        pytest.param(date(2023, 5, 1), "Nothing has been heard of it for 3 years and 1 month.", id="years and a month"),
        pytest.param(date(2022, 8, 1), "Nothing has been heard of it for 3 years and 10 months.", id="many months"),
    ],
)
def test_silence_is_told_by_its_length(heard, said):
    assert sentences.silence(report(heard=heard)) == said
