"""The wheel's geometry, and that it says in words what it shows."""

import re
from math import atan2, degrees, hypot
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorities import wheel
from priorities.wheel import INNER, MIDDLE, OUTER, Sector, Segment

HUB = {"hub": [("name", "Hub")], "hub_url": "/mission/", "hub_name": "The mission.", "title": "A wheel"}


def a_segment(code="xa1", **fields):
    fields = {
        "label": f"Label {code}",
        "name": f"Label {code}: On track, 25% of the way",
        "url": f"/?outcome={code}#card",
        "glyph": "on-track",
        "family": "better",
        "share": 0.25,
        "expected": 0.2,
        "is_known": True,
    } | fields
    return Segment(code=code, **fields)


def a_sector(number=1, segments=3, **fields):
    if isinstance(segments, int):
        segments = [a_segment(f"s{number}{n}") for n in range(segments)]
    return Sector(**{"number": number, "name": f"Sector {number}", "url": "/p/", "segments": segments} | fields)


def drawn(*sectors):
    return ElementTree.fromstring(wheel.draw(sectors, **HUB))


def of_class(tree, name):
    return [e for e in tree.iter() if name in e.get("class", "").split()]


def corners(path):
    """The ends of every stroke, as (radius, degrees clockwise from the top)."""
    found = []
    for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)(?=[LAZ]|$)", path.get("d")):
        dx, dy = float(x) - MIDDLE, float(y) - MIDDLE
        found.append((hypot(dx, dy), degrees(atan2(dx, -dy)) % 360))
    return found


def span(path):
    """Where a ring begins and ends: degrees, then radii."""
    (inner, start), (outer, _), (_, end), _, _ = corners(path)
    return start, end, inner, outer


def width(path):
    start, end, _, _ = span(path)
    return (end - start) % 360


# --- the circle ---


@given(st.lists(st.integers(0, 9), min_size=1, max_size=7).filter(any))
def test_segments_cover_the_circle_without_overlap(sizes):
    sectors = [a_sector(number, size) for number, size in enumerate(sizes, 1)]
    tree = ElementTree.fromstring(wheel.draw(sectors, **HUB))
    rings = [span(path) for path in of_class(tree, "bg")]
    assert len(rings) == sum(sizes)
    total = sum((end - start) % 360 for start, end, _, _ in rings)
    gaps = wheel.SECTOR_GAP * len(sizes) + 0.9 * len(rings)
    assert 360 - gaps - 1 <= total <= 360
    by_start = sorted(rings)
    for (_, end, _, _), (start, _, _, _) in zip(by_start, by_start[1:] + by_start[:1], strict=True):
        if len(rings) > 1:
            assert (start - end) % 360 < 180 or total < 180, "a segment begins before the last has ended"
    for _, _, inner, outer in rings:
        assert (inner, outer) == (pytest.approx(INNER, abs=0.2), pytest.approx(OUTER, abs=0.2))


def test_segments_are_all_equally_wide_whatever_their_sector():
    widths = [width(path) for path in of_class(drawn(a_sector(1, 2), a_sector(2, 5)), "bg")]
    assert max(widths) - min(widths) < 0.2


def test_first_sector_is_centred_on_the_top():
    rings = [span(path) for path in of_class(drawn(a_sector(1, 3), a_sector(2, 3)), "bg")][:3]
    middle = sum((start + ((end - start) % 360) / 2 + 180) % 360 - 180 for start, end, _, _ in rings) / 3
    assert middle == pytest.approx(0, abs=0.2)


def test_order_is_clockwise_by_sector_and_segment():
    tree = drawn(a_sector(1, 3), a_sector(2, 2), a_sector(3, 4))
    codes = [a.get("data-card") for a in tree.iter("a") if a.get("data-card")]
    assert codes == ["s10", "s11", "s12", "s20", "s21", "s30", "s31", "s32", "s33"]
    starts = [span(path)[0] for path in of_class(tree, "bg")]
    turned = [(start - starts[0]) % 360 for start in starts]
    assert turned == sorted(turned)


def test_band_of_a_sector_spans_its_segments():
    tree = drawn(a_sector(1, 3), a_sector(2, 2))
    bands = of_class(tree, "ring")
    assert len(bands) == 2
    each = (360 - 2 * wheel.SECTOR_GAP) / 5
    assert [width(band) for band in bands] == [pytest.approx(3 * each, abs=0.3), pytest.approx(2 * each, abs=0.3)]


def test_name_runs_along_its_band_the_long_way_round_where_that_is_more_than_half():
    tree = drawn(a_sector(1, 9), a_sector(2, 2))
    larger, smaller = (path.get("d").split("A")[1].split() for path in of_class(tree, "along"))
    assert larger[3:4] == ["1"] and smaller[3:4] == ["0"]


