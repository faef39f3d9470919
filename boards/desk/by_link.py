"""What somebody finds who follows a link: the papers of a meeting to come, or one outcome of it to reply to.

There is no account, no cookie and no way on into the site's desk; whoever has the link has all that it gives.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from boards import links, papers, reviews, sentences
from boards.desk.forms import ReplyForm
from boards.models import BoardVersion, Link, Reply
from luton2040.caching import read_at
from luton2040.editions import Edition
from luton2040.verbs import NotAllowed
from outcomes import charts

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


# Whoever could make a reader's browser send this form must know the token, and then needs no browser: there is no
# cookie here to borrow. Django's own check rests on a cookie, and on an Origin that is not sent from here.
@csrf_exempt
def by_link(request, token):
    link = links.find(token, now=timezone.now())
    response = _gone(request) if link is None else _of(request, link)
    for name, value in HEADERS.items():
        response[name] = value
    response._has_been_logged = True  # else Django logs the address of a refusal, and with it a token that may work
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    """One answer to links that have ended, were revoked, or never were."""
    return render(request, "boards/by_link_gone.html", status=404)


def _of(request: HttpRequest, link: Link) -> HttpResponse:
    read_at(request, Edition.objects.current())
    board = BoardVersion.objects.at(request.edition).filter(board=link.meeting.board_id).first()
    if board is None:
        return _gone(request)
    if link.meeting.is_public:
        return redirect("boards:meeting", board.board_id, link.meeting.held_on)
    if link.review is not None:
        return _review(request, link, board)
    context = {"link": link, "board": board, "papers": papers.in_preparation(link.meeting, private=False)}
    return render(request, "boards/by_link.html", context)


def _review(request: HttpRequest, link: Link, board: BoardVersion) -> HttpResponse:
    """Of the board's papers this one outcome, and nothing that others said of it."""
    turn = papers.turn_of(link.meeting, link.review.outcome_id)
    if turn is None:
        return _gone(request)
    form, problems = ReplyForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            reviews.reply(link, form.cleaned_data["text"], now=timezone.now())
        except NotAllowed as refused:
            problems = [str(refused)]
        else:
            return redirect(request.path)
    chart = charts.chart(turn.now)
    context = {
        "link": link,
        "board": board,
        "written": reviews.parts(link.review),
        "report": turn.now,
        "told": sentences.told(turn),
        "wide": charts.svg(chart, width=600, height=380) if turn.now.series else "",
        "narrow": charts.svg(chart, width=340, height=300) if turn.now.series else "",
        "reply": Reply.objects.filter(link=link).first(),
        "form": form,
        "problems": problems,
    }
    return render(request, "boards/by_link_review.html", context, status=409 if problems else 200)
