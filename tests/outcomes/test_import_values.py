"""The command that takes a file of values: what it says, and that it saves nothing unless it is told to."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from luton2040.editions import Edition
from luton2040.roles import Role
from outcomes import downloads, spreadsheets
from outcomes.models import Observation, Revision, Submission
from outcomes.report import full_reports
from tests import factories as make
from tests.outcomes import books

HEADER = "measure,area,period_start,period_duration,value,retrieved_on\n"
ROW = f"AA1,{make.HOME},2021-01-01,P1Y,52.5,2026-03-01\n"


@pytest.fixture
def place(db):
    make.create_place()
    make.create_outcome(values={2020: 50})
    Submission.objects.all().delete()


@pytest.fixture
def run(tmp_path):
    """The command on a file with these bytes; what it says."""

    def run(data, *options, name="values.csv"):
        file, out, err = tmp_path / name, io.StringIO(), io.StringIO()
        file.write_bytes(data)
        try:
            call_command("import_values", file, *options, stdout=out, stderr=err)
        except CommandError as error:
            raise CommandError(f"{err.getvalue()}{error}") from error
        return out.getvalue()

    return run


def create_people():
    make.create_person(role=Role.OFFICER, email="officer@example.org")
    make.create_person(roles=[Role.APPROVER, Role.OFFICER], email="approver@example.org")


def values():
    return {o.period_start.year: str(o.value.normalize()) for o in Observation.objects.current()}


@pytest.mark.parametrize(
    "data, name",
    [
        pytest.param((HEADER + ROW).encode(), "values.csv", id="CSV"),
        pytest.param(
            books.workbook(
                {"Sheet1": [["Measure code", "Period", "Value", "Release used"], ["AA1", 2021, 52.5, date(2026, 3, 1)]]}
            ),
            "values.xlsx",
            id="workbook",
        ),
    ],
)  # fmt: skip
def test_import_says_what_it_would_change_and_publishes_when_it_is_told_to(place, run, data, name):
    said = run(data, name=name)
    assert "New: 1. Changed: 0. Same: 0." in said and "Nothing was saved." in said
    assert values() == {2020: "5E+1"} and not Submission.objects.exists()
    create_people()
    people = ["--proposed-by", "officer@example.org", "--approved-by", "approver@example.org"]
    assert run(data, "--publish", *people, name=name).endswith("Published.\n")
    assert values() == {2020: "5E+1", 2021: "52.5"}


@pytest.mark.parametrize("write", [downloads.values_csv, spreadsheets.everything_xlsx], ids=["CSV", "workbook"])
def test_import_of_the_sites_own_file_changes_nothing(place, run, write):
    data = write(full_reports(Edition.objects.current(), make.TODAY))
    assert "The record says all of this already." in run(data, name="own.xlsx" if data[:2] == b"PK" else "own.csv")


@pytest.mark.parametrize(
    "data, said",
    [
        pytest.param((HEADER + ROW.replace("52.5", "£52.5")).encode(), "row 2, column value", id="CSV"),
        pytest.param(b"", "The file is empty.", id="nothing"),
        pytest.param(books.workbook({"Sheet1": [["Period", "Value"], [2021, 1]]}), "“Measure code”", id="no measure"),
        pytest.param(books.workbook({"Sheet1": []}), "There is nothing in it.", id="empty workbook"),
        pytest.param(b"PK\x03\x04", "The workbook is damaged", id="half a workbook"),
    ],
)
def test_import_refuses_the_whole_file_for_one_problem(place, run, data, said):
    with pytest.raises(CommandError, match=r"1 problem\(s\) in .*Nothing was changed") as error:
        run(data)
    assert said in str(error.value)


def test_import_of_a_workbook_into_an_empty_record(db, run):
    with pytest.raises(CommandError, match="The record is empty"):
        run(books.workbook({"Sheet1": [["2021", 1]]}))


def test_import_lists_what_it_would_change_but_not_without_end(db, run):
    make.create_place()
    make.create_outcome(values=dict.fromkeys(range(1990, 2012), 50))
    rows = [f"AA1,{make.HOME},{year}-01-01,P1Y,52.5,2026-03-01\n" for year in range(1990, 2012)]
    said = run((HEADER + "".join(rows)).encode())
    assert "New: 0. Changed: 22. Same: 0." in said
    assert said.count("50 -> 52.5") == 20 and "and 2 more" in said


@pytest.mark.parametrize(
    "proposer, approver, said",
    [
        pytest.param("approver@example.org", "approver@example.org", "somebody else must approve", id="one person"),
        pytest.param("approver@example.org", "officer@example.org", "Only an approver may approve", id="no approver"),
        pytest.param("gone@example.org", "approver@example.org", "may open the desk", id="deactivated"),
        pytest.param("officer@example.org", "nobody@example.org", "nobody with the e-mail address", id="unknown"),
    ],
)
def test_import_is_not_published_by_these_people(place, run, proposer, approver, said):
    create_people()
    make.create_person(role=Role.OFFICER, email="gone@example.org", is_active=False)
    with pytest.raises(CommandError, match=said):
        run((HEADER + ROW).encode(), "--publish", "--proposed-by", proposer, "--approved-by", approver)
    assert values() == {2020: "5E+1"} and not Submission.objects.exists()


def test_import_of_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_values", tmp_path / "none.csv")


def test_import_that_changes_published_values_tells_readers_why(place, run):
    create_people()
    people = ["--proposed-by", "officer@example.org", "--approved-by", "approver@example.org"]
    data = (HEADER + ROW.replace("2021-01-01", "2020-01-01")).encode()
    with pytest.raises(CommandError, match="Say why with --reason"):
        run(data, "--publish", *people, "--reason", "  ")
    assert values() == {2020: "5E+1"} and not Submission.objects.exists()
    run(data, "--publish", *people, "--reason", "The survey was reweighted.")
    assert values() == {2020: "52.5"}
    revision = Revision.objects.get()
    assert (revision.was, str(revision.value.normalize()), revision.reason) == (
        50,
        "52.5",
        "The survey was reweighted.",
    )
    assert Edition.objects.current().kind == Edition.Kind.CORRECTION
