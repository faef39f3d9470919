"""What happened to a measure and to a submission, as it is told on pages and in files."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luton2040 import audit, wording
from outcomes import comparing, record, submissions
from outcomes.downloads import csv_of
from outcomes.models import MeasureVersion, Submission
from tests.factories import (
    COUNTRY,
    HOME,
    NOW,
    create_approver,
    create_edition,
    create_measure,
    create_observation,
    create_outcome,
    create_person,
    create_place,
    create_proposer,
    hand_in,
    make_line,
    make_point,
)

pytestmark = pytest.mark.django_db
Kind = Submission.Kind


@pytest.fixture(autouse=True)
def place():
    create_place()
    create_outcome(values={2020: 50, 2021: 51}, comparators={COUNTRY: {2021: 55}}, target=(2040, 70))


def published(*lines, **given):
    """Handed in and approved, as the next edition."""
    submission = hand_in(*lines, public_reason="The survey was reweighted", **given)
    submissions.approve(submission, by=create_approver(), now=NOW, summary="Values")
    return submission


def told(found, *, of="Value"):
    """Newest first, of the home area."""
    return [
        (h.edition.number, h.what, h.subject, h.was, h.now, h.reason)
        for h in found
        if h.is_home and h.what.startswith(of)
    ]


def happenings():
    return record.happenings("AA1", HOME)


def table(rows):
    return list(csv.DictReader(io.StringIO(csv_of(rows).decode())))


# --- a measure ---


def test_every_version_of_a_value_is_told_with_why():
    published(make_line(year=2021, value="51.5"))
    published(make_line(year=2021, value="51.5", note="A small sample."))
    published(make_line(year=2021, withdraws=True))
    published(make_line(year=2021, value="52"))
    why = "The survey was reweighted"
    of_2021 = [h for h in told(happenings()) if h[2] == "Anytown, 2021"]
    assert of_2021 == [
        (5, "Value published", "Anytown, 2021", None, Decimal(52), ""),
        (4, "Value taken away", "Anytown, 2021", Decimal("51.5"), None, why),
        (3, "Value described anew", "Anytown, 2021", Decimal("51.5"), Decimal("51.5"), ""),
        (2, "Value revised", "Anytown, 2021", Decimal(51), Decimal("51.5"), why),
        (1, "Value published", "Anytown, 2021", None, Decimal(51), ""),
    ]


def test_new_limits_revise_a_value():
    published(make_line(year=2021, value=51, lower=Decimal(50), upper=Decimal(52)))
    assert told(happenings())[0][1] == "Value revised"


def test_who_handed_in_and_who_approved_is_told():
    submission = published(make_line(year=2022, value=53))
    newest = happenings()[0]
    assert (newest.submission, newest.approved_by) == (submission, create_approver())
    first = happenings()[-1]
    assert (first.submission, first.approved_by) == (None, None)


def test_values_of_other_places_are_told_apart():
    published(make_line(area=COUNTRY, year=2022, value=56))
    found = happenings()
    assert (found[0].is_home, found[0].subject) == (False, "The Country, 2022")
    step, first = record.steps(found)
    assert (step.told, step.elsewhere) == ([], 1)
    assert (len(first.told), first.elsewhere) == (4, 1)  # two values, the target, the definition


def test_path_is_told_with_who_agreed_it():
    published(kind=Kind.TARGETS, points=[make_point(value=75, basis="More ambitious.")])
    published(kind=Kind.TARGETS, points=[make_point(value=75, ends=True), make_point(kind="milestone", due_on=2030,
                                                                                     value=60)])  # fmt: skip
    assert told(happenings(), of="Target") == [
        (3, "Target taken away", "Target 31 December 2040", "75 on 31 December 2040, published. Agreed by The Board on "
         "1 May 2026", None, ""),
        (2, "Target changed", "Target 31 December 2040", "70 on 31 December 2040, illustrative",
         "75 on 31 December 2040, published. Agreed by The Board on 1 May 2026", "More ambitious."),
        (1, "Target set", "Target 31 December 2040", None, "70 on 31 December 2040, illustrative", ""),
    ]  # fmt: skip
    assert [h[1] for h in told(happenings(), of="Milestone")] == ["Milestone set"]


def test_definition_is_told_field_by_field():
    version = MeasureVersion.objects.current().get(measure="AA1")
    words = {"name": "People in work", "natural_max": 100}
    wording.reword(version, words, about="measures AA1", summary="Words", by=create_approver(), now=NOW)
    found = happenings()
    assert told(found, of="Definition") == [
        (2, "Definition changed", "Name", "People in good jobs", "People in work", ""),
        (2, "Definition changed", "Natural max", "", "100", ""),
    ]
    assert found[0].approved_by == create_approver()
    assert told(found, of="Measure")[0][:2] == (1, "Measure defined")


def test_values_keep_all_their_versions_newest_period_first():
    published(make_line(year=2021, value="51.5"))
    published(make_line(year=2020, withdraws=True))
    kept = record.values(happenings())
    assert [(value.period.start.year, value.row and value.row.value, len(value.versions)) for value in kept] == [
        (2021, Decimal("51.5"), 2),
        (2020, None, 2),
    ]


def test_measure_without_anything_published():
    create_measure(code="BB1")
    assert [h.what for h in record.happenings("BB1", HOME)] == ["Measure defined"]
    assert record.values(record.happenings("BB1", HOME)) == []


def test_happenings_are_flat_in_queries():
    def asked():
        with CaptureQueriesContext(connection) as queries:
            record.measure_table(record.happenings("AA1", HOME), record.log_of_measure("AA1"))
        return len(queries)

    published(make_line(year=2021, value="51.5"))
    few = asked()
    for year in range(2000, 2019):
        published(make_line(year=year, value=5), make_line(row=3, area=COUNTRY, year=year, value=5))
    assert asked() == few <= 10


def test_log_of_a_measure_tells_of_it_and_its_submissions():
    submission = published(make_line(year=2021, value="51.5"))
    audit.record(audit.Action.OWNERS_CHANGED, what="Somebody else.", about="measure AA1", now=NOW + timedelta(hours=1))
    audit.record(audit.Action.OWNERS_CHANGED, what="Not this one.", about="measure AA11", now=NOW)
    actions = [entry.action for entry in record.log_of_measure("AA1")]
    assert actions == ["owners-changed", "published", "handed-in"]
    assert [entry.action for entry in record.log_of_submission(submission)] == ["handed-in", "published"]


# --- files ---


def test_file_of_a_measure_holds_everything_oldest_first():
    published(make_line(year=2021, value="51.5", markers="[r]"), make_line(row=3, area=COUNTRY, year=2021, value=56))
    rows = table(record.measure_table(happenings(), record.log_of_measure("AA1")))
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    (revised,) = [row for row in rows if row["what"] == "Value revised" and row["area"] == HOME]
    assert {name: value for name, value in revised.items() if value} == {
        "at": rows[-1]["at"],
        "edition": "2",
        "submission": str(Submission.objects.latest("pk").pk),
        "what": "Value revised",
        "subject": "Anytown, 2021",
        "area": HOME,
        "period_start": "2021-01-01",
        "period_duration": "P1Y",
        "was": "51",
        "now": "51.5",
        "markers": "[r]",
        "source_name": "A survey",
        "retrieved_on": "2026-03-01",
        "handed_in_by": "Pat Proposer",
        "by": "Alex Approver",
        "reason": "The survey was reweighted",
    }
    assert {row["area"] for row in rows if row["what"] == "Value revised"} == {HOME, COUNTRY}
    assert {"Handed in", "Published", "Target set", "Measure defined"} <= {row["what"] for row in rows}


def test_file_of_a_submission_holds_what_it_says_beside_what_was_there():
    lines = [
        make_line(row=2, year=2021, value="51.5", warnings="A jump.", reason="It is right."),
        make_line(row=3, year=2020, withdraws=True),
    ]
    points = [make_point(value=75)]
    submission = hand_in(*lines, points=points, wording={"name": "Another name"}, kind=Kind.SERIES, reason="See it",
                         public_reason="Why")  # fmt: skip
    found = comparing.comparison(submission, HOME)
    rows = table(record.submission_table(submission, found, record.log_of_submission(submission)))
    assert [(row["what"], row["was"], row["now"], row["reason"], row["warnings"]) for row in rows[:2]] == [
        ("Proposed value: changed", "51", "51.5", "It is right.", "A jump."),
        ("Proposed value: taken away", "50", "", "", ""),
    ]
    assert [row["what"] for row in rows[2:]] == [
        "Proposed point of the path: changed",
        "Proposed definition",
        "Handed in",
    ]
    assert rows[3]["now"] == "Another name" and rows[-1]["by"] == "Pat Proposer"


NASTY = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_typed_runs_in_a_spreadsheet(nasty):
    person = create_person(name=nasty)
    line = make_line(year=2022, note=nasty, source_name=nasty, warnings=nasty, reason=nasty)
    submission = hand_in(line, by=person, reason=nasty)
    submissions.approve(submission, by=create_approver(), now=NOW, summary=nasty)
    audit.record(audit.Action.EXPORTED, what=nasty, by=person, about="measure AA1", now=NOW)
    found = comparing.comparison(submission, HOME)
    tables = [
        record.measure_table(happenings(), record.log_of_measure("AA1")),
        record.submission_table(submission, found, record.log_of_submission(submission)),
    ]
    for held in tables:
        cells = [cell for row in csv.reader(io.StringIO(csv_of(held).decode(), newline="")) for cell in row]
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n")]


def test_value_that_begins_anew_after_a_gap_is_no_revision():
    one, two = create_edition(), create_edition()
    create_edition()
    four = create_edition()
    create_measure(edition=one, code="CC1")
    create_observation(edition=one, measure="CC1", last_edition=two, value=5)
    create_observation(edition=four, measure="CC1", value=6)
    told_of = [(h.edition.number, h.what) for h in record.happenings("CC1", HOME) if h.is_figure]
    assert told_of == [
        (four.number, "Value published"),
        (two.number + 1, "Value taken away"),
        (one.number, "Value published"),
    ]


def test_proposer_stays_named_who_has_gone():
    published(make_line(year=2022, value=53))
    proposer = create_proposer()
    proposer.is_active = False
    proposer.save()
    rows = table(record.measure_table(happenings(), record.log_of_measure("AA1")))
    assert "Pat Proposer" in {row["handed_in_by"] for row in rows}
