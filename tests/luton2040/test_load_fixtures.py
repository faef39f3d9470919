"""Loading the framework: the files delivered, and a small place of our own that each test may change."""

from copy import copy, deepcopy
from decimal import Decimal
from io import StringIO

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from boards.models import BoardVersion, Oversight
from luton2040.editions import Edition, issuing, publish
from luton2040.vision import Vision
from outcomes import submissions
from outcomes.models import (
    Action,
    Area,
    AreaVersion,
    MeasureVersion,
    Milestone,
    Observation,
    Outcome,
    OutcomeVersion,
    PlanOutcome,
    Revision,
    Submission,
    SubmissionLine,
)
from pledges.models import (
    CommitmentOutcome,
    CommitmentVersion,
    OrganisationVersion,
    PledgeOrganisation,
    PledgeVersion,
)
from priorities.models import Fact, PlanVersion, Priority, PriorityVersion, Source
from tests.factories import COUNTRY, HOME, NOW, create_edition, create_user, make_line, make_point, make_row
from tests.factories_pledges import create_commitment, create_commitment_outcome, create_pledge_update, create_stage
from tests.record import publish_handed_in

pytestmark = pytest.mark.django_db
DELIVERED = settings.BASE_DIR / "fixtures"
PUBLISHED = [
    Vision, Source, PriorityVersion, PlanVersion, Fact, OrganisationVersion, AreaVersion, OutcomeVersion,
    MeasureVersion, Milestone, Action, PlanOutcome, PledgeVersion, PledgeOrganisation, CommitmentVersion,
    CommitmentOutcome, BoardVersion, Oversight, Observation,
]  # fmt: skip

ANYTOWN = {
    "vision.yaml": {
        "place": "Anytown",
        "name": "Anytown 2040",
        "sentence": "A town where everyone does well.",
        "horizon": "2040-12-31",
        "home_area": HOME,
        "publisher": "Anytown Council",
        "framework_note": "A note.",
        "mission_name": "Nobody goes without",
        "mission_hub": "Nobody without",
        "mission_summary": "A summary.",
    },
    "sources.yaml": [{"slug": "a-source", "title": "A source", "publisher": "P", "kind": "report"}],
    "priorities.yaml": [{"slug": "good-work", "name": "Good work", "statement": "Work.", "summary": "More of it."}],
    "plans.yaml": [
        {
            "slug": "a-plan",
            "name": "A plan",
            "owner": "org:a-council",
            "owner_standing": "published",
            "state": "current",
            "outcomes": ["AA1"],
            "outcomes_standing": "published",
        }
    ],
    "organisations.yaml": [{"slug": "a-council", "name": "A council", "kind": "Council", "kind_standing": "published"}],
    "pledges.yaml": [
        {
            "slug": "a-pledge",
            "kind": "vision-pledge",
            "title": "A pledge",
            "organisations": ["a-council"],
            "outcomes_standing": "inferred",
            "commitments": [{"slug": "a-pledge-1", "what": "Buy nearby.", "outcomes": ["AA1"]}],
        }
    ],
    "boards.yaml": [
        {
            "slug": "a-board",
            "name": "A board",
            "purpose": "Looks after it.",
            "role": "strategic",
            "oversees": ["mission", "good-work", "plan:a-plan"],
            "oversight_standing": "published",
        }
    ],
    "outcomes.yaml": [
        {
            "code": code,
            "priority": priority,
            "name": f"Outcome {code}",
            "name_standing": "working",
            "name_source": "A test",
            "short_label": code,
            "resident_statement": "I have a good job",
            "measure": {
                "code": code,
                "name": "People in good jobs",
                "unit": "per cent",
                "unit_position": "suffix",
                "decimals": 1,
                "direction": "higher",
                "tolerance_basis": "A survey",
                "natural_min": "0",
                "natural_max": "100",
                "frequency": "annual",
                "publisher": "An office",
                "source_name": "A survey",
                "definition": "The share who say so.",
            },
            "path": [
                {"kind": "baseline", "due_on": "2020-01-01", "standing": "published"},
                {"kind": "target", "due_on": "2040-12-31", "value": "60", "standing": "illustrative"},
            ],
        }
        for code, priority in (("AA1", "good-work"), ("MM1", None))
    ],
    "actions.yaml": [{"key": "aa1-1", "outcome": "AA1", "text": "Open a jobs fair.", "owner": "a-council"}],
    "areas.csv": (
        "code,name,kind,similarity,source\n"
        f"{HOME},Anytown,Council,,A list\n"
        f"{COUNTRY},The Country,Country,,A list\n"
    ),
    "facts.csv": (
        "key,label,value,unit,period,source_name,source_url,note,is_headline\n"
        "people,People,1000,people,2021,A census,,,yes\nhomes,Homes,400,homes,2021,A census,,,\n"
    ),
    "values.csv": (
        "measure,area,period_start,period_duration,value,retrieved_on\n"
        f"AA1,{HOME},2020-01-01,P1Y,50,2026-03-01\n"
        f"AA1,{HOME},2021-01-01,P1Y,51.5,2026-03-01\n"
        f"MM1,{HOME},2020-01-01,P1Y,9,2026-03-01\n"
    ),
}  # fmt: skip


