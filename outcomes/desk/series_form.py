"""A new series of a measure: the value that it starts with, why, and what is said of the measure from then on."""

from django import forms

from outcomes.desk.forms import FigureForm, entry_initial, text
from outcomes.models import Milestone, MilestoneLine
from outcomes.report import OutcomeReport

WORDING = ("definition", "caveat")


class SeriesForm(FigureForm):
    """A new series, which may start with a value that is published already."""

    period = text(
        "The new series starts with",
        required=True,
        longest=80,
        help_text="A published period, or a new one. Earlier values stay, as an earlier series.",
    )
    public_reason = text(
        "What changed, for readers",
        required=True,
        rows=2,
        help_text="Such as: the survey now asks people aged 16 and over, where it asked those aged 18 and over.",
    )
    moves_start = forms.BooleanField(
        label="The path to the target starts anew at this value",
        required=False,
        help_text="Else the path has no start, and the status says that it is too early, until a start is set.",
    )
    definition = text("What the measure is, from now on", required=True, rows=4, longest=10_000)
    caveat = text("What to be careful about, from now on", rows=3, longest=10_000)
    field_order = ["period", "public_reason"]

    def clean(self):
        said = super().clean()
        held = self.report.unbroken
        if self.row and held and self.row.period_start <= held[0].period.start:
            self.add_error("period", "The present series starts no earlier. Give a later period.")
        return said

    def _table(self, area, period):
        table = super()._table(area, period)
        marks = table.loc[:, "markers"].iloc[0]
        table["markers"] = marks if "[b]" in marks else f"{marks}[b]"
        return table

    def points(self) -> list[MilestoneLine]:
        held = self.report.baseline_on
        if not self.cleaned_data.get("moves_start") or self.row is None:
            return []
        standing = held.standing if held else Milestone.Standing.PUBLISHED
        basis = f"The start of the series since then: {self.cleaned_data.get('public_reason', '')}".strip()
        kind = Milestone.Kind.BASELINE
        return [MilestoneLine(kind=kind, due_on=self.row.period_start, standing=standing, basis=basis)]

    def wording(self) -> dict[str, str]:
        """What the measure says from then on, where that differs; its source is the source of the value."""
        said, measure = self.cleaned_data, self.report.measure
        names = (*WORDING, "source_name", "source_url")
        return {name: said[name] for name in names if name in said and said[name] != getattr(measure, name)}


def series_initial(report: OutcomeReport) -> dict:
    measure = report.measure
    start = {"moves_start": report.baseline_on is not None, "markers": ["[b]"]}
    return entry_initial(report, None) | start | {name: getattr(measure, name) for name in WORDING}
