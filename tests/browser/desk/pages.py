"""Every kind of page at the desk, with the states that it can be in."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from django.utils import timezone
from playwright.sync_api import Page, expect

from luton2040 import audit, people
from luton2040 import hold as holds
from luton2040.audit import Action
from luton2040.roles import Role
from outcomes import submissions
from outcomes.desk import reviewing
from outcomes.models import Measure, Observation, Submission
from tests import factories as make
from tests import record
from tests.browser.desk import kinds, steps
from tests.browser.desk.kinds import handed_in, kind, line, plain
from tests.record import NOW

NOTHING_FITS = "?q=qwertyuiop"


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def expect_problem(page: Page, *texts: str) -> None:
    for text in texts:
        expect(steps.problems(page)).to_contain_text(text)


# --- my work ---


@kind("desk:home")
def my_work_with_some_of_everything(page, desk):
    """Due and overdue, sent back, handed in, scheduled, a draft, and somebody else's."""
    _, second, third, fourth, fifth, *_ = desk.due
    kinds.sent_back(desk)
    handed_in(desk, line(second), measure=second.measure.measure_id)
    kinds.scheduled(desk, line(third))
    typed = {"value": [steps.as_last(fourth)]}
    make.create_draft(by=desk.person("officer"), measure=fourth.measure.measure_id, typed=typed, now=NOW)
    make.create_draft(by=desk.person("officer"), measure=fifth.measure.measure_id, kind="targets", typed=typed, now=NOW)
    make.create_draft(by=desk.person("colleague"), measure=desk.due[-1].measure.measure_id, typed=typed, now=NOW)
    page.goto("/desk/")


@kind("desk:home")
def my_work_when_there_is_none(page, desk):
    desk.person("officer").measures.set(Measure.objects.none())
    page.goto("/desk/")


@kind("desk:home", who="approver")
def my_work_of_an_approver(page, desk):
    handed_in(desk)
    kinds.scheduled(desk, line(desk.due[1]))
    page.goto("/desk/")


plain("my work of an approver when there is none", "desk:home", "/desk/", who="approver")
plain("my work of an administrator", "desk:home", "/desk/", who="administrator")
plain("my work of a colleague with much to come", "desk:home", "/desk/", who="colleague")


# --- measures ---

plain("measures of an officer", "desk:measures", "/desk/measures/")
plain("no measure that fits", "desk:measures", f"/desk/measures/{NOTHING_FITS}")


@kind("desk:measures")
def measures_after_a_search(page, desk):
    page.goto("/desk/measures/")
    page.get_by_label("Search").fill(desk.due[0].outcome.short_label)
    expect(page.locator("#announcer")).to_contain_text("1 measure")


@kind("desk:measure")
def measure_with_a_long_record(page, desk):
    kinds.corrected(desk)
    handed_in(desk)
    typed = {"value": ["1"]}
    make.create_draft(by=desk.person("officer"), measure=desk.due[0].measure.measure_id, kind="targets", typed=typed)
    make.create_draft(by=desk.person("colleague"), measure=desk.due[0].measure.measure_id, typed=typed, now=NOW)
    page.goto(steps.path(desk.due[0], "").removesuffix("/"))


@kind("desk:measure", who="approver")
def measure_without_a_value(page, desk):
    without = Measure.objects.exclude(pk__in=Observation.objects.values("measure")).first()
    page.goto(f"/desk/measures/{without.code.lower()}/")


# --- a value ---


@kind("desk:enter")
def entering(page, desk):
    page.goto(steps.path(desk.due[0]))


@kind("desk:enter", who="colleague")
def entering_where_others_are_at_work(page, desk):
    report = desk.due[-1]
    handed_in(desk, line(report), measure=report.measure.measure_id)
    page.goto(steps.path(report))


@kind("desk:enter")
def entering_what_is_handed_in_already(page, desk):
    handed_in(desk)
    page.goto(steps.path(desk.due[0]))


@kind("desk:enter")
def entering_a_wrong_value_as_it_is_typed(page, desk):
    page.goto(steps.path(desk.due[0]))
    steps.value_field(page).fill("about thirty")
    expect(steps.value_field(page)).to_have_attribute("aria-invalid", "true")


