"""A value as an officer types it, entered or corrected: read as a row of values, with its faults and its doubts."""

from datetime import date
from decimal import Decimal
from functools import cached_property

import pandas as pd
from django import forms
from django.core.validators import MaxLengthValidator

from luton2040.problems import Refused
from outcomes import cells, checks, importing, labels, sentences
from outcomes import formatting as words
from outcomes.due import DueState
from outcomes.forms import LONGEST_SEARCH, QueryForm, choice
from outcomes.importing import Known, Row
from outcomes.models import MilestoneLine, Observation, SubmissionLine
from outcomes.periods import Period
from outcomes.report import OutcomeReport
from outcomes.series import Value

ROW = 1  # a form has one
LONGEST_TEXT = 2000
NEEDED = "This is needed. Fill it in."
CHANGED_WARNINGS = "The warnings are not the ones that you gave your reason for. Read them again, then hand in."
FIELD_OF = {"period_start": "period", "period_duration": "period"}
WORTH_A_BOX = ("[p]", "[r]", "[e]", "[u]", "[b]", "[a]", "[c]")
OF_ROW = ("value", "lower", "upper", "markers", "note", "source_name", "source_url")


class MeasuresForm(QueryForm):
    q = forms.CharField(
        label="Search",
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={"max_length": f"use at most {LONGEST_SEARCH} characters."},
    )
    state = choice("Waiting for", "Anything", [("pressing", "Due or overdue"), *((s.value, s.label) for s in DueState)])
    whose = choice("Show", "All measures", [("mine", "My measures")])


def text(
    label: str, *, required=False, rows: int = 0, help_text="", longest=LONGEST_TEXT, missing=NEEDED, **attrs
) -> forms.CharField:
    """Longer text is refused in words, not cut off as it is typed or pasted.

    None says autocomplete="off": browsers then forget on leaving the page what the Back button should give back.
    """
    widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    too_long = MaxLengthValidator(longest, f"Keep it to {longest:,} characters.")
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        widget=widget,
        validators=[too_long],
        error_messages={"required": missing},
    )


def number(label: str, **options) -> forms.CharField:
    return text(label, inputmode="decimal", **options)


def read(reader, *args):
    """One cell, whose faults become faults of its field."""
    try:
        return reader(*args)
    except Refused as error:
        raise forms.ValidationError(str(error)) from None


def is_answered(form: forms.Form, warned: str) -> bool:
    """Warnings want a reason, which must have been given for these very warnings: else the form says so."""
    if warned and not form.cleaned_data["reason"]:
        form.add_error("reason", "Say why it is right all the same, or change it.")
    elif warned and form.data.get("warned", "").split() != warned.split():
        form.add_error("reason", CHANGED_WARNINGS)
    return form.is_valid()


