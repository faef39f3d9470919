"""What is filled in about who sits on a board."""

from collections.abc import Collection

from django import forms

from boards.models import Membership
from boards.seats import Seat
from luton2040.accounts import User

SEATS = {
    Seat.MEMBER: "sees what the board prepares and comments on it",
    Seat.CLERK: "prepares the board’s meetings and publishes them",
}


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="A letter goes there. They sign in with a code sent to this address each time, without a password.",
    )
    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    seat = forms.TypedChoiceField(coerce=Seat, widget=forms.RadioSelect, initial=Seat.MEMBER)

    def __init__(self, *args, offered: Collection[Seat], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(seat.value, f"{seat.label}: {told}") for seat, told in SEATS.items() if seat in offered]
        self.fields["seat"].choices = choices

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class ChangeForm(forms.Form):
    """A button beside somebody: another seat, or none."""

    person = forms.ModelChoiceField(User.objects.none())
    to = forms.TypedChoiceField(coerce=Seat, choices=Membership.Seat, required=False, empty_value=None)

    def __init__(self, *args, board: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.filter(memberships__board=board)
