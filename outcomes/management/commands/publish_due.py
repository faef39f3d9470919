"""Publish what was approved for a time that has come.

For cron, every minute: it may be run again at any time, and twice at once. Faults go to the error output.
"""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outcomes import submissions


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        issued = submissions.publish_due(timezone.now())
        for submission, said, failed in issued:
            (self.stderr if failed else self.stdout).write(f"Submission {submission.pk}: {said}")
        if not issued:
            self.stdout.write("Nothing is due.")
        failures = sum(failed for _, _, failed in issued)
        if failures:
            raise CommandError(f"Not published: {failures} of {len(issued)}.")
