"""What patients of the demo clinic booked by themselves: a new one, one whom the clinic knows, and
somebody on the waiting list."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from filiform.clinic.booking import actions, waiting
from filiform.clinic.booking.actions import Details, Time
from filiform.clinic.booking.risk import asked
from filiform.clinic.demo.people import Team
from filiform.clinic.diary.models import Service
from filiform.clinic.diary.queries import slots
from filiform.clinic.patients.births import Birth
from filiform.clinic.patients.models import Patient


def book_themselves(team: Team, needling: Service, known: Patient, *, today: date) -> None:
    """known: books anew with the number that the clinic has; the desk joins the two files."""
    new = Details("Bilal Hashmi", "+923001118822", "", Birth(date(1991, 4, 17)), "en")
    again = Details(
        known.name, known.phone, "", Birth(known.birth_date, known.birth_date_known), "ur"
    )
    for number, who in enumerate((new, again), start=2):
        _book(team, needling, who, today + timedelta(days=number))
    waits = Details("Nadia Iqbal", "+923001118833", "", Birth(date(1978, 9, 2)), "ur")
    waiting.join(
        site=team.site,
        service=needling,
        details=waits,
        answers=_no_risk(waits, today),
        form=_form(waits),
        person=team.hamza.pk,
        weekdays=[],
        parts=["evening"],
        weeks=4,
    )


def _book(team: Team, service: Service, who: Details, day: date) -> None:
    """The last free time of that day or of the next that has one."""
    free = slots(
        service, team.site, first=day, last=day + timedelta(days=5), now=timezone.now(),
        practitioner=team.sana,
    )  # fmt: skip
    first = free[0].start.date()
    last = [one for one in free if one.start.date() == first][-1]
    actions.book(
        time=Time(service, team.site, team.sana, last.start),
        details=who,
        answers=_no_risk(who, first),
        form=_form(who),
    )


def _no_risk(who: Details, day: date) -> dict[str, bool]:
    return dict.fromkeys(asked(who.birth.on, on=day).ids, False)


def _form(who: Details) -> UUID:
    """The same in every demo clinic."""
    return uuid5(NAMESPACE_URL, f"filiform:demo:{who.name}")
