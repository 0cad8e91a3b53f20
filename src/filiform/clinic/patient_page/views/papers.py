"""Papers that are the patient's: what was signed, and the exercises, as PDF."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from filiform.clinic.consent.paper import consent_values
from filiform.clinic.documents.answers import pdf_answer
from filiform.clinic.documents.making import pdf
from filiform.clinic.patient_page import queries
from filiform.clinic.patient_page.access import of_phone
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.programme.views.handout import paper_values
from filiform.clinic.staff.models import Site


@of_phone
@require_safe
def consent_pdf(
    request: HttpRequest, *, device: PatientDevice, site: Site, consent_id: UUID
) -> HttpResponse:
    """A consent as it was signed, in the language of the text that was signed."""
    consent = queries.consent_of(device.patient, consent_id)
    if consent is None:
        raise Http404
    language = consent.text.language
    with override(language):
        values = consent_values(consent, by=None)
    name = _("Consent %(day)s") % {"day": timezone.localdate(consent.recorded_at).isoformat()}
    return pdf_answer(pdf("consent/papers/consent.typ", values, language), name)


@of_phone
@require_safe
def exercises_pdf(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    """The exercises of the last programme, in the patient's language."""
    found = queries.exercises(device.patient)
    if found is None:
        raise Http404
    language = device.patient.language
    with override(language):
        values = paper_values(found.visit, None, language)
    name = _("Exercises %(day)s") % {"day": timezone.localdate(found.visit.planned_at).isoformat()}
    return pdf_answer(pdf("programme/papers/handout.typ", values, language), name)
