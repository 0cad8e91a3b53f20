"""The disclosure: three lists, and the safety questions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake import queries, questions, sections
from filiform.clinic.intake.forms import FactForm
from filiform.clinic.intake.vocabulary import SECTIONS, DisclosureSection
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.files import closed_into, files_of
from filiform.clinic.patients.models import Patient
from filiform.clinic.visits.models import Visit


@require_GET
@patient_page("see-patients", saw_what="disclosure")
def disclosure(request: StaffRequest, patient: Patient) -> HttpResponse:
    """A closed file's is the page of the file that is kept: it shows what stands in both, and what
    is to be amended is amended there."""
    merge = closed_into(patient)
    if merge is not None:
        return redirect(
            reverse(
                "intake:disclosure",
                args=[merge.kept_id],
                # The visit from which it was opened, and whither the way leads back, go along.
                query=request.GET,
            )
        )
    return disclosure_page(request, patient)


def disclosure_page(
    request: StaffRequest, patient: Patient, *, form: FactForm | None = None, status: int = 200
) -> HttpResponse:
    """The page; `form` takes the place of its section's empty one when it was refused."""
    on = timezone.localdate()
    listed = sections.sections(patient)
    forms = {section.id: FactForm(section) for section in SECTIONS}
    if form is not None:
        forms[form.section.id] = form
    asked = questions.questions_of(patient, on)
    context: dict[str, Any] = {
        "patient": patient,
        "sections": [(one, forms[one.section.id]) for one in listed],
        "observations": queries.observations(patient),
        "questions": asked,
        "open_questions": sum(one.question.answer is None for one in asked),
        "not_asked": [one.section for one in listed if one.state in ("not-asked", "some")],
        "voided": queries.voided(patient),
        "documents": queries.documents(patient),
        "visit": visit_in(request, patient),
        "refused": form,
    }
    return render(request, "intake/disclosure.html", context, status=status)


def visit_in(request: HttpRequest, patient: Patient) -> Any:
    """The visit out of which the page was opened (?visit=), to lead back to it."""
    try:
        visit_id = UUID(request.GET.get("visit") or request.POST.get("visit") or "")
    except ValueError:
        return None
    # Begun in a file that was closed since, it is still a visit of this person.
    return Visit.objects.filter(pk=visit_id, patient__in=files_of(patient)).first()


def section_or_404(name: str) -> DisclosureSection:
    for section in SECTIONS:
        if section.id == name:
            return section
    raise Http404
