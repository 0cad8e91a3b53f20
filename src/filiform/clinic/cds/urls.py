"""Addresses of the room: those that CDS Hooks prescribes, without a slash at the end."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.cds import views

app_name = "cds"
urlpatterns = [
    path("cds-services", views.services, name="services"),
    path("cds-services/<slug:service_id>", views.service, name="service"),
    path("cds-services/<slug:service_id>/feedback", views.feedback, name="feedback"),
]
