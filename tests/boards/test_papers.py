"""The papers of a meeting: what they compare, what is in them, and that they can be made again at any time."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards import papers, sentences
from boards.changes import News, Place
from boards.models import ActionVersion, BoardVersion, MeetingVersion, Oversight
from luton2040.vision import Vision
from outcomes import sentences as outcome_sentences
from outcomes.models import MeasureVersion, Milestone, Observation, OutcomeVersion, PlanOutcome
from pledges.models import PledgeUpdate, PledgeVersion
from priorities.models import PlanVersion, PriorityVersion
from tests import factories as make
from tests import record
from tests.factories_boards import (
    create_action_version,
    create_board_action,
    create_meeting,
    create_meeting_version,
    create_review,
    create_review_version,
)
from tests.factories_pledges import create_commitment_outcome, create_pledge, create_pledge_update

pytestmark = pytest.mark.django_db


def issued(year, month, day):
    return make.create_edition(now=datetime(year, month, day, 12, tzinfo=ZoneInfo("Europe/London")))


def instead(edition, row, **fields):
    """The row says something else from this edition on."""
    ended(edition, row)
    other = record.changed(row, first_edition=edition, **fields)
    other.save()
    return other


def ended(edition, row):
    type(row).objects.filter(pk=row.pk).update(last_edition=edition.number - 1)


@pytest.fixture
def two_meetings(db):
    """In January a first meeting; in June a second one, before which something of every kind had happened."""
    at = SimpleNamespace(first=issued(2026, 1, 10))
    make.create_place()
    path = {"baseline": 2020, "target": (2030, 60), "tolerance": 1}
    make.create_outcome(code="AA1", milestones={2026: 53}, values={2020: 50, 2021: 51, 2022: 52}, **path)
    make.create_outcome(code="AA2", position=2, values={2020: 50, 2022: 48}, **path)
    make.create_outcome(code="BB1", position=3, priority="clean-air", name="Clean rivers", values={2020: 50}, **path)
    make.create_outcome(code="CC1", position=4, priority="far-away", values={2020: 50}, **path)
    make.create_board()
    make.create_oversight(priority="good-work")
    plan = make.create_plan()
    at.oversight = make.create_oversight(plan=plan.plan_id, standing="inferred")
    make.create_plan_outcome(outcome="BB1")
    create_pledge(serves=["AA1"], made_on="2025-06")
    create_pledge(slug="elsewhere", serves=["CC1"])
    at.done, at.open = (create_board_action(what=what, is_public=True) for what in ("Open a fair", "Plant trees"))

    at.second = issued(2026, 1, 20)
    at.january = create_meeting(held_on=date(2026, 1, 31), pinned=at.first, read_on=date(2026, 1, 15))
    create_meeting_version(meeting=at.january)
    actions = [create_action_version(action=action) for action in (at.done, at.open)]

    at.third = issued(2026, 5, 1)
    make.create_observation(measure="AA1", year=2023, value=48)
    instead(at.third, actions[0], state="done", closed_on=date(2026, 4, 1), result="It was full")
    ended(at.third, at.oversight)
    create_pledge_update(said_on=date(2026, 4, 1))
    create_pledge(slug="brand-new", title="A new pledge", serves=["AA2"])
    create_commitment_outcome(commitment="elsewhere-1", outcome="AA1")

    at.fourth = issued(2026, 5, 20)
    at.june = create_meeting(
        held_on=date(2026, 6, 30),
        pinned=at.third,
        since=at.first,
        since_on=at.january.read_on,
        read_on=date(2026, 5, 5),
        introduction="A long agenda.",
    )
    create_meeting_version(meeting=at.june)
    at.review = create_review_version(review=create_review(meeting=at.june, story="It rained.", is_public=True))
    return at


def of(meeting, edition, **options):
    version = MeetingVersion.objects.at(edition).get(meeting=meeting)
    return papers.published(version, edition, **options)


def codes(groups):
    return [(kind, [turn.now.code for turn in turns]) for kind, turns in groups]


# --- what is in them ---


def test_first_papers_compare_with_nothing(two_meetings):
    at = two_meetings
    found = of(at.january, at.second)
    assert (found.is_first, found.news, found.tally, found.pledges_told, found.closed, found.gone) == (
        True, [], [], [], [], [],
    )  # fmt: skip
    assert codes(found.rest) == [
        (Place.WORSE, ["AA2"]),
        (Place.UNKNOWN, ["BB1"]),
        (Place.ON_TRACK, ["AA1"]),
    ]
    assert [a.what for a in found.open_actions] == ["Open a fair", "Plant trees"]
    assert (found.pinned, found.issued, found.held_on) == (at.first, at.second, date(2026, 1, 31))


def test_next_papers_tell_what_changed_since(two_meetings):
    at = two_meetings
    found = of(at.june, at.fourth)
    assert not found.is_first
    assert codes(found.news) == [(News.WORSE, ["AA1"])] and codes(found.rest) == [(Place.WORSE, ["AA2"])]
    assert [turn.now.code for turn in found.in_order] == ["AA1", "AA2"] == [r.code for r in found.reports]
    assert [report.code for report in found.gone] == ["BB1"]
    assert [said for _, said in found.pledges_told] == [
        "The pledge “A new pledge” of A charity was made.",
        "The pledge “A pledge” of A charity has an update of 1 April 2026, said by the partner.",
    ]
    assert [sentences.closed(action) for action in found.closed] == ["Done on 1 April 2026. It was full."]
    assert [a.what for a in found.open_actions] == ["Plant trees"]
    assert found.tally == [
        "1 outcome moved for the worse",
        "1 outcome is gone",
        "1 value came in",
        "1 pledge was made",
        "1 pledge was updated",
        "1 action was closed",
    ]
    assert [(months, [each.report.code for each in of]) for months, of in found.horizons] == [
        (6, []),
        (12, ["AA1"]),
        (24, []),
    ]
    assert {code: review.story for code, review in found.reviews.items()} == {"AA1": "It rained."}


def test_both_sides_are_read_as_of_their_days(two_meetings):
    at = two_meetings
    turn = of(at.june, at.fourth).turns[0]
    assert (turn.before.today, turn.now.today) == (date(2026, 1, 15), date(2026, 5, 5))
    assert (len(turn.before.series), len(turn.now.series)) == (3, 4)


def test_one_edition_pinned_twice_differs_by_what_time_brought(two_meetings):
    at = two_meetings
    MeasureVersion.objects.filter(measure="AA2").update(release_lag_months=30)
    again = create_meeting(
        held_on=date(2026, 12, 1), pinned=at.third, since=at.third, since_on=date(2026, 5, 5), read_on=date(2026, 11, 1)
    )
    found = papers.published(create_meeting_version(meeting=again), at.fourth)
    assert codes(found.news) == [(News.LATE, ["AA2"])]
    assert (found.tally, found.gone, found.closed) == (["1 outcome is now late"], [], [])


def test_full_papers_hold_what_pages_of_outcomes_show(two_meetings):
    at = two_meetings
    brief, full = of(at.june, at.fourth), of(at.june, at.fourth, full=True)
    assert (brief.reports[0].observations, set(full.reports[0].observations)) == ({}, {make.HOME})
    assert codes(brief.news) == codes(full.news) and brief.tally == full.tally


def test_board_that_the_pinned_edition_does_not_have_yet_is_as_first_told_of(two_meetings):
    at = two_meetings
    first = make.create_board(slug="new-board", name="New board", position=2)
    instead(make.create_edition(), first, name="Renamed board")
    version = create_meeting_version(meeting=create_meeting(board="new-board", pinned=at.first))
    found = papers.published(version, version.first_edition)
    assert (found.board.name, found.turns, found.news, found.rest) == ("New board", [], [], [])


# --- made again later ---


def content(row):
    return {name: getattr(row, name) for name in type(row).content_fields()}


def everything(found):
    """All that papers can say, as one value to compare."""
    reports = [
        (
            [content(row) for row in (turn.now.outcome, turn.now.measure, turn.now.priority)],
            turn.now.series,
            turn.now.observations,
            [str(area.name) for area in turn.now.areas.values()],
            [(*point.place, point.value, point.standing) for point in turn.now.path],
            [plan.name for plan, _ in turn.now.plans],
            [action.text for action in turn.now.actions],
            turn.now.status,
            turn.now.freshness,
            outcome_sentences.takeaway(turn.now),
            sentences.told(turn),
            str(found.remit.way_to(turn.now)),
            turn.before and turn.before.series,
        )
        for turn in found.in_order
    ]
    return {
        "vision": found.vision.name,
        "board": (found.board.name, found.board.purpose),
        "meeting": (found.held_on, found.meeting.introduction, found.pinned.number, found.issued.number),
        "reports": reports,
        "news": codes(found.news),
        "rest": codes(found.rest),
        "gone": [sentences.gone(report) for report in found.gone],
        "tally": found.tally,
        "pledges": [said for _, said in found.pledges_told],
        "reviews": [(review.outcome_id, review.story, review.replies) for review in found.reviews.values()],
        "actions": [(a.what, a.owner, a.due_on, a.state, a.closed_on, a.result) for a in found.actions],
        "closed": [sentences.closed(action) for action in found.closed],
        "horizons": [
            (months, each.report.code, each.risk, each.why) for months, group in found.horizons for each in group
        ],
    }


def change_everything(at):
    """Later editions: a value revised, one withdrawn, one new; targets, names and texts; links; what the board said."""
    later = issued(2026, 9, 1)

    def row(model, **of):
        return model.objects.current().get(**of)

    instead(later, row(Observation, measure="AA1", period_start=date(2023, 1, 1)), value=70)
    ended(later, row(Observation, measure="AA2", period_start=date(2022, 1, 1)))
    make.create_observation(measure="AA1", year=2024, value=10)
    instead(later, row(Milestone, measure="AA1", kind="target"), value=99)
    ended(later, row(Milestone, measure="AA1", kind="milestone"))
    instead(later, row(OutcomeVersion, outcome="AA1"), name="Another name", position=9)
    instead(later, row(MeasureVersion, measure="AA1"), name="Another measure", tolerance=20, direction="lower")
    instead(later, row(PriorityVersion, priority="good-work"), name="Other work")
    instead(later, row(PlanVersion, plan="a-plan"), name="Another plan")
    instead(later, row(Vision), name="Elsewhere 2050")
    instead(later, row(BoardVersion, board="a-board"), purpose="Something else.", name="Other board")
    ended(later, row(Oversight, priority="good-work"))
    make.create_plan_outcome(outcome="CC1")
    ended(later, row(PlanOutcome, outcome="BB1"))
    instead(later, row(PledgeVersion, pledge="brand-new"), title="Another pledge")
    instead(later, row(PledgeUpdate), said_on=date(2026, 4, 9))
    at.corrected = instead(later, at.review, story="It poured.", replies=[{"organisation": "A", "on": "", "text": "B"}])
    at.reworded = instead(later, row(MeetingVersion, meeting=at.june), introduction="A short agenda.")
    instead(later, row(ActionVersion, action=at.done), result="It was half full", owner="A college")
    instead(
        later, row(ActionVersion, action=at.open), what="Plant more trees", state="dropped", closed_on=date(2026, 8, 1)
    )
    at.agreed = create_board_action(meeting=at.june, what="Agreed at the meeting", is_public=True)
    create_action_version(action=at.agreed)
    create_action_version(action=create_board_action(what="Agreed much later", is_public=True))
    at.newest = issued(2026, 9, 2)
    return at


def test_papers_as_issued_are_the_same_whatever_is_published_later(two_meetings):
    at = two_meetings
    version = MeetingVersion.objects.at(at.fourth).get(meeting=at.june)
    before = everything(papers.as_issued(version))
    assert before == everything(of(at.june, at.fourth, full=True))
    change_everything(at)
    assert everything(papers.as_issued(version)) == everything(papers.as_issued(at.reworded)) == before


def test_page_of_a_meeting_says_what_was_corrected_and_nothing_else_that_is_new(two_meetings):
    at = two_meetings
    before = everything(of(at.june, at.fourth, full=True))
    change_everything(at)
    now = everything(of(at.june, at.newest, full=True))
    assert now["meeting"][1] == "A short agenda."
    assert now["reviews"] == [("AA1", "It poured.", [{"organisation": "A", "on": "", "text": "B"}])]
    assert now["closed"] == ["Done on 1 April 2026. It was half full."]
    assert {what: (state, closed_on) for what, _, _, state, closed_on, _ in now["actions"]} == {
        "Open a fair": ("done", date(2026, 4, 1)),
        "Plant more trees": ("open", None),
        "Agreed at the meeting": ("open", None),
    }
    told = ("meeting", "reviews", "closed", "actions")
    assert {k: v for k, v in now.items() if k not in told} == {k: v for k, v in before.items() if k not in told}


def test_what_is_no_longer_public_is_on_no_page(two_meetings):
    at = two_meetings
    later = issued(2026, 9, 1)
    ended(later, at.review)
    ended(later, ActionVersion.objects.at(at.fourth).get(action=at.done))
    found = of(at.june, later)
    assert (found.reviews, found.closed, [a.what for a in found.actions]) == ({}, [], ["Plant trees"])
    assert set(papers.as_issued(found.meeting).reviews) == {"AA1"}


def test_meeting_that_is_published_late_does_not_come_between_two_that_were(two_meetings):
    at = two_meetings
    later = issued(2026, 9, 1)
    create_meeting_version(meeting=create_meeting(held_on=date(2026, 3, 1), pinned=at.first))
    assert [a.what for a in of(at.june, later).closed] == ["Open a fair"]


def test_action_that_was_reopened_since_is_done_where_the_meeting_had_it_done(two_meetings):
    at = two_meetings
    later = issued(2026, 9, 1)
    instead(later, ActionVersion.objects.current().get(action=at.done), state="open", closed_on=None, result="")
    found = of(at.june, later)
    assert [sentences.closed(action) for action in found.closed] == ["Done on 1 April 2026. It was full."]
    assert [action.what for action in found.open_actions] == ["Plant trees"]


def test_review_that_is_published_after_the_papers_is_on_the_page_only(two_meetings):
    at = two_meetings
    later = issued(2026, 9, 1)
    review = create_review(meeting=at.june, outcome="AA2", story="Late.", is_public=True)
    create_review_version(edition=later, review=review)
    page = of(at.june, later)
    assert set(page.reviews) == {"AA1", "AA2"} and set(papers.as_issued(page.meeting).reviews) == {"AA1"}


# --- how much is read ---


@pytest.mark.parametrize(
    "read, queries",
    [
        pytest.param(lambda version, at: papers.published(version, at), 42, id="page"),
        pytest.param(lambda version, at: papers.as_issued(version), 54, id="pack"),
    ],
)
def test_papers_take_a_fixed_number_of_queries(two_meetings, read, queries):
    at, found = two_meetings, []

    def counted():
        version = MeetingVersion.objects.select_related("pinned", "since").get(meeting=at.june)
        with CaptureQueriesContext(connection) as captured:
            found.append(everything(read(version, at.fourth)))
        return len(captured)

    assert counted() == queries
    for number in range(20):
        make.create_outcome(
            edition=at.first, code=f"AA{number + 3}", position=number + 5, values={2020: 1, 2021: 2}, target=(2027, 5)
        )
        create_pledge(edition=at.first, slug=f"pledge-{number}", serves=[f"AA{number + 3}"])
        create_action_version(edition=at.second, action=create_board_action(what=f"Act {number}", is_public=True))
    assert counted() == queries
    assert [len(each["reports"]) for each in found] == [2, 22]
