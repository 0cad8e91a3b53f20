"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.chart.views import patient_page

app_name = "chart"
urlpatterns = [path("patients/<uuid:patient_id>/", patient_page, name="patient")]
