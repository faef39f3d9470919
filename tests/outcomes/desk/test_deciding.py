"""The list of submissions, one submission, and the decision of the second pair of eyes."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luton2040 import audit
from luton2040.editions import Edition
from luton2040.roles import Act, Role, refusal
from outcomes import comparing, drafts, submissions
from outcomes.desk.addresses import form_of
from outcomes.desk.deciding import NOT_THE_PROPOSER, NOT_YOURS, OWN
from outcomes.models import Measure, Observation, Submission
from tests.factories import (
    COUNTRY,
    create_draft,
    create_hold,
    create_outcome,
    create_person,
    create_place,
    create_submission,
    hand_in,
    make_line,
    make_point,
    make_row,
    sign_in,
)
from tests.reading import CHECKS, Page, words
from tests.record import NOW, TODAY

pytestmark = pytest.mark.django_db
LIST = "/desk/submissions/"
LONDON = ZoneInfo("Europe/London")
State, Kind = Submission.State, Submission.Kind
WHO = ("proposer", "colleague", "stranger", "approver", "administrator", "nobody")
NASTY = "<script>alert('x')</script><b onclick=x>"


@pytest.fixture(autouse=True)
def place(clock):
    create_place()
    create_outcome(
        values={2020: 50, 2022: 52, 2024: 55},
        comparators={COUNTRY: {2024: 58}},
        baseline=2020,
        milestones={2030: 60},
        target=(2040, 70),
        natural_min=0,
        natural_max=100,
        tolerance=1,
    )
    create_outcome(code="BB1", position=2, values={2020: 1}, name="Other", short_label="Other")


@pytest.fixture
def people():
    found = {
        "proposer": create_person(role=Role.OFFICER, name="Pat Proposer", email="pat@example.org"),
        "colleague": create_person(role=Role.OFFICER, name="Col League"),
        "stranger": create_person(role=Role.OFFICER, name="Stranger"),
        "approver": create_person(role=Role.APPROVER, name="Alex Approver"),
        "administrator": create_person(role=Role.ADMINISTRATOR, name="Ada Admin"),
        "nobody": create_person(name="Nobody"),
    }
    Measure.objects.get(code="AA1").officers.set([found["proposer"], found["colleague"]])
    Measure.objects.get(code="BB1").officers.set([found["stranger"]])
    return found


@pytest.fixture
def submission(people):
    """The correction of one value, which waits."""
    return corrected(by=people["proposer"])


@pytest.fixture
def desk(client, people):
    sign_in(client, people["approver"])
    return client


def corrected(*, by, value="56", year=2024, **line):
    topic = f"correction AA1 E06999999 {year}-01-01/P1Y"
    draft = create_draft(by=by, kind=Kind.CORRECTION, topic=topic, now=NOW)
    lines = [make_line(year=year, value=value, **line)]
    given = {"reason": "See table 3", "public_reason": "The survey was reweighted."}
    return submissions.hand_in(draft, by=by, now=NOW, lines=lines, **given)


def put_in(state, submission, people):
    """The submission moved on to that state, by the ordinary moves."""
    approver = people["approver"]
    match state:
        case State.DRAFT:
            submissions.reopen(submission, by=people["proposer"], now=NOW)
        case State.SCHEDULED:
            at = NOW + timedelta(days=2)
            submissions.approve(submission, by=approver, now=NOW, summary="A value", publish_at=at)
        case State.APPROVED:
            submissions.approve(submission, by=approver, now=NOW, summary="A value was put right")
        case State.RETURNED:
            submissions.send_back(submission, by=approver, now=NOW, note="Table 3 says 57.")
        case State.WITHDRAWN:
            submissions.take_back(submission, by=people["proposer"], now=NOW)
    return submission


def address(submission, *more):
    return "/".join([f"{LIST}{submission.pk}", *more, ""])


def opened(client, submission, query=""):
    return Page(client.get(address(submission) + query))


def faults(page):
    return [fault for check in CHECKS for fault in check(page)]


def buttons(page):
    return {words(button) for button in page.one("main").iter("button")}


def decided(client, submission, *, step="publish", **changes):
    """The approver's form as the page gives it, changed, and sent to the second step at once unless told otherwise."""
    typed = opened(client, submission).typed(**{"step": step} | changes)
    return client.post(address(submission, "decide"), typed)


def value_of(year=2024, edition=None):
    rows = Observation.objects.filter(measure="AA1", period_start__year=year).exclude(area=COUNTRY)
    found = (rows.at(edition) if edition else rows.current()).first()
    return found and found.value


def state_of(submission):
    return Submission.objects.get(pk=submission.pk).state


# --- who sees what, and which buttons ---

BUTTONS = {
    State.DRAFT: {"proposer": set()},
    State.SUBMITTED: {
        "proposer": {"Change it", "Take it back for good"},
        "colleague": set(),
        "approver": {"Show what will happen", "Send back"},
        "administrator": set(),
    },
    State.SCHEDULED: {"proposer": set(), "colleague": set(), "approver": {"Send back"}, "administrator": set()},
    State.APPROVED: {"proposer": set(), "colleague": set(), "approver": set(), "administrator": set()},
    State.RETURNED: {
        "proposer": {"Change it", "Take it back for good"},
        "colleague": set(),
        "approver": set(),
        "administrator": set(),
    },
    State.WITHDRAWN: {"proposer": set(), "colleague": set(), "approver": set(), "administrator": set()},
}
TABLE = [pytest.param(state, who, seen.get(who), id=f"{state}-{who}") for state, seen in BUTTONS.items() for who in WHO]


