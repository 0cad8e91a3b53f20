"""Who of a waiting list is offered a freed time, and until when. Values in, values out.

    freed time ──▶ the first who wants it ──accepts──▶ booked
                        │ declines, or lets the time pass
                        └──▶ the next who wants it ... ──▶ nobody: free for everybody

Fair means: whoever has waited longest is asked first. Who was told of earlier offers and let them
pass without a word stands behind those who did not, for an offer that lies about unanswered costs
the others their chance. Nobody is offered two times at once, and nobody a second one of a part of
a day whose first they did not take: a free morning has a dozen beginnings.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple
from uuid import UUID

from filiform.clinic.sending.rules import QuietHours

PartOfDay = Literal["morning", "afternoon", "evening"]
PARTS: dict[PartOfDay, tuple[int, int]] = {
    "morning": (0, 12),
    "afternoon": (12, 17),
    "evening": (17, 24),
}
"""From an hour until before another, by the clock of the site."""

HOLDS = timedelta(hours=4)
SHARE_OF_REST = 4
SHORTEST = timedelta(minutes=20)
TOO_LATE = timedelta(minutes=90)
# All four are design values: long enough to look at a telephone, short enough that the next in
# line still gets a chance before the time has come.


class Wish(NamedTuple):
    """What somebody waits for. person: None for anybody; weekdays: 0 is Monday, empty for all;
    parts: empty for the whole day; lapsed: offers that they were told of and left unanswered."""

    id: UUID
    since: datetime
    service: UUID
    site: UUID
    until: datetime
    person: UUID | None = None
    weekdays: frozenset[int] = frozenset()
    parts: frozenset[str] = frozenset()
    lapsed: int = 0


class Freed(NamedTuple):
    """A time that can be had for a service. start and end: by the clock of the site."""

    start: datetime
    end: datetime
    service: UUID
    site: UUID
    person: UUID


class Offered(NamedTuple):
    """What was offered to a wish before; is_open: it still holds."""

    wish: UUID
    freed: Freed
    is_open: bool


def wants(wish: Wish, freed: Freed) -> bool:
    """Whether a time is one that somebody waits for."""
    if (wish.service, wish.site) != (freed.service, freed.site) or freed.start >= wish.until:
        return False
    if wish.person not in (None, freed.person):
        return False
    if wish.weekdays and freed.start.weekday() not in wish.weekdays:
        return False
    return not wish.parts or part_of_day(freed.start) in wish.parts


def part_of_day(start: datetime) -> PartOfDay:
    return next(part for part, (low, high) in PARTS.items() if low <= start.hour < high)


def turn(wish: Wish) -> tuple[int, datetime, UUID]:
    """The smaller, the sooner it is somebody's turn."""
    # The id decides where two came in one moment, so that every process asks the same one.
    return wish.lapsed, wish.since, wish.id


def allot(
    freed: Sequence[Freed], wishes: Collection[Wish], before: Collection[Offered], now: datetime
) -> list[tuple[Freed, Wish]]:
    """Which times are offered now, and to whom; the earliest time first.

    freed: what can be had, without what is on offer already; its times may overlap one another,
    then one of them is offered.
    """
    asked = {(one.wish, *_occasion(one.freed)) for one in before}
    waits = {one.wish for one in before if one.is_open}
    found: list[tuple[Freed, Wish]] = []
    for time in sorted(freed, key=lambda one: (one.start, one.person, one.service)):
        # Of a free morning's overlapping beginnings the first that anybody wants is offered.
        if time.start - now < TOO_LATE or any(overlap(time, given) for given, _ in found):
            continue
        able = [
            wish
            for wish in wishes
            if wish.id not in waits
            and (wish.id, *_occasion(time)) not in asked
            and wants(wish, time)
        ]
        if able:
            first = min(able, key=turn)
            # At once, for the times still to be given in this very round.
            waits.add(first.id)
            found.append((time, first))
    return found


def _occasion(freed: Freed) -> tuple[UUID, date, str]:
    """What somebody is asked about once."""
    return freed.person, freed.start.date(), part_of_day(freed.start)


def overlap(one: Freed, other: Freed) -> bool:
    """Whether one person can't give both."""
    return one.person == other.person and one.start < other.end and other.start < one.end


def deadline(now: datetime, start: datetime, quiet: QuietHours, zone: tzinfo) -> datetime:
    """Until when an offer that is made now holds.

    At night nobody is told, so the time begins to run in the morning. The nearer the visit, the
    shorter: a quarter of what is left, so that three more can be asked.
    """
    told = quiet.after(now, zone)  # type: ignore[arg-type]  # any zone will do
    rest = start - told
    holds = max(min(HOLDS, rest / SHARE_OF_REST), SHORTEST)
    # SHORTEST may reach beyond the beginning.
    return min(told + holds, start)
