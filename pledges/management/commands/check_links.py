"""Follow the links that partners give as evidence: once a week, and again the next day where one failed.

For cron, once a day. Officers see what came of it. One at a time, and none into this machine's own network.
"""

from functools import partial

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from luton2040.editions import Edition
from pledges import links
from pledges.following import Web, follow


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", dest="every", help="also those that were followed lately")

    def handle(self, *args, every, **options):
        edition = Edition.objects.current()
        if edition is None:
            raise CommandError("The record is empty. Load the framework first: python manage.py load_fixtures")
        web = Web(agent=f"luton2040-link-check (+{settings.SITE_URL})")
        found = links.to_follow(edition, timezone.now(), every=every)
        for url in found:
            check = links.check(url, follow=partial(follow, web=web), now=timezone.now)
            self.stdout.write(f"{check.get_result_display()}: {url} {check.said}".rstrip())
        forgotten = links.forget_others(edition)
        self.stdout.write(f"{len(found)} followed; {forgotten} forgotten, as nobody names them any more.")
