"""Forms of the desk: booking a time, moving a visit, cancelling it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.anatomy import atlas
from filiform.clinic.diary.models import Room, Service
from filiform.clinic.diary.queries import services
from filiform.clinic.diary.rules import CAN_BE_MEANT, WantedTime, reasons_against
from filiform.clinic.diary.vocabulary import CANCELLED_BECAUSE
from filiform.clinic.staff.queries import sites
from filiform.clinic.visits.forms import BookingForm
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import open_episodes, practitioners
from filiform.clinic.visits.vocabulary import MINUTES
from filiform.clinic.web.fields import ClockField, DayField, field_of
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.widgets import Chips, Day, ManyChips
from filiform.reasons import Reason, Weight, say

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member

ASKED_ELSEWHERE = frozenset({"diary-practitioner-busy", "diary-past"})
"""The form itself says whose visit is in the way, and asks whether a past time is meant."""


class TimeForm(BookingForm):
    """When, with whom, for which service, in which room; what stands against it is said, and what
    a person can answer for can be booked anyway."""

    service = forms.ChoiceField(label=_("Service"), widget=Chips, required=False)
    room = forms.ChoiceField(label=_("Room"), widget=Chips, required=False)
    regions = forms.MultipleChoiceField(
        label=_("To be needled"), widget=ManyChips, required=False,
        help_text=_("Only somebody who is cleared for these regions can be booked."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, patient: Patient, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, patient=patient, by=by, **kwargs)
        self.patient = patient
        self.services = {str(one.pk): one for one in services(by.organisation)}
        found = Room.objects.filter(organisation=by.organisation_id, is_active=True)
        self.rooms = {str(one.pk): one for one in found.order_by("position", "name")}
        self._offer("service", self.services.values(), _("Not named"))
        self._offer("room", self.rooms.values(), _("Any free room"))
        needling = any(one.needs_needling for one in self.services.values())
        field_of(self, "regions", forms.MultipleChoiceField).choices = [
            (key, region.name.in_language(get_language() or "en"))
            for key, region in atlas().privileges.items()
        ]
        if not needling:
            # Kept and not taken away: the address of a booking may have named them.
            self.fields["regions"].widget = forms.MultipleHiddenInput()
        if self.services:
            minutes = field_of(self, "minutes", forms.TypedChoiceField)
            # With a service its own length is what is usually meant.
            minutes.required, minutes.empty_value = False, None
            minutes.choices = [("", _("As the service takes")), *MINUTES]
        self.reasons: tuple[Reason, ...] = ()

    def _offer(self, name: str, things: Iterable[Service | Room], none: Any) -> None:
        choices = [(str(one.pk), local_name(one)) for one in things]
        field_of(self, name, forms.ChoiceField).choices = [("", none), *choices]
        if not choices:
            self.fields[name].widget = forms.HiddenInput()

    def _look_for_clashes(self, data: dict[str, Any]) -> None:
        """Everything that stands against it, all at once: nobody wants to be refused five times."""
        service = self.services.get(data.get("service", ""))
        data["minutes"] = data.get("minutes") or (service.minutes if service else 40)
        super()._look_for_clashes(data)
        if "site" not in data:
            return
        if self.now is not None:
            return  # who has come is there, whatever stands in the book
        self.reasons = reasons_against(self._wanted(data), now=timezone.now())
        meant = self.overruled()
        shown = [one for one in self.reasons if one.code not in ASKED_ELSEWHERE]
        for reason in shown:
            if reason.weight is not Weight.RELATIVE or reason.code not in meant:
                self.add_error("at", say(reason, get_language() or "en"))

    def _wanted(self, data: dict[str, Any]) -> WantedTime:
        return WantedTime(
            patient=self.patient, practitioner=self.people[data["practitioner"]],
            site=self.sites[data["site"]], starts_at=data["planned_at"].astimezone(UTC),
            minutes=data["minutes"], service=self.services.get(data.get("service", "")),
            room=self.rooms.get(data.get("room", "")), regions=tuple(data.get("regions", ())),
            besides=data.get("visit_id"),
        )  # fmt: skip

    @property
    def can_be_meant(self) -> bool:
        """Whether "anyway" would help: something stands against it, and only what can be meant."""
        # A past time has a box of its own beside the time.
        against = {one.weight for one in self.reasons if one.code != "diary-past"}
        return bool(self.found_clashes) or against == {Weight.RELATIVE}

    @property
    def codes(self) -> str:
        """What was shown, sent back with the box: a reason that came up meanwhile isn't meant."""
        return " ".join(sorted({one.code for one in self.reasons}))

    def overruled(self) -> frozenset[str]:
        """Codes of the reasons that were read and are overruled."""
        past = frozenset({"diary-past"})  # asked about by the box beside the time
        if not self.data.get("anyway"):
            return past
        seen = str(self.data.get("seen", "")).split()
        # Without a list (who stands at the desk was shown none) everything that can be meant is.
        return past | (frozenset(seen) or CAN_BE_MEANT)

    def booking(self) -> dict[str, Any]:
        """What `actions.take` takes."""
        data = self.cleaned_data
        return {
            **super().booking(),
            "minutes": data["minutes"],
            "service": self.services.get(data["service"]),
            "room": self.rooms.get(data["room"]),
            "regions": data["regions"],
        }


