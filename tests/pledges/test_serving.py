"""Which pledges are behind outcomes and priorities, and how many: the newest few are shown."""

from datetime import date

import pytest

from pledges import serving
from tests.factories import TODAY, create_edition, create_outcome_version
from tests.factories_pledges import create_commitment, create_pledge, create_pledge_update, create_stage

pytestmark = pytest.mark.django_db
ENDED = {"withdrawn_on": date(2026, 1, 1), "withdrawn_why": "It closed."}


@pytest.fixture
def edition():
    return create_edition()


def of(*codes, edition, **given):
    found = serving.of_outcomes(codes, edition, TODAY, **given)
    return found.count, [report.slug for report in found.shown], found.count_for_all, found.commitments


def test_newest_few_are_shown_and_all_are_counted(edition):
    for slug, made_on in {
        "old": "2020",
        "unknown": "",
        "month": "2025-03",
        "day": "2025-03-09",
        "year": "2025",
    }.items():
        create_pledge(slug=slug, made_on=made_on, serves=["AA1"])
    create_commitment(slug="more", pledge="old", position=2, serves=["AA1", "AA2"])
    create_pledge(slug="another", serves=["BB1"])
    assert of("AA1", edition=edition, most=3) == (5, ["day", "month", "year"], 0, 6)
    assert serving.of_outcomes(["AA1"], edition, TODAY, most=3).more == 2
    assert of("AA1", "AA2", "BB1", edition=edition)[1:] == (["day", "month", "year", "old", "another"], 0, 7)
    assert not serving.of_outcomes(["CC1"], edition, TODAY)
    assert of(edition=edition) == (0, [], 0, 0)


def test_pledge_is_shown_with_the_commitments_that_name_the_outcome_alone(edition):
    create_pledge(serves=["AA1", "BB1"])
    create_commitment(slug="another", position=2, serves=["BB1"])
    create_commitment(slug="for-all", position=3, serves_all=True)
    create_commitment(slug="over", position=4, serves=["AA1"])
    create_pledge_update()
    for commitment, stage in (("another", "done"), ("over", "ended")):
        create_stage(commitment=commitment, stage=stage)
    (shown,) = serving.of_outcomes(["AA1"], edition, TODAY).shown
    assert [(promise.slug, promise.stage) for promise in shown.promises] == [("a-pledge-1", None)]
    (whole,) = serving.of_outcomes(["AA1", "BB1"], edition, TODAY).shown
    assert [promise.slug for promise in whole.promises] == ["a-pledge-1", "another"]


def test_pledges_that_serve_every_priority_are_told_apart(edition):
    create_pledge(slug="both", serves=["AA1"])
    for slug in ("both", "all"):
        create_pledge(slug="all") if slug == "all" else None
        create_commitment(slug=f"{slug}-all", pledge=slug, position=2, serves_all=True)
    assert of("AA1", edition=edition) == (1, ["both"], 1, 1)
    assert of("BB1", edition=edition) == (0, [], 2, 0)
    assert serving.of_outcomes(["BB1"], edition, TODAY)


def test_what_ended_is_behind_nothing(edition):
    create_pledge(slug="over", serves=["AA1"], **ENDED)
    create_pledge(serves=["AA1"])
    create_pledge_update()
    create_stage(stage="ended")
    create_pledge(slug="all-over", **ENDED)
    create_commitment(slug="for-all", pledge="all-over", serves_all=True)
    assert of("AA1", edition=edition) == (0, [], 0, 0)


def test_priority_is_served_by_its_outcomes_and_where_it_was_chosen(edition):
    create_outcome_version(edition=edition, code="AA1", priority="good-work")
    create_pledge(slug="by-outcome", made_on="2020", serves=["AA1"])
    create_pledge(slug="by-choice", made_on="2021", focus=["good-work"])
    create_pledge(slug="another", focus=["clean-air"])
    found = serving.of_priority("good-work", edition, TODAY)
    assert (found.count, [report.slug for report in found.shown]) == (2, ["by-choice", "by-outcome"])


def test_queries_do_not_grow_with_the_pledges(edition, django_assert_num_queries):
    for number in range(12):
        create_pledge(slug=f"p-{number}", serves=["AA1", "AA2"])
        create_pledge_update(pledge=f"p-{number}")
        if number in (0, 11):
            with django_assert_num_queries(10):
                assert serving.of_outcomes(["AA1"], edition, TODAY)
