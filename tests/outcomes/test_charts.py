"""Charts: one set of lines, drawn as a picture and as a Plotly figure; both show the values of the report."""

import json
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outcomes import charts
from tests.record import a_report, value

SVG = "{http://www.w3.org/2000/svg}"
TARGET = (2040, 70)
NEAR = {f"N{n}": {2020: 40 + n, 2021: 41 + n, 2022: 42 + n} for n in range(6)}
BREAK = {"number": 60, "markers": "[b]"}


def full(**options):
    """A report with all that a chart can show."""
    limits = {year: {"number": 50 + n, "lower": 49 + n, "upper": 51 + n} for n, year in enumerate(range(2021, 2025))}
    return a_report(
        **{
            "values": {2018: 40, 2019: 41, 2020: {"number": 50, "markers": "[b]"}, **limits},
            "baseline": 2020,
            "milestones": {2028: 58},
            "target": TARGET,
            "comparators": {"X": {2018: 60, 2019: 61, 2021: 62}, "Y": {2020: 58, 2021: 59}},
            "similar": NEAR,
        }
        | options
    )


def drawn(report, **size):
    """The picture as a tree: it must be well-formed XML by itself."""
    return ElementTree.fromstring(charts.svg(charts.chart(report), **size))


def points(element):
    return [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]


def lines(tree, kind):
    return [e for e in tree.iter("polyline") if e.get("class") == f"line {kind}"]


def titles(tree):
    return [t.text for t in tree.iter("title")]


def line(report, kind):
    return next((line for line in charts.chart(report).lines if line.kind == kind), None)


# --- the lines ---


def test_chart_holds_every_line_with_the_home_area_in_front():
    chart = charts.chart(full())
    assert [(line.name, line.kind) for line in chart.lines] == [
        ("Place X", "comparator-1"),
        ("Place Y", "comparator-2"),
        ("Path to the target", "path"),
        ("Exampleton, earlier series", "home-earlier"),
        ("Exampleton", "home"),
    ]
    assert chart.unit == "per cent of people"
    assert chart.breaks == [date(2020, 12, 31)]


def test_marks_stand_at_the_end_of_their_period():
    report = a_report([value(50, start=date(2023, 4, 1)), value(51, start=2022, duration="P3Y")])
    assert [m.at for m in line(report, "home").marks] == [date(2024, 3, 31), date(2024, 12, 31)]
    assert [m.label for m in line(report, "home").marks] == ["April 2023 to March 2024: 50.0%", "2022 to 2024: 51.0%"]


def test_path_goes_from_the_starting_point_through_milestones_to_the_target():
    found = list(line(full(), "path").marks)
    assert [(m.at, m.value) for m in found] == [
        (date(2020, 12, 31), 50.0),
        (date(2028, 12, 31), 58.0),
        (date(2040, 12, 31), 70.0),
    ]
    assert [m.label for m in found] == [
        "Starting point",
        "Milestone for 2028: 58.0% (illustrative)",
        "Target for 2040: 70.0% (illustrative)",
    ]
    assert "illustrative" not in list(line(full(standing="published"), "path").marks)[-1].label


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(a_report({2020: 50}, baseline=2020), id="no target"),
        pytest.param(a_report({2020: 50}, target=TARGET), id="no baseline"),
        pytest.param(a_report({2021: 50}, baseline=2020, target=TARGET), id="baseline without a value"),
    ],
)
def test_there_is_no_path_without_both_ends(report):
    assert line(report, "path") is None


NEW_SERIES = {2020: 50, 2024: 54, 2026: {"number": 30, "markers": "[b]"}, 2027: 31}


def test_path_of_a_new_series_begins_at_its_own_starting_point():
    """Points from before it are of the earlier path: a line through them would go back in time."""
    report = a_report(NEW_SERIES, baseline=2026, milestones={2025: 56, 2030: 35}, target=(2035, 40))
    (path,) = (line for line in charts.chart(report).lines if line.kind == "path")
    assert [(m.at.year, m.value) for m in path.marks] == [(2026, 30), (2030, 35), (2035, 40)]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"baseline": 2020, "target": (2035, 40)}, id="start in the earlier series"),
        pytest.param({"baseline": 2026, "target": (2025, 40)}, id="target before the start"),
    ],
)
def test_new_series_that_the_path_does_not_reach_has_none(options):
    report = a_report(NEW_SERIES, **options)
    assert [line.kind for line in charts.chart(report).lines] == ["home-earlier", "home"]
    assert "path" not in charts.sparkline(report)
    assert "new series" in charts.svg(charts.chart(report))


