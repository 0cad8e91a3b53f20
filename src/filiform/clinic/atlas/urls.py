"""Addresses of the atlas: knowledge only, nothing of a patient."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.atlas.views import browse, muscle, releases, source, where

app_name = "atlas"
urlpatterns = [
    path("atlas/", browse.browse, name="browse"),
    path("atlas/where/", where.where, name="where"),
    path("atlas/releases/", releases.releases, name="releases"),
    path("atlas/muscles/<slug:muscle_id>/", muscle.muscle, name="muscle"),
    path("atlas/muscles/<slug:muscle_id>/card/", muscle.card, name="card"),
    path("atlas/sources/<slug:source_id>/", source.source, name="source"),
]
