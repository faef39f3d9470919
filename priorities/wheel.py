"""The outcome wheel as inline SVG: a sector for each priority, a segment for each outcome.

A segment is filled from the inside out by the share of the way from baseline to target; the tick is where the path
says it should be by now. What the status is stands beside it as a shape (and in the segment's name as words).
Geometry only: reports come in, markup goes out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, pi, sin
from textwrap import wrap

SIZE = 1180
MIDDLE = SIZE / 2
HUB, BAND_IN, BAND_OUT, INNER, OUTER = 150, 162, 200, 208, 356
GLYPH, LABEL = 375, 394
SECTOR_GAP = 3.2  # degrees
LETTER = 10  # how wide a letter of a sector's name is; a name that is too long for its sector is left to its link
WORSE_DEPTH = 0.09  # of the segment: how far in the mark reaches where the figure is further away than at the start


@dataclass(frozen=True)
class Sector:
    """One priority and its outcomes; `number` picks its colour."""

    number: int
    name: str
    url: str
    segments: Sequence["Segment"]


@dataclass(frozen=True)
class Segment:
    code: str
    label: str
    name: str  # everything that the picture says of it, in words
    url: str
    glyph: str  # slug of the status
    family: str
    share: float | None  # 0 at the baseline, 1 at the target, below 0 further away than at the start
    expected: float | None
    is_known: bool
    is_chosen: bool = False


def _place(radius: float, angle: float) -> str:
    """A point; angles in degrees clockwise from the top."""
    radians = (angle - 90) * pi / 180
    return f"{MIDDLE + radius * cos(radians):.1f} {MIDDLE + radius * sin(radians):.1f}"


def _ring(inner: float, outer: float, start: float, end: float) -> str:
    large = 1 if end - start > 180 else 0
    return (
        f"M{_place(inner, start)}L{_place(outer, start)}A{outer:g} {outer:g} 0 {large} 1 {_place(outer, end)}"
        f"L{_place(inner, end)}A{inner:g} {inner:g} 0 {large} 0 {_place(inner, start)}Z"
    )


def _arc(radius: float, start: float, end: float) -> str:
    """The other way round where it ends before it starts."""
    large, onward = int(abs(end - start) > 180), int(end > start)
    return f"M{_place(radius, start)}A{radius:g} {radius:g} 0 {large} {onward} {_place(radius, end)}"


def draw(sectors: Sequence[Sector], *, hub: Sequence[tuple[str, str]], hub_url: str, hub_name: str, title: str) -> str:
    """The whole wheel. `hub` is lines of (class, text)."""
    total = sum(len(s.segments) for s in sectors)
    if not total:
        return ""
    each = (360 - SECTOR_GAP * len(sectors)) / total
    # The first sector is centred on the top, so that its name reads upright.
    angle = -each * len(sectors[0].segments) / 2
    parts = [f'<svg class="wheel" viewBox="0 0 {SIZE} {SIZE}" role="group" aria-label="{escape(title)}">']
    for sector in sectors:
        end = angle + each * len(sector.segments)
        parts += _sector(sector, angle, end, each)
        angle = end + SECTOR_GAP
    parts += _hub(hub, hub_url, hub_name)
    return "".join([*parts, "</svg>"])


def _sector(sector: Sector, start: float, end: float, each: float) -> Iterable[str]:
    yield f'<g class="p{sector.number}">'
    for position, segment in enumerate(sector.segments):
        yield from _segment(segment, start + position * each, each)
    middle = (start + end) / 2 % 360
    upside_down = 95 < middle < 265
    radius = (BAND_IN + BAND_OUT) / 2 + (6.5 if upside_down else -6.5)
    along = _arc(radius, end, start) if upside_down else _arc(radius, start, end)
    yield (
        f'<a class="band" href="{sector.url}" aria-label="{escape(sector.name)}">'
        f'<path class="ring" d="{_ring(BAND_IN, BAND_OUT, start, end)}"/>'
    )
    if len(sector.name) * LETTER < radius * (end - start) * pi / 180:
        yield (
            f'<path class="along" id="along-{sector.number}" d="{along}"/>'
            f'<text><textPath href="#along-{sector.number}" startOffset="50%" text-anchor="middle">'
            f"{escape(sector.name)}</textPath></text>"
        )
    yield "</a></g>"


def _segment(segment: Segment, start: float, each: float, *, folded: bool = False) -> Iterable[str]:
    pad = min(0.45, each * 0.06)
    left, right, middle = start + pad, start + each - pad, start + each / 2
    depth = OUTER - INNER
    kind = "" if segment.is_known else " unknown"
    chosen = ' aria-current="true"' if segment.is_chosen else ""
    yield (
        f'<a class="seg {segment.family}{kind}" href="{segment.url}" data-card="{segment.code}" '
        f'aria-label="{escape(segment.name)}"{chosen}><path class="bg" d="{_ring(INNER, OUTER, left, right)}"/>'
    )
    if segment.is_known and segment.share is not None:
        if segment.share > 0:
            reach = INNER + depth * min(segment.share, 1)
            yield f'<path class="fill" d="{_ring(INNER, reach, left, right)}"/>'
        elif segment.share < 0:
            yield f'<path class="back" d="{_ring(INNER, INNER + depth * WORSE_DEPTH, left, right)}"/>'
        if segment.expected:
            at = INNER + depth * min(segment.expected, 1)
            yield f'<path class="needed" d="{_ring(at - 3, at + 3, left, right)}"/>'
    x, y = (float(part) - 11 for part in _place(GLYPH, middle).split())
    yield f'<use class="glyph" href="#g-{segment.glyph}" x="{x:.1f}" y="{y:.1f}" width="22" height="22"/>'
    yield f"{_folded_label(segment, middle) if folded else _label(segment, middle)}</a>"


def _label(segment: Segment, middle: float) -> str:
    """Along the radius, read outwards on the right and inwards on the left, so that none stands on its head."""
    turn, anchor = (middle - 90, "start") if middle % 360 < 180 else (middle + 90, "end")
    x, y = _place(LABEL, middle).split()
    return (
        f'<text class="label" transform="translate({x} {y})rotate({turn % 360:.1f})" dy="6" text-anchor="{anchor}">'
        f"{escape(segment.label)}</text>"
    )


def _folded_label(segment: Segment, middle: float) -> str:
    """Level, in short lines, beyond the segment's end."""
    lines = wrap(segment.label, 13)
    anchor = "middle" if abs(middle) < 30 else "end" if middle < 0 else "start"
    x, y = (float(part) for part in _place(LABEL + 4, middle).split())
    y -= 24 * (len(lines) - 1) * (1 if abs(middle) < 50 else 0.5) - 5
    rows = "".join(f'<tspan x="{x:.1f}" y="{y + 24 * n:.1f}">{escape(line)}</tspan>' for n, line in enumerate(lines))
    return f'<text class="label" text-anchor="{anchor}">{rows}</text>'


