"""What went wrong, in the reader's words: for the list of what was done and for the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.treatment.emergencies import emergencies
from filiform.clinic.treatment.vocabulary import (
    CALLED_WORDS,
    CONSCIOUSNESS_WORDS,
    GRADE_WORDS,
    OUTCOME_WORDS,
)
from filiform.clinic.web.times import comma

if TYPE_CHECKING:
    from filiform.clinic.treatment.models import Act


def event_note(act: Act) -> str:
    """One act of an event in a few words."""
    told = act.details
    if act.kind == "event":
        known = emergencies().get(told.get("event_kind", ""))
        return known.name.in_language(get_language() or "en") if known else ""
    if act.kind == "event-step":
        return str(told["step"] + 1)
    if act.kind == "called":
        return str(CALLED_WORDS.get(told["who"], told["who"]))
    if act.kind == "vitals":
        return vitals_in_words(told)
    words = (OUTCOME_WORDS.get(told["outcome"], ""), GRADE_WORDS.get(told["grade"], ""))
    return f"{comma()} ".join(str(word) for word in words if word)


def vitals_in_words(told: dict[str, Any]) -> str:
    """ "pulse 84, 120/80 mmHg, SpO2 98 %": what was measured, in this order."""
    parts = []
    if "pulse" in told:
        parts.append(_("pulse %(pulse)s") % {"pulse": told["pulse"]})
    if "systolic" in told:
        parts.append(f"{told['systolic']}/{told['diastolic']} mmHg")
    if "saturation" in told:
        parts.append(f"SpO2 {told['saturation']} %")
    if "consciousness" in told:
        parts.append(str(CONSCIOUSNESS_WORDS.get(told["consciousness"], "")))
    return f"{comma()} ".join(parts)
