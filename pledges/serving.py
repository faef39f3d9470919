"""The pledges behind an outcome, a priority or a board: how many there are, and the newest few of them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    shown: list[PledgeReport]  # the newest of them; see of_outcomes
    count_for_all: int  # further pledges that serve every priority alike
    commitments: int = 0  # that name one of the outcomes

    def __bool__(self):
        return bool(self.count or self.count_for_all)

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


def of_outcomes(codes: Iterable[str], edition: Edition, today: date, *, most: int = MOST) -> Serving:
    """Each is shown with those commitments alone that name one of the outcomes: the others stand for something else.

    Of thousands of pledges only the slugs are read, once: a database is slower at counting the same again.
    """
    codes = frozenset(codes)
    links = CommitmentOutcome.objects.at(edition).filter(outcome__in=codes).not_ended(edition)
    naming = CommitmentVersion.objects.at(edition).filter(commitment__in=links.values("commitment")).order_by()
    commitments = Counter(naming.values_list("pledge", flat=True))
    standing = _slugs(fitting(edition, today, sort="newest"))
    named = [slug for slug in standing if slug in commitments]
    found = _serving(named, edition, today, most, commitments=sum(commitments[slug] for slug in named))
    return replace(found, shown=[_for_them(report, codes) for report in found.shown])


def _for_them(report: PledgeReport, codes: frozenset[str]) -> PledgeReport:
    naming = [c for c in report.in_force if codes & {link.outcome_id for link in report.links.get(c.commitment_id, [])}]
    return replace(report, commitments=naming)


def of_priority(slug: str, edition: Edition, today: date, *, most: int = MOST) -> Serving:
    """Those that the register gives for the priority."""
    return _serving(_slugs(fitting(edition, today, priority=slug, sort="newest")), edition, today, most)


def _serving(named: list[str], edition: Edition, today: date, most: int, commitments: int = 0) -> Serving:
    found = {report.slug: report for report in reports(edition, today, slugs=named[:most])}
    alike = set(_slugs(fitting(edition, today, priority=EVERY))) - set(named)
    return Serving(
        count=len(named),
        shown=[found[slug] for slug in named[:most]],
        count_for_all=len(alike),
        commitments=commitments,
    )


def _slugs(pledges: QuerySet[PledgeVersion]) -> list[str]:
    return list(pledges.values_list("pledge", flat=True))
