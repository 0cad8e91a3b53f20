"""The filter over the audit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from filiform.clinic.audit.queries import Filter
from filiform.clinic.audit.vocabulary import ACTIONS
from filiform.clinic.staff.forms import PersonField
from filiform.clinic.staff.models import Member, Organisation
from filiform.clinic.web.fields import DayField, field_of
from filiform.clinic.web.widgets import Day


class FilterForm(forms.Form):
    person = PersonField(label=_("Who"), required=False, empty_label=_("Anyone"))
    action = forms.ChoiceField(label=_("Action"), required=False)
    day = DayField(label=_("On which day"), required=False, widget=Day)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, organisation: Organisation) -> None:
        super().__init__(data)
        people = Member.objects.filter(organisation=organisation).order_by("name")
        field_of(self, "person", PersonField).queryset = people
        named = sorted(((code, str(words)) for code, words in ACTIONS.items()), key=lambda x: x[1])
        field_of(self, "action", forms.ChoiceField).choices = [("", _("Anything")), *named]

    def wanted(self) -> Filter:
        """What is asked for; fields that can't be read are left out and shown with their error."""
        self.is_valid()
        data = self.cleaned_data
        person = data.get("person")
        return Filter(
            person=person.pk if person else None,
            patient=data.get("patient"),
            action=data.get("action") or "",
            day=data.get("day"),
        )
