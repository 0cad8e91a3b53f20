"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.programme.views import care, choose, figures, handout, programme, templates

app_name = "programme"
urlpatterns = [
    path("visits/<uuid:visit_id>/programme/", programme.programme, name="programme"),
    path("visits/<uuid:visit_id>/programme/choose/", choose.choose, name="choose"),
    path("visits/<uuid:visit_id>/programme/choose-all/", choose.choose_all, name="choose-all"),
    path("visits/<uuid:visit_id>/programme/<uuid:row_id>/dose/", choose.dose, name="dose"),
    path("visits/<uuid:visit_id>/programme/<uuid:row_id>/remove/", choose.remove, name="remove"),
    path("visits/<uuid:visit_id>/programme/<uuid:row_id>/easier/", care.easier, name="easier"),
    path("visits/<uuid:visit_id>/programme/<uuid:row_id>/keep/", care.keep, name="keep"),
    path("visits/<uuid:visit_id>/programme/<uuid:row_id>/done/", care.done, name="done"),
    path("visits/<uuid:visit_id>/programme/cause/", care.cause, name="cause"),
    path("visits/<uuid:visit_id>/programme/plan/", care.plan, name="plan"),
    path("visits/<uuid:visit_id>/programme/goal/", care.goal, name="goal"),
    path("visits/<uuid:visit_id>/programme/goal/<uuid:goal_id>/score/", care.score, name="score"),
    path("visits/<uuid:visit_id>/programme/goal/<uuid:goal_id>/drop/", care.drop, name="goal-drop"),
    path("visits/<uuid:visit_id>/programme/template/keep/", templates.keep, name="template-keep"),
    path("visits/<uuid:visit_id>/programme/template/apply/", templates.apply, name="template"),
    path("visits/<uuid:visit_id>/programme/template/drop/", templates.drop, name="template-drop"),
    path("visits/<uuid:visit_id>/programme/handout/", handout.handout, name="handout"),
    path("visits/<uuid:visit_id>/programme/handout.pdf", handout.handout_pdf, name="handout-pdf"),
    path(
        "exercises/<slug:release>/<slug:exercise>/<slug:build>/<slug:side>/<slug:kind>.svg",
        figures.figure,
        name="figure",
    ),
]
