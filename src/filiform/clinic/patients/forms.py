"""Who the patient is and how to reach them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.vocabulary import (
    BOUNDS,
    CONTACT_FIELDS,
    MEASURES,
    OLDEST_YEARS,
    RELATIONS,
    SEXES,
)
from filiform.clinic.web.fields import DayField
from filiform.clinic.web.phone_field import PhoneField
from filiform.clinic.web.widgets import Chips, Day


class DetailsForm(forms.Form):
    """Who it is and how to reach them."""

    given_name = forms.CharField(
        label=_("Given name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        help_text=_("May be left empty"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=SEXES,
        widget=Chips,
        help_text=_("As clinically relevant: it decides which safety questions are asked"),
    )
    birth_date = DayField(label=_("Date of birth"), widget=Day)
    phone = PhoneField(
        at_home=True,
        required=False,
        label=_("Telephone"),
        help_text=_("In any notation: 0300 1234567"),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        widget=Chips,
        initial="ur",
        help_text=_("For written information"),
    )
    other_phone = PhoneField(at_home=True, required=False, label=_("Second telephone"))
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "dir": "auto"}),
    )
    kin_name = forms.CharField(
        label=_("Next of kin"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    kin_relation = forms.ChoiceField(
        label=_("Relation"), choices=RELATIONS, required=False, widget=Chips
    )
    kin_phone = PhoneField(at_home=True, required=False, label=_("Telephone of the next of kin"))

    first: tuple[str, ...] = ("given_name", "family_name", "sex", "birth_date", "phone", "language")
    further: tuple[str, ...] = ("other_phone", "email", "address")
    kin: tuple[str, ...] = ("kin_name", "kin_relation", "kin_phone")

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        today = timezone.localdate()
        if born > today:
            raise ValidationError(_("This date is in the future. Check the year."))
        if born.year < today.year - OLDEST_YEARS:
            raise ValidationError(
                _("This is more than %(years)s years ago. Check the year."),
                params={"years": OLDEST_YEARS},
            )
        return born

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CONTACT_FIELDS}

    def group(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return self.group(self.further)

    @property
    def kin_fields(self) -> list[forms.BoundField]:
        return self.group(self.kin)

    @property
    def further_open(self) -> bool:
        """Whether something stands, or is wrong, below the fold."""
        return any(self[name].value() or self[name].errors for name in (*self.further, *self.kin))

    @classmethod
    def of(cls, patient: Patient) -> DetailsForm:
        return cls(initial={name: getattr(patient, name) for name in CONTACT_FIELDS})


def measure_field(kind: str, *, required: bool = False) -> forms.FloatField:
    low, high = BOUNDS[kind]
    return forms.FloatField(
        label=MEASURES[kind],
        required=required,
        min_value=low,
        max_value=high,
        widget=forms.NumberInput(attrs={"class": "short", "step": "any", "inputmode": "decimal"}),
    )


class RegisterForm(DetailsForm):
    """A new patient. The id is made with the page, so that a double tap registers once."""

    patient_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    message = forms.UUIDField(widget=forms.HiddenInput, required=False)
    height_cm = measure_field("height_cm")
    weight_kg = measure_field("weight_kg")

    further = (*DetailsForm.further, "height_cm", "weight_kg")


class MeasureForm(forms.Form):
    """Height and weight on a day; one of them is enough."""

    height_cm = measure_field("height_cm")
    weight_kg = measure_field("weight_kg")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and data.get("height_cm") is None and data.get("weight_kg") is None:
            raise ValidationError(_("Enter a height or a weight."))
        return data

    def values(self) -> dict[str, float]:
        return {kind: value for kind, value in self.cleaned_data.items() if value is not None}


class WhyForm(forms.Form):
    """Why something is taken back."""

    why = forms.CharField(label=_("Why"), max_length=300, min_length=3)
