"""Reading the framework's files: every fault is found, in words that say where it is, and nothing is saved."""

from datetime import date
from decimal import Decimal

import pytest

from luton2040.definitions import Part, Reader
from luton2040.problems import Problem
from outcomes.models import Area, AreaVersion, Measure, MeasureVersion, Milestone
from priorities.models import Fact, Plan, PlanVersion, Priority, PriorityVersion, Source

PLAN = {"name": "A plan", "owner": "org:a-council", "owner_standing": "published", "state": "current"}
MEASURE = {
    "name": "People in good jobs",
    "unit": "per cent",
    "unit_position": "suffix",
    "decimals": 1,
    "direction": "higher",
    "tolerance_basis": "As exact as the survey",
    "frequency": "annual",
    "publisher": "A statistics office",
    "source_name": "A survey",
    "definition": "The share of people who say so.",
}


@pytest.fixture
def reader(tmp_path):
    return Reader(tmp_path)


def write(reader, content, name="a.yaml"):
    (reader.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


def said(reader):
    return [(p.place, p.column, p.what) for p in reader.problems]


def plan_row(reader, **changed):
    """A plan's version with some fields changed; those that are None are left out."""
    reader.known[Plan] = {"a-plan"}
    data = {name: value for name, value in (PLAN | changed).items() if value is not None}
    return reader.row(PlanVersion, data, file="plans.yaml", place="entry a-plan", plan="a-plan", position=1)


def measure_row(reader, **changed):
    reader.known |= {Measure: {"AA1"}, MeasureVersion.outcome.field.related_model: {"AA1"}}
    return reader.row(
        MeasureVersion, MEASURE | changed, file="outcomes.yaml", place="entry AA1", measure="AA1", outcome="AA1"
    )


def milestone_row(reader, place="entry AA1, path", **data):
    reader.known[Measure] = {"AA1"}
    data = {"kind": "target", "due_on": date(2040, 12, 31), "value": "60", "standing": "published"} | data
    return reader.row(Milestone, data, file="outcomes.yaml", place=place, measure="AA1")


# --- problems ---


@pytest.mark.parametrize(
    "problem, words",
    [
        pytest.param(
            Problem("a.csv", "row 2", "value", "It is wrong.", "Mend it."),
            "a.csv, row 2, column value: It is wrong. Mend it.",
            id="all told",
        ),
        pytest.param(
            Problem("a.csv", "row 2", "", "It is wrong.", "Mend it."),
            "a.csv, row 2: It is wrong. Mend it.",
            id="no column",
        ),
        pytest.param(Problem("a.csv", "", "", "It is wrong.", "Mend it."), "a.csv: It is wrong. Mend it.", id="file"),
    ],
)  # fmt: skip
def test_problem_in_words(problem, words):
    assert str(problem) == words


# --- files ---


@pytest.mark.parametrize("ask", ["text", "mapping", "entries", "table"])
def test_file_missing(reader, ask):
    got = getattr(reader, ask)("nowhere.yaml")
    assert not (got if isinstance(got, str) else list(got))
    [problem] = reader.problems
    assert problem.file == "nowhere.yaml"
    assert problem.what == "The file is missing or cannot be read."
    assert problem.mend == f"Put it into {reader.folder.name}/."


def test_file_that_is_a_folder(reader):
    (reader.folder / "a.yaml").mkdir()
    assert reader.text("a.yaml") == ""
    assert said(reader) == [("", "", "The file is missing or cannot be read.")]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("name: £".encode("cp1252"), id="Windows-1252"),
        pytest.param("name: A".encode("utf-16"), id="UTF-16"),
    ],
)
@pytest.mark.parametrize("ask", ["text", "mapping", "entries", "table"])
def test_file_not_utf8(reader, ask, content):
    got = getattr(reader, ask)(write(reader, content))
    assert not (got if isinstance(got, str) else list(got))
    assert said(reader) == [("", "", "The file is not UTF-8 text.")]


