"""Outcomes as segments of the wheel: the same picture and words wherever a wheel stands."""

from collections.abc import Callable, Iterable

from outcomes import sentences
from outcomes.report import OutcomeReport
from priorities import summary, wheel


def sectors(
    reports: Iterable[OutcomeReport],
    *,
    priority_url: Callable[[str], str],
    url: Callable[[OutcomeReport], str],
    chosen: OutcomeReport | None = None,
) -> list[wheel.Sector]:
    """A sector for each priority that has any of these outcomes."""
    return [
        wheel.Sector(
            number=priority.position,
            name=priority.name,
            url=priority_url(priority.priority_id),
            segments=[segment(report, url=url(report), is_chosen=report is chosen) for report in members],
        )
        for priority, members in summary.by_priority(list(reports))
    ]


def segment(shown: OutcomeReport, *, url: str, is_chosen: bool = False) -> wheel.Segment:
    share, expected = shown.assessment.shares
    return wheel.Segment(
        code=shown.slug,
        label=shown.outcome.short_label,
        name=f"{shown.outcome.short_label}: {shown.status.label}, {sentences.way(shown)}",
        url=url,
        glyph=shown.status.slug,
        family=shown.status.family.slug,
        share=share,
        expected=expected,
        is_known=shown.is_judged,
        is_chosen=is_chosen,
    )
