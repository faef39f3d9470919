"""Whose wording each edition changed: names only, of everything published that has a name, in every app."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.apps import apps
from django.db.models import CharField, Q, QuerySet, Value

from luton2040.editions import Published
from luton2040.wording import natural_key

NAMES = ("short_label", "name", "title", "label", "text")  # the first of these that a thing has is what it is called


class Touched(NamedTuple):
    """A version that an edition began or ended."""

    first: int
    last: int | None
    kind: str
    key: str
    name: str


def told(editions: Collection[int], *, listed: int) -> dict[int, list[str]]:
    """In one query. Which things were reworded, which came and which went, a sentence each."""
    began, ended = defaultdict(dict), defaultdict(dict)
    first, *others = (_versions(model, name, editions) for model, name in _named())
    for row in (Touched(*values) for values in first.union(*others, all=True)):
        began[row.first][row.kind, row.key] = row
        if row.last is not None:
            ended[row.last + 1][row.kind, row.key] = row
    found = {}
    for number in editions:
        new, old = began[number], ended[number]
        parts = {
            "Wording changed": [new[key] for key in new.keys() & old.keys()],
            "Added": [new[key] for key in new.keys() - old.keys()],
            "Removed": [old[key] for key in old.keys() - new.keys()],
        }
        found[number] = [f"{what}: {_names(rows, listed)}." for what, rows in parts.items() if rows]
    return found


def _named() -> list[tuple[type[Published], str]]:
    """Each kind of thing that has a name, and the field that holds it."""
    found = []
    for model in apps.get_models():
        if issubclass(model, Published):
            fields = {f.name for f in model._meta.concrete_fields}
            found += [(model, name) for name in NAMES if name in fields][:1]
    return found


def _versions(model: type[Published], name: str, editions: Collection[int]) -> QuerySet:
    (key,) = natural_key(model)
    touched = Q(first_edition__in=editions) | Q(last_edition__in=[number - 1 for number in editions])
    kind = str(model._meta.verbose_name).removesuffix(" version")
    rows = model._default_manager.filter(touched).order_by()
    return rows.values_list("first_edition", "last_edition", Value(kind, CharField()), key, name)


def _names(rows: list[Touched], listed: int) -> str:
    names = [f"{row.kind} “{row.name}”" for row in sorted(rows, key=lambda row: (row.kind, row.name))]
    more = len(names) - listed
    return "; ".join(names[:listed] if more <= 0 else [*names[:listed], f"{more:,} more"])
