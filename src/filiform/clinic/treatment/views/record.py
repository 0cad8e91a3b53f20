"""The record of a treatment to read and to print, with its amendments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.record.guards import StaffRequest, visit_page
from filiform.clinic.record.reading import one_reading
from filiform.clinic.treatment import actions
from filiform.clinic.treatment.couch import couch_of
from filiform.clinic.treatment.forms import AmendmentForm
from filiform.clinic.treatment.models import Amendment
from filiform.clinic.treatment.views.treat import treatment_or_404
from filiform.clinic.treatment.vocabulary import FEELS
from filiform.clinic.visits.models import Visit
from filiform.reasons import say


@require_safe
@visit_page("see-clinical", saw_what="treatment-record")
def record(request: StaffRequest, visit: Visit) -> HttpResponse:
    return _page(request, visit, form=AmendmentForm())


@require_POST
@visit_page("record-clinical")
def amend(request: StaffRequest, visit: Visit) -> HttpResponse:
    treatment = treatment_or_404(visit)
    form = AmendmentForm(request.POST)
    if form.is_valid():
        answer = actions.amend(by=request.user, treatment=treatment, **form.cleaned_data)
        if not isinstance(answer, tuple):
            messages.success(request, _("Added beside the signed record."))
            return redirect("treatment:record", visit.pk)
        for reason in answer:
            form.add_error("text", say(reason, get_language() or "en"))
    return _page(request, visit, form=form, status=422)


def _page(
    request: StaffRequest, visit: Visit, *, form: AmendmentForm, status: int = 200
) -> HttpResponse:
    from filiform.clinic.assessment.queries import verdict
    from filiform.clinic.consent.queries import last_consent

    treatment = treatment_or_404(visit)
    with one_reading():
        couch = couch_of(visit, treatment, by=request.user, on=timezone.localdate())
        response = couch.course.response
        context: dict[str, Any] = {
            "visit": visit,
            "patient": visit.patient,
            "treatment": treatment,
            "seal": getattr(treatment, "seal", None),
            "couch": couch,
            "lines": list(reversed(couch.lines)),
            "consent": last_consent(visit),
            "verdict": verdict(visit),
            "response": response,
            "feels": dict(FEELS).get(response.details["feels"], "") if response else "",
            "amendments": Amendment.objects.filter(treatment=treatment)
            .select_related("recorded_by")
            .order_by("recorded_at"),
            "form": form,
        }
        return render(request, "treatment/record.html", context, status=status)