@kind("desk:enter")
def entering_with_faults(page, desk):
    page.goto(steps.path(desk.due[0]))
    page.get_by_label("Period", exact=True).fill("next year")
    steps.value_field(page).fill("about thirty")
    page.get_by_label("Release used").fill("")
    button(page, "Check and preview")
    expect_problem(page, "Period", "Value", "Release used")


@kind("desk:enter")
def entering_a_doubtful_value_as_it_is_typed(page, desk):
    report = steps.turned_by_its_target(desk.due)
    page.goto(steps.path(report))
    steps.type_value(page, steps.target(report))
    expect(page.locator("#doubts")).to_contain_text("Is this right?")


@kind("desk:enter")
def entering_a_doubtful_value(page, desk):
    report = steps.turned_by_its_target(desk.due)
    page.goto(steps.path(report))
    steps.fill(page, steps.target(report))
    button(page, "Hand in")
    expect_problem(page, "Say why it is right all the same")


@kind("desk:enter")
def entering_a_sound_value(page, desk):
    page.goto(steps.path(desk.due[0]))
    steps.fill(page, steps.as_last(desk.due[0]))
    page.get_by_label("Provisional").check()
    button(page, "Check and preview")
    expect_problem(page, "Nothing is wrong with it.")


@kind("desk:enter")
def entering_what_is_published_already(page, desk):
    kinds.published(desk)
    page.goto(steps.path(desk.due[0]))
    page.get_by_label("Period", exact=True).fill(steps.words.period_name(steps.next_period(desk.due[0])))
    steps.type_value(page, steps.as_last(desk.due[0]))
    expect(page.locator("#published")).to_contain_text("There is a value for this period already.")


@kind("desk:enter")
def entering_in_two_windows_at_once(page, desk):
    page.goto(steps.path(desk.due[0]))
    typed = {"value": ["1"], "window": ["another"]}
    make.create_draft(by=desk.person("officer"), measure=desk.due[0].measure.measure_id, typed=typed, now=NOW)
    steps.fill(page, "2")
    expect(steps.saved(page)).to_contain_text("Nothing was overwritten.")
    button(page, "Check and preview")
    expect_problem(page, "Nothing was overwritten.", "Value: 1")


@kind("desk:enter")
def entering_again_what_was_sent_back(page, desk):
    typed = {"value": [steps.as_last(desk.due[0])], "period": ["2030"]}
    submission = kinds.sent_back(desk, typed=typed)
    submissions.reopen(submission, by=desk.person("officer"), now=NOW)
    page.goto(steps.path(desk.due[0]))
    expect(page.get_by_role("main")).to_contain_text("Sent back with this note")


@kind("desk:enter")
def handing_in_what_a_colleague_has_handed_in(page, desk):
    page.goto(steps.path(desk.due[-1]))
    handed_in(desk, line(desk.due[-1]), who="colleague", measure=desk.due[-1].measure.measure_id)
    steps.fill(page, steps.as_last(desk.due[-1]))
    button(page, "Hand in")
    expect_problem(page, "Ravi Chandra handed in the same")


# --- a correction ---


def latest_of(report) -> Observation:
    latest = report.latest.period
    current = Observation.objects.current().of_area(report.vision.home_area)
    return current.get(measure=report.measure.measure_id, period_start=latest.start)


def open_correction(page, report):
    page.goto(steps.path(report, f"correct/{latest_of(report).pk}"))


@kind("desk:correct")
def correcting(page, desk):
    open_correction(page, desk.due[0])


@kind("desk:correct")
def correcting_with_faults(page, desk):
    open_correction(page, desk.due[0])
    steps.value_field(page).fill("about thirty")
    button(page, "Hand in")
    expect_problem(page, "Value", "Why it changes, for readers")


@kind("desk:correct")
def correcting_with_a_preview(page, desk):
    open_correction(page, desk.due[0])
    page.get_by_label("Why it changes, for readers").fill("the publisher corrected an error")
    steps.type_value(page, steps.a_little_more(desk.due[0]))
    expect(steps.preview(page)).to_contain_text("Beside the figure")


@kind("desk:correct")
def withdrawing(page, desk):
    open_correction(page, desk.due[0])
    page.get_by_label("Take it away, with none in its place").check()
    page.get_by_label("Why it changes, for readers").fill("the publisher withdrew it")
    button(page, "Check and preview")
    expect(steps.preview(page)).to_contain_text("As the public would see it")


