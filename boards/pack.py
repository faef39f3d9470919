"""The pack of a meeting: its papers as one document, for the print page and as a tagged PDF.

The same papers give the same bytes, whenever it is made: nothing here reads a clock, the record or the network.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from django.conf import settings
from django.template.loader import render_to_string

from boards import actions, horizon, sentences
from boards.changes import Turn
from boards.models import Review, ReviewVersion
from boards.papers import Papers
from luton2040 import pdf
from luton2040.editions import Edition
from outcomes import charts, downloads, progress, series, tables
from outcomes import formatting as words
from outcomes import sentences as said
from outcomes.progress import Family, Status, Trend
from outcomes.report import Goal, OutcomeReport

ROWS = 6  # of an outcome's table: the newest
CHART = {"width": 400, "height": 240}

STYLE, GLYPHS = "css/pack.css", "_glyphs.html"
SIGN_COLOURS = {Family.BETTER: "#0b6637", Family.SLOW: "#7a4b00", Family.WORSE: "#a81c1c", Family.UNKNOWN: "#5a6373"}


# --- what it says of one outcome ---


@dataclass(frozen=True)
class Part:
    """An outcome as the pack and the screen tell of it."""

    turn: Turn
    review: ReviewVersion | None

    @property
    def report(self) -> OutcomeReport:
        return self.turn.now

    @cached_property
    def told(self) -> list[str]:
        """What changed, the weightiest first; where nothing did, why it stands where it does."""
        return sentences.told(self.turn)

    @property
    def shows(self) -> list[str]:
        """What the data show besides."""
        report = self.report
        found = [said.takeaway(report), said.reason(report)]
        if report.trend.trend is not Trend.UNTESTED:
            found.append(said.trend(report))
        if report.projection is not None:
            found.append(said.projection(report))
        return [sentence for sentence in found if sentence not in self.told]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Goals as they turned out or stand to, and how fresh the latest value is where that is not told already."""
        report = self.report
        found = [_goal(report, g) for g in report.goals if g.is_target or g in (report.last_goal, report.next_goal)]
        fresh = said.freshness(report)
        return found if report.latest is None or fresh in self.told else [*found, ("Latest value", fresh)]

    @cached_property
    def rows(self) -> list[tables.TableRow]:
        return tables.rows(self.report)[:ROWS]

    @property
    def figures(self) -> list[tuple[tables.TableRow, str]]:
        """Each row of its table with what its source says of the value, and which source where there are several."""
        return [(row, self._standing(row)) for row in self.rows]

    def _standing(self, row: tables.TableRow) -> str:
        standing = downloads.standing(row.home)
        if len(self.sources) == 1:
            return standing
        return f"{standing}, source {self.sources.index(downloads.source(self.report.measure, row.home)) + 1}"

    @cached_property
    def sources(self) -> list[tuple[str, str]]:
        """Names and addresses."""
        return list(dict.fromkeys(downloads.source(self.report.measure, row.home) for row in self.rows))

    @property
    def has_limits(self) -> bool:
        return any(row.home.has_limits for row in self.rows)

    @cached_property
    def chart(self) -> charts.Chart:
        return charts.chart(self.report)

    @cached_property
    def drawn(self) -> str:
        return charts.svg(self.chart, **CHART)

    @property
    def has_band(self) -> bool:
        return any(len(run) > 1 for run in self.chart.band)

    @property
    def written(self) -> list[tuple[str, str]]:
        """The parts of the board's review that somebody wrote."""
        found = [(Review._meta.get_field(name).verbose_name, getattr(self.review, name, "")) for name in Review.TEXTS]
        return [(f"{name[0].upper()}{name[1:]}", text) for name, text in found if text.strip()]

    @property
    def replies(self) -> list[dict]:
        replies = self.review.replies if self.review else []
        return [{**reply, "on": date.fromisoformat(reply["on"])} for reply in replies]


def _goal(report: OutcomeReport, goal: Goal) -> tuple[str, str]:
    standing = goal.milestone.get_standing_display().lower()
    wanted = f"{said.at_most(report, goal.value)} {words.by_day(goal.due_on)} ({standing})"
    return goal.milestone.get_kind_display(), f"{wanted}. {said.goal_result(report, goal)}."


# --- the whole ---


def content(papers: Papers) -> dict:
    """All that _pack.html needs to know."""
    parts = {turn.now.code: Part(turn, papers.reviews.get(turn.now.code)) for turn in papers.turns}

    def of(groups):
        return [(kind, [parts[turn.now.code] for turn in turns]) for kind, turns in groups]

    def stand(found):
        return [(action, actions.standing(action, papers.meeting.read_on)) for action in found]

    return {
        "papers": papers,
        "parts": list(parts.values()),
        "news": of(papers.news),
        "rest": of(papers.rest),
        "families": families(papers.turns),
        "closed": stand(papers.closed),
        "open_actions": stand(papers.open_actions),
        "labels": {code: part.report.outcome.short_label for code, part in parts.items()},
        "horizons": [(months, [(each, horizon.what(each)) for each in found]) for months, found in papers.horizons],
        "risk_rule": horizon.RISK_RULE,
        "progress": progress,
        "markers": words.MARKERS.items(),
        "fewest_similar": series.FEWEST_SIMILAR_PLACES,
    }


def families(turns: Sequence[Turn]) -> list[tuple[Family, int, int]]:
    """How many outcomes stand in each now, and how many of the same did before."""
    now = Counter(turn.now.status.family for turn in turns)
    before = Counter(turn.before.status.family for turn in turns if turn.before)
    return [(family, before[family], now[family]) for family in Family]


def made_from(papers: Papers) -> Edition:
    """The edition in which they came out; while they are prepared, the one that their figures are from."""
    return papers.issued or papers.pinned


# --- as a file ---


def pack_html(papers: Papers) -> str:
    """The document that the PDF is made from: what the print page shows, in a frame of its own."""
    return _html(content(papers), papers)


def _html(context: dict, papers: Papers) -> str:
    context = context | {"is_file": True, "made_at": made_from(papers).issued_at}
    # The signs of statuses come from the style sheet: their words stand beside them, so the tags need none.
    return _BADGE.sub(r'<span class="status \1 \2">', render_to_string("boards/_pack_document.html", context))


_BADGE = re.compile(r'<span class="status ([a-z]+)"><svg class="glyph ([a-z-]+)".*?</svg>')


def pack_pdf(papers: Papers) -> bytes:
    """PDF/UA-1. Raises NoLibraries."""
    context = content(papers)
    return pdf.made_from(_html(context, papers), style=_style(), files=_signs() | _drawn(context["parts"]))


def _drawn(parts: Iterable[Part]) -> dict[str, bytes]:
    """Its charts."""
    return {f"{part.report.slug}.svg": charts.standalone(part.drawn, font=pdf.FAMILY).encode() for part in parts}


@cache
def _signs() -> dict[str, bytes]:
    """The site's own, each in its colour."""
    drawn = dict(re.findall(r'<symbol id="g-([a-z-]+)" viewBox="0 0 20 20">(.*?)</symbol>', render_to_string(GLYPHS)))
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" width="20" height="20" fill="{}">{}</svg>'
    return {f"signs/{s.slug}.svg": svg.format(SIGN_COLOURS[s.family], drawn[s.slug]).encode() for s in Status}


def _style() -> str:
    """The pack's own sheet, and what only a file needs: the page has its signs from the site."""
    signs = [f".status.{s.slug}{{background-image:url(/signs/{s.slug}.svg)}}" for s in Status]
    return (settings.BASE_DIR / "static" / STYLE).read_text("utf-8") + "".join(signs)
