"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.diary.views import calendar, service, settings
from filiform.clinic.diary.views.book import book
from filiform.clinic.diary.views.change import cancel, move
from filiform.clinic.diary.views.grid import diary, gap
from filiform.clinic.diary.views.several import several

app_name = "diary"
urlpatterns = [
    path("diary/", diary, name="diary"),
    path("diary/book/", gap, name="gap"),
    path("patients/<uuid:patient_id>/book/", book, name="book"),
    path("patients/<uuid:patient_id>/book-several/", several, name="several"),
    path("visits/<uuid:visit_id>/reschedule/", move, name="move"),
    path("visits/<uuid:visit_id>/cancel/", cancel, name="cancel"),
    path("visits/<uuid:visit_id>/calendar.ics", calendar.invitation_file, name="invitation"),
    path("diary/calendar/", calendar.addresses, name="calendar"),
    path("diary/calendar/<uuid:feed_id>/close/", calendar.revoke, name="feed-revoke"),
    path("calendar/<str:key>.ics", calendar.feed, name="feed"),
    path("clinic/diary/", settings.overview, name="settings"),
    path("clinic/diary/services/add/", service.service, name="service-add"),
    path("clinic/diary/services/<uuid:service_id>/", service.service, name="service"),
    path("clinic/diary/rooms/add/", settings.room, name="room-add"),
    path("clinic/diary/rooms/<uuid:room_id>/", settings.room, name="room"),
    path("clinic/diary/hours/<uuid:member_id>/<uuid:site_id>/", settings.hours, name="hours"),
    path("clinic/diary/leave/add/", settings.leave_add, name="leave-add"),
    path("diary/leave/<uuid:leave_id>/", settings.leave, name="leave"),
    path("diary/leave/<uuid:leave_id>/back/", settings.leave_back, name="leave-back"),
]
