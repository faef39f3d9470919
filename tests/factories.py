"""Make one for me: each function saves one thing and whatever it needs that is not there yet.

Everything is made up: Anytown is nowhere, and no outcome of a real place is named here.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group

from boards.models import Board, BoardVersion, Oversight
from luton2040.accounts import User
from luton2040.editions import Edition
from luton2040.hold import Hold
from luton2040.roles import Role, must_have_second_factor
from luton2040.vision import Vision
from outcomes import drafts, submissions
from outcomes.importing import Row
from outcomes.models import (
    Action,
    Area,
    AreaVersion,
    Measure,
    MeasureVersion,
    Milestone,
    MilestoneLine,
    Observation,
    Outcome,
    OutcomeVersion,
    PlanOutcome,
    Revision,
    Submission,
    SubmissionLine,
)
from pledges.models import Organisation, OrganisationVersion
from priorities.models import Fact, Plan, PlanVersion, Priority, PriorityVersion, Source

HOME = "E06999999"
COUNTRY = "E92999999"
NOW = datetime(2026, 6, 1, 12, tzinfo=ZoneInfo("Europe/London"))
TODAY = NOW.date()


# --- people and editions ---


def create_user(*, email="officer@example.org", name="An Officer", password=None, **fields) -> User:
    return User.objects.create_user(email, password, name=name, **fields)


def create_edition(*, number=None, kind=Edition.Kind.FRAMEWORK, summary="An edition", by=None, now=NOW) -> Edition:
    """The next edition, unless it is given a number."""
    if number is None:
        last = Edition.objects.current()
        number = last.number + 1 if last else 1
    return Edition.objects.create(number=number, issued_at=now, issued_by=by, kind=kind, summary=summary)


def _first(edition) -> Edition:
    """The edition given, else the current one, else a new one."""
    return edition or Edition.objects.current() or create_edition()


# --- the place ---


def create_vision(*, edition=None, place="Anytown", name="Anytown 2040", **fields) -> Vision:
    fields = {
        "subtitle": "A good place to be",
        "sentence": "A town where everyone does well.",
        "horizon": date(2040, 12, 31),
        "home_area": HOME,
        "comparators": [COUNTRY],
        "publisher": "Anytown Council",
        "publisher_url": "https://anytown.example/",
        "framework_note": "The measures were chosen for this site.",
        "mission_name": "Nobody goes without",
        "mission_hub": "Nobody without",
        "mission_summary": "Going without affects everything else.",
    } | fields
    return Vision.objects.create(first_edition=_first(edition), place=place, name=name, **fields)


def create_area(*, edition=None, code=HOME, name="Anytown", kind="Unitary authority", **fields) -> AreaVersion:
    Area.objects.get_or_create(code=code)
    fields = {"source": "A list of places"} | fields
    return AreaVersion.objects.create(first_edition=_first(edition), area_id=code, name=name, kind=kind, **fields)


def create_place(*, edition=None) -> Vision:
    """What every public page needs: the vision, the home area and the country it is compared with."""
    edition = _first(edition)
    create_area(edition=edition)
    create_area(edition=edition, code=COUNTRY, name="The Country", kind="Country")
    return create_vision(edition=edition)


def create_priority(
    *, edition=None, slug="good-work", name="Good work", position=1, statement="Work that pays.", **fields
) -> PriorityVersion:
    Priority.objects.get_or_create(slug=slug)
    fields = {"summary": "More of it, and better."} | fields
    return PriorityVersion.objects.create(
        first_edition=_first(edition), priority_id=slug, position=position, name=name, statement=statement, **fields
    )


def create_plan(*, edition=None, slug="a-plan", name="A plan", position=1, **fields) -> PlanVersion:
    Plan.objects.get_or_create(slug=slug)
    fields = {"owner": "org:a-council", "owner_standing": "published", "state": "current"} | fields
    return PlanVersion.objects.create(
        first_edition=_first(edition), plan_id=slug, name=name, position=position, **fields
    )


def create_source(*, edition=None, slug="a-source", title="A source", **fields) -> Source:
    fields = {"publisher": "A publisher", "kind": "report"} | fields
    return Source.objects.create(first_edition=_first(edition), slug=slug, title=title, **fields)


def create_fact(*, edition=None, key="people", label="People living here", value="225300", **fields) -> Fact:
    fields = {"position": 1, "unit": "people", "source_name": "A census"} | fields
    return Fact.objects.create(first_edition=_first(edition), key=key, label=label, value=value, **fields)


# --- outcomes ---


def create_outcome_version(
    *, edition=None, code="AA1", priority="good-work", name="More good jobs", position=1, **fields
) -> OutcomeVersion:
    """What is said of an outcome, without a measure. `priority` is a slug, a version, or None for the mission."""
    edition = _first(edition)
    Outcome.objects.get_or_create(code=code)
    if isinstance(priority, PriorityVersion):
        priority = priority.priority_id
    if priority and not PriorityVersion.objects.filter(priority=priority).exists():
        create_priority(edition=edition, slug=priority, name=priority.replace("-", " ").capitalize())
    fields = {
        "name_standing": "working",
        "name_source": "Written for a test",
        "short_label": f"Label of {code}",
        "resident_statement": "I can find a good job",
    } | fields
    return OutcomeVersion.objects.create(
        first_edition=edition, outcome_id=code, priority_id=priority, name=name, position=position, **fields
    )


def create_measure(
    *,
    edition=None,
    code="AA1",
    outcome=None,
    priority="good-work",
    baseline: int | date | None = None,
    milestones: Mapping[int | date, object] | None = None,
    target: tuple[int | date, object] | None = None,
    standing=Milestone.Standing.ILLUSTRATIVE,
    **fields,
) -> MeasureVersion:
    """A measure with its path, and its outcome where that is not there.

    A year stands for its last day, of a baseline for its first.
    """
    edition = _first(edition)
    outcome = outcome or code
    if not OutcomeVersion.objects.filter(outcome=outcome).exists():
        create_outcome_version(edition=edition, code=outcome, priority=priority)
    Measure.objects.get_or_create(code=code)
    fields = {
        "name": "People in good jobs",
        "unit": "per cent of people aged 16 to 64",
        "unit_symbol": "%",
        "unit_position": "suffix",
        "decimals": 1,
        "direction": "higher",
        "tolerance_basis": "As exact as the survey",
        "frequency": "annual",
        "publisher": "A statistics office",
        "source_name": "A survey",
        "source_url": "https://statistics.example/survey",
        "licence": "Open Government Licence v3.0",
        "definition": "The share of people who say that their job is good.",
    } | fields
    measure = MeasureVersion.objects.create(first_edition=edition, measure_id=code, outcome_id=outcome, **fields)
    points = [("milestone", due_on, value) for due_on, value in (milestones or {}).items()]
    if baseline:
        points.append(("baseline", baseline, None))
    if target:
        points.append(("target", *target))
    for kind, due_on, value in points:
        create_milestone(edition=edition, measure=code, kind=kind, due_on=due_on, value=value, standing=standing)
    return measure


def create_milestone(
    *,
    edition=None,
    measure="AA1",
    kind="target",
    due_on: int | date = 2040,
    value=None,
    standing="illustrative",
    **fields,
) -> Milestone:
    """A point of a measure's path; a year stands for its last day (baseline: its first)."""
    Measure.objects.get_or_create(code=measure)
    if isinstance(due_on, int):
        due_on = date(due_on, 1, 1) if kind == "baseline" else date(due_on, 12, 31)
    return Milestone.objects.create(
        first_edition=_first(edition),
        measure_id=measure,
        kind=kind,
        due_on=due_on,
        value=value,
        standing=standing,
        **fields,
    )


