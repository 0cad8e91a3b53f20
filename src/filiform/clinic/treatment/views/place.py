"""Where exactly a needle went in: optional, after the one tap that says that it is in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.anatomy.surface.flat import WHOLE, best_view, flat_view
from filiform.anatomy.surface.picture import Pin
from filiform.anatomy.surface.spots import read_spot, spot_text
from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.body.chart import body_of, chart_attributes
from filiform.clinic.body.pictures import pictures, view_names
from filiform.clinic.body.places import place_of
from filiform.clinic.body.regions import view_address
from filiform.clinic.facts.models import new_id
from filiform.clinic.treatment import actions, queries
from filiform.clinic.treatment.course import InsertedNeedle
from filiform.clinic.treatment.views.treat import treatment_or_404
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.letters import whole_number
from filiform.reasons import Reason

WIDTH_PX = 240
"""Width at which a view is shown to be tapped without script: the tap comes in these pixels."""


@require_http_methods(["GET", "HEAD", "POST"])
@visit_page("record-clinical")
def place(request: StaffRequest, visit: Visit, needle_id: UUID) -> HttpResponse:
    treatment = treatment_or_404(visit)
    course = queries.course(treatment)
    needle = course.needles.get(needle_id)
    if needle is None:
        raise Http404
    if request.method != "POST":
        return _page(request, visit, needle, len(course.needles_in))
    answer = actions.record_act(
        by=request.user,
        treatment=treatment,
        act_id=new_id(),
        kind="place",
        at=timezone.now(),
        needle=needle_id,
        details={"place": _tapped(request.POST)},
    )
    if isinstance(answer, tuple):
        return _page(request, visit, needle, len(course.needles_in), refused=answer, status=422)
    messages.success(request, _("The place is marked."))
    return redirect("treatment:treat", visit.pk)


def _tapped(data: Any) -> str:
    """The chart's own text; without script the pixel of the picture that was tapped."""
    # An image that is tapped sends its own name with the pixel, so the name says which view it was.
    for name in WHOLE:
        x, y = (whole_number(data.get(f"{name}.{axis}", "")) for axis in "xy")
        if x is not None and y is not None:
            view = flat_view(name)
            scale = view.width / WIDTH_PX
            spot = view.spot(x * scale, y * scale)
            return spot_text(spot) if spot else ""
    return str(data.get("place") or "")


def _page(
    request: StaffRequest,
    visit: Visit,
    needle: InsertedNeedle,
    needles_in: int,
    *,
    refused: tuple[Reason, ...] = (),
    status: int = 200,
) -> HttpResponse:
    target = needle.target
    planned = place_of(target)
    view = best_view(planned) if planned else "front"
    pins = [Pin(planned, "planned", _("Planned"))] if planned else []
    if needle.place:
        pins.append(Pin(read_spot(needle.place), "needle", _("Marked")))
    names = view_names()
    context = {
        "visit": visit,
        "patient": visit.patient,
        "needle": needle,
        "needles_in": needles_in,
        "name": muscle_in_words(target.muscle, target.side),
        "refused": refused,
        "chart": chart_attributes(
            mode="pick",
            name="place",
            value=needle.place,
            body=body_of(visit.patient),
            label=_("Tap where the needle is."),
            view=view,
        ),
        "planned": pictures(views=[view], pins=pins, prefix="planned", spoken=True),
        "views": [
            (one, names[one], view_address(one), WIDTH_PX, _height(one))
            # The view that shows the planned place best comes first.
            for one in sorted(WHOLE, key=lambda one: one != view)
        ],
    }
    return render(request, "treatment/place.html", context, status=status)


def _height(name: str) -> int:
    view = flat_view(name)
    return round(WIDTH_PX * view.height / view.width)
