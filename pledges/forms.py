"""What is filled in about a pledge: by its maker, by a partner who wants it changed, by an officer who corrects it.

Each form takes its fields from pledges/content.py and gives them back as such.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields

from django import forms
from django.core.validators import MaxLengthValidator, URLValidator

from luton2040.editions import Edition
from outcomes.formatting import MONTHS
from outcomes.models import OutcomeVersion
from pledges.content import Promise, Wording, wording
from pledges.following import is_for_everybody
from pledges.models import (
    LONGEST_TEXT,
    CommitmentVersion,
    OrganisationVersion,
    PledgeVersion,
)
from pledges.standing import period_of
from priorities.models import PriorityVersion

MOST_COMMITMENTS = 20
MOST_OUTCOMES = 8  # of one commitment: what helps everything a little says nothing
NEEDED = "This is needed. Fill it in."
MISSION = "The mission"
_WORDS = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9}) ([0-9]{4})")  # 31 March 2030, March 2030
_FIGURES = re.compile(r"(?:([0-9]{1,2})[/.])?([0-9]{1,2})[/.]([0-9]{4})")  # 31/3/2030, 3/2030


# Nobody sees them, XML cannot hold them, and what is between two words stays between them.
_CONTROLS = {n: " " if chr(n).isspace() else None for n in (*range(32), *range(127, 160)) if chr(n) not in "\t\n\r"}


class Note(forms.CharField):
    """Text as people type it: without control characters, but for tabs and ends of lines."""

    def to_python(self, value):
        return super().to_python(value).translate(_CONTROLS).strip()


class Line(Note):
    """Of one line, whatever a sender puts between the words."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


def _text(field, label: str, *, longest: int, required=False, rows=0, help_text="", **attrs) -> forms.CharField:
    """Longer text is refused in words, not cut off as it is typed or pasted."""
    return field(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs),
        validators=[MaxLengthValidator(longest, f"Keep it to {longest:,} characters.")],
        error_messages={"required": NEEDED},
    )


def line(label: str, model: type, name: str, **options) -> forms.CharField:
    """As long as the model's field may be."""
    return _text(Line, label, longest=model._meta.get_field(name).max_length, **options)


def note(label: str, **options) -> forms.CharField:
    return _text(Note, label, longest=LONGEST_TEXT, **({"rows": 5} | options))


class Site(forms.URLField):
    # In place of the field's own, which takes other schemes and would say the same once more.
    default_validators = [URLValidator(schemes=["http", "https"])]

    def clean(self, value):
        url = super().clean(value)
        if url and not is_for_everybody(url):
            raise forms.ValidationError("Give an address that everybody can open, such as https://www.example.org.")
        return url


def site(label: str, **options) -> forms.CharField:
    """An address on the web, https:// added where it was left out."""
    return Site(
        label=label,
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        error_messages={"invalid": "Write an address such as https://www.example.org, or leave it empty."},
        **options,
    )


class FocusForm(forms.Form):
    focus = forms.MultipleChoiceField(
        label="Which priorities is your pledge about?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one priority."},
    )

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        found = PriorityVersion.objects.at(edition).order_by("position")
        self.fields["focus"].choices = [(p.priority_id, p.name) for p in found]


def outcome_choices(edition: Edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """Codes and names of outcomes under the names of their priorities, as on the wheel; the mission's last."""
    names = {p.priority_id: p.name for p in PriorityVersion.objects.at(edition).order_by("position")}
    names[None] = MISSION
    groups: dict[str, list[tuple[str, str]]] = {name: [] for name in names.values()}
    for outcome in OutcomeVersion.objects.at(edition):
        if outcome.priority_id in names:
            groups[names[outcome.priority_id]].append((outcome.outcome_id, outcome.name))
    return [(name, outcomes) for name, outcomes in groups.items() if outcomes]


def as_iso(typed: str) -> str:
    """A day, month or year as people write it, as the record keeps it; what is neither comes back as it was."""
    text = typed.casefold().replace(",", "")
    if found := _FIGURES.fullmatch(text):
        month = int(found[2])
    elif found := _WORDS.fullmatch(text):
        month = next((n for n, name in enumerate(MONTHS, 1) if name.casefold().startswith(found[2])), 0)
    else:
        return typed
    day = f"-{int(found[1]):02}" if found[1] else ""
    return f"{found[3]}-{month:02}{day}" if month else typed


class PromiseForm(forms.Form):
    what = line(
        "What will you do?",
        CommitmentVersion,
        "what",
        required=True,
        rows=3,
        help_text="One action, said so that somebody else could tell whether it was done.",
    )
    target = line(
        "How much or how many?",
        CommitmentVersion,
        "target",
        help_text="Such as “20 apprentices” or “half of what we buy”.",
    )
    target_by = _text(Line, "By when?", longest=40, help_text="Such as 2030, March 2030 or 31 March 2030.")
    helps = line(
        "How do you expect this to help?",
        CommitmentVersion,
        "helps",
        rows=2,
        help_text="One sentence: what changes for people here because of it.",
    )
    outcomes = forms.MultipleChoiceField(
        label="Which outcomes does it help?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one outcome."},
    )
    slug = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, choices: Sequence, known: Sequence[str] = (), **kwargs):
        """`choices` are outcome_choices(); `known` the commitments of this pledge that are in the register."""
        super().__init__(*args, **kwargs)
        self.fields["outcomes"].choices = choices
        self.known = known
        if self.initial.get("slug") and not self.initial.get("outcomes"):
            self.fields["outcomes"].required = False  # in the register it serves every priority

    def clean_target_by(self) -> str:
        day = as_iso(self.cleaned_data["target_by"])
        try:
            if day:
                period_of(day)
        except ValueError as error:
            said = "Write a year, a month or a day, such as 2030, March 2030 or 31 March 2030."
            raise forms.ValidationError(said) from error
        return day

    def clean_outcomes(self) -> list[str]:
        chosen = self.cleaned_data["outcomes"]
        if len(chosen) > MOST_OUTCOMES:
            raise forms.ValidationError(f"Choose those that it helps most: {MOST_OUTCOMES} at most.")
        return chosen

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        return slug if slug in self.known else ""

    def promise(self) -> Promise:
        return Promise(**{f.name: self.cleaned_data[f.name] for f in fields(Promise) if f.name in self.cleaned_data})


