"""What can never be untrue of boards, whoever writes to the database: every constraint, and that each is tested."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from boards.models import (
    ActionVersion,
    BoardAction,
    BoardVersion,
    Link,
    Meeting,
    MeetingVersion,
    Membership,
    Oversight,
    Reply,
    Review,
    ReviewVersion,
)
from luton2040.editions import Edition, Published
from tests.constraints import ids, refused
from tests.factories import NOW, TODAY, create_board, create_edition, create_oversight, create_user
from tests.factories_boards import (
    HELD_ON,
    create_action_version,
    create_board_action,
    create_comment,
    create_link,
    create_meeting,
    create_meeting_version,
    create_member,
    create_reply,
    create_review,
    create_review_version,
)

pytestmark = pytest.mark.django_db

# Each published model and how one of it is made; made twice, it is the same thing again.
PUBLISHED = {
    BoardVersion: create_board,
    Oversight: lambda **given: create_oversight(priority="good-work", **given),
    MeetingVersion: create_meeting_version,
    ReviewVersion: create_review_version,
    ActionVersion: create_action_version,
}
OWN_RULES = (Oversight,)  # it has a constraint for each kind of thing overseen


def rule(model, name):
    return f"{model._meta.label_lower.replace('.', '_')}_{name}"


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda m: m.__name__)
def test_published_row_is_there_once_and_in_order(model):
    one, two = create_edition(), create_edition()
    refused(model, rule(model, "editions_in_order"), lambda: PUBLISHED[model](edition=two, last_edition=one))
    PUBLISHED[model](edition=one, last_edition=one)
    row = PUBLISHED[model](edition=two)
    if model not in OWN_RULES:
        refused(model, rule(model, "one_current"), lambda: PUBLISHED[model](edition=two))
    with pytest.raises(models.ProtectedError):
        row.first_edition.delete()


def two_editions():
    return create_edition(), create_edition()


def since_without_a_day():
    since, pinned = two_editions()
    return create_meeting(since=since, pinned=pinned, since_on=None)


def compared_with_a_later_one(create):
    pinned, since = two_editions()
    return create(pinned=pinned, since=since, since_on=TODAY, meeting=create_meeting())


def somebody():
    return create_user(email="somebody@example.org")


# The model, the constraint, what is allowed, what is not.
OTHERS = [
    (Membership, "one_seat_a_board_a_person",
     lambda: [create_board(), create_member()],
     lambda: Membership.objects.create(board_id="a-board", person=Membership.objects.get().person, seat="clerk"),
     "two seats on a board"),
    (Meeting, "one_meeting_of_a_board_a_day",
     lambda: [create_meeting(), create_meeting(board="b-board"), create_meeting(held_on=TODAY)],
     create_meeting, "two meetings on a day"),
    (Meeting, "meeting_compared_as_of_a_day", create_meeting, since_without_a_day, "compared as of no day"),
    (Meeting, "meeting_compared_with_earlier_one",
     lambda: create_meeting(since=create_edition(), held_on=TODAY),
     lambda: create_meeting(pinned=Edition.objects.get(number=1), since=create_edition(number=9)),
     "compared with a later edition"),
    (MeetingVersion, "papers_compared_with_earlier_edition",
     lambda: None,
     lambda: compared_with_a_later_one(create_meeting_version), "papers compared with a later edition"),
    (Review, "one_review_of_an_outcome_a_meeting",
     lambda: [create_review(), create_review(outcome="BB1"), create_review(meeting=create_meeting(held_on=TODAY))],
     lambda: create_review(meeting=Meeting.objects.get(held_on=HELD_ON)), "two reviews of an outcome"),
    (Review, "review_saved_when_and_by_whom_together",
     lambda: create_review(story="It rose."),
     lambda: create_review(outcome="BB1", saved_at=NOW), "saved by nobody"),
    (Review, "review_signed_off_when_and_by_whom_together",
     lambda: create_review(story="It rose.", signed_off=True),
     lambda: create_review(outcome="BB1", signed_off_at=NOW), "signed off by nobody"),
    (Review, "public_review_is_signed_off",
     lambda: create_review(is_public=True),
     lambda: create_review(outcome="BB1", is_public=True, signed_off_at=None, signed_off_by=None),
     "public and not signed off"),
    (Link, "link_expires_after_it_was_made",
     create_link, lambda: create_link(token="b", expires_at=NOW), "expired when it was made"),
    (Link, "link_revoked_when_and_by_whom_together",
     lambda: create_link(revoked_at=NOW, revoked_by=somebody()),
     lambda: create_link(token="b", revoked_at=NOW), "revoked by nobody"),
    (BoardAction, "action_closed_on_a_day_or_open",
     lambda: [create_board_action(), create_board_action(state="done", closed_on=TODAY)],
     lambda: create_board_action(state="dropped"), "closed on no day"),
    (BoardAction, "action_closed_on_a_day_or_open",
     create_board_action, lambda: create_board_action(closed_on=TODAY), "open and closed"),
    (Oversight, "oversight_one_current_per_priority",
     lambda: create_oversight(priority="good-work"), lambda: create_oversight(priority="good-work"),
     "priority overseen twice"),
    (Oversight, "oversight_one_current_per_plan",
     lambda: create_oversight(plan="a-plan"), lambda: create_oversight(plan="a-plan"), "plan overseen twice"),
    (Oversight, "oversight_one_current_of_mission",
     lambda: [create_oversight(), create_oversight(priority="good-work"), create_oversight(plan="a-plan")],
     create_oversight, "mission overseen twice"),
    (Oversight, "oversight_of_one_thing",
     lambda: create_oversight(priority="good-work"),
     lambda: create_oversight(board="another-board", priority="good-work", plan="a-plan"), "two things at once"),
]  # fmt: skip


@pytest.mark.parametrize("model, name, allowed, impossible", ids(OTHERS))
def test_database_refuses(model, name, allowed, impossible):
    allowed()
    before = model.objects.count()
    refused(model, name, impossible)
    assert model.objects.count() == before


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(lambda: create_link(meeting=Meeting.objects.get()), id="one digest for two links"),
        pytest.param(
            lambda: Reply.objects.create(
                review=Review.objects.get(), link=Link.objects.last(), organisation="A", text="B", at=NOW
            ),
            id="two replies by one link",
        ),
    ],
)
def test_database_keeps_what_is_unique(again):
    create_link()
    create_reply()
    with pytest.raises(IntegrityError), transaction.atomic():
        again()


def test_every_constraint_and_published_model_is_tested_here():
    """A new one wants a case above."""
    found = list(apps.get_app_config("boards").get_models())
    held = {constraint.name for model in found for constraint in model._meta.constraints}
    of_published = {rule(model, "editions_in_order") for model in PUBLISHED}
    of_published |= {rule(model, "one_current") for model in PUBLISHED if model not in OWN_RULES}
    assert held == of_published | {name for _, name, *_ in OTHERS}
    assert set(PUBLISHED) == {model for model in found if issubclass(model, Published)}


@pytest.mark.parametrize(
    "make, name",
    [
        pytest.param(lambda: create_board().board, "a-board", id="board"),
        pytest.param(create_meeting, f"a-board {HELD_ON}", id="meeting"),
        pytest.param(create_review, f"AA1 for a-board {HELD_ON}", id="review"),
        pytest.param(
            lambda: create_comment(by=create_user(name="Mo")), f"Mo on AA1 for a-board {HELD_ON}", id="comment"
        ),
        pytest.param(create_reply, f"A charity on AA1 for a-board {HELD_ON}", id="reply"),
        pytest.param(create_link, f"Link for the chair to a-board {HELD_ON}", id="link"),
        pytest.param(
            lambda: create_link(review=create_review(), for_whom="A charity"),
            f"Link for A charity to AA1 for a-board {HELD_ON}",
            id="link to reply",
        ),
        pytest.param(create_board_action, "Open a jobs fair.", id="action"),
        pytest.param(
            lambda: create_board() and create_member().memberships.get(), "Mo Member, member of a-board", id="seat"
        ),
    ],
)  # fmt: skip
def test_rows_are_named(make, name):
    assert str(make()) == name


def test_link_is_valid_until_it_ends_or_is_revoked():
    create_link(token="ended", expires_at=NOW + timedelta(hours=1))
    create_link(token="revoked", revoked_at=NOW, revoked_by=somebody())
    standing = create_link()
    assert list(Link.objects.valid(NOW + timedelta(hours=1))) == [standing]


def test_actions_of_a_board_open_ones_by_the_day_they_are_due():
    late, soon = create_board_action(due_on=TODAY + timedelta(days=9)), create_board_action(due_on=TODAY)
    create_board_action(state="done", closed_on=TODAY)
    assert list(BoardAction.objects.open().by_due_day()) == [soon, late]


def test_meetings_before_one_newest_first():
    first, second, third = (create_meeting(held_on=TODAY + timedelta(days=n)) for n in (0, 5, 9))
    create_meeting(board="b-board", held_on=TODAY)
    assert list(Meeting.objects.before(third)) == [second, first]
