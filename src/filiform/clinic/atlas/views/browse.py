"""The atlas' first page: by name, by region, by tapping where it hurts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filiform.anatomy import atlas
from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.atlas import queries

LONGEST = 100


@staff("sign-in")
@require_safe
def browse(request: StaffRequest) -> HttpResponse:
    """?q= finds muscles and other pain sources by their names."""
    q = request.GET.get("q", "")[:LONGEST].strip()
    page = {
        "q": q,
        "muscles": atlas().search_muscles(q, limit=20) if q else (),
        "sources": queries.sources_named(q),
        "regions": queries.regions_of_muscles(),
        "kinds": queries.kinds_of_sources(),
        "release": atlas().release,
    }
    only_found = request.headers.get("HX-Target") == "atlas-found"
    return render(request, "atlas/_found.html" if only_found else "atlas/browse.html", page)
