"""Visits that are booked for times at which the site is closed since: whom to call.

They stay booked until somebody has called: nothing is lost because a holiday was entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import OpeningException, Site
from filiform.clinic.staff.openings import Hours, openings_between
from filiform.clinic.web import times

DAY = 24 * 60
COLUMNS = (
    *("visits__pk", "visits__planned_at", "visits__minutes"),
    *("visits__practitioner__name", "visits__practitioner__name_ur"),
    *("pk", "given_name", "family_name", "phone"),
)


@dataclass(frozen=True)
class ToCall:
    """A booked visit outside the hours, with the number to call."""

    visit: UUID
    planned_at: datetime
    minutes: int
    practitioner: str
    patient: UUID
    name: str
    phone: str


def visits_to_call(exception: OpeningException, *, now: datetime) -> list[ToCall]:
    """Booked visits from now on, on the days of an exception, that don't lie within the hours
    which hold there: those of this exception, or of a shorter one inside it."""
    site = exception.site
    zone = times.zone_named(site.time_zone)
    # What has passed needs no call.
    first = max(exception.first_on, now.astimezone(zone).date())
    if first > exception.last_on:
        return []
    openings = openings_between(site, first - timedelta(days=1), exception.last_on)
    found = []
    for row in _booked(site, first, exception.last_on, now):
        wall = row.planned_at.astimezone(zone)
        day = wall.date()
        # A night clinic's visit at one in the morning lies in the hours of the evening before.
        before = openings[day - timedelta(days=1)].hours
        if not _within(wall, row.minutes, openings[day].hours, before):
            found.append(row)
    return found


def _booked(site: Site, first: date, last: date, now: datetime) -> list[ToCall]:
    """By the names of the relations: the room of the visits lies beside this one."""
    zone = times.zone_named(site.time_zone)
    start, end = times.bounds(first, zone)[0], times.bounds(last, zone)[1]
    rows: Any = Patient.objects.filter(
        organisation=site.organisation_id,
        visits__site=site,
        visits__state="booked",
        visits__planned_at__gte=max(start, now),
        visits__planned_at__lt=end,
    ).values_list(*COLUMNS)
    urdu = (get_language() or "en").startswith("ur")
    return [
        ToCall(
            visit,
            at,
            minutes,
            (urdu and name_ur) or name,
            patient,
            f"{given} {family}".strip(),
            phone,
        )
        for visit, at, minutes, name, name_ur, patient, given, family, phone in rows.order_by(
            "visits__planned_at", "visits__pk"
        )
    ]


def _within(wall: datetime, minutes: int, hours: Hours, before: Hours) -> bool:
    """Whether a visit lies in one period of its day, or in the night of the day before."""
    begins = wall.hour * 60 + wall.minute
    spans = [_span(start, end) for start, end in hours]
    spans += [(start - DAY, end - DAY) for start, end in (_span(*one) for one in before)]
    # Within one of them: a visit that reaches into the break at noon has to be moved.
    return any(start <= begins and begins + minutes <= end for start, end in spans)


def _span(start: str, end: str) -> tuple[int, int]:
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    return (first, last if last > first else last + DAY)