class MoveForm(TimeForm):
    """The same for a visit that is booked already: what it is for stays."""

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("service", "regions", "episode", "site", "visit_id"):
            # They would be asked of a visit that has them; `clean` fills them in.
            self.fields.pop(name)
        self.visit = visit
        known = dict(MINUTES)
        # A visit may be as long as its service says, which is none of the usual lengths.
        own = {visit.minutes: f"{visit.minutes} {_('min')}"} if visit.minutes not in known else {}
        minutes = field_of(self, "minutes", forms.TypedChoiceField)
        minutes.choices = [(str(key), words) for key, words in sorted((own | known).items())]

    def clean(self) -> dict[str, Any]:
        appointment = getattr(self.visit, "appointment", None)
        # What isn't asked when a visit is moved, as the checks of the booking form want it.
        self.cleaned_data |= {
            "site": str(self.visit.site_id),
            "visit_id": self.visit.pk,
            "service": str(appointment.service_id)
            if appointment and appointment.service_id
            else "",
            "regions": appointment.regions if appointment else [],
        }
        return super().clean()

    def change(self) -> dict[str, Any]:
        """What `actions.reschedule` takes."""
        data = self.cleaned_data
        return {
            "starts_at": data["planned_at"],
            "practitioner": self.people[data["practitioner"]],
            "room": self.rooms.get(data["room"]),
            "minutes": data["minutes"],
            "meant": self.overruled(),
        }


def values_of(visit: Visit, at: datetime) -> dict[str, Any]:
    """A moving form filled in with what holds; at: the visit's time at its site."""
    appointment = getattr(visit, "appointment", None)
    room: UUID | None = appointment.room_id if appointment else None
    return {
        "practitioner": str(visit.practitioner_id),
        "day": at.date(),
        "at": at.time(),
        "minutes": str(visit.minutes),
        "room": str(room or ""),
    }


class CancelForm(forms.Form):
    because = forms.ChoiceField(
        label=_("Why"),
        choices=list(CANCELLED_BECAUSE.items()),
        widget=Chips,
        help_text=_("The patient is notified, unless it was their own wish or they are ill."),
    )


MOST_VISITS = 20
"""So many visits are booked at once at most (design value)."""
EVERY = (
    (2, _("every 2 days")), (3, _("every 3 days")), (7, _("every week")),
    (14, _("every 2 weeks")),
)  # fmt: skip


class SeveralForm(forms.Form):
    """A group of visits: how many, how often, around what time."""

    service = forms.ChoiceField(label=_("Service"), widget=Chips)
    practitioner = forms.ChoiceField(label=_("With"), widget=Chips, required=False)
    site = forms.ChoiceField(label=_("Where"), widget=Chips)
    count = forms.IntegerField(label=_("How many visits"), min_value=1, max_value=MOST_VISITS)
    every = forms.TypedChoiceField(label=_("How often"), choices=EVERY, coerce=int, widget=Chips)
    day = DayField(label=_("First day"), widget=Day)
    at = ClockField(
        label=_("Around"), widget=forms.TimeInput({"type": "time", "class": "short"}, "%H:%M")
    )
    until = DayField(label=_("Not after"), widget=Day, required=False)
    episode = forms.ChoiceField(label=_("For"), widget=Chips, required=False)

    def __init__(self, *args: Any, patient: Patient, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house = by.organisation
        self.services = {str(one.pk): one for one in services(house)}
        self.people = {str(one.pk): one for one in practitioners(house)}
        self.sites = {str(one.pk): one for one in sites(house)}
        self.episodes = {str(one.pk): one for one in open_episodes(patient)}
        for name, things, none in (
            ("service", self.services, None),
            ("practitioner", self.people, _("Whoever is free")),
            ("site", self.sites, None),
        ):
            choices = [(key, local_name(one)) for key, one in things.items()]
            first = [("", none)] if none is not None else []
            field_of(self, name, forms.ChoiceField).choices = [*first, *choices]
        field_of(self, "episode", forms.ChoiceField).choices = [
            ("", _("Not named")), *((key, one.title) for key, one in self.episodes.items())
        ]  # fmt: skip

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        today = timezone.localdate()
        if not today <= day <= today + timedelta(days=366):
            raise ValidationError(_("Choose a day from today on, within a year."))
        return day

    def days(self) -> list[date]:
        """The days that are wished for; none after the last that is allowed."""
        data = self.cleaned_data
        # None is moved: on a closed day each finds its own nearest time (`proposals`).
        days = [
            data["day"] + timedelta(days=number * data["every"]) for number in range(data["count"])
        ]
        return [day for day in days if not data["until"] or day <= data["until"]]

    def wanted(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"service": self.services[data["service"]], "site": self.sites[data["site"]]}
