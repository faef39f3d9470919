"""Targets and milestones change as values do: checked, previewed, approved by another, and agreed by somebody."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from luton2040.editions import Edition
from luton2040.roles import Role
from outcomes import submissions
from outcomes.models import Measure, MeasureVersion, Milestone, Submission
from tests.factories import create_outcome, create_person, create_place, hand_in, make_point, sign_in
from tests.reading import CHECKS, Page
from tests.record import TODAY

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/measures/aa1/targets/"


@pytest.fixture
def officer():
    return create_person(role=Role.OFFICER, name="Olu Officer")


@pytest.fixture
def desk(client, clock, officer):
    create_place()
    create_outcome(
        values={2020: 50, 2022: 52, 2024: 55}, baseline=2020, milestones={2030: 60}, target=(2040, 70),
        decimals=0, natural_min=0, natural_max=100,
    )  # fmt: skip
    create_outcome(code="BB1", position=2, values={2020: 1})
    Measure.objects.get(code="AA1").officers.add(officer)
    sign_in(client, officer)
    return client


def sent(desk, step, **changes):
    """The page's own form, changed, as it is answered."""
    agreed = {"agreed_by": "A board", "agreed_on": str(TODAY), "step": step}
    return desk.post(ADDRESS, Page(desk.get(ADDRESS)).typed(**agreed | changes))


def approved(submission):
    approver = create_person(role=Role.APPROVER)
    return submissions.approve(submission, by=approver, now=submission.saved_at, summary="New target")


def path(edition=None):
    points = Milestone.objects.filter(measure="AA1")
    points = points.at(edition) if edition else points.current()
    return {(p.kind, p.due_on.year): p.value for p in points}


WAS = {("baseline", 2020): None, ("milestone", 2030): 60, ("target", 2040): 70}


def test_page_shows_the_path_as_it_is(desk):
    page = Page(desk.get(ADDRESS))
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert "maxlength" not in page.html, "what is too long is refused in words, not cut off"
    assert page.typed()["baseline"] == "2020-01-01"
    shown = page.typed()
    assert [shown[f"p-{n}-value"] for n in range(4)] == ["60", "70", "", ""]
    assert [shown[f"p-{n}-due_on"] for n in range(2)] == ["2030-12-31", "2040-12-31"]


def test_address_is_reversible_and_has_no_upper_case():
    assert reverse("desk:targets", args=["aa1"]) == ADDRESS


def test_check_previews_and_changes_nothing(desk):
    page = Page(sent(desk, "check", **{"p-1-value": "80"}))
    assert "As the public would see it" in page.headings
    assert "70% or more by the end of 2040" in page.main and "80% or more by the end of 2040" in page.main
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert path() == WAS and Edition.objects.count() == 1
    assert Submission.objects.get().state == "draft"


def test_new_target_goes_by_approval_into_an_edition(desk, officer):
    answer = sent(desk, "hand-in", **{"p-1-value": "80", "p-1-due_on": "2038-12-31"})
    assert answer.status_code == 302
    submission = Submission.objects.get()
    assert (submission.state, submission.kind, submission.proposed_by) == ("submitted", "targets", officer)
    assert path() == WAS
    approved(submission)
    assert path() == {("baseline", 2020): None, ("milestone", 2030): 60, ("target", 2038): 80}
    assert path(1) == WAS
    target = Milestone.objects.current().get(kind="target")
    assert (target.agreed_by, target.agreed_on) == ("A board", TODAY)
    kept = Milestone.objects.current().get(kind="milestone")
    assert kept.agreed_by == "" and kept.first_edition_id == 1, "what did not change is not said to be agreed"
    assert Edition.objects.current().kind == Edition.Kind.TARGETS