def create_outcome(
    *,
    edition=None,
    code="AA1",
    priority="good-work",
    name="More good jobs",
    position=1,
    values: Mapping[int, object] | None = None,
    comparators: Mapping[str, Mapping[int, object]] | None = None,
    baseline: int | date | None = None,
    milestones: Mapping[int | date, object] | None = None,
    target: tuple[int | date, object] | None = None,
    short_label="",
    resident_statement="I can find a good job",
    **measure,
) -> OutcomeVersion:
    """An outcome as a page shows it: named, measured, with its path and its yearly values.

    create_outcome(values={2020: 50, 2021: 52}, baseline=2020, target=(2040, 70), comparators={COUNTRY: {2021: 55}})
    """
    edition = _first(edition)
    version = create_outcome_version(
        edition=edition,
        code=code,
        priority=priority,
        name=name,
        position=position,
        short_label=short_label or f"Label of {code}",
        resident_statement=resident_statement,
    )
    create_measure(edition=edition, code=code, baseline=baseline, milestones=milestones, target=target, **measure)
    for area, of_area in {HOME: values or {}, **(comparators or {})}.items():
        for year, value in of_area.items():
            create_observation(edition=edition, measure=code, area=area, year=year, value=value)
    return version


def create_observation(
    *,
    edition=None,
    measure="AA1",
    area=HOME,
    year=2020,
    period_start: date | None = None,
    period_duration="P1Y",
    value: object = "50",
    **fields,
) -> Observation:
    """A published value of a calendar year, or of the period given."""
    edition = _first(edition)
    Measure.objects.get_or_create(code=measure)
    if not AreaVersion.objects.filter(area=area).exists():
        create_area(edition=edition, code=area, name="Anytown" if area == HOME else f"Place {area}")
    fields = {"source_name": "A survey", "retrieved_on": date(2026, 3, 1)} | fields
    return Observation.objects.create(
        first_edition=edition,
        measure_id=measure,
        area_id=area,
        period_start=period_start or date(year, 1, 1),
        period_duration=period_duration,
        value=Decimal(str(value)),
        **fields,
    )


