"""Forms of the room. Acts come from buttons; their form has no look, only a shape."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.staff import lock
from filiform.clinic.staff.forms import PersonField
from filiform.clinic.staff.models import Member
from filiform.clinic.treatment.vocabulary import FEELS, KINDS, STOP_REASONS
from filiform.clinic.web.fields import EARLIEST, LATEST, field_of
from filiform.clinic.web.widgets import Chips, PainField
from filiform.times import plain_digits

OWN_PAGES = ("count", "response", "place")
"""Kinds with a form of their own."""
ACT_KINDS = [(kind, name) for kind, name in KINDS.items() if kind not in OWN_PAGES]
FIGURES = ("diameter_mm", "length_mm", "depth_mm")


class MomentField(forms.Field):
    """ISO 8601 with its offset, as the tablet's clock says; nothing means now."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            moment = parse_datetime(plain_digits(str(value)))
            # At the edges of the calendar an offset leads out of it.
            readable = moment is not None and timezone.is_aware(moment)
            day = moment.astimezone(UTC).date() if moment is not None and readable else None
        except (ValueError, OverflowError):
            moment = day = None
        # A time without its offset could be any hour; dwell and order would hang on a guess.
        if day is None or not EARLIEST < day < LATEST:
            raise forms.ValidationError(
                _("%(got)s is not a time with its offset, like 2026-11-22T10:30:00Z."),
                params={"got": value},
            )
        return moment


class ActForm(forms.Form):
    """One act, as a button or the waiting queue of a tablet sends it."""

    act_id = forms.UUIDField()
    kind = forms.ChoiceField(choices=ACT_KINDS)
    at = MomentField(required=False)
    sent_at = MomentField(required=False)
    needle = forms.UUIDField(required=False)
    target = forms.UUIDField(required=False)
    replaces = forms.UUIDField(required=False)
    tapped_by = forms.UUIDField(required=False)
    why = forms.CharField(required=False, max_length=500)
    reason = forms.ChoiceField(choices=STOP_REASONS, required=False)
    diameter_mm = forms.FloatField(required=False)
    length_mm = forms.FloatField(required=False)
    depth_mm = forms.FloatField(required=False)

    def as_act(self) -> dict[str, Any]:
        """As `actions.record_act` takes it."""
        data = self.cleaned_data
        details: dict[str, Any] = {}
        if data["kind"] == "insertion":
            details = {name: data[name] for name in FIGURES if data[name] is not None}
        elif data["kind"] == "stop":
            details = {"reason": data["reason"] or "other"}
        names = ("act_id", "kind", "needle", "target", "replaces", "why", "sent_at", "tapped_by")
        return {
            **{name: data[name] for name in names},
            # A button without script has no clock: the server's moment is the nearest to it.
            "at": data["at"] or timezone.now(),
            "details": details,
        }


class CountForm(forms.Form):
    """What was opened, and where it is now."""

    act_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    opened = forms.IntegerField(label=_("Needles opened"), min_value=0, max_value=200)
    unused = forms.IntegerField(
        label=_("Opened, not used"), min_value=0, max_value=200, required=False, initial=0
    )
    in_bin = forms.IntegerField(label=_("In the sharps bin"), min_value=0, max_value=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("opened", "unused", "in_bin"):
            self.fields[name].widget.attrs |= {"class": "count", "inputmode": "numeric"}


class AccountForm(CountForm):
    """A count that does not add up, with what was done about it and a second person."""

    account = forms.CharField(
        label=_("What was done, found, and told to the patient"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=2000,
    )
    second_member = PersonField(
        label=_("Second person: a colleague with an account"), required=False
    )
    second_pin = forms.CharField(
        label=_("Their PIN or password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        required=False,
    )
    second_name = forms.CharField(
        label=_("Or somebody without an account: name and role"), max_length=120, required=False
    )

    def __init__(self, *args: Any, request: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request
        others = Member.objects.filter(
            organisation=request.user.organisation_id, is_active=True
        ).exclude(pk=request.user.pk)
        field_of(self, "second_member", PersonField).queryset = others

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        second = data.get("second_member")
        if second is None:
            return data
        tries = lock.take_try(self.request)
        if tries > lock.TRIES_ALLOWED:
            lock.lock(self.request)
            raise forms.ValidationError(_("Too many wrong PINs. Unlock the screen and try again."))
        if not lock.knows(second, data.get("second_pin") or ""):
            self.add_error(
                "second_pin",
                _("That is not the PIN of %(name)s. They type it themselves.")
                % {"name": second.name},
            )
        else:
            self.request.session[lock.TRIES] = 0
        return data

    def as_details(self) -> dict[str, Any]:
        data = self.cleaned_data
        second = data.get("second_member")
        return {
            **{name: data[name] for name in ("opened", "unused", "in_bin")},
            "account": data.get("account", ""),
            "second": second.name if second else data.get("second_name", ""),
            "second_id": str(second.pk) if second else "",
        }


class ResponseForm(forms.Form):
    """How it is after the needles are out."""

    act_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    pain = PainField(label=_("Pain now"), required=False)
    soreness = PainField(
        label=_("Soreness where the needles were"), required=False, help_text=_("0 is none")
    )
    feels = forms.ChoiceField(
        label=_("The patient feels"), choices=FEELS, widget=Chips, required=False
    )
    motion = forms.CharField(
        label=_("Movement and strength, rechecked"), max_length=500, required=False
    )

    def as_details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("pain", "soreness", "feels", "motion")}


class AmendmentForm(forms.Form):
    amendment_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    text = forms.CharField(
        label=_("What to add or correct"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
