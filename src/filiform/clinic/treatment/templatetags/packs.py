"""The plan beside what was done as a part of the treatment page."""

from __future__ import annotations

from typing import Any

from django import template

from filiform.clinic.treatment.beside import plan_beside_done
from filiform.clinic.treatment.page import TreatmentPage

register = template.Library()


@register.inclusion_tag("treatment/_beside.html")
def plan_and_done(page: TreatmentPage) -> dict[str, Any]:
    """The plan beside what was done, for who signs."""
    return {"rows": plan_beside_done(page.cards)}
