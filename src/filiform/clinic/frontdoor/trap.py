"""A field that people don't see and machines fill in; for every form of the public site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """The last value of each field, as widgets read it: `{**querydict}` would give lists."""
    return {name: data[name] for name in data}


class TrapForm(forms.Form):
    """token: of `sieve.token_for`. website: the trap."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        # Neither the tab key nor a browser's memory may lead a person into it.
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("website"):
            # A browser may have filled it in for a real person: say so, and let them send again.
            self.data = {**plain(self.data), "website": ""}
            raise ValidationError(
                _("A field that people don't see was filled in. Press Send again to continue.")
            )
        return data
