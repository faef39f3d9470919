"""A published value is revised or withdrawn, with a reason that readers see; the old one stays in the record."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages

from luton2040.roles import Role
from outcomes import submissions
from outcomes.models import Measure, Observation, Revision, Submission, SubmissionLine
from tests.factories import (
    COUNTRY,
    HOME,
    create_outcome,
    create_person,
    create_place,
    hand_in,
    make_line,
    make_row,
    sign_in,
)
from tests.reading import CHECKS, Page
from tests.record import NOW, issue

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
AS_PUBLISHED = {"value": "54.2", "markers": "[]", "retrieved_on": "1/3/2026"}
WHY = "the survey was weighted anew"


@pytest.fixture
def officer():
    return create_person(role=Role.OFFICER, name="Olu Officer", email="olu@example.org")


@pytest.fixture
def desk(client, clock, officer):
    create_place()
    create_outcome(
        values={2020: 50, 2021: "51.5", 2022: 53, 2023: "54.2"},
        comparators={COUNTRY: {2023: 61}},
        baseline=2020,
        target=(2040, 70),
        short_label="Good jobs",
        natural_min=0,
        natural_max=100,
        tolerance="0.5",
    )
    create_outcome(code="BB2", position=2, values={2023: 10})
    officer.measures.add(Measure.objects.get(code="AA1"))
    sign_in(client, officer)
    return client


def value(year=2023, *, area=HOME, measure="AA1"):
    return Observation.objects.current().get(measure=measure, area=area, period_start=date(year, 1, 1))


def address(published=None):
    return f"/desk/measures/aa1/correct/{(published or value()).pk}/"


def sent(desk, step, published=None, **changes):
    where = address(published)
    return desk.post(where, Page(desk.get(where)).typed(step=step, **changes))


def approve(submission):
    return submissions.approve(submission, by=create_person(role=Role.APPROVER), now=NOW, summary="A correction")


# --- the page ---


def test_page_shows_the_published_value_and_offers_to_change_it(desk):
    page = Page(desk.get(address()))
    typed = page.typed()
    assert typed["value"] == "54.2" and typed["markers"] == "[r]" and typed["change"] == "revise"
    assert typed["retrieved_on"] == "1/3/2026" and typed["public_reason"] == ""
    assert "Good jobs, 2023" in page.headings
    assert "Published54.2%" in page.main and "edition 1" in page.main and "release of 1 March 2026" in page.main
    assert [fault for check in CHECKS for fault in check(page)] == []


def test_page_names_a_place_that_is_not_the_own_one(desk):
    assert "PlaceThe Country" in Page(desk.get(address(value(area=COUNTRY)))).main
    assert "PlaceAnytown" not in Page(desk.get(address())).main


def test_value_is_shown_as_it_would_be_typed(desk):
    issue(
        make_row(year=2022, value="100"),
        make_row(year=2021, value="51.5", lower=Decimal("50.000000"), upper=Decimal("60")),
    )
    assert Page(desk.get(address(value(2022)))).typed()["value"] == "100"
    typed = Page(desk.get(address(value(2021)))).typed()
    assert (typed["value"], typed["lower"], typed["upper"]) == ("51.5", "50", "60")


@pytest.mark.parametrize(
    "where, status",
    [
        pytest.param("/desk/measures/aa1/correct/999999/", 404, id="no such value"),
        pytest.param("/desk/measures/zz9/correct/1/", 404, id="no such measure"),
    ],
)
def test_what_is_not_there_is_not_found(desk, where, status):
    assert desk.get(where).status_code == status


def test_value_of_another_measure_is_not_found_under_this_one(desk):
    assert desk.get(f"/desk/measures/aa1/correct/{value(measure='BB2').pk}/").status_code == 404


def test_value_of_others_is_refused(desk):
    answer = desk.post(f"/desk/measures/bb2/correct/{value(measure='BB2').pk}/", {"value": "9", "step": "hand-in"})
    assert answer.status_code == 403 and "is not one of your measures" in Page(answer).main
    assert not Submission.objects.exists()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR])
def test_only_officers_correct(desk, role):
    sign_in(desk, create_person(role=role))
    assert desk.get(address()).status_code == 403


# --- checked ---


def test_check_shows_the_very_sentence_that_readers_will_see(desk):
    page = Page(sent(desk, "check", value="54.4", public_reason=WHY))
    told = "2023: was 54.2%, revised to 54.4% on 1 December 2026 because the survey was weighted anew."
    assert f"Beside the figure, with the day on which it is published: “{told}”" in page.main
    assert "People in good jobs: 54.4% (revised) in Anytown in 2023." in page.main
    assert "Nothing is wrong with it." in page.main


def test_sentence_leaves_room_for_a_reason_not_typed_yet(desk):
    page = Page(sent(desk, "check", value="54.4", public_reason=""))
    assert "2023: was 54.2%, revised to 54.4% on 1 December 2026 because …" in page.main
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert value().value == Decimal("54.2")


@pytest.mark.parametrize(
    "typed, words",
    [
        pytest.param({"public_reason": ""}, "Why it changes, for readers: This is needed.", id="no public reason"),
        pytest.param(AS_PUBLISHED, "This is what is published already.", id="nothing changed"),
        pytest.param({"value": ""}, "Value: This is needed.", id="no value"),
        pytest.param({"value": "154"}, "is outside what the measure can be", id="beyond limits"),
        pytest.param({"lower": "50"}, "Only one of the two limits is given.", id="one limit"),
        pytest.param({"change": "erase"}, "Select a valid choice.", id="no such change"),
    ],
)  # fmt: skip
def test_fault_keeps_it_from_being_handed_in(desk, typed, words):
    where = address()
    filled = Page(desk.get(where)).typed(step="hand-in", **{"value": "54.4", "public_reason": WHY} | typed)
    page = Page(desk.post(where, {name: text for name, text in filled.items() if text != "[]"}))
    assert words in page.main and not SubmissionLine.objects.exists()


@pytest.mark.parametrize(
    "typed, words",
    [
        pytest.param({"value": "52.1"}, "54.2% was a rise from 53.0%", id="wrong direction"),
        pytest.param({"value": "59"}, "It moves the published value, 54.2%, by 4.8 percentage points.", id="far"),
        pytest.param({"value": "5.42"}, "Is the decimal point in the right place?", id="magnitude"),
        pytest.param({"value": "54.41"}, "No value of the series has more than 1.", id="decimals"),
    ],
)
def test_warning_of_a_revision_wants_a_reason(desk, typed, words):
    page = Page(sent(desk, "hand-in", public_reason=WHY, **typed))
    assert words in page.main and not SubmissionLine.objects.exists()
    assert sent(desk, "hand-in", reason="Checked by phone.", warned=page.typed()["warned"]).url == "/desk/"
    assert SubmissionLine.objects.get().reason == "Checked by phone."


# --- handed in, approved, read ---


def test_revision_is_handed_in_approved_and_told_to_readers(desk):
    answer = sent(desk, "hand-in", value="54.4", public_reason=WHY)
    assert answer.url == "/desk/"
    assert "Handed in: People in good jobs, 2023: 54.4%." in " ".join(map(str, get_messages(answer.wsgi_request)))
    submission = Submission.objects.get()
    assert (submission.kind, submission.state, submission.public_reason) == ("correction", "submitted", WHY)
    approve(submission)
    assert value().value == Decimal("54.4") and value().markers == "[r]"
    assert Observation.objects.at(1).get(measure="AA1", area=HOME, period_start__year=2023).value == Decimal("54.2")
    assert "was 54.2%, revised to 54.4%" in Page(desk.get("/outcomes/aa1/")).main


def test_value_is_withdrawn(desk):
    page = Page(sent(desk, "check", change="withdraw", public_reason=WHY))
    assert "54.2% was withdrawn on 1 December 2026 because" in page.main
    assert "People in good jobs: 53.0% in Anytown in 2022." in page.main
    answer = sent(desk, "hand-in")
    assert "2023: to be withdrawn" in " ".join(map(str, get_messages(answer.wsgi_request)))
    line = SubmissionLine.objects.get()
    assert line.withdraws and line.value == Decimal("54.2")
    approve(line.submission)
    assert not Observation.objects.current().filter(measure="AA1", area=HOME, period_start__year=2023).exists()
    assert Revision.objects.get().value is None


def test_withdrawing_minds_no_fault_of_figures_and_still_wants_the_reason(desk):
    page = Page(sent(desk, "hand-in", change="withdraw", value="what?", public_reason=""))
    assert "Why it changes, for readers: This is needed." in page.main and "“what?” is not a number" not in page.main
    assert sent(desk, "hand-in", change="withdraw", value="what?", public_reason=WHY).url == "/desk/"


def test_source_or_note_alone_may_be_corrected(desk):
    sent(desk, "hand-in", note="Ages 16 to 64.", public_reason="a note was missing")
    line = SubmissionLine.objects.get()
    assert line.value == Decimal("54.2") and line.note == "Ages 16 to 64."


def test_correction_that_another_has_handed_in_is_refused(desk):
    other = create_person(role=Role.OFFICER, name="Ana Other")
    hand_in(make_line(year=2023, value="54.9"), by=other, now=NOW, public_reason="a reason")
    page = Page(sent(desk, "hand-in", value="54.4", public_reason=WHY))
    assert "Not handed in" in page.headings and "Ana Other handed in the same" in page.main
    assert page.typed()["public_reason"] == WHY


# --- corrected meanwhile ---


def test_value_corrected_meanwhile_leads_to_the_newer_one_with_what_was_typed(desk):
    old, typed = value(), Page(desk.get(address())).typed(value="54.4", public_reason=WHY, step="hand-in")
    issue(make_row(year=2023, value="54.9"), summary="Somebody else's")
    answer = desk.post(address(old), typed)
    page = Page(answer)
    assert answer.status_code == 409 and "This value is not the published one any more" in page.headings
    assert "54.2% was published until edition 1. Since then it is 54.9%." in page.main
    newer = page.link("Go on with the newer value")
    assert newer == address(value()) and newer != address(old)
    shown = Page(desk.get(newer))
    assert shown.typed()["value"] == "54.4" and shown.typed()["public_reason"] == WHY
    assert "Published54.9%" in shown.main
    assert not SubmissionLine.objects.filter(submission__kind="correction").exists()


def test_value_corrected_meanwhile_is_told_as_it_is_typed(desk):
    old, typed = value(), Page(desk.get(address())).typed(value="54.4", step="save")
    issue(make_row(year=2023, value="54.9"), summary="Somebody else's")
    answer = desk.post(address(old), typed, headers=HTMX)
    assert answer.status_code == 409 and "<html" not in answer.content.decode()
    assert "This value was corrected meanwhile. What you typed is kept" in answer.content.decode()
    assert Submission.objects.get(state="draft").typed["value"] == ["54.4"]


def test_value_withdrawn_meanwhile_is_told(desk):
    old = value()
    approve(hand_in(make_line(year=2023, withdraws=True), now=NOW, public_reason="it was wrong"))
    page = Page(desk.get(address(old)))
    assert "Since then there is no value for this period: it was withdrawn." in page.main
    assert "/desk/measures/aa1/" in page.links


# --- drafts ---


def test_correction_keeps_itself_apart_from_other_drafts(desk):
    sent(desk, "check", value="54.4")
    sent(desk, "check", value(2022), value="53.3")
    assert sorted(Submission.objects.values_list("topic", flat=True)) == [
        f"correction AA1 {HOME} 2022-01-01/P1Y",
        f"correction AA1 {HOME} 2023-01-01/P1Y",
    ]
    assert Page(desk.get(address(value(2022)))).typed()["value"] == "53.3"


def test_autosave_answers_with_the_sentence_for_readers(desk):
    typed = Page(desk.get(address())).typed(value="54.4", public_reason=WHY, step="save")
    answer = desk.post(address(), typed, headers=HTMX).content.decode()
    assert "was 54.2%, revised to 54.4%" in answer and "Draft saved at 09:30" in answer


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "a\x00b", "{{ 1|add:1 }}"])
def test_hostile_reason_is_shown_as_text(desk, typed):
    answer = sent(desk, "check", value="54.4", public_reason=typed)
    assert answer.status_code == 200 and b"<script>alert" not in answer.content
