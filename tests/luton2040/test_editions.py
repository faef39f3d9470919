"""Editions: what a reader sees at each, what issuing one changes, and what can never be."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from luton2040 import editions
from luton2040.editions import ChangedMeanwhile, Edition, issuing, publish, supersede
from outcomes.models import Milestone
from priorities.models import Source
from tests.factories import (
    create_edition,
    create_measure,
    create_observation,
    create_source,
    create_user,
)

pytestmark = pytest.mark.django_db
KEY = ("slug",)


def source(slug, title="A title"):
    """A source that is wanted, not saved yet."""
    return Source(slug=slug, title=title, publisher="A publisher", kind="report")


def issue(*wanted, kind=Edition.Kind.VALUES, by=None, **options):
    """Issue one edition in which the sources are published; gives the edition and its changes."""
    with issuing(kind=kind, summary="Sources", by=by) as edition:
        changes = publish(edition, wanted, key=KEY, among=Source.objects.all(), **options)
    return edition, changes


def titles(edition):
    return dict(Source.objects.at(edition).values_list("slug", "title"))


# --- .at() ---


@pytest.fixture
def five_editions():
    """A source that was there in editions 2 and 3, and one that is there from 4 on."""
    made = [create_edition() for _ in range(5)]
    create_source(edition=made[1], last_edition=made[2], slug="ended")
    create_source(edition=made[3], slug="current")
    return made


@pytest.mark.parametrize(
    "number, seen",
    [
        pytest.param(0, [], id="before any edition"),
        pytest.param(1, [], id="before the first"),
        pytest.param(2, ["ended"], id="at the first"),
        pytest.param(3, ["ended"], id="at the last"),
        pytest.param(4, ["current"], id="after the last"),
        pytest.param(5, ["current"], id="current, later"),
        pytest.param(99, ["current"], id="an edition to come"),
    ],
)
def test_at_gives_what_the_edition_shows(five_editions, number, seen):
    assert [s.slug for s in Source.objects.at(number)] == seen


def test_at_takes_an_edition_or_its_number_alike(five_editions):
    for edition in five_editions:
        assert list(Source.objects.at(edition)) == list(Source.objects.at(edition.number))


def test_at_is_one_query_that_can_be_narrowed(five_editions):
    with CaptureQueriesContext(connection) as queries:
        assert [s.slug for s in Source.objects.at(3).filter(slug__startswith="e")] == ["ended"]
    assert len(queries) == 1


def test_current_gives_only_rows_that_are_not_superseded(five_editions):
    assert [s.slug for s in Source.objects.current()] == ["current"]


def test_current_edition_is_none_at_first_then_the_highest():
    assert Edition.objects.current() is None
    create_edition(number=2)
    create_edition(number=10)
    create_edition(number=9)
    assert Edition.objects.current().number == 10
    assert [e.number for e in Edition.objects.newest_first()] == [10, 9, 2]
    assert str(Edition.objects.current()) == "Edition 10"


# --- publish() ---


def test_publish_counts_new_changed_same_and_ended():
    issue(source("kept"), source("reworded", "Old"), source("dropped"))
    edition, changes = issue(source("kept"), source("reworded", "New"), source("added"))

    assert [s.slug for s in changes.new] == ["added"]
    assert [(old.title, new.title) for old, new in changes.changed] == [("Old", "New")]
    assert [s.slug for s in changes.ended] == ["dropped"]
    assert changes.same == 1
    assert edition.number == 2
    assert titles(1) == {"kept": "A title", "reworded": "Old", "dropped": "A title"}
    assert titles(2) == {"kept": "A title", "reworded": "New", "added": "A title"}


def test_publish_leaves_the_same_row_its_first_edition():
    issue(source("kept"))
    issue(source("kept"), source("added"))
    assert Source.objects.get(slug="kept").first_edition_id == 1
    assert Source.objects.get(slug="kept").last_edition_id is None


def test_publish_ends_superseded_rows_with_the_edition_before():
    issue(source("a", "First"))
    issue(source("unrelated"), complete=False)
    issue(source("a", "Third"), complete=False)
    first, third = Source.objects.filter(slug="a").order_by("first_edition")
    assert (first.first_edition_id, first.last_edition_id) == (1, 2)
    assert (third.first_edition_id, third.last_edition_id) == (3, None)


def test_publish_incomplete_ends_nothing():
    issue(source("a"), source("b"))
    _, changes = issue(source("a", "New"), complete=False)
    assert changes.ended == []
    assert titles(2) == {"a": "New", "b": "A title"}


def test_publish_among_some_leaves_the_others():
    issue(source("a-1"), source("a-2"), source("b-1"))
    with issuing(kind=Edition.Kind.VALUES, summary="Only a") as edition:
        among = Source.objects.filter(slug__startswith="a")
        changes = publish(edition, [source("a-1")], key=KEY, among=among)
    assert [s.slug for s in changes.ended] == ["a-2"]
    assert set(titles(2)) == {"a-1", "b-1"}


def test_publish_without_among_stands_for_all_rows():
    issue(source("a"), source("b"))
    with issuing(kind=Edition.Kind.VALUES, summary="All") as edition:
        changes = publish(edition, (s for s in [source("a")]), key=KEY)
    assert [s.slug for s in changes.ended] == ["b"]


def test_publish_of_nothing_without_among_changes_nothing():
    issue(source("a"))
    with issuing(kind=Edition.Kind.VALUES, summary="Nothing") as edition:
        assert not publish(edition, [], key=KEY)
    assert Edition.objects.current().number == 1
    assert set(titles(1)) == {"a"}


def test_publish_of_nothing_among_all_ends_them():
    issue(source("a"))
    edition, changes = issue()
    assert [s.slug for s in changes.ended] == ["a"]
    assert titles(edition) == {}
    assert titles(1) == {"a": "A title"}


def test_publish_again_what_had_ended_begins_a_new_row():
    issue(source("a"))
    issue()
    issue(source("a"))
    assert [set(titles(n)) for n in (1, 2, 3)] == [{"a"}, set(), {"a"}]
    assert Source.objects.count() == 2


def test_publish_of_more_rows_than_one_batch_supersedes_them_all():
    issue(*(source(f"s{n}") for n in range(1203)))
    _, changes = issue(*(source(f"s{n}", "New") for n in range(1203)))
    assert len(changes.changed) == 1203
    assert Source.objects.at(1).filter(title="A title").count() == 1203
    assert Source.objects.at(2).filter(title="New").count() == 1203
    assert Source.objects.current().count() == 1203


def test_publish_of_one_key_twice_is_refused_and_saves_nothing():
    with pytest.raises(IntegrityError), transaction.atomic():
        issue(source("a", "One"), source("a", "Two"))
    assert not Source.objects.exists()
    assert not Edition.objects.exists()


def test_publish_twice_in_one_edition_adds_up():
    with issuing(kind=Edition.Kind.VALUES, summary="Two lots") as edition:
        publish(edition, [source("a")], key=KEY, complete=False)
        publish(edition, [], key=KEY, among=Source.objects.none())
        publish(edition, [source("b")], key=KEY, complete=False)
    assert set(titles(1)) == {"a", "b"}


def test_changes_are_true_where_anything_differs():
    assert not editions.Changes(same=3)
    assert editions.Changes(new=[1])
    assert editions.Changes(changed=[(1, 2)])
    assert editions.Changes(ended=[1])


def test_content_fields_leave_out_the_standing_and_what_is_not_content():
    assert Source.content_fields() == ["slug", "title", "publisher", "kind", "date", "url"]
    observed = create_observation()
    assert "submission_id" not in type(observed).content_fields()
    assert {"measure_id", "value", "retrieved_on"} <= set(type(observed).content_fields())


# --- issuing() ---


def test_issuing_numbers_from_one_and_records_who_and_why():
    person = create_user()
    edition, _ = issue(source("a"), by=person, kind=Edition.Kind.CORRECTION)
    saved = Edition.objects.get()
    assert (saved.number, saved.issued_by, saved.kind, saved.summary) == (1, person, "correction", "Sources")
    assert saved.issued_at is not None
    assert edition.has_changes


def test_issuing_without_changes_issues_no_edition():
    issue(source("a"))
    with issuing(kind=Edition.Kind.VALUES, summary="Nothing") as edition:
        changes = publish(edition, [source("a")], key=KEY)
    assert not changes and changes.same == 1
    assert not edition.has_changes
    assert Edition.objects.count() == 1


def test_issuing_after_an_edition_without_changes_leaves_no_gap():
    issue(source("a"))
    issue(source("a"))
    edition, _ = issue(source("b"))
    assert edition.number == 2


def test_issuing_that_fails_in_the_middle_leaves_no_half_edition():
    issue(source("a", "Old"))
    with pytest.raises(RuntimeError, match="power cut"), issuing(kind=Edition.Kind.VALUES, summary="Half") as edition:
        publish(edition, [source("a", "New"), source("b")], key=KEY)
        assert titles(2) == {"a": "New", "b": "A title"}
        raise RuntimeError("power cut")
    assert Edition.objects.current().number == 1
    assert titles(2) == {"a": "Old"}
    assert Source.objects.get().last_edition_id is None


# --- what people changed, and the framework ---


def framework(*wanted):
    return issue(*wanted, kind=Edition.Kind.FRAMEWORK)


def test_framework_leaves_alone_what_people_reworded():
    framework(source("a", "Delivered"))
    issue(source("a", "Reworded"))
    _, changes = framework(source("a", "Delivered anew"))
    assert not changes and changes.same == 1
    assert titles(99) == {"a": "Reworded"}
    assert Edition.objects.current().number == 2


def test_framework_leaves_alone_what_people_added():
    framework(source("a"))
    issue(source("b"), complete=False)
    _, changes = framework(source("a"))
    assert changes.ended == []
    assert set(titles(99)) == {"a", "b"}


def test_framework_leaves_ended_what_people_ended():
    framework(source("a"), source("b"))
    issue(source("a"))
    _, changes = framework(source("a"), source("b"))
    assert not changes and changes.same == 2
    assert set(titles(99)) == {"a"}


def test_framework_brings_back_what_only_the_framework_ended():
    framework(source("a"), source("b"))
    issue(source("c"), complete=False)
    framework(source("a"))
    framework(source("a"), source("b"))
    assert set(titles(3)) == {"a", "c"}
    assert set(titles(4)) == {"a", "b", "c"}


def test_framework_goes_by_who_ended_a_row_last():
    framework(source("a"), source("b"))
    framework(source("a"))
    framework(source("a"), source("b"))
    issue(source("a"))
    _, changes = framework(source("a"), source("b"))
    assert not changes
    assert [set(titles(n)) for n in (1, 2, 3, 4)] == [{"a", "b"}, {"a"}, {"a", "b"}, {"a"}]


def test_framework_changes_its_own_rows_beside_those_of_people():
    framework(source("a", "Delivered"), source("b", "Delivered"))
    issue(source("a", "Reworded"), complete=False)
    _, changes = framework(source("a", "Anew"), source("b", "Anew"))
    assert [new.slug for _, new in changes.changed] == ["b"]
    assert titles(3) == {"a": "Reworded", "b": "Anew"}


BY_PUBLISHER = {"key": KEY, "among": Source.objects.all(), "together": ("publisher",)}


def by(publisher, slug, title="A title"):
    return Source(slug=slug, title=title, publisher=publisher, kind="report")


@pytest.fixture
def two_publishers():
    """Of each two sources, as delivered."""
    with issuing(kind=Edition.Kind.FRAMEWORK, summary="Delivered") as edition:
        publish(edition, [by("A", "a-1"), by("A", "a-2"), by("B", "b-1"), by("B", "b-2")], **BY_PUBLISHER)


def deliver(*wanted):
    with issuing(kind=Edition.Kind.FRAMEWORK, summary="Delivered again") as edition:
        return publish(edition, wanted, **BY_PUBLISHER)


@pytest.mark.parametrize(
    "people",
    [
        pytest.param([by("A", "a-1", "Reworded")], id="changed"),
        pytest.param([by("A", "a-3")], id="added"),
        pytest.param([], id="ended"),
    ],
)
def test_framework_leaves_alone_all_that_belongs_together_with_what_people_changed(two_publishers, people):
    with issuing(kind=Edition.Kind.VALUES, summary="By people") as edition:
        publish(edition, people, key=KEY, among=Source.objects.filter(slug__in=["a-1", "a-3"]))
    before = titles(2)
    changes = deliver(by("A", "a-1", "Anew"), by("A", "a-4"), by("B", "b-1", "Anew"))
    assert [s.slug for s in changes.ended] == ["b-2"]
    assert [new.slug for _, new in changes.changed] == ["b-1"]
    assert (changes.new, changes.same) == ([], 2)
    assert titles(3) == {slug: title for slug, title in before.items() if slug != "b-2"} | {"b-1": "Anew"}


def test_framework_goes_on_leaving_alone_what_people_changed_long_ago(two_publishers):
    issue(by("A", "a-1", "Reworded"), complete=False)
    for title in ("Third", "Fourth"):
        deliver(by("A", "a-2", title), by("B", "b-1", title), by("B", "b-2", title))
    assert titles(99) == {"a-1": "Reworded", "a-2": "A title", "b-1": "Fourth", "b-2": "Fourth"}


def test_people_change_one_row_of_those_that_belong_together(two_publishers):
    with issuing(kind=Edition.Kind.VALUES, summary="By people") as edition:
        publish(edition, [by("A", "a-1", "Reworded")], complete=False, **BY_PUBLISHER)
    assert titles(2)["a-1"] == "Reworded" and titles(2)["a-2"] == "A title"


def test_people_may_change_what_people_changed():
    issue(source("a", "One"))
    issue(source("a", "Two"))
    assert titles(2) == {"a": "Two"}


# --- compare-and-set ---


def test_supersede_of_a_row_already_superseded_raises_changed_meanwhile():
    issue(source("a", "Old"), source("b", "Old"))
    stale = list(Source.objects.current())
    issue(source("a", "Theirs"), complete=False)
    with (
        pytest.raises(ChangedMeanwhile, match="1 of 2 rows had already been superseded"),
        issuing(kind=Edition.Kind.VALUES, summary="Ours") as edition,
    ):
        supersede(edition, Source, [s.pk for s in stale])
    assert titles(99) == {"a": "Theirs", "b": "Old"}


def test_publish_that_loses_the_race_raises_changed_meanwhile_and_saves_nothing(monkeypatch):
    issue(source("a", "Old"))

    def after_somebody_else(edition, model, pks):
        Source.objects.filter(pk__in=pks).update(last_edition=1)
        return supersede(edition, model, pks)

    monkeypatch.setattr(editions, "supersede", after_somebody_else)
    with pytest.raises(ChangedMeanwhile):
        issue(source("a", "New"), source("b"))
    assert Edition.objects.current().number == 1
    assert titles(1) == {"a": "Old"}
    assert Source.objects.count() == 1


def test_supersede_of_nothing_asks_the_database_nothing():
    edition = create_edition()
    with CaptureQueriesContext(connection) as queries:
        supersede(edition, Source, [])
    assert len(queries) == 0


# --- what can never be ---


def number_zero():
    create_edition(number=0)


def same_number_twice():
    Edition.objects.bulk_create([create_edition(number=1)])


def last_before_first():
    one, two = create_edition(), create_edition()
    create_source(edition=two, last_edition=one)


def two_current():
    create_source(title="One")
    create_source(title="Two")


def two_targets():
    create_measure(target=(2040, 60))
    Milestone.objects.create(
        first_edition_id=1, measure_id="AA1", kind="target", due_on="2041-12-31", value=60, standing="published"
    )


@pytest.mark.parametrize("impossible", [number_zero, same_number_twice, last_before_first, two_current, two_targets])
def test_database_refuses(impossible):
    with pytest.raises(IntegrityError), transaction.atomic():
        impossible()


def test_one_edition_may_be_both_first_and_last():
    edition = create_edition()
    create_source(edition=edition, last_edition=edition)
    assert set(titles(edition)) == {"a-source"}
    assert titles(edition.number + 1) == {}


def test_many_rows_of_a_key_may_be_past():
    one, two, three = create_edition(), create_edition(), create_edition()
    create_source(edition=one, last_edition=one, title="One")
    create_source(edition=two, last_edition=two, title="Two")
    create_source(edition=three, title="Three")
    assert [titles(n)["a-source"] for n in (1, 2, 3)] == ["One", "Two", "Three"]
