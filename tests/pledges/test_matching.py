"""What is likely to be the same organisation, or the same commitment."""

import pytest

from pledges.content import Promise
from pledges.matching import Known, counterpart, likely

SAME = "the same name but for capitals, punctuation or words such as Ltd"


@pytest.mark.parametrize(
    "name, other, why",
    [
        pytest.param("A Bakery Ltd", "a bakery limited", SAME, id="forms of company"),
        pytest.param("The Café, C.I.C.", "Cafe", SAME, id="accents and points"),
        pytest.param("St. Mary’s School", "St Marys School", SAME, id="apostrophe"),
        pytest.param("Bakers & Sons", "Bakers and Sons", SAME, id="and"),
        pytest.param("Council of Exampleton", "Exampleton Council", "the same words in another order", id="order"),
        pytest.param("Foodbank", "Food Bank", "the same letters, spaced otherwise", id="spaces"),
        pytest.param("ETC", "Example Town Council", "one is the initials of the other", id="initials"),
        pytest.param(
            "Exampleton Airport", "Exampleton International Airport", "all words of the one are in the other", id="part"
        ),
        pytest.param("Exampelton Airport", "Exampleton Airport", "spelled nearly the same", id="typing error"),
        pytest.param("面包 Ltd", "面包", SAME, id="other writing"),
        pytest.param("The Ltd", "The Company", "", id="nothing but such words"),
        pytest.param("A Bakery", "A Brewery", "", id="another"),
        pytest.param("Art", "Exampleton Art House", "", id="a short word is in many names"),
        pytest.param("!!", "??", "", id="no word at all"),
    ],
)
def test_names_of_one_organisation_are_told_with_why(name, other, why):
    found = likely(name, [Known("other", other)])
    assert [match.why for match in found] == ([why] if why else [])
    assert [match.why for match in likely(other, [Known("name", name)])] == ([why] if why else [])


def test_likeliest_come_first_and_no_more_than_asked():
    known = [
        Known("c", "Green Bakery Shop"),
        Known("a", "Green Bakery"),
        Known("d", "Fish"),
        Known("b", "Bakery Green"),
    ]
    found = likely("The Green Bakery", known, most=2)
    assert [match.known.key for match in found] == ["a", "b"]


@pytest.mark.parametrize(
    "name, url, why",
    [
        pytest.param("Fish", "https://www.bakery.example/about", "the same website", id="another name"),
        pytest.param("A Bakery", "http://bakery.example", f"{SAME}, and the same website", id="the name too"),
        pytest.param("Fish", "https://other.example/", "", id="another website"),
        pytest.param("Fish", "https://[bad/", "", id="no address"),
    ],
)
def test_website_tells_of_the_same_organisation(name, url, why):
    found = likely(name, [Known("bakery", "A Bakery", "https://bakery.example/")], url=url)
    assert [match.why for match in found] == ([why] if why else [])


BREAD, FLOUR = Promise(what="Bake bread for 20 schools."), Promise(what="Buy flour from the mill.")
OLD = Promise(what="Anything", slug="old-1")


@pytest.mark.parametrize(
    "promise, expected",
    [
        pytest.param(Promise(what="Buy all flour from the town mill."), FLOUR, id="reworded"),
        pytest.param(Promise(what="Quite another thing altogether"), None, id="added"),
        pytest.param(Promise(what="Buy flour from the mill.", slug="old-1"), OLD, id="of the register, by its slug"),
        pytest.param(Promise(what="Buy flour from the mill.", slug="old-2"), None, id="not among them"),
    ],
)
def test_counterpart_is_what_it_was_before(promise, expected):
    assert counterpart(promise, [BREAD, OLD, FLOUR]) is expected
    assert counterpart(promise, []) is None
