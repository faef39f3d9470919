"""What changed between two reports of an outcome, and the order in which a meeting takes it."""

from datetime import date
from itertools import product

import pytest

from boards.changes import News, Place, Turn, by_news, by_place, closed_since, gone, pledge_turns, turns, worst_first
from boards.models import ActionVersion
from outcomes.progress import MilestoneState, Status
from tests.factories_boards import PATH, STANDING, a_pledge_report, a_turn
from tests.record import a_report, value

MOVES = {News.WORSE, News.BETTER, News.JUDGED}
BREAK = {"number": 60, "markers": "[b]"}


def years(values):
    return [v.period.start.year for v in values]


# --- statuses ---


def test_each_standing_has_its_status():
    assert all(a_report(**given).status is status for status, given in STANDING.items())
    assert set(STANDING) == set(Status)


@pytest.mark.parametrize(
    "was, now, kind",
    [
        pytest.param(Status.ON_TRACK, Status.TARGET_MET, News.BETTER, id="target met"),
        pytest.param(Status.TARGET_MET, Status.ON_TRACK, News.WORSE, id="target lost again"),
        pytest.param(Status.TOO_SLOW, Status.ON_TRACK, News.BETTER, id="back on track"),
        pytest.param(Status.ON_TRACK, Status.TOO_SLOW, News.WORSE, id="too slow now"),
        pytest.param(Status.GETTING_WORSE, Status.ON_TRACK, News.BETTER, id="from worst to on track"),
        pytest.param(Status.TARGET_MISSED, Status.LIMITED_PROGRESS, News.BETTER, id="target moved after it was missed"),
        pytest.param(Status.NO_CLEAR_CHANGE, Status.LIMITED_PROGRESS, News.BETTER, id="begins to improve"),
        pytest.param(Status.LIMITED_PROGRESS, Status.NO_CLEAR_CHANGE, News.WORSE, id="improvement gone"),
        pytest.param(Status.TARGET_MET, Status.TARGET_MISSED, News.WORSE, id="missed in the end"),
        pytest.param(Status.GETTING_WORSE, Status.TARGET_MISSED, News.WORSE, id="no comfort in a target missed"),
        pytest.param(Status.TARGET_MISSED, Status.GETTING_WORSE, News.WORSE, id="nor in getting worse"),
        pytest.param(Status.TOO_EARLY, Status.GETTING_WORSE, News.WORSE, id="known now, and bad"),
        pytest.param(Status.GETTING_WORSE, Status.TOO_EARLY, News.JUDGED, id="no longer known to be bad"),
        pytest.param(Status.NO_DATA, Status.ON_TRACK, News.JUDGED, id="known now"),
        pytest.param(Status.ON_TRACK, Status.NO_DATA, News.JUDGED, id="no longer known"),
        pytest.param(Status.NO_DATA, Status.BASELINE_ONLY, News.JUDGED, id="still not known"),
    ],
)
def test_move_is_for_the_worse_or_the_better_or_from_or_to_what_is_not_known(was, now, kind):
    turn = a_turn(STANDING[was], STANDING[now])
    assert turn.is_moved and turn.main_news is kind


def test_every_move_is_of_one_kind():
    for was, now in product(Status, repeat=2):
        assert len(MOVES.intersection(a_turn(STANDING[was], STANDING[now]).news)) == (was is not now), (was, now)


def test_nothing_changed():
    for given in STANDING.values():
        turn = a_turn(given)
        assert (turn.news, turn.main_news, turn.is_moved) == ([], None, False)


# --- values ---

GROWTH = {2020: 50, 2021: 51, 2022: 52}


@pytest.mark.parametrize(
    "now, news, came_in, revised, withdrawn",
    [
        pytest.param(GROWTH | {2023: 53}, [News.VALUES], [2023], [], [], id="one came in"),
        pytest.param(GROWTH | {2023: 53, 2024: 54}, [News.VALUES], [2023, 2024], [], [], id="two"),
        pytest.param({2019: 49} | GROWTH, [News.VALUES], [2019], [], [], id="older than those held"),
        pytest.param(GROWTH | {2022: "52.1"}, [News.REVISED], [], [2022], [], id="revised"),
        pytest.param(
            GROWTH | {2022: {"number": 52, "lower": 51, "upper": 53}}, [News.REVISED], [], [2022], [], id="limits only"
        ),
        pytest.param(GROWTH | {2022: {"number": 52, "markers": "[r]"}}, [], [], [], [], id="a marker is no news"),
        pytest.param({2020: 50, 2022: 52}, [News.REVISED], [], [], [2021], id="withdrawn"),
        pytest.param(
            {2020: 50, 2022: "52.1", 2023: 53}, [News.REVISED, News.VALUES], [2023], [2022], [2021], id="all at once"
        ),
        pytest.param(
            {2020: 50, 2021: 51, 2022: 48},
            [News.WORSE, News.REVISED],
            [],
            [2022],
            [],
            id="a revision that moves the status",
        ),
    ],
)
def test_values_come_in_are_revised_or_withdrawn(now, news, came_in, revised, withdrawn):
    turn = a_turn({"values": GROWTH}, {"values": now}, **PATH)
    assert turn.news == news
    assert (years(turn.came_in), years(v for _, v in turn.revised), years(turn.withdrawn)) == (
        came_in,
        revised,
        withdrawn,
    )