def test_name_that_is_too_long_for_its_sector_is_left_to_its_link():
    tree = drawn(a_sector(1, 9), a_sector(2, 1, name="A name that is much too long for one segment"))
    assert [words.text for words in tree.iter("textPath")] == ["Sector 1"]
    assert "A name that is much too long for one segment" in {a.get("aria-label") for a in tree.iter("a")}


def test_wheel_of_nothing_is_empty():
    assert wheel.draw([], **HUB) == ""
    assert wheel.draw([a_sector(1, 0)], **HUB) == ""


def test_wheel_of_one_outcome_can_be_drawn():
    assert len(of_class(drawn(a_sector(1, 1)), "bg")) == 1


# --- how far a segment is filled ---


@pytest.mark.parametrize(
    "share, filled",
    [
        pytest.param(0.25, 0.25, id="a quarter"),
        pytest.param(1.0, 1, id="all"),
        pytest.param(1.75, 1, id="beyond the target is full"),
        pytest.param(0.001, 0.001, id="hardly begun"),
    ],
)
def test_fill_is_as_long_as_the_share(share, filled):
    tree = drawn(a_sector(1, [a_segment(share=share)]))
    (fill,) = of_class(tree, "fill")
    _, _, inner, outer = span(fill)
    assert inner == pytest.approx(INNER, abs=0.2)
    assert (outer - inner) / (OUTER - INNER) == pytest.approx(filled, abs=0.002)
    assert not of_class(tree, "back")


@given(st.floats(0.01, 3))
def test_fill_never_leaves_its_segment(share):
    tree = ElementTree.fromstring(wheel.draw([a_sector(1, [a_segment(share=share)]), a_sector(2, 4)], **HUB))
    fill = of_class(tree, "fill")[0]
    background = of_class(tree, "bg")[0]
    assert span(fill)[:2] == pytest.approx(span(background)[:2], abs=0.2)
    assert span(fill)[3] <= OUTER + 0.2


def test_nought_is_neither_filled_nor_marked_as_worse():
    tree = drawn(a_sector(1, [a_segment(share=0.0)]))
    assert not of_class(tree, "fill") and not of_class(tree, "back")


@pytest.mark.parametrize("share", [-0.01, -1.0, -5.0])
def test_worse_than_at_the_start_is_marked_and_not_filled(share):
    """By the same small mark however much worse: the picture has no room below nought."""
    tree = drawn(a_sector(1, [a_segment(share=share)]))
    assert not of_class(tree, "fill")
    (back,) = of_class(tree, "back")
    assert span(back)[2] == pytest.approx(INNER, abs=0.2)
    assert span(back)[3] < INNER + (OUTER - INNER) / 5


@pytest.mark.parametrize("share", [0.5, -0.5, None])
def test_unknown_is_not_filled_whatever_its_share(share):
    tree = drawn(a_sector(1, [a_segment(share=share, is_known=False, family="unknown", glyph="too-early")]))
    assert not [e for name in ("fill", "back", "needed") for e in of_class(tree, name)]
    assert of_class(tree, "unknown")


@pytest.mark.parametrize(
    "expected, at",
    [
        pytest.param(0.5, 0.5, id="half way"),
        pytest.param(1.4, 1, id="beyond the target"),
        pytest.param(None, None, id="not known"),
        pytest.param(0, None, id="nothing needed yet"),
    ],
)
def test_tick_stands_where_the_path_says_it_should_be(expected, at):
    ticks = of_class(drawn(a_sector(1, [a_segment(expected=expected)])), "needed")
    if at is None:
        assert ticks == []
    else:
        _, _, inner, outer = span(ticks[0])
        assert ((inner + outer) / 2 - INNER) / (OUTER - INNER) == pytest.approx(at, abs=0.01)


# --- what it says ---


def test_every_segment_is_a_link_named_by_its_status_in_words():
    tree = drawn(a_sector(1, [a_segment("xa1", name="Good jobs: On track, 25% of the way")]))
    (link,) = (a for a in tree.iter("a") if a.get("data-card"))
    assert link.get("aria-label") == "Good jobs: On track, 25% of the way"
    assert link.get("href") == "/?outcome=xa1#card"
    assert [use.get("href") for use in link.iter("use")] == ["#g-on-track"]
    assert "Label xa1" in "".join(link.itertext())


def test_only_the_chosen_segment_is_current():
    tree = drawn(a_sector(1, [a_segment("xa1"), a_segment("xa2", is_chosen=True)]))
    assert [a.get("data-card") for a in tree.iter("a") if a.get("aria-current") == "true"] == ["xa2"]


def test_wheel_sectors_and_hub_are_named():
    tree = drawn(a_sector(1, 2, name="Good work", url="/priorities/good-work/"))
    assert (tree.get("role"), tree.get("aria-label")) == ("group", "A wheel")
    named = {a.get("href"): a.get("aria-label") or "".join(a.itertext()) for a in tree.iter("a")}
    assert named["/priorities/good-work/"] == "Good work"
    assert named["/mission/"] == "The mission."


