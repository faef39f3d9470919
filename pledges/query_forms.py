"""What the query of the register's address may say."""

from django import forms

from outcomes.forms import LONGEST_SEARCH, QueryForm, choice
from pledges.standing import Stage

EVERY = "every"  # of the filter by priority: whatever serves all of them alike
NOT_KNOWN = "unknown"  # of the filter by year
NOTHING, SILENT, WITHDRAWN = "nothing", "silent", "withdrawn"
STANDINGS = [
    (NOTHING, "Nothing reported yet"),
    *((stage.value, f"Something in it: {stage.label.lower()}") for stage in Stage),
    (SILENT, "Silent for a year or longer"),
    (WITHDRAWN, "Withdrawn"),
]
SORTS = [("newest", "Newest first")]


class RegisterForm(QueryForm):
    q = forms.CharField(
        label="Search",
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={"max_length": f"use at most {LONGEST_SEARCH} characters."},
    )
    priority = choice("Priority", "All priorities")
    outcome = choice("Outcome", "All outcomes")
    kind = choice("Kind of organisation", "Any kind")
    standing = choice("How it stands", "All but withdrawn", STANDINGS)
    year = choice("Made in", "Any year")
    sort = choice("Sort by", "Title", SORTS)
    page = forms.IntegerField(
        label="Page",
        required=False,
        min_value=1,
        widget=forms.HiddenInput,
        error_messages={"invalid": "write a whole number.", "min_value": "pages are numbered from 1."},
    )

    @property
    def is_used(self) -> bool:
        return any(self.cleaned_data[name] for name in self.fields if name not in ("sort", "page"))
