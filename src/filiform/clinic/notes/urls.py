"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from filiform.clinic.notes import views

app_name = "notes"
urlpatterns: list[URLPattern] = [
    path("visits/<uuid:visit_id>/note/", views.note, name="note"),
    path("visits/<uuid:visit_id>/note/pdf/", views.note_pdf, name="note-pdf"),
    path("visits/<uuid:visit_id>/note/audit/", views.packet_pdf, name="packet"),
    path("today/paper/", views.paper_pack, name="paper-pack"),
]
