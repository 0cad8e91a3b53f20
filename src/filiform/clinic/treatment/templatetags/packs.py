"""The opened packs as a part of the treatment page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from filiform.clinic.treatment.beside import plan_beside_done
from filiform.clinic.treatment.packs import pack_panel
from filiform.clinic.treatment.page import TreatmentPage
from filiform.clinic.visits.models import Visit

register = template.Library()


@register.inclusion_tag("treatment/_beside.html")
def plan_and_done(page: TreatmentPage) -> dict[str, Any]:
    """The plan beside what was done, for who signs."""
    return {"rows": plan_beside_done(page.cards)}


@register.inclusion_tag("treatment/_packs.html", takes_context=True)
def packs_at_couch(context: Any, page: TreatmentPage, visit: Visit) -> dict[str, Any]:
    """Nothing in a clinic that keeps no packs here."""
    names = ("request", "csrf_token", "may")
    return {name: context.get(name) for name in names} | {
        "page": page,
        "visit": visit,
        "panel": pack_panel(visit, page.course, timezone.localdate()),
    }
