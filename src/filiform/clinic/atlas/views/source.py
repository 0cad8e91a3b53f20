"""Another pain source: what it looks like, what tells it apart, what must not wait."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from filiform.anatomy import atlas
from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.atlas import queries, showing
from filiform.clinic.atlas.places import pointed


@staff("sign-in")
@require_safe
def source(request: StaffRequest, source_id: str) -> HttpResponse:
    """?side= left or right, for those that have one."""
    found = atlas().pain_sources.get(source_id)
    if found is None:
        raise Http404
    side: showing.ShownSide = "left" if request.GET.get("side") == "left" else "right"
    name = found.name.in_language(get_language() or "en")
    label = _("Where pain from %(source)s is felt") % {"source": name}
    place = pointed({"like": found.id, "side": side if found.sided else ""})
    muscles = [one for one in queries.refers_to(place) if not one.source] if place else []
    return render(
        request,
        "atlas/source.html",
        {
            "source": found,
            "side": side,
            "picture": showing.of_source(found, side, label),
            "alike": [one for one in muscles if one.percent >= 40][:8],
            "release": atlas().release,
        },
    )
