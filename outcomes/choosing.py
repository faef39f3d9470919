"""Choosing and ordering reports, for the list of outcomes."""

import re
from collections.abc import Collection, Sequence
from datetime import date

from outcomes.progress import Status
from outcomes.report import OutcomeReport

STATUS_ORDER = {status: place for place, status in enumerate(Status)}


def of_priority(reports: Sequence[OutcomeReport], slugs: Collection[str]) -> list[OutcomeReport]:
    return [r for r in reports if r.priority and r.priority.priority_id in slugs]


def of_status(reports: Sequence[OutcomeReport], value: str) -> list[OutcomeReport]:
    """`value` names a status or a family of them."""
    return [r for r in reports if value in (r.status.value, r.status.family.value)]


def matching(reports: Sequence[OutcomeReport], text: str) -> list[OutcomeReport]:
    """Reports in which every word of the text begins some word."""
    wanted = re.findall(r"[\w']+", text.casefold())
    return [r for r in reports if _has_all(r, wanted)]


def _has_all(report: OutcomeReport, wanted: Sequence[str]) -> bool:
    o, m = report.outcome, report.measure
    text = " ".join(
        (report.code, o.name, o.short_label, o.resident_statement, m.name, m.unit, m.definition, m.publisher)
    )
    words = re.findall(r"[\w']+", text.casefold())
    return all(any(word.startswith(stem(part)) for word in words) for part in wanted)


def stem(word: str) -> str:
    """Enough of a word to find its other endings: schools finds school, house finds housing."""
    for ending in ("ings", "ing", "ies", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def in_order(reports: Sequence[OutcomeReport], sort: str) -> list[OutcomeReport]:
    match sort:
        case "status":
            return sorted(reports, key=lambda r: STATUS_ORDER[r.status])
        case "name":
            return sorted(reports, key=lambda r: r.outcome.short_label.casefold())
        case "newest":
            return sorted(reports, key=lambda r: r.latest.end if r.latest else date.min, reverse=True)
    return list(reports)
