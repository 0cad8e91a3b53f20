"""Addresses of the room. No name or number stands in one; a link holds 32 random bytes."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.booking.views import changed, desk, link, place, public, steps

app_name = "booking"
TIME = "<uuid:site_id>/<uuid:service_id>"
urlpatterns = [
    path("book/", public.start, name="start"),
    path(f"book/{TIME}/", public.times, name="times"),
    path(f"book/{TIME}/wait/", steps.wait, name="wait"),
    path(f"book/{TIME}/<uuid:person_id>/<str:minute>/", steps.book, name="book"),
    path("b/<str:token>/", link.visit, name="visit"),
    path("b/<str:token>/move/", link.move, name="move"),
    path("b/<str:token>/cancel/", link.cancel, name="cancel"),
    path("b/<str:token>/visit.ics", link.calendar, name="calendar"),
    path("w/<str:token>/", place.place, name="place"),
    path("my/<uuid:device_id>/visit/<uuid:visit_id>/", link.mine, name="mine"),
    path("bookings/", desk.desk, name="desk"),
    path("bookings/<uuid:entry_id>/new/", desk.new_person, name="new-person"),
    path("bookings/<uuid:entry_id>/same/<uuid:patient_id>/", desk.same_person, name="same-person"),
    path("bookings/waiting/<uuid:wish_id>/off/", desk.off_the_list, name="off-the-list"),
    path("bookings/messages/<uuid:message_id>/", desk.by_hand, name="by-hand"),
    path("bookings/messages/<uuid:message_id>/called/", changed.called, name="called"),
    path("bookings/leave/<uuid:leave_id>/", changed.write_leave, name="write-leave"),
    path("bookings/holiday/<uuid:exception_id>/", changed.write_holiday, name="write-holiday"),
]
