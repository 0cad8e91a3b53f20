"""Tags of the body: `{% attributes chart %}` and pictures."""

from __future__ import annotations

from django import template
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def attributes(given: dict[str, str]) -> SafeString:
    """Attributes of an element, each with a space before it."""
    return flatatt(given)
