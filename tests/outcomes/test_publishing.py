"""What an approved submission becomes in the public record: all of it or nothing. Old editions stay as they are."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from luton2040 import audit
from luton2040.audit import Action, Entry
from luton2040.editions import Edition, issuing
from luton2040.roles import Role
from outcomes import publishing, submissions
from outcomes.models import MeasureVersion, Milestone, Observation, Revision, Submission
from outcomes.publishing import path_with
from tests.factories import (
    COUNTRY,
    HOME,
    NOW,
    create_approver,
    create_area,
    create_edition,
    create_measure,
    create_milestone,
    create_observation,
    create_person,
    create_submission,
    hand_in,
    make_line,
    make_point,
    make_row,
    schedule,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
WHY = "The survey was weighted again"
State, Kind = Submission.State, Submission.Kind


@pytest.fixture
def approver():
    return create_approver()


def publish(*lines, public_reason=WHY, **given):
    """Handed in and approved at once; gives the submission."""
    submission = hand_in(*lines, public_reason=public_reason, **given)
    submissions.approve(submission, by=create_approver(), now=LATER, summary="Checked")
    return submission


def said(edition):
    return {(o.area_id, o.period_start.year): o.value for o in Observation.objects.at(edition)}


# --- what is told of a value that was replaced or withdrawn ---

LIMITS = {"lower": Decimal(49), "upper": Decimal(52)}


@pytest.mark.parametrize(
    "new, told",
    [
        pytest.param({"value": "51"}, (50, 51), id="value"),
        pytest.param({"value": "50.000001"}, (50, Decimal("50.000001")), id="the last digit"),
        pytest.param({"value": "51"} | LIMITS, (50, 51), id="value and limits"),
        pytest.param({"value": "50"} | LIMITS, (50, 50), id="only the limits"),
        pytest.param({"value": "50", "note": "Of residents"}, None, id="only the note"),
        pytest.param({"value": "50", "markers": "[r]"}, None, id="only the shorthand"),
        pytest.param({"value": "50", "source_name": "Another survey"}, None, id="only the source"),
        pytest.param({"value": "50", "source_url": "https://a.example/"}, None, id="only the link"),
        pytest.param({"value": "50", "retrieved_on": date(2026, 4, 1)}, None, id="only the release"),
        pytest.param({"value": "50", "withdraws": True}, (50, None), id="withdrawn"),
    ],
)
def test_revision_tells_of_figures_that_change(new, told):
    create_observation(value=50)
    submission = publish(make_line(**new))
    revisions = list(Revision.objects.at(2))
    assert [(r.was, r.value) for r in revisions] == ([told] if told else [])
    assert not Revision.objects.at(1).exists()
    for revision in revisions:
        assert (revision.measure_id, revision.area_id, revision.period.start.year) == ("AA1", HOME, 2020)
        assert (revision.period.duration, revision.reason, revision.submission) == ("P1Y", WHY, submission)
        assert revision.first_edition.kind == Edition.Kind.CORRECTION


def test_revision_is_not_told_of_a_new_value():
    create_observation(year=2019)
    publish(make_line())
    assert not Revision.objects.exists()


def test_revision_is_kept_for_every_time():
    create_observation(value=50)
    for value in (51, 52):
        publish(make_line(value=value))
    publish(make_line(value=52, withdraws=True))
    assert [(r.was, r.value) for r in Revision.objects.at(4).order_by("pk")] == [(50, 51), (51, 52), (52, None)]
    assert [(r.was, r.value) for r in Revision.objects.at(2)] == [(50, 51)]


def test_revision_of_each_of_many_values():
    for year in (2018, 2019, 2020):
        create_observation(year=year)
        create_observation(year=year, area=COUNTRY)
    publish(
        make_line(year=2018, value=60),
        make_line(row=3, year=2018, area=COUNTRY, value=61),
        make_line(row=4, year=2019, withdraws=True),
        make_line(row=5, year=2021, value=62),
    )
    told = {(r.area_id, r.period_start.year): r.value for r in Revision.objects.at(2)}
    assert told == {(HOME, 2018): 60, (COUNTRY, 2018): 61, (HOME, 2019): None}


def test_withdrawn_value_is_gone_and_stays_in_the_old_edition():
    create_observation(value=50)
    create_observation(value=60, area=COUNTRY)
    publish(make_line(withdraws=True))
    assert said(2) == {(COUNTRY, 2020): 60}
    assert said(1) == {(HOME, 2020): 50, (COUNTRY, 2020): 60}


def test_withdrawn_value_may_come_back():
    create_observation(value=50)
    publish(make_line(withdraws=True))
    back = publish(make_line(value=51), public_reason="")
    assert back.kind == Kind.VALUES
    assert [said(n).get((HOME, 2020)) for n in (1, 2, 3)] == [50, None, 51]


def test_import_of_a_changed_value_tells_of_it(tmp_path):
    create_measure()
    create_area(code=HOME)
    create_observation(value=50, source_url="https://statistics.example/survey")
    create_person(role=Role.OFFICER, email="one@example.org")
    create_person(role=Role.APPROVER, email="two@example.org")
    file = tmp_path / "values.csv"
    file.write_text(
        "measure,area,period_start,period_duration,value,retrieved_on\n"
        f"AA1,{HOME},2020-01-01,P1Y,51,2026-03-01\n"
        f"AA1,{HOME},2021-01-01,P1Y,52,2026-03-01\n"
    )
    people = [
        "--publish",
        "--proposed-by",
        "one@example.org",
        "--approved-by",
        "two@example.org",
        "--reason",
        "Reweighted.",
    ]
    call_command("import_values", str(file), *people)
    revision = Revision.objects.at(2).get()
    assert (revision.was, revision.value, revision.period.start.year) == (50, 51, 2020)
    assert said(2) == {(HOME, 2020): 51, (HOME, 2021): 52}


def test_framework_that_changes_a_value_tells_of_it(approver):
    """As load_fixtures does it: within the edition that it is proposed in, by nobody."""
    create_observation(value=50)
    with issuing(kind=Edition.Kind.FRAMEWORK, summary="The framework") as edition:
        submission = create_submission(rows=[make_row(value=51)], origin=Submission.Origin.FRAMEWORK)
        submissions.approve(submission, by=None, now=NOW, summary="The framework", edition=edition)
    revision = Revision.objects.at(2).get()
    assert (revision.was, revision.value, revision.reason, revision.submission) == (50, 51, "", submission)
    submission.refresh_from_db()
    assert submission.edition_id == 2


def test_framework_that_leaves_a_persons_value_alone_tells_of_nothing():
    create_observation(value=50)
    publish(make_line(value=55))
    with issuing(kind=Edition.Kind.FRAMEWORK, summary="The framework") as edition:
        submission = create_submission(rows=[make_row(value=50)], origin=Submission.Origin.FRAMEWORK)
        submissions.approve(submission, by=None, now=NOW, summary="The framework", edition=edition)
    assert Edition.objects.count() == 2
    assert [(r.was, r.value) for r in Revision.objects.all()] == [(50, 55)]
    submission.refresh_from_db()
    assert (submission.state, submission.edition) == (State.APPROVED, None)


# --- the path ---

B, M, T = (kind.value for kind in Milestone.Kind)


def points(*given):
    return [make_point(kind=kind, due_on=year, value=value) for kind, year, value in given]


def end(kind, year, value=None):
    return make_point(kind=kind, due_on=year, value=value, ends=True)


@pytest.mark.parametrize(
    "lines, path",
    [
        pytest.param([], [(B, 2020, None), (M, 2030, 55), (M, 2035, 60), (T, 2040, 70)], id="nothing"),
        pytest.param(points((T, 2040, 72)), [(B, 2020, None), (M, 2030, 55), (M, 2035, 60), (T, 2040, 72)],
                     id="another target"),
        pytest.param(points((T, 2038, 70)), [(B, 2020, None), (M, 2030, 55), (M, 2035, 60), (T, 2038, 70)],
                     id="an earlier target"),
        pytest.param([*points((T, 2038, 70)), end(T, 2040, 70)],
                     [(B, 2020, None), (M, 2030, 55), (M, 2035, 60), (T, 2038, 70)],
                     id="an earlier target, and the old one ended"),
        pytest.param([end(T, 2040, 70)], [(B, 2020, None), (M, 2030, 55), (M, 2035, 60)], id="no target"),
        pytest.param(points((M, 2030, 56)), [(B, 2020, None), (M, 2030, 56), (M, 2035, 60), (T, 2040, 70)],
                     id="another milestone"),
        pytest.param(points((M, 2033, 58)), [(B, 2020, None), (M, 2030, 55), (M, 2033, 58), (M, 2035, 60),
                                             (T, 2040, 70)], id="one more milestone"),
        pytest.param([end(M, 2030, 55)], [(B, 2020, None), (M, 2035, 60), (T, 2040, 70)], id="a milestone less"),
        pytest.param([end(M, 2030, 55), *points((M, 2031, 55))], [(B, 2020, None), (M, 2031, 55), (M, 2035, 60),
                                                                 (T, 2040, 70)], id="a milestone moved"),
        pytest.param([end(M, 2029, 55)], [(B, 2020, None), (M, 2030, 55), (M, 2035, 60), (T, 2040, 70)],
                     id="a milestone that is not there"),
        pytest.param(points((B, 2021, None)), [(B, 2021, None), (M, 2030, 55), (M, 2035, 60), (T, 2040, 70)],
                     id="a later baseline"),
        pytest.param([end(B, 2020)], [(M, 2030, 55), (M, 2035, 60), (T, 2040, 70)], id="no baseline"),
        pytest.param([end(B, 2020), end(M, 2030, 55), end(M, 2035, 60), end(T, 2040, 70)], [], id="no path"),
        pytest.param([end(M, 2035, 60), *points((T, 2035, 60))], [(B, 2020, None), (M, 2030, 55), (T, 2035, 60)],
                     id="a milestone made the target"),
    ],
)  # fmt: skip
def test_path_with_lines_and_as_it_is_published(lines, path, approver):
    create_measure(baseline=2020, milestones={2030: 55, 2035: 60}, target=(2040, 70))
    old = [(B, 2020, None), (M, 2030, 55), (M, 2035, 60), (T, 2040, 70)]

    def plain(found):
        return [(point.kind, point.due_on.year, point.value) for point in found]

    foreseen = path_with(list(Milestone.objects.current()), lines, "AA1")
    assert plain(foreseen) == path
    if lines:
        publish(kind=Kind.TARGETS, points=lines)
        assert plain(Milestone.objects.at(2) if path != old else Milestone.objects.at(1)) == path
        assert Edition.objects.count() == 1 + (path != old)
    assert plain(Milestone.objects.at(1)) == old


def test_path_keeps_who_agreed_it_and_what_did_not_change():
    create_measure(milestones={2030: 55}, target=(2040, 70))
    create_milestone(measure="BB1", value=80)
    kept = Milestone.objects.get(kind=M)
    submission = publish(kind=Kind.TARGETS, points=points((T, 2040, 72)), public_reason="")
    target = Milestone.objects.current().get(measure="AA1", kind=T)
    assert (target.value, target.agreed_by, target.agreed_on) == (72, "The Board", date(2026, 5, 1))
    assert (target.standing, target.first_edition_id) == ("published", 2)
    assert Milestone.objects.current().get(kind=M) == kept, "the row that was there goes on"
    assert Milestone.objects.current().get(measure="BB1").value == 80
    assert submission.edition.kind == Edition.Kind.TARGETS
    assert not Revision.objects.exists()


def test_path_published_twice_with_the_same_points_is_one_edition():
    create_measure(target=(2040, 70))
    publish(kind=Kind.TARGETS, points=points((T, 2038, 72)))
    again = publish(kind=Kind.TARGETS, points=points((T, 2038, 72)))
    assert (Edition.objects.count(), again.state, again.edition) == (2, State.APPROVED, None)
    publish(kind=Kind.TARGETS, points=points((T, 2039, 72)))
    due = [[m.due_on.year for m in Milestone.objects.at(n)] for n in (1, 2, 3)]
    assert due == [[2040], [2038], [2039]]


# --- the definition ---


def test_wording_is_published_and_the_old_edition_keeps_its_own():
    old = create_measure(decimals=1, tolerance=None, natural_min=0)
    submission = publish(
        kind=Kind.SERIES,
        wording={"name": "People in fair jobs", "decimals": "2", "tolerance": "0.5", "natural_min": None},
    )
    new = MeasureVersion.objects.current().get()
    assert (new.name, new.decimals, new.tolerance, new.natural_min) == ("People in fair jobs", 2, Decimal("0.5"), None)
    assert (new.definition, new.outcome_id, new.first_edition_id) == (old.definition, "AA1", 2)
    assert MeasureVersion.objects.at(1).get().name == "People in good jobs"
    assert submission.edition.kind == Edition.Kind.SERIES


def test_wording_that_says_the_same_is_no_edition():
    create_measure(decimals=1, tolerance="0.5")
    submission = publish(kind=Kind.SERIES, wording={"decimals": "1", "tolerance": "0.50"})
    assert (Edition.objects.count(), submission.edition) == (1, None)


def everything_at_once():
    """A new series: another definition, a moved path, a new, a replaced and a withdrawn value."""
    create_measure(baseline=2019, target=(2040, 70))
    create_observation(year=2019, value=50)
    create_observation(year=2020, value=51)
    return hand_in(
        make_line(row=2, year=2019, value=49),
        make_line(row=3, year=2020, value=51, withdraws=True),
        make_line(row=4, year=2021, value=52),
        kind=Kind.SERIES,
        points=points((B, 2021, None), (T, 2040, 72)),
        wording={"name": "People in fair jobs"},
        public_reason=WHY,
    )


def test_series_is_published_whole_in_one_edition():
    submission = everything_at_once()
    submissions.approve(submission, by=create_approver(), now=LATER, summary="A new series")
    assert said(2) == {(HOME, 2019): 49, (HOME, 2021): 52}
    assert [(m.kind, m.due_on.year, m.value) for m in Milestone.objects.at(2)] == [(B, 2021, None), (T, 2040, 72)]
    assert MeasureVersion.objects.at(2).get().name == "People in fair jobs"
    assert Revision.objects.at(2).count() == 2
    assert said(1) == {(HOME, 2019): 50, (HOME, 2020): 51}
    assert [(m.kind, m.due_on.year, m.value) for m in Milestone.objects.at(1)] == [(B, 2019, None), (T, 2040, 70)]
    assert MeasureVersion.objects.at(1).get().name == "People in good jobs"
    assert Edition.objects.current().number == 2


# --- a fault in the middle: all or nothing ---

STAGES = [
    (publishing, "is_stale"),
    (publishing, "_publish_values"),
    (publishing, "_withdraw_values"),
    (publishing, "_tell"),
    (publishing, "supersede"),
    (publishing, "_publish_path"),
    (publishing, "_publish_wording"),
    (publishing, "publish_submission"),
    (audit, "record"),
]


def record():
    models = (Edition, Observation, Milestone, MeasureVersion, Revision, Submission, Entry)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("way", ["now", "due"])
@pytest.mark.parametrize("module, stage", STAGES, ids=[stage for _, stage in STAGES])
def test_fault_at_any_stage_of_publishing_leaves_no_half_edition(module, stage, way, when, monkeypatch, caplog):
    submission = everything_at_once()
    if way == "due":
        schedule(submission, at=LATER)
    before = record()
    work = getattr(module, stage)

    def fail(*given, **options):
        if when == "after":
            work(*given, **options)
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(module, stage, fail)
        if way == "now":
            with pytest.raises(RuntimeError):
                submissions.approve(submission, by=create_approver(), now=LATER, summary="A new series")
        else:
            [issued] = submissions.publish_due(LATER)
            assert (issued.failed, issued.said) == (True, "not published, will be tried again: power cut")
            assert "could not be published" in caplog.text
    assert record() == before

    again = Submission.objects.get()
    if way == "now":
        submissions.approve(again, by=create_approver(), now=LATER, summary="A new series")
    else:
        [issued] = submissions.publish_due(LATER + timedelta(minutes=1))
        assert (issued.failed, issued.said) == (False, "published as edition 2")
    assert said(2) == {(HOME, 2019): 49, (HOME, 2021): 52}
    assert Edition.objects.current().number == 2
    assert Entry.objects.of_action(Action.PUBLISHED).count() == 1


# --- whether the record has moved ---


def test_stale_is_asked_for_in_as_many_queries_for_many_lines_as_for_few(django_assert_num_queries):
    create_edition()
    submission = hand_in(*(make_line(row=n, year=n) for n in range(1900, 2000)))
    with django_assert_num_queries(3):
        assert not publishing.is_stale(submission)
    create_edition(kind=Edition.Kind.VALUES)
    create_observation(year=1950)
    with django_assert_num_queries(2):
        assert publishing.is_stale(submission)
