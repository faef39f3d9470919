"""What is said in public changes by an edition, with who and why, and files never undo it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luton2040 import audit, wording
from luton2040.desk.wording import KINDS, LinesField
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.hold import HoldIsOn
from luton2040.roles import Role
from outcomes.models import MeasureVersion, OutcomeVersion
from priorities.models import PriorityVersion
from tests.factories import (
    NOW,
    TODAY,
    create_board,
    create_fact,
    create_hold,
    create_organisation,
    create_outcome,
    create_person,
    create_place,
    create_plan,
    create_priority,
    sign_in,
)
from tests.reading import CHECKS, Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return create_person(role=Role.ADMINISTRATOR, name="Ada Admin")


@pytest.fixture
def desk(client, clock, administrator):
    """Signed in, with a place and an outcome to word."""
    create_place()
    create_outcome(values={2020: 50}, definition="The old definition.")
    sign_in(client, administrator)
    return client


def change(row, said, **options):
    options = {"about": "priorities good-work", "summary": "Clearer words", "now": NOW} | options
    return wording.reword(row, said, **options)


# --- reword() ---


def test_reword_is_an_edition_and_keeps_the_old_words(administrator):
    row = create_priority(statement="Work that pays.")
    edition = change(row, {"statement": "Work that pays well."}, by=administrator)
    assert (edition.number, edition.kind, edition.issued_by) == (2, Edition.Kind.WORDING, administrator)
    assert PriorityVersion.objects.at(1).get().statement == "Work that pays."
    now = PriorityVersion.objects.at(2).get()
    assert (now.statement, now.name) == ("Work that pays well.", row.name)


def test_reword_is_in_the_audit_log_with_old_and_new(administrator):
    change(create_priority(statement="Old."), {"statement": "New."}, by=administrator)
    entry = audit.Entry.objects.about("priorities good-work").get()
    assert (entry.action, entry.by) == (audit.Action.WORDING_CHANGED, administrator)
    assert "was “Old.”, now “New.”" in entry.what and "Edition 2" in entry.what


def test_reword_that_says_the_same_issues_nothing(administrator):
    assert change(create_priority(statement="Same."), {"statement": "Same."}, by=administrator) is None
    assert Edition.objects.count() == 1 and not audit.Entry.objects.exists()


def test_reword_of_words_that_somebody_changed_meanwhile_changes_nothing(administrator):
    row = create_priority(statement="One.")
    change(row, {"statement": "Two."}, by=administrator)
    with pytest.raises(ChangedMeanwhile):
        change(row, {"statement": "Three."}, by=administrator)
    assert PriorityVersion.objects.current().get().statement == "Two."
    assert Edition.objects.count() == 2


@pytest.mark.parametrize(
    "starts, ends, reason, waits",
    [
        pytest.param(0, 0, "", True, id="on the day"),
        pytest.param(-3, 3, "  ", True, id="within, a reason of spaces"),
        pytest.param(-3, 3, "A wrong name.", False, id="within, with a reason"),
        pytest.param(1, 3, "", False, id="before"),
        pytest.param(-3, -1, "", False, id="after"),
    ],
)
def test_reword_waits_for_the_end_of_a_hold(administrator, starts, ends, reason, waits):
    create_hold(by=administrator, starts_on=TODAY + timedelta(starts), ends_on=TODAY + timedelta(ends))
    row = create_priority()
    if waits:
        with pytest.raises(HoldIsOn, match="wording waits"):
            change(row, {"statement": "New."}, by=administrator, hold_reason=reason)
        assert Edition.objects.count() == 1
    else:
        assert change(row, {"statement": "New."}, by=administrator, hold_reason=reason)
        noted = audit.Entry.objects.of_action(audit.Action.HOLD_EXCEPTION)
        assert [e.what for e in noted] == ([reason] if reason else [])


def test_history_tells_each_change_newest_first(administrator):
    row = create_priority(statement="One.", summary="S")
    change(row, {"statement": "Two."}, by=administrator)
    change(PriorityVersion.objects.current().get(), {"statement": "Three.", "summary": "T"}, by=administrator)
    told = wording.history(PriorityVersion.objects.order_by("first_edition"))
    said = [(version.first_edition_id, [(c.label, c.was, c.now) for c in changed]) for version, changed in told]
    assert said == [
        (3, [("Statement", "Two.", "Three."), ("Summary", "S", "T")]),
        (2, [("Statement", "One.", "Two.")]),
    ]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_kind_has_a_natural_key_of_one_field(kind):
    assert kind.key in kind.model.content_fields()


# --- the pages ---


def test_list_names_everything_that_can_be_reworded(desk):
    for make in (create_plan, create_board, create_organisation, create_fact):
        make()
    page = Page(desk.get(reverse("staff:wordings")))
    for name in ("Anytown 2040", "Good work", "AA1: Label of AA1", "AA1: People in good jobs", "A plan", "A board"):
        assert page.link(name)
    assert [fault for check in CHECKS for fault in check(page)] == []


@pytest.mark.parametrize("kind, key", [("vision", "Anytown"), ("priorities", "good-work"), ("outcomes", "AA1"),
                                       ("measures", "AA1"), ("plans", "a-plan"), ("boards", "a-board"),
                                       ("facts", "people"), ("organisations", "a-charity")])  # fmt: skip
def test_form_shows_what_is_published(desk, kind, key):
    for make in (create_plan, create_board, create_organisation, create_fact):
        make()
    page = Page(desk.get(reverse("staff:reword", args=[kind, key])))
    assert [fault for check in CHECKS for fault in check(page)] == []
    assert "Nobody has changed it since the framework was delivered." in page.main


def test_wording_is_looked_at_and_then_published(desk):
    address = reverse("staff:reword", args=["measures", "AA1"])
    sent = Page(desk.get(address)).typed(definition="A new <b>definition</b>.", log_line="Clearer words", step="check")
    looked = Page(desk.post(address, sent))
    assert "What will change" in looked.headings and "The old definition." in looked.main
    assert "<b>definition" not in looked.html
    assert Edition.objects.count() == 1

    answer = desk.post(address, sent | {"step": "publish"}, follow=True)
    assert "Published as edition 2." in Page(answer).main
    assert MeasureVersion.objects.current().get().definition == "A new <b>definition</b>."
    assert Edition.objects.current().summary == "Clearer words"
    told = Page(desk.get(address)).main
    assert "Edition 2" in told and "Ada Admin" in told
    assert "A new &lt;b&gt;definition" in desk.get("/outcomes/aa1/").content.decode()
    assert "The old definition." in desk.get("/outcomes/aa1/?edition=1").content.decode()


def test_lists_of_sentences_are_typed_one_a_line(desk):
    address = reverse("staff:reword", args=["priorities", "good-work"])
    sent = Page(desk.get(address)).typed(strategy_plans="one\n\n two ", log_line="Plans", step="publish")
    desk.post(address, sent)
    assert PriorityVersion.objects.current().get().strategy_plans == ["one", "two"]


@pytest.mark.parametrize(
    "changes, said",
    [
        pytest.param({"definition": ""}, "This cannot be empty: the public pages print it.", id="empty"),
        pytest.param({"caveat": ""}, "Nothing differs", id="the same"),
        pytest.param({"row": "0"}, "Somebody has changed this wording", id="changed meanwhile"),
        pytest.param({"natural_min": "5", "natural_max": "1"}, "natural_limits", id="limits the wrong way round"),
        pytest.param({"source_url": "javascript:x"}, "valid URL", id="no web address"),
        pytest.param({"log_line": ""}, "Say in a line what changed", id="nothing for the public log"),
    ],
)
def test_refused_wording_says_why_and_keeps_what_was_typed(desk, changes, said):
    address = reverse("staff:reword", args=["measures", "AA1"])
    sent = Page(desk.get(address)).typed(caveat="Typed by hand", log_line="Words", step="publish") | changes
    page = Page(desk.post(address, sent))
    assert said in page.main
    assert sent["caveat"] in page.html
    assert Edition.objects.count() == 1


def test_lists_of_sentences_take_no_nul():
    """PostgreSQL would fail on one."""
    assert LinesField().clean("one\0\r\n\0\r\ntwo") == ["one", "two"]


@pytest.mark.parametrize("kind, key", [("nothing", "AA1"), ("measures", "ZZ9"), ("plans", "<x>"), ("plans", "a\0")])
def test_wording_of_nothing_is_not_found(desk, kind, key):
    assert desk.get(reverse("staff:reword", args=[kind, key])).status_code == 404


def test_wording_during_a_hold_needs_a_reason(desk, administrator, clock):
    create_hold(by=administrator, starts_on=clock.date(), ends_on=clock.date())
    address = reverse("staff:reword", args=["outcomes", "AA1"])
    sent = Page(desk.get(address)).typed(name="Better words", log_line="Words", step="publish")
    page = Page(desk.post(address, sent))
    assert "wording waits" in page.main and Edition.objects.count() == 1
    desk.post(address, sent | {"hold_reason": "A name was wrong."})
    assert OutcomeVersion.objects.current().get().name == "Better words"


def test_history_takes_as_many_queries_for_many_changes_as_for_one(desk, administrator):
    address = reverse("staff:reword", args=["outcomes", "AA1"])

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    def rename(name):
        change(OutcomeVersion.objects.current().get(), {"name": name}, by=administrator)

    rename("Once")
    once = asked()
    for name in ("Twice", "Again", "And again"):
        rename(name)
    assert asked() == once


def test_measure_keeps_its_unit_and_direction(desk):
    """Another unit would change what the old values say."""
    page = Page(desk.get(reverse("staff:reword", args=["measures", "AA1"])))
    names = {e.get("name") for tag in ("input", "select", "textarea") for e in page.all(tag)}
    assert not names & {"unit", "unit_symbol", "unit_position", "direction", "outcome", "measure", "first_edition"}
