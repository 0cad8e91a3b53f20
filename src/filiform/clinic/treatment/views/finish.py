"""After the last needle: count, response, signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.treatment import actions
from filiform.clinic.treatment.forms import AccountForm, CountForm, ResponseForm
from filiform.clinic.treatment.models import Act, Treatment
from filiform.clinic.treatment.views.treat import show_treatment_page, treatment_or_404
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.reasons import Reason


@require_POST
@visit_page("record-clinical")
def count(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Needles opened, unused, in the bin. A mismatch leads into the search for a stray needle."""
    treatment = treatment_or_404(visit)
    accounting = "account" in request.POST
    form: Any = (
        AccountForm(request.POST, request=request) if accounting else CountForm(request.POST)
    )
    name = "account_form" if accounting else "count_form"
    if not form.is_valid():
        return show_treatment_page(request, visit, status=422, **{name: form})
    details = form.as_details() if accounting else dict(form.cleaned_data)
    answer = _record(request, treatment, "count", form.cleaned_data["act_id"], details)
    if isinstance(answer, tuple):
        return show_treatment_page(request, visit, status=422, refused=answer, **{name: form})
    if answer.details["matches"]:
        messages.success(request, _("The count adds up."))
    return redirect("treatment:treat", visit.pk)


@require_POST
@visit_page("record-clinical")
def response(request: StaffRequest, visit: Visit) -> HttpResponse:
    treatment = treatment_or_404(visit)
    form = ResponseForm(request.POST)
    if not form.is_valid():
        return show_treatment_page(request, visit, status=422, response_form=form)
    answer = _record(request, treatment, "response", form.cleaned_data["act_id"], form.as_details())
    if isinstance(answer, tuple):
        return show_treatment_page(request, visit, status=422, refused=answer, response_form=form)
    return redirect("treatment:treat", visit.pk)


def _record(
    request: StaffRequest, treatment: Treatment, kind: str, act_id: UUID, details: dict[str, Any]
) -> Act | tuple[Reason, ...]:
    return actions.record_act(
        by=request.user,
        treatment=treatment,
        act_id=act_id,
        kind=kind,
        at=timezone.now(),
        details=details,
    )