class Place:
    """The files of Anytown; change `files`, then load()."""

    def __init__(self, folder):
        self.folder = folder
        self.files = deepcopy(ANYTOWN)

    def write(self):
        self.folder.mkdir(exist_ok=True)
        for old in self.folder.iterdir():
            old.unlink()
        for name, content in self.files.items():
            text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
            (self.folder / name).write_text(text)

    def load(self, *options):
        self.write()
        return load(self.folder, *options)

    def problems(self):
        """What loading files that have faults says, line by line, and its last word."""
        self.write()
        return problems_of(self.folder)

    def change(self, name, old, new):
        assert old in self.files[name]
        self.files[name] = self.files[name].replace(old, new)


def load(folder, *options):
    """Run the command; gives what it says."""
    out = StringIO()
    call_command("load_fixtures", folder, *options, stdout=out, stderr=out)
    return out.getvalue()


def problems_of(folder):
    err = StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("load_fixtures", folder, stderr=err)
    return [line.strip() for line in err.getvalue().splitlines()], str(raised.value)


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "anytown")


@pytest.fixture
def loaded(place):
    place.load()
    return place


def record():
    """Everything published, as it stands in the database."""
    return {model: list(model.objects.order_by("pk").values()) for model in PUBLISHED}


# --- the files delivered ---


def test_load_of_the_files_delivered_issues_edition_one_and_again_nothing():
    lines = (DELIVERED / "values.csv").read_text(encoding="utf-8").splitlines()

    said = load(DELIVERED)

    assert said.startswith("Loaded fixtures as edition 1: The framework as delivered: ")
    assert f"{len(lines) - 1:,} values" in said
    edition = Edition.objects.get()
    assert (edition.number, edition.kind, edition.issued_by) == (1, Edition.Kind.FRAMEWORK, None)
    assert PriorityVersion.objects.at(1).count() == 5
    outcomes = OutcomeVersion.objects.at(1)
    assert outcomes.filter(priority__isnull=False).count() == 40
    assert outcomes.filter(priority__isnull=True).count() == len(outcomes) - 40 > 0
    assert MeasureVersion.objects.at(1).count() == len(outcomes)
    assert Milestone.objects.at(1).filter(kind="baseline").count() <= len(outcomes)
    assert Observation.objects.at(1).count() == len(lines) - 1
    vision = Vision.objects.at(1).get()
    assert AreaVersion.objects.at(1).filter(area=vision.home_area).exists()
    assert set(vision.comparators) <= set(Area.objects.values_list("code", flat=True))
    before = record()

    said = load(DELIVERED)

    assert said == "fixtures holds nothing new: the record is at edition 1.\n"
    assert Edition.objects.count() == 1
    assert Submission.objects.count() == 1
    assert record() == before


def test_check_of_the_files_delivered_finds_no_problem_and_saves_nothing():
    said = load(DELIVERED, "--check")
    assert said.startswith("No problems in ")
    assert not Edition.objects.exists() and not Submission.objects.exists() and not Priority.objects.exists()


def test_load_without_a_folder_takes_the_files_delivered():
    out = StringIO()
    call_command("load_fixtures", "--check", stdout=out)
    assert f"No problems in {DELIVERED}: " in out.getvalue()


