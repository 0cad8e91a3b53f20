"""Add a fact; note that a section was asked about."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake import actions, queries
from filiform.clinic.intake.forms import FactForm
from filiform.clinic.intake.views.disclosure import disclosure_page, section_or_404, visit_in
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.forms import WhyForm
from filiform.clinic.patients.models import Patient


@require_POST
@patient_page("record-disclosure")
def disclose(request: StaffRequest, patient: Patient, section: str) -> HttpResponse:
    form = FactForm(section_or_404(section), request.POST)
    if not form.is_valid():
        return disclosure_page(request, patient, form=form, status=422)
    fact = actions.disclose(
        by=request.user, patient=patient, fact_id=form.cleaned_data["fact_id"], **form.values()
    )
    messages.success(request, _("“%(text)s” is recorded.") % {"text": fact.text})
    return to_disclosure(request, patient, section)


@require_POST
@patient_page("record-disclosure")
def section_asked(request: StaffRequest, patient: Patient, section: str) -> HttpResponse:
    """ "That is all" for a list with something in it, "nothing" for an empty one."""
    asked = section_or_404(section)
    listed = (row for row in queries.rows(patient) if row.kind in asked.kinds)
    if any(not row.none_known for row in listed):
        actions.all_told(by=request.user, patient=patient, section=asked)
    else:
        try:
            actions.disclose(by=request.user, patient=patient, kind=asked.kind, none_known=True)
        except actions.Contradiction:
            messages.warning(request, _("Somebody amended the disclosure meanwhile. Look again."))
    return to_disclosure(request, patient, section)


@require_POST
@patient_page("record-disclosure")
def section_not_asked(request: StaffRequest, patient: Patient, section: str) -> HttpResponse:
    asked = section_or_404(section)
    form = WhyForm(request.POST)
    if form.is_valid():
        actions.not_asked_after_all(
            by=request.user, patient=patient, section=asked, why=form.cleaned_data["why"]
        )
    else:
        messages.error(request, _("Nothing was voided: say why, in a few words."))
    return to_disclosure(request, patient, section)


def to_disclosure(request: StaffRequest, patient: Patient, place: str) -> HttpResponse:
    """Back to where the finger was on the page."""
    visit = visit_in(request, patient)
    address = reverse("intake:disclosure", args=[patient.pk])
    return HttpResponseRedirect(f"{address}{f'?visit={visit.pk}' if visit else ''}#{place}")
