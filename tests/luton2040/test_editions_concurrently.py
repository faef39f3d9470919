"""Many at once: editions are issued one after another, one of two approvals wins, a reader's page stands still.

Real threads with connections of their own, each of which must come to an end without an error: "database is locked"
would be one.
"""

from threading import Barrier, Event

import pytest
from django.db import connection

from luton2040.editions import ChangedMeanwhile, Edition, issuing, publish
from outcomes import submissions
from outcomes.models import Observation, Submission
from priorities.models import Source
from tests.factories import HOME, NOW, create_submission, create_user, make_row
from tests.threads import PATIENCE, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def source(slug, title):
    return Source(slug=slug, title=title, publisher="A publisher", kind="report")


def issue(*wanted):
    with issuing(kind=Edition.Kind.VALUES, summary="Sources") as edition:
        publish(edition, wanted, key=("slug",), among=Source.objects.all(), complete=False)
    return edition


def test_database_is_one_that_threads_share_as_on_the_site():
    assert not getattr(connection, "is_in_memory_db", lambda: False)()


def test_issuing_in_many_threads_numbers_editions_without_gaps():
    threads, each = 6, 5

    def work(thread):
        return lambda: [issue(source(f"s{thread}-{n}", "A title")).number for n in range(each)]

    numbers = sum(at_once(*(work(thread) for thread in range(threads))), [])

    assert sorted(numbers) == list(range(1, threads * each + 1))
    assert sorted(Edition.objects.values_list("number", flat=True)) == sorted(numbers)
    begun = list(Source.objects.values_list("first_edition_id", flat=True))
    assert sorted(begun) == sorted(numbers), "each edition brought exactly its own row"


def test_issuing_in_many_threads_lets_none_write_over_another():
    """Each reads the current row and publishes the next: were two to read the same one, the count would fall short."""
    issue(source("count", "1"))

    def count_on():
        for _ in range(5):
            with issuing(kind=Edition.Kind.VALUES, summary="Count on") as edition:
                now = int(Source.objects.current().get(slug="count").title)
                publish(edition, [source("count", str(now + 1))], key=("slug",), among=Source.objects.all())

    at_once(*[count_on] * 5)

    assert Edition.objects.current().number == 26
    assert [Source.objects.at(n).get(slug="count").title for n in range(1, 27)] == [str(n) for n in range(1, 27)]
    assert Source.objects.current().count() == 1


def test_issuing_that_fails_among_others_leaves_no_gap():
    def fail():
        for _ in range(5):
            with pytest.raises(RuntimeError), issuing(kind=Edition.Kind.VALUES, summary="Fails") as edition:
                publish(edition, [source("never", "Never")], key=("slug",), complete=False)
                raise RuntimeError

    def succeed(name):
        return lambda: [issue(source(f"{name}-{n}", "A title")) for n in range(5)]

    at_once(fail, succeed("a"), fail, succeed("b"))

    assert sorted(Edition.objects.values_list("number", flat=True)) == list(range(1, 11))
    assert not Source.objects.filter(slug="never").exists()


@pytest.mark.parametrize("round_", range(5))
def test_approve_twice_at_once_lets_exactly_one_win(round_):
    submission = create_submission(rows=[make_row(value=50)])
    approvers = [create_user(email=f"approver{n}@example.org") for n in (1, 2)]

    def approve(by):
        def work():
            stale = Submission.objects.get(pk=submission.pk)
            try:
                submissions.approve(stale, by=by, now=NOW, summary=f"Approved by {by.email}")
            except ChangedMeanwhile as error:
                return str(error)
            return by

        return work

    first, second = at_once(*(approve(by) for by in approvers))

    winner, said = (first, second) if isinstance(second, str) else (second, first)
    assert "It is now: published." in said
    submission.refresh_from_db()
    assert (submission.state, submission.decided_by) == (Submission.State.APPROVED, winner)
    assert Edition.objects.get().issued_by == winner
    assert Observation.objects.get().first_edition_id == 1


def test_approve_of_two_submissions_for_one_period_publishes_one_after_the_other():
    rivals = [
        create_submission(rows=[make_row(value=value)], by=create_user(email=f"officer{value}@example.org"))
        for value in (50, 60)
    ]
    approver = create_user(email="approver@example.org")

    at_once(
        *(lambda rival=rival: submissions.approve(rival, by=approver, now=NOW, summary="Approved") for rival in rivals)
    )

    assert Edition.objects.current().number == 2
    one, two = (Observation.objects.at(n).get() for n in (1, 2))
    assert {one.value, two.value} == {50, 60}
    assert (one.last_edition_id, two.last_edition_id) == (1, None)


def test_reader_at_an_edition_sees_the_same_rows_while_others_are_issued():
    names = [f"s{n}" for n in range(20)]
    issue(*(source(name, "1") for name in names))
    pinned = list(Source.objects.at(1).order_by("slug").values_list("pk", "slug", "title"))
    looked, done = Barrier(3), Event()

    def write():
        try:
            for n in range(15):
                if n == 7:
                    looked.wait(PATIENCE)
                with issuing(kind=Edition.Kind.VALUES, summary="All anew") as edition:
                    wanted = [source(name, str(edition.number)) for name in names]
                    publish(edition, wanted, key=("slug",), among=Source.objects.all())
        finally:
            done.set()

    def read():
        """The pinned edition, and the newest: each whole, whatever is going on."""
        seen = set()
        while True:
            last_look = done.is_set()
            assert list(Source.objects.at(1).order_by("slug").values_list("pk", "slug", "title")) == pinned
            newest = Edition.objects.current().number
            titles = list(Source.objects.at(newest).values_list("title", flat=True))
            assert titles == [str(newest)] * len(names)
            if not seen:
                looked.wait(PATIENCE)
            seen.add(newest)
            if last_look:
                return seen

    _, *seen = at_once(write, read, read)

    assert all(16 in numbers for numbers in seen)
    assert all(min(numbers) <= 8 for numbers in seen), "the readers read while editions were issued"


def test_reader_is_not_held_up_by_an_edition_being_issued():
    """A reader asks in the middle of a writer's transaction, and has its answer before that ends."""
    issue(source("a", "Old"))
    publishing, answered = Event(), Event()

    def write():
        with issuing(kind=Edition.Kind.VALUES, summary="Slowly") as edition:
            publish(edition, [source("a", "New")], key=("slug",), complete=False)
            publishing.set()
            assert answered.wait(PATIENCE)

    def read():
        assert publishing.wait(PATIENCE)
        seen = Edition.objects.current().number, list(Source.objects.at(2).values_list("title", flat=True))
        answered.set()
        return seen

    _, seen = at_once(write, read)

    assert seen == (1, ["Old"])
    assert Source.objects.at(2).get().title == "New"


def test_approve_while_others_issue_keeps_every_value():
    """Officers' values and other editions side by side: nothing is lost and nothing is doubled."""
    waiting = [create_submission(rows=[make_row(year=year, value=year)]) for year in range(2000, 2008)]
    approver = create_user(email="approver@example.org")

    def approve(some):
        return lambda: [submissions.approve(s, by=approver, now=NOW, summary="Approved") for s in some]

    at_once(approve(waiting[:4]), approve(waiting[4:]), lambda: [issue(source(f"s{n}", "A title")) for n in range(8)])

    assert sorted(Edition.objects.values_list("number", flat=True)) == list(range(1, 17))
    current = Observation.objects.current().filter(area=HOME)
    assert sorted(int(o.value) for o in current) == list(range(2000, 2008))
    assert Observation.objects.count() == 8
