"""The papers of a meeting that is prepared, to take away and for the room's screen."""

from django.shortcuts import render
from django.urls import reverse

from boards import papers, steps
from boards.desk.access import own_meeting
from boards.pack import pack_pdf
from luton2040.desk.access import desk_page
from luton2040.desk.records import exported
from luton2040.pages import cannot_make_pdf
from luton2040.pdf import NoLibraries
from luton2040.roles import Act


@desk_page(Act.TAKE_PART)
def pack(request, slug, held_on):
    """As it would come out: what leaves the desk as a file holds nothing that is private."""
    _, meeting = own_meeting(request, slug, held_on)
    found = papers.in_preparation(meeting, private=False, full=True)
    name = f"draft-{slug}-{held_on.isoformat()}.pdf"
    try:
        made = pack_pdf(found)
    except NoLibraries:
        return cannot_make_pdf(request, "the page of the meeting")
    return exported(request, made, name, about=meeting.about, content_type="application/pdf")


@desk_page(Act.TAKE_PART)
def present(request, slug, held_on):
    _, meeting = own_meeting(request, slug, held_on)
    context = steps.screen(papers.in_preparation(meeting, private=True), request.GET.get("step", ""))
    context |= {"back": reverse("board_desk:meeting", args=[slug, held_on]), "is_draft": True}
    return render(request, "boards/present.html", context)
