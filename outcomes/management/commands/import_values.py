"""Check a file of values and say what it would change; with --publish, publish it for two named people.

A CSV file has the columns of fixtures/values.csv; a workbook may be one of the site's own downloads.
"""

import hashlib
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from luton2040.editions import Edition
from luton2040.problems import Problem
from luton2040.roles import Act, may, refusal
from luton2040.verbs import NotAllowed
from luton2040.vision import Vision
from outcomes import arranging, importing, publishing, sheets, submissions
from outcomes.models import AreaVersion, MeasureVersion, Submission
from outcomes.series import periods
from outcomes.workbooks import ZIP

SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="publish it as an edition, where it has no problem")
        parser.add_argument("--proposed-by", metavar="EMAIL")
        parser.add_argument("--approved-by", metavar="EMAIL")
        parser.add_argument("--reason", default="", help="why published values change, as readers are told it")
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
        reason = options["reason"].strip() if difference.changed else ""
        if difference.changed and not reason:
            raise CommandError("Published values would change. Say why with --reason: readers are told.")
        proposer = self._person(options["proposed_by"], Act.OPEN_DESK)
        approver = self._person(options["approved_by"], Act.APPROVE)
        try:
            with transaction.atomic():
                file_of = {"origin": Submission.Origin.FILE, "file_name": file.name, "checksum": checksum}
                submission = submissions.propose(rows, by=proposer, now=now, public_reason=reason, **file_of)
                submissions.approve(submission, by=approver, now=now, summary=options["summary"])
        except NotAllowed as error:
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
        reads = self._workbook if data.startswith(ZIP) else self._csv
        rows, problems = reads(data, name, known=known, today=today)
        for problem in problems:
            self.stderr.write(f"  {problem}")
        if problems:
            raise CommandError(f"{len(problems)} problem(s) in {name}. Nothing was changed.")
        return rows

    def _csv(self, data: bytes, name: str, **given) -> tuple[list[importing.Row], list[Problem]]:
        table, problems = importing.read(data, name)
        if table is None:
            return [], problems
        rows, more = importing.check(table, name=name, **given)
        return rows, problems + more

    def _workbook(self, data: bytes, name: str, *, known, today) -> tuple[list[importing.Row], list[Problem]]:
        sheet, problems = sheets.read(data, name)
        if sheet is None:
            return [], problems
        edition = Edition.objects.current()
        if edition is None:
            raise CommandError("The record is empty. Load the framework first: manage.py load_fixtures.")
        home = Vision.objects.at(edition).get().home_area
        series = periods(edition, measures=known.measures, area=home)
        taken = arranging.take(sheet, known=known, today=today, home_area=home, series=series)
        for note in taken.notes:
            self.stdout.write(note)
        return taken.rows, taken.problems

    def _show(self, difference: publishing.Difference) -> None:
        self.stdout.write(f"New: {len(difference.new)}. Changed: {len(difference.changed)}. Same: {difference.same}.")
        for old, row in difference.changed[:SHOWN]:
            self.stdout.write(
                f"  {row.measure_id} {row.area_id} {row.period_start}: {old.value.normalize():f} -> {row.value}"
            )
        if len(difference.changed) > SHOWN:
            self.stdout.write(f"  and {len(difference.changed) - SHOWN} more")

    def _person(self, email: str | None, act: Act):
        person = get_user_model().objects.filter(email__iexact=email or "").first()
        if person is None:
            raise CommandError(
                f"There is nobody with the e-mail address {email or '(none given)'}. Nothing was changed."
            )
        if not may(person, act):
            raise CommandError(f"{person}: {refusal(act)} Nothing was changed.")
        return person
