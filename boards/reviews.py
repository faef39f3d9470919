"""Reviews: asked for or begun, written by several without loss, discussed, replied to, signed off.

A review that is signed off stands still. Reopened, it can be written again, while the public goes on seeing it as it
was last signed off and published (if it was); that changes when a clerk signs it off again, as public or as private,
and publishes.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from boards import seats
from boards.meetings import known, must_be_clerk, read_anew, take_turns
from boards.models import Comment, Link, Meeting, Reply, Review, ReviewVersion
from luton2040 import audit
from luton2040.editions import ChangedMeanwhile, Edition
from luton2040.verbs import NotAllowed, kept, written
from outcomes import formatting as words
from outcomes import officers
from outcomes.models import MeasureVersion, OutcomeVersion


def may_write(person, meeting: Meeting, outcome: str, edition: Edition | int) -> bool:
    """Whoever sits on the board, and the officers of a measure that the outcome has in this edition."""
    if seats.sits_on(person, meeting.board_id):
        return True
    own = officers.own_measures(person)
    return bool(own) and MeasureVersion.objects.at(edition).filter(outcome=outcome, measure__in=own).exists()


def may_read(person, meeting: Meeting, outcome: str, edition: Edition | int) -> bool:
    """Before it is public, with its comments: those who may write it."""
    return may_write(person, meeting, outcome, edition)


def _must_write(by, meeting: Meeting, outcome: str) -> None:
    take_turns(meeting.board_id)
    if not may_write(read_anew(by), meeting, outcome, Edition.objects.current()):
        raise NotAllowed(
            "Only those who sit on this board, or look after a measure of this outcome, may write here. "
            "The board’s clerk or an administrator can change that."
        )


@transaction.atomic
def ask(meeting: Meeting, outcome: str, *, by, now: datetime) -> Review:
    """The review of this outcome: the one that is there, or a new one. Raises NotAllowed, ChangedMeanwhile."""
    must_be_clerk(by, meeting.board_id)
    return _there_or_new(meeting, outcome, "was asked for", by=by, now=now)


@transaction.atomic
def begin(meeting: Meeting, outcome: str, *, by, now: datetime) -> Review:
    """The same for whoever starts to write unasked."""
    _must_write(by, meeting, outcome)
    return _there_or_new(meeting, outcome, "was begun", by=by, now=now)


def _there_or_new(meeting: Meeting, outcome: str, happened: str, *, by, now: datetime) -> Review:
    meeting = Meeting.objects.filter(pk=meeting.pk).first()
    if meeting is None:
        raise ChangedMeanwhile("This meeting was removed meanwhile. The board’s page lists those that there are.")
    review = Review.objects.filter(meeting=meeting, outcome=outcome).first()
    if review is None:
        if not OutcomeVersion.objects.at(meeting.pinned_id).filter(outcome=outcome).exists():
            raise NotAllowed(
                f"Edition {meeting.pinned_id}, which this meeting’s papers are made from, has no outcome {outcome}. "
                "Choose one that it has."
            )
        review = Review.objects.create(meeting=meeting, outcome_id=outcome)
        _note(audit.Action.REVIEW_ASKED, review, happened, by=by, now=now)
    return review


@transaction.atomic
def save(review: Review, texts: Mapping[str, str], *, saves: int, window: str, by, now: datetime) -> Review:
    """Keep what is typed, if nobody saved since `saves` was read; a page may save on over what itself saved last.

    Parts that `texts` does not have stay as they are. Raises NotAllowed, ChangedMeanwhile.
    """
    _must_write(by, review.meeting, review.outcome_id)
    newest = _newest(review)
    _refuse_signed_off(newest)
    typed = {name: kept(Review._meta.get_field(name), texts[name]) for name in Review.TEXTS if name in texts}
    if all(getattr(newest, name) == text for name, text in typed.items()):
        return newest
    window = window.replace("\0", "")[:20]
    is_own = bool(window) and (newest.window, newest.saved_by_id) == (window, by.pk)
    if newest.saves > saves and not is_own:
        raise _saved_meanwhile(newest, by)
    fields = {"saves": newest.saves + 1, "saved_by": by, "saved_at": now, "window": window}
    for name, value in (typed | fields).items():
        setattr(newest, name, value)
    newest.save(update_fields=[*typed, *fields])
    return newest


@transaction.atomic
def sign_off(review: Review, *, is_public: bool, saves: int, by, now: datetime) -> Review:
    """As it was read when its counter was `saves`. Raises NotAllowed, ChangedMeanwhile."""
    must_be_clerk(by, review.meeting.board_id)
    newest = _newest(review)
    _refuse_signed_off(newest)
    if newest.saves > saves:
        raise _saved_meanwhile(newest, by)
    if not newest.is_written:
        raise NotAllowed("Nothing is written in this review yet. Write it, or ask for it, and sign it off then.")
    newest.signed_off_by, newest.signed_off_at, newest.is_public = by, now, is_public
    newest.save(update_fields=["signed_off_by", "signed_off_at", "is_public"])
    _note(audit.Action.SIGNED_OFF, newest, f"was signed off as {_visibility(is_public)}", by=by, now=now)
    return newest


@transaction.atomic
def reopen(review: Review, *, by, now: datetime) -> Review:
    """To be written again. What the public sees of it stays as it is until it is signed off and published again."""
    must_be_clerk(by, review.meeting.board_id)
    newest = _newest(review)
    if newest.signed_off_at is None:
        raise NotAllowed("This review is not signed off. It can be written as it is.")
    newest.signed_off_by, newest.signed_off_at, newest.is_public = None, None, False
    newest.save(update_fields=["signed_off_by", "signed_off_at", "is_public"])
    _note(audit.Action.REVIEW_REOPENED, newest, "was reopened", by=by, now=now)
    return newest


@transaction.atomic
def show(review: Review, is_public: bool, *, saves: int, by, now: datetime) -> Review:
    """Or hide it, as it was read when its counter was `saves`; the public sees it so from the next edition on.

    Raises NotAllowed, ChangedMeanwhile.
    """
    must_be_clerk(by, review.meeting.board_id)
    newest = _newest(review)
    if newest.signed_off_at is None:
        raise NotAllowed("Sign this review off first, as public or as private.")
    if newest.saves > saves:
        raise _saved_meanwhile(newest, by)
    if newest.is_public != is_public:
        newest.is_public = is_public
        newest.save(update_fields=["is_public"])
        _note(audit.Action.REVIEW_VISIBILITY, newest, f"was made {_visibility(is_public)}", by=by, now=now)
    return newest


@transaction.atomic
def comment(review: Review, text: str, *, by, now: datetime) -> Comment:
    """For those who write and discuss it. Raises NotAllowed."""
    _must_write(by, review.meeting, review.outcome_id)
    said = written(Comment._meta.get_field("text"), text)
    return Comment.objects.create(review=_newest(review), text=said, by=by, at=now)


@transaction.atomic
def reply(link: Link, text: str, *, now: datetime) -> Reply:
    """The right of reply, by a link and without an account: once, before the meeting is public."""
    take_turns(link.meeting.board_id)
    newest = Link.objects.valid(now).filter(pk=link.pk, review__isnull=False).select_related("meeting").first()
    if newest is None:
        raise NotAllowed("This link cannot be used to reply any more. Ask the board’s clerk for a new one.")
    if newest.meeting.is_public:
        raise NotAllowed("The papers of this meeting are public already. Write to the board’s clerk instead.")
    if Reply.objects.filter(link=newest).exists():
        raise NotAllowed("A reply was given with this link already. Ask the board’s clerk for a new one to add to it.")
    given = Reply.objects.create(
        review_id=newest.review_id,
        link=newest,
        organisation=newest.for_whom,
        text=written(Reply._meta.get_field("text"), text),
        at=now,
    )
    _note(audit.Action.REPLIED, given.review, f"has a reply of {newest.for_whom}", by=None, now=now)
    return given


# --- what must hold, and words ---


def parts(review: Review | ReviewVersion) -> list[tuple[str, str]]:
    """What is written in it, each part under its heading."""
    named = [(str(Review._meta.get_field(name).verbose_name), getattr(review, name)) for name in Review.TEXTS]
    return [(f"{name[0].upper()}{name[1:]}", text) for name, text in named if text.strip()]


def _newest(review: Review) -> Review:
    newest = Review.objects.filter(pk=review.pk).select_related("meeting", "saved_by", "signed_off_by").first()
    if newest is None:
        raise ChangedMeanwhile("This review was removed with its meeting. The board’s page lists what there is.")
    return newest


def _refuse_signed_off(review: Review) -> None:
    if review.signed_off_at is not None:
        raise NotAllowed(
            f"{review.signed_off_by} signed this review off on {_when(review.signed_off_at)}. "
            "A clerk of the board can reopen it."
        )


def _saved_meanwhile(review: Review, by) -> ChangedMeanwhile:
    own = review.saved_by_id == by.pk
    return ChangedMeanwhile(
        f"{'You' if own else review.saved_by} saved this review {'in another window ' if own else ''}on "
        f"{_when(review.saved_at)}, after you opened it here. Nothing was overwritten. Copy what you need from this "
        "page, then load it again to see the newer text."
    )


def _when(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{words.day(local.date())} at {local:%H:%M}"


def _visibility(is_public: bool) -> str:
    return "public" if is_public else "private"


def _note(action: str, review: Review, happened: str, *, by, now: datetime) -> None:
    """Never what is written in it: the log has other readers."""
    what = f"Review of {review.outcome_id} for the {known(review.meeting)} {happened}."
    audit.record(action, what=what, by=by, about=review.about, now=now)
