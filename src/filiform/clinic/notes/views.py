"""The note as a page and as a PDF, the audit packet, and the day's paper pack."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.documents.answers import pdf_answer, pdf_page
from filiform.clinic.documents.making import pdf
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.facts.recording import saw
from filiform.clinic.notes.day import day_values
from filiform.clinic.notes.gathering import TreatmentNote, note_of
from filiform.clinic.notes.soap import soap_of
from filiform.clinic.notes.values import note_values, packet_values
from filiform.clinic.treatment.forms import AmendmentForm
from filiform.clinic.treatment.queries import is_sealed
from filiform.clinic.treatment.views.treat import treatment_or_404
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import OPEN_STATES, Visit
from filiform.clinic.visits.queries import visit_of, visits_of_day
from filiform.clinic.web.fields import day_asked


def _language() -> str:
    return "ur" if (get_language() or "en").startswith("ur") else "en"


def _note(request: StaffRequest, visit: Visit) -> TreatmentNote:
    treatment = treatment_or_404(visit)
    # The note asks ten rooms about one visit.
    with one_reading():
        return note_of(visit, treatment, by=request.user, on=timezone.localdate())


@require_safe
@visit_page("see-clinical", saw_what="note")
def note(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Plan beside done, what a report of the needling asks for, and the SOAP text to be edited."""
    made = _note(request, visit)
    sealed = is_sealed(made.treatment)
    context = {
        "visit": visit,
        "patient": visit.patient,
        "note": made,
        "sealed": sealed,
        # A text is only added to what is signed (`amendment-unsigned`): before that, the record
        # itself is put right, and the text with it.
        "form": AmendmentForm(initial={"text": soap_of(made)}) if sealed else None,
        "soap": soap_of(made),
    }
    return render(request, "notes/note.html", context)


@require_safe
@visit_page("see-clinical")
def note_pdf(request: StaffRequest, visit: Visit) -> HttpResponse:
    made = _note(request, visit)
    return pdf_page(
        request,
        "notes/papers/note.typ",
        note_values(made, by=request.user),
        name=_name(visit, "note"),
        saw_what="note",
        patient=visit.patient,
        subject=made.treatment,
        language=_language(),
    )


@require_safe
@visit_page("see-clinical")
def packet_pdf(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Necessity, consent, needles, count, lots and outcome in one paper."""
    made = _note(request, visit)
    return pdf_page(
        request,
        "notes/papers/note.typ",
        packet_values(made, by=request.user),
        name=_name(visit, "audit"),
        saw_what="audit-packet",
        patient=visit.patient,
        subject=made.treatment,
        language=_language(),
    )


def _name(visit: Visit, what: str) -> str:
    return f"{visit.patient.file_number}-{timezone.localdate(visit.planned_at)}-{what}"


@require_safe
@staff("see-clinical")
def paper_pack(request: StaffRequest) -> HttpResponse:
    """A page for each patient who is still to be treated on a day, today unless ?day= says."""
    on = day_asked(request.GET.get("day", "")) or timezone.localdate()
    listed = [
        visit
        for visit in visits_of_day(request.user.organisation, on)
        if visit.state in OPEN_STATES
    ]
    # The day's list leaves most columns unread; a page about a patient needs them.
    whole = [visit_of.first(one.pk, request.user.organisation_id) for one in listed]
    visits = [visit for visit in whole if visit is not None]
    if not visits:
        raise Http404
    made = pdf("notes/papers/day.typ", day_values(visits, on, by=request.user), _language())
    for visit in visits:
        saw("paper-pack", by=request.user, patient=visit.patient)
    return pdf_answer(made, f"paper-{on.isoformat()}")
