"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.events.views import counting, event, register

app_name = "events"
urlpatterns = [
    path("events/", register.register, name="register"),
    path("events/new/", register.report, name="report"),
    path("events/before/<uuid:couch_id>/", register.take_in, name="take-in"),
    path("events/rates/", counting.rates, name="rates"),
    path("events/yearly/", counting.yearly, name="yearly"),
    path("events/<uuid:event_id>/", event.event, name="event"),
    path("events/<uuid:event_id>/take/", event.take, name="take"),
    path("events/<uuid:event_id>/step/", event.step, name="step"),
    path("events/<uuid:event_id>/close/", event.close, name="close"),
    path("events/<uuid:event_id>/reopen/", event.reopen, name="reopen"),
    path("events/<uuid:event_id>/letter/", event.letter, name="letter"),
]
