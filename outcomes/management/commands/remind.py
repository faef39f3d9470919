"""Send everybody one message with what newly waits for them: values due, what was sent back or waits for approval,
reviews that boards ask for, pledges to look at.

Partners are asked how a pledge goes that nothing was heard of for a year.

For cron, once a day. Each thing is told once, so it may be run again, and twice at once.
"""

import logging
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from boards.desk import asked
from luton2040.editions import Edition
from outcomes import digest, report
from outcomes.reminders import remind, unsent
from pledges import letters, nudges
from pledges.contacts import LETTER_GOOD_FOR
from pledges.desk import waiting as pledges_waiting
from pledges.partners.access import link_for

ON_THIS_MACHINE = "http://127.0.0.1:8000"
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")

    def handle(self, *args, dry_run, **options):
        site = settings.SITE_URL or (ON_THIS_MACHINE if settings.DEBUG else "")
        if not site:
            raise CommandError("SITE_URL is not set, so links would lead nowhere. Set it, such as https://example.org.")
        edition, now = Edition.objects.current(), timezone.now()
        if edition is None:
            raise CommandError("The record is empty. Load the framework first: python manage.py load_fixtures")
        today = timezone.localdate(now)
        failed = self._staff(edition, today, now, site, dry_run) + self._partners(edition, today, now, site, dry_run)
        if failed:
            raise CommandError(f"Not sent, and tried again next time: {', '.join(failed)}")
        self.stdout.write("Done.")

    def _staff(self, edition, today, now, site, dry_run) -> list[str]:
        """Whom it could not be sent to."""
        more = [*asked.everyones(edition, today), *pledges_waiting.everyones(now)]
        waiting = digest.everyones(edition, today, now, more)
        vision, failed = report.vision_at(edition), []
        for person, things in sorted(waiting.items(), key=lambda each: each[0].email):
            try:
                sent = unsent(person, things) if dry_run else self._remind(person, things, now, vision, site)
            except Exception as error:  # whatever is wrong with one message, the others go out
                logger.exception("No reminder could be sent to user %s", person.pk)
                failed.append(f"{person.email} ({error})")
                continue
            self._tell(person, sent, "Would remind" if dry_run else "Reminded")
        return failed

    def _partners(self, edition, today, now, site, dry_run) -> list[str]:
        """Whom it could not be sent to. No address is told: what a command says is often kept."""
        failed = []
        for contact, silent in nudges.due(edition, today, now):
            try:
                asked = silent if dry_run else nudges.nudge(contact, silent, now=now, send=partial(_ask, site=site))
            except Exception as error:
                logger.exception("%s could not be asked", contact.about)
                failed.append(f"{contact.about} ({type(error).__name__})")
                continue
            if asked:
                self.stdout.write(f"{'Would ask' if dry_run else 'Asked'} {contact.about} about:")
            for pledge in asked:
                self.stdout.write(f"  {pledge.slug}")
        return failed

    def _remind(self, person, things, now, vision, site):
        def send(fresh):
            subject = digest.subject(vision, fresh)
            body = digest.text(person, fresh, vision=vision, site=site)
            send_mail(subject, body, None, [person.email])

        return remind(person, things, now=now, send=send)

    def _tell(self, person, things, verb):
        if things:
            self.stdout.write(f"{verb} {person.email} of:")
        for thing in things:
            self.stdout.write(f"  {thing.key}")


def _ask(contact, silent, *, site):
    """With a link that signs in, and leads on to where there is one pledge to say something about."""
    then = reverse("partners:update", args=[silent[0].slug]) if len(silent) == 1 else ""
    path = link_for(contact, then=then, within=LETTER_GOOD_FOR)
    pledges = [(pledge, reverse("pledges:pledge", args=[pledge.slug])) for pledge in silent]
    how = {"path": path, "sign_in": reverse("partners:sign_in"), "pledges": pledges}
    letters.send(contact.email, "nudge", "how does your pledge go?", site=site, **how)
