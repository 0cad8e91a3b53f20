"""What stands against a time: asked by who looks, and again in the transaction that books it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from filiform.clinic.diary import clearance
from filiform.clinic.diary.clearance import day_words, person_words, region_words
from filiform.clinic.diary.models import Leave, Room, Service, ServiceGiver, WorkingHours
from filiform.clinic.diary.queries import opening_spans, rooms, working_spans
from filiform.clinic.diary.slots import TimeSpan
from filiform.clinic.staff.credentials import currency
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import KEEPS_A_PLACE, LONGEST_VISIT_MIN
from filiform.clinic.web.times import zone_named
from filiform.reasons import Reason, Weight

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Site

STILL_NOW = timedelta(minutes=10)
"""So long ago a time may be and still count as now (design value, as `visits.forms.STILL_NOW`)."""


CAN_BE_MEANT = frozenset(
    {
        *("diary-practitioner-busy", "diary-patient-busy", "diary-room-busy", "diary-no-room"),
        *("diary-on-leave", "diary-not-working", "diary-closed", "diary-past"),
    }
)
"""Codes of weight `relative`: what a person of the staff can answer for."""


@dataclass(frozen=True)
class WantedTime:
    """A time that somebody wants. room: None when any will do, or none is needed."""

    patient: Patient
    practitioner: Member
    site: Site
    starts_at: datetime
    minutes: int
    service: Service | None = None
    room: Room | None = None
    regions: tuple[str, ...] = ()
    besides: UUID | None = None
    """The visit that is being moved: it doesn't stand in its own way"""

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def reasons_against(wanted: WantedTime, *, now: datetime) -> tuple[Reason, ...]:
    """Everything that stands against a time; empty when it is free.

    A reason of weight `relative` can be overruled by staff who mean it (a patient squeezed in, a
    visit before opening); one of weight `absolute` by nobody.
    """
    overlapping = overlaps(wanted)
    return (
        *_against_service(wanted),
        *_against_needling(wanted),
        *_against_overlap(wanted, overlapping),
        *_against_rooms(wanted, overlapping),
        *_against_hours(wanted),
        *_against_leave(wanted),
        *_against_past(wanted, now),
    )


def overlaps(wanted: WantedTime) -> list[Visit]:
    """Visits of the organisation that overlap and keep their place; rooms come with them."""
    near = Visit.objects.filter(
        organisation=wanted.site.organisation_id,
        # Bounded on both sides, so that the index of times is enough; the exact end is asked below.
        planned_at__gt=wanted.starts_at - timedelta(minutes=LONGEST_VISIT_MIN),
        planned_at__lt=wanted.ends_at,
        state__in=KEEPS_A_PLACE,
    ).select_related("appointment")
    return [
        one
        for one in near.order_by("planned_at", "id")
        if one.planned_at + timedelta(minutes=one.minutes) > wanted.starts_at
        and one.pk != wanted.besides
    ]


def room_of(visit: Visit) -> UUID | None:
    appointment = getattr(visit, "appointment", None)
    return appointment.room_id if appointment else None


def free_room(wanted: WantedTime, overlapping: list[Visit]) -> Room | None:
    """The first room of the site that nobody has then."""
    taken = {room_of(one) for one in overlapping}
    return next((room for room in rooms(wanted.site) if room.pk not in taken), None)


def _against_service(wanted: WantedTime) -> Iterator[Reason]:
    service = wanted.service
    if service is None:
        return
    words = {"service": service.name, "service_ur": service.name_ur or service.name}
    # Asked anew: the owner may have taken it off while somebody filled in the form.
    if not Service.objects.filter(pk=service.pk, is_active=True).exists():
        yield Reason(code="diary-service-off", params=words)
    given = ServiceGiver.objects.filter(
        service=service, member=wanted.practitioner, member__is_active=True
    )
    if not given.exists():
        yield Reason(code="diary-not-given", params={**words, **person_words(wanted.practitioner)})
    other = [one for one in wanted.regions if service.regions and one not in service.regions]
    if other:
        yield Reason(code="diary-region-not-offered", params={**words, **region_words(other)})


def _against_needling(wanted: WantedTime) -> tuple[Reason, ...]:
    if wanted.service is None or not wanted.service.needs_needling:
        return ()
    day = _at_site(wanted, wanted.starts_at).date()
    return clearance.reasons_against(currency(wanted.practitioner, day), wanted.regions, day)


