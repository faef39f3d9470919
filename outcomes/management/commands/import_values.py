"""Check a CSV file of values and say what it would change; with --publish, publish it for two named people."""

import hashlib
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from outcomes import importing, submissions
from outcomes.models import AreaVersion, MeasureVersion, Submission

SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="publish it as an edition, where it has no problem")
        parser.add_argument("--proposed-by", metavar="EMAIL")
        parser.add_argument("--approved-by", metavar="EMAIL")
        parser.add_argument("--summary", default="New values", help="one line for the public log of changes")

    def handle(self, *args, file, publish, **options):
        now = timezone.now()
        data = self._read(file)
        checksum = hashlib.sha256(data).hexdigest()
        rows = self._checked(data, file.name, today=timezone.localdate(now))
        difference = submissions.compare(rows)
        self._show(difference)
        if not difference.new and not difference.changed:
            self.stdout.write("The record says all of this already. Nothing to do.")
            return
        if not publish:
            self.stdout.write("Nothing was saved. Add --publish --proposed-by EMAIL --approved-by EMAIL to publish it.")
            return
        proposer, approver = self._person(options["proposed_by"]), self._person(options["approved_by"])
        try:
            with transaction.atomic():
                submission = submissions.propose(
                    rows, origin=Submission.Origin.FILE, by=proposer, now=now, file_name=file.name, checksum=checksum
                )
                submissions.approve(submission, by=approver, now=now, summary=options["summary"])
        except submissions.NotAllowed as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Published.")

    def _read(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error

    def _checked(self, data: bytes, name: str, *, today) -> list[importing.Row]:
        known = importing.Known(
            {m.measure_id: m for m in MeasureVersion.objects.current()},
            frozenset(AreaVersion.objects.current().values_list("area_id", flat=True)),
        )
        table, problems = importing.read(data, name)
        rows: list[importing.Row] = []
        if table is not None:
            rows, more = importing.check(table, name=name, known=known, today=today)
            problems = problems + more
        for problem in problems:
            self.stderr.write(f"  {problem}")
        if problems:
            raise CommandError(f"{len(problems)} problem(s) in {name}. Nothing was changed.")
        return rows

    def _show(self, difference: submissions.Difference) -> None:
        self.stdout.write(f"New: {len(difference.new)}. Changed: {len(difference.changed)}. Same: {difference.same}.")
        for old, row in difference.changed[:SHOWN]:
            self.stdout.write(
                f"  {row.measure_id} {row.area_id} {row.period_start}: {old.value.normalize():f} -> {row.value}"
            )
        if len(difference.changed) > SHOWN:
            self.stdout.write(f"  and {len(difference.changed) - SHOWN} more")

    def _person(self, email: str | None):
        person = get_user_model().objects.filter(email__iexact=email or "").first()
        if person is None:
            raise CommandError(
                f"There is nobody with the e-mail address {email or '(none given)'}. Nothing was changed."
            )
        return person
