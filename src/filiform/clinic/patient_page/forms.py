"""What a phone sends."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from filiform.letters import whole_number


def _part(label: Any, digits: int, complete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=digits,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": complete, "size": digits}),
    )


class BirthForm(forms.Form):
    """Day, month and year, as GOV.UK asks for a date one remembers."""

    day = _part(_("Day"), 2, "bday-day")
    month = _part(_("Month"), 2, "bday-month")
    year = _part(_("Year"), 4, "bday-year")

    def clean(self) -> dict[str, Any]:
        numbers = [
            whole_number(self.cleaned_data.get(name) or "", digits=4)
            for name in ("year", "month", "day")
        ]
        try:
            # 0 is no day, month or year: what is missing is refused like a day that there is not.
            found = date(*[one or 0 for one in numbers])
        except ValueError:
            raise ValidationError(
                _(
                    "This is not a day of the calendar. Write it with numbers, for example 9, "
                    "3, 1984."
                )
            ) from None
        return {"birth": found, "code": ""}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code from the clinic, six digits"),
        # As people write it down, with blanks or dashes in it.
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        digits = "".join(str(int(one)) for one in self.cleaned_data["code"] if one.isdecimal())
        if len(digits) != 6:
            raise ValidationError(_("The code has six digits."))
        return digits

    def clean(self) -> dict[str, Any]:
        return {"birth": None, "code": self.cleaned_data.get("code", "")}
