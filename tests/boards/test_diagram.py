"""Who answers to whom, as a list and as a picture; and how many stand where, as one bar."""

from xml.etree import ElementTree

import pytest

from boards import diagram
from boards.models import BoardVersion
from outcomes.progress import Family
from priorities.summary import Tally


def a_board(slug, above=None, *, role="delivery", standing="published", name=""):
    name = name or slug.capitalize()
    return BoardVersion(board_id=slug, name=name, role=role, parent_id=above, parent_standing=standing if above else "")


TOP = a_board("top", role="strategic")
LEFT = a_board("left", "top", role="strategic", standing="inferred")
RIGHT = a_board("right", "top")
DEEP = a_board("deep", "right")
ALONE = a_board("alone")
FAMILY = [ALONE, TOP, LEFT, RIGHT, DEEP]


def outline(branches):
    return [(branch.slug, outline(branch.children)) for branch in branches]


def test_boards_stand_under_the_one_that_they_answer_to_and_those_alone_come_last():
    tree = outline(diagram.family(FAMILY))
    assert tree == [("top", [("left", []), ("right", [("deep", [])])]), ("alone", [])]


@pytest.mark.parametrize(
    "boards",
    [
        pytest.param([a_board("a", "gone")], id="answers to one that the edition does not have"),
        pytest.param([a_board("a", "b"), a_board("b", "a")], id="answer to each other"),
        pytest.param([a_board("a", "a")], id="answers to itself"),
    ],
)
def test_board_whose_own_above_it_cannot_be_shown_stands_alone(boards):
    assert outline(diagram.family(boards)) == [(board.board_id, []) for board in boards]


def test_it_is_said_of_each_what_it_answers_to_and_whether_that_is_our_reading():
    every = {b.slug: b.answers_to for root in diagram.family(FAMILY) for b in [root, *root.below]}
    assert every == {
        "top": "no board above it is published",
        "left": "answers to Top (our reading)",
        "right": "answers to Top",
        "deep": "answers to Right",
        "alone": "no board above it is published",
    }


@pytest.mark.parametrize(
    "slug, shown",
    [
        pytest.param("top", [("top", [("left", []), ("right", [])])], id="with those below it"),
        pytest.param("right", [("top", [("right", [("deep", [])])])], id="between two"),
        pytest.param("deep", [("right", [("deep", [])])], id="under one that is itself under another"),
        pytest.param("alone", [], id="alone"),
    ],
)
def test_one_board_is_shown_with_those_next_to_it(slug, shown):
    assert outline(diagram.around(diagram.family(FAMILY), slug)) == shown


def test_what_is_said_of_the_board_above_stays_true_where_only_a_part_is_shown():
    (above,) = diagram.around(diagram.family(FAMILY), "deep")
    assert above.answers_to == "answers to Top"


def test_strategic_boards_lead_the_delivery_boards_below_them_at_any_depth():
    led = [(top.slug, [own.slug for own in below]) for top, below in diagram.led(diagram.family(FAMILY))]
    assert led == [("top", ["right", "deep"]), ("left", [])]


# --- the picture ---


def drawn(boards, **options):
    options = {"url": lambda board: f"/boards/{board.board_id}/", "title": "Boards"} | options
    return ElementTree.fromstring(diagram.draw(diagram.family(boards), **options))


def test_picture_has_a_named_link_for_each_in_the_order_of_the_list():
    links = [(a.get("href"), a.get("aria-label")) for a in drawn(FAMILY).iter("a")]
    assert links == [
        ("/boards/top/", "Top, no board above it is published"),
        ("/boards/left/", "Left, answers to Top (our reading)"),
        ("/boards/right/", "Right, answers to Top"),
        ("/boards/deep/", "Deep, answers to Right"),
        ("/boards/alone/", "Alone, no board above it is published"),
    ]


def test_lines_lead_from_one_board_to_another_and_are_broken_where_they_are_our_reading():
    assert [path.get("class") for path in drawn(FAMILY).iter("path")] == ["tie inferred", "tie", "tie"]


def test_boards_do_not_touch_and_lie_within_the_picture():
    long = a_board("long", "left", name="A board with a name that is much too long for one line, and for two as well")
    many = [a_board(f"alone-{number}") for number in range(7)]
    picture = drawn([*FAMILY, long, *many])
    _, _, width, height = map(float, picture.get("viewBox").split())
    boxes = [[float(r.get(name)) for name in ("x", "y", "width", "height")] for r in picture.iter("rect")]
    assert len(boxes) == 13
    for place, (x, y, w, h) in enumerate(boxes):
        assert 0 <= x and x + w <= width and 0 <= y and y + h <= height
        for a, b, c, d in boxes[:place]:
            assert x + w < a or a + c < x or y + h < b or b + d < y


def test_board_whose_page_it_is_is_marked():
    assert [a.get("href") for a in drawn(FAMILY, here="left").iter("a") if a.get("aria-current")] == ["/boards/left/"]


def test_names_are_never_taken_for_markup():
    (link,) = drawn([a_board("a", name='<b>"R&D"</b>')]).iter("a")
    assert link.get("aria-label").startswith('<b>"R&D"</b>, ')


def test_there_is_no_picture_of_no_boards():
    assert diagram.draw([], url=lambda board: "/", title="Boards") == ""


# --- the bar ---


def test_bar_has_a_part_for_each_family_that_has_any_as_wide_as_its_share():
    counts = {Family.BETTER: 1, Family.SLOW: 0, Family.WORSE: 3, Family.UNKNOWN: 4}
    bar = ElementTree.fromstring(diagram.bar([Tally(family, count, 8) for family, count in counts.items()]))
    assert bar.get("aria-hidden") == "true"
    assert [(path.get("class"), path.get("d")) for path in bar] == [
        ("better", "M0.5 1h24.0v8H0.5z"),
        ("worse", "M25.5 1h74.0v8H25.5z"),
        ("unknown", "M100.5 1h99.0v8H100.5z"),
    ]