@pytest.mark.parametrize("state, who, expected", TABLE)
def test_submission_page_offers_what_state_and_role_allow(client, people, submission, state, who, expected):
    put_in(state, submission, people)
    sign_in(client, people[who])
    response = client.get(address(submission))
    if expected is None:
        assert response.status_code == 403
        assert audit.Entry.objects.of_action(audit.Action.DENIED).filter(by=people[who]).exists()
        return
    assert response.status_code == 200
    page = Page(response)
    assert buttons(page) == expected
    assert State(state).label in page.headings
    assert faults(page) == []


@pytest.mark.parametrize("who, reason", [("stranger", NOT_YOURS), ("nobody", refusal(Act.OPEN_DESK))])
def test_submission_page_says_why_it_stays_shut(client, people, submission, who, reason):
    sign_in(client, people[who])
    assert reason in opened(client, submission).main


def test_somebody_elses_draft_stays_shut(desk, people):
    draft = create_draft(by=people["proposer"], typed={"value": ["1"]})
    response = desk.get(address(draft))
    assert response.status_code == 403
    assert "not been handed in" in Page(response).main


def test_submission_that_is_not_there(desk):
    assert desk.get(f"{LIST}999/").status_code == 404
    framework = create_submission(rows=[make_row(measure="CC1")], origin="framework")
    assert desk.get(address(framework)).status_code == 404


@pytest.mark.parametrize("more", [(), ("decide",), ("move",), ("history.csv",)])
def test_submission_needs_signing_in(client, submission, more):
    path = address(submission, *more).replace("csv/", "csv")
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_own_submission_says_that_somebody_else_decides(client):
    both = create_person(roles=[Role.OFFICER, Role.APPROVER])
    Measure.objects.get(code="AA1").officers.add(both)
    mine = corrected(by=both)
    sign_in(client, both)
    page = opened(client, mine)
    assert "somebody else must decide on it" in page.main
    assert buttons(page) == {"Change it", "Take it back for good"}


def test_decided_submission_says_by_whom_and_when_and_in_which_edition(desk, people, submission):
    put_in(State.APPROVED, submission, people)
    page = opened(desk, submission)
    assert "Alex Approver approved it on 1 December 2026, 09:30." in page.main
    assert page.link("edition 2") == "/changes/#edition-2"
    assert "In edition 1" in words(page.section("1 value, old and new"))


def test_scheduled_submission_says_when(desk, people, submission):
    put_in(State.SCHEDULED, submission, people)
    assert "It is published on Thursday 3 December 2026, 09:30." in opened(desk, submission).main


def test_returned_submission_shows_the_note(client, people, submission):
    put_in(State.RETURNED, submission, people)
    sign_in(client, people["proposer"])
    assert "Table 3 says 57." in opened(client, submission).main


# --- what would change ---


def test_page_shows_old_and_new_side_by_side(desk, submission):
    page = opened(desk, submission)
    (row,) = page.rows(page.section("1 value, old and new"))
    assert row[0].startswith("Anytown, 2024 AA1: People in good jobs")
    assert row[1].startswith("55.0%") and row[2].startswith("56.0%")
    assert row[3] == "Changed Up 1.0 percentage points."
    assert "2024: was 55.0%, revised to 56.0% because the survey was reweighted." in page.main
    assert "See table 3" in page.main and "Pat Proposer on 1 December 2026, 09:30" in page.main


def test_page_shows_limits_markers_note_source_and_release(desk, people):
    line = make_line(
        year=2026,
        value="60.25",
        lower=Decimal("59.5"),
        upper=Decimal("61"),
        markers="[p]",
        note="A small sample.",
        source_name="Another survey",
        source_url="https://survey.example/",
        retrieved_on=date(2026, 11, 3),
    )
    page = opened(desk, hand_in(line, by=people["proposer"], now=NOW))
    (row,) = page.rows(page.section("1 value, old and new"))
    assert row[1] == "Nothing"
    for said in ("60.25%", "provisional", "59.5 to 61", "A small sample.", "release of 3 November 2026"):
        assert said in row[2]
    assert page.link("Another survey") == "https://survey.example/"
    assert row[3] == "New Up 5.25 percentage points from 55.0% in 2024."


@pytest.mark.parametrize(
    "line, effect, sentence",
    [
        pytest.param({"year": 2024, "value": 55, "markers": "[r]"}, "changed", "No change. Also changed: shorthand.",
                     id="only a marker"),
        pytest.param({"year": 2024, "value": "54.99"}, "changed", "Down 0.01 percentage points.", id="tiny"),
        pytest.param({"year": 2024, "value": 55}, "same", "The record said so already.", id="same"),
        pytest.param({"year": 2019, "value": 55}, "new", "The first value of this series.", id="first"),
        pytest.param({"year": 2025, "value": 55}, "new", "No change from 55.0% in 2024.", id="as before"),
        pytest.param({"year": 2025, "value": 55, "markers": "[b]"}, "new",
                     "The first value of a new series, not to be compared with earlier ones.", id="break"),
        pytest.param({"year": 2024, "value": 55, "withdraws": True}, "withdrawn", "Takes the published value away.",
                     id="withdrawn"),
        pytest.param({"year": 2030, "value": 55, "withdraws": True}, "withdrawn",
                     "There is no published value to take away.", id="nothing to withdraw"),
        pytest.param(
            {"year": 2024, "value": 50, "note": "New.", "lower": Decimal(49), "upper": Decimal(51)}, "changed",
            "Down 5.0 percentage points. Also changed: 95% limits and note.", id="value and details",
        ),
    ],
)  # fmt: skip
def test_line_says_its_effect_in_words(line, effect, sentence):
    waiting = create_submission(rows=[])
    made = make_line(**line)
    made.submission = waiting
    made.save()
    (beside,) = comparing.comparison(waiting, made.area_id).lines
    assert (beside.effect.value, beside.sentence) == (effect, sentence)