def test_file_with_byte_order_mark_reads_as_without(reader):
    assert reader.mapping(write(reader, "name: A café".encode("utf-8-sig"))) == {"name": "A café"}
    assert list(reader.table(write(reader, "name\nA\n".encode("utf-8-sig")))) == [{"place": "row 2", "name": "A"}]
    assert not reader.problems


# --- YAML ---


@pytest.mark.parametrize(
    "content, words",
    [
        pytest.param("name: [", "is not valid YAML", id="bracket left open"),
        pytest.param("name: a\n  other: b", "mapping values are not allowed", id="indented wrongly"),
        pytest.param("\tname: a", "is not valid YAML", id="tab"),
        pytest.param("name: \x00", "is not valid YAML", id="control character"),
        pytest.param("a: 1\nb: 2\na: 3", "'a' is given twice", id="key twice"),
        pytest.param("outer:\n  a: 1\n  a: 1", "'a' is given twice", id="key twice, deeper"),
        pytest.param("1: x\n1: y", "1 is given twice", id="key that is a number twice"),
        pytest.param("? [a]\n: b", "unhashable key", id="key that is a list"),
        pytest.param("a: !!python/object/apply:os.getcwd []", "is not valid YAML", id="code"),
        pytest.param("a: !!map [x]", "is not valid YAML", id="list said to be names with values"),
        pytest.param("a: !!map xy", "is not valid YAML", id="text said to be names with values"),
        pytest.param("a: !!int x", "is not valid YAML", id="text said to be a number"),
        pytest.param("- a: 1", "does not hold names with values", id="list"),
        pytest.param("only text", "does not hold names with values", id="text"),
        pytest.param("7", "does not hold names with values", id="number"),
    ],
)
def test_mapping_with_fault(reader, content, words):
    assert reader.mapping(write(reader, content)) == {}
    [problem] = reader.problems
    assert words in problem.what
    assert problem.mend


def test_mapping_with_fault_names_the_line(reader):
    reader.mapping(write(reader, "a: 1\nb: 2\na: 3\nc: ["))
    assert str(reader.problems[0]).startswith("a.yaml, line 5: The file is not valid YAML: ")
    reader.mapping(write(reader, "a: 1\nb:\n  c: 2\n  c: 3"))
    assert str(reader.problems[1]) == "a.yaml, line 4: The file is not valid YAML: 'c' is given twice. Mend it there."


def test_mapping_gives_names_with_values(reader):
    assert reader.mapping(write(reader, "a: 1\nb: [x, y]")) == {"a": 1, "b": ["x", "y"]}
    assert not reader.problems


@pytest.mark.parametrize("content", ["", "# only a remark\n", "---\n", "null"])
def test_yaml_that_is_empty_holds_nothing_and_is_no_fault(reader, content):
    assert reader.mapping(write(reader, content)) == {}
    assert list(reader.entries(write(reader, content))) == []
    assert not reader.problems


def test_entries_with_faults_gives_the_others(reader):
    file = write(reader, "- a: 1\n- text\n- b: 2\n-\n- [x]")
    assert list(reader.entries(file)) == [{"a": 1}, {"b": 2}]
    what = "The entry is not names with values."
    assert said(reader) == [("entry 2", "", what), ("entry 4", "", what), ("entry 5", "", what)]


def test_entries_of_a_mapping(reader):
    assert list(reader.entries(write(reader, "a: 1"))) == []
    assert said(reader) == [("", "", "The file does not hold a list of entries.")]


def test_entries_within_an_entry_are_taken_out_of_it(reader):
    entry = {"slug": "x", "parts": [{"a": 1}, "text"], "words": "one"}
    assert list(reader.nested(entry, "parts", file="a.yaml", place="entry x")) == [{"a": 1}]
    assert list(reader.nested(entry, "words", file="a.yaml", place="entry x")) == []
    assert list(reader.nested(entry, "none", file="a.yaml", place="entry x")) == []
    assert entry == {"slug": "x"}
    assert said(reader) == [
        ("entry x, parts 2", "", "The entry is not names with values."),
        ("entry x", "words", "A list is wanted here."),
    ]


