"""Import a document (FHIR, C-CDA, a SMART Health Card or Link): upload, look, confirm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake import actions, health_links, queries
from filiform.clinic.intake.identity import Identity, compare
from filiform.clinic.intake.models import PendingImport
from filiform.clinic.intake.reconciliation import Preview
from filiform.clinic.intake.vocabulary import LARGEST_DOCUMENT_BYTES
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.exchange.fhir import BundleError, ReadBundle, read_bundle
from filiform.exchange.fhir.links import comes_alone, holds_link, link_in
from filiform.screening.terminology import Concept, concepts


class UploadForm(forms.Form):
    """A file, or its text pasted; with a link the file may be what the link leads to."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ".json,.xml,.ndjson,.txt,.jwe,.smart-health-card,application/json"}
        ),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Its text, or a SMART Health Link"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "dir": "ltr"}),
    )
    passcode = forms.CharField(
        label=gettext_lazy("Passcode of the link"),
        help_text=gettext_lazy("Only if the link asks for one. It is not kept."),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, recipient: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.recipient = recipient
        # A box that can do nothing only raises questions.
        if not health_links.is_allowed():
            del self.fields["passcode"]

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if self.errors:
            return data
        file, pasted = data.get("file"), data.get("pasted") or ""
        if file is None and not pasted.strip():
            raise ValidationError(gettext_lazy("Choose a file or paste its text."))
        size = len(pasted.encode()) + (file.size if file is not None else 0)
        if size > LARGEST_DOCUMENT_BYTES:
            raise ValidationError(
                gettext_lazy(
                    "The document has %(size)s MB; allowed are %(most)s. Ask for a patient "
                    "summary (IPS) instead of the whole record."
                ),
                params={
                    "size": round(size / 1_000_000),
                    "most": LARGEST_DOCUMENT_BYTES // 1_000_000,
                },
            )
        self.raw = file.read() if file is not None else pasted.encode()
        if file is not None and holds_link(pasted.encode()):
            self.raw = pasted.encode() + b"\n" + self.raw
        self._read(data.get("passcode") or "")
        return data

    def _read(self, passcode: str) -> None:
        try:
            self._fetch(passcode)
            self.bundle = read_bundle(self.raw)
        except health_links.LinkNotFetched as error:
            raise ValidationError(str(error)) from error
        except BundleError as error:
            raise ValidationError(
                gettext_lazy("This cannot be imported. The reader says: %(why)s."),
                params={"why": str(error)},
            ) from error

    def _fetch(self, passcode: str) -> None:
        """What a link alone leads to, put beside it, where the owner allows that."""
        if not health_links.is_allowed() or not holds_link(self.raw) or not comes_alone(self.raw):
            return
        found = health_links.fetch(link_in(self.raw), recipient=self.recipient, passcode=passcode)
        self.raw += b"\n" + found


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@patient_page("record-disclosure", saw_what="import")
def import_page(request: StaffRequest, patient: Patient) -> HttpResponse:
    form = UploadForm(
        request.POST or None, request.FILES or None, recipient=patient.organisation.name
    )
    if request.method == "POST" and form.is_valid():
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
    """One's own upload; nobody else decides about it."""
    return PendingImport.objects.filter(pk=pending_id, patient=patient, member=request.user).first()


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
