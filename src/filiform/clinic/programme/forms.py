"""Another dose for a chosen item, by steppers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.clinic.programme.actions import dose_from
from filiform.clinic.programme.models import ProgrammeItem
from filiform.clinic.programme.vocabulary import CAUSE_STATES, DECISIONS
from filiform.programme import BOUNDS, ExerciseDose, causes


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
        # One of these for each exercise stands on the page, and an id may stand there once.
        kwargs.setdefault("auto_id", f"id_{row.pk}_%s")
        super().__init__(*args, **kwargs)
        # What the exercise doesn't have (a hold, of walking) is not asked about.
        self.parts = [part for part in BOUNDS if part in row.dose]
        for part in self.parts:
            bound = BOUNDS[part]
            self.fields[part] = forms.IntegerField(
                label=bound.name.in_language(get_language() or "en"),
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


class CauseForm(forms.Form):
    """One tap: how a cause stands."""

    cause = forms.ChoiceField(choices=[(name, name) for name in causes()])
    state = forms.ChoiceField(choices=list(CAUSE_STATES.items()))


class CarePlanForm(forms.Form):
    """The plan of care. The bounds that hang together are the action's."""

    visits = forms.IntegerField(label=_("Visits, at most"), min_value=1, max_value=99)
    needling = forms.IntegerField(label=_("With needles, at most"), min_value=0, max_value=99)
    starts_on = forms.DateField(label=_("Begins"))
    review_on = forms.DateField(label=_("Review"))
    ends_on = forms.DateField(label=_("Ends"))
    decided = forms.ChoiceField(required=False, choices=[("", ""), *DECISIONS.items()])


class GoalForm(forms.Form):
    """An activity in the patient's words, who does what, and how it goes now."""

    activity = forms.CharField(max_length=200, label=_("What would you like to do again?"))
    patient_does = forms.CharField(required=False, max_length=200, label=_("The patient does"))
    clinic_does = forms.CharField(required=False, max_length=200, label=_("We do"))
    score = forms.IntegerField(required=False, min_value=0, max_value=10, label=_("Today"))


class ScoreForm(forms.Form):
    score = forms.IntegerField(min_value=0, max_value=10)


class DoneForm(forms.Form):
    """What the patient said to it."""

    pain_before = forms.IntegerField(required=False, min_value=0, max_value=10)
    pain_after = forms.IntegerField(required=False, min_value=0, max_value=10)
    note = forms.CharField(required=False, max_length=300)
