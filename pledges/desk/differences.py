"""What differs between two texts of an offer, word by word: as the register has it, as typed, as corrected. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pledges.content import Ending, News, Promise, Wording
from pledges.matching import counterpart
from pledges.standing import Stage

OF_WORDING = {
    "organisation": "Organisation",
    "organisation_kind": "Kind of organisation",
    "organisation_url": "Website",
    "title": "Title",
    "focus": "Priorities",
    "plan": "Plan and tracking",
    "community": "With whom",
    "why": "Reason for the change",
}
OF_PROMISE = {
    "what": "What",
    "target": "How much",
    "target_by": "By when",
    "helps": "How it helps",
    "outcomes": "Outcomes",
}
OF_NEWS = {"said": "What was done", "said_on": "On which day", "evidence_url": "Link", "stages": "How far"}
MOST_MATCHES = 20_000  # pairs of the same word, one in each text; two pages of prose have a few thousand
OF_ENDING = {"why": "Why it ended", "ended_on": "On which day"}


@dataclass(frozen=True)
class Names:
    """By code or slug."""

    outcomes: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    commitments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    label: str
    was: str
    now: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Runs of words: "same", "out" or "in" with the text."""
        one, other = (re.findall(r"\w+\s*|[^\w\s]+\s*|\s+", text) for text in (self.was, self.now))
        if _is_too_much(one, other):
            return [(kind, text) for kind, text in (("out", self.was), ("in", self.now)) if text]
        found: list[tuple[str, str]] = []
        for tag, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            if tag == "equal":
                found.append(("same", "".join(one[i:j])))
                continue
            pieces = [("out", "".join(one[i:j])), ("in", "".join(other[k:m]))]
            found += [(kind, text) for kind, text in pieces if text]
        return found


def _is_too_much(one: list[str], other: list[str]) -> bool:
    """Two texts that repeat the same few words match in so many ways that comparing them takes minutes."""
    again = Counter(other)
    return sum(number * again[word] for word, number in Counter(one).items()) > MOST_MATCHES


@dataclass(frozen=True)
class Group:
    """What differs in one part; `note` where there is nothing to compare it with."""

    title: str
    differences: list[Difference]
    note: str = ""


def of_wording(was: Wording, now: Wording, names: Names, *, left_out: str) -> list[Group]:
    """Only what differs. `left_out` says what becomes of a commitment that `now` leaves out."""
    groups = [Group("The pledge", list(_fields(OF_WORDING, was, now, names)))]
    rest = list(was.commitments)
    for number, promise in enumerate(now.commitments, 1):
        old = counterpart(promise, rest)
        if old is not None:
            rest.remove(old)
        differences = list(_fields(OF_PROMISE, old or Promise(), promise, names))
        groups.append(Group(f"Commitment {number}", differences, "" if old else "Added."))
    groups += [Group(f"“{promise.what}”", [], left_out) for promise in rest]
    return [group for group in groups if group.differences or group.note]


def of_others(was: News | Ending, now: News | Ending, names: Names) -> list[Group]:
    labels = OF_NEWS if isinstance(now, News) else OF_ENDING
    differences = list(_fields(labels, was, now, names))
    return [Group("What it says", differences)] if differences else []


def _fields(labels: Mapping[str, str], was, now, names: Names) -> Iterator[Difference]:
    for name, label in labels.items():
        before, after = (_in_words(name, getattr(each, name), names) for each in (was, now))
        if before != after:
            yield Difference(label, before, after)


def _in_words(name: str, value, names: Names) -> str:
    if name in ("outcomes", "focus"):  # whose order says nothing: forms give them in orders of their own
        known = names.outcomes if name == "outcomes" else names.priorities
        return "; ".join(sorted(known.get(key, key) for key in value))
    if name == "stages":
        said = {slug: Stage(stage).label for slug, stage in value.items() if stage in Stage.values}
        return "; ".join(f"{names.commitments.get(slug, slug)} {stage}" for slug, stage in said.items())
    return value
