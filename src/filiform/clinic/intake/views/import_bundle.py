"""Import a document (FHIR, C-CDA, a SMART Health Card or Link): upload, look, confirm."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake import actions, queries
from filiform.clinic.intake.identity import Identity, compare
from filiform.clinic.intake.models import PendingImport
from filiform.clinic.intake.reconciliation import Preview
from filiform.clinic.intake.upload_form import UploadForm
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.exchange.fhir import ReadBundle, read_bundle
from filiform.screening.terminology import Concept, concepts


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@patient_page("record-disclosure", saw_what="import")
def import_page(request: StaffRequest, patient: Patient) -> HttpResponse:
    form = UploadForm(
        request.POST or None, request.FILES or None, recipient=patient.organisation.name
    )
    if request.method == "POST" and form.is_valid():
        # Shown at once and not kept: another person's document has no place here, not for a day.
        if compare(patient, form.bundle.patient).verdict == "another":
            return _page(request, patient, form.bundle, pending=None, status=422)
        pending = actions.hold_import(by=request.user, patient=patient, raw=form.raw)
        return redirect("intake:preview", patient_id=patient.pk, pending_id=pending.pk)
    context = {"patient": patient, "form": form, "documents": queries.documents(patient)}
    return render(
        request, "intake/import.html", context, status=422 if request.method == "POST" else 200
    )


@require_GET
@patient_page("record-disclosure", saw_what="import")
def preview(request: StaffRequest, patient: Patient, pending_id: UUID) -> HttpResponse:
    pending = _found(request, patient, pending_id)
    if pending is None:
        raise Http404
    return _page(request, patient, read_bundle(bytes(pending.raw)), pending=pending)


@require_POST
@patient_page("record-disclosure")
def confirm_import(request: StaffRequest, patient: Patient, pending_id: UUID) -> HttpResponse:
    pending = _found(request, patient, pending_id)
    if pending is None:
        return _decided(request, patient)
    raw = bytes(pending.raw)
    reason = request.POST.get("identity-reason", "").strip()[:300]
    try:
        done = actions.import_document(
            by=request.user,
            patient=patient,
            raw=raw,
            chosen=set(request.POST.getlist("fact")),
            identity_reason=reason,
        )
    except actions.AnotherPerson:
        bundle = read_bundle(raw)
        return _page(request, patient, bundle, pending=pending, status=422, lacks_reason=True)
    except actions.ChangedMeanwhile:
        messages.warning(request, _("Somebody amended the disclosure meanwhile. Look again."))
        return redirect("intake:preview", patient_id=patient.pk, pending_id=pending.pk)
    actions.drop_import(by=request.user, pending=pending)
    number = len(done.facts) + done.measurements
    if number:
        messages.success(
            request,
            ngettext("%(number)s entry was added.", "%(number)s entries were added.", number)
            % {"number": number},
        )
    else:
        messages.info(request, _("Nothing was added."))
    return redirect("intake:disclosure", patient_id=patient.pk)


@require_POST
@patient_page("record-disclosure")
def cancel_import(request: StaffRequest, patient: Patient, pending_id: UUID) -> HttpResponse:
    pending = _found(request, patient, pending_id)
    if pending is None:
        return _decided(request, patient)
    actions.drop_import(by=request.user, pending=pending)
    messages.info(request, _("Nothing was added."))
    return redirect("intake:disclosure", patient_id=patient.pk)


def _found(request: StaffRequest, patient: Patient, pending_id: UUID) -> PendingImport | None:
    """One's own upload, about which nobody else decides; or one that the patient sent in."""
    whose = Q(member=request.user) | Q(member__isnull=True)
    return PendingImport.objects.filter(whose, pk=pending_id, patient=patient).first()


def _decided(request: StaffRequest, patient: Patient) -> HttpResponse:
    """A second tap, or a day later."""
    messages.info(
        request,
        _("This upload has already been dealt with, or is more than a day old. Upload it again."),
    )
    return redirect("intake:disclosure", patient_id=patient.pk)


def _page(
    request: StaffRequest,
    patient: Patient,
    read: ReadBundle,
    *,
    pending: PendingImport | None,
    status: int = 200,
    lacks_reason: bool = False,
) -> HttpResponse:
    identity: Identity = compare(patient, read.patient)
    refused = identity.verdict == "another"
    sorted_out = None if refused else queries.preview_of(read, patient, on=timezone.localdate())
    context = {
        "patient": patient,
        "read": read,
        "identity": identity,
        "refused": refused,
        "pending": pending,
        "preview": sorted_out,
        "lacks_reason": lacks_reason and not refused,
        "meanings": _meanings(sorted_out) if sorted_out else {},
        "ticked": set(request.POST.getlist("fact")) if request.method == "POST" else None,
    }
    return render(request, "intake/preview.html", context, status=status)


def _meanings(sorted_out: Preview) -> dict[str, list[Concept]]:
    """Kind → the concepts that an unknown name of that kind may be given, by their English name."""
    kinds = {fact.kind for fact in sorted_out.unknown}
    found = sorted(concepts().values(), key=lambda concept: concept.name.en)
    return {kind.value: [one for one in found if one.kind is kind] for kind in kinds}