class PlanForm(forms.Form):
    plan = note(
        "How will you do it, and how will you keep track?",
        required=True,
        help_text="Who looks after it, the first steps, and how you will know how far you are.",
    )


class CommunityForm(forms.Form):
    community = note(
        "Who will you do it with?",
        required=True,
        help_text="Local groups, residents and businesses: who is in it already, and whom you will ask.",
    )


class MakerForm(forms.Form):
    """Who makes a pledge. Nothing is asked of the person but an address, which is never shown."""

    organisation = line("Name of your organisation", OrganisationVersion, "name", required=True)
    organisation_kind = line(
        "What kind of organisation is it?",
        OrganisationVersion,
        "kind",
        required=True,
        help_text="Such as charity, small business, school.",
    )
    organisation_url = site("Its website", help_text="Such as www.example.org.")
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="To confirm the pledge, to ask you about it and to let you in to update it. It is never public.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": NEEDED, "invalid": "Write an address such as name@example.org."},
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class TitleForm(forms.Form):
    """For officers."""

    title = line("Title in the register", PledgeVersion, "title", required=True)


class WhyForm(forms.Form):
    why = _text(
        Line,
        "Why does it change?",
        longest=500,
        required=True,
        rows=3,
        help_text="Shown beside the new wording, which does not replace the old one: readers can see both.",
    )


class WordingForms:
    """The whole wording of a pledge on one page: its commitments, one form each, and what `parts` names.

    `parts` are form classes of this module, such as (PlanForm, CommunityForm); empty forms are for further
    commitments, and are left out where nothing is written in them. Of the others DELETE leaves one out.
    """

    def __init__(
        self,
        data: Mapping | None = None,
        *,
        initial: Wording,
        edition: Edition,
        parts: Sequence[type[forms.Form]] = (PlanForm, CommunityForm),
        more: int = 1,
    ):
        self.before, choices = initial, outcome_choices(edition)
        promises = initial.commitments
        most = {"max_num": MOST_COMMITMENTS, "absolute_max": MOST_COMMITMENTS, "validate_max": True}
        least = {"min_num": 1, "validate_min": True}
        many = forms.formset_factory(PromiseForm, extra=more, can_delete=True, can_delete_extra=False, **most, **least)
        self.commitments = many(
            data,
            initial=[vars(promise) for promise in promises],
            prefix="commitments",
            form_kwargs={"choices": choices, "known": [promise.slug for promise in promises if promise.slug]},
            error_messages={"too_few_forms": "Keep at least one commitment, or ask to end the whole pledge."},
        )
        for form in self.commitments.extra_forms:
            form.empty_permitted = True
        given = {FocusForm: {"edition": edition}}
        self.parts = [part(data, initial=vars(initial), **given.get(part, {})) for part in parts]

    def __iter__(self):
        return iter(self.parts)

    @property
    def all_forms(self) -> list[forms.Form]:
        return [*self.commitments, *self.parts]

    def is_valid(self) -> bool:
        # Each is asked, so that all faults are told at once.
        return all([self.commitments.is_valid(), *(part.is_valid() for part in self.parts)])

    def wording(self) -> Wording:
        """What it says now; what is not on the page stays as it was."""
        left_out = self.commitments.deleted_forms
        kept = [form for form in self.commitments if form not in left_out and (form.has_changed() or form.initial)]
        promises = [form.promise() for form in kept]
        typed = {name: value for part in self.parts for name, value in part.cleaned_data.items()}
        return wording({**vars(self.before), **typed, "commitments": [vars(promise) for promise in promises]})
