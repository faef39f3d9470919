"""Charts of a report. One set of lines is drawn twice: as static SVG on the page, and as a Plotly figure in its place.

The SVG carries classes only (the content security policy forbids style attributes); colours and dashes are in CSS.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from math import ceil, floor, log10

from outcomes import formatting as words
from outcomes import sentences
from outcomes.models import Milestone
from outcomes.report import OutcomeReport, Value

ROOM_FOR_BREAK = 90  # that the words at a break take
ROOM_FOR_NAMES = 500  # below this width the legend alone names the places that are compared
WIDEST_LETTER = 9  # on average over a name
PLOTLY_LOOK = {
    "home": {"color": "#12436D", "width": 3},
    "home-earlier": {"color": "#12436D", "width": 2, "dash": "dot"},
    "path": {"color": "#F46A25", "width": 2, "dash": "dash"},
    "comparator-1": {"color": "#595959", "width": 2, "dash": "dash"},
    "comparator-2": {"color": "#808080", "width": 2, "dash": "dot"},
}
BREAK_LOOK = {"color": "#808080", "width": 1, "dash": "dot"}


@dataclass(frozen=True)
class Mark:
    at: date
    value: float
    label: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Line:
    """One line of a chart; `runs` are never joined to each other."""

    name: str
    kind: str
    runs: list[list[Mark]]
    has_markers: bool = False

    @property
    def marks(self) -> Iterable[Mark]:
        return (mark for run in self.runs for mark in run)


@dataclass(frozen=True)
class Chart:
    title: str
    unit: str
    lines: list[Line]
    band: list[list[Mark]] = field(default_factory=list)  # in runs, as lines are
    band_name: str = ""
    breaks: list[date] = field(default_factory=list)  # where the home area's series starts anew
    measure: object = None


def chart(report: OutcomeReport) -> Chart:
    """Every line that the outcome's chart shows, back to front."""
    measure, place = report.measure, report.vision.place

    def mark(value: Value) -> Mark:
        label = f"{words.period_name(value.period)}: {words.amount(value.value, measure)}"
        limits = (float(value.lower), float(value.upper)) if value.has_limits else (None, None)
        return Mark(value.end, float(value.value), label, *limits)

    lines = [
        # Two looks; the legend and the table tell any further places apart.
        Line(c.area.name, f"comparator-{min(number, 2)}", [[mark(v) for v in run] for run in _runs(c.values)])
        for number, c in enumerate(report.comparators, 1)
    ]
    path = _path(report)
    if path:
        lines.append(Line("Path to the target", "path", [path], has_markers=True))
    earlier = [[mark(v) for v in run] for run in report.earlier_series]
    if earlier:
        lines.append(Line(f"{place}, earlier series", "home-earlier", earlier))
    if report.unbroken:
        lines.append(Line(place, "home", [[mark(v) for v in report.unbroken]], has_markers=True))
    band: list[list[Mark]] = []
    for places in report.similar:
        if places.starts_series or not band:
            band.append([])
        label = f"{words.period_name(places.period)}: {words.amount(places.middle, measure)}"
        band[-1].append(Mark(places.end, places.middle, label, places.low, places.high))
    breaks = [value.end for value in report.series[1:] if value.starts_series]
    name = "Middle half of similar places"
    return Chart(sentences.takeaway(report), measure.unit, lines, band, name, breaks, measure)


def _runs(values: Sequence[Value]) -> list[list[Value]]:
    runs: list[list[Value]] = []
    for value in values:
        if value.starts_series or not runs:
            runs.append([])
        runs[-1].append(value)
    return runs


def _path(report: OutcomeReport) -> list[Mark]:
    if report.target is None or report.baseline is None:
        return []
    measure = report.measure
    start = Mark(report.baseline.end, float(report.baseline.value), "Starting point")
    goals = [
        Mark(
            m.due_on,
            float(m.value),
            f"{m.get_kind_display()} for {m.due_on.year}: {words.amount(m.value, measure)}"
            + (" (illustrative)" if m.standing == Milestone.Standing.ILLUSTRATIVE else ""),
        )
        for m in report.path
        if m.due_on > report.baseline.end
    ]
    return [start, *goals] if goals else []


# --- Static SVG ---


