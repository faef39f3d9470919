"""How an organisation's commitments stand, as a small picture that any site may show."""

from collections.abc import Sequence
from html import escape
from textwrap import wrap

from django.utils.timezone import localdate

from luton2040.editions import Edition
from luton2040.vision import Vision
from luton2040.xml import NOT_IN_XML
from outcomes import formatting as words
from pledges import sentences
from pledges.report import PledgeReport
from pledges.standing import Stage

_RING = '<circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="2.2"{}/>'
# Told apart by their shape: a colour comes on top.
SIGNS = {
    None: _RING.format(' stroke-dasharray="2.2 2.6"'),
    Stage.NOT_STARTED: _RING.format(""),
    Stage.UNDER_WAY: _RING.format("") + '<path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/>',
    Stage.DONE: '<path d="M3 10.5l4.8 5L17 5" fill="none" stroke="currentColor" stroke-width="3.2"/>',
    Stage.CHANGED: '<path d="M3 7h13M12 3l4 4-4 4M17 14H4M8 10l-4 4 4 4" fill="none" stroke="currentColor" '
    'stroke-width="2"/>',
    Stage.ENDED: '<path d="M4 4h12v12H4z" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    '<path d="M4 16L16 4" stroke="currentColor" stroke-width="2.2"/>',
}

WIDTH = 360
# Size of the letters, and how many a line has room for, of the widest usual fonts or with wider spacing.
SMALL, PLAIN, LARGE = (11, 36), (13, 30), (17, 22)
# It carries its own ground, for it is shown on pages of any colour, and no style sheet reaches it there.
INK, SOFT, GROUND, EDGE = "#ffffff", "#cdd5e3", "#12233f", "#8a8f99"
ARCS = ("#f0924a", "#f07fb0", "#b79cf0", "#5fc48f", "#5ab0e6")


def text(name: str, reports: Sequence[PledgeReport], vision: Vision) -> str:
    """All that the picture says, in words: its text alternative."""
    return f"{vision.name}: {name}. {_counted(reports)}. {_vouched(reports)}."


def _standing(reports: Sequence[PledgeReport]) -> list[PledgeReport]:
    return [report for report in reports if not report.is_withdrawn]


def _counted(reports: Sequence[PledgeReport]) -> str:
    """3 commitments · 1 done, 1 under way, 1 not reported on. Of pledges that ended only while no other stands."""
    ends = [report.pledge.withdrawn_on for report in reports if report.is_withdrawn]
    reports = _standing(reports)
    if ends and not reports:
        return f"Pledge ended on {words.day(max(ends))}"
    if not any(report.commitments for report in reports):
        return "No pledge in the register now"
    return f"{sentences.commitments(reports)} · {sentences.stands(reports)}"


def _vouched(reports: Sequence[PledgeReport]) -> str:
    """Of all commitments, so that what nothing is reported of never counts as checked."""
    promises = [promise for report in _standing(reports) for promise in report.promises]
    told = [promise.told for promise in promises if promise.told]
    if not told:
        return "See the register"
    checked = sum(update.checked_on is not None for update in told)
    if checked == len(promises):
        return "Checked by the council"
    return f"{checked} of {len(promises)} checked by the council" if checked else "Said by the partner, not checked"


def draw(name: str, reports: Sequence[PledgeReport], *, vision: Vision, edition: Edition) -> str:
    """SVG with its text alternative; nothing in it is asked for elsewhere."""
    issued = f"Edition {edition.number}, {words.day(localdate(edition.issued_at))}"
    said = [
        (vision.name, SMALL, 1, f'fill="{SOFT}" font-weight="600"'),
        (name, LARGE, 2, f'fill="{INK}" font-weight="700"'),
        (_counted(reports), PLAIN, 4, f'fill="{INK}"'),
        (_vouched(reports), SMALL, 1, f'fill="{SOFT}"'),
        (issued, SMALL, 1, f'fill="{SOFT}"'),
    ]
    drawn, y = [], 12
    for part, (size, letters), most, look in said:
        for line in _lines(part, letters, most):
            y += size + 6
            drawn.append(f'<text x="74" y="{y}" font-size="{size}" {look}>{escape(line)}</text>')
    height = y + 18
    title, said = escape(f"{vision.name}: {name}"), escape(text(name, reports, vision))
    ground = f'fill="{GROUND}" stroke="{EDGE}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="badge-title badge-desc" font-family="system-ui, sans-serif">'
        f'<title id="badge-title">{title}</title><desc id="badge-desc">{said}</desc>'
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="10" {ground}/>'
        f"{_mark()}{''.join(drawn)}</svg>"
    ).translate(NOT_IN_XML)


def snippet(name: str, *, vision: Vision, picture: str, page: str) -> str:
    """What a site copies into a page. How the commitments stand changes, so that the alternative only says where."""
    alt = escape(f"What {name} has pledged to {vision.name}, and how it stands")
    return f'<a href="{escape(page)}"><img src="{escape(picture)}" alt="{alt}" width="{WIDTH}"></a>'


def _lines(said: str, letters: int, most: int) -> list[str]:
    """As many lines as there is room for; what does not fit is in the text alternative."""
    lines = wrap(said, letters) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: letters - 1]}…"]


def _mark() -> str:
    """The wheel, small."""
    ring = '<circle r="19" cx="38" cy="44" fill="none" stroke-width="9" stroke-dasharray="20.9 98.5" {}/>'
    return "".join(
        ring.format(f'stroke="{colour}" transform="rotate({72 * n - 121} 38 44)"') for n, colour in enumerate(ARCS)
    )


def mark() -> str:
    """The wheel alone, as a file."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="14 20 48 48" width="48" height="48">{_mark()}</svg>'
