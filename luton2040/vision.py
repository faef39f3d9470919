"""The place and its vision: what the whole site is named after. Another place replaces it in fixtures/."""

from django.db import models

from luton2040.editions import Published, in_order, one_current


def texts(**options):
    """A short list of plain sentences or slugs that is only ever shown whole."""
    return models.JSONField(default=list, blank=True, **options)


class Vision(Published):
    place = models.CharField(max_length=60, help_text="The place, as in 'life in …'")
    name = models.CharField(max_length=60)
    subtitle = models.CharField(max_length=120, blank=True)
    sentence = models.CharField(max_length=300)
    horizon = models.DateField(help_text="The day by which the targets are to be reached")
    home_area = models.CharField(max_length=9, help_text="GSS code of the place")
    comparators = texts(help_text="GSS codes drawn beside it, nearest first")
    publisher = models.CharField(max_length=120)
    publisher_url = models.URLField(blank=True)
    framework_note = models.TextField(help_text="What is official and what is not, for every page that needs it")
    developments_by = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Year of the next developments")
    mission_name = models.CharField(max_length=120)
    mission_hub = models.CharField(max_length=60, help_text="Two or three words for the middle of the wheel")
    mission_summary = models.TextField()
    mission_why = models.TextField(blank=True)
    mission_note = models.TextField(blank=True)
    mission_goals = texts(help_text="text, by, outcome (code)")
    mission_measure = models.JSONField(default=dict, blank=True, help_text="name, how, caution, not_published, figures")
    history = texts(help_text="label, text, source")
    roles = texts(help_text="The council's role in numbers: text, note, source")
    sources = texts()

    class Meta:
        constraints = [*in_order(), one_current("place")]
