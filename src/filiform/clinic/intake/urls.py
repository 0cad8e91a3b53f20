"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.intake.views.amend import amend, void
from filiform.clinic.intake.views.changes import changes
from filiform.clinic.intake.views.classify import classify
from filiform.clinic.intake.views.concepts import suggest
from filiform.clinic.intake.views.disclose import disclose, section_asked, section_not_asked
from filiform.clinic.intake.views.disclosure import disclosure
from filiform.clinic.intake.views.document import document
from filiform.clinic.intake.views.import_bundle import (
    cancel_import,
    confirm_import,
    import_page,
    preview,
)
from filiform.clinic.intake.views.questions import answer
from filiform.clinic.intake.views.sent_in import review, sent_in

app_name = "intake"
_PATIENT = "patients/<uuid:patient_id>/disclosure"
urlpatterns = [
    path(f"{_PATIENT}/", disclosure, name="disclosure"),
    path(f"{_PATIENT}/suggest/<str:section>/", suggest, name="suggest"),
    path(f"{_PATIENT}/sections/<str:section>/add/", disclose, name="disclose"),
    path(f"{_PATIENT}/sections/<str:section>/asked/", section_asked, name="asked"),
    path(f"{_PATIENT}/sections/<str:section>/not-asked/", section_not_asked, name="not-asked"),
    path(f"{_PATIENT}/facts/<uuid:fact_id>/", amend, name="amend"),
    path(f"{_PATIENT}/facts/<uuid:fact_id>/void/", void, name="void"),
    path(f"{_PATIENT}/questions/", answer, name="answer"),
    path(f"{_PATIENT}/import/", import_page, name="import"),
    path(f"{_PATIENT}/import/<uuid:pending_id>/", preview, name="preview"),
    path(f"{_PATIENT}/import/<uuid:pending_id>/confirm/", confirm_import, name="confirm-import"),
    path(f"{_PATIENT}/import/<uuid:pending_id>/cancel/", cancel_import, name="cancel-import"),
    path(f"{_PATIENT}/import/<uuid:pending_id>/classify/", classify, name="classify"),
    path(f"{_PATIENT}/documents/<uuid:document_id>/", document, name="document"),
    path("visits/<uuid:visit_id>/changes/", changes, name="changes"),
    path("visits/<uuid:visit_id>/sent-in/", sent_in, name="sent-in"),
    path("visits/<uuid:visit_id>/sent-in/review/", review, name="review-sent-in"),
]
