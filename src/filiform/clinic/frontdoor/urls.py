"""Addresses of the room. What a visitor wrote stands in none of them."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.frontdoor.views import alarms, holidays, inbox, message, public, texts
from filiform.clinic.frontdoor.views.register import register

app_name = "frontdoor"
urlpatterns = [
    path("", public.home, name="home"),
    path("find-us/", public.location, name="location"),
    path("message/", message.write, name="write"),
    path("message/sent/", message.sent, name="sent"),
    path("message/alarms/", alarms.alarms, name="alarms"),
    path("something-is-wrong/", public.something_wrong, name="wrong"),
    path("patients/new/", register, name="register"),
    path("clinic/sites/<uuid:site_id>/holidays/", holidays.holidays, name="holidays"),
    path("clinic/holidays/<uuid:exception_id>/", holidays.holiday, name="holiday"),
    path("clinic/holidays/<uuid:exception_id>/amend/", holidays.amend, name="holiday-amend"),
    path("clinic/holidays/<uuid:exception_id>/void/", holidays.void, name="holiday-void"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/spam/", inbox.spam, name="spam"),
    path("inbox/rules/", texts.rules, name="rules"),
    path("inbox/rules/limit/", texts.limit, name="limit"),
    path("inbox/rules/text/", texts.text, name="text-add"),
    path("inbox/rules/text/<str:key>/", texts.text, name="text"),
    path("inbox/<uuid:message_id>/", inbox.message, name="message"),
    path("inbox/<uuid:message_id>/alarm/take/", inbox.take_alarm, name="take-alarm"),
    path("inbox/<uuid:message_id>/alarm/done/", inbox.end_alarm, name="end-alarm"),
    path("inbox/<uuid:message_id>/take/", inbox.take, name="take"),
    path("inbox/<uuid:message_id>/move-in/", inbox.move_in, name="move-in"),
    path("inbox/<uuid:message_id>/spam/", inbox.put_aside, name="put-aside"),
    path("inbox/<uuid:message_id>/not-delivered/", inbox.not_delivered, name="not-delivered"),
    path(
        "inbox/<uuid:message_id>/file/<uuid:attachment_id>/",
        inbox.attachment,
        name="attachment",
    ),
    path("inbox/<uuid:message_id>/note/", inbox.note, name="note"),
    path("inbox/<uuid:message_id>/answered/", inbox.answer, name="answer"),
    path("inbox/<uuid:message_id>/patient/", inbox.link, name="link"),
    path("inbox/<uuid:message_id>/close/", inbox.close, name="close"),
    path("inbox/<uuid:message_id>/reopen/", inbox.reopen, name="reopen"),
]
