"""Forms of the diary and of an episode's beginning and end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.visits.models import Episode, Visit
from filiform.clinic.visits.queries import clashes, open_episodes, practitioners
from filiform.clinic.visits.vocabulary import MINUTES, OUTCOMES
from filiform.clinic.web.fields import field_of
from filiform.clinic.web.widgets import Chips, Day


class BookingForm(forms.Form):
    """Who treats, when and how long. A double booking has to be meant."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    practitioner = forms.ChoiceField(label=_("With"), widget=Chips)
    site = forms.ChoiceField(label=_("Where"), widget=Chips)
    day = forms.DateField(label=_("Day"), widget=Day)
    at = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(
            attrs={"type": "time", "class": "short", "step": 300}, format="%H:%M"
        ),
    )
    minutes = forms.TypedChoiceField(label=_("Duration"), choices=MINUTES, coerce=int, widget=Chips)
    episode = forms.ChoiceField(label=_("For"), widget=Chips, required=False)
    anyway = forms.BooleanField(
        label=_("Book it anyway"), required=False, widget=forms.CheckboxInput
    )

    def __init__(self, *args: Any, patient: Patient, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in practitioners(by.organisation)}
        self.sites = {str(one.pk): one for one in Site.objects.filter(organisation=by.organisation)}
        self.episodes = {str(one.pk): one for one in open_episodes(patient)}
        field_of(self, "practitioner", forms.ChoiceField).choices = [
            (k, v.name) for k, v in self.people.items()
        ]
        field_of(self, "site", forms.ChoiceField).choices = [
            (k, v.name) for k, v in self.sites.items()
        ]
        if len(self.sites) == 1:
            self.fields["site"].widget = forms.HiddenInput()
        field_of(self, "episode", forms.ChoiceField).choices = [
            *((k, v.title) for k, v in self.episodes.items()),
            ("", _("A new complaint")),
        ]
        if not self.episodes:
            self.fields["episode"].widget = forms.HiddenInput()
        self.found_clashes: list[Visit] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "practitioner" not in data or "day" not in data or "at" not in data:
            return data
        zone = timezone.get_current_timezone()
        data["planned_at"] = datetime.combine(data["day"], data["at"], tzinfo=zone)
        self._look_for_clashes(data)
        return data

    def _look_for_clashes(self, data: dict[str, Any]) -> None:
        person = self.people[data["practitioner"]]
        itself = Visit.objects.filter(pk=data["visit_id"]).first() if "visit_id" in data else None
        self.found_clashes = clashes(
            person, data["planned_at"], data.get("minutes") or 40, besides=itself
        )
        if self.found_clashes and not data.get("anyway"):
            other = self.found_clashes[0]
            self.add_error(
                "at",
                _(
                    "%(who)s already has %(patient)s at %(time)s for %(minutes)s minutes. "
                    "Choose another time, or tick “Book it anyway”."
                )
                % {
                    "who": person.name,
                    "patient": other.patient.name,
                    "time": timezone.localtime(other.planned_at).strftime("%H:%M"),
                    "minutes": other.minutes,
                },
            )

    def booking(self) -> dict[str, Any]:
        """What `actions.book` takes."""
        data = self.cleaned_data
        return {
            "visit_id": data["visit_id"],
            "practitioner": self.people[data["practitioner"]],
            "site": self.sites[data["site"]],
            "minutes": data["minutes"],
            "episode": self.episodes.get(data["episode"]),
        }


def first_values(patient: Patient, by: Member) -> dict[str, Any]:
    """A booking form filled in as far as it can be known: oneself, today, the next half hour."""
    now = timezone.localtime()
    half = 30 if now.minute < 30 else 60
    at = now.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=half)
    last = Visit.objects.filter(patient=patient).order_by("-planned_at").first()
    people = practitioners(by.organisation)
    usual = by if by.is_practitioner else (last.practitioner if last else None)
    if usual is None and len(people) == 1:
        usual = people[0]
    first_site = Site.objects.filter(organisation=by.organisation).first()
    site = last.site_id if last else (first_site.pk if first_site else "")
    episodes = open_episodes(patient)
    return {
        "visit_id": new_id(),
        "practitioner": str(usual.pk) if usual else "",
        "site": str(site),
        "day": at.date(),
        "at": at.time(),
        "minutes": 40,
        "episode": str(episodes[0].pk) if episodes else "",
    }


class DischargeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("How it ended"), choices=OUTCOMES, widget=Chips)


class EpisodeForm(forms.Form):
    """Which complaint a visit is for."""

    episode = forms.ChoiceField(label=_("Reason for this visit"), widget=Chips, required=False)

    def __init__(self, *args: Any, episodes: list[Episode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.episodes = {str(one.pk): one for one in episodes}
        field_of(self, "episode", forms.ChoiceField).choices = [
            *((k, v.title) for k, v in self.episodes.items()),
            ("", _("A new complaint")),
        ]