@kind("desk:correct")
def correcting_what_was_corrected_meanwhile(page, desk):
    open_correction(page, desk.due[0])
    kinds.corrected(desk)
    steps.fill(page, "12")
    button(page, "Hand in")
    expect(page.get_by_role("main")).to_contain_text("This value is not the published one any more")


# --- the path, and a new series ---


@kind("desk:targets")
def targets(page, desk):
    page.goto(steps.path(desk.due[0], "targets"))
    page.get_by_text("Add a milestone").click()


@kind("desk:targets")
def targets_with_faults(page, desk):
    page.goto(steps.path(desk.due[0], "targets"))
    page.get_by_label("Value", exact=True).first.fill("some")
    button(page, "Hand in for approval")
    expect_problem(page, "Agreed by", "Agreed on")


@kind("desk:targets")
def targets_that_are_doubtful(page, desk):
    page.goto(steps.path(desk.due[0], "targets"))
    page.get_by_label("Value", exact=True).first.fill("1")
    page.get_by_label("Agreed by").fill("The partnership")
    page.get_by_label("Agreed on").fill("2026-11-20")
    button(page, "Hand in for approval")
    expect(page.get_by_role("region", name="As the public")).to_contain_text("Is this right?")


@kind("desk:targets")
def targets_begun_on_an_earlier_path(page, desk):
    page.goto(steps.path(desk.due[0], "targets"))
    page.get_by_label("Agreed by").fill("The partnership")
    expect(steps.saved(page)).to_contain_text("Draft saved at")
    draft = Submission.objects.get(kind="targets")
    draft.typed["path"] = ["0"]
    draft.save()
    page.goto(steps.path(desk.due[0], "targets"))
    expect(page.get_by_role("alert")).to_contain_text("The published path has changed since this was begun.")


@kind("desk:series")
def starting_a_new_series(page, desk):
    page.goto(steps.path(desk.due[0], "series"))


@kind("desk:series")
def starting_a_new_series_with_faults(page, desk):
    page.goto(steps.path(desk.due[0], "series"))
    steps.value_field(page).fill("about thirty")
    button(page, "Hand in")
    expect_problem(page, "Value", "What changed, for readers")


@kind("desk:series")
def starting_a_new_series_with_a_preview(page, desk):
    page.goto(steps.path(desk.due[0], "series"))
    page.get_by_label("The new series starts with").fill(steps.words.period_name(steps.next_period(desk.due[0])))
    page.get_by_label("What changed, for readers").fill("The survey asks another question.")
    steps.fill(page, steps.as_last(desk.due[0]))
    button(page, "Check and preview")
    expect(steps.preview(page)).to_contain_text("As the public would see it")


# --- pasting ---

plain("pasting", "desk:paste", "/desk/paste/")


@kind("desk:paste")
def pasting_when_no_measure_is_ones_own(page, desk):
    desk.person("officer").measures.set(Measure.objects.none())
    page.goto("/desk/paste/")


@kind("desk:paste")
def pasting_with_faults(page, desk):
    page.goto("/desk/paste/")
    page.get_by_text("If your rows do not say").click()
    page.get_by_label("Release date, where the rows give none").fill("soon")
    page.get_by_label("Paste cells from your spreadsheet").fill("Notes")
    button(page, "Read the rows")
    expect_problem(page, "soon")


@kind("desk:paste")
def pasting_nothing(page, desk):
    page.goto("/desk/paste/")
    button(page, "Read the rows")
    expect_problem(page, "Paste some cells, or choose a file.")


@kind("desk:paste")
def pasting_in_the_place_of_other_cells(page, desk):
    steps.paste(page, steps.cells(steps.row(desk.due[0], "1")))
    page.goto("/desk/paste/")
    expect(page.get_by_role("main")).to_contain_text("You have cells under way")


def mixed(desk) -> str:
    """Rows of every sort: new, changed, the same, doubtful twice, refused."""
    first, second, third, fourth, *_ = desk.due
    turned = steps.turned_by_its_target(desk.due)
    rows = [steps.row(report, steps.as_last(report)) for report in (first, second) if report is not turned]
    rows += [steps.row(third, "1000000"), steps.row(fourth, "not yet known"), steps.row(turned, steps.target(turned))]
    latest = steps.words.period_name(second.latest.period)
    rows.append("\t".join([second.measure.measure_id, latest, steps.a_little_more(second), steps.RELEASED]))
    return steps.cells(*rows)