@dataclass(frozen=True)
class Frame:
    """Turns days and values into places on the picture."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    first: date
    last: date
    low: float
    high: float

    def x(self, at: date) -> float:
        span = (self.last - self.first).days or 1
        return round(self.left + (at - self.first).days / span * (self.width - self.left - self.right), 1)

    def y(self, value: float) -> float:
        span = (self.high - self.low) or 1
        return round(self.height - self.bottom - (value - self.low) / span * (self.height - self.top - self.bottom), 1)


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers that span low to high, about as many as wanted."""
    if low == high:
        low, high = low - 1, high + 1
    rough = (high - low) / wanted
    power = 10 ** floor(log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if rough <= s * power * 1.0001)
    start, stop = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(start, stop + 1)]


def _values(chart: Chart) -> list[float]:
    found = [v for line in chart.lines for m in line.marks for v in (m.value, m.low, m.high) if v is not None]
    return found + [v for run in chart.band for m in run for v in (m.low, m.high)]


def svg(chart: Chart, *, width: int = 720, height: int = 400) -> str:
    """The chart as markup; empty where there is nothing to draw. Its sentence and table stand before it on the page."""
    if not any(line.runs for line in chart.lines if line.kind.startswith("home")):
        return ""
    values, days = (
        _values(chart),
        [m.at for line in chart.lines for m in line.marks] + [m.at for run in chart.band for m in run],
    )
    scale = ticks(min(values), max(values), 5 if height >= 360 else 4)
    labels = _tick_labels(scale, chart.measure)
    frame = Frame(
        width,
        height,
        left=14 + max(len(text) for text in labels) * 8,
        right=24,
        top=20,
        bottom=34,
        first=date(min(days).year, 1, 1),
        last=date(max(days).year + 1, 1, 1),
        low=scale[0],
        high=scale[-1],
    )
    parts = [*_axes(frame, scale, labels)]
    for run in chart.band:
        parts += _band(frame, run)
    parts += _breaks(frame, chart.breaks)
    for line in chart.lines:
        parts += _line(frame, line)
    parts += _end_labels(frame, chart)
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="Line chart. {escape(chart.title)}">'
        f"{''.join(parts)}</svg>"
    )


def _tick_labels(scale: Sequence[float], measure) -> list[str]:
    """With as few decimals as tell them apart, and the unit where it is a single sign."""
    decimals = next((d for d in range(4) if all(abs(round(t, d) - t) < 1e-9 for t in scale)), 4)
    digits = [words.plain(t, decimals) for t in scale]
    return [words.with_unit(d, measure) for d in digits] if len(measure.unit_symbol) == 1 else digits


def _axes(frame: Frame, scale: Sequence[float], labels: Sequence[str]) -> Iterable[str]:
    right = frame.width - frame.right
    for tick, label in zip(scale, labels, strict=True):
        y = frame.y(tick)
        kind = "zero" if tick == 0 else "grid"
        yield f'<path class="{kind}" d="M{frame.left} {y}H{right}"/>'
        yield f'<text class="tick" x="{frame.left - 8}" y="{y + 4}" text-anchor="end">{escape(label)}</text>'
    years = frame.last.year - frame.first.year
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if years / s <= max(2, (right - frame.left) / 62))
    base = frame.height - frame.bottom
    for year in range(ceil(frame.first.year / step) * step, frame.last.year + 1, step):
        x = frame.x(date(year, 1, 1))
        yield f'<path class="year" d="M{x} {base}v6"/>'
        yield f'<text class="tick" x="{x}" y="{base + 22}" text-anchor="middle">{year}</text>'


def _band(frame: Frame, band: Sequence[Mark]) -> Iterable[str]:
    if len(band) < 2:
        return
    upper = " ".join(f"{frame.x(m.at)},{frame.y(m.high)}" for m in band)
    lower = " ".join(f"{frame.x(m.at)},{frame.y(m.low)}" for m in reversed(band))
    yield f'<polygon class="band" points="{upper} {lower}"/>'
    middle = " ".join(f"{frame.x(m.at)},{frame.y(m.value)}" for m in band)
    yield f'<polyline class="middle" points="{middle}"/>'


def _breaks(frame: Frame, breaks: Sequence[date]) -> Iterable[str]:
    """A line before the first value of a new series: what is left of it is not to be compared with what is right."""
    for at in breaks:
        x = frame.x(at) - 7
        yield f'<path class="break" d="M{x} {frame.top - 8}V{frame.height - frame.bottom}"/>'
        # On its other side where the edge of the chart would cut the words off.
        aside, anchor = (5, "start") if x + ROOM_FOR_BREAK < frame.width else (-5, "end")
        yield f'<text class="tick" x="{x + aside}" y="{frame.top}" text-anchor="{anchor}">new series</text>'


