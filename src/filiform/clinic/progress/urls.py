"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.progress import views

app_name = "progress"
urlpatterns = [
    path("visits/<uuid:visit_id>/progress/", views.step, name="progress"),
    path("patients/<uuid:patient_id>/progress/", views.patient_progress, name="patient"),
]
