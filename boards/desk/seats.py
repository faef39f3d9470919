"""Who sits on a board: the clerk's own members, and for administrators everybody's seats."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from boards import seats as rules
from boards.desk.access import own_board
from boards.desk.seat_forms import ChangeForm, InvitationForm
from boards.models import BoardVersion, Membership
from luton2040.desk.access import desk_page
from luton2040.people import state_of
from luton2040.roles import Act, may
from luton2040.verbs import NotAllowed


@desk_page(Act.SEAT_PEOPLE)
def seats(request, slug: str):
    """Several forms on one page; `act` says which was sent."""
    board = _board(request, slug)
    offered = rules.given_by(request.user, slug)
    sent = request.POST or request.kept or {}
    act = sent.get("act", "")
    form = InvitationForm(sent if act == "invite" else None, offered=offered, use_required_attribute=False)
    if request.method == "POST":
        if act not in ("invite", "change"):
            raise BadRequest("This page has no such button. Go back and load it again.")
        if act == "change":
            _change(request, board)
        if act == "change" or form.is_valid() and _invite(request, board, form):
            return redirect("board_desk:seats", slug)
    rows = [
        {"held": held, "state": state_of(held.person), "offered": () if held.person == request.user else offered}
        for held in Membership.objects.filter(board=slug).by_name()
    ]
    context = {"board": board, "is_own": rules.sits_on(request.user, slug), "rows": rows, "form": form}
    return render(request, "desk/boards/seats.html", context)


def _board(request: HttpRequest, slug: str) -> BoardVersion:
    """Any board for an administrator, for others their own."""
    if may(request.user, Act.MANAGE_PEOPLE):
        board = BoardVersion.objects.at(request.edition).filter(board=slug).first()
        if board:
            return board
    return own_board(request, slug, as_clerk=True)


# --- what the buttons do ---


def _change(request: HttpRequest, board: BoardVersion) -> None:
    """Another seat for somebody, or none."""
    form = ChangeForm(request.POST, board=board.board_id)
    if not form.is_valid():
        messages.error(request, "Nothing was changed: they do not sit on this board any more.")
        return
    person, to = form.cleaned_data["person"], form.cleaned_data["to"]
    who = {"by": request.user, "now": timezone.now()}
    try:
        rules.give(person, board.board_id, to, **who) if to else rules.take(person, board.board_id, **who)
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        now = f"is now a {to.label.lower()} of" if to else "no longer sits on"
        messages.success(request, f"{person} {now} {board.name}.")


def _invite(request: HttpRequest, board: BoardVersion, form: InvitationForm) -> bool:
    about = {"board": board.board_id, "by": request.user}
    try:
        person = rules.invite(**form.cleaned_data, **about, now=timezone.now())
    except NotAllowed as refused:
        form.add_error(None, str(refused))
        return False
    site = (settings.SITE_URL or request.build_absolute_uri("/")).rstrip("/")
    try:
        rules.send_invitation(person, site=site, **about)
    except OSError as error:  # also what smtplib raises
        said = f"{person} has the seat, but the e-mail could not be sent: {error}. Tell whoever runs the site; and tell"
        messages.error(request, f"{said} {person} to sign in at {site}{reverse('account_request_login_code')}")
    else:
        messages.success(request, f"{person} has the seat. A letter is on its way to {person.email}.")
    return True
