"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.progress import views

app_name = "progress"
urlpatterns = [
    path("visits/<uuid:visit_id>/progress/", views.step, name="progress"),
    path("patients/<uuid:patient_id>/scores/", views.outcome_scores, name="scores"),
    path(
        "patients/<uuid:patient_id>/scores/<uuid:score_id>/void/",
        views.void_score,
        name="void-score",
    ),
    path("patients/<uuid:patient_id>/progress/", views.patient_progress, name="patient"),
]
