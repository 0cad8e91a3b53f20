"""The story's form: the body to draw on, chips before typing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.models import Story
from filiform.clinic.assessment.vocabulary import AGGRAVATING, EASING, MECHANISMS, ONSETS
from filiform.clinic.body.fields import DrawingField
from filiform.clinic.body.vocabulary import QUALITIES
from filiform.clinic.web.fields import DayField, field_of
from filiform.clinic.web.widgets import Chips, Day, ManyChips, PainField


class StoryForm(forms.Form):
    """body: address of the patient's build, for the chart (`body.chart.body_of`)."""

    started_from = forms.UUIDField(widget=forms.HiddenInput, required=False)
    drawing = DrawingField(label=_("Where it hurts"), required=False, qualities=QUALITIES)
    complaint_code = forms.ChoiceField(
        label=_("Presenting complaint"), required=False, widget=Chips
    )
    complaint = forms.CharField(
        label=_("In the patient's own words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    onset = forms.ChoiceField(
        label=_("When it started"), choices=ONSETS, required=False, widget=Chips
    )
    onset_on = DayField(label=_("The day, if it is known"), required=False, widget=Day)
    mechanism = forms.ChoiceField(
        label=_("How it started"), choices=MECHANISMS, required=False, widget=Chips
    )
    aggravating = forms.MultipleChoiceField(
        label=_("Aggravating factors"), choices=AGGRAVATING, required=False, widget=ManyChips
    )
    easing = forms.MultipleChoiceField(
        label=_("Easing factors"), choices=EASING, required=False, widget=ManyChips
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

    def __init__(self, *args: Any, body: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["drawing"].widget.body = body
        field_of(self, "complaint_code", forms.ChoiceField).choices = [
            (k, v.name) for k, v in COMPLAINTS.items()
        ]

    def clean_onset_on(self) -> Any:
        day = self.cleaned_data["onset_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(
                _("The complaint can't start on %(day)s, in the future. Enter today or earlier."),
                params={"day": day},
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("complaint_code") and not data.get("complaint"):
            self.add_error(
                "complaint_code",
                _("Choose the presenting complaint, or write it in the patient's words."),
            )
        return data

    def told(self) -> dict[str, Any]:
        """What `actions.tell_story` takes, the drawing too."""
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


__all__ = ["StoryForm", "initial_of"]