def test_yaml_of_a_day_that_is_none_is_left_to_the_field(reader):
    assert reader.mapping(write(reader, "a: 2023-02-30\nb: 2024-02-29")) == {"a": "2023-02-30", "b": date(2024, 2, 29)}
    assert not reader.problems


# --- tables ---


@pytest.mark.parametrize(
    "content, rows",
    [
        pytest.param("", [], id="empty"),
        pytest.param("a,b\n", [], id="header only"),
        pytest.param("a,b\n1,2\n", [{"place": "row 2", "a": "1", "b": "2"}], id="one row"),
        pytest.param("a,b\r\n1,2\r\n", [{"place": "row 2", "a": "1", "b": "2"}], id="Windows line ends"),
        pytest.param(" a , b \n 1 , 2 \n", [{"place": "row 2", "a": "1", "b": "2"}], id="spaces around"),
        pytest.param("a,b\n\n1,2\n", [{"place": "row 3", "a": "1", "b": "2"}], id="blank row counted"),
        pytest.param(
            'a,b\n"x\ny",2\n3,4\n',
            [{"place": "row 2", "a": "x\ny", "b": "2"}, {"place": "row 3", "a": "3", "b": "4"}],
            id="line end in quotes",
        ),
        pytest.param('a,b\n"x, y",\n', [{"place": "row 2", "a": "x, y", "b": ""}], id="comma in quotes"),
        pytest.param("a,b\nx\u2028y,z\n", [{"place": "row 2", "a": "x\u2028y", "b": "z"}], id="unusual line separator"),
    ],
)
def test_table_rows(reader, content, rows):
    assert list(reader.table(write(reader, content, "a.csv"))) == rows
    assert not reader.problems


def test_table_with_wrong_number_of_cells_gives_the_others(reader):
    file = write(reader, "a,b\n1\n1,2\n1,2,3\n", "a.csv")
    assert list(reader.table(file)) == [{"place": "row 3", "a": "1", "b": "2"}]
    what = "The row has too many or too few cells."
    assert said(reader) == [("row 2", "", what), ("row 4", "", what)]


def test_table_with_quote_left_open(reader):
    assert list(reader.table(write(reader, 'a,b\n"1,2\n', "a.csv"))) == []
    [problem] = reader.problems
    assert "not a comma-separated table" in problem.what


# --- names ---


def test_names_are_known_afterwards_each_once(reader):
    things = reader.names(Priority, ["one", "two"], "priorities.yaml")
    assert [(type(t), t.pk) for t in things] == [(Priority, "one"), (Priority, "two")]
    assert reader.known[Priority] == {"one", "two"}
    assert not reader.problems


def test_names_given_twice(reader):
    things = reader.names(Priority, ["one", "two", "one", "one"], "priorities.yaml")
    assert [t.pk for t in things] == ["one", "two"]
    assert said(reader) == [("entry one", "", "The entry is there twice.")]


@pytest.mark.parametrize(
    "may_be_none, faults", [pytest.param(False, 1, id="of most things"), pytest.param(True, 0, id="where there may be")]
)
def test_names_of_nothing(reader, may_be_none, faults):
    assert reader.names(Priority, [], "priorities.yaml", may_be_none=may_be_none) == []
    assert said(reader) == [("", "", "The file holds no entry.")] * faults
    assert reader.known[Priority] == set()


@pytest.mark.parametrize(
    "thing, name, words",
    [
        pytest.param(Priority, "", "This field cannot be blank", id="none"),
        pytest.param(Priority, "Good work", "valid “slug”", id="with a space"),
        pytest.param(Priority, "x" * 51, "at most 50 characters (it has 51)", id="too long a slug"),
        pytest.param(Area, "E060000321", "at most 9 characters (it has 10)", id="too long a code"),
    ],
)
def test_names_that_cannot_be_stored(reader, thing, name, words):
    reader.names(thing, ["good", name], "a.yaml")
    [(place, column, what)] = said(reader)
    assert (place, column) == (f"entry {name}", thing._meta.pk.name)
    assert words in what


# --- rows: one field at a time ---


