"""Telephone numbers, sexes and ages as pages write them."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from filiform.clinic.patients.births import birth_in_words
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
def age_in_words(patient: Patient) -> str:
    """ "66 years", or "about 66 years" where the day of birth isn't known."""
    age = patient.age_on(timezone.localdate())
    if age < 2:
        return _("under 2 years")
    if patient.birth_date_known in ("year", "age"):
        return _("about %(age)s years") % {"age": age}
    return _("%(age)s years") % {"age": age}


@register.filter
def born(patient: Patient) -> str:
    """The birth as far as it is known: "5 Mar 1960", "1960", "about 1960"."""
    return birth_in_words(patient.birth_date, patient.birth_date_known)
