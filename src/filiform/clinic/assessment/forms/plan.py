"""The plan of one target: needle, position, technique, depth, number of passes.

The column is named `insertions` from the time before a pass had its own name: it holds passes,
how often the tip goes to depth. An insertion, a needle through the skin, is an act of treatment.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform import planning
from filiform.clinic.assessment.details import PlanDetails, details_of, proposed_details
from filiform.clinic.assessment.models import MeasuredDepth, PlannedNeedling
from filiform.clinic.assessment.vocabulary import MEASURED_HOW
from filiform.clinic.web.fields import DayField, field_of
from filiform.clinic.web.widgets import Chips, Day
from filiform.planning import NeedlePlan
from filiform.planning.headings import headings
from filiform.planning.settings import (
    Setting,
    SettingChoice,
    all_settings,
    settings_of,
    usual_settings,
)

FIELDS = ("position", "technique", "diameter_mm", "length_mm", "depth_mm", "insertions")
DETAILS = ("palpation", "heading", "angle_deg", "twitches")
"""Fields of the plan's details that are shown beside last time and the proposal."""
SETTING = "set_"
"""Beginning of the names of fields that hold a setting of the technique."""
MEASURED = ("measured_mm", "measured_how", "measured_by", "measured_on")


def millimetres(value: float) -> str:
    """ "0.30" and "40": thickness with two places, lengths as short as they are."""
    # Packs say 0.30 and 40; "0.3" would be looked for in vain.
    return f"{value:.2f}" if value < 1 else f"{value:g}"


