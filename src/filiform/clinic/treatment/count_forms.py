"""The count and the account of a count that did not add up, as they are entered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.facts.models import new_id
from filiform.clinic.staff import pins
from filiform.clinic.staff.models import Member
from filiform.clinic.treatment.accounting import FOUND, NOT_FOUND, Proof
from filiform.clinic.treatment.counting import MOST_COUNTED
from filiform.clinic.treatment.forms import MomentField
from filiform.clinic.treatment.vocabulary import IMAGING, RESULTS, SEARCH_STEPS, WHERE
from filiform.clinic.web.fields import field_of
from filiform.clinic.web.widgets import Chips, ManyChips
from filiform.reasons import Reason, say


def _number(label: Any, *, required: bool = True) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "count", "inputmode": "numeric"})
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_COUNTED,
        required=required,
        # A number that stands there already is not counted but confirmed.
        initial=None if required else 0,
        widget=widget,
    )


class CountForm(forms.Form):
    """What was opened, and where it is now. What isn't entered of the two rare ones is none."""

    act_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    opened = _number(_("Needles opened"))
    in_bin = _number(_("In the sharps bin"))
    unused = _number(_("Opened, not used"), required=False)
    broken = _number(_("Broken or not whole"), required=False)

    # Of a count that waited on a tablet: when it was made, and by whom if another sends it.
    at = MomentField(required=False)
    sent_at = MomentField(required=False)
    tapped_by = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, taps: int = 0, taps_unused: bool = False, **options: Any):
        """taps: up to which number one tap gives it (<count-steps>); 0: as far as usual.
        taps_unused: also of those opened and not used."""
        super().__init__(*args, **options)
        for name in ("opened", "in_bin", *(["unused"] if taps_unused else [])):
            if taps:
                self.fields[name].widget.attrs["data-taps"] = taps

    def moments(self) -> dict[str, Any]:
        """As `actions.record_act` takes them."""
        given = {name: self.cleaned_data[name] for name in ("at", "sent_at", "tapped_by")}
        return {name: value for name, value in given.items() if value is not None}

    def as_details(self) -> dict[str, int]:
        return {
            name: self.cleaned_data[name] or 0 for name in ("opened", "unused", "in_bin", "broken")
        }


class MemberChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no parameter at run time
    """Colleagues as chips: nothing to type with gloves on."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Member.objects.none(), widget=Chips, empty_label=None, **options)

    def label_from_instance(self, member: Any) -> str:
        urdu = get_language() == "ur" and member.name_ur
        return str(member.name_ur if urdu else member.name)


def _pin(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(
        attrs={"autocomplete": "off", "inputmode": "numeric", "class": "medium"}
    )
    return forms.CharField(label=label, widget=widget, max_length=1000, strip=False, required=False)


class AccountForm(forms.Form):
    """What was done about a count that did not add up, and the two who stand for it.

    Everything is a tap but the PINs. adds_up: whether the last count does; it decides which
    results can be.
    """

    prefix = "account"
    act_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    steps = forms.MultipleChoiceField(
        label=_("What was done"), choices=SEARCH_STEPS.items, widget=ManyChips, required=False
    )
    result = forms.ChoiceField(label=_("How it ended"), widget=Chips, required=False)
    where = forms.ChoiceField(
        label=_("Where it was found"), choices=WHERE.items, widget=Chips, required=False
    )
    imaging = forms.ChoiceField(
        label=_("X-ray of the needled area"), choices=IMAGING.items, widget=Chips, required=False
    )
    note = forms.CharField(
        label=_("Anything else (optional)"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2000,
    )
    first_pin = _pin(_("Your own PIN or password"))
    second = MemberChoice(label=_("Second person"), required=False)
    second_pin = _pin(_("PIN or password of the second person"))

    def __init__(self, *args: Any, request: StaffRequest, adds_up: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request
        allowed = FOUND if adds_up else NOT_FOUND
        field_of(self, "result", forms.ChoiceField).choices = [
            (code, RESULTS[code]) for code in allowed
        ]
        # Without oneself: the second person is another one, which the server demands as well.
        self.colleagues = Member.objects.filter(
            organisation=request.user.organisation_id, is_active=True
        ).exclude(pk=request.user.pk)
        field_of(self, "second", MemberChoice).queryset = self.colleagues.order_by("name")
        # Only what fits the result: nobody is asked for an X-ray of a needle that lies in the bin.
        del self.fields["imaging" if adds_up else "where"]

    def as_details(self) -> dict[str, Any]:
        """As `details.details_of` takes it. Looks at the PINs: call it once a form."""
        data = self.cleaned_data
        names = ("steps", "result", "where", "imaging", "note")
        return {name: data.get(name, "") for name in names} | {
            "first": self._proof("first_pin", self.request.user),
            "second": self._proof("second_pin", data.get("second")),
        }

    @sensitive_variables("secret")
    def _proof(self, field: str, member: Member | None) -> Proof | None:
        """None when nothing was entered, or when it was wrong; the field then says so."""
        secret = self.cleaned_data.get(field) or ""
        if member is None or not secret:
            return None
        way = pins.prove(member, secret, asked_by=self.request.user, now=timezone.now())
        if isinstance(way, Reason):
            self.add_error(field, say(way, get_language() or "en"))
            return None
        return Proof(member.pk, member.organisation_id, member.name, way)
