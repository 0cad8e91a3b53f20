"""One fact with its history: amend it, or take it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake import actions, queries
from filiform.clinic.intake.forms import AmendForm
from filiform.clinic.intake.models import DisclosedFact
from filiform.clinic.intake.views.disclose import to_disclosure
from filiform.clinic.intake.vocabulary import SECTION_OF
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.files import files_of
from filiform.clinic.patients.forms import WhyForm
from filiform.clinic.patients.models import Patient


@require_http_methods(["GET", "POST"])
@patient_page("record-disclosure", saw_what="disclosed-fact")
def amend(request: StaffRequest, patient: Patient, fact_id: UUID) -> HttpResponse:
    fact = _fact(patient, fact_id)
    # So one asks whether a later version is there: the relation's other end raises where none is.
    if hasattr(fact, "replaced_by"):
        return _changed_meanwhile(request, patient)
    form = AmendForm(fact, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.amend_fact(
                by=request.user, fact=fact, why=form.cleaned_data["why"], **form.changes()
            )
        except actions.ChangedMeanwhile:
            return _changed_meanwhile(request, patient)
        messages.success(request, _("Change recorded; the previous version is kept."))
        return to_disclosure(request, patient, _place(fact))
    return _page(request, patient, fact, form, status=422 if form.is_bound else 200)


@require_POST
@patient_page("record-disclosure")
def void(request: StaffRequest, patient: Patient, fact_id: UUID) -> HttpResponse:
    fact = _fact(patient, fact_id)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, patient, fact, AmendForm(fact), void_form=form, status=422)
    try:
        actions.void_fact(by=request.user, fact=fact, why=form.cleaned_data["why"])
    except actions.ChangedMeanwhile:
        return _changed_meanwhile(request, patient)
    messages.success(request, _("“%(text)s” is voided.") % {"text": fact.text})
    return to_disclosure(request, patient, _place(fact))


def _page(
    request: StaffRequest,
    patient: Patient,
    fact: DisclosedFact,
    form: AmendForm,
    *,
    void_form: WhyForm | None = None,
    status: int,
) -> HttpResponse:
    context = {
        "patient": patient,
        "fact": fact,
        "form": form,
        "void_form": void_form or WhyForm(auto_id="void_%s"),
        "history": queries.history(fact),
    }
    return render(request, "intake/amend.html", context, status=status)


def _fact(patient: Patient, fact_id: UUID) -> DisclosedFact:
    fact = (
        # What a closed file says is corrected from the one that is gone on with, in its place.
        DisclosedFact.objects.filter(pk=fact_id, patient__in=files_of(patient), is_void=False)
        .select_related("recorded_by", "replaced_by")
        .first()
    )
    if fact is None:
        raise Http404
    return fact


def _changed_meanwhile(request: StaffRequest, patient: Patient) -> HttpResponse:
    messages.warning(
        request, _("Nothing was changed: somebody amended this meanwhile. Look at it again.")
    )
    return redirect("intake:disclosure", patient_id=patient.pk)


def _place(fact: DisclosedFact) -> str:
    return SECTION_OF[fact.kind].id if fact.kind in SECTION_OF else "values"
