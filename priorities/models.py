"""The priorities, the plans that serve it and the sources they rest on.

A thing that others point at (a priority, a plan) is a row of its own that never changes; what is said of it is a
published version.
"""

from django.db import models

from luton2040.editions import Published, in_order, one_current
from luton2040.vision import texts


class Standing(models.TextChoices):
    """Who says so: a published source, or this project's own reading."""

    PUBLISHED = "published", "Published"
    INFERRED = "inferred", "Our reading"


class Priority(models.Model):
    slug = models.SlugField(primary_key=True)

    class Meta:
        verbose_name_plural = "priorities"

    def __str__(self):
        return self.slug


class PriorityVersion(Published):
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="versions")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    statement = models.TextField()
    summary = models.TextField()
    strategy = models.CharField(max_length=200, blank=True)
    strategy_plans = texts()
    developments = texts()
    developments_note = models.TextField(blank=True)
    projects = texts(help_text="text, source")
    sources = texts()

    class Meta:
        ordering = ["position"]
        constraints = [*in_order(), one_current("priority")]


class Plan(models.Model):
    slug = models.SlugField(primary_key=True, max_length=80)

    def __str__(self):
        return self.slug


class PlanVersion(Published):
    class State(models.TextChoices):
        CURRENT = "current", "In force"
        IN_DEVELOPMENT = "in-development", "Being prepared"
        ENDED_IN_USE = "ended-still-in-use", "Ended, still in use"
        SUPERSEDED = "superseded", "Replaced"
        PREDECESSOR = "predecessor", "Came before the vision"
        NAMED_ONLY = "named-only", "Named, not seen"
        UNKNOWN = "unknown", "Not known whether in force"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    year_from = models.PositiveSmallIntegerField(null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(null=True, blank=True)
    owner = models.CharField(max_length=90, help_text="board:slug or org:slug")
    owner_standing = models.CharField(max_length=10, choices=Standing)
    priorities = texts()
    state = models.CharField(max_length=20, choices=State)
    is_major = models.BooleanField(default=False)
    targets = texts(help_text="text, by")
    note = models.TextField(blank=True)
    sources = texts()

    class Meta:
        ordering = ["position"]
        constraints = [*in_order(), one_current("plan")]


class Source(Published):
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=250)
    publisher = models.CharField(max_length=120)
    kind = models.CharField(max_length=30)
    date = models.CharField(max_length=10, blank=True, help_text="As exact as the source gives it")
    url = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = [*in_order(), one_current("slug")]


class Fact(Published):
    """One figure quoted as its source states it, never used in a calculation."""

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=80)
    period = models.CharField(max_length=120, blank=True)
    source_name = models.CharField(max_length=250)
    source_url = models.URLField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    is_headline = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [*in_order(), one_current("key")]

    @property
    def unit_in_words(self) -> str:
        """What follows the figure; ranks, pounds and shares carry their unit in the figure itself."""
        if self.unit.startswith("rank of"):
            return self.unit.removeprefix("rank ")
        return "" if self.unit in ("pounds", "per cent", "rank") else self.unit