def test_row_without_fault(reader):
    row = plan_row(reader, year_from=2020, is_major=True, sources=["one"])
    assert not reader.problems
    assert (row.plan_id, row.position, row.name, row.year_from, row.year_to) == ("a-plan", 1, "A plan", 2020, None)
    assert (row.is_major, row.sources, row.targets, row.note) == (True, ["one"], [], "")
    assert row.pk is None


@pytest.mark.parametrize(
    "changed, column, words",
    [
        pytest.param({"nmae": "A plan"}, "nmae", "There is no such field.", id="unknown field"),
        pytest.param({"first_edition": 1}, "first_edition", "There is no such field.", id="not for files"),
        pytest.param({"position": 7}, "position", "There is no such field.", id="given by the order of the file"),
        pytest.param({"name": None}, "name", "This field cannot be null.", id="required, missing"),
        pytest.param({"name": ""}, "name", "This field cannot be null.", id="required, empty"),
        pytest.param({"name": "  "}, "name", "This field cannot be blank.", id="required, only spaces"),
        pytest.param({"name": "x" * 201}, "name", "at most 200 characters (it has 201)", id="too long"),
        pytest.param({"name": ["A", "plan"]}, "name", "One text, number or day", id="list for text"),
        pytest.param({"name": {"A": "plan"}}, "name", "One text, number or day", id="names with values for text"),
        pytest.param({"name": False}, "name", "need quotes", id="no, meant as text"),
        pytest.param({"state": "finished"}, "state", "not a valid choice", id="bad choice"),
        pytest.param({"state": "Current"}, "state", "not a valid choice", id="choice in capitals"),
        pytest.param({"year_from": "soon"}, "year_from", "must be an integer", id="text for a number"),
        pytest.param({"year_from": 2020.5}, "year_from", "must be an integer", id="fraction for a whole number"),
        pytest.param({"year_from": True}, "year_from", "need quotes", id="yes for a number"),
        pytest.param({"year_from": -1}, "year_from", "greater than or equal to 0", id="negative"),
        pytest.param({"year_from": 10**19}, "year_from", "less than or equal to", id="too large"),
        pytest.param({"is_major": "perhaps"}, "is_major", "either True or False", id="not yes or no"),
        pytest.param({"is_major": []}, "is_major", "either True or False", id="list for yes or no"),
        pytest.param({"sources": "one"}, "sources", "A list is wanted here.", id="text for a list"),
        pytest.param({"sources": {"a": 1}}, "sources", "A list is wanted here.", id="names for a list"),
        pytest.param({"sources": [date(2040, 1, 1)]}, "sources", "valid JSON", id="day in a list"),
    ],
)  # fmt: skip
def test_row_with_fault(reader, changed, column, words):
    plan_row(reader, **changed)
    [problem] = reader.problems
    assert (problem.file, problem.place, problem.column) == ("plans.yaml", "entry a-plan", column)
    assert words in problem.what
    assert problem.mend


@pytest.mark.parametrize(
    "value, mend",
    [
        pytest.param("", "Fill it in.", id="missing"),
        pytest.param("finished", "It was 'finished'.", id="wrong"),
    ],
)
def test_row_with_fault_says_what_was_there(reader, value, mend):
    plan_row(reader, state=value)
    assert [p.mend for p in reader.problems] == [mend]


def test_row_with_names_that_are_no_text(reader):
    data = {5: "x", "nmae": "y", None: "z"}
    reader.row(Source, data, file="sources.yaml", place="entry a")
    unknown = [str(p.column) for p in reader.problems if p.what == "There is no such field."]
    assert unknown == ["5", "None", "nmae"]


def test_row_with_unknown_field_names_those_there_are(reader):
    plan_row(reader, nmae="A plan")
    [problem] = reader.problems
    assert "name, note, owner" in problem.mend
    assert "position" not in problem.mend and "first_edition" not in problem.mend


