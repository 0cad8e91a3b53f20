"""Times as pages show them: in the zone of the site, in the reader's language.

Every time that a page shows and every day that a query cuts goes through here; the words are those
of `filiform.times`. The zone of a request is that of the reader's workplace, or of the visit that
the page is about (`staff.clock`, `visits.access`). Rows of several sites on one page, as on Today,
are told in the zone of each (`at_site`).

What changes while the page lies open ("12 min ago") is a `<time>` with the moment itself; clock.js
tells it anew in the browser. A page that is kept (web/kept.py) must not hold words that grow old:
there the server writes the time of day (`kept_told`), and the script the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform import times
from filiform.times import TimePhrase

NO_SITES: Mapping[UUID, ZoneInfo] = MappingProxyType({})
SITES: ContextVar[Mapping[UUID, ZoneInfo]] = ContextVar("zones of the sites", default=NO_SITES)
"""Site → its zone, for the organisation of the request."""


def by_our_clock(at: datetime, details: Mapping[str, Any]) -> datetime:
    """The tablet's time less what its clock was off, for an act of which only these are read."""
    return at - timedelta(seconds=details.get("clock_off_s", 0))


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo:
    """The zone of this name; the installation's where there is none (`SiteForm` refuses such)."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)


def use_zone(name: str) -> None:
    """From here to the end of the request, times are those of this zone."""
    timezone.activate(zone_named(name))


class SiteMoment(datetime):
    """A moment in its site's zone, which templates leave there."""

    convert_to_local_time = False


def zone_of(site: UUID | None) -> tzinfo:
    """The zone of a site of this organisation; the request's for any other, and for none."""
    its = SITES.get().get(site) if site else None
    return its or timezone.get_current_timezone()


def at_site(moment: datetime, site: UUID) -> SiteMoment:
    """The moment as the clock on that site's wall shows it."""
    there = moment.astimezone(zone_of(site))
    return SiteMoment.combine(there.date(), there.timetz())


def zones() -> list[ZoneInfo]:
    """The zones in which the organisation works, each once; nearly always one."""
    return list(dict.fromkeys(SITES.get().values()))


def many_zones() -> bool:
    """Whether a time has to say at which site it is."""
    return len(zones()) > 1


def bounds(day: date, zone: tzinfo | None = None) -> tuple[datetime, datetime]:
    """The first moment of a day and of the next, as UTC; in the request's zone when none is given.

    At the edges of the calendar it is cut at the first and last moment that there is.
    """
    zone = zone or timezone.get_current_timezone()
    try:
        start = times.start_of_day(day, zone)
    except OverflowError:
        start = datetime.min.replace(tzinfo=UTC)
    try:
        return start, times.start_of_day(day + timedelta(days=1), zone)
    except OverflowError:
        return start, datetime.max.replace(tzinfo=UTC)


def next_midnight(now: datetime) -> datetime:
    """When the next day begins at any of the sites, or in the zone of the request."""
    every = {*zones(), timezone.get_current_timezone()}
    return min(bounds(timezone.localdate(now, zone))[1] for zone in every)


# --- words ------------------------------------------------------------------------------------


def written(at: date | time | None, shape: str = "j M Y") -> str:
    """A day, time or moment in the reader's language; "" for none.

    shape: letters as Django's `date` has them. Moments are told in the zone of the request.
    """
    if at is None:
        return ""
    if isinstance(at, datetime) and not isinstance(at, SiteMoment) and timezone.is_aware(at):
        at = timezone.localtime(at)
    return times.written(at, shape, get_language())


def comma() -> str:
    """The comma of the reader's language."""
    return times.COMMA[times.spoken_language(get_language())]


def semicolon() -> str:
    """The semicolon of the reader's language."""
    return times.SEMICOLON[times.spoken_language(get_language())]


def told(moment: datetime | None, phrase: TimePhrase, *, now: datetime | None = None) -> SafeString:
    """ "12 min ago" that goes on counting in the browser; phrase: ago, in, for."""
    if moment is None:
        return SafeString("")
    now = now or timezone.now()
    seconds = ((moment - now) if phrase == "in" else (now - moment)).total_seconds()
    return _element(
        moment, phrase, times.told(seconds, phrase, get_language()), written(moment, "j F Y, H:i")
    )


def kept_told(
    moment: datetime | None, phrase: TimePhrase, *, today: date | None = None
) -> SafeString:
    """The same for a kept page: without script it names the time, which stays true.

    today: the day of the page, whose times need no date.
    """
    if moment is None:
        return SafeString("")
    day = written(moment, "Y-m-d")
    shape = "H:i" if day == (today or timezone.localdate()).isoformat() else "j M Y, H:i"
    at = {"time": written(moment, shape)}
    says = {"ago": "%(time)s", "in": _("at %(time)s"), "for": _("since %(time)s")}[phrase] % at
    return _element(moment, phrase, says, written(moment, "j F Y, H:i"))


def _element(moment: datetime, phrase: TimePhrase, says: str, title: str) -> SafeString:
    absolute = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return format_html(
        '<time datetime="{}" data-told="{}" title="{}">{}</time>', absolute, phrase, title, says
    )
