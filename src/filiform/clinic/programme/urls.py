"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.programme.views import choose, handout, programme

app_name = "programme"
urlpatterns = [
    path("visits/<uuid:visit_id>/programme/", programme.programme, name="programme"),
    path("visits/<uuid:visit_id>/programme/choose/", choose.choose, name="choose"),
    path("visits/<uuid:visit_id>/programme/choose-all/", choose.choose_all, name="choose-all"),
    path("visits/<uuid:visit_id>/programme/<uuid:row_id>/dose/", choose.dose, name="dose"),
    path("visits/<uuid:visit_id>/programme/<uuid:row_id>/remove/", choose.remove, name="remove"),
    path("visits/<uuid:visit_id>/programme/handout/", handout.handout, name="handout"),
]