def test_milestones_are_added_and_taken_off(desk):
    more = {"p-2-kind": "milestone", "p-2-due_on": "2035-12-31", "p-2-value": "66", "p-2-standing": "published"}
    sent(desk, "hand-in", **more, **{"p-0-off": "on"})
    approved(Submission.objects.get())
    assert path() == {("baseline", 2020): None, ("milestone", 2035): 66, ("target", 2040): 70}


def test_start_of_the_path_moves_to_another_published_value(desk):
    sent(desk, "hand-in", baseline="2022-01-01")
    approved(Submission.objects.get())
    assert path() == {("baseline", 2022): None, ("milestone", 2030): 60, ("target", 2040): 70}


@pytest.mark.parametrize(
    "changes, said",
    [
        pytest.param({"p-1-value": ""}, "Fill this in too", id="no value"),
        pytest.param({"p-1-value": "lots"}, "“lots” is not a number", id="no number"),
        pytest.param({"p-1-value": "70 people"}, "is not in the unit of the measure", id="another unit"),
        pytest.param({"p-1-value": "70 [p]"}, "A point of the path has no shorthand. Leave [p] out.", id="shorthand"),
        pytest.param({"p-1-value": "1" * 16}, "no more than 15 digits", id="too many digits"),
        pytest.param({"p-1-value": "1.1234567"}, "no more than 6 decimal places", id="too many decimals"),
        pytest.param({"p-1-value": "170"}, "outside what the measure can be", id="beyond the natural limit"),
        pytest.param({"p-1-due_on": "2019-12-31"}, "is not after the start of the path", id="before the start"),
        pytest.param({"p-1-due_on": "2030-12-31"}, "Two points are due on the same day", id="same day"),
        pytest.param({"p-0-due_on": "2041-12-31"}, "is not before the target", id="milestone after the target"),
        pytest.param({"p-0-kind": "target"}, "two targets", id="two targets"),
        pytest.param({"agreed_by": ""}, "Say which board or body agreed it", id="agreed by nobody"),
        pytest.param({"agreed_on": ""}, "Give the day on which it was agreed", id="agreed on no day"),
        pytest.param({"agreed_on": "2999-01-01"}, "has not come yet", id="agreed in the future"),
        pytest.param({"agreed_by": "b" * 201}, "Keep it to 200 characters", id="long name of a board"),
        pytest.param({"p-1-basis": "Typed by hand" + "b" * 2000}, "Keep it to 2,000 characters", id="long basis"),
        pytest.param({"baseline_basis": "b" * 2001}, "Keep it to 2,000 characters", id="long reason for the start"),
        pytest.param({"reason": "b" * 2001}, "Keep it to 2,000 characters", id="long note"),
        pytest.param({"baseline": "1999-01-01"}, "not one of the available choices", id="start without a value"),
    ],
)
def test_faults_block_in_words_and_keep_what_was_typed(desk, changes, said):
    page = Page(sent(desk, "hand-in", **{"p-1-basis": "Typed by hand"} | changes))
    assert said in page.main
    assert "Typed by hand" in page.html and Submission.objects.get().state == "draft"
    assert "Typed by hand" in desk.get(ADDRESS).content.decode(), "kept as a draft"
    assert path() == WAS


@pytest.mark.parametrize(
    "changes, said",
    [
        pytest.param({"p-1-value": "40"}, "does not rise all the way", id="the worse way"),
        pytest.param({"p-0-due_on": "2025-12-31"}, "31 December 2025 has passed already", id="in the past"),
    ],
)
def test_doubts_ask_for_a_reason(desk, changes, said):
    page = Page(sent(desk, "hand-in", **changes))
    assert said in page.main and "Say why it is right" in page.main
    assert Submission.objects.get().state == "draft"
    answered = page.typed(step="hand-in", reason="The board knows.")
    assert desk.post(ADDRESS, answered).status_code == 302
    assert Submission.objects.get().reason == "The board knows."


