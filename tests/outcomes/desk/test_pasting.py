"""Cells pasted or handed in as a file: read, shown as a difference, chosen from, handed in."""

import csv
import io
import time
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luton2040.audit import Action, Entry
from luton2040.roles import Role
from outcomes import downloads, submissions
from outcomes.models import Measure, Observation, Submission, SubmissionLine
from outcomes.report import full_reports
from tests.factories import (
    HOME,
    create_approver,
    create_observation,
    create_outcome,
    create_person,
    create_place,
    hand_in,
    make_line,
    sign_in,
)
from tests.outcomes import books
from tests.reading import CHECKS, Page, words
from tests.record import NOW, TODAY, issue

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/paste/"
HEADER = "Measure code\tPeriod\tValue\tRelease used"
RELEASED = "1 May 2026"


@pytest.fixture
def officer():
    return create_person(role=Role.OFFICER, name="Olu Officer")


@pytest.fixture
def desk(client, clock, officer):
    create_place()
    create_outcome(
        values={2020: 50, 2021: 53, 2022: 51, 2023: 53}, baseline=2020, target=(2040, 70), natural_min=0,
        natural_max=100, release_lag_months=12,
    )  # fmt: skip
    create_outcome(code="BB1", position=2, name="More homes", values={2022: 10, 2023: 11}, unit_symbol="£",
                   unit_position="prefix", release_lag_months=12)  # fmt: skip
    create_outcome(code="CC1", position=3, values={2023: 5})
    for code in ("AA1", "BB1"):
        Measure.objects.get(code=code).officers.add(officer)
    sign_in(client, officer)
    return client


def table(*rows, header=HEADER):
    return "\n".join([header, *("\t".join(map(str, row)) for row in rows)])


NEW = ("AA1", 2024, 54, RELEASED)
SAME = ("AA1", 2023, 53, "1 March 2026")
CHANGED = ("AA1", 2022, "51.5 [r]", RELEASED)
DOUBTFUL = ("BB1", 2024, 900, RELEASED)
REFUSED = ("AA1", 2025, "many", RELEASED)
NOT_OWN = ("CC1", 2024, 6, RELEASED)
ALL = (NEW, SAME, CHANGED, DOUBTFUL, REFUSED, NOT_OWN)


def pasted(desk, *rows, header=HEADER, **given):
    """The review of these rows."""
    answer = desk.post(ADDRESS, {"cells": table(*rows, header=header)} | given)
    assert answer.status_code == 302, Page(answer).text
    return answer["Location"]


def uploaded(desk, data, name="values.csv", **given):
    file = SimpleUploadedFile(name, data)
    return desk.post(ADDRESS, {"file": file} | given)


def counts(page):
    """What the page says of how many rows there are of each kind."""
    tally = next(e for e in page.all("ul") if "pasted-tally" in e.get("class", ""))
    found = (words(item).split(" ", 1) for item in tally)
    names = ("New", "Changed", "Warned of", "Refused", "Same")
    return {next(n for n in names if said.startswith(n)): int(number) for number, said in found}


def of_kinds(page):
    return {name: number for name, number in counts(page).items() if number}


def typed(page, *, take=None, **changes):
    """What a browser would send of the page's form; `take`: the rows that are ticked, instead of those that are."""
    sent = page.typed(**changes)
    ticked = [e.get("value") for e in page.all("input", name="take") if "checked" in e.attrib]
    return sent | {"take": ticked if take is None else [str(row) for row in take]}


def send(desk, address, step, **changes):
    return desk.post(address, typed(Page(desk.get(address)), step=step, **changes))


def ticked(page):
    return [int(e.get("value")) for e in page.all("input", name="take") if "checked" in e.attrib]


def problems(answer):
    return [words(item) for item in Page(answer).one("div", id="problems").iter("li")]


# --- the page to paste into ---


def test_page_says_what_is_understood_with_an_example_of_ones_own(desk):
    page = Page(desk.get(ADDRESS))
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert ["AA1", "2023", "53.0%", "1 March 2026"] in page.rows()
    assert "2 values are due" in page.main
    assert page.link("Due list for Excel") == reverse("desk:due_file", args=["xlsx"])


def test_example_can_be_pasted_as_it_is(desk):
    page = Page(desk.get(ADDRESS))
    header = "\t".join(words(th) for th in page.one("table").iter("th"))
    address = pasted(desk, *page.rows(), header=header)
    assert of_kinds(Page(desk.get(address))) == {"Same": 2}


