"""Administrators change what is said in public of the vision, priorities, outcomes, measures, plans and boards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from boards.models import BoardVersion
from luton2040 import wording
from luton2040.desk.access import desk_page
from luton2040.editions import ChangedMeanwhile, Published
from luton2040.hold import Hold, HoldIsOn
from luton2040.roles import Act
from luton2040.vision import Vision
from outcomes.models import Action, MeasureVersion, OutcomeVersion
from pledges.models import OrganisationVersion
from priorities.models import Fact, PlanVersion, PriorityVersion


@dataclass(frozen=True)
class Kind:
    """One kind of thing whose wording may change. What would change its meaning or place is left to other ways."""

    model: type[Published]
    name: str
    title: Callable[[Published], str]
    fixed: frozenset[str] = field(default_factory=frozenset)

    @property
    def key(self) -> str:
        (name,) = wording.natural_key(self.model)
        return name

    def fields(self, row: Published) -> list[str]:
        found = (f for f in self.model._meta.concrete_fields if f.attname in row.content_fields())
        outside = {self.key.removesuffix("_id"), "position", *self.fixed}
        return [f.name for f in found if f.name not in outside and not f.is_relation and _is_writable(f, row)]


def _is_writable(f: models.Field, row: Published) -> bool:
    """Lists of sentences can be written one a line; lists of other things are changed in the framework's files."""
    if not isinstance(f, models.JSONField):
        return True
    return isinstance(getattr(row, f.attname), list) and all(isinstance(i, str) for i in getattr(row, f.attname))


MEANING = frozenset({"unit", "unit_symbol", "unit_position", "direction"})  # a new series changes these
KINDS = {
    "vision": Kind(Vision, "The vision", lambda v: v.name, frozenset({"place", "home_area", "comparators"})),
    "priorities": Kind(PriorityVersion, "Priorities", lambda p: p.name),
    "outcomes": Kind(OutcomeVersion, "Outcomes", lambda o: f"{o.outcome_id}: {o.short_label}"),
    "measures": Kind(MeasureVersion, "Measures", lambda m: f"{m.measure_id}: {m.name}", MEANING),
    "plans": Kind(PlanVersion, "Plans", lambda p: p.name),
    "actions": Kind(Action, "Actions", lambda a: a.text),
    "facts": Kind(Fact, "Facts", lambda f: f.label),
    "organisations": Kind(OrganisationVersion, "Organisations", lambda o: o.name),
    "boards": Kind(BoardVersion, "Boards", lambda b: b.name),
}


