"""Forms of the room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from filiform.anatomy import atlas
from filiform.clinic.consent.vocabulary import METHODS, RELATIONS, TEACH_BACK
from filiform.clinic.facts.models import new_id
from filiform.clinic.web.muscle_names import SIDES
from filiform.clinic.web.widgets import Chips


class TickList(forms.CheckboxSelectMultiple):
    """Ticks, one below the other."""

    template_name = "consent/widgets/ticks.html"


class SignaturePad(forms.HiddenInput):
    """<signature-pad>: draws, undoes, clears; posts SVG path data."""

    input_type = "signature"
    template_name = "consent/widgets/signature.html"


class PadField(forms.CharField):
    widget = SignaturePad

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=True, **options)


class ConsentForm(forms.Form):
    """The last part of the page: understood, who signs, how."""

    teach_back = forms.MultipleChoiceField(
        label=_("Teach-back in the patient's own words"),
        help_text=_(
            "Ask, listen, and tick what the patient can explain. All three at a first visit."
        ),
        choices=TEACH_BACK,
        widget=TickList,
        required=False,
    )
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

    def clean_muscles(self) -> list[tuple[str, str]]:
        """As the page showed them: "infraspinatus:right gluteus-medius:left"."""
        parts = [pair.partition(":") for pair in self.cleaned_data["muscles"].split()]
        pairs = [(muscle, side) for muscle, _colon, side in parts]
        if any(muscle not in atlas().muscles or side not in SIDES for muscle, side in pairs):
            raise forms.ValidationError(
                _("The list of muscles was damaged on its way. Reload the page and sign again.")
            )
        return pairs

    def clean_teach_back(self) -> dict[str, bool]:
        said = self.cleaned_data["teach_back"]
        return {question: question in said for question, _label in TEACH_BACK}


class WithdrawalForm(forms.Form):
    said = forms.CharField(
        label=_("What the patient said"),
        help_text=_("In their own words. No reason has to be given."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )
