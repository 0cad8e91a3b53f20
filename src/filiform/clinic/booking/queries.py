"""What the pages of booking read: services, free times by day, the desk's lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from filiform.clinic.booking.offering import held_by_offers, is_held
from filiform.clinic.diary.models import Service
from filiform.clinic.diary.queries import givers, public_services, slots
from filiform.clinic.diary.slots import Slot
from filiform.clinic.frontdoor.queries import public_sites
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.times import SiteMoment, zone_named

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Organisation, Site

NOTICE = timedelta(hours=1)
"""Nobody books by themselves for sooner: the desk has to see it in time."""
HORIZON = timedelta(days=60)
LOOKED_AT_ONCE = 21
DAYS_SHOWN = 6
BESIDE = timedelta(minutes=20)
"""Of the times that begin within so many minutes of each other one is shown. All design values."""
MOST_OPEN = 4
"""Visits to come that one number or address has booked by itself; beyond them the desk is asked."""


@dataclass(frozen=True)
class FreeTime:
    """start: by the clock of the site. key: for addresses and forms."""

    start: SiteMoment
    person: Member

    @property
    def minute(self) -> int:
        return minute_of(self.start)

    @property
    def key(self) -> str:
        return f"{self.person.pk}/{self.minute}"


@dataclass(frozen=True)
class FreeDays:
    """days: day → its times, the nearest first. earlier, later: where to look on; None for no
    further."""

    days: dict[date, list[FreeTime]]
    later: date | None

    @property
    def first(self) -> FreeTime | None:
        return next((time for times in self.days.values() for time in times), None)


def minute_of(moment: datetime) -> int:
    """Minutes since 1970: a moment in an address."""
    return int(moment.timestamp()) // 60


def moment_of(minute: str) -> datetime | None:
    """The moment of an address; None for what is no number, and for one that no calendar holds."""
    if not (minute.isascii() and minute.isdecimal() and len(minute) <= 12):
        return None
    try:
        return datetime.fromtimestamp(int(minute) * 60, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def site_of(site_id: UUID) -> Site | None:
    return public_sites().filter(pk=site_id).first()


def service_of(organisation: Organisation, service_id: UUID) -> Service | None:
    """A service that a patient can book."""
    # Out of those that are public: the id of an address may be that of any service.
    return next((one for one in public_services(organisation) if one.pk == service_id), None)


def consultation(organisation: Organisation) -> Service | None:
    """What is booked in place of a needling visit: the first public service without needles."""
    return next((one for one in public_services(organisation) if not one.needs_needling), None)


def free_days(
    service: Service, site: Site, *, now: datetime, since: date | None = None,
    person: Member | None = None,
) -> FreeDays:  # fmt: skip
    """The free times of the next days that have any, from a day on."""
    zone = zone_named(site.time_zone)
    today = now.astimezone(zone).date()
    last = today + HORIZON
    # A day in an address may be any.
    first = min(max(since or today, today), last)
    people = {one.pk: one for one in givers(service)}
    held = held_by_offers(site.organisation_id, now)
    days: dict[date, list[FreeTime]] = {}
    # Some weeks at a time: most clinics have free times in the first.
    while first <= last and len(days) < DAYS_SHOWN:
        until = min(first + timedelta(days=LOOKED_AT_ONCE - 1), last)
        found = slots(service, site, first=first, last=until, now=now + NOTICE, practitioner=person)
        for slot in _thinned(one for one in found if not is_held(held, *_who_and_when(one))):
            start = _at(slot.start, site)
            # The last day is shown whole, whatever comes after it.
            if start.date() in days or len(days) < DAYS_SHOWN:
                days.setdefault(start.date(), []).append(FreeTime(start, people[slot.person]))
        first = until + timedelta(days=1)
    shown = max(days, default=last)
    return FreeDays(days, shown + timedelta(days=1) if shown < last else None)


def _who_and_when(slot: Slot) -> tuple[UUID, datetime, datetime]:
    return slot.person, slot.start, slot.end


def _thinned(found: Iterable[Slot]) -> Iterable[Slot]:
    """One of those that begin nearly together, whoever's they are."""
    last: datetime | None = None
    for slot in found:
        if last is None or slot.start >= last + BESIDE:
            last = slot.start
            yield slot


def _at(moment: datetime, site: Site) -> SiteMoment:
    there = moment.astimezone(zone_named(site.time_zone))
    return SiteMoment.combine(there.date(), there.timetz())


def at_site(visit: Visit) -> SiteMoment:
    """When a visit is, by the clock of its site."""
    return _at(visit.planned_at, visit.site)


def time_of(
    service: Service, site: Site, person_id: UUID, minute: str, now: datetime
) -> FreeTime | None:
    """This very time, if it is free; whichever of those that begin nearly together is shown."""
    moment = moment_of(minute)
    # A day more than is shown: a time that was on the page at midnight may still be tapped.
    if moment is None or not now + NOTICE <= moment <= now + HORIZON + timedelta(days=1):
        return None
    person = next((one for one in givers(service) if one.pk == person_id), None)
    if person is None:
        return None
    day = moment.astimezone(zone_named(site.time_zone)).date()
    held = held_by_offers(site.organisation_id, now)
    # Asked of the diary again and not of what was shown: it may be gone since.
    for slot in slots(service, site, first=day, last=day, now=now + NOTICE, practitioner=person):
        if slot.start == moment and not is_held(held, *_who_and_when(slot)):
            return FreeTime(_at(moment, site), person)
    return None


def near(service: Service, site: Site, wanted: FreeTime, now: datetime) -> FreeTime | None:
    """The same time with the same person for another service, or the first free one that day or
    later; of anybody when that person has none."""
    exact = time_of(service, site, wanted.person.pk, str(wanted.minute), now)
    if exact is not None:
        return exact
    gives = any(one.pk == wanted.person.pk for one in givers(service))
    day = wanted.start.date()
    # The same person first: who was chosen is mostly meant.
    for person in (wanted.person, None) if gives else (None,):
        first = free_days(service, site, now=now, since=day, person=person).first
        if first is not None:
            return first
    return None


def open_bookings(organisation: Organisation, phone: str, email: str, now: datetime) -> int:
    """Visits to come that this number, or this address, has booked by itself."""
    whose = {"patient__phone": phone} if phone else {"patient__email__iexact": email}
    return Visit.objects.filter(
        # Nobody of the staff made it: then a patient did, by a link or on the public site.
        organisation=organisation,
        state="booked",
        planned_at__gt=now,
        created_by=None,
        **whose,
    ).count()
