"""A pledge as pages tell of it, at any edition."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from pledges.models import CommitmentOutcome, CommitmentVersion, OrganisationVersion, PledgeVersion
from pledges.report import reports
from tests.factories import TODAY, create_edition, create_organisation
from tests.factories_pledges import create_commitment, create_pledge, create_pledge_update

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
