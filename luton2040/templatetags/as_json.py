"""A value for a script to read from an attribute, where a <script> of data would have to stand in the page."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder)
