"""Thin filters over what is said and drawn of pledges."""

from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from pledges import badge, sentences

register = template.Library()

for _name in ("made", "silence", "ended", "by_when", "kind_note"):
    register.filter(_name, getattr(sentences, _name))
register.filter("commitments_stand", sentences.standing)
register.filter("kind_label", sentences.kind)
register.filter("said_by", sentences.label)
register.filter("speaker", sentences.speaker)
register.filter("stage_said", sentences.stage)


@register.filter
def site(url):
    """Where a link leads: the name of the site alone."""
    return urlsplit(url).hostname or url


@register.filter
def stands(reports):
    """Of one report or of several."""
    return sentences.stands(reports if isinstance(reports, list) else [reports])


@register.filter
def stage_badge(stage, said=""):
    """How far a commitment is, as its sign and word; `said` in place of the word alone. None: nobody has reported."""
    slug, word = (stage.value, stage.label) if stage else ("unreported", "Nothing reported yet")
    return format_html(
        '<span class="status stage-{}"><svg class="sign" viewBox="0 0 20 20" aria-hidden="true">{}</svg>{}</span>',
        slug,
        mark_safe(badge.SIGNS[stage]),
        said or word,
    )
