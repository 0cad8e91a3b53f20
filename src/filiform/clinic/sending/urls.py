"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.sending.views import queue, reports

app_name = "sending"
urlpatterns = [
    path("messages-out/", queue.queue, name="queue"),
    path("sending/sms/<uuid:message_id>/", reports.sms, name="sms-report"),
    path("sending/sms/answer/", reports.sms_answer, name="sms-answer"),
    path("sending/whatsapp/", reports.whatsapp, name="whatsapp"),
]
