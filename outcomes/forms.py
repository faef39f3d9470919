"""What the query of an address may say. Anything else is answered with 400 and what to do."""

from django import forms
from django.core.exceptions import BadRequest

from outcomes.progress import Family, MilestoneState, Status

LONGEST_SEARCH = 100


class QueryForm(forms.Form):
    """`cleaned(request)` gives the fields, or raises BadRequest saying which is wrong."""

    use_required_attribute = False

    @classmethod
    def of(cls, request, **choices):
        form = cls(request.GET)
        for name, pairs in choices.items():
            form.fields[name].choices = [("", form.fields[name].choices[0][1]), *pairs]
        if not form.is_valid():
            raise BadRequest(" ".join(f"{form.fields[n].label}: {' '.join(e)}" for n, e in form.errors.items()))
        return form

    @property
    def is_used(self) -> bool:
        return any(self.cleaned_data[name] for name in self.fields if name != "sort")


def choice(label: str, any_label: str, pairs=()) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", any_label), *pairs],
        error_messages={"invalid_choice": "there is nothing of that name. Choose from the list."},
    )


SORTS = [("status", "Status, worst first"), ("name", "Name"), ("newest", "Newest value")]
STANDINGS = [("published", "Published only"), ("illustrative", "Illustrative only")]
STATUSES = [(f.value, f"{f.label} (all)") for f in Family] + [(s.value, s.label) for s in Status]


class OutcomesForm(QueryForm):
    q = forms.CharField(
        label="Search",
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={"max_length": f"use at most {LONGEST_SEARCH} characters."},
    )
    priority = choice("Priority", "All priorities")
    status = choice("Status", "Any status", STATUSES)
    board = choice("Board", "Any board")
    sort = choice("Sort by", "Order of the wheel", SORTS)


class RoadmapForm(QueryForm):
    priority = choice("Priority", "All priorities")
    kind = choice("Show", "Milestones and targets", [("milestone", "Milestones only"), ("target", "Targets only")])
    standing = choice("Standing", "Published and illustrative", STANDINGS)
    state = choice("Result", "Any result", [(s.value, s.label) for s in MilestoneState])
