"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.pathway.views.needling import ready, sign, start
from filiform.clinic.pathway.views.tablet import on_tablet
from filiform.clinic.pathway.views.today import today
from filiform.clinic.pathway.views.visit import open_visit

app_name = "pathway"
urlpatterns = [
    path("today/", today, name="today"),
    path("visits/<uuid:visit_id>/open/", open_visit, name="open"),
    path("visits/on-tablet/", on_tablet, name="on-tablet"),
    path("visits/<uuid:visit_id>/treat/ready/", ready, name="ready"),
    path("visits/<uuid:visit_id>/treat/start/", start, name="start"),
    path("visits/<uuid:visit_id>/treat/sign/", sign, name="sign"),
]
