"""What was approved for a time to come: published then and not before, on a clock that moves twice a year."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, OperationalError, connection

from luton2040.audit import Action, Entry
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.verbs import NotAllowed
from outcomes import embargo, publishing, submissions
from outcomes.models import Observation, Submission
from outcomes.submissions import publish_due
from tests.factories import (
    HOME,
    NOW,
    create_approver,
    create_edition,
    create_hold,
    create_measure,
    create_observation,
    create_submission,
    hand_in,
    make_line,
    make_point,
    schedule,
)

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
LATER = NOW + timedelta(days=1)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
State = Submission.State


def waiting(*, at=LATER, year=2020, value=50, now=NOW, **given):
    return schedule(hand_in(make_line(year=year, value=value), now=now), at=at, now=now, **given)


def state_of(submission):
    return Submission.objects.get(pk=submission.pk).state


def published():
    return sorted((o.period_start.year, o.value) for o in Observation.objects.current())


def told(issued):
    return [(each.submission.pk, each.said, each.failed) for each in issued]


# --- before, at and after the time ---


@pytest.mark.parametrize(
    "after, is_out",
    [
        pytest.param(-timedelta(hours=23), False, id="day before"),
        pytest.param(-SECOND, False, id="second before"),
        pytest.param(timedelta(), True, id="on time"),
        pytest.param(timedelta(microseconds=1), True, id="moment after"),
        pytest.param(timedelta(days=1), True, id="day late"),
        pytest.param(timedelta(days=400), True, id="a year late"),
    ],
)
def test_publish_due_publishes_from_its_time_on(after, is_out):
    submission = waiting()
    issued = publish_due(LATER + after)
    assert bool(issued) == is_out
    assert state_of(submission) == (State.APPROVED if is_out else State.SCHEDULED)
    assert bool(published()) == is_out


def test_publish_due_issues_what_was_approved_as_it_was_approved():
    approver = create_approver()
    submission = waiting(summary="The value of 2020")
    publish_due(LATER)
    submission.refresh_from_db()
    edition = Edition.objects.current()
    assert (edition.kind, edition.summary, edition.issued_by) == ("values", "The value of 2020", approver)
    assert submission.edition == edition
    assert (submission.decided_by, submission.decided_at, submission.publish_at) == (approver, NOW, LATER)


def test_publish_due_of_nothing():
    create_edition()
    hand_in()
    assert publish_due(LATER) == []
    assert Edition.objects.count() == 1


def test_publish_due_again_publishes_nothing_twice():
    waiting()
    assert len(publish_due(LATER)) == 1
    before = list(Submission.objects.values()), Entry.objects.count()
    assert publish_due(LATER) == publish_due(LATER + MINUTE) == []
    assert (list(Submission.objects.values()), Entry.objects.count()) == before
    assert Edition.objects.current().number == 2


def test_publish_due_publishes_several_in_the_order_of_their_times():
    third = waiting(year=2022, at=LATER + MINUTE)
    first = waiting(year=2020, at=LATER - MINUTE)
    second = waiting(year=2021, at=LATER)
    to_come = waiting(year=2023, at=LATER + 2 * MINUTE)
    issued = publish_due(LATER + MINUTE)
    assert told(issued) == [
        (first.pk, "published as edition 2", False),
        (second.pk, "published as edition 3", False),
        (third.pk, "published as edition 4", False),
    ]
    assert [o.first_edition_id for o in Observation.objects.order_by("period_start")] == [2, 3, 4]
    assert state_of(to_come) == State.SCHEDULED


def test_publish_due_of_what_is_all_there_meanwhile():
    """Nothing says what it was compared with: else it would have changed meanwhile."""
    submission = schedule(create_submission(), at=LATER)
    create_observation(value=50)
    assert told(publish_due(LATER)) == [(submission.pk, "nothing was new", False)]
    assert state_of(submission) == State.APPROVED
    assert Edition.objects.count() == 1


# --- one that fails ---


def test_what_cannot_be_published_any_more_goes_back_to_the_approvers_and_the_others_go_out():
    one, stale, three = waiting(year=2020), waiting(year=2021), waiting(year=2022)
    create_edition(kind=Edition.Kind.VALUES)
    create_observation(year=2021, value=55)

    issued = publish_due(LATER)

    why = (
        "The public record has changed since this was handed in, so what was checked is no longer what would be "
        "replaced. Send it back, so that it is checked against the newer record."
    )
    assert told(issued) == [
        (one.pk, "published as edition 3", False),
        (stale.pk, f"not published: {why}", True),
        (three.pk, "published as edition 4", False),
    ]
    assert published() == [(2020, 50), (2021, 55), (2022, 50)]
    stale.refresh_from_db()
    assert (stale.state, stale.publish_at, stale.decided_at, stale.decided_by) == (State.SUBMITTED, None, None, None)
    assert stale.decision_note == why
    entry = Entry.objects.about(stale.about).newest_first().first()
    assert (entry.action, entry.by, entry.at) == (Action.PUBLISHING_FAILED, None, LATER)
    assert why in entry.what
    assert publish_due(LATER + MINUTE) == [], "and is not tried again by itself"


def test_what_came_back_to_the_approvers_goes_on_as_any_other():
    submission = waiting()
    create_edition(kind=Edition.Kind.VALUES)
    create_observation(value=55)
    publish_due(LATER)
    submission.refresh_from_db()
    with pytest.raises(ChangedMeanwhile):
        submissions.approve(submission, by=create_approver(), now=LATER, summary="All the same")
    submission.refresh_from_db()
    submissions.send_back(submission, by=create_approver(), now=LATER, note="See the newer value")
    submissions.reopen(submission, by=submission.proposed_by, now=LATER)
    submissions.hand_in(
        submission, by=submission.proposed_by, now=LATER, lines=[make_line(value=60)], public_reason="Weighted again"
    )
    schedule(submission, at=LATER + MINUTE, now=LATER)
    publish_due(LATER + MINUTE)
    assert published() == [(2020, 60)]


@pytest.mark.parametrize(
    "fault, lasts",
    [
        pytest.param(ChangedMeanwhile("Somebody was faster."), True, id="superseded meanwhile"),
        pytest.param(IntegrityError("value_lies_within_both_limits"), True, id="against a rule of the database"),
        pytest.param(DataError("too long"), True, id="too long for the database"),
        pytest.param(OperationalError("database is locked"), False, id="database is busy"),
        pytest.param(OSError("disk full"), False, id="no space"),
        pytest.param(RuntimeError("bug"), False, id="anything else"),
    ],
)
def test_fault_that_may_pass_is_tried_again_and_one_that_lasts_is_not(fault, lasts, monkeypatch):
    failing, other = waiting(year=2020), waiting(year=2021)
    publish = publishing.publish_submission

    def fail(submission, edition):
        publish(submission, edition)
        if submission.pk == failing.pk:
            raise fault

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "publish_submission", fail)
        issued = publish_due(LATER)
    assert [each.failed for each in issued] == [True, False]
    assert str(fault) in issued[0].said
    assert state_of(failing) == (State.SUBMITTED if lasts else State.SCHEDULED)
    assert (state_of(other), published()) == (State.APPROVED, [(2021, 50)])
    publish_due(LATER + MINUTE)
    assert published() == ([(2021, 50)] if lasts else [(2020, 50), (2021, 50)])


def test_value_outside_its_limits_goes_back_to_the_approvers_in_words():
    """A real rule of the database, which a line that waits does not have."""
    submission = hand_in(make_line(value=50, lower=60, upper=70))
    schedule(submission, at=LATER)
    [issued] = publish_due(LATER)
    assert issued.failed and "value_lies_within_both_limits_or_has_none" in issued.said
    assert (state_of(submission), published()) == (State.SUBMITTED, [])


# --- moved on between being found and being published ---


@pytest.fixture
def meanwhile(monkeypatch):
    """Do this at the last moment, as another process could: after the submission was found due."""

    def arrange(work):
        issuing = submissions.issuing

        def late(**given):
            monkeypatch.setattr(submissions, "issuing", issuing)
            work()
            return issuing(**given)

        monkeypatch.setattr(submissions, "issuing", late)

    return arrange


def test_what_another_run_has_published_meanwhile_is_left(meanwhile):
    submission = waiting()
    meanwhile(lambda: publish_due(LATER))
    assert publish_due(LATER) == []
    assert (state_of(submission), Edition.objects.current().number) == (State.APPROVED, 2)
    assert Entry.objects.of_action(Action.PUBLISHED).count() == 1


def test_what_an_approver_has_stopped_meanwhile_is_left(meanwhile):
    submission = waiting()
    meanwhile(
        lambda: submissions.send_back(Submission.objects.get(), by=create_approver(), now=LATER, note="Not this one")
    )
    assert publish_due(LATER) == []
    submission.refresh_from_db()
    assert (submission.state, submission.decision_note, published()) == (State.RETURNED, "Not this one", [])


def test_what_was_put_off_to_a_later_time_meanwhile_is_left(meanwhile):
    submission = waiting()

    def put_off():
        again = Submission.objects.get()
        submissions.send_back(again, by=create_approver(), now=LATER, note="Put off")
        submissions.reopen(again, by=again.proposed_by, now=LATER)
        submissions.hand_in(again, by=again.proposed_by, now=LATER, lines=[make_line(value=60)])
        schedule(again, at=LATER + timedelta(days=1), now=LATER)

    meanwhile(put_off)
    assert publish_due(LATER) == []
    assert (state_of(submission), published()) == (State.SCHEDULED, [])
    publish_due(LATER + timedelta(days=1))
    assert published() == [(2020, 60)]


# --- the clock of the place ---


@pytest.mark.parametrize(
    "day, hour, in_utc",
    [
        pytest.param(date(2026, 1, 15), time(9, 30), "2026-01-15 09:30", id="winter"),
        pytest.param(date(2026, 7, 15), time(9, 30), "2026-07-15 08:30", id="summer"),
        pytest.param(date(2026, 3, 29), time(0, 30), "2026-03-29 00:30", id="before the clocks go forward"),
        pytest.param(date(2026, 3, 29), time(2, 0), "2026-03-29 01:00", id="as the clocks go forward"),
        pytest.param(date(2026, 3, 29), time(2, 30), "2026-03-29 01:30", id="after the clocks go forward"),
        pytest.param(date(2026, 3, 29), time(9, 30), "2026-03-29 08:30", id="that morning"),
        pytest.param(date(2026, 10, 25), time(0, 30), "2026-10-24 23:30", id="before the clocks go back"),
        pytest.param(date(2026, 10, 25), time(1, 30), "2026-10-25 00:30", id="the hour that comes twice: the first"),
        pytest.param(date(2026, 10, 25), time(2, 30), "2026-10-25 02:30", id="after the clocks go back"),
        pytest.param(date(2026, 10, 25), time(9, 30), "2026-10-25 09:30", id="that day"),
    ],
)
def test_embargo_is_kept_to_the_second_on_the_clock_of_the_place(day, hour, in_utc):
    meant = datetime.fromisoformat(in_utc).replace(tzinfo=UTC)
    at = embargo.moment(day, hour)
    submission = waiting(at=at, now=meant - timedelta(days=3))
    assert Submission.objects.get().publish_at == meant
    assert publish_due(meant - SECOND) == []
    assert state_of(submission) == State.SCHEDULED
    assert len(publish_due(meant)) == 1
    assert state_of(submission) == State.APPROVED


def test_embargo_in_the_hour_that_the_clocks_leave_out_is_refused_in_words():
    with pytest.raises(embargo.NoSuchTime, match="On 29 March 2026 the clocks go forward"):
        embargo.moment(date(2026, 3, 29), time(1, 30))


def test_embargo_in_the_second_of_the_hours_that_come_twice():
    at = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1)
    submission = waiting(at=at)
    first_time = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert publish_due(first_time) == publish_due(first_time + timedelta(minutes=59)) == []
    publish_due(first_time + timedelta(hours=1))
    assert state_of(submission) == State.APPROVED


@pytest.mark.parametrize(
    "now, at, is_to_come",
    [
        pytest.param((1, 45, 0), (1, 30, 1), True, id="an earlier hand of the clock, and later"),
        pytest.param((1, 15, 1), (1, 30, 0), False, id="a later hand of the clock, and earlier"),
        pytest.param((1, 30, 0), (1, 30, 1), True, id="the same hand of the clock, an hour later"),
        pytest.param((1, 30, 1), (1, 30, 1), False, id="this very moment"),
    ],
)
def test_time_to_come_is_told_by_time_and_not_by_the_clock_on_the_wall(now, at, is_to_come):
    now, at = (datetime(2026, 10, 25, hour, minute, tzinfo=LONDON, fold=fold) for hour, minute, fold in (now, at))
    submission = hand_in()
    if is_to_come:
        schedule(submission, at=at, now=now)
        assert submission.state == State.SCHEDULED
    else:
        with pytest.raises(NotAllowed, match="has passed already"):
            schedule(submission, at=at, now=now)


def test_scheduling_says_the_time_as_people_say_it():
    waiting(at=datetime(2026, 7, 15, 8, 30, tzinfo=UTC))
    assert "For Wednesday 15 July 2026, 09:30." in Entry.objects.of_action(Action.SCHEDULED).get().what


@pytest.mark.parametrize(
    "now, waits",
    [
        pytest.param(datetime(2026, 7, 14, 22, 59, tzinfo=UTC), False, id="a minute before midnight in London"),
        pytest.param(datetime(2026, 7, 14, 23, 0, tzinfo=UTC), True, id="midnight in London, not yet in Greenwich"),
        pytest.param(datetime(2026, 7, 15, 22, 59, tzinfo=UTC), True, id="last minute of the hold"),
        pytest.param(datetime(2026, 7, 15, 23, 0, tzinfo=UTC), False, id="midnight after the hold"),
    ],
)
def test_hold_begins_and_ends_at_midnight_on_the_clock_of_the_place(now, waits):
    create_measure(target=(2040, 60))
    submission = hand_in(kind="targets", points=[make_point(value=70)])
    schedule(submission, at=NOW + MINUTE)
    create_hold(starts_on=date(2026, 7, 15), ends_on=date(2026, 7, 15))
    publish_due(now)
    assert state_of(submission) == (State.SCHEDULED if waits else State.APPROVED)


# --- the command ---


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def run():
    out, err = StringIO(), StringIO()
    try:
        call_command("publish_due", stdout=out, stderr=err)
        code = 0
    except CommandError as error:
        code, _ = error.returncode, err.write(str(error))
    return code, out.getvalue(), err.getvalue()


def test_command_with_nothing_due(clock):
    create_edition()
    assert run() == (0, "Nothing is due.\n", "")


def test_command_prints_a_line_for_each(clock):
    one, two = waiting(year=2020), waiting(year=2021)
    create_measure(code="BB1", target=(2040, 60))
    held = schedule(hand_in(kind="targets", measure="BB1", points=[make_point(value=70)]), at=LATER)
    create_hold(starts_on=LATER.date(), ends_on=LATER.date())
    code, out, err = run()
    assert out.splitlines() == [
        f"Submission {one.pk}: published as edition 2",
        f"Submission {two.pk}: published as edition 3",
        f"Submission {held.pk}: waits for the end of the pre-election hold on 2 June 2026",
    ]
    assert (code, err) == (0, ""), "waiting is no fault"


def test_command_fails_where_something_could_not_be_published(clock):
    stale, other = waiting(year=2020), waiting(year=2021)
    create_edition(kind=Edition.Kind.VALUES)
    create_observation(value=55)
    code, out, err = run()
    assert code == 1
    assert out == f"Submission {other.pk}: published as edition 3\n"
    assert f"Submission {stale.pk}: not published: The public record has changed" in err
    assert err.endswith("Not published: 1 of 2.")
    assert run() == (0, "Nothing is due.\n", "")


# --- a process that is killed in the middle ---

RUNS = """
import django
django.setup()
from django.core.management import call_command
call_command("publish_due")
"""
DIES = """
import os, django
django.setup()
from django.core.management import call_command
from outcomes import publishing
work = publishing.{stage}
def die(*given, **options):
    work(*given, **options)
    os._exit(9)
