"""Addresses of the body: no value of a patient stands in one."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.body import gallery, views
from filiform.clinic.body.regions import regions, view

app_name = "body"
urlpatterns = [
    path("body/<str:release>/surface.bin", views.surface_document, name="surface"),
    path("body/<str:release>/regions.json", regions, name="regions"),
    path("body/<str:release>/views/<slug:name>.svg", view, name="view"),
    path("body/<str:release>/builds/<slug:build>.bin", views.standard_build, name="build"),
    path("components/body/", gallery.gallery, name="gallery"),
    path("patients/<uuid:patient_id>/body.bin", views.build_of_patient, name="patient"),
]