def test_page_shows_warnings_and_the_officers_answer_first(desk, people):
    plain = make_line(row=2, year=2022, value=53)
    warned = make_line(row=3, year=2024, value=65, warnings="A large jump.\nToo many.", reason="It is right.")
    lines = [plain, warned]
    waiting = hand_in(*lines, by=people["proposer"], kind=Kind.CORRECTION, now=NOW, public_reason="Reweighted.")
    page = opened(desk, waiting)
    first, second = page.rows(page.section("2 values, old and new"))
    assert first[0].startswith("Anytown, 2024")
    assert "A large jump." in first[3] and "Pat Proposer says: It is right." in first[3]
    assert "Warned of" not in second[3]
    assert "1 value came with a warning" in page.headings


def test_page_previews_what_the_public_would_see(desk, submission):
    page = opened(desk, submission)
    preview = page.section("On the public site")
    said = words(preview)
    assert "People in good jobs: 55.0% in Anytown in 2024." in said
    assert "People in good jobs: 56.0% in Anytown in 2024." in said
    assert ["Latest value", "55.0% in 2024", "56.0% in 2024"] in page.rows(preview)
    assert len(list(preview.iter("svg"))) >= 4


def test_page_tells_a_status_that_would_change(desk, people):
    page = opened(desk, corrected(by=people["proposer"], value="40"))
    summary = words(next(page.section("On the public site").iter("summary")))
    assert summary.endswith("On track →would become Getting worse")


def test_page_shows_a_path_old_and_new(desk, people):
    points = [
        make_point(due_on=2040, value=75, basis="More ambitious."),
        make_point(kind="milestone", due_on=2030, ends=True, value=60),
        make_point(kind="milestone", due_on=2035, value=65),
    ]
    waiting = hand_in(by=people["proposer"], kind=Kind.TARGETS, now=NOW, points=points)
    page = opened(desk, waiting)
    rows = {row[0] + row[3]: row for row in page.rows(page.section("The path, old and new"))}
    assert "70.0% by 31 December 2040 Illustrative" in rows["TargetChanged"][1]
    for said in ("75.0% by 31 December 2040", "Published", "Agreed by The Board on 1 May 2026. More ambitious."):
        assert said in rows["TargetChanged"][2]
    assert rows["MilestoneTaken away"][2] == "Taken off the path"
    assert rows["MilestoneNew"][1] == "Nothing"
    assert faults(page) == []
    assert Page(decided(desk, waiting, step="check")).main.count("change 3 points of the path") == 1


def test_page_shows_a_definition_old_and_new(desk, people):
    wording = {"definition": "Another definition.", "direction": "lower"}
    line = make_line(year=2025, value=40, markers="[b]")
    waiting = hand_in(
        line, by=people["proposer"], kind=Kind.SERIES, now=NOW, wording=wording, public_reason="A new survey."
    )
    page = opened(desk, waiting)
    section = words(page.section("The definition, old and new"))
    for said in ("Another definition.", "The share of people who say", "Higher is better", "Lower is better"):
        assert said in section
    assert faults(page) == []
    said = Page(decided(desk, waiting, step="check")).main
    assert "add 1 value and change the definition (direction and definition)" in said


def test_page_of_many_outcomes_keeps_them_shut_with_a_way_to_each(desk, people):
    codes = ["CC1", "CC2", "CC3", "CC4"]
    for position, code in enumerate(codes, 3):
        create_outcome(code=code, position=position, values={2023: 5})
    rows = [make_row(row=n, measure=code, year=2024, value=6) for n, code in enumerate(codes, 2)]
    waiting = create_submission(rows=rows, by=people["proposer"])
    page = opened(desk, waiting)
    assert "4 outcomes would change." in page.main
    assert not [e for e in page.all("details") if "open" in e.attrib]
    alone = opened(desk, waiting, "?measure=CC2")
    assert "Only People in good jobs is shown." in alone.main
    assert len(alone.rows(alone.section("4 values, old and new"))) == 1
    assert len(list(alone.section("On the public site").iter("summary"))) == 1
    assert faults(page) == faults(alone) == []


def test_page_of_a_measure_that_has_no_outcome_any_more(desk, people):
    waiting = corrected(by=people["proposer"])
    version = Measure.objects.get(code="AA1").versions.get()
    version.last_edition_id = 1
    version.save()
    Edition.objects.create(number=2, issued_at=NOW, kind="framework", summary="Without it")
    assert desk.get(address(waiting)).status_code == 200


MANY = 5000


def test_page_of_many_lines_is_paged_and_flat_in_queries(desk, people):
    def asked_of(number):
        rows = [
            make_row(row=n, area=COUNTRY, year=1900 + n % 100, period_duration=f"P{n // 100 + 1}Y")
            for n in range(number)
        ]
        waiting = create_submission(rows=rows, by=people["proposer"])
        with CaptureQueriesContext(connection) as queries:
            page = opened(desk, waiting)
        return page, len(queries)

    _, few = asked_of(3)
    page, many = asked_of(MANY)
    assert many == few <= 32
    section = page.section("5,000 values, old and new")
    assert len(page.rows(section)) == 40
    assert "1 to 40 of 5,000 values" in words(section)
    last = opened(desk, Submission.objects.latest("pk"), "?page=125")
    assert "4,961 to 5,000" in last.main


