"""A pledge as pages tell of it, at any edition."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from pledges.models import (
    CommitmentOutcome,
    CommitmentStage,
    CommitmentVersion,
    OrganisationVersion,
    PledgeUpdate,
    PledgeVersion,
)
from pledges.report import full_report, made_by, reports
from pledges.standing import Stage
from tests.factories import TODAY, create_edition, create_organisation
from tests.factories_pledges import (
    create_commitment,
    create_evidence,
    create_pledge,
    create_pledge_update,
    create_stage,
)

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def ended(model, edition, **of):
    """The row shown until the edition before this one."""
    model.objects.current().filter(**of).update(last_edition=edition.number - 1)


def only(edition, today=TODAY):
    (report,) = reports(edition, today)
    return report


def test_report_holds_what_is_promised_by_whom_for_which_outcomes():
    edition = create_edition()
    create_organisation(slug="a-council", name="A council")
    create_pledge(organisations=["a-council", "a-charity"], made_on="2025-07")
    create_commitment(slug="second", position=2, serves=["AA1", "BB1"])
    create_commitment(slug="first", position=1, serves=["AA1"])
    report = only(edition)
    assert (report.slug, report.pledge.title) == ("a-pledge", "A pledge")
    assert report.makers == [("a-council", "A council"), ("a-charity", "A charity")]
    assert report.organisations == ["A council", "A charity"]
    assert [c.commitment_id for c in report.commitments] == ["first", "second"]
    assert report.outcomes == {"AA1", "BB1"}
    assert report.serves("BB1") and not report.serves("CC1") and not report.serves_all
    assert (report.updates, report.heard_on, report.silent_months, report.is_silent) == (
        [],
        date(2025, 7, 31),
        10,
        False,
    )


def test_pledge_with_a_commitment_to_everything_serves_every_outcome():
    create_pledge(serves=["AA1"])
    create_commitment(slug="to-all", position=2, serves_all=True)
    report = only(create_edition())
    assert report.serves_all and report.serves("CC1")
    assert report.outcomes == {"AA1"}


def test_pledge_that_says_little_is_told_all_the_same():
    """No commitment, no day; its organisation has left the record."""
    create_pledge()
    edition = create_edition()
    ended(OrganisationVersion, edition)
    report = only(edition)
    assert (report.organisations, report.commitments, report.outcomes) == (["a-charity"], [], frozenset())
    assert not report.serves("AA1")


def test_updates_come_newest_first_and_the_newest_is_what_was_heard():
    create_pledge(made_on="2020")
    for day in (date(2024, 1, 1), date(2025, 6, 1), date(2023, 1, 1)):
        create_pledge_update(said_on=day)
    report = only(create_edition())
    assert [u.said_on.year for u in report.updates] == [2025, 2024, 2023]
    assert (report.heard_on, report.silent_months, report.is_silent) == (date(2025, 6, 1), 12, True)


def test_pledge_of_no_known_day_counts_from_the_edition_that_first_showed_it():
    """By London's calendar, where the day had begun already; rewording it does not count as hearing of it."""
    first = create_edition(now=datetime(2025, 5, 31, 23, 30, tzinfo=ZoneInfo("UTC")))
    create_pledge(edition=first)
    second = create_edition(now=datetime(2026, 5, 1, 12, tzinfo=LONDON))
    ended(PledgeVersion, second)
    create_pledge(edition=second, title="A pledge, reworded", organisations=[])
    assert [only(e).pledge.title for e in (first, second)] == ["A pledge", "A pledge, reworded"]
    for edition in (first, second):
        report = only(edition)
        assert (report.first_shown_on, report.heard_on, report.is_silent) == (date(2025, 6, 1), date(2025, 6, 1), True)


def test_pledge_is_read_as_it_stood_at_the_edition():
    first = create_edition()
    create_pledge(edition=first, serves=["AA1"])
    second = create_edition()
    create_pledge_update(edition=second)
    ended(CommitmentOutcome, second)
    create_commitment(edition=second, slug="another", serves=["BB1"])
    create_pledge(edition=second, slug="b-pledge", title="Brand new")
    third = create_edition()
    ended(PledgeVersion, third, pledge="a-pledge")
    ended(CommitmentVersion, third, pledge="a-pledge")
    assert [[r.slug for r in reports(e, TODAY)] for e in (first, second, third)] == [
        ["a-pledge"],
        ["a-pledge", "b-pledge"],
        ["b-pledge"],
    ]
    before, after = only(first), reports(second, TODAY)[0]
    assert (before.outcomes, len(before.commitments), len(before.updates)) == ({"AA1"}, 1, 0)
    assert (after.outcomes, len(after.commitments), len(after.updates)) == ({"BB1"}, 2, 1)


def test_reports_take_seven_queries_however_many_there_are(django_assert_num_queries):
    edition = create_edition()
    with django_assert_num_queries(7):
        assert reports(edition, TODAY) == []
    for number, title in enumerate(["Plant trees", "buy nearby", "Cycle", "Buy green"]):
        create_pledge(slug=f"p-{number}", title=title, serves=["AA1", "BB1"])
        create_pledge_update(pledge=f"p-{number}")
    with django_assert_num_queries(7):
        found = reports(edition, TODAY)
        assert all(r.serves("AA1") and r.organisations and not r.is_silent for r in found)
    assert [r.pledge.title for r in found] == ["Buy green", "buy nearby", "Cycle", "Plant trees"]


# --- how far commitments are ---


