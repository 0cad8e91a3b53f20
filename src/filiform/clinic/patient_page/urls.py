"""Addresses of the room. A link's secret stands in the first one alone."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.patient_page.views import (
    check,
    exercises,
    home,
    link,
    pain,
    papers,
    prepare,
    scores,
    staff,
    summary,
    wrong,
)

app_name = "patient_page"
urlpatterns = [
    path("p/<str:token>/", link.open_link, name="open"),
    path("p/<str:token>/wrong/", wrong.before, name="wrong-before"),
    path("my/", link.mine, name="mine"),
    path("my/app.webmanifest", home.manifest, name="manifest"),
    path("my/<uuid:device_id>/", home.home, name="home"),
    path("my/<uuid:device_id>/check/<uuid:check_id>/", check.check, name="check"),
    path("my/<uuid:device_id>/check/<uuid:check_id>/answered/", check.answered, name="answered"),
    path("my/<uuid:device_id>/wrong/", wrong.wrong, name="wrong"),
    path("my/<uuid:device_id>/pain/", pain.pain, name="pain"),
    path("my/<uuid:device_id>/exercises/", exercises.exercises, name="exercises"),
    path("my/<uuid:device_id>/exercises/remind/", exercises.remind, name="remind"),
    path("my/<uuid:device_id>/exercises/<uuid:row_id>/", exercises.tick, name="tick"),
    path("my/<uuid:device_id>/prepare/<uuid:visit_id>/", prepare.prepare, name="prepare"),
    path("my/<uuid:device_id>/prepare/<uuid:visit_id>/sent/", prepare.prepared, name="prepared"),
    path("my/<uuid:device_id>/suggest/<str:section>/", prepare.suggest, name="suggest"),
    path("my/<uuid:device_id>/how-it-goes/", scores.scores, name="scores"),
    path("my/<uuid:device_id>/summary/", summary.summary, name="summary"),
    path("my/<uuid:device_id>/progress/", home.progress, name="progress"),
    path("my/<uuid:device_id>/documents/", home.documents, name="documents"),
    path(
        "my/<uuid:device_id>/consent/<uuid:consent_id>.pdf", papers.consent_pdf, name="consent-pdf"
    ),
    path("my/<uuid:device_id>/exercises.pdf", papers.exercises_pdf, name="exercises-pdf"),
    path("my/<uuid:device_id>/opened/", home.opened, name="opened"),
    path("my/<uuid:device_id>/install/", home.install, name="install"),
    path("my/<uuid:device_id>/forget/", home.forget, name="forget"),
    path("patients/<uuid:patient_id>/own-page/", staff.link, name="link"),
    path("visits/<uuid:visit_id>/ask-to-prepare/", staff.ask_to_prepare, name="ask-to-prepare"),
    path("messages-out/<uuid:message_id>/by-hand/", staff.by_hand, name="by-hand"),
    path("my/<uuid:device_id>/messages/", home.wish, name="wish"),
    path("patients/<uuid:patient_id>/own-page/revoke/", staff.revoke, name="revoke"),
    path("patients/<uuid:patient_id>/own-page/code/", staff.code, name="code"),
    path("patients/<uuid:patient_id>/own-page/<uuid:link_id>/unlock/", staff.unlock, name="unlock"),
]
