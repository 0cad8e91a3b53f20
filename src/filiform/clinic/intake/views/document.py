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
    raw = bytes(kept.raw)
    kind, ending = _kind_of(raw)
    response = HttpResponse(raw, content_type=kind)
    day = timezone.localdate(kept.recorded_at)
    response["Content-Disposition"] = f'attachment; filename="{patient.file_number}-{day}.{ending}"'
    return response


def _kind_of(raw: bytes) -> tuple[str, str]:
    """Media type and ending of the file's name: a program that opens it goes by them."""
    # By the first letter, as the reader tells them apart; a byte-order mark may stand before it.
    first = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if first == b"<":
        return "application/xml", "xml"
    # Neither: a card or a link, which are text.
    return ("application/fhir+json", "json") if first in (b"{", b"[") else ("text/plain", "txt")
