"""What is told of a pledge in words. Reports are made by hand: sentences need no database."""

from dataclasses import replace
from datetime import date

import pytest

from luton2040.vision import Vision
from pledges import sentences
from pledges.models import CommitmentStage, CommitmentVersion, PledgeUpdate, PledgeVersion
from pledges.report import CommitmentReport, PledgeReport
from pledges.standing import Stage


def report(*, stages=(), heard=date(2025, 4, 1), today=date(2026, 6, 1), **fields):
    """With a commitment for each of `stages`; None: nothing is reported of it."""
    return PledgeReport(
        pledge=PledgeVersion(pledge_id="a-pledge", title="A pledge", **fields),
        makers=[("a-charity", "A charity")],
        commitments=[CommitmentVersion(commitment_id=str(n)) for n, _ in enumerate(stages)],
        stages={str(n): CommitmentStage(stage=stage, update="said") for n, stage in enumerate(stages) if stage},
        updates=[PledgeUpdate(key="said", said_on=heard, said="It goes on.", organisation_id="a-charity")],
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


def test_pledge_that_ended_is_told_with_its_reason_and_never_as_silent():
    over = report(heard=date(2020, 1, 1), withdrawn_on=date(2026, 5, 3), withdrawn_why="It closed")
    assert sentences.ended(over) == "ended on 3 May 2026. It closed."
    assert sentences.silence(over) == "" == sentences.ended(report())


@pytest.mark.parametrize(
    "kind, label, note",
    [
        ("vision-pledge", "Anytown 2040 pledge", ""),
        ("civic-agreement", "Civic agreement", "An agreement between institutions"),
        ("anchors-framework", "Anchors’ framework", "Made under the framework"),
        ("accreditation", "Accreditation", "A standard that somebody else sets"),
        ("organisation-commitment", "Own commitment", "The organisation’s own promise."),
    ],
)
def test_sort_of_a_pledge_is_told_by_its_label_and_what_that_means(kind, label, note):
    pledge, vision = PledgeVersion(kind=kind), Vision(name="Anytown 2040")
    assert sentences.kind(pledge, vision) == label
    said = sentences.kind_note(pledge, vision)
    assert said.startswith(note) and bool(said) == bool(note)


# --- how commitments stand ---


DONE, UNDER_WAY, ENDED = Stage.DONE, Stage.UNDER_WAY, Stage.ENDED


@pytest.mark.parametrize(
    "reports, said",
    [
        pytest.param([], "", id="no pledge"),
        pytest.param([report()], "", id="no commitment"),
        pytest.param([report(stages=[None, None])], "nothing reported yet", id="nothing reported"),
        pytest.param([report(stages=[DONE])], "1 done", id="all reported"),
        pytest.param(
            [report(stages=[ENDED, UNDER_WAY, None]), report(stages=[DONE, UNDER_WAY, None])],
            "1 done, 2 under way, 1 ended, 2 not reported on",
            id="of several, the best news first",
        ),
    ],
)
def test_commitments_are_counted_as_they_stand(reports, said):
    assert sentences.stands(reports) == said


@pytest.mark.parametrize(
    "stages, result, said",
    [
        pytest.param([], "", "0 commitments.", id="none"),
        pytest.param([None], "", "1 commitment: nothing reported yet.", id="nothing reported"),
        pytest.param([None], "Accredited", "1 commitment. Accredited.", id="a result alone"),
        pytest.param([DONE, None], "Won", "2 commitments: 1 done, 1 not reported on. Won.", id="both"),
    ],
)
def test_standing_of_a_pledge_is_told_with_what_is_published_of_how_it_went(stages, result, said):
    assert sentences.standing(report(stages=stages, result=result)) == said


@pytest.mark.parametrize(
    "stage, told, said",
    [
        pytest.param(None, None, "Nothing reported yet", id="nothing reported"),
        pytest.param(DONE, PledgeUpdate(said_on=date(2026, 3, 1)), "Done, reported on 1 March 2026", id="reported"),
        pytest.param(DONE, None, "Done", id="by an update that is gone"),
    ],
)
def test_stage_is_told_with_the_day_it_was_reported(stage, told, said):
    assert sentences.stage(CommitmentReport(CommitmentVersion(), [], stage, told, [])) == said


@pytest.mark.parametrize(
    "target_by, said",
    [("", ""), ("2030", "by 2030"), ("2030-03", "by March 2030"), ("2030-03-31", "by 31 March 2030")],
)
def test_day_of_a_target_is_told_as_exactly_as_it_is_known(target_by, said):
    assert sentences.by_when(CommitmentVersion(target_by=target_by)) == said


# --- who says so ---


def test_claim_bears_who_makes_it_and_whether_it_was_checked():
    said = PledgeUpdate(organisation_id="a-charity")
    assert sentences.label(said) == "said by the partner"
    assert sentences.label(PledgeUpdate(checked_on=date(2026, 4, 2))) == "checked by the council on 2 April 2026"
    assert sentences.speaker(report(), said) == "the partner"
    assert sentences.speaker(replace(report(), speakers={"a-charity": "A charity"}), said) == "A charity"
