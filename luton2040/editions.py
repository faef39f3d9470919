"""Editions: the one way in which the public record changes.

Every row that the public sees says in which edition it first appeared and, once superseded, in which it last did.
A reader holds one edition number for the whole page, so a page never mixes two editions: rows that a writer adds
carry a higher number, and rows that a writer supersedes stay visible at the reader's number.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone

ISSUING_LOCK = 2040_0001  # any number that nothing else in the database locks on


class ChangedMeanwhile(Exception):
    """Somebody else superseded the same rows first. Nothing was saved: load the page again and repeat."""


class EditionQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-number")

    def current(self) -> "Edition | None":
        return self.newest_first().first()


class Edition(models.Model):
    class Kind(models.TextChoices):
        FRAMEWORK = "framework", "Framework and wording"
        VALUES = "values", "New values"
        CORRECTION = "correction", "Correction"
        TARGETS = "targets", "Targets and milestones"
        SERIES = "series", "New series"
        WORDING = "wording", "Wording"
        PLEDGE = "pledge", "Pledge"
        REVIEW = "review", "Board review"

    number = models.PositiveIntegerField(primary_key=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("luton2040.User", models.PROTECT, null=True, blank=True, related_name="editions")
    kind = models.CharField(max_length=12, choices=Kind)
    summary = models.CharField(max_length=300)

    objects = EditionQuerySet.as_manager()

    has_changes = False  # set while it is being issued; not stored, because an edition without changes is not kept

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="edition_numbers_start_at_one")]

    def __str__(self):
        return f"Edition {self.number}"


class PublishedQuerySet(models.QuerySet):
    def at(self, edition: "Edition | int"):
        """What the public sees in this edition. Nothing public is read in any other way."""
        number = edition if isinstance(edition, int) else edition.number
        return self.filter(first_edition__lte=number).filter(Q(last_edition__isnull=True) | Q(last_edition__gte=number))

    def current(self):
        return self.filter(last_edition__isnull=True)


class Published(models.Model):
    first_edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    last_edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", null=True, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def content_fields(cls) -> list[str]:
        """The fields that make two rows say the same to the public."""
        outside = {"id", "first_edition", "last_edition", *getattr(cls, "not_content", ())}
        return [f.attname for f in cls._meta.concrete_fields if f.name not in outside]


def in_order() -> list[models.BaseConstraint]:
    """The constraint that every published model carries."""
    return [
        models.CheckConstraint(
            condition=Q(last_edition__isnull=True) | Q(last_edition__gte=F("first_edition")),
            name="%(app_label)s_%(class)s_editions_in_order",
        )
    ]


def one_current(*fields: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=fields, condition=Q(last_edition__isnull=True), name="%(app_label)s_%(class)s_one_current"
    )


@dataclass
class Changes:
    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    ended: list = field(default_factory=list)
    same: int = 0

    def __bool__(self):
        return bool(self.new or self.changed or self.ended)


def wait_for_issuing() -> None:
    """Until this transaction ends, no other issues an edition or decides that one may be issued."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ISSUING_LOCK])


@contextmanager
def issuing(*, kind: str, summary: str, by=None) -> Iterator[Edition]:
    """One transaction that issues one edition; an edition in which nothing was published is not issued.

    Editions are issued one at a time: SQLite's IMMEDIATE transaction holds the only write lock from its first
    statement, PostgreSQL takes an advisory lock that ends with the transaction.
    """
    with transaction.atomic():
        wait_for_issuing()
        last = Edition.objects.current()
        edition = Edition.objects.create(
            number=last.number + 1 if last else 1, issued_at=timezone.now(), issued_by=by, kind=kind, summary=summary
        )
        yield edition
        if not edition.has_changes:
            edition.delete()


def publish(
    edition: Edition,
    wanted: Iterable[Published],
    *,
    key: tuple[str, ...],
    among=None,
    complete: bool = True,
    together: tuple[str, ...] = (),
    theirs: frozenset[tuple] = frozenset(),
) -> Changes:
    """Make the current rows say what `wanted` says, superseding rows that differ.

    `among` is the queryset that the wanted rows stand for (default: all rows of their model); with `complete`,
    current rows in it that are not wanted end with the edition before this one. A framework edition leaves alone what
    people have changed: rows of that key, or all with the same `together`, and `theirs`. Raises ChangedMeanwhile.
    """
    wanted, changes = list(wanted), Changes()
    if among is None:
        if not wanted:
            return changes
        among = type(wanted[0])._default_manager.all()
    content, together = among.model.content_fields(), together or key
    theirs |= changed_by_people(among, together) if edition.kind == Edition.Kind.FRAMEWORK else frozenset()
    current = {_values(row, key): row for row in among.current() if _values(row, together) not in theirs}
    fresh = []
    for row in wanted:
        old = current.pop(_values(row, key), None)
        says_the_same = old is not None and _values(old, content) == _values(row, content)
        if says_the_same or _values(row, together) in theirs:
            changes.same += 1
            continue
        row.first_edition = edition
        fresh.append(row)
        changes.new.append(row) if old is None else changes.changed.append((old, row))
    if complete:
        changes.ended.extend(current.values())
    supersede(edition, among.model, [old.pk for old, _ in changes.changed] + [old.pk for old in changes.ended])
    among.model._default_manager.bulk_create(fresh, batch_size=2000)
    edition.has_changes = edition.has_changes or bool(changes)
    return changes


def _values(row: Published, names: Iterable[str]) -> tuple:
    return tuple(getattr(row, name) for name in names)


def changed_by_people(among, names: tuple[str, ...]) -> frozenset[tuple]:
    """What the delivered framework leaves alone: whatever an edition of another kind ever began or ended."""
    editions = Edition.objects.exclude(kind=Edition.Kind.FRAMEWORK)
    by_people = frozenset(editions.values_list("number", flat=True))
    rows = among.filter(~Q(first_edition__kind=Edition.Kind.FRAMEWORK) | Q(last_edition__isnull=False))
    return frozenset(
        tuple(of)
        for first, last, *of in rows.values_list("first_edition", "last_edition", *names)
        if first in by_people or last is not None and last + 1 in by_people
    )


def supersede(edition: Edition, model: type[Published], pks: list[int]) -> None:
    """Compare-and-set: only rows that are still current end, and all of them must."""
    done = 0
    for start in range(0, len(pks), 500):
        batch = pks[start : start + 500]
        done += model._default_manager.filter(pk__in=batch, last_edition__isnull=True).update(
            last_edition_id=edition.number - 1
        )
    if done != len(pks):
        raise ChangedMeanwhile(f"{len(pks) - done} of {len(pks)} rows had already been superseded.")
