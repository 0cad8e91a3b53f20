"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.visits.views.visit import (
    begin,
    discharge,
    episode,
    move,
    visit_card,
)
from filiform.clinic.visits.views.workplace import workplace

app_name = "visits"
urlpatterns = [
    path("workplace/", workplace, name="workplace"),
    path("visits/<uuid:visit_id>/", visit_card, name="visit"),
    path("visits/<uuid:visit_id>/move/", move, name="move"),
    path("visits/<uuid:visit_id>/begin/", begin, name="begin"),
    path("visits/<uuid:visit_id>/episode/", episode, name="episode"),
    path("visits/<uuid:visit_id>/discharge/", discharge, name="discharge"),
]
