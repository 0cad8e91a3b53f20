"""The patient's page: what whoever opens it came for stands first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.chart.body_over_time import moments, visits_to_see
from filiform.clinic.chart.page import page
from filiform.clinic.patients.access import patient_page as guarded
from filiform.clinic.patients.models import Patient


@require_GET
@guarded("see-patients", saw_what="patient", kept=True)
def patient_page(request: StaffRequest, patient: Patient) -> HttpResponse:
    found = page(
        patient,
        by=request.user,
        on=timezone.localdate(),
        body_at=request.GET.get("body", ""),
    )
    context = {"patient": patient, **found}
    return render(request, "chart/patient.html", context)


@require_GET
@guarded("see-clinical", saw_what="body-over-time", kept=True)
def body_over_time(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Every visit on the slider in words and drawings; the page fetches them at first touch."""
    context = {"moments": moments(patient, visits_to_see(patient))}
    return render(request, "chart/_moments.html", context)
