"""Links that let somebody in without an account: to the papers of a meeting before it is public, or to reply."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from boards.meetings import known, must_be_clerk
from boards.models import Link, Meeting, Review
from luton2040 import audit
from luton2040.verbs import NotAllowed, written
from outcomes import embargo

LONGEST = timedelta(days=60)


def find(token: str, *, now: datetime) -> Link | None:
    """Of one that was neither revoked nor has expired; also where its meeting is public by now."""
    found = Link.objects.valid(now).filter(digest=digest(token))
    return found.select_related("meeting", "meeting__pinned", "meeting__since", "review").first()


@transaction.atomic
def make(
    meeting: Meeting, *, review: Review | None = None, for_whom: str, expires_at: datetime, by, now: datetime
) -> tuple[Link, str]:
    """The link and its token, which is kept nowhere and can be shown only now. Raises NotAllowed."""
    must_be_clerk(by, meeting.board_id)
    if not Meeting.objects.unpublished().filter(pk=meeting.pk).exists():
        raise NotAllowed("This meeting is public, or was removed. Send the address of the board’s page instead.")
    if review is not None and not meeting.reviews.filter(pk=review.pk).exists():
        raise NotAllowed("This review is of another meeting. Open it there to invite a reply.")
    if not now < expires_at <= now + LONGEST:
        raise NotAllowed(f"Choose a time to come when the link ends, within {LONGEST.days} days.")
    token = secrets.token_urlsafe(32)
    link = Link.objects.create(
        meeting=meeting,
        review=review,
        for_whom=written(Link._meta.get_field("for_whom"), for_whom),
        digest=digest(token),
        made_by=by,
        made_at=now,
        expires_at=expires_at,
    )
    _note(audit.Action.LINK_MADE, link, f"until {embargo.in_words(expires_at)}", by=by, now=now)
    return link, token


@transaction.atomic
def revoke(link: Link, *, by, now: datetime) -> Link:
    """It stops working at once. Raises NotAllowed."""
    must_be_clerk(by, link.meeting.board_id)
    if not Link.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_by=by, revoked_at=now):
        raise NotAllowed("This link was revoked already, or went with its meeting.")
    link.revoked_by, link.revoked_at = by, now
    _note(audit.Action.LINK_REVOKED, link, "was revoked", by=by, now=now)
    return link


def digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def _note(action: str, link: Link, said: str, *, by, now: datetime) -> None:
    to = f"to reply to the review of {link.review.outcome_id}" if link.review else "to the papers"
    what = f"Link for {link.for_whom} {to}, {known(link.meeting)}: {said}."
    audit.record(action, what=what, by=by, about=link.about, now=now)
