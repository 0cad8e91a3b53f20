"""The form field for a telephone number, the same for patients, staff and visitors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from filiform.clinic.web.phones import UnreadableNumber, e164, readable, spoken


class PhoneField(forms.CharField):
    """A telephone number in any notation; the cleaned value is E.164, or empty.

    at_home: a kept number is shown as people in the clinic's country read it out, not with its
    country code. Other people's numbers are not offered by the browser then either.
    """

    def __init__(self, *, at_home: bool = False, **options: Any) -> None:
        self.at_home = at_home
        # The browser must not fill in the number of the member of staff for that of a patient.
        widget = forms.TextInput(
            {
                "type": "tel",
                "autocomplete": "off" if at_home else "tel",
                "dir": "ltr",
                "class": "medium",
            }
        )
        super().__init__(**{"widget": widget, "max_length": 40, **options})

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return e164(text)
        except UnreadableNumber as error:
            raise ValidationError(
                _(
                    "“%(text)s” is not a telephone number. Write it like 0300 1234567, a "
                    "foreign one with + and the country code."
                ),
                params={"text": text},
            ) from error

    def prepare_value(self, value: Any) -> Any:
        if not (isinstance(value, str) and value.startswith("+")):
            return value
        return spoken(value) if self.at_home else readable(value)