@pytest.mark.parametrize(
    "due_on",
    [
        pytest.param("2040-02-30", id="no such day"),
        pytest.param("31/12/2040", id="other order"),
        pytest.param("2040", id="a year in quotes"),
        pytest.param(2040, id="a year"),
        pytest.param("soon", id="a word"),
    ],
)
def test_row_with_bad_date(reader, due_on):
    milestone_row(reader, due_on=due_on)
    [problem] = reader.problems
    assert (problem.place, problem.column) == ("entry AA1, path", "due_on")
    assert "date" in problem.what
    assert problem.mend == f"It was {due_on!r}."


@pytest.mark.parametrize("due_on", [date(2040, 12, 31), "2040-12-31", " 2040-12-31 "])
def test_row_with_good_date(reader, due_on):
    assert milestone_row(reader, due_on=due_on).due_on == date(2040, 12, 31)
    assert not reader.problems


@pytest.mark.parametrize(
    "value, kept",
    [
        pytest.param("37.91", "37.91", id="in quotes"),
        pytest.param(37.91, "37.91", id="a float, as it was written"),
        pytest.param(0.1, "0.1", id="a float that is not exact"),
        pytest.param(38, "38", id="whole"),
        pytest.param("-0.000001", "-0.000001", id="six decimals"),
    ],
)
def test_row_keeps_numbers_as_they_were_written(reader, value, kept):
    row = milestone_row(reader, value=value)
    assert not reader.problems
    assert (row.value, type(row.value)) == (Decimal(kept), Decimal)


@pytest.mark.parametrize(
    "value, words",
    [
        pytest.param("0.0000001", "no more than 6 decimal places", id="seven decimals"),
        pytest.param("1234567890123", "no more than 12 digits before", id="too large"),
        pytest.param("£60", "must be a decimal", id="with a sign"),
        pytest.param("1,000", "must be a decimal", id="with a comma"),
        pytest.param(float("nan"), "must be a decimal", id="not a number"),
        pytest.param(float("inf"), "must be a decimal", id="infinite"),
    ],
)
def test_row_with_bad_number(reader, value, words):
    milestone_row(reader, value=value)
    [problem] = reader.problems
    assert problem.column == "value"
    assert words in problem.what


@pytest.mark.parametrize("plan", ["another-plan", "", None, ["a-plan"]])
def test_row_that_points_at_something_unknown(reader, plan):
    reader.known[Plan] = {"a-plan"}
    reader.row(PlanVersion, PLAN, file="plans.yaml", place="entry x", plan=plan, position=1)
    [problem] = reader.problems
    assert (problem.place, problem.column) == ("entry x", "plan")
    assert problem.what == f"{plan or None!r} is not a known plan."


def test_row_may_leave_out_a_reference_that_is_optional(reader):
    reader.known = {MeasureVersion.outcome.field.related_model: {"AA1"}, Priority: {"good-work"}}
    version = MeasureVersion.outcome.field.related_model.versions.rel.related_model
    data = {
        "name": "More good jobs",
        "name_standing": "working",
        "name_source": "A test",
        "short_label": "Jobs",
        "resident_statement": "I have a good job",
    }
    row = reader.row(version, data, file="a.yaml", place="entry AA1", outcome="AA1", position=1)
    assert not reader.problems
    assert row.priority_id is None


def test_row_that_is_not_names_with_values(reader):
    reader.row(Source, ["a"], file="sources.yaml", place="entry 1")
    assert said(reader) == [("entry 1", "", "The entry is not names with values.")]


def test_row_text_is_stripped_and_numbers_are_text_where_text_is_wanted(reader):
    row = plan_row(reader, name="  A plan ", note=2040)
    assert (row.name, row.note) == ("A plan", "2040")
    row = reader.row(
        Source,
        {"slug": "a", "title": "A", "publisher": "P", "kind": "report", "date": date(2024, 1, 2)},
        file="sources.yaml",
        place="entry a",
    )
    assert row.date == "2024-01-02"
    assert not reader.problems


def test_row_reports_all_its_faults(reader):
    plan_row(reader, nmae="x", name=None, state="finished", year_from="soon", sources="one")
    assert {p.column for p in reader.problems} == {"nmae", "name", "state", "year_from", "sources"}


