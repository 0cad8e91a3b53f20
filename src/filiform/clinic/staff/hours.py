"""Is the clinic open now, and when does it open next?

Opening hours are wall times of the site: weekday 0 (Monday) to 6 as text, each with periods of
["HH:MM", "HH:MM"]. A period whose end is not after its start ends on the following day; "24:00"
is the end of the day. Everything is answered in the site's own time zone, whatever the server's.
Holidays are laid over the week by `staff.openings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from filiform.clinic.staff.models import OpeningException, Site
from filiform.clinic.staff.openings import DayOpening, merged, openings_between

OpeningHours = Mapping[str, Sequence[Sequence[str]]]
HORIZON_DAYS = 8
"""A week repeats, so whoever does not open within it never opens."""
MOST_WEEKS = 60
"""A deadline further away is no deadline: the loop ends for whatever hours are recorded."""
LOOKED_AHEAD_DAYS = 400
"""How far exceptions are asked about: longer than the longest of them."""


@dataclass(frozen=True)
class Opening:
    """closes: when it is open now and will not stay open for the whole week.
    opens: when it is closed now and opens again. Both in the site's time zone.
    because: the exception by which it is closed today, or is open at other hours."""

    is_open: bool
    closes: datetime | None = None
    opens: datetime | None = None
    because: OpeningException | None = None


def opening(
    hours: OpeningHours,
    now: datetime,
    zone: ZoneInfo,
    exceptions: Sequence[OpeningException] = (),
) -> Opening:
    """The state at `now` (aware). Raises ValueError for a naive `now` or an unreadable time.

    exceptions: those that hold from yesterday on, in the order of recording.
    """
    if now.tzinfo is None:
        raise ValueError("`now` has no time zone; opening hours are compared with aware times")
    today = now.astimezone(zone).date()
    because = merged(hours, exceptions, today).because
    # Merged: open until midnight and again from midnight is one opening, whose end is tomorrow's.
    for start, end in _merged(_periods(hours, today, zone, exceptions)):
        if start <= now < end:
            # Open day and night: it never closes as far as anybody can see.
            lasts = (end - now) >= timedelta(days=7)
            closes = None if lasts else end.astimezone(zone)
            return Opening(is_open=True, closes=closes, because=because)
        if start > now:
            return Opening(is_open=False, opens=start.astimezone(zone), because=because)
    return Opening(is_open=False, because=because)


def deadline(
    hours: OpeningHours,
    start: datetime,
    zone: ZoneInfo,
    within: timedelta,
    exceptions: Sequence[OpeningException] = (),
) -> datetime:
    """The moment (UTC) until which `within` of opening time has passed since `start` (aware).

    A place without opening hours is reached at any time. The week repeats as often as it takes.
    """
    left, day = within, start.astimezone(zone).date()
    # A week at a time: a clinic may be open for one hour in it.
    for _week in range(MOST_WEEKS):
        opened = False
        for begins, ends in _merged(_periods(hours, day, zone, exceptions, days=7)):
            begins = max(begins, start)
            if begins >= ends:
                continue
            opened = True
            if ends - begins >= left:
                return (begins + left).astimezone(UTC)
            left -= ends - begins
            # The periods of two weeks overlap by a day: what is counted once is not counted again.
            start = ends
        # A clinic on holiday opens again; one without hours never does.
        if not opened and not any(hours.values()):
            break
        day += timedelta(days=7)
    # It ends all the same, by the clock from where the hours end.
    return (start + left).astimezone(UTC)


@dataclass(frozen=True)
class OpeningRow:
    """One line of the table of opening hours."""

    day: date
    opening: DayOpening
    is_today: bool


def coming_week(site: Site, *, on: date) -> list[OpeningRow]:
    """Today and the six days after it, holidays understood: who reads it means this week, not an
    average one."""
    days = openings_between(site, on, on + timedelta(days=6))
    return [OpeningRow(day, opening, day == on) for day, opening in days.items()]


def _periods(
    hours: OpeningHours,
    today: date,
    zone: ZoneInfo,
    exceptions: Sequence[OpeningException],
    days: int = HORIZON_DAYS + 1,
) -> Iterator[tuple[datetime, datetime]]:
    """All periods from yesterday on through so many days, as instants (UTC)."""
    # After the last exception the week repeats, and not before.
    ahead = max(((one.last_on - today).days for one in exceptions), default=0)
    # From yesterday: a night's opening may reach into today.
    for offset in range(-1, days + min(max(ahead, 0), LOOKED_AHEAD_DAYS)):
        day = today + timedelta(days=offset)
        for start, end in merged(hours, exceptions, day).hours:
            begins = _instant(day, start, zone)
            ends = _instant(day, end, zone)
            if _minutes(end) <= _minutes(start):
                ends = _instant(day + timedelta(days=1), end, zone)
            # In the hour that a clock skips in spring, a period has no length.
            if begins < ends:
                yield begins, ends


def _merged(
    periods: Iterator[tuple[datetime, datetime]],
) -> list[tuple[datetime, datetime]]:
    """Periods in order; those that touch or overlap become one."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(periods):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _instant(day: date, text: str, zone: ZoneInfo) -> datetime:
    minutes = _minutes(text)
    if minutes == 24 * 60:
        day, minutes = day + timedelta(days=1), 0
    # Where the clock skips that time, Python takes the offset from before: the door opens later.
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone)
    return wall.astimezone(UTC)


def _minutes(text: str) -> int:
    """Minutes since midnight. Raises ValueError naming the text."""
    hour, _, minute = text.partition(":")
    if hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2:
        minutes = int(hour) * 60 + int(minute)
        if int(minute) < 60 and minutes <= 24 * 60:
            return minutes
    raise ValueError(f"{text!r} is no time of the day; written like 09:30, at most 24:00")
