"""Who the patient is and how to reach them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.patients.births import Birth, UnreadableBirth, birth_to_type, typed_birth
from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.vocabulary import (
    BOUNDS,
    CONTACT_FIELDS,
    MEASURES,
    RELATIONS,
    SEXES,
)
from filiform.clinic.web.phone_field import PhoneField
from filiform.clinic.web.widgets import Chips


class BirthField(forms.CharField):
    """Cleans to a `Birth`: a day, or as much as is known."""

    widget = forms.TextInput(attrs={"class": "medium", "autocomplete": "off", "dir": "ltr"})

    def has_changed(self, initial: Any, data: Any) -> bool:
        # As typed: compared as births, "about 60" would change with every birthday.
        return (initial or "").strip() != (data or "").strip()

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return typed_birth(text, timezone.localdate())
        except UnreadableBirth as error:
            raise ValidationError(str(error), code="birth") from error


class DetailsForm(forms.Form):
    """Who it is and how to reach them."""

    given_name = forms.CharField(
        label=_("Given name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        help_text=_("Optional"),
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
    birth_date = BirthField(
        label=_("Date of birth"),
        help_text=_("Day first: 5/3/1960. Or what is known: 3/1960, 1960, or an age such as 60"),
    )
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

    birth_before: Birth | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        birth: Birth | None = data.get("birth_date")
        if birth is not None:
            if self.birth_before and "birth_date" not in self.changed_data:
                # "about 60" said last year is the same birth, not one a year later.
                birth = self.birth_before
            data["birth_date"], data["birth_date_known"] = birth.on, birth.known
        return data

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
        # An error below a closed fold would be seen by nobody.
        return any(self[name].value() or self[name].errors for name in (*self.further, *self.kin))

    @classmethod
    def of(cls, patient: Patient, data: Any = None) -> DetailsForm:
        """With what is known of a patient; data: what was sent in its place."""
        now = {name: getattr(patient, name) for name in CONTACT_FIELDS}
        before = Birth(patient.birth_date, patient.birth_date_known)
        form = cls(data, initial={**now, "birth_date": birth_to_type(before)})
        form.birth_before = before
        return form


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

    birth_before: Birth | None = None

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
