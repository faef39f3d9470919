"""Forms for the points of a path: where it starts, its milestones and its target."""

from datetime import date

from django import forms

from outcomes import cells
from outcomes import formatting as words
from outcomes.desk.forms import as_typed, number, read, text
from outcomes.models import MeasureVersion, Milestone, MilestoneLine
from outcomes.report import OutcomeReport

Kind, Standing = Milestone.Kind, Milestone.Standing
# SQLite keeps 15 digits of a decimal and changes the rest.
DECIMAL = forms.DecimalField(max_digits=15, decimal_places=6)


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PointForm(forms.Form):
    """A milestone or the target. One that is left empty is no point; one that is ticked off the path ends."""

    use_required_attribute = False
    kind = forms.ChoiceField(label="What it is", choices=[(Kind.MILESTONE, "Milestone"), (Kind.TARGET, "Target")])
    due_on = Day(label="Due by", required=False)
    value = number("Value")
    standing = forms.ChoiceField(label="Standing", choices=Standing.choices)
    basis = text("What it rests on", rows=2)
    off = forms.BooleanField(label="Take it off the path", required=False)

    def __init__(self, *args, measure: MeasureVersion, **options):
        super().__init__(*args, **options)
        self.measure = measure

    @property
    def is_point(self) -> bool:
        said = self.cleaned_data
        return not said.get("off") and (said.get("due_on") is not None or said.get("value") is not None)

    def clean_value(self):
        typed = self.cleaned_data["value"]
        if not typed:
            return None
        found = read(cells.number, typed, self.measure)
        if found.markers:
            raise forms.ValidationError(f"A point of the path has no shorthand. Leave {found.markers} out.")
        return DECIMAL.clean(found.text)

    def clean(self):
        said = super().clean()
        given = [name for name in ("due_on", "value") if said.get(name) is not None]
        if len(given) == 1 and not said.get("off") and not self.errors:
            missing = "value" if given == ["due_on"] else "due_on"
            self.add_error(missing, "Fill this in too, or leave the whole point empty.")
        return said

    def line(self) -> MilestoneLine:
        said = self.cleaned_data
        return MilestoneLine(**{name: said[name] for name in ("kind", "due_on", "value", "standing", "basis")})


class BasePointForms(forms.BaseFormSet):
    @property
    def has_more(self) -> bool:
        """Whether somebody has begun to fill in another point. Its lists are sent with every form."""
        typed = ("due_on", "value", "basis")
        return any(form.errors or form[name].value() for form in self.extra_forms for name in typed)

    def clean(self):
        if any(self.errors):
            return
        points = [form.cleaned_data for form in self.forms if form.is_point]
        if sum(point["kind"] == Kind.TARGET for point in points) > 1:
            raise forms.ValidationError("There are two targets. Keep one; the others can be milestones.")
        if len({point["due_on"] for point in points}) < len(points):
            raise forms.ValidationError("Two points are due on the same day. Give each its own day.")


PointForms = forms.formset_factory(PointForm, formset=BasePointForms, extra=2)


class PathForm(forms.Form):
    use_required_attribute = False
    baseline = forms.ChoiceField(
        label="The path starts at the value of",
        required=False,
        help_text="Its figure is the published one of that period, so that a correction moves both.",
    )
    baseline_basis = text("Why it starts there", rows=2)
    agreed_by = text(
        "Agreed by",
        required=True,
        longest=200,
        help_text="The board or body that agreed it, such as a partnership board.",
        missing="Say which board or body agreed it.",
    )
    agreed_on = Day(label="Agreed on", error_messages={"required": "Give the day on which it was agreed."})
    reason = text("Note to the approver", rows=2, help_text="Needed where something is doubtful. It is not printed.")

    def __init__(self, *args, report: OutcomeReport, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        starts = ((v.period, words.amount(v.value, report.measure)) for v in report.unbroken)
        periods = [(p.start.isoformat(), f"{words.period_name(p)}: {amount}") for p, amount in starts]
        held = report.baseline_on
        if held and held.due_on.isoformat() not in dict(periods):
            periods.insert(0, (held.due_on.isoformat(), f"{words.day(held.due_on)}: not a value of the present series"))
        self.fields["baseline"].choices = [("", "No start yet"), *periods]

    def clean_agreed_on(self):
        day = self.cleaned_data["agreed_on"]
        if day > self.today:
            raise forms.ValidationError("This day has not come yet. Give the day on which it was agreed.")
        return day


def initial(report: OutcomeReport) -> tuple[dict, list[dict]]:
    """The forms as the record has the path."""
    start = report.baseline_on
    head = {"baseline": start.due_on.isoformat(), "baseline_basis": start.basis} if start else {}
    points = [
        {"kind": m.kind, "due_on": m.due_on, "value": as_typed(m.value), "standing": m.standing, "basis": m.basis}
        for m in report.path
    ]
    return head, points


def wanted(head: PathForm, points, standing: str) -> list[MilestoneLine]:
    """Every point of the path as typed, the start included; forms must be valid."""
    said = head.cleaned_data
    lines = [form.line() for form in points if form.is_point]
    if said["baseline"]:
        lines.append(
            MilestoneLine(
                kind=Kind.BASELINE,
                due_on=date.fromisoformat(said["baseline"]),
                standing=standing,
                basis=said["baseline_basis"],
                value=None,
            )
        )
    return lines
