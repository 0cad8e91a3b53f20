"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.couch.views import board

app_name = "couch"
urlpatterns = [
    path("couches/", board.board, name="board"),
    path("couches/events/", board.events, name="events"),
    path("couches/links/", board.links, name="links"),
    path("couches/links/make/", board.make_link, name="make-link"),
    path("couches/links/<uuid:link_id>/revoke/", board.revoke_link, name="revoke-link"),
    path("couches/wall/<str:token>/", board.linked_board, name="linked"),
    path("couches/wall/<str:token>/events/", board.linked_events, name="linked-events"),
]
