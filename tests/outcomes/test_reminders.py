"""Reminders: each thing once to each person, in one message, and nothing is taken for sent that was not."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from luton2040.editions import Edition
from luton2040.roles import Role
from outcomes import digest, reminders, report, submissions
from outcomes.models import Measure, Reminder, Submission
from outcomes.reminders import Thing
from tests.factories import (
    create_hold,
    create_outcome,
    create_person,
    create_place,
    create_submission,
    hand_in,
    make_line,
    make_point,
    make_row,
    schedule,
)
from tests.record import NOW, TODAY
from tests.threads import at_once

pytestmark = pytest.mark.django_db
SITE = "https://luton.example"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DUE_IN = {"overdue": 12, "due": 22, "to come": 30}  # months after a period by which 2024 is so on the clock's day


@pytest.fixture(autouse=True)
def place(clock, settings):
    settings.SITE_URL = SITE
    create_place()


@pytest.fixture
def officer():
    return create_person(role=Role.OFFICER, name="Olu Officer", email="olu@example.org")


@pytest.fixture
def approver():
    return create_person(role=Role.APPROVER, name="Alex Approver", email="alex@example.org")


def measure(*officers, code="AA1", is_now="due", position=1, values=None, name="Good jobs", **fields):
    create_outcome(
        code=code, position=position, values=values or {2023: 50}, release_lag_months=DUE_IN[is_now], **fields
    )
    Measure.objects.get(code=code).officers.set(officers)
    Measure.objects.get(code=code).versions.update(name=name)


def remind(**options):
    out = StringIO()
    call_command("remind", stdout=out, stderr=out, **options)
    return out.getvalue()


def sent():
    return [(message.to, message.subject) for message in mail.outbox]


def things(person, *, now=NOW):
    return [thing.key for thing in digest.everyones(Edition.objects.current(), now.date(), now).get(person, [])]


# --- what somebody is reminded of ---


@pytest.mark.parametrize(
    "is_now, keys",
    [
        pytest.param("due", ["due AA1 2024-01-01/P1Y"], id="due"),
        pytest.param("overdue", ["overdue AA1 2024-01-01/P1Y"], id="overdue"),
        pytest.param("to come", [], id="not out yet"),
    ],
)
def test_officer_is_reminded_of_a_value_once_it_should_be_out(officer, is_now, keys):
    measure(officer, is_now=is_now)
    assert things(officer) == keys


@pytest.mark.parametrize("state", ["paused", "ended"])
def test_nobody_is_reminded_of_a_source_that_does_not_come_out(officer, state):
    measure(officer, is_now="overdue", source_state=state)
    assert things(officer) == []


def test_nobody_is_reminded_of_a_value_that_is_handed_in(officer):
    measure(officer, is_now="overdue")
    submission = hand_in(make_line(year=2024), by=officer, now=NOW)
    assert things(officer) == []
    submissions.take_back(submission, by=officer, now=NOW)
    assert things(officer) == ["overdue AA1 2024-01-01/P1Y"]


def test_every_officer_of_a_measure_is_reminded_and_nobody_else(officer, approver):
    other = create_person(role=Role.OFFICER)
    no_officer = create_person()
    create_person(role=Role.OFFICER)
    measure(officer, other, no_officer, approver)
    assert set(digest.everyones(Edition.objects.current(), TODAY, NOW)) == {officer, other}


def test_proposer_is_reminded_of_what_was_sent_back(officer, approver):
    measure(officer, is_now="to come")
    submission = hand_in(make_line(year=2022), by=officer, now=NOW)
    submissions.send_back(submission, by=approver, now=NOW, note="Table 3 says 57")
    assert things(officer) == [f"returned {submission.pk} {NOW.isoformat()}"]
    (thing,) = digest.everyones(Edition.objects.current(), TODAY, NOW)[officer]
    assert thing.words == "1 value: Good jobs. Alex Approver: Table 3 says 57."
    assert thing.path == f"/desk/submissions/{submission.pk}/"


@pytest.mark.parametrize(
    "waited, is_told",
    [(DAY - timedelta(seconds=1), False), (DAY, True), (9 * DAY, True)],
    ids=["less than a day", "a day", "longer"],
)
def test_approvers_are_reminded_of_what_has_waited_for_a_day(officer, approver, waited, is_told):
    measure(officer, is_now="to come")
    submission = hand_in(make_line(year=2022), by=officer, now=NOW - waited)
    assert (things(approver) == [f"waiting {submission.pk} {(NOW - waited).isoformat()}"]) == is_told
    assert things(officer) == []


def test_approvers_are_not_reminded_of_their_own():
    both = create_person(roles=[Role.OFFICER, Role.APPROVER])
    measure(both, is_now="to come")
    hand_in(make_line(year=2022), by=both, now=NOW - 2 * DAY)
    assert things(both) == []


def failed(officer, approver):
    """Approved for a time, and by then something else was published."""
    measure(officer, is_now="to come")
    submission = hand_in(make_line(year=2022), by=officer, now=NOW - 3 * DAY)
    schedule(submission, at=NOW - DAY, by=approver, now=NOW - 2 * DAY)
    other = create_submission(rows=[make_row(year=2022, value=9)], by=create_person(), now=NOW - 2 * DAY)
    submissions.approve(other, by=approver, now=NOW - 2 * DAY, summary="Another")
    submissions.publish_due(NOW - DAY)
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    return submission


def test_publishing_that_failed_is_told_to_approvers_and_the_proposer(officer, approver):
    submission = failed(officer, approver)
    key = f"failed {submission.pk} {(NOW - DAY).isoformat()}"
    assert things(approver) == things(officer) == [key]


def test_publishing_that_failed_is_over_once_it_is_handed_in_again(officer, approver):
    submission = failed(officer, approver)
    submissions.reopen(submission, by=officer, now=NOW)
    submissions.hand_in(submission, by=officer, now=NOW, lines=[make_line(year=2021)])
    assert things(approver) == things(officer) == []


def test_publishing_that_is_late_is_told_to_approvers(officer, approver):
    measure(officer, is_now="to come")
    submission = schedule(hand_in(make_line(year=2022), by=officer, now=NOW), at=NOW + DAY, by=approver)
    assert things(approver, now=NOW + DAY) == []
    assert things(approver, now=NOW + DAY + HOUR) == [f"failed {submission.pk} {(NOW + DAY).isoformat()}"]


def test_publishing_that_waits_for_a_hold_is_not_late(officer, approver):
    measure(officer, is_now="to come", baseline=2023, target=(2040, 70))
    target = hand_in(by=officer, kind=Submission.Kind.TARGETS, points=[make_point(value=80)], now=NOW)
    schedule(target, at=NOW + DAY, by=approver)
    later = NOW + 2 * DAY
    create_hold(starts_on=later.date(), ends_on=later.date())
    assert things(approver, now=later) == []


def test_what_waits_is_worked_out_in_a_fixed_number_of_queries(officer, approver):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            digest.everyones(Edition.objects.current(), TODAY, NOW)
        return len(queries)

    measure(officer)
    hand_in(make_line(year=2022), by=officer, now=NOW - 2 * DAY)
    few = asked()
    for n in range(2, 12):
        other = create_person(role=Role.OFFICER)
        measure(officer, other, code=f"BB{n}", position=n)
        hand_in(make_line(year=2022, measure=f"BB{n}"), by=other, measure=f"BB{n}", now=NOW - 2 * DAY)
    assert asked() == few <= 18


# --- the message ---


def test_one_message_a_person_with_all_that_waits(officer, approver):
    measure(officer, is_now="overdue")
    measure(officer, code="BB1", position=2, name="Clean air")
    measure(officer, code="CC1", position=3)
    submission = hand_in(make_line(year=2022, measure="CC1"), by=officer, measure="CC1", now=NOW)
    submissions.send_back(submission, by=approver, now=NOW, note="No & <no>")
    assert remind().endswith("Done.\n")
    (message,) = mail.outbox
    assert message.to == ["olu@example.org"]
    assert message.subject == "Anytown 2040 desk: 1 submission sent back, 1 value overdue and 2 values due"
    assert message.content_subtype == "plain" and not message.attachments
    body = message.body
    assert body.startswith("Hello Olu Officer,")
    assert "Alex Approver: No & <no>." in body
    assert body.index("Sent back to you") < body.index("Overdue") < body.index("Due now") < body.index("Clean air")
    for path in (f"/desk/submissions/{submission.pk}/", "/desk/measures/aa1/enter/", "/desk/measures/bb1/enter/"):
        assert f"  {SITE}{path}\n" in body
    assert "was expected by about" in body


@pytest.mark.parametrize("nasty", ["Town\nBcc: all@example.org", "Town\r\nBcc: all@example.org", "  Town \t 2040 "])
def test_subject_is_one_line_whatever_the_names(nasty, officer):
    vision = report.vision_at(Edition.objects.current())
    vision.name = nasty
    subject = digest.subject(vision, [Thing("due x", digest.Errand.DUE.label, "x", "/")])
    assert "\n" not in subject and "\r" not in subject and subject.endswith("desk: 1 value due")


# --- once ---


def test_each_thing_is_told_once(officer):
    measure(officer)
    assert "Reminded olu@example.org of:\n  due AA1 2024-01-01/P1Y" in remind()
    assert remind() == "Done.\n"
    assert len(mail.outbox) == 1
    reminder = Reminder.objects.get()
    assert (reminder.person, reminder.thing, reminder.sent_at) == (officer, "due AA1 2024-01-01/P1Y", NOW)
    assert str(reminder) == "Olu Officer: due AA1 2024-01-01/P1Y"


def test_value_that_becomes_overdue_is_told_once_more(officer):
    measure(officer)
    remind()
    Measure.objects.get(code="AA1").versions.update(release_lag_months=DUE_IN["overdue"])
    remind()
    remind()
    assert [subject for _, subject in sent()] == [
        "Anytown 2040 desk: 1 value due",
        "Anytown 2040 desk: 1 value overdue",
    ]


def test_next_period_is_another_thing(officer, approver):
    measure(officer, is_now="overdue", values={2022: 50})
    remind()
    submission = hand_in(make_line(year=2023), by=officer, now=NOW)
    submissions.approve(submission, by=approver, now=NOW, summary="2023")
    remind()
    assert list(Reminder.objects.order_by("pk").values_list("thing", flat=True)) == [
        "overdue AA1 2023-01-01/P1Y",
        "overdue AA1 2024-01-01/P1Y",
    ]


def test_sending_back_again_is_another_thing(officer, approver):
    measure(officer, is_now="to come")
    submission = hand_in(make_line(year=2022), by=officer, now=NOW)
    for minutes in (1, 2):
        at = NOW + timedelta(minutes=minutes)
        submissions.send_back(submission, by=approver, now=at, note="Not yet.")
        remind()
        submissions.reopen(submission, by=officer, now=at)
        submissions.hand_in(submission, by=officer, now=at, lines=[make_line(year=2022)])
    assert len(mail.outbox) == 2


def test_only_what_is_new_is_told(officer):
    measure(officer)
    remind()
    measure(officer, code="BB1", position=2, name="Clean air")
    remind()
    assert "Clean air" in mail.outbox[1].body and "Good jobs" not in mail.outbox[1].body


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER])
def test_nobody_who_cannot_sign_in_is_written_to(officer, approver, role):
    measure(officer)
    submission = hand_in(make_line(year=2022), by=officer, now=NOW - 2 * DAY)
    submissions.send_back(submission, by=approver, now=NOW, note="No")
    hand_in(make_line(year=2021), by=officer, now=NOW - 2 * DAY)
    gone, other = {Role.OFFICER: (officer, approver), Role.APPROVER: (approver, officer)}[role]
    gone.is_active = False
    gone.save()
    remind()
    assert [to for to, _ in sent()] == [[other.email]]


def test_nothing_counts_as_sent_where_sending_fails(officer, monkeypatch):
    measure(officer)
    other = create_person(role=Role.OFFICER, email="zoe@example.org")
    Measure.objects.get(code="AA1").officers.add(other)
    send_mail = mail.send_mail

    def refuse(subject, body, sender, to):
        if to == ["olu@example.org"]:
            raise OSError("the mail server is away")
        return send_mail(subject, body, sender, to)

    monkeypatch.setattr("outcomes.management.commands.remind.send_mail", refuse)
    with pytest.raises(CommandError, match=r"tried again next time: olu@example.org \(the mail server is away\)"):
        remind()
    assert [to for to, _ in sent()] == [["zoe@example.org"]]
    assert list(Reminder.objects.values_list("person__email", flat=True)) == ["zoe@example.org"]
    monkeypatch.undo()
    remind()
    assert [to for to, _ in sent()] == [["zoe@example.org"], ["olu@example.org"]]


def test_dry_run_says_what_would_be_sent_and_sends_nothing(officer):
    measure(officer)
    assert remind(dry_run=True) == "Would remind olu@example.org of:\n  due AA1 2024-01-01/P1Y\nDone.\n"
    assert mail.outbox == [] and not Reminder.objects.exists()
    remind()
    assert remind(dry_run=True) == "Done.\n"


def test_one_reminder_of_a_thing_a_person_is_a_rule_of_the_database(officer):
    Reminder.objects.create(person=officer, thing="due AA1", sent_at=NOW)
    with pytest.raises(IntegrityError):
        Reminder.objects.create(person=officer, thing="due AA1", sent_at=NOW)


# --- the command's surroundings ---


def test_command_without_an_address_of_the_site_says_so(settings):
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL is not set"):
        remind()


def test_command_on_ones_own_machine_needs_no_address(settings, officer):
    settings.SITE_URL, settings.DEBUG = "", True
    measure(officer)
    remind()
    assert "http://127.0.0.1:8000/desk/measures/aa1/enter/" in mail.outbox[0].body


def test_command_with_an_empty_record_says_so(monkeypatch):
    monkeypatch.setattr("luton2040.editions.EditionQuerySet.current", lambda self: None)
    with pytest.raises(CommandError, match="The record is empty"):
        remind()


# --- two at once ---


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_once(officer):
    measure(officer)
    found, messages = [Thing("due AA1 2024-01-01/P1Y", "Due now", "A value", "/desk/")], []
    at_once(*[lambda: reminders.remind(officer, found, now=NOW, send=messages.append)] * 2)
    assert messages == [found] and Reminder.objects.count() == 1