def test_revised_value_comes_with_what_it_was():
    ((was, now),) = a_turn({"values": GROWTH}, {"values": GROWTH | {2021: "51.5"}}).revised
    assert (was.value, str(now.value)) == (51, "51.5")


def test_value_of_another_length_is_another_value():
    turn = a_turn({"values": [value(50, start=2020)]}, {"values": [value(50, start=2020, duration="P3Y")]})
    assert (len(turn.came_in), len(turn.withdrawn)) == (1, 1)


# --- measured in another way ---


@pytest.mark.parametrize(
    "before, now, start",
    [
        pytest.param(GROWTH, GROWTH | {2023: BREAK}, 2023, id="new series"),
        pytest.param(GROWTH, GROWTH | {2023: BREAK, 2024: 40}, 2023, id="with more values since"),
        pytest.param(GROWTH, {2020: 50, 2021: 51, 2022: BREAK}, 2022, id="break put on a value"),
        pytest.param({2020: 50, 2021: BREAK}, {2020: 50, 2021: BREAK, 2022: BREAK}, 2022, id="another break"),
        pytest.param({2020: 50, 2021: BREAK}, {2020: 50, 2021: BREAK, 2022: 61}, None, id="the same break"),
        pytest.param({2020: 50, 2021: BREAK}, {2020: 50, 2021: 60}, None, id="break taken off"),
        pytest.param({2020: 50, 2021: 51}, {2021: BREAK}, None, id="nothing before it any more"),
        pytest.param({}, {2020: 50, 2021: BREAK}, None, id="no values before"),
        pytest.param(GROWTH, {}, None, id="no values now"),
    ],
)
def test_new_series_is_found(before, now, start):
    turn = a_turn({"values": before}, {"values": now}, **PATH)
    assert (turn.new_series and turn.new_series.period.start.year) == start
    assert turn.is_measured_anew == (News.ANEW in turn.news) == (start is not None)


def test_status_of_a_new_series_did_not_move():
    turn = a_turn({"values": GROWTH}, {"values": GROWTH | {2023: BREAK}}, **PATH)
    assert (turn.before.status, turn.now.status) == (Status.ON_TRACK, Status.TARGET_MET)
    assert (turn.is_moved, turn.news) == (False, [News.ANEW, News.VALUES])


def test_another_measure_is_compared_with_nothing():
    """Its values are not new values of the old one, its goals no change of the old one's path."""
    before = {"code": "AA1", **STANDING[Status.ON_TRACK]}
    now = {"code": "AA1b", "values": {2024: 9}, "milestones": {2023: 8}, "target": (2035, 60)}
    turn = a_turn(before, now)
    assert turn.news == [News.ANEW] and not turn.is_moved
    assert (turn.came_in, turn.revised, turn.withdrawn, turn.milestones, turn.points) == ([], [], [], [], ([], []))


def test_new_outcome_is_no_move():
    (turn,) = turns([], [a_report(**STANDING[Status.GETTING_WORSE])])
    assert (turn.is_new, turn.is_moved, turn.news) == (True, False, [News.NEW])


def test_first_meeting_has_no_news():
    now = [a_report(**given, code=status.name) for status, given in STANDING.items()]
    found = turns(None, now)
    assert [turn.now for turn in found] == now and by_news(found) == [] and gone(None, now) == []


def test_outcome_of_the_earlier_side_only_is_gone():
    kept, dropped = a_report(code="AA1"), a_report(code="BB1")
    assert [turn.now.code for turn in turns([dropped, kept], [kept])] == ["AA1"]
    assert gone([dropped, kept], [kept]) == [dropped]


# --- milestones, the path and lateness ---

THEN, NOW = date(2026, 3, 1), date(2026, 9, 1)


