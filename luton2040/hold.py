"""The pre-election hold: while it lasts commentary and targets wait; scheduled official statistics go through."""

from datetime import date, datetime

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.timezone import localdate

from luton2040 import audit
from luton2040.editions import wait_for_issuing


class HoldRefused(Exception):
    """Why a hold cannot be set or lifted, for whoever asked."""


class HoldIsOn(Exception):
    """A pre-election hold keeps the record as it is, unless there is a reason for an exception."""


class HoldQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(lifted_at__isnull=True)

    def on(self, day: date) -> "Hold | None":
        return self.standing().filter(starts_on__lte=day, ends_on__gte=day).order_by("-ends_on").first()

    def not_over(self, day: date):
        """Standing today or still to come."""
        return self.standing().filter(ends_on__gte=day)

    def newest_first(self):
        return self.order_by("-starts_on", "-pk")


class Hold(models.Model):
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey("luton2040.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey("luton2040.User", models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="hold_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_lifted_when_and_by_whom_together",
            ),
        ]

    def __str__(self):
        return f"Hold from {date_format(self.starts_on, 'j F Y')} to {date_format(self.ends_on, 'j F Y')}"


@transaction.atomic
def set_hold(*, starts_on: date, ends_on: date, reason: str, by, now: datetime) -> Hold:
    wait_for_issuing()
    other = Hold.objects.standing().filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other:
        raise HoldRefused(f"These days overlap with another: {other}. Lift that one first, or choose other days.")
    hold = Hold.objects.create(starts_on=starts_on, ends_on=ends_on, reason=reason, set_by=by, set_at=now)
    audit.record(audit.Action.HOLD_SET, what=f"{hold}: {reason}", by=by, about=f"hold {hold.pk}", now=now)
    return hold


@transaction.atomic
def lift(hold: Hold, *, by, now: datetime) -> None:
    if not Hold.objects.standing().filter(pk=hold.pk).update(lifted_by=by, lifted_at=now):
        raise HoldRefused("This hold has been lifted already.")
    audit.record(audit.Action.HOLD_LIFTED, what=f"{hold} was lifted.", by=by, about=f"hold {hold.pk}", now=now)
    hold.refresh_from_db()


def mind(reason: str, *, waits: str, about: str, by, now: datetime) -> None:
    """In the transaction that publishes: what a hold makes wait needs a reason, which is put on the record.

    `waits` says what does, such as "wording". Raises HoldIsOn.
    """
    hold = Hold.objects.on(localdate(now))
    if hold is None:
        return
    if not reason.strip():
        raise HoldIsOn(
            f"A pre-election hold is on until {date_format(hold.ends_on, 'j F Y')}: {waits} waits. "
            "Publish it after that day, or give the reason for an exception."
        )
    audit.record(audit.Action.HOLD_EXCEPTION, what=reason.strip(), by=by, about=about, now=now)