# --- a small place ---


def test_load_of_another_place_puts_everything_into_edition_one(place):
    assert place.load() == ("Loaded anytown as edition 1: The framework as delivered: 27 entries and 3 values.\n")
    assert Edition.objects.get().summary == "The framework as delivered: 27 entries and 3 values."
    assert {model: model.objects.at(1).count() for model in PUBLISHED} == {
        Vision: 1, Source: 1, PriorityVersion: 1, PlanVersion: 1, Fact: 2, OrganisationVersion: 1, AreaVersion: 2,
        OutcomeVersion: 2, MeasureVersion: 2, Milestone: 4, Action: 1, PlanOutcome: 1, PledgeVersion: 1,
        PledgeOrganisation: 1, CommitmentVersion: 1, CommitmentOutcome: 1, BoardVersion: 1, Oversight: 3,
        Observation: 3,
    }  # fmt: skip
    assert [f.is_headline for f in Fact.objects.order_by("position")] == [True, False]
    submission = Submission.objects.get()
    assert (submission.origin, submission.state, submission.file_name) == ("framework", "approved", "values.csv")
    assert (submission.proposed_by, submission.decided_by) == (None, None)
    assert submission.decided_at == submission.proposed_at
    assert SubmissionLine.objects.count() == 3


def test_load_takes_the_source_of_the_measure_where_the_row_names_none(loaded):
    assert set(Observation.objects.values_list("source_name", flat=True)) == {"A survey"}


def test_load_again_changes_nothing(loaded):
    before = record()
    assert loaded.load() == "anytown holds nothing new: the record is at edition 1.\n"
    assert record() == before
    assert (Edition.objects.count(), Submission.objects.count()) == (1, 1)


def test_load_of_changed_files_issues_edition_two_and_keeps_edition_one_readable(loaded):
    loaded.files["outcomes.yaml"][0]["name"] = "Reworded"
    loaded.files["priorities.yaml"].append(ANYTOWN["priorities.yaml"][0] | {"slug": "clean-air", "name": "Clean air"})
    loaded.files["actions.yaml"] = []
    loaded.change("values.csv", "51.5", "52.5")

    assert loaded.load() == ("Loaded anytown as edition 2: The framework as delivered: 3 entries and 1 values.\n")

    def seen(number):
        return (
            OutcomeVersion.objects.at(number).get(outcome="AA1").name,
            PriorityVersion.objects.at(number).count(),
            Action.objects.at(number).count(),
            Observation.objects.at(number).get(period_start__year=2021).value,
            Observation.objects.at(number).count(),
        )

    assert seen(1) == ("Outcome AA1", 1, 1, Decimal("51.5"), 3)
    assert seen(2) == ("Reworded", 2, 0, Decimal("52.5"), 3)
    assert loaded.load().startswith("anytown holds nothing new: the record is at edition 2.")


def test_load_of_a_place_that_nobody_pledges_to_any_more(loaded):
    loaded.files["pledges.yaml"] = []
    assert "as edition 2: The framework as delivered: 4 entries and 0 values." in loaded.load()
    of_pledges = (PledgeVersion, CommitmentVersion, CommitmentOutcome)
    assert [[model.objects.at(n).count() for model in of_pledges] for n in (1, 2)] == [[1, 1, 1], [0, 0, 0]]


def test_load_of_the_same_values_in_another_order_issues_no_edition(loaded):
    header, *rows = loaded.files["values.csv"].splitlines()
    loaded.files["values.csv"] = "\n".join([header, *reversed(rows)])
    assert "holds nothing new" in loaded.load()
    assert Edition.objects.count() == 1
    assert Observation.objects.count() == 3


def test_load_of_values_that_go_back_to_an_older_file_is_a_change(loaded):
    loaded.change("values.csv", "51.5", "52.5")
    loaded.load()
    loaded.change("values.csv", "52.5", "51.5")
    assert "as edition 3" in loaded.load()
    values = [Observation.objects.at(n).get(period_start__year=2021).value for n in (1, 2, 3)]
    assert values == [Decimal("51.5"), Decimal("52.5"), Decimal("51.5")]


