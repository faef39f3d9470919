"""Thin filters over formatting.py."""

import json

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from outcomes import charts, formatting, neighbours, sentences
from priorities import wheel

register = template.Library()

register.filter("amount", formatting.amount)
register.filter("plain", formatting.plain)
register.filter("size", formatting.size)
register.filter("exactly", neighbours.exact)
register.filter("percent", formatting.percent)
register.filter("day", formatting.day)
register.filter("period", formatting.period_name)
register.filter("period_short", formatting.period_short)
register.filter("markers", formatting.markers)
register.filter("listed", formatting.listed)
register.filter("closed", formatting.closed)
register.filter("count_of", formatting.count)

for _name in (
    "latest",
    "takeaway",
    "reason",
    "way",
    "trend",
    "projection",
    "freshness",
    "comparison",
):
    register.filter(f"{_name}_sentence", getattr(sentences, _name))
register.filter("counted", sentences.counted)
register.filter("latest_value", sentences.latest_value)
register.filter("latest_short", sentences.latest_short)
register.filter("way_first", lambda report: sentences.sentence(sentences.way(report)))
register.filter("goal_sentence", sentences.goal)
register.filter("goal_result", sentences.goal_result)
register.filter("or_better", sentences.at_most)
register.filter("illustrative_sentence", sentences.illustrative)
register.filter("agreed", sentences.agreed)
register.filter("revision_sentence", lambda report, revision: sentences.revision(revision, report.measure))


@register.filter
def badge(status):
    """A status as its sign and word. Not an included template: a page shows forty of them."""
    return format_html(
        '<span class="status {0}"><svg class="glyph {1}" aria-hidden="true"><use href="#g-{1}"/></svg>{2}</span>',
        status.family.slug,
        status.slug,
        status.label,
    )


@register.filter
def sparkline(report):
    return mark_safe(charts.sparkline(report))


register.filter("quoted", formatting.quoted)
register.filter("fact_amount", formatting.fact)


@register.filter
def gauge(report):
    found = report.assessment
    return mark_safe(wheel.gauge(*found.shares, is_known=report.is_judged))


@register.filter
def as_text(value):
    """A field's value as it would be typed: a list one a line, nothing for none."""
    return "\n".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


@register.filter
def get(mapping, key):
    return mapping.get(key, "")


@register.filter
def ld_json(data):
    """JSON for a script element: what could end the element or open another is escaped, as json_script does it."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_IN_SCRIPT))


_IN_SCRIPT = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
