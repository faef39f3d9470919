"""What the query of the register's address may say."""

from django import forms

from outcomes.forms import LONGEST_SEARCH, QueryForm, choice
from pledges.standing import Stage

EVERY = "every"  # of the filter by priority: whatever serves all of them alike
NOT_KNOWN = "unknown"  # of the filter by year
NOTHING, SILENT, WITHDRAWN = "nothing", "silent", "withdrawn"
_IS = dict.fromkeys((Stage.NOT_STARTED, Stage.UNDER_WAY, Stage.DONE), "is ")
STANDINGS = [
    (NOTHING, "Nothing reported yet"),
    *((stage.value, f"A commitment in it {_IS.get(stage, '')}{stage.label.lower()}") for stage in Stage),
    (SILENT, "Silent for a year or longer"),
    (WITHDRAWN, "Ended"),
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
    standing = choice("How it stands", "All but ended", STANDINGS)
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
    def asked(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "page"}

    @property
    def is_used(self) -> bool:
        return self.is_filtered or bool(self.cleaned_data["q"])

    @property
    def is_filtered(self) -> bool:
        """By a choice, whatever is searched for."""
        return any(value for name, value in self.asked.items() if name not in ("q", "sort"))