def test_load_leaves_alone_wording_that_a_person_changed(loaded):
    person = create_user()
    mine = OutcomeVersion.objects.current().get(outcome="AA1")
    mine.pk, mine.name = None, "As the council words it"
    with issuing(kind=Edition.Kind.CORRECTION, summary="Reworded", by=person) as edition:
        publish(edition, [mine], key=("outcome_id",), complete=False)
    loaded.files["outcomes.yaml"][0]["name"] = "As delivered, anew"
    loaded.files["outcomes.yaml"][1]["name"] = "Also anew"

    assert "as edition 3" in loaded.load()

    names = dict(OutcomeVersion.objects.current().values_list("outcome", "name"))
    assert names == {"AA1": "As the council words it", "MM1": "Also anew"}
    assert "holds nothing new" in loaded.load()


def test_load_leaves_alone_a_value_that_a_person_corrected(loaded):
    proposer, approver = create_user(), create_user(email="approver@example.org")
    rows = [make_row(year=2021, value="55"), make_row(row=3, year=2022, value="56")]
    submission = submissions.propose(rows, origin="form", by=proposer, now=NOW)
    submissions.approve(submission, by=approver, now=NOW, summary="Corrected")
    loaded.change("values.csv", "51.5", "52.5")
    loaded.change("values.csv", "P1Y,9,", "P1Y,8,")

    assert "0 entries and 1 values" in loaded.load()

    current = Observation.objects.current().values_list("measure", "period_start__year", "value")
    assert sorted(current) == [("AA1", 2020, 50), ("AA1", 2021, 55), ("AA1", 2022, 56), ("MM1", 2020, 8)]


def values():
    current = Observation.objects.current().values_list("measure", "period_start__year", "value")
    return sorted((measure, year, float(value)) for measure, year, value in current)


def path(measure):
    points = Milestone.objects.current().filter(measure=measure)
    return [(p.kind, p.due_on.year, p.value and float(p.value), p.standing) for p in points]


@pytest.mark.parametrize(
    "publish_something",
    [
        pytest.param(lambda edition: create_pledge_update(edition=edition), id="update"),
        pytest.param(lambda edition: create_stage(edition=edition), id="stage"),
        pytest.param(lambda edition: create_commitment(edition=edition, slug="theirs"), id="commitment"),
        pytest.param(lambda edition: create_commitment_outcome(edition=edition, outcome="MM1"), id="outcome served"),
    ],
)
@pytest.mark.parametrize("is_left_out", [False, True], ids=["reworded", "left out"])
def test_load_leaves_alone_the_whole_of_a_pledge_of_which_people_published_anything(
    loaded, publish_something, is_left_out
):
    """What somebody reported was reported of those words."""
    publish_something(create_edition(kind=Edition.Kind.PLEDGE))
    before = record()
    pledge = loaded.files["pledges.yaml"][0]
    pledge["title"], pledge["commitments"][0]["what"] = "Another", "Spend ten million nearby."
    pledge["commitments"].append({"slug": "a-pledge-2", "what": "Plant trees.", "outcomes": ["AA1"]})
    if is_left_out:
        loaded.files["pledges.yaml"] = []
    assert "holds nothing new" in loaded.load()
    assert record() == before


def test_load_leaves_out_a_value_that_people_withdrew(loaded):
    publish_handed_in(make_line(withdraws=True, year=2021, value="51.5"), public_reason="It was wrong.")
    loaded.change("values.csv", "51.5", "52.5")
    loaded.files["values.csv"] += f"AA1,{HOME},2022-01-01,P1Y,53,2026-03-01\n"

    assert "0 entries and 1 values" in loaded.load()
    assert values() == [("AA1", 2020, 50), ("AA1", 2022, 53), ("MM1", 2020, 9)]
    assert "holds nothing new" in loaded.load()
    assert [r.value for r in Revision.objects.all()] == [None]


def test_load_leaves_alone_a_value_that_people_revised_and_says_nothing_of_it(loaded):
    publish_handed_in(make_line(year=2021, value=55), public_reason="It was wrong.")
    loaded.change("values.csv", "51.5", "52.5")
    loaded.change("values.csv", "P1Y,9,", "P1Y,8,")

    assert "0 entries and 1 values" in loaded.load()
    assert values() == [("AA1", 2020, 50), ("AA1", 2021, 55), ("MM1", 2020, 8)]
    told = [(r.first_edition_id, r.measure_id, r.was, r.value, r.reason) for r in Revision.objects.order_by("pk")]
    assert told == [(2, "AA1", Decimal("51.5"), 55, "It was wrong."), (3, "MM1", 9, 8, "")]


