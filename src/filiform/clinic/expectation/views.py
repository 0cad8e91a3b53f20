"""What to expect: for the practitioner with what was measured, for the patient on paper, and
doses side by side."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.expectation import gathering
from filiform.clinic.expectation.comparing import variants
from filiform.clinic.expectation.forecast import forecast
from filiform.clinic.expectation.forms import NeedlingDoseForm, initial_of
from filiform.clinic.expectation.soreness import sore_course
from filiform.clinic.expectation.telling import parts
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page
from filiform.mechanism import EngineMissing, release
from filiform.words import LANGUAGES


@visit_page("see-clinical", saw_what="expectation", kept=True)
@require_safe
def expected(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """The band of this visit with the measured values over it."""
    context = _context(visit)
    step = "progress" if context["given"].done else "plan"
    return step_page(request, "expectation/expected", visit=visit, step=step, context=context)


@visit_page("see-clinical", saw_what="expectation-sheet")
@require_safe
def sheet(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """?language=en or ur; otherwise the patient's. For reading together, and for paper."""
    wanted = request.GET.get("language", "")
    # The sheet is the patient's, so it isn't in the language of who prints it.
    spoken = next((one for one in (wanted, visit.patient.language) if one in LANGUAGES), "en")
    with translation.override(spoken):
        return render(
            request,
            "expectation/sheet.html",
            {
                **_context(visit),
                "visit": visit,
                "patient": visit.patient,
                "site": visit.site,
                "languages": LANGUAGES,
                "language": spoken,
            },
        )


def _context(visit: Visit) -> dict[str, Any]:
    """The forecast of a visit in parts; without the engine only that it is missing."""
    given = gathering.dose_of(visit)
    measured = gathering.measured_of(visit, given.treated_at)
    context: dict[str, Any] = {"given": given, "measured": measured, "release": release()}
    try:
        found = forecast(given.dose, gathering.traits_of(visit), measured)
    except EngineMissing:
        return {**context, "missing": True}
    worth = round(found.worth)
    traits = gathering.traits_of(visit)
    return {
        **context,
        "sore": sore_course(found, given.dose, traits, measured) if given.done else None,
        "forecast": found,
        "worth": worth,
        "parts": parts(found, given.dose, measured),
    }


@visit_page("see-clinical", saw_what="doses")
@require_http_methods(["GET", "HEAD", "POST"])
def doses(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """Doses side by side. Sent by POST so that nothing of it stands in an address; not kept."""
    planned = gathering.dose_of(visit).dose
    initial = initial_of(planned)
    form = NeedlingDoseForm(request.POST or None, initial=initial)
    if form.is_bound and not form.is_valid():
        return _doses_page(request, visit, {"form": form}, status=422)
    # As the form is filled in at first, so that page and form say the same.
    chosen, level = msgspec.structs.replace(planned, sessions=3), ""
    if form.is_bound:
        chosen, level = form.dose(), form.cleaned_data["central"]
    traits = gathering.traits_of(visit)
    if level in ("low", "middle", "high"):
        traits = msgspec.structs.replace(traits, central=level)
    try:
        shown = variants(chosen, planned, traits)
    except EngineMissing:
        return _doses_page(request, visit, {"form": form, "missing": True})
    return _doses_page(request, visit, {"form": form, "variants": shown, "release": release()})


def _doses_page(
    request: StaffRequest, visit: Visit, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    if request.headers.get("HX-Request"):
        response = render(request, "expectation/_doses.html", context, status=status)
        patch_vary_headers(response, ["HX-Request"])
        return response
    return step_page(
        request, "expectation/doses", visit=visit, step="plan", context=context, status=status
    )
