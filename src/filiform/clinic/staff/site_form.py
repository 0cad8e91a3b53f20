"""The form for a site: address, numbers, opening hours."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from filiform.clinic.staff.models import Site
from filiform.clinic.staff.vocabulary import WEEKDAYS
from filiform.clinic.web.phone_field import PhoneField
from filiform.times import plain_digits

URDU = {"dir": "rtl", "lang": "ur"}
PERIOD = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|—|to|تا)\s*(\d{1,2}):(\d{2})")


class PeriodsField(forms.CharField):
    """Opening hours of one day: "10:00-14:00, 16:00-20:00"; empty is closed.

    The cleaned value is a list of ["HH:MM", "HH:MM"]. An end at or before the start belongs to
    the following day.
    """

    def clean(self, value: Any) -> list[list[str]]:
        text = str(super().clean(value) or "")
        parts = [part.strip() for part in re.split(r"[,;،]", text) if part.strip()]
        return [self._period(part) for part in parts]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(f"{start}-{end}" for start, end in value)
        return value

    def _period(self, part: str) -> list[str]:
        found = PERIOD.fullmatch(part)
        if found:
            # int() reads digits of every script, and \d finds them.
            hours = [int(group) for group in found.groups()]
            start, end = hours[:2], hours[2:]
            # 24:00 ends a day and begins none.
            if start < [24, 0] and end <= [24, 0] and start[1] < 60 and end[1] < 60:
                return [f"{start[0]:02}:{start[1]:02}", f"{end[0]:02}:{end[1]:02}"]
        raise ValidationError(
            _("“%(part)s” is not a time of day. Write it like 10:00-14:00, 16:00-20:00."),
            params={"part": part},
        )


class EmergencyNumberField(forms.CharField):
    """A short number as it is dialled. It stands behind every "call now" of the clinic: what can't
    be dialled must not be kept."""

    def clean(self, value: Any) -> str:
        number = " ".join(plain_digits(str(super().clean(value) or "")).split())
        if not re.fullmatch(r"\+?[0-9 ]{2,20}", number):
            raise ValidationError(
                _("“%(got)s” can't be dialled. Write only the number, like 1122 or 115."),
                params={"got": number},
            )
        return number


class SiteForm(forms.Form):
    name = forms.CharField(label=_("Name of the site"), max_length=120)
    name_ur = forms.CharField(
        label=_("Name in Urdu"), max_length=120, required=False, widget=forms.TextInput(URDU)
    )
    address = forms.CharField(label=_("Address"), max_length=300)
    address_ur = forms.CharField(
        label=_("Address in Urdu"), max_length=300, required=False, widget=forms.TextInput(URDU)
    )
    directions = forms.CharField(
        label=_("How to find it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Which gate, which floor, where to park; whether there are stairs."),
    )
    directions_ur = forms.CharField(
        label=_("How to find it, in Urdu"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4, **URDU}),
    )
    town = forms.CharField(
        label=_("Town"),
        max_length=80,
        required=False,
        help_text=_("Town, area and road are drawn as a sketch of how to find you."),
    )
    town_ur = forms.CharField(
        label=_("Town, in Urdu"), max_length=80, required=False, widget=forms.TextInput(URDU)
    )
    area = forms.CharField(label=_("Area"), max_length=80, required=False)
    area_ur = forms.CharField(
        label=_("Area, in Urdu"), max_length=80, required=False, widget=forms.TextInput(URDU)
    )
    road = forms.CharField(label=_("Main road"), max_length=80, required=False)
    road_ur = forms.CharField(
        label=_("Main road, in Urdu"), max_length=80, required=False, widget=forms.TextInput(URDU)
    )
    latitude = forms.FloatField(
        label=_("Latitude of the entrance"),
        min_value=-90,
        max_value=90,
        required=False,
        widget=forms.NumberInput({"class": "short", "dir": "ltr", "step": "0.00001"}),
        help_text=_("From the map on your telephone: 33.64235. Without it maps search by address."),
    )
    longitude = forms.FloatField(
        label=_("Longitude of the entrance"),
        min_value=-180,
        max_value=180,
        required=False,
        widget=forms.NumberInput({"class": "short", "dir": "ltr", "step": "0.00001"}),
    )
    phone = PhoneField(label=_("Telephone"))
    whatsapp = PhoneField(label=_("WhatsApp"), required=False)
    emergency_phone = EmergencyNumberField(
        label=_("Ambulance"),
        max_length=20,
        help_text=_("The number that patients are told to call in an emergency."),
        widget=forms.TextInput({"dir": "ltr", "class": "short"}),
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        initial="Asia/Karachi",
        widget=forms.TextInput({"class": "medium", "dir": "ltr"}),
    )
    is_public = forms.BooleanField(label=_("Show on the public site"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in enumerate(WEEKDAYS):
            self.fields[f"day_{day}"] = PeriodsField(
                label=name,
                required=False,
                max_length=100,
                widget=forms.TextInput({"class": "medium", "dir": "ltr"}),
            )

    @staticmethod
    def values_of(site: Site) -> dict[str, Any]:
        values = {name: getattr(site, name) for name in SiteForm.base_fields}
        for day in range(7):
            values[f"day_{day}"] = site.opening_hours.get(str(day), [])
        return values

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{day}"] for day in range(7)]

    @property
    def texts(self) -> list[forms.BoundField]:
        # Without the days, which are added to each form and stand in a table of their own.
        return [self[name] for name in self.base_fields]

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"])
        if name not in available_timezones():
            raise ValidationError(_("There is no such time zone. Write it like Asia/Karachi."))
        return ZoneInfo(name).key

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        # Half a place would send patients to the equator or to Greenwich.
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            raise ValidationError(
                _("A place has a latitude and a longitude: write both, or leave both empty.")
            )
        days = {str(day): data.pop(f"day_{day}", []) for day in range(7)}
        # A closed day has no entry; an empty one would say the same in a second way.
        return {**data, "opening_hours": {day: hours for day, hours in days.items() if hours}}
