"""After the last needle: count, response, signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.treatment import actions, queries
from filiform.clinic.treatment.count_forms import AccountForm, CountForm
from filiform.clinic.treatment.forms import ResponseForm
from filiform.clinic.treatment.models import Act, Treatment
from filiform.clinic.treatment.views.treat import (
    asked_by_script,
    refusal,
    show_treatment_page,
    treatment_or_404,
    unusable,
)
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.reasons import Reason


@require_POST
@visit_page("record-clinical")
def count(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Needles opened, unused, in the bin. A mismatch leads into the search for a stray needle."""
    treatment = treatment_or_404(visit)
    by_script = asked_by_script(request)
    form = CountForm(request.POST)
    if not form.is_valid():
        if by_script:
            return refusal(unusable(form))
        return show_treatment_page(request, visit, status=422, count_form=form)
    # A plain form has no waiting queue; its moment is now, whatever it may claim.
    moments = form.moments() if by_script else {}
    answer = _record(
        request, treatment, "count", form.cleaned_data["act_id"], form.as_details(), **moments
    )
    if by_script:
        if isinstance(answer, tuple):
            return refusal(answer)
        return JsonResponse({"stored": str(answer.pk)})
    if isinstance(answer, tuple):
        return show_treatment_page(request, visit, status=422, refused=answer, count_form=form)
    if answer.details["matches"]:
        messages.success(request, _("The count adds up."))
    return redirect("treatment:treat", visit.pk)


@sensitive_post_parameters()
@require_POST
@visit_page("record-clinical")
def account(request: StaffRequest, visit: Visit) -> HttpResponse:
    """What was done about a count that did not add up; two people, each with their own PIN."""
    treatment = treatment_or_404(visit)
    last = queries.course(treatment).last_made
    form = AccountForm(request.POST, request=request, adds_up=last is not None and last.adds_up)
    if not form.is_valid():
        return show_treatment_page(request, visit, status=422, account_form=form)
    details = form.as_details()
    # A PIN is proved only now, and a wrong one speaks through the form.
    if form.errors:
        return show_treatment_page(request, visit, status=422, account_form=form)
    answer = _record(request, treatment, "account", form.cleaned_data["act_id"], details)
    if isinstance(answer, tuple):
        return show_treatment_page(request, visit, status=422, refused=answer, account_form=form)
    messages.success(request, _("The account is in the record, confirmed by two."))
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
    request: StaffRequest,
    treatment: Treatment,
    kind: str,
    act_id: UUID,
    details: dict[str, Any],
    **moments: Any,
) -> Act | tuple[Reason, ...]:
    return actions.record_act(
        by=request.user,
        treatment=treatment,
        act_id=act_id,
        kind=kind,
        details=details,
        **({"at": timezone.now()} | moments),
    )
