"""The written reason for needling in spite of a relative contraindication."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from filiform.clinic.assessment.judgement import LEAST_JUSTIFICATION
from filiform.clinic.web.fields import DayField
from filiform.clinic.web.widgets import Day

LETTER_LASTS_DAYS = 90
"""How long a letter is taken to hold unless it says otherwise. Design value."""


class JustificationForm(forms.Form):
    """minlength stands in the browser as well; the action decides."""

    rule = forms.CharField(widget=forms.HiddenInput, max_length=60)
    text = forms.CharField(
        label=_("Why needle despite this, and what will be done differently?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "minlength": LEAST_JUSTIFICATION, "dir": "auto"}),
    )


class ClearanceForm(forms.Form):
    """A letter of the treating doctor, as it was seen."""

    rule = forms.CharField(widget=forms.HiddenInput, max_length=60)
    from_whom = forms.CharField(label=_("Who cleared the patient?"), max_length=200)
    given_on = DayField(label=_("Date of the letter"), widget=Day)
    valid_until = DayField(label=_("Valid until"), widget=Day)
    says = forms.CharField(
        label=_("What it allows, and under which conditions"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    @classmethod
    def empty(cls, rule: str, on: date) -> ClearanceForm:
        initial = {
            "rule": rule,
            "given_on": on,
            "valid_until": on + timedelta(days=LETTER_LASTS_DAYS),
        }
        return cls(initial=initial, auto_id=f"id_{rule}_letter_%s")
