"""Another dose for a chosen item, by steppers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from filiform.clinic.programme.actions import dose_from
from filiform.clinic.programme.models import ProgrammeItem
from filiform.clinic.programme.vocabulary import DOSE
from filiform.programme import ExerciseDose


class ExerciseDoseForm(forms.Form):
    """The parts of the dose that the item has, and a note for the patient."""

    note = forms.CharField(
        required=False,
        max_length=300,
        label=_("Note for the patient"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, row: ProgrammeItem, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"note": row.note, **row.dose})
        kwargs.setdefault("auto_id", f"id_{row.pk}_%s")
        super().__init__(*args, **kwargs)
        self.parts = [part for part in DOSE if part in row.dose]
        for part in self.parts:
            bound = DOSE[part]
            self.fields[part] = forms.IntegerField(
                label=str(bound.name),
                min_value=bound.least,
                max_value=bound.most,
                widget=forms.NumberInput(
                    {"inputmode": "numeric", "data-step": bound.step, "class": "short"}
                ),
            )
        self.order_fields([*self.parts, "note"])

    def steppers(self) -> list[forms.BoundField]:
        return [self[part] for part in self.parts]

    def dose(self) -> ExerciseDose | None:
        return dose_from(self.cleaned_data, self.parts)