@pytest.mark.parametrize(
    "due_on, told",
    [
        pytest.param(THEN.replace(day=2), True, id="the day after"),
        pytest.param(THEN, False, id="on the earlier day: told then"),
        pytest.param(NOW, True, id="on the later day"),
        pytest.param(NOW.replace(day=2), False, id="a day to come"),
        pytest.param(date(2025, 12, 31), False, id="long past, and still not known"),
    ],
)
def test_milestone_falls_due_between_the_days(due_on, told):
    turn = a_turn({"today": THEN}, {"today": NOW}, values={2024: 50}, milestones={due_on: 55})
    assert ([goal.due_on for goal in turn.milestones], turn.news) == (
        ([due_on], [News.MILESTONES]) if told else ([], [])
    )


@pytest.mark.parametrize(
    "was, now, told",
    [
        pytest.param({2023: 52}, {2023: 52, 2024: 53}, MilestoneState.MISSED, id="judged only now"),
        pytest.param({2024: 55}, {2024: 53}, MilestoneState.MISSED, id="met, until it was revised"),
        pytest.param({2024: 53}, {2024: 54}, MilestoneState.MET, id="missed, until it was revised"),
        pytest.param({2024: 53}, {2024: "53.5"}, None, id="missed all the same"),
        pytest.param({2024: 55}, {2024: 55, 2025: 50}, None, id="judged once and for good"),
        pytest.param({2024: 55}, {2023: 52}, None, id="its value was withdrawn"),
    ],
)
def test_milestone_is_news_when_it_turns_out(was, now, told):
    both = {"baseline": 2020, "milestones": {2024: 54}, "target": (2040, 90)}
    turn = a_turn({"values": {2020: 50} | was}, {"values": {2020: 50} | now}, **both)
    assert [goal.state for goal in turn.milestones] == ([told] if told else [])


def test_target_falls_due_like_a_milestone():
    turn = a_turn({"today": THEN}, {"today": NOW}, values={2024: 50}, target=(date(2026, 6, 30), 55))
    assert [goal.is_target for goal in turn.milestones] == [True]


PLANNED = {"baseline": 2020, "milestones": {2025: 55}, "target": (2030, 60)}


@pytest.mark.parametrize(
    "now, was_said, is_said",
    [
        pytest.param({"target": (2035, 60)}, [("target", 2030)], [("target", 2035)], id="target moved its date"),
        pytest.param({"target": (2030, 65)}, [("target", 2030)], [("target", 2030)], id="another value"),
        pytest.param({"milestones": {2026: 55}}, [("milestone", 2025)], [("milestone", 2026)], id="milestone moved"),
        pytest.param({"milestones": {}}, [("milestone", 2025)], [], id="milestone removed"),
        pytest.param({"milestones": {2025: 55, 2027: 57}}, [], [("milestone", 2027)], id="milestone added"),
        pytest.param({"baseline": 2022}, [("baseline", 2020)], [("baseline", 2022)], id="start moved"),
        pytest.param({"baseline": None}, [("baseline", 2020)], [], id="start removed"),
        pytest.param(
            {"standing": "published"},
            [("milestone", 2025), ("target", 2030)],
            [("milestone", 2025), ("target", 2030)],
            id="agreed",
        ),
        pytest.param({}, [], [], id="nothing"),
    ],
)
def test_path_is_changed_by_points_that_are_set_anew(now, was_said, is_said):
    turn = a_turn(PLANNED, PLANNED | now, values={})
    assert [[(p.kind, p.due_on.year) for p in points] for points in turn.points] == [was_said, is_said]
    assert turn.is_path_changed == (News.PATH in turn.news) == bool(was_said or is_said)


@pytest.mark.parametrize(
    "then, now, is_news",
    [
        pytest.param(date(2026, 9, 28), date(2026, 9, 29), True, id="late from that day"),
        pytest.param(date(2026, 9, 29), date(2027, 9, 29), False, id="late already"),
        pytest.param(date(2026, 7, 1), date(2026, 9, 28), False, id="due, not late"),
    ],
)
def test_value_grows_late_by_time_alone(then, now, is_news):
    """As where one edition is pinned for two meetings."""
    turn = a_turn({"today": then}, {"today": now}, values={2024: 50}, release_lag_months=6)
    assert turn.news == ([News.LATE] if is_news else [])


# --- the order of a meeting ---

LATE = {"release_lag_months": 0}


