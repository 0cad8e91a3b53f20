"""From when until when is counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.web.fields import DayField
from filiform.clinic.web.widgets import Day

USUAL_DAYS = 90
LONGEST_DAYS = 3660


class PeriodForm(forms.Form):
    """Both days included; nothing entered means the last 90 days."""

    first = DayField(label=_("From"), widget=Day)
    last = DayField(label=_("Until"), widget=Day)

    def __init__(self, data: Any) -> None:
        today = timezone.localdate()
        usual = {"first": today - timedelta(days=USUAL_DAYS - 1), "last": today}
        # Bound to the usual days, so that the page counts at once and the fields show which.
        super().__init__(data if data.get("first") or data.get("last") else usual)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and first > last:
            raise forms.ValidationError(_("The first day is after the last; change one of them."))
        if first and last and (last - first).days > LONGEST_DAYS:
            raise forms.ValidationError(_("Choose a period of at most ten years."))
        return found

    def days(self) -> tuple[date, date] | None:
        """None when what was entered cannot be used."""
        if not self.is_valid():
            return None
        return self.cleaned_data["first"], self.cleaned_data["last"]
