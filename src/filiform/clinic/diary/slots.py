"""Which times are free: from opening hours, working hours, what is taken, and rooms.

Pure: values in, values out. Times are moments (aware datetimes), spans are half-open: a visit that
ends at 10:40 and one that begins at 10:40 don't overlap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from filiform.times import wall_time

Periods = Sequence[Sequence[str]]
"""Of one day: ["HH:MM", "HH:MM"] each; an end not after its start is on the following day."""
Week = Mapping[str, Periods]
"""Weekday 0 (Monday) to 6 as text → its periods; a missing day is free."""

STEP_MIN = 10
"""Free times are offered at every so many minutes of the hour (design value)."""


class TimeSpan(NamedTuple):
    """From `start` until just before `end`, in UTC."""

    start: datetime
    end: datetime


class PersonTime(NamedTuple):
    """works: when they are at the site. busy: their visits, at whatever site, and their leave."""

    id: UUID
    works: Sequence[TimeSpan]
    busy: Sequence[TimeSpan] = ()


class RoomTime(NamedTuple):
    """A room with the times in which it is taken."""

    id: UUID
    busy: Sequence[TimeSpan] = ()


class Slot(NamedTuple):
    """A free time; room: the first that is free then, None where none is needed."""

    start: datetime
    end: datetime
    person: UUID
    room: UUID | None


def spans_on(day: date, periods: Periods, zone: tzinfo) -> list[TimeSpan]:
    """The periods of a day as moments, in order, those that touch joined.

    Where the clock skips or repeats an edge, the shorter reading holds: nobody is offered an hour
    in which the door may be locked. Raises ValueError for a text that is no time of the day.
    """
    found = []
    for opens, closes in periods:
        # "22:00 to 06:00" ends on the next day.
        last = day if _minutes(closes) > _minutes(opens) else day + timedelta(days=1)
        start = _edge(day, opens, zone, latest=True)
        end = _edge(last, closes, zone, latest=False)
        if start < end:
            found.append(TimeSpan(start, end))
    return joined(found)


def spans_of_week(week: Week, first: date, last: date, zone: tzinfo) -> list[TimeSpan]:
    """The hours of a week laid over the days from `first` to `last`, both with their nights."""
    found: list[TimeSpan] = []
    # The day before may reach into the first.
    day = first - timedelta(days=1)
    while day <= last:
        found += spans_on(day, week.get(str(day.weekday()), ()), zone)
        day += timedelta(days=1)
    return joined(found)


# The same hours hold for most who work at a place, and a board asks for each of them.
@lru_cache(maxsize=4096)
def _edge(day: date, text: str, zone: tzinfo, *, latest: bool) -> datetime:
    minutes = _minutes(text)
    if minutes == 24 * 60:
        day, minutes = day + timedelta(days=1), 0
    found = wall_time(day, time(minutes // 60, minutes % 60), zone)
    moments = [one.astimezone(UTC) for one in found.moments or found.around]
    return max(moments) if latest else min(moments)


def _minutes(text: str) -> int:
    hour, _, minute = text.partition(":")
    if hour.isdecimal() and minute.isdecimal() and int(minute) < 60:
        minutes = int(hour) * 60 + int(minute)
        if minutes <= 24 * 60:
            return minutes
    raise ValueError(f"{text!r} is no time of the day; written like 09:30, at most 24:00")


def joined(spans: Iterable[TimeSpan]) -> list[TimeSpan]:
    """In order; those that touch or overlap become one."""
    found: list[TimeSpan] = []
    for start, end in sorted(spans):
        if found and start <= found[-1].end:
            found[-1] = TimeSpan(found[-1].start, max(found[-1].end, end))
        else:
            found.append(TimeSpan(start, end))
    return found


def both(some: Sequence[TimeSpan], others: Sequence[TimeSpan]) -> list[TimeSpan]:
    """What lies in both; each is joined already."""
    found = []
    i = j = 0
    while i < len(some) and j < len(others):
        start = max(some[i].start, others[j].start)
        end = min(some[i].end, others[j].end)
        if start < end:
            found.append(TimeSpan(start, end))
        # Whichever ends first can meet nothing that comes later.
        if some[i].end <= others[j].end:
            i += 1
        else:
            j += 1
    return found


def without(spans: Sequence[TimeSpan], taken: Sequence[TimeSpan]) -> list[TimeSpan]:
    """What is left of the spans; each is joined already."""
    found = []
    for start, end in spans:
        at = start
        # From the first that ends later: a practitioner has a thousand visits in a quarter of a
        # year.
        for busy in taken[bisect_right(taken, start, key=attrgetter("end")) :]:
            if busy.start >= end:
                break
            if busy.start > at:
                found.append(TimeSpan(at, busy.start))
            at = max(at, busy.end)
        if at < end:
            found.append(TimeSpan(at, end))
    return found


def is_free(busy: Sequence[TimeSpan], start: datetime, end: datetime) -> bool:
    """Whether nothing of `busy` (joined) overlaps with a time."""
    # Of all that begin before `end` only the last can still be going on: they don't overlap.
    at = bisect_left(busy, end, key=attrgetter("start"))
    return at == 0 or busy[at - 1].end <= start


def free_slots(
    *,
    opens: Sequence[TimeSpan],
    people: Iterable[PersonTime],
    rooms: Iterable[RoomTime] | None,
    minutes: int,
    grid: datetime,
    not_before: datetime,
    step_min: int = STEP_MIN,
) -> list[Slot]:
    """Every free time of a service, the earliest first, those of one moment in the order of people.

    opens: when the site is open. rooms: None when no room is needed; empty: none is to be had.
    grid: a moment from which times are counted in steps, the first of a day. Raises ValueError
    for a length or a step below one minute.
    """
    if minutes < 1 or step_min < 1:
        raise ValueError(f"{minutes} min in steps of {step_min} min: both are at least 1")
    length, step = timedelta(minutes=minutes), timedelta(minutes=step_min)
    places = None if rooms is None else [(room.id, joined(room.busy)) for room in rooms]
    found = []
    for order, person in enumerate(people):
        there = both(joined(opens), joined(person.works))
        for start, end in without(there, joined(person.busy)):
            # Also inside a stretch that has begun: the rest of it can still be had.
            first = max(start, not_before)
            # The next step at or after it: -(-a // b) rounds up.
            at = grid + -((grid - first) // step) * step
            while at + length <= end:
                room = _room(places, at, at + length)
                if room is not NO_ROOM:
                    found.append((at, order, Slot(at, at + length, person.id, room)))
                at += step
    return [slot for _, _, slot in sorted(found, key=lambda one: one[:2])]


# Not None, which says that no room is needed.
NO_ROOM = UUID(int=0)
"""Says that all rooms are taken."""


def _room(
    places: Sequence[tuple[UUID, Sequence[TimeSpan]]] | None, start: datetime, end: datetime
) -> UUID | None:
    if places is None:
        return None
    return next((pk for pk, busy in places if is_free(busy, start, end)), NO_ROOM)
