"""What an offer holds: the shape of `Offer.typed` and `Offer.corrected`, read into plain objects and back.

Everything here is text, so that what was typed comes back as it was; the rows that are published are made from it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields


@dataclass(frozen=True)
class Promise:
    """One commitment. `slug` is that of the commitment in the register; empty for a new one."""

    what: str = ""
    target: str = ""  # such as: 20 apprentices
    target_by: str = ""  # as exact as is known: 2030, 2030-03, 2030-03-31
    helps: str = ""
    outcomes: list[str] = field(default_factory=list)  # codes
    slug: str = ""


@dataclass(frozen=True)
class Wording:
    """What a pledge says: all of a new one, or as it should read from now on (with `why` it changes)."""

    organisation: str = ""  # a new pledge's: its name, kind and site as typed
    organisation_kind: str = ""
    organisation_url: str = ""
    title: str = ""  # an officer gives it; empty: made of the organisation and the vision
    focus: list[str] = field(default_factory=list)  # slugs of priorities
    commitments: list[Promise] = field(default_factory=list)
    plan: str = ""
    community: str = ""
    why: str = ""  # of a change, for the public


@dataclass(frozen=True)
class News:
    """An update: what was done, and how far each commitment is (slug of the commitment: pledges.standing.Stage)."""

    said: str = ""
    said_on: str = ""  # ISO day
    evidence_url: str = ""
    stages: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ending:
    why: str = ""
    ended_on: str = ""  # ISO day


def wording(content: Mapping) -> Wording:
    """Unknown names are left out: the row may be older than this code."""
    promises = [_of(Promise, each) for each in content.get("commitments", [])]
    return _of(Wording, {**content, "commitments": promises})


def news(content: Mapping) -> News:
    return _of(News, content)


def ending(content: Mapping) -> Ending:
    return _of(Ending, content)


def stored(content: Wording | News | Ending) -> dict:
    return asdict(content)


def _of(kind: type, content: Mapping):
    names = {f.name for f in fields(kind)}
    return kind(**{name: _plain(value) for name, value in content.items() if name in names})


def _plain(value):
    """Browsers end lines in a way of their own, which would look like another text."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
