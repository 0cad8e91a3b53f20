"""What is read of the diary: what can be booked, and which times are free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID

from filiform.clinic.diary import slots as pure
from filiform.clinic.diary.clearance import may_needle
from filiform.clinic.diary.models import Leave, Room, Service, ServiceGiver, WorkingHours
from filiform.clinic.diary.slots import PersonTime, RoomTime, Slot, TimeSpan
from filiform.clinic.staff.credentials import currencies
from filiform.clinic.staff.openings import openings_between
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import KEEPS_A_PLACE, LONGEST_VISIT_MIN
from filiform.clinic.web.times import zone_named
from filiform.times import start_of_day, wall_time

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member, Organisation, Site

MOST_DAYS = 92
"""Free times are looked for over so many days at once at most (design value)."""


def services(organisation: Organisation) -> list[Service]:
    """What the desk can book, in the owner's order."""
    return list(
        Service.objects.filter(organisation=organisation, is_active=True).order_by(
            "position", "name"
        )
    )


def public_services(organisation: Organisation) -> list[Service]:
    """What a patient can book on the public site: active, public, and given by somebody who
    still works here."""
    given = ServiceGiver.objects.filter(
        organisation=organisation, member__is_active=True, member__is_practitioner=True
    )
    return list(
        Service.objects.filter(
            organisation=organisation,
            is_active=True,
            is_public=True,
            pk__in=given.values("service"),
        ).order_by("position", "name")
    )


def rooms(site: Site) -> list[Room]:
    """The rooms of a site that are in use, in the owner's order."""
    return list(Room.objects.filter(site=site, is_active=True).order_by("position", "name"))


def givers(service: Service) -> list[Member]:
    """Who gives a service and works here, by name."""
    found = ServiceGiver.objects.filter(
        service=service, member__is_active=True, member__is_practitioner=True
    ).select_related("member__organisation")
    return [one.member for one in found.order_by("member__name")]


def opening_spans(site: Site, first: date, last: date) -> list[TimeSpan]:
    """When a site is open from the first day to the last, holidays and other hours counted."""
    zone = zone_named(site.time_zone)
    # The day before may reach into the first.
    days = openings_between(site, first - timedelta(days=1), last)
    spans = [pure.spans_on(day, opening.hours, zone) for day, opening in days.items()]
    return pure.joined(chain.from_iterable(spans))


def working_spans(
    site: Site, members: Iterable[UUID], first: date, last: date
) -> dict[UUID, list[TimeSpan]]:
    """Practitioner → when they work at the site; nobody without hours is in it."""
    zone = zone_named(site.time_zone)
    rows = WorkingHours.objects.filter(site=site, member__in=list(members))
    return {
        member: pure.spans_of_week(hours, first, last, zone)
        for member, hours in rows.values_list("member", "hours")
    }


def leave_spans(
    members: Iterable[UUID], start: datetime, end: datetime
) -> dict[UUID, list[TimeSpan]]:
    """Practitioner → leave that reaches into a time."""
    found: dict[UUID, list[TimeSpan]] = defaultdict(list)
    rows = Leave.objects.filter(
        member__in=list(members), is_cancelled=False, starts_at__lt=end, ends_at__gt=start
    )
    for member, begins, ends in rows.values_list("member", "starts_at", "ends_at"):
        found[member].append(TimeSpan(begins, ends))
    return found


def taken_spans(
    organisation: UUID, start: datetime, end: datetime
) -> tuple[dict[UUID, list[TimeSpan]], dict[UUID, list[TimeSpan]]]:
    """Visits that keep their place: by practitioner, and by room."""
    by_person: dict[UUID, list[TimeSpan]] = defaultdict(list)
    by_room: dict[UUID, list[TimeSpan]] = defaultdict(list)
    rows = Visit.objects.filter(
        organisation=organisation,
        # One that began before may last into it; from further back none does.
        planned_at__gt=start - timedelta(minutes=LONGEST_VISIT_MIN),
        planned_at__lt=end,
        state__in=KEEPS_A_PLACE,
    )
    for who, at, minutes, room in rows.values_list(
        "practitioner", "planned_at", "minutes", "appointment__room"
    ):
        span = TimeSpan(at, at + timedelta(minutes=minutes))
        by_person[who].append(span)
        if room is not None:
            by_room[room].append(span)
    return by_person, by_room