def test_lines_can_be_chosen(desk, people):
    rows = [make_row(row=n, year=1990 + n, value=50) for n in range(2, 40)]
    waiting = create_submission(rows=rows, by=people["proposer"], public_reason="Why")
    every = opened(desk, waiting)
    changed = opened(desk, waiting, "?show=changed")
    assert len(every.rows(every.section("38 values, old and new"))) == 38
    assert len(changed.rows(changed.section("38 values, old and new"))) == 2
    assert desk.get(address(waiting) + "?show=rubbish").status_code == 400
    assert opened(desk, waiting, "?page=99").response.status_code == 200


@pytest.mark.parametrize(
    "field",
    [pytest.param(f, id=f) for f in ("reason", "public_reason", "file_name", "decision_note", "note", "answer")],
)
def test_nothing_typed_becomes_markup(desk, people, field):
    line = {"note": NASTY} if field == "note" else {}
    line |= {"warnings": "A jump.", "reason": NASTY} if field == "answer" else {}
    waiting = corrected(by=people["proposer"], **line)
    if field not in ("note", "answer"):
        Submission.objects.filter(pk=waiting.pk).update(**{field: NASTY})
    if field == "decision_note":
        Submission.objects.filter(pk=waiting.pk).update(state=State.RETURNED, decided_by=people["approver"],
                                                        decided_at=NOW)  # fmt: skip
    page = opened(desk, waiting)
    assert NASTY not in page.html and "&lt;script&gt;alert" in page.html
    assert faults(page) == []


def test_summary_typed_by_the_approver_does_not_become_markup(desk, submission):
    page = Page(decided(desk, submission, step="check", summary=NASTY))
    assert NASTY not in page.html and faults(page) == []
    decided(desk, submission, summary=NASTY)
    assert NASTY not in opened(desk, submission).html


# --- deciding ---


def test_publishing_takes_two_steps(desk, submission):
    page = Page(decided(desk, submission, step="check", summary="One value\nwas put  right"))
    assert faults(page) == []
    assert state_of(submission) == State.SUBMITTED and Edition.objects.count() == 1
    assert "Edition 2 will replace 1 value on the public site, now." in page.main
    assert "One value was put right" in page.main and "The survey was reweighted." in page.main
    response = desk.post(address(submission, "decide"), page.typed(step="publish"))
    assert response.status_code == 302 and response["Location"] == address(submission)
    assert "Published as edition 2." in opened(desk, submission).main
    edition = Edition.objects.current()
    assert (edition.number, edition.summary, edition.issued_by.name) == (2, "One value was put right", "Alex Approver")
    assert value_of() == 56 and value_of(edition=1) == 55


def test_reading_the_page_or_the_address_decides_nothing(desk, submission):
    response = desk.get(address(submission, "decide"))
    assert response.status_code == 302 and response["Location"] == address(submission)
    assert desk.get(address(submission, "move"))["Location"] == address(submission)
    assert state_of(submission) == State.SUBMITTED


@pytest.mark.parametrize("step", ["", "check", "back", "rubbish"])
def test_no_other_step_publishes(desk, submission, step):
    assert decided(desk, submission, step=step).status_code == 200
    assert state_of(submission) == State.SUBMITTED and Edition.objects.count() == 1


def test_going_back_loses_nothing_typed(desk, submission):
    page = Page(decided(desk, submission, step="check", summary="My line"))
    back = Page(desk.post(address(submission, "decide"), page.typed(step="back")))
    assert back.typed()["summary"] == "My line"
    assert buttons(back) == {"Show what will happen", "Send back"}


def test_summary_is_prefilled_and_needed(desk, submission):
    assert opened(desk, submission).typed()["summary"] == "1 corrected value: People in good jobs"
    for wrong in ("", "x" * 301):
        page = Page(decided(desk, submission, summary=wrong))
        assert "There is something to put right" in page.headings
    assert state_of(submission) == State.SUBMITTED


def test_decision_page_tells_a_status_that_changes(desk, people):
    page = Page(decided(desk, corrected(by=people["proposer"], value="40"), step="check"))
    assert "On track →becomes Getting worse" in page.main
    page = Page(decided(desk, corrected(by=people["proposer"], year=2022, value="53"), step="check"))
    assert "No outcome’s status changes." in page.main


def test_values_that_the_record_holds_already_issue_no_edition(desk, people):
    waiting = create_submission(rows=[make_row(year=2024, value=55)], by=people["proposer"])
    assert "Edition 2 will change nothing" in Page(decided(desk, waiting, step="check")).main
    decided(desk, waiting)
    assert "no edition was issued" in opened(desk, waiting).main
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    "who, do, answer",
    [
        pytest.param(who, do, answer, id=f"{who}-{do}")
        for who, answer in [
            ("proposer", refusal(Act.APPROVE)),
            ("colleague", refusal(Act.APPROVE)),
            ("stranger", refusal(Act.APPROVE)),
            ("administrator", refusal(Act.APPROVE)),
            ("nobody", refusal(Act.APPROVE)),
        ]
        for do in ("publish", "send-back")
    ],
)
def test_only_approvers_decide(client, people, submission, who, do, answer):
    sign_in(client, people[who])
    typed = {"do": do, "step": "publish", "note": "No", "when": "now", "summary": "Mine"}
    response = client.post(address(submission, "decide"), typed)
    assert response.status_code == 403 and answer in Page(response).main
    assert state_of(submission) == State.SUBMITTED


