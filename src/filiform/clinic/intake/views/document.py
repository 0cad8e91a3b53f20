"""A document that was imported, byte for byte."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.facts.recording import saw
from filiform.clinic.intake.models import ImportedDocument
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient


@require_GET
@patient_page("see-clinical")
def document(request: StaffRequest, patient: Patient, document_id: UUID) -> HttpResponse:
    kept = ImportedDocument.objects.current().filter(pk=document_id, patient=patient).first()
    if kept is None:
        raise Http404
    saw("document", by=request.user, patient=patient, subject=kept)
    response = HttpResponse(bytes(kept.raw), content_type="application/fhir+json")
    day = timezone.localdate(kept.recorded_at)
    response["Content-Disposition"] = f'attachment; filename="{patient.file_number}-{day}.json"'

    return response
