"""The record of a treatment to read and to print, with its amendments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.anatomy.surface.flat import best_view
from filiform.anatomy.surface.picture import Pin
from filiform.anatomy.surface.spots import read_spot
from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment.safety import verdict
from filiform.clinic.assessment.vocabulary import CONSEQUENCES
from filiform.clinic.body.pictures import NamedPicture, pictures
from filiform.clinic.body.places import place_of
from filiform.clinic.consent.queries import last_consent
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.treatment import actions
from filiform.clinic.treatment.before import before_of, told
from filiform.clinic.treatment.course import InsertedNeedle
from filiform.clinic.treatment.forms import AmendmentForm
from filiform.clinic.treatment.models import Amendment
from filiform.clinic.treatment.page import TreatmentPage, treatment_page_of
from filiform.clinic.treatment.views.treat import asked_by_script, refusal, treatment_or_404
from filiform.clinic.treatment.vocabulary import FEELS, KINDS, MEASURE_WORDS
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.reasons import say


def _on_body(page: TreatmentPage) -> list[NamedPicture]:
    """Planned sites as crosses, marked places as dots, in the views that show them best."""
    pins, views = [], []
    for card in page.cards:
        planned = place_of(card.target)
        if planned is not None and any(n.act.target_id == card.target.pk for n in _needles(page)):
            pins.append(Pin(planned, "planned", f"{card.name}: {_('Planned')}"))
            views.append(best_view(planned))
    for needle in _needles(page):
        if needle.place:
            spot = read_spot(needle.place)
            pins.append(Pin(spot, "needle", _("Marked")))
            views.append(best_view(spot))
    return pictures(views=dict.fromkeys(views), pins=pins, prefix="record", spoken=True)


def _needles(page: TreatmentPage) -> Iterable[InsertedNeedle]:
    return page.course.needles.values()


@require_safe
@visit_page("see-clinical", saw_what="treatment-record", kept=True)
def record(request: StaffRequest, visit: Visit) -> HttpResponse:
    return _page(request, visit, form=AmendmentForm())


@require_POST
@visit_page("record-clinical")
def amend(request: StaffRequest, visit: Visit) -> HttpResponse:
    treatment = treatment_or_404(visit)
    form = AmendmentForm(request.POST)
    if form.is_valid():
        answer = actions.amend(by=request.user, treatment=treatment, **form.cleaned_data)
        if asked_by_script(request):
            if isinstance(answer, tuple):
                return refusal(answer)
            return JsonResponse({"stored": str(answer.pk)})
        if not isinstance(answer, tuple):
            messages.success(request, _("Added to the signed record as an amendment."))
            return redirect("treatment:record", visit.pk)
        for reason in answer:
            form.add_error("text", say(reason, get_language() or "en"))
    return _page(request, visit, form=form, status=422)


def _page(
    request: StaffRequest, visit: Visit, *, form: AmendmentForm, status: int = 200
) -> HttpResponse:
    treatment = treatment_or_404(visit)
    with one_reading():
        page = treatment_page_of(visit, treatment, by=request.user, on=timezone.localdate())
        response = page.course.response
        context: dict[str, Any] = {
            "visit": visit,
            "patient": visit.patient,
            "treatment": treatment,
            "seal": getattr(treatment, "seal", None),
            "page": page,
            "on_body": _on_body(page),
            "before": (before := before_of(visit)),
            "before_told": told(before) if before else [],
            "lines": list(reversed(page.lines)),
            "consent": last_consent(visit),
            "verdict": verdict(visit),
            "consequences": CONSEQUENCES,
            "response": response,
            "kind_words": KINDS,
            "measure_words": MEASURE_WORDS,
            "feels": dict(FEELS).get(response.details["feels"], "") if response else "",
            "amendments": Amendment.objects.filter(treatment=treatment)
            .select_related("recorded_by")
            .order_by("recorded_at"),
            "form": form,
        }
        return render(request, "treatment/record.html", context, status=status)