class PlanForm(forms.Form):
    technique = forms.ChoiceField(label=_("Technique"), widget=Chips)
    position = forms.ChoiceField(label=_("Position"))
    diameter_mm = forms.TypedChoiceField(label=_("Needle, thickness in mm"), coerce=float)
    length_mm = forms.TypedChoiceField(label=_("Needle, length in mm"), coerce=float)
    depth_mm = forms.FloatField(
        label=_("Depth in mm"),
        min_value=0.5,
        max_value=150,
        widget=forms.NumberInput(
            attrs={"class": "short", "step": "0.5", "inputmode": "decimal", "data-depth": ""}
        ),
    )
    insertions = forms.IntegerField(
        label=_("Passes at this point"),
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    palpation = forms.ChoiceField(label=_("Grip"), widget=Chips, required=False)
    entry = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    heading = forms.ChoiceField(label=_("Direction"), required=False)
    angle_deg = forms.FloatField(
        label=_("Angle to the skin, in degrees"),
        help_text=_("90 is straight in."),
        required=False,
        min_value=5,
        max_value=90,
        widget=forms.NumberInput(attrs={"class": "short", "step": "5", "inputmode": "numeric"}),
    )
    twitches = forms.IntegerField(
        label=_("Twitches sought, at most"),
        required=False,
        min_value=0,
        max_value=12,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    measured_mm = forms.FloatField(
        label=_("Skin to bone or danger, measured, in mm"),
        help_text=_("Three tenths of it, and no less than 5 mm, are kept as a margin."),
        required=False,
        min_value=1,
        max_value=250,
        widget=forms.NumberInput(attrs={"class": "short", "step": "0.5", "inputmode": "decimal"}),
    )
    measured_how = forms.ChoiceField(
        label=_("How it was measured"),
        required=False,
        choices=[("", _("Not measured")), *MEASURED_HOW],
    )
    measured_by = forms.CharField(
        label=_("Who measured it"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    measured_on = DayField(label=_("Measured on"), required=False, widget=Day)
    note = forms.CharField(
        label=_("Note, or the reason for anything unusual"),
        required=False,
        max_length=300,
        # As tall as its text: a reason of which half is seen is not read.
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 2, "class": "one-line"}),
    )

    def clean_note(self) -> str:
        """One paragraph, as papers and tables show it."""
        return " ".join(str(self.cleaned_data["note"]).split())

    def __init__(self, *args: Any, proposal: NeedlePlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        # The others stay in reach: not every patient can lie as the notes describe.
        usual = [(k, w) for k, w in planning.POSITIONS if k in proposal.positions]
        others = [(k, w) for k, w in planning.POSITIONS if k not in proposal.positions]
        field_of(self, "position", forms.ChoiceField).choices = [
            (_("As the notes describe"), [(k, w.in_language(language)) for k, w in usual]),
            (_("Others"), [(k, w.in_language(language)) for k, w in others]),
        ]
        field_of(self, "technique", forms.ChoiceField).choices = [
            (k, w.in_language(language)) for k, w in planning.TECHNIQUES
        ]
        for name, sizes in (
            ("diameter_mm", planning.NEEDLE_DIAMETERS_MM),
            ("length_mm", planning.NEEDLE_LENGTHS_MM),
        ):
            field_of(self, name, forms.ChoiceField).choices = [
                (millimetres(size), millimetres(size)) for size in sizes
            ]

        field_of(self, "palpation", forms.ChoiceField).choices = [
            (k, w.in_language(language)) for k, w in planning.GRIPS
        ]
        field_of(self, "heading", forms.ChoiceField).choices = [
            ("", _("Straight in")),
            *((one.id, one.name.in_language(language)) for one in headings()),
        ]
        for one in all_settings():
            # All of them, shown by the technique that is chosen: without script the technique may
            # change too.
            self.fields[SETTING + one.id] = setting_field(one, language)

    @property
    def setting_fields(self) -> list[tuple[str, forms.BoundField]]:
        """The techniques that a setting is for, as the page's script reads them, and its field."""
        return [
            (" ".join(sorted(one.techniques)), self[SETTING + one.id]) for one in all_settings()
        ]

    @property
    def details(self) -> PlanDetails:
        """As `actions.plan_needling` takes them; of the settings only those of the technique."""
        data = self.cleaned_data
        settings = {
            one.id: data[SETTING + one.id]
            # What was typed for another technique first is not part of this plan.
            for one in settings_of(data["technique"])
            if data.get(SETTING + one.id) not in (None, "")
        }
        return PlanDetails(
            palpation=data.get("palpation") or "",
            entry=data.get("entry") or "",
            heading=data.get("heading") or "",
            angle_deg=data.get("angle_deg"),
            twitches=data.get("twitches"),
            settings=settings,
        )

    def clean(self) -> dict[str, Any]:
        """A measured depth counts with who, how and when, or it isn't one."""
        data = super().clean() or {}
        # Who and when alone are what is left when a number is taken back: no measurement.
        if data.get("measured_mm") is not None or data.get("measured_how"):
            for name in MEASURED:
                if data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("A measured depth needs its value, who, how and when."))
        on = data.get("measured_on")
        if on is not None and on > timezone.localdate():
            self.add_error("measured_on", _("The day lies in the future."))
        return data

    @property
    def planned(self) -> dict[str, Any]:
        """What the plan says, as `actions.plan_needling` takes it."""
        known = {name: self.cleaned_data[name] for name in (*FIELDS, "note")}
        return {**known, "details": self.details}

    @property
    def measured(self) -> dict[str, Any]:
        """What was measured, as `actions.measure_depth` takes it; empty for nothing."""
        data = self.cleaned_data
        if data.get("measured_mm") is None:
            return {}
        return {
            "depth_mm": data["measured_mm"],
            "measured_by": data["measured_by"],
            "how": data["measured_how"],
            "measured_on": data["measured_on"],
        }


def setting_field(one: Setting | SettingChoice, language: str) -> forms.Field:
    """A field for a setting; its usual value is what an empty one means."""
    name = one.name.in_language(language)
    if isinstance(one, SettingChoice):
        options = [(option.id, option.name.in_language(language)) for option in one.options]
        return forms.ChoiceField(label=name, required=False, choices=options)
    attrs = {"class": "short", "step": f"{one.step:g}", "inputmode": "decimal"}
    return forms.FloatField(
        label=name,
        required=False,
        min_value=one.least,
        max_value=one.most,
        widget=forms.NumberInput(attrs=attrs),
    )


def initial_of_details(details: PlanDetails, technique: str) -> dict[str, Any]:
    """Fields as they stand for details and the settings of a technique."""
    settings = usual_settings(technique) | details.settings
    return {
        "palpation": details.palpation,
        "entry": details.entry,
        "heading": details.heading,
        "angle_deg": "" if details.angle_deg is None else f"{details.angle_deg:g}",
        "twitches": "" if details.twitches is None else details.twitches,
        **{
            SETTING + key: value if isinstance(value, str) else f"{value:g}"
            for key, value in settings.items()
        },
    }


def initial_of_measured(row: MeasuredDepth | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "measured_mm": f"{row.depth_mm:g}",
        "measured_how": row.how,
        "measured_by": row.measured_by,
        "measured_on": row.measured_on,
    }


def initial_of_plan(plan: PlannedNeedling) -> dict[str, Any]:
    return {
        "position": plan.position,
        "technique": plan.technique,
        "diameter_mm": millimetres(plan.diameter_mm),
        "length_mm": millimetres(plan.length_mm),
        "depth_mm": f"{plan.depth_mm:g}",
        "insertions": plan.insertions,
        "note": plan.note,
        **initial_of_details(details_of(plan), plan.technique),
    }


def initial_of_proposal(proposal: NeedlePlan) -> dict[str, Any]:
    """What planning proposes; depth is the deeper end of its target range."""
    values: dict[str, Any] = {
        "position": proposal.position,
        "technique": proposal.technique,
        "insertions": proposal.passes or 1,
    }
    if proposal.needle and proposal.depth_mm:
        values |= {
            "diameter_mm": millimetres(proposal.needle.diameter_mm),
            "length_mm": millimetres(proposal.needle.length_mm),
            "depth_mm": f"{proposal.depth_mm.target[1]:g}",
        }
    return values | initial_of_details(proposed_details(proposal), proposal.technique)
