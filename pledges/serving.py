"""The pledges behind an outcome, a priority or a board: how many there are, and the newest few of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from luton2040.editions import Edition
from pledges.models import CommitmentOutcome, CommitmentVersion, PledgeVersion
from pledges.query_forms import EVERY
from pledges.register import fitting
from pledges.report import PledgeReport, reports

MOST = 5  # pledges on a page that is about something else


@dataclass(frozen=True)
class Serving:
    count: int  # pledges that serve it by name
    shown: list[PledgeReport]  # the newest of them
    count_for_all: int  # further pledges that serve every priority alike
    commitments: int = 0  # that name one of the outcomes

    def __bool__(self):
        return bool(self.count or self.count_for_all)

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


def of_outcomes(codes: Iterable[str], edition: Edition, today: date, *, most: int = MOST) -> Serving:
    """In a fixed number of queries, none of which reads every pledge."""
    links = CommitmentOutcome.objects.at(edition).filter(outcome__in=list(codes))
    naming = CommitmentVersion.objects.at(edition).in_force(edition).filter(commitment__in=links.values("commitment"))
    named = PledgeVersion.objects.at(edition).filter(pledge__in=naming.values("pledge"))
    # A day is as exact as is known: text of the year first, in which what is not known comes last.
    return _serving(named.order_by("-made_on", "pledge"), edition, today, most, commitments=naming.count())


def of_priority(slug: str, edition: Edition, today: date, *, most: int = MOST) -> Serving:
    """Those that the register gives for the priority."""
    return _serving(fitting(edition, today, priority=slug, sort="newest"), edition, today, most)


def _serving(named: QuerySet[PledgeVersion], edition: Edition, today: date, most: int, commitments: int = 0) -> Serving:
    slugs = named.order_by().values("pledge")
    shown = list(named.values_list("pledge", flat=True)[:most])
    found = {report.slug: report for report in reports(edition, today, slugs=shown)}
    return Serving(
        count=named.count(),
        shown=[found[slug] for slug in shown],
        count_for_all=fitting(edition, today, priority=EVERY).exclude(pledge__in=slugs).count(),
        commitments=commitments,
    )
