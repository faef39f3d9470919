"""The roadmap: every milestone and target on one line of years."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from html import escape

WIDTH, LEFT, ROW, TOP = 1000, 270, 26, 40


def fits(goal, asked: dict) -> bool:
    """Whether a milestone is among those asked for; an empty wish asks for all."""
    return (
        asked["kind"] in ("", goal.milestone.kind)
        and asked["standing"] in ("", goal.milestone.standing)
        and asked["state"] in ("", goal.state.value)
    )


def by_year(rows: Sequence) -> list[tuple[int, list]]:
    """(year, [(report, goal)]) in order of year."""
    found = defaultdict(list)
    for report, goals in rows:
        for goal in goals:
            found[goal.due_on.year].append((report, goal))
    return sorted(found.items())


def draw(rows: Sequence, *, today: date) -> str:
    """The same as a picture: a row for each outcome, a mark for each milestone; empty where there is none."""
    if not rows:
        return ""
    first = min(today.year, min(g.due_on.year for _, goals in rows for g in goals))
    last = max(today.year, max(g.due_on.year for _, goals in rows for g in goals)) + 1
    height = TOP + ROW * len(rows) + 8

    def x(day: date) -> float:
        years = day.year - first + (day.timetuple().tm_yday - 1) / 365
        return round(LEFT + years / (last - first) * (WIDTH - LEFT - 20), 1)

    parts = [
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Milestones and targets by year">'
    ]
    for year in range(first, last + 1):
        at = x(date(year, 1, 1))
        parts.append(f'<path class="grid" d="M{at} {TOP - 8}V{height - 8}"/>')
        if year < last and (last - first <= 16 or year % 5 == 0):
            parts.append(f'<text class="tick" x="{at + 4}" y="{TOP - 14}">{year}</text>')
    parts.append(f'<path class="today" d="M{x(today)} {TOP - 26}V{height - 8}"/>')
    parts.append(f'<text class="now" x="{x(today) + 5}" y="{TOP - 28}">Now</text>')
    for number, (report, goals) in enumerate(rows):
        parts.append(_row(report, goals, TOP + ROW * number + ROW / 2, x))
    return "".join([*parts, "</svg>"])


def _row(report, goals: Sequence, y: float, x) -> str:
    number = report.priority.position if report.priority else 0
    out = [
        f'<g class="p{number}"><text class="label" x="{LEFT - 14}" y="{y + 5:g}" text-anchor="end">'
        f"{escape(report.outcome.short_label)}</text>"
    ]
    days = [x(goal.due_on) for goal in goals]
    out.append(f'<path class="track" d="M{LEFT} {y:g}H{days[-1]}"/>')
    for goal, at in zip(goals, days, strict=True):
        title = f"{report.outcome.short_label}, {goal.due_on.year}: {goal.state.label}"
        shape = f"M{at} {y - 9:g}l9 9-9 9-9-9z" if goal.is_target else f"M{at - 6} {y:g}a6 6 0 1 0 12 0a6 6 0 1 0-12 0z"
        standing = "illustrative" if goal.is_illustrative else "published"
        out.append(f'<path class="mark {goal.state.slug} {standing}" d="{shape}"><title>{escape(title)}</title></path>')
    return "".join([*out, "</g>"])