@pytest.mark.parametrize(
    "points, kept",
    [
        pytest.param(
            [make_point(due_on=2038, value=65)],
            [("baseline", 2020, None, "published"), ("target", 2038, 65, "published")],
            id="another target",
        ),
        pytest.param(
            [make_point(kind="milestone", due_on=2030, value=55)],
            [("baseline", 2020, None, "published"), ("milestone", 2030, 55, "published"),
             ("target", 2040, 60, "illustrative")],
            id="a milestone more",
        ),
        pytest.param(
            [make_point(due_on=2040, value=60, standing="illustrative", ends=True)],
            [("baseline", 2020, None, "published")],
            id="target taken off",
        ),
        pytest.param(
            [make_point(kind="baseline", due_on=2021)],
            [("baseline", 2021, None, "published"), ("target", 2040, 60, "illustrative")],
            id="another start",
        ),
    ],
)  # fmt: skip
def test_load_leaves_alone_the_whole_path_that_people_changed(loaded, points, kept):
    # Each case is one object for the whole run of tests; what is handed in is saved.
    publish_handed_in(kind="targets", points=[copy(point) for point in points])
    assert path("AA1") == kept
    for code in (0, 1):
        delivered = loaded.files["outcomes.yaml"][code]["path"]
        delivered[1] |= {"due_on": "2039-12-31", "value": "62"}
        delivered.append({"kind": "milestone", "due_on": "2031-12-31", "value": "56", "standing": "illustrative"})

    assert "3 entries and 0 values" in loaded.load()
    assert path("AA1") == kept
    assert path("MM1") == [
        ("baseline", 2020, None, "published"),
        ("milestone", 2031, 56, "illustrative"),
        ("target", 2039, 62, "illustrative"),
    ]
    assert "holds nothing new" in loaded.load()


def test_load_of_the_same_files_after_people_changed_a_path_changes_nothing(loaded):
    publish_handed_in(kind="targets", points=[make_point(due_on=2038, value=65)])
    before = record()
    assert "holds nothing new" in loaded.load()
    assert record() == before


