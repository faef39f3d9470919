"""What clerks and members fill in, and what is asked of somebody who follows a link."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from boards.meetings import edition_before
from boards.models import BoardAction, Link, Meeting
from boards.preparing import ActionState
from luton2040.desk.people_forms import DAY
from luton2040.editions import Edition
from luton2040.verbs import LONGEST_NOTE
from outcomes import formatting as words
from outcomes.desk.drafting import plain

EDITIONS_LISTED = 20
LONGEST_LISTED_SUMMARY = 40
LONGEST_CHOICE = 80
BEFORE, NOTHING = "before", ""
FURTHEST = timedelta(days=10 * 365)
LONGEST_LINK, USUAL_LINK = 60, 14  # days
DAYS_WANTED = f"Give a whole number of days, from 1 to {LONGEST_LINK}."
DAYS_TYPED = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]


class Text(forms.CharField):
    """Kept as the database can keep it, and counted as it is kept; longer text is refused in words, never cut off."""

    def __init__(self, *, longest: int, rows=0, attrs=None, required=False, missing="", widget=None, **options):
        lines = forms.Textarea(attrs={"rows": rows} | (attrs or {})) if rows else forms.TextInput(attrs=attrs)
        errors = {"required": missing}
        super().__init__(widget=widget or lines, required=required, error_messages=errors, **options)
        self.longest = longest

    def to_python(self, value) -> str:
        return super().to_python(plain(value or "").replace("\r\n", "\n"))

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.longest:
            said = f"It has {len(value):,} characters, and {self.longest:,} is the most."
            raise forms.ValidationError(f"{said} Shorten it; nothing of it is lost.")

    def bound_data(self, data, initial):
        """As it comes back to be put right."""
        return data and plain(data)


def chosen(label: str, **options) -> Text:
    """From a list; whether there is such a thing is asked of the record, not of the list."""
    return Text(label=label, longest=LONGEST_CHOICE, widget=forms.Select, **options)


class Day(forms.DateField):
    def __init__(self, **options):
        missing = "Give a day, such as 2 March 2027."
        wrong = "This is no day of the calendar. Give one such as 2 March 2027."
        super().__init__(
            widget=DAY, input_formats=DAYS_TYPED, error_messages={"required": missing, "invalid": wrong}, **options
        )


def near(day: date | None, today: date) -> date | None:
    """A year that was mistyped is asked about."""
    if day and abs(day - today) > FURTHEST:
        raise forms.ValidationError(f"{words.day(day)} is more than ten years away. Check the year.")
    return day


# --- meetings ---


def numbered(value: str, newest: Edition) -> Edition:
    """The edition of a number that was chosen, or typed into the address."""
    number = int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else 0
    found = Edition.objects.filter(number=number).first()
    if found is None:
        said = f"There is no edition “{value[:20]}”" + (" yet" if number > newest.number else "")
        raise forms.ValidationError(f"{said}. The newest is edition {newest.number}: choose it or an earlier one.")
    return found


def named(edition: Edition) -> str:
    """Edition 12, 1 December 2026: New values of …"""
    summary = edition.summary
    if len(summary) > LONGEST_LISTED_SUMMARY:
        summary = f"{summary[:LONGEST_LISTED_SUMMARY].rsplit(' ', 1)[0]} …"
    return f"Edition {edition.number}, {words.day(timezone.localdate(edition.issued_at))}: {summary}"


class MeetingForm(forms.Form):
    use_required_attribute = False

    held_on = Day(label="Day of the meeting")
    pinned = chosen(
        "Edition that the papers are made from",
        required=True,
        missing="Choose an edition.",
        help_text="Its figures, targets and names stay as they are in it, whatever is published later.",
    )
    since = chosen("Compare with", help_text="The papers tell what changed since then.")
    introduction = Text(
        longest=LONGEST_NOTE,
        rows=5,
        help_text="A few words above the papers, public with them: what the meeting is about.",
    )

    def __init__(self, *args, board: str, newest: Edition, today: date, fixed=False, **options):
        super().__init__(*args, **options)
        self.board, self.newest, self.today = board, newest, today
        if fixed:  # what a public meeting's papers are made again from
            for name in ("held_on", "pinned", "since"):
                del self.fields[name]
            return
        listed = [(str(e.number), named(e)) for e in Edition.objects.newest_first()[:EDITIONS_LISTED]]
        before = (BEFORE, "The meeting before it, if there is one")
        self.fields["pinned"].widget.choices = self._with_chosen("pinned", listed)
        self.fields["since"].widget.choices = self._with_chosen(
            "since", [before, (NOTHING, "Nothing: tell how things stand, not what changed"), *listed]
        )

    def _with_chosen(self, name: str, listed: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """An older one that is chosen, or one that is not there, is kept in the list until another is chosen."""
        chosen = str(self[name].value() or "")
        if chosen in dict(listed):
            return listed
        try:
            return [*listed, (chosen, named(numbered(chosen, self.newest)))]
        except forms.ValidationError:
            return [*listed, (chosen, f"Edition {chosen[:20]}")] if chosen else listed

    def clean_held_on(self) -> date:
        return near(self.cleaned_data["held_on"], self.today)

    def clean_pinned(self) -> Edition:
        return numbered(self.cleaned_data["pinned"], self.newest)

    def clean_since(self) -> Edition | None:
        chosen = self.cleaned_data["since"]
        if chosen == BEFORE:
            held_on = self.cleaned_data.get("held_on")
            return held_on and edition_before(self.board, held_on)
        return numbered(chosen, self.newest) if chosen else None

    @staticmethod
    def said_of(meeting: Meeting) -> dict:
        """What the form begins with."""
        before = edition_before(meeting.board_id, meeting.held_on)
        follows = before is not None and before.pk == meeting.since_id
        return {
            "held_on": meeting.held_on,
            "pinned": meeting.pinned_id,
            "since": BEFORE if follows else meeting.since_id or NOTHING,
            "introduction": meeting.introduction,
        }


class PublishForm(forms.Form):
    use_required_attribute = False

    hold_reason = Text(
        label="Why it cannot wait",
        longest=300,
        rows=2,
        help_text="One sentence. It goes into the record as an exception to the hold.",
    )


# --- reviews ---


class ReviewForm(forms.Form):
    use_required_attribute = False

    story = Text(
        label="The story behind it",
        longest=LONGEST_NOTE,
        rows=7,
        help_text="Why the figures are as they are: causes, and what has helped or got in the way.",
    )
    partners = Text(
        label="Partners who have a part in it",
        longest=LONGEST_NOTE,
        rows=4,
        help_text="Which organisations can make a difference, and what each brings.",
    )
    what_works = Text(
        label="What works",
        longest=LONGEST_NOTE,
        rows=5,
        help_text="What has turned such a line elsewhere, or here; also what costs little or nothing.",
    )
    what_we_will_do = Text(
        label="What we will do",
        longest=LONGEST_NOTE,
        rows=5,
        help_text="The few things to do first, by whom and by when.",
    )

    @property
    def counts(self) -> dict[str, str]:
        """How much of its room each part takes."""
        fields = {field.name: field for field in self}
        return {name: _room(self.fields[name], field.value() or "") for name, field in fields.items()}


def _room(field: Text, typed: str) -> str:
    return f"{len(field.to_python(typed)):,} of {field.longest:,} characters"


# Fields that stand elsewhere on a review's page are sent with its one form.
ON_SHEET = {"form": "sheet"}


class CommentForm(forms.Form):
    use_required_attribute = False

    comment = Text(
        label="Your comment",
        longest=LONGEST_NOTE,
        rows=3,
        required=True,
        missing="Write your comment first.",
        attrs=ON_SHEET,
        help_text="Seen by those who sit on the board and the measure’s officers. Never public.",
    )


class LinkForm(forms.Form):
    use_required_attribute = False

    for_whom = Text(
        label="For whom",
        longest=Link._meta.get_field("for_whom").max_length,
        required=True,
        missing="Say who gets the link, such as the chair.",
        help_text="Such as the chair. It stands on the page that the link opens.",
    )
    days = forms.IntegerField(
        label="For how many days it works",
        min_value=1,
        max_value=LONGEST_LINK,
        initial=USUAL_LINK,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), DAYS_WANTED),
    )


class ReplyLinkForm(LinkForm):
    def __init__(self, *args, **options):
        super().__init__(*args, prefix="link", **options)
        field = self.fields["for_whom"]
        field.label = "Partner organisation"
        field.help_text = "Its name stands over the reply, in public where the review is."
        field.error_messages["required"] = "Say which organisation is asked for a reply."
        for field in self.fields.values():
            field.widget.attrs |= ON_SHEET


class ReplyForm(forms.Form):
    use_required_attribute = False

    text = Text(
        label="Your reply",
        longest=LONGEST_NOTE,
        rows=10,
        required=True,
        missing="Write your reply first.",
        help_text=f"At most {LONGEST_NOTE:,} characters. It goes to the board with its date, and cannot be changed. "
        "If the board makes the review public, your reply is public with it.",
    )


# --- actions ---


class ActionForm(forms.Form):
    use_required_attribute = False

    what = Text(
        label="What will be done",
        longest=BoardAction._meta.get_field("what").max_length,
        rows=2,
        required=True,
        missing="Say what will be done.",
        help_text="One sentence, so that anybody can tell later whether it was done.",
    )
    owner = Text(
        label="Organisation that will do it",
        longest=BoardAction._meta.get_field("owner").max_length,
        required=True,
        missing="Say which organisation will do it.",
        attrs={"list": "organisations"},
        help_text="An organisation, not a person.",
    )
    due_on = Day(label="Due on")
    outcome = chosen("Outcome that it serves")
    meeting = chosen("Agreed at the meeting")
    is_public = forms.TypedChoiceField(
        label="Who sees it",
        choices=[("no", "The board only"), ("yes", "Everybody, once it is published")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
        error_messages={"required": "Choose who sees it."},
    )

    def __init__(self, *args, outcomes: list[tuple[str, str]], meetings: list[Meeting], today: date, **options):
        super().__init__(*args, **options)
        self.today, self.meetings = today, {str(meeting.pk): meeting for meeting in meetings}
        self.fields["outcome"].widget.choices = [("", "None in particular"), *outcomes]
        days = [(pk, words.day(meeting.held_on)) for pk, meeting in self.meetings.items()]
        self.fields["meeting"].widget.choices = [("", "None"), *days]

    def clean_due_on(self) -> date:
        return near(self.cleaned_data["due_on"], self.today)

    def clean_outcome(self) -> str | None:
        """Whether there is such an outcome is the rule's own question."""
        return self.cleaned_data["outcome"] or None

    def clean_meeting(self) -> Meeting | None:
        chosen = self.cleaned_data["meeting"]
        if chosen and chosen not in self.meetings:
            raise forms.ValidationError("The board has no such meeting any more. Choose another, or none.")
        return self.meetings.get(chosen)


class CloseForm(forms.Form):
    use_required_attribute = False

    state = forms.ChoiceField(
        label="How it ended",
        choices=[(ActionState.DONE.value, "It was done"), (ActionState.DROPPED.value, "It was dropped")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it was done or dropped."},
    )
    closed_on = Day(label="On what day")
    result = Text(
        label="How it went",
        longest=BoardAction._meta.get_field("result").max_length,
        rows=2,
        help_text="One or two sentences, seen by whoever sees the action.",
    )
