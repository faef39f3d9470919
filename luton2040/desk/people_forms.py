"""What administrators fill in about people and holds."""

from collections.abc import Iterator

from django import forms

from luton2040.accounts import User
from luton2040.roles import Role
from outcomes.models import MeasureVersion, OutcomeVersion
from priorities.models import PriorityVersion

ROLES = {
    Role.OFFICER: "enters the values of their own measures",
    Role.APPROVER: "checks what others hand in and publishes it; sees every measure",
    Role.ADMINISTRATOR: "looks after people, wording and holds; reads the record",
}
MISSION = "The mission"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PersonForm(forms.Form):
    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    roles = forms.MultipleChoiceField(
        choices=[(role.value, f"{role.label}: {ROLES[role]}") for role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="One person may have several. Nobody can approve what they handed in themselves.",
    )
    measures = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Measures",
        help_text="Those that a measure officer keeps up to date. A measure may have several officers.",
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measures"].choices = _measures_by_priority(edition)

    @property
    def measure_groups(self) -> Iterator[tuple[str, list, int]]:
        """The boxes to tick under the name of each priority, and how many are ticked."""
        boxes = iter(self["measures"])
        for name, choices in self.fields["measures"].choices:
            group = [next(boxes) for _ in choices]
            yield name, group, sum(box.data["selected"] for box in group)

    @property
    def wanted_roles(self) -> list[Role]:
        return [Role(value) for value in self.cleaned_data["roles"]]


class InvitationForm(PersonForm):
    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="The invitation goes there, and it is what they sign in with. It cannot be changed later.",
    )
    field_order = ["email", "name", "roles", "measures"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody with this address is here already. Find them under People.")
        return email


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, help_text="One sentence, for the record.")


class HoldForm(forms.Form):
    starts_on = forms.DateField(
        label="First day", widget=DAY, help_text="Usually the day notice of the election is given."
    )
    ends_on = forms.DateField(label="Last day", widget=DAY, help_text="Usually the day of the election.")
    reason = forms.CharField(max_length=300, help_text="Such as 'Local elections on 7 May 2026'.")

    def clean(self):
        found = super().clean()
        first, last = found.get("starts_on"), found.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first. Change one of them.")
        return found


def _measures_by_priority(edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """In the order of the wheel, the mission's last."""
    measures = {measure.outcome_id: measure for measure in MeasureVersion.objects.at(edition)}
    names = dict(PriorityVersion.objects.at(edition).order_by("position").values_list("priority", "name"))
    groups: dict[str, list[tuple[str, str]]] = {name: [] for name in [*names.values(), MISSION]}
    for outcome in OutcomeVersion.objects.at(edition).order_by("position"):
        measure = measures.get(outcome.outcome_id)
        if measure:
            choice = (measure.measure_id, f"{measure.name} ({measure.measure_id})")
            groups[names.get(outcome.priority_id, MISSION)].append(choice)
    return [(name, choices) for name, choices in groups.items() if choices]
