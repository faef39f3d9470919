"""What is wrong with something handed in, and where."""

import pytest

from luton2040.problems import Problem, Refused


@pytest.mark.parametrize(
    "place, row",
    [
        pytest.param("row 12", 12, id="row"),
        pytest.param("", None, id="the file as a whole"),
        pytest.param("entry IE1", None, id="entry"),
        pytest.param("line 3", None, id="line"),
    ],
)
def test_row_of_a_problem(place, row):
    assert Problem("a.csv", place, "value", "It is wrong.", "Mend it.").row == row


def test_refused_says_what_is_wrong_and_what_to_do():
    refused = Refused("It is wrong.", "Mend it.")
    assert (refused.what, refused.mend, str(refused)) == ("It is wrong.", "Mend it.", "It is wrong. Mend it.")