@pytest.mark.parametrize("do", ["publish", "send-back"])
def test_nobody_decides_on_their_own(client, do):
    both = create_person(roles=[Role.OFFICER, Role.APPROVER])
    mine = corrected(by=both)
    sign_in(client, both)
    response = client.post(address(mine, "decide"), {"do": do, "step": "publish", "note": "x", "summary": "x"})
    assert response.status_code == 403 and OWN in Page(response).main
    assert state_of(mine) == State.SUBMITTED
    assert audit.Entry.objects.of_action(audit.Action.DENIED).filter(by=both).exists()


def test_sending_back_needs_a_note_and_keeps_it(desk, submission):
    typed = {"do": "send-back", "seen": opened(desk, submission).typed()["seen"]}
    page = Page(desk.post(address(submission, "decide"), typed | {"note": "  "}))
    assert "What should change: Say what should change, so that it can be mended." in page.main
    response = desk.post(address(submission, "decide"), typed | {"note": "Table 3 says 57."})
    assert response.status_code == 302
    submission.refresh_from_db()
    assert (submission.state, submission.decision_note) == (State.RETURNED, "Table 3 says 57.")
    assert "Sent back to Pat Proposer with your note. Nothing was published." in opened(desk, submission).main


def test_sending_back_stops_what_was_approved_for_a_time(desk, people, submission):
    put_in(State.SCHEDULED, submission, people)
    page = opened(desk, submission)
    assert "Stop it and send it back" in page.headings
    desk.post(address(submission, "decide"), page.typed(note="Wait."))
    assert state_of(submission) == State.RETURNED


@pytest.mark.parametrize("state", [s for s in State if s not in (State.SUBMITTED, State.DRAFT)])
def test_what_is_decided_is_not_decided_again(desk, people, submission, state):
    typed = opened(desk, submission).typed(step="publish")
    put_in(state, submission, people)
    editions = Edition.objects.count()
    response = desk.post(address(submission, "decide"), typed)
    assert response.status_code == 409
    assert "changed or decided on since you opened the page" in Page(response).main
    assert state_of(submission) == state and Edition.objects.count() == editions


@pytest.mark.parametrize("state", [s for s in State if s not in (State.SUBMITTED, State.DRAFT)])
@pytest.mark.parametrize("step", ["check", "publish"])
def test_what_is_decided_offers_no_decision_to_whoever_makes_one_up(desk, people, submission, state, step):
    put_in(state, submission, people)
    submission.refresh_from_db()
    seen = f"1 {state} {submission.proposed_at.isoformat()} {submission.saved_at.isoformat()}"
    typed = {"do": "publish", "step": step, "seen": seen, "when": "now", "summary": "x"}
    response = desk.post(address(submission, "decide"), typed)
    assert response.status_code == 409 and "no longer waits for a decision" in Page(response).main
    assert state_of(submission) == state


def test_decision_is_refused_where_the_submission_was_changed_meanwhile(desk, people, submission):
    typed = opened(desk, submission).typed(step="publish")
    submissions.reopen(submission, by=people["proposer"], now=NOW)
    later = NOW + timedelta(minutes=1)
    submissions.hand_in(submission, by=people["proposer"], now=later, lines=[make_line(year=2024, value=99)],
                        public_reason="Why")  # fmt: skip
    for do in ({}, {"do": "send-back", "note": "No"}):
        response = desk.post(address(submission, "decide"), typed | do)
        assert response.status_code == 409 and "look at it again" in Page(response).main
    assert state_of(submission) == State.SUBMITTED and value_of() == 55
    again = Page(response).typed(step="publish", do="publish", summary="Line", when="now")
    assert desk.post(address(submission, "decide"), again).status_code == 302
    assert value_of() == 99


def another_edition(people, **line):
    other = hand_in(make_line(**line), by=people["colleague"], measure=line.get("measure", "AA1"), now=NOW,
                    public_reason="Why")  # fmt: skip
    submissions.approve(other, by=people["approver"], now=NOW, summary="Another")


@pytest.mark.parametrize("step", ["check", "publish"])
def test_decision_is_refused_where_the_measures_record_moved_meanwhile(desk, people, submission, step):
    typed = opened(desk, submission).typed(step=step, summary="My own line")
    another_edition(people, year=2023, value=54)
    response = desk.post(address(submission, "decide"), typed)
    page = Page(response)
    assert response.status_code == 409 and "figures of the same measure were published" in page.main
    assert page.typed()["summary"] == "My own line"
    assert state_of(submission) == State.SUBMITTED
    assert desk.post(address(submission, "decide"), page.typed(step=step)).status_code in (200, 302)


def test_decision_stands_where_only_other_measures_moved(desk, people, submission):
    typed = opened(desk, submission).typed(step="publish")
    another_edition(people, measure="BB1", year=2023, value=54)
    assert desk.post(address(submission, "decide"), typed).status_code == 302
    submission.refresh_from_db()
    assert submission.edition_id == 3


def test_decision_is_refused_where_the_record_moves_at_the_very_moment(desk, people, submission, monkeypatch):
    typed = opened(desk, submission).typed(step="publish")
    approve = submissions.approve

    def another_comes_first(*args, **kwargs):
        monkeypatch.setattr(submissions, "approve", approve)
        another_edition(people, year=2023, value=54)
        return approve(*args, **kwargs)

    monkeypatch.setattr(submissions, "approve", another_comes_first)
    assert desk.post(address(submission, "decide"), typed).status_code == 409
    assert state_of(submission) == State.SUBMITTED and value_of() == 55


@pytest.mark.parametrize("seen", ["", "1", "rubbish", "x submitted", "-1 submitted 2026", "١ submitted"])
def test_decision_without_what_was_seen_is_refused(desk, submission, seen):
    assert decided(desk, submission, seen=seen).status_code == 409
    assert state_of(submission) == State.SUBMITTED


