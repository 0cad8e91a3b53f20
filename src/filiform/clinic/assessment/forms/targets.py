"""What was found on one muscle: tap rows, one measured pressure, one measured movement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from filiform.clinic.assessment.actions.targets import KPA_PER_KG_CM2, MOTION, PRESSURE
from filiform.clinic.assessment.models import Finding
from filiform.clinic.assessment.vocabulary import DELPHI, FINDINGS, MOVEMENTS
from filiform.clinic.web.widgets import Chips

ANSWERS = (("yes", _("Yes")), ("no", _("No")), ("", _("Not asked")))
UNITS = (("kPa", "kPa"), ("kg/cm2", "kg/cm²"))
MOST_KPA = 1500.0
"""Above this an algometer's reading is a slip of the finger (design value)."""


class FindingsForm(forms.Form):
    """Field `f_CODE` per finding; empty means not asked."""

    muscle = forms.CharField(widget=forms.HiddenInput, max_length=60)
    side = forms.CharField(widget=forms.HiddenInput, max_length=10)
    pressure = forms.FloatField(
        label=_("Pressure pain threshold"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"class": "short", "step": "any", "inputmode": "decimal"}),
    )
    pressure_unit = forms.ChoiceField(
        label=_("Unit"), choices=UNITS, required=False, widget=Chips, initial="kPa"
    )
    movement = forms.ChoiceField(
        label=_("Movement"), choices=[("", "—"), *MOVEMENTS], required=False
    )
    degrees = forms.FloatField(
        label=_("Degrees"),
        required=False,
        min_value=0,
        max_value=360,
        widget=forms.NumberInput(attrs={"class": "short", "step": "any", "inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in FINDINGS:
            self.fields[f"f_{code}"] = forms.ChoiceField(
                label=label, choices=ANSWERS, required=False, widget=Chips
            )

    def rows(self) -> list[Any]:
        return [self[f"f_{code}"] for code, _label in FINDINGS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pressure = data.get("pressure")
        if pressure is not None:
            # In one unit: 15 is a usual figure in one of them and a slip in the other.
            factor = KPA_PER_KG_CM2 if data.get("pressure_unit") == "kg/cm2" else 1.0
            if pressure * factor > MOST_KPA:
                self.add_error(
                    "pressure",
                    _("%(got)s kPa is not possible; enter at most %(most)s kPa.")
                    % {"got": round(pressure * factor), "most": round(MOST_KPA)},
                )
        if data.get("degrees") is not None and not data.get("movement"):
            self.add_error("movement", _("Say which movement was measured."))
        return data

    def found(self) -> list[dict[str, Any]]:
        """What `actions.find` takes, one for each finding on the form."""
        data = self.cleaned_data
        answers = {"yes": True, "no": False}
        found: list[dict[str, Any]] = [
            {"finding": code, "present": answers.get(data.get(f"f_{code}", ""))}
            for code, _label in FINDINGS
        ]
        pressure = {"value": data.get("pressure"), "unit": data.get("pressure_unit") or "kPa"}
        found.append({"finding": PRESSURE, **pressure})
        # Without a movement there is nothing that the degrees could be of; `clean` has said so.
        if data.get("movement"):
            measured = {"value": data.get("degrees"), "unit": "deg"}
            found.append({"finding": f"{MOTION}/{data['movement']}", **measured})
        return found


def initial_of(muscle: str, side: str, known: Mapping[str, Finding]) -> dict[str, Any]:
    """What was found so far as the form's values."""
    values: dict[str, Any] = {"muscle": muscle, "side": side, "pressure_unit": "kPa"}
    for code, _label in FINDINGS:
        row = known.get(code)
        values[f"f_{code}"] = "" if row is None else ("yes" if row.present else "no")
    if PRESSURE in known:
        values["pressure"] = known[PRESSURE].value
    motion = next((row for code, row in known.items() if code.startswith(f"{MOTION}/")), None)
    if motion:
        values |= {"movement": motion.finding.split("/")[1], "degrees": motion.value}
    return values


def criteria(known: Mapping[str, Finding]) -> tuple[list[str], bool | None]:
    """(Delphi criteria that are present, whether the pain was recognised)."""
    present = [
        code for code, _l in FINDINGS if code in DELPHI and known.get(code) and known[code].present
    ]
    recognised = known.get("recognised-pain")
    return present, recognised.present if recognised else None
