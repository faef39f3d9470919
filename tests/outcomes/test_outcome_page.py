"""An outcome's page: where it stands and why, the table before the chart, and the standing of everything it says."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests import factories as make
from tests import reading, record
from tests.factories_pledges import create_commitment, create_pledge, create_pledge_update, create_stage
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


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
            "No value for Exampleton is published.",
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
    assert "Exampleton, earlier series" in words(figure(page))
    assert "earlier series" not in words(figure(ask(client, "XA1")))
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
        pytest.param("XA1", "A board through Good work (our reading)", id="board"),
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


# --- what was revised or withdrawn ---


def correct(*lines, on=datetime(2026, 5, 3, 12, tzinfo=LONDON), reason="The survey was reweighted", **given):
    return record.publish_handed_in(*lines, public_reason=reason, issued_at=on, **given)


def a_line(year, value, *, measure="XA1", **fields):
    return make.make_line(row=year, measure=measure, year=year, value=value, **fields)


@pytest.fixture
def corrected(place):
    """XA1: 2024 revised twice, the second time together with 2022; then 2023 was withdrawn."""
    correct(a_line(2024, "56.4"))
    correct(
        a_line(2024, "56.5"), a_line(2022, 52), on=datetime(2026, 7, 1, 0, 30, tzinfo=LONDON), reason="Due to rounding"
    )
    correct(a_line(2023, "53.6", withdraws=True), on=datetime(2026, 8, 9, 12, tzinfo=LONDON), reason="It was wrong.")


REVISIONS = [
    "2023: 53.6% was withdrawn on 9 August 2026 because it was wrong.",
    "2024: was 56.4%, revised to 56.5% on 1 July 2026 due to rounding.",
    "2022: was 52.4%, revised to 52.0% on 1 July 2026 due to rounding.",
    "2024: was 56.0%, revised to 56.4% on 3 May 2026 because the survey was reweighted.",
]


def revisions(page):
    return [words(e) for e in page.root.iter("li") if e.get("id", "").startswith("revision-")]


def test_page_says_what_was_revised_or_withdrawn_when_and_why_newest_first(corrected, client):
    page = ask(client, "XA1")
    assert revisions(page) == REVISIONS
    (listed,) = {page.parent[e] for e in page.root.iter("li") if e.get("id", "").startswith("revision-")}
    assert before(page, page.one("table"), listed)
    assert listed in page.section("The figures").iter()


def test_table_marks_what_was_revised_and_leads_to_the_newest_sentence(corrected, client):
    page = ask(client, "XA1")
    rows = page.rows(page.one("table"))
    assert [row[0] for row in rows] == ["2024 revised", "2022 revised", "2021", "2020 start"]
    assert rows[0][1] == "56.5"
    led = [page.root.find(f".//*[@id='{a.get('href')[1:]}']") for a in page.one("table").iter("a")]
    assert [words(e) for e in led] == REVISIONS[1:3]


def test_page_of_an_earlier_edition_shows_the_old_value_and_no_sentence(corrected, client):
    old = ask(client, "XA1", "?edition=1")
    assert revisions(old) == [] and "revised" not in old.main.split("The figures")[1].split("About this measure")[0]
    assert old.rows(old.one("table"))[0][:2] == ["2024", "56.0 [p]"]
    between = ask(client, "XA1", "?edition=2")
    assert revisions(between) == REVISIONS[3:]
    assert between.rows(between.one("table"))[0][:2] == ["2024 revised", "56.4"]


def test_page_of_another_outcome_says_nothing_of_it(corrected, client):
    assert revisions(ask(client, "XA2")) == []
    assert "Figures that were revised" not in ask(client, "XA2").main


def test_revision_of_another_place_is_not_told_as_ours(client):
    correct(a_line(2024, 63, area=make.COUNTRY))
    assert revisions(ask(client, "XA1")) == []


def test_revision_without_a_reason_says_so(client):
    record.issue(make.make_row(measure="XM1", year=2024, value=9))
    (said,) = revisions(ask(client, "XM1"))
    assert said.endswith("; no reason was recorded.")


def test_value_that_came_back_after_it_was_withdrawn_says_so(corrected, client):
    record.publish_handed_in(a_line(2023, "53.1"))
    page = ask(client, "XA1")
    assert page.rows(page.one("table"))[1][0] == "2023 published again"
    assert revisions(page) == REVISIONS


def test_withdrawal_of_the_only_value_is_told(client):
    correct(a_line(2023, "9.5", measure="XB2", withdraws=True), reason="It was made up.")
    page = ask(client, "XB2")
    assert "Awaiting data" in page.main and "No value for Exampleton is published." in page.main
    assert revisions(page) == ["2023: 9.5 µg was withdrawn on 3 May 2026 because it was made up."]
    assert "published yet" not in page.main and not page.all("table")


def test_reason_of_a_revision_is_never_taken_for_markup(client):
    correct(a_line(2024, 57), reason='<script>alert(1)</script> & "more"')
    page = ask(client, "XA1")
    assert revisions(page)[0].endswith('because <script>alert(1)</script> & "more".')
    assert reading.has_no_inline_script(page) == []


@pytest.mark.parametrize("check", reading.CHECKS, ids=lambda check: check.__name__)
def test_page_with_revisions_is_as_sound_as_every_page(corrected, client, check):
    for code in ("XA1", "XB2"):
        assert check(ask(client, code)) == []


def test_many_revisions_scroll_in_a_region_of_their_own(client):
    years = range(2000, 2013)
    record.issue(*(make.make_row(row=y, measure="XM1", year=y, value=9) for y in years))
    correct(*(a_line(year, 8, measure="XM1") for year in years))
    page = ask(client, "XM1")
    regions = [e for e in page.root.iter("div") if e.get("role") == "region" and e.get("aria-labelledby") == "revised"]
    assert len(revisions(page)) == 13 and [e.get("tabindex") for e in regions] == ["0"]
    assert reading.has_no_broken_reference(page) == []


def test_frame_marks_what_was_revised(corrected, client):
    frame = Page(client.get("/embed/outcomes/xa1/"))
    assert [row[0] for row in frame.rows()] == ["2024 revised", "2022 revised", "2021", "2020 start"]
    assert len(frame.links) == 1


# --- who agreed the path ---


def test_goals_say_who_agreed_them_and_when(client):
    points = [
        make.make_point(due_on=2035, value=66, agreed_by="Fairness Taskforce", agreed_on=date(2026, 5, 3)),
        make.make_point(kind="milestone", due_on=2030, value=60, agreed_by="<b>A board</b>", agreed_on=None),
    ]
    record.publish_handed_in(kind="targets", measure="XA1", points=points)
    page = ask(client, "XA1")
    assert track(page)[2:] == [
        "Milestone: by 31 December 2024 54.0% or more Met: it was 56.0% in 2024 Illustrative",
        "Milestone: by 31 December 2030 60.0% or more To come Published Agreed by <b>A board</b>",
        "Target: by 31 December 2035 66.0% or more To come Published Agreed by Fairness Taskforce on 3 May 2026",
    ]
    assert "Some milestones are illustrative" in page.main
    assert "Agreed by" not in ask(client, "XA1", "?edition=1").main


def test_path_whose_target_was_taken_off_shows_its_milestones(client):
    ended = make.make_point(due_on=2035, value=65, ends=True, standing="illustrative")
    record.publish_handed_in(kind="targets", measure="XA1", points=[ended])
    page = ask(client, "XA1")
    assert "No target set" in page.main
    assert "Milestone: by 31 December 2024 54.0% or more Met" in words(page.section("Milestones"))
    assert "The milestones are illustrative" in page.main
    assert "Path to the target" not in page.main


# --- a new series ---


def begin_series(*lines, points=()):
    lines = lines or (a_line(2026, 30, markers="[b]"),)
    return record.publish_handed_in(
        *lines, kind="series", measure="XA1", points=points, public_reason="The survey was replaced."
    )


def new_start():
    return make.make_point(kind="baseline", due_on=2026, basis="The first figure of the new survey.")


def without_old_milestone():
    return make.make_point(kind="milestone", due_on=2024, value=54, ends=True)


def test_new_series_is_judged_from_its_own_start(client):
    begin_series(points=[new_start(), without_old_milestone()])
    page = ask(client, "XA1")
    stands = words(page.section("Where it stands"))
    assert "Baseline only" in stands
    assert "The only value of the new series is the starting point: 30.0% in 2026." in stands
    assert "This is the first value of a new series, not to be compared with earlier ones" in stands
    rows = page.rows(page.one("table"))
    assert rows[0][0] == "2026 start new series: do not compare with earlier"
    assert [row[0] for row in rows[1:]] == ["2024", "2023", "2022", "2021", "2020"]
    assert track(page) == [
        "Start: 2026 30.0%",
        "Target: by 31 December 2035 65.0% or more To come Illustrative",
    ]
    assert "The first figure of the new survey." in page.main
    assert "Path to the target (illustrative)" in page.main

    record.publish_handed_in(a_line(2027, 35))
    stands = words(ask(client, "XA1").section("Where it stands"))
    assert "On track" in stands
    assert "By 2027 it needed to be 33.9% or more. It is 35.0%." in stands
    assert "It is up 5.0 percentage points from 30.0% in 2026" in stands


def test_chart_of_a_new_series_is_not_joined_and_its_path_starts_anew(client):
    begin_series(a_line(2026, 30, markers="[b]"), a_line(2027, 31), points=[new_start(), without_old_milestone()])
    drawn = client.get("/outcomes/xa1/chart.json").json()["data"]
    lines = {line["meta"]: line for line in drawn if line.get("meta")}
    assert lines["home"]["x"] == ["2026-12-31", "2027-12-31"]
    assert lines["home-earlier"]["x"][-1] == "2024-12-31"
    assert lines["path"]["x"] == ["2026-12-31", "2035-12-31"]
    svg = figure(ask(client, "XA1")).find(".//svg")
    assert "new series" in words(svg)


def test_new_series_without_a_start_has_no_path_and_says_so(client):
    begin_series(a_line(2026, 30, markers="[b]"), a_line(2027, 31))
    page = ask(client, "XA1")
    stands = words(page.section("Where it stands"))
    assert "Baseline only" in stands
    assert (
        "A new series began in 2026, in which no starting point has been set. "
        "There is no path to judge the latest value by: 31.0% in 2027."
    ) in stands
    assert "No starting point has been set, so it cannot be said how far it has come." in stands
    assert "Path to the target" not in page.main
    assert not [step for step in track(page) if step.startswith("Start")]
    assert "Milestone: by 31 December 2024 54.0% or more Met: it was 56.0% in 2024" in " ".join(track(page))


def test_lists_and_summaries_take_a_new_series_too(client):
    begin_series(points=[new_start(), without_old_milestone()])
    for path in ("/", "/outcomes/", "/priorities/good-work/", "/roadmap/", "/data/", "/embed/outcomes/xa1/"):
        assert client.get(path).status_code == 200
    assert "Baseline only" in Page(client.get("/outcomes/")).entry("Good jobs")
    assert Page(client.get("/embed/outcomes/xa1/")).title.startswith("Good jobs: baseline only")


def test_earlier_edition_keeps_the_earlier_series_as_it_stood(client):
    begin_series(points=[new_start(), without_old_milestone()])
    old = ask(client, "XA1", "?edition=1")
    assert "On track" in words(old.section("Where it stands"))
    assert track(old)[0] == "Start: 2020 50.0%"


# --- pledges ---


def test_pledges_that_name_it_are_told_and_those_that_serve_everything_counted_apart(client):
    create_pledge(title="Buy nearby", made_on="2026-09", serves=["XA1"], result="Accredited")
    create_commitment(slug="more", position=2, serves=["XA1", "XA2"])
    for slug in ("b", "c"):
        create_pledge(slug=slug)
        create_commitment(slug=f"{slug}-1", pledge=slug, serves_all=True)
    page = ask(client, "XA1")
    assert words(page.section("Pledges behind it")) == (
        "Pledges behind it 2 commitments in 1 pledge name this outcome. Buy nearby: A charity. Made in September 2026. "
        "Buy more nearby. Nothing reported yet Buy more nearby. Nothing reported yet Of the whole pledge: Accredited. "
        "Besides, 2 pledges serve every priority alike. Make a pledge for it"
    )
    assert (page.link("Buy nearby"), page.link("2 pledges")) == ("/pledges/a-pledge/", "/pledges/?priority=every")
    other = ask(client, "XB1")
    assert "No pledge names this outcome yet. Make the first 2 pledges serve every priority alike." in other.main
    assert other.link("Make the first") == "/pledges/new/?outcome=xb1"


def test_commitments_to_it_alone_are_listed_each_with_its_own_standing(client):
    create_pledge(serves=["XA2"])
    create_commitment(slug="ours", position=2, what="Lend bicycles.", serves=["XA1"])
    create_commitment(slug="over", position=3, what="Plant trees.", serves=["XA1"])
    create_pledge_update(said_on=date(2026, 3, 1))
    for commitment, stage in (("a-pledge-1", "done"), ("over", "ended")):
        create_stage(commitment=commitment, stage=stage)
    section = words(ask(client, "XA1").section("Pledges behind it"))
    assert (
        "1 commitment in 1 pledge names this outcome." in section and "Lend bicycles. Nothing reported yet" in section
    )
    assert not [word for word in ("Done", "Buy more nearby", "Plant trees") if word in section]
    other = ask(client, "XA2")
    told = "Buy more nearby. Done, reported on 1 March 2026 (said by the partner)"
    assert told in words(other.section("Pledges behind it"))
    assert other.link("Buy more nearby.") == "/pledges/a-pledge/#a-pledge-1"


def test_more_pledges_than_are_shown_are_a_link_away(client):
    for number in range(6):
        create_pledge(slug=f"p-{number}", serves=["XA1"])
    assert ask(client, "XA1").link("All 6 pledges") == "/pledges/?outcome=xa1"
