"""What the pathway shows on the pages of all rooms: the rail, the banner, what forbids a needle.

Rooms lie below the pathway and can't ask it in Python; their templates name these tags, which
every template may use without loading them.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from filiform.clinic.consent.queries import GOING_ON, state, visit_state
from filiform.clinic.intake.queries import disagreements, safety_flags
from filiform.clinic.pathway import rail as rails
from filiform.clinic.pathway.gate import reasons_with_addresses
from filiform.clinic.pathway.gathering import before_needling
from filiform.clinic.pathway.state import BEGUN_BY_STARTING
from filiform.clinic.patients.files import closed_into
from filiform.clinic.patients.models import Patient
from filiform.clinic.treatment.queries import needles_in
from filiform.clinic.visits.models import Visit
from filiform.reasons import Reason

register = template.Library()

FLAGS_SHOWN = 3
"""So many safety flags stand in the banner, the weightiest first; the rest behind one link."""


@register.inclusion_tag("pathway/_banner.html", takes_context=True)
def patient_banner(context: Context, patient: Patient) -> dict[str, Any]:
    """Who it is, what speaks against needling, whether they consented, what is in them now.

    On a page of a visit that is going on, consent is told of that visit.
    """
    today = timezone.localdate()
    visit = context.get("visit")
    flags = safety_flags(patient, today)
    return {
        "request": context["request"],
        "patient": patient,
        "flags": flags[:FLAGS_SHOWN],
        "all_flags": len(flags),
        "more_flags": max(0, len(flags) - FLAGS_SHOWN),
        "consent": visit_state(visit) if visit and visit.state in GOING_ON else state(patient),
        "needles": list(needles_in(patient)),
        "closed": closed_into(patient),
        "disagree": len(disagreements(patient)),
    }


@register.inclusion_tag("pathway/_rail.html", takes_context=True)
def rail(context: Context) -> dict[str, Any]:
    """The steps of the visit of this page. After an htmx answer it replaces the one in the page."""
    entries = rails.rail(context["visit"], by=context["request"].user, on=timezone.localdate())
    return {"rail": entries, "step": context.get("step", ""), "oob": context.get("oob", False)}


@register.simple_tag(takes_context=True)
def against_needling(context: Context, visit: Visit) -> list[tuple[Reason, str]]:
    """What stands against starting now, each with the page where it is mended."""
    found = reasons_with_addresses(visit, by=context["request"].user, on=timezone.localdate())
    # The start itself brings the patient into the room.
    return [one for one in found if one[0].code != BEGUN_BY_STARTING]


@register.simple_tag(takes_context=True)
def remove_all(context: Context, visit: Visit) -> bool:
    """Whether consent was taken back while needles are in: they all come out, none may go in."""
    return before_needling(visit, by=context["request"].user, on=timezone.localdate()).remove_all