def test_page_for_an_officer_without_measures(client, clock):
    create_place()
    create_outcome(values={2023: 5})
    sign_in(client, create_person(role=Role.OFFICER))
    page = Page(client.get(ADDRESS))
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert "No measure is yours yet" in page.main


@pytest.mark.parametrize(
    "given, said",
    [
        pytest.param({}, "Paste some cells, or choose a file.", id="nothing"),
        pytest.param({"cells": " \n\t"}, "Paste some cells, or choose a file.", id="blanks"),
        pytest.param({"cells": "just words"}, "Nothing says which measure the values are of.", id="words"),
        pytest.param({"cells": "Period\tNote\n2024\tso"}, "No column is named", id="no values"),
        pytest.param({"cells": HEADER}, "There is a header but no row of values.", id="a header alone"),
        pytest.param({"cells": table(("AA1", 2024, "", ""))}, "1 row has no value yet", id="nothing filled in"),
        pytest.param({"cells": table(NEW), "released": "soon"}, "“soon” is not a day.", id="no day"),
    ],
)
def test_cells_that_are_no_table_are_refused_and_stay_in_the_box(desk, given, said):
    page = Page(desk.post(ADDRESS, given))
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert said in words(page.one("div", id="problems"))
    assert words(page.one("textarea", name="cells")) == " ".join(given.get("cells", "").split())
    assert not Submission.objects.exists()


def test_cells_and_a_file_at_once_are_refused(desk):
    page = Page(uploaded(desk, table(NEW).encode(), cells=table(CHANGED)))
    assert "Give one or the other." in page.main
    assert "51.5" in words(page.one("textarea", name="cells"))


def test_table_without_headings_takes_measure_and_release_from_the_form(desk):
    given = {"cells": "2024\t54\n2025\t55", "measure": "AA1", "released": "2 June 2026"}
    address = desk.post(ADDRESS, given)["Location"]
    page = Page(desk.get(address))
    assert of_kinds(page) == {"New": 2}
    assert "Release of 2 June 2026" in page.main


def test_measure_of_the_form_is_one_of_ones_own(desk):
    assert "CC1" not in [o.get("value") for o in Page(desk.get(ADDRESS)).one("select", name="measure")]


# --- files of every kind, from end to end; what is read of them is tested with sheets.py ---


def sheet_of(*rows):
    return books.workbook({"Values": [HEADER.split("\t"), *rows]})


def with_formula():
    return sheet_of(["AA1", 2024, 54, date(2026, 5, 1)], ["AA1", 2025, "=27*2", date(2026, 5, 1)])


def with_merged_cells():
    rows = [["AA1", 2024, 54, RELEASED], [None, 2025, 55, RELEASED]]
    return books.workbook({"Values": [HEADER.split("\t"), *rows]}, lambda book: book.active.merge_cells("A2:A3"))


@pytest.mark.parametrize(
    "data, name, kinds",
    [
        pytest.param(table(NEW).encode(), "v.csv", {"New": 1}, id="tabs"),
        pytest.param(table(NEW).replace("\t", ",").encode("utf-16"), "v.csv", {"New": 1}, id="UTF-16"),
        pytest.param(
            table(("BB1", 2024, "£11.50", RELEASED)).encode("cp1252"), "v.csv", {"New": 1}, id="Windows-1252, £"
        ),
        pytest.param(table(("AA1", 2024, "54%", RELEASED)).encode(), "v.csv", {"New": 1}, id="%"),
        pytest.param(table(("AA1", 2024, "54 [p]", RELEASED)).encode(), "v.csv", {"New": 1}, id="[p]"),
        pytest.param(table(NEW, ("", "", "", ""), CHANGED).encode(), "v.csv", {"New": 1, "Changed": 1}, id="blank row"),
        pytest.param(table(("AA1", 2024, 54, 46143)).encode(), "v.csv", {"New": 1}, id="serial day"),
        pytest.param(sheet_of(["AA1", 2024, 54, date(2026, 5, 1)]), "v.xlsx", {"New": 1}, id="workbook"),
        pytest.param(with_formula(), "v.xlsx", {"New": 1, "Refused": 1}, id="formula"),
    ],
)
def test_file_is_read(desk, data, name, kinds):
    answer = uploaded(desk, data, name)
    assert answer.status_code == 302, Page(answer).text
    page = Page(desk.get(answer["Location"]))
    assert of_kinds(page) == kinds
    assert name in page.main


