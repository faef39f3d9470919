"""Choosing outcomes: a list of boxes by priority, and the wheel, whose segments lead to the boxes."""

from collections.abc import Collection
from dataclasses import dataclass

from django.forms import BoundField
from django.forms.boundfield import BoundWidget

from luton2040.editions import Edition
from outcomes.models import OutcomeVersion
from priorities import wheel
from priorities.models import PriorityVersion

MISSION = "mission"


@dataclass(frozen=True)
class Group:
    slug: str
    name: str
    number: int  # picks its colour
    boxes: list[tuple[OutcomeVersion, BoundWidget]]
    is_open: bool


def groups(field: BoundField, edition: Edition, *, focus: Collection[str]) -> list[Group]:
    """Outcomes of the chosen priorities come first, and are open; so is a group in which something is chosen."""
    boxes = {box.data["value"]: box for box in field.subwidgets}
    chosen = set(field.value() or [])
    priorities = [(p.priority_id, p.name, p.position) for p in PriorityVersion.objects.at(edition).order_by("position")]
    members: dict[str, list] = {}
    for outcome in OutcomeVersion.objects.at(edition):
        if outcome.outcome_id in boxes:
            members.setdefault(outcome.priority_id or MISSION, []).append((outcome, boxes[outcome.outcome_id]))
    found = [
        Group(slug, name, number, members[slug], slug in focus or any(o.outcome_id in chosen for o, _ in members[slug]))
        for slug, name, number in [*priorities, (MISSION, "The mission", 0)]
        if slug in members
    ]
    return sorted(found, key=lambda group: group.slug not in focus)


def draw(found: Collection[Group], *, chosen: Collection[str]) -> str:
    """The wheel in its own order; what serves the mission is chosen from the list."""
    sectors = [
        wheel.Sector(
            number=group.number,
            name=group.name,
            url=f"#of-{group.slug}",
            segments=[_segment(outcome, box, outcome.outcome_id in chosen) for outcome, box in group.boxes],
        )
        for group in sorted(found, key=lambda group: group.number)
        if group.slug != MISSION
    ]
    return wheel.draw(
        sectors,
        hub=[("name", "Choose"), ("small", "what it helps")],
        hub_url="#outcomes",
        hub_name="To the list of outcomes",
        title="The same outcomes as a wheel",
    )


def _segment(outcome: OutcomeVersion, box: BoundWidget, is_chosen: bool) -> wheel.Segment:
    return wheel.Segment(
        code=outcome.outcome_id,
        label=outcome.short_label,
        name=f"{outcome.short_label}: to its box in the list",
        url=f"#{box.id_for_label}",
        glyph="chosen",
        family="",
        share=None,
        expected=None,
        is_known=True,
        is_chosen=is_chosen,
    )
