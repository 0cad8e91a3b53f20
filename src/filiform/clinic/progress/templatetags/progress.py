"""`{% load progress %}{% pain_chart patient %}`: the chart with its table, on any page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from filiform.clinic.progress.picture import picture

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

register = template.Library()


@register.inclusion_tag("progress/_pain_chart.html")
def pain_chart(patient: Patient) -> dict[str, Any]:
    return {"picture": picture(patient)}