def test_decision_that_claims_a_later_edition_is_taken_as_of_the_newest(desk, submission):
    seen = opened(desk, submission).typed()["seen"]
    assert decided(desk, submission, seen="9" + seen).status_code == 302


def test_stale_submission_can_only_be_sent_back(desk, people, submission):
    other = create_submission(rows=[make_row(year=2024, value=57)], by=people["colleague"], public_reason="Why")
    submissions.approve(other, by=people["approver"], now=NOW, summary="Another")
    page = opened(desk, submission)
    assert "It cannot be published as it is" in page.main
    assert buttons(page) == {"Send back"}
    assert "In edition 1" in words(page.section("1 value, old and new"))
    typed = {"do": "publish", "when": "now", "summary": "x", "step": "publish", "seen": page.typed()["seen"]}
    response = desk.post(address(submission, "decide"), typed)
    assert response.status_code == 409 and "The public record has changed" in Page(response).main


def test_what_is_typed_survives_a_lost_sign_in(client, people, submission):
    sign_in(client, people["approver"])
    typed = opened(client, submission).typed(step="check", summary="My own line")
    client.session.flush()
    client.cookies.clear()
    client.post(address(submission, "decide"), typed, headers={"referer": f"http://testserver{address(submission)}"})
    kept = dict(client.session["kept"])
    sign_in(client, people["approver"])
    session = client.session
    session["kept"] = kept
    session.save()
    page = opened(client, submission)
    assert page.typed()["summary"] == "My own line"
    assert state_of(submission) == State.SUBMITTED


# --- at a time to come ---


def later(desk, submission, day, hour, **changes):
    return decided(desk, submission, when="later", day=day, hour=hour, **changes)


@pytest.mark.parametrize(
    "day, hour, at",
    [
        pytest.param("2027-01-05", "09:30", "2027-01-05T09:30+00:00", id="winter"),
        pytest.param("2027-07-05", "09:30", "2027-07-05T09:30+01:00", id="summer"),
        pytest.param("2027-03-28", "00:59", "2027-03-28T00:59+00:00", id="just before the clocks go forward"),
        pytest.param("2027-03-28", "02:00", "2027-03-28T02:00+01:00", id="just after"),
        pytest.param("2027-10-31", "01:30", "2027-10-31T01:30+01:00", id="the first of two"),
        pytest.param("2027-10-31", "02:00", "2027-10-31T02:00+00:00", id="after the clocks went back"),
    ],
)
def test_approving_for_a_time_by_the_clock_of_london(desk, submission, day, hour, at):
    page = Page(later(desk, submission, day, hour, step="check"))
    assert "Publish this at a time to come?" in page.headings and faults(page) == []
    assert ("the first, in summer time" in page.main) == (hour == "01:30")
    assert desk.post(address(submission, "decide"), page.typed(step="publish")).status_code == 302
    submission.refresh_from_db()
    assert submission.state == State.SCHEDULED
    assert submission.publish_at == datetime.fromisoformat(at)
    assert "Approved. It will be published on" in opened(desk, submission).main
    assert value_of() == 55


@pytest.mark.parametrize(
    "day, hour, said",
    [
        pytest.param("2027-03-28", "01:30", "Time: On 28 March 2027 the clocks go forward, and never show 01:30."
                     " Choose another time, such as 02:30.", id="an hour that is left out"),
        pytest.param("2026-12-01", "09:30", "Day: This time has passed already.", id="now"),
        pytest.param("2025-01-01", "09:30", "Day: This time has passed already.", id="past"),
        pytest.param("", "09:30", "Day: Say on which day.", id="no day"),
        pytest.param("2027-01-05", "", "Time: Say at what time.", id="no time"),
        pytest.param("soon", "09:30", "Day: Write it as a date, such as 2027-03-31.", id="no date"),
        pytest.param("2027-01-05", "noon", "Time: Write it as a time of day, such as 09:30.", id="no time of day"),
        pytest.param("2027-02-30", "09:30", "Day: Write it as a date", id="no such day"),
        pytest.param("9999-12-31", "23:59", "Day: Choose a day within the next year.", id="too far"),
    ],
)  # fmt: skip
def test_time_that_cannot_be_is_refused_in_words(desk, submission, day, hour, said):
    page = Page(later(desk, submission, day, hour))
    assert said in page.main
    assert page.typed()["day"] == day and page.typed()["hour"] == hour
    assert state_of(submission) == State.SUBMITTED and faults(page) == []


def test_day_and_time_are_not_asked_for_publishing_now(desk, submission):
    assert decided(desk, submission, day="", hour="").status_code == 302


# --- the pre-election hold ---


def test_statistics_go_through_a_hold_and_the_page_says_so(desk, submission):
    create_hold(starts_on=TODAY, ends_on=TODAY + timedelta(days=20))
    page = opened(desk, submission)
    assert "These are scheduled official statistics, which go through." in page.main
    assert "hold_reason" not in page.typed()
    assert "Scheduled official statistics go through" in Page(decided(desk, submission, step="check")).main
    decided(desk, submission)
    assert value_of() == 56
    assert audit.Entry.objects.of_action(audit.Action.HOLD_EXCEPTION).about(submission.about).exists()


@pytest.fixture
def target(people):
    points = [make_point(value=75)]
    return hand_in(by=people["proposer"], kind=Kind.TARGETS, now=NOW, points=points)


