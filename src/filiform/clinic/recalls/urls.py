"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from filiform.clinic.recalls import views

LOT = "supplies/lots/<uuid:lot_id>/recall"
app_name = "recalls"
urlpatterns: list[URLPattern] = [
    path(f"{LOT}/", views.lot, name="lot"),
    path(f"{LOT}/<uuid:patient_id>/", views.told, name="told"),
    path(f"{LOT}/<uuid:patient_id>/letter/", views.letter, name="letter"),
]