class FigureForm(forms.Form):
    """The figures of a value and what is said of them. Once it is valid: `row`, and `warnings` where it is doubtful."""

    use_required_attribute = False
    is_new = False  # else it must not be published already

    value = number("Value", required=True)
    lower = number("Lower 95% limit")
    upper = number("Upper 95% limit")
    markers = forms.MultipleChoiceField(
        label="What the source says of it",
        required=False,
        choices=[(mark, f"{words.MARKERS[mark].capitalize()} {mark}") for mark in WORTH_A_BOX],
        widget=forms.CheckboxSelectMultiple,
    )
    retrieved_on = text(
        "Release used",
        required=True,
        help_text="The day on which its publisher released this figure, as 3/5/2026.",
        longest=40,
    )
    source_name = text("Source", required=True)
    source_url = text("Link to the source", inputmode="url")
    note = text("Note for readers", rows=2, help_text="Printed under the table of the outcome’s page.")
    reason = text("Why it is right all the same", rows=2, help_text="The approver reads it beside the warning.")
    remark = text("A word to the approver", rows=2)

    def __init__(self, data=None, *, report: OutcomeReport, today: date, typing=False, **options):
        super().__init__(data, **options)
        self.report, self.today, self.typing = report, today, typing
        self.of: tuple[str, Period] | None = None  # place and period, where they can be read
        self.row: Row | None = None
        self.warnings: list[checks.Warning] = []
        self.marked = ""  # shorthand typed behind a number
        measure, value = report.measure, self.fields["value"]
        value.help_text = f"{measure.unit[0].upper()}{measure.unit[1:]}."
        if self.is_new:
            value.help_text += f" The latest: {sentences.latest(report)}."
        if data is None:
            value.widget.attrs["autofocus"] = True
        for name, field in self.fields.items():
            field.error_messages["required"] = NEEDED
            hint = [f"id_{name}_helptext"] if field.help_text else []
            field.widget.attrs["aria-describedby"] = " ".join([*hint, f"id_{name}_said"])

    @property
    def has_limits(self) -> bool:
        """Whether the series has 95% limits, or somebody has given some."""
        given = [self["lower"].value(), self["upper"].value()]
        return any(given) or any(value.has_limits for value in self.report.series)

    @property
    def opens_details(self) -> bool:
        """Whether something is said or wrong in the part that is folded away."""
        folded = ["area", "source_name", "source_url", "note", "remark", *([] if self.has_limits else ["lower"])]
        said = [self[name].value() for name in ("note", "remark")]
        return any(said) or not set(self.errors).isdisjoint(folded)

    # --- one cell each ---

    def _number(self, name: str) -> str:
        typed = self.cleaned_data[name]
        if not typed:
            return ""
        found = read(cells.number, typed, self.report.measure)
        self.marked += found.markers
        return found.text

    def clean_value(self):
        return self._number("value")

    def clean_lower(self):
        return self._number("lower")

    def clean_upper(self):
        return self._number("upper")

    def clean_retrieved_on(self):
        return read(cells.day, self.cleaned_data["retrieved_on"])

    def clean_period(self):
        held = [value.period for value in self.report.series]
        return read(labels.period, self.cleaned_data["period"], held, self.report.measure.frequency)

    # --- all of them as a row ---

    def place_and_period(self) -> tuple[str, Period] | None:
        """What the figure is of."""
        period = self.cleaned_data.get("period")
        return (self.report.vision.home_area, period) if period else None

    def clean(self):
        self._pass_over_what_is_to_come()
        said, self.of = self.cleaned_data, self.place_and_period()
        if self.of is None or not all(name in said for name in OF_ROW):
            return said
        area, period = self.of
        rows, problems = importing.check(self._table(*self.of), name="", known=self._known(area), today=self.today)
        series = self.report.observations.get(area, [])
        if rows and self.is_new:
            problems = checks.errors(rows[0], report=self.report, series=series, today=self.today)
        for problem in problems:
            # Of a period that is not over the release is not what is wrong.
            is_to_come = problem.column == "retrieved_on" and period.end > self.today
            name = "period" if is_to_come else FIELD_OF.get(problem.column, problem.column)
            self.add_error(name if name in self.fields else None, f"{problem.what} {problem.mend}")
        if not problems:
            self.row = rows[0]
            self.warnings = checks.warnings(self.row, report=self.report, series=series)
        return said

    def _pass_over_what_is_to_come(self) -> None:
        """What is not there yet is no fault while somebody types."""
        for name, errors in list(self.errors.items()) if self.typing else []:
            if any(error.code == "required" for error in errors.as_data()):
                del self.errors[name]

    def _table(self, area: str, period: Period) -> pd.DataFrame:
        """As a file of one row, so that a form takes nothing that a file may not bring."""
        said = self.cleaned_data
        cells = {
            "measure": self.report.measure.measure_id,
            "area": area,
            "period_start": period.start.isoformat(),
            "period_duration": period.duration,
            "markers": "".join(m for m in words.MARKERS if m in said["markers"] or m in self.marked),
            # Until it is given, the rest is checked and shown as if it were released today; nothing can be handed in.
            "retrieved_on": said.get("retrieved_on", self.today).isoformat(),
        }
        cells |= {name: said[name] for name in ("value", "lower", "upper", "note", "source_name", "source_url")}
        return pd.DataFrame(cells, index=[ROW], dtype="object")

    def _known(self, area: str) -> Known:
        return Known({self.report.measure.measure_id: self.report.measure}, frozenset([*self.report.areas, area]))

    # --- what is handed in ---

    @property
    def warned(self) -> str:
        """The warnings as text: a reason answers the ones that were shown, and no others."""
        return "\n".join(warning.what for warning in self.warnings)

    def lines(self) -> list[SubmissionLine]:
        reason = self.cleaned_data["reason"] if self.warnings else ""
        return [SubmissionLine(**self.row._asdict(), warnings=self.warned, reason=reason)]

    def points(self) -> list[MilestoneLine]:
        """Points of the path that change with the figure."""
        return []

    def wording(self) -> dict[str, str]:
        """What the measure says from then on."""
        return {}

    def withdrawn(self) -> list[tuple]:
        return []


