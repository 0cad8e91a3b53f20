"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from filiform.clinic.treatment.views import finish, packs, place, record, treat, worker

app_name = "treatment"
urlpatterns: list[URLPattern] = [
    path("visits/worker.js", worker.worker, name="worker"),
    path("visits/tablet-key/", worker.tablet_key, name="tablet-key"),
    path("visits/<uuid:visit_id>/treat/", treat.treat, name="treat"),
    path("visits/<uuid:visit_id>/treat/state/", treat.state, name="state"),
    path("visits/<uuid:visit_id>/treat/act/", treat.act, name="act"),
    path("visits/<uuid:visit_id>/treat/all-out/", treat.all_out, name="all-out"),
    path("visits/<uuid:visit_id>/treat/place/<uuid:needle_id>/", place.place, name="place"),
    path("visits/<uuid:visit_id>/treat/packs/", packs.packs, name="packs"),
    path("visits/<uuid:visit_id>/treat/fates/", packs.fates, name="fates"),
    path("visits/<uuid:visit_id>/treat/count/", finish.count, name="count"),
    path("visits/<uuid:visit_id>/treat/account/", finish.account, name="account"),
    path("visits/<uuid:visit_id>/treat/response/", finish.response, name="response"),
    path("visits/<uuid:visit_id>/treat/record/", record.record, name="record"),
    path("visits/<uuid:visit_id>/treat/amend/", record.amend, name="amend"),
]