def test_lines_are_cut_at_breaks_of_every_place():
    report = a_report(
        {2017: 1, 2018: 2, 2019: BREAK, 2020: 4, 2021: BREAK, 2022: 6},
        comparators={"X": {2017: 7, 2018: BREAK, 2019: 9}},
    )
    runs = {line.kind: [[m.at.year for m in run] for run in line.runs] for line in charts.chart(report).lines}
    assert runs == {
        "comparator-1": [[2017], [2018, 2019]],
        "home-earlier": [[2017, 2018], [2019, 2020]],
        "home": [[2021, 2022]],
    }


def test_band_of_similar_places_is_cut_where_one_of_them_starts_anew():
    near = NEAR | {"N0": {2020: 40, 2021: {"number": 90, "markers": "[b]"}, 2022: 91}}
    chart = charts.chart(full(similar=near))
    assert [[m.at.year for m in run] for run in chart.band] == [[2020], [2021, 2022]]
    tree = ElementTree.fromstring(charts.svg(chart))
    assert [len(points(e)) for e in tree.iter("polygon")] == [4]


# --- the picture ---


@pytest.mark.parametrize("size", [{}, {"width": 340, "height": 320}], ids=["wide", "narrow"])
def test_picture_is_well_formed_and_styled_by_classes_only(size):
    tree = drawn(full(), **size)
    assert tree.tag == "svg"
    for element in tree.iter():
        assert not {"style", "fill", "stroke", "id"} & element.attrib.keys(), element.attrib
        assert not [name for name in element.attrib if name.startswith("on")]
    assert {e.tag for e in tree.iter()} <= {"svg", "path", "text", "polyline", "polygon", "circle", "title"}


def test_picture_is_named_by_what_it_says():
    tree = drawn(full())
    assert tree.get("role") == "img"
    assert "People in good jobs: 53.0% in Exampleton in 2024." in tree.get("aria-label")


def test_picture_of_no_value_is_empty():
    assert charts.svg(charts.chart(a_report())) == ""
    assert charts.svg(charts.chart(a_report(comparators={"X": {2020: 1}}))) == ""


def test_picture_of_one_value_shows_it():
    tree = drawn(a_report({2020: 50}))
    assert titles(tree) == ["2020: 50.0%"]
    assert lines(tree, "home") == []


def test_every_value_is_marked_and_says_its_number():
    marks = [e for e in drawn(full()).iter("circle") if e.get("class") == "mark home"]
    assert [e.find("title").text for e in marks] == [
        "2020: 50.0%", "2021: 50.0%", "2022: 51.0%", "2023: 52.0%", "2024: 53.0%",
    ]  # fmt: skip


def test_lines_are_not_joined_over_breaks():
    tree = drawn(a_report({2017: 1, 2018: 2, 2019: BREAK, 2020: 61, 2021: BREAK, 2022: 62}))
    assert [len(points(e)) for e in lines(tree, "home-earlier")] == [2, 2]
    assert [len(points(e)) for e in lines(tree, "home")] == [2]
    ends = [points(e)[-1] for e in lines(tree, "home-earlier")]
    starts = [points(e)[0] for e in lines(tree, "home-earlier")[1:] + lines(tree, "home")]
    assert not set(ends) & set(starts)


def test_value_alone_between_breaks_is_still_shown():
    tree = drawn(a_report({2018: 1, 2019: BREAK, 2020: BREAK, 2021: 62}))
    assert lines(tree, "home-earlier") == []
    marks = [e for e in tree.iter("circle") if e.get("class") == "mark home-earlier"]
    assert [e.find("title").text for e in marks] == ["2018: 1.0%", "2019: 60.0%"]


def test_picture_says_where_a_series_starts_anew():
    tree = drawn(full())
    assert [e.text for e in tree.iter("text")].count("new series") == 1
    assert "new series" not in [e.text for e in drawn(a_report({2020: 1, 2021: 2})).iter("text")]


