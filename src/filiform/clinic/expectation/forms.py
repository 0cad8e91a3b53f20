"""The doses to be compared. Nothing of it is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from filiform.clinic.web.widgets import Chips
from filiform.mechanism import NeedlingDose

LOADS = [
    ("1", _("stays as it is")),
    ("0.75", _("a little less")),
    ("0.5", _("half")),
    ("0.1", _("nearly gone")),
]
SPACINGS = [
    ("14", _("every two weeks")),
    ("7", _("once a week")),
    ("3.5", _("twice a week")),
    ("1", _("daily")),
]
LEVELS = [("", _("not known")), ("low", _("little")), ("middle", _("some")), ("high", _("much"))]


class NeedlingDoseForm(forms.Form):
    """One dose and what goes with it."""

    insertions = forms.IntegerField(label=_("Passes in a session"), min_value=0, max_value=40)
    twitches = forms.IntegerField(label=_("Twitches in a session"), min_value=0, max_value=30)
    dwell_min = forms.FloatField(label=_("Minutes in place"), min_value=0, max_value=60)
    sessions = forms.IntegerField(label=_("Sessions"), min_value=1, max_value=12)
    interval_days = forms.ChoiceField(label=_("How often"), choices=SPACINGS, widget=Chips)
    load = forms.ChoiceField(
        label=_("What strains the muscle"), choices=LOADS, widget=Chips,
        help_text=_("Posture, work, sport: what keeps the trigger point going."),
    )  # fmt: skip
    stretch = forms.BooleanField(label=_("Stretching daily"), required=False)
    exercise = forms.BooleanField(label=_("Exercise regularly"), required=False)
    heat = forms.BooleanField(label=_("Heat daily"), required=False)
    central = forms.ChoiceField(
        label=_("Central sensitisation"), choices=LEVELS, widget=Chips, required=False
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        # The model refuses it; said here with the field, where it can be put right.
        if not found.get("insertions") and found.get("twitches"):
            self.add_error("twitches", _("Without a pass there is no twitch: 0 is allowed."))
        return found

    def dose(self) -> NeedlingDose:
        """The dose of a valid form."""
        given = self.cleaned_data
        return NeedlingDose(
            insertions=given["insertions"],
            twitches=given["twitches"],
            dwell_min=given["dwell_min"],
            sessions=given["sessions"],
            interval_days=float(given["interval_days"]),
            load=float(given["load"]),
            stretch=given["stretch"],
            exercise=given["exercise"],
            heat=given["heat"],
        )


def initial_of(dose: NeedlingDose) -> dict[str, Any]:
    """The planned dose, three weekly sessions with unchanged load."""
    return {
        # A session may have had more than the form allows to try.
        "insertions": min(dose.insertions, 40), "twitches": min(dose.twitches, 30),
        "dwell_min": f"{dose.dwell_min:g}", "sessions": 3, "interval_days": "7", "load": "1",
        "central": "",
    }  # fmt: skip
