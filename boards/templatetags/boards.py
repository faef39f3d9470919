"""Thin filters over what is said and drawn of boards."""

from datetime import date

from django import template
from django.utils.safestring import mark_safe

from boards import actions, diagram, horizon, reviews, sentences
from outcomes import formatting

register = template.Library()

register.filter("told", sentences.told)
register.filter("headline", sentences.headline)
register.filter("gone", sentences.gone)
register.filter("closing", sentences.closed)
register.filter("standing", actions.standing)
register.filter("milestone_ahead", horizon.what)
register.filter("first_after", horizon.first_after)
register.filter("parts", reviews.parts)


@register.filter
def stands_bar(tallies):
    return mark_safe(diagram.bar(tallies))


@register.filter
def way_to(remit, report):
    return remit.way_to(report)


@register.filter
def label_of(reports, code):
    return next((report.outcome.short_label for report in reports if report.code == code), code)


@register.filter
def as_query(edition):
    """What holds an address in an edition."""
    return f"?edition={edition.number}"


@register.filter
def counts(tally):
    """2 outcomes moved: the number, and of what."""
    return [phrase.split(" ", 1) for phrase in tally]


@register.filter
def iso_day(text):
    return formatting.day(date.fromisoformat(text))


@register.filter
def any_ahead(horizons):
    return any(found for _, found in horizons)


@register.filter
def by_risk(ahead):
    """How many stand at each risk at which any does."""
    counted = [(risk, sum(each.risk is risk for each in ahead)) for risk in horizon.Risk]
    return [(risk, number) for risk, number in counted if number]


@register.simple_tag
def risk_rule():
    return horizon.RISK_RULE
