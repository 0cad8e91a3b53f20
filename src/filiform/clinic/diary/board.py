"""The desk's diary: a day or a week, by practitioner or by room, in a fixed number of queries.

A week holds some four hundred visits and is looked at all day long. So a visit is read as a tuple
of what is shown of it, and not as five objects; the SQL is made once (docs/decisions/0012), and
what is the same in hundreds of rows (an id, an hour of the week) is worked out once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from filiform.clinic.diary import slots as pure
from filiform.clinic.diary.models import Leave, Room, WorkingHours
from filiform.clinic.diary.queries import opening_spans
from filiform.clinic.diary.slots import TimeSpan
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import KEEPS_A_PLACE, practitioners
from filiform.clinic.web import times
from filiform.clinic.web.addresses import key_from
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import zone_named

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation

Zones = Mapping[UUID, ZoneInfo]
"""Site → the zone of its clock"""

SHORTEST_GAP = timedelta(minutes=15)
"""Less than that is no time to offer (design value)."""

FIRST_HOUR, LAST_HOUR = 9, 20
"""Hours that a day shows where neither opening hours nor visits say more (design values)."""


class VisitRow(NamedTuple):
    """A visit as the diary shows it; `at` in UTC, `there` the same by the clock of its site. pk: as
    it stands in addresses."""

    pk: str
    at: datetime
    there: datetime
    minutes: int
    state: str
    practitioner: UUID
    site: UUID
    name: str
    title: str | None
    room: UUID | None
    service: str | None
    service_ur: str | None
    at_home: str = ""
    """A code of `at_home.AT_HOME`"""

    @property
    def ends_at(self) -> datetime:
        return self.at + timedelta(minutes=self.minutes)

    @property
    def keeps_its_place(self) -> bool:
        return self.state in KEEPS_A_PLACE


class FreeStretch(NamedTuple):
    """Free time at a site, in UTC."""

    start: datetime
    end: datetime
    site: UUID


class Away(NamedTuple):
    """Leave, cut to the day; kind: a key of `vocabulary.LEAVE_KINDS`."""

    start: datetime
    end: datetime
    kind: str


@dataclass
class BoardCell:
    """What one practitioner or room has on one day."""

    visits: list[VisitRow] = field(default_factory=list)
    gaps: list[FreeStretch] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)

    @property
    def off(self) -> list[VisitRow]:
        return [one for one in self.visits if not one.keeps_its_place]

    @property
    def free_min(self) -> int:
        return int(sum((gap.end - gap.start).total_seconds() for gap in self.gaps) // 60)


@dataclass
class DiaryLine:
    """A practitioner or a room; key: its id, None for visits without a room. days: one cell for
    each day of the board. site: of a room."""

    key: UUID | None
    name: str
    days: list[BoardCell]
    site: UUID | None = None


@dataclass
class DiaryBoard:
    days: list[date]
    by_room: bool
    lines: list[DiaryLine]
    first_hour: int
    last_hour: int


def board_of(
    organisation: Organisation,
    first: date,
    days: int,
    *,
    by_room: bool,
    now: datetime,
    at_home: Mapping[str, str],
) -> DiaryBoard:
    """The board of `days` days from `first`. Free time before `now` is not shown; at_home: of
    visits, as `at_home.between` gives it."""
    listed = [first + timedelta(days=number) for number in range(days)]
    places = places_of(organisation.pk)
    zones = {site.pk: zone_named(site.time_zone) for site in places}
    rows = visits_between(organisation, listed[0], listed[-1], zones, at_home)
    lines = (
        _of_rooms(organisation, places, listed, rows)
        if by_room
        else _of_people(organisation, listed, rows)
    )
    by_key = {line.key: line for line in lines}
    for row in rows:
        # By the clock of the visit's site, whatever the reader's.
        number = (row.there.date() - first).days
        by_key[row.room if by_room else row.practitioner].days[number].visits.append(row)
    opens = {site.pk: opening_spans(site, listed[0], listed[-1]) for site in places}
    if by_room:
        _gaps_of_rooms(lines, listed, opens, zones, now)
    else:
        _gaps_of_people(organisation, lines, listed, opens, places, now)
    # Only a day is drawn by the hour.
    hours = _hours(opens, zones, rows, first) if days == 1 else (FIRST_HOUR, LAST_HOUR)
    return DiaryBoard(listed, by_room, lines, *hours)


def visits_between(
    organisation: Organisation, first: date, last: date, zones: Zones, at_home: Mapping[str, str]
) -> list[VisitRow]:
    """Visits that are on these days by the clock of their own sites, by time."""
    # The widest of all zones; what lies outside a site's own days is left out below.
    every = [times.bounds(day, zone) for zone in set(zones.values()) for day in (first, last)]
    if not every:
        return []
    ids = _Ids()
    found = []
    for (
        pk,
        at,
        minutes,
        state,
        who,
        where,
        given,
        family,
        title,
        room,
        service,
        service_ur,
    ) in _visits(organisation.pk, min(one[0] for one in every), max(one[1] for one in every)):
        site = ids[where]
        there = at.astimezone(zones[site])
        # Where sites have several clocks, the days of one reach beyond those of another.
        if first <= there.date() <= last:
            name = f"{given} {family}".strip()
            key = key_from(pk)
            found.append(VisitRow(
                key, at, there, minutes, state, ids[who], site, name, title,
                ids[room] if room else None, service, service_ur, at_home.get(key, ""),
            ))  # fmt: skip
    return found


@prepared
def _visits(organisation: UUID, start: datetime, end: datetime) -> QuerySet[Visit, Any]:
    # Ids as text: of four in each of four hundred rows, nearly all are of a dozen people, rooms
    # and sites, and making a UUID of each took longer than the query.
    return (
        Visit.objects.filter(
            organisation=organisation, planned_at__gte=start, planned_at__lt=end
        )
        .order_by("planned_at", "id")
        .values_list(
            Cast("id", TextField()), "planned_at", "minutes", "state",
            Cast("practitioner", TextField()), Cast("site", TextField()),
            "patient__given_name", "patient__family_name", "episode__title",
            Cast("appointment__room", TextField()),
            "appointment__service__name", "appointment__service__name_ur",
        )
    )  # fmt: skip


class _Ids(dict[str, UUID]):
    """Id as the database writes it → id."""

    def __missing__(self, text: str) -> UUID:
        found = self[text] = UUID(text)
        return found


@prepared
def places_of(organisation: UUID) -> QuerySet[Site]:
    """As `staff.queries.sites`."""
    return Site.objects.filter(organisation=organisation).order_by("name")


@prepared
def rooms_of(organisation: UUID) -> QuerySet[Room]:
    """Every room, those out of use too, in the owner's order."""
    return Room.objects.filter(organisation=organisation).order_by("site", "position", "name")


