"""Yes or no to one safety question."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake import actions, questions
from filiform.clinic.intake.views.disclose import to_disclosure
from filiform.clinic.intake.views.disclosure import visit_in
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.screening import UnknownAnswerError


@require_POST
@patient_page("record-disclosure")
def answer(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Answers with the inside of the one row, which keeps its place under the finger."""
    question, value = request.POST.get("question", ""), request.POST.get("value", "")
    if value not in ("yes", "no"):
        return HttpResponse(status=400)
    visit = visit_in(request, patient)
    try:
        actions.answer(
            by=request.user, patient=patient, question=question, value=value == "yes", visit=visit
        )
    except UnknownAnswerError:
        return HttpResponse(status=400)
    if not request.headers.get("HX-Request"):
        return to_disclosure(request, patient, f"question-{question}")
    # All of them, for the number of those that are open: one answer may raise or settle others.
    asked = questions.questions_of(patient, timezone.localdate())
    context = {
        "patient": patient,
        "visit": visit,
        "one": next((one for one in asked if one.question.id == question), None),
        "open_questions": sum(one.question.answer is None for one in asked),
        "swapped": True,
    }
    return render(request, "intake/_answering.html", context)