@kind("desk:paste_review")
def pasted_rows_of_every_sort(page, desk):
    make.create_draft(
        by=desk.person("colleague"), measure=desk.due[0].measure.measure_id, typed={"value": ["1"]}, now=NOW
    )
    steps.paste(page, mixed(desk))


@kind("desk:paste_review")
def pasted_rows_that_lack_a_reason(page, desk):
    steps.paste(page, mixed(desk))
    button(page, "Hand in for approval")
    expect_problem(page, "say why the value is right")


@kind("desk:paste_review")
def pasted_rows_that_are_all_refused(page, desk):
    steps.paste(page, steps.cells(steps.row(desk.due[0], "not yet known")))


@kind("desk:paste_review")
def pasted_rows_in_pages(page, desk):
    turned = steps.turned_by_its_target(desk.due)
    rows = [steps.row(report, steps.as_last(report)) for report in desk.due if report is not turned]
    with patch.object(reviewing, "A_PAGE", 3):
        steps.paste(page, steps.cells(*rows))
        page.get_by_role("button", name="Page 2").click()
        expect(page.get_by_role("group", name="Pages: New rows")).to_contain_text("4 to 6 of 7 rows")


# --- submissions ---

plain("no submissions yet", "desk:submissions", "/desk/submissions/", who="approver")


@kind("desk:submissions", who="approver")
def submissions_of_every_state(page, desk):
    for report in desk.due[4:]:
        handed_in(desk, line(report), measure=report.measure.measure_id)
    kinds.scheduled(desk, line(desk.due[1]))
    kinds.published(desk, line(desk.due[2]))
    kinds.sent_back(desk)
    page.goto("/desk/submissions/")


@kind("desk:submissions", who="approver")
def no_submission_that_fits(page, desk):
    handed_in(desk)
    page.goto(f"/desk/submissions/?state=returned&person={desk.person('officer').pk}")


def open_submission(page, submission, query=""):
    page.goto(f"/desk/submissions/{submission.pk}/{query}")


@kind("desk:submission")
def submission_that_is_a_draft(page, desk):
    typed = {"value": ["1"]}
    code = desk.due[0].measure.measure_id
    open_submission(page, make.create_draft(by=desk.person("officer"), measure=code, typed=typed, now=NOW))


@kind("desk:submission")
def submission_of_ones_own_that_waits(page, desk):
    open_submission(page, handed_in(desk, kinds.warned(desk), reason="Please before Friday."))
    page.get_by_text("Take it back", exact=True).first.click()


@kind("desk:submission", who="approver")
def submission_to_decide_on(page, desk):
    open_submission(page, handed_in(desk, line(desk.due[1]), kinds.warned(desk), reason="Please before Friday."))


@kind("desk:submission", who="approver")
def submission_of_many_outcomes(page, desk):
    open_submission(page, handed_in(desk, *[line(report) for report in desk.due]))


@kind("desk:submission", who="approver")
def submission_of_one_outcome_among_many(page, desk):
    submission = handed_in(desk, *[line(report) for report in desk.due])
    open_submission(page, submission, f"?measure={desk.due[0].measure.measure_id}")


@kind("desk:submission", who="approver")
def submission_that_corrects_and_withdraws(page, desk):
    first, second = desk.due[:2]
    latest = second.latest.period
    period = {"period_start": latest.start, "period_duration": latest.duration}
    gone = line(second, withdraws=True, **period)
    open_submission(page, handed_in(desk, kinds.correction(first), gone, public_reason="the publisher was wrong"))


@kind("desk:submission", who="approver")
def submission_of_targets_during_a_hold(page, desk):
    kinds.hold(desk)
    open_submission(page, kinds.path_changed(desk))


@kind("desk:submission", who="approver")
def submission_of_a_new_series(page, desk):
    open_submission(page, kinds.new_series(desk))


@kind("desk:submission", who="approver")
def submission_that_is_stale(page, desk):
    submission = handed_in(desk, kinds.correction(desk.due[0]), public_reason="the publisher was wrong")
    record.issue(kinds.as_row(kinds.correction(desk.due[0]))._replace(value=Decimal("12.5")), summary="Another value.")
    open_submission(page, submission)
    expect(page.locator("#standing")).to_contain_text("The public record has changed since this was handed in")


