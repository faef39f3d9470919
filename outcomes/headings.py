"""What the columns of a table of values are called: by the import, by our downloads, and by people."""

import re
from collections.abc import Sequence

from outcomes.importing import READ_PAST

# As the desk and our spreadsheets call the columns of the import.
TITLES = {
    "measure": "Measure code",
    "area": "Area code",
    "period": "Period",
    "period_start": "Period start",
    "period_duration": "Period duration",
    "value": "Value",
    "lower": "Lower 95% limit",
    "upper": "Upper 95% limit",
    "markers": "Shorthand",
    "note": "Note",
    "source_name": "Source name",
    "source_url": "Source url",
    "retrieved_on": "Release used",
}
REVISED = "was"  # the column that tells our lists of revisions from values
# Only what can mean nothing else: a column of comments, say, may not be meant for the public, so it is no note.
ALSO = {
    "measure": ["measure", "indicator", "indicator code"],
    "area": ["area", "gss code", "geography code", "local authority code"],
    "period": ["period label", "time period", "year", "month", "quarter", "financial year", "academic year"],
    "period_start": ["start of period"],
    "period_duration": ["duration", "length of period"],
    "value": ["values", "figure"],
    "lower": ["lower", "lower limit", "lower ci", "lower 95% ci", "lower confidence limit", "lower confidence interval",
              "lower 95% confidence limit", "lci", "95% lower limit"],
    "upper": ["upper", "upper limit", "upper ci", "upper 95% ci", "upper confidence limit", "upper confidence interval",
              "upper 95% confidence limit", "uci", "95% upper limit"],
    "markers": ["marker", "markers", "marker(s)"],
    "note": ["notes", "note(s)"],
    "source_name": ["source"],
    "source_url": ["source link", "source address", "link to source"],
    "retrieved_on": ["retrieved on", "release", "release date", "date of release", "released", "released on",
                     "publication date", "published on"],
}  # fmt: skip

_NOTE = re.compile(r"\[note [0-9]+\]")


def _plain(text: str) -> str:
    return " ".join(_NOTE.sub("", text).replace("_", " ").casefold().split()).rstrip(":")


_KNOWN = {
    **{_plain(name): name for name in (*TITLES, *READ_PAST, REVISED)},
    "value before": REVISED,
    **{_plain(title): name for name, title in TITLES.items()},
    **{other: name for name, others in ALSO.items() for other in others},
}
# Without these a row of words is no header of values; "Notes" alone, say, is a title.
_TELLING = {"measure", "area", "period", "period_start", "value", "retrieved_on"}


def column(text: str) -> str | None:
    """The column of the import, or of those in words, that a heading names."""
    return _KNOWN.get(_plain(text))


def columns(cells: Sequence[str]) -> set[str]:
    """The columns that a row names; none where it is not a header: a row of values, or a title above the table."""
    named = {name for name in map(column, cells) if name}
    filled = sum(bool(cell) for cell in cells)
    return named if named & _TELLING and (len(named) > 1 or filled > 1 and filled < 4) else set()


def hold_values(named: set[str]) -> bool:
    return "value" in named and bool(named & {"period", "period_start"}) and REVISED not in named
