"""What is likely to be the same thing under another wording: an organisation by its name, a commitment by its text.

Pure: nothing here reads the database. What comes of it is a hint for an officer, never a decision.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from pledges.content import Promise

# Words that say what form an organisation has, or nothing.
FORMS = frozenset("ltd limited plc llp llc cic cio inc co company the and of for in a an uk".split())
ALIKE = 0.8  # of names: how much of their letters must be the same, in order
SAME_PROMISE = 0.5  # of the texts of commitments
FEWEST_LETTERS = 4  # of a name that is looked for within another
MOST = 5


@dataclass(frozen=True)
class Known:
    """An organisation that another may be the same as."""

    key: str
    name: str
    url: str = ""


@dataclass(frozen=True)
class Match:
    known: Known
    why: str


def key_words(name: str) -> list[str]:
    """In small letters, without accents, punctuation and forms of company."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"['’.]", "", plain)  # C.I.C., St. Mary's
    words = re.findall(r"\w+", plain)
    return [word for word in words if word not in FORMS] or words


def likely(name: str, known: Iterable[Known], *, url: str = "", most: int = MOST) -> list[Match]:
    """Those that may be the same organisation, likeliest first, each with what speaks for it."""
    wanted, host = key_words(name), _host(url)
    found = []
    for each in known:
        likeness, why = _likeness(wanted, key_words(each.name))
        if host and host == _host(each.url):
            why = f"{why}, and the same website" if why else "the same website"
            likeness = max(likeness, ALIKE) + 0.1
        if why:
            found.append((-likeness, each.name.casefold(), each.key, Match(each, why)))
    return [match for *_, match in sorted(found, key=lambda one: one[:3])[:most]]


def _likeness(one: list[str], other: list[str]) -> tuple[float, str]:
    """From 0 to 1, and why; no reason where they are not alike."""
    if not one or not other:
        return 0, ""
    if one == other:
        return 1, "the same name but for capitals, punctuation or words such as Ltd"
    if sorted(one) == sorted(other):
        return 0.98, "the same words in another order"
    if "".join(one) == "".join(other):
        return 0.97, "the same letters, spaced otherwise"
    if _initials(one) == other or _initials(other) == one:
        return 0.85, "one is the initials of the other"
    fewer, more = sorted((one, other), key=len)
    if set(fewer) <= set(more) and len("".join(fewer)) >= FEWEST_LETTERS:
        return 0.9, "all words of the one are in the other"
    letters = SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False)
    if letters.real_quick_ratio() >= ALIKE and letters.quick_ratio() >= ALIKE and letters.ratio() >= ALIKE:
        return letters.ratio(), "spelled nearly the same"
    return 0, ""


def _initials(words: list[str]) -> list[str]:
    return ["".join(word[0] for word in words)] if len(words) > 1 else []


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def counterpart(promise: Promise, among: Sequence[Promise]) -> Promise | None:
    """What this commitment was before somebody corrected it: the same one of the register, else the most alike."""
    if promise.slug:
        return next((each for each in among if each.slug == promise.slug), None)

    def likeness(each: Promise) -> float:
        return SequenceMatcher(None, each.what, promise.what, autojunk=False).ratio()

    found = max((each for each in among if not each.slug), key=likeness, default=None)
    return found if found and likeness(found) >= SAME_PROMISE else None