def test_targets_wait_for_a_hold_unless_there_is_a_reason(desk, target):
    create_hold(starts_on=TODAY, ends_on=TODAY + timedelta(days=20))
    page = opened(desk, target)
    assert "Targets and definitions wait until it is over" in page.main and faults(page) == []
    refused = Page(decided(desk, target))
    assert "The hold lasts until 21 December 2026. Publish after that day, or give the reason." in refused.main
    assert state_of(target) == State.SUBMITTED
    shown = Page(decided(desk, target, step="check", hold_reason="A court orders it."))
    assert "You make an exception, for the audit log: A court orders it." in shown.main
    decided(desk, target, hold_reason="A court orders it.")
    target.refresh_from_db()
    assert (target.state, target.hold_reason) == (State.APPROVED, "A court orders it.")
    assert "A court orders it." in opened(desk, target).main


def test_targets_may_be_approved_for_a_time_after_the_hold(desk, target):
    create_hold(starts_on=TODAY, ends_on=TODAY + timedelta(days=20))
    assert "give the reason" in Page(later(desk, target, "2026-12-21", "23:59")).main
    assert later(desk, target, "2026-12-22", "00:00").status_code == 302
    assert state_of(target) == State.SCHEDULED


def test_hold_to_come_is_told_and_asked_about(desk, target):
    create_hold(starts_on=TODAY + timedelta(days=5), ends_on=TODAY + timedelta(days=20))
    page = opened(desk, target)
    assert "Pre-election hold to come" in page.headings
    assert "give the reason" in Page(later(desk, target, "2026-12-10", "09:00")).main
    assert decided(desk, target).status_code == 302


# --- the proposer's moves ---


def moved(client, submission, do):
    return client.post(address(submission, "move"), {"do": do})


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED])
def test_proposer_takes_back(client, people, submission, state):
    put_in(state, submission, people)
    sign_in(client, people["proposer"])
    assert moved(client, submission, "take-back")["Location"] == address(submission)
    assert state_of(submission) == State.WITHDRAWN
    assert "It was not published." in opened(client, submission).main


@pytest.mark.parametrize(
    "topic, kind, form",
    [
        pytest.param("values AA1", Kind.VALUES, "/desk/measures/aa1/enter/", id="values"),
        pytest.param("series AA1", Kind.SERIES, "/desk/measures/aa1/series/", id="series"),
        pytest.param("targets AA1", Kind.TARGETS, "/desk/measures/aa1/targets/", id="targets"),
        pytest.param("correction AA1 E06999999 2024-01-01/P1Y", Kind.CORRECTION, "/desk/measures/aa1/correct/{}/",
                     id="correction"),
        pytest.param("correction AA1 E06999999 1999-01-01/P1Y", Kind.CORRECTION, "/desk/measures/aa1/",
                     id="correction of a value that is gone"),
        pytest.param("paste", Kind.VALUES, "/desk/paste/{pk}/", id="paste"),
        pytest.param("", Kind.VALUES, "/desk/submissions/{pk}/", id="from no form"),
    ],
)  # fmt: skip
def test_draft_is_gone_on_with_in_the_form_of_its_topic(people, topic, kind, form):
    draft = create_draft(by=people["proposer"], topic=topic or "x", kind=kind)
    draft.topic = topic
    current = Observation.objects.current().get(measure="AA1", area="E06999999", period_start=date(2024, 1, 1))
    assert form_of(draft) == form.format(current.pk, pk=draft.pk)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED])
def test_proposer_changes_it_in_its_form_with_all_that_was_typed(client, people, state):
    submission = hand_in(make_line(year=2025), by=people["proposer"], typed={"value": ["50"]}, now=NOW)
    put_in(state, submission, people)
    sign_in(client, people["proposer"])
    assert moved(client, submission, "change")["Location"] == "/desk/measures/aa1/enter/"
    submission.refresh_from_db()
    assert (submission.state, submission.typed) == (State.DRAFT, {"value": ["50"]})


@pytest.mark.parametrize("do", ["take-back", "change"])
@pytest.mark.parametrize("state", [State.SCHEDULED, State.APPROVED, State.WITHDRAWN])
def test_proposer_does_not_move_what_is_decided(client, people, submission, state, do):
    put_in(state, submission, people)
    sign_in(client, people["proposer"])
    response = moved(client, submission, do)
    assert response.status_code == 409 and "Nothing was changed" in Page(response).headings
    assert state_of(submission) == state


@pytest.mark.parametrize("do", ["take-back", "change"])
@pytest.mark.parametrize(
    "who, reason",
    [
        ("colleague", NOT_THE_PROPOSER),
        ("stranger", NOT_YOURS),
        ("approver", NOT_THE_PROPOSER),
        ("administrator", NOT_THE_PROPOSER),
        ("nobody", refusal(Act.OPEN_DESK)),
    ],
)
def test_nobody_else_moves_it(client, people, submission, who, reason, do):
    sign_in(client, people[who])
    response = moved(client, submission, do)
    assert response.status_code == 403 and reason in Page(response).main
    assert state_of(submission) == State.SUBMITTED


def test_proposer_who_is_no_officer_any_more_may_take_back_but_not_change(client, people, submission):
    proposer = people["proposer"]
    proposer.groups.set(people["approver"].groups.all())
    sign_in(client, people["approver"].__class__.objects.get(pk=proposer.pk))
    people["approver"].authenticator_set.update(user=proposer)
    assert buttons(opened(client, submission)) == {"Take it back for good"}
    assert moved(client, submission, "change").status_code == 403
    assert moved(client, submission, "take-back").status_code == 302


