"""The banner that names the patient on every page about them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.functional import Promise

from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.vocabulary import SEXES_IN_A_SENTENCE
from filiform.clinic.record.phones import spoken

register = template.Library()

FLAGS_SHOWN = 3
"""So many safety flags stand in the banner, the weightiest first; the rest behind one link."""


@register.inclusion_tag("patients/_banner_body.html")
def patient_banner(patient: Patient) -> dict[str, Any]:
    """Who it is, what speaks against needling, whether they consented, what is in them now."""
    from filiform.clinic.consent.queries import state
    from filiform.clinic.intake.queries import safety_flags
    from filiform.clinic.treatment.queries import needles_in

    today = timezone.localdate()
    flags = safety_flags(patient, today)
    return {
        "patient": patient,
        "age": patient.age_on(today),
        "flags": flags[:FLAGS_SHOWN],
        "all_flags": len(flags),
        "more_flags": max(0, len(flags) - FLAGS_SHOWN),
        "consent": state(patient),
        "needles": list(needles_in(patient)),
    }


@register.filter
def phone(number: str) -> str:
    """A telephone number as people read it out."""
    return spoken(number)


@register.filter
def sex_in_words(sex: str) -> str | Promise:
    return SEXES_IN_A_SENTENCE.get(sex, sex)


@register.filter
def age_on(patient: Patient) -> int:
    """Whole years today."""
    return patient.age_on(timezone.localdate())
