"""A time to publish at, as people say it: a day and an hour on the clock of the place, which is moved twice a year."""

from datetime import UTC, datetime
from datetime import date as Day
from datetime import time as Hour

from django.utils import timezone

from outcomes import formatting as words


class NoSuchTime(Exception):
    """The clock never shows it; the message says so, and what to choose."""


def moment(day: Day, hour: Hour) -> datetime:
    """Of an hour that comes twice, when the clocks go back, the first."""
    said = datetime.combine(day, hour)
    at = said.replace(tzinfo=timezone.get_current_timezone(), fold=0)
    on_the_clock = timezone.localtime(at.astimezone(UTC))
    if on_the_clock.replace(tzinfo=None) != said:
        raise NoSuchTime(
            f"On {words.day(day)} the clocks go forward, and never show {hour:%H:%M}. "
            f"Choose another time, such as {on_the_clock:%H:%M}."
        )
    return at


def comes_twice(at: datetime) -> bool:
    """Whether the clocks go back, so that they show this hour once more."""
    local = timezone.localtime(at)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def in_words(at: datetime) -> str:
    """Thursday 29 October 2026, 09:30; of an hour that comes twice, which of the two."""
    local = timezone.localtime(at)
    said = f"{local:%A} {words.day(local.date())}, {local:%H:%M}"
    if not comes_twice(at):
        return said
    which = "first, in summer time" if local.dst() else "second, in winter time"
    return f"{said} (the clocks go back and show {local:%H:%M} twice: this is the {which})"
