"""What is said in public of a thing (its name, definition, statement) changes by an edition, never in place.

Fixtures that are loaded again leave such a change alone (see editions.publish).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from luton2040 import audit, hold
from luton2040.editions import ChangedMeanwhile, Edition, Published, issuing, publish

Version = TypeVar("Version", bound=Published)


@dataclass(frozen=True)
class Change:
    field: str
    label: str
    was: object
    now: object


def natural_key(model: type[Published]) -> tuple[str, ...]:
    """The fields of which one row is current at a time."""
    name = f"{model._meta.app_label}_{model._meta.model_name}_one_current"
    fields = next(c.fields for c in model._meta.constraints if c.name == name)
    return tuple(model._meta.get_field(field).attname for field in fields)


def reworded(row: Version, wording: Mapping[str, object]) -> Version:
    """A new version that says the same but for the fields given, as values or as text; not saved."""
    content = {name: getattr(row, name) for name in row.content_fields()}
    said = {name: row._meta.get_field(name).to_python(value) for name, value in wording.items()}
    return type(row)(**content | said)


def changes(before: Published, after: Published) -> list[Change]:
    """Field by field, in the model's own order."""
    found = []
    for field in before._meta.concrete_fields:
        was, now = getattr(before, field.attname), getattr(after, field.attname)
        if field.attname in before.content_fields() and was != now:
            found.append(Change(field.attname, str(field.verbose_name).capitalize(), was, now))
    return found


def history(versions: Iterable[Published]) -> list[tuple[Published, list[Change]]]:
    """Each version after the first with what it changed, newest first; versions come oldest first."""
    return [(after, changes(before, after)) for before, after in pairwise(versions)][::-1]


def reword(
    row: Published, wording: Mapping[str, object], *, about: str, summary: str, by, now: datetime, hold_reason: str = ""
) -> Edition | None:
    """Publish new wording of a current row, in an edition. None where it says the same already.

    `about` is the thing's key in the audit log. Raises HoldIsOn, ChangedMeanwhile.
    """
    after = reworded(row, wording)
    said = "; ".join(f"{c.label}: was “{c.was}”, now “{c.now}”" for c in changes(row, after))
    if not said:
        return None
    key = natural_key(type(row))
    with issuing(kind=Edition.Kind.WORDING, summary=summary, by=by) as edition:
        hold.mind(hold_reason, waits="wording", about=about, by=by, now=now)
        among = type(row)._default_manager.filter(**{name: getattr(row, name) for name in key})
        if not among.current().filter(pk=row.pk).exists():
            raise ChangedMeanwhile("Somebody has changed this wording since you opened it. Load the page again.")
        publish(edition, [after], key=key, among=among, complete=False)
        what = f"{said}. Edition {edition.number}."
        audit.record(audit.Action.WORDING_CHANGED, what=what, by=by, about=about, now=now)
    return edition