def slots(
    service: Service,
    site: Site,
    *,
    first: date,
    last: date,
    now: datetime,
    regions: Sequence[str] = (),
    practitioner: Member | None = None,
) -> list[Slot]:
    """The free times of a service at a site, from the first day to the last, the earliest first.

    regions: ids of `anatomy.PRIVILEGES` that are to be needled; a service that needs needling is
    offered only with who is cleared for all of them on that very day. Nine queries, however many
    days and people. Raises ValueError for more than MOST_DAYS days.
    """
    # A day in an address could ask for a thousand years.
    if (last - first).days >= MOST_DAYS:
        raise ValueError(
            f"{first} to {last}: free times are looked for in {MOST_DAYS} days at most"
        )
    if not service.is_active or last < first or not _offered_for(service, regions):
        return []
    zone = zone_named(site.time_zone)
    start = start_of_day(first, zone)
    end = start_of_day(last + timedelta(days=1), zone)
    people = [one for one in givers(service) if practitioner in (None, one)]
    working = working_spans(site, [one.pk for one in people], first, last)
    # A day more: an opening of the last evening may reach into the night.
    by_person, by_room = taken_spans(site.organisation_id, start, end + timedelta(days=1))
    away = leave_spans([one.pk for one in people], start, end + timedelta(days=1))
    places = None
    if service.needs_room:
        # A site that has named no rooms doesn't count them.
        places = [RoomTime(room.pk, by_room[room.pk]) for room in rooms(site)] or None
    found = pure.free_slots(
        opens=opening_spans(site, first, last),
        people=[
            PersonTime(one.pk, working[one.pk], [*by_person[one.pk], *away.get(one.pk, ())])
            for one in people
            if one.pk in working
        ],
        rooms=places,
        minutes=service.minutes,
        grid=start,
        not_before=max(now.astimezone(UTC), start),
    )
    # The night after the last evening was only looked at for what reaches into it.
    within = [slot for slot in found if slot.start < end]
    return _cleared(within, people, regions, site) if service.needs_needling else within


def proposals(
    service: Service,
    site: Site,
    *,
    days: Sequence[date],
    at: time,
    now: datetime,
    regions: Sequence[str] = (),
    practitioner: Member | None = None,
) -> list[Slot | None]:
    """For each of the days the free time that is nearest to a wished one: on that day, or else on
    the next that has any within SLACK_DAYS; None where there is none. No two are one time.

    days: in order. at: by the site's clock; where that is skipped or comes twice on a day, the
    nearest free time is meant all the same, and is told with its day and hour.
    """
    zone = zone_named(site.time_zone)
    found: list[Slot | None] = []
    taken: set[datetime] = set()
    for day in days:
        wished = wall_time(day, at, zone)
        moment = (wished.moments or wished.around)[0]
        free = slots(
            service, site, first=day, last=day + timedelta(days=SLACK_DAYS), now=now,
            regions=regions, practitioner=practitioner,
        )  # fmt: skip
        by_day: dict[date, list[Slot]] = defaultdict(list)
        for slot in free:
            # Two wished days may be moved onto one: each of its times is given once.
            if slot.start not in taken:
                by_day[slot.start.astimezone(zone).date()].append(slot)
        if not by_day:
            found.append(None)
            continue
        first = min(by_day)
        shift = timedelta(days=(first - day).days)
        # Moved to another day, the wished hour moves along.
        nearest = min(by_day[first], key=lambda slot: abs(slot.start - (moment + shift)))
        taken.add(nearest.start)
        found.append(nearest)
    return found


SLACK_DAYS = 3
"""A visit of a group may be so many days later than planned (design value)."""


def visits_in_leave(leave: Leave, *, now: datetime) -> list[Visit]:
    """Booked visits that somebody's leave was laid over: whom to call, by time."""
    near = Visit.objects.filter(
        practitioner=leave.member_id,
        state="booked",
        planned_at__gt=max(leave.starts_at - timedelta(minutes=LONGEST_VISIT_MIN), now),
        planned_at__lt=leave.ends_at,
    ).select_related("patient", "site")
    return [
        one
        for one in near.order_by("planned_at")
        if one.planned_at + timedelta(minutes=one.minutes) > leave.starts_at
    ]


def coming_leave(organisation: Organisation, *, now: datetime) -> list[Leave]:
    """Leave that holds now or later, the next first."""
    rows = Leave.objects.filter(organisation=organisation, is_cancelled=False, ends_at__gt=now)
    return list(rows.select_related("member").order_by("starts_at"))


def _offered_for(service: Service, regions: Sequence[str]) -> bool:
    return not service.regions or set(regions) <= set(service.regions)


def _cleared(
    found: list[Slot], people: list[Member], regions: Sequence[str], site: Site
) -> list[Slot]:
    """Those with somebody who may needle on the day of the slot, by the site's clock."""
    if not found:
        return []
    zone = zone_named(site.time_zone)
    # Read once; whether they hold on a day is worked out from their dates.
    holds = {one.member.pk: one for one in currencies(people, found[0].start.date())}
    answers: dict[tuple[UUID, date], bool] = {}
    kept = []
    for slot in found:
        key = slot.person, slot.start.astimezone(zone).date()
        if key not in answers:
            answers[key] = may_needle(holds[slot.person], regions, key[1])
        if answers[key]:
            kept.append(slot)
    return kept