@prepared
def _weeks_of(organisation: UUID) -> QuerySet[WorkingHours, Any]:
    rows = WorkingHours.objects.filter(organisation=organisation)
    return rows.values_list("member", "site", "hours")


@prepared
def _leave_between(organisation: UUID, start: datetime, end: datetime) -> QuerySet[Leave, Any]:
    rows = Leave.objects.filter(
        organisation=organisation, is_cancelled=False, ends_at__gt=start, starts_at__lt=end
    )
    return rows.values_list("member", "starts_at", "ends_at", "kind")


def _of_people(
    organisation: Organisation, days: Sequence[date], rows: Iterable[VisitRow]
) -> list[DiaryLine]:
    people = {one.pk: one for one in practitioners(organisation)}
    # Who has left still has visits in past weeks.
    gone = {row.practitioner for row in rows} - people.keys()
    if gone:
        people |= {one.pk: one for one in Member.objects.filter(pk__in=gone)}
    return [
        DiaryLine(key, local_name(one), [BoardCell() for _ in days]) for key, one in people.items()
    ]


def _of_rooms(
    organisation: Organisation, places: Sequence[Site], days: Sequence[date], rows: list[VisitRow]
) -> list[DiaryLine]:
    named = {row.room for row in rows}
    found = rooms_of(organisation.pk)
    # "Room 2" alone would not say where.
    many = len(places) > 1
    at = {site.pk: local_name(site) for site in places}
    lines = [
        DiaryLine(
            room.pk,
            f"{local_name(room)} · {at[room.site_id]}" if many else local_name(room),
            [BoardCell() for _ in days],
            room.site_id,
        )
        for room in found
        if room.is_active or room.pk in named
    ]
    # A visit that was booked without a room has to be seen somewhere.
    if None in named or not lines:
        lines.append(DiaryLine(None, "", [BoardCell() for _ in days]))
    return lines


