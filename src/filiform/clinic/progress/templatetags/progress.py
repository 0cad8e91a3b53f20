"""`{% load progress %}{% pain_chart patient %}`: the chart with its table, on any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString

from filiform.clinic.progress.picture import picture

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

register = template.Library()


@register.simple_tag
def pain_chart(patient: Patient) -> SafeString:
    return picture(patient).html
