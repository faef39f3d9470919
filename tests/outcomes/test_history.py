"""What each edition changed, in words."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luton2040.editions import Edition
from luton2040.vision import Vision
from outcomes import history
from outcomes.models import Milestone, OutcomeVersion
from tests import factories as make
from tests import record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def log():
    return history.changes(Edition.objects.newest_first(), Vision.objects.current().get())


def told(change):
    return (change.outcome.outcome_id, change.period.start.year, change.was, change.value)


def test_first_edition_is_the_start_of_the_record_and_lists_nothing():
    (first,) = log()
    assert first.is_first
    assert (first.values, first.targets, first.other_areas) == ([], [], 0)


def test_no_edition_no_history():
    assert history.changes([], None) == []


def test_new_value_was_nothing_before():
    record.issue(make.make_row(measure="XA1", year=2025, value="57.25", note="Out in May."))
    newest, first = log()
    (change,) = newest.values
    assert told(change) == ("XA1", 2025, None, "57.3%")
    assert change.note == "Out in May."
    assert not newest.is_first and first.is_first


def test_revised_value_says_what_it_was():
    record.issue(make.make_row(measure="XA1", year=2024, value="56.7"))
    assert [told(c) for c in log()[0].values] == [("XA1", 2024, "56.0%", "56.7%")]


def test_value_whose_note_alone_changed_is_not_called_revised():
    record.issue(make.make_row(measure="XM1", year=2024, value="9.9", note="A word more."))
    assert [told(c) for c in log()[0].values] == [("XM1", 2024, None, "9.9%")]


def test_value_revised_twice_says_each_time_what_it_was_then():
    record.issue(make.make_row(measure="XA1", year=2024, value="56.7"))
    record.issue(make.make_row(measure="XA1", year=2024, value="56.1"))
    assert [[told(c) for c in entry.values] for entry in log()] == [
        [("XA1", 2024, "56.7%", "56.1%")],
        [("XA1", 2024, "56.0%", "56.7%")],
        [],
    ]


def test_value_of_the_same_year_but_another_period_is_no_revision():
    record.issue(make.make_row(measure="XA1", year=2024, period_duration="P3Y", value=60))
    assert [told(c) for c in log()[0].values] == [("XA1", 2024, None, "60.0%")]


def test_value_of_an_outcome_that_has_ended_is_left_out():
    record.issue(
        make.make_row(measure="XB2", year=2024, value=9), make.make_row(row=3, measure="XM1", year=2025, value=9)
    )
    last = record.issue(make.make_row(measure="XM1", year=2026, value=8))
    OutcomeVersion.objects.filter(outcome="XB2").update(last_edition=last.number - 1)
    assert [[told(c)[0] for c in entry.values] for entry in log()] == [["XM1"], ["XM1"], []]


def test_values_of_other_places_are_only_counted():
    record.issue(
        make.make_row(measure="XA1", area=make.COUNTRY, year=2025, value=63),
        make.make_row(measure="XA1", area=record.SIMILAR[0], year=2025, value=51),
        make.make_row(measure="XM1", year=2025, value=9),
    )
    newest = log()[0]
    assert newest.other_areas == 2
    assert [told(c) for c in newest.values] == [("XM1", 2025, None, "9.0%")]


def test_revision_of_another_place_is_not_taken_for_one_of_ours():
    record.issue(
        make.make_row(measure="XA1", area=make.COUNTRY, year=2024, value=63),
        make.make_row(measure="XA1", year=2025, value=57),
    )
    assert [told(c) for c in log()[0].values] == [("XA1", 2025, None, "57.0%")]


def test_values_come_by_measure_and_date():
    rows = [("XM1", 2025), ("XA1", 2026), ("XA1", 2025), ("XB2", 2025)]
    record.issue(*(make.make_row(row=n, measure=m, year=y, value=9) for n, (m, y) in enumerate(rows, 2)))
    assert [told(c)[:2] for c in log()[0].values] == [("XA1", 2025), ("XA1", 2026), ("XB2", 2025), ("XM1", 2025)]


def test_changed_target_names_its_outcome_once():
    points = Milestone.objects.current().filter(measure="XA1").exclude(kind="baseline")
    moved = [record.changed(p, value=p.value + 1) for p in points]
    record.issue(*moved, key=("measure_id", "kind", "due_on"), kind=Edition.Kind.TARGETS, summary="Higher.")
    newest = log()[0]
    assert [o.outcome_id for o in newest.targets] == ["XA1"]
    assert newest.values == []


def test_changed_baseline_is_not_called_a_target():
    start = Milestone.objects.current().get(measure="XA1", kind="baseline")
    record.issue(record.changed(start, basis="Another."), key=("measure_id", "kind", "due_on"))
    assert log()[0].targets == []


def test_reworded_outcome_is_an_edition_without_values():
    version = OutcomeVersion.objects.current().get(outcome="XA1")
    record.issue(record.changed(version, short_label="Better jobs"), key=("outcome_id",), summary="A new name.")
    newest = log()[0]
    assert (newest.values, newest.targets, newest.edition.summary) == ([], [], "A new name.")


def test_some_editions_only_are_told_of():
    record.issue(make.make_row(measure="XA1", year=2025, value=57))
    record.issue(make.make_row(measure="XA1", year=2025, value=58))
    (entry,) = history.changes(Edition.objects.filter(number=2), Vision.objects.current().get())
    assert [told(c) for c in entry.values] == [("XA1", 2025, None, "57.0%")]


def test_value_is_worded_by_the_measure_it_has():
    record.issue(make.make_row(measure="XA2", year=2025, value=1234))
    assert log()[0].values[0].value == "£1,234"


def test_editions_come_in_the_order_given_each_once():
    for value in (57, 58, 59):
        record.issue(make.make_row(measure="XA1", year=2025, value=value))
    assert [entry.edition.number for entry in log()] == [4, 3, 2, 1]


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
    assert counted() == few == 6


def test_period_of_a_change_is_the_values_own():
    record.issue(make.make_row(measure="XA1", value=57)._replace(period_start=date(2025, 4, 30), period_duration="P1D"))
    assert log()[0].values[0].period.duration == "P1D"