# --- rows against the constraints of the database ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make, words",
    [
        pytest.param(lambda r: measure_row(r, tolerance="-1"), "tolerance is not negative", id="tolerance"),
        pytest.param(
            lambda r: measure_row(r, natural_min="100", natural_max="0"), "natural limits in order", id="limits crossed"
        ),
        pytest.param(
            lambda r: milestone_row(r, kind="baseline"), "baseline takes its value from observation", id="baseline"
        ),
        pytest.param(
            lambda r: milestone_row(r, value=None),
            "baseline takes its value from observation",
            id="target without value",
        ),
    ],
)  # fmt: skip
def test_check_constraints_finds_a_row_against_the_rules(reader, make, words):
    make(reader)
    assert not reader.problems
    reader.check_constraints()
    [problem] = reader.problems
    assert (problem.file, problem.column) == ("outcomes.yaml", "")
    assert problem.place.startswith("entry AA1")
    assert problem.what == f"The entry breaks the rule “{words}”."


@pytest.mark.django_db
def test_check_constraints_finds_two_targets(reader):
    milestone_row(reader, place="entry AA1, path")
    milestone_row(reader, place="entry AA1, again", due_on="2041-12-31")
    reader.check_constraints()
    assert said(reader) == [("entry AA1, again", "kind", "The same measure and kind is there twice.")]


@pytest.mark.django_db
def test_check_constraints_allows_many_milestones_on_different_days(reader):
    milestone_row(reader, kind="milestone", due_on="2030-12-31")
    milestone_row(reader, kind="milestone", due_on="2035-12-31")
    milestone_row(reader)
    reader.check_constraints()
    assert not reader.problems


@pytest.mark.django_db
def test_check_constraints_finds_two_milestones_on_one_day(reader):
    milestone_row(reader, kind="milestone")
    milestone_row(reader, kind="milestone", value="61")
    reader.check_constraints()
    assert said(reader) == [("entry AA1, path", "due_on", "The same measure and kind and due_on is there twice.")]


@pytest.mark.django_db
def test_check_constraints_finds_a_key_given_twice(reader):
    for number in (2, 3, 4):
        data = {"key": "people", "label": "People", "value": "1", "unit": "people", "source_name": "A census"}
        reader.row(Fact, data, file="facts.csv", place=f"row {number}", position=number, is_headline=False)
    reader.check_constraints()
    what = "The same key is there twice."
    assert said(reader) == [("row 3", "key", what), ("row 4", "key", what)]


@pytest.mark.django_db
def test_check_constraints_does_not_repeat_what_names_has_said(reader):
    reader.names(Plan, ["a-plan", "a-plan"], "plans.yaml")
    plan_row(reader)
    plan_row(reader)
    reader.check_constraints()
    assert said(reader) == [("entry a-plan", "", "The entry is there twice.")]


@pytest.mark.django_db
def test_check_constraints_passes_over_rows_with_faults(reader):
    measure_row(reader, tolerance="-1", direction="sideways")
    reader.check_constraints()
    assert [column for _, column, _ in said(reader)] == ["direction"]


# --- all of it ---


@pytest.mark.django_db
def test_faults_of_several_files_are_told_together_and_nothing_is_saved(reader, django_assert_num_queries):
    with django_assert_num_queries(0):
        list(reader.entries("missing.yaml"))
        reader.mapping(write(reader, "a: ["))
        reader.names(Priority, ["one", "one"], "priorities.yaml")
        list(reader.table(write(reader, "a,b\n1\n", "areas.csv")))
        plan_row(reader, state="finished", nmae="x")
        milestone_row(reader, due_on="soon")
    assert [(p.file, p.column) for p in reader.problems] == [
        ("missing.yaml", ""),
        ("a.yaml", ""),
        ("priorities.yaml", ""),
        ("areas.csv", ""),
        ("plans.yaml", "nmae"),
        ("plans.yaml", "state"),
        ("outcomes.yaml", "due_on"),
    ]
    for model in (Priority, Plan, Measure, Area, PriorityVersion, PlanVersion, Milestone, AreaVersion):
        assert not model.objects.exists()


def test_part_has_no_things_unless_given():
    assert Part(Fact, [], ("key",)).things == []
