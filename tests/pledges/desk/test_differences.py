"""Two texts of an offer, word by word."""

from time import process_time

import pytest

from pledges.desk.differences import Difference


@pytest.mark.parametrize(
    "was, now, expected",
    [
        pytest.param(
            "Take on 20 people.",
            "Take on 30 people.",
            [("same", "Take on "), ("out", "20 "), ("in", "30 "), ("same", "people.")],
            id="a word",
        ),
        pytest.param("", "New.", [("in", "New.")], id="nothing before"),
        pytest.param("a b " * 200, "b a c " * 200, [("out", "a b " * 200), ("in", "b a c " * 200)], id="too alike"),
        pytest.param("a " * 900, "", [("out", "a " * 900)], id="long, and nothing after"),
    ],
)
def test_words_that_go_and_come_are_told(was, now, expected):
    assert Difference("Plan", was, now).parts == expected


def test_no_two_texts_keep_an_officer_waiting():
    started = process_time()
    for words in (2, 5, 20, 50):  # the more words repeat, the more ways there are to match them
        number = min(1000, int((20_000 * words) ** 0.5))
        for step in (-1, 7):
            one, other = (" ".join(f"w{i * by % words}" for i in range(number)) for by in (1, step))
            assert Difference("Plan", one, other).parts
    for one, other in (("a b " * 500, "b a c " * 333), ("a," * 1000, "a b" * 660)):
        assert Difference("Plan", one, other).parts == [("out", one), ("in", other)]
    assert process_time() - started < 5