def _line(frame: Frame, line: Line) -> Iterable[str]:
    for run in line.runs:
        limits = [m for m in run if m.low is not None]
        if line.kind == "home" and limits:
            d = "".join(f"M{frame.x(m.at)} {frame.y(m.low)}V{frame.y(m.high)}" for m in limits)
            yield f'<path class="limits" d="{d}"/>'
        if len(run) > 1:
            points = " ".join(f"{frame.x(m.at)},{frame.y(m.value)}" for m in run)
            yield f'<polyline class="line {line.kind}" points="{points}"/>'
        if line.has_markers or len(run) == 1:
            yield from (_marker(frame, line, m) for m in run)


def _marker(frame: Frame, line: Line, mark: Mark) -> str:
    x, y, title = frame.x(mark.at), frame.y(mark.value), f"<title>{escape(mark.label)}</title>"
    if line.kind == "path":
        return f'<path class="mark path" d="M{x} {y - 6}l6 6-6 6-6-6z">{title}</path>'
    return f'<circle class="mark {line.kind}" cx="{x}" cy="{y}" r="4">{title}</circle>'


def _end_labels(frame: Frame, chart: Chart) -> Iterable[str]:
    """Names beside the ends of lines, pushed apart where they would touch, always inside the picture."""
    named = [line for line in chart.lines if line.kind != "home-earlier"]
    if frame.width < ROOM_FOR_NAMES:
        named = [line for line in named if line.kind in ("home", "path")]
    ends = [(line, line.runs[-1][-1]) for line in named]
    placed = sorted(([frame.y(end.value), line, end] for line, end in ends), key=lambda p: p[0])
    gap = 17
    for above, below in zip(placed, placed[1:], strict=False):
        if below[0] - above[0] < gap and abs(frame.x(below[2].at) - frame.x(above[2].at)) < 150:
            below[0] = above[0] + gap
    for y, line, end in placed:
        x = frame.x(end.at)
        if line.kind == "path":
            text, anchor, x = f"Target {words.amount(end.value, chart.measure)}", "end", x + 8
            # On the side that the line does not come from.
            comes_from_above = line.runs[-1][0].value > end.value
            y += 24 if comes_from_above or y < 26 else -12
        else:
            text, anchor, x, y = line.name, "start", x + 10, y + 5
            if x + WIDEST_LETTER * len(text) > frame.width:  # the edge would cut it off
                anchor, x, y = "end", x - 18, y - 12
        y = min(max(y, 14), frame.height - frame.bottom - 4)
        yield f'<text class="name {line.kind}" x="{x}" y="{round(y, 1)}" text-anchor="{anchor}">{escape(text)}</text>'


def sparkline(report: OutcomeReport, *, width: int = 132, height: int = 40) -> str:
    """The present series, small, with the path as a dashed line; empty with fewer than two values."""
    values = report.unbroken
    if len(values) < 2:
        return ""
    path = _path(report)
    marks = [Mark(v.end, float(v.value), "") for v in values]
    last = marks[-1].at
    shown = [m for m in path if m.at <= last] + [m for m in path if m.at > last][:1]
    everything = [m.value for m in marks + shown]
    end = max([last, *(m.at for m in shown)])
    frame = Frame(width, height, 5, 5, 5, 5, marks[0].at, end, min(everything), max(everything))
    line = " ".join(f"{frame.x(m.at)},{frame.y(m.value)}" for m in marks)
    parts = []
    if len(shown) > 1:
        dashed = " ".join(f"{frame.x(m.at)},{frame.y(m.value)}" for m in shown)
        parts.append(f'<polyline class="line path" points="{dashed}"/>')
    parts.append(f'<polyline class="line home" points="{line}"/>')
    parts.append(f'<circle class="mark home" cx="{frame.x(last)}" cy="{frame.y(marks[-1].value)}" r="3.5"/>')
    return f'<svg class="chart spark" viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(parts)}</svg>'


# --- Plotly ---


