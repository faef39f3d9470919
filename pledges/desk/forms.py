"""What an officer fills in about the register of pledges."""

from collections.abc import Sequence
from datetime import date

from django import forms

from luton2040.editions import Edition
from pledges.content import Ending, News, Wording
from pledges.desk.differences import OF_WORDING
from pledges.forms import CommunityForm, FocusForm, MakerForm, PlanForm, TitleForm, WhyForm, WordingForms, line, note
from pledges.forms import site as web_address
from pledges.matching import Match
from pledges.models import Offer, OrganisationVersion, PledgeUpdate, PledgeVersion
from pledges.standing import Stage

Kind = Offer.Kind
NEW, ANOTHER = "new", "another"
ON_ITS_PAGE = "Readers see it on the pledge’s page."


def day(label: str, *, today: date, **options) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date", "max": today.isoformat()}, format="%Y-%m-%d"),
        error_messages={"required": "Give the day.", "invalid": "Give a day such as 31/03/2027."},
        **options,
    )


class HoldForm(forms.Form):
    """A form that publishes; the reason counts while a pre-election hold is on."""

    hold_reason = note(
        "Why this cannot wait for the end of the pre-election hold",
        rows=2,
        help_text="One sentence. It goes into the record as an exception to the hold.",
    )


# --- deciding on an offer ---


class AskForm(forms.Form):
    text = note(
        "What do you want to know?",
        required=True,
        help_text="It goes to the partner by e-mail, with a link to answer and to change what they handed in.",
    )


class DeclineForm(forms.Form):
    why = note(
        "Why is it declined?",
        required=True,
        help_text="It goes to the partner by e-mail. It is not public.",
    )


class NewForm(HoldForm):
    """Publishing a new pledge: by an organisation that the register knows, or by one that it gets to know."""

    organisation = forms.ChoiceField(
        label="Which organisation is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one: an organisation that is in the register twice is hard to undo."},
    )
    other = line("Its name in the register, where it is another", OrganisationVersion, "name", autocomplete="off")
    speaks = forms.BooleanField(
        label="Let this address speak for an organisation that is in the register already",
        required=False,
        help_text="Make sure of it in another way, such as a call: whoever reads the letters sent there can post "
        "updates in the organisation’s name. The address of a new organisation always speaks for it.",
    )
    field_order = ["organisation", "other", "speaks", "hold_reason"]

    def __init__(self, *args, matches: Sequence[Match], edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        known = [(match.known.key, f"{match.known.name} ({match.why})") for match in matches]
        self.edition = edition
        self.fields["organisation"].choices = [
            *known,
            (ANOTHER, "Another that is in the register"),
            (NEW, "A new one: it is not in the register yet"),
        ]

    def clean(self) -> dict:
        """`organisation` becomes a slug, empty for a new one."""
        given = super().clean()
        if given.get("organisation") == ANOTHER:
            given["organisation"] = self._named(given.get("other", ""))
        elif given.get("organisation") == NEW:
            given["organisation"] = ""
        given.pop("other", None)
        return given

    def _named(self, name: str) -> str:
        found = OrganisationVersion.objects.at(self.edition).filter(name__iexact=" ".join(name.split()))
        slugs = list(found.values_list("organisation", flat=True)[:2])
        if len(slugs) == 1:
            return slugs[0]
        self.add_error("other", "The register has no organisation of this name. Copy it from the organisation’s page.")
        return ""


class CheckedForm(HoldForm):
    """Publishing an update."""

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["checked_on"] = day(
            "The council has checked it on",
            today=today,
            required=False,
            help_text="Leave it empty unless somebody has looked: readers are then told “said by the partner”.",
        )
        self.order_fields(["checked_on", "hold_reason"])


# --- correcting an offer ---


class OrganisationForm(MakerForm):
    email = None


class NewsForm(forms.Form):
    said = note("What was done", required=True)
    evidence_url = web_address("Link that shows it")

    def __init__(self, *args, today: date, commitments: Sequence[tuple[str, str]], initial: News, **kwargs):
        given = vars(initial) | {f"stage-{slug}": stage for slug, stage in initial.stages.items()}
        super().__init__(*args, initial=given, **kwargs)
        self.fields["said_on"] = day("On which day", today=today)
        self.commitments = commitments
        for slug, what in commitments:
            choices = [("", "No news"), *((s.value, s.label) for s in Stage if s != Stage.CHANGED)]
            self.fields[f"stage-{slug}"] = forms.ChoiceField(label=what, required=False, choices=choices)
        self.order_fields(["said", "said_on", "evidence_url"])

    def content(self) -> News:
        given = self.cleaned_data
        stages = {slug: given[f"stage-{slug}"] for slug, _ in self.commitments if given[f"stage-{slug}"]}
        said = {name: given[name] for name in ("said", "evidence_url")}
        return News(said_on=given["said_on"].isoformat(), stages=stages, **said)


class EndingForm(forms.Form):
    why = line("Why it ended", PledgeVersion, "withdrawn_why", required=True, rows=3, help_text=ON_ITS_PAGE)

    def __init__(self, *args, today: date, initial: Ending, **kwargs):
        super().__init__(*args, initial=vars(initial), **kwargs)
        self.fields["ended_on"] = day("On which day", today=today)

    def content(self) -> Ending:
        return Ending(why=self.cleaned_data["why"], ended_on=self.cleaned_data["ended_on"].isoformat())


class CorrectionForms(WordingForms):
    """What the register never had of an older pledge is not asked for when its wording changes."""

    def __init__(self, sent, *, kind: Kind, initial: Wording, edition: Edition):
        parts = [TitleForm, OrganisationForm, FocusForm, PlanForm, CommunityForm]
        if kind == Kind.CHANGE:
            optional = [(FocusForm, initial.focus), (PlanForm, initial.plan), (CommunityForm, initial.community)]
            parts = [TitleForm, *(part for part, has in optional if has), WhyForm]
        super().__init__(sent, initial=initial, edition=edition, parts=parts)
        for part in self.parts[1:]:  # which ask the partner otherwise
            for name, field in part.fields.items():
                field.label, field.help_text = OF_WORDING[name], ""

    @property
    def is_wrong(self) -> bool:
        return self.commitments.is_bound and not self.is_valid()

    def content(self) -> Wording:
        return self.wording()


# --- a pledge and an organisation of the register ---


class CheckForm(HoldForm):
    """An update of the register, and the day on which the council checked it."""

    update = forms.ChoiceField(
        label="Which update?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the update.",
            "invalid_choice": "Choose an update that is not checked yet.",
        },
    )

    def __init__(self, *args, updates: Sequence[PledgeUpdate], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["update"].choices = [(u.key, f"{u.said_on:%-d %B %Y}: {u.said}"[:160]) for u in updates]
        self.fields["checked_on"] = day("The council has checked it on", today=today)
        self.order_fields(["update", "checked_on", "hold_reason"])


class EndForm(HoldForm):
    why = line("Why it ended", PledgeVersion, "withdrawn_why", required=True, rows=3, help_text=ON_ITS_PAGE)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"] = day("On which day", today=today)
        self.order_fields(["why", "on", "hold_reason"])


class ContactForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="A letter with a link to sign in goes there. Whoever reads it can post updates in the organisation’s "
        "name, each of which an officer reads first.",
        error_messages={"required": "Write the address.", "invalid": "Write an address such as name@example.org."},
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()