@pytest.mark.parametrize(("latest", "anchor"), [(2030, "start"), (2021, "end")], ids=["amid", "at the edge"])
def test_words_at_a_break_stay_within_the_picture(latest, anchor):
    tree = drawn(a_report({2000: 1, 2020: BREAK, latest: 62}))
    (words,) = [e for e in tree.iter("text") if e.text == "new series"]
    assert words.get("text-anchor") == anchor


def test_heights_are_in_the_order_of_the_values_and_dates():
    tree = drawn(a_report({2020: 50, 2021: 53, 2022: 51, 2024: 60}))
    (home,) = lines(tree, "home")
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points(home)
    assert x0 < x1 < x2 < x3
    assert y3 < y1 < y2 < y0  # down the page is less
    assert (x3 - x2) == pytest.approx(2 * (x2 - x1), rel=0.02)
    assert (y0 - y1) == pytest.approx(3 * (y0 - y2), rel=0.05)


def test_everything_is_inside_the_picture():
    for width, height in ((720, 400), (340, 320)):
        tree = drawn(full(), width=width, height=height)
        for element in (*tree.iter("polyline"), *tree.iter("polygon")):
            assert all(0 <= x <= width and 0 <= y <= height for x, y in points(element))
        for text in tree.iter("text"):
            assert 0 <= float(text.get("x")) <= width and 0 <= float(text.get("y")) <= height


def test_names_at_the_ends_of_lines_do_not_lie_on_each_other():
    report = a_report({2020: 50, 2021: "50.2"}, comparators={"X": {2020: 50, 2021: "50.1"}, "Y": {2020: 50, 2021: 50}})
    tree = drawn(report)
    named = [e for e in tree.iter("text") if e.get("class", "").startswith("name")]
    heights = sorted(float(e.get("y")) for e in named)
    assert len(named) == 3
    assert all(below - above >= 12 for above, below in zip(heights, heights[1:], strict=False))


def test_limits_are_drawn_where_the_source_gives_them():
    (limits,) = (e for e in drawn(full()).iter("path") if e.get("class") == "limits")
    assert limits.get("d").count("M") == 4
    assert not [e for e in drawn(a_report({2020: 1, 2021: 2})).iter("path") if e.get("class") == "limits"]


def test_hostile_names_are_text_in_the_picture():
    report = full(name='<script>alert("1")</script> & more')
    report.comparators[0].area.name = "</svg><script>x</script>&\"'"
    tree = drawn(report)
    assert {e.tag for e in tree.iter()} <= {"svg", "path", "text", "polyline", "polygon", "circle", "title"}
    assert "</svg><script>x</script>&\"'" in [e.text for e in tree.iter("text")]


@pytest.mark.parametrize("symbol", ["<", "&", '"'])
def test_unit_of_one_sign_is_text_in_the_picture(symbol):
    tree = drawn(a_report({2020: 50, 2021: 60}, unit_symbol=symbol))
    assert any(symbol in (e.text or "") for e in tree.iter("text"))


def test_chart_takes_as_many_comparators_as_the_place_names():
    report = a_report({2020: 50, 2021: 51}, comparators={name: {2020: 1, 2021: 2} for name in "ABCDE"})
    chart = charts.chart(report)
    assert len(lines(ElementTree.fromstring(charts.svg(chart)), "home")) == 1
    assert {f"Place {name}" for name in "ABCDE"} <= {trace["name"] for trace in charts.figure(chart)["data"]}
    ElementTree.fromstring(charts.standalone(charts.svg(chart)))


# --- ticks ---


@pytest.mark.parametrize(
    "low, high, wanted, found",
    [
        pytest.param(0, 10, 5, [0, 2, 4, 6, 8, 10], id="to ten"),
        pytest.param(49, 71, 5, [45, 50, 55, 60, 65, 70, 75], id="round outwards"),
        pytest.param(5, 5, 5, [4, 4.5, 5, 5.5, 6], id="one value"),
        pytest.param(0, 0, 5, [-1, -0.5, 0, 0.5, 1], id="nothing but nought"),
        pytest.param(-3, 4, 5, [-4, -2, 0, 2, 4], id="over nought"),
        pytest.param(0.1, 0.3, 5, [0.1, 0.15, 0.2, 0.25, 0.3], id="below one"),
        pytest.param(1200, 98000, 4, [0, 25000, 50000, 75000, 100000], id="thousands"),
    ],
)
def test_ticks_are_round(low, high, wanted, found):
    assert charts.ticks(low, high, wanted) == found


