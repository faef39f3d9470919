"""What is told of a pledge in words: what it is, how its commitments stand, who says so, and when it was heard of."""

from collections import Counter
from collections.abc import Iterable

from luton2040.vision import Vision
from outcomes import formatting as words
from pledges.models import CommitmentVersion, PledgeUpdate, PledgeVersion
from pledges.report import CommitmentReport, PledgeReport
from pledges.standing import TOLD_FIRST, period_of

Kind = PledgeVersion.Kind

KINDS = {
    Kind.CIVIC_AGREEMENT: "An agreement between institutions that serve the place, published as a civic agreement.",
    Kind.ANCHORS: "Made under the framework that the anchor institutions share.",
    Kind.ACCREDITATION: "A standard that somebody else sets and awards.",
    Kind.OWN: "The organisation’s own promise. It is not published as a pledge to {vision}.",
}


def kind(pledge: PledgeVersion, vision: Vision) -> str:
    """The label of what sort it is: a pledge to the vision bears the vision's name."""
    return f"{vision.name} pledge" if pledge.kind == Kind.PLEDGE else pledge.get_kind_display()


def kind_note(pledge: PledgeVersion, vision: Vision) -> str:
    """What its label leaves open; nothing of a pledge to the vision, whose label says it all."""
    return KINDS.get(pledge.kind, "").format(vision=vision.name)


def made(report: PledgeReport) -> str:
    """Made in March 2023; nothing where that is not known."""
    day = report.pledge.made_on
    return f"Made {words.in_period(period_of(day))}." if day else ""


def ended(report: PledgeReport) -> str:
    """As the end of a sentence: ended on 3 March 2027. Then the reason as it was given. Nothing of one that stands."""
    if not report.is_withdrawn:
        return ""
    return f"ended on {words.day(report.pledge.withdrawn_on)}. {words.closed(report.pledge.withdrawn_why)}"


# --- how its commitments stand ---


def stands(reports: Iterable[PledgeReport]) -> str:
    """1 done, 2 under way, 4 not reported on. Of all commitments of these pledges, as last reported."""
    reports, counted = list(reports), Counter()
    for report in reports:
        counted.update(dict(report.stands))
    told = [f"{counted[stage]:,} {stage.label.lower()}" for stage in TOLD_FIRST if counted[stage]]
    silent = sum(report.not_reported for report in reports)
    if not told:
        return "nothing reported yet" if silent else ""
    return ", ".join([*told, *([f"{silent:,} not reported on"] if silent else [])])


def commitments(reports: Iterable[PledgeReport]) -> str:
    """3 commitments."""
    return words.count(sum(len(report.commitments) for report in reports), "commitment")


def standing(report: PledgeReport) -> str:
    """3 commitments: 1 done, 2 not reported on. What is published of how it went comes after it."""
    said = commitments([report])
    if report.stands or not report.pledge.result:
        said = ": ".join(part for part in (said, stands([report])) if part)
    return f"{said}. {words.closed(report.pledge.result)}".rstrip()


def by_when(commitment: CommitmentVersion) -> str:
    """by 31 March 2030, as exactly as is known; nothing where no day is stated."""
    day = commitment.target_by
    return f"by {words.period_name(period_of(day))}" if day else ""


def stage(promise: CommitmentReport) -> str:
    """What is reported of a commitment: Under way, reported on 3 March 2027."""
    if promise.stage is None:
        return "Nothing reported yet"
    return (
        f"{promise.stage.label}, reported on {words.day(promise.told.said_on)}" if promise.told else promise.stage.label
    )


# --- who says what ---


def label(update: PledgeUpdate) -> str:
    """On every claim: said by the partner, or checked by the council on a day."""
    return f"checked by the council on {words.day(update.checked_on)}" if update.checked_on else "said by the partner"


def speaker(report: PledgeReport, update: PledgeUpdate) -> str:
    """The organisation that an update is from; whoever made the pledge where it is not recorded which."""
    return report.speakers.get(update.organisation_id) or "the partner"


# --- silence ---


def silent_for(report: PledgeReport) -> str:
    """14 months; 3 years and 2 months."""
    years, months = divmod(report.silent_months, 12)
    if years < 2:
        return words.count(report.silent_months, "month")
    return words.listed([words.count(years, "year"), *([words.count(months, "month")] if months else [])])


def silence(report: PledgeReport) -> str:
    """Nothing where something was heard of it within the year, or where it ended."""
    return f"Nothing has been heard of it for {silent_for(report)}." if report.is_silent else ""
