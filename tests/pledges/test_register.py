"""The register's page: what is found and counted, in which order, and cut into pages by the database."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luton2040.editions import Edition
from outcomes.periods import A_DAY
from pledges import register
from pledges.report import reports
from pledges.standing import is_silent, silent_until
from tests import factories as make_place
from tests import factories_pledges as make
from tests import record
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
# Edition 1 is of 1 December 2026, and that is today.
ALL = ["Apprentices for all", "Bicycles", "Clean air now", "Everywhere", "Zebras"]


@pytest.fixture(autouse=True)
def place(exampleton):
    """Five pledges that stand, each another way, and one that was withdrawn."""
    for slug, name, kind in [
        ("a-mill", "A mill", "small business"),
        ("a-school", "A school", "school"),
        ("a-trust", "A trust", "charity"),
    ]:
        make_place.create_organisation(slug=slug, name=name, kind=kind)
    make.create_pledge(
        slug="apprentices", title="Apprentices for all", organisations=["a-mill"], made_on="2026-03", serves=["XA1"]
    )
    make.create_commitment(slug="apprentices-2", pledge="apprentices", position=2, what="Pay fair wages.")
    make.create_pledge_update(pledge="apprentices", said_on=date(2026, 10, 1))
    make.create_stage(commitment="apprentices-1", stage="done", update="apprentices-2026-10-01")
    make.create_pledge(slug="bicycles", title="Bicycles", organisations=["a-school", "a-mill"], made_on="2024")
    make.create_commitment(slug="bicycles-1", pledge="bicycles", what="Repair wheels.", serves=["XA2", "XB2"])
    make.create_pledge(slug="clean-air", title="Clean air now", organisations=["a-trust"], focus=["clean-air"])
    make.create_commitment(slug="clean-air-1", pledge="clean-air", what="Plant trees.", serves=["XB1"])
    make.create_pledge_update(pledge="clean-air", said_on=date(2026, 5, 1))
    make.create_stage(commitment="clean-air-1", stage="ended", update="clean-air-2026-05-01")
    make.create_pledge(slug="everywhere", title="Everywhere", organisations=["a-trust"], made_on="2026-11-01")
    make.create_commitment(slug="everywhere-1", pledge="everywhere", what="Ask first.", serves_all=True)
    make.create_pledge(
        slug="zebras", title="Zebras", organisations=["a-school"], made_on="2025-11-30", result="Accredited"
    )
    ended = {"withdrawn_on": date(2026, 2, 3), "withdrawn_why": "The mill closed."}
    make.create_pledge(slug="gone", title="Gone", organisations=["a-mill"], made_on="2020", serves=["XA1"], **ended)
    return exampleton


def ask(client, query="", **headers):
    return Page(client.get(f"/pledges/{query}", headers=headers))


def listed(page):
    return [words(h) for h in page.all("h3") if page.around(h, "li") is not None]


@pytest.mark.parametrize(
    "query, found",
    [
        pytest.param("", ALL, id="all that stand"),
        pytest.param("?priority=good-work", ["Apprentices for all", "Bicycles"], id="priority"),
        pytest.param("?priority=clean-air", ["Bicycles", "Clean air now"], id="priority that is its focus"),
        pytest.param("?priority=every", ["Everywhere"], id="every priority"),
        pytest.param("?outcome=xa1", ["Apprentices for all"], id="outcome"),
        pytest.param("?outcome=xb1", [], id="outcome of a commitment that ended"),
        pytest.param("?outcome=xa1&standing=withdrawn", ["Gone"], id="withdrawn of an outcome"),
        pytest.param("?kind=school", ["Bicycles", "Zebras"], id="kind of organisation"),
        pytest.param("?kind=small+business", ["Apprentices for all", "Bicycles"], id="kind of whoever does not lead"),
        pytest.param("?standing=nothing", ["Bicycles", "Everywhere"], id="nothing reported"),
        pytest.param("?standing=done", ["Apprentices for all"], id="done"),
        pytest.param("?standing=under-way", [], id="under way"),
        pytest.param("?standing=ended", ["Clean air now"], id="ended"),
        pytest.param("?standing=silent", ["Bicycles", "Zebras"], id="silent"),
        pytest.param("?standing=withdrawn", ["Gone"], id="withdrawn"),
        pytest.param("?year=2026", ["Apprentices for all", "Everywhere"], id="year"),
        pytest.param("?year=unknown", ["Clean air now"], id="year not known"),
        pytest.param("?q=APPRENTICE", ["Apprentices for all"], id="search in the title"),
        pytest.param("?q=school", ["Bicycles", "Zebras"], id="search for an organisation"),
        pytest.param("?q=planting+now", ["Clean air now"], id="search in a commitment and the title"),
        pytest.param("?q=planting+school", [], id="search for words of two pledges"),
        pytest.param("?q=%25", [], id="search for a sign of the database"),
        pytest.param("?q=fair+wages&year=2026", ["Apprentices for all"], id="search and filter"),
        pytest.param(
            "?sort=newest", ["Everywhere", "Apprentices for all", "Zebras", "Bicycles", "Clean air now"], id="newest"
        ),
        pytest.param("?page=9", ALL, id="page beyond the last"),
    ],
)
def test_register_is_filtered_and_in_order(client, query, found):
    assert listed(ask(client, query)) == found


def test_register_counts_what_it_shows_and_offers_the_rest(client):
    page, some = ask(client), ask(client, "?kind=school")
    assert "5 pledges by 3 organisations with 5 commitments." in page.main
    assert page.link("1 ended pledge") == "/pledges/?standing=withdrawn#results"
    assert "2 pledges by 2 organisations with 1 commitment, of 5 pledges that stand." in some.main
    assert some.link("Show all") == "/pledges/#results"
    assert some.link("Their commitments as CSV") == "/pledges/commitments.csv?kind=school"
    over = ask(client, "?standing=withdrawn").main
    assert "1 pledge by 1 organisation with 1 commitment, of 1 pledge that ended. Show all" in over


def test_list_for_an_outcome_says_that_whole_pledges_are_counted_and_leads_to_what_serves_it(client):
    page = ask(client, "?outcome=xa1")
    assert "2 commitments: 1 done" in page.entry("Apprentices for all")
    assert "The counts are of whole pledges" in page.main
    assert page.link("How commitments to this outcome stand") == "/outcomes/xa1/#pledged"
    assert "The counts are of whole pledges" not in ask(client, "?kind=school").main


@pytest.mark.parametrize(
    "title, said",
    [
        pytest.param("Apprentices for all", ["A mill", "Made in March 2026.", "Good work"], id="maker and day"),
        pytest.param("Apprentices for all", ["2 commitments: 1 done, 1 not reported on."], id="reported"),
        pytest.param("Bicycles", ["Nothing has been heard of it for 23 months."], id="silent"),
        pytest.param("Bicycles", ["A school, A mill", "1 commitment: nothing reported yet."], id="makers"),
        pytest.param("Bicycles", ["Good work", "Clean air"], id="priorities"),
        pytest.param("Everywhere", ["Every priority alike"], id="serves all"),
        pytest.param("Zebras", ["0 commitments.", "Accredited."], id="a published result"),
        pytest.param("Gone", ["Ended on 3 February 2026. The mill closed."], id="withdrawn"),
    ],
)
def test_row_says_only_what_is_known(client, title, said):
    entry = ask(client, "?standing=withdrawn" if title == "Gone" else "").entry(title)
    assert [part for part in said if part not in entry] == []
    assert "%" not in entry


def test_rows_lead_to_the_pledge_and_its_makers(client):
    links = ask(client, "?q=bicycles").links
    assert {"/pledges/bicycles/", "/organisations/a-school/", "/organisations/a-mill/"} <= set(links)


def test_nothing_found_says_what_to_do(client):
    page = ask(client, "?q=dragons")
    assert "No pledge fits all of that" in page.headings
    assert page.link("Show all 5 pledges") == "/pledges/#results"


@pytest.mark.parametrize(
    "query, advice",
    [
        pytest.param("?q=dragons", "Try fewer or shorter words. Show all", id="words"),
        pytest.param("?q=dragons&sort=newest&page=2", "Try fewer or shorter words. Show all", id="words in an order"),
        pytest.param("?q=zebras&kind=charity", "Try fewer or shorter words, or take off a filter.", id="both"),
        pytest.param("?outcome=xb1", "No pledge fits all of that Take off a filter.", id="filter"),
    ],
)
def test_nothing_found_advises_only_what_can_be_done(client, query, advice):
    assert advice in ask(client, query).main


@pytest.mark.parametrize("query", ["?q=gone", "?q=gone&year=2020&sort=newest"])
def test_ended_pledge_is_found_where_none_that_stands_fits(client, query):
    page = ask(client, query)
    assert "No pledge that stands fits" in page.headings and "1 ended pledge fits: show it" in page.main
    assert listed(ask(client, page.link("show it").removeprefix("/pledges/").split("#")[0])) == ["Gone"]


def test_ended_pledge_is_not_offered_to_whoever_asks_how_it_stands(client):
    assert "ended pledge fits" not in ask(client, "?q=gone&standing=silent").main


def test_register_where_every_pledge_ended_has_nothing_to_take_off(client):
    make.PledgeVersion.objects.update(withdrawn_on=date(2026, 2, 3), withdrawn_why="It closed.")
    page = ask(client)
    assert "Every pledge has ended" in page.headings and "6 ended pledges: show them" in page.main
    assert "take off" not in page.main.lower() and "Show all" not in page.main


@pytest.mark.parametrize("query", ["", "?standing=silent&sort=newest", "?q=dragons"])
def test_fragment_is_the_part_of_the_page(client, query):
    page, part = ask(client, query), ask(client, query, **{"HX-Request": "true"})
    (whole,) = (e for e in page.root.iter() if e.get("id") == "results")
    assert words(whole) == part.text
    assert [a.get("href") for a in whole.iter("a")] == part.links
    assert not part.all("html") and not part.all("form") and not part.all("svg")


def test_form_offers_what_there_is_and_keeps_what_was_asked(client):
    page = ask(client, "?kind=school&year=2024&q=%22a%22&outcome=xa2")
    offered = {select.get("name"): [words(o) for o in select.iter("option")] for select in page.all("select")}
    chosen = [o.get("value") for o in page.all("option") if "selected" in o.attrib and o.get("value")]
    assert [name for name in offered["standing"] if "ended" in name.lower()] == [
        "All but ended", "A commitment in it ended", "Ended"
    ]  # fmt: skip
    assert "A commitment in it is done" in offered["standing"]
    assert offered["kind"] == ["Any kind", "charity", "school", "small business"]
    assert offered["year"] == ["Any year", "2026", "2025", "2024", "2020", "Not known"]
    assert offered["priority"] == ["All priorities", "Good work", "Clean air", "Every priority alike"]
    assert len(offered["outcome"]) == 6 and [g.get("label") for g in page.all("optgroup")][:1] == ["Good work"]
    assert (chosen, page.one("input", name="q").get("value")) == (["xa2", "school", "2024"], '"a"')


@pytest.mark.parametrize(
    "query, said",
    [
        pytest.param("?kind=dragon", "Kind of organisation: there is nothing of that name.", id="kind"),
        pytest.param("?outcome=xz9", "Outcome: there is nothing of that name.", id="outcome"),
        pytest.param("?standing=%00", "How it stands: there is nothing of that name.", id="NUL"),
        pytest.param("?page=0", "Page: pages are numbered from 1.", id="page 0"),
        pytest.param("?page=two", "Page: write a whole number.", id="page in letters"),
        pytest.param("?q=" + "x" * 101, "Search: use at most 100 characters.", id="long search"),
    ],
)
def test_query_that_means_nothing_is_refused_in_words(client, query, said):
    answer = client.get(f"/pledges/{query}")
    assert answer.status_code == 400 and said in Page(answer).main


def test_pages_hold_25_each_keep_the_filters_and_cost_the_same(client):
    def queries(query):
        with CaptureQueriesContext(connection) as made:
            return ask(client, query), len(made)

    _, few = queries("?q=bicycles")
    for n in range(60):
        make.create_pledge(
            slug=f"lessons-{n}", title=f"Lessons {n:02}", organisations=[f"maker-{n % 7}"], serves=["XA2"]
        )
    first, many = queries("?q=lesson&utm=x&year=unknown")
    assert many == few
    assert (
        "60 pledges by 7 organisations with 60 commitments" in first.main
        and "Shown: 1 to 25, page 1 of 3." in first.main
    )
    assert first.link("Page 2 →") == "/pledges/?q=lesson&year=unknown&page=2#results"
    last = ask(client, "?q=lesson&page=3&edition=1")
    assert listed(last) == [f"Lessons {n}" for n in range(50, 60)]
    assert last.link("← Page 2") == "/pledges/?q=lesson&edition=1&page=2#results"
    assert "Page 4" not in last.main


def test_older_edition_lists_what_stood_then(client, place):
    record.issue(record.changed(make.PledgeVersion.objects.get(pledge="zebras"), title="Okapis"), key=("pledge_id",))
    assert "Okapis" in listed(ask(client))
    then = ask(client, "?edition=1")
    assert "Zebras" in listed(then)
    assert not [link for link in then.links if link.startswith("/pledges/new/")]


# --- silence, as the rule has it and as the database finds it ---


@pytest.mark.parametrize(
    "today, until",
    [
        pytest.param(date(2026, 12, 1), date(2025, 12, 1), id="any day"),
        pytest.param(date(2025, 2, 28), date(2024, 2, 29), id="a 29 February comes round on the 28th"),
        pytest.param(date(2024, 2, 28), date(2023, 2, 28), id="28 February of a leap year"),
        pytest.param(date(2024, 2, 29), date(2023, 2, 28), id="29 February"),
        pytest.param(date(2025, 3, 1), date(2024, 3, 1), id="the day after"),
    ],
)
def test_cut_off_is_the_last_day_that_is_silent(today, until):
    assert silent_until(today) == until
    assert is_silent(heard=until, today=today) and not is_silent(heard=until + A_DAY, today=today)


def test_cut_off_is_right_on_every_day_of_years():
    for n in range(1500):
        today = date(2023, 1, 1) + timedelta(days=n)
        until = silent_until(today)
        assert is_silent(heard=until, today=today) and not is_silent(heard=until + A_DAY, today=today)


def test_database_finds_the_same_to_be_silent_as_the_rule(place):
    """Of pledges made on days as exact as is known, with and without news, on days around the ends of months."""
    made = ["", "2022", "2023", "2024", "2023-02", "2024-02", "2024-03", "2024-12", "2024-02-28", "2024-02-29",
            "2024-03-01", "2024-12-31", "2026-12", "2027"]  # fmt: skip
    said = [None, date(2024, 2, 29), date(2024, 3, 1), date(2025, 6, 30)]
    for n, (day, heard) in enumerate((day, heard) for day in made for heard in said):
        make.create_pledge(slug=f"p-{n}", title=f"P {n}", organisations=["a-mill"], made_on=day)
        if heard:
            make.create_pledge_update(pledge=f"p-{n}", said_on=heard)
    Edition.objects.update(issued_at=record.NOW.replace(year=2024, month=2, day=29, hour=0, minute=0))
    for today in (date(2025, 1, 1), date(2025, 2, 28), date(2025, 3, 1), date(2025, 12, 31), date(2026, 6, 30)):
        found = set(register.fitting(place, today, standing="silent").values_list("pledge", flat=True))
        assert found == {report.slug for report in reports(place, today) if report.is_silent}, today
