"""How an action with money says no."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from filiform.clinic.facts.amending import ChangedMeanwhile
from filiform.clinic.payments import money
from filiform.clinic.payments.models import PackageSale, Payment
from filiform.reasons import Reason


class PaymentRefused(Exception):
    """Leaves the transaction without a trace; carries why."""

    def __init__(self, code: str, **params: Any) -> None:
        self.reason = Reason(code, params=params)


def amount_told(amount: int, currency: str) -> str:
    return money.written(amount, currency, get_language() or "en")


def still_current(row: Payment | PackageSale) -> None:
    """Raises ChangedMeanwhile for a row that was amended or voided since it was read."""
    if not type(row).objects.current().filter(pk=row.pk).exists():
        raise ChangedMeanwhile
