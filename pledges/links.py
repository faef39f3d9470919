"""Links that partners give as evidence: which there are, which of them were followed, and what came of it.

Officers see it; the public does not, as a site may be closed to programs and open to people.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from luton2040.editions import Edition
from pledges import content
from pledges.models import LinkCheck, Offer, PledgeUpdate, PledgeVersion

AGAIN_AFTER = timedelta(days=7)
FAILING_AGAIN_AFTER = timedelta(hours=20)  # with the next daily round: many a fault passes
Follow = Callable[[str], tuple[LinkCheck.Result, str]]


@dataclass(frozen=True)
class Fault:
    """A link that failed when it was last followed, and who gives it."""

    check: LinkCheck
    pledges: list[PledgeVersion]
    offers: list[Offer]


@dataclass(frozen=True)
class Standing:
    """How all of them stand."""

    faults: list[Fault]  # those that fail longest first
    working: int
    not_followed: int  # yet
    followed_at: datetime | None  # when the last one was


def named_now(edition: Edition) -> set[str]:
    """By updates that the public sees, and by those that officers have to read."""
    return {*_published(edition), *_offered()}


def to_follow(edition: Edition, now: datetime, *, every: bool = False) -> list[str]:
    """Those that were not followed lately: never followed ones first, then whatever was followed longest ago."""
    last = {check.url: check for check in LinkCheck.objects.all()}
    found = [url for url in named_now(edition) if every or url not in last or _is_due(last[url], now)]
    return sorted(found, key=lambda url: (url in last, last[url].checked_at if url in last else now, url))


def _is_due(check: LinkCheck, now: datetime) -> bool:
    return now - check.checked_at >= (FAILING_AGAIN_AFTER if check.failing_since else AGAIN_AFTER)


def check(url: str, *, follow: Follow, now: Callable[[], datetime]) -> LinkCheck:
    """Follows it and keeps what came of it; since when it fails stays as long as it does."""
    result, said = follow(url)
    checked_at, since = now(), None
    if result != LinkCheck.Result.WORKS:
        before = LinkCheck.objects.filter(url=url).values_list("failing_since", flat=True).first()
        since = before or checked_at
    fields = {"result": result, "said": said[:300], "checked_at": checked_at, "failing_since": since}
    return LinkCheck.objects.update_or_create(url=url, defaults=fields)[0]


def forget_others(edition: Edition) -> int:
    """What came of links that nobody names any more."""
    named = named_now(edition)
    others = [pk for pk, url in LinkCheck.objects.values_list("pk", "url") if url not in named]
    return LinkCheck.objects.filter(pk__in=others).delete()[0]


def standing(edition: Edition) -> Standing:
    published, offered = _published(edition), _offered()
    named = published.keys() | offered.keys()
    checks = [check for check in LinkCheck.objects.order_by("failing_since", "url") if check.url in named]
    failing = [check for check in checks if check.failing_since]
    slugs = set().union(*(published[check.url] for check in failing if check.url in published))
    titles = PledgeVersion.objects.at(edition).filter(pledge__in=slugs).order_by("title")
    return Standing(
        faults=[
            Fault(check, [p for p in titles if p.pledge_id in published.get(check.url, ())], offered.get(check.url, []))
            for check in failing
        ],
        working=len(checks) - len(failing),
        not_followed=len(named) - len(checks),
        followed_at=max((check.checked_at for check in checks), default=None),
    )


def _published(edition: Edition) -> dict[str, set[str]]:
    """The pledges (slugs) of which an update names each."""
    updates = PledgeUpdate.objects.at(edition).exclude(evidence_url="")
    return _by_link(updates.values_list("evidence_url", "pledge"), set.add, set)


def _offered() -> dict[str, list[Offer]]:
    """The offers that name each, oldest first."""
    return _by_link(_links_of_offers(), list.append, list)


def _links_of_offers() -> Iterator[tuple[str, Offer]]:
    for offer in Offer.objects.open().filter(kind=Offer.Kind.UPDATE).order_by("handed_in_at", "pk"):
        url = content.news(offer.content).evidence_url
        if url:
            yield url, offer


def _by_link(pairs, add, kind) -> dict:
    found = defaultdict(kind)
    for url, each in pairs:
        add(found[url], each)
    return dict(found)
