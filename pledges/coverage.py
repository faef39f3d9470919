"""Which outcomes have a pledge behind them: how many commitments name each, and which nobody names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.db.models import Count

from luton2040.editions import Edition
from outcomes.formatting import count
from outcomes.models import OutcomeVersion
from pledges.models import CommitmentOutcome, CommitmentVersion
from priorities.models import PriorityVersion

BAR, BETWEEN, HEIGHT, FOOT = 20, 4, 72, 5  # of the picture


@dataclass(frozen=True)
class Served:
    """An outcome, and how many commitments in force name it."""

    outcome: OutcomeVersion
    commitments: int

    @property
    def code(self) -> str:
        return self.outcome.outcome_id.lower()


@dataclass(frozen=True)
class Group:
    """The outcomes of a priority, in the order of the wheel; of the mission where there is no priority."""

    priority: PriorityVersion | None
    outcomes: list[Served]

    @property
    def named(self) -> int:
        return sum(bool(served.commitments) for served in self.outcomes)

    @property
    def gaps(self) -> list[Served]:
        return [served for served in self.outcomes if not served.commitments]


@dataclass(frozen=True)
class Coverage:
    groups: list[Group]
    for_all: int  # commitments that serve every priority alike, and name no single outcome

    @property
    def total(self) -> int:
        return sum(len(group.outcomes) for group in self.groups)

    @property
    def named(self) -> int:
        return sum(group.named for group in self.groups)

    @property
    def most(self) -> int:
        return max((served.commitments for group in self.groups for served in group.outcomes), default=0)

    @property
    def pictures(self) -> list[tuple[Group, str]]:
        """All to one scale."""
        places = max((len(group.outcomes) for group in self.groups), default=0)
        return [(group, picture(group, most=self.most, places=places)) for group in self.groups]


def coverage(edition: Edition, priorities: Sequence[PriorityVersion], outcomes: Sequence[OutcomeVersion]) -> Coverage:
    """In three queries; `priorities` and `outcomes` are those of the edition, in the order of the wheel."""
    links = CommitmentOutcome.objects.at(edition)
    number = Counter(_by_outcome(links))
    number.subtract(_by_outcome(links.lapsed(edition)))
    groups = []
    for priority in [*priorities, None]:
        slug = priority and priority.priority_id
        of_it = [Served(o, number[o.outcome_id]) for o in outcomes if o.priority_id == slug]
        if of_it:
            groups.append(Group(priority, of_it))
    alike = CommitmentVersion.objects.at(edition).filter(serves_all=True).in_force(edition)
    return Coverage(groups, alike.count())


def _by_outcome(links) -> dict[str, int]:
    return dict(links.values("outcome").annotate(found=Count("*")).values_list("outcome", "found"))


def picture(group: Group, *, most: int, places: int) -> str:
    """A bar for each outcome, as high as many commitments name it; where none does, an empty place with a broken edge.

    Whatever it says stands below it in words.
    """
    width = places * (BAR + BETWEEN) - BETWEEN
    parts = [f'<svg class="skyline" viewBox="0 0 {width} {HEIGHT}" aria-hidden="true">']
    for place, served in enumerate(group.outcomes):
        x = place * (BAR + BETWEEN)
        high = FOOT + (HEIGHT - FOOT) * served.commitments / most if served.commitments else BAR
        kind = "some" if served.commitments else "none"
        name = f"{served.outcome.short_label}: {count(served.commitments, 'commitment')}"
        inset = 0 if served.commitments else 1
        parts.append(
            f'<rect class="{kind}" x="{x + inset}" y="{HEIGHT - high + inset:.1f}" width="{BAR - 2 * inset}" '
            f'height="{high - 2 * inset:.1f}" rx="2"><title>{escape(name)}</title></rect>'
        )
    return "".join([*parts, "</svg>"])
