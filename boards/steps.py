"""A meeting on the room's screen: its papers one thing at a time, in the order in which the meeting takes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from boards import papers as reading
from boards.changes import Turn
from boards.horizon import Ahead, Risk
from boards.pack import Part
from boards.papers import Papers
from outcomes import charts
from outcomes.progress import Worded

ROWS = 5  # of a list at a time: what can be read across a room
WIDE, NARROW = {"width": 600, "height": 390}, {"width": 340, "height": 320}
FURTHEST_ASKED = 9  # digits: no meeting has as many steps


class Kind(Worded):
    """What a step shows; its template is named after it."""

    OPENING = "opening", "Start"
    OUTCOME = "outcome", "Outcome"
    PLEDGES = "pledges", "Pledges"
    CLOSED = "closed", "Actions closed"
    OPEN = "open", "Open actions"
    AHEAD = "ahead", "What falls due next"
    END = "end", "End"


@dataclass(frozen=True, eq=False)
class Step:
    kind: Kind
    name: str
    group: str  # what it is listed under
    turn: Turn | None = None  # of an outcome
    place: int = 0  # of an outcome: the how manieth it is
    rows: Sequence = ()  # of a list: those of this step

    @property
    def template(self) -> str:
        return f"boards/_present_{self.kind.slug}.html"


def steps(papers: Papers) -> list[Step]:
    closing = [Step(Kind.AHEAD, Kind.AHEAD.label, "")] if papers.turns else []
    return [
        Step(Kind.OPENING, Kind.OPENING.label, ""),
        *_outcomes(papers),
        *_parts(Kind.PLEDGES, papers.pledges_told),
        *_parts(Kind.CLOSED, papers.closed),
        *(_parts(Kind.OPEN, papers.open_actions) or [Step(Kind.OPEN, Kind.OPEN.label, "")]),
        *closing,
        Step(Kind.END, Kind.END.label, ""),
    ]


def _outcomes(papers: Papers) -> Iterator[Step]:
    """In the order of papers.in_order, each under its news or its place."""
    groups = [(kind.label, turn) for kind, turns in [*papers.news, *papers.rest] for turn in turns]
    for place, (label, turn) in enumerate(groups, 1):
        yield Step(Kind.OUTCOME, turn.now.outcome.short_label, label, turn=turn, place=place)


def _parts(kind: Kind, rows: Sequence) -> list[Step]:
    """As many steps as it takes to show them all."""
    parts = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    if len(parts) == 1:
        return [Step(kind, kind.label, "", rows=rows)]
    return [Step(kind, f"{kind.label} ({n} of {len(parts)})", "", rows=part) for n, part in enumerate(parts, 1)]


def nearest(asked: str, last: int) -> int:
    """The number of the step that an address asks for; of one that is not there, the nearest that is."""
    digits = asked.lstrip("0") or "0"
    if not (digits.isascii() and digits.isdigit()):
        return 0
    return min(int(digits), last) if len(digits) <= FURTHEST_ASKED else last


# --- one of them ---


def screen(papers: Papers, asked: str) -> dict:
    """All that the template needs to show the step asked for, and the way to the others."""
    every = steps(papers)
    number = nearest(asked, len(every) - 1)
    step = every[number]
    return {
        "papers": papers,
        "step": step,
        "number": number,
        "last": len(every) - 1,
        "before": (number - 1, every[number - 1]) if number else None,
        "after": (number + 1, every[number + 1]) if step.kind is not Kind.END else None,
        "progress": _progress(step, len(papers.turns)),
        "listed": _listed(every),
        **_shown(papers, step),
    }


def _progress(step: Step, outcomes: int) -> str:
    return f"{step.place} of {outcomes}" if step.turn else step.name


def _listed(every: Sequence[Step]) -> list[tuple[str, list[tuple[int, Step]]]]:
    """Every step with its number, in groups; what stands for itself is in none."""
    return [(group, list(found)) for group, found in groupby(enumerate(every), key=lambda pair: pair[1].group)]


def _shown(papers: Papers, step: Step) -> dict:
    if step.kind is Kind.AHEAD:
        return {"soonest": pressing(papers)[:ROWS]}
    return _outcome(papers, step.turn) if step.turn else {}


def pressing(papers: Papers) -> list[Ahead]:
    """What falls due within the nearest time in which anything does, what is most in danger first."""
    nearest_due = next((found for _, found in papers.horizons if found), [])
    return sorted(nearest_due, key=lambda each: (list(Risk).index(each.risk), each.goal.due_on))


def _outcome(papers: Papers, listed: Turn) -> dict:
    """With the places that it is compared with, which the papers leave out."""
    code = listed.now.code
    part = Part(reading.turn_of(papers.meeting, code), papers.reviews.get(code))
    return {
        "part": part,
        "wide": charts.svg(part.chart, **WIDE),
        "narrow": charts.svg(part.chart, **NARROW),
        "own_actions": [action for action in papers.open_actions if action.outcome_id == code],
    }