publishing.{stage} = die
call_command("publish_due")
"""


def database_url():
    """Of the tests' own database, for another process."""
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    host = held["HOST"] or held["OPTIONS"].get("host", "")
    return f"postgresql://{held['USER']}@/{held['NAME']}?host={host}"


def in_another_process(code):
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "luton2040.settings"}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stage", ["_publish_values", "publish_submission"])
def test_process_that_is_killed_while_publishing_leaves_no_half_edition(stage):
    create_edition()
    create_observation(value=50)
    long_ago = NOW.replace(year=2020)  # the other process has the machine's clock
    submission = hand_in(make_line(value=60), make_line(row=3, year=2021), public_reason="Weighted again", now=long_ago)
    schedule(submission, now=long_ago, at=long_ago + MINUTE)

    done = in_another_process(DIES.format(stage=stage))

    assert done.returncode == 9, done.stderr
    assert (state_of(submission), published()) == (State.SCHEDULED, [(2020, 50)])
    assert Edition.objects.count() == 1 and not Entry.objects.of_action(Action.PUBLISHED).exists()
    done = in_another_process(RUNS)
    assert (done.returncode, done.stdout) == (0, f"Submission {submission.pk}: published as edition 2\n"), done.stderr
    assert published() == [(2020, 60), (2021, 50)]
    assert Observation.objects.at(1).get(area=HOME).value == 50
