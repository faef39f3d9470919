"""What is not public of pledges: what partners hand in, the addresses they wrote from, files, questions, checked links.

What the public sees is put beside it by publishing (pledges/publishing.py).
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from luton2040.editions import Edition

PERSON = "luton2040.User"


class Contact(models.Model):
    """An e-mail address that was confirmed, and the organisations that it speaks for. Never public; can be deleted."""

    email = models.EmailField(unique=True)
    organisations = models.ManyToManyField("pledges.Organisation", related_name="contacts", blank=True)
    confirmed_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When it was last used to sign in or to hand something in")
    sign_ins = models.PositiveIntegerField(default=0, help_text="A link to sign in is good for the next one only")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="contact_in_small_letters")]

    def __str__(self):
        return self.email

    @property
    def about(self) -> str:
        """As the audit log names it, which never holds the address: the log cannot be deleted from."""
        return f"contact {self.pk}"


class Evidence(models.Model):
    """A file that shows what a partner says, cleaned when it came. Kept in the database, so that one backup holds all.

    Public where a published update names it.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        PNG = "png", "PNG picture"
        JPEG = "jpg", "JPEG picture"

    key = models.SlugField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=3, choices=Kind)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes")
    added_at = models.DateTimeField()

    def __str__(self):
        return f"{self.key}.{self.kind}"


class OfferQuerySet(models.QuerySet):
    def to_moderate(self):
        """What an officer has to do something about, oldest first."""
        return self.filter(state=Offer.State.WAITING).order_by("confirmed_at", "pk")

    def confirmed(self):
        """Nobody reads an offer before its address was confirmed."""
        return self.exclude(state=Offer.State.UNCONFIRMED)

    def open(self):
        return self.filter(state__in=(Offer.State.WAITING, Offer.State.ASKED))

    def newest_first(self):
        return self.order_by("-handed_in_at", "-pk")


class Offer(models.Model):
    """What a partner hands in: a new pledge, or an update, a change or the end of one that is in the register.

    `typed` is what the partner last handed in; `corrected` what an officer made of it, empty until then. The shape of
    both is in pledges/content.py. `key` is that of the form that was filled in, so that sending it twice is once.
    """

    class Kind(models.TextChoices):
        NEW = "new", "New pledge"
        UPDATE = "update", "Update"
        CHANGE = "change", "Change of wording"
        END = "end", "End of a pledge"

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "Address not confirmed"
        WAITING = "waiting", "Waiting for an officer"
        ASKED = "asked", "Waiting for the partner’s answer"
        PUBLISHED = "published", "Published"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"

    kind = models.CharField(max_length=6, choices=Kind)
    state = models.CharField(max_length=11, choices=State)
    key = models.CharField(max_length=32, unique=True)
    pledge = models.ForeignKey("pledges.Pledge", models.PROTECT, null=True, blank=True, related_name="offers")
    organisation = models.ForeignKey(
        "pledges.Organisation", models.PROTECT, null=True, blank=True, related_name="offers", help_text="Who offers it"
    )
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="offers")
    email = models.EmailField(blank=True, help_text="Until it is confirmed; then there is a contact")
    typed = models.JSONField(default=dict)
    corrected = models.JSONField(default=dict, blank=True)
    evidence = models.ForeignKey(Evidence, models.SET_NULL, null=True, blank=True, related_name="offers")
    saves = models.PositiveIntegerField(default=0)
    handed_in_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unconfirmed", confirmed_at__isnull=True, contact__isnull=True)
                | (~Q(state="unconfirmed") & Q(confirmed_at__isnull=False, email="")),
                name="offer_keeps_an_address_until_it_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("published", "declined"), decided_by__isnull=False, decided_at__isnull=False)
                | (~Q(state__in=("published", "declined")) & Q(decided_by__isnull=True, decided_at__isnull=True)),
                name="offer_decided_by_whom_and_when_together",
            ),
            models.CheckConstraint(
                condition=Q(state="published", edition__isnull=False, pledge__isnull=False, organisation__isnull=False)
                | (~Q(state="published") & Q(edition__isnull=True)),
                name="offer_published_in_an_edition",
            ),
            models.CheckConstraint(
                condition=Q(kind="new") | Q(pledge__isnull=False, organisation__isnull=False),
                name="offer_about_a_pledge_by_an_organisation",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decision_note=""), name="offer_declined_with_a_reason"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def about(self) -> str:
        return f"offer {self.pk}"

    @property
    def content(self) -> dict:
        """What would be published: as an officer corrected it, else as the partner typed it."""
        return self.corrected or self.typed

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.ASKED)


class Question(models.Model):
    """What an officer asks the partner about an offer, and the answer."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="questions")
    text = models.TextField()
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer"], condition=Q(answered_at__isnull=True), name="one_open_question_an_offer"
            )
        ]

    def __str__(self):
        return self.text


class Nudge(models.Model):
    """That a contact was asked how a silent pledge goes on, so that nobody is asked too often."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="nudges")
    pledge = models.ForeignKey("pledges.Pledge", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "pledge"], name="one_nudge_a_contact_a_pledge")]

    def __str__(self):
        return f"{self.pledge_id}, {self.sent_at:%Y-%m-%d}"


class LinkCheck(models.Model):
    """What came of following an evidence link, for officers."""

    class Result(models.TextChoices):
        WORKS = "works", "Works"
        GONE = "gone", "Not found"
        FAILS = "fails", "Does not answer as it should"
        REFUSED = "refused", "Not followed, for safety"

    url = models.URLField(max_length=500, unique=True)
    checked_at = models.DateTimeField()
    result = models.CharField(max_length=7, choices=Result)
    said = models.CharField(max_length=300, blank=True, help_text="What happened, in words")
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result="works", failing_since__isnull=True)
                | (~Q(result="works") & Q(failing_since__isnull=False, failing_since__lte=F("checked_at"))),
                name="link_fails_since_a_time_or_works",
            )
        ]

    def __str__(self):
        return f"{self.url}: {self.result}"
