"""How well the ranking and the hands do in this clinic."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.assessment.vocabulary import FINDINGS
from filiform.clinic.reports.agreement import agreements, hits, published_figures


@require_safe
@staff("see-clinical")
def agreement(request: StaffRequest) -> HttpResponse:
    """Counts over all patients of the clinic; no patient can be told from them."""
    found = agreements(request.user.organisation)
    places = hits(request.user.organisation)
    context = {
        "places": places,
        "chosen": sum(one.chosen for one in places),
        "all_findings": found.pop(""),
        "measured": published_figures(),
        "findings": [(name, found[code]) for code, name in FINDINGS if code in found],
    }
    return render(request, "reports/agreement.html", context)
