"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from filiform.clinic.reports.views.agreement import agreement
from filiform.clinic.reports.views.outcomes import outcomes
from filiform.clinic.reports.views.rule_counts import counting

app_name = "reports"
urlpatterns = [
    path("clinic/rules/", counting, name="rule-counts"),
    path("clinic/outcomes/", outcomes, name="outcomes"),
    path("targets/agreement/", agreement, name="agreement"),
]
