"""What anybody may read: the clinic's front page and where it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import public
from filiform.clinic.frontdoor import danger, hours, queries
from filiform.clinic.frontdoor.facts import FACTS, SOURCES
from filiform.clinic.staff.vocabulary import WEEKDAYS
from filiform.clinic.web.kept import kept_for_visitors
from filiform.clinic.web.times import use_zone


@public
@require_safe
@kept_for_visitors(queries.clinic_version)
def home(request: HttpRequest) -> HttpResponse:
    site = queries.public_site()
    if site is None:
        return render(request, "frontdoor/not_yet.html")
    use_zone(site.time_zone)
    context = {
        "site": site,
        "sites": queries.public_sites(),
        "team": queries.team(site.organisation, on=timezone.localdate()),
        "facts": FACTS,
        "sources": SOURCES,
        "danger": danger.public_list(),
    }
    return render(request, "frontdoor/home.html", context)


@public
@require_safe
@kept_for_visitors(queries.clinic_version)
def location(request: HttpRequest) -> HttpResponse:
    places = list(queries.public_sites())
    sites = [
        {
            "site": site,
            "week": [
                (WEEKDAYS[day], day, periods) for day, periods in hours.week(site.opening_hours)
            ],
        }
        for site in places
    ]
    if not places:
        return render(request, "frontdoor/not_yet.html")
    use_zone(places[0].time_zone)
    context = {
        "site": places[0],
        "places": sites,
        "weekday": timezone.localtime().weekday(),
    }
    return render(request, "frontdoor/location.html", context)


@public
@require_safe
@kept_for_visitors(queries.clinic_version)
def something_wrong(request: HttpRequest) -> HttpResponse:
    """Treated, and something feels wrong: where to go and whom to call, with nothing before it."""
    site = queries.public_site()
    if site is None:
        return render(request, "frontdoor/not_yet.html")
    context = {
        "site": site,
        "sites": queries.public_sites(),
        "danger": danger.public_list(),
    }
    return render(request, "frontdoor/something_wrong.html", context)
