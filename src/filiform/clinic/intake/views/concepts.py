"""Suggestions while somebody types a condition, an allergy or a medicine."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake.views.disclosure import section_or_404
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.screening.concepts import search

SHOWN = 8


@sensitive_post_parameters()
@require_POST
@patient_page("record-disclosure")
def suggest(request: StaffRequest, patient: Patient, section: str) -> HttpResponse:
    """The text is posted: what a patient has belongs into no address or log."""
    asked = section_or_404(section)
    typed = request.POST.get("text", "")[:80]
    # As many of each kind: the first may find nothing and the second fill the list.
    found = [concept for kind in asked.kinds for concept in search(typed, kind, limit=SHOWN)]
    context = {"section": asked, "found": found[:SHOWN], "typed": typed.strip()}
    return render(request, "intake/_suggestions.html", context)