class EntryForm(FigureForm):
    """A new value."""

    is_new = True
    area = forms.ChoiceField(label="Place")
    period = text("Period", required=True, longest=80)
    field_order = ["area", "period"]

    def __init__(self, *args, report: OutcomeReport, **options):
        super().__init__(*args, report=report, **options)
        home = report.vision.home_area
        places = sorted(report.areas.values(), key=lambda a: (a.area_id != home, a.similarity is None, a.name))
        self.fields["area"].choices = [(area.area_id, area.name) for area in places]

    def place_and_period(self):
        area, period = self.cleaned_data.get("area"), self.cleaned_data.get("period")
        return (area, period) if area and period else None

    @cached_property
    def published(self) -> Observation | None:
        """What the record holds of the very place and period."""
        if not self.of:
            return None
        area, period = self.of
        if all(value.period != period for value in self.report.observations.get(area, [])):
            return None
        current = Observation.objects.current().of_area(area).filter(measure=self.report.measure.measure_id)
        return current.filter(period_start=period.start, period_duration=period.duration).first()


class CorrectionForm(FigureForm):
    """A published value that is to say something else, or to go."""

    REVISE, WITHDRAW = "revise", "withdraw"
    change = forms.ChoiceField(
        label="What should happen",
        choices=[(REVISE, "Put another value in its place"), (WITHDRAW, "Take it away, with none in its place")],
        widget=forms.RadioSelect,
    )
    public_reason = text(
        "Why it changes, for readers",
        required=True,
        rows=2,
        help_text="Goes on after “because”. Such as: the publisher corrected an error in its population figures.",
    )
    field_order = ["change"]

    def __init__(self, *args, published: Observation, **options):
        super().__init__(*args, **options)
        self.published = published

    @property
    def withdraws(self) -> bool:
        return self.data.get("change") == self.WITHDRAW

    def place_and_period(self):
        return self.published.area_id, self.published.period

    def clean(self):
        if self.withdraws:
            self._pass_over_what_is_to_come()
            for name in set(self.errors) - {"change", "public_reason", "remark"}:
                del self.errors[name]
            return self.cleaned_data
        said = super().clean()
        if self.row and all(getattr(self.published, name) == getattr(self.row, name) for name in Row._fields[1:]):
            self.add_error("value", "This is what is published already. Change something, or leave it as it is.")
        return said

    def lines(self):
        if not self.withdraws:
            return super().lines()
        held = {name: getattr(self.published, name) for name in Row._fields if name != "row"}
        return [SubmissionLine(**held, row=ROW, withdraws=True)]

    def withdrawn(self):
        key = self.published
        return [(key.measure_id, key.area_id, key.period_start, key.period_duration)] if self.withdraws else []


# --- what a form begins with ---


def entry_initial(report: OutcomeReport, period: Period | None) -> dict:
    """The day of the release stays empty: any day put there would be published unread."""
    measure = report.measure
    return {
        "area": report.vision.home_area,
        "period": words.period_name(period) if period else "",
        "source_name": measure.source_name,
        "source_url": measure.source_url,
    }


def correction_initial(published: Observation) -> dict:
    marks = [mark for mark in words.MARKERS if mark in published.markers]
    return {
        "change": CorrectionForm.REVISE,
        "value": as_typed(published.value),
        "lower": as_typed(published.lower),
        "upper": as_typed(published.upper),
        "markers": list(dict.fromkeys([*marks, "[r]"])),
        "retrieved_on": as_typed(published.retrieved_on),
        "source_name": published.source_name,
        "source_url": published.source_url,
        "note": published.note,
    }


def as_typed(shown: Decimal | date | Value | None) -> str:
    """As somebody would type it: 9.8, 100, 3/5/2026."""
    if shown is None:
        return ""
    if isinstance(shown, date):
        return f"{shown.day}/{shown.month}/{shown.year}"
    return format(shown.normalize(), "f")