def _against_overlap(wanted: WantedTime, overlapping: list[Visit]) -> Iterator[Reason]:
    for one in overlapping:
        # The first of them is enough to say why; who books sees the rest in the diary.
        if one.practitioner_id == wanted.practitioner.pk:
            # When and not who: a patient at home reads the same sentence.
            params = {**person_words(wanted.practitioner), **_span_of(wanted, one)}
            yield _relative("diary-practitioner-busy", params)
            break
    for one in overlapping:
        if one.patient_id == wanted.patient.pk:
            yield _relative("diary-patient-busy", _span_of(wanted, one))
            break


def _against_rooms(wanted: WantedTime, overlapping: list[Visit]) -> Iterator[Reason]:
    room = wanted.room
    if room is not None:
        words = {"room": room.name, "room_ur": room.name_ur or room.name}
        if room.site_id != wanted.site.pk or not room.is_active:
            yield Reason(code="diary-room-elsewhere", params={**words, **_site_words(wanted.site)})
        for one in overlapping:
            if room_of(one) == room.pk:
                yield _relative("diary-room-busy", {**words, **_span_of(wanted, one)})
                return
    elif lacks_room(wanted, overlapping):
        yield _relative("diary-no-room", _wanted_words(wanted))


def lacks_room(wanted: WantedTime, overlapping: list[Visit]) -> bool:
    """Whether the service needs a room and none is to be had; a site that has named no rooms
    doesn't count them."""
    if wanted.service is None or not wanted.service.needs_room:
        return False
    taken = {room_of(one) for one in overlapping}
    there = rooms(wanted.site)
    return bool(there) and all(room.pk in taken for room in there)


def _against_hours(wanted: WantedTime) -> Iterator[Reason]:
    # A clinic that has not said when its people work books by hand, as it always did.
    said = WorkingHours.objects.filter(member=wanted.practitioner)
    if wanted.service is None and not said.exists():
        return
    day = _at_site(wanted, wanted.starts_at).date()
    words = {**_site_words(wanted.site), **_wanted_words(wanted)}
    # A closed door says it all: that nobody works behind it would be the same told twice.
    if not _lies_in(wanted, opening_spans(wanted.site, day, day)):
        yield _relative("diary-closed", words)
        return
    who = wanted.practitioner
    works = working_spans(wanted.site, [who.pk], day, day)
    if not _lies_in(wanted, works.get(who.pk, [])):
        yield _relative("diary-not-working", {**words, **person_words(who)})


def _against_leave(wanted: WantedTime) -> Iterator[Reason]:
    row = (
        Leave.objects.filter(
            Q(starts_at__lt=wanted.ends_at, ends_at__gt=wanted.starts_at),
            member=wanted.practitioner,
            is_cancelled=False,
        )
        .order_by("starts_at")
        .first()
    )
    if row is not None:
        # Leave ends just before a moment: with the day before where that is midnight.
        last = _at_site(wanted, row.ends_at - timedelta(seconds=1)).date()
        first = _at_site(wanted, row.starts_at).date()
        words = {**day_words(first, "from"), **day_words(last, "to")}
        yield _relative("diary-on-leave", {**words, **person_words(wanted.practitioner)})


def _against_past(wanted: WantedTime, now: datetime) -> Iterator[Reason]:
    if wanted.starts_at < now - STILL_NOW:
        words = day_words(_at_site(wanted, wanted.starts_at).date())
        yield _relative("diary-past", {**words, **_wanted_words(wanted)})


def _lies_in(wanted: WantedTime, spans: list[TimeSpan]) -> bool:
    return any(start <= wanted.starts_at and wanted.ends_at <= end for start, end in spans)


def _relative(code: str, params: dict[str, str]) -> Reason:
    return Reason(code=code, weight=Weight.RELATIVE, params=params)


def _at_site(wanted: WantedTime, moment: datetime) -> datetime:
    return moment.astimezone(zone_named(wanted.site.time_zone))


def _site_words(site: Site) -> dict[str, str]:
    return {"site": site.name, "site_ur": site.name_ur or site.name}


def _wanted_words(wanted: WantedTime) -> dict[str, str]:
    return {
        "at": f"{_at_site(wanted, wanted.starts_at):%H:%M}",
        "until": f"{_at_site(wanted, wanted.ends_at):%H:%M}",
    }


def _span_of(wanted: WantedTime, visit: Visit) -> dict[str, str]:
    until = visit.planned_at + timedelta(minutes=visit.minutes)
    return {
        "at": f"{_at_site(wanted, visit.planned_at):%H:%M}",
        "until": f"{_at_site(wanted, until):%H:%M}",
    }
