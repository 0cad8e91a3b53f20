"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.audit import views

app_name = "audit"
urlpatterns = [
    path("clinic/audit/", views.entries, name="entries"),
    path("clinic/backups/", views.backups, name="backups"),
    path("patients/<uuid:patient_id>/opened/", views.opened, name="opened"),
]