def test_thousands_are_read(desk):
    create_outcome(code="DD1", position=4, values={2022: 1200, 2023: 1230}, unit_symbol="", decimals=0)
    Measure.objects.get(code="DD1").officers.add(*Measure.objects.get(code="AA1").officers.all())
    address = pasted(desk, ("DD1", 2024, "1,234", RELEASED))
    assert of_kinds(Page(desk.get(address))) == {"New": 1}
    assert Submission.objects.get().typed["table"].splitlines()[1].split(",")[5] == "1234"


def test_merged_cells_are_told_of(desk):
    answer = uploaded(desk, with_merged_cells(), "v.xlsx")
    page = Page(desk.get(answer["Location"])) if answer.status_code == 302 else Page(answer)
    assert "merged" in page.main


def bomb():
    return books.with_parts(sheet_of(list(NEW)), {"xl/worksheets/sheet9.xml": b"0" * 70_000_000})


def macro():
    return books.with_parts(sheet_of(list(NEW)), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


@pytest.mark.parametrize(
    "make, name, said",
    [
        pytest.param(bomb, "v.xlsx", "unpacks to far more than a table of values", id="zip bomb"),
        pytest.param(macro, "v.xlsm", "macro", id="macro"),
        pytest.param(lambda: b"%PDF-1.7 ...", "v.pdf", "The file is a PDF.", id="PDF"),
        pytest.param(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90), "v.xls", "old Excel workbook", id="xls"),
        pytest.param(lambda: b"", "v.csv", "There is nothing in it.", id="empty"),
        pytest.param(lambda: b"a,b\n" * 3_000_000, "v.csv", "Split it into files", id="too large"),
    ],
)
def test_file_that_cannot_be_taken_is_refused_whole_and_the_form_stays(desk, make, name, said):
    page = Page(uploaded(desk, make(), name, measure="BB1", released="2 June 2026"))
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert said in words(page.one("div", id="problems"))
    assert (page.typed()["measure"], page.typed()["released"]) == ("BB1", "2 June 2026")
    assert not Submission.objects.exists()


def test_file_of_500_mb_is_refused_before_it_is_read(desk):
    answer = desk.post(ADDRESS, {"cells": "x"}, CONTENT_LENGTH="500000000")
    assert answer.status_code == 413
    assert not Submission.objects.exists()


def test_sites_own_download_is_taken_unchanged(desk):
    edition = Observation.objects.first().first_edition
    data = downloads.values_csv(full_reports(edition, TODAY, codes=["AA1", "BB1"]))
    answer = uploaded(desk, data)
    assert of_kinds(Page(desk.get(answer["Location"]))) == {"Same": 6}
    assert "The public record says all of this already." in Page(desk.get(answer["Location"])).main


# --- what is due, and back ---


def test_due_list_is_filled_in_and_handed_back_as_csv(desk):
    rows = list(csv.DictReader(io.StringIO(desk.get("/desk/paste/due.csv").content.decode())))
    assert [(row["measure"], row["period_label"]) for row in rows] == [("AA1", "2024"), ("BB1", "2024")]
    rows[0] |= {"value": "54", "retrieved_on": RELEASED}
    rows[1] |= {"value": "£11.60", "retrieved_on": RELEASED}
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    page = Page(desk.get(uploaded(desk, out.getvalue().encode())["Location"]))
    assert of_kinds(page) == {"New": 2}


def test_due_list_is_filled_in_and_handed_back_as_a_workbook(desk):
    book = openpyxl.load_workbook(io.BytesIO(desk.get("/desk/paste/due.xlsx").content))
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    sheet.cell(2, header.index("value") + 1).value = 54
    sheet.cell(2, header.index("retrieved_on") + 1).value = date(2026, 5, 1)
    out = io.BytesIO()
    book.save(out)
    page = Page(desk.get(uploaded(desk, out.getvalue(), "due.xlsx")["Location"]))
    assert of_kinds(page) == {"New": 1}
    assert "1 row without a value left out." in page.main