@pytest.mark.parametrize(
    "status, more, place",
    [
        pytest.param(Status.GETTING_WORSE, LATE, Place.WORSE, id="getting worse, and late"),
        pytest.param(Status.TARGET_MISSED, {}, Place.WORSE, id="target missed"),
        pytest.param(Status.LIMITED_PROGRESS, LATE, Place.OFF_TRACK, id="off track, and late"),
        pytest.param(Status.TOO_SLOW, {}, Place.OFF_TRACK, id="too slow"),
        pytest.param(Status.ON_TRACK, LATE, Place.LATE, id="on track, and late"),
        pytest.param(Status.TOO_EARLY, LATE, Place.LATE, id="not known, and late"),
        pytest.param(Status.NO_DATA, LATE, Place.UNKNOWN, id="no value can be late"),
        pytest.param(Status.TARGET_MET, {}, Place.ON_TRACK, id="target met"),
    ],
)
def test_place_of_an_outcome_that_did_not_change(status, more, place):
    assert a_turn(STANDING[status], **more).place is place


def of(code, was, now=None, **more):
    return a_turn(STANDING[was], STANDING[now or was], code=code, **more)


def test_meeting_takes_changes_first_and_every_outcome_once():
    found = [
        of("same", Status.ON_TRACK),
        of("lost", Status.TARGET_MET, Status.GETTING_WORSE),
        of("still bad", Status.GETTING_WORSE),
        of("gained", Status.GETTING_WORSE, Status.ON_TRACK),
        of("late", Status.ON_TRACK, **LATE),
        of("slower", Status.ON_TRACK, Status.TOO_SLOW),
        of("unknown", Status.NO_DATA),
        of("slow", Status.TOO_SLOW),
        of("limited", Status.LIMITED_PROGRESS),
        Turn(a_report(code="new"), None, is_new=True),
        of("slower too", Status.ON_TRACK, Status.TOO_SLOW),
    ]
    assert [(kind, [t.now.code for t in group]) for kind, group in by_news(found)] == [
        (News.WORSE, ["lost", "slower", "slower too"]),
        (News.BETTER, ["gained"]),
        (News.NEW, ["new"]),
    ]
    assert [(place, [t.now.code for t in group]) for place, group in by_place(found)] == [
        (Place.WORSE, ["still bad"]),
        (Place.OFF_TRACK, ["limited", "slow"]),
        (Place.LATE, ["late"]),
        (Place.UNKNOWN, ["unknown"]),
        (Place.ON_TRACK, ["same"]),
    ]
    order = [turn.now.code for turn in worst_first(found)]
    assert sorted(order) == sorted(turn.now.code for turn in found)
    assert order[0] == "lost" and order[-1] == "same"


# --- pledges and actions ---


def test_pledges_are_made_updated_fall_silent_or_end():
    heard, silent = date(2025, 8, 1), {"today": NOW}
    ended = {"withdrawn_on": date(2026, 2, 1), "withdrawn_why": "It closed."}
    before = [
        a_pledge_report("told", updates=[heard], today=THEN),
        a_pledge_report("told late", updates=[heard], today=date(2026, 5, 1)),
        a_pledge_report("quiet", updates=[heard], today=THEN),
        a_pledge_report("long quiet", updates=[date(2020, 1, 1)], today=THEN),
        a_pledge_report("over", today=THEN),
        a_pledge_report("given up", updates=[heard], today=THEN),
        a_pledge_report("long given up", today=THEN, **ended),
    ]
    now = [
        a_pledge_report("told", updates=[heard, date(2026, 8, 1)], **silent),
        a_pledge_report("told late", updates=[date(2024, 8, 1), heard], today=date(2026, 6, 1)),
        a_pledge_report("quiet", updates=[heard], **silent),
        a_pledge_report("long quiet", updates=[date(2020, 1, 1)], **silent),
        a_pledge_report("made", **silent),
        a_pledge_report("given up", updates=[heard], **silent, **ended),
        a_pledge_report("long given up", **silent, **ended),
    ]
    found = pledge_turns(before, now)
    told = [[p.slug for p in kind] for kind in (found.made, found.fell_silent, found.withdrawn, found.ended)]
    assert told == [["made"], ["quiet"], ["given up"], ["over"]]
    assert [(p.slug, update.said_on) for p, update in found.updated] == [
        ("told", date(2026, 8, 1)),
        ("told late", date(2024, 8, 1)),
    ]
    assert found and not pledge_turns(before, before) and not pledge_turns(None, now)


def test_actions_closed_since_were_open_or_not_there():
    def action(pk, state):
        return ActionVersion(action_id=pk, state=state)

    before = [action(1, "open"), action(2, "done"), action(3, "open"), action(5, "done")]
    now = [action(1, "done"), action(2, "done"), action(3, "open"), action(4, "dropped"), action(5, "open")]
    assert [a.action_id for a in closed_since(before, now)] == [1, 4]
    assert closed_since(None, now) == []
