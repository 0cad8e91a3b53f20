"""The story's form: chips before typing, and up to eight painful areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.anatomy import atlas
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.models import PainArea, Story
from filiform.clinic.assessment.vocabulary import (
    AGGRAVATING,
    EASING,
    MECHANISMS,
    ONSETS,
    QUALITIES,
    SIDES,
)
from filiform.clinic.record.widgets import Chips, Day, ManyChips, PainField

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_AREAS = 8
"""Painful areas in one story: more is pain in many places, and a complaint of its own."""


def region_choices() -> list[tuple[str, Any]]:
    """Regions under their headings, in the reader's language."""
    language = get_language() or "en"
    groups: list[tuple[str, Any]] = [("", "—")]
    for group in atlas().region_groups.values():
        inside = [
            (region.id, region.name.in_language(language))
            for region in atlas().regions.values()
            if region.group == group.id
        ]
        if inside:
            groups.append((group.name.in_language(language), inside))
    return groups


class AreaForm(forms.Form):
    """Where it hurts. An area without a region counts as not filled in."""

    region = forms.ChoiceField(
        label=_("Where"), required=False, widget=forms.Select(attrs={"data-region": ""})
    )
    side = forms.ChoiceField(label=_("Side"), choices=SIDES, required=False, widget=Chips)
    quality = forms.ChoiceField(
        label=_("What it is like"), choices=QUALITIES, required=False, widget=Chips
    )
    intensity = PainField(label=_("How strong"), required=False, help_text="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = region_choices()

    @property
    def is_filled(self) -> bool:
        return bool(self["region"].value())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        region = atlas().regions.get(data.get("region", ""))
        if region and region.sided and not data.get("side"):
            self.add_error("side", _("Say on which side it is."))
        if region and not region.sided:
            data["side"] = "midline"
        return data


class BaseAreas(forms.BaseFormSet):
    """Up to MOST_AREAS rows; the empty ones are left out."""

    def areas(self) -> list[tuple[str, str, str, int | None]]:
        rows = (form.cleaned_data for form in self.forms if form.cleaned_data.get("region"))
        return [
            (row["region"], row["side"], row.get("quality", ""), row.get("intensity"))
            for row in rows
        ]


AreaFormSet = forms.formset_factory(
    AreaForm, formset=BaseAreas, extra=0, max_num=MOST_AREAS, absolute_max=MOST_AREAS
)


class StoryForm(forms.Form):
    started_from = forms.UUIDField(widget=forms.HiddenInput, required=False)
    complaint_code = forms.ChoiceField(
        label=_("What brings the patient"), required=False, widget=Chips
    )
    complaint = forms.CharField(
        label=_("In the patient's own words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    onset = forms.ChoiceField(label=_("Since when"), choices=ONSETS, required=False, widget=Chips)
    onset_on = forms.DateField(label=_("The day, if it is known"), required=False, widget=Day)
    mechanism = forms.ChoiceField(
        label=_("How it began"), choices=MECHANISMS, required=False, widget=Chips
    )
    aggravating = forms.MultipleChoiceField(
        label=_("What makes it worse"), choices=AGGRAVATING, required=False, widget=ManyChips
    )
    easing = forms.MultipleChoiceField(
        label=_("What eases it"), choices=EASING, required=False, widget=ManyChips
    )
    pain_now = PainField(label=_("Pain now"), required=False)
    pain_worst = PainField(label=_("Worst in the last 24 hours"), required=False, help_text="")
    pain_average = PainField(label=_("On average in the last week"), required=False, help_text="")
    notes = forms.CharField(
        label=_("Anything else"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["complaint_code"].choices = [(k, v.name) for k, v in COMPLAINTS.items()]

    def clean_onset_on(self) -> Any:
        day = self.cleaned_data["onset_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(
                _("The complaint can't begin on %(day)s, in the future. Enter today or earlier."),
                params={"day": day},
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("complaint_code") and not data.get("complaint"):
            self.add_error(
                "complaint_code", _("Choose what brings the patient, or write it in their words.")
            )
        return data

    def told(self) -> dict[str, Any]:
        """What `actions.tell_story` takes, beside the areas."""
        data = dict(self.cleaned_data)
        data.pop("started_from")
        return data


def initial_of(told: Story, *, with_pain: bool = True) -> dict[str, Any]:
    """A story as the form's values. Pain is asked anew in every visit: `with_pain` is False for
    a story of another day."""
    names = [
        *("complaint_code", "complaint", "onset", "onset_on", "mechanism"),
        *("aggravating", "easing"),
    ]
    if with_pain:
        names += ["pain_now", "pain_worst", "pain_average", "notes"]
    return {name: getattr(told, name) for name in names}


def initial_areas(areas: Iterable[PainArea], *, with_pain: bool = True) -> list[dict[str, Any]]:
    return [
        {
            "region": area.region,
            "side": area.side,
            "quality": area.quality,
            "intensity": area.intensity if with_pain else None,
        }
        for area in areas
    ]


__all__ = [
    "MOST_AREAS",
    "AreaForm",
    "AreaFormSet",
    "StoryForm",
    "initial_areas",
    "initial_of",
]
