"""Links that let somebody in without an account: made, shown once, listed, revoked."""

from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from boards import links as rules
from boards.desk.access import own_meeting
from boards.desk.forms import LinkForm
from boards.desk.home import labels
from boards.models import BoardVersion, Link, Meeting
from luton2040.desk.access import desk_page
from luton2040.roles import Act
from luton2040.verbs import NotAllowed
from outcomes import embargo
from outcomes import formatting as words


def address_of(request: HttpRequest, token: str) -> str:
    site = settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")
    return f"{site}{reverse('by_link', args=[token])}"


def letter(board: BoardVersion, meeting: Meeting, link: Link, address: str) -> str:
    """Opens a new message in the clerk's own post, to be sent to whoever the link is for."""
    day, until = words.day(meeting.held_on), embargo.in_words(link.expires_at)
    what = "Please reply to a review" if link.review_id else "Papers"
    subject = f"{what}: {board.name}, {day}"
    body = f"{address}\n\nThe link works until {until}. It is for you alone: whoever has it can open the page."
    return f"mailto:?subject={quote(subject)}&body={quote(body)}"


@desk_page(Act.PREPARE_MEETINGS)
def links(request, slug, held_on):
    board, meeting = own_meeting(request, slug, held_on, as_clerk=True)
    sent = request.POST or request.kept
    form = LinkForm(sent if sent and "for_whom" in sent else None)
    made, address, problems = None, "", []
    if request.method == "POST":
        try:
            if "revoke" in request.POST:
                return _revoke(request, meeting)
            if form.is_valid():
                made, token = _make(request, meeting, form)
                address, form = address_of(request, token), LinkForm()
        except NotAllowed as refused:
            problems = [str(refused)]
    found = meeting.links.select_related("made_by", "revoked_by", "review").order_by("-made_at", "-pk")
    context = {
        "board": board,
        "meeting": meeting,
        "form": form,
        "made": made,
        "address": address,
        "mail": letter(board, meeting, made, address) if made else "",
        "problems": problems,
        "links": found,
        "labels": labels(request.edition),
        "now": timezone.now(),
    }
    return render(request, "desk/boards/links.html", context, status=409 if problems else 200)


def _make(request: HttpRequest, meeting: Meeting, form: LinkForm) -> tuple[Link, str]:
    now, given = timezone.now(), form.cleaned_data
    expires_at = now + timedelta(days=given["days"])
    return rules.make(meeting, for_whom=given["for_whom"], expires_at=expires_at, by=request.user, now=now)


def _revoke(request: HttpRequest, meeting: Meeting):
    sent = request.POST["revoke"]
    number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else 0
    link = meeting.links.filter(pk=number).first()
    if link is None:
        raise NotAllowed("This meeting has no such link any more.")
    rules.revoke(link, by=request.user, now=timezone.now())
    messages.success(request, f"The link for {link.for_whom} no longer works.")
    return redirect("board_desk:links", meeting.board_id, meeting.held_on)