def test_note_typed_before_the_doubts_were_shown_answers_none(desk):
    page = Page(sent(desk, "hand-in", reason="Thanks, Alex", **{"p-1-value": "40"}))
    assert "does not rise all the way" in page.main and "not the ones that you gave your reason for" in page.main
    other = Page(desk.post(ADDRESS, page.typed(step="hand-in", **{"p-0-due_on": "2025-12-31"})))
    assert "2025 has passed already" in other.main and Submission.objects.get().state == "draft"
    assert desk.post(ADDRESS, other.typed(step="hand-in")).status_code == 302


def test_value_that_changes_and_rests_on_the_same_is_doubted(desk):
    Milestone.objects.update(basis="The plan of 2020")
    page = Page(sent(desk, "hand-in", **{"p-1-value": "80"}))
    assert "The value of 31 December 2040 changes, and “what it rests on” still tells of the old one." in page.main
    changed = {"p-1-value": "80", "p-1-basis": "The plan of 2026"}
    assert sent(desk, "hand-in", **changed).status_code == 302


def another_publishes_a_milestone():
    approved(hand_in(kind="targets", points=[make_point(kind="milestone", due_on=2035, value=65)]))


@pytest.mark.parametrize("begun", [pytest.param(True, id="a draft"), pytest.param(False, id="a page left open")])
@pytest.mark.parametrize("step", ["check", "hand-in"])
def test_path_published_meanwhile_is_not_overwritten(desk, officer, step, begun):
    typed = Page(desk.get(ADDRESS)).typed(agreed_by="A board", agreed_on=str(TODAY), step="save", **{"p-1-value": "80"})
    if begun:
        desk.post(ADDRESS, typed, headers={"HX-Request": "true"})
    another_publishes_a_milestone()
    if begun:
        typed = Page(desk.get(ADDRESS)).typed()
    answer = desk.post(ADDRESS, typed | {"step": step})
    page = Page(answer)
    assert answer.status_code == 409 and "The published path has changed since this was begun." in page.main
    assert page.typed()["p-1-value"] == "80" and "Milestone of 31 December 2035" not in page.main
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert desk.post(ADDRESS, page.typed(step="hand-in")).status_code == 409, "however often it is tried"
    assert Submission.objects.get(proposed_by=officer).state == "draft"
    assert path() == WAS | {("milestone", 2035): 65}
    assert desk.post(ADDRESS, page.typed(step="discard")).status_code == 302
    assert sent(desk, "hand-in", **{"p-2-value": "80"}).status_code == 302
    handed_in = Submission.objects.get(proposed_by=officer).milestone_lines.get()
    assert (handed_in.kind, handed_in.value, handed_in.ends) == ("target", 80, False)


def test_draft_of_an_earlier_path_says_so_when_it_is_opened(desk):
    sent(desk, "check", **{"p-1-value": "80"})
    assert "The published path has changed" not in Page(desk.get(ADDRESS)).main
    another_publishes_a_milestone()
    assert "The published path has changed since this was begun." in Page(desk.get(ADDRESS)).main


def test_form_that_does_not_say_which_path_it_changes_is_refused(desk):
    typed = Page(desk.get(ADDRESS)).typed(agreed_by="A board", agreed_on=str(TODAY), step="hand-in")
    typed.pop("path")
    assert desk.post(ADDRESS, typed | {"p-1-value": "80"}).status_code == 409
    assert Submission.objects.get().state == "draft"


def more_points(page):
    """The part of the page where points are added."""
    (found,) = (e for e in page.all("details") if e.get("class") == "more-points")
    return found


@pytest.mark.parametrize(
    "changes, is_open",
    [
        pytest.param({}, False, id="unchanged"),
        pytest.param({"p-2-value": "66"}, True, id="value"),
        pytest.param({"p-3-due_on": "2035-12-31"}, True, id="day"),
        pytest.param({"p-2-basis": "b"}, True, id="basis"),
        pytest.param({"p-2-kind": "wish"}, True, id="fault"),
    ],
)
def test_further_points_stand_open_once_one_is_begun(desk, changes, is_open):
    assert "open" not in more_points(Page(desk.get(ADDRESS))).attrib
    assert ("open" in more_points(Page(sent(desk, "check", **changes))).attrib) is is_open


