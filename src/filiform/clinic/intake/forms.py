"""Entering and amending what a patient discloses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.intake.models import DisclosedFact
from filiform.clinic.intake.vocabulary import (
    ENTERED,
    KINDS,
    SIDED,
    SIDES,
    STATUSES,
    DisclosureSection,
)
from filiform.clinic.web.fields import DayField, field_of
from filiform.clinic.web.widgets import Chips, Day
from filiform.disclosure import Kind, Status
from filiform.screening.concepts import concepts

STANDS = [
    ("present", _("Present")),
    ("over", _("Resolved")),
    ("suspected", _("Suspected")),
]
MEDICINE_STANDS = [("present", _("Taking it")), ("paused", _("Paused")), ("over", _("Stopped"))]

STATUS_OF: dict[tuple[Kind, str], Status] = {
    (Kind.CONDITION, "over"): Status.RESOLVED,
    (Kind.ALLERGY, "over"): Status.RESOLVED,
    (Kind.DEVICE, "over"): Status.INACTIVE,
    (Kind.MEDICINE, "over"): Status.STOPPED,
    (Kind.MEDICINE, "paused"): Status.ON_HOLD,
    (Kind.PROCEDURE, "present"): Status.COMPLETED,
    (Kind.PROCEDURE, "over"): Status.COMPLETED,
}
"""What a chip means for a kind, where it is not "active" or "suspected"."""


class FactForm(forms.Form):
    """One fact of a section. Without script it is plain text and two lists."""

    fact_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    concept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    text = forms.CharField(
        label=_("What is it?"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "auto"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), widget=Chips, required=False)
    stands = forms.ChoiceField(label=_("Status"), widget=Chips, required=False)
    side = forms.ChoiceField(label=_("Side"), choices=SIDES, widget=Chips, required=False)
    start = DayField(label=_("Since"), widget=Day, required=False)
    end = DayField(label=_("Until"), widget=Day, required=False)

    def __init__(self, section: DisclosureSection, *args: Any, **options: Any) -> None:
        # One form for each section stands on the page, and no id twice.
        options.setdefault("auto_id", f"id_{section.id}_%s")
        super().__init__(*args, **options)
        self.section = section
        kinds = {kind.value for kind in section.kinds}
        field_of(self, "kind", forms.ChoiceField).choices = [
            choice for choice in KINDS if choice[0] in kinds
        ]
        self.fields["kind"].initial = section.kind.value
        medicine = section.kind is Kind.MEDICINE
        field_of(self, "stands", forms.ChoiceField).choices = (
            MEDICINE_STANDS if medicine else STANDS
        )
        self.fields["stands"].initial = "present"
        if len(section.kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
        if not SIDED & set(section.kinds):
            del self.fields["side"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        today, start, end = timezone.localdate(), data.get("start"), data.get("end")
        if start and start > today:
            self.add_error("start", _("This date is in the future. Check the year."))
        if start and end and end < start:
            self.add_error("end", _("The end is before the start. Check both dates."))
        return data

    def values(self) -> dict[str, Any]:
        """The arguments of `actions.disclose`. A concept brings its kind and its codes along."""
        data = self.cleaned_data
        concept = concepts().get(data["concept"])
        # A browser can send any: a concept of another list would enter as a medicine what is none.
        known = concept is not None and concept.kind in self.section.kinds
        kind = concept.kind if known and concept else Kind(data["kind"] or self.section.kind)
        stands = data["stands"] or "present"
        usual = Status.SUSPECTED if stands == "suspected" else Status.ACTIVE
        return {
            "kind": kind.value,
            "text": data["text"],
            "codings": concept.codings if known and concept else (),
            "concept": concept.id if known and concept else "",
            "status": STATUS_OF.get((kind, stands), usual).value,
            "side": data.get("side", ""),
            "start": data["start"],
            "end": data["end"],
        }


class AmendForm(forms.Form):
    """A new version of a fact, with why."""

    text = forms.CharField(
        label=_("What is it?"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    status = forms.ChoiceField(label=_("Status"), widget=Chips)
    side = forms.ChoiceField(label=_("Side"), choices=SIDES, widget=Chips, required=False)
    start = DayField(label=_("Since"), widget=Day, required=False)
    end = DayField(label=_("Until"), widget=Day, required=False)
    why = forms.CharField(label=_("Why is it changed?"), max_length=300, min_length=3)

    def __init__(self, fact: DisclosedFact, *args: Any, **options: Any) -> None:
        names = ("text", "status", "side", "start", "end")
        options.setdefault("initial", {name: getattr(fact, name) for name in names})
        super().__init__(*args, **options)
        self.fact = fact
        usual = [status.value for status in ENTERED.get(fact.kind, (Status.ACTIVE,))]
        # A document brings statuses that nobody enters by hand; saving must not change them
        # unasked.
        if fact.status not in usual:
            usual.append(fact.status)
        field_of(self, "status", forms.ChoiceField).choices = [
            (status, STATUSES[status]) for status in usual
        ]
        if fact.kind not in SIDED:
            del self.fields["side"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        # What a document dates ahead may stay so; only a person's own slip is pointed out.
        if start and start > timezone.localdate() and start != self.fact.start:
            self.add_error("start", _("This date is in the future. Check the year."))
        if start and end and end < start:
            self.add_error("end", _("The end is before the start. Check both dates."))
        if not self.errors and not self._changes(data):
            raise ValidationError(_("Nothing has been changed. Change something, or go back."))
        return data

    def _changes(self, data: dict[str, Any]) -> dict[str, Any]:
        changes = {
            name: value
            for name, value in data.items()
            if name != "why" and value != getattr(self.fact, name)
        }
        if "text" in changes:
            # Other words mean something else: the codes of the former ones do not hold for them.
            changes |= {"codings": (), "concept": ""}
        return changes

    def changes(self) -> dict[str, Any]:
        return self._changes(self.cleaned_data)
