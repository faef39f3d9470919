"""Which reminders somebody has had, so that nobody is reminded of one thing twice."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import models, transaction

from luton2040.accounts import User


class Reminder(models.Model):
    person = models.ForeignKey("luton2040.User", models.CASCADE, related_name="reminders")
    thing = models.CharField(max_length=120, help_text="What it was about, such as 'due PV1 2026-01-01/P1Y'")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "thing"], name="one_reminder_of_a_thing_a_person")]

    def __str__(self):
        return f"{self.person}: {self.thing}"


class Thing(NamedTuple):
    """Something that waits for somebody."""

    key: str
    heading: str  # under which a message lists it
    words: str
    path: str  # of the page where it is done


@transaction.atomic
def remind(person: User, things: Sequence[Thing], *, now: datetime, send: Callable[[list[Thing]], None]) -> list[Thing]:
    """Send what this person has not been reminded of yet; if sending fails, none of it counts as sent.

    Safe to run twice at once: the other run waits here, and then finds that all is sent.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    fresh = unsent(person, things)
    if fresh:
        Reminder.objects.bulk_create(Reminder(person=person, thing=thing.key, sent_at=now) for thing in fresh)
        send(fresh)
    return fresh


def unsent(person: User, things: Sequence[Thing]) -> list[Thing]:
    had = set(Reminder.objects.filter(person=person).values_list("thing", flat=True))
    return [thing for thing in things if thing.key not in had]
