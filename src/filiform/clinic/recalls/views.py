"""Recall of a lot: the list to call, the letters, and the drill."""

from __future__ import annotations

import time
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.documents.answers import pdf_page
from filiform.clinic.facts.recording import saw
from filiform.clinic.patients.models import Patient
from filiform.clinic.recalls.finding import RecalledPatient, needles_of_lot, patients_of
from filiform.clinic.recalls.letter import letter_values
from filiform.clinic.supplies import actions
from filiform.clinic.supplies.forms import RecallForm, ToldForm
from filiform.clinic.supplies.models import Lot, LotRecall, RecallContact
from filiform.clinic.supplies.vocabulary import HOW_TOLD
from filiform.clinic.web.once import made_by, once_of


def lot_or_404(request: StaffRequest, lot_id: UUID) -> Lot:
    lots = Lot.objects.current().filter(organisation=request.user.organisation_id, pk=lot_id)
    found = lots.select_related("product").first()
    if found is None:
        raise Http404
    return found


def _timed(lot: Lot) -> tuple[list[RecalledPatient], int]:
    """The patients, and how many milliseconds the search took."""
    began = time.perf_counter()
    found = patients_of(needles_of_lot(lot.pk))
    return found, max(1, round(1000 * (time.perf_counter() - began)))


@require_http_methods(["GET", "POST"])
@staff("work-supplies")
def lot(request: StaffRequest, lot_id: UUID) -> HttpResponse:
    """Everybody who had a needle of this lot; POST recalls it, or drills."""
    asked = lot_or_404(request, lot_id)
    # Measured at every look: how long it takes is what a drill is for.
    found, took_ms = _timed(asked)
    # A checkbox that isn't ticked is not sent: the form's own initial would hide that.
    form = RecallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.recall_lot(
            by=request.user,
            lot=asked,
            key=made_by(request),
            **form.cleaned_data,
            took_ms=took_ms,
            patients=len(found),
            needles=sum(one.count for one in found),
        )
        messages.success(
            request,
            _("The drill is recorded.")
            if form.cleaned_data["is_drill"]
            else _("The lot is recalled: no pack of it can be opened any more."),
        )
        return redirect("recalls:lot", asked.pk)
    for one in found:
        saw("recall-list", by=request.user, patient=one.patient)
    told = _told(asked)
    context = {
        "lot": asked,
        "found": [(one, told.get(one.patient.pk, [])) for one in found],
        "needles": sum(one.count for one in found),
        "took_ms": took_ms,
        "recalls": asked.recalls.order_by("-recorded_at").select_related("recorded_by"),
        "recalled": _recall_of(asked) is not None,
        "form": form,
        "told_form": ToldForm(),
        "ways": dict(HOW_TOLD),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "recalls/lot.html", context, status=status)


def _recall_of(lot: Lot) -> LotRecall | None:
    return lot.recalls.filter(is_drill=False).order_by("recorded_at").first()


def _told(lot: Lot) -> dict[UUID, list[RecallContact]]:
    found: dict[UUID, list[RecallContact]] = {}
    rows = RecallContact.objects.current().filter(recall__lot=lot, recall__is_drill=False)
    for row in rows.select_related("recorded_by").order_by("recorded_at"):
        found.setdefault(row.patient_id, []).append(row)
    return found


@require_POST
@staff("work-supplies")
def told(request: StaffRequest, lot_id: UUID, patient_id: UUID) -> HttpResponse:
    """A patient was called, or got the letter, or could not be reached."""
    asked = lot_or_404(request, lot_id)
    patient = _patient(request, patient_id)
    recall, form = _recall_of(asked), ToldForm(request.POST)
    if recall is None or not form.is_valid():
        raise Http404
    actions.tell_patient(
        by=request.user, recall=recall, patient=patient, contact_id=once_of(request),
        **form.cleaned_data,
    )  # fmt: skip
    return redirect("recalls:lot", asked.pk)


@require_safe
@staff("work-supplies")
def letter(request: StaffRequest, lot_id: UUID, patient_id: UUID) -> HttpResponse:
    """The letter to one patient, in their language."""
    asked = lot_or_404(request, lot_id)
    patient = _patient(request, patient_id)
    # Through the lot: a letter goes only to whom a needle of it was used for.
    found = [one for one in _timed(asked)[0] if one.patient.pk == patient.pk]
    if not found:
        raise Http404
    language = "ur" if patient.language == "ur" else "en"
    with override(language):
        values = letter_values(found[0], asked, _recall_of(asked), by=request.user)
    return pdf_page(
        request,
        "recalls/papers/letter.typ",
        values,
        name=f"{patient.file_number}-{asked.number}",
        saw_what="recall-letter",
        patient=patient,
        language=language,
    )


def _patient(request: StaffRequest, patient_id: UUID) -> Patient:
    here = Patient.objects.filter(organisation=request.user.organisation_id, pk=patient_id)
    found = here.first()
    if found is None:
        raise Http404
    return found
