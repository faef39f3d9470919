"""An outcome's page: where it stands and why, the table before the chart, and the standing of everything it says."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests import factories as make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(exampleton):
    return exampleton


def ask(client, code, query=""):
    return Page(client.get(f"/outcomes/{code.lower()}/{query}"))


def figure(page):
    (found,) = (e for e in page.all("figure"))
    return found


def before(page, first, second):
    """Whether one element stands before another in the source, as a screen reader comes upon them."""
    order = list(page.root.iter())
    return order.index(first) < order.index(second)


# --- where it stands ---


@pytest.mark.parametrize(
    "code, status, takeaway, reason",
    [
        pytest.param(
            "XA1",
            "On track",
            "People in good jobs: 56.0% (provisional) in Exampleton in 2024. "
            "It is up 6.0 percentage points from 50.0% in 2020: better than at the start.",
            "By 2024 it needed to be 54.0% or more. It is 56.0%.",
            id="on track",
        ),
        pytest.param(
            "XA2",
            "Getting worse",
            "People in good jobs: £540 in Exampleton in 2024. "
            "It is down £10 from £550 in 2022: worse than at the start.",
            "By 2024 it needed to be £572 or more. It is £540, worse than the £550 it started from.",
            id="getting worse",
        ),
        pytest.param(
            "XB1",
            "Awaiting data",
            "No value for Exampleton has been published yet.",
            "There is no value to judge by. Nobody measures it yet.",
            id="awaiting data",
        ),
        pytest.param(
            "XB2",
            "Baseline only",
            "9.5 µg (estimated and low reliability) in Exampleton in 2023. This is the only value",
            "The only value is the starting point: 9.5 µg in 2023.",
            id="baseline only",
        ),
        pytest.param(
            "XM1",
            "Moving, but too slowly",
            "People in good jobs: 9.9% in Exampleton in 2024.",
            "By 2024 it needed to be 8.9% or less. It is 9.9%: 68% of the change needed by then.",
            id="of the mission",
        ),
    ],
)
def test_page_says_status_takeaway_and_the_sum_behind_it(client, code, status, takeaway, reason):
    page = ask(client, code)
    stands = words(page.section("Where it stands"))
    for said in (status, takeaway, reason):
        assert said in stands
    assert status.lower() in page.title.lower()
    (description,) = (m.get("content") for m in page.all("meta", name="description"))
    assert takeaway in " ".join(description.split())


def test_page_tells_four_things_apart(client):
    """Status against the path, last milestone, recent trend and freshness are never mixed into one."""
    page = ask(client, "XA1")
    stands = words(page.section("Where it stands"))
    assert [h for h in page.headings if h in ("Against the path", "Last milestone", "Recent trend", "Freshness")] == [
        "Against the path", "Last milestone", "Recent trend", "Freshness",
    ]  # fmt: skip
    assert "Met: it was 56.0% in 2024" in stands
    assert "Increasing" in stands and "more than chance would explain" in stands
    assert "A newer one was expected by about March 2026 (our estimate)" in stands


def test_page_shows_name_statement_and_where_it_belongs(client):
    page = ask(client, "XA1")
    assert words(page.one("h1")) == "Good jobs"
    assert "I can find a good job" in page.main and "More people in good jobs" in page.main
    assert "Outcome XA1" in page.main
    assert page.link("Good work") == "/priorities/good-work/"
    assert page.link("Home") == "/"
    assert ask(client, "XM1").link("The mission") == "/mission/"


def test_page_leads_to_the_outcomes_before_and_after(client):
    def pager(code):
        (nav,) = (n for n in ask(client, code).all("nav") if n.get("aria-label") == "Outcomes before and after")
        return [a.get("href") for a in nav.iter("a")]

    assert pager("XA1") == ["/outcomes/xa2/"]
    assert pager("XA2") == ["/outcomes/xa1/", "/outcomes/xb1/"]
    assert pager("XM1") == ["/outcomes/xb2/"]


# --- the path ---


def track(page):
    (found,) = (e for e in page.root.iter("ol") if "Start:" in words(e) or "Target:" in words(e))
    return [" ".join(" ".join(li.itertext()).split()) for li in found]


def test_path_shows_start_now_and_what_became_of_each_milestone(client):
    assert track(ask(client, "XA1")) == [
        "Start: 2020 50.0%",
        "Now: 2024 56.0% (provisional)",
        "Milestone: by 31 December 2024 54.0% or more Met: it was 56.0% in 2024 Illustrative",
        "Target: by 31 December 2035 65.0% or more To come Illustrative",
    ]
    assert track(ask(client, "XA2"))[2] == (
        "Milestone: by 31 December 2023 £560 or more Missed: it was £540 in 2024 Published"
    )


def test_published_milestone_whose_date_has_passed_without_a_value_is_not_called_met_or_missed(client):
    make.create_milestone(measure="XB2", kind="milestone", due_on=2025, value=8, standing="published")
    (said,) = (step for step in track(ask(client, "XB2")) if "2025" in step)
    assert said == "Milestone: by 31 December 2025 8.0 µg or less Not known yet Published"


def test_path_of_the_start_alone_does_not_repeat_it_as_now(client):
    assert not [step for step in track(ask(client, "XB2")) if step.startswith("Now")]


def test_path_says_what_happens_if_this_continues(client):
    said = words(ask(client, "XA1").section("The path to 2035"))
    assert "If the change since 2020 went on in a straight line, it would reach the target in about 2031." in said
    assert "It is not a forecast." in said
    few = words(ask(client, "XA2").section("The path to 2035"))
    assert "Too few values to draw a line: 2 values since the start, and 4 are needed." in few


def test_page_without_a_target_has_no_path(client):
    page = ask(client, "XB1")
    assert not [h for h in page.headings if h.startswith("The path to")]
    assert "No target while there is no value to start from." in page.main


# --- the figures ---


def test_sentence_and_table_come_before_the_chart(client):
    page = ask(client, "XA1")
    (table,) = (t for t in page.all("table"))
    chart = figure(page)
    assert before(page, table, chart)
    section = page.section("The figures")
    assert "In 2024, Exampleton was 56.0%; The Country 62.0% and the middle of 6 similar places 52.5%." in words(
        section
    )
    assert list(section.iter()).index(table) < list(section.iter()).index(chart)
    assert list(chart.iter("svg"))


def test_table_sets_like_beside_like_newest_first(client):
    page = ask(client, "XA1")
    (table,) = page.all("table")
    heads = [words(th) for th in table.find("thead").iter("th")]
    assert heads == ["Period", "Exampleton", "95% limits", "The Country", "Middle of similar places"]
    assert page.rows(table) == [
        ["2024", "56.0 [p]", "55.5 to 56.5", "62.0", "52.5"],
        ["2023", "53.6", "53.1 to 54.1", "no data", "42.5"],
        ["2022", "52.4", "51.9 to 52.9", "no data", "no data"],
        ["2021", "51.0", "50.5 to 51.5", "60.5", "no data"],
        ["2020 start", "50.0", "49.5 to 50.5", "60.0", "no data"],
    ]


def test_table_says_where_a_series_starts_anew(client):
    page = ask(client, "XA2")
    rows = page.rows(page.all("table")[0])
    assert [row[0].split()[0] for row in rows] == ["2024", "2022", "2020", "2019"]
    assert "new series: do not compare with earlier" in rows[1][0]
    assert "£" not in rows[0][1] and rows[0][1] == "540"
    assert "Series on both sides of a break are not joined." in words(figure(page))
    assert "[b] break in the series" in page.main
    assert "2022: Counted anew." in page.main


def test_chart_does_not_join_over_a_break(client):
    page = ask(client, "XA2")
    for svg in figure(page).iter("svg"):
        runs = [
            e
            for e in svg.iter("polyline")
            if "home" in e.get("class", "").split() or "home-earlier" in e.get("class", "")
        ]
        if runs:
            assert [len(e.get("points").split()) for e in runs] == [2, 2]


def test_table_shows_limits_only_where_there_are_some(client):
    make.create_observation(measure="XA1", year=2019, value=49)
    page = ask(client, "XA1")
    assert page.rows(page.all("table")[0])[-1] == ["2019", "49.0", "not given", "no data", "no data"]
    assert "95% limits" not in ask(client, "XA2").main.split("Recent trend")[0]


def test_value_of_nought_is_a_value(client):
    make.create_observation(measure="XM1", year=2025, value=0)
    page = ask(client, "XM1")
    assert page.rows(page.all("table")[0])[0] == ["2025", "0.0"]
    assert "Target met" in page.main


def test_files_are_offered_and_the_picture_only_where_there_is_one(client):
    page = ask(client, "XA1")
    assert [page.link(kind) for kind in ("CSV", "Excel", "JSON")] == [
        f"/outcomes/xa1/data.{kind}" for kind in ("csv", "xlsx", "json")
    ]
    assert "/outcomes/xa1/chart.svg" in page.links
    assert "/outcomes/xb1/chart.svg" not in ask(client, "XB1").links


def test_chart_is_there_without_javascript_and_says_where_to_get_more(client):
    chart = figure(ask(client, "XA1"))
    assert chart.get("data-chart") == "/outcomes/xa1/chart.json"
    pictures = [svg for svg in chart.iter("svg") if svg.get("role") == "img"]
    assert len(pictures) == 2 and all("People in good jobs: 56.0%" in svg.get("aria-label") for svg in pictures)
    assert "Source: A survey." in words(chart)


# --- the standing of what is said ---


@pytest.mark.parametrize(
    "code, said",
    [
        pytest.param("XA1", "The target and milestones are illustrative", id="illustrative"),
        pytest.param("XA1", "Working name, not official", id="working name"),
        pytest.param("XA1", "56.0% (provisional)", id="provisional"),
        pytest.param("XA1", "[p] provisional", id="shorthand explained"),
        pytest.param("XB2", "estimated and low reliability", id="estimated, low reliability"),
        pytest.param("XB2", "[e] estimated", id="shorthand of two"),
        pytest.param("XB2", "Source ended", id="source ended"),
        pytest.param("XA1", "(our estimate)", id="due date"),
        pytest.param("XA1", "linked by our reading", id="plan"),
        pytest.param("XA1", "A board (our reading)", id="board"),
        pytest.param("XA1", "Chosen for this site, not by the partnership.", id="measure"),
        pytest.param("XA1", "Path to the target (illustrative)", id="legend"),
        pytest.param("XB1", "Awaiting data.", id="awaiting data"),
        pytest.param("XB1", "Nobody measures it yet.", id="why"),
    ],
)
def test_page_labels_the_standing_of_what_it_says(client, code, said):
    assert said in ask(client, code).main


def test_page_does_not_call_what_is_published_illustrative(client):
    page = ask(client, "XA2")
    assert "llustrative" not in page.main
    assert "Published" in " ".join(track(page))


def test_published_name_is_called_so(client):
    make.OutcomeVersion.objects.filter(outcome="XA1").update(name_standing="published")
    main = ask(client, "XA1").main
    assert "in its published words: More people in good jobs" in main
    assert "orking name" not in main and "our working words" not in main


def test_page_of_no_value_explains_and_shows_no_empty_table_or_chart(client):
    page = ask(client, "XB1")
    assert not page.all("table") and not page.all("figure")
    assert "Awaiting data. Nobody measures it yet." in words(page.section("The figures"))
    assert "None set" in words(page.section("Where it stands"))


def test_no_result_is_claimed_for_an_action_whose_published_date_has_passed(client):
    """Published for 2022; it is 2026 and nothing was published: neither met nor missed, nor late."""
    said = words(ask(client, "XA1").section("What is being done"))
    assert "Open a jobs fair." in said
    assert "Published date: 2022. No result has been published, so none is shown." in said
    assert not [word for word in ("Met", "Missed", "Late", "overdue", "On track") if word in said]


def test_what_is_not_known_of_an_outcome_is_said(client):
    said = words(ask(client, "XB2").section("What is being done"))
    for sentence in (
        "No published action names this outcome.",
        "No plan is linked to it.",
        "No board is linked to it.",
    ):
        assert sentence in said


def test_page_names_source_release_and_licence(client):
    page = ask(client, "XA1")
    said = words(page.section("About this measure"))
    assert "Publisher: A statistics office. Release used: 1 March 2026." in said
    assert "Open Government Licence v3.0" in said
    assert page.link("A survey") == "https://statistics.example/survey"


def test_source_without_an_address_is_named_all_the_same(client):
    make.MeasureVersion.objects.filter(measure="XA1").update(source_url="")
    page = ask(client, "XA1")
    assert "A survey" in words(page.section("About this measure"))
    assert "https://statistics.example/survey" not in page.links


def test_freshness_is_of_today(client, monkeypatch):
    day = datetime(2026, 3, 31, 12, tzinfo=ZoneInfo("Europe/London"))
    monkeypatch.setattr(timezone, "now", lambda: day)
    assert "Up to date" in ask(client, "XA1").main
    monkeypatch.setattr(timezone, "now", lambda: day.replace(month=4, day=1))
    assert "New figure due" in ask(client, "XA1").main
