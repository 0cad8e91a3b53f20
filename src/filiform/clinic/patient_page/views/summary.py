"""The patient's summary from another clinic: a file, or a SMART Health Link, to be reviewed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from filiform.clinic.intake.importing import AnotherPerson, TooManySentIn, send_document
from filiform.clinic.intake.upload_form import UploadForm
from filiform.clinic.intake.waiting import documents_sent_in
from filiform.clinic.patient_page import queries
from filiform.clinic.patient_page.access import of_phone
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.patient_page.views.home import page
from filiform.clinic.staff.models import Site


@of_phone
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def summary(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    patient = queries.person(device.patient)
    form = UploadForm(
        request.POST or None, request.FILES or None, recipient=patient.organisation.name
    )
    if request.method == "POST" and form.is_valid():
        try:
            send_document(patient=patient, raw=form.raw)
        except AnotherPerson:
            form.add_error(None, _("This file is about somebody else. Nothing was sent."))
        except TooManySentIn:
            form.add_error(None, _("Your files have already been sent. Bring others to the visit."))
        else:
            return redirect("patient_page:summary", device_id=device.pk)
    status = 422 if request.method == "POST" else 200
    waiting = documents_sent_in(patient)
    return page(request, "summary", device, site, status=status, form=form, waiting=waiting)
