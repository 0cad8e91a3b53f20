"""A visitor looks for a time: service, then who, where and when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import public
from filiform.clinic.booking import queries
from filiform.clinic.diary.models import Service
from filiform.clinic.diary.queries import givers, public_services
from filiform.clinic.frontdoor.queries import public_sites
from filiform.clinic.frontdoor.views.public import page_rests_on
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.web.kept import kept_for_visitors
from filiform.clinic.web.times import use_zone


@public
@require_safe
@kept_for_visitors(page_rests_on)
def start(request: HttpRequest) -> HttpResponse:
    """What can be booked; a clinic with several places asks where."""
    sites = list(public_sites())
    if not sites:
        return render(request, "frontdoor/not_yet.html")
    site = next((one for one in sites if str(one.pk) == request.GET.get("site")), sites[0])
    services = public_services(site.organisation)
    # Nothing to choose; with "gone" there is something to say.
    if len(services) == 1 and len(sites) == 1 and "gone" not in request.GET:
        return redirect("booking:times", site_id=site.pk, service_id=services[0].pk)
    context = {"site": site, "sites": sites, "services": services,
               "gone": "gone" in request.GET}  # fmt: skip
    return render(request, "booking/start.html", context)


@public
@require_safe
def times(request: HttpRequest, site_id: UUID, service_id: UUID) -> HttpResponse:
    """The free times by day, the nearest first."""
    try:
        site, service = site_and_service(site_id, service_id)
    except NoLongerOffered:
        return others(site_id)
    people = givers(service)
    person = chosen(people, request.GET.get("who", ""))
    free = queries.free_days(
        service, site, now=timezone.now(), since=day_of(request.GET.get("from", "")), person=person
    )
    context = {
        "site": site,
        "service": service,
        "people": people,
        "person": person,
        "free": free,
        "is_first": "from" not in request.GET,
        "gone": "gone" in request.GET,
    }
    return render(request, "booking/times.html", context)


class NoLongerOffered(Exception):
    """A service that was offered to visitors once, and is not any more."""


def others(site_id: UUID) -> HttpResponse:
    """To the services that there are, with a word about the one that is gone: whoever was filling
    in its form must not be told that there is no such page."""
    return redirect(f"{reverse('booking:start')}?site={site_id}&gone=1")


def site_and_service(site_id: UUID, service_id: UUID) -> tuple[Site, Service]:
    """Both, as a visitor may book them, with the site's clock for the page; else 404. Raises
    NoLongerOffered."""
    site = queries.site_of(site_id)
    service = queries.service_of(site.organisation, service_id) if site else None
    if site is None:
        raise Http404
    if service is None:
        if Service.objects.filter(organisation=site.organisation_id, pk=service_id).exists():
            raise NoLongerOffered
        raise Http404
    use_zone(site.time_zone)
    return site, service


def chosen(people: list[Member], who: str) -> Member | None:
    """The person of an address; None for anybody, and for whom there is not."""
    return next((one for one in people if str(one.pk) == who), None)


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
