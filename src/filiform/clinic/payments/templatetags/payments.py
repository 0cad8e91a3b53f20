"""Amounts as pages write them, and what a patient owes."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import get_language

from filiform.clinic.patients.models import Patient
from filiform.clinic.payments import money, queries
from filiform.clinic.payments.vocabulary import KINDS, WAYS_IN_WORDS

register = template.Library()


@register.filter
def money_in(amount: int, currency: str) -> str:
    """`account.owed|money_in:currency`"""
    return money.written(amount, currency, get_language() or "en")


@register.filter
def way(code: str) -> str:
    return str(WAYS_IN_WORDS.get(code, code))


@register.filter
def kind(code: str) -> str:
    return str(KINDS.get(code, code))


@register.inclusion_tag("payments/_owed.html", takes_context=True)
def owed_tag(context: Context, patient: Patient) -> dict[str, Any]:
    """In a patient's banner: what is owed, for those who take payments and for nobody else. A debt
    must not stand above what decides about a needle."""
    by = getattr(context.get("request"), "user", None)
    if by is None or not by.may("take-payments"):
        return {"owed": 0}
    owed = queries.balance_of(patient).owed
    return {"patient": patient, "owed": owed, "currency": queries.currency_of(by.organisation_id)}
