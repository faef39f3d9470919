"""The audit log: who did what and when. It only ever grows; the database refuses everything else (guard)."""

from datetime import datetime

from django.db import connection, models
from django.utils import timezone

TABLE = "luton2040_entry"
REFUSED = "the audit log is append-only"


class Action(models.TextChoices):
    SIGNED_IN = "signed-in", "Signed in"
    SIGN_IN_REFUSED = "sign-in-refused", "Sign-in refused"
    LOCKED_OUT = "locked-out", "Locked out"
    SIGNED_OUT = "signed-out", "Signed out"
    PASSWORD_CHANGED = "password-changed", "Password changed"
    FACTOR_ADDED = "second-factor-added", "Second factor added"
    FACTOR_REMOVED = "second-factor-removed", "Second factor removed"
    DENIED = "denied", "Denied"
    INVITED = "invited", "Invited"
    RENAMED = "renamed", "Name changed"
    ROLES_CHANGED = "roles-changed", "Roles changed"
    OWNERS_CHANGED = "owners-changed", "Measure's officers changed"
    DEACTIVATED = "deactivated", "Deactivated"
    REACTIVATED = "reactivated", "Reactivated"
    HANDED_IN = "handed-in", "Handed in"
    TAKEN_BACK = "taken-back", "Taken back"
    SENT_BACK = "sent-back", "Sent back"
    REOPENED = "reopened", "Reopened"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHED = "published", "Published"
    PUBLISHING_FAILED = "publishing-failed", "Publishing failed"
    HOLD_SET = "hold-set", "Hold set"
    HOLD_LIFTED = "hold-lifted", "Hold lifted"
    HOLD_EXCEPTION = "hold-exception", "Exception to a hold"
    WORDING_CHANGED = "wording-changed", "Wording changed"
    EXPORTED = "exported", "Exported"
    SEATED = "seated", "Seat on a board given"
    UNSEATED = "unseated", "Seat on a board taken"
    MEETING_SET_UP = "meeting-set-up", "Meeting set up"
    MEETING_CHANGED = "meeting-changed", "Meeting changed"
    MEETING_REMOVED = "meeting-removed", "Meeting removed"
    REVIEW_ASKED = "review-asked-for", "Review asked for"
    SIGNED_OFF = "signed-off", "Review signed off"
    REVIEW_REOPENED = "review-reopened", "Review reopened"
    REVIEW_VISIBILITY = "review-visibility", "Review made public or private"
    ACTION_RECORDED = "action-recorded", "Action recorded"
    ACTION_CHANGED = "action-changed", "Action changed"
    LINK_MADE = "link-made", "Link made"
    LINK_REVOKED = "link-revoked", "Link revoked"
    REPLIED = "replied", "Reply given"
    OFFERED = "offered", "Offered by a partner"
    OFFER_ASKED = "offer-asked", "Partner asked"
    OFFER_ANSWERED = "offer-answered", "Partner answered"
    OFFER_CORRECTED = "offer-corrected", "Offer corrected"
    OFFER_DECLINED = "offer-declined", "Offer declined"
    OFFER_TAKEN_BACK = "offer-taken-back", "Offer taken back"
    CONTACT_ADDED = "contact-added", "Contact of an organisation added"
    CONTACT_REMOVED = "contact-removed", "Contact of an organisation removed"


def actions() -> list[tuple[str, str]]:
    """By name, so that a new action needs no migration."""
    return Action.choices


class EntryQuerySet(models.QuerySet):
    def about(self, key: str):
        return self.filter(about=key)

    def of_action(self, action: str):
        return self.filter(action=action)

    def by_person(self, user):
        return self.filter(by=user)

    def since(self, moment: datetime):
        return self.filter(at__gte=moment)

    def before(self, moment: datetime):
        return self.filter(at__lt=moment)

    def oldest_first(self):
        return self.order_by("at", "pk")

    def newest_first(self):
        return self.order_by("-at", "-pk")


class Entry(models.Model):
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=30, choices=actions)
    by = models.ForeignKey("luton2040.User", models.PROTECT, null=True, blank=True, related_name="+")
    by_email = models.CharField(max_length=254, blank=True, help_text="The address as it was then")
    about = models.CharField(max_length=80, blank=True, db_index=True, help_text="Such as 'submission 12' or 'user 3'")
    what = models.TextField(help_text="One plain sentence")
    address = models.CharField(max_length=300, blank=True, help_text="Path of the page, without its query")

    objects = EntryQuerySet.as_manager()

    class Meta:
        db_table = TABLE
        verbose_name_plural = "entries"

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_email or 'nobody'}: {self.what}"


def record(action: Action, *, what: str, by=None, about="", address="", now: datetime | None = None) -> Entry:
    """Call it in the transaction of what it tells of, so that neither is there without the other."""
    by = by if by is not None and by.is_authenticated else None
    return Entry.objects.create(
        at=now or timezone.now(),
        action=action,
        by=by,
        by_email=by.email if by else "",
        about=about,
        what=_plain(what),
        address=_plain(address)[:300],
    )


def _plain(text: str) -> str:
    """PostgreSQL keeps no NUL, and an address may hold one."""
    return text.replace("\0", "")


# --- the guard: triggers that hold against any program that opens the database ---

GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{event} BEFORE {event} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for event in ("update", "delete")
    ]
    + [
        # INSERT OR REPLACE puts a row in the place of another without an update or a delete.
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_replace BEFORE INSERT ON {TABLE} "
        f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    ],
    "postgresql": [
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE OR REPLACE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
    ],
}


def guard(**kwargs) -> None:
    """After every migrate, as SQLite drops a table's triggers when a migration changes the table."""
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            for statement in GUARDS[connection.vendor]:
                cursor.execute(statement)