def _hub(lines: Sequence[tuple[str, str]], url: str, name: str) -> Iterable[str]:
    yield f'<a class="hub" href="{url}" aria-label="{escape(name)}"><circle cx="{MIDDLE:g}" cy="{MIDDLE:g}" r="{HUB}"/>'
    heights = {"big": 58, "name": 28, "small": 23}
    folded = [(kind, part) for kind, text in lines for part in (wrap(text, 24) if kind == "small" else [text])]
    y = MIDDLE - sum(heights[kind] for kind, _ in folded) / 2
    for kind, text in folded:
        y += heights[kind]
        base = y - heights[kind] * 0.22
        yield f'<text class="{kind}" x="{MIDDLE:g}" y="{base:.0f}" text-anchor="middle">{escape(text)}</text>'
    yield "</a>"


def fan(sectors: Sequence[Sector]) -> str:
    """One priority's part of the wheel, spread over a half circle so that its labels have room."""
    if not sectors:
        return ""
    sector = sectors[0]
    each = 164 / max(len(sector.segments), 1)
    start = -each * len(sector.segments) / 2
    end = -start
    left, top = MIDDLE - 500, MIDDLE - OUTER - 110
    parts = [
        f'<svg class="wheel fan" viewBox="{left:g} {top:g} 1000 {OUTER + 70}" role="group" '
        f'aria-label="{escape(sector.name)}: its part of the wheel"><g class="p{sector.number}">'
    ]
    for position, segment in enumerate(sector.segments):
        parts += _segment(segment, start + position * each, each, folded=True)
    parts.append(f'<path class="ring" d="{_ring(BAND_OUT - 70, BAND_OUT, start, end)}"/></g></svg>')
    return "".join(parts)


def gauge(share: float | None, expected: float | None, *, is_known: bool) -> str:
    """A segment laid flat, for lists."""
    parts = ['<svg class="gauge" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">']
    parts.append(f'<path class="{"bg" if is_known else "open"}" d="M.5.5h199v9H.5z"/>')
    if is_known and share is not None:
        if share > 0:
            parts.append(f'<path class="fill" d="M.5.5h{199 * min(share, 1):.1f}v9H.5z"/>')
        elif share < 0:
            parts.append(f'<path class="back" d="M.5.5h{199 * WORSE_DEPTH:.1f}v9H.5z"/>')
        if expected:
            parts.append(f'<path class="needed" d="M{199 * min(expected, 1):.1f} 0h3v10h-3z"/>')
    return "".join([*parts, "</svg>"])
