"""A field that people don't see and machines fill in; for every form of the public site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class TrapForm(forms.Form):
    """token: of `sieve.token_for`. website: the trap."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("website"):
            # A browser may have filled it in for a real person: say so, and let them send again.
            self.data = {**{name: self.data[name] for name in self.data}, "website": ""}
            raise ValidationError(
                _("A field that people don't see was filled in. Press Send again to continue.")
            )
        return data