def _gaps_of_rooms(
    lines: list[DiaryLine],
    days: list[date],
    opens: dict[UUID, list[TimeSpan]],
    zones: Zones,
    now: datetime,
) -> None:
    for line in lines:
        # The line of visits without a room has no free time to offer.
        if line.site is None:
            continue
        busy = _busy(line)
        free = pure.without(opens[line.site], pure.joined(busy))
        _lay(line, days, [FreeStretch(*span, line.site) for span in free], zones, now)


def _gaps_of_people(
    organisation: Organisation,
    lines: list[DiaryLine],
    days: list[date],
    opens: dict[UUID, list[TimeSpan]],
    places: list[Site],
    now: datetime,
) -> None:
    zones = {site.pk: zone_named(site.time_zone) for site in places}
    working: dict[UUID, list[tuple[UUID, pure.Week]]] = defaultdict(list)
    for member, site, week in _weeks_of(organisation.pk):
        working[member].append((site, week))
    away = _leave(organisation, days)
    for line in lines:
        if line.key is None:
            continue
        leave = away.get(line.key, [])
        # Over all sites: who treats at one is not free at the other.
        taken = pure.joined([*_busy(line), *(TimeSpan(one.start, one.end) for one in leave)])
        found: list[FreeStretch] = []
        for site, week in working[line.key]:
            there = pure.spans_of_week(week, days[0], days[-1], zones[site])
            free = pure.without(pure.both(opens[site], there), taken)
            found += [FreeStretch(*span, site) for span in free]
        # Sorted: they come site by site, and a day is read by the clock.
        _lay(line, days, sorted(found), zones, now)
        _lay_leave(line, days, leave)


def _busy(line: DiaryLine) -> list[TimeSpan]:
    rows = (row for cell in line.days for row in cell.visits)
    return [TimeSpan(row.at, row.ends_at) for row in rows if row.keeps_its_place]


def _lay(
    line: DiaryLine, days: list[date], gaps: list[FreeStretch], zones: Zones, now: datetime
) -> None:
    """Put each gap into its day, what has passed cut off."""
    earliest = step_of(now)
    for gap in gaps:
        start = max(gap.start, earliest)
        # By the day on which it begins: a night shift belongs to its evening.
        number = (gap.start.astimezone(zones[gap.site]).date() - days[0]).days
        if 0 <= number < len(days) and gap.end - start >= SHORTEST_GAP:
            line.days[number].gaps.append(FreeStretch(start, gap.end, gap.site))


def step_of(now: datetime) -> datetime:
    """The moment from which free time is shown: the step that is running can still be meant as
    now (`rules.STILL_NOW`)."""
    minutes = now.minute % pure.STEP_MIN
    return now.replace(second=0, microsecond=0) - timedelta(minutes=minutes)


def _leave(organisation: Organisation, days: list[date]) -> dict[UUID, list[Away]]:
    start, end = times.bounds(days[0])[0], times.bounds(days[-1])[1]
    found: dict[UUID, list[Away]] = defaultdict(list)
    for member, begins, ends, kind in _leave_between(organisation.pk, start, end):
        found[member].append(Away(begins, ends, kind))
    return found


def _lay_leave(line: DiaryLine, days: list[date], leave: list[Away]) -> None:
    for number, day in enumerate(days):
        start, end = times.bounds(day)
        line.days[number].away = [
            Away(max(one.start, start), min(one.end, end), one.kind)
            for one in leave
            if one.start < end and one.end > start
        ]


def _hours(
    opens: dict[UUID, list[TimeSpan]], zones: Zones, rows: list[VisitRow], day: date
) -> tuple[int, int]:
    """The first and the last hour that the board of a day shows."""
    edges = [
        (start.astimezone(zones[site]), end.astimezone(zones[site]))
        for site, spans in opens.items()
        for start, end in spans
    ]
    edges += [
        (row.there, row.ends_at.astimezone(zones[row.site])) for row in rows if row.keeps_its_place
    ]
    begins = [start.hour for start, _end in edges if start.date() == day]
    ends = [
        # Over midnight: the board ends with its day.
        24 if end.date() > start.date() else end.hour + (1 if end.minute else 0)
        for start, end in edges
        if start.date() == day
    ]
    return min(begins, default=FIRST_HOUR), max(ends, default=LAST_HOUR)
