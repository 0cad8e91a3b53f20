"""Ultrasound pictures of a target: upload, look, take away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.models import DepthPicture
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.reasons import say


@require_POST
@visit_page("record-clinical")
def picture_keep(request: StaffRequest, visit: Visit, target_id: UUID) -> HttpResponse:
    target = queries.target_in(visit, target_id)
    if target is None:
        raise Http404
    target.visit, target.patient = visit, visit.patient
    file = request.FILES.get("picture")
    if file is None or file.size is None or file.file is None:
        messages.error(request, _("No picture was chosen. Choose one and send it again."))
        return redirect("assessment:plan", visit.pk)
    answer = actions.keep_picture(by=request.user, target=target, file=file.file, size=file.size)
    if isinstance(answer, tuple):
        for reason in answer:
            messages.error(request, say(reason, get_language() or "en"))
    else:
        messages.success(request, _("The picture is kept with the record."))
    return redirect("assessment:plan", visit.pk)


@require_safe
@visit_page("see-clinical", saw_what="depth-picture")
def picture(request: StaffRequest, visit: Visit, picture_id: UUID) -> HttpResponse:
    """The pixels, for whoever may see this visit's clinical side."""
    found = _picture(visit, picture_id)
    answer = HttpResponse(bytes(found.picture), content_type=found.kind)
    # Of a patient: kept by nobody on the way, and never taken for anything but a picture.
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = "inline"
    return answer


@require_POST
@visit_page("record-clinical")
def picture_drop(request: StaffRequest, visit: Visit, picture_id: UUID) -> HttpResponse:
    found = _picture(visit, picture_id)
    found.visit = visit
    refused = actions.drop_picture(by=request.user, picture=found, why=_("Removed from the plan."))
    for reason in refused:
        messages.error(request, say(reason, get_language() or "en"))
    return redirect("assessment:plan", visit.pk)


def _picture(visit: Visit, picture_id: UUID) -> DepthPicture:
    found = DepthPicture.objects.current().filter(pk=picture_id, patient=visit.patient_id).first()
    if found is None:
        raise Http404
    return found
