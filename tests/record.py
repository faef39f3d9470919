"""Whole records to test with: the framework as delivered, and Exampleton, which is nowhere."""

from contextlib import contextmanager
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from luton2040.editions import Edition, Published, issuing, publish
from luton2040.management.commands.load_fixtures import load, read_folder
from luton2040.vision import Vision
from outcomes import submissions
from outcomes.importing import Row
from outcomes.models import AreaVersion, MeasureVersion, Milestone, OutcomeVersion, Submission
from outcomes.periods import Period
from outcomes.report import OutcomeReport
from outcomes.series import Comparator, Value, similar_places
from priorities.models import PriorityVersion
from tests import factories as make

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("Europe/London"))  # later than every release that is delivered
TODAY = NOW.date()
FIXTURES = settings.BASE_DIR / "fixtures"
MEETING = ("a-board", date(2026, 11, 24))  # in Exampleton
PLEDGE = ("a-pledge", "a-charity", "a-file")  # in Exampleton: its slug, its maker, and what shows that it is kept
SIMILAR = [f"E0700000{number}" for number in range(1, 7)]


@contextmanager
def undone():
    """What is written inside is gone afterwards. Tests may write and be undone within it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def delivered():
    """The framework in fixtures/ as the command loads it, for as long as it is needed."""
    with undone():
        parts, rows, checksum, problems = read_folder(FIXTURES, today=TODAY)
        assert not problems
        edition = load(parts, rows, checksum, now=NOW)
        Edition.objects.update(issued_at=NOW)
        edition.refresh_from_db()
        yield edition


# --- editions ---


def issue(
    *rows: Row | Published,
    key: tuple[str, ...] = (),
    kind=Edition.Kind.VALUES,
    summary="New values",
    by="approver",
    now=NOW,
) -> Edition:
    """The next edition: of values (rows as make_row gives them), or of rows as `changed` gives them."""
    approver = make.User.objects.filter(email=f"{by}@example.org").first()
    approver = approver or make.create_user(email=f"{by}@example.org", name="An Approver")
    with issuing(kind=kind, summary=summary, by=approver) as edition:
        if key:
            publish(edition, rows, key=key, complete=False)
        else:
            submission = make.create_submission(rows=rows, origin=Submission.Origin.FORM)
            submissions.approve(submission, by=approver, now=now, summary=summary, edition=edition)
    return edition


def publish_handed_in(*lines, issued_at=NOW, summary="As handed in", **given) -> Edition:
    """The edition that approving a submission issues: of lines, or of whatever else `make.hand_in` takes."""
    submission = make.hand_in(*lines, **given)
    submissions.approve(submission, by=make.create_approver(), now=NOW, summary=summary)
    Edition.objects.filter(pk=submission.edition_id).update(issued_at=issued_at)
    return Edition.objects.get(pk=submission.edition_id)


def changed(row: Published, **fields) -> Published:
    """A row that says something else than a published one, to be issued."""
    other = copy(row)
    other.pk, other._state = None, type(row._state)()
    for name, value in fields.items():
        setattr(other, name, value)
    return other


# --- another place ---


def create_exampleton(*, meets=False, pledges=False) -> Edition:
    """Two priorities, four outcomes and a mission, in as many states as four outcomes can be; one edition.

    With `meets` its board has published the papers of a meeting, which takes somebody who set it up; with `pledges`
    there is a pledge of which something is heard, and one that was withdrawn.
    """
    edition = make.create_edition(now=NOW, summary="The framework of Exampleton.")
    for code, name, kind in ((make.HOME, "Exampleton", "Council"), (make.COUNTRY, "The Country", "Country")):
        make.create_area(edition=edition, code=code, name=name, kind=kind)
    for rank, code in enumerate(SIMILAR, 1):
        make.create_area(edition=edition, code=code, name=f"Elsewhere {rank}", kind="Council", similarity=rank)
    make.create_source(edition=edition, slug="a-source", title="A source", url="https://source.example/", date="2025")
    make.create_vision(
        edition=edition,
        place="Exampleton",
        name="Exampleton 2035",
        horizon=date(2035, 12, 31),
        developments_by=2031,
        publisher="Exampleton Council",
        publisher_url="https://exampleton.example/",
        mission_goals=[{"text": "Nobody goes hungry.", "by": "2035", "outcome": "XM1", "sources": ["a-source"]}],
        mission_measure={
            "name": "A standard",
            "how": "It counts people.",
            "caution": "Take care.",
            "not_published": "Not all is known.",
            "figures": [{"text": "People", "value": "12.1", "unit": "per cent", "note": "", "sources": ["a-source"]}],
        },
        history=[{"label": "2020", "text": "It began.", "sources": ["a-source"]}],
        roles=[{"text": "A hundred homes by 2025.", "note": "No result.", "sources": ["a-source"]}],
        sources=["a-source"],
    )
    make.create_priority(
        edition=edition,
        strategy="A plan",
        strategy_plans=["a-plan"],
        developments=["A new hall"],
        projects=[{"text": "A new bridge.", "sources": ["a-source"]}],
        sources=["a-source"],
    )
    make.create_priority(
        edition=edition, slug="clean-air", name="Clean air", position=2, developments_note="None is known."
    )
    _create_exampletons_outcomes(edition)
    _create_exampletons_partners(edition)
    if meets:
        _create_exampletons_meeting(edition)
    if pledges:
        _create_exampletons_pledges(edition)
    return edition


def _create_exampletons_outcomes(edition):
    make.create_outcome(
        edition=edition,
        code="XA1",
        name="More people in good jobs",
        short_label="Good jobs",
        baseline=2020,
        milestones={2024: 54},
        target=(2035, 65),
        release_lag_months=3,
        tolerance=1,
        comparators={make.COUNTRY: {2020: 60, 2021: "60.5", 2024: 62}}
        | {code: {2023: 40 + n, 2024: 50 + n} for n, code in enumerate(SIMILAR)},
    )
    for year, value in {2020: 50, 2021: 51, 2022: "52.4", 2023: "53.6", 2024: 56}.items():
        limits = {"lower": float(value) - 0.5, "upper": float(value) + 0.5}
        markers = "[p]" if year == 2024 else ""
        make.create_observation(edition=edition, measure="XA1", year=year, value=value, markers=markers, **limits)
    make.create_outcome(
        edition=edition,
        code="XA2",
        name="Fair pay",
        position=2,
        short_label="Fair pay",
        baseline=2022,
        milestones={2023: 560},
        target=(2035, 700),
        standing="published",
        unit="pounds a week",
        unit_symbol="£",
        unit_position="prefix",
        decimals=0,
        tolerance=5,
        release_lag_months=6,
        values={2019: 520, 2020: 530},
        comparators={make.COUNTRY: {2020: 600, 2024: 650}},
    )
    make.create_observation(edition=edition, measure="XA2", year=2022, value=550, markers="[b]", note="Counted anew.")
    make.create_observation(edition=edition, measure="XA2", year=2024, value=540)
    make.create_outcome(
        edition=edition,
        code="XB1",
        priority="clean-air",
        name="Clean rivers",
        position=3,
        short_label="Clean rivers",
        caveat="Nobody measures it yet.",
        no_target_reason="No target while there is no value to start from.",
        frequency="occasional",
    )
    make.create_outcome(
        edition=edition,
        code="XB2",
        priority="clean-air",
        name="Less soot",
        position=4,
        short_label="Less soot",
        direction="lower",
        baseline=2023,
        target=(2035, 4),
        unit="micrograms per cubic metre",
        unit_symbol="µg",
        source_state="ended",
    )
    make.create_observation(edition=edition, measure="XB2", year=2023, value="9.5", markers="[e][u]")
    make.create_outcome(
        edition=edition,
        code="XM1",
        priority=None,
        name="Nobody goes hungry",
        position=5,
        short_label="Nobody hungry",
        direction="lower",
        baseline=2020,
        target=(2035, 0),
        natural_min=0,
        frequency="occasional",
        values={2020: "12.1", 2024: "9.9"},
    )


def _create_exampletons_partners(edition):
    make.create_action(edition=edition, outcome="XA1", target="100 jobs", target_by="2022", sources=["a-source"])
    make.create_organisation(edition=edition, slug="a-council", name="A council")
    make.create_plan(edition=edition, priorities=["good-work"], targets=[{"text": "100 jobs", "by": "2022"}])
    make.create_plan_outcome(edition=edition, outcome="XA1", standing="inferred")
    make.create_board(edition=edition)
    make.create_oversight(edition=edition, priority="good-work", standing="inferred")
    make.create_oversight(edition=edition)
    make.create_board(
        edition=edition, slug="work-group", name="Work group", position=2, role="delivery", parent_id="a-board",
        parent_standing="inferred", also_called=["The workers"], members_from=["charities", "the council"],
        meets="Twice a year", legal_basis="An Act", note="It began in 2020.", sources=["a-source"],
    )  # fmt: skip
    make.create_oversight(edition=edition, board="work-group", plan="a-plan")
    make.create_fact(edition=edition, is_headline=True)


def _create_exampletons_meeting(edition):
    """Of its board: public, with a review and its reply, an action that is open and one that is done."""
    from tests import factories_boards as boards  # which needs this module

    board, held_on = MEETING
    by = make.create_user(email="board@example.org", name="Somebody of the board")
    meeting = boards.create_meeting(
        board=board,
        held_on=held_on,
        pinned=edition,
        since=edition,
        since_on=date(2025, 6, 1),
        read_on=held_on,
        by=by,
        now=NOW,
    )
    boards.create_meeting_version(edition=edition, meeting=meeting, introduction="Welcome to all.")
    review = boards.create_review(
        meeting=meeting, outcome="XA2", by=by, now=NOW, is_public=True, story="Rents rose.", partners="The mill.",
        what_works="Asking.", what_we_will_do="Ask more.",
    )  # fmt: skip
    reply = {"organisation": "A charity", "on": "2026-11-20", "text": "We ask too."}
    boards.create_review_version(edition=edition, review=review, replies=[reply])
    closed = {"state": "done", "closed_on": date(2026, 11, 2), "result": "Forty came."}
    for what, due_on, more in [
        ("Ask the mill.", date(2026, 11, 1), {"outcome": "XA2"}),
        ("Open the hall.", date(2026, 10, 1), closed),
    ]:
        action = boards.create_board_action(what=what, due_on=due_on, is_public=True, by=by, now=NOW, **more)
        boards.create_action_version(edition=edition, action=action)


def _create_exampletons_pledges(edition):
    from tests import factories_pledges as partners  # which needs this module's neighbours

    slug, maker, file = PLEDGE
    partners.create_pledge(
        edition=edition, slug=slug, title="A charity: Exampleton 2035 pledge", organisations=[maker, "a-council"],
        made_on="2026-03", focus=["good-work"], plan="We count.", community="With the mill.", sources=["a-source"],
        serves=["XA1"],
    )  # fmt: skip
    more = {"what": "Listen first.", "target": "100 visits", "target_by": "2030-06", "helps": "Nobody is left out."}
    partners.create_commitment(edition=edition, slug=f"{slug}-2", pledge=slug, position=2, serves_all=True, **more)
    partners.create_evidence(key=file)
    key = f"{slug}-said"
    partners.create_pledge_update(
        edition=edition, key=key, pledge=slug, said="Ten people came.", said_on=date(2026, 10, 1), evidence_id=file,
        evidence_url="https://source.example/", checked_on=date(2026, 10, 9), organisation_id=maker,
    )  # fmt: skip
    partners.create_stage(edition=edition, commitment=f"{slug}-1", update=key)
    ended = {"withdrawn_on": date(2026, 9, 1), "withdrawn_why": "The mill closed."}
    partners.create_pledge(edition=edition, slug="gone", title="A pledge that ended", serves=["XB1"], **ended)


# --- a report without a database ---


def value(number, *, start: int | date = 2020, duration="P1Y", lower=None, upper=None, **fields) -> Value:
    """A value of a calendar year, or of the period given."""
    period = Period(date(start, 1, 1) if isinstance(start, int) else start, duration)
    lower, upper = (None if limit is None else Decimal(str(limit)) for limit in (lower, upper))
    told = {"markers": "", "note": "", "source_name": "A survey", "source_url": ""}
    told |= {"retrieved_on": date(2026, 3, 1)} | fields
    return Value(period, period.end, Decimal(str(number)), lower, upper, **told)


def series(values) -> list[Value]:
    """{2020: 50, 2021: {"number": 51, "markers": "[p]"}} or values as they are, oldest first."""
    if not isinstance(values, dict):
        return list(values)
    return [value(**({"number": v} if not isinstance(v, dict) else v), start=year) for year, v in values.items()]


def a_report(
    values=(),
    *,
    baseline: int | date | None = None,
    milestones=(),
    target: tuple[int | date, object] | None = None,
    standing="illustrative",
    comparators=(),
    similar=(),
    today=TODAY,
    edition=1,
    code="AA1",
    short_label="Good jobs",
    priority: str | None = "good-work",
    position=1,
    **measure,
) -> OutcomeReport:
    """An outcome of Exampleton as pages and charts are given it; nothing is saved and nothing read."""

    def point(kind, due_on, number):
        if isinstance(due_on, int):
            due_on = date(due_on, 1, 1) if kind == "baseline" else date(due_on, 12, 31)
        number = None if number is None else Decimal(str(number))
        return Milestone(measure_id=code, kind=kind, due_on=due_on, value=number, standing=standing, basis="A basis.")

    measure = {
        "name": "People in good jobs",
        "unit": "per cent of people",
        "unit_symbol": "%",
        "unit_position": "suffix",
        "decimals": 1,
        "direction": "higher",
        "frequency": "annual",
        "tolerance": 1,
        "publisher": "A statistics office",
        "source_name": "A survey",
    } | measure
    if measure["tolerance"] is not None:
        measure["tolerance"] = Decimal(str(measure["tolerance"]))
    areas = {area: AreaVersion(area_id=area, name=f"Place {area}") for area in dict(comparators)}
    near = {code: AreaVersion(area_id=code, name=code, similarity=n) for n, code in enumerate(dict(similar), 1)}
    return OutcomeReport(
        vision=Vision(place="Exampleton", name="Exampleton 2035", home_area=make.HOME),
        edition=Edition(number=edition, issued_at=NOW),
        today=today,
        outcome=OutcomeVersion(
            outcome_id=code,
            name="More people in good jobs",
            name_standing="working",
            short_label=short_label,
            resident_statement="I can find a good job",
            position=position,
        ),
        priority=priority
        and PriorityVersion(priority_id=priority, name=priority.replace("-", " ").capitalize(), position=position),
        measure=MeasureVersion(measure_id=code, **measure),
        series=series(values),
        baseline_on=None if baseline is None else point("baseline", baseline, None),
        path=sorted(
            [point("milestone", due, number) for due, number in dict(milestones).items()]
            + ([point("target", *target)] if target else []),
            key=lambda m: m.due_on,
        ),
        comparators=[Comparator(areas[area], series(of)) for area, of in dict(comparators).items()],
        similar=similar_places({code: series(of) for code, of in dict(similar).items()}, near.values()),
    )
