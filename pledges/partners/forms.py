"""What partners fill in about a pledge that is in the register: news of it, its end, an answer to a question."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from django import forms

from luton2040.desk.people_forms import DAY
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.problems import Refused
from luton2040.verbs import NotAllowed
from outcomes import formatting as words
from pledges import evidence, rewording
from pledges.content import Ending, News
from pledges.forms import line, note, site
from pledges.models import PledgeVersion, Question
from pledges.report import CommitmentReport
from pledges.standing import Stage

LONGEST_AGO = timedelta(days=30 * 365)
DAYS_TYPED = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]
# What a partner may report; that a commitment was changed follows from its new wording.
REPORTED = (Stage.NOT_STARTED, Stage.UNDER_WAY, Stage.DONE, Stage.ENDED)
STAGES = [("", "No news of this one"), *((stage.value, stage.label) for stage in REPORTED)]


class Day(forms.DateField):
    """Of something that happened: not a day to come, nor one whose year was mistyped."""

    def __init__(self, **options):
        wrong = "This is no day of the calendar. Give one such as 2 March 2027."
        errors = {"required": "Give a day, such as 2 March 2027.", "invalid": wrong}
        super().__init__(widget=DAY, input_formats=DAYS_TYPED, error_messages=errors, **options)

    def of(self, day: date, today: date) -> date:
        if day > today:
            raise forms.ValidationError(f"{words.day(day)} is still to come. Give a day up to today.")
        if today - day > LONGEST_AGO:
            raise forms.ValidationError(f"{words.day(day)} is very long ago. Check the year.")
        return day


class HandedIn(forms.Form):
    """Knows today, and carries a key by which the same form sent twice is known."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["key"].initial = uuid4().hex


class UpdateForm(HandedIn):
    said = note("What was done?", required=True, help_text="A few sentences, with numbers where you have them.")
    said_on = Day(label="On which day?", help_text="When it was done, or the day from which you report.")
    evidence_url = site("A link that shows it", help_text="Such as a page with a report or with pictures.")
    file = forms.FileField(
        label="A file that shows it",
        required=False,
        allow_empty_file=True,  # refused below, in our words
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text="A PDF, PNG or JPEG of up to 10 MB. Readers can download it. Its name is dropped, and so is what it "
        "tells of who made it, where and with what. Show nobody in it who has not agreed.",
    )

    def __init__(self, *args, promises: Sequence[CommitmentReport], **kwargs):
        super().__init__(*args, **kwargs)
        self.promises = [promise for promise in promises if promise.stage != Stage.ENDED]
        self.fields["said_on"].initial = self.today
        for promise in self.promises:
            self.fields[f"stage-{promise.slug}"] = forms.ChoiceField(
                label=promise.commitment.what,
                choices=STAGES,
                required=False,
                initial="",
                widget=forms.RadioSelect,
                help_text=f"So far: {promise.stage.label.lower()}" if promise.stage else "",
            )

    @property
    def stages(self) -> list[forms.BoundField]:
        return [self[f"stage-{promise.slug}"] for promise in self.promises]

    def clean_said(self) -> str:
        return self.cleaned_data["said"].replace("\r\n", "\n")

    def clean_said_on(self) -> date:
        return self.fields["said_on"].of(self.cleaned_data["said_on"], self.today)

    def clean_file(self) -> evidence.Cleaned | None:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        try:
            if file.size > evidence.LARGEST:
                raise Refused(*evidence.TOO_LARGE)
            return evidence.cleaned(file.read())
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def clean(self) -> None:
        """A browser gives a file once."""
        if self.errors and "file" not in self.errors and self.cleaned_data.get("file"):
            self.add_error("file", "This file is in order. Choose it again, for browsers send a file only once.")

    def news(self) -> News:
        given = self.cleaned_data
        chosen = {promise.slug: given.get(f"stage-{promise.slug}", "") for promise in self.promises}
        return News(
            said=given["said"],
            said_on=given["said_on"].isoformat(),
            evidence_url=given["evidence_url"],
            stages={slug: stage for slug, stage in chosen.items() if stage},
        )


class EndForm(HandedIn):
    why = line(
        "Why does it end?",
        PledgeVersion,
        "withdrawn_why",
        required=True,
        rows=3,
        help_text="Readers see this reason on the page of the pledge, which stays.",
    )
    ended_on = Day(label="Since when?", help_text="The day on which it ended.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = self.today

    def clean_ended_on(self) -> date:
        return self.fields["ended_on"].of(self.cleaned_data["ended_on"], self.today)

    def ending(self) -> Ending:
        return Ending(why=self.cleaned_data["why"], ended_on=self.cleaned_data["ended_on"].isoformat())


class ChangeForm(HandedIn):
    """What goes along with the new wording (pledges.forms.WordingForms): the edition that the partner began from."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["seen"].initial = edition.number

    def refuse_if_changed(self, pledge: str) -> None:
        """Once: whoever sends it again has been told. Raises NotAllowed."""
        seen = self.cleaned_data["seen"]
        began = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else self.edition.number
        newer = rewording.changed_after(pledge, began)
        if newer is not None:
            self.data = self.data.copy()
            self.data["seen"] = str(self.edition.number)
            raise NotAllowed(
                f"The pledge was changed in edition {newer.number}, after you opened this page. Nothing was sent, and "
                "what you typed still stands here. Look at the pledge’s page as it is now, then send this again."
            )


class AnswerForm(forms.Form):
    """To one question: a page that is older than the next question must not answer that."""

    answer = note("Your answer", required=True)
    question = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, asked: Question | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["question"].initial = asked and asked.pk

    def clean_answer(self) -> str:
        return self.cleaned_data["answer"].replace("\r\n", "\n")

    def refuse_if_another(self) -> None:
        """Once: whoever sends it again has been told. Raises ChangedMeanwhile."""
        if self.asked and self.cleaned_data["question"] != str(self.asked.pk):
            self.data = self.data.copy()
            self.data["question"] = str(self.asked.pk)
            raise ChangedMeanwhile(
                "The council has asked something else since you opened this page, so nothing was sent. What you wrote "
                "still stands here. Read the new question and the wording as it stands now, then send it again."
            )
