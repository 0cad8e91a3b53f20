"""The owner's page about the rules: which ones fire, and what comes of it."""

from __future__ import annotations

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.assessment.forms.period import PeriodForm
from filiform.clinic.assessment.vocabulary import RULE_WEIGHTS
from filiform.clinic.reports.rule_counts import COLUMNS, Counted, count
from filiform.screening import release


@staff("see-audit")
@require_safe
def counting(request: StaffRequest) -> HttpResponse:
    """The table; with ?format=csv the same as a file."""
    form = PeriodForm(request.GET)
    days = form.days()
    counted = count(request.user.organisation, *days) if days else None
    if counted is not None and days is not None and request.GET.get("format") == "csv":
        return _csv(counted, f"rules-{days[0]}-{days[1]}.csv")
    context = {
        "form": form,
        "counted": counted,
        "days": days,
        "rows": [(row, *RULE_WEIGHTS.get(row.weight, (row.weight, ""))) for row in counted.rows]
        if counted
        else [],
        "release": release(),
    }
    status = 200 if counted is not None else 422
    return render(request, "reports/rule_counts.html", context, status=status)


def _csv(counted: Counted, name: str) -> HttpResponse:
    """Counts and ids only; no patient stands in it."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for row in counted.rows:
        writer.writerow([getattr(row, column) for column in COLUMNS])
    return response