def test_commitments_stand_as_last_reported_with_the_update_that_says_so():
    create_pledge()
    for number, stage in enumerate(["done", "under-way", "done", "ended"], 1):
        create_commitment(slug=f"c-{number}", position=number, serves=[f"AA{number}"])
        create_stage(commitment=f"c-{number}", stage=stage)
    create_pledge_update(organisation_id="a-charity")
    create_commitment(slug="c-5", position=5)
    create_stage(commitment="c-5", stage="not-started", update="an-update-that-is-gone")
    report = only(create_edition())
    assert [(p.slug, p.stage, p.told and p.told.key) for p in report.promises] == [
        ("c-1", Stage.DONE, "a-pledge-2026-03-01"),
        ("c-2", Stage.UNDER_WAY, "a-pledge-2026-03-01"),
        ("c-3", Stage.DONE, "a-pledge-2026-03-01"),
        ("c-4", Stage.ENDED, "a-pledge-2026-03-01"),
        ("c-5", Stage.NOT_STARTED, None),
    ]
    assert report.stands == [(Stage.DONE, 2), (Stage.UNDER_WAY, 1), (Stage.NOT_STARTED, 1), (Stage.ENDED, 1)]
    assert (report.not_reported, report.speakers) == (0, {"a-charity": "A charity"})
    # What ended serves nothing any more.
    assert report.serves("AA1") and not report.serves("AA4") and "AA4" in report.outcomes
    CommitmentStage.objects.all().delete()
    assert (only(create_edition()).stands, only(create_edition()).not_reported) == ([], 5)


def test_pledge_that_ended_is_not_silent_and_serves_nothing():
    create_pledge(made_on="2020", serves=["AA1"], withdrawn_on=date(2026, 1, 1), withdrawn_why="It closed.")
    create_commitment(slug="to-all", position=2, serves_all=True)
    report = only(create_edition())
    assert report.is_withdrawn and not report.is_silent
    assert not (report.serves("AA1") or report.serves_all or report.in_force)


def test_earlier_wordings_are_told_where_they_said_something_else():
    """Not where only its place in the list changed; each once, newest first."""
    said = [("Buy.", "", 1), ("Buy more.", "", 1), ("Buy more.", "", 2), ("Buy more.", "Half", 2), ("Buy all.", "", 2)]
    for what, target, position in said:
        edition = create_edition()
        ended(CommitmentVersion, edition)
        create_commitment(edition=edition, what=what, target=target, position=position)
    create_pledge(edition=edition)
    (promise,) = full_report("a-pledge", edition, TODAY).promises
    assert [(row.what, row.target, row.last_edition_id) for row in promise.earlier] == [
        ("Buy more.", "Half", 4),
        ("Buy more.", "", 3),
        ("Buy.", "", 1),
    ]
    (promise,) = only(edition).promises
    assert promise.earlier == []
    assert full_report("another", edition, TODAY) is None


def test_each_update_goes_on_saying_what_it_reported_in_the_words_of_its_time():
    first = create_edition()
    create_pledge(edition=first)
    create_pledge_update(edition=first, key="start")
    create_commitment(edition=first, what="Buy.", slug="c-1")
    create_stage(edition=first, commitment="c-1", stage="under-way", update="start")
    second = create_edition()
    ended(CommitmentStage, second)
    create_pledge_update(edition=second, key="end", said_on=date(2026, 4, 1))
    create_stage(edition=second, commitment="c-1", stage="done", update="end")
    third = create_edition(kind="pledge")
    ended(CommitmentVersion, third)
    create_commitment(edition=third, what="Buy more.", slug="c-1")
    create_pledge_update(edition=third, key="reworded", said_on=date(2026, 5, 1))
    fourth = create_edition(kind="pledge")
    ended(PledgeUpdate, fourth, key="reworded")
    checked = {"said_on": date(2026, 5, 1), "checked_on": date(2026, 5, 2)}
    create_pledge_update(edition=fourth, key="reworded", **checked)

    def told(edition):
        news = full_report("a-pledge", edition, TODAY).news
        return [(update.key, [(stage.value, wording.what) for stage, wording in tells]) for update, tells in news]

    then = [("end", [("done", "Buy.")]), ("start", [("under-way", "Buy.")])]
    assert [told(e) for e in (first, second)] == [then[1:], then]
    assert told(third) == told(fourth) == [("reworded", [("changed", "Buy more.")]), *then]
    assert [full_report("a-pledge", e, TODAY).promises[0].changed for e in (second, third)] == [None, Stage.CHANGED]
    (promise,) = full_report("a-pledge", third, TODAY).promises
    assert (promise.stage, promise.told.key) == (Stage.DONE, "end")


def test_reports_of_some_hold_nothing_of_others(django_assert_num_queries):
    for name in ("a-charity", "a-college", "a-mill"):
        create_pledge(slug=f"of-{name}", title=name, organisations=[name], serves=["AA1"])
        create_pledge_update(pledge=f"of-{name}", organisation_id=name)
    edition = create_edition()
    with django_assert_num_queries(7):
        (found,) = reports(edition, TODAY, slugs=["of-a-mill"])
    assert (found.makers, len(found.commitments), len(found.updates)) == ([("a-mill", "A mill")], 1, 1)
    assert [r.slug for r in made_by("a-college", edition, TODAY)] == ["of-a-college"]
    assert reports(edition, TODAY, slugs=[]) == []


def test_what_is_known_of_a_file_is_read_without_the_file(django_assert_num_queries):
    create_pledge()
    create_pledge_update(evidence=create_evidence(data=b"12345"))
    (update,) = only(create_edition()).updates
    with django_assert_num_queries(0):
        assert (update.evidence.size, update.evidence.get_kind_display()) == (5, "PNG picture")
    assert "content" in update.evidence.get_deferred_fields()
