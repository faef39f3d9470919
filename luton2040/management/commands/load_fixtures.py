"""Load the framework and its values from files, as one edition. Loading the same files again changes nothing."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import boards.framework
import outcomes.framework
import pledges.framework
import priorities.framework
from luton2040.definitions import Part, Reader
from luton2040.editions import Edition, issuing, publish
from luton2040.problems import Problem
from outcomes import importing, submissions
from outcomes.models import Area, Measure, MeasureVersion, Submission

VALUES = "values.csv"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.BASE_DIR / "fixtures", type=Path)
        parser.add_argument("--check", action="store_true", help="report problems; save nothing")

    def handle(self, *args, folder, check, **options):
        now = timezone.now()
        parts, rows, checksum, problems = read_folder(folder, today=timezone.localdate(now))
        if problems:
            for problem in problems:
                self.stderr.write(f"  {problem}")
            raise CommandError(f"{len(problems)} problem(s) in {folder}. Nothing was changed.")
        if check:
            self.stdout.write(
                f"No problems in {folder}: {sum(len(p.rows) for p in parts)} entries, {len(rows)} values."
            )
            return
        edition = load(parts, rows, checksum, now=now)
        if edition:
            self.stdout.write(f"Loaded {folder.name} as edition {edition.number}: {edition.summary}")
        else:
            self.stdout.write(
                f"{folder.name} holds nothing new: the record is at edition {Edition.objects.current().number}."
            )


def read_folder(folder: Path, *, today) -> tuple[list[Part], list[importing.Row], str, list[Problem]]:
    reader = Reader(folder)
    parts = [
        part
        for app in (priorities.framework, outcomes.framework, pledges.framework, boards.framework)
        for part in app.read(reader)
    ]
    reader.check_constraints()
    measures = next(part.rows for part in parts if part.model is MeasureVersion)
    known = importing.Known({m.measure_id: m for m in measures}, frozenset(reader.known[Area]))
    try:
        data = (Path(folder) / VALUES).read_bytes()
    except OSError:
        reader.problem(VALUES, "", "", "The file is missing or cannot be read.", f"Put it into {folder}.")
        return parts, [], "", reader.problems
    table, problems = importing.read(data, VALUES)
    rows: list[importing.Row] = []
    if table is not None and known.measures.keys() <= reader.known[Measure]:
        rows, more = importing.check(table, name=VALUES, known=known, today=today)
        problems += more
    return parts, rows, hashlib.sha256(data).hexdigest(), reader.problems + problems


def load(parts: list[Part], rows: list[importing.Row], checksum: str, *, now) -> Edition | None:
    """The edition that was issued, or None where the files say what the record says already."""
    with issuing(kind=Edition.Kind.FRAMEWORK, summary="The framework and its values") as edition:
        changed = 0
        for part in parts:
            if part.things:
                type(part.things[0])._default_manager.bulk_create(part.things, ignore_conflicts=True)
            among = part.model._default_manager.all()
            own = {"together": part.together, "theirs": part.theirs()}
            changes = publish(edition, part.rows, key=part.key, among=among, **own)
            changed += len(changes.new) + len(changes.changed) + len(changes.ended)
        values = 0
        if not submissions.already_published(checksum, origin=Submission.Origin.FRAMEWORK):
            submission = submissions.propose(
                rows, origin=Submission.Origin.FRAMEWORK, by=None, now=now, file_name=VALUES, checksum=checksum
            )
            changes = submissions.approve(submission, by=None, now=now, summary=edition.summary, edition=edition)
            values = len(changes.new) + len(changes.changed)
        edition.summary = f"The framework as delivered: {changed:,} entries and {values:,} values."
        if edition.has_changes:
            edition.save(update_fields=["summary"])
    return edition if edition.has_changes else None
