"""Correct who a patient is or how to reach them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.patients import actions
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.forms import DetailsForm
from filiform.clinic.patients.models import Patient


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@patient_page("register-patients", saw_what="contact-details")
def edit(request: StaffRequest, patient: Patient) -> HttpResponse:
    form = DetailsForm.of(patient, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.correct(by=request.user, patient=patient, **form.details())
        messages.success(request, _("The contact details are saved."))
        return redirect("chart:patient", patient_id=patient.pk)
    context = {"form": form, "patient": patient}
    return render(request, "patients/edit.html", context, status=422 if form.is_bound else 200)