def create_action(*, edition=None, key="aa1-1", outcome="AA1", text="Open a jobs fair.", **fields) -> Action:
    Outcome.objects.get_or_create(code=outcome)
    fields = {"position": 1, "owner": "a-council"} | fields
    return Action.objects.create(first_edition=_first(edition), key=key, outcome_id=outcome, text=text, **fields)


def create_plan_outcome(*, edition=None, plan="a-plan", outcome="AA1", standing="published", **fields) -> PlanOutcome:
    Plan.objects.get_or_create(slug=plan)
    Outcome.objects.get_or_create(code=outcome)
    return PlanOutcome.objects.create(
        first_edition=_first(edition), plan_id=plan, outcome_id=outcome, standing=standing, **fields
    )


# --- values on their way ---


def make_row(
    *, row=2, measure="AA1", area=HOME, year=2020, period_duration="P1Y", value: object = "50", **fields
) -> Row:
    """A row as importing.check() gives it; nothing is saved."""
    cells = {
        "period_start": date(year, 1, 1),
        "lower": None,
        "upper": None,
        "markers": "",
        "note": "",
        "source_name": "A survey",
        "source_url": "",
        "retrieved_on": date(2026, 3, 1),
    } | fields
    return Row(
        row=row,
        measure_id=measure,
        area_id=area,
        period_duration=period_duration,
        value=Decimal(str(value)),
        **cells,
    )


def create_submission(
    *, rows: Sequence[Row] | None = None, by=None, origin=Submission.Origin.FORM, now=NOW, **fields
) -> Submission:
    """Values that wait for approval, proposed by a new officer unless `by` or the framework's origin is given."""
    if rows is None:
        rows = [make_row()]
    for row in rows:
        Measure.objects.get_or_create(code=row.measure_id)
        Area.objects.get_or_create(code=row.area_id)
    if by is None and origin != Submission.Origin.FRAMEWORK:
        by = User.objects.filter(email="proposer@example.org").first() or create_user(email="proposer@example.org")
    return submissions.propose(rows, origin=origin, by=by, now=now, **fields)


def create_submission_line(*, submission=None, row: Row | None = None) -> SubmissionLine:
    submission = submission or create_submission(rows=[])
    row = row or make_row()
    Measure.objects.get_or_create(code=row.measure_id)
    Area.objects.get_or_create(code=row.area_id)
    return SubmissionLine.objects.create(submission=submission, **row._asdict())


# --- organisations and boards ---


def create_organisation(*, edition=None, slug="a-charity", name="A charity", **fields) -> OrganisationVersion:
    Organisation.objects.get_or_create(slug=slug)
    fields = {"kind": "Charity", "kind_standing": "published"} | fields
    return OrganisationVersion.objects.create(first_edition=_first(edition), organisation_id=slug, name=name, **fields)


def create_board(*, edition=None, slug="a-board", name="A board", position=1, **fields) -> BoardVersion:
    Board.objects.get_or_create(slug=slug)
    fields = {"purpose": "Looks after good work.", "role": "strategic"} | fields
    return BoardVersion.objects.create(
        first_edition=_first(edition), board_id=slug, name=name, position=position, **fields
    )


def create_oversight(
    *, edition=None, board="a-board", priority=None, plan=None, standing="published", **fields
) -> Oversight:
    """Of a priority, a plan (slugs), or with neither the mission."""
    Board.objects.get_or_create(slug=board)
    if priority:
        Priority.objects.get_or_create(slug=priority)
    if plan:
        Plan.objects.get_or_create(slug=plan)
    return Oversight.objects.create(
        first_edition=_first(edition), board_id=board, priority_id=priority, plan_id=plan, standing=standing, **fields
    )


# --- people at the desk ---