@given(
    st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), st.integers(3, 8)
)
def test_ticks_span_what_they_measure(one, other, wanted):
    low, high = sorted((one, other))
    assume(high == low or high - low > 1e-3)
    scale = charts.ticks(low, high, wanted)
    steps = {round(b - a, 8) for a, b in zip(scale, scale[1:], strict=False)}
    assert scale[0] <= low + 1e-6 and scale[-1] >= high - 1e-6
    assert len(steps) == 1 and min(steps) > 0
    assert 2 <= len(scale) <= 2 * wanted + 3


@pytest.mark.parametrize(
    "options, said",
    [
        pytest.param({}, "60%", id="per cent"),
        pytest.param({"unit_symbol": "£", "unit_position": "prefix"}, "£60", id="pounds"),
        pytest.param({"unit_symbol": "per 1,000"}, "60", id="a long unit is said once, beside the chart"),
        pytest.param({"unit_symbol": ""}, "60", id="no unit"),
    ],
)
def test_scale_says_its_unit_where_it_is_short(options, said):
    tree = drawn(a_report({2020: 50, 2021: 60}, **options))
    assert said in [e.text for e in tree.iter("text")]


def test_years_of_the_scale_are_few_enough_to_be_read():
    tree = drawn(a_report({year: year for year in range(1971, 2025)}), width=340, height=320)
    years = [e for e in tree.iter("text") if e.get("text-anchor") == "middle"]
    places = [float(e.get("x")) for e in years]
    assert 2 <= len(years) <= 8
    assert all(b - a > 30 for a, b in zip(places, places[1:], strict=False))


# --- the small picture of lists ---


def test_sparkline_shows_the_present_series_and_its_path():
    tree = ElementTree.fromstring(charts.sparkline(full()))
    assert tree.get("aria-hidden") == "true"
    assert len(points(lines(tree, "home")[0])) == 5
    assert len(points(lines(tree, "path")[0])) == 2
    assert not [e for e in tree.iter() if "style" in e.attrib]


def test_sparkline_needs_two_values_of_one_series():
    assert charts.sparkline(a_report()) == ""
    assert charts.sparkline(a_report({2020: 1})) == ""
    assert charts.sparkline(a_report({2019: 1, 2020: 1, 2021: BREAK})) == ""
    assert charts.sparkline(a_report({2020: 5, 2021: 5})) != ""


def test_name_stands_on_the_side_where_there_is_room():
    """The only value of a series is at the edge; one with a target far ahead is not."""
    at_the_edge = charts.svg(charts.chart(a_report({2020: 50})), width=400, height=240)
    (name,) = [e for e in ElementTree.fromstring(at_the_edge).iter("text") if e.text == "Exampleton"]
    assert name.get("text-anchor") == "end" and float(name.get("x")) < 400
    with_room = charts.svg(charts.chart(a_report({2020: 50, 2021: 51}, baseline=2020, target=(2040, 60))), width=400)
    (name,) = [e for e in ElementTree.fromstring(with_room).iter("text") if e.text == "Exampleton"]
    assert name.get("text-anchor") == "start"


def test_sparkline_stays_inside():
    for report in (full(), a_report({2020: 5, 2021: 5}), a_report({2020: 50, 2045: 40}, baseline=2020, target=TARGET)):
        tree = ElementTree.fromstring(charts.sparkline(report, width=100, height=30))
        for element in tree.iter("polyline"):
            assert all(0 <= x <= 100 and 0 <= y <= 30 for x, y in points(element))


# --- the Plotly figure ---


def traces(report):
    figure = json.loads(json.dumps(charts.figure(charts.chart(report))))
    return {trace["meta"]: trace for trace in figure["data"] if "meta" in trace}


def test_figure_is_plain_json():
    """No packed numbers that only a newer Plotly could read, and nothing that JSON has no word for."""
    figure = charts.figure(charts.chart(full()))
    text = json.dumps(figure, allow_nan=False)
    assert "bdata" not in text
    for trace in json.loads(text)["data"]:
        assert isinstance(trace["x"], list) and isinstance(trace["y"], list)
        assert len(trace["x"]) == len(trace["y"])


