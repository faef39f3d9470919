"""Forms of the approver, and what the addresses of the lists of submissions and of their lines may say."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from luton2040.hold import Hold
from outcomes import embargo
from outcomes import formatting as words
from outcomes.comparing import Group
from outcomes.desk.forms import text
from outcomes.forms import QueryForm, choice
from outcomes.models import Submission
from outcomes.submissions import WAIT_FOR_HOLD, must_wait

LONGEST_WAIT = timedelta(days=366)  # a year further on is a slip of the finger


class SubmissionsForm(QueryForm):
    state = choice("State", "Any state", Submission.State.choices)
    person = choice("Handed in by", "Anybody")
    measure = choice("Measure", "Any measure")


class LinesForm(QueryForm):
    show = choice("Show", "All lines", [(group.value, group.label) for group in Group])
    measure = choice("Measure", "All measures")


class DecisionForm(forms.Form):
    """Publish now, or at a time to come; `cleaned_data["publish_at"]` is None for now."""

    use_required_attribute = False
    when = forms.ChoiceField(
        label="When", choices=[("now", "Now"), ("later", "At a time to come")], widget=forms.RadioSelect
    )
    day = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Say on which day.", "invalid": "Write it as a date, such as 2027-03-31."},
    )
    hour = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Say at what time.", "invalid": "Write it as a time of day, such as 09:30."},
    )
    summary = text(
        "Line in the public log of changes",
        required=True,
        rows=2,
        longest=300,
        help_text="Everybody can read it, on the page of changes and in its feed. Say what changed, in one line.",
    )
    hold_reason = text(
        "Why this cannot wait for the end of the pre-election hold",
        rows=2,
        help_text="Needed where it is published during the hold. The exception and its reason go into the audit log.",
    )

    def __init__(self, *args, submission: Submission, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.submission, self.today = submission, today
        if self.is_bound and self.data.get("when") != "later":
            self.fields["day"].required = self.fields["hour"].required = False
        if submission.kind not in WAIT_FOR_HOLD or not Hold.objects.not_over(today).exists():
            del self.fields["hold_reason"]

    def clean_summary(self) -> str:
        return " ".join(self.cleaned_data["summary"].split())

    def clean(self):
        said = super().clean()
        said.setdefault("hold_reason", "")
        said["publish_at"] = self._moment(said) if said.get("when") == "later" else None
        if not self.errors:
            self._mind_the_hold(said)
        return said

    def _moment(self, said: dict):
        if said.get("day") is None or said.get("hour") is None:
            return None
        try:
            at = embargo.moment(said["day"], said["hour"])
        except embargo.NoSuchTime as error:
            return self.add_error("hour", str(error))
        wait = at.timestamp() - timezone.now().timestamp()
        if wait <= 0:
            return self.add_error("day", "This time has passed already. Choose one to come, or publish now.")
        if wait > LONGEST_WAIT.total_seconds():
            return self.add_error("day", "Choose a day within the next year.")
        return at

    def _mind_the_hold(self, said: dict) -> None:
        day = timezone.localdate(said["publish_at"]) if said["publish_at"] else self.today
        hold = Hold.objects.on(day)
        if must_wait(self.submission, hold, said["hold_reason"]):
            until = words.day(hold.ends_on)
            self.add_error("hold_reason", f"The hold lasts until {until}. Publish after that day, or give the reason.")


class NoteForm(forms.Form):
    use_required_attribute = False
    note = text(
        "What should change", required=True, rows=3, missing="Say what should change, so that it can be mended."
    )