def test_changing_is_refused_where_a_newer_draft_of_the_same_was_begun(client, people, submission):
    newer = create_draft(by=people["proposer"], kind=Kind.CORRECTION, topic=submission.topic)
    drafts.save(newer, {"value": ["1"]}, by=people["proposer"], saves=0, now=NOW)
    sign_in(client, people["proposer"])
    response = moved(client, submission, "change")
    assert response.status_code == 409 and "newer draft of the same" in Page(response).main


def test_publishing_that_failed_is_told_to_approvers(desk, people, submission):
    put_in(State.SCHEDULED, submission, people)
    other = create_submission(rows=[make_row(year=2024, value=57)], by=people["colleague"], public_reason="Why")
    submissions.approve(other, by=people["approver"], now=NOW, summary="Another")
    submissions.publish_due(NOW + timedelta(days=3))
    page = opened(desk, submission)
    assert "It could not be published at its time." in page.main


def test_note_of_an_earlier_round_is_not_taken_for_a_failure(desk, people, submission):
    put_in(State.RETURNED, submission, people)
    submissions.reopen(submission, by=people["proposer"], now=NOW)
    submissions.hand_in(submission, by=people["proposer"], now=NOW, lines=[make_line(year=2024, value=57)],
                        public_reason="Why")  # fmt: skip
    assert "could not be published" not in opened(desk, submission).main


# --- the list ---


def listed(page):
    return [row[0].split(" ", 1)[0] + " " + row[1] for row in page.rows()]


@pytest.fixture
def several(people):
    """One in each state, in order of time."""
    made = {}
    for n, state in enumerate(State):
        made[state] = create_submission(
            rows=[make_row(year=2001 + n)], by=people["proposer"], now=NOW - timedelta(days=9 - n)
        )
        if state is not State.DRAFT:
            put_in(state, made[state], people)
    Submission.objects.filter(pk=made[State.DRAFT].pk).update(state=State.DRAFT)
    return made


def test_list_shows_what_waits_first(desk, several):
    page = Page(desk.get(LIST))
    states = [row[1].split(" 3 Dec")[0] for row in page.rows()]
    assert states[:2] == ["Waiting for approval", "Approved, waiting for its time"]
    assert set(states[2:]) == {"Published", "Sent back", "Taken back"}
    assert faults(page) == []


@pytest.mark.parametrize(
    "who, shown",
    [
        pytest.param("proposer", set(State), id="proposer: all and the draft"),
        pytest.param("colleague", set(State) - {State.DRAFT}, id="colleague"),
        pytest.param("stranger", set(), id="stranger"),
        pytest.param("approver", set(State) - {State.DRAFT}, id="approver"),
        pytest.param("administrator", set(State) - {State.DRAFT}, id="administrator"),
    ],
)
def test_list_shows_what_one_may_see(client, people, several, who, shown):
    sign_in(client, people[who])
    page = Page(client.get(LIST))
    links = {link for link in page.links if link.startswith(LIST) and link != LIST and "?" not in link}
    assert links == {address(several[state]) for state in shown}


def test_list_is_shut_to_those_without_a_role(client, people):
    sign_in(client, people["nobody"])
    assert client.get(LIST).status_code == 403


def test_list_can_be_narrowed(desk, people, several):
    assert len(Page(desk.get(LIST + "?state=returned")).rows()) == 1
    assert len(Page(desk.get(LIST + "?measure=AA1")).rows()) == 5
    nothing = Page(desk.get(LIST + "?measure=BB1"))
    assert nothing.rows() == [] and "No submission fits that." in nothing.main and faults(nothing) == []
    person = people["proposer"].pk
    assert len(Page(desk.get(f"{LIST}?person={person}&state=submitted")).rows()) == 1
    for wrong in ("?state=x", "?person=x", f"?person={people['colleague'].pk}", "?measure=XX9"):
        assert desk.get(LIST + wrong).status_code == 400


def test_list_of_nothing(desk):
    assert "Nothing has been handed in yet." in Page(desk.get(LIST)).main


def test_list_is_paged_and_flat_in_queries(desk, people):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page = Page(desk.get(LIST))
        return len(queries), page

    create_submission(rows=[make_row(year=1900)], by=people["proposer"])
    few, _ = asked()
    for year in range(1901, 1941):
        create_submission(rows=[make_row(year=year), make_row(year=year, row=3, measure="BB1")], by=people["proposer"])
    many, page = asked()
    assert many == few <= 18
    assert len(page.rows()) == 30 and "1 to 30 of 41 submissions" in page.main
    assert len(Page(desk.get(LIST + "?page=2")).rows()) == 11


# --- its history ---


def test_history_tells_who_did_what(desk, people, submission):
    put_in(State.APPROVED, submission, people)
    headings = [words(h) for h in opened(desk, submission).section("What happened to it").iter("h3")]
    assert headings == [
        "Handed in, 1 December 2026, 09:30, Pat Proposer",
        "Published, 1 December 2026, 09:30, Alex Approver",
    ]


def test_history_file_is_on_the_record(desk, people, submission):
    response = desk.get(address(submission) + "history.csv")
    assert response.status_code == 200 and response["Content-Type"].startswith("text/csv")
    assert f"submission-{submission.pk}-history.csv" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-cache"
    entry = audit.Entry.objects.of_action(audit.Action.EXPORTED).get()
    assert (entry.by, entry.about) == (people["approver"], submission.about)


def test_history_file_is_shut_to_strangers(client, people, submission):
    sign_in(client, people["stranger"])
    assert client.get(address(submission) + "history.csv").status_code == 403
    assert not audit.Entry.objects.of_action(audit.Action.EXPORTED).exists()
