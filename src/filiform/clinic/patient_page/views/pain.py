"""My pain: where it is now and how strong."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.anatomy.surface import BodyDrawing
from filiform.clinic.facts.models import new_id
from filiform.clinic.patient_page import actions, drawing
from filiform.clinic.patient_page.access import of_phone
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.patient_page.views.home import page
from filiform.clinic.staff.models import Site
from filiform.letters import whole_number


@of_phone
@require_http_methods(["GET", "HEAD", "POST"])
def pain(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    field = drawing.pain_field()
    drawn, error = BodyDrawing(), ""
    if request.method == "POST":
        nprs = whole_number(request.POST.get("nprs", ""), digits=2)
        try:
            drawn = drawing.sent(field, request.POST)
        except ValidationError as unusable:
            error = " ".join(unusable.messages)
        if not error and (nprs is None or nprs > 10):
            error = _("Say how strong it is: tap a number from 0 to 10.")
        if not error and nprs is not None:
            actions.draw_pain(device=device, pain_id=_id(request), nprs=nprs, drawing=drawn)
            return redirect("patient_page:progress", device_id=device.pk)
    return page(
        request,
        "pain",
        device,
        site,
        status=422 if error else 200,
        error=error,
        pain_id=_id(request) if request.method == "POST" else new_id(),
        scores=range(11),
        chosen=request.POST.get("nprs", ""),
        drawing=drawing.rendered(field, drawn),
    )


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("pain_id", ""))
    except ValueError:
        return new_id()