def test_load_that_fails_in_the_middle_changes_nothing(loaded, monkeypatch):
    before = record()
    loaded.files["outcomes.yaml"][0]["name"] = "Reworded"
    loaded.files["areas.csv"] += "E12999999,A region,Region,,A list\n"
    loaded.change("values.csv", "51.5", "52.5")

    def fail(*args, **options):
        assert OutcomeVersion.objects.filter(name="Reworded").exists()
        raise RuntimeError("power cut")

    monkeypatch.setattr(submissions, "approve", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        loaded.load()

    assert record() == before
    assert (Edition.objects.count(), Submission.objects.count(), Area.objects.count()) == (1, 1, 2)


# --- problems ---


def test_check_saves_nothing(place):
    assert place.load("--check") == f"No problems in {place.folder}: 27 entries, 3 values.\n"
    assert not Edition.objects.exists() and not Outcome.objects.exists() and not Submission.objects.exists()


def test_check_of_changed_files_changes_nothing(loaded):
    before = record()
    loaded.files["outcomes.yaml"][0]["name"] = "Reworded"
    loaded.load("--check")
    assert record() == before


def test_load_of_bad_files_reports_every_problem_and_changes_nothing(loaded):
    before = record()
    loaded.files["priorities.yaml"][0]["nmae"] = "Good work"
    loaded.files["plans.yaml"][0]["state"] = "finished"
    loaded.files["plans.yaml"][0]["outcomes"] = ["AA1", "ZZ9"]
    loaded.files["outcomes.yaml"][0]["path"][1]["due_on"] = "2040-02-30"
    loaded.files["pledges.yaml"][0]["organisations"] = ["nobody"]
    loaded.files["boards.yaml"][0]["oversees"] = ["nothing-known"]
    loaded.files["sources.yaml"] = "- slug: [\n"
    loaded.files["facts.csv"] += "too,few\n"
    loaded.files["organisations.yaml"].append(dict(loaded.files["organisations.yaml"][0]))
    loaded.files["actions.yaml"][0]["outcome"] = "ZZ9"
    loaded.change("values.csv", "51.5", "£51")

    said, last_word = loaded.problems()

    assert {line.split(":")[0] for line in said} == {
        "sources.yaml, line 2",
        "priorities.yaml, entry good-work, column nmae",
        "plans.yaml, entry a-plan, column state",
        "facts.csv, row 4",
        "organisations.yaml, entry a-council",
        "outcomes.yaml, entry AA1, path, column due_on",
        "actions.yaml, entry aa1-1, column outcome",
        "plans.yaml, entry a-plan, outcomes, column outcome",
        "pledges.yaml, entry a-pledge, organisations, column organisation",
        "boards.yaml, entry a-board, oversees, column priority",
        "values.csv, row 3, column value",
    }
    assert last_word == f"{len(said)} problem(s) in {loaded.folder}. Nothing was changed."
    assert record() == before
    assert (Edition.objects.count(), Submission.objects.count()) == (1, 1)


def test_load_of_an_empty_folder_names_every_missing_file(tmp_path):
    said, last_word = problems_of(tmp_path)
    assert {line.split(":")[0] for line in said if "file is missing" in line} == set(ANYTOWN)
    assert last_word.endswith("Nothing was changed.")
    assert not Edition.objects.exists()


def test_load_without_values_file_names_it(place):
    del place.files["values.csv"]
    said, _ = place.problems()
    assert [line.split(":")[0] for line in said] == ["values.csv"]


def test_load_with_values_that_are_no_table_names_the_file(place):
    place.files["values.csv"] = "measure\n"
    said, _ = place.problems()
    assert {line.split(",")[0] for line in said} == {"values.csv"}


def test_load_with_values_outside_what_the_delivered_measure_can_be(place):
    place.change("values.csv", "51.5", "101")
    said, _ = place.problems()
    assert said == [
        "values.csv, row 3, column value: “101” is outside what the measure can be, which is at most 100. "
        "Check the unit and the decimal point."
    ]


@pytest.mark.parametrize(
    "file, change, words",
    [
        pytest.param(
            "outcomes.yaml",
            lambda e: e[0]["path"].append(dict(e[0]["path"][1], due_on="2041-12-31")),
            "outcomes.yaml, entry AA1, path, column kind: The same measure and kind is there twice.",
            id="two targets",
        ),
        pytest.param(
            "outcomes.yaml",
            lambda e: e[0]["path"][0].update(value="50"),
            "outcomes.yaml, entry AA1, path: The entry breaks the rule",
            id="baseline with a figure of its own",
        ),
        pytest.param(
            "outcomes.yaml",
            lambda e: e[0]["measure"].update(natural_min="100"),
            "outcomes.yaml, entry AA1, measure: The entry breaks the rule “natural limits in order”.",
            id="natural limits crossed",
        ),
        pytest.param(
            "sources.yaml",
            lambda e: e.append(dict(e[0])),
            "sources.yaml, entry a-source, column slug: The same slug is there twice.",
            id="source twice",
        ),
        pytest.param(
            "boards.yaml",
            lambda e: e[0]["oversees"].append("mission"),
            "boards.yaml, entry a-board, oversees, column board: The same board is there twice.",
            id="mission overseen twice",
        ),
        pytest.param(
            "priorities.yaml",
            lambda e: e[0].update(slug="Good work"),
            "priorities.yaml, entry Good work, column slug: ",
            id="slug with a space",
        ),
        pytest.param(
            "vision.yaml", lambda e: e.update(horizon=2040), "vision.yaml, column horizon: ", id="a year for a day"
        ),
    ],
)
def test_load_says_beforehand_what_the_database_would_refuse(place, file, change, words):
    change(place.files[file])
    said, _ = place.problems()
    assert any(line.startswith(words) for line in said), said
    assert not Edition.objects.exists()


def test_load_with_a_broken_measure_does_not_blame_the_values(place):
    place.files["outcomes.yaml"][0]["measure"]["code"] = ""
    said, _ = place.problems()
    assert said
    assert not [line for line in said if line.startswith("values.csv")]
