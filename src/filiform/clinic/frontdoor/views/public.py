"""What anybody may read: the clinic's pages, each alike for everybody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import public
from filiform.clinic.frontdoor import danger, machines, offers, queries
from filiform.clinic.frontdoor.facts import FACTS, SOURCES
from filiform.clinic.frontdoor.photographs import photographs_of
from filiform.clinic.frontdoor.texts import texts_of
from filiform.clinic.staff import hours
from filiform.clinic.staff.models import Site
from filiform.clinic.web.addresses import way_back
from filiform.clinic.web.kept import kept_for_visitors
from filiform.clinic.web.times import use_zone

PLACE = "filiform_place"
REMEMBERED_FOR_S = 365 * 24 * 60 * 60


def chosen_place(request: HttpRequest) -> str:
    """The id of the site that a visitor chose before; "" for none and for what is no id. A page is
    kept for each, so that a made-up cookie must not count."""
    told = request.COOKIES.get(PLACE, "")
    if not told:
        return ""
    return told if told in {str(site.pk) for site in queries.public_sites()} else ""


def page_rests_on(request: HttpRequest) -> object:
    """What a public page is kept under, beside address, language, theme and minute."""
    return queries.clinic_version(), chosen_place(request)


def around(request: HttpRequest) -> dict[str, Any] | None:
    """What every public page shows: the site, chosen or first, and the others. None before there
    is a public site."""
    sites = list(queries.public_sites())
    if not sites:
        return None
    told = chosen_place(request)
    site = next((one for one in sites if str(one.pk) == told), sites[0])
    use_zone(site.time_zone)
    return {
        "site": site,
        "sites": sites,
        "texts": texts_of(site.organisation_id, get_language() or "en"),
        "booking": offers.booking_address(),
        "at": request.build_absolute_uri(request.path),
        "root": request.build_absolute_uri("/").rstrip("/"),
    }


@public
@require_safe
@kept_for_visitors(page_rests_on)
def home(request: HttpRequest) -> HttpResponse:
    context = around(request)
    if context is None:
        return render(request, "frontdoor/not_yet.html")
    site: Site = context["site"]
    context |= {
        "team": queries.team(site.organisation, on=timezone.localdate()),
        "photographs": photographs_of(site.organisation),
        "offers": offers.offers_of(site.organisation),
        "week": hours.coming_week(site, on=timezone.localdate()),
        "danger": danger.public_list(),
    }
    context["machine"] = machines.of_home(context)
    return render(request, "frontdoor/home.html", context)


@public
@require_safe
@kept_for_visitors(page_rests_on)
def explainer(request: HttpRequest) -> HttpResponse:
    """What dry needling is, in six parts with pictures."""
    context = around(request)
    if context is None:
        return render(request, "frontdoor/not_yet.html")
    context |= {"facts": FACTS, "sources": SOURCES, "machine": machines.of_page(context)}
    return render(request, "frontdoor/explainer.html", context)


@public
@require_safe
@kept_for_visitors(page_rests_on)
def location(request: HttpRequest) -> HttpResponse:
    context = around(request)
    if context is None:
        return render(request, "frontdoor/not_yet.html")
    today = timezone.localdate()
    # The place that the visitor goes to stands on top.
    first = [context["site"], *(one for one in context["sites"] if one != context["site"])]
    context |= {
        "places": [{"site": one, "week": hours.coming_week(one, on=today)} for one in first],
        "photographs": photographs_of(context["site"].organisation),
        "machine": machines.of_page(context),
    }
    return render(request, "frontdoor/location.html", context)


@public
@require_safe
@kept_for_visitors(page_rests_on)
def something_wrong(request: HttpRequest) -> HttpResponse:
    """Treated, and something feels wrong: where to go and whom to call, with nothing before it."""
    context = around(request)
    if context is None:
        return render(request, "frontdoor/not_yet.html")
    context["danger"] = danger.public_list()
    return render(request, "frontdoor/something_wrong.html", context)


@public
@csrf_exempt  # it sets a cookie that says which site stands first; public pages need no token
@require_POST
def choose_place(request: HttpRequest) -> HttpResponse:
    """Remember which site a visitor goes to."""
    answer = HttpResponseRedirect(way_back(request, request.POST.get("next", ""), "/"))
    told = request.POST.get("place", "")
    if told in {str(site.pk) for site in queries.public_sites()}:
        answer.set_cookie(
            PLACE, told, max_age=REMEMBERED_FOR_S, samesite="Lax", secure=settings.HTTPS
        )
    return answer
