"""A meeting on the room's screen: its steps, and each of them as a page, in public and at the desk."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards import papers, steps
from boards.changes import PledgeTurns
from boards.models import ActionVersion, BoardVersion, Meeting, MeetingVersion
from luton2040.editions import Edition
from tests import factories as make
from tests import reading, record
from tests.factories_boards import (
    a_pledge_report,
    a_turn,
    create_action_version,
    create_board_action,
    create_clerk,
    create_meeting,
    create_meeting_version,
    create_review,
)
from tests.factories_pledges import create_pledge
from tests.html_validity import problems
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
MEETS = True
SCREEN = "/boards/{}/{}/present/".format(*record.MEETING)
AT_DESK = f"/desk{SCREEN}"
SECRET = "zzyzx"
PATH = {"baseline": 2020, "target": (2030, 60)}


# --- the steps, without a database ---


def an_action(number, **fields):
    return ActionVersion(what=f"Do {number}", owner="A charity", due_on=date(2027, 1, number), **fields)


def the_papers(*turns, actions=0, closed=0, **fields):
    given = {"remit": None, "gone": [], "pledges": PledgeTurns(), "reviews": {}, "issued": None}
    return papers.Papers(
        vision=None,
        board=BoardVersion(name="A board"),
        meeting=Meeting(held_on=date(2026, 12, 10)),
        turns=list(turns),
        actions=[an_action(n, state="open") for n in range(1, actions + 1)],
        closed=[an_action(n, state="done", closed_on=date(2026, 11, n)) for n in range(1, closed + 1)],
        **given | fields,
    )


def turn(name, before, now=None, code="AA1"):
    return a_turn({"values": before}, {"values": now or before}, short_label=name, code=code, today=TODAY, **PATH)


TODAY = date(2025, 6, 1)
UNCHANGED = turn("As it was", {2020: 50, 2024: 55})
WORSE = turn("Fell", {2020: 50, 2024: 55}, {2020: 50, 2024: 48}, code="AA2")
BAD = turn("Bad before and now", {2020: 50, 2024: 48}, code="AA3")


def told(found):
    return [(step.kind.slug, step.name, step.group) for step in found]


def test_steps_are_what_changed_then_the_rest_then_what_is_done_and_to_do():
    pledges = PledgeTurns(made=[a_pledge_report()])
    found = steps.steps(the_papers(UNCHANGED, BAD, WORSE, pledges=pledges, actions=1, closed=1))
    assert told(found) == [
        ("opening", "Start", ""),
        ("outcome", "Fell", "Moved for the worse"),
        ("outcome", "Bad before and now", "Getting worse or target missed"),
        ("outcome", "As it was", "On track"),
        ("pledges", "Pledges", ""),
        ("closed", "Actions closed", ""),
        ("open", "Open actions", ""),
        ("ahead", "What falls due next", ""),
        ("end", "End", ""),
    ]
    assert [step.place for step in found] == [0, 1, 2, 3, 0, 0, 0, 0, 0]


def test_steps_take_outcomes_in_the_order_of_the_papers():
    found = the_papers(UNCHANGED, BAD, WORSE)
    assert [step.turn for step in steps.steps(found) if step.turn] == found.in_order == [WORSE, BAD, UNCHANGED]


def test_steps_of_a_board_without_outcomes():
    assert told(steps.steps(the_papers())) == [
        ("opening", "Start", ""),
        ("open", "Open actions", ""),
        ("end", "End", ""),
    ]


def test_long_list_is_shown_in_parts():
    found = [step for step in steps.steps(the_papers(actions=11)) if step.kind is steps.Kind.OPEN]
    assert [step.name for step in found] == [f"Open actions ({n} of 3)" for n in (1, 2, 3)]
    assert [action.what for step in found for action in step.rows] == [f"Do {n}" for n in range(1, 12)]
    assert len(found[0].rows) == steps.ROWS


@pytest.mark.parametrize(
    "asked, number",
    [
        pytest.param("", 0, id="none"),
        pytest.param("3", 3, id="there"),
        pytest.param("7", 7, id="last"),
        pytest.param("8", 7, id="one too far"),
        pytest.param("999", 7, id="too far"),
        pytest.param("9" * 5000, 7, id="huge"),
        pytest.param("0" * 5000 + "2", 2, id="with noughts before it"),
        pytest.param("-1", 0, id="before the first"),
        pytest.param("abc", 0, id="a word"),
        pytest.param("1.5", 0, id="no whole number"),
        pytest.param("²", 0, id="a digit that is no number"),
    ],
)
def test_step_that_is_not_there_is_the_nearest_that_is(asked, number):
    assert steps.nearest(asked, 7) == number


def test_what_falls_due_first_is_told_with_what_is_most_in_danger_first():
    near = {"today": date(2029, 12, 1), "target": (2030, 60), "baseline": 2020}
    well = record.a_report({2020: 50, 2021: 52, 2022: 55, 2023: 58, 2024: 59}, code="AA1", **near)
    badly = record.a_report({2020: 50, 2021: 50, 2022: 50, 2023: 49, 2024: 48}, code="AA2", **near)
    later = record.a_report({2020: 50}, code="AA3", **near | {"target": (2031, 60)})
    found = steps.pressing(the_papers(*(steps.Turn(report, None) for report in (well, badly, later))))
    assert [each.report.code for each in found] == ["AA2", "AA1"]
    assert steps.pressing(the_papers(UNCHANGED)) == []


# --- as pages ---


@pytest.fixture
def screen(exampleton, client):
    return lambda step="", query="": Page(client.get(f"{SCREEN}?step={step}{query}"))


def numbers(screen):
    """Of every step by its name, from the list of all."""
    links = (a for a in screen.all("a") if "?step=" in a.get("href") and not a.get("rel"))
    return {words(a): a.get("href").split("step=")[1] for a in links}


def test_first_step_names_the_board_the_day_and_what_changed(screen):
    first = screen()
    assert first.headings[0] == "A board"
    assert "Meeting of 24 November 2026" in first.main and "What changed since 1 June 2025" in first.main
    assert "2 outcomes are now late" in first.main
    assert first.all("a", rel="prev") == [] and first.one("a", rel="next").get("href") == f"{SCREEN}?step=1"


def test_outcome_has_its_status_its_sentence_its_chart_its_source_and_what_the_board_will_do(screen):
    number = numbers(screen())["Fair pay"]
    shown = screen(number)
    part = papers.turn_of(MeetingVersion.objects.get(), "XA2")
    assert shown.headings[0] == "Fair pay" and f"{number} of 3: Fair pay, A board" in shown.title
    assert shown.one("article").get("data-announce") == f"{number} of 3: Fair pay, {part.now.status.label.lower()}"
    for said in ("Now", part.now.status.label, "Source: A survey", "What we will do", "Ask more.", "Rents rose."):
        assert said in shown.main
    assert "We ask too." in shown.main and "Ask the mill." in shown.main
    assert len([e for e in shown.all("svg", role="img") if "Line chart" in e.get("aria-label")]) == 2
    assert f"{SCREEN}?step={int(number) + 1}" in shown.one("a", rel="next").get("href")
    assert [words(a) for a in shown.root.iter("a") if a.get("aria-current") == "step"] == ["Fair pay"]


def test_outcome_that_moved_tells_what_it_was(exampleton, client):
    make.create_edition()
    make.create_observation(measure="XA2", year=2025, value=700)
    meeting = Meeting.objects.get()
    later = {"pinned": Edition.objects.current(), "since": exampleton, "held_on": date(2026, 11, 30), "pk": None}
    for name, value in later.items():
        setattr(meeting, name, value)
    meeting.save()
    create_meeting_version(meeting=meeting)
    shown = Page(client.get(SCREEN.replace("24", "30") + "?step=1"))
    assert "Moved for the better" in shown.main and "Then Getting worse" in shown.main
    assert "It moved from “Getting worse” to “Target met”" in shown.main and "The target is" in shown.main


def test_outcome_without_values_says_so(screen):
    make.create_oversight(priority="clean-air")
    shown = screen(numbers(screen())["Clean rivers"])
    assert "Awaiting data. Nobody measures it yet." in shown.main and shown.all("figure") == []


def test_every_step_is_a_sound_page_and_leads_to_the_next(screen):
    path, found = f"{SCREEN}?step=0", []
    while path:
        found.append(screen(path.split("step=")[1]))
        path = next((a.get("href") for a in found[-1].all("a", rel="next")), "")
    names = [shown.headings[0] for shown in found]
    assert names[0] == "A board" and names[-3:] == ["Open actions", "What falls due next", "That is all"]
    assert len(names) == len(numbers(found[-1])) == 7 == len({shown.title for shown in found})
    assert found[-1].link("To the papers") == SCREEN.removesuffix("present/")
    assert [fault for shown in found for check in reading.CHECKS for fault in check(shown)] == []
    assert problems({shown.title: shown.html for shown in found}) == []


def test_actions_are_told_as_they_stand_on_the_day(screen):
    (row,) = screen(numbers(screen())["Open actions"]).rows()
    assert row == [
        "Ask the mill. (for Fair pay)",
        "A charity",
        "Overdue It was due on 1 November 2026, three weeks ago.",
    ]


def test_pledges_and_what_falls_due_are_told(screen):
    create_pledge(serves=["XA1"], made_on="2025-01", title="Buy nearby")
    make.create_outcome(
        code="XA9", position=9, values={2020: 50}, baseline=2020, milestones={2027: 55}, target=(2035, 60)
    )
    every = numbers(screen())
    assert "Nothing has been heard of the pledge “Buy nearby”" in screen(every["Pledges"]).main
    ahead = screen(every["What falls due next"])
    assert (
        "1 after that, within 24 months" in ahead.main and "Milestone: 55.0% or more by the end of 2027" in ahead.main
    )
    assert "Cannot be said" in ahead.main and reading.has_headings_in_order(ahead) == []


@pytest.mark.parametrize("asked, heading", [("abc", "A board"), ("-1", "A board"), ("999", "That is all")])
def test_page_of_a_step_that_is_not_there_is_the_nearest(screen, asked, heading):
    assert screen(asked).headings[0] == heading


def test_first_papers_tell_how_many_outcomes_stand_where(exampleton, client):
    MeetingVersion.objects.update(since=None, since_on=None)
    first = Page(client.get(SCREEN)).main
    assert "how its 3 outcomes stand, worst first. 1 getting worse or target missed1 off track1 late" in first


def test_first_meeting_of_a_board_without_outcomes(exampleton, client):
    make.Oversight.objects.all().delete()
    ActionVersion.objects.all().delete()
    MeetingVersion.objects.update(since=None, since_on=None)
    first, second, last = (Page(client.get(f"{SCREEN}?step={number}")) for number in range(3))
    assert "No outcome is linked to this board." in first.main and "Welcome to all." in first.main
    assert "No action is open." in second.main
    assert last.headings[0] == "That is all" and "0 open actions." in last.main


def test_older_edition_is_kept_from_step_to_step(exampleton, client):
    make.create_edition()
    shown = Page(client.get(f"{SCREEN}?edition=1&step=1"))
    assert shown.one("a", rel="next").get("href") == f"{SCREEN}?step=2&edition=1"
    assert "You are reading edition 1" in shown.text


@pytest.mark.parametrize("path", [SCREEN, AT_DESK])
def test_queries_of_a_step_do_not_grow_with_the_outcomes(exampleton, client, path):
    make.sign_in(client, create_clerk())
    client.get(path)

    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{path}?step=2").status_code == 200
        return len(queries)

    before = counted()
    for number in range(10):
        make.create_outcome(code=f"Y{number}", position=6 + number, values={2020: 50, 2024: 54}, target=(2035, 70))
    assert counted() == before <= 60


# --- what is private ---


def test_private_is_shown_at_the_desk_and_marked_and_never_in_public(exampleton, client):
    meeting = Meeting.objects.get(held_on=record.MEETING[1])
    review = {"meeting": meeting, "outcome": "XA1", "story": SECRET, "what_we_will_do": f"{SECRET} next"}
    create_review(signed_off=True, **review)
    create_board_action(meeting=meeting, what=f"{SECRET} action", owner=SECRET)
    create_meeting_version(meeting=create_meeting(held_on=date(2026, 10, 1), pinned=exampleton))
    closed = {"state": "done", "closed_on": date(2026, 11, 5), "result": "It is there."}
    create_board_action(meeting=meeting, what=f"{SECRET} done", **closed)
    public = create_board_action(meeting=meeting, what="For all", is_public=True)
    create_action_version(action=public)
    of_public = [client.get(f"{SCREEN}?step={number}").content.decode() for number in range(10)]
    assert "For all" in "".join(of_public) and SECRET not in "".join(of_public)
    make.sign_in(client, create_clerk())
    every = numbers(Page(client.get(AT_DESK)))
    names = ("Good jobs", "Actions closed", "Open actions")
    outcome, done, actions = (Page(client.get(f"{AT_DESK}?step={every[name]}")) for name in names)
    assert f"What we will do private{SECRET} next" in outcome.main
    assert any(f"{SECRET} action private" in row[0] for row in actions.rows())
    assert f"{SECRET} done A charity privateDone on 5 November 2026. It is there." in done.main
    assert "As prepared, with what is private" in outcome.text
    assert outcome.response["Cache-Control"] == "private, no-cache"
    assert outcome.link("The meeting at the desk") == AT_DESK.removesuffix("present/")
