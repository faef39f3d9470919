"""What each edition changed, in words."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes import history
from outcomes.models import Milestone, Outcome, OutcomeVersion, Submission
from pledges.models import CommitmentVersion, PledgeVersion
from tests import factories as make
from tests import record
from tests.factories_pledges import create_pledge

pytestmark = pytest.mark.django_db
PATH = ("measure_id", "kind", "due_on")
Kind = Submission.Kind


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def log():
    return history.changes(Edition.objects.newest_first(), Vision.objects.current().get())


def texts(lines):
    return [str(line) for line in lines]


def values():
    """Of the newest edition."""
    return texts(log()[0].values)


def paths():
    return texts(log()[0].paths)


def points(**fields):
    return [record.changed(p, **fields) for p in Milestone.objects.current().filter(measure="XA1")]


# --- which editions ---


def test_first_edition_is_the_start_of_the_record_and_lists_nothing():
    (first,) = log()
    assert first.is_first
    assert (first.told, first.groups, first.other_areas) == ([], [], 0)


def test_no_edition_no_history():
    assert history.changes([], None) == []


def test_some_editions_only_are_told_of():
    record.issue(make.make_row(measure="XA1", year=2025, value=57))
    record.issue(make.make_row(measure="XA1", year=2025, value=58))
    (entry,) = history.changes(Edition.objects.filter(number=2), Vision.objects.current().get())
    assert texts(entry.values) == ["Good jobs, 2025: 57.0%"]


def test_editions_come_in_the_order_given_each_once():
    for value in (57, 58, 59):
        record.issue(make.make_row(measure="XA1", year=2025, value=value))
    assert [entry.edition.number for entry in log()] == [4, 3, 2, 1]
    assert [entry.is_first for entry in log()] == [False, False, False, True]


# --- values ---


def test_new_value_was_nothing_before():
    record.issue(make.make_row(measure="XA1", year=2025, value="57.25", note="Out in May."))
    assert values() == ["Good jobs, 2025: 57.3%"]


def test_revised_value_says_what_it_was_and_why():
    record.publish_handed_in(
        make.make_line(measure="XA1", year=2024, value="56.7"), public_reason="The survey was reweighted"
    )
    assert values() == ["Good jobs, 2024: was 56.0%, revised to 56.7% because the survey was reweighted."]


def test_revised_value_without_a_reason_gives_its_note_or_says_that_there_is_none():
    record.issue(make.make_row(measure="XA1", year=2024, value="56.7", note="Counted again"))
    assert values() == ["Good jobs, 2024: was 56.0%, revised to 56.7%: Counted again."]
    record.issue(make.make_row(measure="XA1", year=2024, value="56.8"))
    assert values() == ["Good jobs, 2024: was 56.7%, revised to 56.8%; no reason was recorded."]


def test_value_whose_note_alone_changed_is_not_called_revised():
    record.issue(make.make_row(measure="XM1", year=2024, value="9.9", note="A word more."))
    assert values() == ["Nobody hungry, 2024: 9.9%"]


def test_value_whose_limits_alone_changed_says_so():
    limits = {"lower": 55, "upper": 57}
    line = make.make_line(measure="XA1", year=2024, value=56, **limits)
    record.publish_handed_in(line, public_reason="They were too narrow.")
    assert values() == ["Good jobs, 2024: the 95% limits of 56.0% were revised because they were too narrow."]


def test_value_revised_twice_says_each_time_what_it_was_then():
    record.issue(make.make_row(measure="XA1", year=2024, value="56.7"))
    record.issue(make.make_row(measure="XA1", year=2024, value="56.1"))
    newest, older, first = (" ".join(texts(entry.values)) for entry in log())
    assert "was 56.7%, revised to 56.1%" in newest
    assert "was 56.0%, revised to 56.7%" in older
    assert first == ""


def test_value_of_the_same_year_but_another_period_is_no_revision():
    record.issue(make.make_row(measure="XA1", year=2024, period_duration="P3Y", value=60))
    assert values() == ["Good jobs, 2024 to 2026: 60.0%"]


def test_withdrawn_value_is_listed_and_counted():
    line = make.make_line(withdraws=True, measure="XA1", year=2023, value="53.6")
    record.publish_handed_in(line, public_reason="It was counted twice.")
    newest = log()[0]
    assert texts(newest.values) == ["Good jobs, 2023: 53.6% was withdrawn because it was counted twice."]
    assert newest.value_count == 1


def test_withdrawn_value_of_another_place_is_counted():
    line = make.make_line(withdraws=True, measure="XA1", area=make.COUNTRY, year=2024, value=62)
    record.publish_handed_in(line, public_reason="It was counted twice.")
    newest = log()[0]
    assert (newest.values, newest.value_count, newest.other_areas) == ([], 0, 1)


def test_new_revised_and_withdrawn_values_come_in_one_order():
    record.publish_handed_in(
        make.make_line(row=2, measure="XA2", year=2025, value=560),
        make.make_line(row=3, measure="XA1", year=2025, value=57),
        make.make_line(row=4, measure="XA1", year=2024, value=55),
        make.make_line(row=5, withdraws=True, measure="XA1", year=2023, value="53.6"),
        public_reason="Counted again.",
    )
    assert [said.split(" ", 3)[:3] for said in values()] == [
        ["Good", "jobs,", "2023:"],
        ["Good", "jobs,", "2024:"],
        ["Good", "jobs,", "2025:"],
        ["Fair", "pay,", "2025:"],
    ]


def test_many_changes_of_every_kind_are_listed_up_to_a_dozen_and_counted():
    years = range(2000, 2010)
    record.issue(*(make.make_row(row=y, measure="XM1", year=y, value=9) for y in years))
    record.publish_handed_in(
        *(make.make_line(row=y, measure="XM1", year=y, value=8) for y in range(2000, 2005)),
        *(make.make_line(row=y, withdraws=True, measure="XM1", year=y, value=9) for y in range(2005, 2010)),
        *(make.make_line(row=y, measure="XM1", year=y, value=7) for y in range(2010, 2020)),
        public_reason="Counted again.",
    )
    newest = log()[0]
    told = texts(newest.values)
    assert (len(told), newest.value_count) == (12, 20)
    assert [said.split()[2] for said in told] == [f"{year}:" for year in range(2000, 2012)]
    assert ["revised" in said for said in told] == [True] * 5 + [False] * 7
    assert ["withdrawn" in said for said in told] == [False] * 5 + [True] * 5 + [False] * 2
    assert newest.told[-1] == "And 8 more values of Exampleton."


def test_value_of_an_outcome_that_has_ended_is_left_out():
    record.issue(
        make.make_row(measure="XB2", year=2024, value=9), make.make_row(row=3, measure="XM1", year=2025, value=9)
    )
    last = record.issue(make.make_row(measure="XM1", year=2026, value=8))
    OutcomeVersion.objects.filter(outcome="XB2").update(last_edition=last.number - 1)
    assert [texts(entry.values) for entry in log()] == [
        ["Nobody hungry, 2026: 8.0%"],
        ["Nobody hungry, 2025: 9.0%"],
        [],
    ]
    assert [entry.value_count for entry in log()] == [1, 1, 0]


def test_values_of_other_places_are_only_counted():
    record.issue(
        make.make_row(measure="XA1", area=make.COUNTRY, year=2025, value=63),
        make.make_row(measure="XA1", area=record.SIMILAR[0], year=2025, value=51),
        make.make_row(measure="XM1", year=2025, value=9),
    )
    assert log()[0].other_areas == 2
    assert values() == ["Nobody hungry, 2025: 9.0%"]


def test_revision_of_another_place_is_not_taken_for_one_of_ours():
    record.issue(
        make.make_row(measure="XA1", area=make.COUNTRY, year=2024, value=63),
        make.make_row(measure="XA1", year=2025, value=57),
    )
    assert values() == ["Good jobs, 2025: 57.0%"]


def test_values_come_by_measure_and_date():
    rows = [("XM1", 2025), ("XA1", 2026), ("XA1", 2025), ("XB2", 2025)]
    record.issue(*(make.make_row(row=n, measure=m, year=y, value=9) for n, (m, y) in enumerate(rows, 2)))
    assert [said.rsplit(":", 1)[0] for said in values()] == [
        "Good jobs, 2025", "Good jobs, 2026", "Less soot, 2025", "Nobody hungry, 2025",
    ]  # fmt: skip


def test_value_is_worded_by_the_measure_it_has():
    record.issue(make.make_row(measure="XA2", year=2025, value=1234))
    assert values() == ["Fair pay, 2025: £1,234"]


def test_period_of_a_change_is_the_values_own():
    record.issue(make.make_row(measure="XA1", value=57)._replace(period_start=date(2025, 4, 30), period_duration="P1D"))
    assert values() == ["Good jobs, 30 April 2025: 57.0%"]


# --- paths ---


def test_changed_target_says_what_it_was_who_agreed_and_when():
    record.publish_handed_in(
        kind=Kind.TARGETS,
        measure="XA1",
        points=[
            make.make_point(due_on=2033, value=66, agreed_by="Fairness Taskforce", agreed_on=date(2026, 5, 3)),
        ],
    )
    assert paths() == [
        "Good jobs: target was 65.0% or more by the end of 2035 (illustrative), "
        "now 66.0% or more by the end of 2033 (published). Agreed by Fairness Taskforce on 3 May 2026."
    ]


def test_milestones_that_came_went_and_changed_are_told_apart():
    make.create_milestone(measure="XA1", kind="milestone", due_on=2030, value=60)
    agreed = {"agreed_by": "Fairness Taskforce", "agreed_on": None}
    record.publish_handed_in(
        kind=Kind.TARGETS,
        measure="XA1",
        points=[
            make.make_point(kind="milestone", due_on=2024, value=54, ends=True, **agreed),
            make.make_point(kind="milestone", due_on=2030, value=61, **agreed),
            make.make_point(kind="milestone", due_on=2032, value=63, **agreed),
        ],
    )
    assert paths() == [
        "Good jobs: milestone of 54.0% or more by the end of 2024 (illustrative) removed; "
        "milestone was 60.0% or more by the end of 2030 (illustrative), "
        "now 61.0% or more by the end of 2030 (published); "
        "new milestone: 63.0% or more by the end of 2032 (published). Agreed by Fairness Taskforce."
    ]


def test_points_that_different_people_agreed_say_each_who():
    record.publish_handed_in(
        kind=Kind.TARGETS,
        measure="XA1",
        points=[
            make.make_point(value=66, due_on=2035, agreed_by="A", agreed_on=None),
            make.make_point(kind="milestone", due_on=2030, value=61, agreed_by="", agreed_on=None),
        ],
    )
    (said,) = paths()
    assert said.endswith(
        "now 66.0% or more by the end of 2035 (published), agreed by A; "
        "new milestone: 61.0% or more by the end of 2030 (published)"
    )


def test_changed_path_names_its_outcome_once():
    moved = [p if p.kind == "baseline" else record.changed(p, value=p.value + 1) for p in points()]
    record.issue(*moved, key=PATH, kind=Edition.Kind.TARGETS, summary="Higher.")
    newest = log()[0]
    assert [line.outcome.outcome_id for line in newest.paths] == ["XA1"]
    assert (newest.values, newest.path_count) == ([], 1)


def test_basis_of_the_start_is_not_called_a_change_of_the_path():
    start = Milestone.objects.current().get(measure="XA1", kind="baseline")
    record.issue(record.changed(start, basis="Another."), key=PATH)
    assert paths() == []


def test_basis_of_a_target_is_told():
    target = Milestone.objects.current().get(measure="XA1", kind="target")
    record.issue(record.changed(target, basis="Another."), key=PATH)
    assert paths() == [
        "Good jobs: target of 65.0% or more by the end of 2035 (illustrative): what it rests on is stated anew"
    ]


def test_paths_of_many_outcomes_are_listed_up_to_a_dozen_and_counted():
    for number in range(14):
        make.create_outcome(code=f"Y{number:02}", position=10 + number, target=(2035, 5))
    targets = Milestone.objects.current().filter(measure__code__startswith="Y")
    record.issue(*(record.changed(t, value=6) for t in targets), key=PATH, kind=Edition.Kind.TARGETS)
    newest = log()[0]
    assert (len(newest.paths), newest.path_count) == (12, 14)
    assert newest.told[-1] == "And 2 more paths to a target."


# --- new series ---


def new_series(*lines, measure="XA1", **given):
    lines = lines or (make.make_line(measure=measure, year=2026, value=30, markers="[b]"),)
    return record.publish_handed_in(
        *lines, kind=Kind.SERIES, measure=measure, public_reason="The survey was replaced", **given
    )


def test_new_series_says_when_it_starts_and_why():
    new_series(points=[make.make_point(kind="baseline", due_on=2026, agreed_by="", agreed_on=None)])
    newest = log()[0]
    assert texts(newest.series) == ["A new series of Good jobs starts in 2026: The survey was replaced."]
    assert texts(newest.values) == ["Good jobs, 2026: 30.0%"]
    assert texts(newest.paths) == ["Good jobs: start of the path moved from 1 January 2020 to 1 January 2026"]


@pytest.mark.parametrize(
    "start, duration, said",
    [
        pytest.param(date(2026, 4, 1), "P1Y", "in April 2026", id="financial year"),
        pytest.param(date(2026, 4, 30), "P1D", "on 30 April 2026", id="day"),
        pytest.param(date(2026, 1, 1), "P3M", "in January 2026", id="quarter"),
    ],
)
def test_new_series_starts_with_the_period_of_its_first_value(start, duration, said):
    new_series(
        make.make_line(measure="XA1", period_start=start, period_duration=duration, value=30, markers="[b]"),
        make.make_line(measure="XA1", area=make.COUNTRY, year=2020, value=30, markers="[b]"),
    )
    assert texts(log()[0].series) == [f"A new series of Good jobs starts {said}: The survey was replaced."]


def test_new_series_without_a_value_yet_is_told_all_the_same():
    record.publish_handed_in(
        kind=Kind.SERIES,
        measure="XA1",
        wording={"definition": "Counted otherwise."},
        public_reason="The survey was replaced.",
    )
    newest = log()[0]
    assert texts(newest.series) == ["A new series of Good jobs starts: The survey was replaced."]
    assert newest.wording == ["Wording changed: measure “People in good jobs”."]


# --- wording ---


def test_reworded_things_are_named():
    version = OutcomeVersion.objects.current().get(outcome="XA1")
    record.issue(record.changed(version, short_label="Better jobs"), key=("outcome_id",), summary="A new name.")
    newest = log()[0]
    assert newest.told == ["Wording changed: outcome “Better jobs”."]
    assert newest.edition.summary == "A new name."


def test_reworded_things_of_every_app_are_named_in_one_sentence():
    create_pledge(edition=Edition.objects.current(), serves=["XA1"])
    everything = [
        (make.PriorityVersion, {"summary": "New."}),
        (make.PlanVersion, {"note": "New."}),
        (make.BoardVersion, {"purpose": "New."}),
        (make.OrganisationVersion, {"kind": "New"}),
        (PledgeVersion, {"result": "New."}),
        (CommitmentVersion, {"what": "New."}),  # has no name, so it is not named
        (make.MeasureVersion, {"definition": "New."}),
        (make.Action, {"text": "Open two jobs fairs."}),
        (make.Fact, {"note": "New."}),
        (make.Source, {"title": "A better source"}),
        (make.Vision, {"sentence": "New."}),
    ]
    number = Edition.objects.current().number + 1
    edition = make.create_edition(number=number, kind=Edition.Kind.WORDING)
    for model, fields in everything:
        row = model.objects.current().order_by("pk").first()
        model.objects.filter(pk=row.pk).update(last_edition=number - 1)
        new = record.changed(row, **fields)
        new.first_edition = edition
        new.save()
    assert log()[0].wording == [
        "Wording changed: action “Open two jobs fairs.”; board “A board”; fact “People living here”; "
        "measure “People in good jobs”; organisation “A council”; plan “A plan”; pledge “A pledge”; "
        "priority “Good work”; source “A better source”; vision “Exampleton 2035”."
    ]


def test_things_that_came_and_went_are_named():
    gone = make.Action.objects.current().get()
    edition = make.create_edition(kind=Edition.Kind.FRAMEWORK)
    make.create_action(edition=edition, key="new", outcome="XA1", text="Open a school.")
    make.Action.objects.filter(pk=gone.pk).update(last_edition=edition.number - 1)
    assert log()[0].wording == ["Added: action “Open a school.”.", "Removed: action “Open a jobs fair.”."]


def test_what_became_of_a_pledge_is_not_called_wording():
    create_pledge(edition=Edition.objects.current(), title="A promise")
    row = PledgeVersion.objects.current().get()
    ended = record.changed(row, withdrawn_on=make.TODAY, withdrawn_why="The shop closed.")
    record.issue(ended, key=("pledge_id",), kind=Edition.Kind.PLEDGE, summary="“A promise”: ended.")
    assert (log()[0].told, log()[0].edition.summary) == ([], "“A promise”: ended.")


def test_many_reworded_things_are_named_up_to_a_dozen_and_counted():
    edition = make.create_edition(kind=Edition.Kind.FRAMEWORK)
    for number in range(14):
        make.create_source(edition=edition, slug=f"s-{number:02}", title=f"Source {number:02}")
    (said,) = log()[0].wording
    assert said.startswith("Added: source “Source 00”; ") and said.endswith("source “Source 11”; 2 more.")


def test_values_are_not_taken_for_wording():
    record.issue(make.make_row(measure="XA1", year=2025, value=57))
    assert log()[0].wording == []


# --- all of it ---


def test_history_takes_a_fixed_number_of_queries():
    def counted():
        vision, editions = Vision.objects.current().get(), list(Edition.objects.newest_first())
        with CaptureQueriesContext(connection) as queries:
            history.changes(editions, vision)
        return len(queries)

    assert counted() == 0
    record.issue(make.make_row(measure="XA1", year=2025, value=57))
    few = counted()
    for year in range(2026, 2032):
        record.issue(*(make.make_row(measure=m, year=year, value=9) for m in ("XA1", "XB2", "XM1")))
    record.publish_handed_in(
        make.make_line(measure="XM1", year=2026, value=8),
        make.make_line(row=3, withdraws=True, measure="XM1", year=2027, value=9),
        measure="XM1",
        public_reason="Counted again.",
    )
    new_series(points=[make.make_point(value=70, due_on=2036)], wording={"definition": "Otherwise."})
    version = OutcomeVersion.objects.current().get(outcome="XA1")
    record.issue(record.changed(version, short_label="Better jobs"), key=("outcome_id",))
    assert counted() == few == 9


def test_told_is_the_whole_entry_in_sentences():
    new_series(
        make.make_line(measure="XA1", year=2026, value=30, markers="[b]"),
        points=[make.make_point(value=70, due_on=2036, agreed_by="The Board", agreed_on=date(2026, 5, 1))],
        wording={"definition": "Otherwise."},
    )
    assert log()[0].told == [
        "A new series of Good jobs starts in 2026: The survey was replaced.",
        "Good jobs, 2026: 30.0%.",
        "Good jobs: target was 65.0% or more by the end of 2035 (illustrative), "
        "now 70.0% or more by the end of 2036 (published). Agreed by The Board on 1 May 2026.",
        "Wording changed: measure “People in good jobs”.",
    ]


def test_outcome_that_ended_is_named_as_removed():
    edition = make.create_edition()
    OutcomeVersion.objects.filter(outcome="XB1").update(last_edition=edition.number - 1)
    assert Outcome.objects.filter(code="XB1").exists()
    assert log()[0].wording == ["Removed: outcome “Clean rivers”."]
