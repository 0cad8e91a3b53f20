"""Forms of the owner: services with prices, rooms, working hours, leave."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.anatomy import atlas
from filiform.clinic.diary.models import Leave, Room, Service, WorkingHours
from filiform.clinic.diary.service_history import FIELDS
from filiform.clinic.diary.vocabulary import CURRENCIES, LEAVE_KINDS
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.staff.site_form import URDU, PeriodsField
from filiform.clinic.staff.vocabulary import WEEKDAYS
from filiform.clinic.visits.queries import LONGEST_VISIT_MIN, practitioners
from filiform.clinic.web.fields import ClockField, DayField, field_of
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.widgets import Chips, Day, ManyChips
from filiform.times import start_of_day, wall_time

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation

LONGEST_LEAVE_DAYS = 400
"""Longer leave is a slip of the year (design value)."""


class ServiceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    name_ur = forms.CharField(
        label=_("Name in Urdu"), max_length=80, required=False, widget=forms.TextInput(URDU)
    )
    about = forms.CharField(
        label=_("What it is, in a sentence"), max_length=300, required=False,
        help_text=_("Patients read it when they book."),
        # A sentence is longer than a line of a telephone: what can't be seen can't be checked.
        widget=forms.Textarea({"rows": 3, "lang": "en", "dir": "ltr"}),
    )  # fmt: skip
    about_ur = forms.CharField(
        label=_("The same in Urdu"), max_length=300, required=False,
        widget=forms.Textarea({"rows": 3, **URDU}),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=5, max_value=LONGEST_VISIT_MIN, initial=40,
        help_text=_("With the time to make the room ready for the next."),
    )  # fmt: skip
    price = forms.DecimalField(
        label=_("Price"), min_value=0, max_digits=10, decimal_places=2, required=False,
        help_text=_("Leave empty to show no price. Booked visits keep theirs."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, widget=Chips)
    needs_needling = forms.BooleanField(
        label=_("Needles are used: offer it only with somebody who is cleared for it"),
        required=False,
    )
    regions = forms.MultipleChoiceField(
        label=_("Offered for"), widget=ManyChips, required=False,
        help_text=_("None chosen: for every region."),
    )  # fmt: skip
    needs_room = forms.BooleanField(label=_("It takes a room"), required=False, initial=True)
    is_public = forms.BooleanField(label=_("Patients can book it themselves"), required=False)
    is_active = forms.BooleanField(label=_("It is offered"), required=False, initial=True)
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=99, initial=0
    )
    givers = forms.MultipleChoiceField(
        label=_("Given by"), widget=ManyChips, required=False,
        help_text=_("People are offered only for the services they are named for."),
    )  # fmt: skip

    same = forms.BooleanField(
        label=_("The Urdu says the same as the English"), required=False,
        help_text=_("Tick it when you have compared both: the notice then disappears."),
    )  # fmt: skip
    why = forms.CharField(label=_("Why is it changed?"), max_length=300, required=False)
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, organisation: Organisation, is_new: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["same"], self.fields["why"], self.fields["seen"]
        self.people = {str(one.pk): one for one in practitioners(organisation)}
        field_of(self, "givers", forms.MultipleChoiceField).choices = [
            (key, local_name(one)) for key, one in self.people.items()
        ]
        field_of(self, "regions", forms.MultipleChoiceField).choices = [
            (key, region.name.in_language(get_language() or "en"))
            for key, region in atlas().privileges.items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["givers"] = [self.people[key] for key in data.get("givers", [])]
        return data

    def saved(self) -> dict[str, Any]:
        """What `settings_actions.save_service` takes."""
        data = dict(self.cleaned_data)
        return data | {"urdu_agrees": data.pop("same", False)}

    @classmethod
    def values_of(cls, service: Service) -> dict[str, Any]:
        values = {name: getattr(service, name) for name in FIELDS}
        values["givers"] = [str(one.member_id) for one in service.givers.all()]
        return values


class RoomForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    name_ur = forms.CharField(
        label=_("Name in Urdu"), max_length=60, required=False, widget=forms.TextInput(URDU)
    )
    site = forms.ChoiceField(label=_("Where"), widget=Chips)
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=99, initial=0
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, places: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        field_of(self, "site", forms.ChoiceField).choices = [
            (key, local_name(one)) for key, one in self.places.items()
        ]

    def clean_site(self) -> Site:
        return self.places[self.cleaned_data["site"]]

    @classmethod
    def values_of(cls, room: Room) -> dict[str, Any]:
        values = {name: getattr(room, name) for name in cls.base_fields}
        return values | {"site": str(room.site_id)}


class HoursForm(forms.Form):
    """A week: "10:00-14:00, 16:00-20:00" for each day; empty is not there."""

    def __init__(self, *args: Any, row: WorkingHours | None, **kwargs: Any) -> None:
        hours = row.hours if row else {}
        first = {f"day_{day}": hours.get(str(day), []) for day in range(7)}
        super().__init__(*args, **{**kwargs, "initial": first})
        for day, name in enumerate(WEEKDAYS):
            self.fields[f"day_{day}"] = PeriodsField(
                label=name,
                required=False,
                max_length=100,
                widget=forms.TextInput({"class": "medium", "dir": "ltr"}),
            )

    def hours(self) -> dict[str, list[list[str]]]:
        days = {str(day): self.cleaned_data[f"day_{day}"] for day in range(7)}
        return {day: periods for day, periods in days.items() if periods}


class LeaveForm(forms.Form):
    member = forms.ChoiceField(label=_("Who"), widget=Chips)
    kind = forms.ChoiceField(label=_("What"), choices=list(LEAVE_KINDS.items()), widget=Chips)
    first_on = DayField(label=_("First day"), widget=Day)
    last_on = DayField(label=_("Last day"), widget=Day)
    begins = ClockField(label=_("From"), required=False, help_text=_("Empty: from the morning"))
    ends = ClockField(label=_("Until"), required=False, help_text=_("Empty: until the evening"))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[str, Member] = {str(one.pk): one for one in practitioners(organisation)}
        field_of(self, "member", forms.ChoiceField).choices = [
            (key, local_name(one)) for key, one in self.people.items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_on"), data.get("last_on")
        if first is None or last is None:
            return data
        if last < first:
            raise ValidationError(_("The last day lies before the first. Look at both days."))
        if (last - first).days > LONGEST_LEAVE_DAYS:
            raise ValidationError(_("That is more than a year. Look at the years of both days."))
        begins, ends = data.get("begins"), data.get("ends")
        if first == last and begins and ends and ends <= begins:
            raise ValidationError(_("It ends before it begins. Look at both times."))
        return data

    def span(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From the first moment to the last; where the clock repeats a time, the longer reading:
        nobody is booked into an hour in which somebody may be away."""
        data = self.cleaned_data
        start = self._moment(data["first_on"], data["begins"], zone, min)
        end = self._moment(data["last_on"], data["ends"], zone, max)
        return start or start_of_day(data["first_on"], zone), end or start_of_day(
            data["last_on"] + timedelta(days=1), zone
        )

    @staticmethod
    def _moment(day: date, at: Any, zone: tzinfo, which: Any) -> datetime | None:
        if at is None:
            return None
        found = wall_time(day, at, zone)
        moments = [one.astimezone(UTC) for one in found.moments or found.around]
        earliest: datetime = which(moments)
        return earliest


def leave_days(leave: Leave, zone: tzinfo) -> tuple[date, date]:
    """The first and the last day of a leave at a place."""
    last = leave.ends_at.astimezone(zone) - timedelta(seconds=1)
    return leave.starts_at.astimezone(zone).date(), last.date()