def test_due_list_leaves_out_what_is_handed_in(desk, officer):
    hand_in(make_line(measure="AA1", year=2024, value=54), by=officer, now=NOW)
    rows = list(csv.DictReader(io.StringIO(desk.get("/desk/paste/due.csv").content.decode())))
    assert [row["measure"] for row in rows] == ["BB1"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_taking_the_due_list_away_is_on_the_record(desk, officer, kind):
    answer = desk.get(f"/desk/paste/due.{kind}")
    assert answer["Content-Disposition"] == f'attachment; filename="values-due-2026-12-01.{kind}"'
    entry = Entry.objects.of_action(Action.EXPORTED).get()
    assert (entry.by, entry.what, entry.address) == (
        officer, f"Took away values-due-2026-12-01.{kind}.", f"/desk/paste/due.{kind}",
    )  # fmt: skip


def test_due_list_of_another_kind_is_not_there(desk):
    answer = desk.get("/desk/paste/due.pdf")
    assert answer.status_code == 404
    assert "due.csv" in Page(answer).main


# --- the difference ---


@pytest.fixture
def address(desk):
    return pasted(desk, *ALL)


def test_page_tells_new_changed_doubtful_refused_and_same_apart(desk, address):
    page = Page(desk.get(address))
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert counts(page) == {"New": 1, "Changed": 1, "Warned of": 1, "Refused": 2, "Same": 1}
    assert ticked(page) == [5, 4, 2]


def test_new_row_is_shown_with_how_it_moves(desk, address):
    [row] = Page(desk.get(address)).rows(Page(desk.get(address)).section("New 1"))
    assert row[1:3] == ["2", "Anytown, 2024 AA1: People in good jobs"]
    assert row[3].startswith("54.0%")
    assert row[4] == "Up 1.0 percentage points from 53.0% in 2023."


def test_changed_row_is_shown_beside_what_is_published(desk, address):
    page = Page(desk.get(address))
    [row] = page.rows(page.section("Changed 1"))
    assert row[3].startswith("51.0%") and row[4].startswith("51.5% revised")
    assert row[5] == "Up 0.5 percentage points. Also changed: shorthand, source link and release used."


def test_doubtful_row_says_why_and_asks(desk, address):
    page = Page(desk.get(address))
    said = words(page.section("Warned of 1"))
    assert "£900.0 is 82 times larger than the last value, £11.0 in 2023." in said
    assert page.one("textarea", name="reason-5").get("aria-describedby") == "said-5"


def test_refused_rows_say_where_what_and_what_to_do(desk, address):
    page = Page(desk.get(address))
    first, second = page.rows(page.section("Refused 2"))
    assert first == ["Row 6", "Value", "“many” is not a number.",
                     "Write it in digits, with a point for decimals: 1234.5."]  # fmt: skip
    assert second[:2] == ["Row 7", "Measure code"]
    assert second[2] == "People in good jobs (CC1) is not one of your measures: nobody looks after it yet."


def test_row_with_two_faults_is_one_row(desk):
    page = Page(desk.get(pasted(desk, ("AA1", "soon", "many", RELEASED), NEW)))
    assert counts(page)["Refused"] == 1
    assert "2 problems in 1 row." in page.main


def test_refused_row_of_another_officer_names_them(desk):
    Measure.objects.get(code="CC1").officers.add(create_person(role=Role.OFFICER, name="Cam Colleague"))
    page = Page(desk.get(pasted(desk, NOT_OWN)))
    assert "is not one of your measures: Cam Colleague looks after it." in page.main
    assert "None of these rows can be taken" in page.main


def test_page_tells_what_the_public_would_see_of_each_outcome(desk, address):
    page = Page(desk.get(address))
    told = {row[0]: row[1:] for row in page.rows(page.all("table", class_="stacked differences")[0])}
    assert told["Latest value"] == ["53.0% in 2023", "54.0% in 2024"]


def test_hostile_text_is_shown_as_text(desk):
    header = f"{HEADER}\tNote"
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    address = pasted(desk, (*NEW, hostile), (*REFUSED[:2], "<b>many", RELEASED, ""), header=header)
    page = Page(desk.get(address))
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert hostile in page.main and "“<b>many” is not a number." in page.main
    assert not page.all("img") and "<script>alert" not in page.html


def test_hostile_name_of_a_file_is_shown_as_text(desk):
    page = Page(desk.get(uploaded(desk, table(NEW).encode(), "<b>.csv")["Location"]))
    assert "<b>.csv" in page.main


def test_columns_that_the_cells_do_not_have_take_nothing_away(desk):
    create_observation(measure="AA1", year=2019, value=49, lower=48, upper=50, markers="[p]", note="As first published")
    page = Page(desk.get(pasted(desk, ("AA1", 2019, 49), header="Measure code\tPeriod\tValue", released="1/3/2026")))
    assert of_kinds(page) == {"Same": 1}


def test_shorthand_beside_a_value_is_no_column_and_is_taken_all_the_same(desk):
    create_observation(measure="AA1", year=2019, value=49, markers="[p]", retrieved_on=date(2026, 5, 1))
    page = Page(
        desk.get(pasted(desk, ("AA1", 2019, "49 [r]"), header="Measure code\tPeriod\tValue", released="1/5/2026"))
    )
    assert of_kinds(page) == {"Changed": 1}


def test_columns_that_the_cells_have_empty_do(desk):
    create_observation(measure="AA1", year=2019, value=49, markers="[p]", retrieved_on=date(2026, 5, 1))
    header = "Measure code\tPeriod\tValue\tShorthand"
    page = Page(desk.get(pasted(desk, ("AA1", 2019, 49, ""), header=header, released="1/5/2026")))
    assert counts(page)["Same"] == 0


def test_value_that_is_on_its_way_is_refused(desk, officer):
    other = create_person(role=Role.OFFICER, name="Cam Colleague")
    Measure.objects.get(code="AA1").officers.add(other)
    handed = hand_in(make_line(measure="AA1", year=2024, value=54), by=other, now=NOW)
    page = Page(desk.get(pasted(desk, NEW, CHANGED)))
    assert of_kinds(page) == {"Changed": 1, "Refused": 1}
    assert f"was handed in already, and is not published yet: submission {handed.pk}." in page.main
    assert "Cam Colleague handed in new values" in words(page.section("Others are at work on the same measures"))


def test_two_who_paste_the_same_measure_are_told(desk, client):
    pasted(desk, NEW)
    other = create_person(role=Role.OFFICER, name="Cam Colleague")
    Measure.objects.get(code="AA1").officers.add(other)
    sign_in(client, other)
    page = Page(client.get(pasted(client, CHANGED)))
    assert "AA1: Olu Officer has begun a draft" in page.main


def test_same_cells_handed_in_again_are_told_of_and_not_blocked(desk):
    send(desk, pasted(desk, NEW), "hand-in")
    page = Page(desk.get(pasted(desk, NEW)))
    assert "The very same cells came in before: Olu Officer handed them in on 1 December 2026" in page.main
    assert "waiting for approval" in page.main


# --- whose it is ---


@pytest.mark.parametrize("method", ["get", "post"])
def test_cells_of_another_are_not_shown(desk, address, client, method):
    sign_in(client, create_person(role=Role.OFFICER))
    answer = getattr(client, method)(address, {"step": "discard"})
    assert answer.status_code == 403
    assert "Nobody else sees them until they are handed in." in Page(answer).main
    assert Submission.objects.filter(state="draft").exists()


@pytest.mark.parametrize("role", [None, Role.APPROVER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["", "1/", "due.csv", "due.xlsx"])
def test_others_than_officers_are_refused(client, clock, role, method, path):
    create_place()
    sign_in(client, create_person(role=role))
    answer = getattr(client, method)(f"{ADDRESS}{path}")
    assert answer.status_code == 403
    assert "Only a measure officer may enter values" in Page(answer).main


def test_cells_that_are_gone_are_not_there(desk):
    assert desk.get(f"{ADDRESS}999/").status_code == 404


def test_cells_that_are_handed_in_lead_to_the_submission(desk):
    address = pasted(desk, NEW)
    send(desk, address, "hand-in")
    submission = Submission.objects.get()
    assert desk.get(address)["Location"] == reverse("desk:submission", args=[submission.pk])
    assert desk.post(address, {"step": "discard"})["Location"] == reverse("desk:submission", args=[submission.pk])
    submission.refresh_from_db()
    assert submission.state == "submitted"


# --- choosing ---


def test_what_is_chosen_and_said_is_kept(desk, address):
    said = {"reason-5": "A new scheme", "public_reason": "the survey was revised", "note": "Please be quick"}
    answer = send(desk, address, "check", take=[5, 2], **said)
    assert answer.status_code == 302
    page = Page(desk.get(address))
    assert ticked(page) == [5, 2]
    assert {name: page.typed()[name] for name in said} == said


def test_page_that_saves_itself_is_answered_with_how_it_stands(desk, address):
    sent = typed(Page(desk.get(address)), take=[2], step="save")
    answer = desk.post(address, sent, headers={"HX-Request": "true"})
    assert "<b>1 value</b> of 3 chosen: 1 new one, and 0 published ones replaced." in answer.content.decode()
    assert ticked(Page(desk.get(address))) == [2]


@pytest.mark.parametrize("step, left", [("take new", [2, 3, 4]), ("leave new", [4]), ("leave changed", [2])])
def test_all_rows_of_a_table_are_taken_or_left_at_once(desk, step, left):
    address = pasted(desk, NEW, ("AA1", 2025, 55, RELEASED), CHANGED)
    desk.post(address, typed(Page(desk.get(address)), take=[2, 4], step="check"))
    answer = send(desk, address, step)
    assert answer["Location"].endswith(f"#{step.split()[1]}")
    assert sorted(ticked(Page(desk.get(address)))) == left


def test_cells_that_are_pasted_again_mended_keep_what_was_said_of_the_others(desk, address):
    send(desk, address, "check", take=[5], **{"reason-5": "A new scheme", "note": "Please be quick"})
    mended = ("AA1", 2025, 55, RELEASED)
    again = pasted(desk, mended, NEW, SAME, CHANGED, DOUBTFUL)
    assert again == address
    page = Page(desk.get(address))
    assert sorted(ticked(page)) == [2, 6]
    assert (page.typed()["reason-6"], page.typed()["note"]) == ("A new scheme", "Please be quick")


def test_other_cells_in_their_place_are_not_excused_by_what_was_said_of_the_first(desk, address):
    send(desk, address, "check", take=[], reason_for_all="As published", public_reason="so", note="Please be quick")
    pasted(desk, ("BB1", 2024, 950, RELEASED), ("AA1", 2025, 5, RELEASED))
    page = Page(desk.get(address))
    assert sorted(ticked(page)) == [2, 3]
    assert not any(page.typed().get(name) for name in ("reason_for_all", "public_reason", "note"))


@pytest.mark.parametrize("step", ["hand-in", "discard"])
def test_page_of_cells_that_were_replaced_meanwhile_changes_nothing(desk, address, step):
    sent = typed(Page(desk.get(address)), take=[], step=step)
    pasted(desk, NEW)
    answer = desk.post(address, sent)
    assert answer.status_code == 409
    assert "Other cells were pasted in the place of these" in problems(answer)[0]
    assert ticked(Page(desk.get(address))) == [2]
    assert Submission.objects.get().state == "draft"


def test_discarding_leaves_nothing(desk, address):
    answer = send(desk, address, "discard")
    assert answer["Location"] == ADDRESS
    assert not Submission.objects.exists()
    assert "Discarded." in Page(desk.get(ADDRESS)).main


def test_what_is_under_way_is_found_again(desk, address):
    page = Page(desk.get(ADDRESS))
    assert page.link("Go on with them") == address


@pytest.mark.parametrize("kind", ["paste", "review"])
def test_what_was_typed_when_the_session_ended_comes_back(desk, address, officer, kind):
    sent = typed(Page(desk.get(address)), take=[2], step="hand-in", note="Please be quick")
    desk.logout()
    page, sent = (ADDRESS, {"cells": table(CHANGED)}) if kind == "paste" else (address, sent)
    assert "/accounts/login/" in desk.post(page, sent)["Location"]
    kept = desk.session["kept"]
    sign_in(desk, officer)
    session = desk.session
    session["kept"] = kept
    session.save()
    shown = Page(desk.get(page))
    if kind == "paste":
        assert "51.5 [r]" in words(shown.one("textarea", name="cells"))
    else:
        assert (ticked(shown), shown.typed()["note"]) == ([2], "Please be quick")


# --- handing in ---


def test_rows_that_are_chosen_are_handed_in(desk, officer, address):
    reasons = {"reason-5": "A new scheme", "public_reason": "the survey was revised", "note": "Please be quick"}
    answer = send(desk, address, "hand-in", **reasons)
    submission = Submission.objects.get()
    assert answer["Location"] == reverse("desk:submission", args=[submission.pk])
    assert (submission.state, submission.kind, submission.origin) == ("submitted", "correction", "paste")
    assert (submission.public_reason, submission.reason) == ("the survey was revised", "Please be quick")
    lines = {line.row: line for line in submission.lines.all()}
    assert {row: line.value for row, line in lines.items()} == {2: 54, 4: Decimal("51.5"), 5: 900}
    assert lines[5].reason == "A new scheme" and "82 times larger" in lines[5].warnings
    assert (lines[2].reason, lines[2].warnings) == ("", "")
    assert Entry.objects.of_action(Action.HANDED_IN).get().by == officer


def test_file_that_is_handed_in_is_known_by_its_name_and_checksum(desk):
    data = table(NEW).encode()
    send(desk, uploaded(desk, data, "q1.csv")["Location"], "hand-in")
    submission = Submission.objects.get()
    assert (submission.origin, submission.file_name, len(submission.checksum)) == ("file", "q1.csv", 64)


def test_nothing_is_published_by_handing_in(desk):
    send(desk, pasted(desk, NEW), "hand-in")
    assert Observation.objects.current().filter(measure="AA1").count() == 4


def test_one_reason_goes_for_all_warned_rows_without_their_own(desk):
    address = pasted(desk, ("BB1", 2024, 900, RELEASED), ("BB1", 2025, 905, RELEASED), ("BB1", 2021, 0.1, RELEASED))
    page = Page(desk.get(address))
    first = page.all("ol", class_="rows warned-rows")[0].find("li").find("div").find("input").get("value")
    send(desk, address, "hand-in", reason_for_all="As published", **{f"reason-{first}": "My own"})
    reasons = {str(line.row): line.reason for line in SubmissionLine.objects.exclude(warnings="")}
    assert reasons.pop(first) == "My own"
    assert set(reasons.values()) == {"As published"}


@pytest.mark.parametrize(
    "changes, said",
    [
        pytest.param({"public_reason": "so"}, "Row 5, People in good jobs, Anytown, 2024: say why the value is right",
                     id="a warned row without a reason"),
        pytest.param({"reason-5": "so"}, "Say for readers why published figures change.", id="no reason for readers"),
        pytest.param({"take": []}, "No row is chosen.", id="nothing chosen"),
        pytest.param({"reason-5": "so", "public_reason": "so", "note": "x" * 2001},
                     "The note to the approver: keep it to 2,000 characters.", id="too long"),
    ],
)  # fmt: skip
def test_hand_in_that_lacks_something_says_what_and_keeps_the_rest(desk, address, changes, said):
    answer = send(desk, address, "hand-in", **changes)
    assert answer.status_code == 409
    page = Page(answer)
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert said in problems(answer)[0]
    kept = {name: text for name, text in changes.items() if name != "take"}
    assert {name: page.typed()[name] for name in kept} == kept
    assert Submission.objects.get().state == "draft"


def test_neither_reason_is_asked_for_rows_that_are_left_out(desk, address):
    assert send(desk, address, "hand-in", take=[2]).status_code == 302
    assert [line.row for line in Submission.objects.get().lines.all()] == [2]


def test_record_that_went_on_meanwhile_is_shown_before_anything_is_handed_in(desk):
    address = pasted(desk, NEW, ("AA1", 2025, 55, RELEASED))
    sent = typed(Page(desk.get(address)), step="hand-in")
    issue(Observation(measure_id="AA1", area_id=HOME, period_start=date(2024, 1, 1), period_duration="P1Y", value=60,
                      source_name="A survey", retrieved_on=date(2026, 5, 1)),
          key=("measure_id", "area_id", "period_start", "period_duration"))  # fmt: skip
    answer = desk.post(address, sent)
    assert answer.status_code == 409
    assert (
        "Row 2, People in good jobs, Anytown, 2024: Nothing was published when you looked, 60.0% is now."
        in problems(answer)
    )
    assert "Changed" in of_kinds(Page(answer)) or "Warned of" in of_kinds(Page(answer))
    assert Submission.objects.get().state == "draft"
    again = typed(Page(answer), step="hand-in", reason_for_all="so", public_reason="so")
    assert desk.post(address, again).status_code == 302


def test_edition_that_touches_no_row_is_no_reason_to_stop(desk):
    address = pasted(desk, NEW)
    sent = typed(Page(desk.get(address)), step="hand-in")
    issue(Observation(measure_id="CC1", area_id=HOME, period_start=date(2024, 1, 1), period_duration="P1Y", value=60,
                      source_name="A survey", retrieved_on=date(2026, 5, 1)),
          key=("measure_id", "area_id", "period_start", "period_duration"))  # fmt: skip
    assert desk.post(address, sent).status_code == 302


def test_doubts_that_other_choices_raise_are_shown_before_anything_is_handed_in(desk):
    steps = [("BB1", 2024, 60, RELEASED), ("BB1", 2025, 400, RELEASED)]
    address = pasted(desk, *steps)
    sent = typed(Page(desk.get(address)), take=[3], step="hand-in", reason_for_all="As published")
    answer = desk.post(address, sent)
    assert answer.status_code == 409
    assert "is doubtful now" in problems(answer)[0]
    assert desk.post(address, typed(Page(answer), step="hand-in")).status_code == 302


def test_doubts_are_shown_though_the_page_saved_itself_before(desk):
    address = pasted(desk, ("BB1", 2024, 60, RELEASED), ("BB1", 2025, 400, RELEASED))
    page = Page(desk.get(address))
    saved = typed(page, take=[3], step="save", reason_for_all="As published")
    desk.post(address, saved, headers={"HX-Request": "true"})
    answer = desk.post(address, saved | {"step": "hand-in"})
    assert answer.status_code == 409
    assert "is doubtful now" in problems(answer)[0]


def test_value_that_somebody_handed_in_meanwhile_is_told_of(desk):
    address = pasted(desk, NEW, CHANGED)
    sent = typed(Page(desk.get(address)), step="hand-in", public_reason="so")
    other = create_person(role=Role.OFFICER, name="Cam Colleague")
    hand_in(make_line(measure="AA1", year=2024, value=54), by=other, now=NOW)
    answer = desk.post(address, sent)
    assert answer.status_code == 409
    assert "2 of your rows could be taken when you opened this page, 1 can now." in problems(answer)[0]
    assert desk.post(address, typed(Page(answer), step="hand-in")).status_code == 302
    assert [line.row for line in Submission.objects.get(origin="paste").lines.all()] == [3]


def test_submission_that_is_sent_back_is_gone_on_with(desk, officer):
    address = pasted(desk, NEW, CHANGED)
    send(desk, address, "hand-in", take=[2])
    submission = Submission.objects.get()
    submissions.send_back(submission, by=create_approver(), now=NOW, note="Which survey?")
    submissions.reopen(submission, by=officer, now=NOW)
    page = Page(desk.get(address))
    assert "Which survey?" in page.main
    assert ticked(page) == [2]


# --- many rows ---


def places(number):
    for i in range(number):
        create_observation(measure="AA1", area=f"E07{i:06}", year=2023, value=50)
    header = f"{HEADER}\tArea code"
    return [("AA1", 2024, 51, RELEASED, f"E07{i:06}") for i in range(number)], header


def test_tables_of_many_rows_have_pages_that_are_turned_without_losing_choices(desk):
    rows, header = places(150)
    address = pasted(desk, *rows, header=header)
    page = Page(desk.get(address))
    assert counts(page)["New"] == 150
    assert len(ticked(page)) == 100
    answer = desk.post(address, typed(page, take=ticked(page)[1:], step="turn new 2"))
    assert answer["Location"] == f"{address}?new=2#new"
    second = Page(desk.get(answer["Location"]))
    assert len(ticked(second)) == 50
    answer = desk.post(f"{address}?new=2", typed(second, take=ticked(second)[1:], step="turn new 1"))
    assert ticked(Page(desk.get(answer["Location"]))) == ticked(page)[1:]
    send(desk, address, "hand-in")
    assert Submission.objects.get().lines.count() == 148


def test_box_takes_as_much_as_a_file_may_hold(desk):
    rows = [(*NEW, "x" * 50_000)] + [("AA1", 1900 + i, "", "", "x" * 50_000) for i in range(60)]
    page = Page(desk.get(pasted(desk, *rows, header=f"{HEADER}\tComments")))
    assert counts(page)["New"] == 1


def test_queries_do_not_grow_with_the_rows(desk, django_assert_max_num_queries):
    rows, header = places(40)
    few = pasted(desk, *rows[:10], header=header)
    with CaptureQueriesContext(connection) as of_few:
        desk.get(few)
    allowed = len(of_few)
    lots = pasted(desk, *rows, header=header)
    with django_assert_max_num_queries(allowed):
        desk.get(lots)
    assert allowed <= 25


def test_five_thousand_rows_take_seconds(desk):
    """Of the processor's time, as the machine may be busy with other things; it is about two."""
    rows, header = places(20)
    years = [(code, 1700 + i, value, RELEASED, area) for i in range(250) for code, _, value, _, area in rows]
    started = time.process_time()
    page = Page(desk.get(pasted(desk, *years, header=header)))
    assert time.process_time() - started < 10
    assert sum(counts(page).values()) == 5000
