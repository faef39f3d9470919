"""Reading the framework: YAML and CSV files whose keys are the fields of the models.

The models are the only description of what an entry may hold: every fault is found by the field itself. All faults
are collected; nothing is saved here.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value

from luton2040.editions import Published
from luton2040.problems import Problem


@dataclass(frozen=True)
class Part:
    """What one kind of published row should say, in full."""

    model: type[Published]
    rows: list[Published]
    key: tuple[str, ...]
    things: list[models.Model] = field(default_factory=list)  # what the versions are of; never changed once there
    together: tuple[str, ...] = ()  # rows that have these in common are people's own once people changed one of them
    theirs: Callable[[], frozenset[tuple]] = frozenset  # what else is people's own by now, by `together`


class OnceLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A safe loader that refuses a key given twice, of which YAML would silently let the last one win."""

    def construct_mapping(self, node, deep=False):
        if isinstance(node, yaml.MappingNode):
            keys = []
            for key_node, _ in node.value:
                key = self.construct_object(key_node, deep=True)
                if key in keys:
                    raise yaml.constructor.ConstructorError(None, None, f"{key!r} is given twice", key_node.start_mark)
                keys.append(key)
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node):
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:  # the 30th of February: left to the field, which knows its entry
            return node.value


OnceLoader.add_constructor("tag:yaml.org,2002:timestamp", OnceLoader.construct_yaml_timestamp)


