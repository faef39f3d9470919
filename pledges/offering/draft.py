"""A pledge while it is being made: kept in the session from step to step, and nowhere else until it is handed in."""

from collections.abc import MutableMapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from uuid import uuid4

from pledges.content import Promise, Wording, stored, wording

MAKING, SENT = "pledge_being_made", "pledge_sent"
HIGHEST = 9999  # of the numbers of actions that an address may bring along
STEPS = {
    "focus": "Focus",
    "actions": "Actions",
    "plan": "Plan",
    "community": "Community",
    "you": "Who you are",
    "check": "Check",
}


@dataclass(frozen=True)
class Draft:
    key: str  # of the offer that it becomes, so that handing in twice is once
    began: float  # a timestamp
    wording: Wording = field(default_factory=Wording)
    numbers: list[int] = field(default_factory=list)  # by which addresses name the commitments, in their order
    last_number: int = 0  # never given again: a page that is still open must not change another commitment
    email: str = ""
    begin_with: list[str] = field(default_factory=list)  # outcomes that the next commitment is to serve

    @property
    def actions(self) -> list[tuple[int, Promise]]:
        return list(zip(self.numbers, self.wording.commitments, strict=True))

    def action(self, number: int) -> Promise | None:
        return dict(self.actions).get(number)

    def saying(self, **typed) -> "Draft":
        return replace(self, wording=replace(self.wording, **typed))

    def adding(self, promise: Promise, number: int | None = None) -> "Draft":
        """The same again, as a second press of a button sends it, adds nothing.

        With the number of the page that it was sent from, where it had one: else other pages that are still open
        from before the session ended would change this one.
        """
        if promise in self.wording.commitments:
            return self
        number = number if number is not None and number <= HIGHEST else self.last_number + 1
        draft = self.saying(commitments=[*self.wording.commitments, promise])
        last = max(number, self.last_number)
        return replace(draft, numbers=[*self.numbers, number], last_number=last, begin_with=[])

    def changing(self, number: int, promise: Promise) -> "Draft":
        return self.saying(commitments=[promise if n == number else old for n, old in self.actions])

    def without(self, number: int) -> "Draft":
        kept = [(n, promise) for n, promise in self.actions if n != number]
        return replace(self.saying(commitments=[promise for _, promise in kept]), numbers=[n for n, _ in kept])

    def has(self, step: str) -> bool:
        """Whether a step is filled in; each form saw to it that what it took is whole."""
        said = self.wording
        match step:
            case "actions":
                return bool(said.commitments)
            case "you":
                return bool(said.organisation and self.email)
            case "check":
                return False
        return bool(getattr(said, step))

    def next_step(self, before: str = "check") -> str:
        """The first that is not filled in yet, of those before this one; else this one."""
        steps = list(STEPS)
        return next((step for step in steps[: steps.index(before)] if not self.has(step)), before)


def begin(now: datetime) -> Draft:
    return Draft(key=uuid4().hex, began=now.timestamp())


def again(draft: Draft) -> Draft:
    """To be handed in once more, as another: such as with another address."""
    return replace(draft, key=uuid4().hex)


def read(session: MutableMapping, place: str = MAKING) -> Draft | None:
    kept = session.get(place)
    if not kept:
        return None
    names = {f.name for f in fields(Draft)}
    known = {name: value for name, value in kept.items() if name in names}
    return Draft(**{**known, "wording": wording(kept["wording"])})


def keep(session: MutableMapping, draft: Draft, place: str = MAKING) -> None:
    session[place] = {**asdict(draft), "wording": stored(draft.wording)}


def forget(session: MutableMapping, place: str = MAKING) -> None:
    session.pop(place, None)
