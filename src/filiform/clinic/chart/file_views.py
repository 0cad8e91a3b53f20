"""Pages about two files of one person: find the other, compare, put together, take apart."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest, note_reading
from filiform.clinic.chart import merging
from filiform.clinic.chart.comparing import comparison
from filiform.clinic.chart.file_forms import MergeForm
from filiform.clinic.patients import queries
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.files import merges_of
from filiform.clinic.patients.forms import WhyForm
from filiform.clinic.patients.models import FileMerge, Patient
from filiform.clinic.patients.search import search, search_near
from filiform.clinic.patients.views.search import LONGEST
from filiform.reasons import Reason


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@patient_page("register-patients", saw_what="other-files")
def other_file(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Who else may be this person; what is searched for is posted, as on the patients' page."""
    typed = request.POST.get("typed", "").strip()[:LONGEST]
    organisation = request.user.organisation
    found = search(organisation, typed) or search_near(organisation, typed) if typed else []
    alike = queries.possible_duplicates(
        organisation,
        given_name=patient.given_name,
        family_name=patient.family_name,
        birth_date=patient.birth_date,
        birth_date_known=patient.birth_date_known,
        phone=patient.phone,
        besides=patient,
    )
    context = {
        "patient": patient,
        "typed": typed,
        "found": [one for one in found if one.pk != patient.pk],
        "alike": alike,
    }
    return render(request, "chart/other_file.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@patient_page("register-patients", saw_what="compared-files")
def compare(request: StaffRequest, patient: Patient, other_id: UUID) -> HttpResponse:
    """The file that is kept stands first in the address, the one that is closed second."""
    closed = Patient.objects.filter(pk=other_id, organisation=request.user.organisation_id).first()
    if closed is None:
        raise Http404
    note_reading(request, "compared-files", closed.pk)
    form = MergeForm(
        request.POST if request.method == "POST" else None,
        differing=merging.differing(patient, closed),
    )
    against = merging.reasons_against(patient, closed)
    if form.is_bound and form.is_valid():
        try:
            merging.merge(by=request.user, kept=patient, closed=closed, **form.cleaned_data)
        except merging.MergeRefused as refused:
            against = refused.reasons
        else:
            numbers = {"closed": closed.file_number, "kept": patient.file_number}
            messages.success(
                request, _("File %(closed)s is closed and read with %(kept)s.") % numbers
            )
            return redirect("chart:patient", patient_id=patient.pk)
    return _compared(request, patient, closed, form, against)


def _compared(
    request: StaffRequest,
    kept: Patient,
    closed: Patient,
    form: MergeForm,
    against: tuple[Reason, ...],
) -> HttpResponse:
    context = {
        "patient": kept,
        "closed": closed,
        "form": form,
        "against": against,
        "compared": comparison(kept, closed),
    }
    return render(request, "chart/compare.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@patient_page("register-patients", saw_what="taking-apart")
def take_apart(request: StaffRequest, patient: Patient, merge_id: UUID) -> HttpResponse:
    merge = _merge(patient, merge_id)
    form = WhyForm(request.POST if request.method == "POST" else None)
    meanwhile = merging.recorded_meanwhile(merge)
    if form.is_bound and form.is_valid():
        merging.take_apart(by=request.user, merge=merge, why=form.cleaned_data["why"])
        messages.success(request, _("The two files are separate again."))
        if meanwhile:
            messages.warning(
                request,
                _("What was recorded while they were merged stays here. Check whose it is."),
            )
        return redirect("chart:patient", patient_id=merge.kept_id)
    context = {"patient": merge.kept, "merge": merge, "form": form, "meanwhile": meanwhile}
    return render(request, "chart/take_apart.html", context, status=422 if form.is_bound else 200)


def _merge(patient: Patient, merge_id: UUID) -> FileMerge:
    """A merge of this very file that holds; one that was taken apart meanwhile isn't there."""
    # `merges_of` tells the merges between all files of the person; this page undoes one of its own.
    for merge in merges_of(patient):
        if merge.pk == merge_id and patient.pk in (merge.kept_id, merge.patient_id):
            return merge
    raise Http404
