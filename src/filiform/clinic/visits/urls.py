"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.visits.views.book import book
from filiform.clinic.visits.views.diary import diary
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
    path("diary/", diary, name="diary"),
    path("workplace/", workplace, name="workplace"),
    path("patients/<uuid:patient_id>/book/", book, name="book"),
    path("visits/<uuid:visit_id>/", visit_card, name="visit"),
    path("visits/<uuid:visit_id>/move/", move, name="move"),
    path("visits/<uuid:visit_id>/begin/", begin, name="begin"),
    path("visits/<uuid:visit_id>/episode/", episode, name="episode"),
    path("visits/<uuid:visit_id>/discharge/", discharge, name="discharge"),
]
