"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from filiform.clinic.consent import views

app_name = "consent"
urlpatterns: list[URLPattern] = [
    path("visits/<uuid:visit_id>/consent/", views.consent, name="consent"),
    path("visits/<uuid:visit_id>/consent/give/", views.give, name="give"),
    path("visits/<uuid:visit_id>/consent/refuse/", views.refuse, name="refuse"),
    path("visits/<uuid:visit_id>/consent/withdraw/", views.withdraw, name="withdraw"),
    path("visits/<uuid:visit_id>/consent/copy/", views.copy, name="copy"),
    path("visits/<uuid:visit_id>/consent/copy.pdf", views.copy_pdf, name="copy-pdf"),
]