class Reader:
    """Reads the files of one folder; `problems` grows as it goes."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        self.problems: list[Problem] = []
        self.known: dict[type[models.Model], set[str]] = {}
        self.good: list[tuple[Published, str, str]] = []  # rows without a fault of their own, with file and place
        self.doubled: set[str] = set()  # files in which an entry is there twice

    def problem(self, file: str, place: str, column: str, what: str, mend: str) -> None:
        self.problems.append(Problem(file, place, column, what, mend))

    def text(self, file: str) -> str:
        try:
            return (self.folder / file).read_text(encoding="utf-8-sig")
        except OSError:
            self.problem(file, "", "", "The file is missing or cannot be read.", f"Put it into {self.folder.name}/.")
        except UnicodeDecodeError:
            self.problem(file, "", "", "The file is not UTF-8 text.", "Save it again as UTF-8.")
        return ""

    def mapping(self, file: str) -> dict:
        return self._yaml(file, dict, "names with values")

    def entries(self, file: str) -> Iterator[dict]:
        yield from self._mappings(self._yaml(file, list, "a list of entries"), file, "entry")

    def nested(self, entry: dict, name: str, *, file: str, place: str) -> Iterator[dict]:
        """The entries under that name, taken out of the entry; none where there are none."""
        yield from self._mappings(self.taken(entry, name, list, file=file, place=place), file, f"{place}, {name}")

    def _mappings(self, found: list, file: str, place: str) -> Iterator[dict]:
        for number, entry in enumerate(found, 1):
            if isinstance(entry, dict):
                yield entry
            else:
                self.problem(
                    file, f"{place} {number}", "", "The entry is not names with values.", "Write 'name: value' lines."
                )

    def _yaml(self, file: str, kind: type, said: str):
        try:
            content = yaml.load(self.text(file), Loader=OnceLoader)  # noqa: S506 - a SafeLoader
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            what = getattr(error, "problem", None) or " ".join(str(error).split())
            place = f"line {mark.line + 1}" if mark else ""
            self.problem(file, place, "", f"The file is not valid YAML: {what}.", "Mend it there.")
            return kind()
        if content is None:
            return kind()
        if not isinstance(content, kind):
            self.problem(file, "", "", f"The file does not hold {said}.", "Compare it with the file delivered.")
            return kind()
        return content

    def table(self, file: str) -> Iterator[dict]:
        """Each row by its column names, and its place; rows are numbered as a spreadsheet does, the header being 1."""
        try:
            lines = list(csv.reader(io.StringIO(self.text(file), newline=""), strict=True))
        except csv.Error as error:
            self.problem(file, "", "", f"The file is not a comma-separated table: {error}.", "Save it again as CSV.")
            return
        header = [name.strip() for name in lines[0]] if lines else []
        for number, cells in enumerate(lines[1:], 2):
            if not cells:
                continue
            if len(cells) != len(header):
                self.problem(file, f"row {number}", "", "The row has too many or too few cells.", "Count its commas.")
            else:
                named = zip(header, (cell.strip() for cell in cells), strict=True)
                yield {"place": f"row {number}"} | dict(named)

    def taken(self, entry: dict, name: str, kind: type, *, file: str, place: str):
        """The list or mapping of that name, taken out of the entry; empty where there is none."""
        value = entry.pop(name, None)
        if value is not None and not isinstance(value, kind):
            self.problem(file, place, name, f"A {kind.__name__} is wanted here.", f"It was {value!r}.")
        return value if isinstance(value, kind) else kind()

    def names(
        self, thing: type[models.Model], names: list[str], file: str, *, may_be_none: bool = False
    ) -> list[models.Model]:
        """The things that versions are of, by their natural key; each may be named once."""
        if not names and not may_be_none:
            # Read as it stands, it would end everything of its kind.
            self.problem(file, "", "", "The file holds no entry.", "Add the entries, or bring back the file delivered.")
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                self.doubled.add(file)
                self.problem(file, f"entry {name}", "", "The entry is there twice.", "Keep one of them.")
            try:
                thing._meta.pk.clean(name, None)
            except ValidationError as error:
                self.problem(file, f"entry {name}", thing._meta.pk.name, " ".join(error.messages), "Give it another.")
        self.known[thing] = set(names)
        return [thing(pk=name) for name in dict.fromkeys(names)]

    def row(self, model: type[Published], data: dict, *, file: str, place: str, **given) -> Published:
        """One row of `model`; faults go to `problems`, and the row is then not fit to be saved."""
        row, faults = model(), len(self.problems)
        fields = {f.name: f for f in model._meta.concrete_fields if f.attname in model.content_fields()}
        if not isinstance(data, dict):
            self.problem(file, place, "", "The entry is not names with values.", "Write 'name: value' lines.")
            return row
        open_to_file = fields.keys() - given.keys()
        for name in sorted(data.keys() - open_to_file, key=str):
            self.problem(
                file, place, name, "There is no such field.", f"Use one of: {', '.join(sorted(open_to_file))}."
            )
        for name, f in fields.items():
            value = given[name] if name in given else data.get(name)
            try:
                setattr(row, f.attname, self._cleaned(f, value, row))
            except ValidationError as error:
                self.problem(
                    file, place, name, " ".join(error.messages), f"It was {value!r}." if value else "Fill it in."
                )
        if len(self.problems) == faults:
            self.good.append((row, file, place))
        return row

    def _cleaned(self, f: models.Field, value, row):
        if value is None or value == "":
            value = f.get_default() if f.has_default() or f.blank and not f.null else None
            if value is None and f.null:
                return None
        if isinstance(f, models.ForeignKey):
            if not isinstance(value, str) or value not in self.known.get(f.related_model, ()):
                raise ValidationError(f"{value!r} is not a known {f.related_model._meta.verbose_name}.")
            return value
        if isinstance(f, models.JSONField):
            if not isinstance(value, type(f.get_default())):
                raise ValidationError(f"A {type(f.get_default()).__name__} is wanted here.")
        elif not isinstance(f, models.BooleanField) and value is not None:
            if isinstance(value, bool) or not isinstance(value, str | int | float | date):
                raise ValidationError("One text, number or day is wanted here; words such as yes and no need quotes.")
            # As it was written: the field then refuses what it cannot hold exactly.
            value = value if isinstance(value, date) and isinstance(f, models.DateField) else str(value).strip()
        return f.clean(value, row)

    def check_constraints(self) -> None:
        """What the database would refuse although each field is right: within one row, or in two rows together."""
        by_model = defaultdict(list)
        for found in self.good:
            by_model[type(found[0])].append(found)
        for model, found in by_model.items():
            for constraint in model._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    self._check_each(constraint, found)
                else:
                    self._check_once(constraint, found)

    def _check_each(self, constraint: models.CheckConstraint, found: list[tuple[Published, str, str]]) -> None:
        held = {}  # by the values that the rule looks at, which many rows share
        rule = constraint.name.replace("_", " ")
        for row, file, place in found:
            values = values_for(constraint.condition, row)
            if values not in held:
                held[values] = holds(constraint.condition, values)
            if not held[values]:
                self.problem(file, place, "", f"The entry breaks the rule “{rule}”.", "Compare its values.")

    def _check_once(self, constraint: models.UniqueConstraint, found: list[tuple[Published, str, str]]) -> None:
        groups = defaultdict(list)
        for row, file, place in found:
            if file not in self.doubled:
                of = tuple(getattr(row, row._meta.get_field(name).attname) for name in constraint.fields)
                groups[of].append((row, file, place))
        for group in groups.values():
            if len(group) > 1:
                alike = [g for g in group if holds(constraint.condition, values_for(constraint.condition, g[0]))]
                for _, file, place in alike[1:]:
                    what = f"The same {' and '.join(constraint.fields)} is there twice."
                    self.problem(file, place, constraint.fields[-1], what, "Keep one of them.")


def values_for(condition: Q, row: models.Model) -> tuple:
    """What the condition of a constraint looks at in a row, as pairs of field and value."""
    fields = (row._meta.get_field(name) for name in sorted(condition.referenced_base_fields))
    return tuple((f, getattr(row, f.attname)) for f in fields)


def holds(condition: Q, values: tuple) -> bool:
    """Whether a row that is not saved satisfies the condition, by the database's own reckoning."""
    return condition.check({f.name: Value(value, f) for f, value in values})
