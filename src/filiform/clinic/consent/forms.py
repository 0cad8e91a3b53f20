"""Forms of the room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.anatomy import atlas
from filiform.clinic.consent.understood import questions, understood
from filiform.clinic.consent.vocabulary import CURRENT, MANUAL, METHODS, RELATIONS
from filiform.clinic.facts.models import new_id
from filiform.clinic.web.muscle_names import SIDES
from filiform.clinic.web.widgets import Chips


class SignaturePad(forms.HiddenInput):
    """<signature-pad>: draws, undoes, clears; posts SVG path data."""

    # Not "hidden": Django would leave out the label and the errors of a field that is hidden.
    input_type = "signature"
    template_name = "consent/widgets/signature.html"


class PadField(forms.CharField):
    widget = SignaturePad

    def __init__(self, **options: Any) -> None:
        # Paper and thumb print bring no drawing. Where one is needed the action asks for it.
        super().__init__(required=False, strip=True, **options)


class ConsentForm(forms.Form):
    """The last part of the page: understood, who signs, how."""

    relation = forms.ChoiceField(
        label=_("Who signs"), choices=RELATIONS, widget=Chips, initial="self"
    )
    signed_name = forms.CharField(
        label=_("Name of the person who signs"), max_length=120, required=False
    )
    interpreter = forms.CharField(
        label=_("Interpreter, if one helped"), max_length=120, required=False
    )
    method = forms.ChoiceField(label=_("How"), choices=METHODS, widget=Chips, initial="drawn")
    signature = PadField(label=_("Signature"))
    witness = forms.CharField(label=_("Witness of a thumb print"), max_length=120, required=False)
    text = forms.UUIDField(widget=forms.HiddenInput)
    consent_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    muscles = forms.CharField(widget=forms.HiddenInput, required=False)
    techniques = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, over_lung: bool = False, **kwargs: Any) -> None:
        """over_lung: a needle may come near the lung, so that the answer has to name it."""
        super().__init__(*args, **kwargs)
        self.over_lung = over_lung
        language = get_language() or "en"
        for one in questions():
            self.fields[f"answer_{one.id}"] = forms.ChoiceField(
                label=one.asks.in_language(language),
                choices=[(key.id, key.says.in_language(language)) for key in one.answers],
                widget=Chips,
                required=False,
            )
            self.fields[f"said_{one.id}"] = forms.CharField(
                label=_("In the patient's words, if you like"),
                max_length=300,
                required=False,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )

    def clean_muscles(self) -> list[tuple[str, str]]:
        """As the page showed them: "infraspinatus:right gluteus-medius:left"."""
        parts = [pair.partition(":") for pair in self.cleaned_data["muscles"].split()]
        pairs = [(muscle, side) for muscle, _colon, side in parts]
        if any(muscle not in atlas().muscles or side not in SIDES for muscle, side in pairs):
            raise forms.ValidationError(
                _("The list of muscles was damaged on its way. Reload the page and sign again.")
            )
        return pairs

    def clean_techniques(self) -> list[str]:
        """Kinds that this page explained. What was planned after it was made was not explained,
        so it must not be taken from the plan of now."""
        return [MANUAL, *([CURRENT] if CURRENT in self.cleaned_data["techniques"].split() else [])]

    @property
    def question_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The answer to each question, and the patient's words."""
        return [(self[f"answer_{one.id}"], self[f"said_{one.id}"]) for one in questions()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = {one.id: data.pop(f"answer_{one.id}", "") or "" for one in questions()}
        said = {one.id: data.pop(f"said_{one.id}", "") or "" for one in questions()}
        data["teach_back"] = understood(chosen, over_lung=self.over_lung)
        data["answers"] = {
            key: {"chosen": chosen[key], "said": said[key]}
            for key in chosen
            if chosen[key] or said[key]
        }
        return data


class RefusalForm(forms.Form):
    """A region that the patient does not want needled."""

    muscles = forms.CharField(widget=forms.HiddenInput)
    said = forms.CharField(label=_("What the patient said"), max_length=500, required=False)


class WithdrawalForm(forms.Form):
    said = forms.CharField(
        label=_("What the patient said"),
        help_text=_("In their own words. No reason has to be given."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )
