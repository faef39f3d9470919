"""Reading pledges from their file: what it may hold, and every fault that it may have."""

from copy import deepcopy

import pytest
import yaml

from luton2040.definitions import Reader
from outcomes.models import Outcome
from pledges import framework
from pledges.models import CommitmentOutcome, CommitmentVersion, PledgeOrganisation, PledgeVersion
from tests import record

ORGANISATIONS = [{"slug": "a-council", "name": "A council", "kind": "Council", "kind_standing": "published"}]
PLEDGE = {
    "slug": "a-pledge",
    "kind": "vision-pledge",
    "title": "A pledge",
    "organisations": ["a-council"],
    "made_on": "2023-03",
    "outcomes_standing": "inferred",
    "sources": ["a-source"],
    "commitments": [
        {"slug": "a-pledge-1", "what": "Buy nearby.", "outcomes": ["AA1", "BB1"], "target": "70%", "target_by": 2030},
        {"slug": "a-pledge-2", "what": "Help with all of it.", "serves_all": True},
    ],
}


def read(folder, content):
    """The parts by model, and every problem found."""
    (folder / "organisations.yaml").write_text(yaml.safe_dump(ORGANISATIONS))
    (folder / "pledges.yaml").write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    reader = Reader(folder)
    reader.known[Outcome] = {"AA1", "BB1"}
    parts = {part.model: part for part in framework.read(reader)}
    reader.check_constraints()
    return parts, [str(problem) for problem in reader.problems]


@pytest.mark.django_db
def test_pledge_is_read_with_its_commitments_and_what_they_serve(tmp_path):
    parts, problems = read(tmp_path, [PLEDGE])
    assert problems == []
    (pledge,) = parts[PledgeVersion].rows
    assert (pledge.pledge_id, pledge.kind, pledge.made_on, pledge.result) == (
        "a-pledge",
        "vision-pledge",
        "2023-03",
        "",
    )
    makers = [(m.pledge_id, m.organisation_id, m.position) for m in parts[PledgeOrganisation].rows]
    assert makers == [("a-pledge", "a-council", 1)]
    commitments = [(c.commitment_id, c.position, c.serves_all, c.target_by) for c in parts[CommitmentVersion].rows]
    assert commitments == [("a-pledge-1", 1, False, "2030"), ("a-pledge-2", 2, True, "")]
    assert {c.pledge_id for c in parts[CommitmentVersion].rows} == {"a-pledge"}
    links = [(link.commitment_id, link.outcome_id, link.standing) for link in parts[CommitmentOutcome].rows]
    assert links == [("a-pledge-1", "AA1", "inferred"), ("a-pledge-1", "BB1", "inferred")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [pytest.param("[]\n", id="empty list"), pytest.param("# None yet.\n", id="comment")]
)
def test_there_may_be_no_pledge_at_all(tmp_path, content):
    parts, problems = read(tmp_path, content)
    assert problems == []
    assert [parts[m].rows for m in (PledgeVersion, CommitmentVersion, CommitmentOutcome)] == [[], [], []]


def of_first(**changed):
    return lambda entries: entries[0].update(changed)


def of_commitment(**changed):
    return lambda entries: entries[0]["commitments"][0].update(changed)


FIRST = "pledges.yaml, entry a-pledge"
PROMISE = f"{FIRST}, commitment a-pledge-1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change, said",
    [
        pytest.param(
            of_first(organisations=["a-council", "nobody"]),
            [f"{FIRST}, organisations, column organisation: 'nobody' is not a known organisation."],
            id="unknown organisation",
        ),
        pytest.param(
            of_first(organisations=[{"slug": "a-council"}]),
            [f"{FIRST}, organisations, column organisation: {{'slug': 'a-council'}} is not a known organisation."],
            id="organisation that is no slug",
        ),
        pytest.param(of_first(organisations=[]), [f"{FIRST}, column organisations: "], id="made by nobody"),
        pytest.param(
            of_first(organisations="a-council"),
            [f"{FIRST}, column organisations: A list", f"{FIRST}, column organisations: Nobody makes it."],
            id="no list of them",
        ),
        pytest.param(of_first(kind="promise"), [f"{FIRST}, column kind: "], id="unknown kind"),
        pytest.param(
            of_first(made_on="March 2023"), [f"{FIRST}, column made_on: Write a year, a month"], id="made when"
        ),
        pytest.param(of_first(progress="half"), [f"{FIRST}, column progress: There is no such field."], id="no field"),
        pytest.param(
            of_first(outcomes_standing=None),
            [f"{PROMISE}, outcomes, column standing: "] * 2,
            id="served by whose reading",
        ),
        pytest.param(of_first(commitments="many"), [f"{FIRST}, column commitments: A list"], id="commitments no list"),
        pytest.param(
            of_first(commitments=["Buy nearby."]),
            [f"{FIRST}, commitments 1: The entry is not names with values."],
            id="commitment that is a text",
        ),
        pytest.param(
            of_commitment(outcomes=["AA1", "ZZ9"]),
            [f"{PROMISE}, outcomes, column outcome: 'ZZ9' is not a known outcome."],
            id="unknown outcome",
        ),
        pytest.param(
            of_commitment(outcomes=["AA1", "AA1"]),
            [f"{PROMISE}, outcomes, column outcome: The same commitment and outcome is there twice."],
            id="outcome twice",
        ),
        pytest.param(of_commitment(serves_all=True), [f"{PROMISE}, column serves_all: "], id="serves all and some"),
        pytest.param(
            of_commitment(target_by="soon"), [f"{PROMISE}, column target_by: Write a year"], id="target by when"
        ),
        pytest.param(
            of_commitment(slug="a-pledge-2"),
            ["pledges.yaml, entry a-pledge-2: The entry is there twice."],
            id="commitment twice",
        ),
        pytest.param(
            lambda entries: entries.append(PLEDGE | {"commitments": []}),
            [f"{FIRST}: The entry is there twice."],
            id="pledge twice",
        ),
    ],
)
def test_fault_is_told_with_its_place(tmp_path, change, said):
    entries = [deepcopy(PLEDGE)]
    change(entries)
    _, problems = read(tmp_path, entries)
    assert len(problems) == len(said), problems
    assert all(problem.startswith(words) for problem, words in zip(problems, said, strict=True)), problems


def test_every_source_of_a_pledge_delivered_is_in_the_register():
    reader = Reader(record.FIXTURES)
    register = {source["slug"] for source in reader.entries("sources.yaml")}
    pledges = list(reader.entries("pledges.yaml"))
    assert pledges and all(pledge["commitments"] and pledge["sources"] for pledge in pledges)
    assert {slug for pledge in pledges for slug in pledge["sources"]} <= register