@kind("desk:submission", who="approver")
def submission_that_waits_for_its_time(page, desk):
    open_submission(page, kinds.scheduled(desk))


@kind("desk:submission")
def submission_that_is_published(page, desk):
    open_submission(page, kinds.corrected(desk))


@kind("desk:submission")
def submission_that_was_sent_back(page, desk):
    open_submission(page, kinds.sent_back(desk))


@kind("desk:submission")
def submission_that_was_taken_back(page, desk):
    submission = handed_in(desk)
    submissions.take_back(submission, by=desk.person("officer"), now=NOW)
    open_submission(page, submission)


# --- deciding ---


@kind("desk:decide", who="approver")
def deciding_with_faults(page, desk):
    kinds.hold(desk)
    open_submission(page, kinds.path_changed(desk))
    page.get_by_label("At a time to come").check()
    button(page, "Show what will happen")
    expect_problem(page, "Say on which day.", "Say at what time.")


@kind("desk:decide", who="approver")
def sending_back_without_a_note(page, desk):
    open_submission(page, handed_in(desk))
    button(page, "Send back")
    expect_problem(page, "Say what should change")


@kind("desk:decide", who="approver")
def what_will_happen_now(page, desk):
    kinds.hold(desk)
    open_submission(page, handed_in(desk, kinds.warned(desk)))
    button(page, "Show what will happen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Publish this now?")


@kind("desk:decide", who="approver")
def what_will_happen_at_its_time(page, desk):
    open_submission(page, handed_in(desk))
    page.get_by_label("At a time to come").check()
    page.get_by_label("Day").fill("2026-12-24")
    page.get_by_label("Time", exact=True).fill("09:30")
    button(page, "Show what will happen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Publish this at a time to come?")


@kind("desk:decide", who="approver")
def deciding_on_what_was_changed_meanwhile(page, desk):
    submission = handed_in(desk)
    open_submission(page, submission)
    submissions.reopen(submission, by=desk.person("officer"), now=NOW + timedelta(minutes=1))
    submissions.hand_in(
        submission, by=desk.person("officer"), now=NOW + timedelta(minutes=2), lines=[line(desk.due[0])]
    )
    button(page, "Show what will happen")
    expect_problem(page, "Nothing was changed")


@kind("desk:move")
def taking_back_what_was_decided_meanwhile(page, desk):
    submission = handed_in(desk)
    open_submission(page, submission)
    page.get_by_text("Take it back", exact=True).first.click()
    submissions.approve(submission, by=desk.person("approver"), now=NOW, summary="Published")
    button(page, "Take it back for good")
    expect_problem(page, "Nothing was changed")


# --- refused ---


@kind("staff:people")
def page_of_another_role(page, desk):
    page.goto("/desk/people/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not see this page")


@kind("desk:enter", who="colleague")
def measure_of_somebody_else(page, desk):
    page.goto(steps.path(desk.due[0]))
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not see this page")


@kind("desk:submission")
def submission_that_is_not_there(page, desk):
    page.goto("/desk/submissions/12345/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no page here")


@kind("staff:hold", who="administrator")
def form_that_expired(page, desk):
    page.goto("/desk/hold/")
    page.context.clear_cookies(name="csrftoken")
    button(page, "Set the hold")
    expect(page.get_by_role("heading", level=1)).to_contain_text("This form was open for too long")


# --- for administrators ---


def administrators(name: str, address: str, path: str) -> None:
    plain(name, address, path, who="administrator")


administrators("people", "staff:people", "/desk/people/")
administrators("inviting", "staff:invite", "/desk/people/invite/")
administrators("wordings", "staff:wordings", "/desk/wording/")
administrators("no hold yet", "staff:hold", "/desk/hold/")
administrators("audit log", "staff:audit", "/desk/audit/")
administrators("nothing in the audit log that fits", "staff:audit", "/desk/audit/?about=submission+12345")


@kind("staff:people", who="administrator")
def people_in_every_state(page, desk):
    administrator = desk.person("administrator")
    invited = make.create_user(email="invited@example.org", name="Ida New")
    people.deactivate(desk.person("colleague"), "Left the council.", by=administrator, now=NOW)
    people.set_roles(invited, [Role.OFFICER, Role.APPROVER], by=administrator, now=NOW)
    page.goto("/desk/people/")