def test_point_of_which_no_field_was_sent_is_no_point(desk):
    shown = Page(desk.get(ADDRESS)).typed(agreed_by="A board", agreed_on=str(TODAY), step="check")
    assert desk.post(ADDRESS, {n: v for n, v in shown.items() if not n.startswith("p-3-")}).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("80%", id="with its sign"),
        pytest.param("80 per cent", id="with its unit"),
        pytest.param(" +80.0 ", id="plus and spaces"),
    ],
)
def test_value_with_its_unit_is_taken(desk, typed):
    assert sent(desk, "hand-in", **{"p-1-value": typed}).status_code == 302
    assert Submission.objects.get().milestone_lines.get().value == 80


def test_value_with_commas_between_thousands_is_taken(desk):
    MeasureVersion.objects.filter(measure="AA1").update(natural_max=None)
    assert sent(desk, "hand-in", **{"p-1-value": "1,234.5"}).status_code == 302
    assert Submission.objects.get().milestone_lines.get().value == Decimal("1234.5")


def test_nothing_changed_is_nothing_to_hand_in(desk):
    assert "There is nothing to hand in" in Page(sent(desk, "hand-in")).main
    assert Submission.objects.get().state == "draft"


def test_second_window_is_told_and_overwrites_nothing(desk):
    old = Page(desk.get(ADDRESS)).typed(agreed_by="First", agreed_on=str(TODAY), step="check")
    desk.post(ADDRESS, old)
    page = Page(desk.post(ADDRESS, old | {"agreed_by": "Second", "window": "another"}))
    assert "changed or handed in from another window" in page.main
    assert Submission.objects.get().typed["agreed_by"] == ["First"]
    assert "Second" in page.html, "what was typed is still on the page"


def test_form_saves_itself(desk):
    typed = Page(desk.get(ADDRESS)).typed(agreed_by="Half a na", step="save")
    answer = desk.post(ADDRESS, typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "Draft saved at" in answer.content.decode()
    assert 'name="saves" value="1"' in answer.content.decode()
    elsewhere = typed | {"window": "another"}
    assert desk.post(ADDRESS, elsewhere, headers={"HX-Request": "true"}).status_code == 409
    assert Page(desk.get(ADDRESS)).typed()["agreed_by"] == "Half a na"


def test_draft_can_be_discarded(desk):
    sent(desk, "check", **{"p-1-value": "80"})
    stale = Page(desk.get(ADDRESS)).typed(step="discard", window="another", saves="0")
    assert "from another window" in Page(desk.post(ADDRESS, stale)).main, "what another window saved is not lost"
    sent(desk, "discard")
    assert not Submission.objects.exists()
    assert Page(desk.get(ADDRESS)).typed()["p-1-value"] == "70"


def test_same_path_twice_on_its_way_is_refused(desk, officer):
    sent(desk, "hand-in", **{"p-1-value": "80"})
    page = Page(sent(desk, "hand-in", **{"p-1-value": "81"}))
    assert "You handed in the same" in page.main


@pytest.mark.parametrize(
    "code, status, said",
    [
        pytest.param("bb1", 403, "not one of your measures", id="another's"),
        pytest.param("zz9", 404, "There is no measure with that code", id="none"),
    ],
)
def test_measure_of_another_is_refused(desk, code, status, said):
    answer = desk.get(f"/desk/measures/{code}/targets/")
    assert answer.status_code == status
    assert said in Page(answer).main


def test_values_keep_their_digits(desk):
    sent(desk, "hand-in", **{"p-1-value": "70.125"})
    approved(Submission.objects.get())
    assert path()["target", 2040] == Decimal("70.125")
    assert Milestone.objects.current().get(kind="target").due_on == date(2040, 12, 31)
