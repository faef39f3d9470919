"""What a board has agreed that somebody will do: recorded, changed, closed, and how it stands on a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from boards.meetings import must_be_clerk
from boards.models import ActionVersion, BoardAction, Meeting
from boards.preparing import ActionState
from boards.seats import board_name
from luton2040 import audit
from luton2040.editions import ChangedMeanwhile
from luton2040.verbs import NotAllowed, kept, written
from outcomes import formatting as words
from outcomes.models import OutcomeVersion

DUE_SOON = timedelta(days=14)
CHANGEABLE = ("what", "owner", "due_on", "outcome", "is_public")
ONE_TO_NINE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


# --- how it stands: pure ---


class Stand(models.TextChoices):
    """Most pressing first."""

    OVERDUE = "overdue", "Overdue"
    DUE_SOON = "due-soon", "Due soon"
    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


@dataclass(frozen=True)
class ActionStanding:
    stand: Stand
    sentence: str

    @property
    def label(self) -> str:
        return self.stand.label


def standing(action: BoardAction | ActionVersion, today: date) -> ActionStanding:
    due_on, left = words.day(action.due_on), (action.due_on - today).days
    if action.state == ActionState.DONE:
        return ActionStanding(Stand.DONE, f"It was done on {words.day(action.closed_on)}.")
    if action.state == ActionState.DROPPED:
        return ActionStanding(Stand.DROPPED, f"It was dropped on {words.day(action.closed_on)}.")
    if left < 0:
        return ActionStanding(Stand.OVERDUE, f"It was due on {due_on}, {_ago(-left)}.")
    if left > DUE_SOON.days:
        return ActionStanding(Stand.OPEN, f"It is due on {due_on}.")
    near = {0: "today", 1: "tomorrow"}.get(left) or f"in {_counted(left, 'day')}"
    return ActionStanding(Stand.DUE_SOON, f"It is due on {due_on}, {near}.")


def _ago(days: int) -> str:
    if days == 1:
        return "yesterday"
    if days < 14:
        return f"{_counted(days, 'day')} ago"
    if days < 61:
        return f"{_counted(days // 7, 'week')} ago"
    if days < 730:
        return f"{_counted(days * 12 // 365, 'month')} ago"
    return f"{_counted(days // 365, 'year')} ago"


def _counted(number: int, one: str) -> str:
    said = words.count(number, one)
    return said.replace(str(number), ONE_TO_NINE[number - 1]) if number <= len(ONE_TO_NINE) else said


# --- what a clerk does with it ---


@transaction.atomic
def record(
    board: str,
    *,
    meeting: Meeting | None = None,
    outcome: str | None = None,
    what: str,
    owner: str,
    due_on: date,
    is_public: bool,
    by,
    now: datetime,
) -> BoardAction:
    """Raises NotAllowed."""
    must_be_clerk(by, board)
    if meeting is not None and not Meeting.objects.filter(pk=meeting.pk, board=board).exists():
        raise NotAllowed("This board has no such meeting any more. Record the action without it, or choose another.")
    given = {"what": what, "owner": owner, "due_on": due_on, "outcome": outcome, "is_public": is_public}
    action = BoardAction.objects.create(
        board_id=board, meeting=meeting, recorded_by=by, recorded_at=now, **_checked(given)
    )
    _note(audit.Action.ACTION_RECORDED, action, f"recorded, due on {words.day(due_on)}", by=by, now=now)
    return action


@transaction.atomic
def change(action: BoardAction, *, saves: int, by, now: datetime, **fields) -> BoardAction:
    """Fields are what, owner, due_on, outcome (its code, or None), is_public. Raises NotAllowed, ChangedMeanwhile."""
    newest = _newest(action, saves, by=by)
    changed = {name: value for name, value in _checked(fields).items() if getattr(newest, name) != value}
    if not changed:
        return newest
    return _saved(newest, changed, f"changed: {'; '.join(_changes(changed))}", by=by, now=now)


def _changes(fields: dict) -> list[str]:
    said = [f"due on, now {words.day(fields['due_on'])}"] if "due_on" in fields else []
    said += [f"now {'public' if fields['is_public'] else 'private'}"] if "is_public" in fields else []
    of_text = [name for name in fields if name not in ("due_on", "is_public")]
    return said + [str(BoardAction._meta.get_field(name).verbose_name) for name in of_text]


@transaction.atomic
def close(
    action: BoardAction, *, state: str, closed_on: date, result: str, saves: int, by, now: datetime
) -> BoardAction:
    """As done or dropped. Raises NotAllowed, ChangedMeanwhile."""
    newest = _newest(action, saves, by=by)
    if newest.state != ActionState.OPEN:
        raise NotAllowed(f"This action is {newest.get_state_display().lower()} already. Reopen it first.")
    if state not in (ActionState.DONE, ActionState.DROPPED):
        raise NotAllowed("Say whether it was done or dropped.")
    if closed_on > timezone.localdate(now):
        raise NotAllowed(f"{words.day(closed_on)} is still to come. Give the day on which it was done or dropped.")
    result = kept(BoardAction._meta.get_field("result"), result)
    said = f"{ActionState(state).label.lower()} on {words.day(closed_on)}"
    return _saved(newest, {"state": state, "closed_on": closed_on, "result": result}, said, by=by, now=now)


@transaction.atomic
def reopen(action: BoardAction, *, saves: int, by, now: datetime) -> BoardAction:
    """How it went is written anew when it is closed again. Raises NotAllowed, ChangedMeanwhile."""
    newest = _newest(action, saves, by=by)
    if newest.state == ActionState.OPEN:
        raise NotAllowed("This action is open already.")
    return _saved(newest, {"state": ActionState.OPEN, "closed_on": None, "result": ""}, "reopened", by=by, now=now)


def _newest(action: BoardAction, saves: int, *, by) -> BoardAction:
    """Compare-and-set, under the lock of must_be_clerk."""
    must_be_clerk(by, action.board_id)
    newest = BoardAction.objects.filter(pk=action.pk, saves=saves).first()
    if newest is None:
        raise ChangedMeanwhile(
            "Somebody changed this action since you opened it. Nothing was overwritten. "
            "Load the page again to see it as it is now."
        )
    return newest


def _checked(fields: dict) -> dict:
    """As they are kept. Raises NotAllowed."""
    unknown = set(fields).difference(CHANGEABLE)
    if unknown:
        raise TypeError(f"Not changed in this way: {', '.join(sorted(unknown))}.")
    for name in {"what", "owner"}.intersection(fields):
        fields[name] = written(BoardAction._meta.get_field(name), fields[name])
    if "outcome" in fields:
        code = fields.pop("outcome") or None
        if code and not OutcomeVersion.objects.current().filter(outcome=code).exists():
            raise NotAllowed(f"There is no outcome {code}. Choose one from the list, or none.")
        fields["outcome_id"] = code
    return fields


def _saved(action: BoardAction, fields: dict, said: str, *, by, now: datetime) -> BoardAction:
    for name, value in (fields | {"saves": action.saves + 1}).items():
        setattr(action, name, value)
    action.save(update_fields=[*fields, "saves"])
    _note(audit.Action.ACTION_CHANGED, action, said, by=by, now=now)
    return action


def _note(noted: str, action: BoardAction, said: str, *, by, now: datetime) -> None:
    """Never what it says, which may be private: the log has other readers."""
    what = f"An action of {board_name(action.board_id)}: {said}."
    audit.record(noted, what=what, by=by, about=action.about, now=now)
