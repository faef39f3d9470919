"""A value typed in: checked as it is typed, kept, shown as the public would see it, handed in."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luton2040.audit import Action, Entry
from luton2040.editions import Edition
from luton2040.roles import Role
from outcomes import submissions
from outcomes.models import Measure, Observation, Submission, SubmissionLine
from tests.factories import (
    COUNTRY,
    HOME,
    create_draft,
    create_observation,
    create_outcome,
    create_person,
    create_place,
    hand_in,
    make_line,
    sign_in,
)
from tests.reading import CHECKS, Page
from tests.record import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/measures/aa1/enter/"
NEXT = "/desk/measures/bb2/enter/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def officer():
    return create_person(role=Role.OFFICER, name="Olu Officer", email="olu@example.org")


@pytest.fixture
def desk(client, clock, officer):
    create_place()
    fields = {"release_lag_months": 12, "natural_min": 0, "natural_max": 100, "tolerance": "0.5"}
    create_outcome(
        values={2020: 50, 2021: "51.5", 2022: 53, 2023: "54.2"},
        comparators={COUNTRY: {2022: 60, 2023: 61}},
        baseline=2020,
        target=(2040, 70),
        short_label="Good jobs",
        **fields,
    )
    create_outcome(code="BB2", position=2, values={2023: 10}, name="Buses", short_label="Buses", **fields)
    create_outcome(code="CC3", position=3, values={2023: 10}, short_label="Not mine", **fields)
    Observation.objects.update(source_url="https://statistics.example/survey")
    officer.measures.set(Measure.objects.filter(code__in=["AA1", "BB2"]))
    sign_in(client, officer)
    return client


def form(desk, **changes):
    """What a browser would send of the page as it is now, with the release and some fields typed over."""
    return Page(desk.get(ADDRESS)).typed(**{"retrieved_on": "1/12/2026"} | changes)


def sent(desk, step, **changes):
    return desk.post(ADDRESS, form(desk, step=step, **changes))


def autosaved(desk, typed, **changes):
    return desk.post(ADDRESS, typed | {"step": "save"} | changes, headers=HTMX)


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def draft():
    return Submission.objects.get(state="draft")


# --- the page ---


def test_page_is_filled_in_for_the_next_value(desk):
    page = Page(desk.get(ADDRESS))
    typed = page.typed()
    assert typed["period"] == "2024" and typed["value"] == "" and typed["area"] == HOME
    assert typed["retrieved_on"] == "", "nobody publishes a day that was only put there"
    assert (typed["source_name"], typed["source_url"]) == ("A survey", "https://statistics.example/survey")
    assert "2024 was expected by about December 2025" in page.main
    assert "Per cent of people aged 16 to 64. The latest: 54.2% in 2023." in page.main
    assert "https://statistics.example/survey" in page.links
    assert "As the public sees it now" in page.headings
    assert page.one("input", name="value").get("autofocus") is not None


def test_page_is_sound_before_and_after_a_check(desk):
    for response in (desk.get(ADDRESS), sent(desk, "check"), sent(desk, "check", value="5.5")):
        assert [fault for check in CHECKS for fault in check(Page(response))] == []


def test_opening_the_page_begins_no_draft(desk):
    desk.get(ADDRESS)
    assert not Submission.objects.exists()


def test_measure_without_a_value_has_no_period_to_offer(desk, officer):
    create_outcome(code="DD4", position=4)
    officer.measures.add("DD4")
    page = Page(desk.get("/desk/measures/dd4/enter/"))
    assert page.typed()["period"] == "" and "No value yet" in page.main


def test_limits_are_asked_for_at_once_where_the_series_has_them(desk):
    create_observation(measure="BB2", year=2022, value=9, lower=8, upper=10)
    folded = Page(desk.get(ADDRESS)).one("details")
    assert folded.find(".//input[@name='lower']") is not None
    shown = Page(desk.get(NEXT))
    assert shown.one("details").find(".//input[@name='lower']") is None and shown.one("input", name="lower") is not None


# --- who may ---


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "others, why",
    [
        pytest.param(["Ana Other", "Bea Another"], "It is looked after by Ana Other, Bea Another.", id="others'"),
        pytest.param([], "Nobody looks after it yet.", id="nobody's"),
    ],
)
def test_measure_of_others_is_refused_with_its_officers_names(desk, method, others, why):
    for name in others:
        Measure.objects.get(code="CC3").officers.add(create_person(role=Role.OFFICER, name=name))
    answer = getattr(desk, method)("/desk/measures/cc3/enter/", {"value": "5"})
    assert answer.status_code == 403
    assert why in Page(answer).main and "An administrator can change that." in Page(answer).main
    assert Entry.objects.of_action(Action.DENIED).exists() and not Submission.objects.exists()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR, None])
def test_only_officers_enter_values(desk, role):
    person = create_person(role=role)
    person.measures.add("AA1")
    sign_in(desk, person)
    assert desk.get(ADDRESS).status_code == 403


def test_unknown_measure_is_not_found(desk):
    assert desk.get("/desk/measures/zz9/enter/").status_code == 404


# --- checked ---


def test_check_shows_what_the_public_would_see_and_changes_nothing(desk):
    page = Page(sent(desk, "check", value="55.1"))
    assert "Nothing is wrong with it." in page.main and "As the public would see it" in page.headings
    assert "People in good jobs: 55.1% in Anytown in 2024." in page.main
    assert "Latest value54.2% in 2023 55.1% in 2024" in page.main
    assert "On track" in page.main and len(page.all("svg", role="img")) == 2
    assert Observation.objects.filter(measure="AA1", area=HOME).count() == 4
    assert draft().typed["value"] == ["55.1"]


@pytest.mark.parametrize(
    "field, typed, words",
    [
        pytest.param("value", "", "Value: This is needed. Fill it in.", id="no value"),
        pytest.param("value", "many", "“many” is not a number.", id="words"),
        pytest.param("value", "1,2", "can be read in more than one way", id="comma"),
        pytest.param("value", "£55", "is not in the unit of the measure", id="other unit"),
        pytest.param(
            "value",
            "155",
            "“155” is outside what the measure can be, which is at most 100%.",
            id="beyond natural limits",
        ),
        pytest.param(
            "value", "-1", "“-1” is outside what the measure can be, which is at least 0%.", id="below natural limits"
        ),
        pytest.param("value", "5" * 30, "is not a number that can be stored", id="too many digits"),
        pytest.param("lower", "54", "Only one of the two limits is given.", id="one limit"),
        pytest.param("period", "", "Period: This is needed. Fill it in.", id="no period"),
        pytest.param("period", "the year after next", "is not a period that can be read", id="no such period"),
        pytest.param("period", "2023", "A value for 2023 is published already: 54.2%.", id="duplicate period"),
        pytest.param("period", "2027", "The period ends after its release", id="future period"),
        pytest.param("retrieved_on", "", "Release used: This is needed.", id="no release"),
        pytest.param("retrieved_on", "30/30/2026", "30/30/2026", id="no day"),
        pytest.param("retrieved_on", "2/12/2026", "has not come yet", id="release to come"),
        pytest.param("source_name", "", "Source: This is needed. Fill it in.", id="no source"),
        pytest.param("source_name", "S" * 251, "is too long", id="long source"),
        pytest.param("source_url", "javascript:alert(1)", "is not a web address", id="not a link"),
        pytest.param("note", "n" * 2001, "Keep it to 2,000 characters.", id="long note"),
        pytest.param("area", "E00000000", "Select a valid choice.", id="no such place"),
        pytest.param("markers", "[q]", "Select a valid choice.", id="no such marker"),
    ],
)
def test_fault_is_told_in_words_beside_its_field_and_keeps_it_from_being_handed_in(desk, field, typed, words):
    page = Page(sent(desk, "hand-in", **{"value": "55.1", field: typed}))
    assert words in page.main
    assert f"#id_{field}" in "".join(page.links)
    assert words.split(": ")[-1] in " ".join(page.one("div", id=f"id_{field}_said").itertext())
    assert typed in (page.typed().get(field, ""), "E00000000", "[q]")
    assert draft().typed[field] == [typed] and not SubmissionLine.objects.exists()


WARNED = [
    pytest.param({"value": "5.51"}, "Is the decimal point in the right place?", id="magnitude"),
    pytest.param({"value": "0.551"}, "a share typed as a fraction", id="unit"),
    pytest.param({"value": "64"}, "From one value to the next the series has never changed by more than", id="jump"),
    pytest.param({"value": "55.12"}, "No value of the series has more than 1.", id="decimals"),
    pytest.param({"value": "55.1", "period": "2025"}, "1 period is missing between 2023 and this one.", id="gap"),
    pytest.param({"value": "50", "period": "2018"}, "is older than the newest value", id="older"),
    pytest.param({"value": "55.1", "markers": "[r]"}, "no value for its period is published", id="marked revised"),
    pytest.param({"value": "55.1", "source_name": "A rumour"}, "The source is not the measure’s own", id="source"),
    pytest.param({"value": "55.1", "lower": "54", "upper": "56"}, "No other of the series has them.", id="limits"),
    pytest.param({"value": "55.1", "retrieved_on": "1/2/2026"}, "is earlier than that of the value", id="release"),
]


@pytest.mark.parametrize("typed, words", WARNED)
def test_warning_asks_why_the_value_is_right_all_the_same(desk, typed, words):
    page = Page(sent(desk, "hand-in", **typed))
    assert words in page.main and "Is this right?" in page.headings
    assert "Say why it is right all the same, or change it." in page.main
    assert not SubmissionLine.objects.exists()
    answer = sent(desk, "hand-in", **typed, reason="The survey was redrawn.", warned=page.typed()["warned"])
    assert answer.url == "/desk/"
    line = SubmissionLine.objects.get()
    assert words in line.warnings and line.reason == "The survey was redrawn."


def test_reason_answers_the_warnings_that_were_shown_and_no_others(desk):
    warned = Page(sent(desk, "check", value="55.12")).typed()["warned"]
    page = Page(sent(desk, "hand-in", value="5.512", reason="Two decimals from now on.", warned=warned))
    assert "The warnings are not the ones that you gave your reason for." in page.main
    assert not SubmissionLine.objects.exists()
    answer = sent(desk, "hand-in", reason="Two decimals from now on.", warned=page.typed()["warned"])
    assert answer.status_code == 302


def test_reason_of_a_warning_that_has_gone_is_not_handed_in(desk):
    sent(desk, "check", value="5.51", reason="So it is.")
    sent(desk, "hand-in", value="55.1")
    line = SubmissionLine.objects.get()
    assert line.reason == "" and line.warnings == ""


def test_period_that_is_published_leads_to_its_correction(desk):
    published = Observation.objects.get(measure="AA1", area=HOME, period_start=date(2023, 1, 1))
    page = Page(sent(desk, "check", value="55", period="2023"))
    assert page.link("Correct the published value") == f"/desk/measures/aa1/correct/{published.pk}/"


# --- handed in ---


def test_value_is_handed_in_without_a_script(desk, officer):
    typed = form(desk, value="55.1%", note="A new wave.", remark="Look at the wave.", markers="[p]", step="hand-in")
    answer = desk.post(ADDRESS, typed)
    assert answer.url == "/desk/"
    assert "Handed in: People in good jobs, 2024: 55.1%. It is public once somebody else" in said(answer)
    submission = Submission.objects.get()
    assert (submission.state, submission.kind, submission.proposed_by) == ("submitted", "values", officer)
    assert submission.reason == "Look at the wave."
    line = submission.lines.get()
    assert (line.measure_id, line.area_id, line.period_start, line.period_duration) == (
        "AA1", HOME, date(2024, 1, 1), "P1Y",
    )  # fmt: skip
    assert (line.value, line.markers, line.note) == (Decimal("55.1"), "[p]", "A new wave.")
    assert (line.source_name, line.source_url) == ("A survey", "https://statistics.example/survey")
    assert line.retrieved_on == date(2026, 12, 1)


def test_handed_in_value_becomes_public_once_it_is_approved(desk):
    sent(desk, "hand-in", value="55.1", markers="[p]")
    submission = Submission.objects.get()
    submissions.approve(submission, by=create_person(role=Role.APPROVER), now=NOW, summary="A new value")
    page = Page(desk.get("/outcomes/aa1/"))
    assert "55.1% (provisional) in Anytown in 2024" in page.main


def test_several_markers_and_shorthand_behind_the_number_are_taken(desk):
    desk.post(ADDRESS, form(desk, value="55.1 [p]", step="hand-in") | {"markers": ["[e]", "[u]"]})
    assert SubmissionLine.objects.get().markers == "[p][e][u]"


def test_value_of_another_place(desk):
    sent(desk, "hand-in", value="62", area=COUNTRY, period="2024")
    assert SubmissionLine.objects.get().area_id == COUNTRY


def test_hand_in_and_next_goes_to_the_next_that_is_due(desk):
    page = Page(desk.get(ADDRESS))
    assert "The next due: Buses." in page.main
    answer = sent(desk, "next", value="55.1")
    assert answer.url == NEXT
    assert "Handed in" in Page(desk.get(answer.url)).main


def test_hand_in_and_next_stays_with_a_measure_that_is_further_behind(desk):
    measure = Measure.objects.get(code="AA1")
    Observation.objects.filter(measure=measure, period_start__year=2023).delete()
    answer = sent(desk, "next", value="54.2")
    assert answer.url == ADDRESS and form(desk)["period"] == "2024"


def test_hand_in_and_next_ends_on_the_desk(desk, officer):
    officer.measures.remove("BB2")
    assert "The next due" not in Page(desk.get(ADDRESS)).main
    assert sent(desk, "next", value="55.1").url == "/desk/"


def test_what_is_handed_in_is_shown_and_the_period_after_it_offered(desk, officer):
    submission = hand_in(make_line(year=2024, value="55.1"), by=officer, now=NOW)
    page = Page(desk.get(ADDRESS))
    assert "55.1% for 2024 is handed in: waiting for approval." in page.main
    assert page.link("Look at it") == f"/desk/submissions/{submission.pk}/"
    assert page.typed()["period"] == "2025"


def test_value_that_another_has_handed_in_is_refused_with_their_name(desk):
    other = create_person(role=Role.OFFICER, name="Ana Other")
    hand_in(make_line(year=2024), by=other, now=NOW)
    answer = sent(desk, "hand-in", value="55.1", period="2024")
    page = Page(answer)
    assert answer.status_code == 409 and "Not handed in" in page.headings
    assert "Ana Other handed in the same on 1 December 2026" in page.main
    assert page.typed()["value"] == "55.1" and draft().typed["value"] == ["55.1"]


def test_others_at_work_are_told(desk):
    create_draft(by=create_person(role=Role.OFFICER, name="Ana Other"), typed={"value": ["1"]}, now=NOW)
    assert "Ana Other has begun a draft of new values" in Page(desk.get(ADDRESS)).main


# --- drafts ---


def test_draft_is_shown_as_it_was_typed_with_its_faults(desk):
    sent(desk, "check", value="fifty", period="20 24", note="Half a not")
    page = Page(desk.get(ADDRESS))
    typed = page.typed()
    assert (typed["value"], typed["period"], typed["note"]) == ("fifty", "20 24", "Half a not")
    assert "“fifty” is not a number." in page.main and "Draft saved at 09:30" in page.main
    assert "This is needed" not in page.main


def test_draft_of_somebody_else_is_not_shown(desk):
    create_draft(by=create_person(role=Role.OFFICER), typed={"value": ["13"]}, now=NOW)
    assert form(desk)["value"] == ""


def test_save_and_leave(desk):
    answer = sent(desk, "leave", value="fif")
    assert answer.url == "/desk/" and "Draft saved at 09:30" in said(answer)
    assert form(desk)["value"] == "fif"


def test_discard(desk):
    sent(desk, "check", value="55")
    answer = sent(desk, "discard")
    assert answer.url == "/desk/" and "The draft was discarded" in said(answer)
    assert not Submission.objects.exists() and form(desk)["value"] == ""


def test_draft_that_was_sent_back_shows_the_note(desk, officer):
    sent(desk, "hand-in", value="55.1")
    submission = Submission.objects.get()
    submissions.send_back(submission, by=create_person(role=Role.APPROVER), now=NOW, note="<i>Which</i> wave?")
    submissions.reopen(submission, by=officer, now=NOW)
    answer = desk.get(ADDRESS)
    assert "<i>Which</i> wave?" in Page(answer).main and b"<i>Which" not in answer.content
    assert Page(answer).typed()["value"] == "55.1"


def test_what_was_typed_when_the_session_had_ended_comes_back_and_is_kept(desk, officer):
    typed = form(desk, value="55.1", note="Long work", step="hand-in")
    desk.logout()
    answer = desk.post(ADDRESS, typed)
    assert answer.status_code == 302 and "/accounts/login/" in answer.url
    session = desk.session
    kept = session["kept"]
    sign_in(desk, officer)
    session = desk.session
    session["kept"] = kept
    session.save()
    page = Page(desk.get(ADDRESS))
    assert (page.typed()["value"], page.typed()["note"]) == ("55.1", "Long work")
    assert draft().typed["note"] == ["Long work"]
    assert desk.post(ADDRESS, page.typed(step="hand-in")).url == "/desk/"


# --- checked and saved as it is typed ---


def test_autosave_answers_with_what_changed_on_the_page(desk):
    answer = autosaved(desk, form(desk), value="5.51").content.decode()
    assert "Draft saved at 09:30" in answer and "<html" not in answer
    assert 'name="saves" value="1"' in answer
    assert "Is the decimal point in the right place?" in answer and 'name="warned"' in answer
    assert "5.5% in Anytown in 2024" in answer and 'id="shown" hx-swap-oob="innerHTML"' in answer
    assert draft().saves == 1


def test_autosave_tells_faults_of_what_is_typed_and_none_of_what_is_to_come(desk):
    answer = autosaved(desk, form(desk), lower="abc").content.decode()
    assert "“abc” is not a number" in answer and "This is needed" not in answer


def test_autosave_takes_few_queries_however_many_measures_there_are(desk, officer):
    def queries():
        with CaptureQueriesContext(connection) as found:
            autosaved(desk, form(desk), value="55.1")
        with CaptureQueriesContext(connection) as pages:
            desk.get(ADDRESS)
        return len(found) - len(pages), len(pages)

    queries()
    few = queries()
    for number in range(30):
        create_outcome(code=f"M{number}", position=10 + number, values={2023: 1}, release_lag_months=12)
        officer.measures.add(f"M{number}")
    assert queries() == few
    assert few[0] <= 30 and few[1] <= 42


def test_second_window_is_told_and_overwrites_nothing(desk):
    first, second = form(desk), form(desk)
    assert autosaved(desk, first, value="55.1").status_code == 200
    answer = autosaved(desk, second, value="56.2")
    assert answer.status_code == 409 and "from another window" in answer.content.decode()
    assert 'name="saves"' not in answer.content.decode()
    assert autosaved(desk, second, value="56.3").status_code == 409
    assert draft().typed["value"] == ["55.1"]


@pytest.mark.parametrize("step", ["check", "hand-in", "next", "leave", "discard"])
def test_second_window_keeps_what_is_typed_in_it_on_the_page(desk, step):
    second = form(desk)
    sent(desk, "check", value="55.1")
    answer = desk.post(ADDRESS, second | {"value": "56.2", "step": step})
    page = Page(answer)
    assert answer.status_code == 409 and "Not saved" in page.headings
    assert "Value: 55.1" in page.main and page.typed()["value"] == "56.2"
    assert draft().typed["value"] == ["55.1"]
    again = desk.post(ADDRESS, page.typed(step="check"))
    assert again.status_code == 409
    chosen = desk.post(ADDRESS, page.typed(step="overwrite"))
    assert chosen.status_code == 200 and draft().typed["value"] == ["56.2"]
    assert desk.post(ADDRESS, Page(chosen).typed(step="check")).status_code == 200


def test_form_that_is_sent_while_it_saves_itself_is_no_second_window(desk):
    typed = form(desk)
    autosaved(desk, typed, value="55.1")
    assert desk.post(ADDRESS, typed | {"value": "55.2", "step": "hand-in"}).url == "/desk/"


def test_window_left_open_after_handing_in_begins_no_second_draft(desk):
    sent(desk, "check", value="55.1")
    left = form(desk)
    sent(desk, "hand-in")
    answer = autosaved(desk, left, value="56")
    assert answer.status_code == 409 and not Submission.objects.filter(state="draft").exists()


def test_page_gone_back_to_after_handing_in_says_so(desk):
    typed = form(desk, value="55.1")
    desk.post(ADDRESS, typed | {"step": "hand-in"})
    answer = desk.post(ADDRESS, typed | {"value": "55.2", "step": "hand-in"})
    assert answer.status_code == 409 and "was handed in already" in Page(answer).main
    assert autosaved(desk, typed).status_code == 409
    assert Submission.objects.count() == 1


def test_draft_moved_on_at_the_very_moment_is_told(desk, monkeypatch):
    def move_first(found, **given):
        Submission.objects.filter(pk=found.pk).update(state="withdrawn")
        return original(found, **given)

    original = submissions.hand_in
    monkeypatch.setattr(submissions, "hand_in", move_first)
    answer = sent(desk, "hand-in", value="55.1")
    assert answer.status_code == 409 and "It is now: taken back." in Page(answer).main
    assert Page(answer).typed()["value"] == "55.1"


# --- what is sent on purpose ---


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param('<script>alert("x")</script>', id="markup"),
        pytest.param('"><img src=x onerror=alert(1)>', id="out of an attribute"),
        pytest.param("{{ 7|add:7 }}{% debug %}", id="template"),
        pytest.param("null\x00inside", id="NUL"),
        pytest.param("=1+1", id="formula"),
        pytest.param("٥٥", id="other digits"),
    ],
)
def test_hostile_text_is_shown_as_text(desk, hostile):
    """In fields that are refused for it, and in those that take any text."""
    texts = dict.fromkeys(["note", "source_name", "reason", "remark"], hostile)
    refused = dict.fromkeys(["value", "period", "retrieved_on"], hostile)
    answers = [sent(desk, "check", **texts, **refused), sent(desk, "check", value="55.1", **texts), desk.get(ADDRESS)]
    answers.append(autosaved(desk, form(desk), **texts, **refused))
    for answer in answers:
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content and b"<img src=x" not in answer.content
    assert not Submission.objects.exclude(state="draft").exists()


@pytest.mark.parametrize(
    "sent_with",
    [
        pytest.param({"saves": "-1"}, id="negative"),
        pytest.param({"saves": "1e9"}, id="not whole"),
        pytest.param({"saves": "9" * 40}, id="huge"),
        pytest.param({"saves": "٣"}, id="other digits"),
        pytest.param({"window": "w" * 5000}, id="long window"),
        pytest.param({"window": "\0", "na\0me": "x"}, id="NUL"),
        pytest.param({"step": "approve"}, id="unknown step"),
        pytest.param({"edition": "1", "proposed_by": "1", "state": "approved"}, id="fields of its own"),
    ],
)
def test_hidden_fields_are_not_trusted(desk, sent_with):
    answer = desk.post(ADDRESS, form(desk, value="55.1") | {"step": "check"} | sent_with)
    assert answer.status_code == 200 and draft().state == "draft"
    assert Edition.objects.count() == 1


def test_sent_without_any_field(desk):
    assert desk.post(ADDRESS).status_code == 200
    answer = desk.post(ADDRESS, {"step": "hand-in"})
    assert answer.status_code == 409 and "from another window" in Page(answer).main
    assert draft().saves == 1 and not SubmissionLine.objects.exists()


def test_draft_that_is_old_is_still_there(desk, officer):
    create_draft(by=officer, typed={"value": ["54.9"]}, now=NOW - timedelta(days=400))
    assert form(desk)["value"] == "54.9"
