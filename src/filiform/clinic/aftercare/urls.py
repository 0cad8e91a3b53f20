"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.aftercare.views import alarm, check, sheet, step, worklist

app_name = "aftercare"
urlpatterns = [
    path("checks/", worklist.worklist, name="worklist"),
    path("checks/<uuid:check_id>/", check.check, name="check"),
    path("checks/<uuid:check_id>/triage/", check.triage, name="triage"),
    path("checks/<uuid:check_id>/mine/", check.take, name="take"),
    path("checks/<uuid:check_id>/acknowledge/", alarm.acknowledge, name="acknowledge"),
    path("checks/<uuid:check_id>/take/", alarm.take_alarm, name="take-alarm"),
    path("visits/<uuid:visit_id>/aftercare/", step.aftercare, name="aftercare"),
    path("visits/<uuid:visit_id>/aftercare/sheet/", sheet.sheet, name="sheet"),
]
