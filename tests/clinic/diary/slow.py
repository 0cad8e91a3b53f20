"""The slow, obvious referee of free times: asks every minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from filiform.clinic.diary.slots import PersonTime, RoomTime, Slot, TimeSpan

MINUTE = timedelta(minutes=1)


def minutes_of(start: datetime, minutes: int) -> list[datetime]:
    return [start + MINUTE * number for number in range(minutes)]


def is_in(spans: list[TimeSpan], moment: datetime) -> bool:
    return any(start <= moment < end for start, end in spans)


def free_slots(
    *,
    opens: list[TimeSpan],
    people: list[PersonTime],
    rooms: list[RoomTime] | None,
    minutes: int,
    grid: datetime,
    until: datetime,
    not_before: datetime,
    step_min: int,
) -> list[Slot]:
    found = []
    at = grid
    while at < until:
        every = minutes_of(at, minutes)
        for person in people:
            is_there = all(
                is_in(opens, one) and is_in(person.works, one) and not is_in(person.busy, one)
                for one in every
            )
            free = [
                room.id for room in rooms or [] if not any(is_in(room.busy, one) for one in every)
            ]
            if at >= not_before and is_there and (rooms is None or free):
                end = at + MINUTE * minutes
                found.append(Slot(at, end, person.id, free[0] if free else None))
        at += MINUTE * step_min
    return found
