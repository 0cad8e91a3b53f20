"""Addresses of the room. What a visitor wrote stands in none of them."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.frontdoor.views import (
    alarms,
    answer_texts,
    holidays,
    inbox,
    message,
    pages,
    public,
    robots,
)
from filiform.clinic.frontdoor.views.register import register

app_name = "frontdoor"
urlpatterns = [
    path("", public.home, name="home"),
    path("dry-needling/", public.explainer, name="explainer"),
    path("our-places/choose/", public.choose_place, name="choose-place"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
    path("robots.txt", robots.robots, name="robots"),
    path("manifest.webmanifest", robots.manifest, name="manifest"),
    path("social.png", robots.social, name="social"),
    path("social-<str:language>.png", robots.social, name="social-in"),
    path("icon-<int:side>.png", robots.icon, name="icon"),
    path("favicon.ico", robots.favicon, name="favicon"),
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
    path("clinic/pages/", pages.page_texts, name="page-texts"),
    path("clinic/pages/question/", pages.add_question, name="page-question"),
    path("clinic/pages/text/<str:key>/", pages.page_text, name="page-text"),
    path("clinic/pages/text/<str:key>/back/", pages.restore, name="page-text-restore"),
    path(
        "clinic/photographs/<str:kind>/<uuid:subject_id>/",
        pages.photograph_of,
        name="photograph-of",
    ),
    path("photographs/<uuid:photograph_id>.webp", pages.photograph, name="photograph"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/spam/", inbox.spam, name="spam"),
    path("inbox/rules/", answer_texts.rules, name="rules"),
    path("inbox/rules/limit/", answer_texts.limit, name="limit"),
    path("inbox/rules/text/", answer_texts.text, name="text-add"),
    path("inbox/rules/text/<str:key>/", answer_texts.text, name="text"),
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
