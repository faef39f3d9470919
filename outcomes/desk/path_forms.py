"""Forms for the points of a path: where it starts, its milestones and its target."""

from datetime import date

from django import forms

from outcomes import formatting as words
from outcomes.models import Milestone, MilestoneLine
from outcomes.report import OutcomeReport

Kind, Standing = Milestone.Kind, Milestone.Standing


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PointForm(forms.Form):
    """A milestone or the target. One that is left empty is no point; one that is ticked off the path ends."""

    use_required_attribute = False
    kind = forms.ChoiceField(label="What it is", choices=[(Kind.MILESTONE, "Milestone"), (Kind.TARGET, "Target")])
    due_on = Day(label="Due by", required=False)
    value = forms.DecimalField(label="Value", required=False, max_digits=15, decimal_places=6,
                               widget=forms.TextInput(attrs={"inputmode": "decimal"}))  # fmt: skip
    standing = forms.ChoiceField(label="Standing", choices=Standing.choices)
    basis = forms.CharField(label="What it rests on", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    off = forms.BooleanField(label="Take it off the path", required=False)

    @property
    def is_point(self) -> bool:
        said = self.cleaned_data
        return not said["off"] and (said["due_on"] is not None or said["value"] is not None)

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
        """Whether somebody has begun to fill in another point."""
        return any(form.has_changed() for form in self.extra_forms)

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
    baseline_basis = forms.CharField(
        label="Why it starts there", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    agreed_by = forms.CharField(
        label="Agreed by",
        max_length=200,
        help_text="The board or body that agreed it, such as a partnership board.",
        error_messages={"required": "Say which board or body agreed it."},
    )
    agreed_on = Day(label="Agreed on", error_messages={"required": "Give the day on which it was agreed."})
    reason = forms.CharField(
        label="Note to the approver", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed where something is doubtful. It is not printed.",
    )  # fmt: skip

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
        {"kind": m.kind, "due_on": m.due_on, "value": m.value.normalize().__format__("f"), "standing": m.standing,
         "basis": m.basis}
        for m in report.path
    ]  # fmt: skip
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
