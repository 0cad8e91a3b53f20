"""The written reason for needling in spite of a relative contraindication."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from filiform.clinic.assessment.judgement import LEAST_JUSTIFICATION


class JustificationForm(forms.Form):
    """minlength stands in the browser as well; the action decides."""

    rule = forms.CharField(widget=forms.HiddenInput, max_length=60)
    text = forms.CharField(
        label=_("Why needle all the same, and what is done differently?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "minlength": LEAST_JUSTIFICATION, "dir": "auto"}),
    )
