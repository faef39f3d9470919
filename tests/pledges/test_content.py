"""What an offer holds comes back as it was put in, also where the row is older than the code."""

import pytest

from pledges.content import Ending, News, Promise, Wording, ending, news, stored, wording

PROMISE = Promise(what="Plant trees.", target="40", target_by="2030", helps="Shade.", outcomes=["XA1"], slug="a-1")


@pytest.mark.parametrize(
    "content, read",
    [
        pytest.param(Wording(organisation="A bakery", commitments=[PROMISE]), wording, id="wording"),
        pytest.param(Wording(), wording, id="empty wording"),
        pytest.param(News(said="Done.", said_on="2026-03-01", stages={"a-1": "done"}), news, id="news"),
        pytest.param(Ending(why="We moved.", ended_on="2026-03-01"), ending, id="ending"),
    ],
)  # fmt: skip
def test_content_comes_back(content, read):
    assert read(stored(content)) == content


def test_names_that_are_not_known_are_left_out():
    older = {"organisation": "A bakery", "motto": "Bread", "commitments": [{"what": "Plant trees.", "colour": "green"}]}
    assert wording(older) == Wording(organisation="A bakery", commitments=[Promise(what="Plant trees.")])


def test_what_is_missing_is_empty():
    assert news({}) == News()


def test_ends_of_lines_are_as_browsers_do_not_write_them():
    assert news({"said": "One.\r\nTwo.\n"}).said == "One.\nTwo.\n"
