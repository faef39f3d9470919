"""The commitments as a file."""

import csv
import io
from datetime import date

import pytest

from tests import factories_pledges as make

pytestmark = pytest.mark.django_db


def rows(client, query=""):
    answer = client.get(f"/pledges/commitments.csv{query}")
    assert answer["Content-Disposition"] == 'attachment; filename="exampleton-2035-commitments.csv"'
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def test_file_has_a_row_for_each_commitment_with_all_that_is_known(exampleton, client):
    make.create_pledge(slug="one", title="=1+1", organisations=["a-mill", "a-trust"], made_on="2026-03", serves=["XA1"])
    make.create_commitment(
        slug="one-2", pledge="one", position=2, what="Buy nearby.", target="half", target_by="2030", serves_all=True
    )
    make.create_pledge_update(
        pledge="one", said_on=date(2026, 5, 1), checked_on=date(2026, 5, 9), evidence_url="https://mill.example/"
    )
    make.create_stage(commitment="one-1", stage="done", update="one-2026-05-01")
    ended = {"withdrawn_on": date(2026, 2, 3), "withdrawn_why": "It closed."}
    make.create_pledge(slug="two", title="Two", serves=["XB2", "XB1"], **ended)
    first, second, third = rows(client)
    assert first == {
        "pledge": "one", "pledge_title": " =1+1", "pledge_kind": "Exampleton 2035 pledge",
        "organisations": "A mill; A trust", "made_on": "2026-03", "commitment": "one-1", "what": "Buy more nearby.",
        "target": "", "target_by": "", "helps": "", "serves_every_priority": "no", "outcomes": "XA1",
        "outcomes_standing": "inferred", "stage": "Done", "said_on": "2026-05-01", "checked_on": "2026-05-09",
        "evidence": "https://mill.example/", "ended_on": "", "ended_why": "",
    }  # fmt: skip
    assert (second["target"], second["target_by"], second["serves_every_priority"]) == ("half", "2030", "yes")
    assert (second["stage"], second["said_on"], second["outcomes"]) == ("nothing reported", "", "")
    assert (third["ended_on"], third["ended_why"]) == ("2026-02-03", "It closed.")
    assert set(third["outcomes"].split("; ")) == {"XB1", "XB2"}


@pytest.mark.parametrize(
    "query, found",
    [
        pytest.param("", ["one-1", "two-1"], id="all, ended ones too"),
        pytest.param("?edition=1&utm=x", ["one-1", "two-1"], id="nothing of the register's is asked"),
        pytest.param("?outcome=xa1&page=9", ["one-1"], id="outcome"),
        pytest.param("?outcome=xb1", [], id="outcome of one that ended"),
        pytest.param("?standing=withdrawn", ["two-1"], id="ended"),
    ],
)
def test_file_holds_what_the_register_gives_for_the_same(exampleton, client, query, found):
    make.create_pledge(slug="one", title="One", serves=["XA1"])
    ended = {"withdrawn_on": date(2026, 2, 3), "withdrawn_why": "It closed."}
    make.create_pledge(slug="two", title="Two", serves=["XB1"], **ended)
    assert [row["commitment"] for row in rows(client, query)] == found


def test_file_of_an_outcome_that_is_not_there_is_refused_in_words(exampleton, client):
    answer = client.get("/pledges/commitments.csv?outcome=xz9")
    assert answer.status_code == 400 and "Outcome: there is nothing of that name." in answer.content.decode()


def test_file_of_no_pledges_has_its_heading(exampleton, client):
    assert rows(client) == []
