"""Height and weight: note one, take one back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.patients import actions, queries
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.forms import MeasureForm, WhyForm
from filiform.clinic.patients.models import Patient


@require_http_methods(["GET", "POST"])
@patient_page("register-patients", saw_what="measurements")
def measure(request: StaffRequest, patient: Patient) -> HttpResponse:
    form = MeasureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        for kind, value in form.values().items():
            actions.measure(by=request.user, patient=patient, kind=kind, value=value)
        messages.success(request, _("Measurement recorded."))
        return redirect("chart:patient", patient_id=patient.pk)
    context = {"form": form, "patient": patient, "measurements": queries.measurements(patient)}
    return render(request, "patients/measure.html", context, status=422 if form.is_bound else 200)


@require_POST
@patient_page("register-patients")
def void_measurement(request: StaffRequest, patient: Patient, measurement_id: UUID) -> HttpResponse:
    measurement = queries.measurements(patient).filter(pk=measurement_id).first()
    if measurement is None:
        raise Http404
    form = WhyForm(request.POST)
    if form.is_valid():
        actions.void_measurement(
            by=request.user, measurement=measurement, why=form.cleaned_data["why"]
        )
        messages.success(request, _("The measurement is voided."))
    else:
        messages.error(request, _("Nothing was voided: say why, in a few words."))
    return redirect("patients:measure", patient_id=patient.pk)
