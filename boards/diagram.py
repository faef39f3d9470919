"""Who answers to whom: boards as a tree, in words for a list and drawn as inline SVG, in the same order.

Geometry only: boards come in, markup goes out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from textwrap import wrap

from boards.models import BoardVersion
from priorities.models import Standing
from priorities.summary import Tally

BOX, BETWEEN, PAD, LINE, GAP = 268, 54, 12, 22, 13
LETTERS = 22  # of a name in one line of its box: they fit with wider spacing too, as some readers have it


@dataclass(frozen=True)
class Branch:
    """A board with those that answer to it."""

    board: BoardVersion
    parent: BoardVersion | None = None
    children: list["Branch"] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.board.board_id

    @property
    def is_strategic(self) -> bool:
        return self.board.role == BoardVersion.Role.STRATEGIC

    @property
    def is_inferred(self) -> bool:
        return self.parent is not None and self.board.parent_standing == Standing.INFERRED

    @property
    def answers_to(self) -> str:
        if self.parent is None:
            return "no board above it is published"
        return f"answers to {self.parent.name}{' (our reading)' if self.is_inferred else ''}"

    @property
    def below(self) -> Iterator["Branch"]:
        """All that answer to it, or to one that does."""
        for child in self.children:
            yield child
            yield from child.below


def family(boards: Sequence[BoardVersion]) -> list[Branch]:
    """Every board once: those with none above them, each with its own, then those that stand alone.

    Boards that go round in a circle stand alone.
    """
    slugs = {board.board_id for board in boards}
    roots = [_branch(board, None, boards) for board in boards if board.parent_id not in slugs]
    held = {branch.slug for root in roots for branch in [root, *root.below]}
    roots += [Branch(board) for board in boards if board.board_id not in held]
    return sorted(roots, key=lambda root: not root.children)


def _branch(board: BoardVersion, parent: BoardVersion | None, boards: Sequence[BoardVersion]) -> Branch:
    return Branch(
        board, parent, [_branch(child, board, boards) for child in boards if child.parent_id == board.board_id]
    )


def around(roots: Iterable[Branch], slug: str) -> list[Branch]:
    """One board between the one above it and those below it; nothing where it stands alone."""
    every = {branch.slug: branch for root in roots for branch in [root, *root.below]}
    own = every[slug]
    shown = replace(own, children=[replace(child, children=[]) for child in own.children])
    if own.parent:
        return [replace(every[own.parent.board_id], children=[shown])]
    return [shown] if shown.children else []


def led(roots: Iterable[Branch]) -> list[tuple[Branch, list[Branch]]]:
    """Each strategic board with the delivery boards below it, however many steps."""
    every = [branch for root in roots for branch in [root, *root.below]]
    strategic = [branch for branch in every if branch.is_strategic]
    return [(branch, [own for child in branch.children for own in _delivering(child)]) for branch in strategic]


def _delivering(branch: Branch) -> list[Branch]:
    return [] if branch.is_strategic else [branch, *(own for child in branch.children for own in _delivering(child))]


# --- the picture ---


@dataclass(frozen=True)
class _Box:
    branch: Branch
    depth: int
    middle: float

    @property
    def left(self) -> float:
        return self.depth * (BOX + BETWEEN) + 2


def draw(roots: Sequence[Branch], *, url: Callable[[BoardVersion], str], title: str, here: str = "") -> str:
    """A box for each board, trees from left to right; `here` is the board whose page it stands on."""
    if not roots:
        return ""
    trees = [root for root in roots if root.children]
    boxes = list(_arranged(trees, 0, 2))
    columns = 1 + max((box.depth for box in boxes), default=2)
    boxes += _in_rows([root for root in roots if not root.children], columns, 2 + _taken(trees) + 2 * GAP)
    at = {box.branch.slug: box for box in boxes}
    width = max(box.left for box in boxes) + BOX + 2
    height = max(box.middle + _height(box.branch) / 2 for box in boxes) + 2
    parts = [
        f'<svg class="boards" width="{width:g}" viewBox="0 0 {width:g} {height:g}" role="group" '
        f'aria-label="{escape(title)}">'
    ]
    parts += [_tie(at[box.branch.parent.board_id], box) for box in boxes if box.depth and box.branch.parent]
    parts += [_drawn(box, url(box.branch.board), here) for box in boxes]
    return "".join([*parts, "</svg>"])


def _lines(branch: Branch) -> list[str]:
    return wrap(branch.board.name, LETTERS)


def _height(branch: Branch) -> float:
    return len(_lines(branch)) * LINE + 2 * PAD


def _needed(branch: Branch) -> float:
    return max(_height(branch), _taken(branch.children))


def _taken(branches: Sequence[Branch]) -> float:
    return sum(map(_needed, branches)) + GAP * (len(branches) - 1)


def _arranged(branches: Iterable[Branch], depth: int, top: float) -> Iterator[_Box]:
    """Each board beside the middle of its own, in the order of the list."""
    for branch in branches:
        needed = _needed(branch)
        yield _Box(branch, depth, top + needed / 2)
        yield from _arranged(branch.children, depth + 1, top + (needed - _taken(branch.children)) / 2)
        top += needed + GAP


def _in_rows(alone: Sequence[Branch], columns: int, top: float) -> Iterator[_Box]:
    for start in range(0, len(alone), columns):
        row = alone[start : start + columns]
        tallest = max(map(_height, row))
        yield from (_Box(branch, column, top + tallest / 2) for column, branch in enumerate(row))
        top += tallest + GAP


def _tie(above: _Box, box: _Box) -> str:
    start, end = above.left + BOX, box.left
    kind = "tie inferred" if box.branch.is_inferred else "tie"
    return f'<path class="{kind}" d="M{start:g} {above.middle:g}H{end - BETWEEN / 2:g}V{box.middle:g}H{end:g}"/>'


def _drawn(box: _Box, url: str, here: str) -> str:
    board, height = box.branch.board, _height(box.branch)
    name = f"{board.name}, {box.branch.answers_to}"
    current = ' aria-current="page"' if board.board_id == here else ""
    top = box.middle - height / 2
    rows = "".join(
        f'<tspan x="{box.left + PAD:g}" y="{top + PAD + 17 + LINE * number:g}">{escape(line)}</tspan>'
        for number, line in enumerate(_lines(box.branch))
    )
    return (
        f'<a class="{board.role}" href="{url}" aria-label="{escape(name)}"{current}>'
        f'<rect x="{box.left:g}" y="{top:g}" width="{BOX}" height="{height:g}" rx="7"/><text>{rows}</text></a>'
    )


# --- how many stand where, as one bar ---


def bar(tallies: Iterable[Tally]) -> str:
    """Beside the same counts in words."""
    parts, at = [], 0.0
    for tally in tallies:
        width = 200 * tally.share
        if tally.count:
            parts.append(f'<path class="{tally.status.slug}" d="M{at + 0.5:.1f} 1h{width - 1:.1f}v8H{at + 0.5:.1f}z"/>')
        at += width
    inside = "".join(parts)
    return f'<svg class="stands" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">{inside}</svg>'
