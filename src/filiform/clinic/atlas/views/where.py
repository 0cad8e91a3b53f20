"""What refers here? A tap on the body, or a region of the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from filiform.anatomy import atlas
from filiform.anatomy.surface.picture import Zone
from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.atlas import queries
from filiform.clinic.atlas.places import Pointed, Unreadable, pointed
from filiform.clinic.atlas.showing import views_showing
from filiform.clinic.body.chart import chart_attributes
from filiform.clinic.body.pictures import NamedPicture, pictures


@staff("sign-in")
@require_safe
def where(request: StaffRequest) -> HttpResponse:
    """Without a place: the body to tap. An unreadable place is said, and nothing is answered."""
    unreadable = False
    place: Pointed | None = None
    try:
        place = pointed(request.GET.dict())
    except Unreadable:
        unreadable = True
    found = queries.refers_to(place) if place else []
    page: dict[str, Any] = {
        "place": place,
        "unreadable": unreadable,
        "found": found,
        "pressing": queries.not_to_be_missed(found),
        "shown": _shown(place) if place and not place.text else (),
        "release": atlas().release,
    }
    if request.headers.get("HX-Target") == "refers":
        return render(request, "atlas/_refers.html", page, status=422 if unreadable else 200)
    page |= {
        "chart": chart_attributes(
            mode="pick", name="at", value=place.text if place else "", label=_("Tap where it hurts")
        ),
        "pictures": pictures(
            zones=[Zone(place.weights, "chosen")] if place else (), href=_address, prefix="where"
        ),
        "groups": _groups(),
    }
    return render(request, "atlas/where.html", page, status=422 if unreadable else 200)


def _shown(place: Pointed) -> list[NamedPicture]:
    """Small pictures of a region: the chart shows only a tap."""
    views = views_showing(place.weights)[:2]
    return pictures(zones=[Zone(place.weights, "chosen")], views=views, prefix="place")


def _address(region: str, side: str) -> str:
    return f"{reverse('atlas:where')}?region={region}&side={side}#refers"


def _groups() -> list[tuple[Any, list[tuple[Any, list[tuple[str, str]]]]]]:
    """Region groups → regions with the addresses of their sides."""
    found = []
    for group in atlas().region_groups.values():
        rows = []
        for region in atlas().regions.values():
            if region.group == group.id:
                sides = ("left", "right") if region.sided else ("midline",)
                rows.append((region.name, [(side, _address(region.id, side)) for side in sides]))
        found.append((group.name, rows))
    return found
