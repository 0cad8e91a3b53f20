"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.chart.file_views import compare, other_file, take_apart
from filiform.clinic.chart.views import body_over_time, patient_page

app_name = "chart"
urlpatterns = [
    path("patients/<uuid:patient_id>/", patient_page, name="patient"),
    path("patients/<uuid:patient_id>/body-over-time/", body_over_time, name="body-over-time"),
    path("patients/<uuid:patient_id>/other-file/", other_file, name="other-file"),
    path("patients/<uuid:patient_id>/with/<uuid:other_id>/", compare, name="compare"),
    path("patients/<uuid:patient_id>/apart/<uuid:merge_id>/", take_apart, name="take-apart"),
]
