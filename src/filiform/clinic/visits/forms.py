"""Forms of the diary and of an episode's beginning and end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.visits.models import Episode, Visit
from filiform.clinic.visits.queries import clashes, open_episodes, practitioners
from filiform.clinic.visits.vocabulary import MINUTES, OUTCOMES
from filiform.clinic.web.fields import ClockField, DayField, field_of
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import at_site, many_zones, written, zone_named, zone_of
from filiform.clinic.web.widgets import Chips, Day
from filiform.times import offset_words, wall_time

FARTHEST_BACK, FARTHEST_AHEAD = timedelta(days=366), timedelta(days=3 * 366)
"""A visit further away than that is a slip of the year (design values)."""

NIGHT_FROM, NIGHT_UNTIL = 22, 6
"""Hours between which a visit is asked about (design values)."""

STILL_NOW = timedelta(minutes=10)
"""So long ago a time may be and still be meant as now: forms are filled in meanwhile."""

TOO_FAR = _("A visit can be noted from %(first)s to %(last)s. Look at the year.")
SKIPPED = _(
    "There is no %(time)s on %(day)s: the clocks are put forward over it. Choose below what is "
    "meant, or another time."
)
REPEATED = _(
    "%(time)s comes twice on %(day)s: the clocks are put back. Choose below which is meant."
)
PASSED = _("%(day)s, %(time)s has passed. Tick below if it is meant, or choose another time.")
AT_NIGHT = _("%(time)s is at night. Tick below if it is meant, or choose another time.")


def _words_of(number: int, moment: datetime, *, skipped: bool) -> str:
    """One of two moments as a choice: "03:30 (UTC−04:00)", "the second 01:30 (UTC−05:00)"."""
    words = {"time": f"{moment:%H:%M}", "offset": offset_words(moment)}
    if skipped:
        return _("%(time)s (%(offset)s)") % words
    return (FIRST if number == 0 else SECOND) % words


FIRST = _("the first %(time)s (%(offset)s)")
SECOND = _("the second %(time)s (%(offset)s)")


class BookingForm(forms.Form):
    """Who treats, when and how long. A double booking has to be meant."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    practitioner = forms.ChoiceField(label=_("With"), widget=Chips)
    site = forms.ChoiceField(label=_("Where"), widget=Chips)
    day = DayField(label=_("Day"), widget=Day)
    at = ClockField(
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

    which = forms.CharField(label=_("Which of them"), widget=Chips, required=False)
    meant = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        patient: Patient,
        by: Member,
        now: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        """now: for somebody who has come; they are here at that moment, whatever the clock."""
        super().__init__(*args, **kwargs)
        self.now = now
        self.asks_which: tuple[datetime, ...] = ()
        self.asks_meant = False
        self.people = {str(one.pk): one for one in practitioners(by.organisation)}
        self.sites = {str(one.pk): one for one in Site.objects.filter(organisation=by.organisation)}
        self.episodes = {str(one.pk): one for one in open_episodes(patient)}
        field_of(self, "practitioner", forms.ChoiceField).choices = [
            (k, local_name(v)) for k, v in self.people.items()
        ]
        field_of(self, "site", forms.ChoiceField).choices = [
            (k, self._name_of(v)) for k, v in self.sites.items()
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
        planned_at = self.now or self._planned_at(data)
        if planned_at is None:
            return data
        data["planned_at"] = planned_at
        if self.now is None:
            self._look_whether_meant(planned_at, self._zone(data))
        self._look_for_clashes(data)
        return data

    @staticmethod
    def _name_of(site: Site) -> str:
        """With the time there now, where a time alone would not say whose clock it goes by."""
        if not many_zones():
            return local_name(site)
        return f"{local_name(site)} ({timezone.localtime(None, zone_named(site.time_zone)):%H:%M})"

    def _zone(self, data: dict[str, Any]) -> ZoneInfo:
        """Of the site where the visit will be: its clock is the one that the patient looks at."""
        site = self.sites.get(data.get("site", ""))
        return (
            zone_named(site.time_zone) if site else zone_named(timezone.get_current_timezone_name())
        )

    def _planned_at(self, data: dict[str, Any]) -> datetime | None:
        """The moment that day and time mean at the site. None with an error where the clock skips
        or repeats that time: then the field `which` offers what can be meant."""
        today = timezone.localdate()
        first, last = today - FARTHEST_BACK, today + FARTHEST_AHEAD
        if not first <= data["day"] <= last:
            self.add_error("day", TOO_FAR % {"first": written(first), "last": written(last)})
            return None
        found = wall_time(data["day"], data["at"], self._zone(data))
        if not found.choices:
            return found.moments[0]
        self.asks_which = found.choices
        chosen = {one.isoformat(): one for one in found.choices}
        which: Chips = self.fields["which"].widget
        which.choices = [
            (key, _words_of(number, one, skipped=not found.moments))
            for number, (key, one) in enumerate(chosen.items())
        ]
        # Read from what was sent: a choice that belongs to another day or time answers nothing.
        answer = chosen.get(str(self.data.get("which", "")))
        if answer is None:
            words = SKIPPED if not found.moments else REPEATED
            self.add_error(
                "at", words % {"time": f"{data['at']:%H:%M}", "day": written(data["day"])}
            )
        return answer

    def _look_whether_meant(self, planned_at: datetime, zone: ZoneInfo) -> None:
        """A time that has passed or lies in the night is mostly a slip; it is booked when the box
        beside it is ticked, which says that very time, so that it answers for no other."""
        at = planned_at.astimezone(zone)
        has_passed = planned_at < timezone.now() - STILL_NOW
        at_night = at.hour >= NIGHT_FROM or at.hour < NIGHT_UNTIL
        if not has_passed and not at_night:
            return
        self.asks_meant = True
        key = planned_at.isoformat()
        is_meant = self.data.get("meant") == key
        # Django ticks a box that was sent, whatever it said; this one may say another time's "yes".
        widget = forms.CheckboxInput(attrs={"value": key}, check_test=lambda _value: is_meant)
        self.fields["meant"].widget = widget
        when = {"day": written(at.date(), "l, j F Y"), "time": f"{at:%H:%M}"}
        self["meant"].label = _("Yes, I mean %(day)s at %(time)s") % when
        if not is_meant:
            self.add_error("at", (PASSED if has_passed else AT_NIGHT) % when)

    def _look_for_clashes(self, data: dict[str, Any]) -> None:
        person = self.people[data["practitioner"]]
        # A form that was sent twice must not clash with what the first sending has booked.
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
                    "who": local_name(person),
                    "patient": other.patient.name,
                    "time": f"{at_site(other.planned_at, other.site_id):%H:%M}",
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
    last = Visit.objects.filter(patient=patient).order_by("-planned_at").first()
    people = practitioners(by.organisation)
    # Who treats books mostly for themselves; the desk for whoever treated the patient last.
    usual = by if by.is_practitioner else (last.practitioner if last else None)
    if usual is None and len(people) == 1:
        usual = people[0]
    first_site = Site.objects.filter(organisation=by.organisation).first()
    site = last.site_id if last else (first_site.pk if first_site else None)
    episodes = open_episodes(patient)
    # Added before it is read off the wall, so that it is a time that exists.
    at = timezone.localtime(timezone.now() + timedelta(minutes=30), zone_of(site))
    # Cut down to the half hour: with the thirty minutes added it is never one that has passed.
    at = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    return {
        "visit_id": new_id(),
        "practitioner": str(usual.pk) if usual else "",
        "site": str(site or ""),
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
