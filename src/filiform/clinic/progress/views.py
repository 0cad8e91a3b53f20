"""Did it help, and did it harm: as the last step of a visit, and over all visits of a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.aftercare.vocabulary import TAGS, URGENCIES
from filiform.clinic.patients.access import patient_page
from filiform.clinic.programme.care import home_lines
from filiform.clinic.progress import queries
from filiform.clinic.progress.picture import picture
from filiform.clinic.progress.vocabulary import SIDES
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.workspace import step_page
from filiform.letters import whole_number

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.visits.models import Visit


@visit_page("see-clinical", saw_what="progress", kept=True)
@require_safe
def step(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    return step_page(
        request,
        "progress/progress",
        visit=visit,
        step="progress",
        context=_context(request, visit.patient, visit),
    )


@patient_page("see-clinical", saw_what="progress", kept=True)
@require_safe
def patient_progress(request: StaffRequest, *, patient: Patient) -> HttpResponse:
    return render(request, "progress/patient.html", _context(request, patient, None))


def _context(request: StaffRequest, patient: Patient, visit: Visit | None) -> dict[str, Any]:
    number = whole_number(request.GET.get("page", ""), digits=4) or 1
    rows, older = queries.treatments(patient, page=number)
    return {
        "patient": patient,
        "picture": picture(patient, episode=visit.episode if visit else None),
        "treatments": rows,
        "page": number,
        "older": older,
        "newer_page": number - 1,
        "older_page": number + 1,
        "home": home_lines(patient, on=timezone.localdate()),
        "effects": queries.side_effects(patient),
        "tags": TAGS,
        "sides": SIDES,
        "urgencies": URGENCIES,
    }
