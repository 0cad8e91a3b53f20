"""The patient's page: what whoever opens it came for stands first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.page import page
from filiform.clinic.record.guards import StaffRequest
from filiform.clinic.record.guards import patient_page as guarded


@require_GET
@guarded("see-patients", saw_what="patient")
def patient_page(request: StaffRequest, patient: Patient) -> HttpResponse:
    found = page(
        patient,
        by=request.user,
        on=timezone.localdate(),
        body_at=request.GET.get("body", ""),
    )
    context = {"patient": patient, **found}
    return render(request, "patients/patient.html", context)
