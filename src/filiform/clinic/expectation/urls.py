"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.expectation import views

app_name = "expectation"
urlpatterns = [
    path("visits/<uuid:visit_id>/expectation/", views.expected, name="expected"),
    path("visits/<uuid:visit_id>/expectation/sheet/", views.sheet, name="sheet"),
    path("visits/<uuid:visit_id>/expectation/doses/", views.doses, name="doses"),
]
