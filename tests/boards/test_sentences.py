"""What changed, in words: one sentence first of every kind of change, and no sentence that is not one."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boards.changes import News, PledgeTurns, Turn, by_news, by_place
from boards.models import ActionVersion
from boards.sentences import closed, gone, headline, pledges, tally, told
from outcomes.progress import Status
from tests.factories_boards import PATH, STANDING, a_pledge_report, a_turn
from tests.record import a_report

GROWTH = {2020: 50, 2021: 51, 2022: 52}
LIMITS = {"lower": 40, "upper": 60}


# --- what became of an outcome ---


@pytest.mark.parametrize(
    "was, now, said",
    [
        pytest.param(
            {"values": GROWTH},
            {"values": GROWTH | {2023: {"number": 48, "markers": "[p]"}}},
            "It moved from “On track” to “Getting worse”: 48.0% (provisional) in 2023, after 52.0% in 2022.",
            id="by a new value",
        ),
        pytest.param(
            {"values": GROWTH | {2023: {"number": "52.04", "markers": "[e]"}}},
            {"values": GROWTH | {2023: {"number": "52.04", "markers": "[e]"}, 2024: "52.01"}},
            "It moved from “Moving, but too slowly” to “Limited progress”: 52.0% in 2024, about the same as in 2023.",
            id="by a value that reads like the last",
        ),
        pytest.param(
            {"values": GROWTH},
            {"values": GROWTH | {2023: 52}},
            "It moved from “On track” to “Moving, but too slowly”: 52.0% in 2023, the same as in 2022.",
            id="by a value that is the last",
        ),
        pytest.param(
            {"values": {}},
            {"values": {2020: 50}},
            "It moved from “Awaiting data” to “Baseline only”: 50.0% in 2020.",
            id="by the first value",
        ),
        pytest.param(
            {"values": GROWTH},
            {"values": GROWTH | {2022: 48}},
            "It moved from “On track” to “Getting worse”: the value for 2022 was revised from 52.0% to 48.0%.",
            id="by a revision",
        ),
        pytest.param(
            {"values": GROWTH},
            {"values": {}},
            "It moved from “On track” to “Awaiting data”: 3 values were withdrawn, the newest (for 2022) of 52.0%.",
            id="by withdrawals",
        ),
        pytest.param(
            {"values": {2020: 50, 2024: 54}},
            {"values": {2020: 50, 2024: 54}, "target": (2024, 60)},
            "It moved from “On track” to “Target missed”: its path was changed.",
            id="by another target",
        ),
        pytest.param(
            {"values": {2020: 50, 2021: 51, 2024: 54}},
            {"values": {2020: 50, 2024: 55, 2025: 56}, "target": (2025, 60)},
            "It moved from “On track” to “Target missed”: 56.0% in 2025, after 55.0% in 2024; the value for 2024 was "
            "revised from 54.0% to 55.0%; the value for 2021, 51.0%, was withdrawn; its path was changed.",
            id="by all of that",
        ),
        pytest.param(
            {"values": {2020: 50, 2024: 48}},
            {"values": {2020: 50, 2024: 48}, "tolerance": 3},
            "It moved from “Getting worse” to “No clear change”: its measure was defined anew.",
            id="by a definition",
        ),
    ],
)
def test_move_is_told_with_what_made_it(was, now, said):
    assert headline(a_turn(was, now, **PATH)) == said


ONE = GROWTH | {2022: {"number": 52} | LIMITS}
BREAK = {"number": 61, "markers": "[b][e]"}


@pytest.mark.parametrize(
    "was, now, said",
    [
        pytest.param(
            {},
            {"values": GROWTH | {2023: 53}},
            ["A new value came in: 53.0% in 2023, after 52.0% in 2022."],
            id="value",
        ),
        pytest.param(
            {"values": {2019: 49, 2020: 50}, "target": None},
            {"values": {2017: 47, 2018: 48, 2019: 49, 2020: 50}, "target": None},
            ["2 new values came in, the newest 48.0% in 2018, after 47.0% in 2017."],
            id="older values",
        ),
        pytest.param(
            {},
            {"values": GROWTH | {2022: "52.04"}},
            ["The value for 2022 was revised from 52.00% to 52.04%."],
            id="revised by little",
        ),
        pytest.param(
            {},
            {"values": {2020: 50, 2021: "51.1", 2022: "52.2"}},
            ["2 values were revised, the newest (for 2022) from 52.0% to 52.2%."],
            id="revised, two",
        ),
        pytest.param({}, {"values": ONE}, ["The 95% limits of the value for 2022 were revised."], id="limits"),
        pytest.param(
            {},
            {"values": {2020: 50, 2021: {"number": 51} | LIMITS, 2022: {"number": 52} | LIMITS}},
            ["The 95% limits of 2 values were revised."],
            id="limits of two",
        ),
        pytest.param(
            {}, {"values": {2020: 50, 2022: 52}}, ["The value for 2021, 51.0%, was withdrawn."], id="withdrawn"
        ),
        pytest.param(
            {},
            {"values": {2020: {"number": 50} | LIMITS, 2022: "52.1", 2023: 53}},
            [
                "The value for 2022 was revised from 52.0% to 52.1%.",
                "The value for 2021, 51.0%, was withdrawn.",
                "The 95% limits of the value for 2020 were revised.",
                "A new value came in: 53.0% in 2023, after 52.1% in 2022.",
            ],
            id="all at once, the weightiest first",
        ),
        pytest.param(
            {},
            {"values": {2020: {"number": 50} | LIMITS, 2021: 51, 2022: 48}},
            [
                "It moved from “On track” to “Getting worse”: the value for 2022 was revised from 52.0% to 48.0%.",
                "The 95% limits of the value for 2020 were revised.",
            ],
            id="nothing twice after a move",
        ),
        pytest.param(
            {"baseline": None, "target": None},
            {"baseline": None, "target": None, "values": GROWTH | {2023: BREAK}},
            ["A new series starts in 2023 with 61.0% (estimated).", "It cannot be compared with the one before."],
            id="new series",
        ),
        pytest.param(
            {},
            {"values": GROWTH | {2023: BREAK, 2024: 40}},
            [
                "A new series starts in 2023 with 61.0% (estimated).",
                "It cannot be compared with the one before: the status was “On track” and is now “Baseline only”.",
                "2 new values came in, the newest 40.0% in 2024, after 61.0% (estimated) in 2023.",
            ],
            id="new series, with more values and another status",
        ),
        pytest.param(
            {"values": {}, "release_lag_months": None},
            {"values": {2020: 50, 2021: BREAK}, "release_lag_months": None},
            ["It moved from “Awaiting data” to “Target met”: 61.0% (estimated) in 2021."],
            id="first values, with a break",
        ),
        pytest.param(
            {"code": "AA1", "name": "People who say so"},
            {"code": "AA2", "values": {2023: 4}},
            [
                "It is measured in another way: “People in good jobs” instead of “People who say so”.",
                "The two cannot be compared: the status was “On track” and is now “Baseline only”.",
            ],
            id="another measure",
        ),
        pytest.param(
            {},
            {"target": (2035, "60.04")},
            [
                "Target was 60.00% or more by the end of 2030 (illustrative), "
                "now 60.04% or more by the end of 2035 (illustrative)."
            ],
            id="target",
        ),
        pytest.param(
            {"milestones": {2025: 55}},
            {"milestones": {2026: 56}},
            [
                "Milestone of 55.0% or more by the end of 2025 (illustrative) removed; "
                "new milestone: 56.0% or more by the end of 2026 (illustrative)."
            ],
            id="milestones, without the target that stayed",
        ),
        pytest.param(
            {"baseline": 2019, "target": None},
            {"target": None},
            ["Start of the path moved from 1 January 2019 to 1 January 2020."],
            id="start",
        ),
        pytest.param(
            {"today": date(2024, 3, 1)},
            {"today": date(2025, 3, 1)},
            [
                "The latest value is for 2022. A newer one was expected by about June 2024 (our estimate) "
                "and is not held here yet."
            ],
            id="late",
        ),
    ],
)
def test_each_kind_of_change_is_told(was, now, said):
    both = {"values": GROWTH, "release_lag_months": 6, "today": date(2024, 3, 1), **PATH}
    turn = a_turn(was, now, **both)
    assert turn.news and told(turn) == said


@pytest.mark.parametrize(
    "given, said",
    [
        pytest.param(
            {"milestones": {2024: 54}, "values": {2024: 55}, "standing": "published"},
            "The milestone of 54.0% or more by the end of 2024 was met: it was 55.0% in 2024.",
            id="met",
        ),
        pytest.param(
            {"milestones": {2024: 54}, "values": {2024: "53.96"}},
            "The illustrative milestone of 54.00% or more by the end of 2024 was missed: it was 53.96% in 2024.",
            id="missed by little",
        ),
        pytest.param(
            {"target": (2024, 0), "direction": "lower", "natural_min": 0, "values": {2024: 0}},
            "The illustrative target of 0.0% by the end of 2024 was met: it was 0.0% in 2024.",
            id="target that leaves no way open",
        ),
        pytest.param(
            {"milestones": {date(2025, 6, 30): 54}, "values": {2024: 55}, "standing": "published"},
            "The milestone of 54.0% or more by 30 June 2025 fell due: its value is not out yet.",
            id="not known",
        ),
    ],
)
def test_milestone_is_told_as_it_turned_out(given, said):
    values = given.pop("values")
    before = {"values": {2023: 50}, "today": date(2024, 3, 1)}
    turn = a_turn(before, {"values": {2023: 50} | values, "today": date(2026, 3, 1)}, **given)
    assert told(turn)[-1] == said


def test_outcome_that_did_not_change_says_why_it_stands_where_it_does():
    late = {"release_lag_months": 0}
    newer = (
        "The latest value is for 2024. A newer one was expected by about December 2025 (our estimate) "
        "and is not held here yet."
    )
    on_track = "By 2024 it needed to be 54.0% or more. It is 55.0%."
    worse = "By 2024 it needed to be 54.0% or more. It is 48.0%, worse than the 50.0% it started from."
    assert told(a_turn(STANDING[Status.ON_TRACK])) == [on_track]
    assert told(a_turn(STANDING[Status.ON_TRACK], **late)) == [newer, on_track]
    assert told(a_turn(STANDING[Status.GETTING_WORSE], **late)) == [worse, newer]
    assert told(Turn(a_report(), None)) == ["There is no value to judge by."]


def test_new_outcome_and_one_that_is_gone_are_told():
    assert told(Turn(a_report(), None, is_new=True)) == ["It is new in the record.", "There is no value to judge by."]
    assert gone(a_report()) == "“More people in good jobs” is no longer among the outcomes of the board."


# --- pledges and actions ---


def test_pledges_are_told():
    updated = [
        a_pledge_report(updates=[date(2026, 3, 1), date(2026, 2, 1)]),
        a_pledge_report(organisations=[], updates=[(date(2026, 3, 1), date(2026, 4, 2))]),
    ]
    turns = PledgeTurns(
        made=[a_pledge_report(organisations=["A charity", "A college"])],
        updated=[(pledge, pledge.updates[0]) for pledge in updated],
        fell_silent=[a_pledge_report(first_shown_on=date(2025, 5, 31))],
        withdrawn=[a_pledge_report(withdrawn_on=date(2026, 5, 3), withdrawn_why="It closed")],
        ended=[a_pledge_report(title="Plant trees")],
    )
    assert [said for _, said in pledges(turns)] == [
        "The pledge “Buy nearby” of A charity and A college was made.",
        "The pledge “Buy nearby” of A charity has an update of 1 March 2026, said by the partner.",
        "The pledge “Buy nearby” has an update of 1 March 2026, checked by the council on 2 April 2026.",
        "Nothing has been heard of the pledge “Buy nearby” of A charity for 12 months.",
        "The pledge “Buy nearby” of A charity ended on 3 May 2026. It closed.",
        "The pledge “Plant trees” of A charity is no longer in the register.",
    ]
    told = [*turns.made, *updated, *turns.fell_silent, *turns.withdrawn, *turns.ended]
    assert [p for p, _ in pledges(turns)] == told


@pytest.mark.parametrize(
    "state, result, said",
    [
        pytest.param("done", "40 people came", "Done on 3 March 2027. 40 people came.", id="done"),
        pytest.param("dropped", "", "Dropped on 3 March 2027.", id="nothing said"),
        pytest.param("done", "It went well!", "Done on 3 March 2027. It went well!", id="a sentence of its own"),
    ],
)
def test_closed_action_is_told(state, result, said):
    assert closed(ActionVersion(state=state, closed_on=date(2027, 3, 3), result=result)) == said


# --- how much ---


def of_each_kind() -> list[Turn]:
    full = {2020: 50, 2021: {"number": 51} | LIMITS, 2022: 54}
    was = {"today": date(2025, 3, 1), "values": full, "release_lag_months": 13, "milestones": {2025: 52}}
    was |= {"baseline": 2020, "target": (2040, 60)}
    return [
        a_turn(STANDING[Status.ON_TRACK], STANDING[Status.GETTING_WORSE]),  # which revises a value
        a_turn({"tolerance": 1}, {"tolerance": 3}, **STANDING[Status.GETTING_WORSE]),
        a_turn(STANDING[Status.NO_DATA], STANDING[Status.BASELINE_ONLY]),  # by a value
        Turn(a_report(), None, is_new=True),
        a_turn({"code": "A"}, {"code": "B"}),
        a_turn(was, was | {"values": {2020: 50, 2022: 54}}),
        a_turn(was, was | {"today": date(2026, 6, 1), "milestones": {2025: 53}}),
    ]


def test_tally_counts_each_kind():
    one = a_pledge_report()
    pledged = PledgeTurns(made=[one], updated=[one], fell_silent=[one], withdrawn=[one], ended=[one])
    found = of_each_kind()
    assert tally(found, pledged, 1, gone=1) == [
        "1 outcome moved for the worse",
        "1 outcome moved for the better",
        "1 outcome moved from or to “not known yet”",
        "1 outcome is new",
        "1 outcome is gone",
        "1 outcome is measured in another way",
        "1 value came in",
        "1 value was revised",
        "1 value was withdrawn",
        "1 outcome is now late",
        "1 milestone or target fell due or was judged",
        "1 path to a target was changed",
        "1 pledge was made",
        "1 pledge was updated",
        "1 pledge fell silent",
        "1 pledge was ended",
        "1 pledge left the register",
        "1 action was closed",
    ]
    pledged = PledgeTurns(*[[one] * 2] * 5)
    assert tally(found * 2, pledged, 2, gone=2) == [
        "2 outcomes moved for the worse",
        "2 outcomes moved for the better",
        "2 outcomes moved from or to “not known yet”",
        "2 outcomes are new",
        "2 outcomes are gone",
        "2 outcomes are measured in another way",
        "2 values came in",
        "2 values were revised",
        "2 values were withdrawn",
        "2 outcomes are now late",
        "2 milestones or targets fell due or were judged",
        "2 paths to targets were changed",
        "2 pledges were made",
        "2 pledges were updated",
        "2 pledges fell silent",
        "2 pledges were ended",
        "2 pledges left the register",
        "2 actions were closed",
    ]
    assert tally([a_turn(STANDING[Status.ON_TRACK])], PledgeTurns(), 0) == []


# --- whatever the record holds ---

VALUES = st.dictionaries(
    st.integers(2018, 2023),
    st.builds(
        lambda number, markers, limits: {"number": number, "markers": markers} | limits,
        st.decimals(47, 63, places=2),
        st.sampled_from(["", "", "", "[p]", "[b]", "[e][b]"]),
        st.sampled_from([{}, {"lower": 40, "upper": 70}]),
    ),
    max_size=6,
).map(lambda of: dict(sorted(of.items())))
REPORTS = st.fixed_dictionaries(
    {
        "values": VALUES,
        "baseline": st.sampled_from([None, 2018, 2020]),
        "milestones": st.dictionaries(st.sampled_from([2020, 2022, 2024]), st.integers(48, 62), max_size=2),
        "target": st.sampled_from([None, (2023, 55), (2030, 60), (2030, 50)]),
        "standing": st.sampled_from(["illustrative", "published"]),
        "direction": st.sampled_from(["higher", "lower"]),
        "tolerance": st.sampled_from([None, 0, 1]),
        "release_lag_months": st.sampled_from([None, 0, 9]),
        "source_state": st.sampled_from(["running", "ended"]),
        "code": st.sampled_from(["AA1", "AA1", "AA2"]),
    }
)
DAYS = st.dates(date(2022, 1, 1), date(2026, 1, 1))


@settings(max_examples=150)
@given(REPORTS, REPORTS, DAYS, DAYS)
def test_any_two_reports_are_told_in_sentences(was, now, one_day, another):
    first, last = sorted([one_day, another])
    turn = Turn(a_report(**now, today=last), a_report(**was, today=first))
    said = told(turn)
    assert said and all(each.endswith(".") and (each[0].isupper() or each[0].isdigit()) for each in said)
    assert not any(bad in each for each in said for bad in ("None", "..", "  ", "no data", "Value("))
    groups = [*by_news([turn]), *by_place([turn])]
    assert [of for _, of in groups] == [[turn]]
    assert turn.is_moved <= (turn.main_news in (News.WORSE, News.BETTER, News.JUDGED))


@settings(max_examples=50)
@given(REPORTS, DAYS)
def test_equal_reports_of_one_day_are_no_news(given_, day):
    turn = Turn(a_report(**given_, today=day), a_report(**given_, today=day))
    assert turn.news == [] and turn.came_in == turn.revised == turn.withdrawn == []
    assert told(turn)
