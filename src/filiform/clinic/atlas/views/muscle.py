"""One muscle: zones, words, hazards, needling notes, sources; and its card for the wall."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from filiform.anatomy import Muscle, TriggerPoint, atlas
from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.atlas import queries, showing


@staff("sign-in")
@require_safe
def muscle(request: StaffRequest, muscle_id: str) -> HttpResponse:
    """?point= one of its trigger points, all without it; ?side= left or right."""
    return render(request, "atlas/muscle.html", _page(request, muscle_id))


@staff("sign-in")
@require_safe
def card(request: StaffRequest, muscle_id: str) -> HttpResponse:
    """All trigger points on one sheet of paper."""
    return render(request, "atlas/card.html", _page(request, muscle_id))


def _page(request: StaffRequest, muscle_id: str) -> dict[str, Any]:
    found = atlas().muscles.get(muscle_id)
    if found is None:
        raise Http404
    # Zones are mirrored exactly; without a side one of them is shown rather than both.
    side: showing.ShownSide = "left" if request.GET.get("side") == "left" else "right"
    point = _point(found, request.GET.get("point", ""))
    points = (point,) if point else found.trigger_points
    name = found.name.in_language(get_language() or "en")
    label = _("Where %(muscle)s sends pain") % {"muscle": name}
    return {
        "muscle": found,
        "region": atlas().muscle_regions[found.region].name,
        "side": side,
        "point": point,
        "picture": showing.of_muscle(found, points, side, label),
        "prevalence": queries.prevalence_of(found),
        "privileges": [atlas().privileges[key].name for key in sorted(found.privileges)],
        "release": atlas().release,
    }


def _point(found: Muscle, number: str) -> TriggerPoint | None:
    """An unknown number shows all points: an old link still finds its muscle."""
    return next((point for point in found.trigger_points if point.number == number), None)