@kind("staff:invite", who="administrator")
def inviting_with_faults(page, desk):
    page.goto("/desk/people/invite/")
    page.get_by_label("E-mail address").fill("nobody")
    button(page, "Send the invitation")
    expect_problem(page, "E-mail address", "Name")


def open_person(page, person):
    page.goto(f"/desk/people/{person.pk}/")


@kind("staff:person", who="administrator")
def person_who_is_active(page, desk):
    open_person(page, desk.person("approver"))
    page.get_by_text("Remove the second step", exact=True).first.click()
    page.get_by_text("End their access", exact=True).first.click()


@kind("staff:person", who="administrator")
def person_with_measures(page, desk):
    open_person(page, desk.person("officer"))


@kind("staff:person", who="administrator")
def person_with_a_seat(page, desk):
    open_person(page, desk.person("clerk"))


@kind("staff:person", who="administrator")
def person_who_is_invited(page, desk):
    open_person(page, make.create_user(email="invited@example.org", name="Ida New"))


@kind("staff:person", who="administrator")
def person_who_is_deactivated(page, desk):
    people.deactivate(desk.person("colleague"), "Left.", by=desk.person("administrator"), now=NOW)
    open_person(page, desk.person("colleague"))


@kind("staff:person", who="administrator")
def oneself_among_the_people(page, desk):
    open_person(page, desk.person("administrator"))


@kind("staff:person", who="administrator")
def person_with_faults(page, desk):
    open_person(page, desk.person("colleague"))
    page.get_by_text("End their access", exact=True).first.click()
    button(page, "End their access")
    expect_problem(page, "Reason")


def open_wording(page, desk):
    page.goto(f"/desk/wording/measures/{desk.due[0].measure.measure_id}/")


@kind("staff:reword", who="administrator")
def rewording(page, desk):
    open_wording(page, desk)


@kind("staff:reword", who="administrator")
def rewording_with_faults(page, desk):
    open_wording(page, desk)
    page.get_by_label("Definition").fill("")
    page.get_by_label("Name", exact=True).fill("")
    button(page, "Look at the difference")
    expect_problem(page, "Name")


@kind("staff:reword", who="administrator")
def rewording_with_the_difference_during_a_hold(page, desk):
    kinds.hold(desk)
    open_wording(page, desk)
    page.get_by_label("Definition").fill("The share of plans, in clearer words.")
    page.get_by_label("What changed, for the public log").fill("Clearer words")
    button(page, "Look at the difference")
    button(page, "Publish this wording now")
    expect_problem(page, "Not published")


@kind("staff:reword", who="administrator")
def rewording_what_was_reworded_before(page, desk):
    open_wording(page, desk)
    page.get_by_label("Definition").fill("The share of plans, in clearer words.")
    page.get_by_label("What changed, for the public log").fill("Clearer words")
    button(page, "Look at the difference")
    button(page, "Publish this wording now")
    expect(steps.told(page)).to_contain_text("Published as edition 2.")


@kind("staff:hold", who="administrator")
def hold_that_is_on_after_others(page, desk):
    administrator = desk.person("administrator")
    for days in (-200, -100, 0, 100):
        day = timezone.localdate(NOW) + timedelta(days=days)
        held = holds.set_hold(starts_on=day, ends_on=day, reason="Local elections", by=administrator, now=NOW)
    holds.lift(held, by=administrator, now=NOW)
    page.goto("/desk/hold/")


@kind("staff:hold", who="administrator")
def hold_with_faults(page, desk):
    page.goto("/desk/hold/")
    button(page, "Set the hold")
    expect_problem(page, "First day", "Last day", "Reason")


@kind("staff:lift", who="administrator")
def lifting_a_hold(page, desk):
    page.goto(f"/desk/hold/{kinds.hold(desk).pk}/lift/")


@kind("staff:audit", who="administrator")
def audit_log_in_pages(page, desk):
    for _ in range(60):
        audit.record(Action.EXPORTED, what="Took away a file.", by=desk.person("officer"), about="measure AA1", now=NOW)
    page.goto("/desk/audit/?page=2")
