"""Whose clock a page goes by: that of the site where its reader works.

A clinic with sites in one zone, as nearly all have, never notices. With several, each member says
once per session at which site they work (`visits.views.workplace`); pages of a visit go by the
clock of the visit's site, wherever the reader sits (`visits.access`).
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.staff.models import Site
from filiform.clinic.web.times import SITES, zone_named

WORKPLACE = "workplace"
"""Key of the session: the site that its member works at."""


@prepared
def _zones(organisation: UUID) -> QuerySet[Site, tuple[UUID, str]]:
    return (
        Site.objects.filter(organisation=organisation).order_by("pk").values_list("pk", "time_zone")
    )


def zones_of(organisation: UUID) -> dict[UUID, ZoneInfo]:
    """Site → its zone, the oldest site first."""
    return {site: zone_named(name) for site, name in _zones(organisation)}


def workplace_zone(request: HttpRequest, sites: dict[UUID, ZoneInfo]) -> ZoneInfo:
    """The zone that a member's pages are in: of the site they chose, else of the oldest one."""
    chosen = request.session.get(WORKPLACE, "")
    for site, zone in sites.items():
        if str(site) == chosen:
            return zone
    # The oldest: before there were several it was the only one.
    return next(iter(sites.values()), ZoneInfo(settings.TIME_ZONE))


class SiteTimeMiddleware:
    """Times are those of the clinic's wall, wherever the server or the browser stands.

    The answer tells the browser what time it is here: a tablet whose clock is wrong would
    otherwise call a message of this minute three hours old (web/filiform/clock.js).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            # Nobody's workplace. A public page goes by its site's clock, and says so itself
            # (`use_zone`).
            with timezone.override(zone_named(settings.TIME_ZONE)):
                return self.get_response(request)
        sites = zones_of(request.user.organisation_id)
        token = SITES.set(MappingProxyType(sites))
        try:
            with timezone.override(workplace_zone(request, sites)):
                response = self.get_response(request)
        finally:
            SITES.reset(token)
        # A header that scripts may read of the page itself, without asking for anything more.
        response.headers["Server-Timing"] = f"now;dur={timezone.now().timestamp() * 1000:.0f}"
        return response
