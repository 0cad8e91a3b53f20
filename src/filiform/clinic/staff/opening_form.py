"""The form for days on which a site's weekly hours don't hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from filiform.clinic.staff.models import OpeningException
from filiform.clinic.staff.openings import in_order
from filiform.clinic.staff.site_form import URDU, PeriodsField
from filiform.clinic.web.fields import DayField
from filiform.clinic.web.times import written
from filiform.clinic.web.widgets import Day

LONGEST_DAYS = 366
"""Longer than any season (design value); what is meant to last belongs into the weekly hours."""


class OpeningExceptionForm(forms.Form):
    title = forms.CharField(
        label=_("What is it?"),
        max_length=120,
        help_text=_("As patients read it, for example: Eid al-Fitr, or Ramadan hours."),
    )
    title_ur = forms.CharField(
        label=_("The same in Urdu"), max_length=120, required=False, widget=forms.TextInput(URDU)
    )
    first_on = DayField(label=_("First day"), widget=Day)
    last_on = DayField(
        label=_("Last day"),
        required=False,
        widget=Day,
        help_text=_("Leave empty for a single day."),
    )
    hours = PeriodsField(
        label=_("Opening hours on these days"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"class": "medium", "dir": "ltr"}),
        help_text=_("Write 10:00-14:00, 16:00-20:00. Leave it empty when you are closed."),
    )
    also_closed_days = forms.BooleanField(
        label=_("Also open on weekdays when we are otherwise closed"), required=False
    )

    @staticmethod
    def values_of(exception: OpeningException) -> dict[str, Any]:
        return {name: getattr(exception, name) for name in OpeningExceptionForm.base_fields}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_on"), data.get("last_on") or data.get("first_on")
        if first and last:
            if last < first:
                raise ValidationError(
                    _("The last day (%(last)s) is before the first (%(first)s). Swap them."),
                    params={"first": written(first), "last": written(last)},
                )
            if (last - first).days >= LONGEST_DAYS:
                raise ValidationError(
                    _(
                        "These are %(days)s days; at most %(most)s are laid over the weekly hours. "
                        "What lasts longer belongs into the site's weekly hours."
                    ),
                    params={"days": (last - first).days + 1, "most": LONGEST_DAYS},
                )
        # In order, whatever was typed: the pages print them as they are kept.
        hours = [list(period) for period in in_order(data.get("hours") or [])]
        # A single day is meant as it is written, whichever weekday it is.
        single = first is not None and first == last
        also = bool(hours) and (single or bool(data.get("also_closed_days")))
        return {**data, "last_on": last, "hours": hours, "also_closed_days": also}
