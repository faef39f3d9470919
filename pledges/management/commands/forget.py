"""Delete what is kept of partners no longer: pledges whose address was not confirmed within 7 days, addresses that
speak for nobody half a year after they were last used, and files that nothing names.

For cron, once a day. It may be run again, and twice at once.
"""

from django.core.management.base import BaseCommand
from django.utils import timezone

from outcomes import formatting as words
from pledges.forgetting import forget


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        gone = forget(now=timezone.now())
        counts = (
            words.count(gone.offers, "unconfirmed pledge"),
            words.count(gone.contacts, "address:addresses"),
            words.count(gone.files, "file"),
        )
        self.stdout.write(f"Deleted: {words.listed(counts)}.")
