"""Forms of the room. Acts come from buttons; their form has no look, only a shape."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.supplies.vocabulary import MOST_PACKS
from filiform.clinic.treatment import emergencies as em
from filiform.clinic.treatment.retests import MEASURES
from filiform.clinic.treatment.vocabulary import (
    FEELS,
    FOUND_AT_NEEDLE,
    KINDS,
    REACTIONS,
    STOP_REASONS,
    UNDO_CODES,
)
from filiform.clinic.web.fields import EARLIEST, LATEST
from filiform.clinic.web.widgets import Chips, PainField
from filiform.times import plain_digits

OWN_PAGES = ("start", "count", "account", "response", "place", "fate")
"""Kinds with a form of their own."""
ACT_KINDS = [(kind, name) for kind, name in KINDS.items() if kind not in OWN_PAGES]
FIGURES = ("diameter_mm", "length_mm", "depth_mm")


NEEDED = (
    ("retest", "measure"),
    ("event", "event_kind"),
    ("called", "called"),
    ("event-end", "outcome"),
)
OF_EVERY_ACT = (
    *("act_id", "kind", "at", "sent_at", "tapped_by"),
    *("needle", "target", "replaces", "why"),
)
OF_A_KIND: dict[str, tuple[str, ...]] = {
    "insertion": FIGURES,
    "pack": ("lot", "packs", "scan", "chosen"),
    "stop": ("reason",),
    "void": ("reason",),
    "observed": ("depth_mm", "reaction", "found"),
    "retest": ("measure", "value"),
    "event": ("event_kind",),
    "event-step": ("event", "step"),
    "vitals": ("event", "pulse", "pressure", "saturation", "consciousness"),
    "called": ("event", "called"),
    "event-end": ("event", "outcome", "grade", "followup_h"),
}
"""What an act of a kind says beside; its details, as `details.details_of` takes them."""


def _codes(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, code) for code in codes]


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
    """One act, as a button or the waiting queue of a tablet sends it.

    It has the fields of its kind alone: a form copies all of its fields for each act, and all the
    choices in them, which took a tenth of an act's time.
    """

    act_id = forms.UUIDField()
    kind = forms.ChoiceField(choices=ACT_KINDS)
    at = MomentField(required=False)
    sent_at = MomentField(required=False)
    needle = forms.UUIDField(required=False)
    target = forms.UUIDField(required=False)
    replaces = forms.UUIDField(required=False)
    tapped_by = forms.UUIDField(required=False)
    why = forms.CharField(required=False, max_length=500)
    reason = forms.ChoiceField(
        choices=[*STOP_REASONS, *((code, code) for code in UNDO_CODES)], required=False
    )
    diameter_mm = forms.FloatField(required=False)
    length_mm = forms.FloatField(required=False)
    depth_mm = forms.FloatField(required=False)
    lot = forms.UUIDField(required=False)
    packs = forms.IntegerField(required=False, min_value=1, max_value=MOST_PACKS)
    scan = forms.CharField(required=False, max_length=200)
    chosen = forms.CharField(required=False, max_length=40)
    reaction = forms.ChoiceField(choices=list(REACTIONS.items()), required=False)
    found = forms.ChoiceField(choices=list(FOUND_AT_NEEDLE.items()), required=False)

    measure = forms.ChoiceField(choices=_codes(MEASURES), required=False)
    value = forms.FloatField(required=False)
    # Of what went wrong: see `events.event_details`.
    event = forms.UUIDField(required=False)
    event_kind = forms.ChoiceField(
        choices=[(code, code) for code in em.emergencies()], required=False
    )
    step = forms.IntegerField(required=False, min_value=0, max_value=20)
    pulse = forms.IntegerField(required=False)
    pressure = forms.RegexField(r"^\d{2,3}/\d{2,3}$", required=False)
    saturation = forms.IntegerField(required=False)
    consciousness = forms.ChoiceField(choices=_codes(em.CONSCIOUSNESS), required=False)
    called = forms.ChoiceField(choices=_codes(em.CALLED), required=False)
    outcome = forms.ChoiceField(choices=_codes(em.OUTCOMES), required=False)
    grade = forms.ChoiceField(choices=_codes(em.GRADES), required=False)
    followup_h = forms.IntegerField(required=False)

    def __init__(self, data: QueryDict) -> None:
        names = (*OF_EVERY_ACT, *OF_A_KIND.get(data.get("kind", ""), ()))
        chosen = {name: type(self).base_fields[name] for name in names}
        self.base_fields = chosen  # type: ignore[misc]  # in place of the class's, for this one
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        """What one kind of act can't be without."""
        data: dict[str, Any] = super().clean() or {}
        for kind, name in NEEDED:
            if data.get("kind") == kind and not data.get(name) and not self.has_error(name):
                self.add_error(name, self.fields[name].error_messages["required"])
        return data

    def as_act(self) -> dict[str, Any]:
        """As `actions.record_act` takes it."""
        data = self.cleaned_data
        details = {name: data[name] for name in OF_A_KIND.get(data["kind"], ())}
        if data["kind"] == "insertion":  # the plan says what isn't given
            details = {name: given for name, given in details.items() if given is not None}
        elif data["kind"] == "stop":
            details["reason"] = details["reason"] or "other"
        names = ("act_id", "kind", "needle", "target", "replaces", "why", "sent_at", "tapped_by")
        return {
            **{name: data[name] for name in names},
            # A button without script has no clock: the server's moment is the nearest to it.
            "at": data["at"] or timezone.now(),
            "details": details,
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