def figure(chart: Chart) -> dict:
    """The same lines as a Plotly figure, as plain JSON. Plotly is imported here, as few requests need it."""
    import plotly.graph_objects as go

    shown = go.Figure(layout={"template": "none"})
    for run in chart.band:
        days = [m.at.isoformat() for m in run]
        edge = {"x": days, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "name": chart.band_name}
        shown.add_scatter(y=[m.high for m in run], **edge)
        shown.add_scatter(y=[m.low for m in run], fill="tonexty", fillcolor="rgba(128,128,128,0.22)", **edge)
    for line in chart.lines:
        shown.add_scatter(**_plotly_trace(line))
    for at in chart.breaks:
        shown.add_shape(type="line", yref="paper", x0=at.isoformat(), x1=at.isoformat(), y0=0, y1=1, line=BREAK_LOOK)
    shown.update_layout(
        margin={"l": 60, "r": 16, "t": 16, "b": 40},
        showlegend=False,  # the legend on the page names the same lines, and says which are illustrative
        hovermode="closest",
        xaxis={"type": "date", "showgrid": False},
        yaxis={"title": {"text": chart.unit}, "rangemode": "normal", "gridcolor": "rgba(128,128,128,0.25)"},
        font={"family": "inherit", "size": 14},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return shown.to_plotly_json()


def _plotly_trace(line: Line) -> dict:
    """Runs become one trace with empty places between them, so that the legend names the line once."""
    x, y, text, up, down = [], [], [], [], []
    for run in line.runs:
        for m in run:
            x.append(m.at.isoformat())
            y.append(m.value)
            text.append(m.label)
            up.append(m.high - m.value if m.high is not None else 0)
            down.append(m.value - m.low if m.low is not None else 0)
        for values in (x, y, text, up, down):
            values.append(None)
    trace = {
        "x": x[:-1],
        "y": y[:-1],
        "text": text[:-1],
        "name": line.name,
        "meta": line.kind,
        "mode": "lines+markers" if line.has_markers or any(len(r) == 1 for r in line.runs) else "lines",
        "line": PLOTLY_LOOK[line.kind],
        "marker": {"symbol": "diamond" if line.kind == "path" else "circle", "size": 8},
        "hovertemplate": "%{text}<extra>%{fullData.name}</extra>",
        "connectgaps": False,
    }
    if line.kind == "home" and any(up):
        trace["error_y"] = {"type": "data", "symmetric": False, "array": up[:-1], "arrayminus": down[:-1], "width": 0}
    return trace


def standalone(svg: str, *, font: str = "system-ui, sans-serif") -> str:
    """The chart as a file of its own, where no style sheet reaches: classes become attributes."""
    if not svg:
        return ""
    head, rest = svg.split(">", 1)
    head = head.replace(' class="chart"', "")
    rest = re.sub(r'class="([^"]*)"', lambda found: FILE_LOOK[found[1]], rest)
    return (
        f'{head} xmlns="http://www.w3.org/2000/svg" font-family="{font}" font-size="14">'
        f'<rect width="100%" height="100%" fill="#fff"/>{rest}'
    )


_NO_FILL = 'fill="none" stroke-width="2"'
FILE_LOOK = {
    "grid": 'fill="none" stroke="#d5d8de"',
    "zero": 'fill="none" stroke="#5c6470"',
    "year": 'fill="none" stroke="#5c6470"',
    "tick": 'fill="#4f596b"',
    "band": 'fill="#e6e8ec"',
    "middle": 'fill="none" stroke="#9aa0aa"',
    "break": 'fill="none" stroke="#4f596b" stroke-dasharray="2 3"',
    "limits": 'fill="none" stroke="#12436d" stroke-width="2" opacity="0.45"',
    "line home": 'fill="none" stroke="#12436d" stroke-width="3"',
    "line home-earlier": f'{_NO_FILL} stroke="#12436d" stroke-dasharray="2 5"',
    "line path": f'{_NO_FILL} stroke="#d9541a" stroke-dasharray="8 6"',
    "line comparator-1": f'{_NO_FILL} stroke="#595f69" stroke-dasharray="6 4"',
    "line comparator-2": f'{_NO_FILL} stroke="#868b94" stroke-dasharray="2 4"',
    "mark home": 'fill="#12436d"',
    "mark home-earlier": 'fill="#12436d"',
    "mark path": 'fill="#fff" stroke="#d9541a" stroke-width="2"',
    "mark comparator-1": 'fill="#595f69"',
    "mark comparator-2": 'fill="#868b94"',
    "name home": 'fill="#12436d" font-weight="700"',
    "name path": 'fill="#b8430f" font-weight="700"',
    "name comparator-1": 'fill="#4f596b"',
    "name comparator-2": 'fill="#4f596b"',
}