class LinesField(forms.CharField):
    """A list of sentences, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, list):
            return value
        # Django looks for NUL in texts only, and PostgreSQL keeps none.
        lines = [line.strip() for line in (value or "").replace("\0", "").splitlines()]
        return [line for line in lines if line]

    def validate(self, value):
        super().validate(value or "")


class PlainDecimalField(forms.DecimalField):
    """Shown with the digits that it has: 1 and not 1.000000."""

    def prepare_value(self, value):
        return format(value.normalize(), "f") if isinstance(value, Decimal) else value


# Where a field's own name is not how people would say it.
LABELS = {
    "tolerance": "Smallest change worth naming",
    "tolerance_basis": "Why that is the smallest change",
    "natural_min": "Smallest value there can be",
    "natural_max": "Largest value there can be",
    "source_url": "Link to the source",
    "source_state": "State of the source",
    "release_lag_months": "Months until a value comes out",
    "choice_reason": "Why this measure",
    "no_target_reason": "Why there is no target",
    "caveat": "What to be careful about",
    "name_standing": "Standing of the name",
    "name_source": "Where the name is from",
    "url": "Web address",
}


REQUIRED = "This cannot be empty: the public pages print it."


def _formfield(f: models.Field, **options):
    options["error_messages"] = {"required": REQUIRED}
    if f.name in LABELS:
        options["label"] = LABELS[f.name]
    if isinstance(f, models.DecimalField):
        options["form_class"] = PlainDecimalField
    if isinstance(f, models.JSONField):
        return LinesField(
            label=options.get("label", str(f.verbose_name).capitalize()), required=not f.blank, help_text="One a line.",
            error_messages=options["error_messages"],
        )  # fmt: skip
    if isinstance(f, models.TextField):
        options["widget"] = forms.Textarea(attrs={"rows": 5})
    elif isinstance(f, models.URLField):
        options |= {"widget": forms.TextInput(attrs={"inputmode": "url"}), "assume_scheme": "https"}
    elif isinstance(f, models.CharField) and f.max_length > 150 and not f.choices:
        options["widget"] = forms.Textarea(attrs={"rows": 2})
    elif isinstance(f, models.DateField):
        options["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return f.formfield(**options)


class ReasonForm(forms.Form):
    # Not named summary, as a field of what is reworded is.
    log_line = forms.CharField(
        label="What changed, for the public log",
        max_length=300,
        help_text="One line, such as “Clearer words for the measure of good jobs”.",
        error_messages={"required": "Say in a line what changed: readers see it in the list of changes."},
    )
    hold_reason = forms.CharField(
        label="Why this cannot wait for the end of the pre-election hold",
        required=False,
        help_text="It goes into the audit log.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@desk_page(Act.EDIT_WORDING)
def wordings(request):
    groups = [
        (slug, kind.name, [(getattr(row, kind.key), kind.title(row)) for row in kind.model.objects.current()])
        for slug, kind in KINDS.items()
    ]
    return render(request, "desk/wordings.html", {"groups": groups})


@desk_page(Act.EDIT_WORDING)
def reword(request, kind, key):
    found = KINDS.get(kind)
    row = found and "\0" not in key and found.model.objects.current().filter(**{found.key: key}).first()
    if not row:
        raise Http404("There is nothing of that name whose wording could be changed.")
    about = f"{kind} {key}"[:80]
    form, reason = _forms(request.POST or request.kept, found, row)
    context = {"kind": kind, "kind_name": found.name, "title": found.title(row), "row": row}
    context |= {"form": form, "reason": reason, "hold": Hold.objects.on(request.today)}
    if request.method == "POST":
        if all([form.is_valid(), reason.is_valid()]):
            answer = _answer(request, row, form, reason.cleaned_data, about, context)
            if answer:
                return answer
    versions = found.model.objects.filter(**{found.key: key}).select_related("first_edition__issued_by")
    context["history"] = wording.history(versions.order_by("first_edition"))
    return render(request, "desk/reword.html", context)


def _forms(typed, kind: Kind, row: Published) -> tuple[forms.ModelForm, ReasonForm]:
    form_class = forms.modelform_factory(kind.model, fields=kind.fields(row), formfield_callback=_formfield)
    # The form writes to the row that it is given: the one read before stays as the record has it.
    form = form_class(typed, instance=kind.model.objects.get(pk=row.pk), use_required_attribute=False)
    return form, ReasonForm(typed, use_required_attribute=False)


def _answer(request, row: Published, form: forms.ModelForm, reason: dict, about: str, context: dict):
    """A redirect once it is published; else what to show is put into the context."""
    said = {name: form.cleaned_data[name] for name in form.changed_data}
    context["changes"] = wording.changes(row, wording.reworded(row, said))
    context["checked"] = bool(context["changes"])
    if request.POST.get("row") != str(row.pk):
        context["problem"] = "Somebody has changed this wording since you opened it. Compare, then send it again."
    elif not context["changes"]:
        context["problem"] = "Nothing differs from what is published."
    elif request.POST.get("step") == "publish":
        try:
            edition = wording.reword(
                row,
                said,
                about=about,
                summary=reason["log_line"],
                by=request.user,
                now=timezone.now(),
                hold_reason=reason["hold_reason"],
            )
        except (HoldIsOn, ChangedMeanwhile) as error:
            context["problem"] = str(error)
        else:
            messages.success(request, f"Published as edition {edition.number}.")
            return redirect(request.path)
    return None
