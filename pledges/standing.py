"""Whether a pledge has fallen silent: nothing was heard of it for a year or longer.

Nothing here calls a pledge kept or late: only whoever reports on it can say so.
"""

import re
from datetime import date

from django.db.models import TextChoices

from outcomes.periods import A_DAY, Period, add_months

SILENT_AFTER_MONTHS = 12
_DURATIONS = {4: "P1Y", 7: "P1M", 10: "P1D"}  # by how many characters it is written with
_AS_KNOWN = re.compile(r"(19|20)[0-9]{2}(-[0-9]{2}(-[0-9]{2})?)?")


class Stage(TextChoices):
    """How far a commitment is, in the words of whoever reports it."""

    NOT_STARTED = "not-started", "Not started"
    UNDER_WAY = "under-way", "Under way"
    DONE = "done", "Done"
    CHANGED = "changed", "Changed"
    ENDED = "ended", "Ended"


TOLD_FIRST = (Stage.DONE, Stage.UNDER_WAY, Stage.NOT_STARTED, Stage.CHANGED, Stage.ENDED)  # the order of counts


def period_of(day: str) -> Period:
    """What a day means that is as exact as is known: 2023, 2023-03 or 2023-03-22. Anything else is a ValueError."""
    if not _AS_KNOWN.fullmatch(day):
        raise ValueError(f"{day!r} is not a year, a month or a day such as 2023, 2023-03 or 2023-03-22")
    rest = "-01-01"[len(day) - 4 :]
    return Period(date.fromisoformat(day + rest), _DURATIONS[len(day)])


def heard_on(*, said_on: date | None, made_on: str, first_shown_on: date, today: date) -> date:
    """When a pledge was last heard of: by an update or by its making, else when the register first showed it.

    A year or month of making counts from its end, and nothing counts from a day to come.
    """
    days = [day for day in (said_on, period_of(made_on).end if made_on else None) if day]
    return min(max(days, default=first_shown_on), today)


def silent_months(*, heard: date, today: date) -> int:
    """Whole months in which nothing was heard; a month that lacks that day of the month is whole on its last day."""
    months = (today.year - heard.year) * 12 + today.month - heard.month
    return months if add_months(heard, months) <= today else months - 1


def is_silent(*, heard: date, today: date) -> bool:
    return silent_months(heard=heard, today=today) >= SILENT_AFTER_MONTHS


# --- the same rule for a database, which compares days ---


def silent_until(today: date) -> date:
    """What was last heard of on this day or before it is silent; what was heard of later is not."""
    day = add_months(today, -SILENT_AFTER_MONTHS)
    while is_silent(heard=day + A_DAY, today=today):  # 28 February comes round for a 29th too
        day += A_DAY
    return day


# To a day as it is written, one that is less exact gets the last day of any month: 2023 is then 2023-12-31 and
# 2023-02 is 2023-02-31, which sorts after every day of it.
LAST_DAYS = "-12-31"


def as_written(day: date) -> str:
    """A day that is compared with those that LAST_DAYS was added to: the last of its month comes after all of them."""
    is_last = (day + A_DAY).day == 1
    return f"{day:%Y-%m}-31" if is_last else day.isoformat()
