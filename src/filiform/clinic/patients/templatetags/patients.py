"""Telephone numbers, sexes and ages as pages write them."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.functional import Promise

from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.vocabulary import SEXES_IN_A_SENTENCE
from filiform.clinic.web.phones import spoken

register = template.Library()


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