def test_figure_shows_the_numbers_of_the_report():
    report = full()
    found = traces(report)
    assert found["home"]["y"] == [float(v.value) for v in report.unbroken]
    assert found["home"]["x"] == [v.end.isoformat() for v in report.unbroken]
    assert found["home-earlier"]["y"] == [40.0, 41.0]
    assert found["comparator-1"]["y"] == [60.0, 61.0, 62.0]
    assert found["path"]["y"] == [50.0, 58.0, 70.0]
    assert found["home"]["text"][-1] == "2024: 53.0%"


def test_figure_and_picture_show_the_same_lines():
    report = full()
    tree, found = drawn(report), traces(report)
    for kind, trace in found.items():
        held = [y for y in trace["y"] if y is not None]
        assert sum(len(points(e)) for e in lines(tree, kind)) == len(held)


def test_figure_does_not_join_lines_over_breaks():
    found = traces(a_report({2017: 1, 2018: 2, 2019: BREAK, 2020: 61, 2021: BREAK}))
    assert found["home-earlier"]["y"] == [1.0, 2.0, None, 60.0, 61.0]
    assert found["home-earlier"]["x"][2] is None
    assert found["home-earlier"]["connectgaps"] is False
    assert found["home"]["y"] == [60.0]
    assert "markers" in found["home"]["mode"]


def test_figure_shows_limits_where_there_are_some():
    bars = traces(full())["home"]["error_y"]
    assert bars["array"] == [0, 1.0, 1.0, 1.0, 1.0]
    assert bars["arrayminus"] == [0, 1.0, 1.0, 1.0, 1.0]
    assert "error_y" not in traces(a_report({2020: 1, 2021: 2}))["home"]


def test_figure_of_no_value_is_empty_and_plain():
    assert json.loads(json.dumps(charts.figure(charts.chart(a_report()))))["data"] == []


# --- the picture as a file ---


def test_file_stands_alone():
    """Where no style sheet reaches, every part carries its own look; a class or style attribute would be lost."""
    text = charts.standalone(charts.svg(charts.chart(full())))
    tree = ElementTree.fromstring(text)
    assert tree.tag == f"{SVG}svg"
    assert not [e for e in tree.iter() if "style" in e.attrib or "class" in e.attrib]
    for element in tree.iter():
        name = element.tag.removeprefix(SVG)
        if name in ("polyline", "polygon", "circle", "path", "text"):
            assert element.get("fill"), element.attrib
        if name == "polyline":
            assert (element.get("fill"), bool(element.get("stroke"))) == ("none", True)
    assert tree.find(f"{SVG}rect").get("fill") == "#fff"


def test_file_says_the_same_as_the_picture():
    chart = charts.chart(full())
    inside = ElementTree.fromstring(charts.svg(chart))
    alone = ElementTree.fromstring(charts.standalone(charts.svg(chart)))
    assert [e.text for e in alone.iter(f"{SVG}title")] == titles(inside)
    assert [e.get("points") for e in alone.iter(f"{SVG}polyline")] == [e.get("points") for e in inside.iter("polyline")]


def test_file_of_no_value_is_empty():
    assert charts.standalone("") == ""


NUMBERS = st.decimals(-10_000, 10_000, places=2)


@given(st.dictionaries(st.integers(2000, 2030), NUMBERS, min_size=1, max_size=12), st.booleans(), NUMBERS)
def test_any_series_can_be_drawn(values, has_break, goal):
    values = dict(sorted(values.items()))
    if has_break:
        year = max(values)
        values[year] = {"number": values[year], "markers": "[b]"}
    report = a_report(values, baseline=min(values), target=(2040, goal), comparators={"X": values})
    for size in ({}, {"width": 340, "height": 320}):
        tree = drawn(report, **size)
        assert len(list(tree.iter("circle"))) >= len(report.unbroken)
    ElementTree.fromstring(charts.standalone(charts.svg(charts.chart(report))))
    sparkline = charts.sparkline(report)
    assert (sparkline == "") == (len(report.unbroken) < 2)


def test_chart_over_a_thousand_years_is_drawn():
    """A slip in a year is shown as it is, so that it is seen."""
    report = a_report({1024: 5, 2024: 6})
    assert ">1200</text>" in charts.svg(charts.chart(report))
