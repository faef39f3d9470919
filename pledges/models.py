"""Organisations that own plans and actions and, in time, make pledges."""

from django.db import models

from luton2040.editions import Published, in_order, one_current
from priorities.models import Standing


class Organisation(models.Model):
    slug = models.SlugField(primary_key=True, max_length=80)

    def __str__(self):
        return self.slug


class OrganisationVersion(Published):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    kind_standing = models.CharField(max_length=10, choices=Standing)
    url = models.URLField(max_length=500, blank=True)
    is_anchor = models.BooleanField(default=False, help_text="Named in public as an anchor institution")

    class Meta:
        constraints = [*in_order(), one_current("organisation")]