def test_hub_folds_long_lines():
    lines = [("name", "No one in poverty"), ("big", "9.9%"), ("small", "a measure with a name that is long " * 2)]
    tree = ElementTree.fromstring(wheel.draw([a_sector(1, 2)], **(HUB | {"hub": lines})))
    (hub,) = of_class(tree, "hub")
    texts = ["".join(t.itertext()) for t in hub.iter("text")]
    assert texts[:2] == ["No one in poverty", "9.9%"]
    assert all(len(text) <= 24 for text in texts[2:]) and len(texts) > 3
    assert " ".join(" ".join(texts[2:]).split()) == ("a measure with a name that is long " * 2).strip()


HOSTILE = "</text><script>alert(1)</script>&\"'"


def test_hostile_labels_are_text():
    hostile = a_segment(label=HOSTILE, name=HOSTILE)
    for text in (
        wheel.draw([a_sector(1, [hostile], name=HOSTILE)], hub=[("name", HOSTILE), ("small", HOSTILE)],
                   hub_url="/", hub_name=HOSTILE, title=HOSTILE),
        wheel.fan([a_sector(1, [hostile], name=HOSTILE)]),
    ):  # fmt: skip
        tree = ElementTree.fromstring(text)
        assert {e.tag for e in tree.iter()} <= {"svg", "g", "a", "path", "use", "text", "textPath", "tspan", "circle"}
        assert HOSTILE in {e.get("aria-label") for e in tree.iter("a")}


def test_markup_has_no_styles_and_no_id_twice():
    for tree in (drawn(a_sector(1, 3), a_sector(2, 3)), ElementTree.fromstring(wheel.fan([a_sector(1, 3)]))):
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        assert not [e for e in tree.iter() if {"style", "fill", "stroke"} & e.attrib.keys()]


def test_labels_are_never_upside_down():
    tree = drawn(*(a_sector(number, 8) for number in range(1, 6)))
    for label in of_class(tree, "label"):
        turn = float(re.search(r"rotate\(([-\d.]+)\)", label.get("transform"))[1]) % 360
        assert turn <= 90.1 or turn >= 269.9, "".join(label.itertext())


# --- one priority's part ---


@pytest.mark.parametrize("segments", [1, 2, 8, 12])
def test_fan_spreads_its_outcomes_over_a_half_circle(segments):
    tree = ElementTree.fromstring(wheel.fan([a_sector(1, segments)]))
    rings = [span(path) for path in of_class(tree, "bg")]
    assert len(rings) == segments
    starts = [(start + 180) % 360 - 180 for start, _, _, _ in rings]
    ends = [(end + 180) % 360 - 180 for _, end, _, _ in rings]
    assert starts == sorted(starts)
    assert starts[0] == pytest.approx(-ends[-1], abs=0.3)
    assert all(-90 < angle < 90 for angle in (*starts, *ends))
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))
    assert "Sector 1" in tree.get("aria-label")


def test_fan_fills_as_the_wheel_does():
    segments = [a_segment("a", share=0.5), a_segment("b", share=-1.0), a_segment("c", is_known=False)]
    tree = ElementTree.fromstring(wheel.fan([a_sector(1, segments)]))
    whole = drawn(a_sector(1, segments))
    for name in ("fill", "back", "needed", "unknown"):
        assert len(of_class(tree, name)) == len(of_class(whole, name))


def test_fan_says_every_label_in_full():
    label = "Equal chances with special needs"
    tree = ElementTree.fromstring(wheel.fan([a_sector(1, [a_segment(label=label)])]))
    assert " ".join(t.text for t in tree.iter("tspan")) == label


def test_fan_of_nothing_is_empty():
    assert wheel.fan([]) == ""


# --- a segment laid flat ---


@pytest.mark.parametrize(
    "share, expected, is_known, parts",
    [
        pytest.param(0.5, 0.4, True, {"fill", "needed"}, id="on the way"),
        pytest.param(2.0, 2.0, True, {"fill", "needed"}, id="beyond"),
        pytest.param(-0.5, 0.4, True, {"back", "needed"}, id="worse"),
        pytest.param(0.0, 0.4, True, {"needed"}, id="nought"),
        pytest.param(None, None, True, set(), id="no share"),
        pytest.param(0.5, 0.4, False, set(), id="unknown"),
    ],
)
def test_gauge_shows_what_a_segment_shows(share, expected, is_known, parts):
    tree = ElementTree.fromstring(wheel.gauge(share, expected, is_known=is_known))
    assert {e.get("class") for e in tree.iter("path")} - {"bg", "open"} == parts
    assert tree.get("aria-hidden") == "true"
    for path in tree.iter("path"):
        numbers = [float(n) for n in re.findall(r"[hM](\d*\.?\d+)", path.get("d"))]
        assert all(number <= 200 for number in numbers)
