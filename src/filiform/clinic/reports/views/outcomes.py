"""The clinic's view of what came of its treatments."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.assessment.forms.period import PeriodForm
from filiform.clinic.reports.outcomes import count_outcomes


@staff("see-clinical")
@require_safe
def outcomes(request: StaffRequest) -> HttpResponse:
    """Counts over all patients of the clinic; no patient can be told from them."""
    form = PeriodForm(request.GET)
    days = form.days()
    counted = count_outcomes(request.user.organisation, *days) if days else None
    context = {"form": form, "counted": counted}
    return render(request, "reports/outcomes.html", context, status=200 if counted else 422)
