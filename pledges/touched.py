"""Which pledges anything became of between two editions, so that nobody has to read all of them to find the few."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from luton2040.editions import Edition
from pledges.models import PledgeUpdate, PledgeVersion
from pledges.query_forms import SILENT
from pledges.register import fitting


@dataclass(frozen=True)
class Moment:
    """An edition as it was read on a day."""

    edition: Edition
    day: date


def touched(before: Moment, now: Moment) -> set[str]:
    """Slugs of what was said of anew, came in, ended or left, or fell silent: all of these, and perhaps some more."""
    first, last = before.edition.number, now.edition.number
    began = Q(first_edition__gt=first, first_edition__lte=last)
    ended = Q(last_edition__gte=first, last_edition__lt=last)
    found = set(PledgeVersion.objects.filter(began | ended).values_list("pledge", flat=True))
    found.update(PledgeUpdate.objects.filter(began).values_list("pledge", flat=True))
    return found | (_silent(now) - _silent(before))


def _silent(at: Moment) -> set[str]:
    return set(fitting(at.edition, at.day, standing=SILENT).values_list("pledge", flat=True))
