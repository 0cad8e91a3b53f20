"""The body's documents for the browser. Those of everybody are kept by any cache for a year,
because their address names the release; those of a patient are kept by nobody."""

from __future__ import annotations

import gzip
import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from filiform.anatomy.surface import surface
from filiform.clinic.access.guards import StaffRequest, public
from filiform.clinic.body import documents
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.queries import body

FOR_EVERYBODY = "public, max-age=31536000, immutable"
FOR_NOBODY_ELSE = "private, no-cache"


@public
@require_safe
def surface_document(request: HttpRequest, release: str) -> HttpResponse:
    """Faces, patches, regions and landmarks of the release."""
    _is_ours(release)
    return _answer(request, documents.surface_document(), FOR_EVERYBODY)


@public
@require_safe
def standard_build(request: HttpRequest, release: str, build: str) -> HttpResponse:
    """Points of a standard body: woman, man, child ..."""
    _is_ours(release)
    if build not in documents.STANDARD:
        raise Http404
    return _answer(request, documents.standard_document(build), FOR_EVERYBODY)


@patient_page("see-patients")
@require_safe
def build_of_patient(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Points of a body with the patient's sex, age, height and weight."""
    measured = body(patient)
    document = documents.document_of(
        patient.sex,
        patient.age_on(timezone.localdate()),
        measured.height_cm,
        measured.weight_kg,
    )
    return _answer(request, document, FOR_NOBODY_ELSE)


def _is_ours(release: str) -> None:
    # An old page may still ask; today's points with its faces would be a torn body.
    if release != surface().release:
        raise Http404


def _answer(request: HttpRequest, zipped: bytes, cache: str) -> HttpResponse:
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    # Weak, because both encodings of one document share it.
    etag = f'W/"{hashlib.sha256(zipped).hexdigest()[:20]}"'
    answer = HttpResponse(
        zipped if takes_gzip else gzip.decompress(zipped),
        content_type="application/octet-stream",
        headers={"Cache-Control": cache, "Vary": "Accept-Encoding", "ETag": etag},
    )
    if takes_gzip:
        answer["Content-Encoding"] = "gzip"
    # A patient's body is asked for anew each time, and nearly always has not changed.
    return get_conditional_response(request, etag=etag, response=answer) or answer
