"""Addresses of the room. What is searched for never stands in one: it is posted."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.patients.views.edit import edit
from filiform.clinic.patients.views.measure import measure, void_measurement
from filiform.clinic.patients.views.search import search

app_name = "patients"
urlpatterns = [
    path("patients/", search, name="search"),
    path("patients/<uuid:patient_id>/details/", edit, name="edit"),
    path("patients/<uuid:patient_id>/measurements/", measure, name="measure"),
    path(
        "patients/<uuid:patient_id>/measurements/<uuid:measurement_id>/void/",
        void_measurement,
        name="void-measurement",
    ),
]