def create_person(
    *, role: Role | None = None, roles: Sequence[Role] = (), email="", second_factor: bool | None = None, **fields
) -> User:
    """Somebody with a role or several, and with a second factor where the role must have one."""
    roles = {*roles, role} - {None}
    if not email:
        email = f"{'-'.join(sorted(roles)).replace(' ', '-') or 'nobody'}-{User.objects.count() + 1}@example.org"
    user = create_user(email=email, **fields)
    user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    if second_factor or second_factor is None and must_have_second_factor(user):
        TOTP.activate(user, "A" * 32)
    return user


def sign_in(client, user: User) -> User:
    client.force_login(user)
    return user


def create_hold(*, by=None, starts_on=TODAY, ends_on=TODAY, reason="Local elections", now=NOW, **fields) -> Hold:
    by = by or User.objects.first() or create_user()
    return Hold.objects.create(starts_on=starts_on, ends_on=ends_on, reason=reason, set_by=by, set_at=now, **fields)


# --- drafts and what is handed in at the desk ---


def make_line(*, withdraws=False, warnings="", reason="", **cells) -> SubmissionLine:
    """A line as a form of the desk hands it in; not saved, unlike the measure and the area that it names."""
    row = make_row(**cells)
    Measure.objects.get_or_create(code=row.measure_id)
    Area.objects.get_or_create(code=row.area_id)
    return SubmissionLine(withdraws=withdraws, warnings=warnings, reason=reason, **row._asdict())


def make_point(*, kind="target", due_on: int | date = 2040, value: object = None, **fields) -> MilestoneLine:
    """A point of the path as proposed; not saved. A year stands for its last day, of a baseline for its first."""
    if isinstance(due_on, int):
        due_on = date(due_on, 1, 1) if kind == "baseline" else date(due_on, 12, 31)
    fields = {"standing": "published", "agreed_by": "The Board", "agreed_on": date(2026, 5, 1)} | fields
    return MilestoneLine(kind=kind, due_on=due_on, value=None if value is None else Decimal(str(value)), **fields)


def create_proposer() -> User:
    return User.objects.filter(email="proposer@example.org").first() or create_person(
        role=Role.OFFICER, email="proposer@example.org", name="Pat Proposer"
    )


def create_approver(*, email="approver@example.org") -> User:
    return User.objects.filter(email=email).first() or create_person(
        role=Role.APPROVER, email=email, name="Alex Approver", second_factor=False
    )


def create_draft(
    *, by=None, kind=Submission.Kind.VALUES, measure="AA1", topic="", typed: Mapping | None = None, now=NOW
) -> Submission:
    """A draft of the officer's form for a measure, saved once if anything is typed."""
    measure = Measure.objects.get_or_create(code=measure)[0]
    by, topic = by or create_proposer(), topic or f"{kind} {measure}"
    origin = Submission.Origin.FORM
    draft = drafts.begin(by=by, topic=topic, now=now, origin=origin, kind=kind, measure=measure)
    return drafts.save(draft, typed, by=by, saves=draft.saves, now=now) if typed else draft


def hand_in(
    *lines: SubmissionLine,
    by=None,
    kind=Submission.Kind.VALUES,
    measure="AA1",
    now=NOW,
    typed: Mapping | None = None,
    **given,
) -> Submission:
    """Lines (default: one new value) or whatever else is given, from a draft to waiting for approval."""
    _first(None)
    if not (lines or given.get("points") or given.get("wording")):
        lines = (make_line(measure=measure),)
    draft = create_draft(by=by, kind=kind, measure=measure, typed=typed, now=now)
    return submissions.hand_in(draft, by=draft.proposed_by, now=now, lines=lines, **given)


def schedule(submission: Submission, *, at: datetime, by=None, now=NOW, summary="At its time", **given) -> Submission:
    """Approved for a time to come."""
    by = by or create_approver()
    submissions.approve(submission, by=by, now=now, summary=summary, publish_at=at, **given)
    return submission


def create_revision(
    *, edition=None, measure="AA1", area=HOME, year=2020, was: object = "50", value: object = "51", **fields
) -> Revision:
    """A published value that was replaced, or withdrawn where the new one is None."""
    submission = fields.pop("submission", None) or Submission.objects.first() or create_submission(rows=[])
    Measure.objects.get_or_create(code=measure)
    Area.objects.get_or_create(code=area)
    return Revision.objects.create(
        first_edition=_first(edition),
        measure_id=measure,
        area_id=area,
        period_start=date(year, 1, 1),
        period_duration="P1Y",
        was=Decimal(str(was)),
        value=None if value is None else Decimal(str(value)),
        submission=submission,
        **fields,
    )
