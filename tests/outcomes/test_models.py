"""What can never be untrue, whoever writes to the database: every constraint, and that each is tested.

Those of boards are in tests/boards/test_models.py.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import models

from luton2040.accounts import User
from luton2040.editions import Edition, Published
from luton2040.hold import Hold
from luton2040.vision import Vision
from outcomes.models import (
    Action,
    AreaVersion,
    MeasureVersion,
    Milestone,
    MilestoneLine,
    Observation,
    OutcomeVersion,
    PlanOutcome,
    Revision,
    Submission,
    SubmissionLine,
)
from outcomes.periods import Period
from outcomes.reminders import Reminder
from priorities.models import Fact, PlanVersion, PriorityVersion, Source
from tests.constraints import ids, refused
from tests.factories import (
    COUNTRY,
    NOW,
    TODAY,
    create_action,
    create_area,
    create_edition,
    create_fact,
    create_hold,
    create_measure,
    create_milestone,
    create_observation,
    create_outcome_version,
    create_plan,
    create_plan_outcome,
    create_priority,
    create_revision,
    create_source,
    create_submission,
    create_submission_line,
    create_user,
    create_vision,
    make_line,
    make_point,
    make_row,
)

pytestmark = pytest.mark.django_db
APPS = ("luton2040", "priorities", "outcomes")

# Each published model and how one of it is made; made twice, it is the same thing again.
PUBLISHED = {
    Vision: create_vision,
    PriorityVersion: create_priority,
    PlanVersion: create_plan,
    Source: create_source,
    Fact: create_fact,
    AreaVersion: create_area,
    OutcomeVersion: create_outcome_version,
    # Each of another outcome, for an outcome has one measure too.
    MeasureVersion: lambda **given: create_measure(outcome=f"AA{MeasureVersion.objects.count()}", **given),
    Milestone: lambda **given: create_milestone(kind="milestone", due_on=2030, value=1, **given),
    Observation: create_observation,
    Revision: create_revision,
    Action: create_action,
    PlanOutcome: create_plan_outcome,
}
OWN_RULES = (Revision,)  # of what was revised there may be many rows


# --- what every published model carries ---


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda m: m.__name__)
def test_published_row_cannot_end_before_it_begins(model):
    one, two = create_edition(), create_edition()
    name = f"{model._meta.label_lower.replace('.', '_')}_editions_in_order"
    refused(model, name, lambda: PUBLISHED[model](edition=two, last_edition=one))
    PUBLISHED[model](edition=two, last_edition=two)


@pytest.mark.parametrize("model", [m for m in PUBLISHED if m not in OWN_RULES], ids=lambda m: m.__name__)
def test_published_thing_has_one_current_row(model):
    one, two = create_edition(), create_edition()
    PUBLISHED[model](edition=one, last_edition=one)
    PUBLISHED[model](edition=two)
    name = f"{model._meta.label_lower.replace('.', '_')}_one_current"
    refused(model, name, lambda: PUBLISHED[model](edition=two))


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda m: m.__name__)
def test_edition_that_rows_point_at_cannot_be_deleted(model):
    row = PUBLISHED[model](edition=create_edition())
    with pytest.raises(models.ProtectedError):
        row.first_edition.delete()


# --- the others, one by one: the model, the constraint, what is allowed, what is not ---


def own_submission(**changed):
    person = create_user(email="somebody@example.org")
    decided = {"state": "approved", "decided_at": NOW, "decided_by": create_user(email="other@example.org")}
    given = {"origin": "form", "saved_at": NOW, "proposed_at": NOW, "proposed_by": person} | decided
    return Submission.objects.create(**given | {k: person if v == "proposer" else v for k, v in changed.items()})


def draft(**changed):
    undecided = {"state": "draft", "decided_at": None, "decided_by": None}
    return own_submission(**undecided | changed)


def own_line(**changed):
    line = make_line(**changed)
    line.submission = create_submission(rows=[])
    line.save()


def own_points(*points):
    submission = create_submission(rows=[])
    for point in points:
        point.submission = submission
        point.save()


def reminded(thing):
    person = User.objects.first() or create_user()
    return Reminder.objects.create(person=person, thing=thing, sent_at=NOW)


LIMITS = "value_lies_within_both_limits_or_has_none"
DECISION = "submission_decision_when_and_who_together"
TIME = "submission_has_a_time_once_it_is_approved_for_it"
PUBLIC_REASON = "correction_says_why_in_public"
OTHERS = [
    (
        Edition, "edition_numbers_start_at_one",
        lambda: create_edition(number=1), lambda: create_edition(number=0), "edition 0",
    ),
    (
        User, "user_email_once_in_any_case",
        lambda: create_user(email="officer@example.org"), lambda: create_user(email="OFFICER@example.org"),
        "e-mail in capitals",
    ),
    (
        MeasureVersion, "one_current_measure_per_outcome",
        lambda: create_measure(code="AA1", outcome="AA1"), lambda: create_measure(code="AA1-B", outcome="AA1"),
        "second measure of an outcome",
    ),
    (
        MeasureVersion, "tolerance_is_not_negative",
        lambda: create_measure(code="AA1", tolerance=0), lambda: create_measure(code="BB1", tolerance="-0.1"),
        "negative tolerance",
    ),
    (
        MeasureVersion, "natural_limits_in_order",
        lambda: create_measure(code="AA1", natural_min=0, natural_max=1),
        lambda: create_measure(code="BB1", natural_min=1, natural_max=0), "natural limits crossed",
    ),
    (
        MeasureVersion, "natural_limits_in_order",
        lambda: create_measure(code="AA1", natural_min=5),
        lambda: create_measure(code="BB1", natural_min=1, natural_max=1), "natural limits equal",
    ),
    (
        Milestone, "one_current_baseline_and_target",
        lambda: create_milestone(kind="target", value=60),
        lambda: create_milestone(kind="target", due_on=2041, value=60), "two targets",
    ),
    (
        Milestone, "one_current_baseline_and_target",
        lambda: create_milestone(kind="baseline", due_on=2020), lambda: create_milestone(kind="baseline", due_on=2021),
        "two baselines",
    ),
    (
        Milestone, "baseline_takes_its_value_from_observation",
        lambda: create_milestone(kind="baseline", due_on=2020),
        lambda: create_milestone(measure="BB1", kind="baseline", due_on=2020, value=50), "baseline with its own figure",
    ),
    (
        Milestone, "baseline_takes_its_value_from_observation",
        lambda: create_milestone(kind="target", value=0),
        lambda: create_milestone(measure="BB1", kind="target", value=None), "target without a figure",
    ),
    (
        Milestone, "baseline_takes_its_value_from_observation",
        lambda: create_milestone(kind="milestone", due_on=2030, value=0),
        lambda: create_milestone(kind="milestone", due_on=2031, value=None), "milestone without a figure",
    ),
    (
        Observation, LIMITS,
        lambda: create_observation(year=2020, value=50, lower=50, upper=50),
        lambda: create_observation(year=2021, value=50, lower=51, upper=60), "value below its limits",
    ),
    (
        Observation, LIMITS,
        lambda: create_observation(year=2020, value=50, lower=40, upper=60),
        lambda: create_observation(year=2021, value=50, lower=40, upper=49), "value above its limits",
    ),
    (
        Observation, LIMITS,
        lambda: create_observation(year=2020, value=50), lambda: create_observation(year=2021, value=50, lower=40),
        "only the lower limit",
    ),
    (
        Observation, LIMITS,
        lambda: create_observation(year=2020, value=50), lambda: create_observation(year=2021, value=50, upper=60),
        "only the upper limit",
    ),
    (
        Submission, "submission_has_a_proposer",
        lambda: create_submission(origin="framework"),
        lambda: Submission.objects.create(origin="form", saved_at=NOW, proposed_at=NOW), "proposed by nobody",
    ),
    (
        Submission, DECISION,
        lambda: create_submission(), lambda: own_submission(decided_at=None), "decided at no time",
    ),
    (
        Submission, DECISION,
        lambda: create_submission(), lambda: own_submission(decided_by=None), "decided by nobody",
    ),
    (
        Submission, DECISION,
        lambda: create_submission(), lambda: own_submission(state="submitted"), "decided and still waiting",
    ),
    (
        Submission, "nobody_approves_their_own_submission",
        lambda: create_submission(), lambda: own_submission(decided_by="proposer"), "approved by its proposer",
    ),
    (
        Submission, "nobody_approves_their_own_submission",
        lambda: create_submission(), lambda: own_submission(decided_by="proposer", state="returned"),
        "sent back by its proposer",
    ),
    (
        Submission, "nobody_approves_their_own_submission",
        lambda: create_submission(),
        lambda: own_submission(decided_by="proposer", state="scheduled", publish_at=NOW),
        "approved for a time by its proposer",
    ),
    (
        Submission, TIME,
        lambda: own_submission(state="scheduled", publish_at=NOW),
        lambda: Submission.objects.update(publish_at=None), "approved for no time",
    ),
    (
        Submission, TIME,
        lambda: own_submission(publish_at=NOW),
        lambda: Submission.objects.update(state="returned"), "sent back with a time",
    ),
    (
        Submission, TIME,
        lambda: draft(), lambda: Submission.objects.update(publish_at=NOW), "draft with a time",
    ),
    (
        Submission, PUBLIC_REASON,
        lambda: draft(kind="correction"), lambda: Submission.objects.update(state="submitted"),
        "correction handed in without a reason",
    ),
    (
        Submission, PUBLIC_REASON,
        lambda: own_submission(kind="series", public_reason="A new definition"),
        lambda: Submission.objects.update(public_reason=""), "new series without a reason",
    ),
    (
        Submission, "submission_has_an_edition_once_published",
        lambda: own_submission(edition=create_edition()),
        lambda: Submission.objects.update(state="returned"), "sent back and published",
    ),
    (
        Submission, "one_draft_of_a_topic_a_person",
        lambda: draft(topic="values AA1"),
        lambda: Submission.objects.create(
            origin="form", saved_at=NOW, proposed_at=NOW, proposed_by=User.objects.get(email="somebody@example.org"),
            topic="values AA1",
        ),
        "two drafts of one form",
    ),
    (
        SubmissionLine, "one_line_per_series_and_period",
        lambda: create_submission_line(submission=create_submission(rows=[])),
        lambda: create_submission_line(submission=Submission.objects.get(), row=make_row(row=4, value=60)),
        "one period twice",
    ),
    (
        SubmissionLine, "a_warned_value_has_its_reason",
        lambda: own_line(warnings="A jump", reason="The survey changed"),
        lambda: own_line(warnings="A jump"), "warned of, without a reason",
    ),
    (
        MilestoneLine, "one_line_per_point_of_the_path",
        lambda: own_points(make_point(value=60), make_point(kind="milestone", value=60)),
        lambda: own_points(make_point(value=60), make_point(value=61)), "two targets of a day",
    ),
    (
        Revision, "one_revision_of_a_value_an_edition",
        lambda: create_revision(), lambda: create_revision(value=60), "revised twice in an edition",
    ),
    (
        Revision, "withdrawn_value_says_why",
        lambda: create_revision(value=None, reason="Published by mistake"),
        lambda: create_revision(area=COUNTRY, value=None), "withdrawn without a reason",
    ),
    (
        Hold, "hold_ends_after_it_starts",
        lambda: create_hold(starts_on=TODAY, ends_on=TODAY),
        lambda: create_hold(starts_on=TODAY, ends_on=TODAY - timedelta(days=1)), "ends before it starts",
    ),
    (
        Hold, "hold_lifted_when_and_by_whom_together",
        lambda: create_hold(), lambda: create_hold(lifted_at=NOW), "lifted by nobody",
    ),
    (
        Reminder, "one_reminder_of_a_thing_a_person",
        lambda: reminded("due AA1"), lambda: reminded("due AA1"), "reminded twice",
    ),
]  # fmt: skip


@pytest.mark.parametrize("model, name, allowed, impossible", ids(OTHERS))
def test_database_refuses(model, name, allowed, impossible):
    allowed()
    before = model.objects.count()
    refused(model, name, impossible)
    assert model.objects.count() == before


def test_every_constraint_is_tested_here():
    """A new constraint wants a case above."""
    held = {
        constraint.name
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }
    of_published = {
        f"{model._meta.label_lower.replace('.', '_')}_{rule}"
        for model in PUBLISHED
        for rule in ("editions_in_order", "one_current")
        if not (model in OWN_RULES and rule == "one_current")
    }
    assert held == of_published | {name for _, name, *_ in OTHERS}


def test_every_published_model_is_tested_here():
    held = {m for app in APPS for m in apps.get_app_config(app).get_models() if issubclass(m, Published)}
    assert held == set(PUBLISHED)


# --- what may be ---


def test_two_submissions_may_say_something_of_one_period_and_one_submission_of_two():
    one, another = create_submission(rows=[]), create_submission(rows=[])
    create_submission_line(submission=one)
    create_submission_line(submission=one, row=make_row(row=3, year=2021))
    create_submission_line(submission=another)
    assert SubmissionLine.objects.count() == 3


def test_two_people_may_have_a_draft_of_one_topic_and_one_person_several_that_are_handed_in():
    draft(topic="values AA1")
    Submission.objects.update(state="submitted")
    mine = Submission.objects.get().proposed_by
    other = create_user(email="another@example.org")
    for person in (mine, other):
        Submission.objects.create(origin="form", saved_at=NOW, proposed_at=NOW, proposed_by=person, topic="values AA1")
    assert Submission.objects.filter(topic="values AA1").count() == 3


def test_one_person_may_have_many_drafts_without_a_topic():
    person = draft().proposed_by
    Submission.objects.create(origin="form", saved_at=NOW, proposed_at=NOW, proposed_by=person)
    assert Submission.objects.count() == 2


def test_one_measure_may_have_a_baseline_milestones_and_a_target():
    create_measure(baseline=2020, milestones={2030: 40, 2035: 50}, target=(2040, 60))
    path = Milestone.objects.at(1).values_list("kind", "due_on", "value")
    assert list(path) == [
        ("baseline", date(2020, 1, 1), None),
        ("milestone", date(2030, 12, 31), 40),
        ("milestone", date(2035, 12, 31), 50),
        ("target", date(2040, 12, 31), 60),
    ]


def test_one_period_may_have_values_of_two_areas_two_measures_and_two_lengths():
    create_observation()
    create_observation(area=COUNTRY)
    create_observation(measure="BB1")
    create_observation(period_duration="P3M")
    assert Observation.objects.current().count() == 4


def test_people_are_told_apart_by_their_address_and_named_by_their_name():
    create_user(email="one@EXAMPLE.org", name="")
    create_user(email="two@example.org", name="Somebody")
    assert [str(u) for u in User.objects.order_by("email")] == ["one@example.org", "Somebody"]
    assert not User.objects.first().has_usable_password()


def test_superuser_may_do_everything():
    person = User.objects.create_superuser("admin@example.org", "a good password")
    assert (person.is_staff, person.is_superuser, person.is_active) == (True, True, True)
    assert person.check_password("a good password")


# --- the little that models do themselves ---


def test_observation_knows_its_period():
    observed = create_observation(period_start=date(2023, 4, 1), period_duration="P1Y")
    assert observed.period == Period(date(2023, 4, 1), "P1Y")
    assert observed.period.end == date(2024, 3, 31)


def test_observations_of_an_area_oldest_first():
    for year in (2021, 2019, 2020):
        create_observation(year=year, value=year)
    create_observation(area=COUNTRY, year=2018)
    series = Observation.objects.at(1).of_area("E06999999").oldest_first()
    assert [o.value for o in series] == [Decimal(2019), Decimal(2020), Decimal(2021)]


@pytest.mark.parametrize(
    "make, name",
    [
        pytest.param(lambda: create_area().area, "E06999999", id="area"),
        pytest.param(lambda: create_outcome_version().outcome, "AA1", id="outcome"),
        pytest.param(lambda: create_measure().measure, "AA1", id="measure"),
        pytest.param(lambda: create_priority().priority, "good-work", id="priority"),
        pytest.param(lambda: create_plan().plan, "a-plan", id="plan"),
    ],
)
def test_thing_is_named_by_its_key(make, name):
    assert str(make()) == name
